//! Evidence that contradicts itself: equal domains, names alone, and what speaks against them.

use crate::workdir::Workdir;

/// Runs customers against accounts and contacts, each given as the rows below their headers.
fn run(customers: &str, accounts: &str, contacts: &str) -> Workdir {
    let dir = Workdir::new();
    for (file, header, rows) in [
        (
            "Azure.csv",
            "CustomerID,AccountName,Domain,City,PostalCode,Country,AzureCluster",
            customers,
        ),
        (
            "Accounts.csv",
            "Account ID,Account Name,Website,Billing City,Billing Zip/Postal Code,Billing Country",
            accounts,
        ),
        ("Contacts.csv", "Contact ID,Account ID,Last Name,Email,Email Opt Out", contacts),
    ] {
        dir.write(file, format!("{header}\n{rows}"));
    }
    let crm = ["--crm", "Accounts.csv", "Contacts.csv"];
    let out = ["--out", "out", "--as-of", "2026-11-21"];
    dir.run(&[&["match", "--reports", "Azure.csv"][..], &crm, &out].concat()).ended(0);
    dir
}

#[test]
fn a_domain_links_in_spite_of_a_stray_address_and_of_a_namesake_elsewhere() {
    for (what, customer, accounts, contact) in [
        (
            "somebody of the customer stands under a stranger",
            "40000001,Rosenquell Consulting GmbH,rosenquell-consulting.de,Ulm,89073,Germany,Act Now",
            "A1,Rosenquell Consulting GmbH,,Ulm,89073,Germany\n\
             A2,Memarax Speditions AG,memarax.de,Kiel,24103,Germany\n",
            "C1,A2,Ahrens,ann@rosenquell-consulting.de,0\n",
        ),
        (
            "the name is romanised, and a namesake has another domain and place",
            "40000001,株式会社灯台岬物流,todaimisaki.co.jp,神戸,650-0001,Japan,Act Now",
            "A1,Todaimisaki Butsuryu K.K.,todaimisaki.co.jp,神戸,650-0001,Japan\n\
             A2,灯台岬物流,hokutodai.co.jp,札幌,,Japan\n",
            "C1,A2,Mori,mori@hokutodai.co.jp,0\n",
        ),
    ] {
        let dir = run(customer, accounts, contact);
        let row = dir.table("out/customers.csv").row("40000001").clone();
        assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "A1"), "{what}: {row:?}");
    }
}

#[test]
fn of_a_domain_that_many_share_the_name_finds_the_customer_and_the_summary_tells_of_it() {
    let words = ["Amsel", "Birke", "Distel", "Eiche", "Falke", "Ginster", "Habicht"];
    let name = |at: usize| format!("{}{} Werk GmbH", words[at % 7], words[at / 7].to_lowercase());
    let of = |count: usize| -> String {
        let customer =
            |at| format!("4000{at:04},{},sammelkonzern.de,Ulm,89073,Germany,Act Now\n", name(at));
        (0..count).map(customer).collect()
    };
    for (count, told) in [(16, false), (40, true)] {
        let last = count - 1;
        let account = format!("A1,{},sammelkonzern.de,Ulm,89073,Germany\n", name(last));
        let dir = run(&of(count), &account, "C1,A1,Ahrens,ann@sammelkonzern.de,0\n");
        let row = dir.table("out/customers.csv").row(&format!("4000{last:04}")).clone();
        assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "A1"), "{count}: {row:?}");
        let summary = std::fs::read_to_string(dir.path("out/summary.json")).unwrap();
        assert_eq!(summary.contains("held by more than 16 customers"), told, "{count}");
    }
}

#[test]
fn a_name_alone_does_not_make_up_for_another_state() {
    for (state, status) in [("CA", "linked"), ("", "linked"), ("TX", "review")] {
        let dir = Workdir::new();
        dir.write(
            "Azure.csv",
            "CustomerID,AccountName,Domain,City,State,Country,AzureCluster\n\
             40000001,Tarnbrook Supplies Inc,tarnbrook-supplies.com,Fresno,CA,US,Act Now\n",
        );
        dir.write(
            "Accounts.csv",
            format!(
                "Account ID,Account Name,Billing State,Billing Country\n\
                 A1,Tarnbrook Supplies Inc,{state},US\n"
            ),
        );
        let inputs = ["match", "--reports", "Azure.csv", "--crm", "Accounts.csv"];
        dir.run(&[&inputs[..], &["--out", "out", "--as-of", "2026-11-21"]].concat()).ended(0);
        assert_eq!(dir.table("out/customers.csv").row("40000001")["status"], status, "{state}");
    }
}
