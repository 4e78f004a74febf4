//! What became of the contacts: the people to write to, those left out, and how many of each.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::worth::Worth;
use crate::{
    compare::{Pass, Score},
    crm::Permission,
    status::{ContactCounts, ContactStatus, Suppression, SuppressionCounts},
};

/// A person to write to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListedContact {
    /// Position of the customer in [`Customers::list`](crate::report::Customers::list).
    pub(crate) customer: u32,
    /// The CRM's contact id.
    pub(crate) contact_id: Box<str>,
    /// The linked account's id, as its own row has it.
    pub(crate) account_id: Box<str>,
    /// The account's name.
    pub(crate) account_name: Box<str>,
    /// The form of address.
    pub(crate) salutation: Box<str>,
    /// The first name.
    pub(crate) first_name: Box<str>,
    /// The last name.
    pub(crate) last_name: Box<str>,
    /// The address, its domain in small letters.
    pub(crate) email: Box<str>,
    /// [`Permission::Allowed`], [`Permission::NotDenied`], or unknown when the user lists those.
    pub(crate) email_permission: Permission,
    /// The phone number; empty where calls are denied.
    pub(crate) phone: Box<str>,
    /// The job title.
    pub(crate) job_title: Box<str>,
    /// The city, the contact's own, else the account's, else the customer's.
    pub(crate) city: Box<str>,
    /// The postal code, from the same record as the city.
    pub(crate) postal_code: Box<str>,
    /// The country, from the same record as the city.
    pub(crate) country: Box<str>,
    /// The permission for calls; the phone is empty where they are denied.
    pub(crate) phone_permission: Permission,
    /// The permission for postal mail.
    pub(crate) post_permission: Permission,
    /// The permission for use by advertising platforms.
    pub(crate) ad_permission: Permission,
    /// The owner of the account.
    pub(crate) account_owner: Box<str>,
    /// When the record was last changed.
    pub(crate) modified: Option<Date>,
    /// The place of the record's file among the inputs.
    pub(crate) source: u32,
    /// What identifies the person where addresses differ, ascending.
    pub(crate) person_keys: Vec<u64>,
    /// The role that the job title names; empty for none.
    pub(crate) role: Box<str>,
    /// Whether the address belongs to a function, not to a person.
    pub(crate) role_address: bool,
    /// The contacts that were found to be the same person, by id.
    pub(crate) merged_contact_ids: Vec<Box<str>>,
    /// The fields whose values come from another record, `phone: C2; job_title: C3`.
    pub(crate) values_from: Box<str>,
    /// Whether the CRM has the account switched off.
    pub(crate) account_inactive: bool,
    /// The pass that linked the account; `None` when a verdict alone did.
    pub(crate) pass: Option<Pass>,
    /// The score of the link.
    pub(crate) score: Score,
    /// The deal that the customer is in the middle of, in a few words; empty for none.
    pub(crate) deal: Box<str>,
    /// What the customer is expected to be worth, where the lists are ordered by that.
    pub(crate) worth: Worth,
}

/// A person who must not be written to, of a linked account. Ordered as in `suppressed.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SuppressedContact {
    /// The CRM's contact id.
    pub(crate) contact_id: Box<str>,
    /// The linked account's id, as its own row has it.
    pub(crate) account_id: Box<str>,
    /// Why.
    pub(crate) reason: Suppression,
    /// The record that decides.
    pub(crate) decided_by_record: DecidedByRecord,
    /// Position of the customer in [`Customers::list`](crate::report::Customers::list).
    pub(crate) customer: u32,
    /// What identifies the person where addresses differ; `None` where nobody has said no.
    pub(crate) person: Option<u64>,
}

/// The record that keeps a contact out of the lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DecidedByRecord {
    /// The contact itself.
    Contact,
    /// Its account.
    Account,
    /// Another record, by its id, or a suppression list.
    Other(Box<str>),
    /// None: the consent is unknown.
    None,
}

impl SuppressedContact {
    /// The id of the record that decides; empty where there is none.
    pub(crate) fn deciding_id(&self) -> &str {
        match &self.decided_by_record {
            DecidedByRecord::Contact => &self.contact_id,
            DecidedByRecord::Account => &self.account_id,
            DecidedByRecord::Other(id) => id,
            DecidedByRecord::None => "",
        }
    }
}

impl ListedContact {
    /// How many of the fields that a campaign uses are filled.
    pub(crate) fn filled_fields(&self) -> usize {
        let fields = [
            &self.first_name,
            &self.last_name,
            &self.phone,
            &self.job_title,
            &self.city,
            &self.country,
        ];
        fields.into_iter().filter(|field| !field.is_empty()).count()
    }
}

/// What became of all contacts.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContactLists {
    /// The people to write to: the readiest customers first, then by contact id and address.
    pub(crate) listed: Vec<ListedContact>,
    /// The people left out, by contact id, account id, reason.
    pub(crate) suppressed: Vec<SuppressedContact>,
    /// How many contacts ended in each status.
    pub(crate) counts: ContactCounts,
    /// How many of them are suppressed for each reason.
    pub(crate) reasons: SuppressionCounts,
    /// Per customer, how many are listed and how many suppressed.
    pub(crate) of_customer: Vec<(u32, u32)>,
    /// Per customer, whether the filters take it.
    pub(crate) takes: Vec<bool>,
    /// The solution areas of the lists, by position.
    pub(crate) areas: Vec<usize>,
    /// What became of contacts that are watched, by id.
    pub(crate) watched: BTreeMap<Box<str>, Watched>,
    /// What the run has to say about the lists.
    pub(crate) notes: Vec<String>,
}

/// What became of a contact that is watched, because the run before had listed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Watched {
    /// Its status, where its own row decides it.
    pub(crate) status: Option<ContactStatus>,
    /// The account that it names, by id.
    pub(crate) account_id: Box<str>,
}

impl ContactLists {
    /// The contacts that were found to be the same person as one that is listed, by id.
    pub(crate) fn merged_ids(&self) -> impl Iterator<Item = &str> {
        self.listed.iter().flat_map(|of| &of.merged_contact_ids).map(AsRef::as_ref)
    }
}

/// The permission as files print it.
pub(crate) fn permission_word(permission: Permission) -> &'static str {
    match permission {
        Permission::Unknown | Permission::Unclear => "unknown",
        Permission::NotDenied => "not denied",
        Permission::Allowed => "allowed",
        Permission::Denied => "denied",
    }
}
