//! `reconcile evaluate`.

mod print;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{progress::ProgressBar, recorded::Recorded, say::say};
use crate::{
    decide::Decider,
    error::{Error, Result},
    evaluate::{
        Again, AtLimit, Finished, LIMITS, Measured, Miss, Pair, Truth, TruthFiles, Why, at_limits,
        best_limit, calibration, measure, misses, picture,
    },
    inputs::with_threads,
    link::Matcher,
    problem::Outcome,
    result::file::errors,
    run::{Rules, pipeline::find_with},
    verdicts::Verdicts,
};

pub(crate) const EXAMPLES: &str = "\
Examples:
  How good are the links, against pairs that you know to be right?
    reconcile evaluate --truth truth.csv --run result

  All wrong links and misses to a file, and the curve as a picture:
    reconcile evaluate --truth truth.csv --run result --errors errors.csv --curve curve.svg

  Columns with other names, and pairs that count as neither right nor wrong:
    reconcile evaluate --truth known.csv --truth-left \"Customer No\" --truth-right \"CRM ID\" \\
      --ignore unclear.csv --run result

The truth has one row per true pair: the customer_id of customers.csv, and the account's id in the
CRM. It finds columns named left_id and right_id, CustomerID and account_id, or customer_id and
account_id. Links of customers that the truth does not name are unknown: they count as neither right
nor wrong. Where the truth names every customer that has an account, say --complete: then they are
wrong.

To find out which true pairs were never compared, it links the files of the run again, with the same
settings: start it in the folder where you started the run, or skip this step with --quick.";

/// The flags of `evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// The true pairs: a table with customer ids and account ids.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// The folder with the results of a run.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// The column of the truth that holds the ids of customers.
    #[arg(long, value_name = "HEADER")]
    truth_left: Option<String>,
    /// The column of the truth that holds the ids of accounts.
    #[arg(long, value_name = "HEADER")]
    truth_right: Option<String>,
    /// Pairs that count as neither right nor wrong; columns as in the truth.
    #[arg(long, value_name = "FILE")]
    ignore: Option<PathBuf>,
    /// The truth names every customer that has an account: links of others are wrong.
    #[arg(long)]
    complete: bool,
    /// Write all wrong links and misses to this CSV file, with their explanations.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Draw precision, recall and F1 over the similarity into this SVG file.
    #[arg(long, value_name = "FILE")]
    curve: Option<PathBuf>,
    /// Also measure at these similarities, such as 0.9,0.95.
    #[arg(long, value_name = "SIMILARITY", num_args = 1.., value_delimiter = ',', value_parser = similarity)]
    at: Vec<u16>,
    /// How many wrong links and misses to print.
    #[arg(long, value_name = "N", default_value_t = 5)]
    show: usize,
    /// Do not link again: it stays unknown which true pairs were never compared.
    #[arg(long)]
    quick: bool,
    /// Print all figures as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// A similarity from 0 to 1, in ten-thousandths.
fn similarity(text: &str) -> Result<u16, String> {
    let share: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if !(0.0..=1.0).contains(&share) {
        return Err("a similarity is between 0 and 1".into());
    }
    Ok((share * 10_000.0).round() as u16)
}

/// All that is printed.
pub(crate) struct Report<'r> {
    pub(crate) args: &'r EvaluateArgs,
    pub(crate) truth: &'r Truth,
    pub(crate) finished: &'r Finished,
    pub(crate) measured: &'r Measured<'r>,
    pub(crate) limits: Vec<AtLimit>,
    pub(crate) misses: Vec<Miss>,
    /// Whether the files were linked again.
    pub(crate) linked_again: bool,
    pub(crate) notes: Vec<String>,
}

impl EvaluateArgs {
    pub(crate) fn shown(&self) -> usize {
        self.show
    }

    pub(crate) fn errors(&self) -> Option<&Path> {
        self.errors.as_deref()
    }

    pub(crate) fn ids_file(&self) -> &Path {
        &self.truth
    }
}

pub(crate) fn run(args: EvaluateArgs) -> Result<Outcome> {
    let truth = Truth::load(&TruthFiles {
        truth: &args.truth,
        ignore: args.ignore.as_deref(),
        complete: args.complete,
        left: args.truth_left.as_deref(),
        right: args.truth_right.as_deref(),
    })?;
    let finished = Finished::load(&args.run)?;
    let measured = measure(&finished, &truth);
    let mut notes = truth.notes.clone();
    if truth.rows_without_ids > 0 {
        notes.push(format!("{} rows of the truth lack an id", truth.rows_without_ids));
    }
    let again = if args.quick { None } else { linked_again(&args, &measured, &finished, &truth) };
    let (misses, linked_again) = match again {
        None => (misses(&finished, &measured, &truth, None), false),
        Some(Ok((misses, more))) => {
            notes.extend(more);
            (misses, true)
        }
        Some(Err(error)) => {
            notes.push(format!(
                "the run could not be linked again, so what was lost in blocking is unknown: \
                 {error}; start the command in the folder in which the run was started"
            ));
            (misses(&finished, &measured, &truth, None), false)
        }
    };
    let mut limits: Vec<u16> = LIMITS.into_iter().chain(args.at.iter().copied()).collect();
    limits.sort_unstable();
    limits.dedup();
    let limits = at_limits(&finished, &truth, &limits);
    notes.extend(strangers(&misses, &truth));
    let report = Report {
        args: &args,
        truth: &truth,
        finished: &finished,
        measured: &measured,
        limits,
        misses,
        linked_again,
        notes,
    };
    write_files(&report)?;
    if args.json {
        let text = serde_json::to_string_pretty(&report.as_json())
            .map_err(|error| Error::Totals { what: error.to_string() })?;
        say(&text)?;
    } else {
        print::print(&report)?;
    }
    Ok(Outcome::Complete)
}

/// The misses as linking again explains them, and what has happened to the files since the run.
fn linked_again(
    args: &EvaluateArgs,
    measured: &Measured<'_>,
    finished: &Finished,
    truth: &Truth,
) -> Option<Result<(Vec<Miss>, Vec<String>)>> {
    if measured.missed.is_empty() {
        return Some(Ok((Vec::new(), Vec::new())));
    }
    let work = || {
        let recorded = Recorded::of(&args.run)?;
        let changes = recorded.changes();
        let mut config = recorded.config;
        let bar = ProgressBar::over(&mut config, args.json);
        let missed: Vec<(&str, &str)> =
            measured.missed.iter().map(|ids| (&*ids.0, &*ids.1)).collect();
        let found = with_threads(config.threads, || {
            let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
            let (verdicts, _) = Verdicts::load(&config.verdicts)?;
            let found = find_with(&config, &rules, &missed)?;
            let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
            let decider = Decider::of_run(&config, &matcher, &found.customers, &verdicts);
            let again = Again::new(&found, &decider);
            Ok(misses(finished, measured, truth, Some(&again)))
        });
        drop(bar);
        Ok((found?, changes))
    };
    Some(work())
}

/// A note where the ids of the truth look like another system's.
fn strangers(misses: &[Miss], truth: &Truth) -> Option<String> {
    let of = |why: Why| misses.iter().filter(|miss| miss.why == why).count();
    let half = truth.len().div_ceil(2);
    let (left, right) = &truth.columns;
    if of(Why::NoSuchCustomer) >= half {
        return Some(format!(
            "most customers of the truth are in no report of the run: the column {left:?} should \
             hold ids as customers.csv shows them (--truth-left)"
        ));
    }
    (of(Why::NoSuchAccount) >= half).then(|| {
        format!(
            "most accounts of the truth are in no CRM file of the run: the column {right:?} should \
             hold the CRM's account ids (--truth-right)"
        )
    })
}

impl Report<'_> {
    /// How many misses there are of each kind.
    pub(crate) fn by_reason(&self) -> BTreeMap<Why, usize> {
        let mut counts = BTreeMap::new();
        self.misses.iter().for_each(|miss| *counts.entry(miss.why).or_default() += 1);
        counts
    }

    /// Where the true partners of a wrong link are.
    pub(crate) fn instead(&self, link: &Pair) -> String {
        let accounts: Vec<&str> = self.true_accounts(&link.ids.0);
        let customers: Vec<&str> = self.true_customers(&link.ids.1);
        match (accounts.is_empty(), customers.is_empty()) {
            (false, _) => format!("the customer's account is {}", accounts.join(", ")),
            (true, false) => format!("the account is that of customer {}", customers.join(", ")),
            (true, true) => "the truth knows no partner of either".into(),
        }
    }

    fn true_accounts(&self, customer: &str) -> Vec<&str> {
        self.truth.accounts_of(customer)
    }

    fn true_customers(&self, account: &str) -> Vec<&str> {
        self.truth.customers_of(account)
    }

    fn as_json(&self) -> serde_json::Value {
        let reasons: BTreeMap<String, usize> = self
            .by_reason()
            .into_iter()
            .map(|(why, count)| (json!(why).as_str().unwrap_or("").to_owned(), count))
            .collect();
        let lost = self.linked_again.then(|| {
            let pairs = self.by_reason().get(&Why::NeverCandidate).copied().unwrap_or(0);
            json!({ "pairs": pairs, "recall": pairs as f64 / self.truth.len() as f64 })
        });
        let best = best_limit(self.finished, self.truth).map(|(similarity, figures)| {
            let share = f64::from(similarity.ten_thousandths()) / 10_000.0;
            json!({ "similarity": share, "figures": figures })
        });
        let wrong: Vec<serde_json::Value> = self
            .measured
            .wrong
            .iter()
            .take(self.args.show)
            .map(|link| {
                json!({
                    "customer_id": link.shown.0, "customer_name": link.customer_name,
                    "account_id": link.shown.1, "account_name": link.account_name,
                    "pass": link.pass, "similarity": link.similarity.to_string(),
                    "detail": self.instead(link), "explanation": link.explanation,
                })
            })
            .collect();
        json!({
            "true_pairs": self.truth.len(),
            "ignored_links": self.measured.ignored,
            "unknown_links": self.measured.unknown,
            "links": self.measured.all,
            "passes": self.measured.passes,
            "limits": self.limits,
            "best_limit": best,
            "calibration": calibration(self.finished, self.truth),
            "misses": reasons,
            "lost_in_blocking": lost,
            "first_wrong_links": wrong,
            "first_misses": self.misses.iter().take(self.args.show).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

/// Writes the list of errors and the picture, where the user wants them.
fn write_files(report: &Report<'_>) -> Result<()> {
    if let Some(path) = &report.args.curve {
        let svg = picture(report.finished, report.truth);
        fs::write(path, svg).map_err(Error::io(path))?;
    }
    report.args.errors.as_deref().map_or(Ok(()), |path| write_errors(path, report))
}

/// Writes the list of errors.
fn write_errors(path: &Path, report: &Report<'_>) -> Result<()> {
    let unwritable = |error: csv::Error| Error::io(path)(std::io::Error::other(error));
    let mut file = csv::Writer::from_path(path).map_err(unwritable)?;
    file.write_record(errors::FILE.fixed().map(|column| column.name)).map_err(unwritable)?;
    for link in &report.measured.wrong {
        let similarity = link.similarity.to_string();
        let instead = report.instead(link);
        let accounts = report.true_accounts(&link.ids.0).join("; ");
        let customers = report.true_customers(&link.ids.1).join("; ");
        let cells = errors::Row {
            error: "wrong link",
            customer_id: &link.shown.0,
            customer_name: &link.customer_name,
            account_id: &link.shown.1,
            account_name: &link.account_name,
            why: "",
            detail: &instead,
            pass: &link.pass,
            similarity: &similarity,
            true_account_ids: &accounts,
            true_customer_ids: &customers,
            explanation: &link.explanation,
        };
        let mut line = Vec::new();
        cells.put(&mut line, []);
        file.write_record(line).map_err(unwritable)?;
    }
    for miss in &report.misses {
        let cells = errors::Row {
            error: "miss",
            customer_id: &*miss.customer_id,
            customer_name: &miss.customer_name,
            account_id: &miss.account_id,
            account_name: &miss.account_name,
            why: miss.why.words(),
            detail: &miss.detail,
            pass: &miss.pass,
            similarity: &miss.similarity,
            true_account_ids: &miss.account_id,
            true_customer_ids: &miss.customer_id,
            explanation: &miss.explanation,
        };
        let mut line = Vec::new();
        cells.put(&mut line, []);
        file.write_record(line).map_err(unwritable)?;
    }
    file.flush().map_err(Error::io(path))
}
