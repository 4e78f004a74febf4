//! What a person decides is taken in, never lost, and asked again only when something changed.

use crate::support::{Table, Workdir, workbook};

/// What the summary counts of verdicts: applied, stale, orphaned.
fn counted(dir: &Workdir) -> [u64; 3] {
    let summary = dir.summary("out");
    ["applied", "stale", "orphaned"]
        .map(|count| summary["results"]["verdicts"][count].as_u64().expect(count))
}

#[test]
fn each_word_is_understood_in_the_csv() {
    for (word, status, accounts) in [
        ("accept", "linked", "001D"),
        ("Annehmen", "linked", "001D"),
        ("ACCEPTER", "linked", "001D"),
        ("採用", "linked", "001D"),
        // the other account of this name is left, and a person refused only one of the two
        ("reject", "review", ""),
        ("ablehnen", "review", ""),
        (" refuser ", "review", ""),
        ("却下", "review", ""),
        ("none", "unmatched", ""),
        ("keiner", "unmatched", ""),
        ("aucun", "unmatched", ""),
        ("該当なし", "unmatched", ""),
    ] {
        let dir = Workdir::small();
        dir.run_small(&[]).ended(0);
        dir.judge("001D", word);
        dir.run_small(&[]).ended(0);
        let customers = dir.table("out/customers.csv");
        let row = customers.row("30000004");
        assert_eq!((&*row["status"], &*row["account_ids"]), (status, accounts), "word: {word}");
        assert_eq!(counted(&dir), [1, 0, 0], "word: {word}");
    }
}

#[test]
fn words_typed_into_the_workbook_are_taken_in() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let mut review = Table::of_sheet(&dir.sheet("out/review.xlsx"));
    let row = review.row_with("Account ID", "001E");
    row.insert("Decision".into(), "annehmen".into());
    row.insert("Note".into(), "=SUM(1) ist kein Befehl".into());
    dir.write("out/review.xlsx", workbook(&[&review.records()])); // Excel writes all of it anew
    dir.run_small(&[]).ended(0);
    let row = dir.table("out/customers.csv").row("30000004").clone();
    assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "001E"));
    let verdicts = dir.table("out.verdicts.csv");
    assert_eq!(verdicts.column("verdict"), ["accept"]);
    assert_eq!(verdicts.column("note"), ["=SUM(1) ist kein Befehl"]);
}

#[test]
fn a_verdict_is_stored_next_to_the_results_and_holds_in_later_runs() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "accept");
    for _ in 0..3 {
        dir.run_small(&[]).ended(0);
        assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
    }
    let verdicts = dir.table("out.verdicts.csv");
    let first = ["customer_id", "account_id", "verdict", "reviewer", "time", "seen", "note"];
    assert_eq!(verdicts.headers, first);
    assert_eq!(verdicts.pairs("customer_id", "account_id"), [("30000004", "001D")]);
    let links = dir.table("out/links.csv");
    assert_eq!(links.row("30000004")["decided_by"], "verdict");
}

#[test]
fn later_lines_win_and_files_of_two_people_merge_by_concatenation() {
    let dir = Workdir::small();
    let line = |verdict: &str| format!("30000004,001D,{verdict},,,,\n");
    let header = "customer_id,account_id,verdict,reviewer,time,seen,note\n";
    for (words, status) in [
        (["accept", "reject"], "review"),
        (["reject", "accept"], "linked"),
        (["none", "accept"], "linked"),
        (["accept", "none"], "unmatched"),
    ] {
        let [one, other] = words.map(line);
        dir.write("v.csv", format!("{header}{one}{header}{other}"));
        dir.run_small(&["--verdicts", "v.csv"]);
        let customers = dir.table("out/customers.csv");
        assert_eq!(customers.row("30000004")["status"], status, "words: {words:?}");
    }
}

#[test]
fn an_accepted_pair_is_linked_even_when_no_pass_finds_it() {
    let dir = Workdir::small();
    dir.write("v.csv", "customer_id,account_id,verdict\n30000005,001F,accept\n");
    dir.run_small(&["--verdicts", "v.csv"]).ended(0);
    let links = dir.table("out/links.csv");
    assert_eq!(links.row("30000005")["account_id"], "001F");
    assert_eq!(links.row("30000005")["decided_by"], "verdict");
    assert_eq!(dir.table("out/unmatched.csv").rows.len(), 0);
}

#[test]
fn a_rejected_pair_is_never_linked_and_promotes_nobody() {
    let dir = Workdir::small();
    dir.write(
        "v.csv",
        "customer_id,account_id,verdict\n30000001,001A,reject\n30000004,001D,reject\n",
    );
    dir.run_small(&["--verdicts", "v.csv"]).ended(0);
    let customers = dir.table("out/customers.csv");
    assert_eq!(customers.row("30000001")["status"], "unmatched");
    assert_eq!(customers.row("30000001")["reason"], "refused by a person");
    assert_eq!(customers.row("30000004")["status"], "review", "the runner-up is not promoted");
}

#[test]
fn a_verdict_on_a_record_that_changed_returns_to_review_as_stale() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);
    let renamed = dir
        .read("Accounts.csv")
        .replace("001D,Autohaus Brommelkamp GmbH", "001D,Autohaus Brommelkamp Nord GmbH");
    dir.write("Accounts.csv", renamed);
    dir.run_small(&[]).ended(0);
    assert_eq!(counted(&dir), [0, 1, 0]);
    let review = dir.table("out/review.csv");
    assert_eq!(review.row("30000004")["reason"], "stale");
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);
    assert_eq!(counted(&dir), [1, 0, 0], "decided again, with the new name seen");
    assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
}

#[test]
fn a_change_of_case_or_place_makes_no_verdict_stale() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);
    let moved = dir.read("Accounts.csv").replace(
        "001D,Autohaus Brommelkamp GmbH,,Hamburg",
        "001D,AUTOHAUS BROMMELKAMP GMBH,,Altona",
    );
    dir.write("Accounts.csv", moved);
    dir.run_small(&[]).ended(0);
    assert_eq!(counted(&dir), [1, 0, 0]);
}

#[test]
fn a_verdict_on_a_record_that_is_gone_is_orphaned() {
    let dir = Workdir::small();
    dir.write(
        "v.csv",
        "customer_id,account_id,verdict\n30000003,001Z,accept\n39999999,001A,reject\n",
    );
    dir.run_small(&["--verdicts", "v.csv"]).ended(0);
    assert_eq!(counted(&dir), [0, 0, 2]);
    let customers = dir.table("out/customers.csv");
    assert_eq!(customers.row("30000003")["status"], "linked", "an orphan decides nothing");
    assert_eq!(customers.row("30000001")["status"], "linked", "an orphan decides nothing");
}

#[test]
fn ids_that_a_spreadsheet_damaged_are_refused_by_row() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let mut review = dir.table("out/review.csv");
    for (row, id) in review.rows.iter_mut().zip(["3.0E+07", "30000004"]) {
        row.insert("customer_id".into(), id.into());
        row.insert("verdict".into(), "reject".into());
    }
    dir.write("out/review.csv", review.text());
    dir.run_small(&[]).ended(0);
    let problems = dir.table("out/problems.csv");
    let row = &problems.rows[0];
    assert!(row["file"].ends_with("review.csv"), "{row:?}");
    assert_eq!((&*row["line"], &*row["column"]), ("2", "customer_id"));
    assert_eq!(dir.table("out.verdicts.csv").column("customer_id"), ["30000004"]);
}

#[test]
fn words_that_are_not_understood_are_reported_by_line() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "vielleicht");
    dir.run_small(&[]).ended(0);
    let problems = dir.table("out/problems.csv");
    assert_eq!(problems.column("column"), ["verdict"]);
    assert!(problems.rows[0]["problem"].contains("accept, reject or none"), "{problems:?}");
}

#[test]
fn a_german_excel_may_save_the_review_sheet() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "annehmen");
    let review = dir.table("out/review.csv");
    let line = |cells: &Vec<&str>| {
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| if cell.contains(';') { format!("\"{cell}\"") } else { (*cell).to_owned() })
            .collect();
        quoted.join(";") + "\r\n"
    };
    let text: String = review.records().iter().map(line).collect();
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    dir.write("out/review.csv", bytes);
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/customers.csv").row("30000004")["account_ids"], "001D");
}

#[test]
fn verdicts_of_the_samples_are_applied_stale_and_orphaned_as_listed() {
    let dir = Workdir::samples();
    dir.run_samples("crm/salesforce", "out", &["--verdicts", "verdicts-salesforce.csv"]);
    assert_eq!(counted(&dir), [3, 1, 1]);
    let links = dir.table("out/links.csv");
    assert_eq!(links.row("33159020")["account_id"], "001Qy00000MpfNQIAZ");
    let unmatched = dir.table("out/unmatched.csv");
    assert_eq!(unmatched.row("31460781")["reason"], "settled as none");
    assert_eq!(dir.table("out/review.csv").row("38357186")["reason"], "stale");
    let linked: Vec<&str> = links.column("customer_id");
    assert!(!linked.contains(&"32417181"), "refused by a person");
    let before = Table::of(include_str!("../../samples/verdicts-salesforce.csv"));
    assert_eq!(dir.table("verdicts-salesforce.csv"), before, "nothing new was said");
}

/// Types a word and a note into the workbook, in the row of an account, as Excel saves it.
fn type_into_workbook(dir: &Workdir, [id, decision, note]: [&str; 3], typed: [&str; 3]) {
    let mut review = Table::of_sheet(&dir.sheet("out/review.xlsx"));
    let [account, word, remark] = typed;
    let row = review.row_with(id, account);
    row.insert(decision.into(), word.into());
    row.insert(note.into(), remark.into());
    dir.write("out/review.xlsx", workbook(&[&review.records()]));
}

const ENGLISH: [&str; 3] = ["Account ID", "Decision", "Note"];

#[test]
fn a_sheet_in_any_language_is_written_and_read_again() {
    for (language, headings, word) in [
        ("en", ENGLISH, "accept"),
        ("de", ["Account-ID", "Entscheidung", "Notiz"], "annehmen"),
        ("fr", ["ID du compte", "Décision", "Note"], "accepter"),
        ("es", ["ID de la cuenta", "Decisión", "Nota"], "aceptar"),
        ("ja", ["取引先ID", "判定", "メモ"], "採用"),
    ] {
        let dir = Workdir::small();
        dir.run_small(&["--language", language]).ended(0);
        let part = dir.part_of("out/review.xlsx", "xl/worksheets/sheet1.xml");
        assert!(part.contains(&format!("<formula1>\"{word},")), "{language}: {part}");
        type_into_workbook(&dir, headings, ["001D", word, "same owner"]);
        dir.run_small(&[]).ended(0); // whatever the language of the next run
        let row = dir.table("out/customers.csv").row("30000004").clone();
        assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "001D"), "{language}");
        assert_eq!(dir.table("out.verdicts.csv").column("note"), ["same owner"], "{language}");
    }
}

#[test]
fn a_word_that_is_not_understood_and_its_note_come_back() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    type_into_workbook(&dir, ENGLISH, ["001D", "vielleicht", "ask Petra"]);
    for _ in 0..2 {
        let said = dir.run_small(&[]).ended(0).said();
        assert!(said.contains("1 not understood (written back in red"), "{said}");
        let mut review = Table::of_sheet(&dir.sheet("out/review.xlsx"));
        let row = review.row_with("Account ID", "001D");
        assert_eq!((&*row["Decision"], &*row["Note"]), ("vielleicht", "ask Petra"));
        let part = dir.part_of("out/review.xlsx", "xl/worksheets/sheet1.xml");
        assert!(part.contains("s=\"15\" t=\"inlineStr\"><is><t>vielleicht<"), "in red");
    }
    let verdicts = dir.table("out.verdicts.csv");
    assert_eq!(verdicts.pairs("verdict", "note"), [("note", "ask Petra")], "kept once");
    let csv = dir.table("out/review.csv");
    assert_eq!(csv.row("30000004")["verdict"], "", "the CSV holds what is decided only");

    type_into_workbook(&dir, ENGLISH, ["001D", "ja, passt", "ask Petra"]);
    let said = dir.run_small(&[]).ended(0).said();
    assert!(said.contains("review sheet: 1 decision applied"), "{said}");
    assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
}

#[test]
fn a_stale_decision_is_shown_with_what_has_changed() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    type_into_workbook(&dir, ENGLISH, ["001D", "yes", ""]);
    dir.run_small(&[]).ended(0);
    let renamed = dir
        .read("Accounts.csv")
        .replace("001D,Autohaus Brommelkamp GmbH", "001D,Autohaus Brommelkamp Nord GmbH");
    dir.write("Accounts.csv", renamed);
    let said = dir.run_small(&["--language", "de"]).ended(0).said();
    assert!(said.contains("1 to decide again"), "{said}");
    let mut csv = dir.table("out/review.csv");
    let earlier = &csv.row_with("account_id", "001D")["earlier_decision"];
    assert!(earlier.starts_with("accept on 2"), "{earlier}");
    assert!(
        earlier.ends_with("since then the account's name has changed in the CRM."),
        "{earlier}"
    );
    let mut review = Table::of_sheet(&dir.sheet("out/review.xlsx"));
    let row = review.row_with("Account-ID", "001D");
    assert!(row["Frühere Entscheidung"].starts_with("annehmen am 2"), "{row:?}");
    assert!(row["Was zu entscheiden ist"].starts_with("Seit der Entscheidung"), "{row:?}");
}

#[test]
fn the_last_sheet_is_taken_back_and_brought_back() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let none = dir.run(&["undo", "--run", "out"]).ended(0).said();
    assert!(none.contains("nothing to take back"), "{none}");
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);

    let list = dir.run(&["verdicts", "list", "--run", "out"]).ended(0).said();
    assert!(list.contains("accept  30000004  001D") && list.contains("1 accept in"), "{list}");
    let undone = dir.run(&["undo", "--run", "out"]).ended(0).said();
    assert!(undone.contains("taken back: 1 line"), "{undone}");
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "review");

    dir.run(&["undo", "--run", "out"]).ended(0);
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
    let csv = dir.run(&["verdicts", "list", "--run", "out", "--csv"]).ended(0).said();
    assert_eq!(csv.trim_end(), dir.read("out.verdicts.csv").trim_end());
}

#[test]
fn a_review_sheet_saved_under_another_name_is_read_once_and_stays() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let mut review = dir.table("out/review.csv");
    let seen_before = review.text();
    review.row_with("account_id", "001D").insert("verdict".into(), "accept".into());
    for (name, is_read) in [("review_petra.csv", true), ("Kopie.csv", true), ("mine.txt", false)] {
        let dir = Workdir::small();
        dir.run_small(&[]).ended(0);
        dir.write(&format!("out/{name}"), review.text());
        let told = dir.run_small(&[]).ended(0).stdout;
        let note = format!("{name}: read as a review sheet under another name (1 decisions");
        assert_eq!(told.contains(&note), is_read, "{told}");
        assert_eq!(dir.holds("out.verdicts.csv"), is_read, "{name}");
        assert_eq!(dir.read(&format!("out/{name}")), review.text(), "{name} stays");
        if !is_read {
            continue;
        }
        assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
        // what is taken back does not come back from the file, until somebody saves it anew
        dir.run(&["undo", "--run", "out"]).ended(0);
        for _ in 0..2 {
            assert!(!dir.run_small(&[]).ended(0).stdout.contains("under another name"));
            assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "review");
        }
        dir.write(&format!("out/{name}"), format!("{}\n", review.text()));
        assert!(dir.run_small(&[]).ended(0).stdout.contains("under another name"));
        assert_eq!(dir.table("out/customers.csv").row("30000004")["status"], "linked");
    }
    assert_ne!(seen_before, review.text());
}

#[test]
fn a_file_that_is_called_a_review_and_is_none_is_named() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.write("out/review_petra.xlsx", "not a workbook");
    dir.write("out/Review von Kim.csv", "name,decision\nContoso,yes\n");
    dir.write("out/prices.csv", "name,price\nContoso,5\n");
    let told = dir.run_small(&[]).ended(0).stdout;
    for name in ["review_petra.xlsx", "Review von Kim.csv"] {
        assert!(told.contains(&format!("{name}: called like a review sheet")), "{name}: {told}");
        assert!(dir.holds(&format!("out/{name}")));
    }
    assert!(!told.contains("prices.csv: called"), "{told}");
}
