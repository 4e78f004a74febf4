//! The entry of a run, from what it has found.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::{
    Entry, EntryAccount, EntryAgreement, EntryArea, EntryContact, EntryCustomer, Past, ReportRead,
    RunFacts,
};
use crate::{
    config::Config,
    decide::{Decisions, Outcome},
    error::Result,
    link::AccountRecord,
    lists::ContactLists,
    report::{Agreement, Customer, Customers, Propensity, ReportRules},
    rules::in_force,
    status::ContactStatus,
    verdicts::{CustomerVerdicts, Verdicts, account_marks, customer_marks},
};

/// What an entry is made of.
pub(crate) struct Sources<'s> {
    /// The choices of the run.
    pub(crate) config: &'s Config,
    /// The reports that were read.
    pub(crate) reports: Vec<ReportRead>,
    /// The month of the reports.
    pub(crate) period: String,
    /// When the run began, ISO to the second.
    pub(crate) started: &'s str,
    /// Whether it had contacts.
    pub(crate) has_contacts: bool,
    /// The customers.
    pub(crate) customers: &'s Customers,
    /// The names of the cells of fit and intent.
    pub(crate) cells: &'s ReportRules,
    /// What was decided about each.
    pub(crate) decisions: &'s Decisions,
    /// What people said.
    pub(crate) verdicts: &'s Verdicts,
    /// The accounts that the entry before names, as they are now.
    pub(crate) accounts_then: &'s FxHashMap<Box<str>, AccountRecord>,
    /// What became of the contacts.
    pub(crate) contacts: &'s ContactLists,
}

/// The settings that links depend on; the inputs, and where results go, are told by other things.
pub(crate) const LINK_SETTINGS: [&str; 7] =
    ["column", "encoding", "latest", "own-domain", "share-accounts", "sheet", "unlike-names"];
/// The settings that only lists depend on.
pub(crate) const LIST_SETTINGS: [&str; 18] = [
    "cluster",
    "cohort",
    "consent-unknown",
    "country",
    "decision-makers",
    "derived",
    "ends-within",
    "fit",
    "fold-addresses",
    "intent",
    "one-contact",
    "open-deals",
    "rank",
    "require-consent",
    "revenue-at-least",
    "solution-area",
    "top",
    "where",
];

impl Sources<'_> {
    /// The entry of the run.
    ///
    /// # Errors
    ///
    /// When a table of rules cannot be read.
    pub(crate) fn entry(&self, past: &Past) -> Result<Entry> {
        let customers = self.customers.list.iter().enumerate();
        let customers = customers.map(|(at, of)| self.customer(at, of)).collect();
        let mut entry = Entry::new(self.facts()?, customers, (self.accounts(), self.contacts()));
        entry.freed = past.freed(&entry);
        Ok(entry)
    }

    fn facts(&self) -> Result<RunFacts> {
        Ok(RunFacts {
            period: self.period.clone(),
            as_of: self.config.as_of,
            started: self.started.to_owned(),
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            rules: rules(self.config)?,
            reports: self.reports.clone(),
            areas: self.customers.areas.clone(),
            has_contacts: self.has_contacts,
            settings: settings(&self.config.settings),
        })
    }

    fn customer(&self, at: usize, customer: &Customer) -> EntryCustomer {
        let outcome = &self.decisions.outcomes[at];
        let ids =
            |records: Vec<&AccountRecord>| records.iter().map(|of| of.id().to_owned()).collect();
        let names = |at: &u32| self.customers.cohorts.get(*at as usize).cloned();
        EntryCustomer {
            id: customer.id.clone(),
            name: customer.name.clone(),
            marks: customer_marks(customer),
            status: outcome.status().word().to_owned(),
            reason: outcome.reason().map_or_else(String::new, |(word, _)| word.to_owned()),
            accounts: ids(linked(outcome)),
            candidates: ids(near(outcome)),
            verdicts: self.verdicts.of(&customer.id).map(decided).unwrap_or_default(),
            areas: self.areas(customer),
            cohorts: customer.cohorts.iter().filter_map(names).collect(),
            segment: customer.sub_segment.clone(),
            agreements: customer.agreements.iter().map(agreement).collect(),
            selected: self.contacts.takes.get(at).copied().unwrap_or(false),
        }
    }

    fn areas(&self, customer: &Customer) -> BTreeMap<String, EntryArea> {
        let area = |of: &Propensity| EntryArea {
            cluster: of.cluster.map_or_else(String::new, |cluster| cluster.name().to_owned()),
            derived: of.derived,
            cell: of.bands.map_or("", |bands| self.cells.cell(bands)).to_owned(),
        };
        let areas = self.customers.areas.iter().zip(&customer.propensity);
        let areas = areas.map(|(name, of)| (name.clone(), area(of)));
        areas.filter(|(_, of)| *of != EntryArea::default()).collect()
    }

    /// The accounts that customers name now, and those that they named in the entry before.
    fn accounts(&self) -> Vec<EntryAccount> {
        let of_customers = self
            .decisions
            .outcomes
            .iter()
            .flat_map(|outcome| linked(outcome).into_iter().chain(near(outcome)));
        let mut accounts: Vec<EntryAccount> = of_customers
            .chain(self.accounts_then.values())
            .map(|of| EntryAccount { id: of.id().to_owned(), marks: account_marks(of) })
            .collect();
        accounts
            .sort_unstable_by(|one, other| (&one.id, &one.marks).cmp(&(&other.id, &other.marks)));
        accounts.dedup_by(|one, other| one.id == other.id);
        accounts
    }

    /// The contacts listed and suppressed, and those listed in the entry before.
    fn contacts(&self) -> Vec<EntryContact> {
        let ContactLists { listed, suppressed, watched, .. } = self.contacts;
        let customer = |at: u32| self.customers.list[at as usize].id.clone();
        let listed = listed.iter().map(|of| EntryContact {
            id: person_id(&of.contact_id).into_owned(),
            account: of.account_id.to_string(),
            customer: customer(of.customer),
            status: ContactStatus::Listed.word().to_owned(),
            reason: String::new(),
        });
        let suppressed = suppressed.iter().map(|of| EntryContact {
            id: person_id(&of.contact_id).into_owned(),
            account: of.account_id.to_string(),
            customer: customer(of.customer),
            status: ContactStatus::Suppressed.word().to_owned(),
            reason: of.reason.word().to_owned(),
        });
        let merged: BTreeSet<&str> = self.contacts.merged_ids().collect();
        let others = watched.iter().map(|(id, of)| {
            let open = match merged.contains(&**id) {
                true => ContactStatus::Duplicate,
                false => ContactStatus::NotSelected,
            };
            EntryContact {
                id: person_id(id).into_owned(),
                account: of.account_id.to_string(),
                customer: String::new(),
                status: of.status.unwrap_or(open).word().to_owned(),
                reason: String::new(),
            }
        });
        // the first of an id holds: listed before suppressed before all else
        let mut contacts: Vec<EntryContact> = listed.chain(suppressed).chain(others).collect();
        contacts.sort_by(|one, other| one.id.cmp(&other.id));
        contacts.dedup_by(|one, other| one.id == other.id);
        contacts
    }
}

/// The id of a contact as the history keeps it: a hash, with `#` before it, where the CRM uses an
/// address as id.
pub(crate) fn person_id(id: &str) -> Cow<'_, str> {
    if !id.contains('@') {
        return Cow::Borrowed(id);
    }
    let hash = Sha256::digest(id.to_lowercase());
    let digits: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    Cow::Owned(format!("#{digits}"))
}

/// The linked accounts, the best first.
fn linked(outcome: &Outcome) -> Vec<&AccountRecord> {
    match outcome {
        Outcome::Linked(links) => links.iter().map(|link| &link.candidate.account).collect(),
        _ => Vec::new(),
    }
}

/// The accounts that are near and not linked, the best first.
fn near(outcome: &Outcome) -> Vec<&AccountRecord> {
    match outcome {
        Outcome::Review(_, candidates) => candidates.iter().map(|of| &of.account).collect(),
        Outcome::Unmatched(_, nearest) => nearest.iter().map(|of| &of.account).collect(),
        Outcome::Linked(links) => {
            links.iter().filter_map(|link| Some(&link.runner_up.as_ref()?.0)).collect()
        }
        Outcome::Excluded(_) => Vec::new(),
    }
}

/// What people have decided of a customer.
fn decided(verdicts: &CustomerVerdicts) -> Vec<String> {
    let accepted = verdicts.accepted.iter().map(|of| format!("accept {}", of.account_id));
    let rejected = verdicts.rejected.iter().map(|of| format!("reject {}", of.account_id));
    let none = verdicts.none.iter().map(|_| "none".to_owned());
    let mut decided: Vec<String> = accepted.chain(rejected).chain(none).collect();
    decided.sort_unstable();
    decided
}

fn agreement(of: &Agreement) -> EntryAgreement {
    EntryAgreement {
        id: of.id.clone(),
        end: of.end_date,
        product: of.product.to_string(),
        revenue: of.expiring_revenue.map(|hundredths| hundredths as f64 / 100.0),
    }
}

/// The SHA-256 of all tables of rules in force.
fn rules(config: &Config) -> Result<String> {
    let mut hash = Sha256::new();
    for (file, text, _) in in_force(config.rules.as_deref())? {
        hash.update(file.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Of the settings of a run those that links and lists depend on.
fn settings(text: &str) -> BTreeMap<String, serde_json::Value> {
    let all: BTreeMap<String, serde_json::Value> = toml::from_str(text).unwrap_or_default();
    let counts = |name: &str| LINK_SETTINGS.contains(&name) || LIST_SETTINGS.contains(&name);
    all.into_iter().filter(|(name, _)| counts(name)).collect()
}
