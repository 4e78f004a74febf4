//! `customers.csv` and its workbook: every customer, its status, and what the reports say.

use std::borrow::Cow;

use super::{
    Findings,
    row::{Cell, Rows, money},
};
use crate::{
    decide::Outcome,
    link::AccountRecord,
    merge::profile::{best_cluster, clusters, cohorts, expiring_revenue, next_agreement_end},
};

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

/// One row per customer, by id.
pub(super) struct CustomerRows<'f> {
    pub(super) findings: &'f Findings<'f>,
    /// Whether the report columns follow our own.
    pub(super) with_report: bool,
}

impl Rows for CustomerRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        let report: &[String] =
            if self.with_report { self.findings.columns.headers() } else { &[] };
        let ours = HEADER.iter().map(|&name| Cow::Borrowed(name));
        ours.chain(report.iter().map(|name| Cow::Borrowed(name.as_str()))).collect()
    }

    fn len(&self) -> usize {
        self.findings.customers.list.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, decisions, contacts, config, columns, .. } = self.findings;
        let customer = &customers.list[at];
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
            best_cluster(customer, config.lists.derived).into(),
            clusters(customer, customers).into(),
            cohorts(customer, customers).into(),
            Cell::Count(listed.into()),
            Cell::Count(suppressed.into()),
            next_agreement_end(customer, config.as_of).into(),
            money(expiring_revenue(customer, config.as_of)),
        ]);
        if self.with_report {
            row.extend((0..columns.headers().len()).map(|column| columns.cell(at, column).into()));
        }
    }
}

/// The status of a customer, as files print it.
pub(super) fn status(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Linked(_) => "linked",
        Outcome::Review(..) => "review",
        Outcome::Unmatched(..) => "unmatched",
        Outcome::Excluded(_) => "excluded",
    }
}

/// Why a customer has its status: the pass or the verdict of the best link, else the phrase.
fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Linked(links) => links.first().map_or_else(String::new, super::decided::reason),
        Outcome::Review(reason, _) => reason.word().to_owned(),
        Outcome::Unmatched(reason, _) => reason.word().to_owned(),
        Outcome::Excluded(reason) => reason.word().to_owned(),
    }
}

fn linked_accounts(outcome: &Outcome) -> impl Iterator<Item = &AccountRecord> {
    let links = if let Outcome::Linked(links) = outcome { links.as_slice() } else { &[] };
    links.iter().map(|link| &*link.candidate.account)
}

/// The ids of the linked accounts, joined.
pub(super) fn account_ids(outcome: &Outcome) -> String {
    linked_accounts(outcome).map(|account| &*account.id).collect::<Vec<_>>().join("; ")
}

/// The owners of the linked accounts, each once, joined.
pub(super) fn account_owners(outcome: &Outcome) -> String {
    let mut owners: Vec<&str> = Vec::new();
    for account in linked_accounts(outcome) {
        if !account.owner.is_empty() && !owners.contains(&&*account.owner) {
            owners.push(&account.owner);
        }
    }
    owners.join("; ")
}
