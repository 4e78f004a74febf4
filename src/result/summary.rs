//! The figures of a run: `summary.json`, and what `summary.html` draws.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::outcome::{Estimate, Outcomes};

pub(crate) use crate::status::{
    AccountCounts, CauseCounts, ChangeCounts, ContactCounts, CustomerCounts, ExcludedCounts,
    ReviewCounts, SuppressionCounts, UnmatchedCounts,
};

/// Everything that is said of a run as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// What ran.
    pub(crate) program: Program,
    /// When the run began, ISO to the second.
    pub(crate) started: String,
    /// When its results were ready to be published, ISO to the second.
    pub(crate) finished: String,
    /// The day against which dates were judged.
    pub(crate) as_of: String,
    /// The folder in which the run was started: relative paths of inputs and settings begin there.
    pub(crate) folder: String,
    /// The figures; the same however the CRM is cut into files.
    pub(crate) results: Results,
    /// What has changed since the period before.
    pub(crate) changes: ChangeFigures,
    /// What people have measured by a blind sample; empty where nobody has.
    pub(crate) measured: Measured,
    /// The files found, read or left alone.
    pub(crate) inputs: Vec<InputSummary>,
    /// The files written.
    pub(crate) files: Vec<FileSummary>,
    /// The settings, as in `settings.toml`.
    pub(crate) settings: serde_json::Value,
    /// Lines of `problems.csv`.
    pub(crate) problems: u64,
    /// Records left out as problems.
    pub(crate) records_left_out: u64,
    /// What is probably not as the user means it, as sentences.
    pub(crate) warnings: Vec<String>,
    /// What the user should know, as sentences.
    pub(crate) notes: Vec<String>,
}

/// What has changed since the period before, in sum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeFigures {
    /// The period with which the run was compared; empty where there was none.
    pub(crate) since: String,
    /// Customers that have become Act Now in some area, or are new and Act Now.
    pub(crate) act_now: u64,
    /// Changes by kind, but for those by settings alone.
    pub(crate) kinds: ChangeCounts,
    /// Changes by cause, those by settings alone among them.
    pub(crate) causes: CauseCounts,
    /// What was not compared, as phrases.
    pub(crate) not_compared: Vec<String>,
}

/// What people have measured by a blind sample.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// The day of the last answer; empty where there is none.
    pub(crate) day: String,
    /// The share of the customers with an account that the run has found.
    pub(crate) recall: Option<Estimate>,
    /// Customers that are alike for the sample.
    pub(crate) layers: Vec<LayerFigures>,
}

/// Customers that are alike for the sample, and what was said of those that were asked about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LayerFigures {
    /// The pass of their links; `verdict` where a person decided; empty for customers without one.
    pub(crate) pass: String,
    /// The range of their similarities; empty where it plays no part.
    pub(crate) similarity: Cow<'static, str>,
    /// All of them.
    pub(crate) customers: u64,
    /// Those of which a person said that it is right.
    pub(crate) right: u64,
    /// Wrong.
    pub(crate) wrong: u64,
    /// That nobody can say.
    pub(crate) unclear: u64,
    /// The share of right ones, of those answered with right or wrong.
    pub(crate) share: Option<Estimate>,
}

/// What ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Program {
    /// The name of the package.
    pub(crate) name: Cow<'static, str>,
    /// Its version.
    pub(crate) version: Cow<'static, str>,
}

impl Default for Program {
    fn default() -> Program {
        Program { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// A file found, read or left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct InputSummary {
    /// The file as the user knows it.
    pub(crate) file: String,
    /// What it was read as (`azure`, `accounts`, `contacts`, `leads`); empty when left alone.
    pub(crate) kind: String,
    /// The CRM in whose manner it is written (`Salesforce`, `HubSpot`); empty for none in particular.
    pub(crate) crm: String,
    /// The month of a report, `2026-10`; empty for other files.
    pub(crate) period: String,
    /// The rows read.
    pub(crate) rows: u64,
    /// The encoding.
    pub(crate) encoding: String,
    /// Why it was chosen, as a lower-case phrase.
    pub(crate) encoding_reason: String,
    /// The container and the delimiter.
    pub(crate) dialect: String,
    /// The columns that were understood, in the order of the file.
    pub(crate) columns: Vec<ColumnSummary>,
    /// The SHA-256 of the file, as hex; empty when not taken.
    pub(crate) fingerprint: String,
    /// Why it was not read; `None` when it was.
    pub(crate) left_alone_reason: Option<String>,
}

/// A column and the field that it was read as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnSummary {
    /// The header as written.
    pub(crate) header: String,
    /// The field, as `--column` takes it; `ignore` where it is known and not needed.
    pub(crate) field: String,
}

/// A file written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileSummary {
    /// Its name in the output folder.
    pub(crate) file: String,
    /// Its rows, without the header.
    pub(crate) rows: u64,
    /// Cells that a spreadsheet would take for a formula. They are written as they are.
    pub(crate) formula_like_cells: u64,
    /// The line of the first of them, from 1; 0 for none.
    #[serde(default)]
    pub(crate) first_formula_line: u64,
}

/// The figures of a run. Every key is there, also when its number is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    /// The headline figures of Microsoft's own dashboard.
    pub(crate) dashboard: DashboardFigures,
    /// Customers by status.
    pub(crate) customers: CustomerCounts,
    /// Accounts by status.
    pub(crate) accounts: AccountCounts,
    /// Contacts by status.
    pub(crate) contacts: ContactCounts,
    /// The people to write to, by what the CRM says of e-mail.
    pub(crate) listed: ListedCounts,
    /// Customers in review, by reason.
    pub(crate) review: ReviewCounts,
    /// Customers without a link, by reason.
    pub(crate) unmatched: UnmatchedCounts,
    /// Customers not tried, by reason.
    pub(crate) excluded: ExcludedCounts,
    /// Linked customers, by the pass of their best link.
    pub(crate) passes: PassCounts,
    /// Those of them that no other pass would have found: no other key agrees.
    pub(crate) passes_only: PassCounts,
    /// What became of earlier verdicts.
    pub(crate) verdicts: VerdictCounts,
    /// Contacts that must not be written to, by reason.
    pub(crate) suppressed: SuppressionCounts,
    /// Links; more than linked customers where accounts are duplicates of each other.
    pub(crate) links: u64,
    /// Scores of links and of the best candidates in review.
    pub(crate) similarities: Vec<SimilarityBand>,
    /// The bands of fit and intent, the highest first.
    pub(crate) bands: Vec<String>,
    /// Solution areas, in the order of the columns.
    pub(crate) areas: Vec<AreaFigures>,
    /// Cohorts, the largest first.
    pub(crate) cohorts: Vec<GroupFigures>,
    /// Sub-segments, the largest first.
    pub(crate) sub_segments: Vec<GroupFigures>,
    /// Agreements that end on or after the day of the run, by month.
    pub(crate) agreements: Vec<MonthFigures>,
    /// What became of the customers of this period and those before; empty where no deal was read.
    #[serde(default)]
    pub(crate) outcomes: Outcomes,
}

/// The headline figures of Microsoft's own dashboard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DashboardFigures {
    /// Customers in the reports.
    pub(crate) customers: u64,
    /// Microsoft's fiscal year that holds the day of the run, as it is called: `FY27`.
    pub(crate) fiscal_year: String,
    /// Its first day, a 1 July.
    pub(crate) from: String,
    /// Its last day, a 30 June.
    pub(crate) to: String,
    /// Agreements that end in it.
    pub(crate) agreements: u64,
    /// Those of them that end on or after the day of the run.
    pub(crate) agreements_open: u64,
    /// The expiring revenue of the open ones, in the currency of the report.
    pub(crate) revenue_open: f64,
}

/// The people to write to, by what the CRM says of e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedCounts {
    /// They have explicitly agreed.
    pub(crate) allowed: u64,
    /// They have not said no.
    pub(crate) not_denied: u64,
    /// No column says it, and the user lists them all the same.
    pub(crate) unknown: u64,
}

/// Linked customers, by the pass of their best link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PassCounts {
    /// The registrable domains are equal.
    pub(crate) domain: u64,
    /// The names are alike.
    pub(crate) name: u64,
    /// A Microsoft id or a D-U-N-S number is equal.
    pub(crate) id: u64,
    /// No pass: a verdict alone brought the pair together.
    pub(crate) verdict: u64,
}

/// What became of earlier verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VerdictCounts {
    /// They decided something in this run.
    pub(crate) applied: u64,
    /// What they saw has changed.
    pub(crate) stale: u64,
    /// Their customer or account is gone.
    pub(crate) orphaned: u64,
}

/// A twentieth of the scale of scores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct SimilarityBand {
    /// The lowest score of the band, 0.00 to 0.95.
    pub(crate) from: f64,
    /// Links with a score in the band.
    pub(crate) linked: u64,
    /// Customers in review whose best candidate has a score in the band.
    pub(crate) review: u64,
}

/// A solution area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AreaFigures {
    /// The area, as the headers have it.
    pub(crate) area: String,
    /// Customers by cluster, with the contacts listed for them.
    pub(crate) clusters: Vec<ClusterFigures>,
    /// Customers by band of fit and of intent, the highest first; other values at the end.
    pub(crate) cells: Vec<FitIntentFigures>,
}

/// A cluster of a solution area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClusterFigures {
    /// The cluster as Microsoft names it.
    pub(crate) cluster: String,
    /// All customers in it.
    pub(crate) customers: u64,
    /// Those whose cluster was derived from fit and intent.
    pub(crate) derived: u64,
    /// Those that are linked.
    pub(crate) linked: u64,
    /// The contacts listed for them.
    pub(crate) contacts_listed: u64,
}

/// The customers of one fit and one intent in a solution area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FitIntentFigures {
    /// The band of the fit; the value itself where it lies in none.
    pub(crate) fit: String,
    /// The band of the intent; the value itself where it lies in none.
    pub(crate) intent: String,
    /// All customers in it.
    pub(crate) customers: u64,
    /// Those that are linked.
    pub(crate) linked: u64,
}

/// Customers that have something in common: a cohort, a sub-segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupFigures {
    /// The name of the group; empty for customers without one.
    pub(crate) name: String,
    /// All customers in it.
    pub(crate) customers: u64,
    /// Those that are linked.
    pub(crate) linked: u64,
    /// The contacts listed for them.
    pub(crate) contacts_listed: u64,
}

/// The agreements that end in one month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MonthFigures {
    /// The month, `2026-11`.
    pub(crate) month: String,
    /// Agreements that end in it.
    pub(crate) agreements: u64,
    /// Those of linked customers.
    pub(crate) linked: u64,
    /// Their expiring revenue, in the currency of the report.
    pub(crate) expiring_revenue: f64,
}
