//! `campaigns` and `export`: picking from a finished run.

use crate::campaign::workdir::{TARGETS, Workdir};

#[test]
fn an_export_is_what_the_run_would_have_written() {
    let dir = Workdir::new();
    dir.link("out", &["--target", TARGETS]);
    dir.run(&["export", "--run", "out", "--target", TARGETS, "--out", "again"]);
    let (mut first, mut again) = (dir.files("out/campaigns"), dir.files("again"));
    again.remove("manifest.json").expect("an export has a manifest");
    first.remove("manifest.json");
    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    assert!(first == again, "the same bytes");
}

#[test]
fn campaigns_lists_what_could_be_sent() {
    let dir = Workdir::new();
    dir.link("out", &[]);
    let text = dir.run(&["campaigns", "--run", "out", "--json"]);
    let lines: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
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
    let table = dir.run(&["campaigns", "--run", "out"]);
    assert_eq!(table.lines().count(), lines.len() + 1, "{table}");
}

#[test]
fn picked_campaigns_alone_are_written_and_traced() {
    let dir = Workdir::new();
    dir.link("out", &[]);
    dir.run(&[
        "export",
        "--run",
        "out",
        "--target",
        "mailchimp",
        "--solution-area",
        "azure",
        "--cohort",
        "Azure_Migrate Oracle DBs to Oracle on Azure",
        "--cluster",
        "act now",
        "--top",
        "1",
    ]);
    let files = dir.files("out/campaigns");
    assert_eq!(
        files.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "mailchimp/Azure - Azure_Migrate Oracle DBs to Oracle on Azure - Act Now.csv",
            "manifest.json",
        ]
    );
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["picks"]["clusters"][0], "Act Now");
    assert_eq!(manifest["picks"]["top"], 1);
    assert_eq!(manifest["campaigns"][0]["rows"], 3, "{manifest}");
    let inputs = manifest["inputs"].as_array().expect("inputs");
    let azure = inputs.iter().find(|of| of["kind"] == "azure" || of["kind"] == "m365");
    let azure = azure.unwrap_or_else(|| panic!("{inputs:?}"));
    assert_eq!(azure["period"], "2026-10");
    assert_eq!(azure["fingerprint"].as_str().map(str::len), Some(64));
    // and the run has its own
    let manifest: serde_json::Value = serde_json::from_str(&dir.read("out/manifest.json")).unwrap();
    assert!(manifest["files"].as_array().is_some_and(|files| files.len() >= 10));
}

#[test]
fn what_the_run_did_not_list_cannot_be_exported() {
    let dir = Workdir::new();
    dir.link("out", &["--solution-area", "Azure"]);
    let said = dir.fail(&["export", "--run", "out", "--target", "hubspot", "--cluster", "Nurture"]);
    assert!(said.contains("--cluster Nurture: the run did not list it"), "{said}");
    let said =
        dir.fail(&["export", "--run", "out", "--target", "hubspot", "--solution-area", "M365"]);
    assert!(said.contains("--solution-area M365: the run did not list it"), "{said}");
    let said = dir.fail(&["export", "--run", "nowhere", "--target", "hubspot"]);
    assert!(said.contains("hint: name the result folder"), "{said}");
}

#[test]
fn an_export_of_another_run_takes_the_place_of_the_old_lists() {
    let dir = Workdir::new();
    dir.link("out", &[]);
    dir.run(&["export", "--run", "out", "--target", "hubspot", "--out", "lists"]);
    dir.write("lists/hubspot/notes.txt", "a file of somebody else");
    let before = dir.files("lists").len();
    std::thread::sleep(std::time::Duration::from_millis(1_100)); // runs are told by the second
    dir.link("out", &["--cluster", "Act Now"]);
    dir.run(&["export", "--run", "out", "--target", "hubspot", "--out", "lists"]);
    let files = dir.files("lists");
    assert!(files.len() < before, "{:?}", files.keys());
    assert!(files.keys().all(|name| !name.contains("Evaluate")), "{:?}", files.keys());
    assert!(files.contains_key("hubspot/notes.txt"));
}

#[test]
fn an_area_or_a_cohort_that_no_customer_has_is_refused() {
    let dir = Workdir::new();
    dir.link("out", &[]);
    for (flag, word) in [("--solution-area", "Azur"), ("--cohort", "Azure_Migrate")] {
        for command in [&["export", "--target", "hubspot"][..], &["campaigns"]] {
            let said = dir.fail(&[command, &["--run", "out", flag, word]].concat());
            assert!(
                said.contains(&format!("{flag} {word}: no customer of the run has it")),
                "{said}"
            );
            assert!(said.contains("hint: one of: Azure"), "{said}");
        }
    }
    assert!(!dir.path("out/campaigns/hubspot").exists());
}
