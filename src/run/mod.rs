//! The whole run, from the paths to the published folder.

pub(crate) mod accounts;
#[cfg(feature = "browser")]
pub(crate) mod again;
mod contact_lists;
mod contacts;
mod customers;
pub(crate) mod deals;
mod duplicate_ids;
mod found;
pub(crate) mod outcomes;
pub mod pipeline;
mod progress;
mod provenance;
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "for the pages"))]
pub(crate) mod rows;
mod rules;
#[cfg(feature = "browser")]
pub(crate) mod search;
pub(crate) mod sift;
mod users;
mod warnings;

pub use self::{found::Found, rules::Rules};

#[cfg(test)]
mod tests;
