//! Results are replaced as a whole or not at all, and no verdict is lost on the way.

use std::{fs, thread, time::Duration};

use crate::support::{PROGRAM, Ran, Workdir, words};

/// All files of a finished run.
const FILES: [&str; 12] = [
    "agreements.csv",
    "contacts.csv",
    "contacts.xlsx",
    "customers.csv",
    "customers.xlsx",
    "links.csv",
    "problems.csv",
    "review.csv",
    "review.xlsx",
    "settings.toml",
    "summary.json",
    "suppressed.csv",
];

fn is_complete(dir: &Workdir, folder: &str) -> bool {
    FILES.iter().all(|file| dir.holds(&format!("{folder}/{file}")))
}

#[test]
fn the_results_before_are_kept_as_previous() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let first = dir.read("out/summary.json");
    dir.run_small(&["--cluster", "Educate"]).ended(0);
    assert_eq!(dir.read("out.previous/summary.json"), first);
    assert!(is_complete(&dir, "out") && !dir.holds("out.new"));
}

#[test]
fn a_run_that_fails_leaves_the_results_before_untouched() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let first = dir.read("out/summary.json");
    dir.run_small(&["--cohort", "Azure_Sovereign"]).ended(1);
    dir.write("Accounts.csv", "");
    dir.run_small(&[]).ended(1);
    assert_eq!(dir.read("out/summary.json"), first);
    assert!(is_complete(&dir, "out"));
}

#[test]
fn a_folder_that_is_not_ours_is_not_replaced() {
    let dir = Workdir::small();
    dir.write("out/thesis.txt", "years of work");
    insta::assert_snapshot!(dir.run_small(&[]).ended(1).stderr, @r"
    error: out: exists and is not a result folder (it has no summary.json)
    hint: give another folder with `--out`, or move this one away
    ");
    assert!(dir.files("out").keys().eq(["thesis.txt"]));

    for beside in ["out.new", "out.previous"] {
        let dir = Workdir::small();
        dir.run_small(&[]).ended(0);
        dir.write(&format!("{beside}/thesis.txt"), "years of work");
        let _ = fs::remove_file(dir.path(&format!("{beside}/summary.json")));
        dir.run_small(&[]).ended(1);
        assert_eq!(dir.read(&format!("{beside}/thesis.txt")), "years of work");
    }
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused() {
    let dir = Workdir::small();
    dir.write("out", "a file");
    insta::assert_snapshot!(dir.run_small(&[]).ended(1).stderr, @r"
    error: out: is a file, not a folder for results
    hint: give another folder with `--out`, or move this one away
    ");
    assert_eq!(dir.read("out"), "a file");
}

#[test]
fn an_interrupted_swap_is_repaired_by_the_next_run() {
    // what is left under the three names by a kill between two steps of publishing
    for (out, new, previous) in [
        (Some("done"), None, None),
        (Some("done"), Some("part"), None),
        (Some("done"), Some("done"), Some("done")),
        (Some("done"), Some("done"), None),
        (None, Some("done"), Some("done")),
        (None, Some("done"), None),
        (None, Some("part"), Some("done")),
        (None, None, Some("done")),
    ] {
        let dir = Workdir::small();
        dir.run_small(&[]).ended(0);
        fs::rename(dir.path("out"), dir.path("done")).expect("a rename");
        for (name, state) in [("out", out), ("out.new", new), ("out.previous", previous)] {
            if state.is_some() {
                dir.copy(&dir.path("done"), name);
            }
            if state == Some("part") {
                let folder = dir.path(name);
                fs::rename(folder.join("summary.json"), folder.join("summary.json.part"))
                    .expect("a rename");
                fs::remove_file(folder.join("review.csv")).expect("not written yet");
            }
        }
        // a person had filled in what lay before him
        let shown = ["out", "out.new", "out.previous"].into_iter().zip([out, new, previous]);
        let shown = shown.filter(|(_, state)| *state == Some("done")).map(|(name, _)| name);
        let shown = shown.min_by_key(|name| *name != "out").expect("some results are left");
        let text = dir.read(&format!("{shown}/review.csv"));
        let judged = text.replacen(",,,,,,\n", ",accept,,,,,\n", 1);
        assert_ne!(text, judged, "the verdict is typed");
        dir.write(&format!("{shown}/review.csv"), judged);

        dir.run_small(&[]).ended(0);
        let case = format!("out {out:?}, new {new:?}, previous {previous:?}");
        assert!(is_complete(&dir, "out") && !dir.holds("out.new"), "{case}");
        assert_eq!(dir.table("out.verdicts.csv").column("verdict"), ["accept"], "{case}");
        assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked", "{case}");
    }
}

#[test]
fn a_kill_at_any_time_loses_neither_results_nor_verdicts() {
    let dir = Workdir::finished();
    let review = dir.table("out/review.csv");
    let pair = (review.rows[0]["customer_id"].clone(), review.rows[0]["account_id"].clone());
    dir.judge(&pair.1, "accept");
    let args = words("match --reports reports --crm crm/salesforce --out out");
    for delay in (0..48).map(|step| Duration::from_millis(step * 11)) {
        let mut child =
            dir.command(&args).stdout(std::process::Stdio::null()).spawn().expect("a start");
        thread::sleep(delay);
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let whole =
            ["out", "out.new", "out.previous"].into_iter().find(|folder| is_complete(&dir, folder));
        assert!(whole.is_some(), "after {delay:?}: no finished results are left");
    }
    dir.run_samples("crm/salesforce", "out", &[]);
    assert!(is_complete(&dir, "out") && !dir.holds("out.new"));
    let verdicts = dir.table("out.verdicts.csv");
    let kept = verdicts.pairs("customer_id", "account_id");
    assert_eq!(kept, [(pair.0.as_str(), pair.1.as_str())], "the verdict is there, and once");
    assert_eq!(dir.table("out/links.csv").row(&pair.0)["decided_by"], "verdict");
}

#[test]
fn a_workbook_that_is_open_in_excel_is_named_and_the_results_are_kept_next_to_it() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.write("out/~$review.xlsx", "lock");
    let told = dir.run_small(&[]).ended(1).stderr;
    assert!(told.contains("review.xlsx") && told.contains("out.new"), "{told}");
    assert!(is_complete(&dir, "out") && is_complete(&dir, "out.new"));
    fs::remove_file(dir.path("out/~$review.xlsx")).expect("closed");
    dir.run_small(&[]).ended(0);
    assert!(!dir.holds("out.new"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_must_not_be_written_to_is_reported() {
    let dir = Workdir::small();
    let told = dir.run_match("--reports Azure.csv --crm Accounts.csv --out /sys/out", &[]);
    insta::assert_snapshot!(told.ended(1).stderr, @r"
    error: /sys/out.new: cannot be written: permission denied
    hint: choose a folder that you may write to with `--out`, or close the file in Excel
    ");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_reported_and_the_results_before_stay() {
    use std::process::Command;

    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let first = dir.read("out/summary.json");
    for blocks in ["0", "1", "4", "8"] {
        let run = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec '{PROGRAM}' match --reports Azure.csv --crm Accounts.csv Contacts.csv --out out",
        );
        let mut shell = Command::new("bash");
        let ran = Ran::of(shell.current_dir(dir.path("")).args(["-c", &run]).output());
        let told = ran.ended(1).stderr;
        assert!(told.contains("error: out.new/"), "{blocks} blocks: {told}");
        assert!(told.contains("hint: make room on the disk"), "{blocks} blocks: {told}");
        assert_eq!(dir.read("out/summary.json"), first, "{blocks} blocks");
    }
    dir.run_small(&[]).ended(0);
    assert!(is_complete(&dir, "out") && !dir.holds("out.new"));
}
