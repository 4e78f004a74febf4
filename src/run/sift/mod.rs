//! Which rows of a part of the CRM can matter: what an engine runs over each part, so that an ordinary
//! run over the rows that came through gives the results of a run over all.
//!
//! That holds since each step keeps the rows that its part alone would need: more rows of the CRM
//! change nothing, as candidates are put together by a reduce that is commutative, associative and
//! idempotent. What the other rows came to goes into [`Counts`].

mod accounts;
mod contacts;
mod counts;
mod elsewhere;
mod part;
mod past;
mod through;

use std::{fs::File, io, path::PathBuf};

pub(super) use self::elsewhere::RestOfCrm;
use self::{
    accounts::sift_accounts,
    contacts::{sift_addresses, sift_contacts, sift_others},
    part::Part,
    past::sift_past,
};
pub(crate) use self::{contacts::sift_domains, counts::Counts};
use super::{Rules, customers::read_customers};
use crate::{
    columns::Recognised,
    config::Config,
    error::{Error, Result},
    index::Index,
    inputs::{Inputs, RunLog, Source},
    report::Customers,
};

/// What is let through, of which stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum What {
    /// Nothing in; out come the flags of the run as JSON: those typed, those of the environment and
    /// those of `--settings`.
    Settings,
    /// Nothing in: the review sheets of `--out` are taken in, since what people accepted must come
    /// through; out come the records that the month before names, as hashes.
    Past,
    /// Contacts in; out come their addresses on domains of the reports, as hashes. With
    /// `--addresses`, all addresses of the accounts that these name.
    Addresses,
    /// Such addresses in, of all parts; out come the domains that accounts hold through them.
    Domains,
    /// Accounts in; out come those that can be linked, or speak against any link or mail.
    Accounts,
    /// Contacts in; out come the people of the accounts that came through (`--accounts`).
    Contacts,
    /// Contacts in; out come the other records of these people (`--contacts`): one of them may hold
    /// a denial.
    Denials,
}

/// The form of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Delimited text with a header.
    Csv,
    /// An Arrow IPC stream.
    ArrowStream,
}

/// One part of one kind of records.
#[derive(Debug)]
pub(crate) struct Task {
    /// What is let through.
    pub(crate) what: What,
    /// The part, as problems name it.
    pub(crate) part: String,
    /// The time, ISO to the second.
    pub(crate) time: String,
    /// The form of what comes in.
    pub(crate) input: Format,
    /// The form of what goes out.
    pub(crate) output: Format,
    /// Addresses of the pass before.
    pub(crate) addresses: Vec<PathBuf>,
    /// The records that the month before names.
    pub(crate) past: Option<PathBuf>,
    /// Where to write which accounts the part holds.
    pub(crate) known_to: Option<PathBuf>,
    /// Whether the run that it prepares writes nothing: review sheets stay where they are.
    pub(crate) dry_run: bool,
}

/// Reads a part from standard input, writes the rows that can matter to standard output, and says
/// what the others came to.
///
/// # Errors
///
/// When an input cannot be used, or contacts name their accounts by name alone. Then standard output
/// does not hold all rows, and must not be used.
pub(crate) fn sift(config: &Config, task: &Task) -> Result<Counts> {
    if task.what == What::Past {
        return sift_past(config, task);
    }
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let run = Run::of(config, &rules)?;
    let part = Part::open(config, &rules, task)?;
    match task.what {
        What::Accounts => sift_accounts(&run, task, part),
        What::Addresses => sift_addresses(&run, task, part),
        What::Contacts => sift_contacts(&run, task, part),
        _ => sift_others(&run, task, part),
    }
}

/// What is the same for all parts.
struct Run<'r> {
    config: &'r Config,
    rules: &'r Rules,
    /// The reports, and the records that came through so far.
    inputs: Inputs,
    customers: Customers,
    index: Index,
}

impl<'r> Run<'r> {
    fn of(config: &'r Config, rules: &'r Rules) -> Result<Run<'r>> {
        let inputs = opened(config, rules)?;
        let customers = read_customers(config, rules, &inputs, &mut RunLog::default())?;
        let index = Index::build(&customers.list, &rules.link);
        Ok(Run { config, rules, inputs, customers, index })
    }
}

/// Opens the files that are not cut into parts. Accounts and contacts must not be among them, but for
/// those that came through.
fn opened(config: &Config, rules: &Rules) -> Result<Inputs> {
    let inputs = Inputs::opened(config, &rules.columns)?;
    let came_through = |source: &Source| {
        let mut given = config.accounts.iter().chain(&config.contacts);
        config.crm.is_empty() || given.any(|path| source.input.path.starts_with(path))
    };
    let is_record = |what: &Recognised| {
        matches!(what, Recognised::Accounts(_) | Recognised::Contacts(_) | Recognised::Both(..))
    };
    if let Some((_, source)) = inputs.which(is_record).find(|(_, source)| !came_through(source)) {
        return Err(Error::Unusable {
            file: source.info.file.clone(),
            found:
                "accounts or contacts that are in no part: which of them matter is a question to \
                    all parts"
                    .into(),
            todo:
                "hand them over as parts, with the others; `--crm` takes what else the CRM holds, \
                   such as leads, users and deals"
                    .into(),
        });
    }
    Ok(inputs)
}

/// The error that records of a kind name their accounts by names, which is a question to all accounts.
pub(super) fn names_are_no_part(file: impl Into<String>, kind: &str) -> Error {
    Error::Unusable {
        file: file.into(),
        found: format!(
            "a {kind} names its account and has no id that an account has: who has a name is a \
             question to all accounts, and only a part of them is here"
        ),
        todo: format!(
            "fill in the ids of accounts; or leave out the column with their names, if such {kind}s \
             belong to no account"
        ),
    }
}

/// Opens a file of lines of comma-separated cells without a header.
fn lines_of(path: &std::path::Path) -> Result<csv::Reader<File>> {
    let file = File::open(path).map_err(Error::io(path))?;
    Ok(csv::ReaderBuilder::new().has_headers(false).from_reader(file))
}

/// The error of a file that another step should have written.
fn no_such_lines(file: impl Into<String>, what: What) -> Error {
    let word = clap::ValueEnum::to_possible_value(&what);
    let word = word.as_ref().map_or("", |word| word.get_name());
    Error::Unusable {
        file: file.into(),
        found: format!("not what `reconcile sift {word}` writes"),
        todo: format!("give the output of `reconcile sift {word}`, unchanged"),
    }
}

/// Writes lines of cells to standard output.
fn write_lines<const N: usize>(lines: &[[String; N]]) -> Result<()> {
    let mut out = csv::WriterBuilder::new().has_headers(false).from_writer(io::stdout().lock());
    lines.iter().try_for_each(|line| out.write_record(line)).map_err(cannot_say)?;
    out.flush().map_err(cannot_say)
}

/// The error of standard output.
fn cannot_say(error: impl Into<io::Error>) -> Error {
    Error::io("standard output")(error.into())
}
