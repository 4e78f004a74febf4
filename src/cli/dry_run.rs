//! `reconcile match --dry-run`: what a run would do, and the pairs on which its limits decide.

use std::cmp::Reverse;

use super::{
    progress::ProgressBar,
    say::{say_lines, shown},
    table,
};
use crate::{
    compare::{Pass, Score},
    config::Config,
    decide::Outcome,
    error::Result,
    explain::{account_line, customer_line},
    link::Candidate,
    problem,
    run::{Found, Rules, pipeline::rehearse},
    write::{PassCounts, Summary},
};

/// Pairs that are shown on each side of a limit.
const SHOWN: usize = 3;

pub(super) fn run(
    config: &Config,
    clock: &(dyn Fn() -> String + Sync),
    bar: ProgressBar,
    (strict, json): (bool, bool),
) -> Result<problem::Outcome> {
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let rehearsed = rehearse(config, &rules, clock);
    drop(bar);
    let (found, summary) = rehearsed?;
    let outcome = problem::Outcome::of_run(summary.problems, strict);
    if json {
        return table::print_json(&summary).map(|()| outcome);
    }
    shown(&table::headlines(&summary).join("\n"))?;
    let mut lines = table::counts(&summary);
    lines.extend(table::problems(&summary));
    lines.push(String::new());
    lines.extend(passes(&summary));
    lines.extend(samples(&found, &rules));
    lines.extend(lists(&found, &summary));
    lines.push("dry run: nothing was written; filled-in review sheets were not taken in".into());
    say_lines(&lines)?;
    Ok(outcome)
}

/// What each pass would link, and what only it finds.
fn passes(summary: &Summary) -> Vec<String> {
    let (all, only) = (&summary.results.passes, &summary.results.passes_only);
    let of = |counts: &PassCounts| [counts.domain, counts.name, counts.id];
    let lines = ["domain", "name", "id"].into_iter().zip(of(all).into_iter().zip(of(only)));
    lines
        .map(|(pass, (all, only))| {
            format!("{pass} pass: {all} customers linked, {only} that no other pass would find")
        })
        .collect()
}

/// The best pair of each customer and what became of it.
fn best_pairs(found: &Found) -> Vec<(&Candidate, &Outcome)> {
    let mut pairs = Vec::new();
    for outcome in &found.decisions.outcomes {
        let pair = match outcome {
            Outcome::Linked(links) => links.first().map(|link| &link.candidate),
            Outcome::Review(_, candidates) => candidates.first(),
            Outcome::Unmatched(_, nearest) => nearest.as_ref(),
            Outcome::Excluded(_) => None,
        };
        pairs.extend(pair.map(|pair| (pair, outcome)));
    }
    pairs
}

/// Pairs just above and just below each limit.
fn samples(found: &Found, rules: &Rules) -> Vec<String> {
    let limits = &rules.matching.limits;
    let pairs = best_pairs(found);
    let mut lines = Vec::new();
    for pass in [Pass::Domain, Pass::Name, Pass::Id] {
        let of_pass: Vec<&(&Candidate, &Outcome)> =
            pairs.iter().filter(|(pair, _)| pair.comparison.pass == Some(pass)).collect();
        let what = format!("accepting by {}", pass.word());
        lines.extend(around(found, &what, Score::of(limits.accept), &of_pass));
    }
    let is_open = |pair: &&(&Candidate, &Outcome)| !matches!(pair.1, Outcome::Linked(_));
    let open: Vec<&(&Candidate, &Outcome)> = pairs.iter().filter(is_open).collect();
    lines.extend(around(found, "showing for review", Score::of(limits.review), &open));
    lines
}

/// The nearest pairs on both sides of a limit.
fn around(
    found: &Found,
    what: &str,
    limit: Score,
    pairs: &[&(&Candidate, &Outcome)],
) -> Vec<String> {
    let id = |pair: &Candidate| pair.account.id().to_owned();
    let score = |pair: &Candidate| pair.comparison.score;
    let (mut above, mut below): (Vec<_>, Vec<_>) =
        pairs.iter().copied().partition(|(pair, _)| score(pair) >= limit);
    above.sort_by_key(|(pair, _)| (score(pair), pair.customer, id(pair)));
    below.sort_by_key(|(pair, _)| (Reverse(score(pair)), pair.customer, id(pair)));
    if above.is_empty() && below.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("\nlimit of {what}, {limit}:")];
    above.truncate(SHOWN);
    below.truncate(SHOWN);
    above.reverse();
    for (side, pairs) in [("above", above), ("below", below)] {
        for (pair, outcome) in pairs {
            let customer = &found.customers.list[pair.customer as usize];
            lines.push(format!("  {side} {} {}", score(pair), became(outcome)));
            lines.push(format!("    {}", customer_line(customer)));
            lines.push(format!("    {}", account_line(&pair.account)));
        }
    }
    lines
}

fn became(outcome: &Outcome) -> String {
    let status = outcome.status().label();
    outcome.reason().map_or(status.into(), |(reason, _)| format!("{status}: {reason}"))
}

/// What the lists would hold.
fn lists(found: &Found, summary: &Summary) -> Vec<String> {
    let results = &summary.results;
    let agreements: usize = found.customers.list.iter().map(|of| of.agreements.len()).sum();
    let mut lines = vec!["\nthe lists would hold".into()];
    for (file, rows, what) in [
        ("customers", results.customers.total(), "customers"),
        ("links", results.links, "pairs of a customer and an account"),
        ("review", results.customers.review, "customers, each with its candidates"),
        ("unmatched", results.customers.unmatched, "customers"),
        ("agreements", agreements as u64, "agreements"),
        ("suppressed", results.contacts.suppressed, "contacts"),
        (
            "contacts",
            results.contacts.listed,
            "contacts; by solution area and cluster of their customers:",
        ),
    ] {
        lines.push(format!("  {file:<12} {rows:>7} {what}"));
    }
    for area in &results.areas {
        let clusters: Vec<String> = area
            .clusters
            .iter()
            .filter(|of| of.contacts_listed > 0)
            .map(|of| format!("{} {}", of.contacts_listed, of.cluster))
            .collect();
        if !clusters.is_empty() {
            lines.push(format!("    {:<12} {}", area.area, clusters.join(", ")));
        }
    }
    lines.push(String::new());
    lines
}
