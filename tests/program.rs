//! The program as a user runs it.

mod campaign;
mod cli;
mod golden;
#[cfg(feature = "browser")]
mod pages;
mod summary;
mod support;
