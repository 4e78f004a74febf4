//! `reconcile evaluate`: figures that can be checked by hand.

use serde_json::{Value, json};

use crate::support::{ACCOUNTS, Ran, Workdir};

/// Of the three links 001A, 001B and 001C two are true. Five true pairs are no links: one in
/// review, two that share nothing, one of a stranger and one with a stranger.
const TRUTH: &str = "\
CustomerID,account_id
30000001,001A
30000002,001F
30000003,001C
30000003,001Z
30000004,001E
30000005,001F
30000099,001A
";

fn evaluated(dir: &Workdir, more: &[&str]) -> Ran {
    dir.run(&[&["evaluate", "--truth", "truth.csv", "--run", "out"], more].concat())
}

fn figures(dir: &Workdir, more: &[&str]) -> Value {
    evaluated(dir, &[&["--json"], more].concat()).ended(0).json()
}

fn small() -> Workdir {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.write("truth.csv", TRUTH);
    dir
}

/// Pairs, right, wrong, missed, precision, recall, F1.
fn as_list(of: &Value) -> Vec<f64> {
    let names = ["pairs", "right", "wrong", "missed", "precision", "recall", "f1"];
    names.iter().map(|name| of[name].as_f64().unwrap_or_else(|| panic!("{name}: {of}"))).collect()
}

#[test]
fn figures_are_those_counted_by_hand() {
    let of = figures(&small(), &[]);
    assert_eq!(of["true_pairs"], 7);
    assert_eq!(as_list(&of["links"]), [3.0, 2.0, 1.0, 5.0, 2.0 / 3.0, 2.0 / 7.0, 4.0 / 10.0]);
    let passes = &of["passes"];
    assert_eq!(as_list(&passes["domain"]), [2.0, 1.0, 1.0, 6.0, 0.5, 1.0 / 7.0, 2.0 / 9.0]);
    assert_eq!(as_list(&passes["name"]), [1.0, 1.0, 0.0, 6.0, 1.0, 1.0 / 7.0, 2.0 / 8.0]);
}

#[test]
fn pairs_to_be_ignored_count_neither_way_unless_they_are_true() {
    let dir = small();
    dir.write("unclear.csv", "CustomerID,account_id\n30000002,001B\n30000001,001A\n");
    let of = figures(&dir, &["--ignore", "unclear.csv"]);
    assert_eq!(of["ignored_links"], 1);
    assert_eq!(as_list(&of["links"]), [2.0, 2.0, 0.0, 5.0, 1.0, 2.0 / 7.0, 4.0 / 9.0]);
}

#[test]
fn repeated_rows_of_the_truth_count_once_and_rows_without_an_id_not_at_all() {
    let dir = small();
    dir.write("truth.csv", format!("{TRUTH}30000001,001A\n30000005,\n,001B\n"));
    let of = figures(&dir, &[]);
    assert_eq!(of["true_pairs"], 7);
    assert_eq!(of["notes"], json!(["2 rows of the truth lack an id"]));
}

#[test]
fn both_links_of_a_duplicated_account_count() {
    let dir = small();
    dir.write(
        "Accounts.csv",
        format!("{ACCOUNTS}001G,Quellbrink Werkzeugbau GmbH,quellbrink.de,Ulm,89073,Germany\n"),
    );
    dir.run_small(&[]).ended(0);
    let of = figures(&dir, &[]);
    assert_eq!(as_list(&of["links"])[..3], [4.0, 2.0, 2.0], "001G is not in the truth");
    dir.write("truth.csv", format!("{TRUTH}30000001,001G\n"));
    let of = figures(&dir, &[]);
    assert_eq!(as_list(&of["links"])[..4], [4.0, 3.0, 1.0, 5.0]);
}

#[test]
fn each_miss_has_its_reason_and_what_blocking_lost_is_counted_apart() {
    let dir = small();
    let of = figures(&dir, &["--errors", "errors.csv"]);
    assert_eq!(
        of["misses"],
        json!({
            "no_such_customer": 1, "no_such_account": 1, "in_review": 1, "never_candidate": 2,
        })
    );
    let bands = of["calibration"].as_array().expect("the bands");
    let sum = |key: &str| bands.iter().filter_map(|band| band[key].as_u64()).sum::<u64>();
    assert_eq!(
        json!([sum("links"), sum("right")]),
        json!([of["links"]["pairs"], of["links"]["right"]])
    );
    assert_eq!(of["lost_in_blocking"], json!({ "pairs": 2, "recall": 2.0 / 7.0 }));
    let errors = dir.table("errors.csv");
    let told: Vec<[&str; 5]> = errors
        .rows
        .iter()
        .map(|row| ["error", "customer_id", "account_id", "why", "detail"].map(|at| &*row[at]))
        .collect();
    assert_eq!(
        told,
        [
            ["wrong link", "30000002", "001B", "", "the customer's account is 001F"],
            [
                "miss",
                "30000002",
                "001F",
                "never a candidate (lost in blocking)",
                "linked with 001B"
            ],
            [
                "miss",
                "30000003",
                "001Z",
                "account in no CRM file, deleted or merged",
                "linked with 001C"
            ],
            ["miss", "30000004", "001E", "in review", "tie, rank 2"],
            [
                "miss",
                "30000005",
                "001F",
                "never a candidate (lost in blocking)",
                "unmatched: no candidate"
            ],
            ["miss", "30000099", "001A", "customer in no report", ""],
        ]
    );
    assert!(errors.rows[0]["explanation"].starts_with("domain agrees"), "{errors:?}");
    assert!(errors.rows[1]["explanation"].starts_with("no domain in the CRM"), "{errors:?}");
    assert_eq!(errors.rows[1]["customer_name"], "Vossmoor Logistik GmbH");
    assert_eq!(errors.rows[1]["account_name"], "Gasthof Murmelstein");
}

#[test]
fn without_linking_again_the_files_of_the_run_tell_what_they_know() {
    let dir = small();
    let reasons = json!({
        "no_such_customer": 1, "in_review": 1, "other_account": 2, "not_shown": 1,
    });
    let quick = figures(&dir, &["--quick"]);
    assert_eq!((&quick["misses"], &quick["lost_in_blocking"]), (&reasons, &Value::Null));
    std::fs::remove_file(dir.path("Accounts.csv")).expect("it was there");
    let gone = figures(&dir, &[]);
    assert_eq!((&gone["misses"], &gone["links"]), (&reasons, &quick["links"]));
    let note = gone["notes"][0].as_str().expect("a note");
    assert!(note.contains("Accounts.csv") && note.contains("could not be linked again"), "{note}");
}

#[test]
fn a_higher_limit_keeps_the_links_that_reach_it_and_a_lower_one_adds_the_best_candidates() {
    let dir = small();
    let of = figures(&dir, &["--at", "0", "1"]);
    let links = dir.table("out/links.csv");
    let best_of_review = 1;
    let nearest = dir.table("out/unmatched.csv");
    let nearest = nearest.column("nearest_account_id").iter().filter(|id| !id.is_empty()).count();
    for at in of["limits"].as_array().expect("a list") {
        let similarity = at["similarity"].as_f64().expect("a number");
        let reaching = |text: &&str| text.parse::<f64>().expect("a number") >= similarity;
        let want = links.column("similarity").iter().filter(|text| reaching(text)).count();
        assert_eq!(at["links"]["pairs"], want, "links at {similarity}");
    }
    let lowest = &of["limits"][0];
    assert_eq!(lowest["similarity"], 0.0);
    assert_eq!(lowest["with_candidates"]["pairs"], 3 + best_of_review + nearest);
    assert_eq!(lowest["links"], of["links"], "all links reach 0");
}

#[test]
fn links_that_a_person_decided_stand_apart() {
    let dir = small();
    dir.judge("001E", "accept");
    dir.run_small(&[]).ended(0);
    let of = figures(&dir, &[]);
    assert_eq!(as_list(&of["passes"]["verdict"])[..3], [1.0, 1.0, 0.0]);
    assert_eq!(as_list(&of["links"])[..4], [4.0, 3.0, 1.0, 4.0]);
}

#[test]
fn ids_in_another_spelling_of_the_same_crm_are_the_same() {
    let dir = small();
    let long = ACCOUNTS.replace("001A,", "001D000000IRFmaIAH,");
    dir.write("Accounts.csv", long);
    dir.write("Contacts.csv", "Contact ID,Account ID,Email,Email Opt Out\n");
    dir.run_small(&[]).ended(0);
    dir.write("truth.csv", "customer id;Account-ID\n30000001;001D000000IRFma\n");
    assert_eq!(as_list(&figures(&dir, &["--complete"])["links"])[..4], [3.0, 1.0, 2.0, 0.0]);
    // of two customers the truth says nothing
    let of = figures(&dir, &[]);
    assert_eq!(as_list(&of["links"])[..4], [1.0, 1.0, 0.0, 0.0]);
    assert_eq!((of["unknown_links"].as_u64(), of["ignored_links"].as_u64()), (Some(2), Some(2)));
}

#[test]
fn the_curve_is_a_picture_of_its_own() {
    let dir = small();
    evaluated(&dir, &["--curve", "curve.svg"]).ended(0);
    let svg = dir.read("curve.svg");
    assert!(svg.starts_with("<svg") && svg.contains("precision") && svg.contains("recall"));
    assert!(!svg.contains("href"), "it needs no other file");
}

#[test]
fn people_get_a_page_of_text() {
    let dir = small();
    let text = evaluated(&dir, &["--show", "1"]).ended(0).stdout;
    let head: Vec<&str> = text.lines().take(6).collect();
    insta::assert_snapshot!(head.join("\n"), @r"
    truth: 7 pairs in truth.csv; links that count neither way: 0

                  links    right    wrong   missed  precision   recall       F1
    all               3        2        1        5     0.6667   0.2857   0.4000
    domain            2        1        1        6     0.5000   0.1429   0.2222
    name              1        1        0        6     1.0000   0.1429   0.2500
    ");
    for part in [
        "Wrong links: 1\n",
        "the customer's account is 001F",
        "Misses: 5\n",
        "never a candidate (lost in blocking)         recall lost 0.2857",
        "Lost in blocking, no pass compared them: 2; the first are (all of them: --errors FILE)",
        "Other misses: 3; the first are",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn what_cannot_be_used_is_refused_with_a_hint() {
    let dir = small();
    dir.write("odd.csv", "ours,theirs\n30000001,001A\n");
    dir.write("empty.csv", "left_id,right_id\n,001A\n");
    std::fs::create_dir(dir.path("nothing")).expect("a folder");
    let told = |truth: &str, run: &str, more: &[&str]| {
        let args = [&["evaluate", "--truth", truth, "--run", run], more].concat();
        let ran = dir.run(&args).ended(1);
        assert_eq!(ran.stdout, "", "{args:?}");
        ran.stderr
    };
    insta::assert_snapshot!(told("odd.csv", "out", &[]), @r"
    error: odd.csv: no column is recognised as the ids of customers or of accounts; it has: ours, theirs
    hint: name them with `--truth-left HEADER --truth-right HEADER`
    ");
    insta::assert_snapshot!(told("odd.csv", "out", &["--truth-left", "ours", "--truth-right", "id"]), @r#"
    error: odd.csv: has no column "id"; it has: ours, theirs
    hint: name a column that the file has with `--truth-left` and `--truth-right`
    "#);
    insta::assert_snapshot!(told("empty.csv", "out", &[]), @r#"
    error: empty.csv: holds no pair in the columns "left_id" and "right_id"
    hint: give a row per true pair: the id of a customer, the id of its account
    "#);
    insta::assert_snapshot!(told("nope.csv", "out", &[]), @r"
    error: nope.csv: no such file
    hint: check the spelling of the path
    ");
    insta::assert_snapshot!(told("truth.csv", "nothing", &[]), @r"
    error: nothing: holds no links.csv
    hint: name the folder with the results of a finished run
    ");
    let named = ["--truth-left", "ours", "--truth-right", "theirs"];
    dir.run(&[&["evaluate", "--truth", "odd.csv", "--run", "out"], &named[..]].concat()).ended(0);
}

#[test]
fn ids_of_another_system_are_pointed_out() {
    let dir = small();
    dir.write("truth.csv", "left_id,right_id\nA-1,001A\nA-2,001B\n");
    let of = figures(&dir, &[]);
    let note = of["notes"][0].as_str().expect("a note");
    assert!(note.contains("\"left_id\"") && note.contains("--truth-left"), "{note}");
}
