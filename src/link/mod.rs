//! Passes in priority order, accounts in parallel; candidates per customer.

mod batch;
mod blocking;
#[cfg(test)]
mod bound;
mod candidates;
mod contact_domains;
pub(crate) mod keys;
mod matcher;
mod record;
mod steps;
mod thresholds;
pub(crate) mod word_cache;

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub(crate) use self::matcher::NamedPair;
#[cfg(test)]
pub(crate) use self::record::AccountFields;
pub(crate) use self::{
    batch::BATCH_SIZE, blocking::MAX_SHARED, candidates::KEPT_PER_PASS, matcher::Scratch,
    record::ById, thresholds::Thresholds,
};
pub use self::{
    candidates::{CandidateEntry, Candidates},
    contact_domains::ContactAddresses,
    matcher::{Matcher, PinnedPairs},
    record::AccountRecord,
    steps::{candidates, contact_domains},
};
use crate::{compare::Comparison, crm::Account, text::id::join_key};

/// A customer and an account that some pass, or a verdict, brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position of the customer in `Customers::list`.
    pub customer: u32,
    /// The account.
    pub account: AccountRecord,
    /// How they compare.
    pub comparison: Comparison,
}

/// The domains that accounts hold through their contacts: hashed join key of the account to
/// domains.
pub type ContactDomains = FxHashMap<u64, SmallVec<[Box<str>; 1]>>;

/// An account that is to be linked.
#[derive(Debug)]
pub(crate) struct AccountRow<'a> {
    /// What its row says; neither deleted nor merged away.
    pub(crate) account: Account<'a>,
    /// Where its row stood, as a number.
    pub(crate) origin: u64,
}

impl AccountRow<'_> {
    /// The join key of the account.
    fn key(&self) -> Cow<'_, str> {
        join_key(&self.account.id)
    }
}

/// What became of an account row while it streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// Deleted, or merged away: not compared.
    Excluded,
    /// No customer came near.
    NoCustomer,
    /// No customer came near, but so far no account was nearer to one of them, or it is among the
    /// first that hold a domain of the reports.
    Nearest,
    /// It is a candidate for some customer.
    Candidate,
}
