//! Which columns of a report are cohorts.

use crate::support::{ACCOUNTS, Workdir};

#[test]
fn a_column_is_a_cohort_when_its_values_are_yes_and_no_and_its_header_is_no_known_flag() {
    let dir = Workdir::with(&[("Accounts.csv", ACCOUNTS)]);
    for (header, cells, cohort) in [
        ("Azure_SQL DW to Azure", ["Yes", "No"], true),
        ("Ready for Copilot", ["yes", ""], true),
        ("Bereit für Copilot", ["Ja", "Nein"], true),
        ("移行対象", ["はい", "いいえ"], true),
        ("D365_AX Customer, No BC/Finance", ["TRUE", "FALSE"], true),
        ("Grouped", ["1", "0"], true),
        ("All ones", ["1", ""], true),
        ("MW_EDU for Surface", ["", ""], true), // a prefix of cohorts suffices where all is blank
        ("Unheard of", ["", ""], false),
        ("Counted", ["1", "2"], false),
        ("Answered", ["Yes", "Perhaps"], false),
        ("HasGoogle", ["Yes", "No"], false),
        ("Existing Workloads", ["1", "1"], false),
        ("Has CoPilot", ["Yes", "No"], false),
        ("WindowsServerStandard_HasOpenRenewal", ["Yes", "No"], false),
        ("AzureUpsellCustomer", ["Yes", "No"], false),
        ("Transacted in the last 36 months", ["Yes", "No"], false),
        ("IsNonprofit", ["Yes", "No"], false),
    ] {
        dir.write(
            "Azure.csv",
            format!(
                "CustomerID,AccountName,Domain,AzureCluster,\"{header}\"\n\
                 40000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Act Now,{}\n\
                 40000002,Vossmoor Logistik GmbH,vossmoor.de,Act Now,{}\n",
                cells[0], cells[1]
            ),
        );
        let inputs = "--reports Azure.csv --crm Accounts.csv --out out";
        let ran = dir.run_match(inputs, &["--cohort", header]);
        let accepted = ran.status == Some(0);
        assert_eq!(accepted, cohort, "{header:?} with {cells:?}: {}", ran.stderr);
        if cohort {
            let customers = dir.table("out/customers.csv");
            let want = if cells[0].is_empty() { "" } else { header };
            assert_eq!(customers.row("40000001")["cohorts"], want, "{header:?}");
            assert_eq!(customers.row("40000002")["cohorts"], "", "{header:?}");
        }
    }
}
