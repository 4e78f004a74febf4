//! The reading layer as the other stages use it: files in, rows and problems out.

mod archives;
mod damage;
mod dialects;
mod discovery;
mod encodings;
pub(crate) mod folder;
mod laws;
mod workbooks;
