//! The one status in which each customer ends, and why.

use crate::{
    compare::Score,
    link::{AccountRecord, Candidate},
    status::{CustomerStatus, ExcludedReason, ReviewReason, UnmatchedReason},
};

/// Who accepted a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecidedBy {
    /// A pass, by rule.
    Rule,
    /// A person, by a verdict; the reviewer as `verdicts.csv` has it, may be empty.
    Verdict(String),
}

/// A candidate that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The pair.
    pub candidate: Candidate,
    /// Who accepted it.
    pub decided_by: DecidedBy,
    /// The smallest account id of the group of duplicates; empty when the account has none.
    pub duplicate_group: String,
    /// The best account that is not linked, with its score.
    pub runner_up: Option<(AccountRecord, Score)>,
}

/// The one status in which a customer ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted; at least one link, duplicates of each other.
    Linked(Vec<Link>),
    /// A person must choose; at least one candidate, best first.
    Review(ReviewReason, Vec<Candidate>),
    /// Nothing good enough, or settled so; the reason, and the nearest miss.
    Unmatched(UnmatchedReason, Option<Candidate>),
    /// Not tried.
    Excluded(ExcludedReason),
}

impl Outcome {
    /// The status.
    pub(crate) fn status(&self) -> CustomerStatus {
        match self {
            Outcome::Linked(_) => CustomerStatus::Linked,
            Outcome::Review(..) => CustomerStatus::Review,
            Outcome::Unmatched(..) => CustomerStatus::Unmatched,
            Outcome::Excluded(_) => CustomerStatus::Excluded,
        }
    }

    /// The reason and what it means; `None` for a link.
    pub(crate) fn reason(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Outcome::Linked(_) => None,
            Outcome::Review(reason, _) => Some((reason.word(), reason.explanation())),
            Outcome::Unmatched(reason, _) => Some((reason.word(), reason.explanation())),
            Outcome::Excluded(reason) => Some((reason.word(), reason.explanation())),
        }
    }
}

/// What was decided about all customers.
#[derive(Debug, Default)]
pub struct Decisions {
    /// One per customer, in the order of `Customers::list`.
    pub outcomes: Vec<Outcome>,
    /// What the run's own lists say of their fields, as sentences.
    pub(crate) learned: Vec<String>,
    /// Verdicts that decided something in this run.
    pub verdicts_applied: usize,
    /// Verdicts whose records have changed since.
    pub verdicts_stale: usize,
    /// Verdicts whose customer or account is gone.
    pub verdicts_orphaned: usize,
}
