//! `match --dry-run` says what a run would do, and writes nothing.

use crate::support::Workdir;

const INPUTS: &str = "--reports reports --crm crm/salesforce";

#[test]
fn a_dry_run_counts_what_a_run_counts_and_writes_nothing() {
    let dir = Workdir::samples();
    let ran = dir.run_match(INPUTS, &["--out", "out"]).ended(0);
    let before = dir.files("");
    for more in [&["--out", "other", "--dry-run"][..], &["--dry-run"]] {
        let said = dir.run_match(INPUTS, more).done().said();
        for line in ran.said().lines().take(3) {
            assert!(said.contains(line), "{line:?} is not in\n{said}");
        }
        assert!(dir.files("") == before, "nothing was written");
    }
}

#[test]
fn a_dry_run_shows_passes_pairs_next_to_each_limit_and_lists() {
    let said = Workdir::samples().run_match(INPUTS, &["--dry-run"]).done().said();
    for part in [
        "domain pass: ",
        "that no other pass would find",
        "limit of accepting by domain, ",
        "limit of accepting by name, ",
        "limit of accepting by id, ",
        "limit of showing for review, ",
        "  above ",
        "  below ",
        "the lists would hold",
        "dry run: nothing was written",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    assert!(!said.contains("problems.csv"), "no file is named that is not there: {said}");
    for section in said.split("\nlimit of ").skip(1) {
        let limit = section.lines().next().and_then(|line| line.rsplit(' ').next());
        let limit: f64 = limit.expect("a limit").trim_end_matches(':').parse().expect("a score");
        for line in section.lines().take_while(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["above" | "below", score, ..] = words[..] {
                let score: f64 = score.parse().expect("a score");
                assert_eq!(words[0] == "above", score >= limit, "{line}");
            }
        }
    }
}
