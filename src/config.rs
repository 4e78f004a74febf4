//! Every choice a run depends on, resolved and checked.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    columns::ReportKind,
    error::Error,
    language::Language,
    read::{Meter, ReadOptions},
    report::Cluster,
};

/// Every choice a run depends on, resolved and checked. Nothing past `cli` reads a flag, an
/// environment variable or the clock.
#[derive(Debug, Clone)]
pub struct Config {
    /// Report files and folders, with the kind where the user said it.
    pub reports: Vec<(Option<ReportKind>, PathBuf)>,
    /// CRM files and folders whose content is found out.
    pub crm: Vec<PathBuf>,
    /// Files that hold accounts, by the user's word.
    pub accounts: Vec<PathBuf>,
    /// Files that hold contacts, by the user's word.
    pub contacts: Vec<PathBuf>,
    /// Suppression lists.
    pub suppress: Vec<PathBuf>,
    /// Files that hold deals, by the user's word.
    pub deals: Vec<PathBuf>,
    /// The folder in which the run was started, absolute; empty when nobody knows.
    pub folder: PathBuf,
    /// The folder for the results.
    pub out: PathBuf,
    /// The file of verdicts.
    pub verdicts: PathBuf,
    /// The day against which dates are judged.
    pub as_of: Date,
    /// The period of the reports, when the user gave it.
    pub period: Option<String>,
    /// Where two periods of one kind meet, take the latest instead of stopping.
    pub latest: bool,
    /// Columns named by the user: field, header.
    pub columns: Vec<(String, String)>,
    /// The partner's own domains, registrable.
    pub own_domains: Vec<String>,
    /// Replacement rule tables.
    pub rules: Option<PathBuf>,
    /// The language of the workbooks' headings and sentences.
    pub language: Language,
    /// What the lists take.
    pub lists: Lists,
    /// The target systems for which campaign files are written.
    pub targets: Vec<Target>,
    /// How the people of campaigns are split into files.
    pub split: Split,
    /// What the run is compared with: update files clear what was linked then and is not now.
    pub previous: Previous,
    /// Periods of which `OUT.history` keeps an entry, at least 1.
    pub keep_history: usize,
    /// Let several customers link one account.
    pub share_accounts: bool,
    /// What to do where the domain is the same, the names differ and nothing else agrees.
    pub unlike_names: UnlikeNames,
    /// Encodings to read with, when the user gave some: of one file, or of all others.
    pub encoding: Vec<(Option<String>, String)>,
    /// The sheet to read of workbooks.
    pub sheet: Option<String>,
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Whether the group of the user may read the results; others never may.
    pub group_readable: bool,
    /// Whether cells that a spreadsheet might run as a formula are written as text in CSV files.
    pub safe_csv: bool,
    /// Whether the tables of the CSV files are written as Parquet too.
    pub(crate) parquet: bool,
    /// The settings in the words of the flags, as they go into `settings.toml`.
    pub settings: String,
    /// What is known of the rows of the CRM that are not among the inputs.
    pub(crate) elsewhere: Elsewhere,
    /// Hears of the stages of the run.
    pub(crate) stages: Stages,
    /// Counts the bytes read, for a progress bar.
    pub progress: Option<Progress>,
}

/// Hears of each stage of a run as it ends.
#[derive(Clone, Default)]
pub(crate) struct Stages(Option<Hears>);

/// What hears of a stage.
type Hears = Arc<dyn Fn(&'static str) + Send + Sync>;

impl Stages {
    /// Stages that are heard of.
    pub(crate) fn heard_by(hears: impl Fn(&'static str) + Send + Sync + 'static) -> Stages {
        Stages(Some(Arc::new(hears)))
    }

    /// Says that a stage has ended.
    pub(crate) fn ended(&self, stage: &'static str) {
        if let Some(hears) = &self.0 {
            hears(stage);
        }
    }
}

impl fmt::Debug for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stages").field(&self.0.is_some()).finish()
    }
}

/// The error that this build writes no Parquet.
pub(crate) fn no_parquet() -> Error {
    Error::Setting {
        flag: "--results parquet".into(),
        found: "this build writes no Parquet".into(),
        todo: "install it with `pip install crm-reconcile`, or build it with `--features columnar`"
            .into(),
    }
}

/// What is known of the rows of the CRM that `reconcile sift` did not let through.
#[derive(Debug, Clone, Default)]
pub(crate) struct Elsewhere {
    /// Files with what became of them.
    pub(crate) counts: Vec<PathBuf>,
    /// Files that say which accounts the whole CRM has.
    pub(crate) known_accounts: Vec<PathBuf>,
    /// The domains that accounts hold through all contacts of the CRM.
    pub(crate) contact_domains: Option<PathBuf>,
    /// Tables by whose first rows the columns of others with the same headers are understood.
    pub(crate) samples: Vec<PathBuf>,
}

impl Elsewhere {
    /// Whether the inputs are only the rows that can matter.
    pub(crate) fn is_sifted(&self) -> bool {
        !self.counts.is_empty()
    }
}

/// How far a run has come, in bytes of its inputs; a file that is read twice counts twice.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Bytes read so far.
    pub(crate) read: Arc<Meter>,
    /// Bytes to be read, 0 until that is known.
    pub total: Arc<AtomicU64>,
}

impl Config {
    /// The choices of a run for which the user chose nothing but the folder of results: no input
    /// yet, one thread, verdicts in `verdicts.csv` next to the results.
    pub fn new(out: PathBuf, as_of: Date) -> Config {
        Config {
            reports: Vec::new(),
            crm: Vec::new(),
            accounts: Vec::new(),
            contacts: Vec::new(),
            suppress: Vec::new(),
            deals: Vec::new(),
            folder: PathBuf::new(),
            verdicts: out.with_file_name("verdicts.csv"),
            out,
            as_of,
            period: None,
            latest: false,
            columns: Vec::new(),
            own_domains: Vec::new(),
            rules: None,
            language: Language::default(),
            lists: Lists::default(),
            targets: Vec::new(),
            split: Split::default(),
            previous: Previous::default(),
            keep_history: KEEP_HISTORY,
            share_accounts: false,
            unlike_names: UnlikeNames::default(),
            encoding: Vec::new(),
            sheet: None,
            threads: 1,
            group_readable: false,
            safe_csv: false,
            parquet: false,
            settings: String::new(),
            elsewhere: Elsewhere::default(),
            stages: Stages::default(),
            progress: None,
        }
    }

    /// How files are to be read.
    pub(crate) fn read_options(&self) -> ReadOptions {
        ReadOptions {
            encoding: self.encoding.clone(),
            export: None,
            sheet: self.sheet.clone(),
            every_row: false,
            samples: self.elsewhere.samples.clone(),
            progress: self.progress.as_ref().map(|progress| Arc::clone(&progress.read)),
        }
    }
}

/// What the lists take; filters never change links or statuses of customers.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Solution areas; empty: all.
    pub(crate) solution_areas: Vec<String>,
    /// Clusters; empty is Act Now and Evaluate.
    pub(crate) clusters: Vec<Cluster>,
    /// Cohorts; empty: all customers, in a cohort or not.
    pub(crate) cohorts: Vec<String>,
    /// Countries, names or ISO codes; empty: all.
    pub(crate) countries: Vec<String>,
    /// Further columns of the reports: header and accepted values.
    pub(crate) columns: Vec<(String, Vec<String>)>,
    /// Count derived clusters.
    pub(crate) derived: bool,
    /// List only explicit consent.
    pub(crate) require_consent: bool,
    /// List people whose file has no consent column.
    pub(crate) list_unknown_consent: bool,
    /// Bands of fit, as words or scores; empty: all. Holds in the area of the cluster.
    pub(crate) fits: Vec<String>,
    /// Bands of intent, as words or scores; empty: all. Holds in the area of the cluster.
    pub(crate) intents: Vec<String>,
    /// An agreement ends within so many days, 0 or more.
    pub(crate) ends_within: Option<u32>,
    /// The expiring revenue is at least this, in hundredths.
    pub(crate) revenue_at_least: Option<i64>,
    /// Only so many customers, the readiest first; at least 1.
    pub(crate) top: Option<usize>,
    /// One person per customer: the best role first.
    pub(crate) one_contact: bool,
    /// Only people whose job title is a decision maker's of an area of the lists.
    pub(crate) decision_makers: bool,
    /// What becomes of customers in the middle of a deal.
    pub(crate) open_deals: OpenDeals,
    /// Who comes first.
    pub(crate) rank: Rank,
    /// Addresses that differ by a `+tag`, or at Gmail by dots, are one person's.
    pub(crate) fold_addresses: bool,
}

/// The order of customers on the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// The readiest cluster first, then the most revenue, then the next end of an agreement.
    #[default]
    Readiness,
    /// The highest expected value first: how often customers like it had a won deal, times its revenue.
    Outcomes,
}

/// What becomes of customers that have an open deal, or one that was won not long ago, in an area of
/// the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenDeals {
    /// They stay on the lists, and the lists say it.
    #[default]
    Tag,
    /// They are left out.
    LeaveOut,
}

/// What to do where the domain is the same, the names differ and nothing else agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnlikeNames {
    /// Link it.
    Link,
    /// Show it for review.
    #[default]
    Review,
}

/// Periods of which `OUT.history` keeps an entry where the user says nothing: two years.
pub(crate) const KEEP_HISTORY: usize = 24;

/// What a run is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Previous {
    /// The newest entry of an earlier period in `OUT.history`, where there is one.
    #[default]
    Newest,
    /// The entry of a period in `OUT.history`.
    Period(String),
    /// The entry of a result folder.
    Run(PathBuf),
}

/// How the people of campaigns are split into files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// One file per target, with one row per person.
    #[default]
    Target,
    /// One file per campaign.
    Campaign,
}

/// A system that campaign files are for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    clap::ValueEnum,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// HubSpot: import of contacts.
    Hubspot,
    /// Salesforce: campaign members, and updates of accounts and contacts.
    Salesforce,
    /// Dynamics 365: contacts, and updates of accounts and contacts.
    Dynamics,
    /// Mailchimp: an audience with tags.
    Mailchimp,
    /// LinkedIn: a company list of Matched Audiences.
    LinkedinCompanies,
    /// Google Ads: Customer Match, hashed.
    GoogleCustomerMatch,
    /// One workbook with a sheet per campaign.
    Workbook,
    /// Updates of accounts and contacts for any CRM.
    CrmUpdate,
    /// Accounts to be created from unmatched customers.
    NetNew,
}

impl Target {
    /// The word of the flag, and the name of the folder.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Target::Hubspot => "hubspot",
            Target::Salesforce => "salesforce",
            Target::Dynamics => "dynamics",
            Target::Mailchimp => "mailchimp",
            Target::LinkedinCompanies => "linkedin-companies",
            Target::GoogleCustomerMatch => "google-customer-match",
            Target::Workbook => "workbook",
            Target::CrmUpdate => "crm-update",
            Target::NetNew => "net-new",
        }
    }
}
