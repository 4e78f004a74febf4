//! The page of a run shows the figures of its `summary.json`.

use std::{collections::BTreeSet, fs, path::Path};

use jiff::civil::date;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    config::Config,
    run::pipeline::reconcile,
    write::page::tests::{numbers, read},
};

#[test]
fn the_page_of_a_run_says_what_its_summary_says_and_needs_no_network() {
    let folder = TempDir::new().expect("a temporary folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut config = Config::new(folder.path().join("out"), date(2026, 11, 21));
    config.reports = vec![(None, samples.join("reports"))];
    config.crm = vec![samples.join("crm/salesforce")];
    config.own_domains = vec!["varnholt-cloudpartner.de".into()];
    reconcile(&config, &|| "2026-11-21T10:00:00Z".to_owned()).expect("a run");
    let text = |name: &str| fs::read_to_string(config.out.join(name)).expect(name);
    let summary: Value = serde_json::from_str(&text("summary.json")).expect("JSON");
    let mut known = BTreeSet::new();
    numbers(&summary, &mut known);
    let page = text("summary.html");
    let (_, shown) = read(&page);
    let unknown: Vec<&String> = shown.difference(&known).collect();
    assert!(unknown.is_empty(), "numbers from nowhere: {unknown:?}");
    assert!(shown.len() > 50, "{} numbers", shown.len());
    for input in summary["inputs"].as_array().expect("inputs") {
        let name = input["file"].as_str().and_then(|file| file.rsplit('/').next());
        assert!(page.contains(name.expect("a file")), "{name:?} is not on the page");
        for column in input["columns"].as_array().expect("columns") {
            let header = column["header"].as_str().expect("a header");
            let needed = column["field"] != "ignore" && !header.contains(['<', '&', '"']);
            assert!(!needed || page.contains(header), "{header:?} is not on the page");
        }
    }
    for reference in ["http", "src=", "url(", "@import", "<script", "<link", "<img", "<iframe"] {
        assert!(!page.contains(reference), "{reference} on the page");
    }
    let targets = page.split("href=\"").skip(1);
    targets.for_each(|target| assert!(target.starts_with('#'), "{}", &target[..20]));
}
