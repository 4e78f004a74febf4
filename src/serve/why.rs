//! Why a pair is or is not a link: the files of the run are read once, then every question is
//! answered from memory by the code of `reconcile explain`.

use std::path::{Path, PathBuf};

use super::{
    desk::Desk,
    page::records::{ROWS, Rows},
    routes::Wanted,
};
use crate::{
    cli::{
        explain::{ExplainArgs, answer, decider},
        recorded::Recorded,
    },
    config::Config,
    error::{Error, Result},
    explain::Decided,
    inputs::with_threads,
    link::{AccountRecord, Matcher},
    result::{
        folder::Folder,
        summary::{InputSummary, Summary},
    },
    run::{
        Found, Rules,
        pipeline::find,
        rows::{Kind, Published, RowSearch, search_rows},
        search::{Cells, Hit, record, rows_of_file, search},
    },
    status::{AccountStatus, ContactStatus},
    text::id::join_key,
    verdicts::Verdicts,
};

/// A run with all that was found, as `reconcile explain` finds it again.
pub(super) struct Engine {
    run: PathBuf,
    recorded: Recorded,
    rules: Rules,
    found: Found,
}

/// An answer: lines, and the points of the pair.
pub(super) struct Answer {
    pub(super) lines: Vec<String>,
    pub(super) points: Vec<(&'static str, f64)>,
}

impl Engine {
    /// Reads the files of a run again.
    ///
    /// # Errors
    ///
    /// When one is gone or cannot be read.
    pub(super) fn load(run: &Path) -> Result<Engine> {
        let recorded = Recorded::of(run)?;
        let config = recorded.again(run);
        let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
        let found = with_threads(config.threads, || find(&config, &rules));
        let found = found.map_err(|error| recorded.gone(error))?;
        Ok(Engine { run: run.to_owned(), recorded, rules, found })
    }

    /// What explains a run that has just ended.
    ///
    /// # Errors
    ///
    /// When what it has written cannot be read.
    pub(super) fn of(run: &Path, rules: Rules, found: Found) -> Result<Engine> {
        let recorded = Recorded::of(run)?;
        Ok(Engine { run: run.to_owned(), recorded, rules, found })
    }

    /// What was found, to decide again.
    pub(super) fn into_found(self) -> (Rules, Found) {
        (self.rules, self.found)
    }

    /// Whether it is that of a run that began at this time.
    pub(super) fn is_of(&self, run: &Path, started: &str) -> bool {
        self.run == run && self.recorded.started() == started
    }

    /// Whether it is that of the run that is open.
    pub(super) fn is_of_desk(&self, desk: &Desk) -> bool {
        self.is_of(&desk.folder, desk.recorded.started())
    }

    /// Whether the decisions on the desk can be applied without reading the CRM from the start.
    pub(super) fn can_decide_again(&self, desk: &Desk) -> bool {
        let verdicts = || Verdicts::load(&desk.verdicts).map(|(verdicts, _)| verdicts);
        self.is_of_desk(desk)
            && desk.rules().is_none()
            && verdicts().is_ok_and(|verdicts| self.found.can_take(&verdicts))
    }

    /// The account of a link, as the CRM has it.
    pub(super) fn account(&self, customer: &str, account: &str) -> Option<AccountRecord> {
        let at = self.found.customers.position(customer)?;
        let near = self.found.candidates.near(at as u32).iter();
        let mut records = near.map(|entry| &entry.candidate.account);
        records.find(|record| join_key(record.id()) == join_key(account)).cloned()
    }

    /// Why a customer and an account are or are not linked.
    ///
    /// # Errors
    ///
    /// When no report has the customer, or no CRM the account.
    pub(super) fn answer(&self, customer: &str, account: &str) -> Result<Answer> {
        let args = ExplainArgs {
            run: self.run.clone(),
            customer: customer.to_owned(),
            account: Some(account.to_owned()).filter(|account| !account.is_empty()),
        };
        let threads = self.recorded.config.threads;
        let lines =
            with_threads(threads, || answer(&args, &self.recorded, &self.rules, &self.found))?;
        Ok(Answer { lines, points: self.points(customer, account)? })
    }

    /// Rows of the files of the run, from a position on; the files are read once more.
    ///
    /// # Errors
    ///
    /// When a file is gone or cannot be read.
    pub(super) fn rows(&self, which: Which, from: usize) -> Result<RowsRead> {
        let config = self.recorded.again(&self.run);
        let read = || match &which {
            Which::OfFile(file, kind) => {
                rows_of_file(&config, &self.found, (file, kind), (from, ROWS))
            }
            Which::OfStatus(kind) => {
                let published = Published::of(&Folder::new(&self.run))?;
                let search = RowSearch::new(*kind, published, from.saturating_add(ROWS));
                search_rows(&config, &self.rules, &self.found, &search)?;
                let (all, rows) = search.rows(from);
                let header = kind.columns().iter().chain(&["file", "line"]);
                Ok((header.map(|&name| name.into()).collect(), rows, all as usize))
            }
        };
        let rows = with_threads(config.threads, read).map_err(|error| self.recorded.gone(error))?;
        Ok(RowsRead { which, rows })
    }

    fn points(&self, customer: &str, account: &str) -> Result<Vec<(&'static str, f64)>> {
        let Some(at) = self.found.customers.position(customer) else { return Ok(Vec::new()) };
        let matcher = Matcher::new(&self.found.index, &self.rules.link, &self.rules.matching);
        let verdicts: Verdicts = Verdicts::load(&self.recorded.verdicts(&self.run))?.0;
        let decider = decider(&self.recorded, &matcher, &self.found, &verdicts);
        let decided = Decided::new(&decider, &self.found.candidates, &self.found.decisions);
        Ok(decided.points(at, account).map_or(Vec::new(), |points| points.to_vec()))
    }
}

/// Which rows of the files of a run are asked for.
pub(super) enum Which {
    /// Accounts or contacts of a status.
    OfStatus(Kind),
    /// All rows of a file, by its name and by what it was read as.
    OfFile(String, String),
}

impl Which {
    /// What an address asks for.
    ///
    /// # Errors
    ///
    /// When it names no rows.
    pub(super) fn of(name: &str, wanted: &Wanted) -> Result<Which> {
        let value = |name| wanted.values().find(|(column, _)| *column == name).map(|of| of.1);
        let status = value("status").unwrap_or("");
        let account = AccountStatus::ALL.iter().find(|of| of.word() == status);
        let contact = ContactStatus::ALL.iter().find(|of| of.word() == status);
        match (name, account, contact, value("file"), value("kind")) {
            ("accounts", Some(status), ..) => Ok(Which::OfStatus(Kind::Accounts(*status))),
            ("contacts", _, Some(status), ..) => Ok(Which::OfStatus(Kind::Contacts(*status))),
            ("file", .., Some(file), Some(kind)) => Ok(Which::OfFile(file.into(), kind.into())),
            _ => Err(Error::Unusable {
                file: "records".into(),
                found: "nothing that the run has read goes by this name".into(),
                todo: "follow the numbers of the results".into(),
            }),
        }
    }
}

/// Rows that were read again.
pub(super) struct RowsRead {
    which: Which,
    pub(super) rows: Rows,
}

impl RowsRead {
    /// How many of these rows the run has counted.
    pub(super) fn counted(&self, summary: &Summary) -> Option<u64> {
        match &self.which {
            Which::OfStatus(Kind::Accounts(status)) => Some(summary.results.accounts.of(*status)),
            Which::OfStatus(Kind::Contacts(status)) => Some(summary.results.contacts.of(*status)),
            Which::OfFile(file, kind) => {
                let is_it = |of: &&InputSummary| of.file == *file && of.kind == *kind;
                summary.inputs.iter().find(is_it).map(|of| of.rows)
            }
        }
    }
}

/// The accounts of a run that hold what a person types.
///
/// # Errors
///
/// When a file of the run is gone or cannot be read.
pub(super) fn look_for(run: &Path, typed: &str) -> Result<Vec<Hit>> {
    in_files_of(run, |config, rules| search(config, rules, typed))
}

/// All columns of an account of a run, with the file in which it stands.
///
/// # Errors
///
/// When a file of the run is gone or cannot be read.
pub(super) fn record_of(run: &Path, account: &str) -> Result<Cells> {
    in_files_of(run, |config, rules| record(config, rules, account))
}

/// Reads in the files of a run.
fn in_files_of<T: Send>(
    run: &Path,
    read: impl FnOnce(&Config, &Rules) -> Result<T> + Send,
) -> Result<T> {
    let recorded = Recorded::of(run)?;
    let config = &recorded.config;
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    with_threads(config.threads, || read(config, &rules)).map_err(|error| recorded.gone(error))
}
