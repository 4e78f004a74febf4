//! The program as a user runs it.

mod campaign;
mod cli;
mod golden;
mod summary;
mod support;
