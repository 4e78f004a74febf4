//! The domains that accounts hold through the addresses of their contacts.

use std::hash::Hasher;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::ContactDomains;
use crate::{
    crm::{AccountNames, Contact, name_hash},
    index::Index,
    normalise::domain::DomainRules,
    text::{hash::StableHasher, id::account_hash},
};

/// The usable addresses of contacts, by account: what [`contact_domains`](super::contact_domains)
/// makes of a batch of contacts.
///
/// Parts are put together with [`ContactAddresses::merge`], in any order; a contact that comes
/// twice counts once. When all parts are together, [`ContactAddresses::table`] says which domains
/// count. Which account a name belongs to need not be known before that: contacts without the id
/// of their account are kept by its name.
///
/// Who can read the contacts twice need not hold the addresses of every account: first
/// `ContactAddresses::on_report` over all of them, then `ContactAddresses::resolve`, then
/// `ContactAddresses::total` for those that `ContactAddresses::needs`, which are the contacts
/// of accounts that hold an address on a domain of the report. The table is the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ContactAddresses {
    /// By the hashed join key of the account.
    by_id: AddressesOfAccounts,
    /// By the hashed name of the account, of contacts that have no id of it.
    by_name: AddressesOfAccounts,
}

/// The addresses of some accounts, by a hash that stands for the account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct AddressesOfAccounts {
    /// The usable addresses.
    usable: FxHashMap<u64, Addresses>,
    /// The addresses on a domain of the report, by domain.
    on_report: FxHashMap<u64, FxHashMap<Box<str>, Addresses>>,
}

impl AddressesOfAccounts {
    fn merge(&mut self, other: AddressesOfAccounts) {
        for (key, addresses) in other.usable {
            self.usable.entry(key).or_default().merge(addresses);
        }
        for (key, domains) in other.on_report {
            self.add_on_report(key, domains);
        }
    }

    fn add_on_report(&mut self, key: u64, domains: FxHashMap<Box<str>, Addresses>) {
        let known = self.on_report.entry(key).or_default();
        for (domain, addresses) in domains {
            known.entry(domain).or_default().merge(addresses);
        }
    }

    fn len(&self) -> usize {
        self.usable.len() + self.on_report.len()
    }
}

/// How a contact says to which account it belongs.
#[derive(Debug, Clone, Copy)]
enum AccountKey {
    /// The hashed join key of the account.
    Id(u64),
    /// The hashed name of the account.
    Name(u64),
}

impl AccountKey {
    fn of(contact: &Contact<'_>) -> Option<AccountKey> {
        if contact.account_id.is_empty() {
            return name_hash(contact.account_name).map(AccountKey::Name);
        }
        Some(AccountKey::Id(account_hash(&contact.account_id)))
    }
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
    pub(crate) fn contact(
        &mut self,
        contact: &Contact<'_>,
        index: &Index,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        self.on_report(contact, index, rules, buffer);
        self.total(contact, rules, buffer);
    }

    /// Notes of a contact the addresses on a domain of the report alone.
    pub(crate) fn on_report(
        &mut self,
        contact: &Contact<'_>,
        index: &Index,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        each_usable(contact, rules, buffer, |key, domain, address| {
            if index.with_domain(domain).is_empty() {
                return;
            }
            let (accounts, key) = self.of(key);
            let domains = accounts.on_report.entry(key).or_default();
            match domains.get_mut(domain) {
                Some(addresses) => addresses.add(address),
                None => domains.entry(domain.into()).or_default().add(address),
            }
        });
    }

    /// Notes all usable addresses of a contact, and not which of them are on a domain of the report.
    pub(crate) fn total(
        &mut self,
        contact: &Contact<'_>,
        rules: &DomainRules,
        buffer: &mut String,
    ) {
        each_usable(contact, rules, buffer, |key, _, address| {
            let (accounts, key) = self.of(key);
            accounts.usable.entry(key).or_default().add(address);
        });
    }

    /// The accounts of which a key is one.
    fn of(&mut self, key: AccountKey) -> (&mut AddressesOfAccounts, u64) {
        match key {
            AccountKey::Id(id) => (&mut self.by_id, id),
            AccountKey::Name(name) => (&mut self.by_name, name),
        }
    }

    /// Gives the addresses kept by a name to the only account of that name; those of names that
    /// no account or several accounts have go.
    #[must_use]
    pub(crate) fn resolve(mut self, names: &AccountNames) -> ContactAddresses {
        for (name, addresses) in std::mem::take(&mut self.by_name.usable) {
            if let Some(id) = names.only_account_of(name) {
                self.by_id.usable.entry(id).or_default().merge(addresses);
            }
        }
        for (name, domains) in std::mem::take(&mut self.by_name.on_report) {
            if let Some(id) = names.only_account_of(name) {
                self.by_id.add_on_report(id, domains);
            }
        }
        self
    }

    /// Whether no address was found on a domain of the report.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.on_report.is_empty() && self.by_name.on_report.is_empty()
    }

    /// Whether all addresses of a contact are needed: its account holds one on a domain of the
    /// report. Asked when the names are resolved.
    pub(crate) fn needs(&self, contact: &Contact<'_>, names: &AccountNames) -> bool {
        let id = match AccountKey::of(contact) {
            Some(AccountKey::Id(id)) => Some(id),
            Some(AccountKey::Name(name)) => names.only_account_of(name),
            None => None,
        };
        id.is_some_and(|id| self.by_id.on_report.contains_key(&id))
    }

    /// Each address of an account, as three short texts: the account, the domain where it is one of
    /// the report, the address; in a fixed order. None of accounts that are known by their name.
    pub(crate) fn records(&self) -> Vec<[String; 3]> {
        let AddressesOfAccounts { usable, on_report } = &self.by_id;
        let record = |account: &u64, domain: &str, address: &u32| {
            [format!("{account:016x}"), domain.to_owned(), format!("{address:08x}")]
        };
        let mut records: Vec<[String; 3]> = Vec::new();
        for (account, addresses) in usable {
            records.extend(addresses.0.iter().map(|address| record(account, "", address)));
        }
        for (account, domains) in on_report {
            for (domain, addresses) in domains {
                records.extend(addresses.0.iter().map(|address| record(account, domain, address)));
            }
        }
        records.sort_unstable();
        records.dedup();
        records
    }

    /// Takes in one of [`ContactAddresses::records`]; `None` where it is none.
    pub(crate) fn add_record(&mut self, [account, domain, address]: [&str; 3]) -> Option<()> {
        let account = u64::from_str_radix(account, 16).ok()?;
        let address = u32::from_str_radix(address, 16).ok()?;
        let addresses = if domain.is_empty() {
            self.by_id.usable.entry(account).or_default()
        } else {
            self.by_id.on_report.entry(account).or_default().entry(domain.into()).or_default()
        };
        addresses.add(address);
        Some(())
    }

    /// Takes in the addresses of other contacts.
    #[must_use]
    pub fn merge(mut self, other: ContactAddresses) -> ContactAddresses {
        if self.by_id.len() < other.by_id.len() {
            return other.merge(self);
        }
        self.by_id.merge(other.by_id);
        self.by_name.merge(other.by_name);
        self
    }

    /// The domains that count: at least two contacts or the only one, and at least half of the
    /// account's usable addresses. Sorted. `names` says to which account a name belongs.
    pub fn table(self, names: &AccountNames) -> ContactDomains {
        let mut accounts = self.resolve(names).by_id;
        let mut counting = ContactDomains::default();
        for (key, domains) in accounts.on_report {
            let total = accounts.usable.remove(&key).map_or(0, Addresses::count);
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

/// Hands out the usable addresses of a contact: its account, the domain, the hash of the address.
fn each_usable(
    contact: &Contact<'_>,
    rules: &DomainRules,
    buffer: &mut String,
    mut take: impl FnMut(AccountKey, &str, u32),
) {
    let mut account = None;
    for email in contact.emails().filter(|email| email.contains('@')) {
        let Some((domain, class)) = rules.read(email, buffer) else { continue };
        if !class.is_usable() {
            continue;
        }
        let Some(key) = account.get_or_insert_with(|| AccountKey::of(contact)) else { return };
        take(*key, domain, address_hash(&contact.id, email));
    }
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
