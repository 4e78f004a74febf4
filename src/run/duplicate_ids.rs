//! Account ids that the CRM has several times: equal rows merge, contradicting ones are reported.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::{
    columns::{Field, Recognised},
    inputs::Inputs,
    link::{AccountRecord, ById, Candidates},
    problem::{Problem, ProblemDetail},
};

/// Where the row of an account stood: the source and the line in one number, as candidates keep
/// it. Rows of contacts with their accounts have none: each account stands in many of them.
pub(super) fn origin(source: usize, line: u64) -> u64 {
    (source as u64) << 40 | line
}

/// A problem for each row whose id stands on another row too that says something else. Only for
/// the accounts that came near a customer; of each the row that fits better counts.
pub(super) fn problems(candidates: &Candidates, customers: usize, inputs: &Inputs) -> Vec<Problem> {
    // Not those that will be cut off: which of their rows are known may depend on the order of rows.
    let rows = || (0..customers).flat_map(|customer| candidates.of(customer as u32).0);
    let mut first: FxHashMap<ById<'_>, &AccountRecord> = FxHashMap::default();
    let mut contradicted: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for kept in rows() {
        let account = &kept.candidate.account;
        let first = *first.entry(ById(account)).or_insert(account);
        if kept.contradicted || first != account {
            contradicted.entry(account.id()).or_default();
        }
    }
    if contradicted.is_empty() {
        return Vec::new();
    }
    for kept in rows() {
        if let Some(origins) = contradicted.get_mut(kept.candidate.account.id()) {
            origins.extend(kept.origins.iter().filter(|origin| **origin != 0));
        }
    }
    let known = contradicted.iter().filter(|(_, origins)| !origins.is_empty());
    known
        .flat_map(|(id, origins)| {
            let first = origins.first().copied().unwrap_or_default();
            let what = match place(first, inputs) {
                (file, line, _) if origins.len() > 1 => format!(
                    "several rows with this id differ (first in {file}:{line}); \
                 the row that fits better counts"
                ),
                _ => "several rows with this id differ; the row that fits better counts".into(),
            };
            origins.iter().map(move |origin| {
                let (file, line, column) = place(*origin, inputs);
                let record = (*id).to_owned();
                let detail = Some(Box::new(ProblemDetail { record, ..ProblemDetail::default() }));
                Problem { file, line, column, what: what.clone(), record_lost: false, detail }
            })
        })
        .collect()
}

/// The file and line of a row, and the header of its id.
fn place(origin: u64, inputs: &Inputs) -> (String, u64, String) {
    let (source, line) = ((origin >> 40) as usize, origin & ((1 << 40) - 1));
    let Some(source) = inputs.sources.get(source) else { return Default::default() };
    let column = match &source.what {
        Recognised::Accounts(layout) => {
            let layout = layout.layout();
            layout.columns(Field::Id).next().map(|at| layout.headers()[at].clone())
        }
        _ => None,
    };
    (source.info.file.clone(), line, column.unwrap_or_default())
}
