//! Rows that cannot be read are reported with file and line; all others are read.

use crate::support::{ACCOUNTS, AZURE, Workdir};

#[test]
fn damaged_rows_are_reported_with_file_and_line_and_the_rest_is_read() {
    let dir = Workdir::small();
    dir.write(
        "Accounts.csv",
        format!("{ACCOUNTS}001G,cut\n001H,a,b,c,d,e,f,g\n001I,Kolk GmbH,,,,,,,\n"),
    );
    dir.run_small(&["--strict"]).ended(3);
    dir.run_small(&[]).ended(0);
    let problems = dir.table("out/problems.csv");
    let told: Vec<String> = problems
        .rows
        .iter()
        .map(|row| format!("{}:{}: {}", row["file"], row["line"], row["problem"]))
        .collect();
    assert_eq!(
        told,
        ["Accounts.csv:8: too few cells: 2 of 6", "Accounts.csv:9: too many cells: 8 of 6"],
        "cells beyond the last column that are all empty are no damage"
    );
    let accounts = &dir.summary("out")["results"]["accounts"];
    let sum: u64 = accounts
        .as_object()
        .expect("statuses")
        .values()
        .filter_map(serde_json::Value::as_u64)
        .sum();
    assert_eq!(sum, 7);
}

#[test]
fn a_customer_id_that_excel_rounded_is_reported_and_the_customer_kept() {
    let dir = Workdir::small();
    dir.write("Azure.csv", AZURE.replace("30000001", "2.8E+11"));
    dir.run_small(&[]);
    let problems = dir.table("out/problems.csv");
    assert_eq!(problems.pairs("line", "column"), [("2", "CustomerID")]);
    let links = dir.table("out/links.csv");
    let row = links.rows.iter().find(|row| row["account_id"] == "001A").expect("linked by domain");
    assert!(!row["customer_id"].contains("E+"), "{row:?}");
}

#[test]
fn ids_of_accounts_and_contacts_that_excel_rounded_are_reported_and_no_keys() {
    let dir = Workdir::small();
    let rounded = |text: &str| text.replace("001A", "1.23E+15").replace("001B", "1.23E+15");
    dir.write("Accounts.csv", rounded(ACCOUNTS));
    dir.write("Contacts.csv", rounded(&dir.read("Contacts.csv")).replace("003C", "3E+09"));
    dir.run_small(&["--strict"]).ended(3);
    dir.run_small(&[]).ended(0);
    let problems = dir.table("out/problems.csv");
    let mut told: Vec<String> = problems
        .rows
        .iter()
        .map(|row| format!("{}:{} {}", row["file"], row["line"], row["column"]))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "Accounts.csv:2 Account ID",
            "Accounts.csv:3 Account ID",
            "Contacts.csv:2 Account ID",
            "Contacts.csv:3 Account ID",
            "Contacts.csv:4 Contact ID",
        ]
    );
    let links = dir.table("out/links.csv");
    assert!(!links.column("account_id").iter().any(|id| id.contains("E+")), "{links:?}");
    let linked = links.column("customer_id");
    assert!(linked.contains(&"30000001") && linked.contains(&"30000002"), "two accounts, not one");
}

#[test]
fn telephone_numbers_that_excel_rounded_are_reported_and_left_out() {
    let dir = Workdir::small();
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out,Phone\n\
         003A,001A,Ahrens,ann@quellbrink.de,0,4.97E+11\n\
         003B,001A,Bohm,bea@quellbrink.de,0,\"=\"\"+49 731 1\"\"\"\n",
    );
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/problems.csv").pairs("line", "column"), [("2", "Phone")]);
    assert_eq!(
        dir.table("out/contacts.csv").pairs("contact_id", "phone"),
        [("003A", ""), ("003B", "+49 731 1")]
    );
}

#[test]
fn damaged_rows_of_leads_and_suppression_lists_are_reported() {
    let dir = Workdir::small();
    dir.write("Lead.csv", "Id,IsConverted,Company,LastName,Email\n00Q1,0,a,b,c@x.de\ncut,short\n");
    dir.write("list.csv", "Email,Reason\na@x.de,b\nc@x.de,b\ncut\n");
    let inputs = "--reports Azure.csv --crm Accounts.csv Lead.csv --suppress list.csv";
    dir.run_match(inputs, &["--out", "out"]).ended(0);
    let problems = dir.table("out/problems.csv");
    assert_eq!(problems.pairs("file", "line"), [("Lead.csv", "3"), ("list.csv", "4")]);
    let inputs = &dir.summary("out")["inputs"];
    let rows = |file: &str| {
        let input = inputs.as_array()?.iter().find(|input| input["file"] == file)?;
        input["rows"].as_u64()
    };
    assert_eq!([rows("Lead.csv"), rows("list.csv")], [Some(1), Some(2)]);
}

#[test]
fn every_record_is_a_row_or_a_problem_and_footers_are_reported() {
    let dir = Workdir::small();
    let footer = "\nContacts with accounts\nCopyright (c) 2000-2026 salesforce.com\n";
    let contacts = format!("{}cut,short\n{footer}", dir.read("Contacts.csv"));
    let records = 4;
    dir.write("Contacts.csv", contacts);
    dir.run_small(&[]).ended(0);
    let summary = dir.summary("out");
    let input = summary["inputs"]
        .as_array()
        .and_then(|inputs| inputs.iter().find(|input| input["file"] == "Contacts.csv").cloned());
    let input = input.expect("the contacts");
    let lost = dir.table("out/problems.csv").rows.len() as u64;
    assert_eq!(input["rows"].as_u64().map(|rows| rows + lost), Some(records));
    assert_eq!(input["encoding_reason"], "all of it is ASCII");
    let note = "Contacts.csv: footer lines at the end, skipped: 2";
    let notes = summary["notes"].as_array().expect("notes");
    assert!(notes.iter().any(|of| of == note), "{notes:?}");
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_reported() {
    let dir = Workdir::small();
    let report = |amount: &str| {
        format!(
            "CustomerID,AccountName,Domain,Agreement ID,Agreement End Date,Expiring Revenue\n\
             30000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,A1,03/04/2027,\"{amount}\"\n"
        )
    };
    for (amount, end, order) in
        [("10.50", "2027-03-04", "month first"), ("10,50", "2027-04-03", "day first")]
    {
        dir.write("Renewals.csv", report(amount));
        dir.run_match("--reports Renewals.csv --crm Accounts.csv --out out", &[]).ended(0);
        assert_eq!(dir.table("out/agreements.csv").column("end_date"), [end], "{amount}");
        let problems = dir.table("out/problems.csv");
        let told = problems.rows.iter().find(|row| row["column"] == "Agreement End Date");
        let told = told.map(|row| row["problem"].as_str()).unwrap_or_default();
        assert!(told.ends_with(order), "{amount}: {told}");
    }
}

#[test]
fn a_lone_quote_does_not_swallow_the_rest_of_the_file() {
    let dir = Workdir::small();
    let broken = ACCOUNTS.replace("001A,Quellbrink Werkzeugbau,", "001A,\"Quellbrink Werkzeugbau,");
    let more: String =
        (0..500).map(|at| format!("9{at:03},Firma {at},firma{at}.de,,,\n")).collect();
    dir.write("Accounts.csv", format!("{broken}{more}"));
    dir.run_small(&[]).ended(0);
    let links = dir.table("out/links.csv");
    assert!(links.column("account_id").contains(&"001B"), "{:?}", links.column("account_id"));
    assert_eq!(dir.table("out/problems.csv").rows[0]["line"], "2");
}

#[test]
fn contradictions_between_reports_are_reported_and_the_areas_own_report_holds() {
    let dir = Workdir::small();
    dir.write("M365.csv", "CustomerID,AccountName,City,M365Cluster,AzureCluster\n30000001,Quellbrink Werkzeugbau GmbH,Neu-Ulm,Nurture,Educate\n");
    let reports = "--report m365=M365.csv --report azure=Azure.csv";
    dir.run_match(reports, &["--crm", "Accounts.csv", "--out", "out"]).ended(0);
    let customers = dir.table("out/customers.csv");
    let row = customers.row("30000001");
    assert_eq!(row["clusters"], "Azure: Act Now; M365: Nurture", "Azure's word on Azure");
    assert_eq!(row["City"], "Neu-Ulm", "M365 before Azure elsewhere");
    let problems = dir.table("out/problems.csv");
    let mut told = problems.column("column");
    told.sort_unstable();
    assert_eq!(told, ["AzureCluster", "City"]);
}

#[test]
fn the_same_account_twice_is_one_account() {
    let dir = Workdir::small();
    let again = ACCOUNTS.lines().nth(1).expect("the first account");
    dir.write("Accounts.csv", format!("{ACCOUNTS}{again}\n"));
    dir.run_small(&[]);
    let links = dir.table("out/links.csv");
    assert_eq!(links.column("account_id"), ["001A", "001B", "001C"]);
}

#[test]
fn a_file_that_is_not_read_is_named_where_it_may_be_one_of_ours() {
    for (file, bytes, told) in [
        ("crm/contacts.xlsb", "PK", "it may hold people"),
        ("crm/people.numbers", "PK", "it may hold people"),
        ("crm/contacts.xls", "<html><table><tr><td>Email</td></tr></table>", "it may hold people"),
        ("crm/Opt-out 2026.pdf", "%PDF-1.7", "people who must not be written to"),
        ("crm/unsubscribed.docx", "PK", "people who must not be written to"),
        ("crm/notes.docx", "PK", ""),
        ("crm/~$contacts.xlsx", "\u{5}Petra", ""),
        ("crm/empty.csv", "", ""),
    ] {
        let dir = Workdir::small();
        dir.write("crm/Accounts.csv", ACCOUNTS);
        dir.write("crm/Contacts.csv", dir.read("Contacts.csv"));
        dir.write(file, bytes);
        let ran = dir.run(&["match", "--reports", "Azure.csv", "--crm", "crm", "--out", "out"]);
        let said = ran.ended(0).said().replace('\\', "/");
        let line = said.lines().find(|line| line.contains(file)).unwrap_or_default();
        assert_eq!(line.contains("not read, although"), !told.is_empty(), "{file}: {said}");
        assert!(line.contains(told), "{file}: {line}");
    }
}

/// A row of contacts with damage of some kind, and whether its cell of addresses is filled.
fn damaged(at: u32) -> (String, bool) {
    let (id, address) = (format!("C{at:03}"), format!("p{at}@quellbrink.de"));
    let row = |cell: &str| format!("{id},001A,N{at},{cell},0\n");
    let text = match at % 19 {
        0 => row(&address),
        1 => return (row(""), false),
        2 => row(&address.replace('@', " at ")),
        3 => row(&address.replace('@', "@@")),
        4 => row(&address.replace('.', ",")), // a cell too many
        5 => format!("{id},001A,N{at}\n"),    // cells are missing
        6 => row(&format!("\"{address}")),    // a lone quote
        7 => row(&format!("\"{address}\nother@quellbrink.de\"")),
        8 => row(&format!("{address};;{address}")),
        9 => row("see file"),
        10 => row(&address.replace(".de", "")),
        11 => row(&format!("<{address}")),
        12 => row("noemail@noemail.com"),
        13 => row(&address.replace("quell", "quell\u{fffd}")),
        14 => row(&format!("{address}.invalid")),
        15 => row("-@-"),
        16 => row(&format!("\"Lund, Ada\" <{address}>")), // a comma behind a quote that ends early
        17 => format!("{id},001A,N{at},{address},perhaps\n"),
        _ => format!("{id},001A,N{at},{address},1\n"),
    };
    (text, true)
}

#[test]
fn every_damaged_contact_is_listed_suppressed_counted_or_a_problem() {
    let dir = Workdir::small();
    let mut text = "Contact ID,Account ID,Last Name,Email,Email Opt Out\n".to_owned();
    let mut rows = Vec::new();
    // some hundreds, the kinds in an order that differs from stretch to stretch
    for at in 0..380_u32 {
        let (row, is_filled) = damaged(at * 7 + at / 19);
        let line = text.lines().count() + 1;
        rows.push((line, row.split(',').next().expect("an id").to_owned(), is_filled));
        text.push_str(&row);
    }
    dir.write("Contacts.csv", &text);
    dir.run_small(&["--consent-unknown", "list"]).ended(0);
    let ids = |name: &str| -> Vec<String> {
        dir.table(name).column("contact_id").into_iter().map(str::to_owned).collect()
    };
    let (listed, suppressed) = (ids("out/contacts.csv"), ids("out/suppressed.csv"));
    let problems = dir.table("out/problems.csv");
    let lines = problems.column("line");
    let reserved = |at: &str| {
        text.lines().any(|line| {
            line.starts_with(at) && (line.contains(".invalid") || line.contains("noemail@"))
        })
    };
    for (line, id, is_filled) in &rows {
        let is_told = listed.contains(id)
            || suppressed.contains(id)
            || lines.contains(&line.to_string().as_str())
            || !is_filled
            || reserved(id);
        assert!(is_told, "line {line}: {:?}", text.lines().nth(line - 1));
    }
    let counts = dir.summary("out")["results"]["contacts"].clone();
    let all: u64 = counts.as_object().expect("counts").values().filter_map(|of| of.as_u64()).sum();
    assert_eq!(all, rows.len() as u64, "each row has one status: {counts}");
}

/// Who is listed of two files of contacts, of which the second may be damaged.
fn listed_beside(more: &str) -> Vec<String> {
    let dir = Workdir::new();
    dir.write("Azure.csv", AZURE);
    dir.write("crm/Accounts.csv", ACCOUNTS);
    let free = "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
                003A,001A,Ahrens,ann@quellbrink.de,0\n003B,001B,Bohm,bea@vossmoor.de,0\n";
    dir.write("crm/Contacts.csv", free);
    dir.write("crm/More.csv", more);
    dir.run_match("--reports Azure.csv --crm crm --out out", &[]).done();
    dir.table("out/contacts.csv").column("email").into_iter().map(str::to_owned).collect()
}

#[test]
fn addresses_in_rows_that_cannot_be_read_are_kept_out() {
    let header = "Contact ID,Account ID,Last Name,Email,Further,Email Opt Out\n";
    for (row, what) in [
        ("003C,001A,van,Ahrens,ann@quellbrink.de,,Yes", "a cell too many"),
        ("003C,001A,ann@quellbrink.de", "cells too few"),
        ("003C,001A,ann@quellbrink.de,Yes,,", "cells that moved to the left"),
        ("003C,001A,Ahrens,other@elsewhere.com,ann@quellbrink.de,Yes", "a column nobody knows"),
    ] {
        assert_eq!(listed_beside(&format!("{header}{row}\n")), ["bea@vossmoor.de"], "{what}");
    }
    let sound = format!("{header}003C,001A,Ahrens,other@elsewhere.com,ann@quellbrink.de,No\n");
    assert!(listed_beside(&sound).contains(&"ann@quellbrink.de".to_owned()));
}

#[test]
fn addresses_are_read_from_the_column_that_holds_them() {
    let turned = "Contact ID,Account ID,Email,Last Name,Email Opt Out\n\
                  003C,001A,Ahrens,ann@quellbrink.de,1\n003D,001B,Kurz,kim@vossmoor.de,0\n";
    let listed = listed_beside(turned);
    assert!(!listed.contains(&"ann@quellbrink.de".to_owned()), "{listed:?}");
    assert!(listed.contains(&"kim@vossmoor.de".to_owned()), "{listed:?}");
}

#[test]
fn people_without_a_header_stop_the_run_and_bare_addresses_are_a_list() {
    let dir = Workdir::new();
    dir.write("Azure.csv", AZURE);
    dir.write("crm/Accounts.csv", ACCOUNTS);
    dir.write(
        "crm/More.csv",
        "003C,001A,Ahrens,ann@quellbrink.de,Yes\n003D,001B,K,k@vossmoor.de,No\n",
    );
    let said = dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(1).said();
    assert!(said.contains("its first line holds an e-mail address"), "{said}");
    assert!(!said.contains("ann@"), "{said}");
    assert_eq!(listed_beside("ann@quellbrink.de\nkim@elsewhere.com\n"), ["bea@vossmoor.de"]);
}
