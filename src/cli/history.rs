//! `reconcile history`: of which months something is kept.

use std::path::PathBuf;

use clap::Args;

use super::say::say_lines;
use crate::{
    error::{Result, slashed},
    history::History,
    problem::Outcome,
    status::CustomerStatus,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  Of which months there is an entry, and what it holds in sum:
    reconcile history --run result

  To compare the next run with a month that is not the last:
    reconcile match --settings result/settings.toml --previous 2026-08

The entries are files of the folder result.history, 2026-10.json and so on; they hold no name, address
or number of a person. To forget a month delete its file; to forget all delete the folder and the
file history.json of each result folder.";

/// The flags of `history`.
#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// The result folder of a finished run, its --out.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
}

pub(super) fn run(args: &HistoryArgs) -> Result<Outcome> {
    let history = History::of(&args.run);
    let entries = history.entries()?;
    let mut lines = Vec::with_capacity(entries.len() + 1);
    for entry in &entries {
        let of = |status| entry.customers.iter().filter(|of| of.is(status)).count();
        lines.push(format!(
            "{}  run of {}: {} customers, {} linked, {} in review; {} people listed",
            entry.run.period,
            entry.run.started.split('T').next().unwrap_or_default(),
            entry.customers.len(),
            of(CustomerStatus::Linked),
            of(CustomerStatus::Review),
            entry.listed().count(),
        ));
    }
    let noun = if entries.len() == 1 { "period" } else { "periods" };
    lines.push(format!("{} {noun} in {}", entries.len(), slashed(history.folder())));
    say_lines(&lines)?;
    Ok(Outcome::Complete)
}
