//! Whether a pass may accept a pair by itself.

use super::{Decider, Field, bits, extra::Extra};
use crate::{
    compare::{Level, Pass, parameters::Limits, place::PlaceLevels},
    config::UnlikeNames,
    index::CustomerRecord,
    link::{AccountRecord, Candidate, Candidates},
    normalise::domain::DomainClass,
};

/// What the CRM knows of its accounts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Crm {
    /// Whether most of the accounts that came near are known by their names only.
    names_only: bool,
}

/// By how many bits a pair is ahead.
pub(super) struct Leads {
    /// Of the other accounts of its customer that are no duplicates.
    pub(super) customer: f64,
    /// Of the other customers of its account.
    pub(super) account: f64,
}

impl Leads {
    /// What the leads add to the weight of the pair, in bits.
    pub(super) fn counted(&self, limits: &Limits) -> f64 {
        limits.lead * (self.customer.min(limits.lead_most) + self.account.min(limits.lead_most))
    }
}

impl Decider<'_> {
    /// Looks at the accounts of all candidates.
    pub(super) fn crm(&self, candidates: &Candidates) -> Crm {
        let (mut pairs, mut bare) = (0, 0);
        for candidate in candidates.all() {
            pairs += 1;
            bare += usize::from(is_bare_account(&candidate.account));
        }
        Crm { names_only: 2 * bare > pairs }
    }

    /// Whether a pair is worth a person's look: at or above the lower limit, or with an equal
    /// domain or id, whatever else differs.
    pub(super) fn is_near(&self, candidate: &Candidate) -> bool {
        candidate.comparison.reaches(self.matcher.matching.limits.review())
    }

    /// What a pair weighs, in hundredths of a bit. The allowance for names that must do is for
    /// lists that know nothing else: among accounts that have domains and places, one that has
    /// neither gets none.
    pub(super) fn weight(&self, candidate: &Candidate, crm: Crm) -> i32 {
        let customer = &self.matcher.index.customers[candidate.customer as usize];
        let odd = !crm.names_only && is_bare_account(&candidate.account) && !is_bare(customer);
        let allowance = match odd && self.places(candidate).state != Some(Level::Differs) {
            true => self.matcher.matching.weights.names_only * 100.0,
            false => 0.0,
        };
        candidate.comparison.weight - allowance.round() as i32
    }

    fn places(&self, candidate: &Candidate) -> PlaceLevels {
        let customer = &self.matcher.index.customers[candidate.customer as usize];
        customer.place.compare(&self.matcher.place(&candidate.account))
    }

    /// Whether a pass may accept a pair by itself: it reaches the pass's limit, raised by how far
    /// it is ahead of the other accounts of its customer and the other customers of its account.
    pub(super) fn is_acceptable(&self, candidate: &Candidate, field: &Field<'_>) -> bool {
        let comparison = &candidate.comparison;
        let Some(pass) = comparison.pass else { return false };
        if comparison.family && comparison.name != Level::Similar {
            return false;
        }
        let leads = self.leads(candidate, field);
        if leads.account < self.matcher.matching.limits.rival_margin {
            return false;
        }
        let lead = leads.counted(&self.matcher.matching.limits);
        let reaches = || bits(self.weight(candidate, field.crm)) + lead >= self.asked(candidate);
        match pass {
            Pass::Domain if comparison.name == Level::Agrees => {
                reaches() || self.domain_carries(candidate, field.candidates)
            }
            Pass::Domain => {
                (comparison.name == Level::Similar && reaches())
                    || self.domain_carries(candidate, field.candidates)
            }
            Pass::Name => reaches() && !self.is_longer_namesake(candidate),
            Pass::Id => reaches(),
        }
    }

    /// What a pair must weigh with its leads, in bits.
    pub(super) fn asked(&self, candidate: &Candidate) -> f64 {
        let limits = &self.matcher.matching.limits;
        let limit = match candidate.comparison.pass {
            Some(Pass::Domain) => limits.accept_domain,
            Some(Pass::Name) if self.place_confirms(candidate) => limits.accept_place,
            Some(Pass::Name) | None => limits.accept_name,
            Some(Pass::Id) => limits.accept_id,
        };
        self.matcher.matching.accept_weight(limit, self.customers.list.len())
    }

    /// Whether the place makes up for a part of the name: a city for a name that agrees or that
    /// leaves out words of the customer's, as people do who type; a postal code for any that is
    /// alike.
    fn place_confirms(&self, candidate: &Candidate) -> bool {
        let comparison = &candidate.comparison;
        comparison.place == Level::Agrees
            && (comparison.name == Level::Agrees
                || self.postal_code_agrees(candidate)
                || !self.extra(candidate).account)
    }

    /// Whether an account has the customer's name and more, in the same city only: a branch or a
    /// sister, or a namesake.
    pub(super) fn is_longer_namesake(&self, candidate: &Candidate) -> bool {
        let comparison = &candidate.comparison;
        comparison.name == Level::Similar
            && comparison.place == Level::Agrees
            && !self.postal_code_agrees(candidate)
            && self.extra(candidate) == Extra { customer: false, account: true }
    }

    fn postal_code_agrees(&self, candidate: &Candidate) -> bool {
        self.places(candidate).postal_code == Some(Level::Agrees)
    }

    /// How far a candidate is ahead on either side; of nothing that was kept, beyond measure.
    pub(super) fn leads(&self, candidate: &Candidate, field: &Field<'_>) -> Leads {
        let others = field.found.iter().chain(field.far);
        let others = others.filter(|other| !field.are_duplicates(candidate, other));
        let next = others.map(|other| self.weight(other, field.crm)).max();
        let weight = self.weight(candidate, field.crm);
        let customer = next.map_or(f64::INFINITY, |other| bits(weight - other));
        Leads { customer, account: self.lead_of_account(candidate, true) }
    }

    /// How far a candidate is ahead of the other customers of its account. Equal rivals may be one
    /// company twice in the reports: who comes first takes the account.
    pub(super) fn lead_of_account(&self, candidate: &Candidate, equal_is_same: bool) -> f64 {
        let weight = candidate.comparison.weight;
        match candidate.rival.filter(|_| !self.share_accounts) {
            Some(rival) if rival != weight || !equal_is_same => bits(weight - rival),
            _ => f64::INFINITY,
        }
    }

    /// Whether an equal domain may link whatever the pair weighs: it is unique on both sides and
    /// has any further support.
    fn domain_carries(&self, candidate: &Candidate, candidates: &Candidates) -> bool {
        let supported = candidate.comparison.supported || self.unlike_names == UnlikeNames::Link;
        supported && self.has_unique_domain(candidate, candidates)
    }

    /// Whether no other customer and no other account holds a domain that both sides have.
    pub(super) fn has_unique_domain(&self, candidate: &Candidate, candidates: &Candidates) -> bool {
        let customer = &self.matcher.index.customers[candidate.customer as usize];
        customer.domains.iter().any(|(domain, class)| {
            *class == DomainClass::Own
                && candidate.account.domains().any(|held| held == domain)
                && self.matcher.index.with_domain(domain).len() == 1
                && candidates.holders(domain).len() == 1
        })
    }
}

/// Whether a customer is known by its name only.
fn is_bare(customer: &CustomerRecord) -> bool {
    let place = &customer.place;
    place.postal_code.is_empty() && place.city.is_empty() && customer.domains.is_empty()
}

/// Whether an account is known by its name only.
fn is_bare_account(account: &AccountRecord) -> bool {
    account.postal_code().is_empty() && account.city().is_empty() && account.domain().is_empty()
}
