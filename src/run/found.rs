//! What is found out before anything is written.

use std::collections::BTreeSet;

use super::{accounts::Accounts, contacts::People, sift::RestOfCrm};
use crate::{
    decide::Decisions,
    history::Past,
    index::Index,
    inputs::{Inputs, RunLog},
    link::Candidates,
    problem::Problem,
    report::Customers,
    verdicts::Verdicts,
};

/// What is found out before anything is written.
pub struct Found {
    /// What the paths hold.
    pub(crate) inputs: Inputs,
    /// The customers of all reports.
    pub customers: Customers,
    /// The report side.
    pub index: Index,
    /// What people said.
    pub(crate) verdicts: Verdicts,
    /// The candidates of all customers.
    pub candidates: Candidates,
    /// Lines of the file of verdicts that were not understood.
    pub(super) unread_verdicts: Vec<Problem>,
    /// What was decided about each.
    pub decisions: Decisions,
    /// The accounts of the CRM.
    pub(crate) accounts: Accounts,
    /// The domains of the addresses of the CRM's users.
    pub(super) staff_domains: BTreeSet<String>,
    /// What the run is compared with.
    pub(super) past: Past,
    /// Who must not be written to.
    pub(super) people: People,
    /// What is known of the rows that are not among the inputs.
    pub(super) rest: RestOfCrm,
    /// What was noted of the files.
    pub(super) log: RunLog,
}
