//! Clusters, cohorts and segments held against the deals that followed: a study of what was, without
//! a word on causes.
//!
//! Each row is a comparison of its own. Its customers are those that stood in the group in some
//! period; a deal of theirs counts when it was created while they stood there, within the horizon
//! from the first day of the period in which they came to stand there. All others are the customers
//! that never stood there; their deals count within the horizon from when they were first in the
//! reports. So a deal is held against what the reports said before it was created.

mod count;
mod interval;
mod population;
mod rate;
#[cfg(test)]
mod tests;

pub(crate) use interval::Share;
pub(crate) use population::{Population, Standing, Window};
pub(crate) use rate::Rates;
