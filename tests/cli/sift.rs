//! `reconcile sift`: a run over the rows that came through gives the results of a run over all,
//! however the CRM is cut into parts.

use std::fmt::Write as _;

use crate::support::{Dice, Table, Workdir};

const WORDS: [&str; 9] = [
    "Quellbrink",
    "Vossmoor",
    "Tarnwiese",
    "Brommelkamp",
    "Rautenstrunk",
    "Murmelstein",
    "Kiebitz",
    "Quelbrink",
    "Adler",
];
const KINDS: [&str; 5] = ["Werkzeugbau", "Logistik", "Autohaus", "Medizintechnik", ""];
const FORMS: [&str; 4] = ["GmbH", "AG", "", "KG"];
const CITIES: [(&str, &str); 4] =
    [("Ulm", "89073"), ("Kiel", "24103"), ("Bonn", "53111"), ("", "")];

/// A domain that several companies may share.
fn domain(dice: &mut Dice) -> String {
    match dice.roll(8) {
        0 => String::new(),
        1 => "gmail.com".into(),
        2 => "gruppe-nord.de".into(),
        _ => format!("{}.de", dice.one(&WORDS).to_lowercase()),
    }
}

fn name(dice: &mut Dice) -> String {
    [dice.one(&WORDS), dice.one(&KINDS), dice.one(&FORMS)]
        .join(" ")
        .replace("  ", " ")
        .trim()
        .into()
}

/// A report and a CRM in which names, domains, ids and people repeat, rows contradict each other,
/// accounts and people are merged, deleted and deny.
struct World {
    /// Of two months: from one to the other names, domains and clusters change.
    reports: [String; 2],
    accounts: Table,
    contacts: Table,
}

impl World {
    fn new(dice: &mut Dice) -> World {
        let first: Vec<String> = (0..20 + dice.roll(20)).map(|_| customer(dice)).collect();
        let again = |line: &String| if dice.roll(3) == 0 { customer(dice) } else { line.clone() };
        let second = first.iter().map(again).collect();
        let reports = [first, second].map(|lines: Vec<String>| {
            let header =
                "CustomerID,AccountName,Domain,City,PostalCode,Country,TPID,AzureCluster\n";
            let rows = lines.iter().zip(30_000_000..).map(|(line, id)| format!("{id},{line}\n"));
            header.to_owned() + &rows.collect::<String>()
        });
        World { reports, accounts: accounts(dice), contacts: contacts(dice) }
    }
}

/// A customer without its id.
fn customer(dice: &mut Dice) -> String {
    let (city, code) = dice.one(&CITIES);
    let (name, domain, tpid) = (name(dice), domain(dice), 88_120_000 + dice.roll(12));
    let cluster = dice.one(&["Act Now", "Evaluate", "Nurture"]);
    format!("{name},{domain},{city},{code},Germany,{tpid},{cluster}")
}

fn accounts(dice: &mut Dice) -> Table {
    let mut text = "Account ID,Account Name,Website,Billing City,Billing Zip/Postal Code,\
                    TPID,Email Opt Out,Email,Master Record ID,Deleted\n"
        .to_owned();
    for at in 0..300 {
        // some ids stand on several rows
        let id = if dice.roll(12) == 0 { dice.roll(at + 1) } else { at };
        let (city, code) = dice.one(&CITIES);
        let denies = u8::from(dice.roll(15) == 0);
        let email =
            if denies == 1 { format!("p{}@quellbrink.de", dice.roll(40)) } else { String::new() };
        let master =
            if dice.roll(25) == 0 { format!("A{:03}", dice.roll(300)) } else { String::new() };
        let deleted = u8::from(dice.roll(30) == 0);
        let tpid = if dice.roll(3) == 0 {
            format!("{}", 88_120_000 + dice.roll(12))
        } else {
            String::new()
        };
        let (name, site) = (name(dice), domain(dice));
        writeln!(
            text,
            "A{id:03},{name},{site},{city},{code},{tpid},{denies},{email},{master},{deleted}"
        )
        .expect("text");
    }
    Table::of(&text)
}

fn contacts(dice: &mut Dice) -> Table {
    let mut text = "Contact ID,Account ID,First Name,Last Name,Email,Phone,Email Opt Out,\
                    Bounced,Master Record ID\n"
        .to_owned();
    for at in 0..500 {
        let account = match dice.roll(20) {
            0 => String::new(),
            1 => "X999".into(),
            _ => format!("A{:03}", dice.roll(300)),
        };
        let id = if dice.roll(25) == 0 { dice.roll(at + 1) } else { at };
        let host = if dice.roll(3) == 0 { "home.example".into() } else { domain(dice) };
        let person = dice.roll(40);
        let email = if host.is_empty() { host } else { format!("p{person}@{host}") };
        let phone =
            if dice.roll(4) == 0 { format!("+49 30 5550{person:03}") } else { String::new() };
        let (denies, bounced) = (u8::from(dice.roll(10) == 0), u8::from(dice.roll(20) == 0));
        let master =
            if dice.roll(30) == 0 { format!("P{:03}", dice.roll(500)) } else { String::new() };
        writeln!(
            text,
            "P{id:03},{account},Ann,Ahrens{person},{email},{phone},{denies},{bounced},{master}"
        )
        .expect("text");
    }
    Table::of(&text)
}

/// The rows of a table by the part in which each falls.
fn parts(dice: &mut Dice, table: &Table, count: usize) -> Vec<Table> {
    let mut parts = vec![Table { headers: table.headers.clone(), rows: Vec::new() }; count];
    table.rows.iter().for_each(|row| parts[dice.roll(count)].rows.push(row.clone()));
    parts
}

/// What came through so far of a run over a report into a folder, and what is known of the rest.
struct Sifting<'d> {
    dir: &'d Workdir,
    report: &'d str,
    out: &'d str,
    counts: String,
}

impl Sifting<'_> {
    /// Runs a pass over parts; gives what each let through.
    fn pass(&mut self, what: &str, parts: &[Table], more: &str, counts: bool) -> Vec<String> {
        let mut through = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let more = more.replace("{part}", &at.to_string());
            let report = self.report;
            let line = format!("sift {what} --reports {report} --part {what}-{at} {more}");
            let args: Vec<&str> = line.split_whitespace().collect();
            let ran = self.dir.pipe(&args, &part.text()).ended(0);
            let said = ran.stderr.lines().last().expect("counts").to_owned();
            let json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
            assert_eq!(json["rows_in"], part.rows.len(), "{said}");
            if counts {
                self.counts += &format!("{said}\n");
            }
            through.push(ran.stdout);
        }
        through
    }

    /// The tables that several parts let through, as one.
    fn joined(texts: &[String]) -> Table {
        let mut tables = texts.iter().map(|text| Table::of(text));
        let mut first = tables.next().expect("a part");
        tables.for_each(|table| first.rows.extend(table.rows));
        first
    }

    /// All passes, as docs/distributed.md has them; leaves `sifted/`.
    fn all(&mut self, accounts: &[Table], contacts: &[Table]) {
        let Sifting { dir, report, out, .. } = *self;
        let past = dir.run(&["sift", "past", "--reports", report, "--out", out]).ended(0);
        dir.write("past", past.stdout);
        let on_report = self.pass("addresses", contacts, "", false).concat();
        dir.write("addresses", &on_report);
        let all = self.pass("addresses", contacts, "--addresses addresses", false).concat();
        let domains = dir.pipe(&["sift", "domains"], &(on_report + &all)).ended(0).stdout;
        dir.write("domains", domains);
        let flags = "--contact-domains domains --past past --known-to known.{part}";
        let through = self.pass("accounts", accounts, flags, true);
        let again = [Sifting::joined(&through)];
        let flags = "--contact-domains domains --past past";
        let through = self.pass("accounts", &again, flags, true);
        dir.write("sifted/Accounts.csv", &through[0]);
        let flags = "--accounts sifted/Accounts.csv";
        let people = Sifting::joined(&self.pass("contacts", contacts, flags, false));
        dir.write("people.csv", people.text());
        let known: Vec<String> = (0..accounts.len()).map(|at| format!("known.{at}")).collect();
        let known = known.join(" ");
        let flags = format!("{flags} --past past --known-accounts {known} --contacts people.csv");
        let others = Sifting::joined(&self.pass("denials", contacts, &flags, false));
        dir.write("others.csv", others.text());
        let flags = format!("{flags} others.csv");
        let others = Sifting::joined(&self.pass("denials", contacts, &flags, true));
        let both = Table { headers: people.headers, rows: [people.rows, others.rows].concat() };
        dir.write("sifted/Contacts.csv", both.text());
        dir.write("counts", &self.counts);
        let sifted = "--accounts sifted/Accounts.csv --contacts sifted/Contacts.csv --counts counts \
                      --contact-domains domains";
        let line = format!("--reports {report} --out {out} {sifted} --known-accounts {known}");
        dir.run_match(&line, &[]).ended(0);
    }
}

#[test]
fn rows_that_came_through_give_the_results_of_all_rows() {
    let (mut listed, mut stayed, mut changed) = (0, 0, 0);
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let World { reports, accounts, contacts } = World::new(&mut dice);
        let dir = Workdir::with(&[("2026-10.csv", &reports[0]), ("2026-11.csv", &reports[1])]);
        dir.write("Accounts.csv", accounts.text());
        dir.write("Contacts.csv", contacts.text());
        let run = |report: &str, out: &str| {
            let crm = "--accounts Accounts.csv --contacts Contacts.csv";
            dir.run_match(&format!("--reports {report} --out {out} {crm}"), &[]).ended(0);
        };
        run("2026-10.csv", "whole");
        // the month before is the same, in every second world there is none
        if seed % 2 == 0 {
            run("2026-10.csv", "sifted-out");
            run("2026-11.csv", "whole");
        }
        let report = ["2026-11.csv", "2026-10.csv"][seed as usize % 2];
        let count = 1 + dice.roll(4);
        let [some, others] = [&accounts, &contacts].map(|of| parts(&mut dice, of, count));
        let mut sifting = Sifting { dir: &dir, report, out: "sifted-out", counts: String::new() };
        sifting.all(&some, &others);
        dir.assert_same_results("whole", "sifted-out");
        listed += dir.table("whole/contacts.csv").rows.len();
        changed += dir.table("whole/changes.csv").rows.len();
        stayed += accounts.rows.len() - dir.table("sifted/Accounts.csv").rows.len();
    }
    assert!(listed > 0 && stayed > 0 && changed > 0, "{listed}, {stayed}, {changed}");
}

#[test]
fn a_denial_of_another_row_of_somebodys_record_holds_in_parts() {
    let report = "CustomerID,AccountName,Domain,City,Country,AzureCluster\n\
                  30000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Ulm,Germany,Act Now\n";
    let accounts = "Account ID,Account Name,Website,Billing City,Email Opt Out\n\
                    A1,Quellbrink Werkzeugbau GmbH,quellbrink.de,Ulm,0\n\
                    A9,Zebra Other,zebra.example,Kiel,0\n";
    for denying in
        ["P3,A9,Ann,Ahrens,old@zebra.example,1,P2", "P2,A9,Ann,Ahrens,old@zebra.example,1,"]
    {
        let contacts = format!(
            "Contact ID,Account ID,First Name,Last Name,Email,Email Opt Out,Master Record ID\n\
             P1,A1,Ann,Ahrens,ann@quellbrink.de,0,\n\
             P2,A9,Ann,Ahrens,ann@quellbrink.de,0,\n\
             {denying}\n"
        );
        let dir = Workdir::with(&[
            ("Azure.csv", report),
            ("Accounts.csv", accounts),
            ("Contacts.csv", &contacts),
        ]);
        let crm = "--accounts Accounts.csv --contacts Contacts.csv";
        dir.run_match(&format!("--reports Azure.csv --out whole {crm}"), &[]).ended(0);
        assert!(dir.table("whole/contacts.csv").rows.is_empty(), "{denying}");
        let mut sifting =
            Sifting { dir: &dir, report: "Azure.csv", out: "sifted-out", counts: String::new() };
        sifting.all(&[Table::of(accounts)], &[Table::of(&contacts)]);
        dir.assert_same_results("whole", "sifted-out");
    }
}

#[test]
fn rows_with_blank_cells_beyond_the_header_come_through() {
    let dir = Workdir::small();
    let accounts = "Account ID,Account Name,Website\n001A,Quellbrink Werkzeugbau,quellbrink.de,,\n";
    let ran = dir.pipe(&["sift", "accounts", "--reports", "Azure.csv"], accounts).ended(0);
    assert_eq!(ran.stdout, accounts);
}

#[test]
fn contacts_that_only_a_name_joins_are_refused() {
    let dir = Workdir::small();
    let named = "Contact ID,Account Name,Email\n003A,Quellbrink Werkzeugbau,ann@quellbrink.de\n";
    let ran = dir.pipe(&["sift", "addresses", "--reports", "Azure.csv", "--part", "c7"], named);
    insta::assert_snapshot!(ran.ended(1).stderr, @r"
    error: c7, row 2: a contact names its account and has no id that an account has: who has a name is a question to all accounts, and only a part of them is here
    hint: fill in the ids of accounts; or leave out the column with their names, if such contacts belong to no account
    ");
}

#[test]
fn accounts_in_no_part_are_refused() {
    let dir = Workdir::small();
    let past = |crm: &str| {
        dir.run(&["sift", "past", "--reports", "Azure.csv", "--out", "out", "--crm", crm])
    };
    insta::assert_snapshot!(past("Accounts.csv").ended(1).stderr, @r"
    error: Accounts.csv: accounts or contacts that are in no part: which of them matter is a question to all parts
    hint: hand them over as parts, with the others; `--crm` takes what else the CRM holds, such as leads, users and deals
    ");
    dir.write("Leads.csv", "Lead ID,Company,Email,Email Opt Out\n00Q1,Quellbrink,a@b.de,1\n");
    past("Leads.csv").ended(0);
}

#[test]
fn what_another_step_should_have_written_is_checked() {
    let dir = Workdir::small();
    dir.write("bad", "x,y,z\n");
    let sift = |flag| {
        let args = ["sift", "accounts", "--reports", "Azure.csv", flag, "bad"];
        dir.pipe(&args, crate::support::ACCOUNTS).ended(1).stderr
    };
    insta::assert_snapshot!(sift("--contact-domains"), @r"
    error: bad: not what `reconcile sift domains` writes
    hint: give the output of `reconcile sift domains`, unchanged
    ");
    insta::assert_snapshot!(sift("--past"), @r"
    error: bad: not what `reconcile sift past` writes
    hint: give the output of `reconcile sift past`, unchanged
    ");
    insta::assert_snapshot!(sift("--known-accounts"), @r"
    error: bad: not what `reconcile sift accounts` writes
    hint: give the output of `reconcile sift accounts`, unchanged
    ");
    let ran = dir.run_small(&["--counts", "bad"]);
    insta::assert_snapshot!(ran.ended(1).stderr, @"error: bad:1: no counts as `reconcile sift` prints them: expected value at line 1 column 1");
}

#[test]
fn a_run_over_what_came_through_refuses_records_that_name_their_account() {
    let dir = Workdir::small();
    let flags = ["sift", "accounts", "--reports", "Azure.csv"];
    let ran = dir.pipe(&flags, crate::support::ACCOUNTS).ended(0);
    dir.write("counts", ran.stderr);
    dir.write("Contacts.csv", "Contact ID,Account Name,Email\n003A,Quellbrink,ann@quellbrink.de\n");
    let refused = dir.run_small(&["--counts", "counts"]).ended(1).stderr;
    assert!(refused.contains("a question to all accounts"), "{refused}");
    dir.write("Contacts.csv", "Contact ID,Account ID,Email\n003A,001A,ann@quellbrink.de\n");
    let deals = "Deal ID,Deal Name,Account Name,Deal Stage,Close Date\n1,Azure,Quellbrink,Closed Won,2026-10-01\n";
    dir.write("Deals.csv", deals);
    let refused = dir.run_small(&["--counts", "counts", "--deals", "Deals.csv"]).ended(1).stderr;
    assert!(refused.starts_with("error: deals: a deal names its account"), "{refused}");
    assert!(!dir.holds("out"));
}

#[test]
fn problems_of_rows_that_stayed_behind_name_the_part() {
    let dir = Workdir::small();
    let accounts = "Account ID,Account Name,TPID\n001Z,Gasthof Murmelstein,1.23E+15\n";
    let flags = ["sift", "accounts", "--reports", "Azure.csv", "--part", "accounts-7"];
    let ran = dir.pipe(&flags, accounts).ended(0);
    assert_eq!(ran.stdout, "Account ID,Account Name,TPID\n", "it can be nobody's account");
    dir.write("counts", ran.stderr);
    dir.run_small(&["--counts", "counts"]).ended(0);
    let problems = dir.table("out/problems.csv");
    assert_eq!(problems.pairs("file", "column"), [("accounts-7", "TPID")]);
    assert!(problems.column("problem")[0].ends_with("(rows that did not come through: 1)"));
    assert_eq!(dir.summary("out")["results"]["accounts"]["no_customer"], 2);
}

#[test]
fn a_sample_says_what_the_columns_of_every_part_mean() {
    let dir = Workdir::small();
    // by its own rows the last column says nothing; by those of the sample it may be a consent
    let header = "Contact ID,Account ID,Email,Email Opt Out,Kontaktart\n";
    let denying = "1,001A,a@b.de,0,Zulassen\n2,001A,b@b.de,0,Nicht zulassen\n";
    dir.write("sample", format!("{header}{denying}"));
    dir.write("Contacts.csv", format!("{header}3,001A,ann@quellbrink.de,0,\n"));
    let status = |more: &[&str]| {
        dir.run_small(more).ended(0);
        dir.summary("out")["results"]["suppressed"]["consent_unknown"].clone()
    };
    assert_eq!((status(&[]), status(&["--sample", "sample"])), (0.into(), 1.into()));
}

#[test]
fn the_settings_of_a_run_are_those_typed_of_the_environment_and_of_a_file() {
    let dir = Workdir::with(&[("settings.toml", "own-domain = [\"a.de\"]\ntop = 3\n")]);
    let args = ["sift", "settings", "--settings", "settings.toml", "--as-of", "2026-11-21"];
    let output = dir.command(&args).env("RECONCILE_TOP", "5").output();
    let said = crate::support::Ran::of(output).ended(0).json();
    assert_eq!(said["own-domain"][0], "a.de");
    assert_eq!((&said["top"], &said["as-of"]), (&5.into(), &"2026-11-21".into()));
}
