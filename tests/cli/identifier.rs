//! Microsoft's ids and D-U-N-S numbers against the columns of the CRM.

use crate::support::Workdir;

/// Runs customers against accounts, each given as the rows below their headers.
fn run(customers: &str, accounts: &str) -> Workdir {
    let dir = Workdir::new();
    dir.write(
        "Azure.csv",
        format!("CustomerID,AccountName,Domain,CustomerTpid,DUNS,AzureCluster\n{customers}"),
    );
    dir.write(
        "Accounts.csv",
        format!(
            "Account ID,Account Name,Website,TPID,Microsoft Customer ID,DUNS Number\n{accounts}"
        ),
    );
    dir.run_match("--reports Azure.csv --crm Accounts.csv --out out", &[]).ended(0);
    dir
}

/// Status, reason where it is a review, and accounts of each customer.
fn outcome(dir: &Workdir) -> Vec<String> {
    let customers = dir.table("out/customers.csv");
    let told = customers.rows.iter().map(|row| match row["status"].as_str() {
        "linked" => format!("linked {}", row["account_ids"]),
        "review" => format!("review {}", row["reason"]),
        status => status.to_owned(),
    });
    told.collect()
}

/// Rows that make the report and the CRM large enough for numbers and words to mean something.
const OTHERS: &str =
    "A90,Gopherling Signage,gopherling.example,,,\nA91,Possum Creek Dental Lab,possum.example,,,\n";

#[test]
fn a_customer_id_is_compared_with_the_tpid_column_of_the_crm() {
    for (customer, account, pass) in [
        // the customer's own id in the column that the CRM calls TPID, the names of no help
        (
            "30048261,Brackenfold Holdings Ltd,,,,Act Now",
            "A1,Kd. 4471 (Migration),,30048261,,",
            "id",
        ),
        (
            "30048261,Brackenfold Holdings Ltd,,,,Act Now",
            "A1,Kd. 4471 (Migration),,,30048261,",
            "id",
        ),
        (
            "30048261,Brackenfold Holdings Ltd,,,,Act Now",
            "A1,Kd. 4471 (Migration),,30048261.0,,",
            "id",
        ),
        // the number of the top parent, which one customer only holds
        (
            "30048261,Ottergau Beteiligungs AG,,88120733,,Act Now",
            "A1,Zentrallager Nord II,,88120733,,",
            "id",
        ),
        (
            "30048261,Fennelgate Surgical Inc,,,93-172-6540,Act Now",
            "A1,FGS Medical Supplies,,,,931726540",
            "id",
        ),
        ("30048261,Quastenberg Hydraulik,,,7311131,Act Now", "A1,Altkunde QH,,,,007311131", "id"),
    ] {
        let dir = run(&format!("{customer}\n"), &format!("{account}\n{OTHERS}"));
        assert_eq!(outcome(&dir), ["linked A1"], "{customer} and {account}");
        let links = dir.table("out/links.csv");
        assert_eq!(links.column("pass"), [pass], "{customer} and {account}");
        assert_eq!(links.column("id_level"), ["agrees"], "{customer} and {account}");
    }
}

#[test]
fn a_tenant_id_links_in_any_spelling() {
    let dir = run(
        "660ec8f6-c62a-4bce-a759-fae00e9309cf,Whinstone Crag Quarries Ltd,,,,Act Now\n",
        &format!("A1,Aggregates customer 12,,,{{660EC8F6-C62A-4BCE-A759-FAE00E9309CF}},\n{OTHERS}"),
    );
    assert_eq!(outcome(&dir), ["linked A1"]);
}

#[test]
fn one_number_on_several_customers_proves_the_family_only() {
    let dir = run(
        "30048261,Seilpark Murgelwand GmbH,,88120500,,Act Now\n30048262,Gasthof Murmelstein,,88120500,,Act Now\n",
        &format!("A1,Bergbahnen Holding,,88120500,,\n{OTHERS}"),
    );
    assert_eq!(outcome(&dir), ["review family", "review family"]);
}

#[test]
fn one_number_on_several_accounts_that_are_no_duplicates_is_a_tie() {
    let dir = run(
        "30048261,Umberquist Capital LLC,,88120700,,Act Now\n",
        &format!(
            "A1,Mill Creek warehouse,,88120700,,\nA2,Portfolio office east,,88120700,,\n{OTHERS}"
        ),
    );
    assert_eq!(outcome(&dir), ["review tie"]);
}

#[test]
fn empty_and_placeholder_numbers_link_nothing() {
    for number in ["", "0", "123456", "999999999", "N/A", "-", "#N/A", "NULL"] {
        let dir = run(
            &format!("30048261,Ottergau Beteiligungs AG,,{number},{number},Act Now\n"),
            &format!("A1,Zentrallager Nord II,,{number},{number},{number}\n{OTHERS}"),
        );
        assert_eq!(outcome(&dir), ["unmatched"], "number: {number:?}");
    }
}

#[test]
fn numbers_of_another_shape_are_not_compared() {
    let dir = run(
        "93172654,Ottergau Beteiligungs AG,,,,Act Now\n",
        &format!("A1,Zentrallager Nord II,,,,93172654\n{OTHERS}"),
    );
    assert_eq!(outcome(&dir), ["unmatched"], "a customer id is no D-U-N-S number");
}

#[test]
fn a_number_with_its_thousands_parted_is_one_number_on_both_sides() {
    for (report, crm) in [("\"88,120,733\"", "88120733"), ("88120733", "\"88,120,733\"")] {
        let dir = run(
            &format!("30048261,Ottergau Beteiligungs AG,,{report},,Act Now\n"),
            &format!("A1,Zentrallager Nord II,,{crm},,\n{OTHERS}"),
        );
        assert_eq!(outcome(&dir), ["linked A1"], "{report} and {crm}");
    }
}

#[test]
fn a_cell_with_letters_holds_no_duns_number_on_either_side() {
    for (report, crm) in [("HRB 9317265", "9317265"), ("9317265", "HRB 9317265")] {
        let dir = run(
            &format!("30048261,Fennelgate Surgical Inc,,,{report},Act Now\n"),
            &format!("A1,Kd. 4471 (Migration),,,,{crm}\n{OTHERS}"),
        );
        assert_eq!(outcome(&dir), ["unmatched"], "{report} and {crm}");
    }
}

#[test]
fn a_contact_without_a_known_id_of_its_account_is_joined_by_a_name_that_one_account_has() {
    let dir = Workdir::small();
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Account Name,Last Name,Email,Email Opt Out\n\
         003A,,QUELLBRINK  Werkzeugbau,Ahrens,ann@quellbrink.de,0\n\
         003B,001B,Quellbrink Werkzeugbau,Bohm,bea@vossmoor.de,0\n\
         003C,001X,Quellbrink Werkzeugbau,Cohn,cleo@quellbrink.de,0\n\
         003D,,Autohaus Brommelkamp GmbH,Dorn,dora@brommelkamp.de,0\n",
    );
    let told = dir.run_small(&["--json"]).ended(0).json();
    let contacts = dir.table("out/contacts.csv");
    let joined = [("003A", "001A"), ("003C", "001A"), ("003B", "001B")];
    assert_eq!(contacts.pairs("contact_id", "account_id"), joined);
    assert_eq!(told["results"]["contacts"]["account_unclear"], 1, "a name that two bear");
}
