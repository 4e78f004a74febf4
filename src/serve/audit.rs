//! A blind random sample in layers: whom it asks about. What the answers say counts
//! `write::measured`.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use crate::{
    result::summary::Measured,
    status::CustomerStatus,
    verdicts::{Answer, Verdict, Verdicts, Word},
    write::{Layer, measured},
};

/// A number that puts customers into an order that is random and always the same.
pub(super) fn shuffled(id: &str) -> u64 {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Customers of a layer that are asked about.
const OF_A_LAYER: usize = 40;

/// Of the decisions of people one in so many is asked about once more, another person.
const OF_DECISIONS: usize = 20;

/// The sample of a run, and the answers so far.
#[derive(Debug, Default)]
pub(super) struct Audit {
    pub(super) measured: Measured,
    /// The customer to be asked about next.
    pub(super) next: Option<usize>,
    pub(super) asked: usize,
    pub(super) answered: usize,
}

impl Audit {
    /// The sample of a run for a person. Scores and proposals play no part in its order, and nobody
    /// is asked about his own decisions.
    pub(super) fn of(desk: &Desk, reviewer: &str) -> Audit {
        let mut layers: BTreeMap<Layer, Vec<usize>> = BTreeMap::new();
        for at in 0..desk.cases.list.len() {
            if let Some(layer) = desk.layer_of(at) {
                layers.entry(layer).or_default().push(at);
            }
        }
        let mut audit = Audit { measured: desk.measured(), ..Audit::default() };
        let mut open = Vec::new();
        for (layer, mut customers) in layers {
            let mut most = OF_A_LAYER;
            if layer == Layer::Decided {
                most = most.min(customers.len().div_ceil(OF_DECISIONS));
                customers.retain(|at| !desk.has_decided(reviewer, *at));
            }
            customers.sort_by_cached_key(|at| shuffled(&desk.cases.list[*at].id));
            for at in customers.into_iter().take(most) {
                audit.asked += 1;
                match desk.answer(at) {
                    None => open.push(at),
                    Some(_) => audit.answered += 1,
                }
            }
        }
        // layers are asked about in a mix, so that none is known from its place
        audit.next = open.into_iter().min_by_key(|at| shuffled(&desk.cases.list[*at].name));
        audit
    }
}

impl Desk {
    /// What the answers so far say.
    pub(super) fn measured(&self) -> Measured {
        let answers: Vec<Option<(Answer, String)>> =
            (0..self.cases.list.len()).map(|at| self.answer(at)).collect();
        measured(answers.iter().enumerate().filter_map(|(at, answer)| {
            let answer = answer.as_ref().map(|(answer, time)| (*answer, time.as_str()));
            Some((self.layer_of(at)?, answer))
        }))
    }

    /// The layer in which a customer lies; `None` where it is not asked about.
    fn layer_of(&self, at: usize) -> Option<Layer> {
        let case = &self.cases.list[at];
        match case.status? {
            CustomerStatus::Linked => Some(match case.accounts.first()? {
                link if link.is_decided || link.pass.is_empty() => Layer::Decided,
                link => Layer::of_link(&link.pass, link.score()),
            }),
            CustomerStatus::Unmatched => Some(Layer::Unmatched),
            CustomerStatus::Review | CustomerStatus::Excluded => None,
        }
    }

    /// The account about which a customer is asked: that of its link, none for one without.
    fn account_asked(&self, at: usize) -> &str {
        self.cases.list[at].linked().map_or("", |link| &link.id)
    }

    /// The last answer about a customer, and when it was given.
    fn answer(&self, at: usize) -> Option<(Answer, String)> {
        let id = &*self.cases.list[at].id;
        let mut lines = self.history.about(id).peekable();
        lines.peek()?;
        let verdicts = Verdicts::from_lines(lines.cloned());
        let (answer, time) = verdicts.of(id)?.answer(self.account_asked(at))?;
        Some((answer, time.to_owned()))
    }

    /// Whether a person has decided about a customer.
    fn has_decided(&self, reviewer: &str, at: usize) -> bool {
        let mut lines = self.history.about(&self.cases.list[at].id);
        lines.any(|line| Word::JUDGING.contains(&line.word) && line.reviewer == reviewer)
    }

    /// The line of an answer about a customer; `None` where there is no such answer.
    pub(super) fn answer_line(&self, at: usize, answer: &str, reviewer: &str) -> Option<Verdict> {
        let answer = Answer::of_word(answer)?;
        let customer = &self.cases.list.get(at)?.id;
        Some(Verdict {
            reviewer: reviewer.to_owned(),
            note: answer.note(),
            ..Verdict::bare(customer, self.account_asked(at), Word::Note)
        })
    }
}
