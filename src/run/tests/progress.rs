//! The progress of a run is true: when it ends, the bytes read are those that were announced.

use std::{fs, io::Write as _, path::Path, sync::atomic::Ordering};

use jiff::civil::date;
use tempfile::TempDir;

use crate::{
    config::{Config, Progress},
    run::{
        Rules,
        pipeline::{find_with, reconcile},
    },
};

const REPORT: &str = "CustomerID,AccountName,Domain,AzureCluster\n";
const ACCOUNTS: &str = "Account ID,Account Name,Website\n";
const CONTACTS: &str = "Contact ID,Account ID,First Name,Last Name,Email,Email Opt Out\n";
const BY_NAME: &str = "Contact ID,Account Name,First Name,Last Name,Email,Email Opt Out\n";

/// Customers, their accounts and two contacts of each, the last file with account ids or without.
fn files(dir: &TempDir, with_ids: bool) -> Config {
    let (mut report, mut accounts) = (REPORT.to_owned(), ACCOUNTS.to_owned());
    let mut contacts = if with_ids { CONTACTS.to_owned() } else { BY_NAME.to_owned() };
    for at in 0..3_000 {
        let name = format!("Quellbrink{at} Werkzeugbau");
        report += &format!("{},{name} GmbH,quellbrink{at}.de,Act Now\n", 30_000_000 + at);
        accounts += &format!("A{at},{name},www.quellbrink{at}.de\n");
        let account = if with_ids { format!("A{at}") } else { name };
        for person in 0..2 {
            contacts += &format!("P{at}-{person},{account},Ann,A,p{person}@quellbrink{at}.de,0\n");
        }
    }
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect(name);
        path
    };
    let mut config = Config::new(dir.path().join("out"), date(2026, 11, 21));
    config.reports = vec![(None, write("Azure.csv", &report))];
    config.crm = vec![write("Accounts.csv", &accounts), write("Contacts.csv", &contacts)];
    config.progress = Some(Progress::default());
    config
}

fn read_and_announced(config: &Config) -> (u64, u64) {
    let progress = config.progress.as_ref().expect("somebody asks");
    (progress.read.bytes(), progress.total.load(Ordering::Relaxed))
}

#[test]
fn a_run_reads_what_it_announced() {
    for with_ids in [true, false] {
        let dir = TempDir::new().expect("a temporary folder");
        let config = files(&dir, with_ids);
        reconcile(&config, &|| "2026-11-21T10:00:00Z".to_owned()).expect("a run");
        let (read, announced) = read_and_announced(&config);
        assert_eq!(read, announced, "contacts with account ids: {with_ids}");
        let size = |path: &Path| fs::metadata(path).expect("a file").len();
        // contacts twice before linking and once after; accounts twice only for their names
        let accounts = if with_ids { 1 } else { 2 };
        let once = size(&config.reports[0].1);
        let read_as_often = once + accounts * size(&config.crm[0]) + 3 * size(&config.crm[1]);
        assert_eq!(read, read_as_often, "contacts with account ids: {with_ids}");
    }
}

#[test]
fn packed_files_count_with_their_size_on_the_disk() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut config = files(&dir, true);
    let packed = dir.path().join("Contacts.csv.gz");
    let file = fs::File::create(&packed).expect("a file");
    let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gz.write_all(&fs::read(&config.crm[1]).expect("contacts")).expect("it is packed");
    gz.finish().expect("and closed");
    config.crm[1] = packed;
    reconcile(&config, &|| "2026-11-21T10:00:00Z".to_owned()).expect("a run");
    let (read, announced) = read_and_announced(&config);
    assert_eq!(read, announced);
}

#[test]
fn linking_again_for_some_pairs_announces_no_lists() {
    let dir = TempDir::new().expect("a temporary folder");
    let config = files(&dir, true);
    let rules = Rules::load(None, &[]).expect("the built-in tables");
    find_with(&config, &rules, &[("30000001", "A2")]).expect("a run");
    let (read, announced) = read_and_announced(&config);
    assert_eq!(read, announced);
}
