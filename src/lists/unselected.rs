//! Contacts of customers that the lists do not take: counted, and no more kept of them than needed.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::listed::{DecidedByRecord, SuppressedContact};
use crate::{
    consent::address::AddressKey,
    status::{ContactCounts, ContactStatus, Suppression},
};

/// A customer, and the address of one of its contacts.
type Place = (u32, AddressKey);

/// A contact and its account.
type Ids = (Box<str>, Box<str>);

/// The contacts of customers that the lists do not take, each address of a customer once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unselected {
    /// Hashes of the places, where nobody can turn out to be denied.
    hashes: FxHashSet<u64>,
    /// The contacts of each place, where an account denies e-mail to people of the same address.
    named: FxHashMap<Place, Vec<Ids>>,
}

impl Unselected {
    /// Adds a contact; `ids` where it may turn out that its address is denied.
    pub(crate) fn add(
        &mut self,
        place: Place,
        ids: Option<(&str, &str)>,
        counts: &mut ContactCounts,
    ) {
        match ids {
            Some((contact, account)) => {
                self.named.entry(place).or_default().push((contact.into(), account.into()));
            }
            None => self.add_hash(hash(place), counts),
        }
    }

    /// Adds what was gathered elsewhere.
    pub(crate) fn absorb(&mut self, other: Unselected, counts: &mut ContactCounts) {
        other.hashes.into_iter().for_each(|hash| self.add_hash(hash, counts));
        for (place, contacts) in other.named {
            self.named.entry(place).or_default().extend(contacts);
        }
    }

    /// How many there are, those aside whose address is that of somebody whose account denies
    /// e-mail: they are suppressed.
    pub(crate) fn close(
        self,
        denied: &FxHashMap<AddressKey, Box<str>>,
        suppressed: &mut Vec<(u32, SuppressedContact)>,
        counts: &mut ContactCounts,
    ) -> u64 {
        let reason = Suppression::AddressOptedOutElsewhere;
        let mut free = self.hashes.len() as u64;
        for ((customer, key), contacts) in self.named {
            let Some(account) = denied.get(&key) else {
                free += 1;
                counts.duplicate += contacts.len() as u64 - 1;
                continue;
            };
            for (contact_id, account_id) in contacts {
                let decided_by_record = DecidedByRecord::Other(account.clone());
                let contact = SuppressedContact {
                    contact_id,
                    account_id,
                    reason,
                    decided_by_record,
                    person: None,
                };
                suppressed.push((customer, contact));
                counts.add(ContactStatus::Suppressed);
            }
        }
        free
    }

    fn add_hash(&mut self, hash: u64, counts: &mut ContactCounts) {
        if !self.hashes.insert(hash) {
            counts.add(ContactStatus::Duplicate);
        }
    }
}

fn hash((customer, key): Place) -> u64 {
    let mut hash = FxHasher::default();
    hash.write_u64(key.number());
    hash.write_u32(customer);
    hash.finish()
}
