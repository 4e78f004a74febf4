//! What is decided on the page is in the file of verdicts, whatever happens to the program.

use crate::support::Workdir;

/// The customers in the order of the run, each with the id of its first account.
pub(super) fn first_account(at: usize) -> String {
    format!("001{at:06}0")
}

#[test]
fn each_decision_is_there_after_a_kill() {
    let dir = Workdir::with_doubtful(20);
    for at in 0..20 {
        let pages = dir.pages(&["out", "--reviewer", "Kim"]);
        pages.decide(at, "accept", &first_account(at));
        pages.kill();
        assert_eq!(dir.verdict_lines(), at + 1);
    }
    let pages = dir.pages(&["out"]);
    let page = pages.get("/review?queue=decided").body;
    assert!(page.contains("20 of 20 decided"), "{page}");
    drop(pages);
    dir.run_doubtful();
    assert_eq!(dir.summary("out")["results"]["customers"]["linked"], 20);
}

#[test]
fn a_hundred_decisions_are_undone_over_a_restart_and_the_log_keeps_both() {
    let dir = Workdir::with_doubtful(100);
    let before = dir.files("out");
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    for at in 0..100 {
        match at % 3 {
            0 => pages.decide(at, "accept", &first_account(at)),
            1 => pages.decide(at, "reject", &first_account(at)),
            _ => pages.decide(at, "none", ""),
        };
    }
    drop(pages);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    for at in (0..100).rev() {
        assert_eq!(pages.decide(0, "undo", "")["at"], at, "the last one first");
    }
    assert_eq!(pages.decide(0, "undo", "")["done"], "There is nothing to do.");
    assert!(pages.get("/review").body.contains("0 of 100 decided"));
    assert_eq!(dir.verdict_lines(), 200);
    drop(pages);
    dir.run_doubtful();
    let after = dir.files("out");
    for file in ["links.csv", "review.csv", "unmatched.csv", "customers.csv"] {
        assert_eq!(before[file], after[file], "{file}");
    }
}

#[test]
fn a_contradiction_is_shown_before_it_is_kept() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    pages.decide(0, "accept", &first_account(0));
    let answer = pages.decide(1, "accept", &first_account(0));
    let objection = answer["objection"].as_str().expect("an objection");
    assert!(objection.contains("30000000"), "{objection}");
    assert_eq!(dir.verdict_lines(), 1);
    let all_the_same = format!("at=1&act=accept&account={}&confirmed=true", first_account(0));
    assert_eq!(pages.post("/review/act", &all_the_same).status, 200);
    assert_eq!(dir.verdict_lines(), 2);
}

#[test]
fn what_sheets_and_others_write_meanwhile_shows_up_and_the_later_word_holds() {
    let dir = Workdir::with_doubtful(3);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    dir.judge(&first_account(0), "accept");
    assert!(pages.get("/review").body.contains("1 of 3 decided"), "the sheet is taken in");
    let mut file = dir.read("out.verdicts.csv");
    file.push_str("30000001,,none,Petra,2999-01-01T10:00:00+00:00,,\n");
    dir.write("out.verdicts.csv", file);
    let page = pages.get("/review?queue=decided").body;
    assert!(page.contains("2 of 3 decided"), "a colleague's line is taken in: {page}");

    // decided otherwise after the sheet was saved: the sheet is older
    std::thread::sleep(std::time::Duration::from_millis(1100));
    pages.decide(0, "none", "");
    drop(pages);
    dir.run_doubtful();
    let customers = dir.table("out/customers.csv");
    let status = |id: &str| customers.row(id)["status"].clone();
    assert_eq!([status("30000000"), status("30000001")], ["unmatched", "unmatched"]);
}

#[test]
fn the_next_month_asks_only_for_what_has_changed() {
    let dir = Workdir::with_doubtful(20);
    let pages = dir.pages(&["out"]);
    (0..20).for_each(|at| drop(pages.decide(at, "accept", &first_account(at))));
    drop(pages);
    let accounts = dir.read("Accounts.csv").replacen(
        &format!("{},", first_account(7)),
        &format!("{},New ", first_account(7)),
        1,
    );
    dir.write("Accounts.csv", accounts);
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    let page = pages.get("/review?queue=stale").body;
    assert!(page.contains("Stale <data value=\"1\">"), "{page}");
    let panel = pages.get("/review/case?at=7&account=1").body;
    assert!(panel.contains("since then the account's name"), "{panel}");
}

#[test]
fn numbers_are_the_same_in_list_panel_and_files_and_the_counts_close() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    let page = pages.get("/review?queue=all").body;
    let review = dir.table("out/review.csv");
    let customers = dir.table("out/customers.csv");
    assert!(page.contains(&format!("{0} of {0} customers", customers.rows.len())), "counts close");
    for row in review.rows.iter().filter(|row| row["rank"] == "1") {
        let at = customers.rows.iter().position(|of| of["customer_id"] == row["customer_id"]);
        let panel = pages.get(&format!("/review/case?at={}", at.expect("a customer"))).body;
        assert!(panel.contains(&row["similarity"]), "{row:?}");
        let list = pages.get(&format!("/review/rows?queue=all&q={}", row["customer_id"])).body;
        assert!(list.contains(&row["similarity"]), "{row:?}: {list}");
    }
}

#[test]
fn an_empty_queue_says_why() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    (0..2).for_each(|at| drop(pages.decide(at, "none", "")));
    let page = pages.get("/review").body;
    assert!(page.contains("Nothing is open here: 2 are decided"), "{page}");
    let page = pages.get("/review?queue=conflict").body;
    assert!(page.contains("class=\"empty\""), "{page}");
    let page = pages.get("/review?q=nobody").body;
    assert!(page.contains("Nothing fits these filters"), "{page}");
}

#[test]
fn many_are_decided_together_but_those_in_conflict_stay_out_and_are_named() {
    let dir = Workdir::with_like_names(30, 3);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let plan = pages.get("/review/bulk?queue=open").body;
    let planted = ["30900000", "30900001", "30900002"];
    planted.iter().for_each(|id| assert!(plan.contains(&format!("({id})")), "{id}: {plan}"));
    let count =
        plan.split("data-count=\"").nth(1).and_then(|of| of.split('"').next()).expect("a count");
    assert_eq!(count, "30", "{plan}");
    let mark = plan.split("name=\"plan\" value=\"").nth(1).and_then(|of| of.split('"').next());
    let decide = |typed: usize, mark: &str| {
        pages.post("/review/bulk?queue=open", &format!("typed={typed}&plan={mark}")).status
    };
    let mark = mark.expect("a mark");
    assert_eq!(decide(29, mark), 409, "another number");
    assert_eq!(decide(30, ""), 409, "a plan that nobody was shown");
    assert_eq!(dir.verdict_lines(), 0);
    assert_eq!(decide(30, mark), 200);
    assert_eq!(dir.verdict_lines(), 30);
    let file = dir.read("out.verdicts.csv");
    planted.iter().for_each(|id| assert!(!file.contains(id), "{id}: {file}"));
    assert!(file.contains("decided together: queue open"), "{file}");
    pages.decide(0, "undo", "");
    assert!(pages.get("/review").body.contains("0 of 33 decided"), "one act, one undo");
}

#[test]
fn decisions_are_applied_from_the_page_and_why_says_what_explain_says() {
    let dir = Workdir::with_doubtful(4);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let explained = dir.run(&[
        "explain",
        "--run",
        "out",
        "--customer",
        "30000001",
        "--account",
        &first_account(1),
    ]);
    let why = pages.get(&format!("/review/why?at=1&account={}", first_account(1))).body;
    for line in explained.ended(0).stdout.lines().filter(|line| line.contains("similarity")) {
        assert!(why.contains(line.trim()), "{line}: {why}");
    }
    let found = pages.get(&format!("/review/find?q={}", first_account(2))).body;
    assert!(found.contains(&format!("data-accept=\"{}\"", first_account(2))), "{found}");
    for at in 0..4 {
        pages.decide(at, "accept", &first_account(at));
    }
    assert_eq!(pages.post("/run/start", "").status, 200);
    let is_over = || {
        let state: serde_json::Value =
            serde_json::from_str(&pages.get("/run/state").body).expect("JSON");
        assert_ne!(state["phase"], "failed", "{state}");
        state["phase"] == "done"
    };
    while !is_over() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let page = pages.get("/review?queue=linked").body;
    assert!(page.contains("Linked <data value=\"4\">"), "{page}");
    assert!(dir.holds("out.previous/summary.json"));
}
