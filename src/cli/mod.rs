//! The program's commands: flags as typed, and their only translation into `Config`.

mod campaigns;
mod dry_run;
mod evaluate;
mod explain;
mod export;
mod inspect;
mod match_;
mod progress;
mod recorded;
mod say;
mod shell;
mod settings;
mod table;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{error::Result, problem::Outcome};

const FIRST_STEPS: &str = "\
First steps:
  reconcile inspect reports/ crm/                               are the files understood?
  reconcile match --reports reports/ --crm crm/ --dry-run       what would be linked?
  reconcile match --reports reports/ --crm crm/ --out result    the whole job
Each command explains itself with examples: reconcile match --help";

/// Links the customers of Microsoft CloudAscent reports with your CRM and writes the lists that a
/// campaign can be sent to. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(name = "reconcile", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read reports and a CRM export; write links, lists, and what a person must look at.
    #[command(after_long_help = match_::EXAMPLES)]
    Match(Box<match_::MatchArgs>),
    /// Say how files are understood: kind, encoding, columns, consent; and what settles a doubt.
    #[command(after_long_help = inspect::EXAMPLES)]
    Inspect(inspect::InspectArgs),
    /// Say why a customer and an account were linked, or why not.
    #[command(after_long_help = explain::EXAMPLES)]
    Explain(explain::ExplainArgs),
    /// Say how good the links of a run are, against pairs that are known to be true.
    #[command(after_long_help = evaluate::EXAMPLES)]
    Evaluate(Box<evaluate::EvaluateArgs>),
    /// List what could be sent: customers, contacts and revenue per solution area, cohort, cluster.
    #[command(after_long_help = campaigns::EXAMPLES)]
    Campaigns(campaigns::CampaignsArgs),
    /// Write campaign files of a finished run, without linking again.
    #[command(after_long_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// Print the completions of a shell.
    #[command(after_long_help = shell::COMPLETIONS_EXAMPLES)]
    Completions(shell::CompletionsArgs),
    /// Print the manual page.
    #[command(after_long_help = shell::MAN_EXAMPLES)]
    Man,
}

/// Parses the command line and runs the command.
///
/// # Errors
///
/// Whatever stops the command; wrong usage ends the program with status 2.
pub fn run() -> Result<Outcome> {
    match Cli::parse().command {
        Command::Match(args) => match_::run(*args),
        Command::Inspect(args) => inspect::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Evaluate(args) => evaluate::run(*args),
        Command::Completions(args) => shell::completions(&args, Cli::command()),
        Command::Man => shell::man(Cli::command()),
        Command::Campaigns(args) => campaigns::run(args),
        Command::Export(args) => export::run(args),
    }
}
