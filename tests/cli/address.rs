//! An address is the same however it is written, and a filled cell never vanishes.

use crate::support::{ACCOUNTS, AZURE, Workdir, words};

/// Ways to write ann@müller-quellbrink.de.
const SPELLINGS: [&str; 16] = [
    "ann@müller-quellbrink.de",
    "Ann@MÜLLER-Quellbrink.DE",
    "ann@xn--mller-quellbrink-jzb.de",
    "ann@XN--MLLER-QUELLBRINK-JZB.DE",
    "mailto:ann@müller-quellbrink.de?subject=Hello",
    "MAILTO:ann%40müller-quellbrink.de",
    "ann (at) müller-quellbrink.de",
    "ann[at]müller-quellbrink[dot]de",
    "<ann@müller-quellbrink.de>",
    "\"\"\"Ahrens, Ann\"\" <ann@müller-quellbrink.de>\"",
    "ａｎｎ＠ｍüｌｌｅｒ－ｑｕｅｌｌｂｒｉｎｋ．ｄｅ",
    "a\u{200b}nn@müller\u{ad}-quellbrink.de\u{feff}",
    "ann@mu\u{308}ller-quellbrink.de",
    "ann&#64;m&uuml;ller-quellbrink.de",
    "ann @ müller-quellbrink.de.",
    "ann@müller–quellbrink.de",
];

/// A spelling of the address of a person of their own, ann7@müller-quellbrink.de.
fn spelt(spelling: usize, person: usize) -> String {
    let text = SPELLINGS[spelling % SPELLINGS.len()];
    let find = |end: &str| text.rfind(end).map(|at| at + end.len());
    let at = find("nn").or_else(|| find("ｎｎ")).expect("an Ann");
    format!("{}{person}{}", &text[..at], &text[at..])
}

#[test]
fn a_denial_in_any_spelling_holds_for_all_spellings() {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    let people = 0..SPELLINGS.len();
    let header = "Id,AccountId,Last Name,Email,Email Opt Out\n";
    let row = |of: char, person: usize, spelling: usize, denies: u8| {
        format!("{of}{person},001A,Ahrens,{},{denies}\n", spelt(spelling, person))
    };
    let listed = people.clone().map(|at| row('C', at, at, 0)).collect::<String>();
    let denying = people.clone().map(|at| row('D', at, at * 7 + 3, 1)).collect::<String>();
    let list = people.map(|at| format!("{}\n", spelt(at * 7 + 3, at))).collect::<String>();
    let control = "E1,001B,Bohm,bea@vossmoor.de,0\n";
    dir.write("stop.csv", format!("Address\n{list}"));
    for (contacts, flags) in [
        (format!("{header}{listed}{denying}{control}"), ""),
        (format!("{header}{listed}{control}"), "--suppress stop.csv"),
    ] {
        dir.write("Contacts.csv", contacts);
        let said = dir.run_small(&words(flags)).ended(0).said();
        assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["E1"], "{flags}: {said}");
    }
}

#[test]
fn damaged_addresses_are_mended_once_for_all_outputs() {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    let people = 0..SPELLINGS.len();
    let rows = people.clone().map(|at| format!("C{at},001A,Ahrens,{},0\n", spelt(at, at)));
    let header = "Id,AccountId,Last Name,Email,Email Opt Out\n";
    dir.write("Contacts.csv", format!("{header}{}", rows.collect::<String>()));
    dir.run_small(&[]).ended(0);
    let listed = dir.table("out/contacts.csv");
    for at in people {
        if SPELLINGS[at].contains("at)") || SPELLINGS[at].contains("at]") {
            let contacts = listed.column("contact_id");
            assert!(!contacts.contains(&format!("C{at}").as_str()), "{}", SPELLINGS[at]);
            continue; // whoever hides an address is not written to
        }
        let want = format!("ann{at}@xn--mller-quellbrink-jzb.de");
        let email = listed.row(&format!("C{at}"))["email"].to_lowercase();
        assert_eq!(email, want, "{}", SPELLINGS[at]);
    }
}

#[test]
fn addresses_that_reach_nobody_are_not_usable_and_those_that_cannot_be_read_are_told() {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    let mut rows = "Id,AccountId,Last Name,Email,Email Opt Out\n".to_owned();
    let unusable = [
        "ann@quellbrink.de.invalid",
        "ann@quellbrink.test",
        "ann=quellbrink.de@example.com",
        "ann@quellbrink.local",
        "noemail@noemail.com",
        "no-email@quellbrink.de",
        "keine@keine.de",
        "Test@Test.de",
    ];
    let unreadable =
        ["ann", "ann@quellbrink", "ann@@quellbrink.de", "ann@quellbrink..de", "see file"];
    for (at, address) in unusable.iter().chain(&unreadable).enumerate() {
        rows.push_str(&format!("C{at},001A,Ahrens,{address},0\n"));
    }
    rows.push_str("E1,001B,Bohm,test@vossmoor.de,0\n");
    dir.write("Contacts.csv", rows);
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["E1"]);
    let problems = dir.table("out/problems.csv");
    let lines: Vec<String> =
        (0..unreadable.len()).map(|at| (at + unusable.len() + 2).to_string()).collect();
    let mut found = problems.column("line");
    found.sort_by_key(|line| line.parse::<u64>().expect("a number"));
    assert_eq!(found, lines);
    assert!(problems.column("problem").iter().all(|what| what.contains("address")), "{problems:?}");
    let counts = &dir.summary("out")["results"]["contacts"];
    assert_eq!(counts["no_usable_address"], unusable.len() + unreadable.len(), "{counts}");
}
