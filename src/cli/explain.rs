//! `reconcile explain`.

use std::path::PathBuf;

use clap::Args;

use super::{recorded::Recorded, say::say};
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

pub(super) const EXAMPLES: &str = "\
Examples:
  Why is this customer where it is?
    reconcile explain --run result --customer 35168378

  Why was this account not linked with it?
    reconcile explain --run result --customer 35168378 --account 001Qy00000A6r3dIAB

The files and settings of the run are read again, where the run found them; what has changed
since is said first. Weights are powers of two: +1 doubles the odds that both are one company.";

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

pub(super) fn run(args: ExplainArgs) -> Result<problem::Outcome> {
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
        lines.extend(answer(&args, &recorded, &rules, found)?);
        Ok(lines)
    })?;
    say(&lines.join("\n"))?;
    Ok(problem::Outcome::Complete)
}

/// All that there is to say of the customer and its candidates, or of the account that is named.
fn answer(
    args: &ExplainArgs,
    recorded: &Recorded,
    rules: &Rules,
    found: Found,
) -> Result<Vec<String>> {
    let wanted = args.customer.trim();
    let Some(at) = found.customers.position(wanted) else {
        return Err(Error::Unusable {
            file: wanted.to_owned(),
            found: "no report of the run holds a customer with this id".into(),
            todo: "take the customer_id as customers.csv shows it".into(),
        });
    };
    let customer = &found.customers.list[at];
    let (verdicts, _) = Verdicts::load(&recorded.config.verdicts)?;
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
    let decider = decider(recorded, &matcher, &found, &verdicts);
    let decided = Decided::new(&decider, &found.candidates, &found.decisions);
    let mut lines = vec![String::new(), format!("Customer {}", customer_line(customer))];
    lines.push(format!("  {}", decided.status(at)));
    let (now, linked) = (decided.word(at), decided.linked_ids(at));
    if let Some((before, accounts)) = recorded.status_then(&customer.id)
        && (before != now || (before == "linked" && accounts != linked))
    {
        lines.push(format!(
            "  warning: the run left it as {before} {accounts}; files, verdicts or rules have \
             changed since"
        ));
    }
    lines.push(format!("  {}", decided.limits()));
    let Some(account) = args.account.as_deref().map(str::trim) else {
        lines.extend(decided.best(at));
        return Ok(lines);
    };
    if let Some(of_the_run) = decided.with_account(at, account) {
        lines.extend(of_the_run);
        return Ok(lines);
    }
    let again = find_with(&recorded.config, rules, &[(wanted, account)])?;
    let matcher = Matcher::new(&again.index, &rules.link, &rules.matching);
    let decider = self::decider(recorded, &matcher, &again, &verdicts);
    let decided = Decided::new(&decider, &again.candidates, &again.decisions);
    match decided.with_pinned_account(at, account) {
        Some(pinned) => lines.extend(pinned),
        None => lines.extend([String::new(), not_compared(&again, account)?]),
    }
    Ok(lines)
}

/// The decider of the run.
fn decider<'r>(
    recorded: &Recorded,
    matcher: &'r Matcher<'r>,
    found: &'r Found,
    verdicts: &'r Verdicts,
) -> Decider<'r> {
    Decider {
        matcher,
        customers: &found.customers,
        verdicts,
        unlike_names: recorded.config.unlike_names,
        share_accounts: recorded.config.share_accounts,
    }
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
        let person = if accounts.has_people() { ", or as a person who is no company" } else { "" };
        return Ok(format!(
            "Account {account} was not compared: the CRM has it as deleted{person}."
        ));
    }
    Err(Error::Unusable {
        file: account.to_owned(),
        found: "no account of the run has this id".into(),
        todo: "take the account id as the CRM export has it".into(),
    })
}
