//! Each target's rules, and that the program's files keep them.

use super::world::TARGETS;
use crate::support::{Row, Table, Workdir, sha256, words};

/// A campaign of two customers, one German, one British.
const ORACLE: &str = "Azure - Azure_Migrate Oracle DBs to Oracle on Azure - Act Now.csv";
/// A campaign of two customers, one German, one Japanese. Windows takes no colon.
const SERVER: &str = "Azure - Azure_Windows Server OR SQL Server- EOS 2012 - Act Now.csv";
/// A campaign of a French customer.
const TEAMS: &str = "M365 - MW_Teams Essentials - Act Now.csv";

fn written() -> Workdir {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", TARGETS, "--split", "campaign"]);
    dir
}

/// The files of a world with enough people for every system.
fn written_of_many() -> Workdir {
    let dir = Workdir::crowded_world(310);
    dir.run_world("out", &["--target", TARGETS, "--split", "campaign"]);
    dir
}

fn file(dir: &Workdir, target: &str, name: &str) -> Table {
    dir.table(&format!("out/campaigns/{target}/{name}"))
}

/// The cells of a row by its first one.
fn cells<'t>(table: &'t Table, key: &str) -> Vec<&'t str> {
    table.cells(table.row(key))
}

#[test]
fn hubspot_takes_utf_8_with_its_own_labels() {
    let table = file(&written(), "hubspot", SERVER);
    assert_eq!(table.headers[..3], ["Email", "First Name", "Last Name"]);
    assert!(table.headers.len() < 1_000);
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
    assert_eq!(table.headers, ["CampaignId", "ContactId", "Status"]);
    for row in &table.rows {
        assert!(row["CampaignId"].is_empty(), "no campaign has an id yet");
        let id = &row["ContactId"];
        assert!(matches!(id.len(), 15 | 18) && id.starts_with("003"), "{row:?}");
        assert_eq!(row["Status"], "Sent");
    }
    assert!(dir.read("out/summary.json").contains("CampaignId is blank"));

    dir.write(
        "rules/campaigns.toml",
        "[[campaigns]]\ncohort = \"Azure_Migrate Oracle DBs to Oracle on Azure\"\n\
         name = \"Leave Oracle\"\ncrm_campaign_id = \"701Qy0000012345\"\nstatus = \"Planned\"\n",
    );
    dir.run(&words("export --run out --target salesforce --rules rules")).ended(0);
    let table = file(&dir, "salesforce", ORACLE);
    assert!(table.column("CampaignId").iter().all(|id| *id == "701Qy0000012345"));
    assert!(table.column("Status").iter().all(|status| *status == "Planned"));
    let members = file(&dir, "salesforce", SERVER);
    assert!(members.column("CampaignId").iter().all(|id| id.is_empty()));
}

#[test]
fn dynamics_takes_utf_8_with_a_mark() {
    let dir = written();
    assert!(dir.read(&format!("out/campaigns/dynamics/{SERVER}")).starts_with('\u{feff}'));
    let table = file(&dir, "dynamics", SERVER);
    assert_eq!(table.headers[..5], ["Contact", "Full Name", "First Name", "Last Name", "Email"]);
    assert_eq!(table.column("Full Name")[0], "山田 太郎", "the family name first");
    assert_eq!(table.column("Full Name")[2], "Jürgen Weißhäupl");
    assert_eq!(table.column("Address 1: Country/Region")[0], "日本");
}

#[test]
fn mailchimp_takes_ascii_before_the_at_and_two_letters_for_a_country() {
    let dir = written();
    for name in [ORACLE, SERVER, TEAMS] {
        let table = file(&dir, "mailchimp", name);
        assert_eq!(table.headers[..3], ["Email Address", "First Name", "Last Name"]);
        for email in table.column("Email Address") {
            let (local, _) = email.split_once('@').expect("an address");
            assert!(local.is_ascii(), "{email}");
        }
        for country in table.column("Country") {
            assert!(["DE", "FR", "JP", "GB"].contains(&country), "{country}");
        }
        for cell in table.rows.iter().flat_map(Row::values) {
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
    let dir = written_of_many();
    let table = file(&dir, "linkedin-companies", SERVER);
    assert_eq!(
        table.headers,
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
    let first = ["株式会社雪見製作所", "Quellbrink Werkzeugbau GmbH"];
    assert_eq!(table.column("companyname")[..2], first);
    assert_eq!(table.column("companycountry")[..2], ["JP", "DE"]);
    assert!((300..=300_000).contains(&table.rows.len()));
    assert!(!dir.holds(&format!("out/campaigns/linkedin-companies/{TEAMS}")));
    let told =
        "Teams Essentials - Act Now.csv: not written: 1 row; LinkedIn takes no fewer than 300";
    assert!(dir.read("out/summary.json").contains(told));
}

#[test]
fn google_takes_hashes_of_those_who_have_agreed() {
    let dir = written_of_many();
    let table = file(&dir, "google-customer-match", SERVER);
    assert_eq!(table.headers, ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]);
    assert_eq!(
        table.column("Email")[..4],
        [
            sha256("taro@yukimi-seisaku.co.jp"),
            sha256("花子@yukimi-seisaku.co.jp"),
            sha256("juergen@quellbrink.de"),
            sha256("info@quellbrink.de"), // bea has agreed to nothing
        ]
    );
    let records = table.records();
    let ann = &records[3];
    assert_eq!(ann[1], sha256("+49731123456"));
    assert_eq!(ann[2..], [&*sha256("jürgen"), &sha256("weißhäupl"), "DE", "89073"]);
    let info = &records[4];
    assert_eq!(info[2..], ["", "", "DE", ""], "an address matches with all four or not at all");
    for record in &records[1..] {
        for cell in &record[..4] {
            let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            assert!(cell.is_empty() || cell.len() == 64 && cell.chars().all(hex), "{cell}");
        }
    }
}

#[test]
fn ad_platforms_learn_no_cluster_cohort_or_revenue() {
    let dir = written_of_many();
    for target in ["linkedin-companies", "google-customer-match"] {
        let mut files = dir.files(&format!("out/campaigns/{target}"));
        files.retain(|name, _| name.ends_with(".csv"));
        assert!(!files.is_empty(), "{target}");
        for (name, bytes) in files {
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
        table.headers[..4],
        ["Account ID", "CloudAscent Status", "CloudAscent Customer ID", "CloudAscent Best Cluster",]
    );
    assert_eq!(table.rows.len(), 5, "every linked account, whatever its cluster");
    for record in table.records() {
        assert!(record[..6].iter().all(|cell| !cell.is_empty()), "explicit values: {table:?}");
    }
    assert_eq!(table.row("001Qy00000FFFFF")["CloudAscent Best Cluster"], "Nurture");

    // next month the Scottish customer is gone from the reports
    for report in ["Azure_2026-10.csv", "AgreementRenewals_2026-10.csv"] {
        let text = dir.read(report);
        let kept = text.split_inclusive('\n').filter(|line| !line.starts_with("30000004"));
        dir.write(report, kept.collect::<String>());
    }
    dir.run_world("next", &["--target", "crm-update,salesforce,dynamics", "--previous", "out"]);
    let table = dir.table("next/campaigns/crm-update/Account update.csv");
    let gone = cells(&table, "001Qy00000DDDDD");
    assert_eq!(gone[1..], ["not linked", "None", "None", "None", "None", "", "0"]);
    let table = dir.table("next/campaigns/salesforce/Account update.csv");
    assert_eq!(table.headers[..2], ["Id", "CloudAscent_Status__c"]);
    let gone = cells(&table, "001Qy00000DDDDD");
    assert_eq!(gone[6], "#N/A");
    let contacts = dir.table("next/campaigns/crm-update/Contact update.csv");
    let gone = cells(&contacts, "003Qy00000DDDD1");
    assert_eq!(gone[1..], ["not listed", "None", "None", "None", "None", "", "0"]);
    let kept = cells(&contacts, "003Qy00000AAAA1");
    assert_eq!(kept[1..4], ["listed", "30000001", "Act Now"]);
    let contacts = dir.table("next/campaigns/salesforce/Contact update.csv");
    let gone = cells(&contacts, "003Qy00000DDDD1");
    assert_eq!(gone[1..], ["not listed", "#N/A", "#N/A", "#N/A", "#N/A", "#N/A", "0"]);
    let table = dir.table("next/campaigns/dynamics/Account update.csv");
    let gone = cells(&table, "001Qy00000DDDDD");
    assert_eq!(gone[1..], ["not linked", "", "", "", "", "", "0"], "blank cells overwrite");
    // a blank clears a day only where the import allows it
    let manifest = dir.read("next/manifest.json");
    let told = manifest.matches("when importing, allow blanks to overwrite").count();
    assert_eq!(told, 4, "{manifest}");
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

/// The files of every target, one row per person.
fn written_whole() -> Workdir {
    let dir = Workdir::crowded_world(310);
    dir.run_world("out", &["--target", TARGETS]);
    dir
}

#[test]
fn one_file_per_target_has_each_person_once_with_all_campaigns() {
    let dir = written_whole();
    for (target, name, email) in [
        ("hubspot", "Contacts.csv", "Email"),
        ("dynamics", "Contacts.csv", "Email"),
        ("mailchimp", "Contacts.csv", "Email Address"),
        ("google-customer-match", "Contacts.csv", "Email"),
    ] {
        let table = file(&dir, target, name);
        let mut emails: Vec<String> =
            table.column(email).iter().map(|email| email.to_lowercase()).collect();
        let all = emails.len();
        assert!(all > 310, "{target}: {all}");
        emails.sort();
        emails.dedup();
        assert_eq!(emails.len(), all, "{target}");
    }
    let hubspot = file(&dir, "hubspot", "Contacts.csv");
    let juergen = hubspot.row("Juergen@quellbrink.de");
    let cohorts: Vec<&str> = juergen["CloudAscent Cohort"].split(';').collect();
    let want = [
        "Azure_Migrate Oracle DBs to Oracle on Azure",
        "Azure_Windows Server OR SQL Server: EOS 2012",
    ];
    assert_eq!(cohorts, want);
    assert_eq!(juergen["CloudAscent Solution Area"], "Azure", "each value once");
    let mailchimp = file(&dir, "mailchimp", "Contacts.csv");
    let tags = &mailchimp.row("Juergen@quellbrink.de")["Tags"];
    for tag in want.into_iter().chain(["Azure", "Act Now"]) {
        assert!(tags.split(',').any(|of| of == tag), "{tag} in {tags}");
    }
    let companies = file(&dir, "linkedin-companies", "Companies.csv");
    let mut names = companies.column("companyname");
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "each company once");
}

#[test]
fn no_file_is_empty_and_each_target_says_how_to_import() {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", TARGETS]);
    let files = dir.files("out/campaigns");
    for target in TARGETS.split(',') {
        let guide = &files[&format!("{target}/how-to-import.md")];
        assert!(guide.starts_with(b"# "), "{target}");
    }
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        assert!(bytes.iter().filter(|byte| **byte == b'\n').count() > 1, "{name} is empty");
    }
    let notes = dir.read("out/summary.json");
    for told in [
        "google-customer-match/Contacts.csv: not written: ",
        "Google shows ads to no list of fewer than 100",
        "linkedin-companies/Companies.csv: not written: 4 rows; LinkedIn takes no fewer than 300",
    ] {
        assert!(notes.contains(told), "{told}: {notes}");
    }
}

#[test]
fn salesforce_takes_members_of_known_campaigns_and_creates_the_others_first() {
    let dir = Workdir::world();
    dir.write(
        "rules/campaigns.toml",
        "[[campaigns]]\ncohort = \"Azure_Migrate Oracle DBs to Oracle on Azure\"\n\
         cluster = \"Act Now\"\ncrm_campaign_id = \"701Qy0000012345\"\n",
    );
    dir.run_world("out", &["--target", "salesforce", "--rules", "rules"]);
    let members = file(&dir, "salesforce", "Campaign members.csv");
    assert_eq!(members.rows.len(), 4);
    assert!(members.column("CampaignId").iter().all(|id| *id == "701Qy0000012345"));
    let campaigns = file(&dir, "salesforce", "Campaigns to create.csv");
    assert_eq!(campaigns.headers, ["Name", "IsActive", "Status", "Type", "Description"]);
    assert!(!campaigns.rows.is_empty());
    for name in campaigns.column("Name") {
        assert!(name.chars().count() <= 80, "{name}");
        assert!(!name.contains("Oracle on Azure - Act Now"), "it has an id: {name}");
    }
}

#[test]
fn net_new_accounts_have_a_website_of_their_own_or_none() {
    let dir = Workdir::world();
    let reports = dir.read("Azure_2026-10.csv");
    let free = reports.replace("niemandsland-verlag.de", "gmx.de");
    dir.write("Azure_2026-10.csv", free);
    dir.run_world("out", &["--target", "net-new"]);
    assert_eq!(file(&dir, "net-new", "Accounts.csv").column("Website"), [""]);
}
