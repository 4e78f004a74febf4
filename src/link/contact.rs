//! The domains that accounts hold through the addresses of their contacts.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::ContactDomains;
use crate::{
    crm::{AccountNames, Contact, account_hash},
    index::Index,
    normalise::domain::DomainRules,
};

/// Contacts whose address is on a domain of the report: hashed join key of the account, domain,
/// how many. Put together with [`DomainHits::merge`] in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DomainHits(FxHashMap<u64, FxHashMap<Box<str>, u32>>);

impl DomainHits {
    /// Notes a contact; `buffer` is room for an address.
    pub fn contact(
        &mut self,
        contact: &Contact<'_>,
        names: &AccountNames,
        index: &Index,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        for email in contact.emails().filter(|email| email.contains('@')) {
            let Some((domain, class)) = rules.read(email, buffer) else { continue };
            if !class.is_usable() || index.with_domain(domain).is_empty() {
                continue;
            }
            if let Some(key) = account_of(contact, names) {
                let domains = self.0.entry(key).or_default();
                match domains.get_mut(domain) {
                    Some(count) => *count += 1,
                    None => {
                        domains.insert(domain.into(), 1);
                    }
                }
            }
        }
    }

    /// Whether the account of a contact has a hit.
    pub fn knows(&self, contact: &Contact<'_>, names: &AccountNames) -> bool {
        account_of(contact, names).is_some_and(|key| self.0.contains_key(&key))
    }

    /// Counts the usable addresses of a contact of an account that has a hit.
    pub fn count(
        &self,
        contact: &Contact<'_>,
        names: &AccountNames,
        rules: &DomainRules,
        buffer: &mut String,
        totals: &mut FxHashMap<u64, u32>,
    ) {
        let Some(key) = account_of(contact, names).filter(|key| self.0.contains_key(key)) else {
            return;
        };
        for email in contact.emails().filter(|email| email.contains('@')) {
            if rules.read(email, buffer).is_some_and(|(_, class)| class.is_usable()) {
                *totals.entry(key).or_default() += 1;
            }
        }
    }

    /// Takes in the hits of other contacts.
    #[must_use]
    pub fn merge(mut self, other: DomainHits) -> DomainHits {
        for (key, domains) in other.0 {
            let known = self.0.entry(key).or_default();
            for (domain, count) in domains {
                *known.entry(domain).or_default() += count;
            }
        }
        self
    }

    /// Whether no contact is on a domain of the report.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The domains that count: at least two contacts or the only one, and at least half of the
    /// account's usable addresses. Sorted.
    pub fn domains(self, totals: &FxHashMap<u64, u32>) -> ContactDomains {
        let mut counting = ContactDomains::default();
        for (key, domains) in self.0 {
            let total = totals.get(&key).copied().unwrap_or(0);
            let mut kept: SmallVec<[Box<str>; 1]> = domains
                .into_iter()
                .filter(|(_, count)| (*count >= 2 || total == 1) && 2 * count >= total)
                .map(|(domain, _)| domain)
                .collect();
            kept.sort_unstable();
            if !kept.is_empty() {
                counting.insert(key, kept);
            }
        }
        counting
    }
}

/// The hashed join key of a contact's account, by id or by a name that one account bears.
fn account_of(contact: &Contact<'_>, names: &AccountNames) -> Option<u64> {
    if contact.account_id.is_empty() {
        return names.only_bearer(contact.account_name);
    }
    Some(account_hash(&contact.account_id))
}
