//! Three months of one partner (`samples/months`), each run twice: every kind of change occurs, is
//! told once, and with the right reason.

use std::path::Path;

use crate::support::{Ran, Table, Workdir, assert_golden, repository};

const MONTHS: [(&str, &str); 3] =
    [("2026-09", "2026-09-26"), ("2026-10", "2026-10-26"), ("2026-11", "2026-11-26")];

/// Runs a month, on the day after its reports came.
fn run(dir: &Workdir, month: usize, more: &[&str]) -> Ran {
    let (period, day) = MONTHS[month];
    let place = format!("months/{period}");
    let (reports, crm) = (format!("{place}/reports"), format!("{place}/crm"));
    let own = ["--own-domain", "varnholt-cloudpartner.de", "--target", "crm-update"];
    let args = ["match", "--as-of", day, "--reports", &reports, "--crm", &crm, "--out", "out"];
    dir.run(&[&args[..], &own, more].concat()).ended(0)
}

/// The samples.
fn months() -> Workdir {
    let dir = Workdir::new();
    dir.copy(&repository("samples/months"), "months");
    dir
}

/// What the people of November decided in the review sheet of October.
fn decide(dir: &Workdir) {
    dir.judge("001Mo00000012AAAA", "accept");
}

/// The kind, the customer, the contact and the agreement of each change.
fn keys(changes: &Table) -> Vec<[String; 5]> {
    let key = ["kind", "area", "customer_id", "contact_id", "agreement_id"];
    let mut keys: Vec<_> =
        changes.rows.iter().map(|row| key.map(|column| row[column].clone())).collect();
    // a cohort is told by its name, before or after
    for (key, row) in keys.iter_mut().zip(&changes.rows) {
        key[4].push_str(if key[0].starts_with("cohort") { &row["after"] } else { "" });
    }
    keys.sort();
    keys
}

#[test]
fn each_change_of_three_months_is_told_once_with_its_reason_after_either_run() {
    let dir = months();
    let mut golden = Vec::new();
    let mut kinds = Vec::new();
    for (month, (period, _)) in MONTHS.into_iter().enumerate() {
        if month == 2 {
            decide(&dir);
        }
        run(&dir, month, &[]);
        let first = dir.read("out/changes.csv");
        run(&dir, month, &[]);
        assert_eq!(dir.read("out/changes.csv"), first, "{period}: the second run tells the same");
        let changes = dir.table("out/changes.csv");
        let mut once = keys(&changes);
        once.dedup();
        assert_eq!(once.len(), changes.rows.len(), "{period}: each change is told once");
        assert!(changes.rows.iter().all(|row| !row["reason"].is_empty()), "{period}");
        kinds.extend(changes.column("kind").into_iter().map(str::to_owned));
        let files = ["changes.csv", "calls.csv"];
        let files = files.map(|file| (file.to_owned(), dir.read(&format!("out/{file}")).into()));
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/story").join(period);
        golden.push((place, files.into_iter().collect()));
    }
    assert_golden(golden);
    for kind in dir.summary("out")["changes"]["kinds"].as_object().expect("kinds").keys() {
        let word = kind.replace('_', " ");
        assert!(kinds.contains(&word), "no change of the samples is a {word:?}");
    }
}

#[test]
fn what_the_program_says_of_a_month_is_its_changes() {
    let dir = months();
    let told = run(&dir, 0, &[]).stdout;
    assert!(told.contains("nothing to compare with yet"), "{told}");
    assert!(dir.table("out/changes.csv").rows.is_empty());
    let told = run(&dir, 1, &[]).stdout;
    let line = told.lines().find(|line| line.starts_with("changed")).expect("a line").to_owned();
    insta::assert_snapshot!(line, @"changed     since 2026-09: 2 newly Act Now, 1 new in the reports, 2 linked otherwise, 3 people newly listed, 2 no longer listed");
    let figures = &dir.summary("out")["changes"];
    assert_eq!(figures["since"], "2026-09");
    let changes = dir.table("out/changes.csv");
    let kinds = figures["kinds"].as_object().expect("kinds");
    for (kind, count) in kinds {
        let rows = changes.column("kind").iter().filter(|of| of.replace(' ', "_") == *kind).count();
        assert_eq!(count.as_u64(), Some(rows as u64), "{kind}");
    }
    let page = dir.read("out/summary.html");
    assert!(page.contains("What has changed since"), "a section of the page");
    // new ones come first, with an owner, a phone and what it was before
    let calls = dir.table("out/calls.csv");
    assert_eq!(calls.column("is_new"), ["new", "new", ""]);
    assert_eq!(calls.rows[0]["why"], "Azure: Act Now (Evaluate before)");
    assert_eq!(calls.rows[0]["account_owner"], "Torben Lührsdorp");
    assert_eq!(calls.rows[0]["phone"], "+49 30 23125 101");
}

#[test]
fn the_workbooks_tell_it_in_the_language_of_the_user() {
    let dir = months();
    run(&dir, 0, &[]);
    run(&dir, 1, &["--language", "de"]);
    let changes = Table::of_sheet(&dir.sheet("out/changes.xlsx"));
    assert_eq!(changes.headers[..3], ["Kunde (Report)", "Art", "Lösungsbereich"]);
    assert_eq!(changes.rows[0]["Art"], "Cluster gestiegen");
    let twin = dir.table("out/changes.csv");
    for (said, english) in [("Art", "kind"), ("Grund", "reason"), ("Ursache", "cause")] {
        for (said, english) in changes.column(said).iter().zip(twin.column(english)) {
            assert_ne!(*said, english);
        }
    }
    assert_eq!(changes.column("Kunden-ID"), twin.column("customer_id"), "in the same order");
    assert_eq!(twin.rows[0]["kind"], "cluster up");
    let calls = Table::of_sheet(&dir.sheet("out/calls.xlsx"));
    assert_eq!(calls.column("Neu"), ["neu", "neu", ""]);
    assert_eq!(calls.rows[0]["Warum"], "Azure: Act Now (vorher Evaluate)");
    let page = dir.read("out/summary.html");
    for told in ["<html lang=\"de\">", "Was sich geändert hat seit", ">verknüpft<"] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains(">linked<"));
}

#[test]
fn what_filters_alone_have_caused_is_told_apart() {
    let dir = months();
    run(&dir, 0, &[]);
    run(&dir, 1, &[]);
    let before = dir.table("out/changes.csv");
    run(&dir, 1, &["--cluster", "Act Now"]);
    let changes = dir.table("out/changes.csv");
    let mut by_settings = changes.rows.iter().filter(|row| row["cause"] == "settings");
    let settings = by_settings.clone().count();
    assert!(settings > 3, "{changes:?}");
    assert!(by_settings.all(|row| row["kind"] == "contact no longer listed"
        && row["reason"] == "other filters: --cluster"));
    assert_eq!(dir.summary("out")["changes"]["causes"]["settings"], settings);
    // all else is as before, but for people whom the filters keep off the lists
    let of_customers = |table: &Table| -> Vec<[String; 5]> {
        keys(table).into_iter().filter(|key| !key[0].starts_with("contact")).collect()
    };
    assert_eq!(of_customers(&changes), of_customers(&before));
}

#[test]
fn an_update_of_the_crm_clears_what_is_gone_after_either_run_of_a_month() {
    let dir = months();
    for month in 0..3 {
        for _ in 0..2 {
            run(&dir, month, &[]);
        }
    }
    let accounts = dir.table("out/campaigns/crm-update/Account update.csv");
    let gone: Vec<&str> = accounts
        .rows
        .iter()
        .filter(|row| row["CloudAscent Status"] == "not linked")
        .map(|row| row["Account ID"].as_str())
        .collect();
    assert_eq!(gone, ["001Mo00000004AAAA", "001Mo00000010AAAA"]);
    let contacts = dir.table("out/campaigns/crm-update/Contact update.csv");
    let gone: Vec<&str> = contacts
        .rows
        .iter()
        .filter(|row| row["CloudAscent Status"] == "not listed")
        .map(|row| row["Contact ID"].as_str())
        .collect();
    assert_eq!(gone, ["003Mo00000002AAAA", "003Mo00000004AAAA", "003Mo00000010AAAA"]);
}

#[test]
fn no_cell_of_a_person_is_in_the_history() {
    let dir = months();
    (0..3).for_each(|month| drop(run(&dir, month, &[])));
    let history: String =
        dir.files("out.history").values().map(|text| String::from_utf8_lossy(text)).collect();
    assert!(history.contains("003Mo00000001AAAA"), "contacts are there by their ids");
    for (month, _) in MONTHS {
        let people = dir.table(&format!("months/{month}/crm/Contact.csv"));
        for row in people.rows {
            for column in ["LastName", "FirstName", "Phone", "Email", "Title"] {
                // short first names are parts of other words
                let cell = &row[column];
                assert!(cell.len() < 5 || !history.contains(cell.as_str()), "{month}: {cell}");
            }
        }
    }
}
