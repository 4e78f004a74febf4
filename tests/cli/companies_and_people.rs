//! What a file holds is found by its cells: companies, people, both, or what belongs to them.

use crate::support::{ACCOUNTS, AZURE, Workdir};

#[test]
fn a_column_splits_a_file_of_companies_and_people() {
    let dir = Workdir::with(&[("Azure.csv", AZURE)]);
    for (header, company, person) in [
        ("Is a Company", "True", "False"),
        ("Ist ein Unternehmen", "Ja", "Nein"),
        ("is_company", "1", "0"),
        ("Type", "Company", "Individual"),
        ("Kontaktart", "Firma", "Person"),
        ("Catégorie", "Société", "Particulier"),
        ("Tipo", "Empresa", "Persona"),
        ("Rodzaj", "Firma", "Osoba fizyczna"),
        ("Тип", "Организация", "Контакт"),
        ("区分", "法人", "個人"),
    ] {
        dir.write(
            "all.csv",
            format!(
                "Id,Name,{header},Related Company,City,Email,Website,Email Opt Out\n\
                 1,Quellbrink Werkzeugbau,{company},,Ulm,info@quellbrink.de,quellbrink.de,0\n\
                 2,Ann Ahrens,{person},Quellbrink Werkzeugbau,Ulm,ann@quellbrink.de,,0\n\
                 3,Vossmoor Logistik,{company},,Kiel,,vossmoor.de,0\n\
                 4,Bea Bohm,{person},Vossmoor Logistik,Kiel,bea@vossmoor.de,,1\n"
            ),
        );
        let line = "--reports Azure.csv --crm all.csv --out out --target crm-update";
        let said = dir.run_match(line, &[]).ended(0).said();
        assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["2"], "{header}: {said}");
        assert_eq!(dir.table("out/suppressed.csv").column("contact_id"), ["4"], "{header}: {said}");
        let mut linked = dir.table("out/links.csv").column("account_id").join(" ");
        assert_eq!(linked, "1 3", "{header}: {said}");
        linked =
            dir.table("out/campaigns/crm-update/Account update.csv").column("Account ID").join(" ");
        assert_eq!(linked, "1 3", "{header}");
        let people = dir.table("out/campaigns/crm-update/Contact update.csv");
        assert_eq!(people.column("Contact ID"), ["2"], "{header}");
    }
}

#[test]
fn a_row_that_is_neither_is_read_as_a_person_and_told() {
    let dir = Workdir::with(&[("Azure.csv", AZURE)]);
    let rows = "Id,Name,Is a Company,Related Company,Email,Website,Email Opt Out\n\
                1,Quellbrink Werkzeugbau,yes,,,quellbrink.de,0\n\
                2,Ann Ahrens,no,Quellbrink Werkzeugbau,ann@quellbrink.de,,0\n\
                3,Ann Ahrens,household,,ANN@quellbrink.de,,1\n";
    dir.write("all.csv", rows);
    let line = "--reports Azure.csv --crm all.csv --out out";
    dir.run_match(line, &[]).ended(0);
    assert!(dir.table("out/contacts.csv").rows.is_empty(), "the denial of the third row counts");
    let problems = dir.table("out/problems.csv");
    assert_eq!(problems.column("line"), ["4"], "{problems:?}");
    assert_eq!(problems.column("column"), ["Is a Company"]);
}

#[test]
fn people_without_a_column_that_says_so_are_no_accounts() {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    for header in [
        "ID,Name,Emails,Organization,Email Opt Out",
        "Id,Person,E-postadress,Company,Email Opt Out",
    ] {
        let row = "P1,Ann Ahrens,ann@quellbrink.de,Quellbrink Werkzeugbau,0";
        let other = "P2,Ada Aal,ada@quellbrink.de,Quellbrink Werkzeugbau,1";
        dir.write("people.csv", format!("{header}\n{row}\n{other}\n"));
        let line = "--reports Azure.csv --crm Accounts.csv people.csv --out out";
        let said = dir.run_match(line, &[]).ended(0).said();
        assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["P1"], "{header}: {said}");
        assert_eq!(
            dir.table("out/suppressed.csv").column("contact_id"),
            ["P2"],
            "{header}: {said}"
        );
    }
}

#[test]
fn what_belongs_to_accounts_is_left_alone_or_stops_the_run() {
    let files = [
        "Id,Name,AccountId,Amount,Close\n1,Renewal,A1,100,2026-01-01\n",
        "Deal ID,Title,Account Name,Amount,Stage\n1,Renewal,Quellbrink Werkzeugbau,100,Won\n",
        "Deal,Organization,Value\nA,Quellbrink,1\nB,Quellbrink,2\nC,Vossmoor,3\n",
        "Id,Name,Code,Price\n1,Chair,C1,100\n",
        "Rechnungsnummer,Kunde,Betrag\nR1,Quellbrink,100\n",
        "Id,Subject,Account\n1,Call,Quellbrink\n2,Mail,Quellbrink\n",
    ];
    for file in files {
        let dir = Workdir::small();
        dir.write("crm/other.csv", file);
        let base = "--reports Azure.csv --crm Accounts.csv Contacts.csv";
        dir.run_match(&format!("{base} crm --out out"), &[]).ended(0);
        assert_eq!(dir.table("out/links.csv").rows.len(), 3, "{file}");
        let inputs = dir.summary("out")["inputs"].to_string();
        assert!(inputs.contains("records that belong to accounts"), "{file}: {inputs}");
        let said = dir.run_match(&format!("{base} crm/other.csv --out named"), &[]).ended(1).said();
        assert!(said.contains("crm/other.csv") && said.contains("--accounts"), "{said}");
        assert!(!dir.holds("named"), "{file}");
    }
}
