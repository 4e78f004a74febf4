//! Consent, suppression, survivorship; which contact reaches which list.

pub mod profile;
mod listed;

pub use listed::{
    ContactLists, ListedContact, Status, StatusCounts, SuppressedContact, Suppression,
    permission_word,
};
