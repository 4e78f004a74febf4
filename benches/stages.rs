//! One bench per stage, over generated rows: 2,000 customers and 20,000 accounts, one of ten of
//! which is the account of a customer under another spelling.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use crm_reconcile::{
    compare::compare,
    config::{Config, UnlikeNames},
    crm::Account,
    decide::Decider,
    index::{Index, LinkRules},
    link::{Matcher, candidates as candidates_of, keys::AccountKeys, word_cache::WordCache},
    lists::ContactLists,
    normalise::company::{CompanyName, KnownWords},
    read::{Input, ReadOptions},
    run::{Found, Rules, pipeline::find},
    verdicts::Verdicts,
    write::{Findings, prepare, publish},
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

/// The generated files, what a run finds in them, and the folder that holds them.
struct Files {
    folder: TempDir,
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
        Files { folder, config, rules }
    }

    fn found(&self) -> Found {
        find(&self.config, &self.rules).expect("a run")
    }

    fn matcher<'f>(&'f self, found: &'f Found) -> Matcher<'f> {
        Matcher::new(&found.index, &self.rules.link, &self.rules.matching)
    }
}

/// Reads a file to its rows, the check of its encoding included; gives their number.
fn rows(path: &Path) -> usize {
    let table = Input::named(path).open(&ReadOptions::default()).expect("a table");
    table.into_batches().map(|batch| batch.expect("rows").len()).sum()
}

/// The floor: what the csv crate alone needs for the same bytes.
fn floor(path: &Path) -> usize {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let mut record = csv::ByteRecord::new();
    let mut records = 0;
    while reader.read_byte_record(&mut record).expect("a row") {
        records += 1;
    }
    records
}

/// Prints how many times the csv crate's CPU reading costs: both take turns on one thread, and the
/// best round of each counts.
#[expect(clippy::print_stdout, reason = "the answer goes to standard output, as the benches' own")]
fn print_ratio(what: &str, path: &Path) {
    const ROUNDS: usize = 40;
    let timed = |read: fn(&Path) -> usize| {
        let start = Instant::now();
        assert_eq!(black_box(read(path)), ACCOUNTS);
        start.elapsed()
    };
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(timed(rows));
        theirs = theirs.min(timed(floor));
    }
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("read/ratio, {what}: {ratio:.2} times the csv crate ({ours:?} to {theirs:?})");
}

fn read(c: &mut Criterion) {
    let files = Files::new();
    let path = files.folder.path().join("Accounts.csv");
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Bytes(fs::metadata(&path).expect("a file").len()));
    group.bench_function("bytes to rows", |bench| bench.iter(|| rows(&path)));
    group.bench_function("csv crate", |bench| bench.iter(|| floor(&path)));
    group.finish();
    print_ratio("plain cells", &path);
    let quoted = files.folder.path().join("Quoted.csv");
    let text = fs::read_to_string(&path).expect("a file");
    let quote = |line: &str| format!("\"{}\"\n", line.replace(',', "\",\""));
    fs::write(&quoted, text.lines().map(quote).collect::<String>()).expect("a file");
    print_ratio("quoted cells", &quoted);
}

fn normalise(c: &mut Criterion) {
    let rules = LinkRules::load(None, &[]).expect("the built-in tables");
    let names: Vec<String> = (0..CUSTOMERS).map(name).collect();
    let mut group = c.benchmark_group("normalise");
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("company names", |bench| {
        let (mut words, mut read) = (KnownWords::default(), CompanyName::default());
        bench.iter(|| {
            for raw in &names {
                rules.names.read(raw, &mut words, &mut read);
                black_box(&read);
            }
        });
    });
    group.bench_function("domains", |bench| {
        let domains: Vec<String> = (0..CUSTOMERS).map(domain).collect();
        let mut buffer = String::new();
        bench.iter(|| {
            domains.iter().filter(|raw| rules.domains.read(raw, &mut buffer).is_some()).count()
        });
    });
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

fn compare_pairs(c: &mut Criterion) {
    let files = Files::new();
    let (found, rows) = (files.found(), accounts());
    let (mut keys, mut cache) = (AccountKeys::default(), WordCache::default());
    let rules = &files.rules.link;
    keys.read(&account(&rows[0]), &[], &mut cache, &found.index, rules);
    let place = rules.places.read("Germany", "", "", "Ulm");
    let words = keys.name.refs(&place, &cache);
    let side = keys.side(&words, &place);
    let mut group = c.benchmark_group("compare");
    group.throughput(Throughput::Elements(CUSTOMERS as u64));
    group.bench_function("one account with all customers", |bench| {
        bench.iter(|| {
            for customer in &found.index.customers {
                black_box(compare(&found.index, customer, &side, &files.rules.matching));
            }
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

fn write(c: &mut Criterion) {
    let files = Files::new();
    let found = files.found();
    let counts = &found.accounts.counts;
    let contacts = ContactLists {
        of_customer: vec![(0, 0); found.customers.list.len()],
        ..ContactLists::default()
    };
    let clock = || "2026-11-21T10:00:00Z".to_owned();
    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(CUSTOMERS as u64));
    group.sample_size(10);
    group.bench_function("all files but lists", |bench| {
        bench.iter(|| {
            let taken = prepare(&files.config, &clock()).expect("nothing is in the way");
            let findings = Findings {
                config: &files.config,
                customers: &found.customers,
                report_rules: &files.rules.report,
                decisions: &found.decisions,
                contacts: &contacts,
                explain: &|candidates| vec!["".into(); candidates.len()],
                accounts: counts.clone(),
                accounts_read: ACCOUNTS as u64,
                contacts_read: 0,
                contacts_unreadable: 0,
                problems: &[],
                inputs: Vec::new(),
                notes: Vec::new(),
                started: clock(),
                now: &clock,
            };
            publish(&findings, &taken, |_, _| Ok(())).expect("results")
        });
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for stage in [read, normalise, index, candidates, compare_pairs, decide, write] {
        stage(&mut criterion);
    }
    criterion.final_summary();
}
