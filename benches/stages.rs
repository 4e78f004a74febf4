//! One bench per stage, over generated rows: 2,000 customers and 20,000 accounts, one of ten of
//! which is the account of a customer under another spelling.

use std::{fs, path::PathBuf};

use criterion::{Criterion, Throughput};
use crm_reconcile::{
    config::{Config, UnlikeNames},
    crm::{Account, Contact},
    decide::Decider,
    index::Index,
    link::{Matcher, candidates as candidates_of, contact_domains},
    run::{
        Found, Rules,
        pipeline::{find, reconcile},
    },
    verdicts::Verdicts,
};
use jiff::civil::date;
use tempfile::TempDir;

const CUSTOMERS: usize = 2_000;
const ACCOUNTS: usize = 20_000;

/// A number that follows from a position as if it were drawn.
fn drawn(at: usize) -> usize {
    let mixed = (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 29) as usize
}

/// A company name of three words and a form, unlike most others.
fn name(at: usize) -> String {
    const HEADS: [&str; 16] = [
        "quell", "voss", "tarn", "hald", "moor", "glueh", "nessel", "plaggen", "igel", "vier",
        "harrow", "quill", "ox", "wex", "rook", "salt",
    ];
    const TAILS: [&str; 16] = [
        "brink", "moor", "wiese", "runger", "koetter", "wurm", "bruck", "hof", "sloh", "linden",
        "mere", "feather", "barrow", "combe", "hollow", "meadow",
    ];
    const TRADES: [&str; 8] =
        ["Werkzeugbau", "Logistik", "Foods", "Timber", "Optik", "Energie", "Textil", "Media"];
    const FORMS: [&str; 4] = ["GmbH", "Ltd", "AG", "Inc"];
    let (a, b) = (drawn(at), drawn(at + 1_000_003));
    let head = HEADS[a % 16].to_owned() + TAILS[a / 16 % 16];
    let second = HEADS[b % 16].to_owned() + TAILS[b / 16 % 16];
    format!("{head} {second} {} {}", TRADES[a / 256 % 8], FORMS[b / 256 % 4])
}

fn domain(at: usize) -> String {
    name(at).to_lowercase().replace(' ', "-") + ".example"
}

/// The generated files and the folder that holds them.
struct Files {
    _folder: TempDir,
    config: Config,
    rules: Rules,
}

impl Files {
    fn new() -> Files {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut report = "CustomerID,AccountName,Domain,City,Country,AzureCluster\n".to_owned();
        for at in 0..CUSTOMERS {
            let domain = if at.is_multiple_of(3) { String::new() } else { domain(at) };
            report += &format!("{},{},{domain},Ulm,Germany,Act Now\n", 30_000_000 + at, name(at));
        }
        let mut crm = "Account ID,Account Name,Website,Billing City,Billing Country\n".to_owned();
        for at in 0..ACCOUNTS {
            let of = if at.is_multiple_of(10) { at / 10 } else { at + 1_000_000 };
            let spelt = name(of).to_uppercase().replace(" GMBH", "").replace(" LTD", " Limited");
            crm += &format!("A{at:07},{spelt},https://www.{}/,Ulm,Germany\n", domain(of));
        }
        let write = |name: &str, text: &str| -> PathBuf {
            let path = folder.path().join(name);
            fs::write(&path, text).expect(name);
            path
        };
        let mut config = Config::new(folder.path().join("out"), date(2026, 11, 21));
        config.reports = vec![(None, write("Azure.csv", &report))];
        config.crm = vec![write("Accounts.csv", &crm)];
        let rules = Rules::load(None, &[]).expect("the built-in tables");
        Files { _folder: folder, config, rules }
    }

    fn found(&self) -> Found {
        find(&self.config, &self.rules).expect("a run")
    }

    fn matcher<'f>(&'f self, found: &'f Found) -> Matcher<'f> {
        Matcher::new(&found.index, &self.rules.link, &self.rules.matching)
    }
}

fn index(c: &mut Criterion) {
    let files = Files::new();
    let customers = files.found().customers;
    let mut group = c.benchmark_group("index");
    group.throughput(Throughput::Elements(CUSTOMERS as u64));
    group.bench_function("build", |bench| {
        bench.iter(|| Index::build(&customers.list, &files.rules.link));
    });
}

/// The accounts as the CRM has them, name and domain.
fn accounts() -> Vec<(String, String, String)> {
    let of = |at: usize| if at.is_multiple_of(10) { at / 10 } else { at + 1_000_000 };
    (0..ACCOUNTS).map(|at| (format!("A{at:07}"), name(of(at)), domain(of(at)))).collect()
}

fn account<'a>((id, name, domain): &'a (String, String, String)) -> Account<'a> {
    Account {
        id: id.as_str().into(),
        name,
        websites: [domain.as_str()].into_iter().collect(),
        city: "Ulm",
        country: "Germany",
        ..Account::default()
    }
}

/// A contact of an account.
fn contact<'a>((id, _, _): &'a (String, String, String), email: &'a str) -> Contact<'a> {
    let id = id.as_str();
    Contact { id: id.into(), account_id: id.into(), email, ..Contact::default() }
}

fn addresses(c: &mut Criterion) {
    let files = Files::new();
    let (found, accounts) = (files.found(), accounts());
    let emails: Vec<String> = accounts.iter().map(|row| format!("ann@{}", row.2)).collect();
    let mut group = c.benchmark_group("addresses");
    group.throughput(Throughput::Elements(ACCOUNTS as u64));
    group.bench_function("contacts against the index", |bench| {
        bench.iter(|| {
            let rows = accounts.iter().zip(&emails).map(|(row, email)| contact(row, email));
            contact_domains(&found.index, &files.rules.link, rows)
        });
    });
}

fn candidates(c: &mut Criterion) {
    let files = Files::new();
    let (found, accounts) = (files.found(), accounts());
    let matcher = files.matcher(&found);
    let mut group = c.benchmark_group("candidates");
    group.throughput(Throughput::Elements(ACCOUNTS as u64));
    group.bench_function("accounts against the index", |bench| {
        bench.iter(|| {
            let rows = accounts.iter().enumerate();
            candidates_of(&matcher, rows.map(|(at, row)| (at as u64, account(row))))
        });
    });
}

fn decide(c: &mut Criterion) {
    let files = Files::new();
    let found = files.found();
    let verdicts = Verdicts::default();
    let decider = Decider {
        matcher: &files.matcher(&found),
        customers: &found.customers,
        verdicts: &verdicts,
        unlike_names: UnlikeNames::Review,
        share_accounts: false,
    };
    let mut group = c.benchmark_group("decide");
    group.throughput(Throughput::Elements(CUSTOMERS as u64));
    group.bench_function("all customers", |bench| {
        bench.iter(|| decider.decide_all(&found.candidates));
    });
}

fn whole(c: &mut Criterion) {
    let files = Files::new();
    let clock = || "2026-11-21T10:00:00Z".to_owned();
    let mut group = c.benchmark_group("whole");
    group.throughput(Throughput::Elements(ACCOUNTS as u64));
    group.sample_size(10);
    group.bench_function("find", |bench| bench.iter(|| files.found()));
    group.bench_function("reconcile", |bench| {
        bench.iter(|| reconcile(&files.config, &clock).expect("results"));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for stage in [index, addresses, candidates, decide, whole] {
        stage(&mut criterion);
    }
    criterion.final_summary();
}
