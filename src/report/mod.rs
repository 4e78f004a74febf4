//! Report rows to customers: the six kinds of report, propensity, cohorts, agreements.

mod build;
mod cohort_area;
mod condition;
mod finish;
mod identity;
mod packed;
mod period;
mod plan;
mod rules;
mod store;
#[cfg(test)]
mod tests;
mod value;

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use build::CustomersBuilder;
pub(crate) use build::ReportSource;
pub(crate) use cohort_area::{CohortAreas, begins};
pub(crate) use condition::Attribute;
pub(crate) use period::Period;
pub(crate) use rules::ReportRules;
pub(crate) use store::ReportColumns;

/// How ready a customer is to buy from a solution area. Ordered: the readiest is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Cluster {
    /// Sales ready.
    #[serde(alias = "act_now")]
    ActNow,
    /// Marketing ready.
    #[serde(alias = "evaluate")]
    Evaluate,
    /// For awareness campaigns.
    #[serde(alias = "nurture")]
    Nurture,
    /// Educate and monitor intent.
    #[serde(alias = "educate")]
    Educate,
}

/// A text that many customers have in common, held once.
pub(crate) type Shared = Arc<str>;

/// What the reports say of a customer in one solution area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Propensity {
    /// The cluster, printed or derived.
    pub(crate) cluster: Option<Cluster>,
    /// Whether the cluster was derived from fit and intent.
    pub(crate) derived: bool,
    /// The fit as it stands in the report.
    pub(crate) fit: Shared,
    /// The intent as it stands in the report.
    pub(crate) intent: Shared,
    /// The bands of fit and intent, where both lie in one.
    pub(crate) bands: Option<Bands>,
}

/// The bands of a fit and an intent, each from 0, the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bands {
    /// The band of the fit.
    pub(crate) fit: u8,
    /// The band of the intent.
    pub(crate) intent: u8,
}

/// A contract of a customer that ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// The number of the agreement.
    pub(crate) id: String,
    /// When it ends.
    pub(crate) end_date: Option<Date>,
    /// The licence program.
    pub(crate) program: Shared,
    /// The product that is up for renewal.
    pub(crate) product: Shared,
    /// The kind of expiration.
    pub(crate) expiration_type: Shared,
    /// The expiring revenue in hundredths of whatever currency the report is in.
    pub(crate) expiring_revenue: Option<i64>,
}

/// A company that the reports score, merged over all report rows with its CustomerID.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customer {
    /// The key: the CustomerID as written, else `domain|name` folded.
    pub id: String,
    /// The CustomerID when usable as a key for linking (not damaged, no placeholder); empty else.
    pub customer_id: String,
    /// The name as typed.
    pub name: String,
    /// The domain as typed.
    pub domain: String,
    /// The tenant's domain as typed.
    pub tenant_domain: String,
    /// Top parent ids of any report read.
    pub tpids: Vec<String>,
    /// The tenant id.
    pub tenant_id: String,
    /// The D-U-N-S number, nine digits.
    pub duns: String,
    /// The city as typed.
    pub city: String,
    /// The state as typed.
    pub state: String,
    /// The postal code as typed.
    pub postal_code: String,
    /// The country as typed.
    pub country: String,
    /// The size of the organisation, number or band.
    pub org_size: String,
    /// The sub-segment, as printed or derived from the size (then ending in ` (derived)`).
    pub sub_segment: String,
    /// The industry.
    pub industry: String,
    /// The vertical.
    pub vertical: String,
    /// By solution area, as in [`Customers::areas`].
    pub propensity: Vec<Propensity>,
    /// The cohorts it belongs to: positions in [`Customers::cohorts`], ascending.
    pub cohorts: Vec<u32>,
    /// Its agreements, by end date then id.
    pub agreements: Vec<Agreement>,
}

/// All customers of the reports read.
#[derive(Debug, Default)]
pub struct Customers {
    /// Sorted by [`Customer::id`], byte-wise.
    pub list: Vec<Customer>,
    /// The solution areas, as the headers have them (`Azure`, `M365`, `D365BC`), sorted.
    pub areas: Vec<String>,
    /// The cohorts, as the headers have them, sorted.
    pub cohorts: Vec<String>,
    /// Whether any report has a cluster column.
    pub has_clusters: bool,
    /// Every column of the reports.
    pub columns: ReportColumns,
}

impl Customers {
    /// Where the customer with this key stands in the list.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.list.binary_search_by(|customer| customer.id.as_str().cmp(id)).ok()
    }
}

/// What follows the name of a cluster that was derived from fit and intent.
pub(crate) const DERIVED: &str = " (derived)";

impl Cluster {
    /// The cluster with Microsoft's name, whatever its case, blanks and punctuation.
    pub(crate) fn from_name(name: &str) -> Option<Cluster> {
        let letters = |text: &str| -> String {
            text.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
        };
        [Cluster::ActNow, Cluster::Evaluate, Cluster::Nurture, Cluster::Educate]
            .into_iter()
            .find(|cluster| letters(cluster.name()) == letters(name))
    }

    /// The cluster of a cell, printed or derived.
    pub(crate) fn of_cell(cell: &str) -> Option<Cluster> {
        Cluster::from_name(cell.trim_end_matches(DERIVED))
    }

    /// The cluster as Microsoft names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Cluster::ActNow => "Act Now",
            Cluster::Evaluate => "Evaluate",
            Cluster::Nurture => "Nurture",
            Cluster::Educate => "Educate",
        }
    }

    /// The cluster as files print it, marked where it was derived from fit and intent.
    pub(crate) fn printed(self, derived: bool) -> &'static str {
        match (self, derived) {
            (cluster, false) => cluster.name(),
            (Cluster::ActNow, true) => "Act Now (derived)",
            (Cluster::Evaluate, true) => "Evaluate (derived)",
            (Cluster::Nurture, true) => "Nurture (derived)",
            (Cluster::Educate, true) => "Educate (derived)",
        }
    }
}

impl std::fmt::Display for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Propensity {
    /// What follows the name of a cluster that was derived.
    fn derived_mark(&self) -> &'static str {
        if self.derived { DERIVED } else { "" }
    }
}

impl Customer {
    /// The least and the most employees, where the report gives them.
    pub(crate) fn size(&self) -> Option<(u64, u64)> {
        value::size(&self.org_size)
    }

    /// The first end date of an agreement on or after a day.
    pub(crate) fn next_agreement_end(&self, as_of: Date) -> Option<Date> {
        self.agreements.iter().filter_map(|agreement| agreement.end_date).find(|end| *end >= as_of)
    }

    /// The expiring revenue of the agreements that end on or after a day, in hundredths; `None`
    /// where none of them has one.
    pub(crate) fn expiring_revenue(&self, as_of: Date) -> Option<i64> {
        self.agreements
            .iter()
            .filter(|agreement| agreement.end_date.is_some_and(|end| end >= as_of))
            .filter_map(|agreement| agreement.expiring_revenue)
            .reduce(|sum, revenue| sum.saturating_add(revenue))
    }

    /// The readiest cluster over all areas; derived ones count only with `--derived`.
    #[cfg(test)]
    pub(crate) fn best_cluster(&self, with_derived: bool) -> Option<Cluster> {
        self.propensity
            .iter()
            .filter(|propensity| with_derived || !propensity.derived)
            .filter_map(|propensity| propensity.cluster)
            .min()
    }

    /// The clusters by area, `Azure: Act Now; M365: Nurture`.
    pub(crate) fn clusters_text(&self, areas: &[String]) -> String {
        let mut text = String::with_capacity(areas.len() * 24);
        for (area, of) in areas.iter().zip(&self.propensity) {
            let Some(cluster) = of.cluster else { continue };
            for part in [separator(&text), area, ": ", cluster.name(), of.derived_mark()] {
                text.push_str(part);
            }
        }
        text
    }

    /// The cohorts by name, joined with `; `.
    pub(crate) fn cohorts_text(&self, cohorts: &[String]) -> String {
        let names = || self.cohorts.iter().filter_map(|at| cohorts.get(*at as usize));
        let mut text = String::with_capacity(names().map(|name| name.len() + 2).sum());
        for name in names() {
            text.push_str(separator(&text));
            text.push_str(name);
        }
        text
    }
}

/// What stands between a text and the next part of it.
fn separator(text: &str) -> &'static str {
    if text.is_empty() { "" } else { "; " }
}
