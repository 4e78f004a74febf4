//! `reconcile explain`.
#![expect(clippy::print_stdout, reason = "the program's answer goes to standard output")]

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::{
    match_::MatchArgs,
    pair::{account_line, customer_line, describe, lacked},
};
use crate::{
    compare::Pass,
    config::Config,
    crm::join_key,
    decide::{DecidedBy, Link, Outcome, ReviewReason},
    error::{Error, Result},
    intake::fingerprint,
    link::Candidate,
    parallel::with_threads,
    pipeline::{Found, Rules, find, find_with},
    problem,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  Why is this customer where it is?
    reconcile explain --run result --customer 35168378

  Why was this account not linked with it?
    reconcile explain --run result --customer 35168378 --account 001Qy00000A6r3dIAB

The files and settings of the run are read again, from the folder in which the run was started.";

/// The flags of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The folder with the results of a run.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// The customer, by the id that the result files show.
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The account; without it, the best candidates of the customer.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
}

/// Candidates that are described when no account is named.
const DESCRIBED: usize = 3;

pub(super) fn run(args: ExplainArgs) -> Result<problem::Outcome> {
    let (config, recorded) = recorded(&args.run)?;
    let lines = with_threads(config.threads, || {
        let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
        let mut lines = changed(&recorded);
        let found = find(&config, &rules)?;
        lines.extend(answer(&args, &config, &rules, found)?);
        Ok(lines)
    })?;
    for line in lines {
        println!("{line}");
    }
    Ok(problem::Outcome::Complete)
}

/// The settings and the summary of a run.
pub(super) fn recorded(run: &Path) -> Result<(Config, Value)> {
    let path = run.join("summary.json");
    let text = std::fs::read(&path).map_err(Error::io(&path))?;
    let summary: Value = serde_json::from_slice(&text).map_err(|error| Error::Unusable {
        file: path.display().to_string(),
        found: format!("is no summary of a run: {error}"),
        todo: "name the folder with the results of a run".into(),
    })?;
    let mut config = Config::try_from(MatchArgs::from_settings(run.join("settings.toml"))?)?;
    if let Some(as_of) = summary["as_of"].as_str().and_then(|day| day.parse().ok()) {
        config.as_of = as_of;
    }
    Ok((config, summary))
}

/// What has happened to the files of the run since.
pub(super) fn changed(summary: &Value) -> Vec<String> {
    let inputs = summary["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines = Vec::new();
    for input in inputs {
        let (Some(file), Some(before)) = (input["file"].as_str(), input["fingerprint"].as_str())
        else {
            continue;
        };
        if before.is_empty() {
            continue;
        }
        let path = file.split_once('!').map_or(file, |(archive, _)| archive);
        match fingerprint(Path::new(path)) {
            Err(_) => lines.push(format!("warning: {file} is gone since the run")),
            Ok(now) if now != before => {
                lines.push(format!("warning: {file} has changed since the run"));
            }
            Ok(_) => {}
        }
    }
    if lines.is_empty() {
        lines.push("No file has changed since the run.".into());
    }
    lines
}

fn answer(
    args: &ExplainArgs,
    config: &Config,
    rules: &Rules,
    mut found: Found,
) -> Result<Vec<String>> {
    let Some(at) = found.customers.position(&args.customer) else {
        return Err(Error::Unusable {
            file: args.customer.clone(),
            found: "no report of the run holds a customer with this id".into(),
            todo: "take the customer_id as customers.csv shows it".into(),
        });
    };
    let mut lines = vec![format!("Customer {}", customer_line(&found.customers.list[at]))];
    lines.push(status(&found.decisions.outcomes[at]));
    lines.push(limits(rules));
    let Some(account) = &args.account else {
        let kept = candidates(&found, at as u32);
        let shown: Vec<Candidate> = kept.into_iter().take(DESCRIBED).cloned().collect();
        if shown.is_empty() {
            lines.push("No pass found an account for it.".into());
        }
        shown.iter().for_each(|of| lines.extend(tell(&found, rules, at, of)));
        return Ok(lines);
    };
    let mut by_a_pass = true;
    let mut pair = of_account(&found, at as u32, account);
    if pair.is_none() {
        by_a_pass = false;
        found = find_with(config, rules, &[(&args.customer, account)])?;
        pair = of_account(&found, at as u32, account);
    }
    let Some(pair) = pair else {
        return Err(Error::Unusable {
            file: account.clone(),
            found: "no account of the run has this id, or the CRM has it deleted or merged".into(),
            todo: "take the account id as the CRM export has it".into(),
        });
    };
    lines.extend(tell(&found, rules, at, &pair));
    if !by_a_pass {
        lines.push("  The pair was no candidate of the run; what each pass lacked:".into());
        lines.extend(lacked(&pair.comparison).into_iter().map(|line| format!("  {line}")));
    }
    Ok(lines)
}

/// The candidates of a customer, best first, or the nearest miss.
fn candidates(found: &Found, customer: u32) -> Vec<&Candidate> {
    let (kept, _) = found.candidates.of(customer);
    let kept: Vec<&Candidate> = kept.into_iter().map(|kept| &kept.candidate).collect();
    if kept.is_empty() { found.candidates.nearest(customer).into_iter().collect() } else { kept }
}

fn of_account(found: &Found, customer: u32, account: &str) -> Option<Candidate> {
    let wanted = join_key(account);
    let is_it = |of: &&Candidate| join_key(&of.account.id) == wanted;
    candidates(found, customer).into_iter().find(is_it).cloned()
}

/// A pair with all that is known of it.
fn tell(found: &Found, rules: &Rules, customer: usize, pair: &Candidate) -> Vec<String> {
    let mut lines = vec![String::new(), format!("Account {}", account_line(&pair.account))];
    let described = describe(found, rules, pair);
    lines.extend(described.into_iter().map(|line| format!("  {line}")));
    lines.push(format!("  {}", verdict(found, rules, customer, pair)));
    lines
}

/// Where the customer ended.
fn status(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Linked(links) => {
            let ids: Vec<&str> = links.iter().map(|link| &*link.candidate.account.id).collect();
            let by = links.first().map_or(String::new(), accepted_by);
            let runner_up = links.first().and_then(|link| link.runner_up.as_ref());
            let runner_up = runner_up
                .map_or("there is no runner-up".to_owned(), |(other, score)| {
                    format!("runner-up is {} {:?} with {score}", other.id, other.name)
                });
            format!("is linked with {}, {by}; {runner_up}.", ids.join(" and "))
        }
        Outcome::Review(reason, _) => {
            format!("is in review: {} ({}).", reason.word(), review_sentence(*reason))
        }
        Outcome::Unmatched(reason, _) => format!("is unmatched: {}.", reason.word()),
        Outcome::Excluded(reason) => format!("was not tried: {}.", reason.word()),
    }
}

fn accepted_by(link: &Link) -> String {
    match (&link.decided_by, link.candidate.comparison.pass) {
        (DecidedBy::Verdict(_), _) => "accepted by a person".into(),
        (DecidedBy::Rule, Some(pass)) => format!("accepted by the {} pass", pass.word()),
        (DecidedBy::Rule, None) => "accepted by rule".into(),
    }
}

fn review_sentence(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Conflict => "a later pass points, more strongly, at another account",
        ReviewReason::Tie => "several accounts are equally good and no duplicates of each other",
        ReviewReason::Doubtful => "no candidate reaches what its pass asks for",
        ReviewReason::Family => "only a group's domain or a top parent's number agrees",
        ReviewReason::AccountTaken => "a better customer took the account",
        ReviewReason::Stale => "what a verdict saw has changed",
        ReviewReason::Truncated => "there are more candidates than are kept",
    }
}

fn limits(rules: &Rules) -> String {
    let limits = &rules.matching.limits;
    format!(
        "Limits: accepted from {} (domain), {} (name), {} (id); shown for review from {}.",
        limits.accept(Pass::Domain),
        limits.accept(Pass::Name),
        limits.accept(Pass::Id),
        limits.review()
    )
}

/// Why this pair is or is not a link, in one sentence.
fn verdict(found: &Found, rules: &Rules, customer: usize, pair: &Candidate) -> String {
    let is_it = |link: &&Link| link.candidate.account.id == pair.account.id;
    let outcome = &found.decisions.outcomes[customer];
    if let Outcome::Linked(links) = outcome
        && let Some(link) = links.iter().find(is_it)
    {
        return format!("Linked: {}.", accepted_by(link));
    }
    let holder = found.decisions.outcomes.iter().enumerate().find(|(at, outcome)| {
        *at != customer
            && matches!(outcome, Outcome::Linked(links) if links.iter().any(|of| is_it(&of)))
    });
    let limits = &rules.matching.limits;
    let (score, pass) = (pair.comparison.score, pair.comparison.pass);
    if score < limits.review() {
        return format!("Not linked: {score} is below the lower limit {}.", limits.review());
    }
    if let Some((at, _)) = holder {
        let other = &found.customers.list[at];
        return format!("Not linked: the account serves customer {} {:?}.", other.id, other.name);
    }
    let accept = pass.map(|pass| limits.accept(pass));
    match (outcome, accept) {
        (Outcome::Linked(_), _) => "Not linked: a better account was.".into(),
        (_, Some(accept)) if score < accept => {
            format!("Not linked by itself: {score} is between {} and {accept}.", limits.review())
        }
        (Outcome::Review(reason, _), _) => {
            format!("Not linked by itself: {}.", review_sentence(*reason))
        }
        _ => "Not linked.".into(),
    }
}
