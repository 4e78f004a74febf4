//! Filled-in review sheets to lines of `verdicts.csv`, before anything else can fail.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::{
    Verdict, VerdictWords, Word,
    store::{append, problem, read_lines, understand},
};
use crate::{
    error::{Error, Result, slashed},
    language::{Language, Texts},
    problem::Problem,
    result::{
        author::last_author,
        column::ByColumn as _,
        file::{review, verdicts::Row as Cells},
        table::{Place, Table},
    },
};

/// The names under which a filled-in review sheet is looked for.
fn review_files() -> [&'static str; 2] {
    let workbook = review::FILE.workbook.as_ref().map_or(review::FILE.name, |book| book.name);
    [review::FILE.name, workbook]
}

/// What was taken in from review sheets.
#[derive(Debug, Default)]
pub(crate) struct Harvest {
    /// How many verdicts and notes were added to `verdicts.csv`.
    pub(crate) added: usize,
    /// How many of them decide something.
    pub(crate) decisions: usize,
    /// Verdicts that were not understood, to be shown again.
    pub(crate) unclear: Vec<Unclear>,
    /// Rows whose verdict could not be used, and contradictions between the two sheets.
    pub(crate) problems: Vec<Problem>,
    /// The state of the review sheets when they were read.
    pub(crate) files: ReviewFiles,
    /// The review sheets, by name, of which all that a person said is in `verdicts.csv`.
    pub(crate) settled: Vec<PathBuf>,
    /// The sheets that must not be read again as they are now, though they may stay: those under
    /// other names, and those of which something was not understood.
    pub(crate) read: Vec<PathBuf>,
    /// What the user should know of sheets under other names.
    pub(crate) notes: Vec<String>,
}

/// What a person typed for a verdict, and nobody understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unclear {
    /// The customer's key.
    pub(crate) customer_id: String,
    /// The account's id.
    pub(crate) account_id: String,
    /// What was typed.
    pub(crate) typed: String,
}

impl Harvest {
    /// Adds what was taken in from another folder, the later one.
    pub(crate) fn add(&mut self, other: Harvest) {
        self.added += other.added;
        self.decisions += other.decisions;
        self.problems.extend(other.problems);
        self.unclear.extend(other.unclear);
        self.notes.extend(other.notes);
    }
}

/// When the review sheets of a folder were last saved: enough to see that a person saved one again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ReviewFiles([Option<(SystemTime, u64)>; 2]);

impl ReviewFiles {
    /// The state of the review sheets in a folder now.
    pub(crate) fn of(folder: &Path) -> ReviewFiles {
        ReviewFiles(review_files().map(|name| {
            let meta = fs::metadata(folder.join(name)).ok()?;
            Some((meta.modified().ok()?, meta.len()))
        }))
    }
}

/// Takes the verdicts that a person typed into `review.xlsx` or `review.csv` of a result folder
/// over into `verdicts.csv`; `time` is written down with them. When this returns they are on the
/// disk, whatever happens to the run. What `verdicts.csv` says already is not added again. A note
/// without a verdict is taken over too. `others` are files of the folder that may be review sheets
/// under other names. `rules` is the folder of the user's own tables.
///
/// Where sheets contradict each other, the one saved later holds.
///
/// # Errors
///
/// Fails when a review sheet exists but cannot be read (it would be lost when the folder is
/// replaced), or when `verdicts.csv` cannot be read or written.
pub(crate) fn harvest(
    (folder, others): (&Path, &[PathBuf]),
    (verdicts, rules): (&Path, Option<&Path>),
    time: &str,
) -> Result<Harvest> {
    let mut harvest = Harvest { files: ReviewFiles::of(folder), ..Harvest::default() };
    let mut found: Vec<Typed> = Vec::new();
    let reader = SheetReader {
        words: VerdictWords::load(rules)?,
        texts: Texts::load(rules, Language::default())?,
        time,
    };
    for path in by_age(folder, others) {
        let open = (harvest.problems.len(), harvest.unclear.len());
        if others.contains(&path) {
            // what cannot be read is told again by the next run
            if let Some(said) = reader.read_other(&path, &mut harvest) {
                found.extend(said);
                harvest.read.push(path);
            }
            continue;
        }
        found.extend(reader.read(&path, &mut harvest)?);
        if (harvest.problems.len(), harvest.unclear.len()) == open {
            harvest.settled.extend(path.file_name().map(PathBuf::from));
        } else {
            harvest.read.push(path);
        }
    }
    let journal = read_lines(verdicts)?.0;
    let (found, lost) = without_outdated(found, &journal);
    harvest.problems.extend(lost.iter().map(outdated));
    for Typed { path, .. } in lost {
        let (name, settled) = (path.file_name().map(PathBuf::from), harvest.settled.len());
        harvest.settled.retain(|of| Some(of) != name.as_ref());
        if harvest.settled.len() < settled {
            harvest.read.push(path);
        }
    }
    harvest.problems.extend(contradictions(&found));
    if found.is_empty() {
        return Ok(harvest);
    }
    let known = InForce::of(journal);
    let mut lines = those_that_hold(found);
    lines.retain(|line| !known.says(line));
    append(verdicts, &lines)?;
    harvest.added = lines.len();
    harvest.decisions = lines.iter().filter(|line| line.word != Word::Note).count();
    Ok(harvest)
}

/// The verdicts without those of customers about whom somebody decided after the sheet was saved:
/// the later word holds. Then those of them that were never taken over.
fn without_outdated(found: Vec<Typed>, journal: &[Verdict]) -> (Vec<Typed>, Vec<Typed>) {
    // when somebody decided last, and said anything last: a note decides nothing
    let mut last: FxHashMap<&str, [Option<Timestamp>; 2]> = FxHashMap::default();
    for line in journal {
        if let Ok(time) = line.time.parse::<Timestamp>() {
            let [decided, said] = last.entry(&line.customer_id).or_default();
            *said = (*said).max(Some(time));
            if line.word != Word::Note {
                *decided = (*decided).max(Some(time));
            }
        }
    }
    let mut saved: FxHashMap<PathBuf, Option<Timestamp>> = FxHashMap::default();
    let mut is_outdated = |typed: &Typed| {
        let saved = saved.entry(typed.path.clone()).or_insert_with(|| {
            let time = fs::metadata(&typed.path).and_then(|meta| meta.modified()).ok()?;
            Timestamp::try_from(time).ok()
        });
        let [decided, said] = last.get(&*typed.verdict.customer_id).copied().unwrap_or_default();
        let later = if typed.verdict.word == Word::Note { said } else { decided };
        later.zip(*saved).is_some_and(|(later, saved)| later > saved)
    };
    let (outdated, current): (Vec<Typed>, Vec<Typed>) =
        found.into_iter().partition(|typed| is_outdated(typed));
    let was_taken_over = |of: &Verdict| {
        journal.iter().any(|line| {
            line.customer_id == of.customer_id
                && line.account_id == of.account_id
                && line.word == of.word
                && (of.word != Word::Note || line.note == of.note)
        })
    };
    let lost = outdated.into_iter().filter(|typed| !was_taken_over(&typed.verdict)).collect();
    (current, lost)
}

/// What there is to say of a verdict after which somebody decided otherwise.
fn outdated(typed: &Typed) -> Problem {
    let what = "somebody decided about this customer after the sheet was saved; that holds";
    let column = Cells::by_column(|column| column.name).verdict;
    Problem { record_lost: false, ..problem(&typed.path, typed.line, (column, what)) }
}

/// The verdicts without those that a later one replaces or excludes: taken over again, these would
/// come back to life.
fn those_that_hold(found: Vec<Typed>) -> Vec<Verdict> {
    let mut lines: Vec<Option<Verdict>> = Vec::with_capacity(found.len());
    let mut of_customer: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for Typed { verdict, .. } in found {
        let earlier = of_customer.entry(verdict.customer_id.clone()).or_default();
        for at in earlier.iter() {
            let replaces = |line: &mut Verdict| {
                (line.account_id == verdict.account_id && verdict.word != Word::Note)
                    || excludes(line, &verdict)
            };
            lines[*at].take_if(replaces);
        }
        earlier.push(lines.len());
        lines.push(Some(verdict));
    }
    lines.into_iter().flatten().collect()
}

/// A verdict of a review sheet, and where it stood.
struct Typed {
    verdict: Verdict,
    path: PathBuf,
    line: u64,
}

/// The review sheets that exist and the other files, the one saved last at the end.
fn by_age(folder: &Path, others: &[PathBuf]) -> Vec<PathBuf> {
    let own = review_files().map(|name| folder.join(name));
    let saved = |path: PathBuf| {
        let meta = fs::metadata(&path).ok()?;
        Some(((meta.modified().ok()?, meta.len()), path))
    };
    let mut sheets: Vec<_> =
        own.into_iter().chain(others.iter().cloned()).filter_map(saved).collect();
    sheets.sort();
    sheets.into_iter().map(|(_, path)| path).collect()
}

/// What is needed to understand a review sheet.
struct SheetReader<'s> {
    words: VerdictWords,
    texts: Texts,
    /// When it is read, ISO.
    time: &'s str,
}

impl SheetReader<'_> {
    /// The verdicts and notes of a sheet, in its order.
    fn read(&self, path: &Path, harvest: &mut Harvest) -> Result<Vec<Typed>> {
        let table = Table::open(path)?;
        // a reviewer may have a column of his own in the sheet; the time is that of this run
        let at: Cells<Place> = table.places_in(&self.texts);
        let needed = [at.customer_id, at.account_id, at.verdict];
        if needed.iter().any(|place| place.at.is_none()) {
            let [customer, account, verdict] = needed.map(|place| place.column.name);
            return Err(Error::Unusable {
                file: table.file,
                found: format!(
                    "has no column {customer}, {account} or {verdict}; its verdicts would be lost"
                ),
                todo: "restore the header row, or move the file away".into(),
            });
        }
        let author = last_author(path).unwrap_or_default();
        let mut found = Vec::new();
        let unread = table.each(|row| {
            let cells = at.each(|place| place.meant(row));
            if let Some(verdict) = self.said(&cells, &author, (path, row.line), harvest) {
                found.push(Typed { verdict, path: path.to_owned(), line: row.line });
            }
            Ok(())
        })?;
        harvest.problems.extend(unread);
        Ok(found)
    }

    /// The verdicts and notes of a file under another name, where it is a review sheet. A file that is
    /// called one and cannot be read is told of: then `None`.
    fn read_other(&self, path: &Path, harvest: &mut Harvest) -> Option<Vec<Typed>> {
        let is_review = Table::open(path).map(|table| {
            let at: review::Row<Place> = table.places_in(&self.texts);
            let needed = [at.customer_id, at.account_id, at.verdict, at.similarity];
            needed.iter().all(|place| place.at.is_some())
        });
        let mut taken = Harvest::default();
        let found = match is_review {
            Ok(true) => self.read(path, &mut taken),
            Ok(false) if !self.is_named_so(path) => return Some(Vec::new()),
            Ok(false) => {
                harvest.notes.push(not_read(path, "its columns are not those of review.xlsx"));
                return None;
            }
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => {
                let name = slashed(path);
                let said = found.len();
                harvest.notes.push(format!(
                    "{name}: read as a review sheet under another name ({said} decisions and notes)"
                ));
                harvest.add(taken);
                Some(found)
            }
            Err(error) if self.is_named_so(path) => {
                harvest.notes.push(not_read(path, &error.to_string()));
                None
            }
            Err(_) => Some(Vec::new()),
        }
    }

    /// Whether a file is called a review, in one of the languages.
    fn is_named_so(&self, path: &Path) -> bool {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let mut words = self.texts.in_each_language("sheet.review");
        words.any(|word| name.contains(&word.to_lowercase()))
    }

    /// What a row says; of a verdict that is not understood, only its note.
    fn said(
        &self,
        cells: &Cells<&str>,
        author: &str,
        (path, line): (&Path, u64),
        harvest: &mut Harvest,
    ) -> Option<Verdict> {
        let mut row = Cells { time: self.time, ..cells.clone() };
        if row.reviewer.is_empty() {
            row.reviewer = author;
        }
        if !row.verdict.is_empty() {
            match understand(&row, &self.words) {
                Ok(verdict) => return Some(of_sheet(verdict)),
                Err(what) => harvest.problems.push(problem(path, line, what)),
            }
            if self.words.meant(row.verdict).is_none() {
                harvest.unclear.push(Unclear {
                    customer_id: row.customer_id.to_owned(),
                    account_id: row.account_id.to_owned(),
                    typed: row.verdict.to_owned(),
                });
            }
        }
        row.verdict = Word::Note.word();
        understand(&row, &self.words).ok().filter(|line| !line.note.is_empty())
    }
}

/// What is said of a file that is called a review and is not read.
fn not_read(path: &Path, why: &str) -> String {
    format!(
        "{}: called like a review sheet, but its decisions were not read: {why}; copy them into \
         review.xlsx, or restore the file",
        slashed(path)
    )
}

/// A verdict as it is kept: `none` has seen the customer only.
fn of_sheet(verdict: Verdict) -> Verdict {
    if verdict.word != Word::None {
        return verdict;
    }
    let seen = verdict.seen.split('-').next().unwrap_or("").to_owned();
    Verdict { seen, ..verdict }
}

/// A problem for each verdict that contradicts one before it: other words on one pair, or an
/// acceptance and a `none`. The later one holds.
fn contradictions(found: &[Typed]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut earlier: FxHashMap<&str, Vec<&Typed>> = FxHashMap::default();
    for typed in found {
        let said = earlier.entry(&typed.verdict.customer_id).or_default();
        if let Some(other) = said.iter().find(|other| excludes(&other.verdict, &typed.verdict)) {
            problems.push(Problem {
                file: slashed(&typed.path),
                line: typed.line,
                column: Cells::by_column(|column| column.name).verdict.into(),
                what: format!(
                    "contradicts {}:{}; this one holds, as it was saved later or stands below",
                    slashed(&other.path),
                    other.line
                ),
                record_lost: false,
                detail: None,
            });
        }
        said.push(typed);
    }
    problems
}

/// Whether two verdicts on one customer cannot both hold.
fn excludes(one: &Verdict, other: &Verdict) -> bool {
    let settled_beside_accepted =
        |a: &Verdict, b: &Verdict| a.word == Word::None && b.word == Word::Accept;
    let decide = one.word != Word::Note && other.word != Word::Note;
    (decide && one.account_id == other.account_id && one.word != other.word)
        || settled_beside_accepted(one, other)
        || settled_beside_accepted(other, one)
}

/// The lines of `verdicts.csv` that hold, by customer and account.
#[derive(Default)]
pub(super) struct InForce(BTreeMap<String, BTreeMap<String, Held>>);

/// What holds on one account.
#[derive(Default)]
struct Held {
    verdict: Option<Verdict>,
    /// A note that came after the verdict, or without one.
    note: Option<Verdict>,
}

impl InForce {
    pub(super) fn of(lines: Vec<Verdict>) -> InForce {
        let mut known = InForce::default();
        for line in lines {
            let of = known.0.entry(line.customer_id.clone()).or_default();
            match line.word {
                Word::Accept => drop(of.get_mut("").and_then(|held| held.verdict.take())),
                Word::None => of.values_mut().for_each(|held| {
                    held.verdict.take_if(|known| known.word == Word::Accept);
                }),
                Word::Reject | Word::Open | Word::Note => {}
            }
            let held = of.entry(line.account_id.clone()).or_default();
            match line.word {
                Word::Note => held.note = Some(line),
                Word::Open => *held = Held::default(),
                _ => *held = Held { verdict: Some(line), note: None },
            }
        }
        known
    }

    /// Whether the same is said of the same already, by whomever and whenever.
    fn says(&self, line: &Verdict) -> bool {
        let known = self.0.get(&line.customer_id).and_then(|of| of.get(&line.account_id));
        let Some(Held { verdict, note }) = known else { return false };
        let known_note = note.as_ref().or(verdict.as_ref()).map_or("", |known| &known.note);
        if line.word == Word::Note {
            return known_note == line.note;
        }
        verdict.as_ref().is_some_and(|known| {
            known.word == line.word && known.seen == line.seen && known_note == line.note
        })
    }

    /// The lines that hold, by customer and account.
    pub(super) fn into_lines(self) -> Vec<Verdict> {
        let held = self.0.into_values().flat_map(BTreeMap::into_values);
        held.flat_map(|held| [held.verdict, held.note]).flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rust_xlsxwriter::Workbook;

    use super::*;

    const HEADER: [&str; 5] = ["customer_id", "account_id", "seen", "verdict", "note"];

    /// A result folder with review sheets, and a file of verdicts next to it.
    struct Team(tempfile::TempDir);

    impl Team {
        fn new() -> Team {
            let team = Team(tempfile::tempdir().unwrap());
            fs::create_dir(team.out()).unwrap();
            team
        }

        fn out(&self) -> PathBuf {
            self.0.path().join("lists")
        }

        fn csv(&self, rows: &str) {
            let text = format!("{}\n{rows}", HEADER.join(","));
            fs::write(self.out().join("review.csv"), text).unwrap();
        }

        fn workbook(&self, rows: &[[&str; 5]]) {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            for (row, cells) in [HEADER].iter().chain(rows).enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    sheet.write_string(row as u32, column as u16, *cell).unwrap();
                }
            }
            book.save(self.out().join("review.xlsx")).unwrap();
        }

        /// Makes a review sheet older or younger than now.
        fn age(&self, file: &str, seconds: u64) {
            let file = fs::File::options().append(true).open(self.out().join(file)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
        }

        fn harvest(&self) -> Harvest {
            harvest((&self.out(), &[]), (&self.0.path().join("verdicts.csv"), None), "T").unwrap()
        }

        /// The lines of verdicts.csv: customer, account, word, seen, note.
        fn lines(&self) -> Vec<String> {
            let (lines, _) = read_lines(&self.0.path().join("verdicts.csv")).unwrap();
            let line = |of: &Verdict| {
                [&of.customer_id, &of.account_id, of.word.word(), &of.seen, &of.note].join(" ")
            };
            lines.iter().map(line).collect()
        }
    }

    #[test]
    fn a_verdict_that_one_below_excludes_never_comes_back() {
        let team = Team::new();
        team.csv("1,a,s,accept,\n1,b,s,none,\n");
        for added in [1, 0] {
            let harvest = team.harvest();
            assert_eq!(harvest.added, added);
            assert_eq!(harvest.problems.len(), 1, "the contradiction is a problem");
        }
        assert_eq!(team.lines(), ["1  none s "]);
    }

    #[test]
    fn a_workbook_and_its_twin_are_taken_in_once() {
        let team = Team::new();
        team.workbook(&[
            ["1", "A1", "c1-a1", "Annehmen", "same owner"],
            ["1", "A2", "c1-a2", "", ""],
            ["2", "B1", "c2-b1", "該当なし", ""],
        ]);
        team.csv("1,A1,c1-a1,accept,same owner\n3,C1,c3-a1,reject,\n");

        assert_eq!(team.harvest().added, 3);
        let want = ["1 A1 accept c1-a1 same owner", "3 C1 reject c3-a1 ", "2  none c2 "];
        let mut lines = team.lines();
        lines.sort();
        let mut want = want.map(str::to_owned);
        want.sort();
        assert_eq!(lines, want);
        assert_eq!(team.harvest().added, 0, "the same again");
    }

    #[test]
    fn of_two_sheets_that_disagree_the_one_saved_later_holds() {
        for (older, want) in [("review.csv", "accept"), ("review.xlsx", "reject")] {
            let team = Team::new();
            team.workbook(&[["1", "A1", "", "accept", ""]]);
            team.csv("1,A1,,reject,\n");
            team.age(older, 60);
            let harvest = team.harvest();
            assert_eq!(team.lines(), [format!("1 A1 {want}  ")], "older: {older}");
            assert_eq!(harvest.problems.len(), 1, "{:?}", harvest.problems);
            assert!(harvest.problems[0].what.contains(older), "{:?}", harvest.problems);
        }
    }

    #[test]
    fn an_acceptance_and_a_none_is_a_problem() {
        let team = Team::new();
        team.csv("1,A1,,accept,\n1,A2,,none,\n1,A3,,reject,\n");
        let harvest = team.harvest();
        assert_eq!(harvest.problems.len(), 1, "{:?}", harvest.problems);
        assert_eq!(harvest.problems[0].line, 3);
        assert_eq!(team.lines(), ["1  none  ", "1 A3 reject  "], "the acceptance does not hold");
    }

    #[test]
    fn a_changed_mind_is_written_down_again() {
        let team = Team::new();
        for (row, added) in
            [("accept", 1), ("none", 1), ("accept", 1), ("accept", 0), ("reject", 1), ("accept", 1)]
        {
            team.csv(&format!("1,A1,,{row},\n"));
            assert_eq!(team.harvest().added, added, "{row}");
        }
    }

    #[test]
    fn damaged_ids_are_refused_by_row() {
        let team = Team::new();
        team.csv("2.8E+11,A1,,accept,\n1,1.2E+20,,accept,\n1,A1,,maybe,\n1,A1,,reject,\n");
        let harvest = team.harvest();
        let places: Vec<_> = harvest.problems.iter().map(|p| (p.line, &*p.column)).collect();
        assert_eq!(places, [(2, "customer_id"), (3, "account_id"), (4, "verdict")]);
        assert_eq!(harvest.added, 1);
    }

    #[test]
    fn files_that_excel_saved_again_are_understood() {
        let text = format!("{}\n1;A1;;採用;\n", HEADER.join(";"));
        let shift_jis = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in [shift_jis, utf16, format!("\u{feff}{text}").into_bytes()] {
            let team = Team::new();
            fs::write(team.out().join("review.csv"), &bytes).unwrap();
            assert_eq!(team.harvest().added, 1, "{bytes:?}");
        }
    }

    #[test]
    fn a_note_without_a_verdict_is_kept_once() {
        let team = Team::new();
        team.csv("1,A1,c1-a1,,ask Petra\n");
        assert_eq!((team.harvest().added, team.harvest().added), (1, 0));
        assert_eq!(team.lines(), ["1 A1 note c1-a1 ask Petra"]);

        team.csv("1,A1,c1-a1,accept,ask Petra\n");
        assert_eq!(team.harvest().decisions, 1);
        team.csv("1,A1,c1-a1,accept,Petra knows\n");
        assert_eq!(team.harvest().added, 1);
        assert_eq!(team.harvest().added, 0);
    }

    #[test]
    fn what_is_not_understood_is_handed_back_and_its_note_kept() {
        let team = Team::new();
        team.csv("1,A1,c1-a1,hmm,ask Petra\n");
        let harvest = team.harvest();
        let want =
            Unclear { customer_id: "1".into(), account_id: "A1".into(), typed: "hmm".into() };
        assert_eq!(harvest.unclear, [want]);
        assert_eq!((harvest.added, harvest.decisions, harvest.problems.len()), (1, 0, 1));
        assert_eq!(team.lines(), ["1 A1 note c1-a1 ask Petra"]);
    }

    #[test]
    fn a_workbook_with_headings_of_a_language_is_read_and_says_who_decided() {
        let team = Team::new();
        let mut book = Workbook::new();
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_author("Petra"));
        let sheet = book.add_worksheet();
        let rows = [
            ["Entscheidung", "Kunden-ID", "Account-ID", "Kennung", "Notiz", "Entschieden von"],
            ["Ja", "1", "A1", "c1-a1", "", ""],
            ["keiner", "2", "B1", "c2-b1", "", "Kim"],
        ];
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *cell).unwrap();
            }
        }
        book.save(team.out().join("review.xlsx")).unwrap();
        assert_eq!(team.harvest().decisions, 2);
        assert_eq!(team.lines(), ["1 A1 accept c1-a1 ", "2  none c2 "]);
        let (lines, _) = read_lines(&team.0.path().join("verdicts.csv")).unwrap();
        assert_eq!(lines.iter().map(|of| &*of.reviewer).collect::<Vec<_>>(), ["Petra", "Kim"]);
    }

    #[test]
    fn a_sheet_without_rows_holds_no_verdict() {
        let team = Team::new();
        team.csv("");
        team.workbook(&[]);
        let harvest = team.harvest();
        assert_eq!((harvest.added, harvest.problems.len()), (0, 0));
    }

    #[test]
    fn a_sheet_that_cannot_be_read_stops_the_run() {
        for (file, text) in
            [("review.xlsx", "no workbook"), ("review.csv", "name,verdict\nx,accept\n")]
        {
            let team = Team::new();
            fs::write(team.out().join(file), text).unwrap();
            let verdicts = team.0.path().join("verdicts.csv");
            let error = harvest((&team.out(), &[]), (&verdicts, None), "T").unwrap_err();
            assert!(error.to_string().contains(file), "{error}");
            assert!(error.hint().is_some());
        }
    }

    #[test]
    fn a_decision_that_came_later_holds_and_a_note_is_none() {
        for (word, added, settled) in [("note", 1, 1), ("reject", 0, 0)] {
            let team = Team::new();
            let line = format!("1,A1,{word},Kim,2999-01-01T10:00:00Z,,audit: right");
            let text = format!("customer_id,account_id,verdict,reviewer,time,seen,note\n{line}\n");
            fs::write(team.0.path().join("verdicts.csv"), text).unwrap();
            team.csv("1,A1,s,accept,\n");
            let harvest = team.harvest();
            assert_eq!((harvest.added, harvest.settled.len()), (added, settled), "{word}");
            assert_eq!(harvest.problems.len(), 1 - added, "{word}");
        }
    }
}
