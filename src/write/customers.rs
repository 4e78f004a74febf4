//! `customers.csv` and its workbook: every customer, its status, and what the reports say.

use std::borrow::Cow;

use super::{
    Findings,
    profile::Profile,
    row::{Cell, Rows, money},
};
use crate::{decide::Outcome, link::AccountRecord, report::Customer};

/// The columns of our own, in order.
const HEADER: [&str; 14] = [
    "customer_id",
    "customer_name",
    "domain",
    "status",
    "reason",
    "account_ids",
    "account_owner",
    "best_cluster",
    "clusters",
    "cohorts",
    "contacts_listed",
    "contacts_suppressed",
    "next_agreement_end",
    "expiring_revenue",
];

/// The columns behind those of the report: where the customer is and how large, in one spelling of
/// the header. The cells of fit and intent by area come last.
const BEHIND: [&str; 6] = [
    "customer_city",
    "customer_state",
    "customer_postal_code",
    "customer_country",
    "customer_industry",
    "sub_segment",
];

/// One row per customer, by id.
pub(super) struct CustomerRows<'f> {
    pub(super) findings: &'f Findings<'f>,
    pub(super) profiles: &'f [Profile],
    /// Whether the report columns follow our own.
    pub(super) with_report: bool,
}

impl Rows for CustomerRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        let report = self.with_report.then(|| self.findings.customers.columns.headers());
        let ours = HEADER.iter().map(|&name| Cow::Borrowed(name));
        let report = report.into_iter().flatten().map(Cow::Borrowed);
        let behind = BEHIND.map(Cow::Borrowed).into_iter().chain(cell_names(self.findings));
        ours.chain(report).chain(behind).collect()
    }

    fn len(&self) -> usize {
        self.findings.customers.list.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, decisions, contacts, .. } = self.findings;
        let (customer, profile) = (&customers.list[at], &self.profiles[at]);
        let outcome = &decisions.outcomes[at];
        let (listed, suppressed) = contacts.of_customer.get(at).copied().unwrap_or_default();
        row.extend([
            customer.id.as_str().into(),
            customer.name.as_str().into(),
            customer.domain.as_str().into(),
            status(outcome).into(),
            reason(outcome).into(),
            account_ids(outcome).into(),
            account_owners(outcome).into(),
            profile.best_cluster.into(),
            customer.clusters_text(&customers.areas).into(),
            customer.cohorts_text(&customers.cohorts).into(),
            Cell::Count(listed.into()),
            Cell::Count(suppressed.into()),
            profile.next_agreement_end.into(),
            money(profile.expiring_revenue),
        ]);
        if self.with_report {
            row.extend(customers.columns.row(at).map(Cell::from));
        }
        row.extend([
            customer.city.as_str().into(),
            customer.state.as_str().into(),
            customer.postal_code.as_str().into(),
            customer.country.as_str().into(),
            customer.industry.as_str().into(),
            customer.sub_segment.as_str().into(),
        ]);
        row.extend(cells(self.findings, customer));
    }
}

/// The headers of the cells of fit and intent, one per area.
pub(super) fn cell_names<'f>(findings: &Findings<'f>) -> impl Iterator<Item = Cow<'f, str>> {
    findings.customers.areas.iter().map(|area| Cow::Owned(format!("cell_{area}")))
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

fn linked_accounts(outcome: &Outcome) -> impl Iterator<Item = &AccountRecord> {
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
