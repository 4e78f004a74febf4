//! Links, review, explain and summary say the same of a pair.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::summary::program::Ran;

#[test]
fn explain_says_what_links_and_review_say() {
    let ran = Ran::over("salesforce");
    for (file, step) in [("links.csv", 6), ("review.csv", 4)] {
        for row in ran.rows(file).into_iter().step_by(step) {
            let mut args = vec!["explain", "--run", "result", "--customer", &row["customer_id"]];
            args.extend(["--account", &row["account_id"]]);
            let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
            let said = ran.run(&args);
            let score = format!("similarity {} ({})", row["similarity"], row["pass"]);
            let level = |field: &str| format!("{field:<7} {:<13} ", row[&format!("{field}_level")]);
            let levels = ["name", "domain", "id", "place"].map(level);
            for part in levels.iter().chain([&score, &row["explanation"]]) {
                assert!(said.contains(part.as_str()), "{file}: {part:?} is not in\n{said}");
            }
            assert!(said.contains("No file has changed"), "{said}");
            assert!(!said.contains("warning:"), "{said}");
            assert_eq!(file == "links.csv", said.contains("  Linked: accepted by"), "{said}");
            let runner_up = row.get("runner_up_similarity").filter(|score| !score.is_empty());
            if let Some(score) = runner_up {
                assert!(said.contains(&format!("with {score}")), "{score}: {said}");
            }
        }
    }
}

#[test]
fn the_summary_counts_the_rows_of_links_and_review() {
    let ran = Ran::over("salesforce");
    let summary: Value = serde_json::from_str(&ran.file("summary.json")).expect("JSON");
    let results = &summary["results"];
    let band = |row: &crate::summary::program::Row| {
        let score: f64 = row["similarity"].parse().expect("a score");
        ((score * 20.0 + 1e-9) as usize).min(19)
    };
    let mut bands: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    let (links, review) = (ran.rows("links.csv"), ran.rows("review.csv"));
    links.iter().for_each(|row| bands.entry(band(row)).or_default().0 += 1);
    let best = review.iter().filter(|row| row["rank"] == "1");
    best.for_each(|row| bands.entry(band(row)).or_default().1 += 1);
    assert_eq!(results["links"], links.len());
    for (at, shown) in results["similarities"].as_array().expect("bands").iter().enumerate() {
        let (linked, in_review) = bands.get(&at).copied().unwrap_or_default();
        assert_eq!((&shown["linked"], &shown["review"]), (&linked.into(), &in_review.into()));
    }
}
