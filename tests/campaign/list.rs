//! Who is in the lists, and who is not.

use super::world::TARGETS;
use crate::support::Workdir;

#[test]
fn who_has_denied_is_in_no_file() {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", TARGETS]);
    for (name, bytes) in dir.files("out") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.to_lowercase().contains("nein@quellbrink.de"), "{name}");
    }
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(
        suppressed.records()[1..],
        [["003Qy00000AAAA3", "001Qy00000AAAAA", "opted out", "003Qy00000AAAA3"]]
    );
}

#[test]
fn each_person_is_once_in_a_campaign_and_statuses_add_up() {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", "hubspot"]);
    let names = dir.files("out/campaigns/hubspot").into_keys();
    for name in names.filter(|name| name.ends_with(".csv")) {
        let table = dir.table(&format!("out/campaigns/hubspot/{name}"));
        let mut emails: Vec<String> =
            table.column("Email").iter().map(|email| email.to_lowercase()).collect();
        let all = emails.len();
        emails.sort();
        emails.dedup();
        assert_eq!(emails.len(), all, "{name}");
    }
    let summary = dir.summary("out");
    let counts = summary["results"]["contacts"].as_object().expect("contacts");
    let total: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(total, 10, "{counts:?}");
    assert_eq!(counts["duplicate"], 1);
    assert_eq!(counts["suppressed"], 1);
}

#[test]
fn a_merged_person_keeps_consent_and_shows_where_values_come_from() {
    let dir = Workdir::world();
    dir.run_world("out", &[]);
    let table = dir.table("out/contacts.csv");
    let row = table.row("003Qy00000AAAA1");
    assert_eq!(row["email_permission"], "allowed");
    assert_eq!(row["merged_contact_ids"], "003Qy00000AAAA5");
    assert_eq!(row["role"], "IT lead");
    let info = table.rows.iter().find(|row| row["email"].starts_with("info@")).unwrap();
    assert_eq!(info["address_kind"], "role");
}

#[test]
fn lists_are_narrowed_by_flags() {
    let dir = Workdir::world();
    for (flags, want) in [
        (&["--top", "1"][..], &["taro", "花子"][..]), // the most revenue
        (&["--one-contact"], &["Juergen", "francoise", "taro", "zoe"]),
        (&["--decision-makers"], &["Juergen", "bea", "taro", "zoe"]),
        (&["--ends-within", "45"], &["Juergen", "bea", "info"]),
        (&["--revenue-at-least", "20000"], &["taro", "花子"]),
        (&["--solution-area", "Azure", "--intent", "Low"], &["zoe"]),
        (&["--require-consent", "--solution-area", "M365"], &["francoise", "taro", "花子"]),
    ] {
        dir.run_world("out", flags);
        let table = dir.table("out/contacts.csv");
        let mut people: Vec<&str> =
            table.column("email").iter().filter_map(|email| email.split('@').next()).collect();
        people.sort_unstable();
        assert_eq!(people, want, "{flags:?}");
    }
}

#[test]
fn a_suppression_list_and_a_second_address_keep_people_out() {
    let dir = Workdir::world();
    dir.write("stop.csv", "Email\nTARO@yukimi-seisaku.co.jp\n@windlestraw.co.uk\n");
    let contacts = dir.read("Contacts.csv");
    // the same person, by name and telephone, has denied under another address
    let denied = "003Qy00000BBBB2,001Qy00000BBBBB,Mme,Françoise,\"Évrard, née d'Ærø\",,f.evrard@evrard-fils.fr,No,02.38.00.00.00,Orléans,45000,France\n";
    dir.write("Contacts.csv", format!("{contacts}{denied}"));
    dir.run_world("out", &["--suppress", "stop.csv", "--target", TARGETS]);
    for (name, bytes) in dir.files("out/campaigns") {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for address in ["taro@", "zoe@windlestraw", "francoise@", "f.evrard@"] {
            assert!(!text.contains(address), "{name}: {address}");
        }
    }
}

#[test]
fn the_workbook_has_headings_in_the_language_of_the_user() {
    let dir = Workdir::world();
    dir.run_world("out", &["--target", "workbook", "--language", "de"]);
    let headings = |dir: &Workdir| crate::support::Table::of_sheet(&dir.sheet(BOOK)).headers;
    assert_eq!(headings(&dir)[..3], ["Blatt", "Kampagne", "Lösungsbereich"]);
    dir.run(&["export", "--run", "out", "--target", "workbook"]).ended(0);
    assert_eq!(headings(&dir)[..3], ["Blatt", "Kampagne", "Lösungsbereich"], "as in the run");
}

const BOOK: &str = "out/campaigns/workbook/Campaigns.xlsx";
