//! The tables of `rules/`: embedded, replaceable file by file, checked on loading.

use std::{borrow::Cow, fs, path::Path};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::{
    compare::{Pass, Score},
    error::{Error, Result},
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

    /// The rows of a CSV table: line and cells; comment lines and the header are passed over.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or a row has not as many cells as the header.
    pub fn rows(&self, dir: Option<&Path>) -> Result<Vec<(u64, csv::StringRecord)>> {
        let text = self.text(dir)?;
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let rows = reader.records().map(|record| {
            let record = record.map_err(|error| self.error(0, error.to_string()))?;
            Ok((record.position().map_or(0, csv::Position::line), record))
        });
        rows.collect()
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
        for (line, row) in file.rows(dir)? {
            let single = |cell: &str| {
                let mut characters = cell.chars();
                characters.next().filter(|_| characters.next().is_none())
            };
            let (Some(variant), Some(usual)) = (single(&row[0]), single(&row[1])) else {
                return Err(file.error(line, "each cell holds one character"));
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
    /// What names weigh.
    pub name: NameWeights,
    /// What domains weigh.
    pub domain: DomainWeights,
    /// What places weigh.
    pub place: PlaceWeights,
    /// What ids weigh.
    pub id: IdWeights,
    /// How the sum becomes a score.
    pub score: ScoreScale,
    /// From which score what happens.
    pub limits: Limits,
}

/// What names weigh.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameWeights {
    /// For each bit of a word that both names have.
    pub matched: f64,
    /// The most that names can speak for a pair.
    pub most: f64,
    /// Against, for each bit of an identifying word that only the left has.
    pub left_plain: f64,
    /// Against, for each bit of a weak word that only the left has.
    pub left_weak: f64,
    /// Against, for each bit of an identifying word that only the right has.
    pub right_plain: f64,
    /// Against, for each bit of a weak word that only the right has.
    pub right_weak: f64,
    /// Against, for each bit of a word in brackets that only one has.
    pub optional: f64,
    /// Against, when the numbers in the names differ.
    pub numerals_differ: f64,
    /// Against, when the legal forms differ.
    pub form_differs: f64,
    /// Against, when the legal form stands in front in one name and behind in the other.
    pub form_moved: f64,
}

/// What domains weigh.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainWeights {
    /// For, when registrable domains are equal; less log2 of the customers that share it.
    pub agrees: f64,
    /// Against, when both have own domains and none is equal.
    pub differs: f64,
    /// For, when the domain's label is the same under another suffix, or is the other's name.
    pub label_in_name: f64,
}

/// What places weigh.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWeights {
    /// For, when postal code or city agree.
    pub agrees: f64,
    /// For, when only the country agrees, or the rest is similar.
    pub similar: f64,
    /// Against, when they differ.
    pub differs: f64,
}

/// What ids weigh.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdWeights {
    /// For, when an id or the D-U-N-S number agrees.
    pub agrees: f64,
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
    /// A pair of the ID pass is accepted from here.
    pub accept_id: f64,
    /// A pair is shown for review from here.
    pub review: f64,
    /// A later pass's pair is a conflict when its score is better by more than this.
    pub conflict_margin: f64,
    /// Two candidates whose weights are nearer than this, in bits, are equally good.
    pub tie_margin: f64,
    /// How much heavier, in bits, a pair must be than the pair of the same account with another
    /// customer.
    pub rival_margin: f64,
    /// A domain that is unique on both sides links unlike names with further support from here.
    pub unique_domain: f64,
}

impl Limits {
    /// The score from which a pair is shown for review.
    pub fn review(&self) -> Score {
        Score::new((self.review * 10_000.0).round() as u16)
    }

    /// The score from which a unique equal domain with further support links unlike names.
    pub fn unique_domain(&self) -> Score {
        Score::new((self.unique_domain * 10_000.0).round() as u16)
    }

    /// The score from which a pair of a pass is accepted.
    pub fn accept(&self, pass: Pass) -> Score {
        let limit = match pass {
            Pass::Domain => self.accept_domain,
            Pass::Name => self.accept_name,
            Pass::Id => self.accept_id,
        };
        Score::new((limit * 10_000.0).round() as u16)
    }
}

impl Matching {
    /// The parameters of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not complete.
    pub fn load(dir: Option<&Path>) -> Result<Matching> {
        rule_file!("matching.toml").toml(dir)
    }
}
