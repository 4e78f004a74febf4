//! What decisions say of further pairs becomes a rule only when a person approves of its text.

use crate::support::{Browser, Pages, Workdir};

/// The mark of the change that a page shows.
fn change(page: &str) -> String {
    let mark = page.split("name=\"change\" value=\"").nth(1).and_then(|of| of.split('"').next());
    mark.unwrap_or_else(|| panic!("a change: {page}")).to_owned()
}

fn approve(pages: &Pages, filter: &str, change: &str) -> u16 {
    pages.post(&format!("/review/rule?{filter}"), &format!("change={change}")).status
}

#[test]
fn a_pattern_is_shown_as_a_change_of_the_tables_and_written_when_approved() {
    let dir = Workdir::with_like_names(6, 0);
    let pages = dir.pages(&["out"]);
    let filter = "queue=open&domain=agrees";
    let page = pages.get(&format!("/review/bulk?{filter}")).body;
    for text in ["aliases.csv", "+ Qbrabrabrabra GmbH,Holding "] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("matching.toml"), "no limit may be so low: {page}");
    assert!(!dir.holds("out.rules"), "nothing is done behind the back");
    let shown = change(&page);
    pages.decide(0, "none", "");
    assert_eq!(approve(&pages, filter, &shown), 409, "another one by now");
    assert!(!dir.holds("out.rules"));
    let page = pages.get(&format!("/review/bulk?{filter}")).body;
    assert_eq!(approve(&pages, filter, &change(&page)), 200);
    let aliases = dir.read("out.rules/aliases.csv");
    assert_eq!(aliases.lines().filter(|line| line.contains(",Holding ")).count(), 5, "{aliases}");
    let page = pages.get(&format!("/review/bulk?{filter}")).body;
    assert!(!page.contains("id=\"promote\""), "it stands there already: {page}");
    drop(pages);
    let line = "--reports Azure.csv --accounts Accounts.csv --out other --rules out.rules";
    dir.run_match(line, &[]).done();
    let linked = &dir.summary("other")["results"]["customers"]["linked"];
    assert!(linked.as_u64().is_some_and(|linked| linked >= 5), "{linked}");
}

#[test]
fn a_domain_whose_accounts_are_refused_for_several_customers_is_proposed_as_shared() {
    let dir = Workdir::new();
    dir.write(
        "Azure.csv",
        "CustomerID,AccountName,Domain,City,Country,AzureCluster\n\
         30000000,Quellbrink GmbH,brommelhost.de,Ulm,Germany,Act Now\n\
         30000001,Vossmoor AG,brommelhost.de,Kiel,Germany,Act Now\n",
    );
    dir.write(
        "Accounts.csv",
        "Account ID,Account Name,Website,Billing City,Billing Country\n\
         001A,Tarnwiese KG,https://Brommelhost.de/kontakt,Bonn,Germany\n",
    );
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    for at in 0..2 {
        assert!(!pages.get("/review/bulk?queue=all").body.contains("+ brommelhost.de"));
        pages.decide(at, "reject", "001A");
    }
    let page = pages.get("/review/bulk?queue=all").body;
    assert!(page.contains("shared_hosts.txt") && page.contains("+ brommelhost.de"), "{page}");
    assert_eq!(approve(&pages, "queue=all", &change(&page)), 200);
    assert!(dir.read("out.rules/shared_hosts.txt").ends_with("\nbrommelhost.de\n"));
}

#[test]
fn names_that_were_refused_are_proposed_as_never_one_company() {
    let dir = Workdir::new();
    dir.write(
        "Azure.csv",
        "CustomerID,AccountName,City,Country,AzureCluster\n\
         30000000,Quellbrink Logistics GmbH,Ulm,Germany,Act Now\n\
         30000001,Vossmoor GmbH,Kiel,Germany,Act Now\n",
    );
    dir.write(
        "Accounts.csv",
        "Account ID,Account Name,Billing City,Billing Country\n\
         001A,Quellbrink Logistic AG,Ulm,Germany\n\
         001B,Vossmoor AG,Kiel,Germany\n",
    );
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    pages.decide(0, "reject", "001A");
    pages.decide(1, "reject", "001B");
    let page = pages.get("/review/bulk?queue=all").body;
    assert!(page.contains("+ Quellbrink Logistics GmbH,Quellbrink Logistic AG"), "{page}");
    assert!(!page.contains("+ Vossmoor"), "no name is never itself: {page}");
    assert_eq!(approve(&pages, "queue=all", &change(&page)), 200);
    drop(pages);
    // another customer and another account of these names, next month
    let again = |rules: &[&str]| {
        dir.write(
            "Next.csv",
            "CustomerID,AccountName,City,Country,AzureCluster\n\
             40000000,quellbrink logistics,Ulm,Germany,Act Now\n",
        );
        dir.write(
            "Others.csv",
            "Account ID,Account Name,Billing City,Billing Country\n002A,QUELLBRINK LOGISTIC,Ulm,Germany\n",
        );
        dir.run_match("--reports Next.csv --accounts Others.csv --out next", rules).done();
        dir.table("next/customers.csv").rows[0]["status"].clone()
    };
    assert_eq!(again(&[]), "linked");
    assert_eq!(again(&["--rules", "out.rules"]), "unmatched");
    let pair = ["explain", "--run", "next", "--customer", "40000000", "--account", "002A"];
    assert!(dir.run(&pair).ended(0).stdout.contains("never_match.csv"));
}

#[test]
#[ignore = "drives Chromium; test.sh runs it"]
fn a_change_of_the_rules_is_approved_on_the_page() {
    let dir = Workdir::with_like_names(3, 0);
    let pages = dir.pages(&["out"]);
    let mut browser = Browser::new((1300, 900));
    browser.go(&pages.link);
    browser.go(&format!("http://127.0.0.1:{}/review?queue=open&domain=agrees", pages.port));
    browser.wait_for("document.querySelector('#panel [data-at]')");
    browser.press("b");
    browser.wait_for("document.querySelector('dialog[open] form[data-promote] button')");
    browser.eval("document.querySelector('form[data-promote] button').click()");
    browser.wait_for("document.querySelector('#said').textContent.includes('Written')");
    assert!(dir.holds("out.rules/aliases.csv"));
    assert_eq!(browser.faults(), Vec::<String>::new());
}
