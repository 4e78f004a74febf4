//! The results as files; published as a whole or not at all.

pub(crate) mod access;
mod calls;
mod changes;
mod contacts;
mod customers;
mod decided;
mod figures;
mod history;
pub(crate) mod ledger;
mod lock;
mod measured;
mod outcomes;
mod overlap;
#[cfg(feature = "columnar")]
mod parquet;
pub(crate) mod page;
mod people;
mod plain;
mod profile;
pub(crate) mod publish;
pub(crate) mod review;
pub(crate) mod row;
mod twin;
pub(crate) mod workbook;
mod worksheet;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

pub(crate) use lock::Lock;
#[cfg(feature = "browser")]
pub(crate) use measured::{Layer, measured};
pub(crate) use outcomes::write_outcomes;
pub(crate) use overlap::refuse_inputs;
pub(crate) use page::page;

pub(crate) use crate::result::summary::{self, *};

use self::{
    calls::CallRows,
    changes::ChangeRows,
    contacts::ContactRows,
    customers::CustomerRows,
    decided::{LinkRows, UnmatchedRows},
    ledger::Strangers,
    people::{ForPeople, Ordered},
    plain::{AgreementRows, ProblemRows, SuppressedRows},
    publish::{Folders, Output, cannot_write},
    review::{ReviewRows, ReviewSheet},
    row::Rows,
    workbook::Sheet,
};
use crate::{
    changes::Changes,
    compare::parameters::Limits,
    config::Config,
    decide::Decisions,
    error::{Result, slashed},
    history::{Entry, Tagged},
    language::Texts,
    link::Candidate,
    lists::{ContactLists, CurrentDeals},
    problem::Problem,
    report::{Customers, ReportRules},
    result::{
        column::{Book, File},
        file,
        folder::{HISTORY, PAGE, SETTINGS},
        outcome::Outcomes,
    },
    verdicts::{Harvest, ReviewFiles, Unclear, Verdicts, harvest},
};

/// Cells up to which a workbook carries all columns, those of the reports too. The CSV twin always
/// carries them; beyond this a workbook takes longer to open than anybody waits.
const ALL_CELLS: usize = 2_000_000;

/// Everything that a run found out, ready to be written.
pub(crate) struct Findings<'f> {
    /// The choices of the run.
    pub(crate) config: &'f Config,
    /// The customers.
    pub(crate) customers: &'f Customers,
    /// The names of the bands of fit and intent.
    pub(crate) report_rules: &'f ReportRules,
    /// What was decided about each customer.
    pub(crate) decisions: &'f Decisions,
    /// What people said.
    pub(crate) verdicts: &'f Verdicts,
    /// What they said and nobody understands.
    pub(crate) unclear: &'f [Unclear],
    /// From where on a pair is accepted.
    pub(crate) limits: &'f Limits,
    /// The headings and sentences of the workbooks.
    pub(crate) texts: &'f Texts,
    /// What became of the contacts.
    pub(crate) contacts: &'f ContactLists,
    /// What is kept of the run for the months after it.
    pub(crate) entry: &'f Entry,
    /// What has changed since the period before.
    pub(crate) changes: &'f Changes,
    /// What the CRM may still show of earlier runs.
    pub(crate) tagged: &'f Tagged,
    /// Who is in the middle of a deal.
    pub(crate) deals: &'f CurrentDeals,
    /// What became of the customers of this period and those before.
    pub(crate) outcomes: &'f Outcomes,
    /// Candidate pairs, each as a plain sentence.
    pub(crate) explain: &'f (dyn Fn(&[&Candidate]) -> Vec<Box<str>> + Sync),
    /// Accounts by status.
    pub(crate) accounts: AccountCounts,
    /// Accounts read, as the reader counted them.
    pub(crate) accounts_read: u64,
    /// Contacts read or unreadable, as the reader counted them.
    pub(crate) contacts_read: u64,
    /// Contacts that could not be read.
    pub(crate) contacts_unreadable: u64,
    /// Rows and values left out.
    pub(crate) problems: &'f [Problem],
    /// Files found, read or skipped.
    pub(crate) inputs: Vec<InputSummary>,
    /// What is probably not as the user means it, as sentences.
    pub(crate) warnings: Vec<String>,
    /// What the user should know, as sentences.
    pub(crate) notes: Vec<String>,
    /// When the run began, ISO to the second.
    pub(crate) started: String,
    /// The time now, ISO to the second.
    pub(crate) now: &'f (dyn Fn() -> String + Sync),
}

/// What [`prepare`] has seen to, and [`publish`] needs.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What was taken in from review sheets.
    pub(crate) harvest: Harvest,
    output: Output,
}

/// Takes the output folder for this run alone, repairs an interrupted one and takes filled-in
/// review sheets over into `verdicts.csv`. Comes before anything else of a run.
///
/// # Errors
///
/// Fails when another run writes there, a folder in the place of the output is not ours, inputs
/// or verdicts lie in it, or a review sheet cannot be read.
pub(crate) fn prepare(config: &Config, time: &str) -> Result<Prepared> {
    for (flag, path) in [("--out", &config.out), ("--verdicts", &config.verdicts)] {
        publish::must_be_a_name(flag, path)?;
    }
    overlap::refuse(config)?;
    let output = publish::take(&config.out, time)?;
    history::keep(&output.folders, config)?;
    let mut taken = Harvest::default();
    for folder in output.folders.with_review(output.repaired) {
        let others = ledger::unread_sheets(folder)?;
        let verdicts = (config.verdicts.as_path(), config.rules.as_deref());
        let one = harvest((folder, &others), verdicts, time)?;
        ledger::record(folder, &one.settled)?;
        ledger::mark_read(folder, &one.read)?;
        if folder == output.folders.out {
            taken.files = one.files.clone();
        }
        taken.add(one);
    }
    if config.group_readable && config.verdicts.exists() {
        access::restrict(&config.verdicts, true).map_err(cannot_write(&config.verdicts))?;
    }
    Ok(Prepared { harvest: taken, output })
}

/// The first file that a run could not replace or add to if it ended now, as another program holds
/// it.
pub(crate) fn in_use(config: &Config) -> Option<PathBuf> {
    let of_results = publish::held(&Folders::of(&config.out)).unwrap_or_default();
    of_results.or_else(|| {
        let verdicts = &config.verdicts;
        (verdicts.exists() && publish::is_held(verdicts)).then(|| verdicts.clone())
    })
}

/// Writes all files into a draft and puts it in the place of `OUT`. Review sheets saved since
/// [`prepare`] are taken in as well. `add` may write further files into the folder that it is
/// given, from those that are there, and says so in the summary.
///
/// # Errors
///
/// Fails with [`Error::Totals`] before a file is written when a record is in
/// no status; else when a file cannot be written or replaced. `OUT` is then as it was.
pub(crate) fn publish(
    findings: &Findings<'_>,
    prepared: &Prepared,
    add: impl FnOnce(&Path, &mut Summary) -> Result<()>,
) -> Result<Summary> {
    let results = figures::results(findings);
    figures::check(&results, findings)?;

    let folders = &prepared.output.folders;
    publish::begin(folders)?;
    let summary = write_draft(prepared, findings, results, add);
    let summary = summary.inspect_err(|_| publish::give_up(folders))?;

    let there_was_one = folders.out.exists();
    let seen = harvest_again(&folders.out, &prepared.harvest.files, findings)?;
    publish::swap(folders)?;
    // The results are published: what is left to be put in order now, the next run sees to.
    let _ = history::keep(folders, findings.config);
    if there_was_one {
        harvest_again(&folders.previous, &seen, findings)?;
    }
    let _ = publish::settle(folders);
    Ok(summary)
}

/// Takes in the review sheets of a folder where one was saved since `seen`, and returns their state.
fn harvest_again(
    folder: &Path,
    seen: &ReviewFiles,
    findings: &Findings<'_>,
) -> Result<ReviewFiles> {
    let now = ReviewFiles::of(folder);
    if now == *seen {
        return Ok(now);
    }
    let Config { verdicts, rules, .. } = findings.config;
    let taken = harvest((folder, &[]), (verdicts, rules.as_deref()), &(findings.now)())?;
    ledger::record(folder, &taken.settled)?;
    ledger::mark_read(folder, &taken.read)?;
    Ok(taken.files)
}

/// That CSV files hold what a spreadsheet might run, as a sentence: where the first stands.
fn formulas(files: &[FileSummary], safe: bool) -> Option<String> {
    let with: Vec<&FileSummary> = files.iter().filter(|file| file.formula_like_cells > 0).collect();
    let first = with.first()?;
    let cells: u64 = with.iter().map(|file| file.formula_like_cells).sum();
    let more = match with.len() {
        1 => String::new(),
        files => format!(" and {} more files", files - 1),
    };
    let place = format!("{}:{}{more}", first.file, first.first_formula_line);
    Some(match safe {
        true => format!("{place}: cells that begin like formulas got a ' before them: {cells}"),
        false => format!(
            "{place}: cells that begin like formulas, which a spreadsheet may run: {cells}; open the \
             workbooks instead, or write CSV files with `--safe-csv`"
        ),
    })
}

/// What the output folder holds that stays, as a sentence.
fn stays(folders: &Folders) -> Result<Option<String>> {
    let Strangers { foreign, edited } = ledger::strangers(&folders.out)?;
    let named = |paths: &[PathBuf]| {
        let names: Vec<String> = paths.iter().map(|path| slashed(path)).collect();
        names.join(", ")
    };
    let mut said = Vec::new();
    if !foreign.is_empty() {
        said.push(format!("this program did not write {}: left where it is", named(&foreign)));
    }
    if !edited.is_empty() {
        said.push(format!(
            "edited since it was written, kept with `(edited)` in its name: {}",
            named(&edited)
        ));
    }
    let said = said.join("; ");
    Ok((!said.is_empty()).then(|| format!("{}: {said}", slashed(&folders.out))))
}

/// Writes all files into the draft, which is complete with the last of them.
fn write_draft(
    prepared: &Prepared,
    findings: &Findings<'_>,
    results: Results,
    add: impl FnOnce(&Path, &mut Summary) -> Result<()>,
) -> Result<Summary> {
    let folders = &prepared.output.folders;
    let new = &folders.draft;
    let files = write_files(new, findings)?;
    let mut summary = summary(findings, results, files);
    summary.notes.extend(stays(folders)?);
    add(new, &mut summary)?;
    summary.notes.extend(formulas(&summary.files, findings.config.safe_csv));
    summary.finished = (findings.now)();
    write_text(&new.join(PAGE), page(&summary, findings.texts).as_bytes())?;
    let text = serde_json::to_vec_pretty(&summary)
        .map_err(|error| cannot_write(new)(std::io::Error::other(error)))?;
    publish::complete(folders, &text, findings.config.group_readable)?;
    Ok(summary)
}

/// The summary of a run that writes nothing.
///
/// # Errors
///
/// Fails with [`Error::Totals`] when a record is in no status.
pub(crate) fn rehearse(findings: &Findings<'_>) -> Result<Summary> {
    let results = figures::results(findings);
    figures::check(&results, findings)?;
    Ok(summary(findings, results, Vec::new()))
}

fn summary(findings: &Findings<'_>, results: Results, files: Vec<FileSummary>) -> Summary {
    let settings = toml::from_str(&findings.config.settings)
        .unwrap_or_else(|_| serde_json::Value::String(findings.config.settings.clone()));
    let mut notes = findings.notes.clone();
    notes.extend(findings.contacts.notes.iter().cloned());
    Summary {
        program: Program::default(),
        started: findings.started.clone(),
        finished: (findings.now)(),
        as_of: findings.config.as_of.to_string(),
        folder: slashed(&findings.config.folder),
        results,
        inputs: findings.inputs.clone(),
        files,
        settings,
        problems: findings.problems.len() as u64,
        records_left_out: findings.problems.iter().filter(|problem| problem.record_lost).count()
            as u64,
        changes: findings.changes.figures.clone(),
        measured: measured::of_run(findings.customers, findings.decisions, findings.verdicts),
        warnings: findings.warnings.clone(),
        notes,
    }
}

/// Writes every file but the summary.
fn write_files(folder: &Path, findings: &Findings<'_>) -> Result<Vec<FileSummary>> {
    let profiles = profile::profiles(findings.customers, findings.config);
    let profiles = profiles.as_slice();
    let customers = CustomerRows { findings, profiles };
    let contacts = ContactRows { findings, profiles };
    let links = LinkRows::new(findings);
    let review = ReviewRows::new(findings, profiles);
    let unmatched = UnmatchedRows::new(findings, profiles);
    let agreements = AgreementRows::new(findings);
    let suppressed = SuppressedRows(findings);
    let problems = ProblemRows::new(findings);
    let by_kind = Ordered { rows: &problems, order: problems.by_kind() };
    let changes = ChangeRows(findings);
    let calls = CallRows::new(findings, profiles);
    // each as people read it, and as machines do
    let lists: [(&'static File, &dyn Rows, &dyn Rows); 10] = [
        (&file::customers::FILE, &customers, &customers),
        (&file::contacts::FILE, &contacts, &contacts),
        (&file::links::FILE, &links, &links),
        (&file::review::FILE, &review, &review),
        (&file::unmatched::FILE, &unmatched, &unmatched),
        (&file::agreements::FILE, &agreements, &agreements),
        (&file::suppressed::FILE, &suppressed, &suppressed),
        (&file::problems::FILE, &by_kind, &problems),
        (&file::changes::FILE, &changes, &changes),
        (&file::calls::FILE, &calls, &calls),
    ];
    // files are independent of each other, so several are written at once
    let books = lists.par_iter().filter_map(|(file, rows, _)| {
        let book = file.workbook.as_ref()?;
        let is_review = file.name == file::review::FILE.name;
        let decide = is_review.then(|| ReviewSheet::new(&review, book, findings.unclear));
        Some(write_book(&folder.join(book.name), (file, book), *rows, decide, findings.texts))
    });
    let twins =
        lists.par_iter().map(|(file, _, rows)| twin(folder, file, *rows, findings.config.safe_csv));
    let columns = if findings.config.parquet { &lists[..] } else { &[] };
    let columns = columns.par_iter().map(|(file, _, rows)| parquet_twin(folder, file, *rows));
    let mut written: Vec<FileSummary> = books.chain(twins).chain(columns).collect::<Result<_>>()?;
    let by = (findings.texts, findings.config.safe_csv);
    written.extend(write_outcomes(folder, findings.outcomes, by)?);
    write_text(&folder.join(SETTINGS), findings.config.settings.as_bytes())?;
    let entry = findings.entry.text().map_err(std::io::Error::other);
    write_text(&folder.join(HISTORY), &entry.map_err(cannot_write(folder))?)?;
    Ok(written)
}

/// Writes the workbook of a file: the columns that people need; behind them all others, or how to
/// decide.
fn write_book(
    path: &Path,
    (file, book): (&'static File, &'static Book),
    rows: &dyn Rows,
    decide: Option<ReviewSheet<'_>>,
    texts: &Texts,
) -> Result<FileSummary> {
    let chosen = ForPeople::new(file, book, rows, texts);
    let first: &dyn Rows = decide.as_ref().map_or(&chosen, |sheet| sheet);
    let mut notes: Vec<String> = left_to_twin(first, file, texts).into_iter().collect();
    let names = [book.sheet, "sheet.all_columns", "sheet.how_to_decide", "sheet.notes"];
    let [name, all, how_to, noted] = names.map(|key| texts.get(key));
    let sentences = decide.iter().filter(|sheet| sheet.len() > 0).flat_map(ReviewSheet::how_to);
    let sentences: Vec<String> = sentences.collect();
    let mut sheets = vec![Sheet::fitting(name, first)];
    let columns = rows.headings().len();
    if decide.is_none() && columns > chosen.headings().len() {
        if columns * rows.len() <= ALL_CELLS {
            sheets.push(Sheet::fitting(all, rows));
        } else {
            let columns = columns.to_string();
            let places = [("columns", columns.as_str()), ("file", file.name)];
            notes.push(texts.with("note.all_columns", &places));
        }
    }
    if !sentences.is_empty() {
        sheets.push(Sheet::Notes(how_to, &sentences));
    }
    if !notes.is_empty() {
        sheets.push(Sheet::Notes(noted, &notes));
    }
    workbook::write_sheets(path, &sheets)?;
    // what looks like a formula is counted with the twin
    Ok(FileSummary { file: book.name.into(), rows: rows.len() as u64, ..FileSummary::default() })
}

/// A sentence where a sheet does not hold all rows.
fn left_to_twin(rows: &dyn Rows, file: &File, texts: &Texts) -> Option<String> {
    let kept = workbook::rows_that_fit(rows);
    let (held, all) = (kept.to_string(), rows.len().to_string());
    let places = [("kept", held.as_str()), ("all", &all), ("file", file.name)];
    (kept < rows.len()).then(|| texts.with("note.rows_beyond", &places))
}

/// Writes the CSV twin of a file.
fn twin(folder: &Path, file: &File, rows: &dyn Rows, safe: bool) -> Result<FileSummary> {
    let formulas = twin::write(&folder.join(file.name), rows, safe)?;
    Ok(FileSummary {
        file: file.name.into(),
        rows: rows.len() as u64,
        formula_like_cells: formulas.cells,
        first_formula_line: formulas.first_line,
    })
}

/// Writes the Parquet twin of a file.
#[cfg(feature = "columnar")]
fn parquet_twin(folder: &Path, file: &File, rows: &dyn Rows) -> Result<FileSummary> {
    let name = Path::new(file.name).with_extension("parquet");
    parquet::write(&folder.join(&name), rows)?;
    let (file, rows) = (slashed(&name), rows.len() as u64);
    Ok(FileSummary { file, rows, ..FileSummary::default() })
}

/// The flag for Parquet twins is refused where the build has no writer.
#[cfg(not(feature = "columnar"))]
fn parquet_twin(_: &Path, _: &File, _: &dyn Rows) -> Result<FileSummary> {
    Err(crate::config::no_parquet())
}

/// Writes a text to the disk.
fn write_text(path: &Path, text: &[u8]) -> Result<()> {
    let write = |mut file: std::fs::File| file.write_all(text).and_then(|()| file.sync_data());
    std::fs::File::create(path).and_then(write).map_err(cannot_write(path))
}

#[cfg(test)]
mod tests;
