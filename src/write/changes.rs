//! `changes.csv` and its workbook: what has changed since the month before.

use super::{
    Findings,
    customers::account_owners,
    profile::best_cluster,
    row::{Cell, Rows, money},
};
use crate::result::{
    column::Heading,
    file::changes::{FILE, Row},
};

/// One row per change, in their order.
pub(super) struct ChangeRows<'f>(pub(super) &'f Findings<'f>);

impl Rows for ChangeRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.0.changes.list.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { changes, customers, decisions, config, .. } = self.0;
        let change = &changes.list[at];
        let place = customers.position(&change.customer_id);
        let customer = place.map(|at| &customers.list[at]);
        let owners = place.map_or_else(String::new, |at| account_owners(&decisions.outcomes[at]));
        let revenue = customer.and_then(|of| of.expiring_revenue(config.as_of));
        let cells = Row {
            kind: change.kind.word().into(),
            area: change.area.as_str().into(),
            before: change.before.as_str().into(),
            after: change.after.as_str().into(),
            customer_id: change.customer_id.as_str().into(),
            customer_name: change.customer_name.as_str().into(),
            account_ids: change.account_ids.join("; ").into(),
            account_owner: owners.into(),
            contact_id: change.contact_id.as_str().into(),
            reason: change.why.reason.as_str().into(),
            cause: change.why.cause.word().into(),
            agreement_id: change.agreement_id.as_str().into(),
            best_cluster: customer.map_or("", |of| best_cluster(of, config.lists.derived)).into(),
            expiring_revenue: money(revenue),
        };
        cells.put(row, []);
    }
}
