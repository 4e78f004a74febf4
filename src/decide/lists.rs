//! The lists as a whole: what speaks for a pair or against it besides the pair itself.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{Decider, learned::Learned};
use crate::{
    compare::{Comparison, Level},
    config::UnlikeNames,
    link::{AccountRecord, Candidate, Candidates},
    normalise::domain::DomainClass,
};

/// A pair among those of its account.
struct Entry<'c> {
    /// Of the account's id.
    hash: u32,
    /// What the pair weighs in these lists, in hundredths of a bit.
    weight: i32,
    pair: &'c Candidate,
}

/// Who wants each account.
pub(super) struct Wanted<'c>(Vec<Entry<'c>>);

impl<'c> Wanted<'c> {
    fn new(candidates: &'c Candidates) -> Wanted<'c> {
        let entry = |pair: &'c Candidate| Entry {
            hash: pair.account.id_hash(),
            weight: pair.comparison.weight,
            pair,
        };
        let mut all: Vec<Entry<'_>> = candidates.all().map(entry).collect();
        all.par_sort_unstable_by_key(|of| (of.hash, of.pair.customer));
        Wanted(all)
    }

    /// The candidates that have an account, by customer.
    fn by<'w>(&'w self, account: &'w AccountRecord) -> impl Iterator<Item = &'w Entry<'c>> {
        let hash = account.id_hash();
        let start = self.0.partition_point(|of| of.hash < hash);
        let same = self.0[start..].iter().take_while(move |of| of.hash == hash);
        same.filter(|of| of.pair.account.is_same_account(account))
    }

    /// The candidate of a customer that has its whole name, if both have it alone.
    pub(super) fn sure(&self, customer: u32, candidates: &'c Candidates) -> Option<&'c Candidate> {
        let named = candidates.near(customer).iter().map(|kept| &kept.candidate);
        let mut named = named.filter(|of| of.comparison.same_name);
        let only = named.next().filter(|_| named.next().is_none())?;
        let bearers = self.by(&only.account).filter(|of| of.pair.comparison.same_name).count();
        (bearers == 1).then_some(only)
    }
}

/// The lists as a whole.
pub(crate) struct Lists<'c> {
    pub(crate) candidates: &'c Candidates,
    wanted: Wanted<'c>,
    pub(crate) learned: Learned,
}

/// What a pair is held against, as odds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rivals {
    /// The other accounts of its customer that are no duplicates.
    pub(super) of_customer: f64,
    /// The other customers of its account.
    pub(super) of_account: f64,
}

/// Whether the only word that identifies has a typing error, and no domain, number or postal code says
/// that it is none: it may be another surname.
fn is_typo_alone(of: &Comparison) -> bool {
    of.vague
        && of.name == Level::Agrees
        && ![of.domain, of.id].contains(&Level::Agrees)
        && of.places.postal_code != Some(Level::Agrees)
}

/// The odds of a weight in hundredths of a bit.
pub(super) fn odds(weight: i32) -> f64 {
    (f64::from(weight) / 100.0).exp2()
}

impl<'c> Lists<'c> {
    pub(crate) fn new(decider: &Decider<'_>, candidates: &'c Candidates) -> Lists<'c> {
        let wanted = Wanted::new(candidates);
        let learned = Learned::from(decider.matcher, candidates, &wanted);
        let mut lists = Lists { candidates, wanted, learned };
        let weigh = |of: &Entry<'_>| decider.weight(of.pair, &lists);
        let weights: Vec<i32> = lists.wanted.0.par_iter().map(weigh).collect();
        for (entry, weight) in lists.wanted.0.iter_mut().zip(weights) {
            entry.weight = weight;
        }
        lists
    }

    /// The candidates of a customer with what they weigh in these lists, best first, and whether
    /// some were cut off.
    pub(crate) fn of(&self, customer: u32) -> (Vec<Candidate>, bool) {
        let (kept, cut_off) = self.candidates.of(customer);
        let weighed = |of: &Candidate| {
            let mut entries = self.wanted.by(&of.account);
            let entry = entries.find(|other| other.pair.customer == customer);
            let mut pair = of.clone();
            pair.comparison.weight = entry.map_or(of.comparison.weight, |of| of.weight);
            pair
        };
        let mut found: Vec<Candidate> =
            kept.into_iter().map(|kept| weighed(&kept.candidate)).collect();
        found.sort_by_cached_key(|of| (Reverse(of.comparison.weight), of.account.clone()));
        (found, cut_off)
    }

    /// The odds of the other customers that want the account of a pair. Of the same weight are
    /// those that are one company twice in the reports: who comes first takes the account.
    pub(super) fn rivals_of_account(&self, pair: &Candidate) -> f64 {
        let others = self.wanted.by(&pair.account).filter(|of| of.pair.customer != pair.customer);
        let others = others.map(|of| of.weight).filter(|of| *of != pair.comparison.weight);
        others.map(odds).sum()
    }

    /// Why a pair weighs something else in these lists than by itself.
    pub(crate) fn why_changed(&self, pair: &Candidate) -> String {
        let name = self.is_unique_name(pair).then(|| "no other record has this name".to_owned());
        let learned = self.learned.sentences(&pair.comparison);
        name.into_iter().chain(learned).collect::<Vec<_>>().join("; ")
    }

    /// Whether the name of a pair stands once in either list.
    pub(super) fn is_unique_name(&self, pair: &Candidate) -> bool {
        let sure = || self.wanted.sure(pair.customer, self.candidates);
        pair.comparison.same_name
            && sure().is_some_and(|sure| sure.account.is_same_account(&pair.account))
    }
}

impl Decider<'_> {
    /// What a pair weighs in these lists, in hundredths of a bit.
    pub(super) fn weight(&self, pair: &Candidate, lists: &Lists<'_>) -> i32 {
        let of = &pair.comparison;
        let mut weight = of.weight + lists.learned.change(of);
        if is_typo_alone(of) {
            let strange = self.matcher.matching.limits.none_apart - lists.learned.typos;
            weight -= (strange.max(0.0) * 100.0).round() as i32;
        }
        if lists.is_unique_name(pair) {
            weight = weight.max(lists.learned.unique_name(of));
        }
        if self.domain_carries(pair, lists.candidates) {
            weight = weight.max(self.carried(of, lists));
        }
        weight
    }

    /// What a pair weighs at least whose domain nobody else holds, in hundredths of a bit: less in another
    /// town, by what towns prove in these lists.
    pub(super) fn carried(&self, of: &Comparison, lists: &Lists<'_>) -> i32 {
        let floor = (self.matcher.matching.limits.unique_domain * 100.0).round() as i32;
        floor + lists.learned.places(of).min(0)
    }

    /// The odds that no account is the customer's, as they stand against a pair: they grow with the
    /// lists, for the more customers there are, the more namesakes an account meets by chance; and
    /// where the names are not the same, and no domain or number agrees, for then a stranger may share as much.
    pub(super) fn none(&self, of: &Comparison) -> f64 {
        let limits = &self.matcher.matching.limits;
        let crowd = (self.customers.list.len() as f64 / 10_000.0).log2().max(0.0);
        let strange = match (of.domain, of.name) {
            _ if [of.domain, of.id].contains(&Level::Agrees) => 0.0,
            _ if of.apart => limits.none_apart,
            // of a typing error the weight knows
            (_, Level::Agrees) => 0.0,
            _ if of.vague && of.place != Level::Agrees => limits.none_apart,
            _ => limits.none_part,
        };
        (limits.none + limits.crowd * crowd + strange).exp2()
    }

    /// The probability, in the sense of the run, that a pair is one company.
    pub(super) fn probability(&self, of: &Comparison, rivals: Rivals) -> f64 {
        let odds = odds(of.weight);
        odds / (odds + self.none(of) + rivals.of_customer + rivals.of_account)
    }

    /// Whether an equal domain may link whatever the names weigh: it is unique on both sides, and has
    /// further support that names and places do not speak against.
    pub(super) fn domain_carries(&self, pair: &Candidate, candidates: &Candidates) -> bool {
        let of = &pair.comparison;
        let supported = of.supported && !(of.apart && of.place != Level::Agrees);
        of.domain == Level::Agrees
            && (supported || self.unlike_names == UnlikeNames::Link)
            && self.has_unique_domain(pair, candidates)
    }

    /// Whether no other customer and no other account holds a domain that both sides have.
    pub(super) fn has_unique_domain(&self, pair: &Candidate, candidates: &Candidates) -> bool {
        let customer = &self.matcher.index.customers[pair.customer as usize];
        customer.domains.iter().any(|(domain, class)| {
            *class == DomainClass::Own
                && pair.account.domains().any(|held| held == domain)
                && self.matcher.index.with_domain(domain).len() == 1
                && candidates.holders(domain).len() == 1
        })
    }
}
