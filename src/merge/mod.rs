//! Consent, suppression, survivorship; which contact reaches which list.
//!
//! Two passes over the CRM: the first gathers every denial ([`Denials`]), wherever it stands; the
//! second gives each contact its one status and gathers the people to write to ([`Sieve`]).

mod accounts;
mod address;
mod clear;
mod denials;
mod entry;
mod known;
mod listed;
mod narrow;
mod people;
mod roles;
mod selection;
mod sieve;
mod unselected;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use address::AddressKey;
pub use denials::{Denials, DeniedBy};
pub use known::KnownAccounts;
pub use listed::{
    ContactLists, DecidedByRecord, ListedContact, Status, StatusCounts, SuppressedContact,
    Suppression, permission_word,
};
pub use roles::{PeopleRules, Roles};
pub use selection::CountryKey;
pub use sieve::{Gathered, Grounds, Sieve};
