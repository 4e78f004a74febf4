//! Rows and values that were left out, and where they stood.

use serde::{Deserialize, Serialize};

/// A row or a value that was not read. A problem never stops a run and never vanishes: each is a
/// line of `problems.csv`. It never holds a cell of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Problem {
    /// The file as the user knows it (an archive's member after a `!`).
    pub(crate) file: String,
    /// The line on which the row starts, from 1; quoted line breaks count. 0: the whole file.
    pub(crate) line: u64,
    /// The header of the column, empty where the whole row is meant.
    pub(crate) column: String,
    /// What is wrong, as a lower-case phrase.
    pub(crate) what: String,
    /// Whether a whole record was left out, not just one value.
    pub(crate) record_lost: bool,
    /// What more is known of a value of a company.
    pub(crate) detail: Option<Box<ProblemDetail>>,
}

/// The customer or account that a problem is about, and two values that contradict each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ProblemDetail {
    /// The id of the customer or account.
    pub(crate) record: String,
    /// The value that stands in the row.
    pub(crate) value: String,
    /// The value that holds.
    pub(crate) kept: String,
    /// Why it holds, as a lower-case phrase.
    pub(crate) why: String,
}

impl Problem {
    /// What kind of problem it is, in the words of `problems.csv`.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.detail {
            _ if self.record_lost => "record left out",
            Some(detail) if !detail.why.is_empty() => "contradiction",
            _ => "value not used",
        }
    }
}

/// How a command ended; the exit status of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was asked to do. Real files always hold some rows that cannot be used: they are
    /// in `problems.csv`.
    Complete,
    /// The same, but the user has asked for no problems, and there are some.
    NotStrict,
}

impl Outcome {
    /// 0 or 3. (1 is an error, 2 wrong usage.)
    pub fn exit_status(self) -> u8 {
        match self {
            Outcome::Complete => 0,
            Outcome::NotStrict => 3,
        }
    }

    /// How a run with so many problems ended.
    pub(crate) fn of_run(problems: u64, strict: bool) -> Outcome {
        if strict && problems > 0 { Outcome::NotStrict } else { Outcome::Complete }
    }
}
