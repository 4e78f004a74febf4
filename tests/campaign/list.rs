//! Who is in the lists, and who is not.

use crate::campaign::workdir::{TARGETS, Workdir};

#[test]
fn who_has_denied_is_in_no_file() {
    let dir = Workdir::new();
    dir.link("out", &["--target", TARGETS]);
    for (name, bytes) in dir.files("out") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.to_lowercase().contains("nein@quellbrink.de"), "{name}");
    }
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(
        suppressed.rows,
        [["003Qy00000AAAA3", "001Qy00000AAAAA", "opted out", "003Qy00000AAAA3",]]
    );
}

#[test]
fn each_person_is_once_in_a_campaign_and_statuses_add_up() {
    let dir = Workdir::new();
    dir.link("out", &["--target", "hubspot"]);
    for (name, bytes) in dir.files("out/campaigns/hubspot") {
        let table =
            crate::campaign::workdir::Table::parse(std::str::from_utf8(&bytes).expect("UTF-8"));
        let mut emails: Vec<String> =
            table.column("Email").iter().map(|email| email.to_lowercase()).collect();
        let all = emails.len();
        emails.sort();
        emails.dedup();
        assert_eq!(emails.len(), all, "{name}");
    }
    let summary: serde_json::Value = serde_json::from_str(&dir.read("out/summary.json")).unwrap();
    let counts = summary["results"]["contacts"].as_object().expect("contacts");
    let total: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(total, 10, "{counts:?}");
    assert_eq!(counts["duplicate"], 1);
    assert_eq!(counts["suppressed"], 1);
}

#[test]
fn a_merged_person_keeps_consent_and_tells_where_values_come_from() {
    let dir = Workdir::new();
    dir.link("out", &[]);
    let table = dir.table("out/contacts.csv");
    let at = table.column("contact_id").iter().position(|id| *id == "003Qy00000AAAA1").unwrap();
    assert_eq!(table.column("email_permission")[at], "allowed");
    assert_eq!(table.column("merged_contact_ids")[at], "003Qy00000AAAA5");
    assert_eq!(table.column("role")[at], "IT lead");
    let info = table.column("email").iter().position(|of| of.starts_with("info@")).unwrap();
    assert_eq!(table.column("address_kind")[info], "role");
}

#[test]
fn lists_are_narrowed_by_flags() {
    let dir = Workdir::new();
    for (flags, want) in [
        (&["--top", "1"][..], &["taro", "花子"][..]), // the most revenue
        (&["--one-contact"], &["Juergen", "francoise", "taro", "zoe"]),
        (&["--decision-makers"], &["Juergen", "bea", "taro", "zoe"]),
        (&["--ends-within", "45"], &["Juergen", "bea", "info"]),
        (&["--revenue-at-least", "20000"], &["taro", "花子"]),
        (&["--solution-area", "Azure", "--intent", "Low"], &["zoe"]),
        (&["--require-consent", "--solution-area", "M365"], &["francoise", "taro", "花子"]),
    ] {
        dir.link("out", flags);
        let table = dir.table("out/contacts.csv");
        let mut people: Vec<&str> =
            table.column("email").iter().filter_map(|email| email.split('@').next()).collect();
        people.sort_unstable();
        assert_eq!(people, want, "{flags:?}");
    }
}

#[test]
fn a_suppression_list_and_a_second_address_keep_people_out() {
    let dir = Workdir::new();
    dir.write("stop.csv", "Email\nTARO@yukimi-seisaku.co.jp\n@windlestraw.co.uk\n");
    let contacts = dir.read("Contacts.csv");
    // the same person, by name and telephone, has denied under another address
    let denied = "003Qy00000BBBB2,001Qy00000BBBBB,Mme,Françoise,\"Évrard, née d'Ærø\",,f.evrard@evrard-fils.fr,No,02.38.00.00.00,Orléans,45000,France\n";
    dir.write("Contacts.csv", &format!("{contacts}{denied}"));
    dir.link("out", &["--suppress", "stop.csv", "--target", TARGETS]);
    for (name, bytes) in dir.files("out/campaigns") {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for address in ["taro@", "zoe@windlestraw", "francoise@", "f.evrard@"] {
            assert!(!text.contains(address), "{name}: {address}");
        }
    }
}
