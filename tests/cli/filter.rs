//! Filters choose who is listed; links and statuses of customers stay as they are.

use crate::support::Workdir;

const M365: &str = "\
CustomerID,AccountName,Domain,Country,City,OrgSize,Has CoPilot,M365Cluster,AzureCluster,MW_Teams Phone
40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Germany,Ulm,40,Yes,Act Now,Educate,Yes
40000002,Vossmoor Logistik GmbH,vossmoor.de,Germany,Kiel,400,No,Educate,Act Now,No
40000003,Tournesac SAS,tournesac.fr,France,Lille,12,No,Evaluate,Nurture,Yes
40000004,Grandpuisat SARL,grandpuisat.fr,France,Paris,12,Yes,Nurture,Nurture,
";

const ACCOUNTS: &str = "\
Account ID,Account Name,Website
001A,Quellbrink Werkzeugbau,quellbrink.de
001B,Vossmoor Logistik,vossmoor.de
001C,Tournesac,tournesac.fr
001D,Grandpuisat,grandpuisat.fr
";

const CONTACTS: &str = "\
Contact ID,Account ID,Last Name,Email,Email Opt Out
003A,001A,Ahrens,ann@quellbrink.de,0
003B,001B,Bohm,bea@vossmoor.de,0
003C,001C,Colin,cleo@tournesac.fr,0
003D,001D,Dupin,dora@grandpuisat.fr,0
";

#[test]
fn each_filter_lists_the_customers_that_it_names() {
    let dir = Workdir::with(&[
        ("M365.csv", M365),
        ("Accounts.csv", ACCOUNTS),
        ("Contacts.csv", CONTACTS),
    ]);
    let run = |filter: &[&str]| {
        let inputs = "--reports M365.csv --crm Accounts.csv Contacts.csv --out out";
        dir.run_match(inputs, filter).ended(0);
        let listed: Vec<String> = dir
            .table("out/contacts.csv")
            .column("contact_id")
            .into_iter()
            .map(str::to_owned)
            .collect();
        (
            listed,
            dir.read("out/links.csv"),
            dir.table("out/customers.csv").column("status").join(" "),
        )
    };
    let (listed, links, statuses) = run(&[]);
    assert_eq!(listed, ["003A", "003B", "003C"], "Act Now and Evaluate in any area");
    assert_eq!(statuses, "linked linked linked linked");
    for (filter, want) in [
        (&["--cluster", "Act Now"][..], &["003A", "003B"][..]),
        (&["--cluster", "nurture"], &["003C", "003D"]),
        (&["--cluster", "Act Now,Nurture"], &["003A", "003B", "003C", "003D"]),
        (&["--solution-area", "M365"], &["003A", "003C"]),
        // cluster and area must hold in the same area
        (&["--solution-area", "Azure", "--cluster", "Act Now"], &["003B"]),
        (&["--solution-area", "azure", "--cluster", "Educate"], &["003A"]),
        (&["--solution-area", "M365,Azure", "--cluster", "Nurture"], &["003C", "003D"]),
        (&["--cohort", "MW_Teams Phone"], &["003A", "003C"]),
        (&["--country", "Germany"], &["003A", "003B"]),
        (&["--country", "FR"], &["003C"]),
        (&["--country", "Deutschland,Frankreich"], &["003A", "003B", "003C"]),
        (&["--where", "City=Ulm,Lille"], &["003A", "003C"]),
        (&["--where", "Has CoPilot=Yes"], &["003A"]),
        (&["--cluster", "Jetzt handeln"], &["003A", "003B"]),
        (&["--cohort", "mw teams phone"], &["003A", "003C"]),
        // the word of a field does for its header
        (&["--where", "size=400"], &["003B"]),
        (&["--where", "size=25-299"], &["003A"]),
        // derived, as the report prints none
        (&["--where", "sub-segment=Upper medium"], &["003B"]),
        (&["--where", "Sub Segment=Small / very small"], &["003C"]),
        (&["--where", "City=Ulm", "--where", "OrgSize=400"], &[]),
        (&["--where", "City=Ulm", "--where", "OrgSize=40"], &["003A"]),
        (&["--require-consent"], &[]), // no denial is not yet a consent
    ] {
        let (listed, links_now, statuses_now) = run(filter);
        assert_eq!(listed, want, "filter: {filter:?}");
        assert_eq!((links_now, statuses_now), (links.clone(), statuses.clone()), "{filter:?}");
    }
}

#[test]
fn a_condition_may_ask_for_a_value_that_holds_a_comma() {
    let dir = Workdir::with(&[
        (
            "Azure.csv",
            "CustomerID,AccountName,Domain,AzureCluster,MPNID,Azure Potential Revenue\n\
             40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Act Now,1,\"10,000 - 20,000\"\n\
             40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Act Now,2,\"10,000 - 20,000\"\n\
             40000002,Vossmoor Logistik GmbH,vossmoor.de,Act Now,1,10\n",
        ),
        ("Accounts.csv", ACCOUNTS),
        ("Contacts.csv", CONTACTS),
    ]);
    for (condition, want) in [
        ("Azure Potential Revenue=10,000 - 20,000", &["003A", "003B"][..]), // 10 is one of the two
        ("azurepotentialrevenue=10", &["003B"]),
        ("MPNID=2", &["003A"]), // one of several
    ] {
        dir.run_small(&["--where", condition]).ended(0);
        assert_eq!(dir.table("out/contacts.csv").column("contact_id"), want, "{condition}");
    }
}

#[test]
fn without_any_cluster_column_all_linked_customers_are_listed_and_the_run_says_so() {
    let dir = Workdir::with(&[
        (
            "Azure.csv",
            "CustomerID,AccountName,Domain\n40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de\n",
        ),
        ("Accounts.csv", ACCOUNTS),
        ("Contacts.csv", CONTACTS),
    ]);
    let ran = dir.run_small(&[]).ended(0);
    assert!(ran.stdout.contains("note: No report has a cluster column"), "{}", ran.stdout);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003A"]);
}

#[test]
fn derived_clusters_are_marked_and_listed_only_when_asked_for() {
    let dir = Workdir::with(&[
        (
            "Azure.csv",
            "CustomerID,AccountName,Domain,AzureCluster,AzureFit,AzureIntent\n40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,,90,80\n40000002,Vossmoor Logistik GmbH,vossmoor.de,Act Now,,\n",
        ),
        ("Accounts.csv", ACCOUNTS),
        ("Contacts.csv", CONTACTS),
    ]);
    dir.run_small(&[]).ended(0);
    let row = dir.table("out/customers.csv").row("40000001").clone();
    assert_eq!((&*row["clusters"], &*row["best_cluster"]), ("Azure: Act Now (derived)", ""));
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003B"]);
    dir.run_small(&["--derived"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003A", "003B"]);
    assert_eq!(dir.table("out/customers.csv").row("40000001")["best_cluster"], "Act Now (derived)");
}
