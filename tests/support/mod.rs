//! Runs the program as a user does: in a fresh folder, with an empty environment.

mod golden;
mod samples;
mod table;
mod workdir;

pub(crate) use golden::assert_golden;
pub(crate) use samples::{ACCOUNTS, AZURE, CONTACTS, repository};
pub(crate) use table::{Table, workbook};
pub(crate) use workdir::{Files, PROGRAM, Ran, Workdir, words};
