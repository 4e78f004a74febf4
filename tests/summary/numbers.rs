//! Links, review, explain and summary say the same of a pair.

use std::collections::BTreeMap;

use crate::support::{Row, Workdir};

#[test]
fn explain_says_what_links_and_review_say() {
    let dir = Workdir::finished();
    for (file, step) in [("out/links.csv", 6), ("out/review.csv", 4)] {
        for row in dir.table(file).rows.iter().step_by(step) {
            let pair = ["--customer", &row["customer_id"], "--account", &row["account_id"]];
            let said = dir.run(&[&["explain", "--run", "out"], &pair[..]].concat()).ended(0).said();
            let score = format!("similarity {} ({})", row["similarity"], row["pass"]);
            let level =
                |field: &str| format!("{field:<7} {:<13} ", row[&*format!("{field}_level")]);
            let levels = ["name", "domain", "id", "place"].map(level);
            for part in levels.iter().chain([&score, &row["explanation"]]) {
                assert!(said.contains(part.as_str()), "{file}: {part:?} is not in\n{said}");
            }
            assert!(said.contains("No file has changed"), "{said}");
            assert!(!said.contains("warning:"), "{said}");
            assert_eq!(file == "out/links.csv", said.contains("  Linked: accepted by"), "{said}");
            let runner_up = row.get("runner_up_similarity").filter(|score| !score.is_empty());
            if let Some(score) = runner_up {
                assert!(said.contains(&format!("with {score}")), "{score}: {said}");
            }
        }
    }
}

#[test]
fn the_summary_counts_the_rows_of_links_and_review() {
    let dir = Workdir::finished();
    let results = &dir.summary("out")["results"];
    let band = |row: &Row| {
        let score: f64 = row["similarity"].parse().expect("a score");
        ((score * 20.0 + 1e-9) as usize).min(19)
    };
    let mut bands: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    let (links, review) = (dir.table("out/links.csv").rows, dir.table("out/review.csv").rows);
    links.iter().for_each(|row| bands.entry(band(row)).or_default().0 += 1);
    let best = review.iter().filter(|row| row["rank"] == "1");
    best.for_each(|row| bands.entry(band(row)).or_default().1 += 1);
    assert_eq!(results["links"], links.len());
    for (at, shown) in results["similarities"].as_array().expect("bands").iter().enumerate() {
        let (linked, in_review) = bands.get(&at).copied().unwrap_or_default();
        assert_eq!((&shown["linked"], &shown["review"]), (&linked.into(), &in_review.into()));
    }
}
