//! What is said of a run: the page says what `summary.json` says, every file says the same of a
//! pair, and no person is in what is said.

#[path = "summary/dry_run.rs"]
mod dry_run;
#[path = "summary/explain.rs"]
mod explain;
#[path = "summary/inspect.rs"]
mod inspect;
#[path = "summary/numbers.rs"]
mod numbers;
#[path = "summary/page.rs"]
mod page;
#[path = "summary/persons.rs"]
mod persons;
#[path = "summary/program.rs"]
mod program;
