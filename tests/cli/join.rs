//! Contacts are joined to accounts by id, else by name; of those that join nothing it is said why.

use crate::support::{ACCOUNTS, AZURE, Workdir};

/// Accounts and contacts of a run: the listed contacts, and what was said.
fn listed(accounts: &str, contacts: &str) -> (Vec<String>, String) {
    let dir = Workdir::with(&[
        ("Azure.csv", AZURE),
        ("Accounts.csv", accounts),
        ("Contacts.csv", contacts),
    ]);
    let said = dir.run_small(&[]).ended(0).said();
    let ids = dir.table("out/contacts.csv");
    (ids.column("contact_id").into_iter().map(str::to_owned).collect(), said)
}

const HEADER: &str = "Contact ID,Account ID,Account Name,Last Name,Email,Email Opt Out\n";

#[test]
fn contacts_whose_account_id_no_file_holds_are_joined_by_name() {
    let row = "003A,001Z,Quellbrink Werkzeugbau,Ahrens,ann@quellbrink.de,0\n";
    let (ids, _) = listed(ACCOUNTS, &format!("{HEADER}{row}"));
    assert_eq!(ids, ["003A"]);
    let without_ids: String = ACCOUNTS
        .lines()
        .map(|line| format!("{}\n", line.split_once(',').expect("ids").1))
        .collect();
    let (ids, _) = listed(&without_ids, &format!("{HEADER}{row}"));
    assert_eq!(ids, ["003A"], "accounts without ids");
    let denying = ACCOUNTS.replacen("Account ID,", "Email Opt Out,Account ID,", 1);
    let denying: String = denying
        .lines()
        .map(|line| match line {
            line if line.starts_with("Email") => format!("{line}\n"),
            line if line.starts_with("001A") => format!("1,{line}\n"),
            line => format!("0,{line}\n"),
        })
        .collect();
    let (ids, said) = listed(&denying, &format!("{HEADER}{row}"));
    assert!(ids.is_empty(), "the account denies: {said}");
}

#[test]
fn what_systems_put_around_a_name_does_not_matter() {
    for name in [
        "Accounts::::Quellbrink Werkzeugbau",
        "Quellbrink Werkzeugbau (K-1001)",
        "[4711] Quellbrink Werkzeugbau",
        "K-1001 quellbrink  werkzeugbau",
        "Quellbrink Werkzeugbau | 4711",
    ] {
        let row = format!("003A,,{name},Ahrens,ann@quellbrink.de,0\n");
        assert_eq!(listed(ACCOUNTS, &format!("{HEADER}{row}")).0, ["003A"], "{name}");
    }
}

#[test]
fn how_many_join_nothing_is_said_with_the_reason() {
    let rows = "003A,001A,,Ahrens,ann@quellbrink.de,0\n\
                003B,,,Bohm,bea@vossmoor.de,0\n\
                003C,001Z,,Conrad,cleo@vossmoor.de,0\n\
                003D,001Z,Nobody Ltd,Dorn,dora@vossmoor.de,0\n\
                003E,,Nobody Ltd,Egge,emil@vossmoor.de,0\n\
                003F,,Nobody Ltd,Funk,fred@vossmoor.de,0\n";
    let (ids, said) = listed(ACCOUNTS, &format!("{HEADER}{rows}"));
    assert_eq!(ids, ["003A"]);
    let want = "note: Contacts.csv: contacts that belong to no account: 1 name no account, 1 have the id of \
                an account that no file holds, 1 have the id and the name of an account that no file \
                holds, 2 name an account that no file holds";
    assert!(said.contains(want), "{said}");
}
