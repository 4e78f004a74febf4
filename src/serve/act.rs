//! What a key press does: lines for the file of verdicts, or a question that comes before them.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{
    case::Card,
    desk::{Desk, UNSURE},
    standing::Said,
};
use crate::{
    error::Result,
    text::id::join_key,
    verdicts::{Verdict, Verdicts, Word},
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
    /// How many lines about the customer the page has seen.
    pub(super) known: Option<usize>,
    /// How many acts the page has seen.
    pub(super) acts: Option<usize>,
    /// Whether the person has seen the objection and means it.
    pub(super) confirmed: bool,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is on the disk; the page goes on with the next customer, or stays.
    Written { at: usize, goes_on: bool },
    /// It is on the disk, and is about this many customers of the run: the page shows its list anew.
    Several(usize),
    /// Something speaks against it.
    Objection(Vec<Objection>),
    /// There was nothing to do.
    Nothing,
}

/// What a person should see before a decision is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Objection {
    /// Something was said of the customer that the page has not shown.
    Meanwhile,
    /// These customers hold the account.
    Held(Vec<usize>),
    /// These accounts were accepted for the customer: the new one takes their place.
    Accepted(Vec<String>),
}

/// The note of an account that was accepted as another company of the customer's group.
pub(super) const FAMILY: &str = "same group of companies";

/// Why a person may be unsure, each the end of the key of its text.
pub(super) const REASONS: [&str; 5] =
    ["more data", "ask the account owner", "question of a group", "duplicate in the CRM", "other"];

impl Desk {
    /// Does what a person asks for.
    ///
    /// # Errors
    ///
    /// When this person only looks, or it cannot be written to the disk.
    pub(super) fn act(&mut self, ask: &Ask, reviewer: &str) -> Result<Done> {
        self.must_decide()?;
        match ask.act.as_str() {
            "undo" => self.undo(reviewer),
            "redo" => self.redo(reviewer),
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
        let objections = self.objections(ask, word);
        if !objections.is_empty() && !ask.confirmed {
            return Ok(Done::Objection(objections));
        }
        let mut lines = vec![self.line(ask, word, reviewer)];
        // the accepted one comes first: an act that begins with `open` takes back another
        lines.extend(self.replaced(ask).iter().map(|account| Verdict {
            reviewer: reviewer.to_owned(),
            ..Verdict::bare(&self.cases.list[ask.at].id, account, Word::Open)
        }));
        self.write(lines)?;
        let is_settled = matches!(
            self.standing(ask.at).said,
            Some(Said::Accepted(_) | Said::None | Said::Refused)
        );
        Ok(Done::Written { at: ask.at, goes_on: goes_on || (word == Word::Reject && is_settled) })
    }

    /// All that speaks against a decision: who confirms has seen it.
    fn objections(&self, ask: &Ask, word: Word) -> Vec<Objection> {
        let mut found = Vec::new();
        let lines = self.history.count_about(&self.cases.list[ask.at].id);
        if ask.known.is_some_and(|known| known != lines) {
            found.push(Objection::Meanwhile);
        }
        if word == Word::Accept && !self.recorded.config.share_accounts {
            let holders = self.holders(&ask.account, ask.at);
            found.extend((!holders.is_empty()).then_some(Objection::Held(holders)));
        }
        let replaced = self.replaced(ask);
        found.extend((!replaced.is_empty()).then_some(Objection::Accepted(replaced)));
        found
    }

    /// The accounts that were accepted for a customer and no longer are when another is: `also` and
    /// `family` add an account, `accept` chooses one.
    fn replaced(&self, ask: &Ask) -> Vec<String> {
        let id = &*self.cases.list[ask.at].id;
        if ask.act != "accept" {
            return Vec::new();
        }
        let verdicts = Verdicts::from_lines(self.history.about(id).cloned());
        let accepted = verdicts.of(id).into_iter().flat_map(|of| &of.accepted);
        let others = accepted.filter(|pair| join_key(&pair.account_id) != join_key(&ask.account));
        others.map(|pair| pair.account_id.to_string()).collect()
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
            "family" if ask.note.is_empty() => FAMILY.to_owned(),
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

    fn redo(&mut self, reviewer: &str) -> Result<Done> {
        match self.history.next_to_redo(reviewer) {
            Some(act) => self.write_and_go_there(self.history.again(act)),
            None => Ok(Done::Nothing),
        }
    }

    fn write_and_go_there(&mut self, lines: Vec<Verdict>) -> Result<Done> {
        if lines.is_empty() {
            return Ok(Done::Nothing);
        }
        let customers = lines.iter().filter_map(|line| self.cases.position(&line.customer_id));
        let customers: BTreeSet<usize> = customers.collect();
        self.write(lines)?;
        Ok(match customers.first() {
            Some(at) if customers.len() == 1 => Done::Written { at: *at, goes_on: false },
            _ => Done::Several(customers.len()),
        })
    }
}
