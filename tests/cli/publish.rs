//! Results are replaced as a whole or not at all, and no verdict is lost on the way.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use crate::support::{Workdir, words};

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
    error: out: exists and is not a result folder (it lacks the mark of this program)
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
        (Some("done"), Some("done"), Some("done")),
        (Some("done"), Some("done"), None),
        (None, Some("done"), Some("done")),
        (None, Some("done"), None),
        (None, None, Some("done")),
    ] {
        let dir = Workdir::small();
        dir.run_small(&[]).ended(0);
        fs::rename(dir.path("out"), dir.path("done")).expect("a rename");
        for (name, state) in [("out", out), ("out.new", new), ("out.previous", previous)] {
            if state.is_some() {
                dir.copy(&dir.path("done"), name);
            }
        }
        // and a draft that is not finished
        dir.copy(&dir.path("done"), "out.new.4711");
        let draft = dir.path("out.new.4711");
        fs::rename(draft.join("summary.json"), draft.join("summary.json.part")).expect("a rename");
        fs::remove_file(draft.join("review.csv")).expect("not written yet");
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
        assert!(!dir.holds("out.new.4711") && !dir.holds("out.replaced"), "{case}");
        assert_eq!(dir.table("out.verdicts.csv").column("verdict"), ["accept"], "{case}");
        assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked", "{case}");
    }
}

#[test]
fn a_kill_at_any_time_loses_neither_results_nor_verdicts_nor_files_of_others() {
    let dir = Workdir::finished();
    let review = dir.table("out/review.csv");
    let pair = (review.rows[0]["customer_id"].clone(), review.rows[0]["account_id"].clone());
    dir.judge(&pair.1, "accept");
    dir.write("out/thesis.txt", "years of work");
    let args = words("match --reports reports --crm crm/salesforce --out out");
    let begin = Instant::now();
    dir.run(&args).ended(0);
    let length = begin.elapsed();
    for step in 0..30u32 {
        // spread over the run, and every other one over its end, where folders change places
        let part = f64::from(step) * 0.618 % 1.0;
        let part = if step % 2 == 0 { part } else { 0.6 + part * 0.45 };
        let mut child =
            dir.command(&args).stdout(std::process::Stdio::null()).spawn().expect("a start");
        thread::sleep(length.mul_f64(part));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let folders = ["out", "out.new", "out.previous"];
        let whole = folders.into_iter().any(|folder| is_complete(&dir, folder));
        assert!(whole, "at {part}: no finished results are left");
        for (name, entry) in dir.files("out.history") {
            let json = serde_json::from_slice::<serde_json::Value>(&entry);
            assert!(json.is_ok() || name == ".part", "at {part}: {name} is not whole");
        }
        let mine = |folder: &&&str| dir.holds(&format!("{folder}/thesis.txt"));
        assert_eq!(folders.iter().filter(mine).count(), 1, "at {part}: thesis.txt");
    }
    dir.run_samples("crm/salesforce", "out", &[]);
    assert!(is_complete(&dir, "out") && !dir.holds("out.new") && !dir.holds("out.replaced"));
    assert_eq!(dir.read("out/thesis.txt"), "years of work");
    assert_one_run(&dir);
    let history: Vec<String> = dir.files("out.history").into_keys().collect();
    assert_eq!(history, ["2026-10.json"], "one entry of the month of the reports");
    assert_eq!(dir.read("out.history/2026-10.json"), dir.read("out/history.json"));
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
    error: /sys/out: cannot be written: permission denied
    hint: choose a folder that you may write to with `--out`, or close the file in Excel
    ");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_reported_and_the_results_before_stay() {
    use std::process::Command;

    use crate::support::{PROGRAM, Ran};

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
        assert!(told.contains("error: out.new."), "{blocks} blocks: {told}");
        assert!(told.contains("hint: make room on the disk"), "{blocks} blocks: {told}");
        assert_eq!(dir.read("out/summary.json"), first, "{blocks} blocks");
    }
    dir.run_small(&[]).ended(0);
    assert!(is_complete(&dir, "out") && !dir.holds("out.new"));
}

#[test]
fn files_of_others_and_edited_results_stay_and_are_told_of() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.write("out/thesis.txt", "years of work");
    dir.write("out/photos/a.jpg", "a");
    let edited = format!("{}mine\n", dir.read("out/contacts.csv"));
    dir.write("out/contacts.csv", &edited);
    let told = dir.run_small(&[]).ended(0).stdout;
    assert!(told.contains("did not write photos, thesis.txt"), "{told}");
    assert!(
        told.contains("edited since it was written") && told.contains("contacts.csv"),
        "{told}"
    );
    for _ in 0..3 {
        dir.run_small(&[]).ended(0);
        assert_eq!(dir.read("out/thesis.txt"), "years of work");
        assert_eq!(dir.read("out/photos/a.jpg"), "a");
        assert_eq!(dir.read("out/contacts (edited).csv"), edited);
        assert!(!dir.holds("out/contacts (edited 2).csv"));
    }
}

#[test]
fn a_folder_with_a_summary_of_another_program_is_not_ours() {
    let dir = Workdir::small();
    for (folder, file) in [("mine", "mine"), ("other.previous", "other")] {
        dir.write(&format!("{folder}/summary.json"), "{\"coverage\": 1}");
        dir.write(&format!("{folder}/thesis.txt"), "years of work");
        dir.run_match("--reports Azure.csv --crm Accounts.csv", &["--out", file]).ended(1);
        assert!(dir.files(folder).keys().eq(["summary.json", "thesis.txt"]));
    }
}

#[test]
fn inputs_and_verdicts_inside_folders_of_results_are_refused() {
    let dir = Workdir::small();
    for _ in 0..2 {
        dir.run_small(&[]).ended(0);
    }
    fs::create_dir(dir.path("crm")).expect("a folder");
    for (inside, as_typed) in [
        ("out/mine", "out/mine"),
        ("out/mine", "crm/../out/mine"),
        ("out.previous/mine", "out.previous/mine"),
        ("out.new/mine", "out.new/mine"),
    ] {
        dir.write(&format!("{inside}/Accounts.csv"), dir.read("Accounts.csv"));
        let crm = format!("{as_typed}/Accounts.csv");
        for crm in [crm.as_str(), as_typed] {
            let told =
                dir.run_match("--reports Azure.csv --out out", &["--crm", crm]).ended(1).stderr;
            assert!(told.contains("the place of results"), "{told}");
        }
        let told = dir.run_small(&["--verdicts", &format!("{as_typed}/v.csv")]).ended(1).stderr;
        assert!(told.contains("--verdicts") && told.contains("is replaced"), "{told}");
        assert!(dir.holds(&format!("{inside}/Accounts.csv")));
        fs::remove_dir_all(dir.path(inside)).expect("mine");
        let _ = fs::remove_dir(dir.path("out.new"));
    }
}

#[cfg(unix)]
#[test]
fn an_input_that_is_found_by_a_link_into_the_results_is_refused() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.write("out/mine.csv", dir.read("Contacts.csv"));
    fs::create_dir(dir.path("crm")).expect("a folder");
    fs::copy(dir.path("Accounts.csv"), dir.path("crm/Accounts.csv")).expect("a copy");
    std::os::unix::fs::symlink("../out/mine.csv", dir.path("crm/Contacts.csv")).expect("a link");
    let told = dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(1).stderr;
    assert!(told.contains("Contacts.csv: lies in out, the place of results"), "{told}");
}

#[test]
fn of_two_runs_at_once_each_publishes_a_whole_or_says_who_holds_the_folder() {
    let dir = Workdir::samples();
    let own = "--own-domain varnholt-cloudpartner.de --target hubspot crm-update --quiet";
    let args = |crm: &str| {
        words(&format!(
            "match --as-of 2026-11-21 --reports reports --crm crm/{crm} --out out {own}"
        ))
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<String>>()
    };
    let (mut refused, mut done) = (0, 0);
    for pair in 0..10u64 {
        let start = |crm: &str| {
            let args = args(crm);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let mut program = dir.command(&args);
            program.stderr(std::process::Stdio::piped()).spawn().expect("a start")
        };
        let first = start("salesforce");
        thread::sleep(Duration::from_millis(pair * pair * 7));
        let runs = [first, start("hubspot")].map(|run| run.wait_with_output().expect("an end"));
        for run in &runs {
            let told = String::from_utf8_lossy(&run.stderr);
            match run.status.code() {
                Some(0) => done += 1,
                _ => refused += u32::from(told.contains("error: out: another run writes to it")),
            }
            assert!(run.status.success() || told.contains("another run"), "{told}");
        }
        assert!(runs.iter().any(|run| run.status.success()), "one of them publishes");
        assert!(is_complete(&dir, "out"));
        assert_one_run(&dir);
    }
    assert_eq!(done + refused, 20);
    assert!(!dir.holds("out.new") && !dir.holds("out.replaced"));
}

/// Checks that all files of the results are of the run that the summary tells of.
fn assert_one_run(dir: &Workdir) {
    let summary = dir.json("out/summary.json");
    let crm = summary["settings"]["crm"][0].as_str().expect("a CRM").to_owned();
    let manifest = dir.json("out/manifest.json");
    assert_eq!(manifest["settings"]["crm"][0], crm.as_str());
    assert_eq!(manifest["run_started"], summary["started"]);
    for file in summary["files"].as_array().expect("files") {
        let name = format!("out/{}", file["file"].as_str().expect("a name"));
        assert!(dir.holds(&name), "{crm}: {name}");
        if name.ends_with(".csv") {
            let rows = dir.table(&name).rows.len() as u64;
            assert_eq!(file["rows"], rows, "{crm}: {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn results_are_readable_by_their_owner_only_unless_the_group_is_let_in() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = Workdir::small();
    let mode =
        |name: &str| fs::metadata(dir.path(name)).expect("a file").permissions().mode() & 0o777;
    let target = ["--target", "hubspot"];
    for (more, folder, file) in
        [(&[][..], 0o700, 0o600), (&["--group-readable"], 0o750, 0o640), (&[], 0o700, 0o600)]
    {
        dir.run_small(&[&target[..], more].concat()).ended(0);
        for (name, _) in dir.files("out") {
            assert_eq!(mode(&format!("out/{name}")), file, "{name}");
        }
        for name in ["out", "out/campaigns", "out/campaigns/hubspot"] {
            assert_eq!(mode(name), folder, "{name}");
        }
    }
    dir.run(&["export", "--run", "out", "--target", "salesforce"]).ended(0);
    for (name, _) in dir.files("out/campaigns") {
        assert_eq!(mode(&format!("out/campaigns/{name}")), 0o600, "{name}");
    }
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);
    assert_eq!(mode("out.verdicts.csv"), 0o600);
}

#[test]
fn campaign_files_that_were_edited_or_exported_later_are_kept_apart() {
    let dir = Workdir::small();
    dir.run_small(&["--target", "crm-update"]).ended(0);
    dir.run(&["export", "--run", "out", "--target", "hubspot"]).ended(0);
    let exported: Vec<String> = dir
        .files("out/campaigns/hubspot")
        .into_keys()
        .map(|name| format!("out/campaigns/hubspot/{name}"))
        .collect();
    let edited = exported.first().expect("a campaign file").clone();
    dir.write(&edited, "Email\nmine@example.org\n");
    let told = dir.run(&["export", "--run", "out", "--target", "hubspot"]).ended(0).stdout;
    assert!(told.contains("(edited)"), "{told}");
    let kept = edited.replace(".csv", " (edited).csv");
    assert!(dir.read(&kept).contains("mine@example.org"));
    assert!(!dir.read(&edited).contains("mine@example.org"));

    let told = dir.run_small(&[]).ended(0).stdout;
    assert!(dir.read(&kept).contains("mine@example.org"));
    assert!(!dir.holds(&edited), "what was exported belongs to the run before");
    assert!(told.contains("(edited).csv") && !told.contains(&edited[4..]), "{told}");
}
