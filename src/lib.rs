//! Links the customers of Microsoft CloudAscent propensity reports with the accounts of a CRM and
//! writes the lists that a campaign can be sent to.
//!
//! The program `reconcile` is a thin layer over this crate. A run goes through the modules in the
//! order in which they stand below:
//!
//! 1. `read` turns bytes into rows, `columns` headers into fields; `inputs` opens what the
//!    paths of a [`Config`](config::Config) hold.
//! 2. [`report`] merges the rows of all reports into customers; [`crm`] gives accounts and contacts
//!    from rows of the CRM, one at a time.
//! 3. `normalise` makes keys of names, domains and places; [`index`] holds the customers by their
//!    keys.
//! 4. [`link`] streams the accounts past the index: three passes find candidates, [`compare`] gives
//!    each pair one score from all fields.
//! 5. [`verdicts`] holds what people decided; [`decide`] puts each customer into one status, and
//!    [`explain`] says why.
//! 6. `consent` gathers who must not be written to; `lists` puts each contact into one status:
//!    listed, or left out and why.
//! 7. `deals` are read for two questions: who is in the middle of one (`lists`), and what became of
//!    the customers of each month's `history` (`outcomes`).
//! 8. `result` names each output file and column; `write` publishes the lists, the
//!    review sheet and the summary as one folder, `campaign` the files for the systems that send.
//!    `result` stands above [`verdicts`], which reads the review sheet of the run before.
//!
//! [`run`] is all of that on one screen; `cli` and `serve` (the pages in the browser) are how people
//! ask for it. Nothing opens a network connection; the pages are served on the loopback address.
//!
//! # A run, step by step
//!
//! ```
//! use std::path::Path;
//!
//! use crm_reconcile::{
//!     config::Config,
//!     decide::Outcome,
//!     explain::Explainer,
//!     link::Matcher,
//!     run::{Rules, pipeline},
//! };
//! use jiff::civil::date;
//!
//! # fn main() -> crm_reconcile::Result<()> {
//! // What is to be read, where the results go, and the day against which dates are judged.
//! let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
//! let folder = std::env::temp_dir().join(format!("reconcile-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).expect("a folder for the example");
//! let mut config = Config::new(folder.join("result"), date(2026, 11, 21));
//! config.reports.push((None, samples.join("reports")));
//! config.crm.push(samples.join("crm/salesforce"));
//! config.own_domains.push("varnholt-cloudpartner.de".into());
//!
//! // The tables of rules: words, domains, places, parameters. `Some(folder)` replaces some.
//! let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
//!
//! // Reads the reports and the CRM, compares and decides; writes nothing.
//! let found = pipeline::find(&config, &rules)?;
//! let at = found.customers.position("280086596876").expect("a customer of the samples");
//! let customer = &found.customers.list[at];
//! assert_eq!(customer.name, "Granite Heron Credit Union");
//!
//! // Each customer is in one status: linked, in review, unmatched or excluded.
//! let Outcome::Linked(links) = &found.decisions.outcomes[at] else { panic!("it is linked") };
//! let pair = &links[0].candidate;
//! assert_eq!(pair.account.name(), "Granite Heron Credit Union");
//! assert_eq!(pair.comparison.pass.map(|pass| pass.word()), Some("domain"));
//!
//! // Why: the sentence that `links.csv`, `review.csv` and `reconcile explain` show.
//! let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
//! let explainer = Explainer::new(&found.customers, &matcher);
//! let why = explainer.sentence(pair);
//! assert!(why.starts_with("domain agrees; name agrees"), "{why}");
//!
//! // The whole run: all of the above, the contacts, and the folder with the results.
//! let clock = || "2026-11-21T09:00:00+00:00".to_owned();
//! pipeline::reconcile(&config, &clock)?;
//! for file in ["contacts.xlsx", "review.xlsx", "links.csv", "summary.html"] {
//!     assert!(config.out.join(file).exists(), "{file}");
//! }
//! # std::fs::remove_dir_all(&folder).expect("the folder of the example goes");
//! # Ok(())
//! # }
//! ```
//!
//! # What else is public
//!
//! What the items above and the functions of `docs/distributed.md` take and give:
//! [`Language`](config::Config::language), [`Previous`](config::Previous), [`Split`](config::Split),
//! [`Rank`](config::Rank), [`OpenDeals`](config::OpenDeals), [`UnlikeNames`](config::UnlikeNames) and
//! [`Progress`](config::Progress) say how a run goes, [`Matching`](compare::Matching) and
//! [`LinkRules`](index::LinkRules) by what it links, [`PinnedPairs`](link::PinnedPairs) which pairs it
//! compares in any case, [`Found`](run::Found) what came of it. A pair has a [`Level`](compare::Level)
//! per field and a [`Pass`](compare::Pass), a linked customer [`Link`](decide::Link)s and who
//! [decided](decide::DecidedBy) them, and its `ReportColumns`. `Summary` is what `summary.json` holds,
//! `OpenArgs` what `reconcile open` takes.
//!
//! # What holds everywhere
//!
//! - Left is always the report, right is always the CRM.
//! - Scores are whole numbers ([`compare::Score`]); the same inputs give the same bytes for any
//!   number of threads, any order of rows and any split of the CRM into files.
//! - A row that cannot be used is a `problem::Problem` with file and line; only what stops a run
//!   is an [`Error`], and it says what to do next ([`Error::hint`]).
//! - No message, problem or summary holds a cell of a person.

#![cfg_attr(not(test), warn(clippy::too_many_lines))]

pub mod error;
mod problem;
mod status;
mod read;
mod rules;
mod language;
pub mod text;
mod columns;
pub mod crm;
pub mod report;
pub mod config;
mod inputs;
mod deals;
mod consent;
mod normalise;
pub mod index;
pub mod compare;
pub mod link;
mod result;
pub mod verdicts;
pub mod decide;
pub mod explain;
mod lists;
mod history;
mod changes;
mod outcomes;
mod write;
mod campaign;
pub mod run;
mod evaluate;
pub mod cli;
#[cfg(feature = "browser")]
mod serve;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;

pub use error::{Error, Result};

/// Runs the program: parses the command line and does what it says.
///
/// # Errors
///
/// Whatever stops the command; wrong usage ends the program with status 2.
pub fn program() -> Result<problem::Outcome> {
    #[cfg(feature = "browser")]
    return cli::run(Some(serve::open));
    #[cfg(not(feature = "browser"))]
    cli::run(None)
}
