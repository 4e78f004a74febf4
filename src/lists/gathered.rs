//! What was gathered of the contacts, and the statuses that other rows decide: suppressed by the
//! denial of another, duplicate, not selected, listed.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    account::{Apart, LinkedAccount},
    choose::Narrowing,
    listed::{ContactLists, DecidedByRecord, ListedContact, SuppressedContact, Watched},
    status::StatusDecider,
    survivorship::{self, Records, Survivorship},
};
use crate::{
    consent::AddressKey,
    crm::Contact,
    status::{ContactCounts, ContactStatus, Suppression, SuppressionCounts},
};

/// A customer, and the address of one of its contacts.
type Place = (u32, AddressKey);

/// What was gathered from a stretch of contacts. Stretches are put together in any order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered {
    counts: ContactCounts,
    suppressed: Vec<SuppressedContact>,
    /// The contacts of each address of each customer that the lists take.
    people: FxHashMap<Place, Records>,
    unselected: Unselected,
    /// Addresses of people whose account, or another record of theirs, denies e-mail, each with the smallest
    /// id of such a one.
    denied_elsewhere: FxHashMap<AddressKey, Box<str>>,
    /// Contacts that nothing joins to an account, by the place of their file and by why.
    apart: BTreeMap<usize, [u64; 4]>,
    /// Contacts that are watched, by id.
    watched: BTreeMap<Box<str>, Watched>,
}

/// Contacts of customers that the lists do not take: no more is kept of them than needed.
#[derive(Debug, Clone, Default)]
struct Unselected {
    records: u64,
    addresses: FxHashSet<Place>,
    /// Contact and account of those whose address may turn out to be denied.
    named: Vec<(Place, Box<str>, Box<str>)>,
}

impl Gathered {
    /// Counts a contact whose status is known.
    pub(super) fn end(&mut self, status: ContactStatus) {
        self.counts.add(status);
    }

    /// Notes that nothing joins a contact to an account.
    pub(super) fn apart(&mut self, source: usize, why: Apart) {
        self.apart.entry(source).or_default()[why as usize] += 1;
    }

    /// Whether the names of accounts are needed: some contacts name one, and no file holds its id.
    pub(crate) fn needs_names(&self) -> bool {
        self.apart.values().any(|why| why[Apart::IdAndNameUnknown as usize] > 0)
    }

    /// The contacts that nothing joins to an account, and why, by the place of their file; nothing of
    /// files in which all of these name no account.
    pub(crate) fn apart_notes(&self) -> Vec<(usize, String)> {
        let note = |why: &[u64; 4]| {
            let [none, id, both, name] = *why;
            let told = [
                (none, "name no account"),
                (id, "have the id of an account that no file holds"),
                (both, "have the id and the name of an account that no file holds"),
                (name, "name an account that no file holds"),
            ];
            let told = told.iter().filter(|(count, _)| *count > 0);
            let told: Vec<String> = told.map(|(count, why)| format!("{count} {why}")).collect();
            format!("contacts that belong to no account: {}", told.join(", "))
        };
        let told = self.apart.iter().filter(|(_, why)| why[1..].iter().any(|count| *count > 0));
        told.map(|(source, why)| (*source, note(why))).collect()
    }

    /// Notes what became of a contact that is watched. Of several with its id the furthest counts.
    pub(crate) fn watch(&mut self, id: &str, watched: Watched) {
        let known = self.watched.entry(id.into()).or_insert_with(|| watched.clone());
        if watched < *known {
            *known = watched;
        }
    }

    /// Notes that an account or a record denies e-mail to the owner of some addresses.
    pub(super) fn deny(&mut self, addresses: impl Iterator<Item = AddressKey>, denying: &str) {
        for key in addresses {
            let known = self.denied_elsewhere.entry(key).or_insert_with(|| denying.into());
            if denying < &**known {
                *known = denying.into();
            }
        }
    }

    /// Adds a contact that must not be written to.
    pub(super) fn suppress(
        &mut self,
        contact: &Contact<'_>,
        account: &LinkedAccount<'_>,
        reason: Suppression,
        decided_by_record: DecidedByRecord,
    ) {
        let customer = account.link().candidate.customer;
        let person = reason.is_denial().then(|| survivorship::person_key(customer, contact));
        self.suppressed.push(SuppressedContact {
            contact_id: contact.id.as_ref().into(),
            account_id: account.id().into(),
            reason,
            decided_by_record,
            customer,
            person: person.flatten(),
        });
    }

    /// Adds a contact that may be listed.
    pub(super) fn propose(&mut self, contact: ListedContact, key: AddressKey) {
        self.people.entry((contact.customer, key)).or_default().push(contact);
    }

    /// Adds a contact that could be listed if the lists took its customer.
    pub(super) fn leave(
        &mut self,
        contact: &Contact<'_>,
        account: &LinkedAccount<'_>,
        key: AddressKey,
        may_be_denied: bool,
    ) {
        let place = (account.link().candidate.customer, key);
        self.unselected.records += 1;
        self.unselected.addresses.insert(place);
        if may_be_denied {
            let ids = (contact.id.as_ref().into(), account.id().into());
            self.unselected.named.push((place, ids.0, ids.1));
        }
    }

    /// Adds what was gathered elsewhere.
    pub(crate) fn merge(&mut self, other: Gathered) {
        self.counts.absorb(&other.counts);
        self.suppressed.extend(other.suppressed);
        for (place, theirs) in other.people {
            self.people.entry(place).or_default().extend(theirs);
        }
        self.unselected.records += other.unselected.records;
        self.unselected.addresses.extend(other.unselected.addresses);
        self.unselected.named.extend(other.unselected.named);
        for (source, theirs) in other.apart {
            let mine = self.apart.entry(source).or_default();
            mine.iter_mut().zip(theirs).for_each(|(sum, more)| *sum += more);
        }
        other.watched.into_iter().for_each(|(id, watched)| self.watch(&id, watched));
        for (key, denying) in other.denied_elsewhere {
            self.deny(std::iter::once(key), &denying);
        }
    }

    /// Suppresses the contacts whose address is that of somebody whose account or other record denies
    /// e-mail.
    fn suppress_denied_addresses(&mut self) {
        let Gathered { suppressed, people, unselected, denied_elsewhere, .. } = self;
        if denied_elsewhere.is_empty() {
            return;
        }
        let mut suppress = |customer, contact_id, account_id, person, denying: &str| {
            suppressed.push(SuppressedContact {
                contact_id,
                account_id,
                reason: Suppression::AddressOptedOutElsewhere,
                decided_by_record: DecidedByRecord::Other(denying.into()),
                customer,
                person,
            });
        };
        people.retain(|(customer, key), records| {
            let Some(denying) = denied_elsewhere.get(key) else { return true };
            for of in std::mem::take(records) {
                let person = of.person_keys.first().copied();
                suppress(*customer, of.contact_id, of.account_id, person, denying);
            }
            false
        });
        for (place, contact_id, account_id) in std::mem::take(&mut unselected.named) {
            let Some(denying) = denied_elsewhere.get(&place.1) else { continue };
            unselected.records -= 1;
            unselected.addresses.remove(&place);
            suppress(place.0, contact_id, account_id, None, denying);
        }
    }

    /// One record per person, by customer, contact id and address; the others are duplicates.
    fn without_duplicates(&mut self, survivorship: &Survivorship) -> Vec<ListedContact> {
        let people = std::mem::take(&mut self.people);
        let records: usize = people.values().map(Records::len).sum();
        let people = one_per_person(people, survivorship);
        self.counts.duplicate += (records - people.len()) as u64;
        self.counts.duplicate += self.unselected.records - self.unselected.addresses.len() as u64;
        people
    }

    /// Suppresses the people who have denied under another address: at one customer, the same name
    /// and telephone number are one person.
    fn suppress_denying_people(&mut self, people: &mut Vec<ListedContact>) {
        let mut denials: FxHashMap<u64, &SuppressedContact> = FxHashMap::default();
        for contact in &self.suppressed {
            let Some(key) = contact.person else { continue };
            let known = denials.entry(key).or_insert(contact);
            *known = contact.min(*known);
        }
        let mut suppressed = Vec::new();
        people.retain(|person| {
            let denial = person.person_keys.iter().find_map(|key| denials.get(key));
            suppressed.extend(denial.map(|by| SuppressedContact {
                contact_id: person.contact_id.clone(),
                account_id: person.account_id.clone(),
                reason: Suppression::AddressOptedOutElsewhere,
                decided_by_record: DecidedByRecord::Other(by.contact_id.clone()),
                customer: person.customer,
                person: None,
            }));
            denial.is_none()
        });
        self.suppressed.extend(suppressed);
    }
}

/// One record per person: first by address, then by name and telephone number at one customer.
fn one_per_person(
    people: FxHashMap<Place, Records>,
    survivorship: &Survivorship,
) -> Vec<ListedContact> {
    let mut by_person: FxHashMap<u64, Records> = FxHashMap::default();
    let mut merged = Vec::with_capacity(people.len());
    for records in people.into_values() {
        let person = survivorship.merge(records);
        match person.person_keys.first() {
            Some(key) => by_person.entry(*key).or_default().push(person),
            None => merged.push(person),
        }
    }
    merged.extend(by_person.into_values().map(|records| survivorship.merge(records)));
    merged.sort_unstable_by(|a, b| {
        let key = |of: &ListedContact| of.customer;
        (key(a), &a.contact_id, &a.email).cmp(&(key(b), &b.contact_id, &b.email))
    });
    merged
}

impl StatusDecider<'_> {
    /// The lists, when every contact is gathered: the statuses that other rows decide, in their
    /// order.
    pub(crate) fn finish(&self, mut gathered: Gathered) -> ContactLists {
        gathered.suppress_denied_addresses();
        let mut people = gathered.without_duplicates(&self.inputs.people.survivorship);
        gathered.suppress_denying_people(&mut people);
        let narrowing = Narrowing {
            lists: &self.inputs.config.lists,
            customers: self.inputs.customers,
            rules: self.inputs.people,
            order: &self.selection.order,
            areas: &self.selection.areas,
        };
        let (mut listed, left_out) = narrowing.choose(people);
        for contact in &mut listed {
            let at = contact.customer as usize;
            contact.worth = self.inputs.worth.get(at).cloned().unwrap_or_default();
            contact.deal = self.inputs.deals.words(at, Some(&self.selection.takes_in[at])).into();
        }
        listed.sort_by_key(|contact| self.selection.order[contact.customer as usize]);

        let Gathered { mut counts, mut suppressed, unselected, watched, .. } = gathered;
        suppressed.sort_unstable();
        counts.suppressed = suppressed.len() as u64;
        counts.not_selected = unselected.addresses.len() as u64 + left_out.total();
        counts.listed = listed.len() as u64;
        let mut reasons = SuppressionCounts::default();
        suppressed.iter().for_each(|contact| reasons.add(contact.reason));
        let mut of_customer = vec![(0, 0); self.inputs.customers.list.len()];
        listed.iter().for_each(|contact| of_customer[contact.customer as usize].0 += 1);
        suppressed.iter().for_each(|contact| of_customer[contact.customer as usize].1 += 1);
        let notes = self.notes(reasons.consent_unknown, left_out.not_explicit);
        let (takes, areas) = (self.selection.takes.clone(), self.selection.areas.clone());
        ContactLists {
            listed,
            suppressed,
            counts,
            reasons,
            of_customer,
            takes,
            areas,
            watched,
            notes,
        }
    }

    fn notes(&self, consent_unknown: u64, not_explicit: u64) -> Vec<String> {
        let mut notes = self.selection.notes.clone();
        if consent_unknown > 0 {
            let contacts = if consent_unknown == 1 { "contact is" } else { "contacts are" };
            notes.push(format!(
                "{consent_unknown} {contacts} on no list, because their consent is not known: no \
                 consent column was recognised in their file (name it with `--column`, or list them \
                 with `--consent-unknown list`), or its cell was not understood (see problems.csv)."
            ));
        }
        if not_explicit > 0 {
            notes.push(format!(
                "{not_explicit} contacts are not on the lists, because they have not explicitly agreed."
            ));
        }
        notes
    }
}
