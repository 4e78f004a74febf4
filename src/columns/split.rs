//! Files that hold companies and people: a column says of each row which it is.

use super::{
    ColumnRules, Field, Meaning, Overrides, WordUse, Words,
    object::{Column, File},
};
use crate::read::{Batch, Row, TableInfo};

/// The column that says of each row of a file whether it is a company or a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    /// Its position.
    column: usize,
    /// Its header as typed.
    pub(crate) header: String,
    /// Whether its header asks for a person, so that yes is one.
    asks_for_person: bool,
}

/// What a row of a file of companies and people is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A company.
    Company,
    /// A person.
    Person,
    /// The cell does not say: read as a person, whose denial counts and who is no account.
    Unclear,
}

impl Split {
    /// The column by which a file is to be split: by its header or the user's word, else one whose
    /// cells are words for companies and people, both of them.
    pub(crate) fn of(
        info: &TableInfo,
        sample: &Batch,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Option<Split> {
        let file = File::new(info, sample, rules);
        let is_known = |column: &&Column| match overrides.field(&column.folded) {
            Some(field) => field == Field::RecordKind,
            None => {
                asks(column, rules).is_some()
                    || file
                        .rules
                        .account
                        .find(&column.folded, file.dialect)
                        .is_some_and(|alias| alias.field == Field::RecordKind)
            }
        };
        let says = |column: &&Column| {
            file.filled(column.at).any(|cell| kind(cell, &rules.words) != RowKind::Unclear)
        };
        let is_free = |column: &&Column| overrides.field(&column.folded).is_none();
        let mut free = file.columns.iter().filter(is_free);
        let known = file.columns.iter().filter(is_known).find(says);
        let found =
            known.or_else(|| free.find(|column| is_of_both(&file, column, &rules.words)))?;
        let asks_for_person = asks(found, rules) == Some(Meaning::Person);
        Some(Split { column: found.at, header: found.header.clone(), asks_for_person })
    }

    /// What a row is.
    pub(crate) fn kind(&self, row: Row<'_>, words: &Words) -> RowKind {
        let cell = row.cell(self.column);
        match (kind(cell, words), words.meaning(WordUse::YesNo, cell)) {
            (RowKind::Company, Some(Meaning::Yes)) if self.asks_for_person => RowKind::Person,
            (RowKind::Person, Some(Meaning::No)) if self.asks_for_person => RowKind::Company,
            (kind, _) => kind,
        }
    }
}

/// What a header asks for, where it asks for a company or a person: `Is person`.
fn asks(column: &Column, rules: &ColumnRules) -> Option<Meaning> {
    rules.words.meaning(WordUse::Asks, &column.header)
}

/// What a cell says of its row; under a header that asks for a company, yes is one.
fn kind(cell: &str, words: &Words) -> RowKind {
    let said = words.meaning(WordUse::Record, cell).or_else(|| words.meaning(WordUse::YesNo, cell));
    match said {
        Some(Meaning::Company | Meaning::Yes) => RowKind::Company,
        Some(Meaning::Person | Meaning::No) => RowKind::Person,
        _ => RowKind::Unclear,
    }
}

/// Whether the cells of a column are words for companies and people, both of them.
fn is_of_both(file: &File, column: &Column, words: &Words) -> bool {
    let (mut companies, mut people) = (0, 0);
    for cell in file.filled(column.at) {
        match words.meaning(WordUse::Record, cell) {
            Some(Meaning::Company) => companies += 1,
            Some(Meaning::Person) => people += 1,
            _ => return false,
        }
    }
    companies > 0 && people > 0
}
