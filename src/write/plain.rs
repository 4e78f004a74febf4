//! Files without a decision in them: `agreements.csv`, `suppressed.csv`, `problems.csv`.

use std::borrow::Cow;

use super::{
    Findings,
    customers::{account_ids, account_owners},
    decided::names,
    row::{Cell, Rows, money},
};
use crate::problem::Problem;

/// One row per agreement: by customer id, end date, agreement id.
pub(super) struct AgreementRows<'f> {
    findings: &'f Findings<'f>,
    /// Customer, and position among its agreements.
    rows: Vec<(u32, u32)>,
}

impl<'f> AgreementRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>) -> AgreementRows<'f> {
        let customers = (0u32..).zip(&findings.customers.list);
        let rows = customers.flat_map(|(customer, of)| {
            (0..of.agreements.len() as u32).map(move |agreement| (customer, agreement))
        });
        AgreementRows { findings, rows: rows.collect() }
    }
}

impl Rows for AgreementRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&[
            "agreement_id",
            "customer_id",
            "customer_name",
            "account_ids",
            "account_owner",
            "end_date",
            "program",
            "product",
            "expiration_type",
            "expiring_revenue",
        ])
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let (customer, agreement) = self.rows[at];
        let outcome = &self.findings.decisions.outcomes[customer as usize];
        let customer = &self.findings.customers.list[customer as usize];
        let agreement = &customer.agreements[agreement as usize];
        row.extend([
            agreement.id.as_str().into(),
            customer.id.as_str().into(),
            customer.name.as_str().into(),
            account_ids(outcome).into(),
            account_owners(outcome).into(),
            agreement.end_date.into(),
            (&*agreement.program).into(),
            (&*agreement.product).into(),
            (&*agreement.expiration_type).into(),
            money(agreement.expiring_revenue),
        ]);
    }
}

/// One row per person left out, by contact id, account id, reason.
pub(super) struct SuppressedRows<'f>(pub(super) &'f Findings<'f>);

impl Rows for SuppressedRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&["contact_id", "account_id", "reason", "decided_by_record"])
    }

    fn len(&self) -> usize {
        self.0.contacts.suppressed.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let contact = &self.0.contacts.suppressed[at];
        row.extend([
            (&*contact.contact_id).into(),
            (&*contact.account_id).into(),
            contact.reason.word().into(),
            contact.deciding_id().into(),
        ]);
    }
}

/// One row per problem, by file, line, column.
pub(super) struct ProblemRows<'f>(Vec<&'f Problem>);

impl<'f> ProblemRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>) -> ProblemRows<'f> {
        let mut rows: Vec<&Problem> = findings.problems.iter().collect();
        rows.sort();
        ProblemRows(rows)
    }
}

impl Rows for ProblemRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        names(&["file", "line", "column", "problem"])
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Problem { file, line, column, what, .. } = self.0[at];
        row.extend([
            file.as_str().into(),
            if *line == 0 { Cell::BLANK } else { Cell::Count(*line) },
            column.as_str().into(),
            what.as_str().into(),
        ]);
    }
}
