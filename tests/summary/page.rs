//! Each number on `summary.html` equals one of `summary.json`.

use std::collections::BTreeSet;

use crm_reconcile::write::{
    AreaFigures, ClusterFigures, FileSummary, FitIntentFigures, GroupFigures, InputSummary,
    MonthFigures, Results, Summary, page,
};
use serde_json::Value;

/// Gives every number of a summary a value of its own.
fn numbered(value: &mut Value, next: &mut u64) {
    match value {
        Value::Number(_) => {
            *value = (*next).into();
            *next += 7;
        }
        Value::Array(values) => values.iter_mut().for_each(|value| numbered(value, next)),
        Value::Object(values) => values.values_mut().for_each(|value| numbered(value, next)),
        _ => {}
    }
}

fn numbers(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            found.insert(number.as_f64().expect("a number").to_string());
        }
        Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
        Value::Object(values) => values.values().for_each(|value| numbers(value, found)),
        _ => {}
    }
}

fn results() -> Results {
    let groups = || vec![GroupFigures { name: "Some group".into(), ..GroupFigures::default() }];
    let cluster = ClusterFigures { cluster: "Act Now".into(), ..ClusterFigures::default() };
    let cell = |fit: &str, intent: &str| FitIntentFigures {
        fit: fit.into(),
        intent: intent.into(),
        ..FitIntentFigures::default()
    };
    let bands = ["High", "Low"];
    let cells = bands.iter().flat_map(|fit| bands.map(|intent| cell(fit, intent))).collect();
    let area = AreaFigures { area: "M365".into(), clusters: vec![cluster], cells };
    Results {
        bands: bands.map(String::from).into(),
        areas: vec![area],
        cohorts: groups(),
        sub_segments: groups(),
        agreements: vec![MonthFigures { month: "2026-11".into(), ..MonthFigures::default() }],
        ..Results::default()
    }
}

/// The texts of a page outside of its head and pictures, and the values of its `data` elements.
fn read(page: &str) -> (Vec<String>, BTreeSet<String>) {
    let body = page.split_once("<body>").expect("a body").1;
    let (mut texts, mut values) = (Vec::new(), BTreeSet::new());
    let mut in_picture = false;
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        in_picture = (in_picture || tag.starts_with("svg")) && !tag.starts_with("/svg");
        if let Some(value) = tag.strip_prefix("data value=\"") {
            let value = value.trim_end_matches('"');
            let shown = text.replace('\u{202f}', "");
            let exact: f64 = value.parse().expect("a number");
            assert_eq!(format!("{exact:.0}"), shown, "what is shown is what is meant");
            values.insert(exact.to_string());
        }
        let in_data = tag.starts_with("data ");
        if in_picture && text.trim().parse::<f64>().is_ok() {
            values.insert(text.trim().to_owned());
        } else if !in_picture && !in_data {
            texts.push(text.to_owned());
        }
    }
    (texts, values)
}

#[test]
fn every_number_on_the_page_is_one_of_the_summary_and_the_other_way_round() {
    let mut json = serde_json::to_value(results()).expect("results are plain");
    numbered(&mut json, &mut 1_000);
    let results: Results = serde_json::from_value(json.clone()).expect("the same shape");
    let summary = Summary {
        results,
        problems: 61,
        records_left_out: 62,
        inputs: vec![InputSummary { file: "a.csv".into(), rows: 63, ..Default::default() }],
        files: vec![FileSummary { file: "b.csv".into(), rows: 64, formula_like_cells: 65 }],
        notes: vec!["a note with <b> in it".into()],
        ..Summary::default()
    };
    let whole = serde_json::to_value(&summary).expect("a summary is plain");
    let mut want = BTreeSet::new();
    numbers(&whole, &mut want);
    // Of the fit and intent of linked customers the picture says nothing.
    for cell in json["areas"][0]["cells"].as_array().expect("cells") {
        want.remove(&cell["linked"].to_string());
    }

    let page = page(&summary);
    let (texts, got) = read(&page);
    assert_eq!(got, want);
    assert!(page.contains("a note with &lt;b&gt; in it"), "text is escaped");
    let allowed = ["M365", "2026-11", env!("CARGO_PKG_VERSION")];
    for text in texts {
        let plain = allowed.iter().fold(text.clone(), |text, word| text.replace(word, ""));
        assert!(!plain.contains(|c: char| c.is_ascii_digit()), "a number from nowhere: {text:?}");
    }
}
