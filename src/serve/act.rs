//! What a key press does: lines for the file of verdicts, or a question that comes before them.

use serde::Deserialize;

use super::{
    case::Card,
    desk::{Desk, Said, UNSURE},
};
use crate::{
    error::Result,
    text::id::join_key,
    verdicts::{Verdict, Word},
};

/// What a person asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    /// The customer, as a position in the run.
    pub(super) at: usize,
    /// What is to be done.
    pub(super) act: String,
    /// The account that is meant.
    pub(super) account: String,
    /// The mark of an account that the run has not compared with the customer.
    pub(super) seen: String,
    /// Why the person is unsure.
    pub(super) reason: String,
    /// What the person noted.
    pub(super) note: String,
    /// Whether the person has seen the objection and means it.
    pub(super) confirmed: bool,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is on the disk; the page goes on with the next customer, or stays.
    Written { at: usize, goes_on: bool },
    /// Something speaks against it: the customers that hold the account.
    Objection(Vec<usize>),
    /// There was nothing to do.
    Nothing,
}

/// Why a person may be unsure, each the end of the key of its text.
pub(super) const REASONS: [&str; 5] =
    ["more data", "ask the account owner", "question of a group", "duplicate in the CRM", "other"];

impl Desk {
    /// Does what a person asks for.
    ///
    /// # Errors
    ///
    /// When it cannot be written to the disk.
    pub(super) fn act(&mut self, ask: &Ask, reviewer: &str) -> Result<Done> {
        match ask.act.as_str() {
            "undo" => self.undo(reviewer),
            "redo" => self.redo(),
            "revert" => self.revert(ask.at, reviewer),
            _ if ask.at >= self.cases.list.len() => Ok(Done::Nothing),
            "skip" => {
                let at = ask.at as u32;
                self.skipped.retain(|of| *of != at);
                self.skipped.push(at);
                Ok(Done::Written { at: ask.at, goes_on: true })
            }
            _ => self.decide(ask, reviewer),
        }
    }

    fn decide(&mut self, ask: &Ask, reviewer: &str) -> Result<Done> {
        let (word, goes_on) = match ask.act.as_str() {
            "accept" | "family" | "also" => (Word::Accept, ask.act != "also"),
            "reject" => (Word::Reject, false),
            "none" => (Word::None, true),
            "unsure" | "note" => (Word::Note, ask.act == "unsure"),
            _ => return Ok(Done::Nothing),
        };
        if matches!(word, Word::Accept | Word::Reject) && ask.account.is_empty() {
            return Ok(Done::Nothing);
        }
        if word == Word::Accept && !ask.confirmed && !self.recorded.config.share_accounts {
            let holders = self.holders(&ask.account, ask.at);
            if !holders.is_empty() {
                return Ok(Done::Objection(holders));
            }
        }
        let line = self.line(ask, word, reviewer);
        self.write(vec![line])?;
        let is_settled = matches!(
            self.standing(ask.at).said,
            Some(Said::Accepted(_) | Said::None | Said::Refused)
        );
        Ok(Done::Written { at: ask.at, goes_on: goes_on || (word == Word::Reject && is_settled) })
    }

    /// The line of a decision about a customer, and about an account where it is about one.
    fn line(&self, ask: &Ask, word: Word, reviewer: &str) -> Verdict {
        let case = &self.cases.list[ask.at];
        let is_it = |card: &&Card| join_key(&card.id) == join_key(&ask.account);
        let card = case.accounts.iter().find(is_it);
        let account = match word {
            Word::None => String::new(),
            _ => card.map_or(ask.account.clone(), |card| card.id.to_string()),
        };
        let seen = match (word, card) {
            (Word::None, _) => case.seen(),
            (_, Some(card)) => card.seen.to_string(),
            (..) => ask.seen.clone(),
        };
        let note = match ask.act.as_str() {
            "unsure" => format!("{UNSURE} {} {}", ask.reason, ask.note).trim_end().to_owned(),
            "family" if ask.note.is_empty() => "same group of companies".to_owned(),
            "also" if ask.note.is_empty() => "duplicate in the CRM".to_owned(),
            _ => ask.note.clone(),
        };
        Verdict {
            customer_id: case.id.to_string(),
            account_id: account,
            word,
            reviewer: reviewer.to_owned(),
            time: String::new(),
            seen,
            note,
        }
    }

    fn undo(&mut self, reviewer: &str) -> Result<Done> {
        match self.history.next_to_undo(reviewer) {
            Some(act) => self.revert(act, reviewer),
            None => Ok(Done::Nothing),
        }
    }

    /// Takes back one act.
    fn revert(&mut self, act: usize, reviewer: &str) -> Result<Done> {
        let lines = self.history.reversal(act, reviewer);
        self.write_and_go_there(lines)
    }

    fn redo(&mut self) -> Result<Done> {
        match self.history.next_to_redo() {
            Some(act) => self.write_and_go_there(self.history.again(act)),
            None => Ok(Done::Nothing),
        }
    }

    fn write_and_go_there(&mut self, lines: Vec<Verdict>) -> Result<Done> {
        let Some(at) = lines.first().map(|line| self.cases.position(&line.customer_id)) else {
            return Ok(Done::Nothing);
        };
        self.write(lines)?;
        Ok(Done::Written { at: at.unwrap_or(0), goes_on: false })
    }
}
