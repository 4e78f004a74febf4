//! The program's commands: flags as typed, and their only translation into `Config`.

mod campaigns;
mod dry_run;
mod evaluate;
pub(crate) mod explain;
pub(crate) mod export;
mod history;
pub(crate) mod inspect;
mod log;
pub(crate) mod match_;
mod open;
mod outcomes;
mod progress;
pub(crate) mod recorded;
mod say;
mod shell;
mod settings;
mod sift;
mod table;
mod verdicts;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use open::OpenArgs;
pub use say::printable;
#[cfg(feature = "browser")]
pub(crate) use {match_::of_system, say::say};

use self::log::LogLevel;
use crate::{
    error::{Error, Result},
    problem::Outcome,
};

/// The version, with what was built from which commit for which machine.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (commit ",
    env!("BUILT_COMMIT"),
    ", ",
    env!("BUILT_TARGET"),
    env!("BUILT_FEATURES"),
    ")",
);

const FIRST_STEPS: &str = "\
First steps:
  reconcile                                                     all of it in the browser
  reconcile inspect reports/ crm/                               are the files understood?
  reconcile match --reports reports/ --crm crm/ --dry-run       what would be linked?
  reconcile match --reports reports/ --crm crm/ --out result    the whole job
Each command has a help page with examples: reconcile match --help
A flag may also stand in the environment: RECONCILE_OWN_DOMAIN is --own-domain, RECONCILE_LOG is
--log-level; several values stand between commas where the flag takes these, else on lines of their
own. What is typed wins, then the environment, then the file of --settings.";

/// Links the customers of Microsoft CloudAscent reports to the accounts of your CRM and writes lists
/// for your campaigns. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(name = "reconcile", version = VERSION, propagate_version = true, max_term_width = 100)]
#[command(after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// What is said of the run on standard error.
    #[arg(
        long,
        value_enum,
        value_name = "LEVEL",
        default_value = "error",
        global = true,
        help_heading = "Running"
    )]
    log_level: LogLevel,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read reports and a CRM export; write links, lists and the customers that need your decision.
    #[command(after_long_help = match_::EXAMPLES)]
    Match(Box<match_::MatchArgs>),
    /// Do all of it in the browser: choose files, check them, run, decide, get the lists.
    #[cfg(feature = "browser")]
    #[command(after_long_help = open::EXAMPLES)]
    Open(OpenArgs),
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
    /// Let through the rows of a part of the CRM that can matter: what an engine such as Spark runs.
    #[command(after_long_help = sift::EXAMPLES)]
    Sift(Box<sift::SiftArgs>),
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

impl Cli {
    /// The command line and the environment: each flag may stand in `RECONCILE_` and its name.
    fn parsed() -> Cli {
        let parsed = shell::with_environment(Cli::command()).try_get_matches();
        let parsed = parsed.and_then(|matches| Cli::from_arg_matches(&matches));
        parsed.unwrap_or_else(|error| {
            let typed = |arg: OsString| arg == "--json";
            let asks = std::env::args_os().any(typed) || shell::is_switched_on("json");
            if error.use_stderr() && asks {
                let said = error.to_string();
                let what = said.lines().next().unwrap_or_default();
                let what = what.strip_prefix("error: ").unwrap_or(what);
                // the error itself is said below
                let _ = say::error_as_json(what, None, 2);
            }
            error.exit()
        })
    }
}

/// Windows takes a `\` before a closing quote for a sign that the quote is a letter, and hands on all
/// that follows as one word: `"my crm\" --out result`.
///
/// # Errors
///
/// When a word looks like that.
fn refuse_hidden_quote(mut words: impl Iterator<Item = String>) -> Result<()> {
    let hides = |word: &String| match word.split_once('"') {
        Some((_, rest)) => !rest.contains('"') && (rest.is_empty() || rest.starts_with(' ')),
        None => false,
    };
    match words.find(hides) {
        None => Ok(()),
        Some(word) => Err(Error::Usage {
            flag: "the command line".into(),
            found: format!("the quote in {word} does not close, as a `\\` stands before it"),
            todo: "write the folder without a `\\` at its end".into(),
        }),
    }
}

/// What serves the pages in the browser.
type ServePages = fn(OpenArgs) -> Result<Outcome>;

impl Command {
    /// Whether the command prints JSON.
    fn prints_json(&self) -> bool {
        match self {
            Command::Match(args) => args.json,
            Command::Inspect(args) => args.json,
            Command::Evaluate(args) => args.json,
            Command::Campaigns(args) => args.json,
            Command::Outcomes(args) => args.json,
            _ => false,
        }
    }

    #[cfg_attr(not(feature = "browser"), allow(unused_variables))]
    fn run(self, log: LogLevel, pages: Option<ServePages>) -> Result<Outcome> {
        match self {
            Command::Match(args) => match_::run(*args, log),
            #[cfg(feature = "browser")]
            Command::Open(args) => pages.map_or(Ok(Outcome::Complete), |pages| pages(args)),
            Command::Inspect(args) => inspect::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Evaluate(args) => evaluate::run(*args),
            Command::Completions(args) => shell::completions(&args, Cli::command()),
            Command::Man => shell::man(Cli::command()),
            Command::Campaigns(args) => campaigns::run(args),
            Command::Export(args) => export::run(args),
            Command::History(args) => history::run(&args),
            Command::Outcomes(args) => outcomes::run(args),
            Command::Sift(args) => sift::run(*args),
            Command::Verdicts(args) => verdicts::list(&args),
            Command::Undo(args) => verdicts::undo(&args),
        }
    }
}

/// Parses the command line and runs the command; `pages` serves those in the browser.
///
/// # Errors
///
/// Whatever stops the command; wrong usage ends the program with status 2.
pub(crate) fn run(pages: Option<ServePages>) -> Result<Outcome> {
    if cfg!(windows) {
        refuse_hidden_quote(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))?;
    }
    let Cli { command, log_level } = Cli::parsed();
    let command = match (command, pages) {
        (Some(command), _) => command,
        (None, Some(pages)) if open::is_somebody_there() => {
            open::must_be_unpacked()?;
            return pages(OpenArgs::default());
        }
        (None, _) => {
            // nobody is there to choose anything: the help, and status 2
            Cli::command().subcommand_required(true).arg_required_else_help(true).get_matches();
            return Ok(Outcome::Complete);
        }
    };
    let json = command.prints_json();
    let done = command.run(log_level, pages);
    if let (true, Err(error)) = (json, &done) {
        say::error_as_json(&error.to_string(), error.hint().as_deref(), error.exit_status())?;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_a_backslash_hides_is_noticed() {
        for (word, is_hidden) in [
            (r#"my crm" --out result"#, true), // typed as "my crm\" --out result
            (r#".\my crm""#, true),
            (r#"my crm" --out my"#, true), // the first word of "my crm\" --out "my out\"
            (r#"domain=The "real" web"#, false),
            (r#"size=3" screens"#, true), // no way to know
            (r#"name=5"x"#, false),
            ("my crm", false),
        ] {
            let words = ["match", word].map(str::to_owned).into_iter();
            let refused = refuse_hidden_quote(words);
            assert_eq!(refused.is_err(), is_hidden, "{word}");
        }
    }
}
