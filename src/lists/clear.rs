//! Takes people out of the lists who have denied in another record.

use rustc_hash::FxHashMap;

use super::{
    listed::{DecidedByRecord, ListedContact, SuppressedContact},
    survivorship::Records,
};
use crate::{
    consent::address::AddressKey,
    status::{ContactCounts, ContactStatus, Suppression},
};

/// Takes out the records whose address is that of somebody whose account denies e-mail.
pub(crate) fn clear_of_accounts(
    people: &mut FxHashMap<(u32, AddressKey), Records>,
    denied: &FxHashMap<AddressKey, Box<str>>,
    suppressed: &mut Vec<(u32, SuppressedContact)>,
    counts: &mut ContactCounts,
) {
    if denied.is_empty() {
        return;
    }
    let reason = Suppression::AddressOptedOutElsewhere;
    people.retain(|(customer, key), records| {
        let Some(account) = denied.get(key) else { return true };
        for of in records.iter() {
            let contact = SuppressedContact {
                contact_id: of.contact_id.clone(),
                account_id: of.account_id.clone(),
                reason,
                decided_by_record: DecidedByRecord::Other(account.clone()),
                person: of.person_keys.first().copied(),
            };
            suppressed.push((*customer, contact));
            counts.add(ContactStatus::Suppressed);
        }
        false
    });
}

/// Takes out the people who have denied under another address: at one customer, the same name
/// and telephone number are one person.
pub(crate) fn clear_of_denials(
    people: Vec<ListedContact>,
    suppressed: &mut Vec<(u32, SuppressedContact)>,
    counts: &mut ContactCounts,
) -> Vec<ListedContact> {
    let mut denied: FxHashMap<u64, SuppressedContact> = FxHashMap::default();
    for (_, contact) in suppressed.iter() {
        let Some(key) = contact.person else { continue };
        let known = denied.entry(key).or_insert_with(|| contact.clone());
        if contact.order() < known.order() {
            *known = contact.clone();
        }
    }
    let reason = Suppression::AddressOptedOutElsewhere;
    let is_free = |person: &ListedContact| {
        let by = person.person_keys.iter().find_map(|key| denied.get(key));
        let Some(by) = by else { return true };
        let contact = SuppressedContact {
            contact_id: person.contact_id.clone(),
            account_id: by.account_id.clone(),
            reason,
            decided_by_record: DecidedByRecord::Other(by.contact_id.clone()),
            person: None,
        };
        suppressed.push((person.customer, contact));
        counts.add(ContactStatus::Suppressed);
        false
    };
    let mut is_free = is_free;
    people.into_iter().filter(|person| is_free(person)).collect()
}
