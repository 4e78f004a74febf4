//! CRM rows to accounts and contacts: dialects of CRM, consent.

mod account;
mod consent;
mod contact;
mod deal;
mod key;
mod names;
mod person;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use smallvec::SmallVec;

pub(crate) use consent::refused_in_words;
pub(crate) use deal::{Deal, DealState};
pub use names::AccountNames;
pub(crate) use names::{name_hash, spellings};

/// What the CRM says of a record's life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lifecycle<'a> {
    /// In use.
    #[default]
    Active,
    /// Switched off; takes part in linking and is flagged.
    Inactive,
    /// Deleted; excluded.
    Deleted,
    /// Merged away into the record with this id; excluded, its id stands for the master.
    MergedInto(Cow<'a, str>),
}

/// What a consent column says for a channel. Ordered: the stronger is the larger, so that any
/// denial wins with `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Permission {
    /// No column for this channel was recognised.
    #[default]
    Unknown,
    /// A column was recognised, and it holds no denial.
    NotDenied,
    /// An explicit consent.
    Allowed,
    /// A cell of a recognised column is not understood: it may be a denial.
    Unclear,
    /// Denied.
    Denied,
}

/// A company record of the CRM, as one row gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account<'a> {
    /// The CRM's account id; the fingerprint of the row where the file has none.
    pub id: Cow<'a, str>,
    /// The name as typed.
    pub name: &'a str,
    /// Websites and domain columns as typed, in order, each one value.
    pub websites: SmallVec<[&'a str; 2]>,
    /// The account's own e-mail addresses as typed.
    pub emails: SmallVec<[&'a str; 1]>,
    /// The city as typed.
    pub city: &'a str,
    /// The state as typed.
    pub state: &'a str,
    /// The postal code as typed.
    pub postal_code: &'a str,
    /// The country as typed.
    pub country: &'a str,
    /// Values of every Microsoft-id column: customer ids, top parent ids, tenant ids.
    pub microsoft_ids: SmallVec<[&'a str; 1]>,
    /// The D-U-N-S number as typed.
    pub duns: &'a str,
    /// The owner of the account: a colleague's name or id.
    pub owner: &'a str,
    /// What the CRM says of the record's life.
    pub lifecycle: Lifecycle<'a>,
    /// The account's own permission for e-mail; a denial covers its contacts.
    pub email_permission: Permission,
    /// The account's own permission for phone calls.
    pub phone_permission: Permission,
    /// Whether it is a person, as the person accounts of Salesforce are: excluded, since the reports
    /// speak of companies.
    pub is_person: bool,
}

impl Account<'_> {
    /// Whether the CRM has it no more: deleted, or merged into another.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.lifecycle, Lifecycle::Deleted | Lifecycle::MergedInto(_))
    }
}

/// A person record of the CRM, as one row gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact<'a> {
    /// The CRM's contact id; the fingerprint of the row where the file has none.
    pub id: Cow<'a, str>,
    /// The id of the account it belongs to, as typed; the first where the cell holds several.
    pub account_id: Cow<'a, str>,
    /// The id of the record that holds the person's preferences; empty where the CRM has none.
    pub individual_id: &'a str,
    /// The name of its account as typed; joins contacts where the file has no account ids.
    pub account_name: &'a str,
    /// The form of address.
    pub salutation: &'a str,
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The full name, where first and last name are not apart.
    pub full_name: &'a str,
    /// The first e-mail address as typed.
    pub email: &'a str,
    /// The other e-mail addresses as typed, in order.
    pub further_emails: SmallVec<[&'a str; 1]>,
    /// The phone number as typed.
    pub phone: &'a str,
    /// The mobile phone number as typed.
    pub mobile: &'a str,
    /// The job title.
    pub job_title: &'a str,
    /// The city as typed.
    pub city: &'a str,
    /// The postal code as typed.
    pub postal_code: &'a str,
    /// The country as typed.
    pub country: &'a str,
    /// The colleague who owns the contact: a name or an id.
    pub owner: &'a str,
    /// When the record was last changed, as typed.
    pub modified: &'a str,
    /// What the CRM says of the record's life.
    pub lifecycle: Lifecycle<'a>,
    /// Whether the CRM says that the address does not work.
    pub bounced: bool,
    /// Permission for marketing e-mail.
    pub email_permission: Permission,
    /// Whether a column of its file may hold a consent, and nobody has said what its words mean.
    pub in_doubt: bool,
    /// Permission for phone calls.
    pub phone_permission: Permission,
    /// Permission for postal mail.
    pub post_permission: Permission,
    /// Permission for use of the address by advertising platforms.
    pub ad_permission: Permission,
}

/// A row of a suppression list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRow<'a> {
    /// The filled cells that may hold addresses, domains or hashes, each with its column.
    pub(crate) cells: SmallVec<[(usize, &'a str); 1]>,
    /// What the row says of them.
    pub(crate) says: ListSays,
}

/// What a row of a suppression list says of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListSays {
    /// They must not be written to. So every row whose consent columns do not say otherwise.
    Denied,
    /// Mail to them came back.
    Bounced,
    /// They may be written to, explicitly.
    Spared,
}

impl Account<'_> {
    /// Whether the row says nothing of a company: in a file of contacts with their accounts, a
    /// contact that has none.
    pub(crate) fn is_blank(&self) -> bool {
        let Account { id, name, websites, microsoft_ids, duns, .. } = self;
        let has_id = matches!(id, Cow::Borrowed(_));
        !has_id
            && name.is_empty()
            && websites.is_empty()
            && microsoft_ids.is_empty()
            && duns.is_empty()
    }
}

impl Contact<'_> {
    /// Every e-mail address, the first one first.
    pub(crate) fn emails(&self) -> impl Iterator<Item = &str> {
        let first = (!self.email.is_empty()).then_some(self.email);
        first.into_iter().chain(self.further_emails.iter().copied())
    }
}
