//! What a finished run says of its customers: the files of its folder, read back.

use std::{collections::BTreeMap, path::Path};

use rustc_hash::FxHashMap;

use super::{Ids, sheet::Sheet, truth::compared};
use crate::{
    compare::Score,
    error::{Error, Result},
};

/// A customer and an account that the files of a run show together.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// The ids as they are compared.
    pub ids: Ids,
    /// The ids as the files have them.
    pub shown: Ids,
    /// The customer's name.
    pub customer_name: Box<str>,
    /// The account's name.
    pub account_name: Box<str>,
    /// The pass; `verdict` where a person decided.
    pub pass: Box<str>,
    /// The similarity.
    pub similarity: Score,
    /// The pair in one sentence.
    pub explanation: Box<str>,
}

/// A candidate of a customer in review.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    pub(super) pair: Pair,
    pub(super) reason: Box<str>,
    pub(super) rank: usize,
}

/// The pairs of a finished run.
#[derive(Debug, Default)]
pub struct Finished {
    /// The links, by ids as they are compared.
    pub links: BTreeMap<Ids, Pair>,
    /// The candidates of customers in review.
    pub(super) offered: FxHashMap<Ids, Offered>,
    /// The best candidate of each customer that has no link.
    pub(super) best: Vec<Pair>,
    /// Status and reason of each customer.
    pub(super) statuses: FxHashMap<Box<str>, (Box<str>, Box<str>)>,
    /// The links of each customer.
    pub(super) linked: FxHashMap<Box<str>, Vec<Ids>>,
}

/// What to do about a folder that holds no run.
const TODO: &str = "name the folder with the results of a finished run";

impl Finished {
    /// Reads the folder of a run.
    ///
    /// # Errors
    ///
    /// When it is no folder of results.
    pub fn load(run: &Path) -> Result<Finished> {
        let mut finished = Finished::default();
        each(run, "links.csv", ["", "decided_by"], |mut pair, [_, decided_by]| {
            if decided_by == "verdict" {
                pair.pass = decided_by.into();
            }
            let linked = finished.linked.entry(pair.ids.0.clone()).or_default();
            linked.push(pair.shown.clone());
            finished.links.entry(pair.ids.clone()).or_insert(pair);
        })?;
        each(run, "review.csv", ["reason", "rank"], |pair, [reason, rank]| {
            let rank = rank.parse().unwrap_or(usize::MAX);
            if rank == 1 {
                finished.best.push(pair.clone());
            }
            let offered = Offered { reason: reason.into(), rank, pair };
            finished.offered.insert(offered.pair.ids.clone(), offered);
        })?;
        each(run, "unmatched.csv", [""; 2], |pair, _| {
            if !pair.ids.1.is_empty() {
                finished.best.push(pair);
            }
        })?;
        let sheet = open(run, "customers.csv")?;
        let columns = ["customer_id", "status", "reason"].map(|name| sheet.column(name, TODO));
        let [Ok(id), Ok(status), Ok(reason)] = columns else {
            return Err(columns.into_iter().find_map(Result::err).expect("one is missing"));
        };
        sheet.each(|row| {
            let said = (row.raw(status).into(), row.raw(reason).into());
            finished.statuses.insert(row.raw(id).into(), said);
        })?;
        Ok(finished)
    }
}

fn open(run: &Path, name: &str) -> Result<Sheet> {
    let path = run.join(name);
    if !path.is_file() {
        return Err(Error::Unusable {
            file: run.display().to_string(),
            found: format!("holds no {name}"),
            todo: TODO.into(),
        });
    }
    Sheet::open(&path)
}

/// Hands over each pair of a file, with the cells of two further columns.
fn each(
    run: &Path,
    name: &str,
    more: [&str; 2],
    mut take: impl FnMut(Pair, [&str; 2]),
) -> Result<()> {
    let sheet = open(run, name)?;
    let front = if name == "unmatched.csv" { "nearest_" } else { "" };
    let of_account = |what: &str| sheet.column(&format!("{front}{what}"), TODO);
    let customer = sheet.column("customer_id", TODO)?;
    let customer_name = sheet.column("customer_name", TODO)?;
    let (account, account_name) = (of_account("account_id")?, of_account("account_name")?);
    let (similarity, explanation) = (of_account("similarity")?, of_account("explanation")?);
    let pass = sheet.position("pass");
    let more = more.map(|name| sheet.position(name));
    sheet.each(|row| {
        let cell = |at: Option<usize>| at.map_or("", |at| row.raw(at));
        let text = |at: usize| -> Box<str> { row.raw(at).into() };
        let shown = (text(customer), text(account));
        let pair = Pair {
            ids: compared(&shown),
            shown,
            customer_name: text(customer_name),
            account_name: text(account_name),
            pass: cell(pass).into(),
            similarity: score(row.raw(similarity)),
            explanation: text(explanation),
        };
        take(pair, more.map(cell));
    })?;
    Ok(())
}

/// A similarity as files have it: 0.9312.
fn score(text: &str) -> Score {
    let number: f64 = text.parse().unwrap_or(0.0);
    Score::new((number * 10_000.0).round() as u16)
}
