//! CRM rows to accounts and contacts: dialects of CRM, consent.

use std::borrow::Cow;

use smallvec::SmallVec;

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
}
