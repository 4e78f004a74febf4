//! The program's commands: flags as typed, and their only translation into `Config`.

mod campaigns;
mod dry_run;
mod evaluate;
mod explain;
mod export;
mod history;
mod inspect;
mod match_;
mod outcomes;
mod progress;
mod recorded;
mod say;
mod shell;
mod settings;
mod table;
mod verdicts;

use clap::{CommandFactory, Parser, Subcommand};

pub use say::printable;

use crate::{error::Result, problem::Outcome};

const FIRST_STEPS: &str = "\
First steps:
  reconcile inspect reports/ crm/                               are the files understood?
  reconcile match --reports reports/ --crm crm/ --dry-run       what would be linked?
  reconcile match --reports reports/ --crm crm/ --out result    the whole job
Each command has a help page with examples: reconcile match --help";

/// Links the customers of Microsoft CloudAscent reports to the accounts of your CRM and writes lists
/// for your campaigns. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(name = "reconcile", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read reports and a CRM export; write links, lists and the customers that need your decision.
    #[command(after_long_help = match_::EXAMPLES)]
    Match(Box<match_::MatchArgs>),
    /// Show how files are understood: kind, encoding, columns, consent; and how to correct it.
    #[command(after_long_help = inspect::EXAMPLES)]
    Inspect(inspect::InspectArgs),
    /// Explain why a customer and an account were linked, or why not.
    #[command(after_long_help = explain::EXAMPLES)]
    Explain(explain::ExplainArgs),
    /// Measure how good the links of a run are, against pairs that you know to be right.
    #[command(after_long_help = evaluate::EXAMPLES)]
    Evaluate(Box<evaluate::EvaluateArgs>),
    /// List the campaigns that you could send: customers, contacts and revenue per solution area, cohort, cluster.
    #[command(after_long_help = campaigns::EXAMPLES)]
    Campaigns(campaigns::CampaignsArgs),
    /// Hold clusters, cohorts and segments against won and lost deals: did Act Now buy?
    #[command(after_long_help = outcomes::EXAMPLES)]
    Outcomes(outcomes::OutcomesArgs),
    /// Write the campaign files of a finished run, without linking again.
    #[command(after_long_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// List the months of which something is kept, for the comparison of runs.
    #[command(after_long_help = history::EXAMPLES)]
    History(history::HistoryArgs),
    /// List what people decided, and what holds of it.
    #[command(after_long_help = verdicts::EXAMPLES)]
    Verdicts(verdicts::VerdictsArgs),
    /// Take back the decisions of the last review sheet.
    #[command(after_long_help = verdicts::UNDO_EXAMPLES)]
    Undo(verdicts::OfRun),
    /// Print the completions for a shell.
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
        Command::History(args) => history::run(&args),
        Command::Outcomes(args) => outcomes::run(args),
        Command::Verdicts(args) => verdicts::list(&args),
        Command::Undo(args) => verdicts::undo(&args),
    }
}
