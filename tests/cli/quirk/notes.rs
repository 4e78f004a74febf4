//! What the user reads about a file.

use crate::support::{Workdir, workbook};

#[test]
fn ambiguous_headers_are_an_error_that_shows_both_and_the_flag() {
    let dir = Workdir::small();
    dir.write("Accounts.csv", "Id,Kunde,Firma,Website\n001A,Quellbrink,Voss,quellbrink.de\n");
    let ran = dir.run_small(&[]).ended(1);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: Accounts.csv: columns "Kunde" and "Firma" could both be the name
    hint: choose one with `--column "name=Kunde"`
    "#);
    dir.run_small(&["--column", "name=Kunde"]).ended(0);
    assert!(!dir.table("out/links.csv").rows.is_empty());
}

#[test]
fn what_was_chosen_is_reported_with_the_reason() {
    let dir = Workdir::new();
    dir.write("a.csv", encoding_rs::WINDOWS_1252.encode("Id;Firma\n1;Müller\n").0);
    let ran = dir.run(&["inspect", "a.csv"]).ended(0);
    for line in [
        "encoding     Windows-1252 (no UTF-8 at byte 13, no Japanese either)",
        "format       text, delimiter semicolon",
        "rows         1",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
}

#[test]
fn a_sheet_with_a_recognised_header_is_found_behind_a_cover() {
    let dir = Workdir::small();
    let cover = [&["Made for Ann"][..], &["see the next sheet"]];
    let sheet = [
        &["Account ID", "Account Name", "Website"][..],
        &["001A", "Quellbrink Werkzeugbau", "quellbrink.de"],
    ];
    dir.write("crm/Accounts.xlsx", workbook(&[&cover, &sheet]));
    dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(0);
    assert_eq!(dir.table("out/links.csv").column("account_id"), ["001A"]);
}

#[test]
fn a_damaged_workbook_is_an_error_and_no_panic_is_shown() {
    let dir = Workdir::small();
    let good = include_bytes!("../../../src/read/tests/accounts.xls");
    for at in (512..good.len()).step_by(29) {
        let mut bytes = good.to_vec();
        bytes[at] = !bytes[at];
        dir.write(&format!("books/{at:04}.xls"), &bytes);
    }
    let ran = dir.run(&["inspect", "books"]).ended(0);
    assert_eq!(ran.stderr, "");
}
