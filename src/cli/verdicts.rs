//! `reconcile verdicts` and `reconcile undo`: what people decided, to look at and to take back.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{match_::now, recorded::Recorded, say::say};
use crate::{
    error::{Result, slashed},
    problem::Outcome,
    verdicts::{self, Verdict, Word},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  What was decided, in the order in which it was taken in:
    reconcile verdicts list --run result

  The same as CSV, for a spreadsheet:
    reconcile verdicts list --run result --csv > verdicts.csv";

pub(super) const UNDO_EXAMPLES: &str = "\
Examples:
  Take back what the last review sheet said, then decide again:
    reconcile undo --run result
    reconcile match --settings result/settings.toml

What held before the sheet holds again. To undo once more brings the sheet back: nothing is lost.";

/// The flags of `verdicts`.
#[derive(Debug, Args)]
pub(super) struct VerdictsArgs {
    #[command(subcommand)]
    command: VerdictsCommand,
}

#[derive(Debug, Subcommand)]
enum VerdictsCommand {
    /// List what people decided.
    List(ListArgs),
}

/// The flags of `verdicts list`.
#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    of: OfRun,
    /// Print the lines as CSV.
    #[arg(long)]
    csv: bool,
}

/// Whose verdicts.
#[derive(Debug, Args)]
pub(super) struct OfRun {
    /// The result folder of a finished run.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// The file of verdicts; by default the one that the run used.
    #[arg(long, value_name = "FILE")]
    verdicts: Option<PathBuf>,
}

impl OfRun {
    /// The file of verdicts: named, else as the run was told, else next to its folder.
    fn file(&self) -> Result<PathBuf> {
        if let Some(named) = &self.verdicts {
            return Ok(named.clone());
        }
        Ok(Recorded::of(&self.run)?.verdicts(&self.run))
    }
}

pub(super) fn list(args: &VerdictsArgs) -> Result<Outcome> {
    let VerdictsCommand::List(args) = &args.command;
    let path = args.of.file()?;
    let lines = verdicts::all_lines(&path)?;
    if args.csv {
        say(verdicts::as_csv(&lines)?.trim_end())?;
        return Ok(Outcome::Complete);
    }
    let shown: Vec<String> = lines.iter().map(shown).collect();
    if !shown.is_empty() {
        say(&shown.join("\n"))?;
    }
    let count = |word: Word| lines.iter().filter(|line| line.word == word).count();
    let counts: Vec<String> = Word::ALL
        .into_iter()
        .filter(|word| count(*word) > 0)
        .map(|word| format!("{} {}", count(word), word.word()))
        .collect();
    let counts = if counts.is_empty() { "no verdicts".to_owned() } else { counts.join(", ") };
    say(&format!("{counts} in {}", slashed(&path)))?;
    Ok(Outcome::Complete)
}

/// A line as people read it.
fn shown(line: &Verdict) -> String {
    let account = if line.account_id.is_empty() { "-" } else { &line.account_id };
    let day = line.time.split('T').next().unwrap_or("");
    let mut text = format!("{day:<10}  {:<6}  {}  {account}", line.word.word(), line.customer_id);
    for (before, part) in [("  by ", &line.reviewer), ("  note: ", &line.note)] {
        if !part.is_empty() {
            text.push_str(before);
            text.push_str(part);
        }
    }
    text
}

pub(super) fn undo(args: &OfRun) -> Result<Outcome> {
    let path = args.file()?;
    let last = verdicts::undo(&path, &now)?;
    if last.lines.is_empty() {
        say(&format!("{}: nothing was decided yet, nothing to take back", slashed(&path)))?;
        return Ok(Outcome::Complete);
    }
    for line in &last.lines {
        say(&shown(line))?;
    }
    let lines = if last.lines.len() == 1 { "line" } else { "lines" };
    say(&format!(
        "taken back: {} {lines} of {} in {}; what held before holds again with the next run",
        last.lines.len(),
        last.time,
        slashed(&path)
    ))?;
    Ok(Outcome::Complete)
}
