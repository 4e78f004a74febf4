//! What a finished run says of its customers: the files of its folder, read back.

use std::{collections::BTreeMap, path::Path};

use rustc_hash::FxHashMap;

use super::{Ids, truth::compared};
use crate::{
    compare::Score,
    error::Result,
    read::Row,
    result::{
        file::{customers, links, review, unmatched},
        folder::{Folder, TODO},
        table::{Place, Table},
    },
};

/// A customer and an account that the files of a run show together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pair {
    /// The ids as they are compared.
    pub(crate) ids: Ids,
    /// The ids as the files have them.
    pub(crate) shown: Ids,
    /// The customer's name.
    pub(crate) customer_name: Box<str>,
    /// The account's name.
    pub(crate) account_name: Box<str>,
    /// The pass; `verdict` where a person decided.
    pub(crate) pass: Box<str>,
    /// The similarity.
    pub(crate) similarity: Score,
    /// The pair in one sentence.
    pub(crate) explanation: Box<str>,
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
pub(crate) struct Finished {
    /// The links, by ids as they are compared.
    pub(crate) links: BTreeMap<Ids, Pair>,
    /// The candidates of customers in review.
    pub(super) offered: FxHashMap<Ids, Offered>,
    /// The best candidate of each customer that has no link.
    pub(super) best: Vec<Pair>,
    /// Status and reason of each customer.
    pub(super) statuses: FxHashMap<Box<str>, (Box<str>, Box<str>)>,
    /// The links of each customer.
    pub(super) linked: FxHashMap<Box<str>, Vec<Ids>>,
}

impl Finished {
    /// Reads the folder of a run.
    ///
    /// # Errors
    ///
    /// When it is no folder of results.
    pub(crate) fn load(run: &Path) -> Result<Finished> {
        let folder = Folder::new(run);
        let mut finished = Finished::default();
        finished.read_links(&folder)?;
        finished.read_review(&folder)?;
        finished.read_unmatched(&folder)?;
        finished.read_customers(&folder)?;
        Ok(finished)
    }

    fn read_links(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&links::FILE)?;
        let at: links::Row<Place> = table.places();
        let pair = PairPlaces {
            customer: at.customer_id,
            customer_name: at.customer_name,
            account: at.account_id,
            account_name: at.account_name,
            similarity: at.similarity,
            explanation: at.explanation,
        };
        pair.each(table, |mut pair, row| {
            let by_person = at.decided_by.of(row) == "verdict";
            pair.pass = if by_person { at.decided_by } else { at.pass }.of(row).into();
            let linked = self.linked.entry(pair.ids.0.clone()).or_default();
            linked.push(pair.shown.clone());
            self.links.entry(pair.ids.clone()).or_insert(pair);
        })
    }

    fn read_review(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&review::FILE)?;
        let at: review::Row<Place> = table.places();
        let pair = PairPlaces {
            customer: at.customer_id,
            customer_name: at.customer_name,
            account: at.account_id,
            account_name: at.account_name,
            similarity: at.similarity,
            explanation: at.explanation,
        };
        pair.each(table, |mut pair, row| {
            pair.pass = at.pass.of(row).into();
            let rank = at.rank.of(row).parse().unwrap_or(usize::MAX);
            if rank == 1 {
                self.best.push(pair.clone());
            }
            let offered = Offered { reason: at.reason.of(row).into(), rank, pair };
            self.offered.insert(offered.pair.ids.clone(), offered);
        })
    }

    fn read_unmatched(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&unmatched::FILE)?;
        let at: unmatched::Row<Place> = table.places();
        let pair = PairPlaces {
            customer: at.customer_id,
            customer_name: at.customer_name,
            account: at.nearest_account_id,
            account_name: at.nearest_account_name,
            similarity: at.nearest_similarity,
            explanation: at.nearest_explanation,
        };
        pair.each(table, |pair, _| {
            if !pair.ids.1.is_empty() {
                self.best.push(pair);
            }
        })
    }

    fn read_customers(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&customers::FILE)?;
        let at: customers::Row<Place> = table.places();
        table.must_have(&[at.customer_id, at.status, at.reason], TODO)?;
        table.each(|row| {
            let said = (at.status.of(row).into(), at.reason.of(row).into());
            self.statuses.insert(at.customer_id.of(row).into(), said);
            Ok(())
        })?;
        Ok(())
    }
}

/// The columns of a pair, which several files have.
struct PairPlaces {
    customer: Place,
    customer_name: Place,
    account: Place,
    account_name: Place,
    similarity: Place,
    explanation: Place,
}

impl PairPlaces {
    /// Hands over each pair of a file, without its pass, and the row that it is from.
    fn each(&self, table: Table, mut take: impl FnMut(Pair, Row<'_>)) -> Result<()> {
        let PairPlaces { customer, customer_name, account, account_name, .. } = *self;
        let PairPlaces { similarity, explanation, .. } = *self;
        let all = [customer, customer_name, account, account_name, similarity, explanation];
        table.must_have(&all, TODO)?;
        table.each(|row| {
            let shown = (customer.of(row).into(), account.of(row).into());
            let pair = Pair {
                ids: compared(&shown),
                shown,
                customer_name: customer_name.of(row).into(),
                account_name: account_name.of(row).into(),
                pass: Box::default(),
                similarity: score(similarity.of(row)),
                explanation: explanation.of(row).into(),
            };
            take(pair, row);
            Ok(())
        })?;
        Ok(())
    }
}

/// A similarity as files have it: 0.9312.
fn score(text: &str) -> Score {
    let number: f64 = text.parse().unwrap_or(0.0);
    Score::new((number * 10_000.0).round() as u16)
}
