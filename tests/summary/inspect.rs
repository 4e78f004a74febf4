//! `inspect` over files as users have them.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{Ran, Workdir, words};

fn inspected(files: &[(&str, &[u8])]) -> Value {
    let dir = Workdir::new();
    files.iter().for_each(|(name, text)| dir.write(name, text));
    dir.run(&words("inspect --json .")).ended(0).json()
}

fn file<'v>(all: &'v Value, name: &str) -> &'v Value {
    let files = all.as_array().expect("a list").iter();
    let mut of_name =
        files.filter(|file| file["file"].as_str().is_some_and(|of| of.ends_with(name)));
    of_name.next().expect(name)
}

#[test]
fn kind_encoding_delimiter_and_columns_are_reported() {
    let accounts = "Name;PLZ;Ort;Webseite\nM\u{fc}ller GmbH;12345;K\u{f6}ln;www.mueller.example\n";
    let (accounts, _, _) = encoding_rs::WINDOWS_1252.encode(accounts);
    let all = inspected(&[("firmen.csv", &accounts)]);
    let of = file(&all, "firmen.csv");
    assert_eq!(of["kind"], "accounts");
    assert_eq!(of["encoding"], "Windows-1252");
    assert!(!of["encoding_reason"].as_str().expect("a reason").is_empty());
    assert_eq!(of["dialect"], "semicolon");
    assert_eq!(of["rows"], 1);
    let columns = of["columns"].as_array().expect("columns");
    let of_name = columns.iter().find(|column| column["header"] == "Name").expect("the name");
    assert_eq!((&of_name["field"], &of_name["sample"]), (&"name".into(), &"Müller GmbH".into()));
    assert_eq!(of["warnings"][0]["settled_by"], "--column id=HEADER");
}

#[test]
fn consent_is_counted_and_no_value_of_a_person_is_shown() {
    let contacts = "Contact ID,First Name,Last Name,Email,Account ID,Do not allow Bulk Emails\n\
                    1,Wilma,Krautwurst,wilma@krautwurst.example,A1,Allow\n\
                    2,Heinz,Zwiebel,heinz@zwiebel.example,A2,Do Not Allow\n";
    let all = inspected(&[("Contact.csv", contacts.as_bytes())]);
    let of = file(&all, "Contact.csv");
    assert_eq!(of["consent_columns"][0], "Do not allow Bulk Emails");
    assert_eq!(of["email_permission"]["denied"], 1);
    assert_eq!(of["email_permission"]["unknown"], 0);
    let text = all.to_string();
    for cell in ["Wilma", "Krautwurst", "krautwurst.example", "Heinz", "Zwiebel"] {
        assert!(!text.contains(cell), "{cell} is in {text}");
    }
}

#[test]
fn values_of_companies_are_shown_in_every_kind_of_file_and_those_of_people_in_none() {
    let all = inspected(&[
        (
            "Contact.csv",
            b"Contact ID,First Name,Last Name,Email,Account ID,Account Name,Website,Title,City\n\
              C1,Wilma,Krautwurst,wilma@krautwurst.example,A1,Wilma Krautwurst,krautwurst.example,Head,Bonn\n\
              C2,Heinz,Zwiebel,heinz@zwiebel.example,A2,Krautwurst Wilma,a@b.example,Chef,Wien\n\
              C3,Alfons,Gurke,alfons@garden.example,A3,Garden Ltd,garden.example,Boss,Rom\n",
        ),
        (
            "Lead.csv",
            b"Lead ID,First Name,Last Name,Company,Email,Phone\n\
              L1,Erna,Petersilie,Kraut AG,erna@kraut.example,+49 30 5550001\n",
        ),
        (
            "Account.csv",
            b"Id,Name,IsPersonAccount,PersonEmail,FirstName,LastName,BillingCity\n\
              001A00000000001,Kuno Rettich,1,kuno@rettich.example,Kuno,Rettich,Ulm\n\
              001A00000000002,Rettich Handel,0,,,,Trier\n",
        ),
        (
            "list.csv",
            b"Contact: Name,Contact: Email,Company Name,Company Domain,Billing City,Owner\n\
              Berta Sellerie,berta@sellerie.example,Sellerie KG,garden.example,Linz,Otto Porree\n",
        ),
        ("stop.csv", b"Email,Domain\nmax@rueben.example,rueben.example\n"),
    ]);
    for (name, want) in [
        ("Contact.csv", &["A1", "Garden Ltd", "garden.example"][..]),
        ("Lead.csv", &["Kraut AG"]),
        ("Account.csv", &["001A00000000002", "Rettich Handel", "Trier"]),
        ("stop.csv", &["rueben.example"]),
    ] {
        let columns = file(&all, name)["columns"].as_array().expect(name);
        let shown: Vec<&str> =
            columns.iter().filter_map(|column| column["sample"].as_str()).collect();
        assert_eq!(shown, want, "{name}");
    }
    let text = all.to_string();
    for person in ["Wilma", "Heinz", "Alfons", "Erna", "Kuno", "Berta", "Otto", "max@", "+49 30"] {
        assert!(!text.contains(person), "{person} is in {text}");
    }
    for cell in ["Head", "Chef", "Bonn", "Ulm", "krautwurst.example"] {
        assert!(!text.contains(cell), "{cell} is in {text}");
    }
}

#[test]
fn what_a_kind_of_file_never_has_is_no_warning() {
    let all = inspected(&[
        ("SecurityPropensity.csv", b"CustomerID,AccountName,SecurityCluster\n1,Contoso,Act Now\n"),
        ("AzurePropensity.csv", b"CustomerID,AccountName,AzureCluster\n1,Contoso,Act Now\n"),
        ("Lead.csv", b"Lead ID,Last Name,Company,Email\nL1,Krautwurst,Contoso,a@b.example\n"),
    ]);
    for (name, warnings) in
        [("SecurityPropensity.csv", 0), ("AzurePropensity.csv", 1), ("Lead.csv", 0)]
    {
        let of = file(&all, name);
        assert_ne!(of["kind"], "unknown", "{name}");
        assert_eq!(of["warnings"].as_array().map(Vec::len), Some(warnings), "{name}: {of}");
    }
}

#[test]
fn a_first_line_of_data_is_not_shown_as_headers() {
    let rows = "Wilma,Krautwurst,wilma@krautwurst.example\nHeinz,Zwiebel,heinz@zwiebel.example\n";
    let all = inspected(&[("people.csv", rows.as_bytes())]);
    let of = file(&all, "people.csv");
    assert_eq!(of["kind"], "unknown");
    let found = of["warnings"][0]["found"].as_str().expect("a warning");
    assert!(found.contains("the first line holds data"), "{found}");
    assert!(!all.to_string().contains("Krautwurst"), "{all}");
}

#[test]
fn files_that_are_none_of_ours_are_left_alone_with_a_reason() {
    let all = inspected(&[
        ("~$Accounts.xlsx", b"lock"),
        ("desktop.ini", b"[x]"),
        ("empty.csv", b""),
        ("picture.bin", &[0, 1, 2, 3, 0]),
        ("wrong.csv", b"foo;bar\n1;2\n"),
    ]);
    for name in ["~$Accounts.xlsx", "desktop.ini", "empty.csv", "picture.bin"] {
        let reason = file(&all, name)["left_alone_reason"].as_str().unwrap_or_default();
        assert!(!reason.is_empty(), "{name}");
    }
    let wrong = file(&all, "wrong.csv");
    assert_eq!(wrong["kind"], "unknown");
    assert_eq!(wrong["columns_left_alone"], serde_json::json!(["foo", "bar"]));
    assert!(wrong["warnings"][0]["settled_by"].as_str().is_some_and(|by| by.contains("--column")));
}

#[test]
fn a_report_shows_its_clusters_fit_and_intent_and_cohorts() {
    let report = "inspect --json reports/AzurePropensity_2026-10.csv";
    let all = Workdir::samples().run(&words(report)).done().json();
    assert_eq!(all[0]["kind"], "azure");
    assert_eq!(all[0]["areas"], serde_json::json!(["Azure"]));
    for list in ["cluster_columns", "fit_and_intent_columns", "cohorts", "columns_left_alone"] {
        assert!(all[0][list].as_array().is_some_and(|list| !list.is_empty()), "{list}");
    }
}

#[test]
fn a_column_that_no_file_has_is_refused() {
    let dir = Workdir::with(&[("Account.csv", "Account ID,Account Name\n1,Contoso\n")]);
    let said = dir.run(&words("inspect Account.csv --column id=Nowhere")).ended(1).stderr;
    assert!(said.contains("--column id=Nowhere: no file has a column of this name"), "{said}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = Workdir::samples();
    dir.run_samples("crm/hubspot-default-view", "out", &[]);
    let customer = &dir.table("out/customers.csv").rows[0]["customer_id"].clone();
    for line in [
        "inspect crm/salesforce reports",
        &format!("explain --run out --customer {customer}"),
        "match --reports reports --crm crm/hubspot-default-view --dry-run",
        "match --reports reports --crm crm/hubspot-default-view --out other --json",
        "evaluate --truth out/links.csv --run out",
        "evaluate --truth out/links.csv --run out --quick --json",
        "campaigns --run out",
        "campaigns --run out --json",
        "export --run out --target workbook --out files",
        "inspect --json out",
        "completions bash",
        "man",
    ] {
        let mut program = dir.command(&words(line));
        let program = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut program = program.expect("the program starts");
        drop(program.stdout.take());
        let said = Ran::of(program.wait_with_output()).done().stderr;
        assert!(!said.contains("panicked"), "{line}: {said}");
    }
}
