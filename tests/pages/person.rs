//! The pages as a person uses them, in a real browser.

use crate::support::{Browser, Workdir};

#[test]
#[ignore = "drives Chromium; test.sh runs it"]
fn fifty_customers_are_decided_by_keyboard_alone_and_nothing_leaves_the_machine() {
    let dir = Workdir::with_doubtful(50);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let mut browser = Browser::new((1300, 900));
    browser.go(&pages.link);
    browser.go(&format!("http://127.0.0.1:{}/review", pages.port));
    for at in 0..50 {
        browser.wait_for("document.querySelector('#panel [data-at]')");
        let top = browser.eval("document.querySelector('#panel h2').getBoundingClientRect().top");
        let shown = browser.text("document.querySelector('#panel [data-at]').dataset.at");
        browser.press(["y", "0", "2"][at % 3]);
        if at % 3 == 2 {
            browser.wait_for("document.querySelector('#panel [data-chosen=\"1\"]')");
            browser.press("Enter");
        }
        browser.wait_for(&format!("document.querySelectorAll('#list .said:not(:empty)').length > {at} || !document.querySelector('#list li')"));
        if at < 49 {
            browser.wait_for(&format!(
                "document.querySelector('#panel [data-at]').dataset.at !== '{shown}'"
            ));
            let now =
                browser.eval("document.querySelector('#panel h2').getBoundingClientRect().top");
            assert_eq!(now, top, "the next customer comes to the same place");
        }
    }
    browser.wait_for("document.querySelector('.empty')");
    assert_eq!(dir.verdict_lines(), 50);
    let local = format!("http://127.0.0.1:{}/", pages.port);
    let requests = browser.requests();
    assert!(requests.len() > 100, "{requests:?}");
    assert!(requests.iter().all(|url| url.starts_with(&local)), "{requests:?}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
#[ignore = "drives Chromium; test.sh runs it"]
fn hostile_cells_are_text_and_the_layout_holds() {
    let dir = Workdir::new();
    let long = "Überlang ".repeat(1200);
    let names = [
        "<script>alert(1)</script> Quellbrink",
        "\"><img src=x onerror=alert(1)> Brommelkamp",
        "=1+1 Vossmoor",
        "abc \u{202e}gpj.exe Tarnwiese",
        &long,
    ];
    let (mut report, mut accounts) = (
        "CustomerID,AccountName,AzureCluster\n".to_owned(),
        "Account ID,Account Name,Billing City\n".to_owned(),
    );
    for (at, name) in names.iter().enumerate() {
        let cell = format!("\"{}\"", name.replace('"', "\"\""));
        report.push_str(&format!("{},{cell},Act Now\n", 30_000_000 + at));
        accounts.push_str(&format!("001A{at},{cell},Ulm\n001B{at},{cell},Kiel\n"));
    }
    dir.write("Azure.csv", report);
    dir.write("Accounts.csv", accounts);
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    let mut browser = Browser::new((1300, 900));
    browser.go(&pages.link);
    browser.go(&format!("http://127.0.0.1:{}/review?queue=all", pages.port));
    for _ in 0..names.len() {
        browser.wait_for("document.querySelector('#panel [data-at]')");
        assert_eq!(browser.eval("document.querySelectorAll('main img, main script').length"), 0);
        assert_eq!(browser.eval("document.documentElement.scrollWidth <= innerWidth"), true);
        browser.press("j");
    }
    let shown = browser.text("document.querySelector('#list').textContent");
    assert!(shown.contains("<script>alert(1)</script>"), "{shown}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}
