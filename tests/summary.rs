//! What is said of a run as a whole: the page says what `summary.json` says, and no person is in it.

#[path = "summary/page.rs"]
mod page;
