//! Filled-in review sheets to lines of `verdicts.csv`, before anything else can fail.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rustc_hash::FxHashMap;

use super::{
    Verdict, Word,
    sheet::Sheet,
    store::{append, problem, read_lines, understand},
};
use crate::{
    error::{Error, Result},
    problem::Problem,
};

/// The names under which a filled-in review sheet is looked for.
const REVIEW_FILES: [&str; 2] = ["review.csv", "review.xlsx"];

/// What was taken in from review sheets.
#[derive(Debug, Default)]
pub struct Harvest {
    /// How many verdicts were added to `verdicts.csv`.
    pub added: usize,
    /// Rows whose verdict could not be used, and contradictions between the two sheets.
    pub problems: Vec<Problem>,
    /// The state of the review sheets when they were read.
    pub files: ReviewFiles,
}

/// When the review sheets of a folder were last saved: enough to see that a person saved one again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewFiles([Option<(SystemTime, u64)>; 2]);

impl ReviewFiles {
    /// The state of the review sheets in a folder now.
    pub fn of(folder: &Path) -> ReviewFiles {
        ReviewFiles(REVIEW_FILES.map(|name| {
            let meta = fs::metadata(folder.join(name)).ok()?;
            Some((meta.modified().ok()?, meta.len()))
        }))
    }
}

/// Takes the verdicts that a person typed into `review.xlsx` or `review.csv` of a result folder
/// over into `verdicts.csv`; `time` is written down with them. When this returns they are on the
/// disk, whatever happens to the run. What `verdicts.csv` says already is not added again.
///
/// Where the two sheets contradict each other, the one saved later holds.
///
/// # Errors
///
/// Fails when a review sheet exists but cannot be read (it would be lost when the folder is
/// replaced), or when `verdicts.csv` cannot be read or written.
pub fn harvest(folder: &Path, verdicts: &Path, time: &str) -> Result<Harvest> {
    let mut harvest = Harvest { files: ReviewFiles::of(folder), ..Harvest::default() };
    let mut found: Vec<Typed> = Vec::new();
    for path in by_age(folder, &harvest.files) {
        let sheet = read_sheet(&path, time, &mut harvest.problems)?;
        harvest.problems.extend(contradictions(&found, &sheet));
        found.extend(sheet);
    }
    if found.is_empty() {
        return Ok(harvest);
    }
    let known = InForce::of(read_lines(verdicts)?.0);
    let mut last: FxHashMap<Key, usize> = FxHashMap::default();
    let mut lines: Vec<Verdict> = Vec::new();
    for typed in found {
        let line = typed.verdict;
        match last.get(&key(&line)) {
            Some(&at) => lines[at] = line,
            None => {
                last.insert(key(&line), lines.len());
                lines.push(line);
            }
        }
    }
    lines.retain(|line| !known.says(line));
    append(verdicts, &lines)?;
    harvest.added = lines.len();
    Ok(harvest)
}

/// A verdict of a review sheet, and where it stood.
struct Typed {
    verdict: Verdict,
    path: PathBuf,
    line: u64,
}

/// The review sheets that exist, the one saved last at the end.
fn by_age(folder: &Path, files: &ReviewFiles) -> Vec<PathBuf> {
    let mut sheets: Vec<_> =
        files.0.iter().zip(REVIEW_FILES).filter(|(at, _)| at.is_some()).collect();
    sheets.sort();
    sheets.into_iter().map(|(_, name)| folder.join(name)).collect()
}

fn read_sheet(path: &Path, time: &str, problems: &mut Vec<Problem>) -> Result<Vec<Typed>> {
    let sheet = Sheet::open(path)?;
    let wanted = ["customer_id", "account_id", "verdict", "reviewer", "", "seen", "note"];
    let columns = wanted.map(|name| sheet.column(name));
    if columns[..3].contains(&None) {
        return Err(Error::Unusable {
            file: path.display().to_string(),
            found: "has no column customer_id, account_id or verdict; its verdicts would be lost"
                .into(),
            todo: "restore the header row, or move the file away".into(),
        });
    }
    let mut found = Vec::new();
    for row in sheet.rows() {
        let cell = |at: usize| columns[at].map_or("", |column| row.cell(column));
        if cell(2).is_empty() {
            continue;
        }
        match understand(cell) {
            Ok(mut verdict) => {
                verdict.time = time.to_owned();
                if verdict.word == Word::None {
                    let customer = verdict.seen.split('-').next().unwrap_or("");
                    verdict.seen = customer.to_owned();
                }
                found.push(Typed { verdict, path: path.to_owned(), line: row.line });
            }
            Err(what) => problems.push(problem(path, row, what)),
        }
    }
    Ok(found)
}

/// A problem for each pair on which a later sheet says something else than an earlier one.
fn contradictions(earlier: &[Typed], later: &[Typed]) -> Vec<Problem> {
    let said: FxHashMap<_, _> = earlier.iter().map(|typed| (key(&typed.verdict), typed)).collect();
    let differs = |typed: &&Typed| {
        said.get(&key(&typed.verdict)).is_some_and(|other| other.verdict.word != typed.verdict.word)
    };
    let problem = |typed: &Typed| Problem {
        file: typed.path.display().to_string(),
        line: typed.line,
        column: "verdict".into(),
        what: format!(
            "{} says otherwise of this pair; this file was saved later and holds",
            said.get(&key(&typed.verdict)).map_or_else(String::new, |other| format!(
                "{}:{}",
                other.path.display(),
                other.line
            )),
        ),
        record_lost: false,
    };
    later.iter().filter(differs).map(problem).collect()
}

/// Customer and account.
type Key = (String, String);

fn key(verdict: &Verdict) -> Key {
    (verdict.customer_id.clone(), verdict.account_id.clone())
}

/// The lines of `verdicts.csv` that hold, by customer and account.
struct InForce(FxHashMap<String, FxHashMap<String, Verdict>>);

impl InForce {
    fn of(lines: Vec<Verdict>) -> InForce {
        let mut customers: FxHashMap<String, FxHashMap<String, Verdict>> = FxHashMap::default();
        for line in lines {
            let of = customers.entry(line.customer_id.clone()).or_default();
            match line.word {
                Word::Accept => drop(of.remove("")),
                Word::None => of.retain(|_, known| known.word != Word::Accept),
                Word::Reject => {}
            }
            of.insert(line.account_id.clone(), line);
        }
        InForce(customers)
    }

    /// Whether the same is said of the same already, by whomever and whenever.
    fn says(&self, line: &Verdict) -> bool {
        let known = self.0.get(&line.customer_id).and_then(|of| of.get(&line.account_id));
        known.is_some_and(|known| {
            known.word == line.word && known.seen == line.seen && known.note == line.note
        })
    }
}
