//! No cell of a person appears in a message, a summary or a settings file.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::support::{Workdir, words};

/// A text of an answer in JSON.
fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().expect(key)
}

/// Names, addresses and numbers of the person of a row, as somebody would look for them.
fn cells(fields: &[&str], row: &csv::StringRecord) -> Vec<String> {
    let of = |wanted: &'static str| {
        let cells = fields.iter().zip(row).filter(move |(field, _)| **field == wanted);
        cells.map(|(_, cell)| cell.trim()).filter(|cell| !cell.is_empty())
    };
    let mut cells: Vec<String> = ["full-name", "phone", "mobile"]
        .into_iter()
        .flat_map(of)
        .chain(
            of("email")
                .chain(of("further-email"))
                .flat_map(|cell| cell.split([';', ',']))
                .map(str::trim),
        )
        .map(str::to_owned)
        .collect();
    if let (Some(first), Some(last)) = (of("first-name").next(), of("last-name").next()) {
        cells.push(format!("{first} {last}"));
        cells.push(format!("{last}, {first}"));
    }
    cells.retain(|cell| cell.chars().count() > 4 && cell != "n/a");
    cells
}

/// The cells of all persons in the samples of a CRM, by the fields that `inspect` names.
fn persons(crm: &str, dir: &Workdir) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let answer = dir.run(&["inspect", "--json", crm]).done().json();
    for file in answer.as_array().expect("files") {
        if !["contacts", "leads"].contains(&text(file, "kind")) {
            continue;
        }
        let delimiter = if text(file, "dialect") == "semicolon" { b';' } else { b',' };
        let bytes = fs::read(dir.path(text(file, "file"))).expect("a sample");
        let mut rows = csv::ReaderBuilder::new();
        let mut rows = rows.delimiter(delimiter).flexible(true).from_reader(&bytes[..]);
        let headers = rows.headers().expect("a header").clone();
        let columns = file["columns"].as_array().expect("columns");
        let field = |header: &str| {
            let header = header.trim_start_matches('\u{feff}');
            let column = columns.iter().find(|column| text(column, "header") == header);
            column.map_or("", |column| text(column, "field"))
        };
        let fields: Vec<&str> = headers.iter().map(field).collect();
        let whole = rows.records().filter_map(Result::ok).filter(|row| row.len() == fields.len());
        found.extend(whole.flat_map(|row| cells(&fields, &row)));
    }
    found
}

/// Everything but the lists that a run over a CRM writes or that a command says. (The lists name
/// the owners of accounts too: colleagues, who may be contacts of their own company.)
fn texts(crm: &str, dir: &Workdir) -> Vec<(String, String)> {
    let inputs = format!("--as-of 2026-11-21 --reports reports --crm {crm}");
    let mut lines = vec![
        format!("inspect {crm} reports"),
        format!("inspect --json {crm}"),
        format!("match {inputs} --dry-run"),
        format!("match {inputs} --out other --json"),
        "campaigns --run out".to_owned(),
        "campaigns --run out --json".to_owned(),
        "export --run out --target hubspot workbook --out files".to_owned(),
    ];
    for file in ["out/links.csv", "out/review.csv", "out/unmatched.csv"] {
        let table = dir.table(file);
        let customers = table.column("customer_id").into_iter().step_by(5).take(3);
        lines.extend(customers.map(|id| format!("explain --run out --customer {id}")));
    }
    let mistaken = [
        format!("match --reports {crm} --crm {crm} --out no"),
        format!("match --reports reports --accounts {crm} --out no"),
    ];
    let said = lines.into_iter().map(|line| (dir.run(&words(&line)).done().said(), line));
    let answers = mistaken.into_iter().map(|line| (dir.run(&words(&line)).said(), line));
    let files = [
        "summary.json",
        "summary.html",
        "settings.toml",
        "problems.csv",
        "manifest.json",
        "history.json",
        "../out.history/2026-10.json",
        "links.csv",
        "review.csv",
        "unmatched.csv",
    ];
    let files = files.into_iter().map(|file| (dir.read(&format!("out/{file}")), file.to_owned()));
    said.chain(answers).chain(files).collect()
}

#[test]
fn nothing_but_the_lists_names_a_person() {
    for crm in ["crm/salesforce", "crm/dynamics", "crm/hubspot", "crm/hubspot-default-view"] {
        let dir = Workdir::samples();
        let ran = dir.run_samples(crm, "out", &[]);
        let mut persons = persons(crm, &dir);
        assert!(persons.len() > 100, "{crm}: {} cells of persons", persons.len());
        // and as the lists have them, cleaned
        let listed = dir.table("out/contacts.csv");
        persons.extend(listed.column("email").into_iter().map(str::to_owned));
        let mut texts = texts(crm, &dir);
        texts.push((ran.said(), "what match says".to_owned()));
        for (text, what) in texts {
            for person in &persons {
                assert!(!text.contains(person.as_str()), "{crm}: {person:?} is in {what}");
            }
        }
    }
}
