//! `reconcile sift`: the rows of a part of the CRM that can matter.

use std::{
    io::{Write as _, stderr},
    path::PathBuf,
};

use clap::Args;

use super::{
    match_::{MatchArgs, missing, now},
    table,
};
use crate::{
    config::Config,
    error::{Error, Result},
    inputs::with_threads,
    problem::Outcome,
    run::sift::{Format, Task, What, sift, sift_domains},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  Of each part of the accounts the rows that can be linked, with what the others came to:
    reconcile sift accounts --reports reports/ --part 1 --known-to known.1 \\
      < accounts.1.csv > through.1.csv 2> counts.1

  The run over what came through gives the results of a run over all:
    reconcile match --reports reports/ --accounts through.*.csv --counts counts.* \\
      --known-accounts known.* --out result

The last line on standard error is JSON: rows read, rows written, and what became of the others. The
output is whole only where the exit status is 0. docs/distributed.md says which passes there are for
contacts, and why the results are the same.";

/// The flags of `sift`, and those of the run that it prepares: they must be the same.
#[derive(Debug, Args)]
pub(super) struct SiftArgs {
    /// What is let through, of which stream.
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
    /// What the part is called where something is said of it.
    #[arg(long, value_name = "NAME", default_value = "standard input", help_heading = "Part")]
    part: String,
    /// The form of standard input.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "csv", help_heading = "Part")]
    input_format: Format,
    /// The form of standard output; by default that of standard input.
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Part")]
    output_format: Option<Format>,
    /// The output of `sift addresses` over all parts, for its second pass.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Part")]
    addresses: Vec<PathBuf>,
    /// The output of `sift past`: these records come through too.
    #[arg(long, value_name = "FILE", help_heading = "Part")]
    past: Option<PathBuf>,
    /// Where to write which accounts the part holds.
    #[arg(long, value_name = "FILE", help_heading = "Part")]
    known_to: Option<PathBuf>,
    #[command(flatten)]
    run: MatchArgs,
}

pub(super) fn run(args: SiftArgs) -> Result<Outcome> {
    if args.what == What::Settings {
        table::print_json(&args.run.over_settings()?)?;
        return Ok(Outcome::Complete);
    }
    let task = Task {
        what: args.what,
        part: args.part,
        time: now(),
        input: args.input_format,
        output: args.output_format.unwrap_or(args.input_format),
        addresses: args.addresses,
        past: args.past,
        known_to: args.known_to,
        dry_run: args.run.dry_run,
    };
    if task.what == What::Past && args.run.out.is_none() && !task.dry_run {
        return Err(missing("--out", "no folder of results", "FOLDER"));
    }
    let counts = if task.what == What::Domains {
        sift_domains(&task)?
    } else {
        let config = Config::of_part(args.run.over_settings()?)?;
        with_threads(config.threads, || sift(&config, &task))?
    };
    let line = serde_json::to_string(&counts)
        .map_err(|error| Error::io("standard error")(std::io::Error::other(error)))?;
    writeln!(stderr().lock(), "{line}").map_err(Error::io("standard error"))?;
    Ok(Outcome::Complete)
}
