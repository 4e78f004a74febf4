//! `campaigns` and `export`: picking from a finished run.

use super::world::TARGETS;
use crate::support::{Workdir, words};

#[test]
fn an_export_is_what_the_run_would_have_written() {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", TARGETS]);
    dir.run(&["export", "--run", "out", "--target", TARGETS, "--out", "again"]).ended(0);
    let (mut first, mut again) = (dir.files("out/campaigns"), dir.files("again"));
    again.remove("manifest.json").expect("an export has a manifest");
    first.remove("manifest.json");
    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    assert!(first == again, "the same bytes");
}

#[test]
fn campaigns_lists_what_could_be_sent() {
    let dir = Workdir::world();
    dir.run_world("out", &[]);
    let lines = dir.run(&words("campaigns --run out --json")).ended(0).json();
    let lines = lines.as_array().expect("a list");
    let line = lines.iter().find(|line| {
        line["cohort"] == "Azure_Migrate Oracle DBs to Oracle on Azure"
            && line["cluster"] == "Act Now"
    });
    let line = line.expect("the campaign");
    assert_eq!(line["solution_area"], "Azure");
    assert_eq!(line["customers"], 2);
    assert_eq!(line["customers_reachable"], 2);
    assert_eq!(line["contacts"], 4);
    assert_eq!(line["expiring_revenue"], 25_001.0);
    let table = dir.run(&words("campaigns --run out")).ended(0).stdout;
    assert_eq!(table.lines().count(), lines.len() + 1, "{table}");
}

#[test]
fn picked_campaigns_alone_are_written_and_traced() {
    let dir = Workdir::world();
    dir.run_world("out", &[]);
    let cohort = "Azure_Migrate Oracle DBs to Oracle on Azure";
    let export =
        words("export --run out --split campaign --target mailchimp --solution-area azure --top 1");
    dir.run(&[&export[..], &["--cohort", cohort, "--cluster", "act now"]].concat()).ended(0);
    let files = dir.files("out/campaigns");
    assert_eq!(
        files.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "mailchimp/Azure - Azure_Migrate Oracle DBs to Oracle on Azure - Act Now.csv",
            "mailchimp/how-to-import.md",
            "manifest.json",
        ]
    );
    let manifest = dir.json("out/campaigns/manifest.json");
    assert_eq!(manifest["picks"]["clusters"][0], "Act Now");
    assert_eq!(manifest["picks"]["top"], 1);
    assert_eq!(manifest["campaigns"][0]["rows"], 3, "{manifest}");
    let inputs = manifest["inputs"].as_array().expect("inputs");
    let azure = inputs.iter().find(|of| of["kind"] == "azure" || of["kind"] == "m365");
    let azure = azure.unwrap_or_else(|| panic!("{inputs:?}"));
    assert_eq!(azure["period"], "2026-10");
    assert_eq!(azure["fingerprint"].as_str().map(str::len), Some(64));
    // and the run has its own
    assert!(
        dir.json("out/manifest.json")["files"].as_array().is_some_and(|files| files.len() >= 10)
    );
}

#[test]
fn what_the_run_did_not_list_cannot_be_exported() {
    let dir = Workdir::world();
    dir.run_world("out", &["--solution-area", "Azure"]);
    for (flags, want) in [
        ("out --cluster Nurture", "--cluster Nurture: not in the lists of the run"),
        ("out --solution-area M365", "--solution-area M365: not in the lists of the run"),
        ("nowhere", "hint: give the result folder"),
    ] {
        let export = format!("export --target hubspot --run {flags}");
        let said = dir.run(&words(&export)).ended(1).stderr;
        assert!(said.contains(want), "{said}");
    }
}

#[test]
fn an_export_of_another_run_takes_the_place_of_the_old_lists() {
    let dir = Workdir::world();
    dir.run_world("out", &[]);
    dir.run(&words("export --run out --target hubspot --split campaign --out lists")).ended(0);
    dir.write("lists/hubspot/notes.txt", "a file of somebody else");
    let before = dir.files("lists").len();
    std::thread::sleep(std::time::Duration::from_millis(1_100)); // runs differ by the second
    dir.run_world("out", &["--cluster", "Act Now"]);
    dir.run(&words("export --run out --target hubspot --split campaign --out lists")).ended(0);
    let files = dir.files("lists");
    assert!(files.len() < before, "{:?}", files.keys());
    assert!(files.keys().all(|name| !name.contains("Evaluate")), "{:?}", files.keys());
    assert!(files.contains_key("hubspot/notes.txt"));
}

#[test]
fn an_area_or_a_cohort_that_no_customer_has_is_refused() {
    let dir = Workdir::world();
    dir.run_world("out", &[]);
    for (flag, word) in [("--solution-area", "Azur"), ("--cohort", "Azure_Migrate")] {
        for command in [&["export", "--target", "hubspot"][..], &["campaigns"]] {
            let args = [command, &["--run", "out", flag, word]].concat();
            let said = dir.run(&args).ended(1).stderr;
            assert!(
                said.contains(&format!("{flag} {word}: no customer of the run has it")),
                "{said}"
            );
            assert!(said.contains("hint: one of: Azure"), "{said}");
        }
    }
    assert!(!dir.path("out/campaigns/hubspot").exists());
}
