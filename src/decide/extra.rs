//! Which words only one name of a pair has.

use super::Decider;
use crate::{
    compare::{AccountSide, Evidence},
    index::{WordRef, dictionary::WordClass, is_city},
    link::Candidate,
    normalise::place::Place,
};

/// Which side of a pair has identifying words that the other lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extra {
    /// The customer.
    pub(super) customer: bool,
    /// The account.
    pub(super) account: bool,
}

impl Decider<'_> {
    /// The words by which the names of a pair differ.
    pub(super) fn extra(&self, candidate: &Candidate) -> Extra {
        let customer = &self.matcher.index.customers[candidate.customer as usize];
        let Candidate { customer: at, account, .. } = candidate;
        self.matcher.compare_again(*at, account, |side, _, seen| {
            let words: Vec<WordRef<'_>> = self.matcher.index.refs(customer).collect();
            Extra {
                customer: any_more(&words, seen.alignment.left_used, side.place),
                account: has_more(side, seen, &customer.place),
            }
        })
    }
}

/// Whether an account's name has identifying words that the customer's lacks.
pub(super) fn has_more(account: &AccountSide<'_>, evidence: &Evidence, other: &Place) -> bool {
    any_more(account.words, evidence.alignment.right_used, other)
}

/// Whether any unused word identifies the company: none in brackets, no article, not the city of either.
fn any_more(words: &[WordRef<'_>], used: u32, other: &Place) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        used & (1 << at) == 0
            && !word.word.optional
            && !word.word.in_city
            && word.word.class != WordClass::Particle
            && !is_city(word.text, word.word.shape, other)
    })
}
