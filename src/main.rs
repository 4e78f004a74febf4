//! The program `reconcile`: parse, run, report.
fn main() {}
