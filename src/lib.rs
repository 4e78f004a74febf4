//! Links the customers of Microsoft CloudAscent propensity reports with the accounts of a CRM and
//! writes the lists that a campaign can be sent to.

pub mod config;
pub mod error;
pub mod problem;
pub mod rules;

pub mod read;
pub mod columns;
pub mod intake;
pub mod parallel;
pub mod report;
pub mod crm;
pub mod normalise;
pub mod index;
pub mod compare;
pub mod link;
pub mod repeated;
pub mod verdicts;
pub mod decide;
pub mod merge;
pub mod write;
pub mod pipeline;
pub mod evaluate;
pub mod cli;

pub use error::{Error, Result};
