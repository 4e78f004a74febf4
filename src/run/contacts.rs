//! What people's rows say before the accounts are read: who must not be written to, and the domains
//! that accounts hold through their people.
//!
//! Contacts are read twice here, and once more for the lists. The first reading takes opt-outs and
//! the addresses on a domain of the report; where a contact names its account without an id, the
//! accounts are then read for their names. The second takes all addresses of the accounts found.

use rustc_hash::FxHashMap;

use super::{Rules, contact_lists::is_contacts, progress};
use crate::{
    columns::{ContactLayout, Field, Recognised, Words},
    config::Config,
    consent::OptOuts,
    crm::{AccountNames, ListRow, ListSays, Permission},
    error::{Error, Result},
    index::Index,
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    link::{ContactAddresses, ContactDomains},
    problem::Problem,
    read::{Row, TableInfo},
};

/// What contacts say before the accounts are read.
pub(super) struct People {
    /// Who must not be written to.
    pub(super) opt_outs: OptOuts,
    /// The domains of the accounts' people.
    pub(super) domains: ContactDomains,
    /// The names of accounts, where some contact names its account without an id.
    pub(super) names: AccountNames,
}

/// What some rows of people say.
#[derive(Default)]
struct Gathered {
    denials: OptOuts,
    addresses: ContactAddresses,
    /// Whether some contact names its account without an id.
    join_by_name: bool,
    problems: Vec<Problem>,
    /// Rows of suppression lists, by position of the source.
    lists: FxHashMap<usize, ListRows>,
}

/// What the rows of a suppression list came to.
#[derive(Debug, Clone, Copy, Default)]
struct ListRows {
    /// They keep somebody out of the lists.
    denying: u64,
    /// Their own consent columns allow mail.
    spared: u64,
}

/// Reads contacts, leads and suppression lists for denials, and contacts for the domains of their
/// addresses.
///
/// # Errors
///
/// When an input cannot be read, or nothing is understood of a suppression list.
pub(super) fn gather_people(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    index: &Index,
    log: &mut RunLog,
) -> Result<People> {
    if names_are_needed(inputs) && accounts_are_piped(inputs) {
        return Err(names_unknown());
    }
    let preferences = preferences(config, rules, inputs, log)?;
    let mut gathered = gather(config, rules, inputs, (index, &preferences), log)?;
    check_lists(&mut gathered, inputs, log)?;
    gathered.denials.absorb(preferences);
    let mut names = AccountNames::default();
    if gathered.join_by_name {
        names = account_names(config, rules, inputs, log)?;
    }
    let addresses = gathered.addresses.resolve(&names);
    let addresses = add_totals(config, rules, inputs, (addresses, &names), log)?;
    Ok(People { opt_outs: gathered.denials, domains: addresses.table(&names), names })
}

/// Reads all rows of people once.
fn gather(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    (index, preferences): (&Index, &OptOuts),
    log: &mut RunLog,
) -> Result<Gathered> {
    let words = rules.columns.words();
    let sources: Vec<(usize, &Source)> = inputs.which(holds_people).collect();
    each_batch(
        &sources,
        &config.read_options(),
        log,
        |gathered: &mut Gathered, buffer: &mut String, _, SourceBatch { at, source, batch }| {
            for row in batch.rows() {
                match &source.what {
                    Recognised::Contacts(layout) | Recognised::Both(_, layout) => {
                        let contact = layout.wishes(row, words);
                        gathered.denials.contact(&contact, preferences);
                        gathered.join_by_name |=
                            contact.account_id.is_empty() && !contact.account_name.is_empty();
                        let domains = &rules.link.domains;
                        gathered.addresses.on_report(&contact, index, domains, buffer);
                    }
                    Recognised::Leads(layout) => {
                        gathered.denials.lead(&layout.wishes(row, words), preferences);
                    }
                    Recognised::Consents(layout) => {
                        gathered.consent(layout, row, words, &source.info);
                    }
                    Recognised::Suppression(layout) => {
                        gathered.listed(layout, row, words, (at, &source.info));
                    }
                    _ => {}
                }
            }
        },
        Gathered::absorb,
    )
}

/// Reads the contacts again for all addresses of the accounts that hold one on a domain of the
/// report, so that those of the many others are never held.
fn add_totals(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    (found, names): (ContactAddresses, &AccountNames),
    log: &mut RunLog,
) -> Result<ContactAddresses> {
    let contacts: Vec<(usize, &Source)> = inputs.which(is_contacts).collect();
    if found.is_empty() {
        progress::announce_less(config, &contacts);
        return Ok(found);
    }
    let words = rules.columns.words();
    let totals = each_batch(
        &contacts,
        &config.read_options(),
        log,
        |totals: &mut ContactAddresses, buffer: &mut String, _, from| {
            let (Recognised::Contacts(layout) | Recognised::Both(_, layout)) = &from.source.what
            else {
                return;
            };
            for row in from.batch.rows().filter(|row| found.needs(&layout.place(*row), names)) {
                totals.total(&layout.wishes(row, words), &rules.link.domains, buffer);
            }
        },
        |one, other| *one = std::mem::take(one).merge(other),
    )?;
    Ok(found.merge(totals))
}

/// Whether the rows of a file speak of people.
fn holds_people(what: &Recognised) -> bool {
    use Recognised::{Consents, Leads, Suppression};
    is_contacts(what) || matches!(what, Leads(_) | Consents(_) | Suppression(_))
}

/// Reads the records of people's preferences, which contacts and leads name by their id.
fn preferences(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    log: &mut RunLog,
) -> Result<OptOuts> {
    let sources: Vec<(usize, &Source)> =
        inputs.which(|what| matches!(what, Recognised::Individuals(_))).collect();
    let words = rules.columns.words();
    each_batch(
        &sources,
        &config.read_options(),
        log,
        |opt_outs: &mut OptOuts, _: &mut (), _, SourceBatch { source, batch, .. }| {
            if let Recognised::Individuals(layout) = &source.what {
                batch.rows().for_each(|row| opt_outs.individual(&layout.contact(row, words)));
            }
        },
        OptOuts::absorb,
    )
}

/// Whether a file of contacts has no ids of accounts.
fn names_are_needed(inputs: &Inputs) -> bool {
    let by_name = |what: &Recognised| match what {
        Recognised::Contacts(layout) => !layout.layout().has(Field::AccountId),
        _ => false,
    };
    inputs.which(by_name).next().is_some()
}

/// Whether accounts come from standard input, which can be read only once.
fn accounts_are_piped(inputs: &Inputs) -> bool {
    let is_account = |what: &Recognised| matches!(what, Recognised::Accounts(_));
    inputs.which(is_account).any(|(_, source)| source.input.is_stdin())
}

/// The error that contacts are joined by names which only another reading of the accounts gives.
fn names_unknown() -> Error {
    Error::Unusable {
        file: "standard input".into(),
        found: "the contacts name their account without its id; to join them the accounts must be \
                read twice, and standard input can be read only once"
            .into(),
        todo: "write the accounts to a file, or export the contacts with the id of their account"
            .into(),
    }
}

/// What is noted where some contacts lack the id of their account and the accounts are piped.
const NAMES_PIPED: &str = "standard input: accounts can be read only once there, so contacts \
                           without the id of their account are joined to none by its name";

/// Reads the names of accounts, but for accounts that are piped.
fn account_names(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    log: &mut RunLog,
) -> Result<AccountNames> {
    if accounts_are_piped(inputs) {
        log.add_notes([NAMES_PIPED.to_owned()]);
    }
    let accounts: Vec<(usize, &Source)> = inputs
        .which(|what| matches!(what, Recognised::Accounts(_)))
        .filter(|(_, source)| !source.input.is_stdin())
        .collect();
    progress::announce_more(config, &accounts);
    let words = rules.columns.words();
    each_batch(
        &accounts,
        &config.read_options(),
        log,
        |names: &mut AccountNames, _: &mut (), _, SourceBatch { source, batch, .. }| {
            if let Recognised::Accounts(layout) = &source.what {
                batch.rows().for_each(|row| names.account(&layout.account(row, words)));
            }
        },
        AccountNames::absorb,
    )
}

impl Gathered {
    /// Adds what other rows say.
    fn absorb(&mut self, other: Gathered) {
        self.denials.absorb(other.denials);
        self.addresses = std::mem::take(&mut self.addresses).merge(other.addresses);
        self.join_by_name |= other.join_by_name;
        self.problems.extend(other.problems);
        for (at, rows) in other.lists {
            let sum = self.lists.entry(at).or_default();
            sum.denying += rows.denying;
            sum.spared += rows.spared;
        }
    }

    /// Takes a record of consent. A status that is not understood might be a denial, and is
    /// taken as one.
    fn consent(&mut self, layout: &ContactLayout, row: Row<'_>, words: &Words, info: &TableInfo) {
        let mut consent = layout.wishes(row, words);
        if let Some(at) = layout.unread_status(row, words) {
            consent.email_permission = Permission::Denied;
            self.problems.push(Problem {
                file: info.file.clone(),
                line: row.line,
                column: info.header[at].clone(),
                what: "no status of consent that is known: taken as a denial".into(),
                record_lost: false,
            });
        }
        self.denials.consent(&consent);
    }

    /// Takes a row of a suppression list. What is not understood there is a problem: somebody may
    /// be meant who is written to.
    fn listed(
        &mut self,
        layout: &ContactLayout,
        row: Row<'_>,
        words: &Words,
        (at, info): (usize, &TableInfo),
    ) {
        let listed = layout.list_row(row, words);
        let unread = self.denials.listed(&listed, &info.file);
        let rows = self.lists.entry(at).or_default();
        if listed.says == ListSays::Spared {
            rows.spared += 1;
            return;
        }
        let any = listed.cells.len() > unread.len();
        rows.denying += u64::from(any);
        let columns = unread.iter().map(|at| info.header[*at].clone());
        let columns: Vec<String> =
            if listed.cells.is_empty() { vec![String::new()] } else { columns.collect() };
        self.problems.extend(
            columns.into_iter().map(|column| Problem {
                file: info.file.clone(),
                line: row.line,
                column,
                what: "no e-mail address, domain or SHA-256 hash: it keeps nobody out of the lists"
                    .into(),
                record_lost: !any,
            }),
        );
    }
}

/// Checks the suppression lists. Those without header have an entry there.
fn check_lists(gathered: &mut Gathered, inputs: &Inputs, log: &mut RunLog) -> Result<()> {
    for (at, source) in inputs.sources.iter().enumerate() {
        let Recognised::Suppression(layout) = &source.what else { continue };
        let mut rows = gathered.lists.get(&at).copied().unwrap_or_default();
        if !layout.header_entries().is_empty() {
            let cells = layout.header_entries().iter().map(|entry| (0, entry.as_str()));
            let row = ListRow { cells: cells.collect(), says: ListSays::Denied };
            let unread = gathered.denials.listed(&row, &source.info.file);
            rows.denying += u64::from(unread.len() < row.cells.len());
            log.add_rows(at, 1);
        }
        log.add_problems(doubt_of(&source.info, layout, rows, log.rows_of(at))?);
    }
    log.add_problems(std::mem::take(&mut gathered.problems));
    Ok(())
}

/// What there is to say of a suppression list that keeps fewer people out of the lists than it has
/// rows. A list of which nothing is understood is an error.
fn doubt_of(
    info: &TableInfo,
    layout: &ContactLayout,
    rows: ListRows,
    read: u64,
) -> Result<Option<Problem>> {
    let unusable = |found: String, todo: &str| {
        Err(Error::Unusable { file: info.file.clone(), found, todo: todo.into() })
    };
    if info.title_lines > 0 && !layout.header_entries().is_empty() {
        return unusable(
            "lines of the suppression list have no header and not as many cells as those below"
                .into(),
            "put a header such as `Email` above them",
        );
    }
    if read > 0 && rows.denying + rows.spared == 0 {
        return unusable(
            format!(
                "none of the {read} rows of the suppression list holds an e-mail address, a \
                 domain or a SHA-256 hash"
            ),
            "name the right column with `--column email=HEADER`, `--column domain=HEADER` or \
             `--column email-hash=HEADER`",
        );
    }
    let what = match rows {
        ListRows { spared: 0, .. } if read > 0 => return Ok(None),
        ListRows { spared: 0, .. } => "the suppression list is empty".to_owned(),
        ListRows { spared, .. } => format!(
            "{spared} of {read} rows of the suppression list keep nobody out of the lists: their \
             consent columns allow mail"
        ),
    };
    let (file, column) = (info.file.clone(), String::new());
    Ok(Some(Problem { file, line: 0, column, what, record_lost: false }))
}
