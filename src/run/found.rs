//! What is found out before anything is written.

use super::accounts::Streamed;
use crate::{
    decide::Decisions,
    index::Index,
    inputs::Inputs,
    link::Candidates,
    problem::Problem,
    report::Customers,
    text::{
        bloom_filter::BloomFilter,
        id::{account_hash, join_key},
    },
    write::AccountCounts,
};

/// What is found out before anything is written.
pub struct Found {
    /// What the paths hold.
    pub intake: Inputs,
    /// The customers of all reports.
    pub customers: Customers,
    /// The report side.
    pub index: Index,
    /// The candidates of all customers.
    pub candidates: Candidates,
    /// What was decided about each.
    pub decisions: Decisions,
    /// Accounts by status.
    pub accounts: AccountCounts,
    pub(super) accounts_read: u64,
    /// Rows read of each source.
    pub(crate) rows: Vec<u64>,
    pub(super) problems: Vec<Problem>,
    /// What became known of the files while their rows were read.
    pub(crate) notes: Vec<String>,
    pub(super) streamed: Streamed,
    /// All accounts, where anything asks for them.
    pub(super) known: Option<BloomFilter>,
}

impl Found {
    /// Whether the CRM holds an account with this id, a deleted or merged one too, where the run has
    /// contacts or was asked for a pair. It may be said of very few that it does not hold.
    pub fn knows_account(&self, id: &str) -> bool {
        self.known.as_ref().is_some_and(|known| known.may_hold(account_hash(id)))
    }

    /// Whether the CRM has accounts that are people.
    pub fn has_people_as_accounts(&self) -> bool {
        !self.streamed.people.is_empty()
    }

    /// The account into which the CRM has merged another.
    pub fn merged_into(&self, id: &str) -> Option<&str> {
        self.streamed.merged.get(join_key(id).as_ref()).map(AsRef::as_ref)
    }
}
