//! The domains that accounts hold through the addresses of their contacts.

use std::hash::Hasher;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::ContactDomains;
use crate::{
    crm::{AccountNames, Contact},
    index::Index,
    normalise::domain::DomainRules,
    text::{hash::StableHasher, id::account_hash},
};

/// The usable addresses of contacts, by account: what [`contact_domains`](super::contact_domains)
/// makes of a batch of contacts.
///
/// Parts are put together with [`ContactAddresses::merge`], in any order; a contact that comes
/// twice counts once. When all parts are together, [`ContactAddresses::table`] says which domains
/// count.
///
/// Who can read the contacts twice need not hold the addresses of every account: first
/// [`ContactAddresses::on_report`] over all of them, then [`ContactAddresses::total`], which takes
/// the accounts only that hold an address on a domain of the report. The table is the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ContactAddresses {
    /// Hashed join key of an account to its usable addresses.
    usable: FxHashMap<u64, Addresses>,
    /// The same of the addresses on a domain of the report, by domain.
    on_report: FxHashMap<u64, FxHashMap<Box<str>, Addresses>>,
}

/// Addresses by their hashes; a hash may stand there several times until [`Addresses::count`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Addresses(SmallVec<[u32; 4]>);

impl Addresses {
    fn add(&mut self, address: u32) {
        // repeats go before room is made for more, so that they never take room
        if self.0.len() == self.0.capacity() {
            self.settle();
        }
        self.0.push(address);
    }

    fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }

    fn merge(&mut self, other: Addresses) {
        self.0.extend(other.0);
        self.settle();
    }

    fn count(mut self) -> usize {
        self.settle();
        self.0.len()
    }
}

impl ContactAddresses {
    /// Notes a contact; `buffer` is room for an address.
    pub fn contact(
        &mut self,
        contact: &Contact<'_>,
        names: &AccountNames,
        index: &Index,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        self.on_report(contact, names, index, rules, buffer);
        self.total(contact, names, rules, buffer);
    }

    /// Notes of a contact the addresses on a domain of the report alone.
    pub fn on_report(
        &mut self,
        contact: &Contact<'_>,
        names: &AccountNames,
        index: &Index,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        each_usable(contact, names, rules, buffer, |key, domain, address| {
            if index.with_domain(domain).is_empty() {
                return;
            }
            let domains = self.on_report.entry(key).or_default();
            match domains.get_mut(domain) {
                Some(addresses) => addresses.add(address),
                None => domains.entry(domain.into()).or_default().add(address),
            }
        });
    }

    /// Whether no address was found on a domain of the report.
    pub fn is_empty(&self) -> bool {
        self.on_report.is_empty()
    }

    /// Whether the account of a contact holds an address on a domain of the report.
    pub fn counts(&self, contact: &Contact<'_>, names: &AccountNames) -> bool {
        account_of(contact, names).is_some_and(|key| self.on_report.contains_key(&key))
    }

    /// Notes all usable addresses of a contact, and not which of them are on a domain of the report.
    pub fn total(
        &mut self,
        contact: &Contact<'_>,
        names: &AccountNames,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        each_usable(contact, names, rules, buffer, |key, _, address| {
            self.usable.entry(key).or_default().add(address);
        });
    }

    /// Takes in the addresses of other contacts.
    #[must_use]
    pub fn merge(mut self, other: ContactAddresses) -> ContactAddresses {
        if self.usable.len() < other.usable.len() {
            return other.merge(self);
        }
        for (key, addresses) in other.usable {
            self.usable.entry(key).or_default().merge(addresses);
        }
        for (key, domains) in other.on_report {
            let known = self.on_report.entry(key).or_default();
            for (domain, addresses) in domains {
                known.entry(domain).or_default().merge(addresses);
            }
        }
        self
    }

    /// The domains that count: at least two contacts or the only one, and at least half of the
    /// account's usable addresses. Sorted.
    pub fn table(mut self) -> ContactDomains {
        let mut counting = ContactDomains::default();
        for (key, domains) in self.on_report {
            let total = self.usable.remove(&key).map_or(0, Addresses::count);
            let mut kept: SmallVec<[Box<str>; 1]> = domains
                .into_iter()
                .map(|(domain, addresses)| (domain, addresses.count()))
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

/// Hands out the usable addresses of a contact: the join key of the account, hashed, the domain,
/// the hash of the address.
fn each_usable(
    contact: &Contact<'_>,
    names: &AccountNames,
    rules: &DomainRules,
    buffer: &mut String,
    mut take: impl FnMut(u64, &str, u32),
) {
    let mut account = None;
    for email in contact.emails().filter(|email| email.contains('@')) {
        let Some((domain, class)) = rules.read(email, buffer) else { continue };
        if !class.is_usable() {
            continue;
        }
        let Some(key) = account.get_or_insert_with(|| account_of(contact, names)) else {
            return;
        };
        take(*key, domain, address_hash(&contact.id, email));
    }
}

/// The hashed join key of a contact's account, by id or by a name that one account bears.
fn account_of(contact: &Contact<'_>, names: &AccountNames) -> Option<u64> {
    if contact.account_id.is_empty() {
        return names.only_bearer(contact.account_name);
    }
    Some(account_hash(&contact.account_id))
}

/// The hash of an address of a contact: the same on every machine and in every run.
fn address_hash(contact: &str, email: &str) -> u32 {
    let mut hash = StableHasher::default();
    hash.write(contact.as_bytes());
    hash.write_u8(0);
    hash.write(email.as_bytes());
    let hash = hash.finish();
    (hash >> 32) as u32 ^ hash as u32
}
