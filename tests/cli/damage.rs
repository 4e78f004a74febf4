//! Rows that cannot be read are told with file and line; all others are read.

use crate::workdir::{ACCOUNTS, AZURE, Workdir};

#[test]
fn damaged_rows_are_told_with_file_and_line_and_the_rest_is_read() {
    let dir = Workdir::small();
    dir.write(
        "Accounts.csv",
        format!("{ACCOUNTS}001G,cut\n001H,a,b,c,d,e,f,g\n001I,Kolk GmbH,,,,,,,\n"),
    );
    dir.run_small(&[]).ended(3);
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
fn a_customer_id_that_excel_rounded_is_told_and_the_customer_kept() {
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
fn a_lone_quote_does_not_swallow_the_rest_of_the_file() {
    let dir = Workdir::small();
    let broken = ACCOUNTS.replace("001A,Quellbrink Werkzeugbau,", "001A,\"Quellbrink Werkzeugbau,");
    let more: String =
        (0..500).map(|at| format!("9{at:03},Firma {at},firma{at}.de,,,\n")).collect();
    dir.write("Accounts.csv", format!("{broken}{more}"));
    dir.run_small(&[]).ended(3);
    let links = dir.table("out/links.csv");
    assert!(links.column("account_id").contains(&"001B"), "{:?}", links.column("account_id"));
    assert_eq!(dir.table("out/problems.csv").rows[0]["line"], "2");
}

#[test]
fn contradictions_between_reports_are_told_and_the_areas_own_report_holds() {
    let dir = Workdir::small();
    dir.write("M365.csv", "CustomerID,AccountName,City,M365Cluster,AzureCluster\n30000001,Quellbrink Werkzeugbau GmbH,Neu-Ulm,Nurture,Educate\n");
    dir.run(&[
        "match",
        "--report",
        "m365=M365.csv",
        "azure=Azure.csv",
        "--crm",
        "Accounts.csv",
        "--out",
        "out",
    ]);
    dir.run(&[
        "match",
        "--report",
        "m365=M365.csv",
        "--report",
        "azure=Azure.csv",
        "--crm",
        "Accounts.csv",
        "--out",
        "out",
    ])
    .ended(0);
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
