//! Files without a decision in them: `agreements.csv`, `suppressed.csv`, `problems.csv`.

use super::{
    Findings,
    customers::{account_ids, account_owners},
    row::{Cell, Rows, money},
};
use crate::{
    problem::{Problem, ProblemDetail},
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
pub(super) struct ProblemRows<'f> {
    findings: &'f Findings<'f>,
    rows: Vec<&'f Problem>,
}

impl<'f> ProblemRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>) -> ProblemRows<'f> {
        let mut rows: Vec<&Problem> = findings.problems.iter().collect();
        rows.sort();
        ProblemRows { findings, rows }
    }

    /// The positions of the rows by kind, then by what is wrong.
    pub(super) fn by_kind(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|at| {
            let of = self.rows[*at];
            (of.kind(), &of.column, &of.what)
        });
        order
    }

    /// A record with its name, where it is a customer.
    fn record(&self, id: &str) -> String {
        let customers = self.findings.customers;
        let name = customers.position(id).map_or("", |at| customers.list[at].name.as_str());
        format!("{id} {name}").trim_end().to_owned()
    }
}

impl Rows for ProblemRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        problems::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let problem = self.rows[at];
        let Problem { file, line, column, what, .. } = problem;
        let of = |part: fn(&ProblemDetail) -> &str| -> Cell<'a> {
            problem.detail.as_deref().map_or("", part).into()
        };
        let record = problem.detail.as_ref().map(|detail| self.record(&detail.record));
        let cells = problems::Row {
            file: file.as_str().into(),
            line: if *line == 0 { Cell::BLANK } else { Cell::Count(*line) },
            column: column.as_str().into(),
            problem: what.as_str().into(),
            kind: problem.kind().into(),
            record: record.unwrap_or_default().into(),
            value: of(|detail| &detail.value),
            kept_value: of(|detail| &detail.kept),
            why: of(|detail| &detail.why),
        };
        cells.put(row, []);
    }
}
