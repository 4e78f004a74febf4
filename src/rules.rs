//! The tables of `rules/`: embedded, replaceable file by file, checked on loading.

use std::{borrow::Cow, fs, path::Path};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::{
    compare::{Pass, Score},
    error::{Error, Result},
    read::Batch,
};

/// A rule file: its name in `rules/` and the text that the program carries.
#[derive(Debug, Clone, Copy)]
pub struct RuleFile {
    /// The name, relative to the folder of rules.
    pub name: &'static str,
    /// The text compiled in.
    pub embedded: &'static str,
}

/// Names a file of `rules/` and embeds its text.
#[macro_export]
macro_rules! rule_file {
    ($name:literal) => {
        $crate::rules::RuleFile {
            name: $name,
            embedded: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $name)),
        }
    };
}

impl RuleFile {
    /// The text to use: `dir/name` when that file exists, else the embedded text.
    ///
    /// # Errors
    ///
    /// When the file in `dir` cannot be read.
    pub fn text(&self, dir: Option<&Path>) -> Result<Cow<'static, str>> {
        match dir.map(|dir| dir.join(self.name)).filter(|path| path.exists()) {
            None => Ok(Cow::Borrowed(self.embedded)),
            Some(path) => fs::read_to_string(&path).map(Cow::Owned).map_err(Error::io(path)),
        }
    }

    /// The rows of a CSV table; comment lines and the header are passed over.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or a row has not as many cells as the header.
    pub fn rows(&self, dir: Option<&Path>) -> Result<Batch> {
        let text = self.text(dir)?;
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let (mut rows, mut record) = (Batch::new(self.name.into()), csv::StringRecord::new());
        while reader.read_record(&mut record).map_err(|error| self.error(0, error.to_string()))? {
            rows.push(record.position().map_or(0, csv::Position::line), &record);
        }
        Ok(rows)
    }

    /// The lines of a list; comment lines and blank lines are passed over.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn lines(&self, dir: Option<&Path>) -> Result<Vec<String>> {
        let text = self.text(dir)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(lines.filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
    }

    /// A TOML table.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or does not have the shape of `T`.
    pub fn toml<T: serde::de::DeserializeOwned>(&self, dir: Option<&Path>) -> Result<T> {
        let text = self.text(dir)?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or("", |span| &text[..span.start]);
            self.error(before.lines().count().max(1) as u64, error.message().to_owned())
        })
    }

    /// An [`Error::Rule`] in this file.
    pub fn error(&self, line: u64, found: impl Into<String>) -> Error {
        Error::Rule { file: format!("rules/{}", self.name), line, found: found.into() }
    }
}

/// Declares the files of `rules/` with their texts, so that the two cannot fall apart.
macro_rules! files {
    ($($name:literal,)*) => {
        /// The files of `rules/` that a folder of the user's own may replace.
        const FILES: &[&str] = &[$($name,)*];
        /// Their texts that come with the program.
        const TEXTS: &[&str] = &[$(include_str!(concat!("../rules/", $name)),)*];
    };
}

files! {
    "README.md",
    "abbreviations.csv",
    "aliases.csv",
    "attributes.csv",
    "calling_codes.csv",
    "campaigns.toml",
    "cities.csv",
    "clusters.toml",
    "columns/README.md",
    "columns/account.csv",
    "columns/consent.csv",
    "columns/consent_stems.csv",
    "columns/contact.csv",
    "columns/dialects.csv",
    "columns/id_prefixes.csv",
    "columns/kinds.csv",
    "columns/negations.csv",
    "columns/objects.csv",
    "columns/prefixes.csv",
    "columns/report.csv",
    "columns/words.csv",
    "common_words.csv",
    "conjunctions.csv",
    "countries.csv",
    "disposable.txt",
    "free_mail.txt",
    "kana_letters.csv",
    "kanji_variants.csv",
    "kanji_words.csv",
    "legal_forms.csv",
    "matching.toml",
    "name_notes.csv",
    "role_addresses.txt",
    "roles.toml",
    "shared_hosts.txt",
    "states.csv",
    "survivorship.toml",
    "vendor_domains.txt",
    "weak_words.csv",
}

/// Every table in force: its name, its text, and whether a folder of the user's own replaces it.
///
/// # Errors
///
/// When a table of the folder cannot be read.
pub fn in_force(dir: Option<&Path>) -> Result<Vec<(&'static str, Cow<'static, str>, bool)>> {
    let tables = FILES.iter().zip(TEXTS).filter(|(name, _)| !name.ends_with(".md"));
    let text = |(&name, &embedded): (&&'static str, &&'static str)| {
        let replaced = dir.is_some_and(|dir| dir.join(name).exists());
        Ok((name, RuleFile { name, embedded }.text(dir)?, replaced))
    };
    tables.map(text).collect()
}

/// Refuses a folder of rules that is not there, or that holds a file of another name: a typo in a
/// name must not leave the built-in table in force unnoticed.
///
/// # Errors
///
/// When the folder cannot be read, or holds an unknown file.
pub fn check_folder(dir: &Path) -> Result<()> {
    for name in names(dir, "")? {
        if !FILES.contains(&name.as_str()) {
            return Err(Error::Unusable {
                file: dir.join(&name).display().to_string(),
                found: "is no rule table".into(),
                todo: format!("name it as the table that it replaces: {}", FILES.join(", ")),
            });
        }
    }
    Ok(())
}

/// The files of a folder of rules and of its `columns`, sorted; hidden files are passed over.
fn names(dir: &Path, under: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir.join(under)).map_err(Error::io(dir))? {
        let entry = entry.map_err(Error::io(dir))?;
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if name == "columns" && entry.path().is_dir() {
            found.extend(names(dir, "columns/")?);
        } else if !name.starts_with('.') {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Characters that are written in several ways: old or variant kanji, small kana.
#[derive(Debug, Clone, Default)]
pub struct CharacterVariants(FxHashMap<char, char>);

impl CharacterVariants {
    /// The table of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the table cannot be read or a cell holds more than one character.
    pub fn load(dir: Option<&Path>) -> Result<CharacterVariants> {
        let file = rule_file!("kanji_variants.csv");
        let mut variants = FxHashMap::default();
        for row in file.rows(dir)?.rows() {
            let single = |cell: &str| {
                let mut characters = cell.chars();
                characters.next().filter(|_| characters.next().is_none())
            };
            let (Some(variant), Some(usual)) = (single(row.raw(0)), single(row.raw(1))) else {
                return Err(file.error(row.line, "each cell holds one character"));
            };
            variants.insert(variant, usual);
        }
        Ok(CharacterVariants(variants))
    }

    /// The usual form of a character.
    pub fn usual(&self, c: char) -> char {
        self.0.get(&c).copied().unwrap_or(c)
    }
}

/// The parameters of matching, `matching.toml`. Weights are bits (log2 odds), scores are 0 to 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// What each feature of a pair weighs.
    pub weights: Weights,
    /// How the sum becomes a score.
    pub score: ScoreScale,
    /// From which score what happens.
    pub limits: Limits,
}

/// What each feature of a pair weighs, in bits per unit of the feature; negative is against.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each weight is named and documented as its feature in compare")]
pub struct Weights {
    pub matched: f64,
    /// The most that words which both names have can speak for a pair.
    pub most: f64,
    /// The most that names can speak against a pair; negative.
    pub least: f64,
    pub typos: f64,
    pub extra_plain: f64,
    pub extra_weak: f64,
    pub instead: f64,
    pub complete: f64,
    pub beginning: f64,
    pub weak_rest: f64,
    pub acronym: f64,
    pub numerals_differ: f64,
    pub numerals_missing: f64,
    pub forms_differ: f64,
    pub form_moved: f64,
    pub domain_agrees: f64,
    pub domain_shared: f64,
    pub domain_differs: f64,
    pub domain_similar: f64,
    pub domain_near: f64,
    pub label_in_name: f64,
    pub postal_agrees: f64,
    pub postal_differs: f64,
    pub city_agrees: f64,
    pub city_differs: f64,
    pub state_agrees: f64,
    pub state_differs: f64,
    pub country_differs: f64,
    pub place_moved: f64,
    pub id_agrees: f64,
    pub id_shared: f64,
    pub names_only: f64,
}

/// How the sum of weights becomes a score: `1 / (1 + exp(-(prior + sum) / scale))`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreScale {
    /// The weight of a pair of which nothing is known.
    pub prior: f64,
    /// Bits per unit of the logistic curve.
    pub scale: f64,
}

/// From which score what happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// A pair of the domain pass is accepted from here.
    pub accept_domain: f64,
    /// A pair of the name pass is accepted from here.
    pub accept_name: f64,
    /// A pair of the name pass whose places agree is accepted from here.
    pub accept_place: f64,
    /// A pair of the ID pass is accepted from here.
    pub accept_id: f64,
    /// A pair is shown for review from here.
    pub review: f64,
    /// A pair is remembered from here, so that runners-up are known.
    pub keep: f64,
    /// A later pass's pair is a conflict when its score is better by more than this.
    pub conflict_margin: f64,
    /// Two candidates whose weights are nearer than this, in bits, are equally good.
    pub tie_margin: f64,
    /// How much of a lead over the next best, on either side of a pair, counts for it: 0 to 1.
    pub lead: f64,
    /// The most bits of a lead that are looked at.
    pub lead_most: f64,
    /// Bits that are asked for in addition with each doubling of the customers beyond 10,000.
    pub crowd: f64,
    /// How much heavier, in bits, a pair must be than the pair of the same account with another
    /// customer.
    pub rival_margin: f64,
    /// Bits of shared words from which they support a pair by themselves.
    pub rare_word: f64,
}

impl Limits {
    /// The score from which a pair is remembered.
    pub fn keep(&self) -> Score {
        Score::new((self.keep * 10_000.0).round() as u16)
    }

    /// The score from which a pair is shown for review.
    pub fn review(&self) -> Score {
        Score::new((self.review * 10_000.0).round() as u16)
    }

    /// The score from which a pair of a pass is accepted that is ahead of nothing.
    pub fn accept(&self, pass: Pass) -> Score {
        Score::new((self.of(pass) * 10_000.0).round() as u16)
    }

    /// The score from which the name pass accepts a pair whose places confirm the name.
    pub fn accept_confirmed(&self) -> Score {
        Score::new((self.accept_place * 10_000.0).round() as u16)
    }

    fn of(&self, pass: Pass) -> f64 {
        match pass {
            Pass::Domain => self.accept_domain,
            Pass::Name => self.accept_name,
            Pass::Id => self.accept_id,
        }
    }
}

impl Matching {
    /// The match weight, in bits, of a pair that is just worth remembering.
    pub fn keep_weight(&self) -> f64 {
        self.weight(self.limits.keep)
    }

    /// The match weight, in bits, that a limit asks of a pair that is ahead of nothing, beside so
    /// many customers: the more there are, the more namesakes an account meets by chance.
    pub fn accept_weight(&self, limit: f64, customers: usize) -> f64 {
        let crowd = (customers as f64 / 10_000.0).log2().max(0.0);
        self.weight(limit) + self.limits.crowd * crowd
    }

    /// The score of 0 to 1 of a match weight in bits.
    pub fn similarity(&self, weight: f64) -> f64 {
        1.0 / (1.0 + (-weight / self.score.scale).exp())
    }

    /// The match weight, in bits, behind a score of 0 to 1.
    fn weight(&self, score: f64) -> f64 {
        self.score.scale * (score / (1.0 - score)).ln()
    }

    /// The parameters of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not complete.
    pub fn load(dir: Option<&Path>) -> Result<Matching> {
        rule_file!("matching.toml").toml(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_asked_for_with_each_doubling_of_the_customers_beyond_ten_thousand() {
        let rules = Matching::load(None).unwrap();
        let asked = |customers| rules.accept_weight(rules.limits.accept_name, customers);
        assert_eq!(asked(10), asked(10_000));
        for (customers, doublings) in [(20_000, 1.0), (80_000, 3.0)] {
            let more = asked(customers) - asked(10_000);
            assert!((more - doublings * rules.limits.crowd).abs() < 1e-9, "{customers}: {more}");
        }
        assert!(rules.limits.crowd > 0.0);
    }

    #[test]
    fn each_table_of_the_repository_can_be_replaced() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        assert_eq!(names(&folder, "").unwrap(), FILES);
        check_folder(&folder).unwrap();
    }
}
