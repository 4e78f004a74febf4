//! The points that a pair needs and has: to explain it.

use super::{Decider, Duplicates, Field, bits};
use crate::link::{Candidate, Candidates};

/// The points that a pair needs and has, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    /// The match weight.
    pub(crate) weight: f64,
    /// How far it is ahead of the other accounts of its customer that are no duplicates.
    pub(crate) lead_of_customer: f64,
    /// How far it is ahead of the other customers of its account; infinite where that is no matter.
    pub(crate) lead_of_account: f64,
    /// What both leads add to the weight.
    pub(crate) counted: f64,
    /// What weight and leads must reach.
    pub(crate) asked: f64,
    /// Whether no other customer and no other account holds a domain that both sides have.
    pub(crate) has_unique_domain: bool,
    /// Whether the account has the customer's name and more, in the same city only.
    pub(crate) is_longer_namesake: bool,
    /// Whether it is the same company as a better account of the customer.
    pub(crate) is_second_account: bool,
}

impl Decider<'_> {
    /// How a pair stands, by the same code that decides; `None` for a pair of no pass.
    pub(crate) fn standing(&self, pair: &Candidate, candidates: &Candidates) -> Option<Standing> {
        pair.comparison.pass?;
        let crm = self.crm(candidates);
        let (kept, _) = candidates.of(pair.customer);
        let kept = kept.into_iter().map(|kept| kept.candidate.clone());
        let (found, far): (Vec<Candidate>, Vec<Candidate>) =
            kept.partition(|candidate| self.is_near(candidate));
        let duplicates = Duplicates::new(self, &found);
        let field = Field { crm, found: &found, far: &far, duplicates: &duplicates, candidates };
        let leads = self.leads(pair, &field);
        let at = found.iter().position(|other| other.account.is_same_account(&pair.account));
        Some(Standing {
            weight: bits(self.weight(pair, crm)),
            lead_of_customer: leads.customer,
            lead_of_account: leads.account,
            counted: leads.counted(&self.matcher.matching.limits),
            asked: self.asked(pair),
            has_unique_domain: self.has_unique_domain(pair, candidates),
            is_longer_namesake: self.is_longer_namesake(pair),
            is_second_account: at.is_some_and(|at| (0..at).any(|one| duplicates.are(one, at))),
        })
    }
}
