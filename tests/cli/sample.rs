//! What becomes of every customer and contact of `samples/`, against `samples/*.csv` here.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Table, Workdir};

/// The CRMs of the samples: folder and name.
const CRMS: [(&str, &str); 3] =
    [("crm/salesforce", "salesforce"), ("crm/dynamics", "dynamics"), ("crm/hubspot", "hubspot")];

/// The number that the account of an id has in all three CRMs.
fn account_numbers(dir: &Workdir, crm: &str) -> BTreeMap<String, String> {
    let (accounts, number) = match crm {
        "salesforce" => (dir.table("crm/salesforce/Account.csv"), "AccountNumber"),
        "dynamics" => (Table::of_sheet(&dir.sheet("crm/dynamics/Accounts.xlsx")), "Kundennummer"),
        _ => {
            let file = "crm/hubspot/hubspot-crm-exports-all-companies-2026-11-20.csv";
            (dir.table(file), "ERP number")
        }
    };
    let pairs = accounts.pairs(&accounts.headers[0], number).into_iter();
    pairs.map(|(id, number)| (id.to_owned(), number.to_owned())).collect()
}

/// The links of a run, by account number, one entry per customer.
fn links(dir: &Workdir, out: &str, crm: &str) -> BTreeMap<String, BTreeSet<String>> {
    let numbers = account_numbers(dir, crm);
    let mut links: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (customer, account) in
        dir.table(&format!("{out}/links.csv")).pairs("customer_id", "account_id")
    {
        links.entry(customer.to_owned()).or_default().insert(numbers[account].clone());
    }
    links
}

#[test]
fn each_sample_customer_ends_as_meant() {
    let dir = Workdir::finished();
    let (customers, links) = (dir.table("out/customers.csv"), links(&dir, "out", "salesforce"));
    let meant = Table::of(include_str!("samples/customers.csv"));
    let mut wrong = Vec::new();
    for want in &meant.rows {
        let got = customers.row(&want["customer_id"]);
        let told = match got["status"].as_str() {
            "review" | "excluded" => format!("{}: {}", got["status"], got["reason"]),
            "linked" => {
                let numbers: Vec<&str> =
                    links[&want["customer_id"]].iter().map(String::as_str).collect();
                format!("linked: {}", numbers.join("; "))
            }
            status => status.to_owned(),
        };
        let accepted = match want["status"].as_str() {
            "review" | "excluded" => format!("{}: {}", want["status"], want["reason"]),
            "linked" => format!("linked: {}", want["account_numbers"]),
            status => status.to_owned(),
        };
        if told != accepted && told != want["also"] {
            wrong.push(format!(
                "{} {}: {told}, meant {accepted} ({})",
                want["customer_id"], want["customer_name"], want["why"]
            ));
        }
    }
    let unmatched = dir.table("out/unmatched.csv");
    for want in &meant.rows {
        if let Some(nearest) = want["why"].strip_prefix("nearest: ") {
            assert_eq!(unmatched.row(&want["customer_id"])["nearest_account_name"], nearest);
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), meant.rows.len(), wrong.join("\n"));
    assert_eq!(customers.rows.len(), meant.rows.len(), "no customer but these");
}

#[test]
fn the_three_exports_of_one_crm_give_the_same_links() {
    let dir = Workdir::samples();
    let mut first: Option<BTreeMap<String, BTreeSet<String>>> = None;
    for (folder, crm) in CRMS {
        dir.run_samples(folder, crm, &[]);
        let links = links(&dir, crm, crm);
        match &first {
            None => first = Some(links),
            Some(salesforce) => assert_eq!(&links, salesforce, "{crm}, then salesforce"),
        }
    }
}

#[test]
fn each_sample_contact_ends_as_meant() {
    let dir = Workdir::samples();
    let meant = Table::of(include_str!("samples/contacts.csv"));
    let mut wrong = Vec::new();
    for (folder, crm) in CRMS {
        dir.run_samples(folder, crm, &[]);
        let listed = dir.table(&format!("{crm}/contacts.csv"));
        let listed: BTreeSet<&str> = listed.column("contact_id").into_iter().collect();
        let suppressed = dir.table(&format!("{crm}/suppressed.csv"));
        let suppressed: BTreeMap<&str, &str> =
            suppressed.pairs("contact_id", "reason").into_iter().collect();
        for want in meant.rows.iter().filter(|row| row["crm"] == crm) {
            let id = want["contact_id"].as_str();
            let accepted = match want["status"].as_str() {
                "listed" => "listed".to_owned(),
                "suppressed" => format!("suppressed: {}", want["reason"]),
                _ => "left out".to_owned(),
            };
            let told = match (listed.contains(id), suppressed.get(id)) {
                (true, None) => "listed".to_owned(),
                (false, Some(reason)) => format!("suppressed: {reason}"),
                (false, None) => "left out".to_owned(),
                (true, Some(reason)) => format!("listed and suppressed: {reason}"),
            };
            if told != accepted {
                let (number, why) = (&want["account_number"], &want["why"]);
                wrong.push(format!("{crm} {id} of {number}: {told}, meant {accepted} ({why})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), meant.rows.len(), wrong.join("\n"));
}

#[test]
fn the_totals_of_the_summary_are_the_rows_of_the_files() {
    let dir = Workdir::finished();
    let results = &dir.summary("out")["results"];
    let count = |what: &str, status: &str| results[what][status].as_u64().expect(status) as usize;
    let rows = |file: &str| dir.table(&format!("out/{file}")).rows.len();
    let customers = dir.table("out/customers.csv");
    for status in ["linked", "review", "unmatched", "excluded"] {
        let found = customers.column("status").iter().filter(|cell| **cell == status).count();
        assert_eq!(count("customers", status), found, "{status}");
        assert!(found > 0, "the samples hold a customer that is {status}");
    }
    assert_eq!(count("customers", "unmatched"), rows("unmatched.csv"));
    assert_eq!(count("contacts", "listed"), rows("contacts.csv"));
    assert_eq!(count("contacts", "suppressed"), rows("suppressed.csv"));
    let sum = |what: &str| -> u64 {
        let of = results[what].as_object().expect("an object");
        of.values().map(|value| value.as_u64().expect("a whole number")).sum()
    };
    assert_eq!(sum("accounts"), dir.table("crm/salesforce/Account.csv").rows.len() as u64);
    assert_eq!(sum("contacts"), dir.table("crm/salesforce/Contact.csv").rows.len() as u64);
    assert_eq!(sum("customers"), customers.rows.len() as u64);
    assert_eq!(sum("passes"), count("customers", "linked") as u64, "each linked customer once");
}

#[test]
fn every_file_is_written_with_the_columns_of_the_contract() {
    let dir = Workdir::finished();
    for (file, first) in [
        (
            "customers.csv",
            "customer_id,customer_name,domain,status,reason,account_ids,account_owner,best_cluster,clusters,cohorts,contacts_listed,contacts_suppressed,next_agreement_end,expiring_revenue",
        ),
        (
            "contacts.csv",
            "contact_id,account_id,customer_id,first_name,last_name,email,email_permission,phone,job_title,account_name,customer_name,best_cluster,clusters,cohorts,next_agreement_end,expiring_revenue,org_size,sub_segment,industry,vertical,city,country,pass,similarity,cluster_",
        ),
        (
            "links.csv",
            "customer_id,customer_name,account_id,account_name,pass,similarity,decided_by,reason,domain_level,name_level,id_level,place_level,duplicate_group,runner_up_account_id,runner_up_similarity,explanation",
        ),
        (
            "review.csv",
            "customer_id,customer_name,customer_domain,customer_city,customer_country,reason,rank,account_id,account_name,account_domain,account_city,account_country,pass,similarity,domain_level,name_level,id_level,place_level,best_cluster,cohorts,explanation,seen,verdict,note",
        ),
        (
            "unmatched.csv",
            "customer_id,customer_name,domain,city,country,reason,best_cluster,cohorts,nearest_account_id,nearest_account_name,nearest_similarity,nearest_explanation",
        ),
        (
            "agreements.csv",
            "agreement_id,customer_id,customer_name,account_ids,account_owner,end_date,program,product,expiration_type,expiring_revenue",
        ),
        ("suppressed.csv", "contact_id,account_id,reason,decided_by_record"),
        ("problems.csv", "file,line,column,problem"),
    ] {
        let text = dir.read(&format!("out/{file}"));
        let header = text.lines().next().expect("a header");
        assert!(header.starts_with(first), "{file}: {header}");
        assert!(text.ends_with('\n') && !text.contains('\r'), "{file}: line ends");
    }
    for file in ["customers.xlsx", "contacts.xlsx", "review.xlsx", "settings.toml", "summary.json"]
    {
        assert!(dir.holds(&format!("out/{file}")), "{file}");
    }
}

#[test]
fn messages_and_problems_show_no_cell_of_a_person() {
    let dir = Workdir::samples();
    let ran = dir.run_samples("crm/salesforce", "out", &["--json"]);
    let told = [ran.stdout, ran.stderr, dir.read("out/problems.csv"), dir.read("out/summary.json")];
    let contacts = dir.table("crm/salesforce/Contact.csv");
    for header in ["Email", "LastName", "Phone"] {
        let cells = contacts.column(header);
        // short or common words may stand in a message by themselves
        for cell in cells.into_iter().filter(|cell| cell.chars().count() > 7) {
            let shown = told.iter().find(|text| text.contains(cell));
            assert_eq!(shown, None, "{header}");
        }
    }
}

#[test]
fn owners_are_named_where_the_users_are_at_hand() {
    let dir = Workdir::finished();
    let customers = dir.table("out/customers.csv");
    let owners = customers.column("account_owner");
    assert!(owners.contains(&"Torben Lührsdorp"), "{owners:?}");
    assert!(owners.iter().all(|owner| !owner.starts_with("005")), "{owners:?}");
}
