//! Whoever has denied anywhere is in no file that a run writes.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read as _},
};

use proptest::prelude::*;

use super::world::TARGETS;
use crate::support::{Workdir, sha256};

/// Accounts: four that are linked, one that is not.
const ACCOUNTS: [&str; 5] =
    ["001Qy00000AAAAA", "001Qy00000BBBBB", "001Qy00000CCCCC", "001Qy00000DDDDD", "001Qy00000ZZZZZ"];

const DOMAINS: [&str; 4] = ["quellbrink.de", "evrard-fils.fr", "yukimi-seisaku.co.jp", "gmx.de"];

/// How many people there are; their addresses meet.
const PEOPLE: usize = 12;

fn email(person: usize) -> String {
    format!("person{person:02}@{}", DOMAINS[person % DOMAINS.len()])
}

/// A row of the contacts: account, first and second address, consent, whether it is merged away.
type Row = (usize, usize, Option<usize>, &'static str, bool);

fn row() -> impl Strategy<Value = Row> {
    (
        0..=ACCOUNTS.len(),
        0..PEOPLE,
        prop::option::weighted(0.2, 0..PEOPLE),
        prop::sample::select(vec!["Yes", "Yes", "", "", "No"]),
        prop::bool::weighted(0.1),
    )
}

/// An entry of a suppression list: a person's address, its hash, or the domain of gmx.de.
fn entry() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..PEOPLE).prop_map(|person| email(person).to_uppercase()),
        4 => (0..PEOPLE).prop_map(|person| sha256(&email(person))),
        1 => Just("@gmx.de".to_owned()),
    ]
}

/// All text of a file, that of a workbook unpacked.
fn text(name: &str, bytes: Vec<u8>) -> String {
    if !name.ends_with(".xlsx") {
        return String::from_utf8(bytes).expect(name).to_lowercase();
    }
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect(name);
    let mut text = String::new();
    for at in 0..book.len() {
        book.by_index(at).expect(name).read_to_string(&mut text).expect(name);
    }
    text.to_lowercase()
}

fn contacts(rows: &[Row]) -> String {
    let mut text =
        "Contact ID,Account ID,First Name,Last Name,Email,Email 2,Email Opt In,Merged Into\n"
            .to_owned();
    for (at, (account, first, second, consent, merged)) in rows.iter().enumerate() {
        let account = ACCOUNTS.get(*account).unwrap_or(&"");
        let second = second.map(email).unwrap_or_default();
        let master = if *merged { "003Qy00000PPP99" } else { "" };
        text += &format!(
            "003Qy00000PPP{at:02},{account},Pat,Person,{},{second},{consent},{master}\n",
            email(*first)
        );
    }
    text
}

/// The addresses that some record, account or list denies.
fn denied(rows: &[Row], accounts: &[bool], leads: &[usize], stop: &[String]) -> BTreeSet<String> {
    let mut denied: BTreeSet<String> = leads.iter().map(|person| email(*person)).collect();
    for (account, first, second, consent, _) in rows {
        if *consent == "No" || accounts.get(*account) == Some(&true) {
            denied.insert(email(*first));
            denied.extend(second.map(email));
        }
    }
    let is_stopped = |email: &String| {
        let (_, domain) = email.split_once('@').expect("an address");
        stop.iter().any(|entry| {
            entry.to_lowercase() == *email
                || *entry == sha256(email)
                || *entry == format!("@{domain}")
        })
    };
    denied.extend((0..PEOPLE).map(email).filter(is_stopped));
    denied
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn who_has_denied_anywhere_is_in_no_file(
        rows in prop::collection::vec(row(), 1..30),
        accounts in prop::collection::vec(prop::bool::weighted(0.15), 5),
        leads in prop::collection::vec(0..PEOPLE, 0..2),
        stop in prop::collection::vec(entry(), 0..3),
        with_header in any::<bool>(),
    ) {
        let dir = Workdir::world();
        let known = dir.read("Accounts.csv") +
            "001Qy00000ZZZZZ,Gasthof Murmelstein,,Fulda,36037,Germany,Kim Lee\n";
        let said: Vec<String> = known
            .lines()
            .map(|line| {
                let at = ACCOUNTS.iter().position(|id| line.starts_with(id));
                let said = if at.is_some_and(|at| accounts[at]) { "1" } else { "0" };
                format!("{line},{}\n", if line.starts_with("Account ID") { "Email Opt Out" } else { said })
            })
            .collect();
        dir.write("Accounts.csv", said.concat());
        dir.write("Contacts.csv", contacts(&rows));
        let mut lead = "Lead ID,Last Name,Email,Email Opt Out\n00Q0,Nobody,nobody@gmx.de,0\n".to_owned();
        leads.iter().for_each(|person| lead += &format!("00Q1,Pat,{},1\n", email(*person)));
        dir.write("Leads.csv", lead);
        let mut flags = vec!["--crm", "Leads.csv", "--target", TARGETS, "--consent-unknown", "list"];
        if !stop.is_empty() {
            let header = if with_header { "Entry\n" } else { "" };
            dir.write("stop.txt", format!("{header}{}\n", stop.join("\n")));
            flags.extend(["--suppress", "stop.txt"]);
        }
        dir.run_world("out", &flags);

        let denied = denied(&rows, &accounts, &leads, &stop);
        for (name, bytes) in dir.files("out") {
            let text = text(&name, bytes);
            for email in &denied {
                prop_assert!(!text.contains(email.as_str()), "{email} is in {name}");
                prop_assert!(!text.contains(&sha256(email)), "the hash of {email} is in {name}");
            }
        }
        let summary = dir.summary("out");
        let counts = summary["results"]["contacts"].as_object().expect("contacts");
        let total: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
        prop_assert_eq!(total, rows.len() as u64);
    }
}
