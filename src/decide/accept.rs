//! Whether a pair may be accepted, by its probability.

use super::{
    Decider, Field,
    extra::Extra,
    lists::{Lists, Rivals},
};
use crate::{
    compare::{Comparison, Level, Pass, Score},
    link::Candidate,
};

impl Decider<'_> {
    /// Whether a pair is worth a person's look: at or above the lower limit by itself, which is lower
    /// for an equal name where the lists are too few to say what the rest proves; or with an equal
    /// domain or id, whatever else differs.
    pub(crate) fn is_near(&self, pair: &Candidate, lists: &Lists<'_>) -> bool {
        let (of, limits) = (&pair.comparison, &self.matcher.matching.limits);
        let limit = match lists.learned.is_of_few() && of.name == Level::Agrees {
            true => limits.review_name,
            false => limits.review,
        };
        [of.domain, of.id].contains(&Level::Agrees)
            || self.probability(of, Rivals::default()) >= limit
    }

    /// What a pair is held against.
    pub(super) fn rivals(&self, pair: &Candidate, field: &Field<'_>) -> Rivals {
        let others = field.found.iter().filter(|other| !field.are_duplicates(pair, other));
        let others = others.filter(|other| !is_left_behind(other, pair));
        Rivals {
            of_customer: others.map(|other| super::lists::odds(other.comparison.weight)).sum(),
            of_account: match self.share_accounts {
                true => 0.0,
                false => field.lists.rivals_of_account(pair),
            },
        }
    }

    /// Whether a pair may be accepted against such rivals.
    pub(super) fn is_acceptable(
        &self,
        pair: &Candidate,
        rivals: Rivals,
        lists: &Lists<'_>,
    ) -> bool {
        let of = &pair.comparison;
        self.probability(of, rivals) >= self.matcher.matching.limits.accept
            && self.may_be_accepted(pair, lists)
    }

    /// Whether no rule forbids to accept a pair: what only a group has in common is no link, and
    /// neither is a domain that does not carry under a name that differs, a name alone in another state
    /// or country, or a longer name in the same place.
    fn may_be_accepted(&self, pair: &Candidate, lists: &Lists<'_>) -> bool {
        let of = &pair.comparison;
        let is_named = matches!(of.name, Level::Agrees | Level::Similar);
        let is_family = self.is_family_only(of);
        let is_bare_domain = of.pass == Some(Pass::Domain)
            && !is_named
            && !self.domain_carries(pair, lists.candidates);
        of.pass.is_some()
            && !is_family
            && !is_bare_domain
            && !is_namesake_elsewhere(of)
            && !self.is_longer_namesake(pair, lists)
            && !Self::is_other_unit(of, lists)
    }

    /// Whether all that speaks for a pair is what a group shares: a number or a domain of several customers,
    /// under names that are not similar, or not enough without that number.
    pub(super) fn is_family_only(&self, of: &Comparison) -> bool {
        let matching = self.matcher.matching;
        let stands_without_number = || {
            let number = (matching.weights.id_agrees * 100.0).round() as i32;
            let without = Comparison { weight: of.weight - number, id: Level::MissingRight, ..*of };
            self.probability(&without, Rivals::default()) >= matching.limits.accept
        };
        of.family
            && (of.name != Level::Similar || (of.id == Level::Agrees && !stands_without_number()))
    }

    /// Whether an account has the customer's name and more, and nothing but the place agrees besides: a
    /// branch or a sister, or a namesake. An equal postal code is enough where the names of the CRM
    /// often have more words.
    pub(super) fn is_longer_namesake(&self, pair: &Candidate, lists: &Lists<'_>) -> bool {
        let of = &pair.comparison;
        of.pass == Some(Pass::Name)
            && of.name == Level::Similar
            && of.place == Level::Agrees
            && of.id != Level::Agrees
            && (of.places.postal_code != Some(Level::Agrees) || !lists.learned.leaves_words_out)
            && self.extra(pair) == Extra { customer: false, account: true }
    }

    /// Whether a word by which the names differ names another unit of a family of companies, which has its
    /// seat in one place, and nothing else agrees; unless the CRM leaves such words out.
    pub(super) fn is_other_unit(of: &Comparison, lists: &Lists<'_>) -> bool {
        of.pass == Some(Pass::Name)
            && of.units_differ
            && of.place == Level::Agrees
            && of.id != Level::Agrees
            && !lists.learned.leaves_units_out
    }

    /// Makes the probability of a pair its score.
    pub(super) fn score(&self, pair: &mut Candidate, rivals: Rivals) {
        pair.comparison.score = Score::of(self.probability(&pair.comparison, rivals));
    }
}

/// Whether a name is all that agrees, and the account is in another state, or in another town of
/// another country. A country alone may be that of a stock exchange or of a parent.
fn is_namesake_elsewhere(of: &Comparison) -> bool {
    let differs = |level: Option<Level>| level == Some(Level::Differs);
    let places = &of.places;
    of.pass == Some(Pass::Name)
        && of.place == Level::Differs
        && of.id != Level::Agrees
        && (differs(places.state) || (differs(places.country) && differs(places.city)))
}

/// Whether an account that the CRM has switched off is no better than one that is in use: the
/// status breaks the tie.
fn is_left_behind(other: &Candidate, pair: &Candidate) -> bool {
    other.account.is_inactive()
        && !pair.account.is_inactive()
        && other.comparison.weight <= pair.comparison.weight
}
