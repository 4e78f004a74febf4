//! `explain` in the cases in which there is no link to explain.

use std::fs;

use crate::support::{Ran, Workdir, words};

/// A customer that is linked.
fn linked(dir: &Workdir) -> String {
    dir.table("out/links.csv").rows[0]["customer_id"].clone()
}

/// What is said of a customer, or of a pair where `--account` follows.
fn explain(dir: &Workdir, customer: &str) -> Ran {
    dir.run(&words(&format!("explain --run out --customer {customer}")))
}

#[test]
fn a_customer_without_a_candidate_shows_what_each_pass_looked_for() {
    let dir = Workdir::finished();
    let unmatched = dir.table("out/unmatched.csv");
    let mut rows = unmatched.rows.iter();
    let row = rows.find(|row| row["reason"] == "no candidate" && !row["domain"].is_empty());
    let row = row.expect("a customer without candidates");
    let said = explain(&dir, &row["customer_id"]).ended(0).said();
    let domain = format!("domain pass: no account has {}", row["domain"]);
    for part in ["Not in your CRM: no candidate", &domain, "name pass:", "id pass:"] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
}

#[test]
fn a_pair_that_was_no_candidate_shows_at_which_pass_it_failed() {
    let dir = Workdir::finished();
    let (links, unmatched) = (dir.table("out/links.csv"), dir.table("out/unmatched.csv"));
    let account = &links.rows[0]["account_id"];
    let customer = unmatched.rows.iter().find(|row| row["reason"] == "no candidate").expect("one");
    let pair = format!("{} --account {account}", customer["customer_id"]);
    let said = explain(&dir, &pair).ended(0).said();
    for part in [
        "The pair was not a candidate in the run:",
        "domain pass  did not find it:",
        "name pass    did not find it:",
        "id pass      did not find it:",
        "Not linked:",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
}

#[test]
fn what_is_not_there_is_said_to_be_so() {
    let dir = Workdir::finished();
    let pair = format!("{} --account nothing", linked(&dir));
    for (ran, want) in [
        (
            explain(&dir, "nobody"),
            "error: nobody: no report of the run has a customer with this id",
        ),
        (explain(&dir, &pair), "error: nothing: no account of the run has this id"),
        (dir.run(&words("explain --run nowhere --customer 1")), "there is no such file"),
    ] {
        let said = ran.ended(1).said();
        assert!(said.contains(want) && said.contains("hint: "), "{want:?} is not in\n{said}");
    }
}

#[test]
fn deleted_and_merged_accounts_differ_from_unknown_ones() {
    let dir = Workdir::finished();
    let customer = linked(&dir);
    let (mut merged_seen, mut deleted_seen) = (0, 0);
    for row in dir.table("crm/salesforce/Account.csv").rows {
        let master = &row["MasterRecordId"];
        let is_merged = !master.is_empty() && !master.starts_with("000000000000000");
        let want = match (is_merged, &*row["IsDeleted"]) {
            (true, _) => "the CRM has merged it into",
            (false, "1") => "the CRM has it as deleted",
            _ => continue,
        };
        *(if is_merged { &mut merged_seen } else { &mut deleted_seen }) += 1;
        let pair = format!("{customer} --account {}", row["Id"]);
        let said = explain(&dir, &pair).ended(0).said();
        assert!(said.contains(want), "{want:?} is not in\n{said}");
    }
    assert!(merged_seen > 0 && deleted_seen > 0, "{merged_seen} merged, {deleted_seen} deleted");
}

#[test]
fn files_that_changed_came_or_went_since_the_run_are_named() {
    let dir = Workdir::finished();
    let customer = linked(&dir);
    let crm = dir.path("crm/salesforce");
    let contacts = dir.read("crm/salesforce/Contact.csv");
    dir.write("crm/salesforce/Contact.csv", format!("{contacts}\n"));
    fs::remove_file(crm.join("Lead.csv")).expect("removed");
    fs::copy(crm.join("Account.csv"), crm.join("Account2.csv")).expect("copied");
    let said = explain(&dir, &customer).ended(0).said();
    for want in [
        "warning: crm/salesforce/Contact.csv has changed since the run",
        "warning: crm/salesforce/Lead.csv is gone since the run",
        "warning: crm/salesforce/Account2.csv is new since the run",
    ] {
        assert!(said.contains(want), "{want:?} is not in\n{said}");
    }
    fs::rename(crm, dir.path("moved")).expect("moved");
    let said = explain(&dir, &customer).ended(1).said();
    assert!(said.contains("crm/salesforce/Account.csv"), "{said}");
    assert!(said.contains("gone since the run"), "{said}");
}

#[test]
fn a_status_that_differs_from_that_of_the_run_is_named() {
    let dir = Workdir::finished();
    let link = dir.table("out/links.csv").rows.swap_remove(0);
    let verdict = format!(
        "customer_id,account_id,verdict,reviewer,time,seen,note\n{},,none,,,,\n",
        link["customer_id"]
    );
    dir.write("out.verdicts.csv", verdict);
    let said = explain(&dir, &link["customer_id"]).ended(0).said();
    let want = format!("warning: in the run it was linked {}", link["account_id"]);
    assert!(said.contains(&want), "{want:?} is not in\n{said}");
    assert!(said.contains("you decided: no account"), "{said}");
}

#[test]
fn a_run_is_explained_from_any_folder() {
    let dir = Workdir::finished();
    let args = ["explain", "--run", "../out", "--customer", &linked(&dir)];
    let ran = Ran::of(dir.command(&args).current_dir(dir.path("reports")).output());
    let said = ran.ended(0).said();
    assert!(said.contains("No file has changed since the run."), "{said}");
    assert!(said.contains("Linked: accepted by"), "{said}");
}
