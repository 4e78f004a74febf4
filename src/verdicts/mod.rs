//! What persons decided; stored, re-applied on later runs.
//!
//! `verdicts.csv` is append-only, one line per verdict; later lines win, so that the files of two
//! people merge by concatenation.

mod answer;
mod fingerprint;
mod harvest;
#[cfg_attr(not(feature = "browser"), allow(dead_code, reason = "the pages show and use all of it"))]
mod history;
mod journal;
mod store;
mod undo;
mod words;

pub(crate) use answer::Answer;
#[cfg(feature = "browser")]
pub(crate) use fingerprint::customer_fingerprint;
pub(crate) use fingerprint::{
    SeenField, account_marks, changed_fields, changed_since, customer_marks, fingerprint,
};
pub(crate) use harvest::{Harvest, ReviewFiles, Unclear, harvest};
#[cfg(feature = "browser")]
pub(crate) use history::History;
pub(crate) use store::{all as all_lines, as_csv};
pub(crate) use undo::undo;
pub(crate) use words::VerdictWords;

use rustc_hash::FxHashMap;

/// What a line of `verdicts.csv` says of a pair, or of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    /// The pair is the same company.
    Accept,
    /// The pair is not the same company.
    Reject,
    /// The customer has no account in the CRM.
    None,
    /// What was said before is taken back.
    Open,
    /// Nothing is decided; the note is to be kept.
    Note,
}

impl Word {
    /// All of them.
    pub(crate) const ALL: [Word; 5] =
        [Word::Accept, Word::Reject, Word::None, Word::Open, Word::Note];
    /// Those by which a person decides.
    pub(crate) const JUDGING: [Word; 3] = [Word::Accept, Word::Reject, Word::None];

    /// The word that files show.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Word::Accept => "accept",
            Word::Reject => "reject",
            Word::None => "none",
            Word::Open => "open",
            Word::Note => "note",
        }
    }
}

/// One line of `verdicts.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The customer's key, [`Customer::id`](crate::report::Customer::id).
    pub(crate) customer_id: String,
    /// The account's id; empty where the whole customer is meant.
    pub(crate) account_id: String,
    /// What was said.
    pub(crate) word: Word,
    /// Who said it; may be empty.
    pub(crate) reviewer: String,
    /// When it was taken in, ISO to the second.
    pub(crate) time: String,
    /// The [`fingerprint`] of what was seen; empty when not known.
    pub(crate) seen: String,
    /// The reviewer's note.
    pub(crate) note: String,
}

impl Verdict {
    /// A line of which only this is known.
    pub(crate) fn bare(customer: &str, account: &str, word: Word) -> Verdict {
        Verdict {
            customer_id: customer.into(),
            account_id: account.into(),
            word,
            reviewer: String::new(),
            time: String::new(),
            seen: String::new(),
            note: String::new(),
        }
    }
}

/// A verdict on one account of a customer, or on the customer: then without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PairVerdict {
    /// The account's id.
    pub(crate) account_id: Box<str>,
    /// The [`fingerprint`] of what was seen, or the [`customer_fingerprint`]; empty when not known.
    pub(crate) seen: Box<str>,
    /// Who said it; may be empty.
    pub(crate) reviewer: Box<str>,
    /// When it was taken in, ISO; may be empty.
    pub(crate) time: Box<str>,
}

/// The verdicts in force on one customer. An acceptance and a `none` exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CustomerVerdicts {
    /// Accounts accepted, by id.
    pub(crate) accepted: Vec<PairVerdict>,
    /// Accounts rejected, by id.
    pub(crate) rejected: Vec<PairVerdict>,
    /// Whether the customer was settled as having none.
    pub(crate) none: Option<PairVerdict>,
    /// The last note on each account.
    notes: Vec<Note>,
}

/// A note on an account of a customer, or on the customer: then without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    account_id: Box<str>,
    text: Box<str>,
    time: Box<str>,
}

/// All verdicts in force.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    by_customer: FxHashMap<Box<str>, CustomerVerdicts>,
}

impl Verdicts {
    /// The verdicts that hold after all lines were read, the later over the earlier.
    pub(crate) fn from_lines(lines: impl IntoIterator<Item = Verdict>) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for line in lines {
            verdicts.by_customer.entry(line.customer_id.as_str().into()).or_default().take(line);
        }
        verdicts
    }

    /// The verdicts on a customer, by [`Customer::id`](crate::report::Customer::id).
    pub(crate) fn of(&self, customer_id: &str) -> Option<&CustomerVerdicts> {
        self.by_customer.get(customer_id)
    }

    /// Every customer with a verdict, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &CustomerVerdicts)> {
        let mut all: Vec<_> = self.by_customer.iter().map(|(id, of)| (&**id, of)).collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        all.into_iter()
    }

    /// Whether nobody said anything.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_customer.is_empty()
    }

    /// How many verdicts are in force.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn len(&self) -> usize {
        let count = |of: &CustomerVerdicts| {
            of.accepted.len() + of.rejected.len() + usize::from(of.none.is_some())
        };
        self.by_customer.values().map(count).sum()
    }
}

impl CustomerVerdicts {
    /// What a person noted of an account last; empty for nothing.
    pub(crate) fn note(&self, account_id: &str) -> &str {
        self.noted(account_id).map_or("", |note| &note.text)
    }

    /// What a person answered, asked blindly, about an account, and when.
    pub(crate) fn answer(&self, account_id: &str) -> Option<(Answer, &str)> {
        let note = self.noted(account_id)?;
        Some((Answer::of_note(&note.text)?, &note.time))
    }

    fn noted(&self, account_id: &str) -> Option<&Note> {
        self.notes.iter().find(|note| *note.account_id == *account_id)
    }

    fn take(&mut self, line: Verdict) {
        let Verdict { account_id, word, reviewer, seen, time, note, .. } = line;
        let account_id: Box<str> = account_id.into();
        self.notes.retain(|note| note.account_id != account_id);
        if !note.is_empty() {
            let (account_id, time) = (account_id.clone(), time.as_str().into());
            self.notes.push(Note { account_id, text: note.into(), time });
        }
        if word == Word::Note {
            return;
        }
        let (seen, reviewer, time) = (seen.into(), reviewer.into(), time.into());
        let verdict = PairVerdict { account_id, seen, reviewer, time };
        self.accepted.retain(|pair| pair.account_id != verdict.account_id);
        self.rejected.retain(|pair| pair.account_id != verdict.account_id);
        let side = match word {
            Word::Accept => {
                self.none = None;
                &mut self.accepted
            }
            Word::Reject => &mut self.rejected,
            Word::None => {
                self.accepted.clear();
                self.none = Some(verdict);
                return;
            }
            Word::Open | Word::Note => {
                self.none.take_if(|_| verdict.account_id.is_empty());
                return;
            }
        };
        let at = side.partition_point(|pair| pair.account_id < verdict.account_id);
        side.insert(at, verdict);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(customer: &str, account: &str, word: Word) -> Verdict {
        Verdict::bare(customer, account, word)
    }

    #[test]
    fn later_lines_win() {
        for (lines, accepted, rejected, none) in [
            (vec![line("c", "a", Word::Accept)], vec!["a"], vec![], false),
            (
                vec![line("c", "a", Word::Accept), line("c", "a", Word::Reject)],
                vec![],
                vec!["a"],
                false,
            ),
            (
                vec![line("c", "b", Word::Accept), line("c", "a", Word::Accept)],
                vec!["a", "b"],
                vec![],
                false,
            ),
            // settled as none after an acceptance, and the other way round
            (vec![line("c", "a", Word::Accept), line("c", "", Word::None)], vec![], vec![], true),
            (
                vec![line("c", "", Word::None), line("c", "a", Word::Accept)],
                vec!["a"],
                vec![],
                false,
            ),
            // a rejection says nothing of other accounts
            (
                vec![line("c", "", Word::None), line("c", "a", Word::Reject)],
                vec![],
                vec!["a"],
                true,
            ),
        ] {
            let shown = format!("{lines:?}");
            let verdicts = Verdicts::from_lines(lines);
            let of = verdicts.of("c").unwrap();
            let ids = |side: &[PairVerdict]| -> Vec<String> {
                side.iter().map(|pair| pair.account_id.to_string()).collect()
            };
            assert_eq!(ids(&of.accepted), accepted, "{shown}");
            assert_eq!(ids(&of.rejected), rejected, "{shown}");
            assert_eq!(of.none.is_some(), none, "{shown}");
        }
    }

    #[test]
    fn what_is_taken_back_no_longer_holds_and_notes_decide_nothing() {
        let noted = |note: &str, word| Verdict { note: note.into(), ..line("c", "a", word) };
        for (lines, accepted, none, note) in [
            (vec![line("c", "a", Word::Accept), line("c", "a", Word::Open)], 0, false, ""),
            (vec![line("c", "", Word::None), line("c", "", Word::Open)], 0, false, ""),
            (vec![line("c", "", Word::None), line("c", "a", Word::Open)], 0, true, ""),
            (vec![line("c", "a", Word::Accept), noted("why?", Word::Note)], 1, false, "why?"),
            (vec![noted("why?", Word::Note), noted("so", Word::Accept)], 1, false, "so"),
        ] {
            let shown = format!("{lines:?}");
            let verdicts = Verdicts::from_lines(lines);
            let of = verdicts.of("c").unwrap();
            assert_eq!(of.accepted.len(), accepted, "{shown}");
            assert_eq!(of.none.is_some(), none, "{shown}");
            assert_eq!(of.note("a"), note, "{shown}");
        }
    }
}
