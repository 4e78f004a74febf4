//! What is said of a run: the page says what `summary.json` says, every file says the same of a
//! pair, and no person is in what is said.

#[path = "summary/numbers.rs"]
mod numbers;
#[path = "summary/page.rs"]
mod page;
#[path = "summary/persons.rs"]
mod persons;
#[path = "summary/program.rs"]
mod program;
