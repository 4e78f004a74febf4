//! Whole runs: each folder of `golden/` is a case with `args`, the inputs, and what is `expected`.
//! `UPDATE_GOLDEN=1` rewrites what is expected.

use std::{fs, path::Path};

use crate::support::{Files, Workdir, assert_golden, repository};

/// The files of a run that a case holds. The summary holds times, the workbooks are twins.
const FILES: [&str; 8] = [
    "agreements.csv",
    "contacts.csv",
    "customers.csv",
    "links.csv",
    "problems.csv",
    "review.csv",
    "suppressed.csv",
    "unmatched.csv",
];

/// What a case printed and wrote.
fn run(case: &Path) -> Files {
    let dir = Workdir::new();
    dir.copy(case, "");
    let mut printed = String::new();
    // runs are divided by blank lines; the last one counts
    for args in dir.read("args").split("\n\n") {
        let args: Vec<&str> = args.lines().collect();
        let ran = dir.run_match("--out out --period 2026-10", &args);
        let status = ran.status.expect("a status");
        printed = format!("{}exit status {status}\n", ran.said());
    }
    let files = FILES.map(|file| (file.to_owned(), dir.read(&format!("out/{file}"))));
    // a table without rows says nothing that the totals do not say
    let files = files.into_iter().filter(|(_, text)| text.lines().count() > 1);
    let files = files.chain([("printed.txt".to_owned(), printed)]);
    files.map(|(name, text)| (name, text.into_bytes())).collect()
}

#[test]
fn each_case_gives_what_is_expected() {
    let entries = fs::read_dir(repository("tests/golden")).expect("the cases");
    let cases = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    assert_golden(cases.map(|case| (case.join("expected"), run(&case))));
}
