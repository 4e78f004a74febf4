//! One contact after the other to its status; the people to write to are gathered.

use std::{cmp::Ordering, hash::Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{
    accounts::{Joined, LinkedAccount, LinkedAccounts},
    address::{self, AddressKey},
    denials::{Denials, DeniedBy},
    known::KnownAccounts,
    listed::{
        ContactLists, DecidedByRecord, ListedContact, Status, StatusCounts, SuppressedContact,
        Suppression,
    },
    selection::{CountryKey, Selection},
};
use crate::{
    config::Config,
    crm::{AccountNames, Contact, Lifecycle, Permission},
    decide::{Decisions, Link},
    error::Result,
    report::Customers,
};

/// What is known before the contacts are read for the second time.
#[derive(Clone, Copy)]
pub struct Grounds<'d> {
    /// The choices of the run.
    pub config: &'d Config,
    /// The customers.
    pub customers: &'d Customers,
    /// What was decided about each customer.
    pub decisions: &'d Decisions,
    /// Who must not be written to, from all records.
    pub denials: &'d Denials,
    /// Who bears which name, from all accounts; empty where every contact names its account's id.
    pub names: &'d AccountNames,
    /// The join key of each account that was merged away, and that of its master.
    pub merged: &'d FxHashMap<Box<str>, Box<str>>,
    /// What two spellings of one country share.
    pub country: CountryKey<'d>,
}

/// Gives each contact its status.
pub struct Sieve<'d> {
    grounds: Grounds<'d>,
    accounts: LinkedAccounts<'d>,
    selection: Selection,
}

/// What was gathered from a stretch of contacts. Stretches are put together in any order.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    counts: StatusCounts,
    /// The best contact of each address of each customer.
    best: FxHashMap<(u32, AddressKey), ListedContact>,
    /// Addresses of customers that the lists do not take, hashed with the customer.
    unselected: FxHashSet<u64>,
    suppressed: Vec<(u32, SuppressedContact)>,
}

impl<'d> Sieve<'d> {
    /// Prepares the filters and the accounts.
    ///
    /// # Errors
    ///
    /// Fails when a filter names something that no report has.
    pub fn new(grounds: Grounds<'d>) -> Result<Sieve<'d>> {
        let Grounds { config, customers, decisions, denials, names, merged, country } = grounds;
        let accounts = LinkedAccounts::new(decisions, denials, names, merged);
        let selection = Selection::new(customers, decisions, &config.lists, country)?;
        Ok(Sieve { grounds, accounts, selection })
    }

    /// Tells contacts whose account is not linked from those that point at no account of the CRM;
    /// without this the latter count as the former.
    pub fn knowing(mut self, known: &'d KnownAccounts) -> Sieve<'d> {
        self.accounts.know(known);
        self
    }

    /// Gives a contact its status. The first that holds decides; nothing is allocated for a
    /// contact that is in no file.
    pub fn contact(&self, contact: &Contact<'_>, gathered: &mut Gathered) {
        let account = match self.accounts.join(contact) {
            Joined::NoAccount => return gathered.counts.add(Status::NoAccount),
            Joined::Unclear => return gathered.counts.add(Status::AccountUnclear),
            Joined::NotLinked => return gathered.counts.add(Status::AccountNotLinked),
            Joined::Linked(account) => account,
        };
        if let Some((reason, decided_by_record)) = self.suppression(contact, account) {
            let customer = account.link().candidate.customer;
            let contact = SuppressedContact {
                contact_id: contact.id.as_ref().into(),
                account: account.link().candidate.account.clone(),
                reason,
                decided_by_record,
            };
            gathered.suppressed.push((customer, contact));
            return gathered.counts.add(Status::Suppressed(reason));
        }
        let Some(email) = contact.emails().find_map(address::usable) else {
            return gathered.counts.add(Status::NoUsableAddress);
        };
        let Some(key) = AddressKey::from_raw(&email) else {
            return gathered.counts.add(Status::NoUsableAddress);
        };
        match account.links.iter().find(|link| self.takes(link)) {
            Some(link) => {
                gathered.list(key, Proposal { contact, account, link, email: &email }, self)
            }
            None => gathered.pass_over(account.link(), key),
        }
    }

    /// The lists, when every contact has its status.
    pub fn finish(&self, gathered: Gathered) -> ContactLists {
        let Gathered { mut counts, best, unselected, suppressed } = gathered;
        let customers = &self.grounds.customers.list;
        let mut of_customer = vec![(0, 0); customers.len()];
        let (mut listed, mut not_explicit) = (Vec::with_capacity(best.len()), 0);
        for contact in best.into_values() {
            if self.grounds.config.lists.require_consent
                && contact.email_permission != Permission::Allowed
            {
                not_explicit += 1;
                continue;
            }
            of_customer[contact.customer as usize].0 += 1;
            listed.push(contact);
        }
        listed.sort_unstable_by(|a, b| {
            let key = |of: &ListedContact| of.customer;
            (key(a), &a.contact_id, &a.email).cmp(&(key(b), &b.contact_id, &b.email))
        });
        for (customer, _) in &suppressed {
            of_customer[*customer as usize].1 += 1;
        }
        let mut suppressed: Vec<_> = suppressed.into_iter().map(|(_, contact)| contact).collect();
        suppressed.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        counts.listed = listed.len() as u64;
        counts.not_selected = unselected.len() as u64 + not_explicit;
        let notes = self.notes(&counts, not_explicit);
        ContactLists { listed, suppressed, counts, of_customer, notes }
    }

    fn notes(&self, counts: &StatusCounts, not_explicit: u64) -> Vec<String> {
        let mut notes = self.selection.notes.clone();
        let unknown = counts.suppressed[Suppression::ConsentUnknown as usize];
        if unknown > 0 {
            notes.push(format!(
                "{unknown} contacts are in no list, because no consent column was recognised in \
                 their file. Name it with `--column`, or list them with `--consent-unknown list`."
            ));
        }
        if not_explicit > 0 {
            notes.push(format!(
                "{not_explicit} contacts are not selected, because they have not explicitly agreed."
            ));
        }
        notes
    }

    fn takes(&self, link: &Link) -> bool {
        self.selection.takes.get(link.candidate.customer as usize).copied().unwrap_or(false)
    }

    /// Why a contact must not be written to, and the record that decides. In the order of
    /// [`Suppression::ALL`].
    fn suppression(
        &self,
        contact: &Contact<'_>,
        account: &LinkedAccount<'_>,
    ) -> Option<(Suppression, DecidedByRecord)> {
        let own = |reason| Some((reason, DecidedByRecord::Contact));
        if contact.email_permission == Permission::Denied {
            return own(Suppression::OptedOut);
        }
        if account.no_email {
            return Some((Suppression::AccountOptedOut, DecidedByRecord::Account));
        }
        if let Some((by, record)) = self.denied_elsewhere(contact) {
            let reason = match by {
                DeniedBy::Contact | DeniedBy::Lead | DeniedBy::Account => {
                    Suppression::AddressOptedOutElsewhere
                }
                DeniedBy::List => Suppression::SuppressionList,
                DeniedBy::Bounce => Suppression::Bounced,
            };
            return Some((reason, DecidedByRecord::Other(record.into())));
        }
        if contact.bounced {
            return own(Suppression::Bounced);
        }
        match contact.lifecycle {
            Lifecycle::Inactive | Lifecycle::Deleted => return own(Suppression::InactiveContact),
            Lifecycle::MergedInto(_) => return own(Suppression::MergedContact),
            Lifecycle::Active => {}
        }
        if self.is_own_staff(contact) {
            return own(Suppression::OwnStaff);
        }
        let unknown = contact.email_permission == Permission::Unknown;
        let listed_all_the_same = self.grounds.config.lists.list_unknown_consent;
        (unknown && !listed_all_the_same)
            .then_some((Suppression::ConsentUnknown, DecidedByRecord::None))
    }

    /// The strongest denial of any of a contact's addresses. That mail came back counts for the
    /// first address only: it says nothing of the others.
    fn denied_elsewhere(&self, contact: &Contact<'_>) -> Option<(DeniedBy, &'d str)> {
        let denials = self.grounds.denials;
        let of_address = |email: &str| {
            denials.of(email).filter(|(by, _)| *by != DeniedBy::Bounce || email == contact.email)
        };
        contact.emails().filter_map(of_address).min()
    }

    fn is_own_staff(&self, contact: &Contact<'_>) -> bool {
        let own = &self.grounds.config.own_domains;
        !own.is_empty()
            && contact
                .emails()
                .filter_map(address::domain)
                .any(|domain| own.iter().any(|own| address::is_within(&domain, own)))
    }
}

/// A contact that may be listed.
#[derive(Clone, Copy)]
struct Proposal<'p, 'c> {
    contact: &'p Contact<'c>,
    account: &'p LinkedAccount<'p>,
    link: &'p Link,
    email: &'p str,
}

impl Gathered {
    /// Adds what was gathered elsewhere.
    pub fn absorb(&mut self, other: Gathered) {
        self.counts.absorb(&other.counts);
        self.suppressed.extend(other.suppressed);
        for (key, theirs) in other.best {
            match self.best.entry(key) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(theirs);
                }
                std::collections::hash_map::Entry::Occupied(mut mine) => {
                    self.counts.add(Status::Duplicate);
                    if better(&theirs, mine.get()) {
                        mine.insert(theirs);
                    }
                }
            }
        }
        for hash in other.unselected {
            if !self.unselected.insert(hash) {
                self.counts.add(Status::Duplicate);
            }
        }
    }

    /// Keeps a contact if it is the best with its address so far.
    fn list(&mut self, key: AddressKey, proposal: Proposal<'_, '_>, sieve: &Sieve<'_>) {
        let place = (proposal.link.candidate.customer, key);
        let Some(known) = self.best.get_mut(&place) else {
            self.best.insert(place, proposal.listed(sieve));
            return;
        };
        self.counts.add(Status::Duplicate);
        if proposal.permission() >= known.email_permission {
            let new = proposal.listed(sieve);
            if better(&new, known) {
                *known = new;
            }
        }
    }

    /// Counts a contact of a customer that the lists do not take.
    fn pass_over(&mut self, link: &Link, key: AddressKey) {
        let mut hash = FxHasher::default();
        hash.write_u64(key.number());
        hash.write_u32(link.candidate.customer);
        if !self.unselected.insert(hash.finish()) {
            self.counts.add(Status::Duplicate);
        }
    }
}

/// Whether one contact is better than another with the same address: explicit consent first, then
/// more filled fields, then the smaller id. Rows of one id are told apart by all they say.
fn better(new: &ListedContact, known: &ListedContact) -> bool {
    let rank = |of: &ListedContact| (of.email_permission, of.filled_fields());
    let by_rank = rank(new).cmp(&rank(known));
    by_rank.then_with(|| known.contact_id.cmp(&new.contact_id)).then_with(|| known.cmp(new))
        == Ordering::Greater
}

impl Proposal<'_, '_> {
    fn permission(&self) -> Permission {
        self.contact.email_permission
    }

    fn listed(&self, sieve: &Sieve<'_>) -> ListedContact {
        let Proposal { contact, account, link, email } = self;
        let record = &link.candidate.account;
        let customer = &sieve.grounds.customers.list[link.candidate.customer as usize];
        let calls_denied = account.no_phone || contact.phone_permission == Permission::Denied;
        let phone = match contact.phone {
            _ if calls_denied => "",
            "" => contact.mobile,
            phone => phone,
        };
        let (first_name, last_name) = names(contact);
        let places = [
            (contact.city, contact.country),
            (&*record.city, &*record.country),
            (customer.city.as_str(), customer.country.as_str()),
        ];
        let place =
            places.into_iter().find(|(city, country)| !(city.is_empty() && country.is_empty()));
        let (city, country) = place.unwrap_or_default();
        ListedContact {
            customer: link.candidate.customer,
            contact_id: contact.id.as_ref().into(),
            account_id: record.id.clone(),
            account_name: record.name.clone(),
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: (*email).into(),
            email_permission: self.permission(),
            phone: phone.into(),
            job_title: contact.job_title.into(),
            city: city.into(),
            country: country.into(),
            account_inactive: record.inactive,
            pass: link.candidate.comparison.pass,
            score: link.candidate.comparison.score,
        }
    }
}

/// First and last name. A full name is cut only where two words in Latin letters leave no doubt;
/// else it stands as the last name.
fn names<'c>(contact: &Contact<'c>) -> (&'c str, &'c str) {
    if !(contact.first_name.is_empty() && contact.last_name.is_empty()) {
        return (contact.first_name, contact.last_name);
    }
    let full = contact.full_name;
    let latin = full.chars().all(|letter| (letter as u32) < 0x250);
    let mut words = full.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(first), Some(last), None) if latin => (first, last),
        _ => ("", full),
    }
}
