//! No cell of a person appears in a message, a summary or a settings file.

use std::collections::BTreeSet;

use crm_reconcile::{
    columns::{Overrides, Recognised, Side},
    crm::Contact,
    intake::Source,
    pipeline::Rules,
    read::{ReadOptions, discover},
};

use crate::summary::program::{Ran, samples, words};

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

/// Everything but the lists that a run over a CRM writes or that a command says. (The lists name
/// the owners of accounts too: colleagues, who may be contacts of their own company.)
fn texts(crm: &str, ran: &Ran) -> Vec<(String, String)> {
    let folder = samples().join("crm").join(crm).display().to_string();
    let reports = samples().join("reports").display().to_string();
    let mut texts = vec![("what match says".to_owned(), ran.said.clone())];
    let mut say = |args: Vec<String>| texts.push((args.join(" "), ran.run(&args)));
    say(words(&format!("inspect {folder} {reports}")));
    say(words(&format!("inspect --json {folder}")));
    say(Ran::inputs(crm, &["--dry-run"]));
    say(Ran::inputs(crm, &["--out", "other", "--json"]));
    say(words("campaigns --run result"));
    say(words("campaigns --run result --json"));
    say(words("export --run result --target hubspot workbook --out files"));
    for file in ["links.csv", "review.csv", "unmatched.csv"] {
        for row in ran.rows(file).iter().step_by(5).take(3) {
            let customer = &row["customer_id"];
            let line = ["explain", "--run", "result", "--customer", customer];
            say(line.map(str::to_owned).into());
        }
    }
    let contacts_for_accounts = format!("match --reports {reports} --accounts {folder} --out no");
    let no_reports = format!("match --reports {folder} --crm {folder} --out no");
    for args in [words(&no_reports), words(&contacts_for_accounts)] {
        texts.push((args.join(" "), ran.either(&args)));
    }
    for file in [
        "summary.json",
        "summary.html",
        "settings.toml",
        "problems.csv",
        "manifest.json",
        "links.csv",
        "review.csv",
        "unmatched.csv",
    ] {
        texts.push((file.to_owned(), ran.file(file)));
    }
    texts
}

#[test]
fn nothing_but_the_lists_names_a_person() {
    for crm in ["salesforce", "dynamics", "hubspot", "hubspot-default-view"] {
        let ran = Ran::over(crm);
        let mut persons = persons(crm);
        assert!(persons.len() > 100, "{crm}: {} cells of persons", persons.len());
        // and as the lists have them, cleaned
        let listed = ran.rows("contacts.csv");
        persons.extend(listed.into_iter().map(|mut row| row.remove("email").expect("an address")));
        for (what, text) in texts(crm, &ran) {
            for person in &persons {
                assert!(!text.contains(person.as_str()), "{crm}: {person:?} is in {what}");
            }
        }
    }
}
