//! One contact after the other to its status; the people to write to are gathered.

use rustc_hash::FxHashMap;

use super::{
    account::{Joined, LinkedAccount, LinkedAccounts},
    choose::Narrowing,
    clear::{clear_of_accounts, clear_of_denials},
    listed::{ContactLists, DecidedByRecord, ListedContact, SuppressedContact},
    roles::PeopleRules,
    select::{Choices, CountryKey, Selection},
    survivorship::{self, Records},
    unselected::Unselected,
};
use crate::{
    config::Config,
    consent::{
        address::{self, AddressKey},
        opt_outs::{DeniedBy, OptOuts},
    },
    crm::{AccountNames, Contact, Lifecycle, Permission},
    decide::{Decisions, Link},
    error::Result,
    read::value::DateOrder,
    report::{Customers, ReportRules},
    status::{ContactCounts, ContactStatus, Suppression, SuppressionCounts},
    text::bloom_filter::BloomFilter,
};

/// What is known before the contacts are read for the second time.
#[derive(Clone, Copy)]
pub struct StatusInputs<'d> {
    /// The choices of the run.
    pub config: &'d Config,
    /// The customers.
    pub customers: &'d Customers,
    /// What was decided about each customer.
    pub decisions: &'d Decisions,
    /// Who must not be written to, from all records.
    pub denials: &'d OptOuts,
    /// Who bears which name, from all accounts; empty where every contact names its account's id.
    pub names: &'d AccountNames,
    /// The join key of each account that was merged away, and that of its master.
    pub merged: &'d FxHashMap<Box<str>, Box<str>>,
    /// What two spellings of one country share.
    pub country: CountryKey<'d>,
    /// Whether a column of the accounts may hold a consent that nobody has told the meaning of.
    pub accounts_in_doubt: bool,
    /// How people are merged and chosen.
    pub people: &'d PeopleRules,
    /// What bands of fit and intent are called.
    pub bands: &'d ReportRules,
}

/// Gives each contact its status.
pub struct StatusDecider<'d> {
    grounds: StatusInputs<'d>,
    accounts: LinkedAccounts<'d>,
    selection: Selection,
}

/// What was gathered from a stretch of contacts. Stretches are put together in any order.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    counts: ContactCounts,
    /// The contacts of each address of each customer that the lists take.
    people: FxHashMap<(u32, AddressKey), Records>,
    /// Contacts of customers that the lists do not take.
    unselected: Unselected,
    suppressed: Vec<(u32, SuppressedContact)>,
    /// Addresses of people whose account denies e-mail, each with the smallest id of an account.
    denied_by_account: FxHashMap<AddressKey, Box<str>>,
}

impl<'d> StatusDecider<'d> {
    /// Prepares the filters and the accounts.
    ///
    /// # Errors
    ///
    /// Fails when a filter names something that no report has.
    pub fn new(grounds: StatusInputs<'d>) -> Result<StatusDecider<'d>> {
        let StatusInputs {
            config,
            customers,
            decisions,
            denials,
            names,
            merged,
            country,
            bands,
            ..
        } = grounds;
        let accounts = LinkedAccounts::new(decisions, denials, names, merged);
        let choices = Choices {
            lists: &config.lists,
            as_of: config.as_of,
            country,
            band: &|cell| bands.band(cell),
        };
        let selection = Selection::new(customers, decisions, choices)?;
        Ok(StatusDecider { grounds, accounts, selection })
    }

    /// Tells contacts whose account is not linked from those that point at no account of the CRM;
    /// without this the latter count as the former.
    pub fn knowing(mut self, known: Option<&'d BloomFilter>) -> StatusDecider<'d> {
        self.accounts.know(known);
        self
    }

    /// Gives a contact its status of which only the account is known, where that is enough: most
    /// contacts belong to accounts that are not linked. Says whether it did.
    pub fn passes_by(&self, place: &Contact<'_>, gathered: &mut Gathered) -> bool {
        let status = match self.accounts.join(place) {
            Joined::NoAccount => ContactStatus::NoAccount,
            Joined::Unclear => ContactStatus::AccountUnclear,
            Joined::NotLinked => ContactStatus::AccountNotLinked,
            Joined::Linked(_) => return false,
        };
        // the addresses of those whose account denies e-mail are needed
        if self.accounts.denying(place, self.grounds.denials).is_some() {
            return false;
        }
        gathered.counts.add(status);
        true
    }

    /// Gives a contact its status. The first that holds decides; nothing is allocated for a
    /// contact that is in no file. `source` is the place of its file among the inputs.
    pub fn contact(&self, contact: &Contact<'_>, source: usize, gathered: &mut Gathered) {
        self.note_denial_of_account(contact, gathered);
        let account = match self.accounts.join(contact) {
            Joined::NoAccount => return gathered.counts.add(ContactStatus::NoAccount),
            Joined::Unclear => return gathered.counts.add(ContactStatus::AccountUnclear),
            Joined::NotLinked => return gathered.counts.add(ContactStatus::AccountNotLinked),
            Joined::Linked(account) => account,
        };
        if let Some((reason, decided_by_record)) = self.suppression(contact, account) {
            let customer = account.link().candidate.customer;
            let person =
                if reason.is_denial() { survivorship::person_key(customer, contact) } else { None };
            let contact = SuppressedContact {
                contact_id: contact.id.as_ref().into(),
                account_id: account.id().into(),
                reason,
                decided_by_record,
                person,
            };
            gathered.suppressed.push((customer, contact));
            return gathered.counts.add(ContactStatus::Suppressed);
        }
        let Some(email) = contact.emails().find_map(address::usable) else {
            return gathered.counts.add(ContactStatus::NoUsableAddress);
        };
        let Some(key) = self.key(&email) else {
            return gathered.counts.add(ContactStatus::NoUsableAddress);
        };
        match account.links.iter().find(|link| self.takes(link)) {
            Some(link) => {
                let listed =
                    Proposal { contact, account, link, email: &email, source }.listed(self);
                gathered.people.entry((link.candidate.customer, key)).or_default().push(listed);
            }
            None => {
                let place = (account.link().candidate.customer, key);
                let may_be_denied = self.grounds.denials.has_denying_accounts();
                let ids = may_be_denied.then(|| (contact.id.as_ref(), account.id()));
                gathered.unselected.add(place, ids, &mut gathered.counts);
            }
        }
    }

    /// The lists, when every contact has its status.
    pub fn finish(&self, gathered: Gathered) -> ContactLists {
        let Gathered { mut counts, mut people, unselected, mut suppressed, denied_by_account } =
            gathered;
        let customers = &self.grounds.customers.list;
        clear_of_accounts(&mut people, &denied_by_account, &mut suppressed, &mut counts);
        let unselected = unselected.close(&denied_by_account, &mut suppressed, &mut counts);
        let people = self.merge(people, &mut counts);
        let people = clear_of_denials(people, &mut suppressed, &mut counts);
        let narrowing = Narrowing {
            lists: &self.grounds.config.lists,
            customers: self.grounds.customers,
            rules: self.grounds.people,
            order: &self.selection.order,
            areas: &self.selection.areas,
        };
        let (mut listed, left) = narrowing.choose(people);
        listed.sort_by_key(|contact| self.selection.order[contact.customer as usize]);
        let mut of_customer = vec![(0, 0); customers.len()];
        for contact in &listed {
            of_customer[contact.customer as usize].0 += 1;
        }
        for (customer, _) in &suppressed {
            of_customer[*customer as usize].1 += 1;
        }
        let bare = |(_, contact)| SuppressedContact { person: None, ..contact };
        let mut suppressed: Vec<_> = suppressed.into_iter().map(bare).collect();
        suppressed.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        counts.listed = listed.len() as u64;
        counts.not_selected = unselected + left.total();
        let mut reasons = SuppressionCounts::default();
        suppressed.iter().for_each(|contact| reasons.add(contact.reason));
        let notes = self.notes(reasons.consent_unknown, left.not_explicit);
        ContactLists { listed, suppressed, counts, reasons, of_customer, notes }
    }

    /// Notes the addresses of a contact whose account denies e-mail, linked or not: they hold for
    /// records of other accounts too.
    fn note_denial_of_account(&self, contact: &Contact<'_>, gathered: &mut Gathered) {
        let Some(account) = self.accounts.denying(contact, self.grounds.denials) else { return };
        for key in contact.emails().filter_map(|email| self.key(email)) {
            let known = gathered.denied_by_account.entry(key).or_insert_with(|| account.into());
            if account < &**known {
                *known = account.into();
            }
        }
    }

    /// The key under which addresses are one person's.
    fn key(&self, email: &str) -> Option<AddressKey> {
        match self.grounds.config.lists.fold_addresses {
            true => AddressKey::folded(email),
            false => AddressKey::from_raw(email),
        }
    }

    /// One record per person: first by address, then by name and telephone number at one customer.
    fn merge(
        &self,
        people: FxHashMap<(u32, AddressKey), Records>,
        counts: &mut ContactCounts,
    ) -> Vec<ListedContact> {
        let survivorship = &self.grounds.people.survivorship;
        let records: u64 = people.values().map(|records| records.len() as u64).sum();
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
        counts.duplicate += records - merged.len() as u64;
        merged.sort_unstable_by(|a, b| {
            let key = |of: &ListedContact| of.customer;
            (key(a), &a.contact_id, &a.email).cmp(&(key(b), &b.contact_id, &b.email))
        });
        merged
    }

    fn notes(&self, unknown: u64, not_explicit: u64) -> Vec<String> {
        let mut notes = self.selection.notes.clone();
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
        if self.grounds.denials.individual_denies(contact) {
            let wishes = DecidedByRecord::Other(contact.individual_id.into());
            return Some((Suppression::OptedOut, wishes));
        }
        if account.no_email {
            return Some((Suppression::AccountOptedOut, DecidedByRecord::Account));
        }
        if let Some((by, record)) = self.denied_elsewhere(contact) {
            let reason = match by {
                DeniedBy::Contact | DeniedBy::Lead | DeniedBy::Consent | DeniedBy::Account => {
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
        let unknown =
            contact.email_permission == Permission::Unknown || self.grounds.accounts_in_doubt;
        let listed_all_the_same = self.grounds.config.lists.list_unknown_consent;
        (unknown && !listed_all_the_same)
            .then_some((Suppression::ConsentUnknown, DecidedByRecord::None))
    }

    /// The strongest denial of any of a contact's addresses. That mail came back counts for the
    /// first address only: it says nothing of the others.
    fn denied_elsewhere(&self, contact: &Contact<'_>) -> Option<(DeniedBy, &'d str)> {
        let denials = self.grounds.denials;
        let fold = self.grounds.config.lists.fold_addresses;
        let of_address = |email: &str| {
            let folded = fold.then(|| denials.of_folded(email)).flatten();
            let denied = denials.of(email).or(folded);
            denied.filter(|(by, _)| *by != DeniedBy::Bounce || email == contact.email)
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
    source: usize,
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
        for (key, theirs) in other.people {
            self.people.entry(key).or_default().extend(theirs);
        }
        for (key, account) in other.denied_by_account {
            let known = self.denied_by_account.entry(key).or_insert_with(|| account.clone());
            if account < *known {
                *known = account;
            }
        }
        self.unselected.absorb(other.unselected, &mut self.counts);
    }
}

impl Proposal<'_, '_> {
    fn listed(&self, sieve: &StatusDecider<'_>) -> ListedContact {
        let Proposal { contact, account, link, email, source } = self;
        let record = &link.candidate.account;
        let denials = sieve.grounds.denials;
        let number = if contact.phone.is_empty() { contact.mobile } else { contact.phone };
        let calls_denied = account.no_phone
            || contact.phone_permission == Permission::Denied
            || denials.denies_calls(email)
            || denials.denies_number(number);
        let ads_denied = denials.denies_ads(email);
        let phone = if calls_denied { "" } else { number };
        let (first_name, last_name) = survivorship::names(contact);
        let (city, postal_code, country) = self.place(sieve);
        let denied = |denied: bool, own| if denied { Permission::Denied } else { own };
        // a consent is tied to the first address; of another one it is known that nobody denies
        let is_first = AddressKey::from_raw(contact.email) == AddressKey::from_raw(email);
        let of_address = |own| match own {
            Permission::Allowed if !is_first => Permission::NotDenied,
            own => own,
        };
        ListedContact {
            customer: link.candidate.customer,
            contact_id: contact.id.as_ref().into(),
            account_id: record.id().into(),
            account_name: record.name().into(),
            salutation: contact.salutation.into(),
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: (*email).into(),
            email_permission: of_address(contact.email_permission),
            phone_permission: denied(calls_denied, contact.phone_permission),
            post_permission: contact.post_permission,
            ad_permission: denied(ads_denied, of_address(contact.ad_permission)),
            phone: phone.into(),
            job_title: contact.job_title.into(),
            city: city.into(),
            postal_code: postal_code.into(),
            country: country.into(),
            account_owner: record.owner().into(),
            account_inactive: record.is_inactive(),
            modified: DateOrder::DayFirst.parse(contact.modified),
            source: *source as u32,
            person_keys: survivorship::person_key(link.candidate.customer, contact)
                .into_iter()
                .collect(),
            role: "".into(),
            role_address: false,
            merged_contact_ids: Vec::new(),
            values_from: "".into(),
            pass: link.candidate.comparison.pass,
            score: link.candidate.comparison.score,
        }
    }

    /// City, postal code and country: the contact's own, else the account's, else the customer's.
    fn place<'p>(&'p self, sieve: &'p StatusDecider<'_>) -> (&'p str, &'p str, &'p str) {
        let record = &self.link.candidate.account;
        let customer = &sieve.grounds.customers.list[self.link.candidate.customer as usize];
        let of = self.contact;
        let places = [
            (of.city, of.postal_code, of.country),
            (record.city(), record.postal_code(), record.country()),
            (&*customer.city, &*customer.postal_code, &*customer.country),
        ];
        let filled =
            |(city, _, country): &(&str, &str, &str)| !(city.is_empty() && country.is_empty());
        places.into_iter().find(filled).unwrap_or_default()
    }
}
