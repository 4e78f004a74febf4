//! Files of decisions: `links.csv`, `review.csv` and its workbook, `unmatched.csv`.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{
    Findings,
    customers::account_status,
    profile::Profile,
    row::{Cell, Rows},
};
use crate::{
    compare::Comparison,
    decide::{DecidedBy, Link, Outcome, ReviewReason, UnmatchedReason},
    link::Candidate,
    verdicts::fingerprint,
};

/// The columns of `links.csv`, in order.
const LINKS: [&str; 17] = [
    "customer_id",
    "customer_name",
    "account_id",
    "account_name",
    "pass",
    "similarity",
    "decided_by",
    "reason",
    "domain_level",
    "name_level",
    "id_level",
    "place_level",
    "duplicate_group",
    "runner_up_account_id",
    "runner_up_similarity",
    "explanation",
    "account_status",
];

/// The columns of `review.csv`, in order.
const REVIEW: [&str; 24] = [
    "customer_id",
    "customer_name",
    "customer_domain",
    "customer_city",
    "customer_country",
    "reason",
    "rank",
    "account_id",
    "account_name",
    "account_domain",
    "account_city",
    "account_country",
    "pass",
    "similarity",
    "domain_level",
    "name_level",
    "id_level",
    "place_level",
    "best_cluster",
    "cohorts",
    "explanation",
    "seen",
    "verdict",
    "note",
];

/// The columns of `unmatched.csv`, in order.
const UNMATCHED: [&str; 12] = [
    "customer_id",
    "customer_name",
    "domain",
    "city",
    "country",
    "reason",
    "best_cluster",
    "cohorts",
    "nearest_account_id",
    "nearest_account_name",
    "nearest_similarity",
    "nearest_explanation",
];

/// One row per link: by customer id, then as decided, the best first.
pub(super) struct LinkRows<'f> {
    findings: &'f Findings<'f>,
    links: Vec<(u32, &'f Link)>,
    explanations: Vec<Box<str>>,
}

impl<'f> LinkRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>) -> LinkRows<'f> {
        let mut links = Vec::new();
        for (customer, outcome) in (0u32..).zip(&findings.decisions.outcomes) {
            if let Outcome::Linked(of) = outcome {
                let mut of: Vec<&Link> = of.iter().collect();
                of.sort_by_key(|link| best_first(&link.candidate));
                links.extend(of.into_iter().map(|link| (customer, link)));
            }
        }
        let explanations = explained(findings, links.iter().map(|(_, link)| &link.candidate));
        LinkRows { findings, links, explanations }
    }
}

impl Rows for LinkRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&LINKS)
    }

    fn len(&self) -> usize {
        self.links.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let (customer, link) = self.links[at];
        let customer = &self.findings.customers.list[customer as usize];
        let Candidate { account, comparison, .. } = &link.candidate;
        let decided_by = match &link.decided_by {
            DecidedBy::Rule => "rule",
            DecidedBy::Verdict(_) => "verdict",
        };
        let runner_up = link.runner_up.as_ref();
        row.extend([
            customer.id.as_str().into(),
            customer.name.as_str().into(),
            account.id().into(),
            account.name().into(),
            pass(comparison),
            Cell::Score(comparison.score),
            decided_by.into(),
            reason(link).into(),
        ]);
        row.extend(levels(comparison));
        row.extend([
            link.duplicate_group.as_str().into(),
            runner_up.map_or("", |(account, _)| account.id()).into(),
            runner_up.map_or(Cell::BLANK, |(_, score)| Cell::Score(*score)),
            (&*self.explanations[at]).into(),
            account_status(account.is_inactive()).into(),
        ]);
    }
}

/// Why a link was accepted, in a few words.
pub(super) fn reason(link: &Link) -> String {
    match (&link.decided_by, link.candidate.comparison.pass) {
        (DecidedBy::Verdict(who), _) if who.is_empty() => "accepted by a person".into(),
        (DecidedBy::Verdict(who), _) => format!("accepted by {who}"),
        (DecidedBy::Rule, Some(pass)) => format!("accepted by the {} pass", pass.word()),
        (DecidedBy::Rule, None) => "accepted by rule".into(),
    }
}

/// One row per candidate of a customer in review: by customer id, the best candidate first.
pub(super) struct ReviewRows<'f> {
    findings: &'f Findings<'f>,
    profiles: &'f [Profile],
    rows: Vec<ReviewRow<'f>>,
    explanations: Vec<Box<str>>,
}

struct ReviewRow<'f> {
    customer: u32,
    reason: ReviewReason,
    rank: u64,
    candidate: &'f Candidate,
}

impl<'f> ReviewRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>, profiles: &'f [Profile]) -> ReviewRows<'f> {
        let mut rows = Vec::new();
        for (customer, outcome) in (0u32..).zip(&findings.decisions.outcomes) {
            if let Outcome::Review(reason, candidates) = outcome {
                let mut of: Vec<&Candidate> = candidates.iter().collect();
                of.sort_by_key(|candidate| best_first(candidate));
                rows.extend((1..).zip(of).map(|(rank, candidate)| ReviewRow {
                    customer,
                    reason: *reason,
                    rank,
                    candidate,
                }));
            }
        }
        let explanations = explained(findings, rows.iter().map(|row| row.candidate));
        ReviewRows { findings, profiles, rows, explanations }
    }
}

impl Rows for ReviewRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&REVIEW)
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let customers = self.findings.customers;
        let ReviewRow { customer, reason, rank, candidate } = &self.rows[at];
        let profile = &self.profiles[*customer as usize];
        let customer = &customers.list[*customer as usize];
        let Candidate { account, comparison, .. } = candidate;
        row.extend([
            customer.id.as_str().into(),
            customer.name.as_str().into(),
            customer.domain.as_str().into(),
            customer.city.as_str().into(),
            customer.country.as_str().into(),
            reason.word().into(),
            Cell::Count(*rank),
            account.id().into(),
            account.name().into(),
            account.domain().into(),
            account.city().into(),
            account.country().into(),
            pass(comparison),
            Cell::Score(comparison.score),
        ]);
        row.extend(levels(comparison));
        row.extend([
            profile.best_cluster.into(),
            customer.cohorts_text(&customers.cohorts).into(),
            (&*self.explanations[at]).into(),
            fingerprint(customer, account).into(),
            Cell::BLANK,
            Cell::BLANK,
        ]);
    }
}

/// One row per unmatched customer, by customer id.
pub(super) struct UnmatchedRows<'f> {
    findings: &'f Findings<'f>,
    profiles: &'f [Profile],
    rows: Vec<UnmatchedRow<'f>>,
}

struct UnmatchedRow<'f> {
    customer: u32,
    reason: UnmatchedReason,
    /// The nearest miss, and its explanation.
    nearest: Option<(&'f Candidate, Box<str>)>,
}

impl<'f> UnmatchedRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>, profiles: &'f [Profile]) -> UnmatchedRows<'f> {
        let unmatched = || {
            let outcomes = (0u32..).zip(&findings.decisions.outcomes);
            outcomes.filter_map(|(customer, outcome)| match outcome {
                Outcome::Unmatched(reason, nearest) => Some((customer, *reason, nearest.as_ref())),
                _ => None,
            })
        };
        let nearest = unmatched().filter_map(|(.., nearest)| nearest);
        let mut explanations = explained(findings, nearest).into_iter();
        let row = |(customer, reason, nearest): (u32, UnmatchedReason, Option<&'f Candidate>)| {
            let mut next = || explanations.next().expect("each candidate is explained");
            UnmatchedRow { customer, reason, nearest: nearest.map(|nearest| (nearest, next())) }
        };
        UnmatchedRows { findings, profiles, rows: unmatched().map(row).collect() }
    }
}

impl Rows for UnmatchedRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&UNMATCHED)
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let customers = self.findings.customers;
        let UnmatchedRow { customer, reason, nearest } = &self.rows[at];
        let profile = &self.profiles[*customer as usize];
        let customer = &customers.list[*customer as usize];
        row.extend([
            customer.id.as_str().into(),
            customer.name.as_str().into(),
            customer.domain.as_str().into(),
            customer.city.as_str().into(),
            customer.country.as_str().into(),
            reason.word().into(),
            profile.best_cluster.into(),
            customer.cohorts_text(&customers.cohorts).into(),
            nearest.as_ref().map_or("", |(near, _)| near.account.id()).into(),
            nearest.as_ref().map_or("", |(near, _)| near.account.name()).into(),
            nearest.as_ref().map_or(Cell::BLANK, |(near, _)| Cell::Score(near.comparison.score)),
            nearest.as_ref().map_or("", |(_, why)| why).into(),
        ]);
    }
}

/// How many pairs are explained in one go.
const EXPLAINED_TOGETHER: usize = 256;

/// The explanations of candidates, in their order.
fn explained<'f>(
    findings: &Findings<'f>,
    candidates: impl Iterator<Item = &'f Candidate>,
) -> Vec<Box<str>> {
    let candidates: Vec<&Candidate> = candidates.collect();
    candidates
        .par_chunks(EXPLAINED_TOGETHER)
        .flat_map_iter(|some| (findings.explain)(some))
        .collect()
}

/// The order of candidates of one customer: score descending, then account id.
fn best_first(candidate: &Candidate) -> impl Ord + use<> {
    (std::cmp::Reverse(candidate.comparison.score), candidate.account.clone())
}

fn pass<'a>(comparison: &Comparison) -> Cell<'a> {
    comparison.pass.map_or("", |pass| pass.word()).into()
}

fn levels<'a>(comparison: &Comparison) -> [Cell<'a>; 4] {
    let Comparison { domain, name, id, place, .. } = comparison;
    [domain, name, id, place].map(|level| level.word().into())
}

/// A fixed header.
pub(super) fn names(header: &[&'static str]) -> Vec<Cow<'static, str>> {
    header.iter().map(|&name| Cow::Borrowed(name)).collect()
}
