//! What the targets of `fuzz/` call: each function takes bytes, and whatever they are, reading ends,
//! and what it gives is in order.

use std::{fs, path::PathBuf, process, sync::LazyLock, thread};

use crate::{
    columns::ReportKind,
    config::Config,
    normalise::{
        company::{CompanyName, KnownWords, NameRules},
        domain::{self, DomainRules},
    },
    read::{
        Input, ReadOptions,
        value::{DateColumn, NumberColumn},
    },
    run::pipeline::reconcile,
    verdicts::{Verdicts, harvest},
};

static DOMAINS: LazyLock<DomainRules> =
    LazyLock::new(|| DomainRules::load(None, &[]).expect("the built-in tables"));
static NAMES: LazyLock<NameRules> =
    LazyLock::new(|| NameRules::load(None).expect("the built-in tables"));

/// Reads bytes as a delimited file, compressed or not.
pub fn delimited(bytes: &[u8]) {
    read_as("csv", bytes);
}

/// Reads bytes as a workbook, whatever they are.
pub fn workbook(bytes: &[u8]) {
    for start in [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"] {
        let mut book = start.to_vec();
        book.extend_from_slice(bytes.get(4..).unwrap_or_default());
        read_as("xlsx", &book);
    }
}

/// Reads the lines of a text as the cells of one column of dates and one of numbers.
pub fn value(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut dates, mut numbers) = (DateColumn::default(), NumberColumn::default());
    for cell in text.lines() {
        dates.observe(cell);
        numbers.observe(cell);
    }
    for cell in text.lines() {
        if let Some(date) = dates.parse(cell) {
            assert_eq!(dates.parse(&date.to_string()), Some(date), "cell: {cell:?}");
        }
        numbers.parse(cell);
    }
}

/// Reads bytes as a web or e-mail address. What comes out is a domain: reading it again gives
/// itself.
pub fn domain(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut buffer, mut again) = (String::new(), String::new());
    let Some((found, _)) = DOMAINS.read(&text, &mut buffer) else { return };
    assert!(!found.is_empty() && found.len() <= 255, "raw: {text:?}: {found:?}");
    assert!(!found.contains(char::is_whitespace), "raw: {text:?}: {found:?}");
    assert!(found.starts_with(domain::label(found)), "raw: {text:?}: {found:?}");
    let second = DOMAINS.read(found, &mut again);
    assert_eq!(second.map(|(found, _)| found), Some(found), "raw: {text:?}");
}

/// Reads bytes as a company name. Reading the key again gives the same key, and a name equals
/// itself whatever was read before it.
pub fn company(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut name, mut again) = (CompanyName::default(), CompanyName::default());
    let mut words = KnownWords::default();
    NAMES.read(&text, &mut KnownWords::default(), &mut name);
    NAMES.read("Contoso Holding GmbH & Co. KG", &mut words, &mut again);
    NAMES.read(&text, &mut words, &mut again);
    assert_eq!((name.key(), &name.forms), (again.key(), &again.forms), "raw: {text:?}");
    for (word, _) in name.words() {
        assert!(!word.is_empty(), "raw: {text:?}");
        assert!(!word.contains(char::is_whitespace), "raw: {text:?}: {word:?}");
    }
}

/// Reads bytes as `verdicts.csv`, and as a filled-in review sheet whose verdicts are taken over:
/// taking them over again adds none, and what was taken over can be read.
pub fn verdict(bytes: &[u8]) {
    let folder = fresh_folder("verdict");
    let file = folder.join("verdicts.csv");
    fs::write(&file, bytes).expect("the temporary folder can be written");
    let _ = Verdicts::load(&file);
    fs::write(folder.join("review.csv"), bytes).expect("the temporary folder can be written");
    let fresh = folder.join("taken.csv");
    if let Ok(first) = harvest((&folder, &[]), (&fresh, None), "2026-11-21T08:00:00Z") {
        let second = harvest((&folder, &[]), (&fresh, None), "2026-11-21T09:00:00Z")
            .expect("it was read before");
        assert_eq!(second.added, 0, "of {} verdicts some were added twice", first.added);
        let (verdicts, problems) = Verdicts::load(&fresh).expect("what was written can be read");
        assert_eq!(problems, [], "{} verdicts", first.added);
        assert_eq!(verdicts.is_empty(), first.added == 0);
    }
    let _ = fs::remove_dir_all(&folder);
}

/// Who stands in the list and in the CRM of [`list`].
const WHO: &str = "zoe@quellbrink.de";

/// Runs the program over a small CRM with bytes as suppression list, in which an address stands in a
/// cell or a line of its own somewhere. Whatever stands around it: who is meant is on no list.
pub fn list(bytes: &[u8]) {
    let rows = with_line(bytes, WHO);
    if let Some(listed) = listed("list", &[], Some(&rows)) {
        assert!(!listed.contains(WHO), "{WHO} is listed: {:?}", String::from_utf8_lossy(&rows));
    }
}

/// Runs the program over a small CRM with bytes among the rows of a file of contacts, in which one
/// denies. Whatever stands around that row: who denies there is on no list. Quotes are left out, as
/// one that is open may make anything a part of another cell.
pub fn people(bytes: &[u8]) {
    let plain: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'"').collect();
    let mut rows = b"Contact ID,Account ID,Last Name,Email,Email Opt Out\n".to_vec();
    rows.extend(with_line(&plain, &format!("003Z,001A,Z,{WHO},1")));
    if let Some(listed) = listed("people", &[&rows], None) {
        assert!(!listed.contains(WHO), "{WHO} is listed: {:?}", String::from_utf8_lossy(&rows));
    }
}

/// Bytes with a line between two of their own.
fn with_line(bytes: &[u8], line: &str) -> Vec<u8> {
    let at = bytes.iter().take(64).map(|byte| usize::from(*byte)).sum::<usize>();
    let breaks: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
    let at = breaks.get(at % breaks.len().max(1)).map_or(0, |at| at + 1);
    [&bytes[..at], format!("{line}\n").as_bytes(), &bytes[at..]].concat()
}

/// What the list of contacts of a small CRM holds, of which one is [`WHO`] and free, with further
/// files of contacts and a suppression list; `None` where the program refuses them.
fn listed(what: &str, contacts: &[&[u8]], suppress: Option<&[u8]>) -> Option<String> {
    let folder = fresh_folder(what);
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).expect("the temporary folder can be written");
        folder.join(name)
    };
    let mut config = Config::new(folder.join("out"), jiff::civil::date(2026, 11, 21));
    let report = write(
        "Azure.csv",
        b"CustomerID,AccountName,Domain,AzureCluster\n30000001,Quellbrink,quellbrink.de,Act Now\n",
    );
    config.reports.push((Some(ReportKind::Azure), report));
    config.accounts.push(write(
        "Accounts.csv",
        b"Account ID,Account Name,Website\n001A,Quellbrink,quellbrink.de\n",
    ));
    let people = format!(
        "Contact ID,Account ID,Last Name,Email,Email Opt Out\n003A,001A,Z,{WHO},0\n003B,001A,B,bea@quellbrink.de,0\n"
    );
    config.contacts.push(write("Contacts.csv", people.as_bytes()));
    for (at, rows) in contacts.iter().enumerate() {
        config.contacts.push(write(&format!("More{at}.csv"), rows));
    }
    config.suppress.extend(suppress.map(|rows| write("list.csv", rows)));
    let ran = reconcile(&config, &|| "2026-11-21T08:00:00Z".to_owned()).is_ok();
    let listed =
        ran.then(|| fs::read_to_string(folder.join("out/contacts.csv")).expect("it was written"));
    let _ = fs::remove_dir_all(&folder);
    listed
}

/// An empty folder that no other thread or process uses.
fn fresh_folder(what: &str) -> PathBuf {
    let name = format!("{what}-{}-{:?}", process::id(), thread::current().id());
    let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

/// Reads bytes through a file and checks that rows and problems come in the order of their lines,
/// and that all rows have the cells that the header asks for.
fn read_as(extension: &str, bytes: &[u8]) {
    let name = format!("reading-{}-{:?}.{extension}", process::id(), thread::current().id());
    let path = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    fs::write(&path, bytes).expect("the temporary folder can be written");
    check(path.clone());
    let _ = fs::remove_file(path);
}

fn check(path: PathBuf) {
    let Ok(table) = Input::named(path).open(&ReadOptions::default()) else { return };
    let header = table.info().header.clone();
    assert!(header.iter().any(|name| !name.is_empty()), "a header says something");
    let least = header.iter().rposition(|name| !name.is_empty()).map_or(1, |at| at + 1);
    let (mut above, mut problem_above) = (0, 0);
    for batch in table.into_batches() {
        let Ok(batch) = batch else { return };
        for row in batch.rows() {
            assert!(row.line > above, "row {} comes after row {above}", row.line);
            assert!(row.len() >= least, "row {}: {} of {least} cells", row.line, row.len());
            assert_eq!(row.cells().len(), row.len());
            assert!((0..row.len()).any(|column| !row.raw(column).trim().is_empty()));
            above = row.line;
        }
        for problem in batch.problems.iter().filter(|problem| problem.record_lost) {
            assert!(problem.line > problem_above, "problems are in order: {problem:?}");
            problem_above = problem.line;
        }
    }
}

#[cfg(test)]
mod tests;
