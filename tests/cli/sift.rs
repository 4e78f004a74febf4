//! `reconcile sift`: a run over the rows that came through gives the results of a run over all,
//! however the CRM is cut into parts.

use std::fmt::Write as _;

use crate::support::{Dice, Table, Workdir};

/// The files of a run that must be the same.
const RESULTS: [&str; 7] = [
    "customers.csv",
    "contacts.csv",
    "links.csv",
    "review.csv",
    "unmatched.csv",
    "agreements.csv",
    "suppressed.csv",
];

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
    report: String,
    accounts: Table,
    contacts: Table,
}

impl World {
    fn new(dice: &mut Dice) -> World {
        let mut report =
            "CustomerID,AccountName,Domain,City,PostalCode,Country,TPID,AzureCluster\n".to_owned();
        for at in 0..20 + dice.roll(20) {
            let (city, code) = dice.one(&CITIES);
            let (name, domain, tpid) = (name(dice), domain(dice), 88_120_000 + dice.roll(12));
            let cluster = dice.one(&["Act Now", "Evaluate", "Nurture"]);
            let line = format!("{name},{domain},{city},{code},Germany,{tpid},{cluster}");
            writeln!(report, "{},{line}", 30_000_000 + at).expect("text");
        }
        World { report, accounts: accounts(dice), contacts: contacts(dice) }
    }
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

/// What came through so far, and what is known of the rest.
struct Sifting<'d> {
    dir: &'d Workdir,
    counts: String,
}

impl Sifting<'_> {
    /// Runs a pass over parts; gives what each let through.
    fn pass(&mut self, what: &str, parts: &[Table], more: &str, counts: bool) -> Vec<String> {
        let mut through = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let more = more.replace("{part}", &at.to_string());
            let line = format!("sift {what} --reports Azure.csv --part {what}-{at} {more}");
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
        let dir = self.dir;
        let on_report = self.pass("addresses", contacts, "", false).concat();
        dir.write("addresses", &on_report);
        let all = self.pass("addresses", contacts, "--addresses addresses", false).concat();
        let domains = dir.pipe(&["sift", "domains"], &(on_report + &all)).ended(0).stdout;
        dir.write("domains", domains);
        let flags = "--contact-domains domains --known-to known.{part}";
        let through = self.pass("accounts", accounts, flags, true);
        let again = [Sifting::joined(&through)];
        let through = self.pass("accounts", &again, "--contact-domains domains", true);
        dir.write("sifted/Accounts.csv", &through[0]);
        let flags = "--accounts sifted/Accounts.csv";
        let people = Sifting::joined(&self.pass("contacts", contacts, flags, false));
        dir.write("people.csv", people.text());
        let known: Vec<String> = (0..accounts.len()).map(|at| format!("known.{at}")).collect();
        let known = known.join(" ");
        let flags = format!("{flags} --contacts people.csv --known-accounts {known}");
        let others = Sifting::joined(&self.pass("denials", contacts, &flags, true));
        let both = Table { headers: people.headers, rows: [people.rows, others.rows].concat() };
        dir.write("sifted/Contacts.csv", both.text());
        dir.write("counts", &self.counts);
        let sifted = "--accounts sifted/Accounts.csv --contacts sifted/Contacts.csv --counts counts \
                      --contact-domains domains";
        let line =
            format!("--reports Azure.csv --out sifted-out {sifted} --known-accounts {known}");
        dir.run_match(&line, &[]).ended(0);
    }
}

#[test]
fn rows_that_came_through_give_the_results_of_all_rows() {
    let (mut listed, mut stayed) = (0, 0);
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let world = World::new(&mut dice);
        let dir = Workdir::with(&[("Azure.csv", &world.report)]);
        dir.write("Accounts.csv", world.accounts.text());
        dir.write("Contacts.csv", world.contacts.text());
        let whole =
            "--reports Azure.csv --accounts Accounts.csv --contacts Contacts.csv --out whole";
        dir.run_match(whole, &[]).ended(0);
        let count = 1 + dice.roll(4);
        let (accounts, contacts) =
            (parts(&mut dice, &world.accounts, count), parts(&mut dice, &world.contacts, count));
        Sifting { dir: &dir, counts: String::new() }.all(&accounts, &contacts);
        for file in RESULTS {
            let [whole, sifted] =
                ["whole", "sifted-out"].map(|out| dir.read(&format!("{out}/{file}")));
            assert_eq!(whole, sifted, "{file} of seed {seed} in {count} parts");
        }
        let [whole, sifted] =
            ["whole", "sifted-out"].map(|out| dir.summary(out)["results"].clone());
        assert_eq!(whole, sifted, "figures of seed {seed} in {count} parts");
        listed += dir.table("whole/contacts.csv").rows.len();
        stayed += world.accounts.rows.len() - dir.table("sifted/Accounts.csv").rows.len();
    }
    assert!(listed > 0 && stayed > 0, "{listed} people listed, {stayed} accounts stayed behind");
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
    insta::assert_snapshot!(sift("--known-accounts"), @r"
    error: bad: not what `reconcile sift accounts` writes
    hint: give the output of `reconcile sift accounts`, unchanged
    ");
    let ran = dir.run_small(&["--counts", "bad"]);
    insta::assert_snapshot!(ran.ended(1).stderr, @"error: bad:1: no counts as `reconcile sift` prints them: expected value at line 1 column 1");
}

#[test]
fn a_run_over_what_came_through_refuses_contacts_by_name() {
    let dir = Workdir::small();
    let flags = ["sift", "accounts", "--reports", "Azure.csv"];
    let ran = dir.pipe(&flags, crate::support::ACCOUNTS).ended(0);
    dir.write("counts", ran.stderr);
    dir.write("Contacts.csv", "Contact ID,Account Name,Email\n003A,Quellbrink,ann@quellbrink.de\n");
    let refused = dir.run_small(&["--counts", "counts"]).ended(1).stderr;
    assert!(refused.contains("a question to all accounts"), "{refused}");
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
