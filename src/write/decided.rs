//! Files of decisions: `links.csv`, `unmatched.csv`.

use rayon::prelude::*;

use super::{
    Findings,
    customers::account_status,
    profile::Profile,
    row::{Cell, Rows},
};
use crate::{
    compare::Comparison,
    decide::{DecidedBy, Link, Outcome, UnmatchedReason},
    link::Candidate,
    result::{
        column::Heading,
        file::{links, unmatched},
    },
};

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
    fn headings(&self) -> Vec<Heading<'_>> {
        links::FILE.headings([], [])
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
        let [domain_level, name_level, id_level, place_level] = levels(comparison);
        let cells = links::Row {
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            account_id: account.id().into(),
            account_name: account.name().into(),
            pass: pass(comparison),
            similarity: Cell::Score(comparison.score),
            decided_by: decided_by.into(),
            reason: reason(link).into(),
            domain_level,
            name_level,
            id_level,
            place_level,
            duplicate_group: link.duplicate_group.as_str().into(),
            runner_up_account_id: runner_up.map_or("", |(account, _)| account.id()).into(),
            runner_up_similarity: runner_up.map_or(Cell::BLANK, |(_, score)| Cell::Score(*score)),
            explanation: (&*self.explanations[at]).into(),
            account_status: account_status(account.is_inactive()).into(),
        };
        cells.put(row, []);
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
    fn headings(&self) -> Vec<Heading<'_>> {
        unmatched::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let customers = self.findings.customers;
        let UnmatchedRow { customer, reason, nearest } = &self.rows[at];
        let profile = &self.profiles[*customer as usize];
        let customer = &customers.list[*customer as usize];
        let account = nearest.as_ref().map(|(near, _)| &near.account);
        let score = nearest.as_ref().map(|(near, _)| near.comparison.score);
        let cells = unmatched::Row {
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            domain: customer.domain.as_str().into(),
            city: customer.city.as_str().into(),
            country: customer.country.as_str().into(),
            reason: reason.word().into(),
            best_cluster: profile.best_cluster.into(),
            cohorts: customer.cohorts_text(&customers.cohorts).into(),
            nearest_account_id: account.map_or("", |account| account.id()).into(),
            nearest_account_name: account.map_or("", |account| account.name()).into(),
            nearest_similarity: score.map_or(Cell::BLANK, Cell::Score),
            nearest_explanation: nearest.as_ref().map_or("", |(_, why)| why).into(),
        };
        cells.put(row, []);
    }
}

/// How many pairs are explained in one go.
const EXPLAINED_TOGETHER: usize = 256;

/// The explanations of candidates, in their order.
pub(super) fn explained<'f>(
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
pub(super) fn best_first(candidate: &Candidate) -> impl Ord + use<> {
    (std::cmp::Reverse(candidate.comparison.score), candidate.account.clone())
}

pub(super) fn pass<'a>(comparison: &Comparison) -> Cell<'a> {
    comparison.pass.map_or("", |pass| pass.word()).into()
}

pub(super) fn levels<'a>(comparison: &Comparison) -> [Cell<'a>; 4] {
    let Comparison { domain, name, id, place, .. } = comparison;
    [domain, name, id, place].map(|level| level.word().into())
}
