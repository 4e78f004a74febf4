//! `explain` in the cases in which there is no link to explain.

use std::fs;

use crate::summary::program::{Ran, words};

fn ask(customer: &str, account: Option<&str>) -> Vec<String> {
    let mut args = words("explain --run result --customer");
    args.push(customer.into());
    args.extend(account.into_iter().flat_map(|id| ["--account".to_owned(), id.to_owned()]));
    args
}

#[test]
fn a_customer_without_a_candidate_is_told_what_each_pass_looked_for() {
    let ran = Ran::over("salesforce");
    let rows = ran.rows("unmatched.csv");
    let row = rows.iter().find(|row| row["reason"] == "no candidate" && !row["domain"].is_empty());
    let row = row.expect("a customer without candidates");
    let said = ran.run(&ask(&row["customer_id"], None));
    let domain = format!("domain pass: no account has {}", row["domain"]);
    for part in ["Unmatched: no candidate", &domain, "name pass:", "id pass:"] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
}

#[test]
fn a_pair_that_was_no_candidate_is_told_at_which_pass_it_failed() {
    let ran = Ran::over("salesforce");
    let (links, unmatched) = (ran.rows("links.csv"), ran.rows("unmatched.csv"));
    let account = &links[0]["account_id"];
    let customer = unmatched.iter().find(|row| row["reason"] == "no candidate").expect("one");
    let said = ran.run(&ask(&customer["customer_id"], Some(account)));
    for part in [
        "The pair was no candidate of the run:",
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
    let ran = Ran::over("salesforce");
    let customer = &ran.rows("links.csv")[0]["customer_id"];
    for (args, want) in [
        (ask("nobody", None), "error: nobody: no report of the run holds a customer with this id"),
        (ask(customer, Some("nothing")), "error: nothing: no account of the run has this id"),
        (words("explain --run nowhere --customer 1"), "there is no such file"),
    ] {
        let said = ran.fail(&args);
        assert!(said.contains(want) && said.contains("hint: "), "{want:?} is not in\n{said}");
    }
}

#[test]
fn deleted_and_merged_accounts_are_told_apart_from_unknown_ones() {
    let ran = Ran::over_a_copy("salesforce");
    let customer = &ran.rows("links.csv")[0]["customer_id"];
    let text = fs::read_to_string(ran.path("crm/Account.csv")).expect("the accounts");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|header| header == name).expect(name);
    let (id, deleted, master) = (at("Id"), at("IsDeleted"), at("MasterRecordId"));
    let (mut merged_seen, mut deleted_seen) = (0, 0);
    for row in reader.into_records().map(|row| row.expect("a row")) {
        let is_merged = !row[master].is_empty() && !row[master].starts_with("000000000000000");
        let want = match (is_merged, &row[deleted]) {
            (true, _) => "the CRM has merged it into",
            (false, "1") => "the CRM has it as deleted",
            _ => continue,
        };
        *(if is_merged { &mut merged_seen } else { &mut deleted_seen }) += 1;
        let said = ran.run(&ask(customer, Some(&row[id])));
        assert!(said.contains(want), "{want:?} is not in\n{said}");
    }
    assert!(merged_seen > 0 && deleted_seen > 0, "{merged_seen} merged, {deleted_seen} deleted");
}

#[test]
fn files_that_changed_came_or_went_since_the_run_are_named() {
    let ran = Ran::over_a_copy("salesforce");
    let customer = ran.rows("links.csv")[0]["customer_id"].clone();
    let contacts = fs::read_to_string(ran.path("crm/Contact.csv")).expect("the contacts");
    ran.write("crm/Contact.csv", format!("{contacts}\n"));
    fs::remove_file(ran.path("crm/Lead.csv")).expect("removed");
    fs::copy(ran.path("crm/Account.csv"), ran.path("crm/Account2.csv")).expect("copied");
    let said = ran.run(&ask(&customer, None));
    for want in [
        "warning: crm/Contact.csv has changed since the run",
        "warning: crm/Lead.csv is gone since the run",
        "warning: crm/Account2.csv is new since the run",
    ] {
        assert!(said.contains(want), "{want:?} is not in\n{said}");
    }
    fs::rename(ran.path("crm"), ran.path("moved")).expect("moved");
    let said = ran.fail(&ask(&customer, None));
    assert!(said.contains("crm/Account.csv") && said.contains("gone since the run"), "{said}");
}

#[test]
fn a_status_that_is_no_longer_that_of_the_run_is_told() {
    let ran = Ran::over_a_copy("salesforce");
    let link = ran.rows("links.csv").swap_remove(0);
    let verdict = format!(
        "customer_id,account_id,verdict,reviewer,time,seen,note\n{},,none,,,,\n",
        link["customer_id"]
    );
    ran.write("result.verdicts.csv", verdict);
    let said = ran.run(&ask(&link["customer_id"], None));
    let want = format!("warning: the run left it as linked {}", link["account_id"]);
    assert!(said.contains(&want), "{want:?} is not in\n{said}");
    assert!(said.contains("a person said that the CRM has no account for it"), "{said}");
}

#[test]
fn a_run_is_explained_from_any_folder() {
    let ran = Ran::over_a_copy("salesforce");
    let customer = ran.rows("links.csv")[0]["customer_id"].clone();
    let there = ran.path("elsewhere");
    fs::create_dir(&there).expect("a folder");
    let mut args = words("explain --run ../result --customer");
    args.push(customer);
    let said = ran.run_in(&there, &args);
    assert!(said.contains("No file has changed since the run."), "{said}");
    assert!(said.contains("Linked: accepted by"), "{said}");
}
