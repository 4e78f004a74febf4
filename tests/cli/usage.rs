//! What the program says to a user who named the wrong thing, and with which status it ends.

use crate::support::{ACCOUNTS, CONTACTS, Workdir, words};

#[test]
fn the_exit_status_says_how_the_run_ended() {
    let dir = Workdir::small();
    assert_eq!(dir.run_small(&[]).status, Some(0), "all read and written");
    assert_eq!(dir.run_small(&["--cohort", "Ripe"]).status, Some(1), "an error");
    assert_eq!(dir.run_small(&["--threads", "0"]).status, Some(2), "wrong usage");
    assert_eq!(dir.run_small(&["--cluster", "Ripe"]).status, Some(2), "wrong usage");
    assert_eq!(dir.run(&[]).status, Some(2), "no command");
    dir.write("Accounts.csv", format!("{ACCOUNTS}001G,cut short\n"));
    assert_eq!(dir.run_small(&[]).status, Some(0), "a row left out");
    assert_eq!(
        dir.run_small(&["--strict"]).status,
        Some(3),
        "a row left out, and that is asked about"
    );
}

#[test]
fn help_teaches_with_examples_and_exit_statuses() {
    let dir = Workdir::new();
    let help = dir.run(&["match", "--help"]).ended(0).stdout;
    for part in ["Examples:", "--solution-area Azure", "--settings", "Exit status:", "--column"] {
        assert!(help.contains(part), "{part}");
    }
}

#[test]
fn paths_that_hold_nothing_of_use_are_refused_with_a_hint() {
    let dir = Workdir::small();
    std::fs::create_dir(dir.path("empty")).expect("a folder");
    dir.write("table.csv", "a,b\n1,2\n");
    dir.write("nothing.csv", "");
    dir.write(
        "noise.csv",
        (0..2000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>(),
    );
    let told = |args: &[&str]| {
        let ran = dir.run(&[&["match", "--out", "out"], args].concat());
        assert!(!dir.holds("out") && !dir.holds("out.new"), "{args:?} left something behind");
        assert_eq!(ran.stdout, "", "{args:?}");
        ran.ended(1).stderr
    };

    insta::assert_snapshot!(told(&["--reports", "nope", "--crm", "Accounts.csv"]), @r"
    error: nope: no such file or folder
    hint: check the spelling of the path
    ");
    insta::assert_snapshot!(told(&["--reports", "empty", "--crm", "Accounts.csv"]), @r"
    error: empty: the folder holds no table
    hint: give a CSV file, a workbook, or a folder or .zip of them
    ");
    insta::assert_snapshot!(told(&["--reports", "table.csv", "--crm", "Accounts.csv"]), @r"
    error: table.csv: no column holds the name; headers: a, b
    hint: if it is the right file, name the column with `--column name=HEADER`
    ");
    insta::assert_snapshot!(told(&["--reports", "Azure.csv", "--crm", "table.csv"]), @r"
    error: table.csv: no column holds the name; headers: a, b
    hint: if it is the right file, name the column with `--column name=HEADER`
    ");
    insta::assert_snapshot!(told(&["--reports", "nothing.csv", "--crm", "Accounts.csv"]), @r"
    error: nothing.csv: an empty file
    hint: give a file with a header line and rows below it
    ");
    insta::assert_snapshot!(told(&["--reports", "noise.csv", "--crm", "Accounts.csv"]), @r"
    error: noise.csv: no text and no workbook
    hint: save the table as CSV in UTF-8, or as .xlsx
    ");
    insta::assert_snapshot!(told(&["--reports", "Azure.csv", "--crm", "Contacts.csv"]), @r"
    error: Contacts.csv: no CRM accounts found there
    hint: export the accounts too, or give their file with `--accounts PATH`
    ");
    insta::assert_snapshot!(told(&["--reports", "Azure.csv", "--crm", "Accounts.csv", "--suppress", "nope.csv"]), @r"
    error: nope.csv: no such file or folder
    hint: check the spelling of the path
    ");
    insta::assert_snapshot!(told(&["--reports", "Azure.csv", "--crm", "Accounts.csv", "--verdicts", "Azure.csv"]), @r"
    error: Azure.csv: not a file of verdicts: customer_id, account_id or verdict is missing
    hint: give another file with `--verdicts`, or restore its header
    ");
}

#[test]
fn values_that_are_not_understood_are_refused_with_a_hint() {
    let dir = Workdir::small();
    let told = |args: &[&str]| dir.run_small(args).ended(1).stderr;
    let usage = |args: &[&str]| dir.run_small(args).ended(2).stderr;

    insta::assert_snapshot!(usage(&["--cluster", "Ripe"]), @r#"
    error: --cluster: "Ripe" is not a cluster
    hint: known are "Act Now", Evaluate, Nurture and Educate
    "#);
    insta::assert_snapshot!(told(&["--solution-area", "Quantum"]), @r#"
    error: --solution-area: no report has "Quantum"
    hint: one of: Azure
    "#);
    insta::assert_snapshot!(told(&["--cohort", "Azure_Sovereign"]), @r#"
    error: --cohort: no report has "Azure_Sovereign"
    hint: no report has any
    "#);
    insta::assert_snapshot!(told(&["--where", "Segment=SMB"]), @r#"
    error: --where: no report has a column "Segment"
    hint: `reconcile inspect` shows the columns of each report
    "#);
    insta::assert_snapshot!(told(&["--encoding", "klingon"]), @r"
    error: --encoding: no encoding is called klingon
    hint: use one of utf-8, utf-16le, utf-16be, windows-1252, shift_jis
    ");
    insta::assert_snapshot!(usage(&["--column", "domain"]), @r#"
    error: --column domain: has no `=`
    hint: write it as `--column "NAME=VALUE"`
    "#);
    insta::assert_snapshot!(usage(&["--report", "teams=Azure.csv"]), @r#"
    error: --report teams=Azure.csv: "teams" is not a kind of report
    hint: use renewals, azure, d365, m365, security or surface
    "#);
    insta::assert_snapshot!(usage(&["--report", "reports"]), @r#"
    error: --report reports: does not name the kind of report
    hint: write it as `--report "KIND=FILE"`; for a folder use `--reports FOLDER`
    "#);
    let as_of = dir.run(&["match", "--as-of", "21.11.2026"]).ended(2).stderr;
    assert!(as_of.contains(": write the date as 2026-11-21"), "{as_of}");
    assert!(told(&["--column", "colour=Website"]).contains("\"colour\" is not a field\nhint: "));
    assert!(!dir.holds("out"), "nothing was written");
}

#[test]
fn a_period_that_is_none_is_refused() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--period", "13-2026"]).ended(2);
    insta::assert_snapshot!(ran.stderr, @r"
    error: --period 13-2026: not a month
    hint: write it as YYYY-MM, such as 2026-10
    ");
}

#[test]
fn an_own_domain_that_is_none_is_refused() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--own-domain", "varnholt"]).ended(2);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: --own-domain: "varnholt" is not a domain
    hint: write it as in your e-mail addresses, such as contoso.com
    "#);
}

#[test]
fn a_column_that_no_file_has_is_refused() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--column", "domain=Web presence"]).ended(1);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: --column domain=Web presence: no file has a column of this name
    hint: write the header as it stands in the file; `reconcile inspect` shows all
    "#);
}

#[test]
fn a_sheet_that_no_workbook_has_is_refused() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--sheet", "Acounts"]).ended(1);
    insta::assert_snapshot!(ran.stderr, @r"
    error: --sheet Acounts: no workbook that is read has a sheet of this name
    hint: leave it out: each sheet is looked at then, and `reconcile inspect` shows them
    ");
    assert!(!dir.holds("out"));
}

#[test]
fn required_paths_that_are_missing_are_named() {
    let dir = Workdir::small();
    for (args, flag) in [
        (&["match", "--crm", "Accounts.csv", "--out", "out"][..], "--reports"),
        (&["match", "--reports", "Azure.csv", "--out", "out"], "--crm"),
        (&["match", "--reports", "Azure.csv", "--crm", "Accounts.csv"], "--out"),
    ] {
        let told = dir.run(args).ended(2).stderr;
        assert!(told.starts_with(&format!("error: {flag}: no ")), "{told}");
        assert!(told.contains(&format!("hint: add `{flag} ")), "{told}");
    }
}

#[test]
fn one_kind_of_report_of_two_months_is_refused_unless_the_newer_one_is_to_be_used() {
    let dir = Workdir::small();
    dir.write("Azure_2026-09.csv", dir.read("Azure.csv").replace("Act Now", "Educate"));
    dir.write("Azure_2026-10.csv", dir.read("Azure.csv"));
    let inputs = "--reports Azure_2026-09.csv Azure_2026-10.csv --crm Accounts.csv --out out";
    insta::assert_snapshot!(dir.run_match(inputs, &[]).ended(1).stderr, @r"
    error: Azure_2026-09.csv and Azure_2026-10.csv: two azure reports with the same customers, for 2026-09 and 2026-10
    hint: give one of them, or use the newer report with `--latest`
    ");
    dir.run_match(inputs, &["--latest"]).ended(0);
    assert_eq!(dir.table("out/customers.csv").row("30000001")["best_cluster"], "Act Now");
}

#[test]
fn quiet_prints_nothing_and_json_prints_the_summary() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--quiet"]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = dir.run_small(&["--json"]).ended(0);
    assert_eq!(ran.json()["results"], dir.summary("out")["results"]);
    assert_eq!(ran.stderr, "", "no progress where nobody looks");
}

#[test]
fn a_run_ends_with_what_it_came_to_and_the_next_step() {
    let dir = Workdir::small();
    let ran = dir.run_small(&[]).ended(0);
    assert!(!ran.stdout.contains('\u{1b}'), "no colours where nobody looks");
    insta::assert_snapshot!(ran.stdout, @r"
    linked      3 of 5 customers (2 by domain, 1 by name); 1 without an account
    to decide   1 customer
    to write to 1 person (1 merely not denied); 1 left out
    changed     nothing to compare with yet: this is the first month
    next: fill in out/review.xlsx and run again, or use out/contacts.xlsx as it is
    ");
}

#[test]
fn the_table_of_a_dry_run_closes() {
    let dir = Workdir::small();
    let ran = dir.run_small(&["--dry-run"]).ended(0);
    insta::assert_snapshot!(ran.stdout.lines().skip(4).take(4).collect::<Vec<_>>().join("\n"), @r"
    customers          5  3 linked, 1 review, 1 unmatched
    links by           3  2 domain, 1 name
    accounts           6  3 linked, 2 candidate only, 1 no customer
    contacts           3  1 listed, 1 suppressed, 1 account not linked
    ");
}

#[test]
fn what_is_probably_not_meant_is_warned_of() {
    let many: String = (0..30)
        .map(|at| format!("003X{at:02},001A,Pat,Doe{at:02},p{at:02}@pflug-team.de,0\n"))
        .collect();
    for (flags, files, want) in [
        (
            &["--country", "Germny"][..],
            &[][..],
            "warning: --country Germny: no customer has it; did you mean \"Germany\"?",
        ),
        (&["--where", "Country=Germny"], &[], "did you mean \"Germany\"?"),
        (&["--country", "Japan"], &[], "warning: nobody is on the lists: of 3 contacts"),
        (
            &["--column", "city=Website"],
            &[],
            "warning: Accounts.csv: with `--column` less of the file is recognised than without it: no \
             column is read as website (\"Website\")",
        ),
        (
            &["--suppress", "stop.csv"],
            &[("stop.csv", "Email\n@pflug-team.de\n")],
            "warning: the suppression list leaves out 3",
        ),
    ] {
        let dir = Workdir::small();
        let contacts = dir.read("Contacts.csv");
        if flags.contains(&"stop.csv") {
            let header = contacts.lines().next().unwrap_or("");
            assert_eq!(header.split(',').count(), 6, "{header}");
            dir.write("Contacts.csv", contacts + &many);
        }
        files.iter().for_each(|(name, text)| dir.write(name, text));
        let said = dir.run_small(flags).ended(0).said();
        assert!(said.contains(want), "{want}\n{said}");
        assert!(dir.summary("out")["warnings"].as_array().is_some_and(|of| !of.is_empty()));
    }
    let dir = Workdir::small();
    dir.run(&words("match --reports Azure.csv --crm Accounts.csv --out out")).ended(0);
    let said = dir.read("out/summary.json");
    assert!(said.contains("no contacts were found, so there is nobody to write to"), "{said}");
}

#[test]
fn accounts_come_from_standard_input_as_from_a_file() {
    let dir = Workdir::small();
    dir.pipe(&words("match --reports Azure.csv --crm - --out piped"), ACCOUNTS).ended(0);
    dir.run(&words("match --reports Azure.csv --crm Accounts.csv --out filed")).ended(0);
    for file in ["links.csv", "customers.csv", "review.csv"] {
        assert_eq!(
            dir.read(&format!("piped/{file}")),
            dir.read(&format!("filed/{file}")),
            "{file}"
        );
    }
}

#[test]
fn what_cannot_come_from_standard_input_is_refused_with_the_reason() {
    let dir = Workdir::small();
    dir.write(
        "Names.csv",
        "Last Name,Account Name,Email,Email Opt Out\nA,Vossmoor Logistik,a@x.de,0\n",
    );
    for (args, piped, told) in [
        ("--reports Azure.csv --crm Accounts.csv -", CONTACTS, "read twice"),
        ("--reports Azure.csv --accounts - --contacts Names.csv", ACCOUNTS, "read twice"),
        ("--reports - --crm Accounts.csv", CONTACTS, "a CRM file"),
    ] {
        let args = format!("match --out out {args}");
        let stderr = dir.pipe(&words(&args), piped).ended(1).stderr;
        assert!(stderr.starts_with("error: standard input: ") && stderr.contains(told), "{stderr}");
    }
}

#[test]
fn a_folder_that_holds_everything_takes_no_result_for_the_crm() {
    let dir = Workdir::small();
    let accounts = || -> u64 {
        let ran = dir.run_match("--reports Azure.csv --crm . --out out --json", &[]).ended(0);
        let statuses = ran.json()["results"]["accounts"].as_object().expect("statuses").clone();
        statuses.values().filter_map(serde_json::Value::as_u64).sum()
    };
    assert_eq!(accounts(), 6);
    dir.judge("001D", "accept");
    assert_eq!((accounts(), accounts()), (6, 6));
}

#[test]
fn a_report_is_not_taken_for_the_crm() {
    let dir = Workdir::small();
    let ran = dir.run_match("--reports Azure.csv --crm Azure.csv --out out", &[]).ended(1);
    assert!(ran.stderr.starts_with("error: Azure.csv: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nhint: "), "{}", ran.stderr);
}

#[test]
fn files_of_other_objects_are_left_alone_with_the_reason() {
    let dir = Workdir::samples();
    dir.write("crm/salesforce/~$Account.xlsx", "x");
    dir.write("crm/salesforce/desktop.ini", "x");
    dir.write(
        "crm/salesforce/Task.csv",
        "Id,WhoId,WhatId,AccountId,Subject\n00T,003,006,001,call\n",
    );
    dir.run_samples("crm/salesforce", "out", &[]);
    let summary = dir.summary("out");
    let inputs = summary["inputs"].as_array().expect("inputs");
    for name in ["Task.csv", "~$Account.xlsx", "desktop.ini"] {
        let file = format!("crm/salesforce/{name}");
        let input = inputs.iter().find(|input| input["file"] == file.as_str()).expect(name);
        let reason = input["left_alone_reason"].as_str().unwrap_or_default();
        assert!(!reason.is_empty(), "{input}");
    }
}

#[test]
fn files_of_a_crm_in_a_folder_of_reports_are_left_alone_and_one_that_is_named_is_a_report() {
    let dir = Workdir::small();
    dir.write("all/Azure.csv", dir.read("Azure.csv"));
    dir.write("all/Accounts.csv", dir.read("Accounts.csv"));
    dir.write("all/Contacts.csv", dir.read("Contacts.csv"));
    dir.write("all/Opportunity.csv", "Id,AccountId,Name,StageName,CloseDate\n1,2,3,4,5\n");
    dir.write(
        "all/customers.csv",
        "id,name,domain\n30000001,Quellbrink Werkzeugbau,quellbrink.de\n",
    );
    let crm = "all/Accounts.csv all/Contacts.csv";
    dir.run_match(&format!("--reports all --crm {crm} --out out"), &[]).ended(0);
    let summary = dir.summary("out");
    let inputs = summary["inputs"].as_array().expect("inputs");
    let reports: Vec<&str> = inputs
        .iter()
        .filter(|input| input["period"].as_str().is_some_and(|period| !period.is_empty()))
        .filter_map(|input| input["file"].as_str())
        .collect();
    assert_eq!(reports, ["all/Azure.csv", "all/customers.csv"]);
    assert_eq!(summary["results"]["accounts"]["linked"], 3);

    dir.run_match("--reports all/Accounts.csv --crm Accounts.csv --out out", &[]).ended(0);
    assert_eq!(dir.table("out/customers.csv").rows.len(), 6);
}

#[test]
fn unknown_files_in_a_folder_of_rules_are_refused() {
    let dir = Workdir::small();
    dir.write("rules/freemail.txt", "gmx.de\n");
    let told = dir.run_small(&["--rules", "rules"]).ended(1).stderr;
    assert!(told.starts_with("error: rules/freemail.txt: not a rule table\nhint: "), "{told}");
    assert_eq!(dir.run_small(&["--rules", "nowhere"]).status, Some(1));
}

#[test]
fn a_rule_table_of_the_user_takes_the_place_of_the_built_in_one() {
    let dir = Workdir::small();
    let report = "CustomerID,AccountName,Domain,AzureCluster\n1000001,Strandkorb Nord,strandpost.example,Act Now\n";
    dir.write("Azure.csv", report);
    dir.write(
        "Accounts.csv",
        "Account ID,Account Name,Website\n001A,Segelmacherei Ost,strandpost.example\n",
    );
    dir.run_small(&["--unlike-names", "link"]).ended(0);
    assert_eq!(dir.table("out/customers.csv").column("status"), ["linked"]);
    dir.write("rules/free_mail.txt", "# for this test\nstrandpost.example\n");
    dir.run_small(&["--unlike-names", "link", "--rules", "rules"]).ended(0);
    assert_eq!(dir.table("out/customers.csv").column("status"), ["unmatched"]);
}

#[test]
fn own_staff_on_the_lists_and_several_systems_are_warned_of() {
    let dir = Workdir::samples();
    let said = dir.run_match("--reports reports --crm crm/salesforce --out out", &[]).said();
    let want = "people on the lists with an address at varnholt-cloudpartner.de, which is that of \
                the users of your CRM";
    assert!(said.contains(want), "{said}");
    let flags = ["--own-domain", "varnholt-cloudpartner.de"];
    let said = dir.run_match("--reports reports --crm crm --out out", &flags).said();
    assert!(said.contains("exports of several CRMs are read together: Dynamics 365"), "{said}");
    assert!(!said.contains("people on the lists with an address at"), "{said}");
    // a view of a few columns is known by its ids
    dir.write("crm/few/Accounts.csv", "Account ID,Account Name\n001Qy00000jRJQfIAO,Vossmoor AG\n");
    let companies = dir.read("crm/hubspot/hubspot-crm-exports-all-companies-2026-11-20.csv");
    dir.write("crm/few/all.csv", companies);
    let said = dir.run_match("--reports reports --crm crm/few --out out2", &[]).said();
    let want = "HubSpot (crm/few/all.csv), Salesforce (crm/few/Accounts.csv)";
    assert!(said.contains(want), "{said}");
}
