//! Each number on `summary.html` equals one of `summary.json`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{grouped, page};
use crate::{
    language::Texts,
    result::summary::{
        AreaFigures, ChangeFigures, ClusterFigures, FileSummary, FitIntentFigures, GroupFigures,
        InputSummary, MonthFigures, Results, Summary,
    },
};

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

pub(crate) fn numbers(value: &Value, found: &mut BTreeSet<String>) {
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
pub(crate) fn read(page: &str) -> (Vec<String>, BTreeSet<String>) {
    let body = page.split_once("<body>").expect("a body").1;
    let (mut texts, mut values) = (Vec::new(), BTreeSet::new());
    let mut in_picture = false;
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        in_picture = (in_picture || tag.starts_with("svg")) && !tag.starts_with("/svg");
        if let Some(value) = tag.strip_prefix("data value=\"") {
            let value = value.split('"').next().unwrap_or_default();
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
    // what is said of deals has a test of its own: its rates have places
    let outcomes = json["outcomes"].take();
    numbered(&mut json, &mut 1_000);
    json["outcomes"] = outcomes;
    let results: Results = serde_json::from_value(json.clone()).expect("the same shape");
    let mut changes = serde_json::to_value(ChangeFigures::default()).expect("they are plain");
    numbered(&mut changes, &mut 100_000);
    changes["since"] = "2026-11".into();
    let summary = Summary {
        results,
        changes: serde_json::from_value(changes).expect("the same shape"),
        problems: 61,
        records_left_out: 62,
        inputs: vec![InputSummary { file: "a.csv".into(), rows: 63, ..Default::default() }],
        files: vec![FileSummary {
            file: "b.csv".into(),
            rows: 64,
            formula_like_cells: 65,
            first_formula_line: 2,
        }],
        notes: vec!["a note with <b> in it".into()],
        ..Summary::default()
    };
    let mut whole = serde_json::to_value(&summary).expect("a summary is plain");
    whole["results"]["outcomes"].take();
    let mut want = BTreeSet::new();
    numbers(&whole, &mut want);

    let page = page(&summary, &Texts::default());
    let (texts, got) = read(&page);
    assert_eq!(got, want);
    assert!(page.contains("a note with &lt;b&gt; in it"), "text is escaped");
    let allowed = ["M365", "2026-11", env!("CARGO_PKG_VERSION")];
    for text in texts {
        let plain = allowed.iter().fold(text.clone(), |text, word| text.replace(word, ""));
        assert!(!plain.contains(|c: char| c.is_ascii_digit()), "a number from nowhere: {text:?}");
    }
}

/// Sections of the page by a piece of their heading, and in them labels with the number of
/// `results` that belongs to each.
const LABELLED: [(&str, &[(&str, &str)]); 9] = [
    (
        "Customers: linked",
        &[
            ("linked", "/customers/linked"),
            ("in review", "/customers/review"),
            ("unmatched", "/customers/unmatched"),
            ("excluded", "/customers/excluded"),
            ("domain", "/passes/domain"),
            ("name", "/passes/name"),
            ("id", "/passes/id"),
            ("verdict", "/passes/verdict"),
        ],
    ),
    (
        "In review",
        &[
            ("conflict: name or id points to another account", "/review/conflict"),
            ("tie: several accounts are equally good", "/review/tie"),
            ("doubtful: not close enough to link by itself", "/review/doubtful"),
            ("account taken: linked to a closer match", "/review/account_taken"),
        ],
    ),
    (
        "Unmatched and excluded",
        &[
            ("no candidate: nothing in common with any account", "/unmatched/no_candidate"),
            ("nothing near: no account is close enough", "/unmatched/nothing_near"),
            ("no usable key: no name, domain or id to compare", "/excluded/no_usable_key"),
            ("your own company", "/excluded/the_partner_itself"),
        ],
    ),
    (
        "Accounts",
        &[
            ("linked", "/accounts/linked"),
            ("candidate only", "/accounts/candidate_only"),
            ("no customer", "/accounts/no_customer"),
            ("excluded", "/accounts/excluded"),
        ],
    ),
    (
        "Contacts: who",
        &[
            ("listed", "/contacts/listed"),
            ("suppressed", "/contacts/suppressed"),
            ("duplicate", "/contacts/duplicate"),
            ("no usable address", "/contacts/no_usable_address"),
            ("not selected", "/contacts/not_selected"),
            ("account not linked", "/contacts/account_not_linked"),
            ("account unclear", "/contacts/account_unclear"),
            ("no account", "/contacts/no_account"),
            ("unreadable", "/contacts/unreadable"),
        ],
    ),
    (
        "Suppressed, by reason",
        &[
            ("opted out", "/suppressed/opted_out"),
            ("account opted out", "/suppressed/account_opted_out"),
            ("address opted out elsewhere", "/suppressed/address_opted_out_elsewhere"),
            ("suppression list", "/suppressed/suppression_list"),
            ("bounced", "/suppressed/bounced"),
            ("inactive contact", "/suppressed/inactive_contact"),
            ("merged contact", "/suppressed/merged_contact"),
            ("own staff", "/suppressed/own_staff"),
            ("consent unknown", "/suppressed/consent_unknown"),
        ],
    ),
    ("Solution areas", &[("M365", "/areas/0/clusters/0/customers")]),
    ("Cohorts", &[("Some group", "/cohorts/0/customers")]),
    ("Sub-segments", &[("Some group", "/sub_segments/0/customers")]),
];

#[test]
fn each_label_stands_before_its_own_number() {
    let mut json = serde_json::to_value(results()).expect("results are plain");
    numbered(&mut json, &mut 1_000);
    let results: Results = serde_json::from_value(json.clone()).expect("the same shape");
    let page = page(&Summary { results, ..Summary::default() }, &Texts::default());
    for (heading, labels) in LABELLED {
        let at = page.find(&format!("2>{heading}")).or_else(|| page.find(&format!("3>{heading}")));
        let section = &page[at.expect(heading)..];
        for (label, pointer) in labels {
            let cell = format!("<td>{label}</td><td class=\"number\"><data value=\"");
            let (_, after) = section.split_once(&cell).expect(label);
            let value = after.split('"').next().expect("a value");
            let want = json.pointer(pointer).expect(pointer).to_string();
            assert_eq!(value.parse::<f64>(), want.parse::<f64>(), "{heading}: {label}");
        }
    }
    let tiles: Vec<&str> = page.split("<div class=\"tile main\"><data value=\"").skip(1).collect();
    for (tile, name) in tiles.iter().zip(["customers", "agreements", "revenue_open"]) {
        let value = tile.split('"').next().and_then(|value| value.parse::<f64>().ok());
        assert_eq!(value, json["dashboard"][name].as_f64(), "{name}");
    }
    assert_eq!(tiles.len(), 3, "three headline figures");
}

#[test]
fn digits_are_grouped_from_the_right() {
    for (digits, want) in [("7", "7"), ("1234", "1 234"), ("-123456", "-123 456")] {
        assert_eq!(grouped(digits).replace('\u{202f}', " "), want);
    }
}

#[test]
fn an_empty_summary_has_a_page_too() {
    let page = page(&Summary::default(), &Texts::default());
    assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("http"));
}
