//! Only the browser that has the link is answered, and only to pages of ours.

use crate::support::Workdir;

#[test]
fn what_does_not_come_from_our_own_pages_is_refused() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    let own = pages.own_headers();
    let without = |name: &str| -> Vec<(&str, &str)> {
        let kept = own.iter().filter(|(of, _)| *of != name);
        kept.map(|(of, value)| (*of, value.as_str())).collect()
    };
    let with = |name: &'static str, value: &'static str| {
        let mut headers = without(name);
        headers.push((name, value));
        headers
    };
    let body = "at=0&act=none";
    for (what, headers) in [
        ("no cookie", without("Cookie")),
        ("no origin", without("Origin")),
        ("no token", without("X-Reconcile-Token")),
        ("a wrong token", with("X-Reconcile-Token", "0")),
        ("another site", with("Origin", "http://evil.example")),
        ("a frame without origin", with("Origin", "null")),
        ("another name of this machine", with("Host", "evil.example")),
    ] {
        let answer = pages.ask("POST", "/review/act", &headers, body);
        assert_eq!(answer.status, 403, "{what}: {answer:?}");
    }
    for path in ["/", "/review", "/review/case?at=0", "/style.css", "/records/contacts"] {
        let answer = pages.ask("GET", path, &[], "");
        assert_eq!(answer.status, 403, "{path} without the cookie: {answer:?}");
        assert!(!answer.body.contains("GmbH"), "{answer:?}");
    }
    assert_eq!(pages.ask("GET", "/enter/0000", &[], "").status, 403, "a wrong ticket");
    assert_eq!(dir.verdict_lines(), 0, "nothing was decided");
    assert_eq!(pages.post("/review/act", body).status, 200, "our own page may");
    assert_eq!(dir.verdict_lines(), 1);
}

#[test]
fn paths_that_climb_and_bodies_that_are_too_large_are_refused() {
    let dir = Workdir::with_doubtful(2);
    dir.write("secret.csv", "customer_id\nsecret\n");
    let pages = dir.pages(&["out"]);
    for path in [
        "/records/../secret",
        "/records/..%2Fsecret",
        "/records/%2e%2e%2fsecret",
        "/records/summary.json",
        "/records/manifest",
        "/../../etc/passwd",
        "/style.css/../../secret.csv",
    ] {
        let answer = pages.get(path);
        assert_ne!(answer.status, 200, "{path}: {answer:?}");
        assert!(!answer.body.contains("secret\n"), "{path}: {answer:?}");
    }
    let large = format!("at=0&act=note&note={}", "x".repeat(1 << 20));
    let answer = pages.post("/review/act", &large);
    assert!(matches!(answer.status, 0 | 413), "{}", answer.status);
    assert_eq!(dir.verdict_lines(), 0);
}

#[test]
fn every_answer_forbids_what_a_page_must_not_do() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    for path in ["/start", "/results", "/review", "/script.js", "/nowhere", "/records/customers"] {
        let head = pages.get(path).head.to_lowercase();
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(head.contains(rule), "{path}: {rule}: {head}");
        }
        assert!(head.contains("referrer-policy: no-referrer"), "{path}: {head}");
        assert!(head.contains("cache-control: no-store"), "{path}: {head}");
        assert!(!head.contains("'unsafe-inline'"), "{path}: {head}");
    }
}

#[test]
fn who_only_looks_changes_nothing_by_any_route() {
    let dir = Workdir::with_doubtful(3);
    let pages = dir.pages(&["out", "--read-only"]);
    let before = dir.files("");
    for (path, form) in [
        ("/review/act", "at=0&act=none"),
        ("/review/act", "at=0&act=undo"),
        ("/review/act", "at=0&act=note&note=x"),
        ("/review/bulk?queue=all", "typed=0&plan=x"),
        ("/review/rule?queue=all", "change=0"),
        ("/audit/answer", "at=0&answer=right"),
        ("/lists/export", "pick=0&target=hubspot"),
        ("/run/start", "what=again"),
        ("/run/start", "what=new"),
        ("/new/put", "side=crm&path=/tmp"),
        ("/new/drop", "path=/tmp"),
        ("/new/column", "header=a&field=domain"),
        ("/new/own-domains", "typed=contoso.com"),
        ("/new/like", ""),
        ("/new/file?side=reports&name=a.csv", "x"),
    ] {
        let answer = pages.post(path, form);
        assert_eq!(answer.status, 409, "{path} {form}: {answer:?}");
    }
    assert_eq!(dir.files(""), before);
}

#[test]
fn an_error_is_a_page_that_leads_on() {
    let dir = Workdir::with_doubtful(2);
    let pages = dir.pages(&["out"]);
    for (path, status) in [("/nowhere", 404), ("/open", 404), ("/records/nothing", 409)] {
        let page = pages.get(path);
        assert_eq!(page.status, status, "{path}");
        assert!(page.body.contains("This page cannot be shown"), "{path}: {page:?}");
        assert!(page.body.contains("href=\"/review\""), "{path}: {page:?}");
    }
    std::fs::remove_file(dir.path("out/summary.json")).expect("it was there");
    for path in ["/results", "/review", "/lists", "/audit"] {
        let page = pages.get(path);
        assert!(page.status == 409 && page.body.contains("href=\"/start\""), "{path}: {page:?}");
    }
    let part = pages.get("/review/case?at=0");
    assert!(part.status == 409 && !part.body.contains('<'), "a part is text: {part:?}");
}

#[test]
fn names_of_people_stand_in_no_address() {
    let dir = Workdir::with_doubtful(3);
    let pages = dir.pages(&["out", "--reviewer", "Kim Petersen"]);
    pages.decide(0, "none", "");
    pages.post("/reviewer", "name=Jo");
    pages.decide(1, "none", "");
    let page = pages.get("/review?queue=all").body;
    let of_reviewers = page.split("<select name=\"reviewer\">").nth(1).expect("a filter");
    let of_reviewers = of_reviewers.split("</select>").next().expect("its end");
    let marks: Vec<&str> = of_reviewers.split("value=\"").skip(1).collect();
    let mark = marks.iter().find(|of| of.contains(">Kim Petersen")).expect("a value");
    let mark = mark.split('"').next().expect("a mark");
    assert!(!mark.contains("Kim") && mark.len() == 16, "{mark}");
    let rows = pages.get(&format!("/review/rows?queue=all&reviewer={mark}")).body;
    assert!(rows.contains("data-at=\"0\"") && !rows.contains("data-at=\"1\""), "{rows}");
}

#[test]
fn without_a_person_in_front_the_program_says_what_it_can_do_and_ends() {
    let ran = Workdir::new().run(&[]).ended(2);
    assert!(ran.stderr.contains("Usage: reconcile"), "{ran:?}");
}

#[test]
fn a_second_person_on_one_folder_is_told_and_only_looks() {
    let dir = Workdir::with_doubtful(3);
    let first = dir.pages(&["out"]);
    let second = dir.pages(&["out"]);
    let page = second.get("/review").body;
    assert!(page.contains("You can look, not decide"), "{page}");
    assert!(page.contains("somebody else has it open"), "{page}");
    assert_eq!(second.post("/review/act", "at=0&act=none").status, 409);
    assert_eq!(dir.verdict_lines(), 0);
    first.decide(0, "none", "");
    let seen = second.get("/review?queue=decided").body;
    assert!(seen.contains("Decided, to be applied <data value=\"1\">"), "{seen}");
    drop(first);
    let third = dir.pages(&["out", "--read-only"]);
    assert!(third.get("/review").body.contains("opened with --read-only"));
}
