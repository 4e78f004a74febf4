//! The one status in which each customer ends, and why.

use crate::{
    compare::Score,
    link::{AccountRecord, Candidate},
};

/// Why a customer's link needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewReason {
    /// A later pass points, more strongly, at another account.
    Conflict,
    /// Several accounts are equally good and are not duplicates of each other.
    Tie,
    /// Between the limits.
    Doubtful,
    /// Only a top parent's number or a group's domain agrees.
    Family,
    /// A better customer took the account.
    AccountTaken,
    /// What a verdict saw has changed.
    Stale,
    /// Candidates were cut off, and one that was cut off could have been accepted.
    Truncated,
}

impl ReviewReason {
    /// The word that files show.
    pub fn word(self) -> &'static str {
        match self {
            ReviewReason::Conflict => "conflict",
            ReviewReason::Tie => "tie",
            ReviewReason::Doubtful => "doubtful",
            ReviewReason::Family => "family",
            ReviewReason::AccountTaken => "account taken",
            ReviewReason::Stale => "stale",
            ReviewReason::Truncated => "truncated",
        }
    }
}

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
    /// Nothing good enough, or settled so; the reason as a phrase, and the nearest miss.
    Unmatched(UnmatchedReason, Option<Candidate>),
    /// Not tried.
    Excluded(ExcludedReason),
}

/// Why a customer has no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnmatchedReason {
    /// No pass brought an account.
    NoCandidate,
    /// Accounts were compared; none came near.
    NothingNear,
    /// A person refused the candidates.
    Refused,
    /// A person said that there is none.
    SettledNone,
}

impl UnmatchedReason {
    /// The phrase that files show.
    pub fn word(self) -> &'static str {
        match self {
            UnmatchedReason::NoCandidate => "no candidate",
            UnmatchedReason::NothingNear => "nothing near",
            UnmatchedReason::Refused => "refused by a person",
            UnmatchedReason::SettledNone => "settled as none",
        }
    }
}

/// Why a customer was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExcludedReason {
    /// No name, no usable domain, no id.
    NoUsableKey,
    /// The partner itself.
    Partner,
    /// Excluded by a rule of the user.
    Rule,
}

impl ExcludedReason {
    /// The phrase that files show.
    pub fn word(self) -> &'static str {
        match self {
            ExcludedReason::NoUsableKey => "no usable key",
            ExcludedReason::Partner => "the partner itself",
            ExcludedReason::Rule => "excluded by rule",
        }
    }
}

/// What was decided about all customers.
#[derive(Debug, Default)]
pub struct Decisions {
    /// One per customer, in the order of `Customers::list`.
    pub outcomes: Vec<Outcome>,
    /// Verdicts that decided something in this run.
    pub verdicts_applied: usize,
    /// Verdicts whose records have changed since.
    pub verdicts_stale: usize,
    /// Verdicts whose customer or account is gone.
    pub verdicts_orphaned: usize,
}
