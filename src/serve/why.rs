//! Why a pair is or is not a link: the files of the run are read once, then every question is
//! answered from memory by the code of `reconcile explain`.

use std::path::{Path, PathBuf};

use super::desk::Desk;
use crate::{
    cli::{
        explain::{ExplainArgs, answer, decider},
        recorded::Recorded,
    },
    config::Config,
    error::Result,
    explain::Decided,
    inputs::with_threads,
    link::{AccountRecord, Matcher},
    run::{
        Found, Rules,
        pipeline::find,
        search::{Cells, Hit, record, search},
    },
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

    fn points(&self, customer: &str, account: &str) -> Result<Vec<(&'static str, f64)>> {
        let Some(at) = self.found.customers.position(customer) else { return Ok(Vec::new()) };
        let matcher = Matcher::new(&self.found.index, &self.rules.link, &self.rules.matching);
        let verdicts: Verdicts = Verdicts::load(&self.recorded.verdicts(&self.run))?.0;
        let decider = decider(&self.recorded, &matcher, &self.found, &verdicts);
        let decided = Decided::new(&decider, &self.found.candidates, &self.found.decisions);
        Ok(decided.points(at, account).map_or(Vec::new(), |points| points.to_vec()))
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
