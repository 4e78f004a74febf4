//! `customers.csv` and its workbook: every customer, its status, and what the reports say.

use super::{
    Findings,
    profile::Profile,
    row::{Cell, Rows, money},
};
use crate::{
    decide::Outcome,
    link::AccountRecord,
    report::Customer,
    result::{
        column::Heading,
        file::customers::{FILE, Row},
    },
};

/// One row per customer, by id.
pub(super) struct CustomerRows<'f> {
    pub(super) findings: &'f Findings<'f>,
    pub(super) profiles: &'f [Profile],
}

impl Rows for CustomerRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        let Findings { customers, .. } = self.findings;
        let report = customers.columns.headers().map(Heading::of_report);
        FILE.headings(report, Heading::of_areas(FILE.last, &customers.areas))
    }

    fn len(&self) -> usize {
        self.findings.customers.list.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, decisions, contacts, .. } = self.findings;
        let (customer, profile) = (&customers.list[at], &self.profiles[at]);
        let outcome = &decisions.outcomes[at];
        let (listed, suppressed) = contacts.of_customer.get(at).copied().unwrap_or_default();
        let cells_of_customer = Row {
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            domain: customer.domain.as_str().into(),
            status: status(outcome).into(),
            reason: reason(outcome).into(),
            account_ids: account_ids(outcome).into(),
            account_owner: account_owners(outcome).into(),
            best_cluster: profile.best_cluster.into(),
            clusters: customer.clusters_text(&customers.areas).into(),
            cohorts: customer.cohorts_text(&customers.cohorts).into(),
            contacts_listed: Cell::Count(listed.into()),
            contacts_suppressed: Cell::Count(suppressed.into()),
            next_agreement_end: profile.next_agreement_end.into(),
            expiring_revenue: money(profile.expiring_revenue),
            customer_city: customer.city.as_str().into(),
            customer_state: customer.state.as_str().into(),
            customer_postal_code: customer.postal_code.as_str().into(),
            customer_country: customer.country.as_str().into(),
            customer_industry: customer.industry.as_str().into(),
            sub_segment: customer.sub_segment.as_str().into(),
            deal: self.findings.deals.words(at, None).into(),
        };
        cells_of_customer.put(row, customers.columns.row(at).map(Cell::from));
        row.extend(cells(self.findings, customer));
    }
}

/// The cells of fit and intent of a customer, `A1` to `D4`, by area; blank where one is missing.
pub(super) fn cells<'a>(
    findings: &'a Findings<'_>,
    customer: &'a Customer,
) -> impl Iterator<Item = Cell<'a>> {
    (0..findings.customers.areas.len()).map(|area| {
        let bands = customer.propensity.get(area).and_then(|of| of.bands);
        bands.map_or("", |bands| findings.report_rules.cell(bands)).into()
    })
}

/// The status of a customer, as files print it.
pub(super) fn status(outcome: &Outcome) -> &'static str {
    outcome.status().word()
}

/// Why a customer has its status: the pass or the verdict of the best link, else the phrase.
fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Linked(links) => links.first().map_or_else(String::new, super::decided::reason),
        other => other.reason().map_or_else(String::new, |(word, _)| word.to_owned()),
    }
}

/// The accounts that a customer is linked to.
pub(super) fn linked_accounts(outcome: &Outcome) -> impl Iterator<Item = &AccountRecord> {
    let links = if let Outcome::Linked(links) = outcome { links.as_slice() } else { &[] };
    links.iter().map(|link| &link.candidate.account)
}

/// The ids of the linked accounts, joined.
pub(super) fn account_ids(outcome: &Outcome) -> String {
    linked_accounts(outcome).map(AccountRecord::id).collect::<Vec<_>>().join("; ")
}

/// The owners of the linked accounts, each once, joined.
pub(super) fn account_owners(outcome: &Outcome) -> String {
    let mut owners: Vec<&str> = Vec::new();
    for account in linked_accounts(outcome) {
        if !account.owner().is_empty() && !owners.contains(&account.owner()) {
            owners.push(account.owner());
        }
    }
    owners.join("; ")
}

/// Whether an account is in use, so that an inactive one is not created a second time.
pub(super) fn account_status(inactive: bool) -> &'static str {
    if inactive { "inactive" } else { "active" }
}
