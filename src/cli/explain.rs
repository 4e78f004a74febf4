//! `reconcile explain`.

use std::path::PathBuf;

use clap::Args;

use super::{recorded::Recorded, say::say_lines};
use crate::{
    decide::Decider,
    error::{Error, Result},
    explain::{Decided, customer_line},
    inputs::with_threads,
    link::Matcher,
    problem,
    run::{
        Found, Rules,
        pipeline::{find, find_with},
    },
    verdicts::Verdicts,
};

pub(crate) const EXAMPLES: &str = "\
Examples:
  Why is this customer where it is?
    reconcile explain --run result --customer 35168378

  Why was this account not linked with it?
    reconcile explain --run result --customer 35168378 --account 001Qy00000A6r3dIAB

First comes the answer, then the strongest reasons, then the points of each field: +1 doubles the
odds that both are the same company, -1 halves them. The files of the run are read again from where
they were; files that have changed since are named first.";

/// The flags of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The folder with the results of a run.
    #[arg(long, value_name = "DIR")]
    pub(crate) run: PathBuf,
    /// The customer_id from the result files.
    #[arg(long, value_name = "ID")]
    pub(crate) customer: String,
    /// The id of an account; without it, the best candidates of the customer are shown.
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
}

pub(crate) fn run(args: ExplainArgs) -> Result<problem::Outcome> {
    let recorded = Recorded::of(&args.run)?;
    let changes = recorded.changes();
    let config = &recorded.config;
    let lines = with_threads(config.threads, || {
        let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
        let found = find(config, &rules).map_err(|error| recorded.gone(error))?;
        let mut lines = changes;
        lines.extend(recorded.new_files(&found));
        if lines.is_empty() {
            lines.push("No file has changed since the run.".into());
        }
        lines.extend(answer(&args, &recorded, &rules, &found)?);
        Ok(lines)
    })?;
    say_lines(&lines)?;
    Ok(problem::Outcome::Complete)
}

/// The answer, and what there is to say of the candidates or of the account that the user named.
pub(crate) fn answer(
    args: &ExplainArgs,
    recorded: &Recorded,
    rules: &Rules,
    found: &Found,
) -> Result<Vec<String>> {
    let wanted = args.customer.trim();
    let Some(at) = found.customers.position(wanted) else {
        return Err(Error::Unusable {
            file: wanted.to_owned(),
            found: "no report of the run has a customer with this id".into(),
            todo: "copy the customer_id from customers.csv".into(),
        });
    };
    let customer = &found.customers.list[at];
    let (verdicts, _) = Verdicts::load(&recorded.verdicts(&args.run))?;
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
    let decider = decider(recorded, &matcher, found, &verdicts);
    let decided = Decided::new(&decider, &found.candidates, &found.decisions);
    let mut lines = vec![String::new(), format!("Customer {}", customer_line(customer))];
    lines.push(format!("  {}", decided.answer(at)));
    let (now, linked) = (decided.word(at), decided.linked_ids(at));
    if let Some((before, accounts)) = recorded.status_then(&customer.id)
        && (before != now || (before == "linked" && accounts != linked))
    {
        lines.push(format!(
            "  warning: in the run it was {before} {accounts}; files, verdicts or rules have changed \
             since"
        ));
    }
    lines.extend(accounts(args, recorded, rules, (&verdicts, &decided, at))?);
    lines.extend([String::new(), decided.limits()]);
    Ok(lines)
}

/// The best candidates of the customer, or the account that the user named.
fn accounts(
    args: &ExplainArgs,
    recorded: &Recorded,
    rules: &Rules,
    (verdicts, decided, at): (&Verdicts, &Decided<'_>, usize),
) -> Result<Vec<String>> {
    let Some(account) = args.account.as_deref().map(str::trim) else {
        return Ok(decided.best(at));
    };
    if let Some(of_the_run) = decided.with_account(at, account) {
        return Ok(of_the_run);
    }
    let again = find_with(&recorded.config, rules, &[(args.customer.trim(), account)])?;
    let matcher = Matcher::new(&again.index, &rules.link, &rules.matching);
    let decider = decider(recorded, &matcher, &again, verdicts);
    let decided = Decided::new(&decider, &again.candidates, &again.decisions);
    match decided.with_pinned_account(at, account) {
        Some(pinned) => Ok(pinned),
        None => Ok(vec![String::new(), not_compared(&again, account)?]),
    }
}

/// The decider of the run.
pub(crate) fn decider<'r>(
    recorded: &Recorded,
    matcher: &'r Matcher<'r>,
    found: &'r Found,
    verdicts: &'r Verdicts,
) -> Decider<'r> {
    Decider::of_run(&recorded.config, matcher, &found.customers, verdicts)
}

/// Why an account was compared with no customer.
fn not_compared(found: &Found, account: &str) -> Result<String> {
    let accounts = &found.accounts;
    if let Some(master) = accounts.merged_into(account) {
        return Ok(format!(
            "Account {account} was not compared: the CRM has merged it into {master}."
        ));
    }
    if accounts.has(account) {
        let person = if accounts.has_people() { ", or as a person, not a company" } else { "" };
        return Ok(format!(
            "Account {account} was not compared: the CRM has it as deleted{person}."
        ));
    }
    Err(Error::Unusable {
        file: account.to_owned(),
        found: "no account of the run has this id".into(),
        todo: "copy the account id from the CRM export".into(),
    })
}
