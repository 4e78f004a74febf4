//! Damaged, hostile and changing files: nobody is written to by mistake, nothing is told of a person.

use crate::support::{ACCOUNTS, AZURE, Workdir, workbook};

/// Two people of an account that is linked, neither of whom denies.
const PEOPLE: &str = "\
Contact ID,Account ID,Last Name,Email,Email Opt Out
003A,001A,Ahrens,ann@quellbrink.de,0
003B,001A,Bohm,bea@quellbrink.de,0
";

/// The people who are listed with a suppression list.
fn listed(dir: &Workdir, list: &str) -> Vec<String> {
    dir.run_small(&["--suppress", list]).ended(0);
    let contacts = dir.table("out/contacts.csv");
    contacts.column("contact_id").into_iter().map(str::to_owned).collect()
}

fn with_people() -> Workdir {
    Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS), ("Contacts.csv", PEOPLE)])
}

#[test]
fn whoever_stands_in_a_suppression_list_is_on_no_list() {
    for list in [
        // lines of one cell below a blank one look like the footer of an export
        "Email,Reason\nkim@x.example,asked\n\nann@quellbrink.de\n",
        "Email,Reason,Date\nkim@x.example,asked,2024\n\nann@quellbrink.de,,\nCopyright (c) 2024,,\n",
        "Email,Reason,Date\nkim@x.example,asked,2024\n\n\nConfidential Information\nann@quellbrink.de\n",
        // too few and too many cells, a lone quote, cells that moved
        "Reason,Email\nasked,kim@x.example\nann@quellbrink.de\n",
        "Email,Reason\nkim@x.example,asked\nasked, by phone,ann@quellbrink.de,today\n",
        "Email,Reason\nkim@x.example,asked\n\"ann@quellbrink.de,asked\nkai@x.example,asked\n",
        "Email,Reason\nkim@x.example,asked\n,,,write no more to ann@quellbrink.de\n",
        // columns of addresses that no table knows
        "Work Email,Home Email\nkim@x.example,ann@quellbrink.de\n",
        "Email,Alternate\nkim@x.example,Ann <ann@quellbrink.de>\n",
        "Email,Email 3,Note\nkim@x.example,,\nkai@x.example,,\nkay@x.example,ann@quellbrink.de,\n",
        // a column of yes and no that is no consent spares nobody
        "Email,Opt Out,VIP\nkim@x.example,yes,no\nann@quellbrink.de,,no\n",
        "Email,VIP\nkim@x.example,no\nann@quellbrink.de,no\n",
        "Email,Opt Out,Other mail\nkim@x.example,no,no\nann@quellbrink.de,no,yes\n",
        // no header
        "ann@quellbrink.de,asked\nkim@x.example,asked\n",
    ] {
        let dir = with_people();
        dir.write("list.csv", list);
        assert_eq!(listed(&dir, "list.csv"), ["003B"], "{list}");
    }
}

#[test]
fn a_suppression_workbook_has_no_footer_either() {
    let dir = with_people();
    dir.write(
        "list.xlsx",
        workbook(&[&[
            ["Email", "Reason", "Date"],
            ["kim@x.example", "asked", "2024"],
            ["", "", ""],
            ["ann@quellbrink.de", "", ""],
            ["Confidential Information - Do Not Distribute", "", ""],
        ]]),
    );
    assert_eq!(listed(&dir, "list.xlsx"), ["003B"]);
    let problems = dir.table("out/problems.csv");
    assert!(problems.column("line").contains(&"5"), "what is no address is told of: {problems:?}");
}

#[test]
fn a_list_that_spares_an_address_by_a_known_consent_spares_it() {
    let dir = with_people();
    dir.write("list.csv", "Email,Opt Out\nann@quellbrink.de,no\nbea@quellbrink.de,yes\n");
    assert_eq!(listed(&dir, "list.csv"), ["003A"]);
}

#[test]
fn addresses_above_the_header_of_a_list_are_not_passed_over() {
    let dir = with_people();
    dir.write(
        "list.csv",
        "ann@quellbrink.de\n\nEmail,Reason\nkim@x.example,asked\nkai@x.example,asked\n",
    );
    let ran = dir.run_small(&["--suppress", "list.csv"]);
    let suppressed = ran.status == Some(0) && !dir.read("out/contacts.csv").contains("003A");
    assert!(suppressed || ran.stderr.contains("put a header"), "{}", ran.stderr);
}

#[test]
fn no_person_is_named_in_place_of_a_header() {
    let dir = with_people();
    dir.write("list.csv", "ada@contoso.com\nno address\nkim@x.example\n");
    dir.write("crm/Accounts.csv", ACCOUNTS);
    dir.write("crm/people.csv", "Ada;Lovelace;Berlin\nKim;Lee;Ulm\n");
    dir.run_match("--reports Azure.csv --crm crm --suppress list.csv --out out", &[]).ended(0);
    assert_eq!(dir.table("out/problems.csv").column("line"), ["2"]);
    for file in ["problems.csv", "summary.json", "summary.html", "manifest.json"] {
        let text = dir.read(&format!("out/{file}"));
        for person in ["ada@contoso.com", "Lovelace", "kim@x.example"] {
            assert!(!text.contains(person), "{file}: {person}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_changes_while_it_is_read_stops_the_run() {
    use std::{fs, io::Write as _, process::Stdio, thread, time::Duration};

    let dir = with_people();
    dir.run_small(&[]).ended(0);
    let before = dir.read("out/summary.json");
    let mut text = PEOPLE.to_owned();
    for number in 0..60_000 {
        text.push_str(&format!("003C{number},001A,Lang,p{number}@quellbrink.de,0\n"));
    }
    dir.write("Contacts.csv", &text);
    let args = [
        "match",
        "--reports",
        "Azure.csv",
        "--crm",
        "Accounts.csv",
        "Contacts.csv",
        "--out",
        "out",
    ];
    let mut program = dir.command(&args);
    let program = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a start");
    // somebody writes all the while, as an export does that is not finished
    let path = dir.path("Contacts.csv");
    let ended = std::sync::atomic::AtomicBool::new(false);
    let ran = thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                let mut file = fs::File::options().append(true).open(&path).expect("the file");
                file.write_all(b"003Z,001A,Late,ann@quellbrink.de,1\n").expect("a row");
                thread::sleep(Duration::from_millis(2));
            }
        });
        let ran = program.wait_with_output().expect("an end");
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        ran
    });
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{told}");
    assert!(told.contains("error: Contacts.csv: has changed while it was read"), "{told}");
    assert_eq!(dir.read("out/summary.json"), before);
}

#[cfg(unix)]
#[test]
fn nothing_that_steers_a_terminal_reaches_it() {
    let dir = with_people();
    dir.write(
        "Azure.csv",
        AZURE.replace("Quellbrink Werkzeugbau GmbH", "\"Quell\u{1b}[31mbrink\n\u{202e}GmbH\""),
    );
    dir.write("junk\u{1b}[31m\u{202e}.csv", "x\n1\n");
    let mut said = dir.run_small(&["--crm", "junk\u{1b}[31m\u{202e}.csv"]).ended(1).stderr;
    dir.run_small(&[]).ended(0);
    said += &dir.run(&["explain", "--run", "out", "--customer", "30000001"]).ended(0).stdout;
    said +=
        &dir.run(&["inspect", "Azure.csv", "junk\u{1b}[31m\u{202e}.csv", "Accounts.csv"]).said();
    said +=
        &dir.run_match("--reports Azure.csv --crm Accounts.csv Contacts.csv --dry-run", &[]).said();
    assert!(said.contains("\\u001b[31m") && said.contains("\\u202e"), "{said}");
    let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!said.contains(steers), "{said:?}");
    assert!(
        !said.lines().any(|line| line.starts_with("\\u202eGmbH")),
        "a name breaks no line: {said}"
    );
}

#[test]
fn a_file_of_verdicts_that_was_damaged_loses_no_verdict() {
    let head = "customer_id,account_id,verdict,reviewer,time,seen,note";
    let rows = "30000004,001D,accept,,,,\"oops\n30000005,001F,accept,,,,\n";
    for (text, problems) in [
        (format!("{head}\n{rows}"), 1),
        (format!("\u{feff}{head}\n{rows}").replace(',', ";"), 1),
        (format!("{head}\n{rows}").replace('\n', "\r"), 1),
        (
            format!("{head}\n{}", rows.replace("\"oops", "\"fine, even\nso\""))
                .replace('\n', "\r\n"),
            0,
        ),
    ] {
        let dir = Workdir::small();
        dir.write("out.verdicts.csv", &text);
        dir.run_small(&[]).ended(0);
        let customers = dir.table("out/customers.csv");
        for customer in ["30000004", "30000005"] {
            assert_eq!(customers.row(customer)["status"], "linked", "{text:?}");
        }
        assert_eq!(dir.table("out/problems.csv").rows.len(), problems, "{text:?}");
    }
}

#[test]
fn cells_that_a_spreadsheet_might_run_are_told_of_and_made_text_on_demand() {
    let dir = with_people();
    dir.write("Contacts.csv", PEOPLE.replace("Bohm", "=cmd()"));
    let told = dir.run_small(&["--target", "hubspot"]).ended(0).stdout;
    assert!(told.contains("contacts.csv:3"), "{told}");
    assert!(told.contains("--safe-csv"), "{told}");
    assert!(dir.read("out/contacts.csv").contains(",=cmd(),"));

    let told = dir.run_small(&["--target", "hubspot", "--safe-csv"]).ended(0).stdout;
    assert!(told.contains("got a ' before them"), "{told}");
    for (name, bytes) in dir.files("out") {
        let text = String::from_utf8_lossy(&bytes);
        if name.ends_with(".csv") {
            assert!(!text.contains(",=cmd()"), "{name}: {text}");
        }
    }
    assert!(dir.read("out/contacts.csv").contains("'=cmd()"));
}
