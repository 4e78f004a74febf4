//! The results of a run as others meet them: each output file and each of its columns, named once;
//! the figures of a run; and the reader of a finished run.
//!
//! Writers and readers use the same tables ([`file`]), so that a column cannot have two names. The
//! contract with users, `docs/outputs.md`, is made from them too.

pub(crate) mod author;
pub(crate) mod column;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod key;
pub(crate) mod outcome;
pub(crate) mod summary;
pub(crate) mod table;

#[cfg(test)]
pub(crate) mod tests;
