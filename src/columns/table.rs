//! The tables of `rules/columns/`: which header stands for which field, and what distinguishes files.

use std::{path::Path, sync::Arc};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use unicode_normalization::UnicodeNormalization;

use super::{
    Field, Object, Words, fold_header,
    refusal::{Beginnings, Fronts, Refusals},
};
use crate::{
    columns::ReportKind,
    error::{Error, Result},
    rule_file,
    rules::RuleFile,
};

/// The tables by which columns are recognised.
#[derive(Debug)]
pub(crate) struct ColumnRules {
    /// Headers of reports.
    pub(crate) report: Aliases,
    /// Headers of accounts, with the consent columns.
    pub(crate) account: Aliases,
    /// Headers of contacts, with the consent columns.
    pub(crate) contact: Aliases,
    /// Headers of deals.
    pub(crate) deal: Aliases,
    /// Folded headers of records that belong to accounts, whole or as an end.
    pub(crate) record_signs: Vec<(String, SignPart)>,
    /// Which CRM wrote a file: the first signature that fits.
    pub(crate) dialects: Vec<(Dialect, Vec<String>)>,
    /// What a row of a file is: the first signature that fits.
    pub(crate) objects: Vec<(Object, Vec<String>)>,
    /// Objects by the first three letters of a Salesforce id.
    pub(crate) id_prefixes: Vec<(String, Object)>,
    /// Objects by the word that Pipedrive puts in front of its headers, folded.
    pub(crate) prefixes: Vec<(String, Object)>,
    /// Kinds of report: the first line that fits.
    pub(crate) kinds: Vec<KindRule>,
    /// Parts of folded headers that speak of consent, and how.
    pub(crate) consent_stems: Vec<(String, StemKind)>,
    /// Whole words of headers that speak of consent, and how.
    pub(crate) consent_words: Vec<(WordPart, WordKind)>,
    /// Folded words that turn a permission into a denial, in cells.
    pub(crate) negations: Vec<String>,
    /// Folded words of negation that may begin a header.
    pub(crate) negated_fronts: Vec<String>,
    /// Folded beginnings of words of contact (mail, newsletter, advertising).
    pub(crate) contact_words: Vec<String>,
    /// Words in cells: permissions, yes and no, states of a record.
    pub(crate) words: Arc<Words>,
}

/// How a part of a header speaks of consent; what says most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StemKind {
    /// A link, a rate or a count: whatever else the header holds.
    Harmless,
    /// What is filled in denies, unless it is a no.
    Denies,
    /// What is filled in says that the address does not work, unless it is a no.
    Bounces,
    /// What is filled in denies, where all values are answers, marks or days.
    Flag,
    /// It may say yes or no.
    Consents,
    /// It may speak of something else: it counts where all values are answers.
    Weak,
}

/// How words of a header speak of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordKind {
    /// As a stem of this kind does.
    Stem(StemKind),
    /// They speak of mail: answers below may be a consent.
    Mail,
    /// In the name of a file they speak of people who must not be written to.
    List,
    /// They speak of what became of mail, or of how many: answers below are none.
    Course,
    /// They say nothing of what a column holds.
    Opaque,
}

/// Words that stand side by side in a header.
#[derive(Debug)]
pub(crate) struct WordPart(String);

impl WordPart {
    /// The words as the table writes them: `…` stands for any end of the last one.
    fn new(words: &str) -> WordPart {
        let is_open = words.ends_with('…');
        let plain = spaced_words(words.trim_end_matches('…'));
        // a script without blanks has no words to part
        if plain.contains(is_unspaced) {
            return WordPart(plain.trim().to_owned());
        }
        WordPart(if is_open { plain.trim_end().to_owned() } else { plain })
    }

    /// The words of a header around these, where they stand in it.
    pub(crate) fn rest_of<'h>(&self, spaced: &'h str) -> Option<(&'h str, &'h str)> {
        spaced.split_once(self.0.as_str())
    }
}

/// Whether a letter is of a script that parts no words.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The folded words of a header, with a blank before and behind each: `isDNC` is two of them.
pub(crate) fn spaced_words(header: &str) -> String {
    let mut spaced = " ".to_owned();
    let mut after_small = false;
    for letter in header.nfkc() {
        let parts = !letter.is_alphanumeric() || (after_small && letter.is_uppercase());
        if parts && !spaced.ends_with(' ') {
            spaced.push(' ');
        }
        if letter.is_alphanumeric() {
            spaced.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    if !spaced.ends_with(' ') {
        spaced.push(' ');
    }
    spaced
}

/// How much of a header a sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignPart {
    /// All of it.
    Whole,
    /// Its end.
    End,
}

/// One way to tell a report's kind.
#[derive(Debug)]
pub(crate) struct KindRule {
    pub(crate) kind: ReportKind,
    /// Folded headers, any of which must be present; empty: not asked.
    pub(crate) headers: Vec<String>,
    /// A word that the folded file name must hold; empty: not asked.
    pub(crate) file: String,
}

/// The CRM in whose manner a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Dialect {
    /// No CRM in particular.
    #[default]
    Any,
    /// Salesforce with API names.
    Salesforce,
    /// A report of Salesforce, with labels.
    SalesforceReport,
    /// Dynamics with display names.
    Dynamics,
    /// Dynamics with logical names.
    DynamicsLogical,
    /// Consent records of Dynamics with display names.
    DynamicsConsent,
    /// HubSpot.
    HubSpot,
    /// Zoho.
    Zoho,
    /// Pipedrive, its object words already taken off the headers.
    Pipedrive,
    /// Odoo.
    Odoo,
    /// Close.
    Close,
    /// Dynamics 365 Business Central.
    BusinessCentral,
    /// Autotask.
    Autotask,
    /// ConnectWise.
    ConnectWise,
}

impl Dialect {
    /// The name of the CRM; empty for none in particular.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Dialect::Any => "",
            Dialect::Salesforce | Dialect::SalesforceReport => "Salesforce",
            Dialect::Dynamics | Dialect::DynamicsLogical | Dialect::DynamicsConsent => {
                "Dynamics 365"
            }
            Dialect::HubSpot => "HubSpot",
            Dialect::Zoho => "Zoho",
            Dialect::Pipedrive => "Pipedrive",
            Dialect::Odoo => "Odoo",
            Dialect::Close => "Close",
            Dialect::BusinessCentral => "Business Central",
            Dialect::Autotask => "Autotask",
            Dialect::ConnectWise => "ConnectWise",
        }
    }

    /// The dialect as the tables write it.
    fn from_word(word: &str) -> Option<Dialect> {
        Some(match word {
            "any" => Dialect::Any,
            "salesforce" => Dialect::Salesforce,
            "salesforce-report" => Dialect::SalesforceReport,
            "dynamics" => Dialect::Dynamics,
            "dynamics-logical" => Dialect::DynamicsLogical,
            "dynamics-consent" => Dialect::DynamicsConsent,
            "hubspot" => Dialect::HubSpot,
            "zoho" => Dialect::Zoho,
            "pipedrive" => Dialect::Pipedrive,
            "odoo" => Dialect::Odoo,
            "close" => Dialect::Close,
            "business-central" => Dialect::BusinessCentral,
            "autotask" => Dialect::Autotask,
            "connectwise" => Dialect::ConnectWise,
            _ => return None,
        })
    }
}

/// What a header stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alias {
    pub(crate) field: Field,
    /// 1 is the first choice where several headers of a field are present.
    pub(crate) rank: u8,
    dialect: Dialect,
}

/// Folded headers and what they stand for in files of one object.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    whole: FxHashMap<String, SmallVec<[Alias; 1]>>,
    /// Folded fronts of headers, written with `…` at the end.
    fronts: Vec<(String, Alias)>,
}

impl Aliases {
    /// What the folded header stands for in files of the dialect: a line of the dialect itself
    /// comes before a line of any dialect; lines of other dialects do not count.
    pub(crate) fn find(&self, folded: &str, dialect: Dialect) -> Option<Alias> {
        let lines = self.whole.get(folded).map_or(&[][..], |lines| lines.as_slice());
        let of = |wanted| lines.iter().copied().find(|alias: &Alias| alias.dialect == wanted);
        let front = || self.fronts.iter().find(|(front, _)| folded.starts_with(front.as_str()));
        of(dialect).or_else(|| of(Dialect::Any)).or_else(|| front().map(|(_, alias)| *alias))
    }

    fn read(&mut self, table: &Table) -> Result<()> {
        for (line, cells) in table.lines()? {
            let field = Field::from_word(&cells[1])
                .ok_or_else(|| table.fault(line, format!("{:?} is not a field", cells[1])))?;
            let rank = cells[2]
                .parse()
                .map_err(|_| table.fault(line, format!("{:?} is not a rank", cells[2])))?;
            let dialect = Dialect::from_word(&cells[3])
                .ok_or_else(|| table.fault(line, format!("{:?} is not a dialect", cells[3])))?;
            let alias = Alias { field, rank, dialect };
            match cells[0].strip_suffix('…') {
                Some(front) => self.fronts.push((fold_header(front), alias)),
                None => self.whole.entry(fold_header(&cells[0])).or_default().push(alias),
            }
        }
        Ok(())
    }
}

/// The text of one table.
pub(crate) struct Table<'t> {
    name: &'static str,
    text: &'t str,
    columns: usize,
}

impl Table<'_> {
    /// The cells of each line, with its number in the file.
    pub(super) fn lines(&self) -> Result<Vec<(u64, Vec<String>)>> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(self.text.as_bytes());
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                self.fault(line, error.to_string())
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() < self.columns {
                return Err(self.fault(line, format!("a line has {} cells", self.columns)));
            }
            lines.push((line, record.iter().map(str::to_owned).collect()));
        }
        Ok(lines)
    }

    pub(super) fn fault(&self, line: u64, found: String) -> Error {
        Error::Rule { file: self.name.into(), line, found }
    }
}

/// The files of `rules/columns/`, in the order of [`ColumnRules::load`].
pub(crate) const COLUMN_FILES: [RuleFile; 16] = [
    rule_file!("columns/report.csv"),
    rule_file!("columns/account.csv"),
    rule_file!("columns/contact.csv"),
    rule_file!("columns/consent.csv"),
    rule_file!("columns/dialects.csv"),
    rule_file!("columns/objects.csv"),
    rule_file!("columns/id_prefixes.csv"),
    rule_file!("columns/prefixes.csv"),
    rule_file!("columns/kinds.csv"),
    rule_file!("columns/consent_stems.csv"),
    rule_file!("columns/negations.csv"),
    rule_file!("columns/words.csv"),
    rule_file!("columns/contact_words.csv"),
    rule_file!("columns/deal.csv"),
    rule_file!("columns/record_signs.csv"),
    rule_file!("columns/consent_words.csv"),
];

impl ColumnRules {
    /// The words in cells and what they mean.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// The tables that come with the program.
    ///
    /// # Errors
    ///
    /// Fails when an embedded table cannot be understood: a test forbids that.
    #[cfg(test)]
    pub(crate) fn embedded() -> Result<ColumnRules> {
        ColumnRules::load(None)
    }

    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read, or on a line that cannot be understood.
    pub(crate) fn load(dir: Option<&Path>) -> Result<ColumnRules> {
        let texts =
            COLUMN_FILES.iter().map(|file| file.text(dir)).collect::<Result<Vec<String>>>()?;
        let table =
            |at: usize, columns| Table { name: COLUMN_FILES[at].name, text: &texts[at], columns };
        let mut aliases = [Aliases::default(), Aliases::default(), Aliases::default()];
        for (at, aliases) in aliases.iter_mut().enumerate() {
            aliases.read(&table(at, 4))?;
            if at > 0 {
                aliases.read(&table(3, 4))?;
            }
        }
        let [report, account, contact] = aliases;
        let mut deal = Aliases::default();
        deal.read(&table(13, 4))?;
        let negated = negations(&table(10, 2), &["pair", "both"])?;
        let contact_words = words_of(&table(12, 1))?;
        let mut words = Words::read(&table(11, 3))?;
        let of_use = |of| negations(&table(10, 2), &[of]).map(|words| Beginnings::of(&words));
        let verbs = negations(&table(10, 2), &["verb"])?;
        let leavings = negations(&table(10, 2), &["leaving"])?;
        let fronts = |words: [&[String]; 2]| {
            let mut fronts = Fronts::default();
            words.into_iter().flatten().for_each(|word| fronts.add(word));
            fronts
        };
        words.refusals = Refusals {
            verbs: Beginnings::of(&verbs),
            negations: Beginnings::of(&negated),
            openings: of_use("opening")?,
            contact: Beginnings::of(&contact_words),
            done: of_use("done")?,
            passives: of_use("passive")?,
            lacks: of_use("lack")?,
            leavings: Beginnings::of(&leavings),
            speaking: fronts([&contact_words, &leavings]),
            refusing: fronts([&verbs, &negated]),
            of_states: words.fronts_of_states(),
        };
        Ok(ColumnRules {
            report,
            account,
            contact,
            deal,
            record_signs: signs(&table(14, 2))?,
            dialects: dialects(&table(4, 2))?,
            objects: signatures(&table(5, 2))?,
            id_prefixes: objects_by(&table(6, 2), str::to_owned)?,
            prefixes: objects_by(&table(7, 2), fold_header)?,
            kinds: kinds(&table(8, 3))?,
            consent_stems: stems(&table(9, 2))?,
            consent_words: consent_words(&table(15, 2))?,
            negations: negated,
            negated_fronts: negations(&table(10, 2), &["front", "both"])?,
            words: Arc::new(words),
            contact_words,
        })
    }
}

/// Folded headers of a cell in which they are joined by `|`.
fn headers(cell: &str) -> Vec<String> {
    cell.split('|').map(fold_header).filter(|header| !header.is_empty()).collect()
}

fn dialects(table: &Table) -> Result<Vec<(Dialect, Vec<String>)>> {
    let read = |(line, cells): (u64, Vec<String>)| {
        let dialect = Dialect::from_word(&cells[0])
            .ok_or_else(|| table.fault(line, format!("{:?} is not a dialect", cells[0])))?;
        Ok((dialect, headers(&cells[1])))
    };
    table.lines()?.into_iter().map(read).collect()
}

fn signatures(table: &Table) -> Result<Vec<(Object, Vec<String>)>> {
    Ok(table
        .lines()?
        .into_iter()
        .map(|(_, cells)| (Object::from_word(&cells[0]), headers(&cells[1])))
        .collect())
}

fn objects_by(table: &Table, key: impl Fn(&str) -> String) -> Result<Vec<(String, Object)>> {
    Ok(table
        .lines()?
        .into_iter()
        .map(|(_, cells)| (key(&cells[0]), Object::from_word(&cells[1])))
        .collect())
}

fn words_of(table: &Table) -> Result<Vec<String>> {
    Ok(table.lines()?.into_iter().map(|(_, cells)| fold_header(&cells[0])).collect())
}

/// The words of negation of some uses.
fn negations(table: &Table, wanted: &[&str]) -> Result<Vec<String>> {
    let lines = table.lines()?.into_iter();
    let of_use = lines.filter(|(_, cells)| wanted.contains(&cells[1].as_str()));
    Ok(of_use.map(|(_, cells)| fold_header(&cells[0])).collect())
}

fn stems(table: &Table) -> Result<Vec<(String, StemKind)>> {
    let read = |(line, cells): (u64, Vec<String>)| {
        let kind = match cells[1].as_str() {
            "denies" => StemKind::Denies,
            "bounces" => StemKind::Bounces,
            "consents" => StemKind::Consents,
            "weak" => StemKind::Weak,
            "harmless" => StemKind::Harmless,
            other => return Err(table.fault(line, format!("{other:?} is not a kind of stem"))),
        };
        Ok((fold_header(&cells[0]), kind))
    };
    table.lines()?.into_iter().map(read).collect()
}

fn consent_words(table: &Table) -> Result<Vec<(WordPart, WordKind)>> {
    let read = |(line, cells): (u64, Vec<String>)| {
        let kind = match cells[1].as_str() {
            "flag" => WordKind::Stem(StemKind::Flag),
            "weak" => WordKind::Stem(StemKind::Weak),
            "mail" => WordKind::Mail,
            "course" => WordKind::Course,
            "list" => WordKind::List,
            "opaque" => WordKind::Opaque,
            other => return Err(table.fault(line, format!("{other:?} is not a kind of word"))),
        };
        Ok((WordPart::new(&cells[0]), kind))
    };
    table.lines()?.into_iter().map(read).collect()
}

fn signs(table: &Table) -> Result<Vec<(String, SignPart)>> {
    let read = |(line, cells): (u64, Vec<String>)| {
        let part = match cells[1].as_str() {
            "whole" => SignPart::Whole,
            "end" => SignPart::End,
            other => return Err(table.fault(line, format!("{other:?} is no part of a header"))),
        };
        Ok((fold_header(&cells[0]), part))
    };
    table.lines()?.into_iter().map(read).collect()
}

fn kinds(table: &Table) -> Result<Vec<KindRule>> {
    let read = |(line, cells): (u64, Vec<String>)| {
        let kind = ReportKind::from_word(&cells[0])
            .ok_or_else(|| table.fault(line, format!("{:?} is not a kind of report", cells[0])))?;
        Ok(KindRule { kind, headers: headers(&cells[1]), file: fold_header(&cells[2]) })
    };
    table.lines()?.into_iter().map(read).collect()
}
