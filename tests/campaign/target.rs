//! Each target's rules, and that the program's files keep them.

use sha2::{Digest, Sha256};

use crate::campaign::workdir::{TARGETS, Table, Workdir};

/// A campaign of two customers, one German, one British.
const ORACLE: &str = "Azure - Azure_Migrate Oracle DBs to Oracle on Azure - Act Now.csv";
/// A campaign of two customers, one German, one Japanese. Windows takes no colon.
const SERVER: &str = "Azure - Azure_Windows Server OR SQL Server- EOS 2012 - Act Now.csv";
/// A campaign of a French customer.
const TEAMS: &str = "M365 - MW_Teams Essentials - Act Now.csv";

fn written() -> Workdir {
    let dir = Workdir::new();
    dir.link("out", &["--target", TARGETS]);
    dir
}

fn file(dir: &Workdir, target: &str, name: &str) -> Table {
    dir.table(&format!("out/campaigns/{target}/{name}"))
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn hubspot_takes_utf_8_with_its_own_labels() {
    let table = file(&written(), "hubspot", SERVER);
    assert_eq!(table.header[..3], ["Email", "First Name", "Last Name"]);
    assert!(table.header.len() < 1_000);
    // by revenue: the Japanese customer before the German one
    assert_eq!(
        table.column("Email"),
        [
            "taro@yukimi-seisaku.co.jp",
            "花子@yukimi-seisaku.co.jp",
            "Juergen@quellbrink.de",
            "bea@quellbrink.de",
            "info@quellbrink.de",
        ]
    );
    assert_eq!(table.column("Last Name")[..3], ["山田", "佐藤", "Weißhäupl"]);
    assert_eq!(table.column("First Name")[3], "=HYPERLINK(1)", "values are not changed");
    for owner in table.column("Contact owner") {
        assert!(owner.is_empty() || owner.contains('@'), "an owner is a user's address: {owner}");
    }
}

#[test]
fn salesforce_takes_ids_and_a_status() {
    let dir = written();
    let table = file(&dir, "salesforce", ORACLE);
    assert_eq!(table.header, ["CampaignId", "ContactId", "Status"]);
    for row in &table.rows {
        assert!(row[0].is_empty(), "no campaign has an id yet");
        assert!(matches!(row[1].len(), 15 | 18) && row[1].starts_with("003"), "{row:?}");
        assert_eq!(row[2], "Sent");
    }
    assert!(dir.read("out/summary.json").contains("CampaignId is blank"));

    std::fs::create_dir(dir.path("rules")).unwrap();
    dir.write(
        "rules/campaigns.toml",
        "[[campaigns]]\ncohort = \"Azure_Migrate Oracle DBs to Oracle on Azure\"\n\
         name = \"Leave Oracle\"\ncrm_campaign_id = \"701Qy0000012345\"\nstatus = \"Planned\"\n",
    );
    dir.run(&["export", "--run", "out", "--target", "salesforce", "--rules", "rules"]);
    let table = file(&dir, "salesforce", ORACLE);
    assert!(table.column("CampaignId").iter().all(|id| *id == "701Qy0000012345"));
    assert!(table.column("Status").iter().all(|status| *status == "Planned"));
    let members = file(&dir, "salesforce", SERVER);
    assert!(members.column("CampaignId").iter().all(|id| id.is_empty()));
}

#[test]
fn dynamics_takes_utf_8_with_a_mark() {
    let dir = written();
    let bytes = &dir.files("out/campaigns/dynamics")[SERVER];
    assert_eq!(bytes[..3], [0xef, 0xbb, 0xbf]);
    let table = Table::parse(std::str::from_utf8(&bytes[3..]).expect("UTF-8"));
    assert_eq!(table.header[..5], ["Contact", "Full Name", "First Name", "Last Name", "Email"]);
    assert_eq!(table.column("Full Name")[0], "山田 太郎", "the family name first");
    assert_eq!(table.column("Full Name")[2], "Jürgen Weißhäupl");
    assert_eq!(table.column("Address 1: Country/Region")[0], "日本");
}

#[test]
fn mailchimp_takes_ascii_before_the_at_and_two_letters_for_a_country() {
    let dir = written();
    for name in [ORACLE, SERVER, TEAMS] {
        let table = file(&dir, "mailchimp", name);
        assert_eq!(table.header[..3], ["Email Address", "First Name", "Last Name"]);
        for email in table.column("Email Address") {
            let (local, _) = email.split_once('@').expect("an address");
            assert!(local.is_ascii(), "{email}");
        }
        for country in table.column("Country") {
            assert!(["DE", "FR", "JP", "GB"].contains(&country), "{country}");
        }
        for cell in table.rows.iter().flatten() {
            assert!(cell.len() <= 255, "{cell}");
        }
        for tags in table.column("Tags") {
            assert!(tags.split(',').all(|tag| tag.chars().count() <= 100), "{tags}");
        }
    }
    let french = file(&dir, "mailchimp", TEAMS);
    assert_eq!(french.column("Last Name"), ["Évrard, née d'Ærø"]);
    let notes = dir.read("out/summary.json");
    assert!(notes.contains("1 row left out: the address has other letters than ASCII"), "{notes}");
}

#[test]
fn linkedin_takes_companies_and_no_secrets() {
    let dir = written();
    let table = file(&dir, "linkedin-companies", SERVER);
    assert_eq!(
        table.header,
        [
            "companyname",
            "companywebsite",
            "companyemaildomain",
            "linkedincompanypageurl",
            "stocksymbol",
            "industry",
            "city",
            "state",
            "companycountry",
            "zipcode",
        ]
    );
    assert_eq!(table.column("companyname"), ["株式会社雪見製作所", "Quellbrink Werkzeugbau GmbH"]);
    assert_eq!(table.column("companycountry"), ["JP", "DE"]);
    assert!(dir.read("out/summary.json").contains("LinkedIn takes no fewer than 300"));
}

#[test]
fn google_takes_hashes_of_those_who_have_agreed() {
    let dir = written();
    let table = file(&dir, "google-customer-match", SERVER);
    assert_eq!(table.header, ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]);
    assert_eq!(
        table.column("Email"),
        [
            sha256("taro@yukimi-seisaku.co.jp"),
            sha256("花子@yukimi-seisaku.co.jp"),
            sha256("juergen@quellbrink.de"),
            sha256("info@quellbrink.de"), // bea has agreed to nothing
        ]
    );
    let ann = &table.rows[2];
    assert_eq!(ann[1], sha256("+49731123456"));
    assert_eq!(ann[2..], [sha256("jürgen"), sha256("weißhäupl"), "DE".into(), "89073".into()]);
    let info = &table.rows[3];
    assert_eq!(info[2..], ["", "", "DE", ""], "an address matches with all four or not at all");
    for row in &table.rows {
        for cell in &row[..4] {
            let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            assert!(cell.is_empty() || cell.len() == 64 && cell.chars().all(hex), "{cell}");
        }
    }
}

#[test]
fn ad_platforms_learn_no_cluster_cohort_or_revenue() {
    let dir = written();
    for target in ["linkedin-companies", "google-customer-match"] {
        for (name, bytes) in dir.files(&format!("out/campaigns/{target}")) {
            let text = String::from_utf8(bytes).expect("UTF-8");
            for secret in ["Act Now", "Evaluate", "Azure", "MW_", "12500", "99000"] {
                assert!(!text.contains(secret), "{target}/{name}: {secret}");
            }
        }
    }
}

#[test]
fn crm_updates_say_what_is_gone() {
    let dir = written();
    let table = file(&dir, "crm-update", "Account update.csv");
    assert_eq!(
        table.header[..4],
        ["Account ID", "CloudAscent Status", "CloudAscent Customer ID", "CloudAscent Best Cluster",]
    );
    assert_eq!(table.rows.len(), 5, "every linked account, whatever its cluster");
    for cell in table.rows.iter().flat_map(|row| &row[..6]) {
        assert!(!cell.is_empty(), "explicit values: {table:?}");
    }
    let at = |id: &str| table.rows.iter().find(|row| row[0] == id).expect(id).clone();
    assert_eq!(at("001Qy00000FFFFF")[3], "Nurture");

    // next month the Scottish customer is gone from the reports
    let azure = dir.read("Azure_2026-10.csv");
    let kept = azure.lines().filter(|line| !line.starts_with("30000004"));
    dir.write("Azure_2026-10.csv", &kept.map(|line| format!("{line}\n")).collect::<String>());
    let renewals = dir.read("AgreementRenewals_2026-10.csv");
    let kept = renewals.lines().filter(|line| !line.starts_with("30000004"));
    dir.write(
        "AgreementRenewals_2026-10.csv",
        &kept.map(|line| format!("{line}\n")).collect::<String>(),
    );
    dir.link("next", &["--target", "crm-update,salesforce", "--previous", "out"]);
    let table = dir.table("next/campaigns/crm-update/Account update.csv");
    let gone = table.rows.iter().find(|row| row[0] == "001Qy00000DDDDD").expect("cleared");
    assert_eq!(gone[1..], ["not linked", "None", "None", "None", "None", "", "0"]);
    let table = dir.table("next/campaigns/salesforce/Account update.csv");
    assert_eq!(table.header[..2], ["Id", "CloudAscent_Status__c"]);
    let gone = table.rows.iter().find(|row| row[0] == "001Qy00000DDDDD").expect("cleared");
    assert_eq!(gone[6], "#N/A");
    let contacts = dir.table("next/campaigns/crm-update/Contact update.csv");
    let gone = contacts.rows.iter().find(|row| row[0] == "003Qy00000DDDD1").expect("cleared");
    assert_eq!(gone[1..], ["not listed", "None", "None", "None", "None", "", "0"]);
    let kept = contacts.rows.iter().find(|row| row[0] == "003Qy00000AAAA1").expect("kept");
    assert_eq!(kept[1..4], ["listed", "30000001", "Act Now"]);
    let contacts = dir.table("next/campaigns/salesforce/Contact update.csv");
    let gone = contacts.rows.iter().find(|row| row[0] == "003Qy00000DDDD1").expect("cleared");
    assert_eq!(gone[1..], ["not listed", "None", "None", "None", "None", "#N/A", "0"]);
    // a blank clears a day only where the import is told so
    let manifest = dir.read("next/manifest.json");
    let told = manifest.matches("let blank cells overwrite the old day").count();
    assert_eq!(told, 2, "{manifest}");
}

#[test]
fn net_new_accounts_are_the_unmatched_of_the_clusters() {
    let table = file(&written(), "net-new", "Accounts.csv");
    assert_eq!(table.column("Account Name"), ["Niemandsland Verlag GmbH"]);
    assert_eq!(
        table.column("CloudAscent Cohorts"),
        ["Azure_Migrate Oracle DBs to Oracle on Azure"]
    );
}
