//! Rows of a file of deals to deals.

use std::borrow::Cow;

use super::{Lifecycle, account::lifecycle, key::fingerprint};
use crate::{
    columns::{DealLayout, Field, Layout, Meaning, WordUse, Words, deal_meaning},
    read::Row,
    text::id::is_rounded,
};

/// How a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DealState {
    /// Being worked on.
    Open,
    /// The account bought.
    Won,
    /// The account did not buy.
    Lost,
}

/// A deal (an opportunity), as one row gives it: nothing of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deal<'a> {
    /// The CRM's id of the deal; the fingerprint of the row where the file has none.
    pub(crate) id: Cow<'a, str>,
    /// The id of its account, the first where the cell holds several; empty where there is none.
    pub(crate) account_id: &'a str,
    /// The name of its account as typed.
    pub(crate) account_name: &'a str,
    /// The day on which it was created, as typed.
    pub(crate) created: &'a str,
    /// The day on which it was closed or is expected to be, as typed.
    pub(crate) closed: &'a str,
    /// How it stands; `None` where no word says it.
    pub(crate) state: Option<DealState>,
    /// What it is worth, as typed.
    pub(crate) amount: &'a str,
    /// The currency of that, as typed.
    pub(crate) currency: &'a str,
    /// Whether the CRM has deleted it.
    pub(crate) is_deleted: bool,
}

impl DealLayout {
    /// The deal of a row.
    pub(crate) fn deal<'a>(&self, row: Row<'a>, words: &Words) -> Deal<'a> {
        let layout = self.layout();
        let value = |field| layout.value(row, field);
        let id = match value(Field::Id) {
            id if id.is_empty() || is_rounded(id) => Cow::Owned(fingerprint(row, &self.canonical)),
            id => Cow::Borrowed(id),
        };
        let account = value(Field::AccountId).split([';', ',']).next().unwrap_or("").trim();
        Deal {
            id,
            account_id: if is_rounded(account) { "" } else { account },
            account_name: value(Field::AccountName),
            created: value(Field::Created),
            closed: value(Field::Closed),
            state: state(layout, row, words),
            amount: value(Field::Amount),
            currency: value(Field::Currency),
            is_deleted: lifecycle(layout, row, words) == Lifecycle::Deleted,
        }
    }

    /// The cells that may name what a deal is about: its products, its type.
    pub(crate) fn products<'a>(&'a self, row: Row<'a>) -> impl Iterator<Item = &'a str> {
        let fields = [Field::Product, Field::DealType].into_iter();
        fields.flat_map(move |field| self.layout().values(row, field))
    }

    /// The first cell that says how a deal stands, in a word that nobody has listed.
    pub(crate) fn unread_state<'a>(&self, row: Row<'a>) -> &'a str {
        let states = [Field::Stage, Field::DealStatus, Field::StateCode].into_iter();
        let mut cells = states.map(|field| self.layout().value(row, field));
        cells.find(|cell| !cell.is_empty()).unwrap_or("")
    }
}

/// How a deal stands: by the answers to "won?" and "closed?", then by the words for its state and its
/// stage, of which won and lost say more than open.
fn state(layout: &Layout, row: Row<'_>, words: &Words) -> Option<DealState> {
    let answer = |field| {
        let mut cells = layout.values(row, field);
        cells.find_map(|cell| match words.meaning(WordUse::YesNo, cell) {
            Some(Meaning::Yes) => Some(true),
            Some(Meaning::No) => Some(false),
            _ => None,
        })
    };
    match (answer(Field::IsWon), answer(Field::IsClosed)) {
        (Some(true), _) => return Some(DealState::Won),
        (Some(false), Some(true)) => return Some(DealState::Lost),
        (_, Some(false)) => return Some(DealState::Open),
        _ => {}
    }
    let by_code = match layout.value(row, Field::StateCode) {
        "0" => Some(DealState::Open),
        "1" => Some(DealState::Won),
        "2" => Some(DealState::Lost),
        _ => None,
    };
    by_code.or_else(|| {
        let fields = [Field::StateCode, Field::DealStatus, Field::Stage].into_iter();
        let cells = fields.flat_map(|field| layout.values(row, field));
        let said = cells.filter_map(|cell| match deal_meaning(words, cell)? {
            Meaning::Won => Some(DealState::Won),
            Meaning::Lost => Some(DealState::Lost),
            _ => Some(DealState::Open),
        });
        let said: smallvec::SmallVec<[DealState; 4]> = said.collect();
        let is_end = |state: &&DealState| **state != DealState::Open;
        said.iter().find(is_end).or_else(|| said.first()).copied()
    })
}
