//! Scores, levels and passes.

use serde::{Deserialize, Serialize};

/// How likely a pair is one company: 0 (nothing speaks for it) to 10,000 (certain), printed as 0.0000 to 1.0000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Score(u16);

impl Score {
    /// A score in ten-thousandths; more than 10,000 is cut.
    pub(crate) fn new(ten_thousandths: u16) -> Score {
        Score(ten_thousandths.min(10_000))
    }

    /// The score of a similarity, 0 to 1.
    pub(crate) fn of(similarity: f64) -> Score {
        Score::new((similarity * 10_000.0).round() as u16)
    }

    /// The score in ten-thousandths.
    pub(crate) fn ten_thousandths(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// The outcome for one field of a pair. Left is the customer, right the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The same key.
    Agrees,
    /// Not the same, but near.
    Similar,
    /// Both are there, and they are different.
    Differs,
    /// The customer has none.
    #[default]
    MissingLeft,
    /// The account has none.
    MissingRight,
    /// Both are there, but such a value proves nothing (free mail, a shared host).
    NotUsable,
}

impl Level {
    /// The word that files show.
    pub fn word(self) -> &'static str {
        match self {
            Level::Agrees => "agrees",
            Level::Similar => "similar",
            Level::Differs => "differs",
            Level::MissingLeft => "missing left",
            Level::MissingRight => "missing right",
            Level::NotUsable => "not usable",
        }
    }
}

/// One way to find candidates, in Microsoft's order of priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The registrable domains are equal.
    Domain,
    /// The names are alike.
    Name,
    /// A Microsoft id or a D-U-N-S number is equal.
    Id,
}

impl Pass {
    /// The word that files show.
    pub fn word(self) -> &'static str {
        match self {
            Pass::Domain => "domain",
            Pass::Name => "name",
            Pass::Id => "id",
        }
    }
}
