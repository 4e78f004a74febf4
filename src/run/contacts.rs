//! What people's rows say before the accounts are read: who must not be written to, and the domains
//! that accounts hold through their people.

use rustc_hash::FxHashMap;

use crate::{
    columns::{ContactLayout, Recognised, Words},
    config::Config,
    consent::OptOuts,
    crm::{AccountNames, ListRow, ListSays, Permission},
    error::{Error, Result},
    index::Index,
    inputs::{Inputs, Part, Source, each_batch},
    link::{ContactAddresses, ContactDomains},
    problem::Problem,
    read::{ReadOptions, Row, TableInfo},
    run::Rules,
};

/// What contacts say before the accounts are read.
#[derive(Default)]
pub(crate) struct People {
    /// Who must not be written to.
    pub(crate) denials: OptOuts,
    /// The domains of the accounts' people.
    pub(crate) domains: ContactDomains,
    /// Whether some contact names its account without an id.
    pub(crate) join_by_name: bool,
    /// Rows of leads and suppression lists, by position of the source.
    pub(crate) rows: Vec<u64>,
    /// What was not read there.
    pub(crate) problems: Vec<Problem>,
    /// What there is to know of their files.
    pub(crate) notes: Vec<String>,
}

/// What a stretch of people's rows says.
#[derive(Default)]
struct Heard {
    denials: OptOuts,
    addresses: ContactAddresses,
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
pub(crate) fn hear(
    config: &Config,
    rules: &Rules,
    intake: &Inputs,
    index: &Index,
    names: &AccountNames,
) -> Result<People> {
    let words = rules.columns.words();
    let options = config.read_options();
    let wishes = wishes(config, words, intake)?;
    let sources: Vec<(usize, &Source)> = intake.which(holds_people).collect();
    let part = each_batch(
        &sources,
        &options,
        |heard: &mut Heard, buffer: &mut String, at, source, batch| {
            for row in batch.rows() {
                match &source.what {
                    Recognised::Contacts(layout) | Recognised::Both(_, layout) => {
                        let contact = layout.wishes(row, words);
                        heard.denials.contact(&contact, &wishes.value);
                        heard.join_by_name |=
                            contact.account_id.is_empty() && !contact.account_name.is_empty();
                        let domains = &rules.link.domains;
                        heard.addresses.on_report(&contact, names, index, domains, buffer);
                    }
                    Recognised::Leads(layout) => {
                        heard.denials.lead(&layout.wishes(row, words), &wishes.value);
                    }
                    Recognised::Consents(layout) => {
                        heard.consent(layout, row, words, &source.info);
                    }
                    Recognised::Suppression(layout) => {
                        heard.listed(layout, row, words, (at, &source.info));
                    }
                    _ => {}
                }
            }
        },
        |mut one, other| {
            one.denials.absorb(other.denials);
            one.join_by_name |= other.join_by_name;
            one.problems.extend(other.problems);
            for (at, rows) in other.lists {
                let sum = one.lists.entry(at).or_default();
                sum.denying += rows.denying;
                sum.spared += rows.spared;
            }
            Heard { addresses: one.addresses.merge(other.addresses), ..one }
        },
    )?;
    let (mut people, addresses) = heard(intake, part)?;
    people.denials.absorb(wishes.value);
    let more = wishes.rows.len().max(people.rows.len());
    people.rows.resize(more, 0);
    people.rows.iter_mut().zip(&wishes.rows).for_each(|(sum, more)| *sum += more);
    people.problems.extend(wishes.problems);
    people.domains = totals(config, rules, intake, names, addresses)?.table();
    Ok(people)
}

/// Reads the contacts again for all addresses of the accounts that hold one on a domain of the
/// report, so that those of the many others are never held.
fn totals(
    config: &Config,
    rules: &Rules,
    intake: &Inputs,
    names: &AccountNames,
    found: ContactAddresses,
) -> Result<ContactAddresses> {
    if found.is_empty() {
        return Ok(found);
    }
    let words = rules.columns.words();
    let options = ReadOptions { progress: None, ..config.read_options() };
    let contacts: Vec<(usize, &Source)> = intake
        .which(|what| matches!(what, Recognised::Contacts(_) | Recognised::Both(..)))
        .collect();
    let part = each_batch(
        &contacts,
        &options,
        |totals: &mut ContactAddresses, buffer: &mut String, _, source, batch| {
            let (Recognised::Contacts(layout) | Recognised::Both(_, layout)) = &source.what else {
                return;
            };
            for row in batch.rows().filter(|row| found.counts(&layout.place(*row), names)) {
                totals.total(&layout.wishes(row, words), names, &rules.link.domains, buffer);
            }
        },
        ContactAddresses::merge,
    )?;
    Ok(found.merge(part.value))
}

/// Whether the rows of a file speak of people.
fn holds_people(what: &Recognised) -> bool {
    use Recognised::{Both, Consents, Contacts, Leads, Suppression};
    matches!(what, Contacts(_) | Both(..) | Leads(_) | Consents(_) | Suppression(_))
}

/// Reads the records of people's wishes, which contacts and leads name by their id.
fn wishes(config: &Config, words: &Words, intake: &Inputs) -> Result<Part<OptOuts>> {
    let sources: Vec<(usize, &Source)> =
        intake.which(|what| matches!(what, Recognised::Individuals(_))).collect();
    each_batch(
        &sources,
        &config.read_options(),
        |denials: &mut OptOuts, _: &mut (), _, source, batch| {
            if let Recognised::Individuals(layout) = &source.what {
                batch.rows().for_each(|row| denials.individual(&layout.contact(row, words)));
            }
        },
        |mut one, other| {
            one.absorb(other);
            one
        },
    )
}

impl Heard {
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

/// What was heard, with the suppression lists checked. Those without header have an entry there.
fn heard(intake: &Inputs, part: Part<Heard>) -> Result<(People, ContactAddresses)> {
    let Part { value: mut heard, rows: mut read, problems, notes } = part;
    let mut people = People { rows: vec![0; read.len()], notes, ..People::default() };
    for (at, source) in intake.sources.iter().enumerate().take(read.len()) {
        let layout = match &source.what {
            Recognised::Suppression(layout) => layout,
            Recognised::Leads(_) | Recognised::Consents(_) => {
                people.rows[at] = read[at];
                continue;
            }
            _ => continue,
        };
        let mut rows = heard.lists.get(&at).copied().unwrap_or_default();
        if !layout.header_entries().is_empty() {
            let cells = layout.header_entries().iter().map(|entry| (0, entry.as_str()));
            let row = ListRow { cells: cells.collect(), says: ListSays::Denied };
            let unread = heard.denials.listed(&row, &source.info.file);
            rows.denying += u64::from(unread.len() < row.cells.len());
            read[at] += 1;
        }
        people.rows[at] = read[at];
        heard.problems.extend(doubt_of(&source.info, layout, rows, read[at])?);
    }
    let lists_and_leads: Vec<&str> = intake
        .which(|what| {
            use Recognised::{Consents, Leads, Suppression};
            matches!(what, Suppression(_) | Leads(_) | Consents(_))
        })
        .map(|(_, source)| source.info.file.as_str())
        .collect();
    let theirs = |problem: &Problem| lists_and_leads.contains(&problem.file.as_str());
    people.problems = problems.into_iter().filter(theirs).chain(heard.problems).collect();
    people.denials = heard.denials;
    people.join_by_name = heard.join_by_name;
    Ok((people, heard.addresses))
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
