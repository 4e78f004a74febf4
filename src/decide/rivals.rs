//! What another account of a customer says against the best one.

use super::{Decider, accept::Crm, bits};
use crate::{
    compare::{Level, Pass},
    link::Candidate,
};

/// The last letter of the Latin blocks.
const LAST_LATIN: char = '\u{24f}';

impl Decider<'_> {
    /// Whether the pair of a later pass is better by more than the margin.
    pub(super) fn beats(&self, best: &Candidate, other: &Candidate, crm: Crm) -> bool {
        let similarity =
            |of: &Candidate| self.matcher.matching.similarity(bits(self.weight(of, crm)));
        other.comparison.pass > best.comparison.pass
            && similarity(other) > similarity(best) + self.matcher.matching.limits.conflict_margin
    }

    /// Whether a later pass's pair speaks for another account, whatever it weighs: a number agrees
    /// there that does not agree here, or names do that differ here, in one script, and the pair
    /// weighs more.
    pub(super) fn contradicts(&self, best: &Candidate, other: &Candidate, crm: Crm) -> bool {
        let (here, there) = (&best.comparison, &other.comparison);
        let by_id = there.id == Level::Agrees && here.id != Level::Agrees && !there.family;
        let by_name = there.name == Level::Agrees
            && here.name == Level::Differs
            && self.weight(other, crm) > self.weight(best, crm)
            && self.are_in_one_script(best);
        there.pass > here.pass && (by_id || by_name)
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

    /// Whether two candidates of a customer are equally good: of one pass and nearer than the
    /// margin, and neither place nor the CRM's status speaks for the first.
    pub(super) fn is_tie(&self, best: &Candidate, other: &Candidate, crm: Crm) -> bool {
        let (here, there) = (&best.comparison, &other.comparison);
        // One number on several accounts says nothing of which is meant.
        if here.pass != Some(Pass::Domain) && here.id == Level::Agrees && there.id == Level::Agrees
        {
            return true;
        }
        let lead = bits(self.weight(best, crm) - self.weight(other, crm));
        here.pass == there.pass
            && lead < self.matcher.matching.limits.tie_margin
            && !(here.place == Level::Agrees && there.place != Level::Agrees)
            && (best.account.is_inactive() || !other.account.is_inactive())
    }

    /// Whether all that speaks for a pair is a number that the other account has as well: it says
    /// nothing of which is meant.
    pub(super) fn share_a_number(&self, best: &Candidate, other: &Candidate) -> bool {
        best.comparison.pass == Some(Pass::Id) && other.comparison.id == Level::Agrees
    }
}
