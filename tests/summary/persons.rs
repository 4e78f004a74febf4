//! No cell of a person appears in a message, a summary or a settings file.

use std::collections::BTreeSet;

use crm_reconcile::{
    columns::{Overrides, Recognised, Side},
    crm::Contact,
    inputs::Source,
    read::{ReadOptions, discover},
    run::Rules,
};

use crate::support::{Workdir, repository, words};

/// Names, addresses and numbers of a person, as somebody would look for them.
fn cells(contact: &Contact<'_>) -> Vec<String> {
    let Contact { first_name, last_name, full_name, .. } = contact;
    let mut cells: Vec<String> = contact.emails().map(str::to_owned).collect();
    if !first_name.is_empty() && !last_name.is_empty() {
        cells.push(format!("{first_name} {last_name}"));
        cells.push(format!("{last_name}, {first_name}"));
    }
    cells.extend([*full_name, contact.phone, contact.mobile].map(str::to_owned));
    cells.retain(|cell| cell.chars().count() > 4 && cell != "n/a");
    cells
}

/// The cells of all persons in the samples of a CRM.
fn persons(crm: &str) -> BTreeSet<String> {
    let rules = Rules::load(None, &[]).expect("the tables");
    let options = ReadOptions::default();
    let paths = [repository("samples").join(crm)];
    let (inputs, _) = discover(&paths, &options).expect("the samples");
    let mut found = BTreeSet::new();
    for input in inputs {
        let asked = (Side::Crm, None);
        let source = Source::open(&input, asked, &options, &Overrides::default(), &rules.columns);
        let Ok(source) = source else { continue };
        let layout = match &source.what {
            Recognised::Contacts(layout)
            | Recognised::Leads(layout)
            | Recognised::Both(_, layout) => layout,
            _ => continue,
        };
        for batch in source.batches(&options).expect("readable") {
            let batch = batch.expect("readable");
            for row in batch.rows() {
                found.extend(cells(&layout.contact(row, rules.columns.words())));
            }
        }
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
        let mut persons = persons(crm);
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
