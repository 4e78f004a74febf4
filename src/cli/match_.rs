//! `reconcile match`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::{Zoned, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    dry_run,
    log::{LogLevel, stages},
    progress::ProgressBar,
    say::warn,
    table,
};
use crate::{
    columns::ReportKind,
    config::{
        Config, Elsewhere, KEEP_HISTORY, Lists, OpenDeals, Previous, Rank, Split, Stages, Target,
        UnlikeNames, no_parquet,
    },
    consent::SuppressionEntry,
    error::{Error, Result, slashed},
    inputs::with_threads,
    language::Language,
    normalise::domain::registrable,
    problem::Outcome,
    report::{Cluster, Period, ReportRules},
    run::pipeline::reconcile,
    write::in_use,
};

pub(crate) const EXAMPLES: &str = "\
Examples:
  The whole job, with a folder of reports and a folder of CRM exports:
    reconcile match --reports reports/ --crm crm/ --out result

  Only Azure customers in Germany that are ready to buy:
    reconcile match --reports reports/ --crm crm/ --out result \\
      --solution-area Azure --cluster \"Act Now\" --country Germany

  Next month, with the settings of the run before:
    reconcile match --settings result/settings.toml --reports new-reports/

Fill in the column `verdict` of result/review.xlsx (accept, reject or none), save it, and run again:
your decisions are kept in result.verdicts.csv; you decide about each customer only once.

Exit status: 0 results written (problems are in problems.csv); 1 error, earlier results unchanged;
2 wrong usage; 3 as 0, but with --strict and problems.";

/// The flags of `match`; the keys of a settings file are the long flags.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MatchArgs {
    /// Reports: files, folders or archives; the kind of each is recognised.
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reports: Vec<PathBuf>,
    /// A report file of a given kind: renewals, azure, d365, m365, security or surface.
    #[arg(long, value_name = "KIND=PATH", help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    report: Vec<String>,
    /// CRM exports: files, folders or archives; accounts and contacts are recognised. `-` reads
    /// accounts from standard input.
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crm: Vec<PathBuf>,
    /// Files that hold accounts.
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<PathBuf>,
    /// Files that hold contacts.
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<PathBuf>,
    /// Lists of addresses, domains or SHA-256 hashes that must not get e-mail.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppress: Vec<PathBuf>,
    /// Files that hold deals (opportunities): who bought, who did not, and when.
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deals: Vec<PathBuf>,
    /// What a column holds, where its header was not recognised: FIELD=HEADER.
    #[arg(long, value_name = "FIELD=HEADER", help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    column: Vec<String>,
    /// The encoding of all files or of one, instead of the detected one: NAME or FILE=NAME.
    #[arg(long, value_name = "[FILE=]NAME", help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_several")]
    encoding: Vec<String>,
    /// The sheet to read in workbooks.
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// The period of the reports, such as 2026-10, where their names do not say it.
    #[arg(long, value_name = "YYYY-MM", help_heading = "Inputs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// Where a report is given for two periods, use the newer one instead of stopping.
    #[arg(long, help_heading = "Inputs")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    latest: bool,

    /// The folder for the results; it is replaced as a whole, the results before it stay in OUT.previous.
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) out: Option<PathBuf>,
    /// Campaign files for these systems, in the folder `campaigns` of the results.
    #[arg(long, value_name = "TARGET", num_args = 1.., value_delimiter = ',', help_heading = "Results")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    target: Vec<Target>,
    /// Whether there is one campaign file per target, with one row per person, or one per campaign;
    /// by default per target.
    #[arg(long, value_name = "BY", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<Split>,
    /// What the run is compared with: a period of OUT.history, such as 2026-10, or the result folder
    /// of a run; by default the newest earlier period. Update files clear what was linked then.
    #[arg(long, value_name = "PERIOD|DIR", num_args = 0..=1, default_missing_value = "", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    /// How many periods OUT.history keeps, at least 2; by default 24. It holds no name or address of a
    /// person.
    #[arg(long, value_name = "N", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_history: Option<u16>,
    /// The language of the headings and sentences in workbooks and on summary.html; by default that
    /// of the system.
    #[arg(long, value_name = "LANGUAGE", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// The file of verdicts; by default OUT.verdicts.csv.
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    verdicts: Option<PathBuf>,
    /// Let the group of the user read the results (on Unix); by default only the user may.
    #[arg(long, help_heading = "Results")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    group_readable: bool,
    /// In CSV files, put a `'` before cells that a spreadsheet might run as a formula. A system that
    /// imports the file may take it for a part of the value.
    #[arg(long, help_heading = "Results")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    safe_csv: bool,
    /// Write the tables of the CSV files in another form as well.
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Results")]
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Results>,
    /// Flags from a file, such as settings.toml of an earlier run; flags typed here win.
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    #[serde(skip)]
    pub(crate) settings: Option<PathBuf>,

    /// Solution areas for the lists, as the headers have them: Azure, M365 ...
    #[arg(long, value_name = "AREA", num_args = 1.., value_delimiter = ',', help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    solution_area: Vec<String>,
    /// Clusters for the lists; by default Act Now and Evaluate.
    #[arg(long, value_name = "CLUSTER", num_args = 1.., value_delimiter = ',', help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cluster: Vec<String>,
    /// Cohorts for the lists, as the headers have them.
    #[arg(long, value_name = "COHORT", num_args = 1.., help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cohort: Vec<String>,
    /// Countries for the lists: names or ISO codes.
    #[arg(long, value_name = "COUNTRY", num_args = 1.., value_delimiter = ',', help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    country: Vec<String>,
    /// Values of any other column of the reports: COLUMN=VALUE[,VALUE].
    #[arg(long = "where", value_name = "COLUMN=VALUE", help_heading = "Lists")]
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<String>,
    /// Bands of fit: High, Medium, Low, "Very low".
    #[arg(long, value_name = "BAND", num_args = 1.., value_delimiter = ',', help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fit: Vec<String>,
    /// Bands of intent: High, Medium, Low, "Very low".
    #[arg(long, value_name = "BAND", num_args = 1.., value_delimiter = ',', help_heading = "Lists")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    intent: Vec<String>,
    /// Only customers with an agreement that ends within this many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..=MOST_DAYS), help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_within: Option<u32>,
    /// Only customers with at least this expiring revenue, in the currency of the report.
    #[arg(long, value_name = "AMOUNT", help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    revenue_at_least: Option<u32>,
    /// At most this many customers that have somebody to write to: by cluster, then expiring revenue,
    /// then end of agreement.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<u32>,
    /// One person per customer: decision makers first (see roles.toml).
    #[arg(long, help_heading = "Lists")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    one_contact: bool,
    /// Only people whose job title decides over a solution area of the lists (see roles.toml).
    #[arg(long, help_heading = "Lists")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    decision_makers: bool,
    /// Treat addresses as the same that differ only by a +tag, or at Gmail by dots.
    #[arg(long, help_heading = "Lists")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fold_addresses: bool,
    /// What becomes of customers with an open deal, or one that was won in the last 90 days, in an area
    /// of the lists; by default the lists say so.
    #[arg(long, value_name = "WHAT", help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    open_deals: Option<OpenDeals>,
    /// Which customers come first, and count for --top; by default the readiest.
    #[arg(long, value_name = "BY", help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<Rank>,
    /// Also use clusters derived from fit and intent.
    #[arg(long, help_heading = "Lists")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    derived: bool,
    /// List only people with an explicit consent.
    #[arg(long, help_heading = "Lists")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    require_consent: bool,
    /// What to do with people whose file has no consent column.
    #[arg(long, value_name = "WHAT", help_heading = "Lists")]
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_unknown: Option<ConsentUnknown>,

    /// Your own domains: neither your company nor its people get onto a list.
    #[arg(long, value_name = "DOMAIN", num_args = 1.., value_delimiter = ',', help_heading = "Linking")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    own_domain: Vec<String>,
    /// Judge dates as of this day instead of today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, help_heading = "Linking")]
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Date>,
    /// A folder with rule tables that replace those of the same name.
    #[arg(long, value_name = "DIR", help_heading = "Linking")]
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<PathBuf>,
    /// Allow several customers to link to the same account.
    #[arg(long, help_heading = "Linking")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    share_accounts: bool,
    /// What to do where the domain is the same, the names differ and nothing else agrees.
    #[arg(long, value_name = "WHAT", help_heading = "Linking")]
    #[serde(skip_serializing_if = "Option::is_none")]
    unlike_names: Option<Unlike>,

    /// What `reconcile sift` printed of the rows that did not come through, part by part: the inputs are
    /// the rows that did.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Sifted inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counts: Vec<PathBuf>,
    /// Which accounts the whole CRM has, as `reconcile sift accounts --known-to` writes it.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Sifted inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known_accounts: Vec<PathBuf>,
    /// The domains that accounts hold through their contacts, as `reconcile sift domains` writes them.
    #[arg(long, value_name = "FILE", help_heading = "Sifted inputs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_domains: Option<PathBuf>,
    /// Tables whose first rows say what columns mean, in place of the first rows of other tables with
    /// the same headers.
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Sifted inputs")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sample: Vec<PathBuf>,

    /// Worker threads; by default one per core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Running")]
    #[serde(skip)]
    threads: Option<u16>,
    /// Write nothing; show what would be linked, the pairs next to each limit, and the lists' size.
    #[arg(long, conflicts_with = "quiet", help_heading = "Running")]
    #[serde(skip)]
    pub(super) dry_run: bool,
    /// End with exit status 3 where a row or value could not be used; results are written all the same.
    #[arg(long, help_heading = "Running")]
    #[serde(skip)]
    strict: bool,
    /// Print only errors.
    #[arg(long, conflicts_with = "json", help_heading = "Running")]
    #[serde(skip)]
    quiet: bool,
    /// Print the summary as JSON.
    #[arg(long, help_heading = "Running")]
    #[serde(skip)]
    pub(super) json: bool,
}

/// A further form of the results.
#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Results {
    /// Parquet, for lakehouses: numbers and days have their types, a blank is null.
    Parquet,
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ConsentUnknown {
    /// Suppress them.
    Suppress,
    /// List them all the same.
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unlike {
    /// Link.
    Link,
    /// Show for review.
    Review,
}

pub(crate) fn run(args: MatchArgs, log: LogLevel) -> Result<Outcome> {
    let args = args.over_settings()?;
    let MatchArgs { quiet, json, dry_run, strict, .. } = args;
    let is_today = args.as_of.is_none();
    let mut config = Config::try_from(args)?;
    config.stages = stages(log);
    if !quiet {
        warn_early(&config, is_today, dry_run);
    }
    let bar = ProgressBar::over(&mut config, quiet);
    if dry_run {
        return with_threads(config.threads, || dry_run::run(&config, &now, bar, (strict, json)));
    }
    let done = with_threads(config.threads, || reconcile(&config, &now));
    drop(bar);
    let (found, summary) = done?;
    // The process ends here: to free what was found text by text would only take time.
    std::mem::forget(found);
    if json {
        table::print_json(&summary)?;
    } else if !quiet {
        table::print(&summary, &config.out)?;
    }
    Ok(Outcome::of_run(summary.problems, strict))
}

/// Warns of what is not as it should be before the long work.
fn warn_early(config: &Config, is_today: bool, dry_run: bool) {
    if is_today && TimeZone::system().is_unknown() {
        warn(&format!(
            "the time zone of this computer is not known: dates are judged as of {}, the day in \
             UTC; name another day with `--as-of`",
            config.as_of
        ));
    }
    if !dry_run && let Some(file) = in_use(config) {
        warn(&format!(
            "{}: it is open in another program; close it before this run ends, or it can be neither \
             replaced nor added to",
            slashed(&file)
        ));
    }
}

/// The time now, ISO to the second.
pub(crate) fn now() -> String {
    Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

impl MatchArgs {
    /// What the lists take.
    ///
    /// # Errors
    ///
    /// When a word is not a cluster, or a condition has no `=`.
    pub(crate) fn lists(&self) -> Result<Lists> {
        let conditions = self.conditions.iter().map(|value| pair("--where", value));
        let values = |(column, values): (String, String)| {
            let parts: Vec<String> = values.split(',').map(|part| part.trim().to_owned()).collect();
            // `10,000 - 20,000` may be two values, or one
            let whole = (parts.len() > 1).then_some(values);
            (column, parts.into_iter().chain(whole).collect())
        };
        Ok(Lists {
            solution_areas: self.solution_area.clone(),
            clusters: self.cluster.iter().map(|word| cluster(word)).collect::<Result<_>>()?,
            cohorts: self.cohort.clone(),
            countries: self.country.clone(),
            columns: conditions.map(|pair| pair.map(values)).collect::<Result<_>>()?,
            derived: self.derived,
            require_consent: self.require_consent,
            list_unknown_consent: matches!(self.consent_unknown, Some(ConsentUnknown::List)),
            fits: self.fit.clone(),
            intents: self.intent.clone(),
            ends_within: self.ends_within,
            revenue_at_least: self.revenue_at_least.map(|amount| i64::from(amount) * 100),
            top: self.top.map(|top| top as usize),
            one_contact: self.one_contact,
            decision_makers: self.decision_makers,
            fold_addresses: self.fold_addresses,
            open_deals: self.open_deals.unwrap_or_default(),
            rank: self.rank.unwrap_or_default(),
        })
    }

    /// The flags, with those of another command line that no settings file holds: how the program
    /// runs.
    pub(super) fn running_as(self, typed: &MatchArgs) -> MatchArgs {
        let MatchArgs { threads, dry_run, strict, quiet, json, .. } = *typed;
        MatchArgs { threads, dry_run, strict, quiet, json, ..self }
    }

    /// The flags but for those that say which month it is.
    pub(crate) fn without_month(&self) -> MatchArgs {
        MatchArgs { as_of: None, period: None, previous: None, ..self.clone() }
    }

    /// The flags with each path that they name, but for standard input, as `name` writes it.
    pub(crate) fn with_paths(mut self, name: impl Fn(&Path) -> String) -> MatchArgs {
        let lists = [
            &mut self.reports,
            &mut self.crm,
            &mut self.accounts,
            &mut self.contacts,
            &mut self.suppress,
            &mut self.deals,
            &mut self.counts,
            &mut self.known_accounts,
            &mut self.sample,
        ];
        let single =
            [&mut self.out, &mut self.verdicts, &mut self.rules, &mut self.contact_domains];
        let paths = lists.into_iter().flatten().chain(single.into_iter().flatten());
        for path in paths.filter(|path| path.as_os_str() != "-") {
            *path = name(path).into();
        }
        for report in &mut self.report {
            if let Some((kind, path)) = report.split_once('=') {
                *report = format!("{kind}={}", name(path.trim().as_ref()));
            }
        }
        for encoding in &mut self.encoding {
            if let (Some(file), of) = file_and_encoding(encoding) {
                *encoding = format!("{}={of}", slashed(file.as_ref()));
            }
        }
        self
    }

    /// How the people of campaigns are split into files.
    pub(crate) fn split(&self) -> Split {
        self.split.unwrap_or_default()
    }

    /// The language of the workbooks: as typed, else that of the system.
    pub(crate) fn language(&self) -> Language {
        self.language.unwrap_or_else(of_system)
    }

    /// The folder of rule tables.
    pub(crate) fn rules_dir(&self) -> Option<PathBuf> {
        self.rules.clone()
    }
}

impl Config {
    /// The choices of the run that a part is prepared for: its CRM is not all here, and nothing is
    /// written to its folder.
    ///
    /// # Errors
    ///
    /// As for a run.
    pub(super) fn of_part(args: MatchArgs) -> Result<Config> {
        let threads = Some(args.threads.unwrap_or(1));
        let crm = args.crm.clone();
        let with_crm = MatchArgs { crm: vec!["-".into()], dry_run: true, threads, ..args };
        Config::try_from(with_crm).map(|config| Config { crm, ..config })
    }
}

impl TryFrom<MatchArgs> for Config {
    type Error = Error;

    fn try_from(args: MatchArgs) -> Result<Config> {
        let settings = args.as_settings();
        let (lists, split, language) = (args.lists()?, args.split(), args.language());
        let reports = reports(args.reports, &args.report)?;
        if args.crm.is_empty() && args.accounts.is_empty() {
            return Err(missing("--crm", "no CRM export", "FOLDER"));
        }
        let out = match args.out {
            Some(out) => out,
            // nothing is written, and no run before is read
            None if args.dry_run => PathBuf::from("result of a dry run"),
            None => return Err(missing("--out", "no folder for the results", "FOLDER")),
        };
        let verdicts = args.verdicts.unwrap_or_else(|| next_to(&out, ".verdicts.csv"));
        let pairs = |flag: &str, values: &[String]| -> Result<Vec<(String, String)>> {
            values.iter().map(|value| pair(flag, value)).collect()
        };
        let today = || Zoned::now().date();
        Ok(Config {
            reports,
            crm: args.crm,
            accounts: args.accounts,
            contacts: args.contacts,
            suppress: args.suppress,
            deals: args.deals,
            folder: std::env::current_dir().unwrap_or_default(),
            out,
            verdicts,
            as_of: args.as_of.map_or_else(|| Ok(today()), as_of)?,
            period: args.period.map(period).transpose()?,
            latest: args.latest,
            columns: pairs("--column", &args.column)?,
            own_domains: args.own_domain.into_iter().map(own_domain).collect::<Result<_>>()?,
            rules: args.rules,
            language,
            targets: args.target,
            split,
            previous: previous(args.previous.as_deref())?,
            keep_history: keep_history(args.keep_history)?,
            lists,
            share_accounts: args.share_accounts,
            unlike_names: match args.unlike_names {
                Some(Unlike::Link) => UnlikeNames::Link,
                _ => UnlikeNames::Review,
            },
            encoding: args.encoding.iter().map(|value| file_and_encoding(value)).collect(),
            sheet: args.sheet,
            threads: args.threads.map_or_else(cores, usize::from),
            group_readable: args.group_readable,
            safe_csv: args.safe_csv,
            parquet: args.results.map(parquet).transpose()?.is_some(),
            settings,
            elsewhere: Elsewhere {
                counts: args.counts,
                known_accounts: args.known_accounts,
                contact_domains: args.contact_domains,
                samples: args.sample,
            },
            stages: Stages::default(),
            progress: None,
        })
    }
}

/// The reports, with the kind of those of which it was said; at least one.
fn reports(paths: Vec<PathBuf>, of_kind: &[String]) -> Result<Vec<(Option<ReportKind>, PathBuf)>> {
    let mut reports: Vec<_> = paths.into_iter().map(|path| (None, path)).collect();
    for report in of_kind {
        reports.push(report_of_kind(report)?);
    }
    if reports.is_empty() {
        return Err(missing("--reports", "no reports", "FOLDER"));
    }
    Ok(reports)
}

/// Whether this build writes Parquet.
fn parquet(Results::Parquet: Results) -> Result<()> {
    if cfg!(feature = "columnar") { Ok(()) } else { Err(no_parquet()) }
}

/// Reads a setting that was one text before it could be several.
fn one_or_several<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> std::result::Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Texts::deserialize(from)? {
        Texts::One(text) => vec![text],
        Texts::Several(texts) => texts,
    })
}

/// A file, if one is named, and the encoding.
pub(crate) fn file_and_encoding(value: &str) -> (Option<String>, String) {
    match value.rsplit_once('=') {
        Some((file, name)) => (Some(file.to_owned()), name.to_owned()),
        None => (None, value.to_owned()),
    }
}

/// The language of the system, as far as the workbooks speak it.
pub(crate) fn of_system() -> Language {
    sys_locale::get_locale().map_or_else(Language::default, |locale| Language::of_locale(&locale))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A path next to the output folder: `result` and `.verdicts.csv` are `result.verdicts.csv`.
pub(crate) fn next_to(out: &std::path::Path, ending: &str) -> PathBuf {
    let out: PathBuf = out.components().collect();
    let mut name = out.into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

pub(super) fn missing(flag: &str, what: &str, value: &str) -> Error {
    Error::Usage {
        flag: flag.into(),
        found: format!("{what} given"),
        todo: format!("add `{flag} {value}`; `reconcile match --help` shows examples"),
    }
}

fn pair(flag: &str, value: &str) -> Result<(String, String)> {
    let (left, right) = value.split_once('=').ok_or_else(|| Error::Usage {
        flag: format!("{flag} {value}"),
        found: "has no `=`".into(),
        todo: format!("write it as `{flag} \"NAME=VALUE\"`"),
    })?;
    Ok((left.trim().to_owned(), right.trim().to_owned()))
}

fn report_of_kind(value: &str) -> Result<(Option<ReportKind>, PathBuf)> {
    let (kind, path) = value.split_once('=').ok_or_else(|| Error::Usage {
        flag: format!("--report {value}"),
        found: "does not name the kind of report".into(),
        todo: "write it as `--report \"KIND=FILE\"`; for a folder use `--reports FOLDER`".into(),
    })?;
    let (kind, path) = (kind.trim(), path.trim());
    let known = ReportKind::from_word(kind).ok_or_else(|| Error::Usage {
        flag: format!("--report {value}"),
        found: format!("{kind:?} is not a kind of report"),
        todo: "use renewals, azure, d365, m365, security or surface".into(),
    })?;
    Ok((Some(known), PathBuf::from(path)))
}

/// What a run is compared with: nothing is the newest earlier period.
pub(super) fn previous(word: Option<&str>) -> Result<Previous> {
    match word {
        None | Some("") => Ok(Previous::Newest),
        Some(word) if Path::new(word).is_dir() => Ok(Previous::Run(word.into())),
        Some(word) => match Period::find(word) {
            Some(period) if !word.contains(['/', '\\']) => Ok(Previous::Period(period.to_string())),
            _ => Err(Error::Setting {
                flag: format!("--previous {word}"),
                found: "is no folder, and no month".into(),
                todo:
                    "give a period such as 2026-10, the result folder of a run, or nothing: then \
                       it is the newest earlier period"
                        .into(),
            }),
        },
    }
}

/// How many periods are kept: that of the run, and one to compare it with however often it is run.
fn keep_history(periods: Option<u16>) -> Result<usize> {
    match periods {
        None => Ok(KEEP_HISTORY),
        Some(periods @ 2..) => Ok(periods.into()),
        Some(periods) => Err(Error::Usage {
            flag: format!("--keep-history {periods}"),
            found: "leaves no month to compare with".into(),
            todo: "give 2 or more".into(),
        }),
    }
}

fn period(word: String) -> Result<String> {
    if Period::find(&word).is_some() {
        return Ok(word);
    }
    Err(Error::Usage {
        flag: format!("--period {word}"),
        found: "not a month".into(),
        todo: "write it as YYYY-MM, such as 2026-10".into(),
    })
}

/// Days up to which `--ends-within` looks: a hundred years.
const MOST_DAYS: i64 = 36_500;

/// A day against which dates can be judged.
fn as_of(day: Date) -> Result<Date> {
    if (1990..2200).contains(&day.year()) {
        return Ok(day);
    }
    Err(Error::Usage {
        flag: format!("--as-of {day}"),
        found: "is no day of these times".into(),
        todo: "write the date as 2026-11-21".into(),
    })
}

fn day(word: &str) -> Result<Date, &'static str> {
    word.parse().map_err(|_| "write the date as 2026-11-21")
}

/// The domain in small ASCII letters, as addresses are compared with it: `OWN.DE`, `@own.de` and
/// `https://www.own.de/` are one.
fn own_domain(word: String) -> Result<String> {
    if let Some(SuppressionEntry::Domain(domain)) = SuppressionEntry::read(&word)
        && registrable(&domain, &mut String::new()).is_some()
    {
        return Ok(domain);
    }
    Err(Error::Usage {
        flag: "--own-domain".into(),
        found: format!("{word:?} is not a domain"),
        todo: "write it as in your e-mail addresses, such as contoso.com".into(),
    })
}

pub(crate) fn cluster(word: &str) -> Result<Cluster> {
    let named = || ReportRules::embedded().ok()?.cluster(word);
    Cluster::from_name(word).or_else(named).ok_or_else(|| Error::Usage {
        flag: "--cluster".into(),
        found: format!("{word:?} is not a cluster"),
        todo: "known are \"Act Now\", Evaluate, Nurture and Educate".into(),
    })
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    #[test]
    fn every_flag_that_takes_a_path_is_among_the_paths() {
        let command = MatchArgs::augment_args(clap::Command::new("match"));
        let mut line = vec!["match".to_owned()];
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "settings") {
            let value = match arg.get_value_names().unwrap_or_default() {
                [name] if ["PATH", "FILE", "DIR"].contains(&name.as_str()) => r"here\a.csv",
                [name] if name.as_str() == "KIND=PATH" => r"azure=here\a.csv",
                _ => continue,
            };
            line.extend([format!("--{}", arg.get_long().unwrap()), value.to_owned()]);
        }
        let parsed = MatchArgs::from_arg_matches(&command.get_matches_from(&line)).unwrap();
        let named = parsed.with_paths(|path| path.to_string_lossy().replace('\\', "/"));
        let settings = toml::to_string(&named).unwrap();
        assert_eq!(settings.matches("here/a.csv").count(), line.len() / 2, "{settings}");
        assert!(line.len() > 20 && !settings.contains('\\'), "{settings}");
    }

    #[test]
    fn standard_input_is_no_path() {
        let args = MatchArgs { crm: vec!["-".into(), "crm".into()], ..MatchArgs::default() };
        let named = args.with_paths(|path| format!("there/{}", path.to_string_lossy()));
        assert_eq!(named.crm, [PathBuf::from("-"), PathBuf::from("there/crm")]);
    }
}
