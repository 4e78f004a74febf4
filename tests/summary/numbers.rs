//! Links, review, explain and summary say the same of a pair.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::Ran;

#[test]
fn explain_says_what_links_and_review_say() {
    let ran = Ran::over("salesforce");
    for (file, shown) in [("links.csv", 3), ("review.csv", 3)] {
        for row in ran.rows(file).into_iter().step_by(7).take(shown) {
            let mut args = vec!["explain", "--run", "result", "--customer", &row["customer_id"]];
            args.extend(["--account", &row["account_id"]]);
            let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
            let said = ran.run(&args);
            let score = format!("similarity {} ({})", row["similarity"], row["pass"]);
            for part in [&score, &row["explanation"], &row["domain_level"], &row["name_level"]] {
                assert!(said.contains(part.as_str()), "{file}: {part:?} is not in\n{said}");
            }
            assert!(said.contains("No file has changed"), "{said}");
            assert_eq!(file == "links.csv", said.contains("  Linked: accepted by"), "{said}");
        }
    }
}

#[test]
fn the_summary_counts_the_rows_of_links() {
    let ran = Ran::over("salesforce");
    let summary: Value = serde_json::from_str(&ran.file("summary.json")).expect("JSON");
    let results = &summary["results"];
    let mut bands: BTreeMap<usize, u64> = BTreeMap::new();
    let links = ran.rows("links.csv");
    for link in &links {
        let score: f64 = link["similarity"].parse().expect("a score");
        *bands.entry(((score * 20.0 + 1e-9) as usize).min(19)).or_default() += 1;
    }
    assert_eq!(results["links"], links.len());
    for (at, band) in results["similarities"].as_array().expect("bands").iter().enumerate() {
        assert_eq!(band["linked"], bands.get(&at).copied().unwrap_or(0), "band {at}");
    }
}

#[test]
fn a_dry_run_counts_what_a_run_counts_and_writes_nothing() {
    let ran = Ran::over("salesforce");
    let before = ran.entries();
    let said = ran.run(&Ran::inputs("salesforce", &["--out", "other", "--dry-run"]));
    for line in ran.said.lines().take(4) {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
    assert_eq!(ran.entries(), before, "nothing was written");
}
