//! Consent, suppression, survivorship; which contact reaches which list.
//!
//! Two passes over the CRM: the first gathers every denial ([`OptOuts`]), wherever it stands; the
//! second gives each contact its one status and gathers the people to write to ([`StatusDecider`]).

mod account;
mod choose;
mod gathered;
mod listed;
mod proposal;
mod roles;
mod select;
mod status;
mod survivorship;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::status::{ContactCounts, ContactStatus, Suppression, SuppressionCounts};
pub use gathered::Gathered;
pub use listed::{
    ContactLists, DecidedByRecord, ListedContact, SuppressedContact, permission_word,
};
pub use roles::{PeopleRules, Roles};
pub use select::CountryKey;
pub use status::{StatusDecider, StatusInputs};
