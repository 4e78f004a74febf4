//! Runs the program as a user does: in a fresh folder, with an empty environment.

#[cfg(feature = "browser")]
mod browser;
mod dice;
mod golden;
#[cfg(feature = "browser")]
mod http;
mod samples;
mod table;
mod workdir;

use sha2::{Digest, Sha256};

#[cfg(feature = "browser")]
pub(crate) use browser::Browser;
pub(crate) use dice::Dice;
pub(crate) use golden::assert_golden;
#[cfg(feature = "browser")]
pub(crate) use http::{Answer, Pages};
pub(crate) use samples::{ACCOUNTS, AZURE, CONTACTS, repository};
pub(crate) use table::{Row, Table, workbook, workbook_of};
pub(crate) use workdir::{Files, PROGRAM, Ran, Workdir, words};

/// The SHA-256 hash of a text, in hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
