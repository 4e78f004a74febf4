//! A contact's row, its account and its customer put together to a person to write to.

use super::{
    account::LinkedAccount, listed::ListedContact, status::StatusInputs, survivorship, worth::Worth,
};
use crate::{
    consent::AddressKey,
    crm::{Contact, Permission},
    decide::Link,
    read::value::DateOrder,
};

/// A contact that may be listed.
#[derive(Clone, Copy)]
pub(super) struct Proposal<'p, 'c> {
    pub(super) source: usize,
    pub(super) contact: &'p Contact<'c>,
    pub(super) account: &'p LinkedAccount<'p>,
    pub(super) link: &'p Link,
    pub(super) email: &'p str,
}

impl Proposal<'_, '_> {
    pub(super) fn listed(&self, inputs: &StatusInputs<'_>) -> ListedContact {
        let Proposal { contact, account, link, email, source } = self;
        let record = &link.candidate.account;
        let denials = inputs.denials;
        let number = if contact.phone.is_empty() { contact.mobile } else { contact.phone };
        let calls_denied = account.no_phone
            || contact.phone_permission >= Permission::Unclear
            || denials.denies_calls(email)
            || denials.denies_number(number);
        let ads_denied = denials.denies_ads(email);
        let phone = if calls_denied { "" } else { number };
        let (first_name, last_name) = survivorship::names(contact);
        let (city, postal_code, country) = self.place(inputs);
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
            deal: "".into(),
            worth: Worth::default(),
        }
    }

    /// City, postal code and country: the contact's own, else the account's, else the customer's.
    fn place<'p>(&'p self, inputs: &'p StatusInputs<'_>) -> (&'p str, &'p str, &'p str) {
        let record = &self.link.candidate.account;
        let customer = &inputs.customers.list[self.link.candidate.customer as usize];
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
