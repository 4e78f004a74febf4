//! `reconcile explain`.

use std::path::PathBuf;

use clap::Args;

use super::{
    pair::{account_line, customer_line, describe},
    passes::{lacked, looked_for},
    recorded::Recorded,
    say::say,
};
use crate::{
    compare::{Level, Pass},
    config::Config,
    decide::{
        DecidedBy, Decider, ExcludedReason, Link, Outcome, ReviewReason, Standing, UnmatchedReason,
    },
    error::{Error, Result},
    inputs::with_threads,
    link::{Candidate, Matcher},
    problem,
    run::{
        Found, Rules,
        pipeline::{find, find_with},
    },
    text::id::join_key,
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

/// Candidates that are described when no account is named.
const DESCRIBED: usize = 3;

pub(super) fn run(args: ExplainArgs) -> Result<problem::Outcome> {
    let recorded = Recorded::of(&args.run)?;
    let changes = recorded.changes();
    let lines = with_threads(recorded.config.threads, || {
        let config = &recorded.config;
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

fn answer(
    args: &ExplainArgs,
    recorded: &Recorded,
    rules: &Rules,
    mut found: Found,
) -> Result<Vec<String>> {
    let wanted = args.customer.trim();
    let Some(at) = found.customers.position(wanted) else {
        return Err(Error::Unusable {
            file: wanted.to_owned(),
            found: "no report of the run holds a customer with this id".into(),
            todo: "take the customer_id as customers.csv shows it".into(),
        });
    };
    let outcome = &found.decisions.outcomes[at];
    let customer = &found.customers.list[at];
    let mut lines = vec![String::new(), format!("Customer {}", customer_line(customer))];
    lines.push(format!("  {}", status(outcome)));
    if let Some((before, accounts)) = recorded.status_then(&customer.id)
        && (before != word(outcome) || (before == "linked" && accounts != linked_ids(outcome)))
    {
        lines.push(format!(
            "  warning: the run left it as {before} {accounts}; files, verdicts or rules have \
             changed since"
        ));
    }
    lines.push(format!("  {}", limits(rules)));
    let Some(account) = args.account.as_deref().map(str::trim) else {
        let kept = candidates(&found, rules, at as u32);
        let more = kept.len().saturating_sub(DESCRIBED);
        let shown: Vec<Candidate> = kept.into_iter().take(DESCRIBED).collect();
        if shown.is_empty() {
            lines.extend(looked_for(&found, at).into_iter().map(|line| format!("  {line}")));
        }
        for of in &shown {
            lines.extend(tell(&found, rules, &recorded.config, at, of));
            lines.extend(rank(&found, rules, at, of));
        }
        if more > 0 {
            lines.push(format!("\n{more} more candidates; name one with --account ID."));
        }
        return Ok(lines);
    };
    let mut by_a_pass = true;
    let mut pair = of_account(&found, rules, at as u32, account);
    if pair.is_none() {
        by_a_pass = false;
        let config = &recorded.config;
        found = find_with(config, rules, &[(wanted, account)])?;
        pair = of_account(&found, rules, at as u32, account);
    }
    let Some(pair) = pair else {
        lines.push(String::new());
        lines.push(not_compared(&found, account)?);
        return Ok(lines);
    };
    lines.extend(tell(&found, rules, &recorded.config, at, &pair));
    if by_a_pass {
        lines.extend(rank(&found, rules, at, &pair));
    } else {
        lines.extend(lacked(&found, rules, &pair).into_iter().map(|line| format!("  {line}")));
    }
    Ok(lines)
}

/// Why an account was compared with no customer.
fn not_compared(found: &Found, account: &str) -> Result<String> {
    if let Some(master) = found.merged_into(account) {
        return Ok(format!(
            "Account {account} was not compared: the CRM has merged it into {master}."
        ));
    }
    if found.knows_account(account) {
        let what = match found.has_people_as_accounts() {
            true => "deleted, or as a person who is no company",
            false => "deleted",
        };
        return Ok(format!("Account {account} was not compared: the CRM has it as {what}."));
    }
    Err(Error::Unusable {
        file: account.to_owned(),
        found: "no account of the run has this id".into(),
        todo: "take the account id as the CRM export has it".into(),
    })
}

/// The candidates of a customer, best first, or the nearest miss.
fn candidates(found: &Found, rules: &Rules, customer: u32) -> Vec<Candidate> {
    let (kept, _) = found.candidates.of(customer);
    let kept = kept.into_iter().map(|kept| kept.candidate.clone());
    kept.chain(nearest(found, rules, customer)).collect()
}

fn nearest(found: &Found, rules: &Rules, customer: u32) -> Option<Candidate> {
    Matcher::new(&found.index, &rules.link, &rules.matching).nearest(customer, &found.candidates)
}

fn of_account(found: &Found, rules: &Rules, customer: u32, account: &str) -> Option<Candidate> {
    let wanted = join_key(account);
    candidates(found, rules, customer).into_iter().find(|of| join_key(of.account.id()) == wanted)
}

/// A pair with all that is known of it.
fn tell(
    found: &Found,
    rules: &Rules,
    config: &Config,
    customer: usize,
    pair: &Candidate,
) -> Vec<String> {
    let mut lines = vec![String::new(), format!("Account {}", account_line(&pair.account))];
    let described = describe(found, rules, pair);
    lines.extend(described.into_iter().map(|line| format!("  {line}")));
    let standing = standing(found, rules, config, pair);
    lines.push(format!("  {}", verdict(found, rules, customer, pair, standing.as_ref())));
    let demands = standing.map(|standing| demands(rules, pair, &standing));
    lines.extend(demands.into_iter().flatten().map(|line| format!("  {line}")));
    lines
}

/// How a pair stands, by the code of the run.
fn standing(found: &Found, rules: &Rules, config: &Config, pair: &Candidate) -> Option<Standing> {
    let verdicts = Verdicts::default();
    let decider = Decider {
        matcher: &Matcher::new(&found.index, &rules.link, &rules.matching),
        customers: &found.customers,
        verdicts: &verdicts,
        unlike_names: config.unlike_names,
        share_accounts: config.share_accounts,
    };
    decider.standing(pair, &found.candidates)
}

/// What holds for a pair beside its weight and its lead.
fn peculiar(pair: &Candidate, of: &Standing) -> Vec<&'static str> {
    let has_less = f64::from(pair.comparison.weight) / 100.0 > of.weight + 0.005;
    let all = [
        (
            has_less,
            "It counts less than its match weight: an account known by its name only gets no \
             allowance among accounts that have places or domains.",
        ),
        (
            of.is_longer_namesake,
            "The account bears the customer's name and more, in the same city only: a branch, a \
             sister or a namesake, which a person must tell.",
        ),
        (
            of.is_second_account,
            "With what a better account tells of the customer, it is the same company: it is linked \
             where that one is.",
        ),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).collect()
}

/// What the pass of a pair asks for, and what the pair has.
fn demands(rules: &Rules, pair: &Candidate, of: &Standing) -> Vec<String> {
    let enough = |holds: bool| if holds { "enough" } else { "not enough" };
    let lead = |bits: f64, next: &str, whose: &str| match bits.is_finite() {
        true => format!("it is {bits:+.2} ahead of the next {next} of this {whose}"),
        false => format!("no other {next} of this {whose} counts against it"),
    };
    let has = of.weight + of.counted;
    let mut lines = vec![
        format!(
            "Its lead: {}, and {}; that counts {:+.2}.",
            lead(of.lead_of_customer, "account", "customer"),
            lead(of.lead_of_account, "customer", "account"),
            of.counted
        ),
        format!(
            "Its pass asks for {:+.2}; it has {:+.2} and {:+.2}: {}.",
            of.asked,
            of.weight,
            of.counted,
            enough(has >= of.asked)
        ),
    ];
    lines.extend(peculiar(pair, of).into_iter().map(str::to_owned));
    let margin = rules.matching.limits.rival_margin;
    if of.lead_of_account < margin {
        lines.push(format!(
            "Another customer comes as near to this account: a lead of {margin:+.2} is asked for."
        ));
    }
    let comparison = &pair.comparison;
    let named = matches!(comparison.name, Level::Agrees | Level::Similar);
    let by_limit = named && has >= of.asked;
    if comparison.pass == Some(Pass::Domain) && !by_limit {
        lines.push(format!(
            "That a domain links them all the same, no other customer and no other \
             account may have it ({}), and place, id, a rare word or the domain's own words must \
             support it ({}).",
            if of.has_unique_domain { "none has" } else { "another has" },
            if comparison.supported { "they do" } else { "they do not" }
        ));
    }
    lines
}

/// Where a pair stands among the candidates of its customer.
fn rank(found: &Found, rules: &Rules, customer: usize, pair: &Candidate) -> Option<String> {
    if nearest(found, rules, customer as u32).is_some_and(|of| of == *pair) {
        return Some("  It is the nearest miss: no account reaches what candidates must.".into());
    }
    let kept = candidates(found, rules, customer as u32);
    let at = kept.iter().position(|of| of.account.is_same_account(&pair.account))?;
    let ahead = |other: &Candidate, one: &Candidate| {
        f64::from(one.comparison.weight - other.comparison.weight) / 100.0
    };
    let best = kept.first()?;
    Some(match (at, kept.get(1)) {
        (0, None) => "  It is the only candidate: there is no runner-up.".into(),
        (0, Some(second)) => format!(
            "  It is the best of {} candidates; the runner-up is {} with {}, {:.2} behind.",
            kept.len(),
            second.account.id(),
            second.comparison.score,
            ahead(second, pair)
        ),
        _ => format!(
            "  It is candidate {} of {}; the best is {} with {}, {:.2} ahead.",
            at + 1,
            kept.len(),
            best.account.id(),
            best.comparison.score,
            ahead(pair, best)
        ),
    })
}

/// The word of the status in which a customer ends.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Linked(_) => "linked",
        Outcome::Review(..) => "review",
        Outcome::Unmatched(..) => "unmatched",
        Outcome::Excluded(_) => "excluded",
    }
}

/// The accounts of a linked customer, as `customers.csv` joins them.
fn linked_ids(outcome: &Outcome) -> String {
    let Outcome::Linked(links) = outcome else { return String::new() };
    let ids: Vec<&str> = links.iter().map(|link| link.candidate.account.id()).collect();
    ids.join("; ")
}

/// Where the customer ended.
fn status(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Linked(links) => {
            let by = links.first().map_or(String::new(), accepted_by);
            let runner_up = links.first().and_then(|link| link.runner_up.as_ref());
            let runner_up =
                runner_up.map_or("there is no runner-up".to_owned(), |(other, score)| {
                    format!("the runner-up is {} \"{}\" with {score}", other.id(), other.name())
                });
            format!("Linked with {}, {by}; {runner_up}.", linked_ids(outcome))
        }
        Outcome::Review(reason, _) => {
            format!("In review: {} ({}).", reason.word(), review_sentence(*reason))
        }
        Outcome::Unmatched(reason, _) => {
            format!("Unmatched: {} ({}).", reason.word(), unmatched_sentence(*reason))
        }
        Outcome::Excluded(reason) => {
            format!("Not tried: {} ({}).", reason.word(), excluded_sentence(*reason))
        }
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

fn unmatched_sentence(reason: UnmatchedReason) -> &'static str {
    match reason {
        UnmatchedReason::NoCandidate => "no pass brought an account",
        UnmatchedReason::NothingNear => "accounts were compared, and none reaches the lower limit",
        UnmatchedReason::Refused => "a person rejected its candidates",
        UnmatchedReason::SettledNone => "a person said that the CRM has no account for it",
    }
}

fn excluded_sentence(reason: ExcludedReason) -> &'static str {
    match reason {
        ExcludedReason::NoUsableKey => {
            "the report has no name and no domain that can be compared, and no account has its id"
        }
        ExcludedReason::Partner => "its domain is one of --own-domain",
        ExcludedReason::Rule => "a rule of yours leaves it out",
    }
}

fn limits(rules: &Rules) -> String {
    let limits = &rules.matching.limits;
    format!(
        "Limits: accepted from {} (domain), {} (name), {} (name that the place confirms), {} (id), or \
         below with a lead over the next best; shown for review from {}; kept from {}.",
        limits.accept(Pass::Domain),
        limits.accept(Pass::Name),
        limits.accept_confirmed(),
        limits.accept(Pass::Id),
        limits.review(),
        limits.keep()
    )
}

/// Why this pair is or is not a link, in one sentence.
fn verdict(
    found: &Found,
    rules: &Rules,
    customer: usize,
    pair: &Candidate,
    standing: Option<&Standing>,
) -> String {
    let is_it = |link: &&Link| link.candidate.account.is_same_account(&pair.account);
    let outcome = &found.decisions.outcomes[customer];
    if let Outcome::Linked(links) = outcome
        && let Some(link) = links.iter().find(is_it)
    {
        return format!("Linked: {}.", accepted_by(link));
    }
    match outcome {
        Outcome::Unmatched(
            reason @ (UnmatchedReason::Refused | UnmatchedReason::SettledNone),
            _,
        ) => return format!("Not linked: {}.", unmatched_sentence(*reason)),
        Outcome::Excluded(reason) => {
            return format!("Not linked: {}.", excluded_sentence(*reason));
        }
        _ => {}
    }
    let holder = found.decisions.outcomes.iter().enumerate().find(|(at, outcome)| {
        *at != customer
            && matches!(outcome, Outcome::Linked(links) if links.iter().any(|of| is_it(&of)))
    });
    let limits = &rules.matching.limits;
    let score = pair.comparison.score;
    if score < limits.review() {
        return format!("Not linked: {score} is below the lower limit {}.", limits.review());
    }
    if let Some((at, _)) = holder {
        let other = &found.customers.list[at];
        return format!("Not linked: the account serves customer {} \"{}\".", other.id, other.name);
    }
    let short = standing.is_some_and(|of| of.weight + of.counted < of.asked);
    match (outcome, short) {
        (Outcome::Linked(_), _) => "Not linked: a better account was.".into(),
        (_, true) => format!(
            "Not linked by itself: {score} is enough to be shown, and with its lead not enough to \
             be accepted."
        ),
        (Outcome::Review(reason, _), _) => {
            format!("Not linked by itself: {}.", review_sentence(*reason))
        }
        _ => "Not linked.".into(),
    }
}
