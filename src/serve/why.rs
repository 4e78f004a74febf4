//! Why a pair is or is not a link: the files of the run are read once, then every question is
//! answered from memory by the code of `reconcile explain`.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        explain::{ExplainArgs, answer, decider},
        recorded::Recorded,
    },
    error::Result,
    explain::Decided,
    inputs::with_threads,
    link::{AccountRecord, Matcher},
    run::{
        Found, Rules,
        pipeline::find,
        search::{Hit, search},
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
        let config = &recorded.config;
        let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
        let found = with_threads(config.threads, || find(config, &rules));
        let found = found.map_err(|error| recorded.gone(error))?;
        Ok(Engine { run: run.to_owned(), recorded, rules, found })
    }

    /// Whether it is that of a run that began at this time.
    pub(super) fn is_of(&self, run: &Path, started: &str) -> bool {
        self.run == run && self.recorded.started() == started
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
        let verdicts: Verdicts = Verdicts::load(&self.recorded.config.verdicts)?.0;
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
    let recorded = Recorded::of(run)?;
    let config = &recorded.config;
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    with_threads(config.threads, || search(config, &rules, typed))
        .map_err(|error| recorded.gone(error))
}
