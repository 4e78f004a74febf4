//! `reconcile outcomes`: clusters, cohorts and segments held against won and lost deals.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::{Timestamp, Unit, Zoned, civil::Date};

use super::{recorded::Recorded, say::say};
use crate::{
    error::{Error, Result, slashed},
    inputs::{RunLog, with_threads},
    language::Texts,
    problem::Outcome,
    result::{
        file,
        outcome::{Estimate, GroupedBy, OutcomeRow, Outcomes, per_100},
    },
    run::{
        Rules,
        outcomes::{HORIZON_DAYS, Order, outcomes_of_history},
    },
    write::{Lock, access, ledger, write_outcomes},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  Did Act Now buy? With the deals that the run found in the CRM folder:
    reconcile outcomes --run result

  With a newer export of the deals, watching each customer for half a year:
    reconcile outcomes --run result --deals opportunities.csv --horizon 180d

The clusters are those of each month's run, kept next to the results (result.history): one month is
enough to begin with, and each month more says more. outcomes.xlsx and outcomes.csv in the result folder
are written anew. The figures say what was, not why: who was called more buys more.";

/// The flags of `outcomes`.
#[derive(Debug, Args)]
pub(super) struct OutcomesArgs {
    /// The result folder of a finished run.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// Files or folders with deals (opportunities); by default those that the run was given.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    deals: Vec<PathBuf>,
    /// The first month that counts, such as 2026-07; by default the first of the history.
    #[arg(long, value_name = "YYYY-MM")]
    from: Option<String>,
    /// How long a customer is watched, in days or weeks: 90d, 26w.
    #[arg(long, value_name = "DAYS", default_value_t = format!("{HORIZON_DAYS}d"), value_parser = horizon)]
    horizon: String,
    /// The last day on which a deal may have been created; by default today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Prints the outcomes, and writes them into the result folder.
pub(super) fn run(args: OutcomesArgs) -> Result<Outcome> {
    let recorded = Recorded::of(&args.run)?;
    let config = &recorded.config;
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let order = Order {
        run: &args.run,
        deals: &args.deals,
        from: args.from.as_deref(),
        horizon_days: days(&args.horizon).unwrap_or(HORIZON_DAYS),
        as_of: args.as_of.unwrap_or_else(|| Zoned::now().date()),
    };
    let mut log = RunLog::default();
    let outcomes =
        with_threads(config.threads, || outcomes_of_history(config, &rules, &order, &mut log));
    let outcomes = outcomes.map_err(|error| match args.deals.is_empty() {
        true => recorded.gone(error),
        false => error,
    })?;
    let texts = Texts::load(config.rules.as_deref(), config.language)?;
    keep(&args.run, &outcomes, (&texts, config.safe_csv, config.group_readable))?;
    if args.json {
        let text = serde_json::to_string_pretty(&outcomes)
            .map_err(|error| Error::Totals { what: error.to_string() })?;
        say(&text)?;
        return Ok(Outcome::Complete);
    }
    lines(&outcomes).iter().try_for_each(|line| say(line))?;
    log.sort();
    let problems = log.problems().iter().map(|of| {
        let column =
            if of.column.is_empty() { String::new() } else { format!("column {:?}: ", of.column) };
        format!("problem: {}:{}: {column}{}", of.file, of.line, of.what)
    });
    problems.take(SHOWN).try_for_each(|line| say(&line))?;
    if let Some(more @ 1..) = log.problems().len().checked_sub(SHOWN) {
        say(&format!("problem: {more} more"))?;
    }
    log.notes().iter().try_for_each(|note| say(&format!("note: {note}")))?;
    let book = args.run.join("outcomes.xlsx");
    say(&format!("all groups: {}", slashed(&book)))?;
    Ok(Outcome::Complete)
}

/// Problems that are printed one by one.
const SHOWN: usize = 10;

/// Puts the files in the place of those in the result folder; one that was edited is kept.
fn keep(
    run: &Path,
    outcomes: &Outcomes,
    (texts, safe_csv, group_readable): (&Texts, bool, bool),
) -> Result<()> {
    let now = Timestamp::now().round(Unit::Second).unwrap_or_else(|_| Timestamp::now());
    let _lock = Lock::of(run, &now.to_string())?;
    let names: Vec<PathBuf> = std::iter::once(file::outcomes::FILE.name)
        .chain(file::outcomes::FILE.workbook.as_ref().map(|book| book.name))
        .map(PathBuf::from)
        .collect();
    let mut edited = ledger::strangers(run)?.edited;
    edited.retain(|path| names.contains(path));
    ledger::keep_edited(run, run, &edited)?;
    write_outcomes(run, outcomes, (texts, safe_csv))?;
    for name in &names {
        let path = run.join(name);
        access::restrict(&path, group_readable).map_err(Error::io(&path))?;
    }
    ledger::record(run, &names)
}

/// Days as typed: `90`, `90d`, `13w`.
fn days(word: &str) -> Option<u32> {
    let word = word.trim().to_lowercase();
    let (number, factor) = match word.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (word.strip_suffix('d').unwrap_or(&word), 1),
    };
    let days = number.trim().parse::<u32>().ok()?.checked_mul(factor)?;
    (1..=3650).contains(&days).then_some(days)
}

fn horizon(word: &str) -> std::result::Result<String, &'static str> {
    days(word).map(|_| word.to_owned()).ok_or("write it as days or weeks, such as 90d or 26w")
}

/// What is printed.
fn lines(outcomes: &Outcomes) -> Vec<String> {
    let Outcomes { deals, customers, horizon_days, as_of, .. } = outcomes;
    let periods = match outcomes.periods.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} to {last}"),
    };
    let mut lines = vec![
        format!(
            "{customers} linked customers of the reports of {periods}, each watched for {horizon_days} \
             days at most; deals created up to {as_of}"
        ),
        format!("{} deals read, {} count", deals.read, deals.counted),
    ];
    lines.extend(deals.left_out().iter().map(|(why, of)| format!("  {of} do not: {why}")));
    lines.extend(deals.doubts().iter().map(|doubt| format!("  of those that count {doubt}")));
    if outcomes.customers_not_linked > 0 {
        lines.push(format!(
            "  {} more customers are linked to no account: nobody knows their deals",
            outcomes.customers_not_linked
        ));
    }
    if outcomes.customers_watched_shorter > 0 {
        lines.push(format!(
            "  {} customers could not be watched for {horizon_days} days yet: their deals may still come",
            outcomes.customers_watched_shorter
        ));
    }
    let (few, told): (Vec<&OutcomeRow>, Vec<&OutcomeRow>) =
        outcomes.rows.iter().partition(|row| row.is_too_few());
    lines.push(String::new());
    let least = outcomes.least_customers;
    if told.is_empty() {
        lines.push(format!("no group has {least} customers or more: too few to say anything yet"));
        return lines;
    }
    lines.extend(table(&told));
    lines.push(format!(
        "\n{} more groups have fewer than {least} customers: too few to say. The figures say what was, not why.",
        few.len()
    ));
    lines
}

/// The rows with enough customers as a table.
fn table(rows: &[&OutcomeRow]) -> Vec<String> {
    let interval = |of: Option<Estimate>, words: &dyn Fn(f64) -> String| match of {
        Some(of) => format!("{} ({} to {})", words(of.value), words(of.low), words(of.high)),
        None => "too few to say".into(),
    };
    let mut cells = vec![
        ["group", "customers", "deal", "won", "won of 100", "times all others", "revenue won"]
            .map(str::to_owned),
    ];
    cells.extend(rows.iter().map(|row| {
        let lift = interval(row.lift, &|number| format!("{number:.1}"));
        [
            row.name(),
            row.customers.to_string(),
            row.with_deal.to_string(),
            row.with_won.to_string(),
            interval(row.won_rate, &per_100),
            if row.by == GroupedBy::All { String::new() } else { lift },
            row.revenue_text(),
        ]
    }));
    let width = |at: usize| cells.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    let line = |row: &[String; 7]| {
        let pad = |at: usize| {
            let blanks = " ".repeat(widths[at] - row[at].chars().count());
            match at {
                1..=3 => format!("{blanks}{}", row[at]),
                _ => format!("{}{blanks}", row[at]),
            }
        };
        (0..7).map(pad).collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    cells.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_days_or_weeks() {
        for (word, want) in [
            ("90d", Some(90)),
            ("90", Some(90)),
            ("13W", Some(91)),
            (" 1 d", Some(1)),
            ("0d", None),
            ("3m", None),
            ("4000d", None),
            ("-1d", None),
            ("", None),
        ] {
            assert_eq!(days(word), want, "{word:?}");
            assert_eq!(horizon(word).is_ok(), want.is_some(), "{word:?}");
        }
    }
}
