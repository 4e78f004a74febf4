//! Report rows to customers: the six kinds of report, propensity, cohorts, agreements.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The six kinds of report, in the order in which their values win (DESIGN section 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportKind {
    /// Microsoft 365 propensity.
    M365,
    /// Azure propensity.
    Azure,
    /// Dynamics 365 propensity.
    D365,
    /// Security propensity.
    Security,
    /// Surface propensity.
    Surface,
    /// Agreement renewals propensity.
    Renewals,
}

/// How ready a customer is to buy from a solution area. Ordered: the readiest is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cluster {
    /// Sales ready.
    ActNow,
    /// Marketing ready.
    Evaluate,
    /// For awareness campaigns.
    Nurture,
    /// Educate and monitor intent.
    Educate,
}

/// What the reports say of a customer in one solution area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Propensity {
    /// The cluster, printed or derived.
    pub cluster: Option<Cluster>,
    /// Whether the cluster was derived from fit and intent.
    pub derived: bool,
    /// The fit as it stands in the report.
    pub fit: String,
    /// The intent as it stands in the report.
    pub intent: String,
}

/// A contract of a customer that ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// The number of the agreement.
    pub id: String,
    /// When it ends.
    pub end_date: Option<Date>,
    /// The licence program.
    pub program: String,
    /// The product that is up for renewal.
    pub product: String,
    /// The kind of expiration.
    pub expiration_type: String,
    /// The expiring revenue in hundredths of whatever currency the report is in.
    pub expiring_revenue: Option<i64>,
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
}

/// Every report column as it stands, per customer.
#[derive(Debug, Default)]
pub struct ReportColumns {
    headers: Vec<String>,
    cells: Vec<Vec<String>>,
}

impl ReportColumns {
    /// Columns from their headers and one row of cells per customer.
    pub fn new(headers: Vec<String>, cells: Vec<Vec<String>>) -> ReportColumns {
        ReportColumns { headers, cells }
    }

    /// The headers, in order.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The cell of a customer, by its position in [`Customers::list`].
    pub fn cell(&self, customer: usize, column: usize) -> &str {
        self.cells.get(customer).and_then(|row| row.get(column)).map_or("", String::as_str)
    }

    /// The position of a header.
    pub fn find(&self, header: &str) -> Option<usize> {
        self.headers.iter().position(|name| name.eq_ignore_ascii_case(header))
    }
}
