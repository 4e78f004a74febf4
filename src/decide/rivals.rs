//! What another account of a customer says against the best one.

use super::Decider;
use crate::{
    compare::{Level, Pass},
    link::Candidate,
};

/// The last letter of the Latin blocks.
const LAST_LATIN: char = '\u{24f}';

impl Decider<'_> {
    /// Whether a later pass's pair speaks for another account, whatever it weighs: a number agrees
    /// there that does not agree here, or names do that differ here, in one script, and the pair
    /// weighs more.
    pub(super) fn contradicts(&self, best: &Candidate, other: &Candidate) -> bool {
        let (here, there) = (&best.comparison, &other.comparison);
        let by_id = there.id == Level::Agrees && here.id != Level::Agrees && !there.family;
        let by_name = there.name == Level::Agrees
            && here.name == Level::Differs
            && there.weight > here.weight
            && self.are_in_one_script(best);
        there.pass > here.pass && (by_id || by_name)
    }

    /// Whether a pair is of another place, and another one of the customer's own: the name alone does not
    /// say which is meant.
    pub(super) fn is_nearer(best: &Candidate, other: &Candidate) -> bool {
        let (here, there) = (&best.comparison, &other.comparison);
        here.pass == Some(Pass::Name)
            && here.place == Level::Differs
            && there.place == Level::Agrees
            && there.pass.is_some()
    }

    /// Whether both names of a pair are in Latin letters, or neither: else they cannot be compared.
    fn are_in_one_script(&self, pair: &Candidate) -> bool {
        let is_latin = |name: &str| {
            let mut letters = name.chars().filter(|letter| letter.is_alphabetic());
            letters.all(|letter| letter <= LAST_LATIN)
        };
        let customer = &self.customers.list[pair.customer as usize].name;
        is_latin(customer) == is_latin(pair.account.name())
    }

    /// Whether all that speaks for a pair is a number that the other account has as well: it says
    /// nothing of which is meant.
    pub(super) fn share_a_number(&self, best: &Candidate, other: &Candidate) -> bool {
        best.comparison.pass == Some(Pass::Id) && other.comparison.id == Level::Agrees
    }
}
