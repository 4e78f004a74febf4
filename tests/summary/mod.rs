//! What is said of a run: the page says what `summary.json` says, every file says the same of a
//! pair, and no person is in what is said.

mod dry_run;
mod explain;
mod inspect;
mod numbers;
mod persons;
