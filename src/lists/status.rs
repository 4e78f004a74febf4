//! The status of a contact: the first that holds, from top to bottom. What its own row decides is
//! [`StatusDecider::contact`], what other rows decide is [`StatusDecider::finish`].

use rustc_hash::FxHashMap;

use super::{
    account::{Joined, LinkedAccount, LinkedAccounts},
    current_deal::CurrentDeals,
    gathered::Gathered,
    listed::DecidedByRecord,
    proposal::Proposal,
    roles::PeopleRules,
    select::{Choices, CountryKey, Selection},
    worth::{self, Worth},
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
    report::{Customers, ReportRules},
    status::{ContactStatus, Suppression},
    text::bloom_filter::BloomFilter,
};

/// What is known before the contacts are read for the second time.
#[derive(Clone, Copy)]
pub(crate) struct StatusInputs<'d> {
    /// The choices of the run.
    pub(crate) config: &'d Config,
    /// The customers.
    pub(crate) customers: &'d Customers,
    /// What was decided about each customer.
    pub(crate) decisions: &'d Decisions,
    /// Who must not be written to, from all records.
    pub(crate) denials: &'d OptOuts,
    /// Which accounts have which name; empty where every contact has its account's id.
    pub(crate) names: &'d AccountNames,
    /// The join key of each account that was merged away, and that of its master.
    pub(crate) merged: &'d FxHashMap<Box<str>, Box<str>>,
    /// What two spellings of one country share.
    pub(crate) country: CountryKey<'d>,
    /// Whether a column of the accounts may hold a consent whose meaning nobody has said.
    pub(crate) accounts_in_doubt: bool,
    /// How people are merged and chosen.
    pub(crate) people: &'d PeopleRules,
    /// What bands of fit and intent are called.
    pub(crate) bands: &'d ReportRules,
    /// Who is in the middle of a deal.
    pub(crate) deals: &'d CurrentDeals,
    /// What each customer is expected to be worth, where the lists are ordered by that; else empty.
    pub(crate) worth: &'d [Worth],
}

/// Gives each contact its status.
pub(crate) struct StatusDecider<'d> {
    pub(super) inputs: StatusInputs<'d>,
    accounts: LinkedAccounts<'d>,
    pub(super) selection: Selection,
}

impl<'d> StatusDecider<'d> {
    /// Prepares the filters and the accounts.
    ///
    /// # Errors
    ///
    /// Fails when a filter names something that no report has.
    pub(crate) fn new(inputs: StatusInputs<'d>) -> Result<StatusDecider<'d>> {
        let StatusInputs { config, customers, decisions, denials, names, merged, .. } = inputs;
        let accounts = LinkedAccounts::new(decisions, denials, names, merged);
        let choices = Choices {
            lists: &config.lists,
            as_of: config.as_of,
            country: inputs.country,
            band: &|cell| inputs.bands.band(cell),
        };
        let mut selection = Selection::new(customers, decisions, choices)?;
        selection.mind(inputs.deals, config.lists.open_deals);
        if !inputs.worth.is_empty() {
            selection.order = worth::places(inputs.worth, &selection.order);
        }
        Ok(StatusDecider { inputs, accounts, selection })
    }

    /// Distinguishes contacts whose account is not linked from those that point at no account;
    /// without this the latter count as the former.
    pub(crate) fn knowing(mut self, known: Option<&'d BloomFilter>) -> StatusDecider<'d> {
        self.accounts.know(known);
        self
    }

    /// Gives a contact its status, as far as its own row decides. A row that cannot be read does
    /// not come here: it is `unreadable`.
    ///
    /// `place` holds what joins the contact to an account. That is enough for most, whose account
    /// is not linked; for the others `read` gives all of the row. `source` is the place of its file
    /// among the inputs. Returns the status; `None` where other rows decide.
    pub(crate) fn contact<'c>(
        &self,
        place: &Contact<'_>,
        read: impl FnOnce() -> Contact<'c>,
        source: usize,
        gathered: &mut Gathered,
    ) -> Option<ContactStatus> {
        let end = |gathered: &mut Gathered, status| {
            gathered.end(status);
            Some(status)
        };
        let account = match self.accounts.join(place) {
            Joined::NoAccount(why) => {
                gathered.apart(source, why);
                Err(ContactStatus::NoAccount)
            }
            Joined::Unclear => Err(ContactStatus::AccountUnclear),
            Joined::NotLinked => Err(ContactStatus::AccountNotLinked),
            Joined::Linked(account) => Ok(account),
        };
        // an account that denies e-mail denies it for the addresses of its contacts, linked or not; and so
        // does another row of a contact, or one that was merged into it
        let by_account = self.accounts.denying(place, self.inputs.denials);
        let by_record = self.inputs.denials.denies_record(place);
        if let (Err(status), None, false) = (&account, by_account, by_record) {
            return end(gathered, *status);
        }
        let contact = read();
        // what a row says itself is known of its addresses
        let by_record = by_record && contact.email_permission < Permission::Unclear;
        if let Some(denying) = by_account.or(by_record.then_some(&*contact.id)) {
            gathered.deny(contact.emails().filter_map(|email| self.key(email)), denying);
        }
        let account = match account {
            Ok(account) => account,
            Err(status) => return end(gathered, status),
        };
        if let Some((reason, record)) = self.suppression(&contact, account) {
            gathered.suppress(&contact, account, reason, record);
            return Some(ContactStatus::Suppressed);
        }
        let is_meant = |email: &String| !self.inputs.people.is_placeholder(email);
        let email = contact.emails().filter_map(address::usable).find(is_meant);
        let Some((email, key)) = email.and_then(|email| self.key(&email).map(|key| (email, key)))
        else {
            return end(gathered, ContactStatus::NoUsableAddress);
        };
        // duplicate, not selected or listed: other rows decide
        match account.links.iter().find(|link| self.takes(link)) {
            Some(link) => {
                let contact = Proposal { contact: &contact, account, link, email: &email, source };
                gathered.propose(contact.listed(&self.inputs), key);
            }
            None => {
                let may_be_denied = self.inputs.denials.has_denying_accounts();
                gathered.leave(&contact, account, key, may_be_denied);
            }
        }
        None
    }

    /// The key under which addresses are one person's.
    fn key(&self, email: &str) -> Option<AddressKey> {
        if self.inputs.config.lists.fold_addresses {
            AddressKey::folded(email)
        } else {
            AddressKey::from_raw(email)
        }
    }

    /// Whether the lists take the customer of a link.
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
        if self.inputs.denials.individual_denies(contact) {
            let record = DecidedByRecord::Other(contact.individual_id.into());
            return Some((Suppression::OptedOut, record));
        }
        if contact.email_permission == Permission::Unclear {
            return Some((Suppression::ConsentUnknown, DecidedByRecord::None));
        }
        if self.inputs.denials.denies_record(contact) {
            let other = DecidedByRecord::Other(contact.id.as_ref().into());
            return Some((Suppression::AddressOptedOutElsewhere, other));
        }
        if account.no_email {
            return Some((Suppression::AccountOptedOut, DecidedByRecord::Account));
        }
        if let Some((by, record)) = self.denied_elsewhere(contact) {
            let reason = match by {
                DeniedBy::Contact | DeniedBy::Lead | DeniedBy::Consent | DeniedBy::Account => {
                    Suppression::AddressOptedOutElsewhere
                }
                DeniedBy::List => Suppression::OnList,
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
        let in_doubt = contact.in_doubt
            || self.inputs.accounts_in_doubt
            || self.inputs.denials.is_in_doubt(contact);
        let no_column = contact.email_permission == Permission::Unknown;
        let listed_all_the_same = self.inputs.config.lists.list_unknown_consent;
        (in_doubt || (no_column && !listed_all_the_same))
            .then_some((Suppression::ConsentUnknown, DecidedByRecord::None))
    }

    /// The strongest denial of any of a contact's addresses. That mail came back counts for the
    /// first address only: it says nothing of the others.
    fn denied_elsewhere(&self, contact: &Contact<'_>) -> Option<(DeniedBy, &'d str)> {
        let denials = self.inputs.denials;
        let fold = self.inputs.config.lists.fold_addresses;
        let of_address = |email: &str| {
            let folded = fold.then(|| denials.of_folded(email)).flatten();
            let denied = denials.of(email).or(folded);
            denied.filter(|(by, _)| *by != DeniedBy::Bounce || email == contact.email)
        };
        contact.emails().filter_map(of_address).min()
    }

    fn is_own_staff(&self, contact: &Contact<'_>) -> bool {
        let own = &self.inputs.config.own_domains;
        !own.is_empty()
            && contact
                .emails()
                .filter_map(address::domain)
                .any(|domain| own.iter().any(|own| address::is_within(&domain, own)))
    }
}
