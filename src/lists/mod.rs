//! Consent, suppression, survivorship; which contact reaches which list.
//!
//! Two passes over the CRM: the first gathers every denial ([`OptOuts`]), wherever it stands; the
//! second gives each contact its one status and gathers the people to write to ([`StatusDecider`]).

mod account;
mod choose;
mod current_deal;
mod gathered;
mod listed;
mod proposal;
mod roles;
mod select;
mod status;
mod survivorship;
mod worth;
#[cfg(test)]
pub(crate) mod tests;

#[cfg(test)]
pub(crate) use crate::status::ContactCounts;
pub(crate) use current_deal::{CurrentDeal, CurrentDeals};
pub(crate) use gathered::Gathered;
#[cfg(test)]
pub(crate) use listed::SuppressedContact;
pub(crate) use listed::{ContactLists, ListedContact, Watched, permission_word};
pub(crate) use roles::PeopleRules;
pub(crate) use status::{StatusDecider, StatusInputs};
pub(crate) use worth::Worth;
