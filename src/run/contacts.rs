//! What people's rows say before the accounts are read: who must not be written to, and the domains
//! that accounts hold through their people.

use rustc_hash::FxHashMap;

use crate::{
    columns::{Recognised, Words},
    config::Config,
    consent::{
        OptOuts,
        gather::{self, ListRows},
    },
    crm::AccountNames,
    error::Result,
    index::Index,
    inputs::{Inputs, Part, Source, each_batch},
    link::{ContactAddresses, ContactDomains},
    problem::Problem,
    read::ReadOptions,
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
                        heard.problems.extend(gather::consent_record(
                            &mut heard.denials,
                            (layout, words),
                            row,
                            &source.info,
                        ));
                    }
                    Recognised::Suppression(layout) => {
                        let rows = heard.lists.entry(at).or_default();
                        let denials = &mut heard.denials;
                        heard.problems.extend(rows.gather(
                            denials,
                            (layout, words),
                            row,
                            &source.info,
                        ));
                    }
                    _ => {}
                }
            }
        },
        |mut one, other| {
            one.denials.merge(other.denials);
            one.join_by_name |= other.join_by_name;
            one.problems.extend(other.problems);
            for (at, rows) in other.lists {
                one.lists.entry(at).or_default().merge(rows);
            }
            Heard { addresses: one.addresses.merge(other.addresses), ..one }
        },
    )?;
    let (mut people, addresses) = heard(intake, part)?;
    people.denials.merge(wishes.value);
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
            one.merge(other);
            one
        },
    )
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
        read[at] += u64::from(rows.gather_header(&mut heard.denials, layout, &source.info));
        people.rows[at] = read[at];
        heard.problems.extend(rows.check(layout, &source.info, read[at])?);
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
