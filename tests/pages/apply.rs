//! Decisions are applied from the page: without reading the accounts again where nothing else has
//! changed, and with the same results.

use super::{decide::first_account, flow::wait};
use crate::support::{Pages, Workdir};

/// What the page of the run says of the next one.
fn told(pages: &Pages) -> String {
    pages.get("/run").body
}

const KNOWN: &str = "need not be read again";

fn apply(pages: &Pages) {
    assert_eq!(pages.post("/run/start", "").status, 200);
    assert_eq!(wait(pages), "done");
}

/// The results but for what tells the time.
fn results(dir: &Workdir) -> Vec<(String, Vec<u8>)> {
    let files = dir.files("out").into_iter();
    let timeless = |name: &String| name.ends_with(".csv") || name.ends_with(".md");
    files.filter(|(name, _)| timeless(name)).collect()
}

#[test]
fn what_is_known_is_decided_again_and_gives_what_a_whole_run_gives() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    assert!(!told(&pages).contains(KNOWN), "nothing was read yet");
    let review = dir.table("out/review.csv");
    let customers = dir.table("out/customers.csv");
    let place = |id: &str| customers.rows.iter().position(|of| of["customer_id"] == id);
    for (at, row) in review.rows.iter().filter(|row| row["rank"] == "1").enumerate() {
        let customer = place(&row["customer_id"]).expect("a customer");
        let form = format!("at={customer}&account={}&confirmed=true", row["account_id"]);
        let act = ["accept", "reject", "none"][at % 3];
        assert_eq!(pages.post("/review/act", &format!("act={act}&{form}")).status, 200);
        if at == 0 {
            apply(&pages); // reads all; from now on it is known
        }
    }
    assert!(told(&pages).contains(KNOWN), "{}", told(&pages));
    apply(&pages);
    let applied = results(&dir);
    let totals = dir.summary("out")["results"].clone();
    drop(pages);
    dir.run_samples("crm/salesforce", "out", &[]);
    for ((name, one), (of, other)) in applied.iter().zip(results(&dir)) {
        assert_eq!((name, one), (&of, &other), "{name}");
    }
    assert_eq!(dir.summary("out")["results"], totals);
}

#[test]
fn where_more_than_decisions_has_changed_all_is_read_again() {
    let dir = Workdir::with_doubtful(6);
    let pages = dir.pages(&["out"]);
    pages.decide(0, "accept", &first_account(0));
    apply(&pages);
    pages.decide(1, "accept", &first_account(1));
    assert!(told(&pages).contains(KNOWN), "a candidate was chosen");
    pages.decide(2, "accept", &first_account(5));
    assert!(!told(&pages).contains(KNOWN), "the pair was never compared");
    apply(&pages);
    assert_eq!(dir.table("out/links.csv").rows.len(), 3);
    pages.decide(3, "accept", &first_account(3));
    assert!(told(&pages).contains(KNOWN));
    let more = format!("{}001X,Somebody Else,,Ulm,Germany\n", dir.read("Accounts.csv"));
    dir.write("Accounts.csv", more);
    assert!(!told(&pages).contains(KNOWN), "a file is another one");
    apply(&pages);
    assert_eq!(dir.summary("out")["results"]["accounts"]["no_customer"], 1);
}
