//! Each sheet of a workbook is read as a file of its own, or named with the reason why not.

use crate::support::{ACCOUNTS, AZURE, CONTACTS, Workdir, workbook_of};

/// What the small run says and lists, with these workbooks in place of the files of the CRM.
fn run(dir: &Workdir, line: &str) -> (String, Vec<String>, Vec<String>) {
    let said = dir.run_match(line, &[]).ended(0).said();
    let ids = |name: &str| {
        let table = dir.table(&format!("out/{name}.csv"));
        table.column("contact_id").into_iter().map(str::to_owned).collect()
    };
    (said, ids("contacts"), ids("suppressed"))
}

#[test]
fn accounts_and_contacts_may_stand_in_one_workbook() {
    let notes = "Status,Meaning\nA,active\n";
    let pivot = "Account Name,Count\nQuellbrink Werkzeugbau,7\nTotal,7\n";
    let sheets = [
        ("Read me", "Our CRM\n"),
        ("Firmen", ACCOUNTS),
        ("Pivot", pivot),
        ("Personen", CONTACTS),
        ("Legend", notes),
        ("Leer", ""),
    ];
    let dir = Workdir::with(&[("Azure.csv", AZURE)]);
    for order in [[0, 1, 2, 3, 4, 5], [3, 2, 1, 0, 5, 4]] {
        dir.write("crm/crm.xlsx", workbook_of(&order.map(|at| sheets[at])));
        let (said, listed, suppressed) =
            run(&dir, "--reports Azure.csv --crm crm --out out --own-domain own.example");
        assert_eq!((listed, suppressed), (vec!["003A".into()], vec!["003B".into()]), "{order:?}");
        for (sheet, named) in [
            ("Read me", true),
            ("Pivot", true),
            ("Legend", true),
            ("Leer", false),
            ("Firmen", false),
        ] {
            let is_named = said.contains(&format!("note: crm/crm.xlsx!{sheet}: not read"));
            assert_eq!(is_named, named, "{sheet}: {said}");
        }
        let inputs = dir.summary("out")["inputs"].clone();
        let reasons = inputs.as_array().expect("inputs").iter();
        let empty = reasons.filter(|of| of["left_alone_reason"] == "an empty sheet").count();
        assert_eq!(empty, 1, "{inputs}");
    }
}

#[test]
fn every_sheet_of_a_suppression_workbook_counts() {
    let dir = Workdir::small();
    let contacts = CONTACTS.replace(",1\n", ",0\n");
    dir.write("Contacts.csv", contacts);
    for (second, third) in [
        ("E-Mail\nbea@vossmoor.de\n", "Note\nasked by phone\n"),
        ("bea@vossmoor.de\n", "x\n"), // no header
        ("Datum,Wer\n2026-01-01,BEA (at) vossmoor.de\n", "Domain\nnobody.example\n"),
    ] {
        let first = "Email\nann@quellbrink.de\n";
        dir.write("stop.xlsx", workbook_of(&[("2024", first), ("2025", second), ("Info", third)]));
        let line = "--reports Azure.csv --crm Accounts.csv Contacts.csv --suppress stop.xlsx \
                    --out out";
        let (said, listed, suppressed) = run(&dir, line);
        assert!(listed.is_empty(), "{second:?}: {said}");
        assert_eq!(suppressed, ["003A", "003B"], "{second:?}: {said}");
    }
}

#[test]
fn a_sheet_of_denials_among_the_files_of_the_crm_counts() {
    let dir = Workdir::small();
    dir.write("Contacts.csv", CONTACTS.replace(",1\n", ",0\n"));
    let denials = "Adresse,Grund\nann@quellbrink.de,hat angerufen\nbea@vossmoor.de,\n";
    let sheets = [("Accounts", ACCOUNTS), ("Unsubscribed", denials)];
    dir.write("crm.xlsx", workbook_of(&sheets));
    let (said, listed, _) = run(&dir, "--reports Azure.csv --crm crm.xlsx Contacts.csv --out out");
    assert!(listed.is_empty(), "{said}");
}

#[test]
fn two_reports_may_stand_in_one_workbook() {
    let d365 = "CustomerID,AccountName,Domain,D365Cluster\n\
                30000002,Vossmoor Logistik GmbH,vossmoor.de,Act Now\n";
    let dir = Workdir::small();
    let sheets = [("Cover", "Name,Value\nPartner,Own\n"), ("Azure", AZURE), ("D365", d365)];
    dir.write("reports.xlsx", workbook_of(&sheets));
    let (said, ..) = run(&dir, "--reports reports.xlsx --crm Accounts.csv Contacts.csv --out out");
    let customers = dir.table("out/customers.csv");
    assert_eq!(customers.rows.len(), 5, "{said}");
    assert_eq!(customers.row("30000002")["clusters"], "Azure: Evaluate; D365: Act Now");
    assert!(said.contains("reports.xlsx!Cover: not read"), "{said}");
}

#[test]
fn the_user_may_name_the_sheet_and_is_told_of_the_others() {
    let dir = Workdir::small();
    dir.write("crm.xlsx", workbook_of(&[("Old", ACCOUNTS), ("New", ACCOUNTS)]));
    let line = "--reports Azure.csv --crm crm.xlsx --contacts Contacts.csv --sheet New --out out";
    let (said, ..) = run(&dir, line);
    assert!(said.contains("other sheets were not read: Old"), "{said}");
}
