//! The whole run, from the paths to the published folder.

pub(crate) mod accounts;
mod contacts;
mod duplicate_ids;
mod found;
pub mod pipeline;
mod provenance;
mod rules;
mod users;

pub use self::{found::Found, rules::Rules};
