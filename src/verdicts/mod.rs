//! What persons decided; stored, re-applied on later runs.
//!
//! `verdicts.csv` is append-only, one line per verdict; later lines win, so that the files of two
//! people merge by concatenation.

mod fingerprint;
mod harvest;
mod journal;
mod store;

pub(crate) use fingerprint::{customer_fingerprint, fingerprint};
pub(crate) use harvest::{Harvest, ReviewFiles, harvest};

use rustc_hash::FxHashMap;

/// What a person said of a pair, or of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    /// The pair is the same company.
    Accept,
    /// The pair is not the same company.
    Reject,
    /// The customer has no account in the CRM.
    None,
}

impl Word {
    /// The word that files show.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Word::Accept => "accept",
            Word::Reject => "reject",
            Word::None => "none",
        }
    }

    /// The verdict that a typed word means, in English, German, French or Japanese; case, width
    /// and blanks do not matter.
    pub(crate) fn from_typed(typed: &str) -> Option<Word> {
        use unicode_normalization::UnicodeNormalization;

        let folded: String = typed.nfkc().flat_map(char::to_lowercase).collect();
        match folded.trim() {
            "accept" | "annehmen" | "accepter" | "採用" => Some(Word::Accept),
            "reject" | "ablehnen" | "refuser" | "却下" => Some(Word::Reject),
            "none" | "keiner" | "aucun" | "該当なし" => Some(Word::None),
            _ => None,
        }
    }
}

/// One line of `verdicts.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The customer's key, [`Customer::id`](crate::report::Customer::id).
    pub(crate) customer_id: String,
    /// The account's id; empty for [`Word::None`].
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

/// A verdict on one account of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PairVerdict {
    /// The account's id.
    pub(crate) account_id: Box<str>,
    /// The [`fingerprint`] of what was seen; empty when not known.
    pub(crate) seen: Box<str>,
    /// Who said it; may be empty.
    pub(crate) reviewer: Box<str>,
}

/// The verdict that a customer has no account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoneVerdict {
    /// The [`customer_fingerprint`] of what was seen; empty when not known.
    pub(crate) seen: Box<str>,
    /// Who said it; may be empty.
    pub(crate) reviewer: Box<str>,
}

/// The verdicts in force on one customer. An acceptance and a `none` exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CustomerVerdicts {
    /// Accounts accepted, by id.
    pub(crate) accepted: Vec<PairVerdict>,
    /// Accounts rejected, by id.
    pub(crate) rejected: Vec<PairVerdict>,
    /// Whether the customer was settled as having none.
    pub(crate) none: Option<NoneVerdict>,
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
    fn take(&mut self, line: Verdict) {
        let Verdict { account_id, word, reviewer, seen, .. } = line;
        let (seen, reviewer) = (seen.into(), reviewer.into());
        if word == Word::None {
            self.accepted.clear();
            self.none = Some(NoneVerdict { seen, reviewer });
            return;
        }
        self.accepted.retain(|pair| *pair.account_id != *account_id);
        self.rejected.retain(|pair| *pair.account_id != *account_id);
        let side = if word == Word::Accept {
            self.none = None;
            &mut self.accepted
        } else {
            &mut self.rejected
        };
        let at = side.partition_point(|pair| *pair.account_id < *account_id);
        side.insert(at, PairVerdict { account_id: account_id.into(), seen, reviewer });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(customer: &str, account: &str, word: Word) -> Verdict {
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

    #[test]
    fn verdict_words_are_read_in_four_languages() {
        for (typed, want) in [
            ("accept", Some(Word::Accept)),
            ("ACCEPT ", Some(Word::Accept)),
            ("ａｃｃｅｐｔ", Some(Word::Accept)), // full width
            ("Annehmen", Some(Word::Accept)),
            ("accepter", Some(Word::Accept)),
            ("採用", Some(Word::Accept)),
            ("Reject", Some(Word::Reject)),
            ("ablehnen", Some(Word::Reject)),
            ("refuser", Some(Word::Reject)),
            ("却下", Some(Word::Reject)),
            ("None", Some(Word::None)),
            ("keiner", Some(Word::None)),
            ("aucun", Some(Word::None)),
            ("該当なし", Some(Word::None)),
            ("", None),
            ("yes", None),
        ] {
            assert_eq!(Word::from_typed(typed), want, "typed: {typed:?}");
        }
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
    fn typed_words_are_read_whatever_their_case() {
        assert_eq!(Word::from_typed(" Annehmen"), Some(Word::Accept));
        assert_eq!(Word::from_typed("perhaps"), None);
    }
}
