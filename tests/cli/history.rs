//! What is kept of each month, what a run is compared with, and what an update then clears.

use std::fs;

use crate::support::{Ran, Table, Workdir};

/// Runs `match` over the small files as the reports of a month.
fn run(dir: &Workdir, period: &str, more: &[&str]) -> Ran {
    dir.run_small(&[&["--period", period][..], more].concat()).ended(0)
}

/// The small files, of which the account 001B serves a customer until it is taken out.
fn months() -> Workdir {
    let dir = Workdir::small();
    run(&dir, "2026-09", &[]);
    run(&dir, "2026-10", &[]);
    dir
}

/// Takes the row that begins so out of a file.
fn without(dir: &Workdir, file: &str, start: &str) {
    let text = dir.read(file);
    let kept = text.split_inclusive('\n').filter(|line| !line.starts_with(start));
    dir.write(file, kept.collect::<String>());
}

fn update(dir: &Workdir, kind: &str) -> Table {
    dir.table(&format!("out/campaigns/crm-update/{kind} update.csv"))
}

#[test]
fn each_period_has_the_entry_of_its_last_run() {
    let dir = months();
    let first = dir.read("out.history/2026-10.json");
    assert_eq!(first, dir.read("out/history.json"));
    run(&dir, "2026-10", &["--cluster", "Educate"]);
    let second = dir.read("out.history/2026-10.json");
    assert!(second != first && second == dir.read("out/history.json"));
    let periods: Vec<String> = dir.files("out.history").into_keys().collect();
    assert_eq!(periods, ["2026-09.json", "2026-10.json"]);
    let told = dir.run(&["history", "--run", "out"]).done().stdout;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with("2026-09  run of ") && lines[1].starts_with("2026-10"), "{told}");
    assert!(lines[0].ends_with("5 customers, 3 linked, 1 in review; 1 people listed"), "{told}");
    assert_eq!(lines[2], "2 periods in out.history");
}

#[test]
fn the_oldest_entries_go() {
    let dir = months();
    run(&dir, "2026-11", &["--keep-history", "2"]);
    let periods: Vec<String> = dir.files("out.history").into_keys().collect();
    assert_eq!(periods, ["2026-10.json", "2026-11.json"]);
    // and it is a setting of the months after
    assert!(dir.read("out/settings.toml").contains("keep-history = 2"));
    // a month that is run again is compared with the one before
    let told = dir.run_small(&["--period", "2026-11", "--keep-history", "1"]).ended(2).stderr;
    assert!(told.contains("--keep-history 1: leaves no month to compare with"), "{told}");
}

#[test]
fn an_entry_of_somebody_else_stops_the_run_and_stays() {
    let dir = months();
    dir.write("out.history/2026-11.json", "mine");
    let before = dir.read("out/summary.json");
    let told = dir.run_small(&["--period", "2026-11"]).ended(1).stderr;
    assert!(told.contains("2026-11.json: is no entry of a history"), "{told}");
    assert_eq!(dir.read("out.history/2026-11.json"), "mine");
    assert_eq!(dir.read("out/summary.json"), before);
}

#[test]
fn inputs_in_the_history_are_refused() {
    let dir = months();
    dir.write("out.history/Azure.csv", dir.read("Azure.csv"));
    let told = dir.run_match("--reports out.history/Azure.csv --crm Accounts.csv --out out", &[]);
    assert!(told.ended(1).stderr.contains("lies in out.history"));
}

#[test]
fn an_update_clears_what_an_earlier_month_had_linked_after_each_run_of_a_month() {
    let dir = months();
    without(&dir, "Azure.csv", "30000002");
    without(&dir, "Contacts.csv", "003A");
    for times in 1..=2 {
        run(&dir, "2026-11", &["--target", "crm-update"]);
        let row = update(&dir, "Account").row("001B").clone();
        assert_eq!(row["CloudAscent Status"], "not linked", "run {times}");
        let row = update(&dir, "Contact").row("003A").clone();
        assert_eq!(row["CloudAscent Status"], "not listed", "run {times}");
        assert_eq!(update(&dir, "Account").row("001A")["CloudAscent Status"], "linked");
    }
    let inside = dir.read("out/campaigns/crm-update/Account update.csv");
    dir.run(&["export", "--run", "out", "--target", "crm-update"]).ended(0);
    assert_eq!(dir.read("out/campaigns/crm-update/Account update.csv"), inside, "as export does");
}

#[test]
fn an_update_clears_what_only_an_earlier_run_of_the_month_had_linked() {
    let dir = months();
    // a customer of November, whose link the second run takes back
    let new = "30000006,Gasthof Murmelstein,,Fulda,36037,Germany,Act Now\n";
    dir.write("Azure.csv", format!("{}{new}", dir.read("Azure.csv")));
    run(&dir, "2026-11", &["--target", "crm-update"]);
    assert_eq!(update(&dir, "Account").row("001F")["CloudAscent Status"], "linked");
    without(&dir, "Azure.csv", "30000006");
    for times in 2..=3 {
        run(&dir, "2026-11", &["--target", "crm-update"]);
        let row = update(&dir, "Account").row("001F").clone();
        assert_eq!(row["CloudAscent Status"], "not linked", "run {times}");
    }
}

#[test]
fn previous_is_a_period_a_run_or_nothing() {
    let dir = months();
    dir.copy(&dir.path("out"), "kept");
    without(&dir, "Azure.csv", "30000002");
    run(&dir, "2026-11", &[]);
    // compared with November nothing is gone; with September or October an account is
    for (previous, cleared) in [
        (&["--previous", "2026-09"][..], true),
        (&["--previous", "2026-11"], false),
        (&["--previous", "kept"], true),
        (&["--previous"], false),
        (&[], false),
    ] {
        let more = [previous, &["--target", "crm-update"]].concat();
        run(&dir, "2026-12", &more);
        let statuses = update(&dir, "Account").column("CloudAscent Status").join(" ");
        assert_eq!(statuses.contains("not linked"), cleared, "{previous:?}: {statuses}");
        fs::remove_file(dir.path("out.history/2026-12.json")).expect("an entry");
        fs::remove_file(dir.path("out/history.json")).expect("an entry");
    }
}

#[test]
fn a_previous_that_is_not_there_is_told_before_anything_is_read() {
    let dir = months();
    dir.write("Accounts.csv", "");
    for (previous, found) in [
        ("2025-01", "out.history holds no entry of that period"),
        ("nowhere", "is no folder, and no month"),
        (".", "history.json: there is no such file"),
    ] {
        let told = dir.run_small(&["--previous", previous]).ended(1).stderr;
        assert!(told.contains(found), "{previous}: {told}");
        assert!(!told.contains("Accounts.csv"), "{previous}: {told}");
    }
    let told = dir.run_small(&["--previous", "2025-01"]).stderr;
    assert!(told.contains("give one of: 2026-09, 2026-10"), "{told}");
}

#[test]
fn an_address_that_the_crm_uses_as_id_is_not_kept() {
    let dir = Workdir::small();
    dir.write("Contacts.csv", dir.read("Contacts.csv").replace("003A,", "ann@quellbrink.de,"));
    run(&dir, "2026-10", &[]);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["ann@quellbrink.de"]);
    let entry = dir.read("out.history/2026-10.json");
    assert!(!entry.contains('@') && entry.contains("\"status\":\"listed\""), "{entry}");
}

#[test]
fn what_a_kill_before_the_last_step_leaves_undone_the_next_run_does() {
    let dir = months();
    run(&dir, "2026-11", &[]);
    let entry = dir.read("out/history.json");
    fs::remove_file(dir.path("out.history/2026-11.json")).expect("not copied yet");
    dir.write("out.history/.part", &entry[..entry.len() / 2]);
    run(&dir, "2026-12", &[]);
    assert_eq!(dir.read("out.history/2026-11.json"), entry);
    assert!(!dir.holds("out.history/.part"));
}
