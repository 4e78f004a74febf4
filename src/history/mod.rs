//! What is kept of each month: one entry per period of the reports, without a cell of a person.
//!
//! `OUT.history/2026-10.json` is the [`Entry`] of the last run over the reports of October 2026; each
//! result folder holds its own as `history.json`. *Previous* is the newest entry of an earlier period.
//!
//! ```text
//! let entries = History::of(out).entries()?;             // all, by period
//! let previous = History::of(out).before("2026-11")?;    // the newest of an earlier period
//! let entry = Entry::of_run(folder)?;                    // that of one result folder
//! ```

mod entry;
mod folder;
mod make;
mod past;

pub(crate) use entry::{
    Entry, EntryAccount, EntryAgreement, EntryArea, EntryContact, EntryCustomer, Freed, ReportRead,
    RunFacts,
};
pub(crate) use folder::History;
pub(crate) use make::{LINK_SETTINGS, LIST_SETTINGS, Sources, person_id};
pub(crate) use past::{Past, Tagged, named};
