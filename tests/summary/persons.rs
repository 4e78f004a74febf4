//! No cell of a person appears in a message, a summary or a settings file.

use std::collections::BTreeSet;

use crm_reconcile::{
    columns::{Overrides, Recognised, Side},
    crm::Contact,
    intake::Source,
    pipeline::Rules,
    read::{ReadOptions, discover},
};

use crate::program::{Ran, samples};

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
    let paths = [samples().join("crm").join(crm)];
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

#[test]
fn nothing_but_the_lists_names_a_person() {
    for crm in ["salesforce", "dynamics", "hubspot", "hubspot-default-view"] {
        let persons = persons(crm);
        assert!(persons.len() > 100, "{crm}: {} cells of persons", persons.len());
        let ran = Ran::over(crm);
        let inspect = ["inspect".to_owned(), samples().join("crm").join(crm).display().to_string()];
        let customer = ran.rows("links.csv").swap_remove(0).remove("customer_id").expect("an id");
        let explain = ["explain", "--run", "result", "--customer", &customer].map(str::to_owned);
        let mut texts = vec![
            ("what match says", ran.said.clone()),
            ("what inspect says", ran.run(&inspect)),
            ("what explain says", ran.run(&explain)),
            ("dry run", ran.run(&Ran::inputs(crm, &["--out", "other", "--dry-run"]))),
        ];
        for file in ["summary.json", "summary.html", "settings.toml", "problems.csv"] {
            texts.push((file, ran.file(file)));
        }
        for (what, text) in texts {
            for person in &persons {
                assert!(!text.contains(person.as_str()), "{crm}: {person:?} is in {what}");
            }
        }
    }
}
