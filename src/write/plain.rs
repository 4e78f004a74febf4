//! Files without a decision in them: `agreements.csv`, `suppressed.csv`, `problems.csv`.

use super::{
    Findings,
    customers::{account_ids, account_owners},
    row::{Cell, Rows, money},
};
use crate::{
    problem::Problem,
    result::{
        column::Heading,
        file::{agreements, problems, suppressed},
    },
};

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
    fn headings(&self) -> Vec<Heading<'_>> {
        agreements::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let (customer, agreement) = self.rows[at];
        let outcome = &self.findings.decisions.outcomes[customer as usize];
        let customer = &self.findings.customers.list[customer as usize];
        let agreement = &customer.agreements[agreement as usize];
        let cells = agreements::Row {
            agreement_id: agreement.id.as_str().into(),
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            account_ids: account_ids(outcome).into(),
            account_owner: account_owners(outcome).into(),
            end_date: agreement.end_date.into(),
            program: (&*agreement.program).into(),
            product: (&*agreement.product).into(),
            expiration_type: (&*agreement.expiration_type).into(),
            expiring_revenue: money(agreement.expiring_revenue),
        };
        cells.put(row, []);
    }
}

/// One row per person left out, by contact id, account id, reason.
pub(super) struct SuppressedRows<'f>(pub(super) &'f Findings<'f>);

impl Rows for SuppressedRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        suppressed::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.0.contacts.suppressed.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let contact = &self.0.contacts.suppressed[at];
        let cells = suppressed::Row {
            contact_id: (&*contact.contact_id).into(),
            account_id: (&*contact.account_id).into(),
            reason: contact.reason.word().into(),
            decided_by_record: contact.deciding_id().into(),
        };
        cells.put(row, []);
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
    fn headings(&self) -> Vec<Heading<'_>> {
        problems::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Problem { file, line, column, what, .. } = self.0[at];
        let cells = problems::Row {
            file: file.as_str().into(),
            line: if *line == 0 { Cell::BLANK } else { Cell::Count(*line) },
            column: column.as_str().into(),
            problem: what.as_str().into(),
        };
        cells.put(row, []);
    }
}
