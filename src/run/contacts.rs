//! What people's rows say before the accounts are read: who must not be written to, and the domains
//! that accounts hold through their people.
//!
//! Contacts are read twice here, and once more for the lists. The first reading takes opt-outs and
//! the addresses on a domain of the report; where a contact names its account without an id, the
//! accounts are then read for their names. The second takes all addresses of the accounts found.

use rustc_hash::FxHashMap;

use super::{Rules, contact_lists::is_contacts, progress, sift::names_are_no_part};
use crate::{
    columns::{ContactLayout, Field, Recognised, Words},
    config::Config,
    consent::{
        OptOuts,
        gather::{self, ListRows},
        opt_outs::denies,
    },
    crm::{AccountNames, Contact},
    error::{Error, Result},
    index::Index,
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    link::{ContactAddresses, ContactDomains},
    problem::Problem,
    read::{Batch, Row, TableInfo},
    text::address::addresses,
};

/// What contacts say before the accounts are read.
pub(super) struct People {
    /// Who must not be written to.
    pub(super) opt_outs: OptOuts,
    /// The domains of the accounts' people.
    pub(super) domains: ContactDomains,
    /// The names of accounts, where some contact names its account without an id.
    pub(super) names: AccountNames,
    /// Whether the names were read.
    pub(super) names_read: bool,
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
    (index, known_domains): (&Index, Option<ContactDomains>),
    log: &mut RunLog,
) -> Result<People> {
    if names_are_needed(inputs) && accounts_are_piped(inputs) {
        return Err(names_unknown());
    }
    let preferences = preferences(config, rules, inputs, log)?;
    let mut gathered = read_people(config, rules, inputs, (index, &preferences), log)?;
    check_lists(&mut gathered, inputs, log)?;
    gathered.denials.merge(preferences);
    let mut names = AccountNames::default();
    let names_read = gathered.join_by_name;
    if names_read && config.elsewhere.is_sifted() {
        return Err(names_are_no_part("contacts", "contact"));
    }
    if names_read {
        names = account_names(config, rules, inputs, log)?;
    }
    if let Some(domains) = known_domains {
        progress::announce_less(config, &inputs.which(is_contacts).collect::<Vec<_>>());
        return Ok(People { opt_outs: gathered.denials, domains, names, names_read });
    }
    let addresses = gathered.addresses.resolve(&names);
    let addresses = add_totals(config, rules, inputs, (addresses, &names), log)?;
    Ok(People { opt_outs: gathered.denials, domains: addresses.table(&names), names, names_read })
}

/// Reads all rows of people once.
fn read_people(
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
            lost_rows(&mut gathered.denials, batch);
            for row in batch.rows() {
                match &source.what {
                    Recognised::Contacts(layout) | Recognised::Both(_, layout) => {
                        let by = (layout, words, preferences);
                        let contact = gathered.person(by, OptOuts::contact, row, &source.info);
                        gathered.join_by_name |=
                            contact.account_id.is_empty() && !contact.account_name.is_empty();
                        let domains = &rules.link.domains;
                        gathered.addresses.on_report(&contact, index, domains, buffer);
                    }
                    Recognised::Leads(layout) => {
                        let by = (layout, words, preferences);
                        gathered.person(by, OptOuts::lead, row, &source.info);
                    }
                    Recognised::Consents(layout) => {
                        let (denials, by) = (&mut gathered.denials, (layout, words));
                        let problem = gather::consent_record(denials, by, row, &source.info);
                        gathered.problems.extend(problem);
                    }
                    Recognised::Suppression(layout) => {
                        let rows = gathered.lists.entry(at).or_default();
                        let (denials, by) = (&mut gathered.denials, (layout, words));
                        let problems = rows.gather(denials, by, row, &source.info);
                        gathered.problems.extend(problems);
                    }
                    _ => {}
                }
            }
        },
        Gathered::absorb,
    )
}

impl Gathered {
    /// Gathers what a contact or lead says of itself, with what cannot be read there.
    fn person<'r>(
        &mut self,
        (layout, words, preferences): (&ContactLayout, &Words, &OptOuts),
        gather: fn(&mut OptOuts, &Contact<'_>, &OptOuts),
        row: Row<'r>,
        info: &TableInfo,
    ) -> Contact<'r> {
        let person = layout.preferences(row, words);
        gather(&mut self.denials, &person, preferences);
        let said = person.email_permission;
        self.problems.extend(gather::doubts((layout, words), said, row, info));
        let known = self.problems.len();
        self.problems.extend(gather::unread_addresses(layout, row, info));
        let denies = denies(&person);
        if self.problems.len() > known || denies {
            self.denials.beside(gather::addresses_beside(layout, row, denies), &person.id);
        }
        person
    }
}

/// Gathers the addresses of records that were left out: they may have denied.
fn lost_rows(denials: &mut OptOuts, batch: &Batch) {
    for (line, text) in &batch.lost {
        denials.beside(addresses(text), &format!("{}:{line}", batch.file));
    }
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
                totals.total(&layout.preferences(row, words), &rules.link.domains, buffer);
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
        OptOuts::merge,
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
        todo: "save the accounts as a file, or export the contacts with the id of their account"
            .into(),
    }
}

/// What is noted where some contacts lack the id of their account and the accounts are piped.
const NAMES_PIPED: &str = "standard input: accounts can be read only once there, so contacts \
                           without the id of their account are joined to none by its name";

/// Reads the names of accounts, but for accounts that are piped.
pub(super) fn account_names(
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
        self.denials.merge(other.denials);
        self.addresses = std::mem::take(&mut self.addresses).merge(other.addresses);
        self.join_by_name |= other.join_by_name;
        self.problems.extend(other.problems);
        for (at, rows) in other.lists {
            self.lists.entry(at).or_default().merge(rows);
        }
    }
}

/// Checks the suppression lists. Those without header have an entry there.
fn check_lists(gathered: &mut Gathered, inputs: &Inputs, log: &mut RunLog) -> Result<()> {
    for (at, source) in inputs.sources.iter().enumerate() {
        let Recognised::Suppression(layout) = &source.what else { continue };
        let mut rows = gathered.lists.get(&at).copied().unwrap_or_default();
        if rows.gather_header(&mut gathered.denials, layout, &source.info) {
            log.add_rows(at, 1);
        }
        log.add_problems(rows.check(layout, &source.info, log.rows_of(at))?);
    }
    log.add_problems(std::mem::take(&mut gathered.problems));
    Ok(())
}
