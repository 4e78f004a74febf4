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
    assert_eq!(second.post("/review/act", "at=0&act=none").status, 507);
    assert_eq!(dir.verdict_lines(), 0);
    first.decide(0, "none", "");
    let seen = second.get("/review?queue=decided").body;
    assert!(seen.contains("Decided, to be applied <data value=\"1\">"), "{seen}");
    drop(first);
    let third = dir.pages(&["out", "--read-only"]);
    assert!(third.get("/review").body.contains("opened with --read-only"));
}
