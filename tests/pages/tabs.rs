//! Two windows on one run, and what came meanwhile: no window decides about what it does not show.

use super::decide::first_account;
use crate::support::{Answer, Browser, Pages, Workdir};

/// The mark of the run that a page shows.
fn mark(page: &str) -> String {
    let mark = page.split("name=\"run\" content=\"").nth(1).and_then(|of| of.split('"').next());
    mark.expect("a mark").to_owned()
}

/// Asks for a change as a page does that shows a run.
fn post_of(pages: &Pages, mark: &str, path: &str, form: &str) -> Answer {
    let mut headers = pages.own_headers();
    headers.push(("X-Reconcile-Run", mark.to_owned()));
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pages.ask("POST", path, &headers, form)
}

#[test]
fn a_window_of_another_run_decides_nothing() {
    let dir = Workdir::with_doubtful(3);
    dir.run_match("--reports Azure.csv --accounts Accounts.csv --out other", &[]).done();
    let pages = dir.pages(&["out"]);
    let first = mark(&pages.get("/review").body);
    assert_eq!(post_of(&pages, &first, "/review/act", "at=0&act=none").status, 200);
    assert_eq!(pages.post("/open", "run=other").status, 200);
    let second = mark(&pages.get("/review").body);
    for (path, form) in [
        ("/review/act", "at=1&act=none"),
        ("/review/bulk?queue=open", "typed=0&plan=x"),
        ("/audit/answer", "at=0&answer=right"),
        ("/lists/export", "pick=0&target=hubspot"),
        ("/run/start", "what=again"),
    ] {
        let answer = post_of(&pages, &first, path, form);
        assert_eq!(answer.status, 409, "{path}: {answer:?}");
        assert!(answer.body.contains("another run"), "{path}: {answer:?}");
    }
    assert!(!dir.holds("other.verdicts.csv"));
    assert_eq!(post_of(&pages, &second, "/review/act", "at=1&act=none").status, 200);
    // runs are told apart by the second in which they began
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    dir.run_match("--reports Azure.csv --accounts Accounts.csv --out other", &[]).done();
    let answer = post_of(&pages, &second, "/review/act", "at=2&act=none");
    assert_eq!(answer.status, 409, "the run was made anew: {answer:?}");
}

#[test]
fn what_came_meanwhile_is_shown_before_another_decision_is_kept() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let panel = pages.get("/review/case?at=0").body;
    assert!(panel.contains("data-lines=\"0\""), "{panel}");
    pages.decide(0, "none", ""); // in another window
    let form = format!("at=0&act=accept&account={}&known=0", first_account(0));
    let answer = pages.post("/review/act", &form);
    assert!(answer.body.contains("after the page was loaded"), "{answer:?}");
    assert!(answer.body.contains("Kim"), "who it was: {answer:?}");
    assert_eq!(dir.verdict_lines(), 1);
    assert_eq!(pages.post("/review/act", &format!("{form}&confirmed=true")).status, 200);
    assert_eq!(dir.verdict_lines(), 2);
}

#[test]
fn what_others_have_settled_is_named_and_can_be_taken_back() {
    let dir = Workdir::with_doubtful(5);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let act = |form: &str| -> serde_json::Value {
        let answer = pages.post("/review/act", form);
        serde_json::from_str(&answer.body).expect("JSON")
    };
    let seen = |page: &str| {
        let acts = page.split("data-acts=\"").nth(1).and_then(|of| of.split('"').next());
        acts.expect("a number").to_owned()
    };
    assert_eq!(seen(&pages.get("/review").body), "0");
    let mut file = "customer_id,account_id,verdict,reviewer,time,seen,note\n".to_owned();
    for at in 1..4 {
        file.push_str(&format!("3000000{at},,none,Petra,2999-01-01T10:00:00+00:00,,\n"));
    }
    dir.write("out.verdicts.csv", file);
    let answer = act("at=0&act=none&acts=0");
    assert_eq!(answer["settled"], serde_json::json!([1, 2, 3]));
    let told = answer["elsewhere"].as_str().expect("a text");
    assert!(told.contains("3 others were settled meanwhile (Petra)"), "{told}");
    let acts = seen(answer["counts"].as_str().expect("counts"));
    assert_eq!(act(&format!("at=4&act=skip&acts={acts}"))["settled"], serde_json::Value::Null);
    let revert = told.split("data-revert=\"").nth(1).and_then(|of| of.split('"').next());
    let answer = act(&format!("at={}&act=revert", revert.expect("an act")));
    assert_eq!((&answer["again"], &answer["done"]), (&true.into(), &"Done for 3 customers".into()));
    assert!(pages.get("/review").body.contains("1 of 5 decided"));
}

#[test]
fn a_sheet_that_is_just_being_saved_keeps_nobody_from_looking() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    dir.judge(&first_account(1), "accept");
    let whole = dir.read("out/review.csv");
    dir.write("out/review.csv", "");
    let page = pages.get("/review/case?at=0");
    assert_eq!(page.status, 200, "{page:?}");
    let page = pages.get("/review").body;
    assert!(page.contains("review.csv: "), "what could not be read is named: {page}");
    dir.write("out/review.csv", whole);
    let page = pages.get("/review").body;
    assert!(page.contains("1 of 2 decided"), "{page}");
    assert!(!page.contains("review.csv: "), "{page}");
}

#[test]
#[ignore = "drives Chromium; test.sh runs it"]
fn what_a_sheet_settles_is_gone_from_the_list_at_once() {
    let dir = Workdir::with_doubtful(5);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let mut browser = Browser::new((1300, 900));
    browser.go(&pages.link);
    browser.go(&format!("http://127.0.0.1:{}/review", pages.port));
    browser.wait_for("document.querySelector('#panel [data-at=\"0\"]')");
    dir.judge(&first_account(2), "accept");
    browser.press("0");
    browser.wait_for("document.querySelector('#panel [data-at=\"1\"]')");
    browser.wait_for("!document.querySelector('#row-2')");
    browser.eval("document.querySelector('#said [data-revert]').click()");
    browser.wait_for("document.querySelector('#row-2')");
    assert!(pages.get("/review").body.contains("1 of 5 decided"));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn another_account_takes_the_place_of_the_one_accepted_before() {
    let dir = Workdir::with_doubtful(1);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let (one, other) = (first_account(0), "0010000001".to_owned());
    assert_ne!(one, other);
    pages.decide(0, "accept", &one);
    let answer = pages.decide(0, "accept", &other);
    assert!(answer["objection"].as_str().is_some_and(|of| of.contains(&one)), "{answer}");
    let form = format!("at=0&act=accept&account={other}&confirmed=true");
    assert_eq!(pages.post("/review/act", &form).status, 200);
    let accepted = |pages: &Pages| {
        let panel = pages.get("/review/case?at=0").body;
        let told = panel.split("class=\"decided\"").nth(1).expect("a decision").to_owned();
        let told = told.split("</p>").next().expect("its end").to_owned();
        [&one, &other].map(|account| told.contains(account.as_str()))
    };
    assert_eq!(accepted(&pages), [false, true]);
    pages.decide(0, "undo", "");
    assert_eq!(accepted(&pages), [true, false], "as before");
    pages.decide(0, "redo", "");
    assert_eq!(accepted(&pages), [false, true]);
    pages.decide(0, "also", &one);
    assert_eq!(accepted(&pages), [true, true], "a duplicate is accepted beside it");
}

#[test]
fn one_person_does_not_do_again_what_another_took_back() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    pages.decide(0, "none", "");
    pages.decide(0, "undo", "");
    pages.post("/reviewer", "name=Petra");
    assert_eq!(pages.decide(0, "redo", "")["done"], "There is nothing to do.");
    pages.post("/reviewer", "name=Kim");
    assert_eq!(pages.decide(0, "redo", "")["at"], 0);
}

#[test]
fn a_folder_that_cannot_be_opened_leaves_the_run_open() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    assert_eq!(pages.post("/open", "run=nowhere").status, 409);
    pages.decide(0, "none", "");
    assert_eq!(pages.post("/open", "run=out").status, 200);
    let page = pages.get("/review").body;
    assert!(page.contains("1 of 2 decided") && !page.contains("You can look"), "{page}");
}

#[test]
fn who_is_unsure_of_a_customer_without_account_takes_nothing_from_what_is_decided() {
    let dir = Workdir::with_doubtful(2);
    let more = "30900000,Zzyxklumpf GmbH,,,Germany,Act Now\n";
    dir.write("Azure.csv", format!("{}{more}", dir.read("Azure.csv")));
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    let customers = dir.table("out/customers.csv");
    let alone = customers.rows.iter().position(|of| of["status"] == "unmatched");
    let review = customers.rows.iter().position(|of| of["status"] == "review");
    pages.decide(review.expect("one in review"), "none", "");
    pages.decide(alone.expect("one without account"), "unsure", "");
    let page = pages.get("/review").body;
    assert!(page.contains("1 of 2 decided"), "{page}");
    assert!(page.contains("3 of 3 customers"), "{page}");
}

#[test]
fn an_act_about_a_customer_of_another_run_is_undone_and_no_other_is_named() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    pages.decide(1, "none", "");
    let report = dir.read("Azure.csv");
    let fewer: Vec<&str> = report.lines().filter(|line| !line.starts_with("30000001")).collect();
    dir.write("Azure.csv", fewer.join("\n"));
    dir.run_doubtful();
    let answer = pages.decide(0, "undo", "");
    assert!(answer["at"].is_null() && answer["again"] == true, "{answer}");
    assert_eq!(dir.verdict_lines(), 2);
}

#[test]
fn many_are_decided_only_as_they_were_shown() {
    let dir = Workdir::with_like_names(4, 0);
    let pages = dir.pages(&["out"]);
    let plan = pages.get("/review/bulk?queue=open").body;
    let mark = plan.split("name=\"plan\" value=\"").nth(1).and_then(|of| of.split('"').next());
    let form = format!("typed=3&plan={}", mark.expect("a mark"));
    pages.decide(0, "none", "");
    assert_eq!(pages.post("/review/bulk?queue=open", &form).status, 409, "others by now");
    assert_eq!(dir.verdict_lines(), 1);
}
