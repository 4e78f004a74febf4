//! A blind random sample in layers, and what it says of the run: how many links of each pass are
//! right, and how many customers without an account have one after all.

use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use crate::{
    status::CustomerStatus,
    verdicts::{Verdict, Word},
};

/// A number that puts customers into an order that is random and always the same.
pub(super) fn shuffled(id: &str) -> u64 {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What a note of an answer begins with.
const NOTE: &str = "audit:";

/// Customers of a layer that are asked about.
const OF_A_LAYER: usize = 40;

/// The similarity, in ten-thousandths, below which links are a layer of their own.
const SURE: u16 = 9_000;

/// The answers, each the word in the note and the end of the key of its text.
pub(super) const ANSWERS: [&str; 3] = ["right", "wrong", "unclear"];

/// Customers that are alike for the sample.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    /// The pass of the links; empty for customers without an account.
    pub(super) pass: String,
    /// Whether the links are below [`SURE`].
    pub(super) is_low: bool,
    /// All of its customers, in the order in which they are asked about.
    customers: Vec<usize>,
    pub(super) right: u64,
    pub(super) wrong: u64,
    pub(super) unclear: u64,
    /// When the last answer was given.
    pub(super) last: String,
}

impl Layer {
    /// How many customers there are.
    pub(super) fn size(&self) -> u64 {
        self.customers.len() as u64
    }

    /// How many were answered with yes or no.
    pub(super) fn decided(&self) -> u64 {
        self.right + self.wrong
    }

    /// The share of right ones, and its 95 % interval.
    pub(super) fn share(&self) -> Option<Share> {
        Share::of(self.right, self.decided())
    }
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    pub(super) share: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Share {
    /// The share of some among all, with Wilson's interval of 95 %; `None` for none of none.
    pub(super) fn of(some: u64, all: u64) -> Option<Share> {
        if all == 0 {
            return None;
        }
        const Z: f64 = 1.959_964;
        let (all, share) = (all as f64, some as f64 / all as f64);
        let scale = 1.0 + Z * Z / all;
        let centre = (share + Z * Z / (2.0 * all)) / scale;
        let spread = Z / scale * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        Some(Share { share, from: (centre - spread).max(0.0), to: (centre + spread).min(1.0) })
    }
}

/// The sample of a run, and the answers so far.
#[derive(Debug, Default)]
pub(super) struct Audit {
    pub(super) layers: Vec<Layer>,
    /// The customer to be asked about next.
    pub(super) next: Option<usize>,
    pub(super) asked: usize,
    pub(super) answered: usize,
}

impl Audit {
    /// The sample of a run. Scores and proposals play no part in its order.
    pub(super) fn of(desk: &Desk) -> Audit {
        let mut audit = Audit::default();
        for at in 0..desk.cases.list.len() {
            let Some((pass, is_low)) = layer_of(desk, at) else { continue };
            let known = audit.layers.iter().position(|of| of.pass == pass && of.is_low == is_low);
            let place = known.unwrap_or_else(|| {
                audit.layers.push(Layer { pass: pass.to_owned(), is_low, ..Layer::default() });
                audit.layers.len() - 1
            });
            audit.layers[place].customers.push(at);
        }
        audit
            .layers
            .sort_by(|one, other| (&one.pass, one.is_low).cmp(&(&other.pass, other.is_low)));
        let mut open = Vec::new();
        for layer in &mut audit.layers {
            layer.customers.sort_by_key(|at| shuffled(&desk.cases.list[*at].id));
            for at in layer.customers.iter().take(OF_A_LAYER) {
                audit.asked += 1;
                match answer_of(desk, *at) {
                    None => open.push(*at),
                    Some(line) => {
                        audit.answered += 1;
                        match line.note.trim_start_matches(NOTE).trim() {
                            "right" => layer.right += 1,
                            "wrong" => layer.wrong += 1,
                            _ => layer.unclear += 1,
                        }
                        layer.last = layer.last.clone().max(line.time.clone());
                    }
                }
            }
        }
        // layers are asked about in a mix, so that none is known from its place
        audit.next = open.into_iter().min_by_key(|at| shuffled(&desk.cases.list[*at].name));
        audit
    }

    /// The day of the last answer; empty where there is none.
    pub(super) fn day(&self) -> &str {
        let last = self.layers.iter().map(|layer| layer.last.as_str()).max().unwrap_or("");
        last.split('T').next().unwrap_or("")
    }

    /// The share of the customers with an account that the run has found, from the links that are
    /// right and the customers without an account that have one; `None` before both are known.
    pub(super) fn recall(&self) -> Option<Share> {
        let mut found = (0.0, 0.0);
        let mut missed: Option<(f64, Share)> = None;
        for layer in &self.layers {
            let share = layer.share();
            let size = layer.size() as f64;
            if layer.pass.is_empty() {
                missed = share.map(|share| (size, share));
            } else {
                // a layer without an answer counts as right: nobody has said otherwise
                let share = share.map_or(1.0, |share| share.share);
                found = (found.0 + size * share, found.1 + size);
            }
        }
        let (size, share) = missed.filter(|_| found.1 > 0.0)?;
        let recall = |wrong: f64| found.0 / (found.0 + size * wrong);
        let missing = |right: f64| 1.0 - right; // right: it truly has no account
        Some(Share {
            share: recall(missing(share.share)),
            from: recall(missing(share.from)),
            to: recall(missing(share.to)),
        })
    }
}

/// The layer in which a customer lies; `None` where it is not asked about.
fn layer_of(desk: &Desk, at: usize) -> Option<(&str, bool)> {
    let case = &desk.cases.list[at];
    match case.status? {
        CustomerStatus::Linked => {
            let link = case.accounts.first().filter(|link| !link.pass.is_empty())?;
            Some((&link.pass, link.score().ten_thousandths() < SURE))
        }
        CustomerStatus::Unmatched => Some(("", false)),
        CustomerStatus::Review | CustomerStatus::Excluded => None,
    }
}

/// The account about which a customer is asked: that of its link, none for one without.
fn account_of(desk: &Desk, at: usize) -> &str {
    let case = &desk.cases.list[at];
    match case.status {
        Some(CustomerStatus::Linked) => case.accounts.first().map_or("", |link| &link.id),
        _ => "",
    }
}

/// The last answer about a customer.
fn answer_of(desk: &Desk, at: usize) -> Option<&Verdict> {
    let account = account_of(desk, at);
    let lines = desk.history.holding_about(&desk.cases.list[at].id);
    let mut notes =
        lines.into_iter().filter(|line| line.word == Word::Note && line.account_id == account);
    notes.rfind(|line| line.note.starts_with(NOTE))
}

impl Desk {
    /// The line of an answer about a customer; `None` where there is no such answer.
    pub(super) fn answer_line(&self, at: usize, answer: &str, reviewer: &str) -> Option<Verdict> {
        let answer = ANSWERS.iter().find(|known| **known == answer)?;
        Some(Verdict {
            customer_id: self.cases.list.get(at)?.id.to_string(),
            account_id: account_of(self, at).to_owned(),
            word: Word::Note,
            reviewer: reviewer.to_owned(),
            time: String::new(),
            seen: String::new(),
            note: format!("{NOTE} {answer}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_wilson() {
        // values of the formula, from a table of binomial intervals
        for (some, all, want) in [
            (0, 10, (0.0, 0.2775)),
            (9, 10, (0.5958, 0.9821)),
            (10, 10, (0.7225, 1.0)),
            (48, 50, (0.8654, 0.9890)),
        ] {
            let share = Share::of(some, all).unwrap();
            assert!((share.from - want.0).abs() < 1e-3, "{some}/{all}: {share:?}");
            assert!((share.to - want.1).abs() < 1e-3, "{some}/{all}: {share:?}");
        }
        assert_eq!(Share::of(0, 0), None);
    }

    #[test]
    fn recall_comes_from_right_links_and_missed_customers() {
        let layer = |pass: &str, customers: usize, right, wrong| Layer {
            pass: pass.to_owned(),
            customers: (0..customers).collect(),
            right,
            wrong,
            ..Layer::default()
        };
        let layers = vec![layer("", 50, 8, 2), layer("domain", 90, 10, 0)];
        let audit = Audit { layers, ..Audit::default() };
        let recall = audit.recall().unwrap();
        assert!((recall.share - 0.9).abs() < 1e-9, "{recall:?}"); // 90 of 90 + 10
        assert!(recall.from < recall.share && recall.share < recall.to, "{recall:?}");
        let without = Audit { layers: vec![layer("domain", 9, 1, 0)], ..Audit::default() };
        assert_eq!(without.recall(), None);
    }
}
