//! What became of rows that did not come through, part by part.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result, slashed},
    link::Seen,
    problem::Problem,
    run::accounts::AccountsSeen,
};

/// What became of the rows of a part that did not come through. Added up over all parts: a file holds
/// any number of them, a line of JSON each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    /// The part.
    pub(crate) part: String,
    /// Rows read.
    pub(crate) rows_in: u64,
    /// Rows that came through.
    pub(crate) rows_out: u64,
    /// The accounts that did not.
    pub(crate) accounts: AccountCounts,
    /// The contacts that did not.
    pub(crate) contacts: ContactsSeen,
    /// What could not be used in such rows.
    pub(crate) problems: Vec<PartProblem>,
}

/// Accounts, by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountCounts {
    excluded: u64,
    no_customer: u64,
    candidate: u64,
}

/// Contacts, by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactsSeen {
    /// They name no account, or one that the CRM does not hold.
    pub(crate) no_account: u64,
    /// Their account is not linked.
    pub(crate) account_not_linked: u64,
    /// They could not be read.
    pub(crate) unreadable: u64,
}

/// What could not be used in some rows of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartProblem {
    column: String,
    what: String,
    record_lost: bool,
    rows: u64,
}

impl Counts {
    /// Adds the counts of all lines of a file.
    ///
    /// # Errors
    ///
    /// When a line is none of `sift`.
    pub(super) fn read(path: &Path) -> Result<Vec<Counts>> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(at, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| Error::Rule {
                file: slashed(path),
                line: at as u64 + 1,
                found: format!("no counts as `reconcile sift` prints them: {error}"),
            })
        };
        lines.map(read).collect()
    }

    /// The same of a pass over rows that another pass counts.
    pub(super) fn without_problems(self) -> Counts {
        Counts { problems: Vec::new(), ..self }
    }

    /// Takes down problems: each kind once, with how many rows have it.
    pub(super) fn add_problems<'p>(&mut self, problems: impl Iterator<Item = &'p Problem>) {
        let mut rows: BTreeMap<(&str, &str, bool), u64> = BTreeMap::new();
        for problem in problems {
            let kind = (&*problem.column, &*problem.what, problem.record_lost);
            *rows.entry(kind).or_default() += 1;
        }
        let all = rows.into_iter().map(|((column, what, record_lost), rows)| PartProblem {
            column: column.into(),
            what: what.into(),
            record_lost,
            rows,
        });
        self.problems.extend(all);
    }

    /// The problems as the run lists them: those of a part have no lines.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        self.problems.iter().map(|problem| Problem {
            file: self.part.clone(),
            line: 0,
            column: problem.column.clone(),
            what: format!("{} (rows that did not come through: {})", problem.what, problem.rows),
            record_lost: problem.record_lost,
            detail: None,
        })
    }
}

impl AccountCounts {
    /// Accounts by what was seen of them.
    pub(super) fn of(seen: &AccountsSeen) -> AccountCounts {
        AccountCounts {
            excluded: seen[Seen::Excluded as usize],
            no_customer: seen[Seen::NoCustomer as usize] + seen[Seen::Nearest as usize],
            candidate: seen[Seen::Candidate as usize],
        }
    }

    /// The same, by what was seen of them.
    pub(crate) fn seen(&self) -> AccountsSeen {
        let mut seen = AccountsSeen::default();
        seen[Seen::Excluded as usize] = self.excluded;
        seen[Seen::NoCustomer as usize] = self.no_customer;
        seen[Seen::Candidate as usize] = self.candidate;
        seen
    }
}
