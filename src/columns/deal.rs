//! How the rows of a file of deals are read, and the words for how a deal stands.

use super::{
    Field, Meaning, Object, Overrides, WordUse, Words,
    assign::{Columns, assign},
    layout::{Layout, canonical},
    missing,
    object::File,
};
use crate::{error::Result, read::value::DateColumn};

/// How the rows of a file of deals are read.
#[derive(Debug, Clone)]
pub(crate) struct DealLayout {
    layout: Layout,
    /// The columns that a fingerprint is made of, by folded header: column order does not count.
    pub(crate) canonical: Vec<(String, usize)>,
}

/// Fields of which one at least says how a deal stands.
const STATES: [Field; 5] =
    [Field::Stage, Field::DealStatus, Field::StateCode, Field::IsWon, Field::IsClosed];

impl DealLayout {
    /// Finds the columns of deals.
    pub(crate) fn new(file: &mut File, overrides: &Overrides, name: &str) -> Result<DealLayout> {
        let mut columns = assign(file, &file.rules.deal, &Object::Deal, overrides, |_| true)?;
        part_days_from_answers(file, &mut columns);
        let layout = Layout::new(columns, &file.headers);
        if !layout.has(Field::AccountId) && !layout.has(Field::AccountName) {
            return Err(missing(name, Field::AccountId, &file.headers));
        }
        let warn = |file: &mut File, found: &str, flag: &str| {
            file.warn(found.into(), Some(format!("--column {flag}=HEADER")));
        };
        if !layout.has(Field::AccountId) {
            let found = "no column holds the account id: deals are joined to accounts by name";
            warn(file, found, "account-id");
        }
        if !layout.has(Field::Created) {
            let found =
                "no column holds the day on which a deal was created: it counts for no outcome";
            warn(file, found, "created");
        }
        if !STATES.iter().any(|field| layout.has(*field)) {
            warn(file, "no column says whether a deal is open, won or lost", "stage");
        }
        warn_of_consent(file);
        Ok(DealLayout { layout, canonical: canonical(file, |_| true) })
    }

    /// The columns of each field.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }
}

/// Says that a column of a file of deals may hold what a person has refused: nothing of a person is
/// read there.
fn warn_of_consent(file: &mut File) {
    let is_consent = |folded: &str| {
        let alias = file.rules.contact.find(folded, file.dialect);
        alias.is_some_and(|alias| alias.field.is_email_consent())
    };
    let column = file.columns.iter().find(|column| is_consent(&column.folded));
    let Some(header) = column.map(|column| column.header.clone()) else { return };
    let found = format!(
        "column {header:?} may say who must not get mail, but of deals nothing of a person is read: \
         give the contacts too"
    );
    file.warn(found, Some("--contacts FILE if it holds contacts".into()));
}

/// Some CRMs call a day what others call an answer (`Closed`, `Won`): the cells tell.
fn part_days_from_answers(file: &File, columns: &mut Columns) {
    let is_answer = |cell: &str| {
        matches!(file.rules.words.meaning(WordUse::YesNo, cell), Some(Meaning::Yes | Meaning::No))
    };
    let is_day = |cell: &str| DateColumn::is_date(cell) && !is_answer(cell);
    for (from, to, fits) in [
        (Field::Closed, Field::IsClosed, &is_answer as &dyn Fn(&str) -> bool),
        (Field::IsWon, Field::Closed, &is_day),
        (Field::IsClosed, Field::Closed, &is_day),
    ] {
        let all_fit = |at: &usize| {
            let mut cells = file.filled(*at).peekable();
            cells.peek().is_some() && cells.all(fits)
        };
        let (moved, kept) = columns[from as usize].iter().partition(|at| all_fit(at));
        columns[from as usize] = kept;
        let moved: Vec<usize> = moved;
        columns[to as usize].extend(moved);
    }
}

/// What a cell says of how a deal stands: as a whole, or without what systems put around it (`6 - Closed
/// Won`, `Closed Won (Sales Pipeline)`), or as how likely it is; `None` for words that nobody has listed.
pub(crate) fn deal_meaning(words: &Words, cell: &str) -> Option<Meaning> {
    if let Some(meaning) = meaning_of_percent(cell) {
        return Some(meaning);
    }
    let meaning = |text: &str| words.meaning(WordUse::Deal, text);
    let is_end = |meaning: &Meaning| matches!(meaning, Meaning::Won | Meaning::Lost);
    let bare = cell.split(['(', '[', '（']).next().unwrap_or(cell);
    let bare = bare.trim_start_matches(|c: char| !c.is_alphabetic());
    let parts = || bare.split([':', '|', '/', '–', '-']).filter_map(meaning).filter(is_end);
    meaning(cell).or_else(|| meaning(bare)).or_else(|| {
        let first = parts().next()?;
        parts().all(|part| part == first).then_some(first)
    })
}

/// What a stage that is a percentage says. At nothing stand deals that are lost, and those that have
/// only begun: it says neither.
fn meaning_of_percent(cell: &str) -> Option<Meaning> {
    let number = cell.trim().strip_suffix(['%', '％'])?.trim();
    match number.parse::<u32>().ok()? {
        100 => Some(Meaning::Won),
        1..=99 => Some(Meaning::Open),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::ColumnRules;

    #[test]
    fn words_of_won_and_lost_are_found_in_what_systems_put_around_them() {
        let rules = ColumnRules::embedded().unwrap();
        for (cell, want) in [
            ("Closed Won", Some(Meaning::Won)),
            ("100 %", Some(Meaning::Won)),
            ("75%", Some(Meaning::Open)),
            ("0 %", None), // lost, or only begun
            ("100", None),
            ("closedwon", Some(Meaning::Won)),
            ("6 - Closed Won", Some(Meaning::Won)),
            ("Closed Won (Sales Pipeline)", Some(Meaning::Won)),
            ("Renewal: Won", Some(Meaning::Won)),
            ("100% Gewonnen", Some(Meaning::Won)),
            ("Geschlossen und verloren", Some(Meaning::Lost)),
            ("Fermée/Perdue", Some(Meaning::Lost)),
            ("Cerrada ganada", Some(Meaning::Won)),
            ("失注", Some(Meaning::Lost)),
            ("Out-Sold", Some(Meaning::Lost)),
            ("In Progress", Some(Meaning::Open)),
            ("Negotiation/Review", Some(Meaning::Open)),
            ("Contract to be signed", None),
            ("Won/Lost", None), // says both
            ("", None),
        ] {
            assert_eq!(deal_meaning(&rules.words, cell), want, "cell: {cell:?}");
        }
    }
}
