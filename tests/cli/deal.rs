//! Deals: found in each CRM's exports, and who is in the middle of one.

use crate::support::{ACCOUNTS, CONTACTS, Ran, Workdir, workbook_of};

/// The small files, and deals as a system exports them.
fn with_deals(name: &str, text: &str) -> Workdir {
    let dir = Workdir::small();
    dir.write(&format!("crm/{name}"), text);
    for file in ["Accounts.csv", "Contacts.csv"] {
        dir.write(&format!("crm/{file}"), dir.read(file));
    }
    dir
}

fn run(dir: &Workdir, more: &[&str]) -> Ran {
    dir.run_match("--reports Azure.csv --crm crm --out out", more).ended(0)
}

/// The deals of the customers that have one, as `customers.csv` says it.
fn deals_of_customers(dir: &Workdir) -> Vec<(String, String)> {
    let customers = dir.table("out/customers.csv");
    let rows = customers.rows.iter().filter(|row| !row["deal"].is_empty());
    rows.map(|row| (row["customer_id"].clone(), row["deal"].clone())).collect()
}

/// What a file was read as.
fn kind(dir: &Workdir, file: &str) -> String {
    let summary = dir.summary("out");
    let inputs = summary["inputs"].as_array().expect("inputs");
    let input = inputs.iter().find(|input| input["file"] == file).expect(file);
    input["kind"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn deals_of_each_crm_are_found_by_themselves() {
    // 1: open; 2: won lately; 3: lost; all of the first account
    for (name, text) in [
        (
            "Opportunity.csv",
            "\"Id\",\"IsDeleted\",\"AccountId\",\"Name\",\"StageName\",\"Amount\",\"CloseDate\",\"IsClosed\",\"IsWon\",\"CreatedDate\"\n\
             006A,0,001A,Azure,Prospecting,5,2026-12-01,0,0,2026-10-04T09:00:00.000Z\n\
             006B,0,001A,Azure,Closed Won,5,2026-11-01,1,1,2026-09-04T09:00:00.000Z\n\
             006C,0,001A,Azure,Closed Lost,5,2026-11-02,1,0,2026-10-05T09:00:00.000Z\n\
             006D,1,001A,Azure,Prospecting,5,2026-12-01,0,0,2026-11-04T09:00:00.000Z\n",
        ),
        (
            "report1.csv",
            "Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Created Date,Amount Currency,Amount\n\
             a,x,Quellbrink Werkzeugbau,Negotiation/Review,12/1/2026,10/4/2026,EUR,5\n\
             b,x,Quellbrink Werkzeugbau,Closed Won,11/13/2026,9/4/2026,EUR,5\n\
             c,x,Quellbrink Werkzeugbau,Closed Lost,11/2/2026,10/5/2026,EUR,5\n",
        ),
        (
            "Verkaufschancen.csv",
            "(Nicht ändern) Verkaufschance;(Nicht ändern) Zeilenprüfsumme;(Nicht ändern) Geändert am;Thema;Potenzieller Kunde;Status;Statusgrund;Gesch. Abschlussdatum;Tats. Abschlussdatum;Erstellt am;Gesch. Umsatz\n\
             g1;x;01.10.2026;Azure;Quellbrink Werkzeugbau;Offen;In Bearbeitung;01.12.2026;;04.10.2026;1.200,50\n\
             g2;x;01.10.2026;Azure;Quellbrink Werkzeugbau;Gewonnen;Gewonnen;01.12.2026;01.11.2026;04.09.2026;5\n\
             g3;x;01.10.2026;Azure;Quellbrink Werkzeugbau;Verloren;Storniert;01.12.2026;02.11.2026;05.10.2026;5\n",
        ),
        (
            "opportunities.csv",
            "opportunityid,name,_parentaccountid_value,statecode,estimatedclosedate,actualclosedate,createdon,estimatedvalue\n\
             g1,x,001A,0,2026-12-01,,2026-10-04,5\n\
             g2,x,001A,1,2026-12-01,2026-11-01,2026-09-04,5\n\
             g3,x,001A,2,2026-12-01,2026-11-02,2026-10-05,5\n",
        ),
        (
            "hubspot-crm-exports-all-deals.csv",
            "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Associated Company IDs,Associated Contact\n\
             1,x,Contract sent (Sales Pipeline),2026-12-01 10:00,2026-10-04 10:00,5,001A;001Z,Ada Lund\n\
             2,x,Closed won (Sales Pipeline),2026-11-01 10:00,2026-09-04 10:00,5,001A,\n\
             3,x,Closed lost (Sales Pipeline),2026-11-02 10:00,2026-10-05 10:00,5,001A,\n",
        ),
        (
            "Opportunités.csv",
            "Sujet;Client potentiel;Créé le;Date de fermeture réelle;Statut;Raison du statut;Revenu estimé;Devise\n\
             Azure;Quellbrink Werkzeugbau;04/10/2026;;Ouverte;En cours;5;Euro\n\
             Azure;Quellbrink Werkzeugbau;04/09/2026;13/11/2026;Conclue;Gagnée;5;Euro\n\
             Azure;Quellbrink Werkzeugbau;05/10/2026;02/11/2026;Perdue;Annulée;5;Euro\n",
        ),
        (
            "pipeline.csv",
            "Company;Deal;Opened;Closed;Stage;Value\n\
             Quellbrink Werkzeugbau;Azure;2026-10-04;;75 %;5\n\
             Quellbrink Werkzeugbau;Azure;2026-09-04;2026-11-01;100 %;5\n\
             Quellbrink Werkzeugbau;Azure;2026-10-05;2026-11-02;lost;5\n",
        ),
        (
            "Deals_2026.csv",
            "Record Id,Deal Owner.id,Deal Name,Amount,Stage,Closing Date,Account Name.id,Account Name,Contact Name.id,Contact Name,Created Time\n\
             zcrm_1,zcrm_9,x,5,Qualification,2026-12-01,001A,Quellbrink Werkzeugbau,zcrm_7,Ada Lund,2026-10-04 09:00:00\n\
             zcrm_2,zcrm_9,x,5,Closed Won,2026-11-01,001A,Quellbrink Werkzeugbau,,,2026-09-04 09:00:00\n\
             zcrm_3,zcrm_9,x,5,Closed Lost to Competition,2026-11-02,001A,Quellbrink Werkzeugbau,,,2026-10-05 09:00:00\n",
        ),
        (
            "deals-1.csv",
            "Deal - ID,Deal - Title,Deal - Organization,Deal - Status,Deal - Value,Deal - Won time,Deal - Lost time,Deal - Deal created,Deal - Expected close date,Person - Name\n\
             1,x,Quellbrink Werkzeugbau,Open,5,,,2026-10-04,2026-12-01,Ada Lund\n\
             2,x,Quellbrink Werkzeugbau,Won,5,2026-11-01,,2026-09-04,,\n\
             3,x,Quellbrink Werkzeugbau,Lost,5,,2026-11-02,2026-10-05,,\n",
        ),
        (
            "sales.csv",
            "deal;account id;created;closed;status;amount\n\
             1;001A;04.10.2026;;open;5\n2;001A;04.09.2026;01.11.2026;won;5\n3;001A;05.10.2026;02.11.2026;lost;5\n",
        ),
    ] {
        let dir = with_deals(name, text);
        run(&dir, &[]);
        assert_eq!(kind(&dir, &format!("crm/{name}")), "deals", "{name}");
        let want = ("30000001".to_owned(), "open deal, created 2026-10-04; 1 more".to_owned());
        assert_eq!(deals_of_customers(&dir), [want], "{name}");
        assert!(!dir.read("out/problems.csv").contains(name), "{}", dir.read("out/problems.csv"));
        assert!(!dir.read("out/summary.json").contains("Ada Lund"), "{name}: no person");
    }
}

const DEALS: &str = "Id,AccountId,Type,StageName,Amount,CloseDate,CreatedDate\n\
                     006A,001A,Azure,Prospecting,5,2026-12-01,2026-10-04\n\
                     006B,001A,Surface,Prospecting,5,2026-12-01,2026-11-04\n\
                     006C,001C,Azure,Closed Won,5,2026-02-01,2026-01-04\n";

#[test]
fn people_of_a_customer_in_the_middle_of_a_deal_are_marked_or_left_out() {
    let dir = with_deals("Opportunity.csv", DEALS);
    run(&dir, &[]);
    let contacts = dir.table("out/contacts.csv");
    let of_busy = || contacts.rows.iter().filter(|row| row["customer_id"] == "30000001");
    assert!(of_busy().count() > 0);
    for row in of_busy() {
        assert_eq!(row["deal"], "open deal (Azure), created 2026-10-04");
    }
    let others = contacts.rows.iter().filter(|row| row["customer_id"] != "30000001");
    others.for_each(|row| assert_eq!(row["deal"], "", "{row:?}"));
    let notes = dir.summary("out")["notes"].to_string();
    assert!(notes.contains("1 customer has an open deal in an area of the lists"), "{notes}");

    let all = contacts.rows.len();
    let busy = of_busy().count();
    run(&dir, &["--open-deals", "leave-out"]);
    let left = dir.table("out/contacts.csv");
    assert_eq!(left.rows.len(), all - busy);
    assert!(left.rows.iter().all(|row| row["customer_id"] != "30000001"));
    let notes = dir.summary("out")["notes"].to_string();
    assert!(notes.contains("left out of the lists (`--open-deals leave-out`)"), "{notes}");
    assert!(dir.read("out/settings.toml").contains("open-deals = \"leave-out\""));
}

#[test]
fn deals_may_lie_elsewhere_and_what_is_no_deal_is_refused() {
    let dir = Workdir::small();
    dir.write("won.csv", DEALS);
    dir.run_small(&["--deals", "won.csv"]).ended(0);
    let want = "open deal (Surface), created 2026-11-04; 1 more".to_owned(); // in any area
    assert_eq!(deals_of_customers(&dir), [("30000001".to_owned(), want)]);

    dir.write("none.csv", "Id,Subject\n1,2\n");
    let ran = dir.run_small(&["--deals", "none.csv"]).ended(1);
    assert!(
        ran.stderr.contains("none.csv: deals, of which no column holds the account-id"),
        "{ran:?}"
    );
}

#[test]
fn what_is_not_understood_of_deals_is_told() {
    let dir = with_deals(
        "deals.csv",
        "Deal Name,Account ID,Deal Stage,Create Date,Close Date,Amount\n\
         a,001A,Vertrag beim Kunden,2026-10-04,2026-12-01,5\n\
         b,001A,Closed won,sometime,2026-12-01,five\n",
    );
    run(&dir, &[]);
    let notes = dir.summary("out")["notes"].to_string();
    assert!(notes.contains("deals with a stage that is in no table"), "{notes}");
    assert!(notes.contains("Vertrag beim Kunden"), "{notes}");
    let problems = dir.table("out/problems.csv");
    let of_deals: Vec<(&str, &str)> = problems
        .rows
        .iter()
        .filter(|row| row["file"] == "crm/deals.csv")
        .map(|row| (row["line"].as_str(), row["column"].as_str()))
        .collect();
    assert_eq!(of_deals, [("3", "Amount"), ("3", "Create Date")]);
}

#[test]
fn deals_may_stand_on_a_sheet_next_to_accounts() {
    let dir = Workdir::small();
    let sheets = [("Accounts", ACCOUNTS), ("Contacts", CONTACTS), ("Opportunities", DEALS)];
    dir.write("crm/Export.xlsx", workbook_of(&sheets));
    run(&dir, &[]);
    let want = "open deal (Surface), created 2026-11-04; 1 more".to_owned();
    assert_eq!(deals_of_customers(&dir), [("30000001".to_owned(), want)]);
}

#[test]
fn a_report_with_a_row_for_each_product_of_a_deal_counts_it_once() {
    let dir = with_deals(
        "products.csv",
        "Opportunity ID,Account ID,Opportunity Name,Stage,Created Date,Close Date,Product Name\n\
         1,001A,x,Negotiation/Review,2026-10-04,2026-12-01,Surface Laptop\n\
         1,001A,x,Negotiation/Review,2026-10-04,2026-12-01,Azure\n\
         2,001A,x,Closed Lost,2026-10-04,2026-11-01,Azure\n",
    );
    run(&dir, &[]);
    let want = "open deal (Azure, Surface), created 2026-10-04".to_owned();
    assert_eq!(deals_of_customers(&dir), [("30000001".to_owned(), want)]);
}

#[test]
fn one_deal_in_two_exports_is_one() {
    let dir = with_deals("Opportunity.csv", DEALS);
    let report = "Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Created Date,Amount\n\
                  006A,x,Quellbrink Werkzeugbau,Prospecting,12/1/2026,10/4/2026,5\n\
                  006E,x,Quellbrink Werkzeugbau,Closed Lost,10/31/2026,10/4/2026,5\n";
    dir.write("crm/report.csv", report);
    run(&dir, &[]);
    let want = "open deal (Surface), created 2026-11-04; 1 more".to_owned();
    assert_eq!(deals_of_customers(&dir), [("30000001".to_owned(), want)]);
    let notes = dir.summary("out")["notes"].to_string();
    assert!(notes.contains("rows of a deal that was read before: 1"), "{notes}");
}
