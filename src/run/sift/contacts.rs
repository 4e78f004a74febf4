//! Contacts of a part: the domains that accounts hold through them, the people of the accounts that
//! came through, and whatever else is said of these people.

use std::io;

use rustc_hash::FxHashSet;

use super::{
    Run, Task, What,
    counts::{ContactsSeen, Counts},
    elsewhere::RestOfCrm,
    lines_of, no_such_lines,
    part::Part,
    past::PastRecords,
    through::Through,
    write_lines,
};
use crate::{
    columns::{ContactLayout, Field, Recognised},
    consent::{AddressKey, gather},
    crm::{AccountNames, Contact, Lifecycle},
    error::{Result, slashed},
    inputs::{RunLog, Source, each_batch},
    link::ContactAddresses,
    read::Row,
    run::contact_lists::CONTACT_IDS,
    text::id::account_hash,
};

/// The columns of the contacts of a part.
fn layout(part: &Part) -> ContactLayout {
    match &part.source.what {
        Recognised::Contacts(layout) => layout.clone(),
        _ => unreachable!("the part was opened as one of contacts"),
    }
}

/// Refuses a contact that only a name joins to its account.
fn refuse_name(part: &Part, row: Row<'_>, contact: &Contact<'_>) -> Result<()> {
    let named = contact.account_id.is_empty() && !contact.account_name.is_empty();
    if named { Err(part.names_an_account(row)) } else { Ok(()) }
}

/// Gives the addresses of contacts by which accounts may hold domains.
pub(super) fn sift_addresses(run: &Run<'_>, task: &Task, mut part: Part) -> Result<Counts> {
    let (layout, words) = (layout(&part), run.rules.columns.words());
    let wanted = addresses(task)?;
    let (names, domains) = (AccountNames::default(), &run.rules.link.domains);
    let (mut found, mut buffer) = (ContactAddresses::default(), String::new());
    part.each_batch(run, |part, meant, _| {
        for row in meant.rows() {
            let place = layout.place(row);
            refuse_name(part, row, &place)?;
            match &wanted {
                None => {
                    let contact = layout.preferences(row, words);
                    found.on_report(&contact, &run.index, domains, &mut buffer);
                }
                Some(wanted) if wanted.needs(&place, &names) => {
                    found.total(&layout.preferences(row, words), domains, &mut buffer);
                }
                Some(_) => {}
            }
        }
        Ok(())
    })?;
    let records = found.records();
    write_lines(&records)?;
    Ok(part.counts(records.len() as u64, Counts::default()))
}

/// Gives the domains that accounts hold through the addresses of their contacts.
pub(crate) fn sift_domains(task: &Task) -> Result<Counts> {
    let mut found = ContactAddresses::default();
    let from = csv::ReaderBuilder::new().has_headers(false).from_reader(io::stdin());
    let rows_in = add_lines(&mut found, from, "standard input")?;
    let mut lines = Vec::new();
    for (account, domains) in found.table(&AccountNames::default()) {
        lines.extend(domains.iter().map(|domain| [format!("{account:016x}"), domain.to_string()]));
    }
    lines.sort_unstable();
    write_lines(&lines)?;
    let (part, rows_out) = (task.part.clone(), lines.len() as u64);
    Ok(Counts { part, rows_in, rows_out, ..Counts::default() })
}

/// The addresses of the pass before, where the task has some.
fn addresses(task: &Task) -> Result<Option<ContactAddresses>> {
    let mut found = ContactAddresses::default();
    for path in &task.addresses {
        add_lines(&mut found, lines_of(path)?, &slashed(path))?;
    }
    Ok((!task.addresses.is_empty()).then_some(found))
}

/// Takes in lines of addresses; gives how many.
fn add_lines<R: io::Read>(
    found: &mut ContactAddresses,
    mut from: csv::Reader<R>,
    file: &str,
) -> Result<u64> {
    let wrong = || no_such_lines(file, What::Addresses);
    let mut lines = 0;
    for line in from.records() {
        let line = line.map_err(|_| wrong())?;
        let cell = |at: usize| line.get(at).unwrap_or_default();
        found.add_record([cell(0), cell(1), cell(2)]).ok_or_else(wrong)?;
        lines += 1;
    }
    Ok(lines)
}

/// Lets the people of the accounts that came through through.
pub(super) fn sift_contacts(run: &Run<'_>, task: &Task, mut part: Part) -> Result<Counts> {
    let (layout, accounts) = (layout(&part), accounts(run)?);
    let mut out = Through::new(task, &part)?;
    let mut rows_out = 0;
    part.each_batch(run, |part, meant, as_it_stands| {
        let mut which = Vec::new();
        for (at, row) in meant.rows().enumerate() {
            let place = layout.place(row);
            refuse_name(part, row, &place)?;
            if is_of(&accounts, &place) {
                which.push(at);
            }
        }
        rows_out += which.len() as u64;
        out.write(&as_it_stands.only(&which))
    })?;
    out.finish()?;
    Ok(part.counts(rows_out, Counts::default()).without_problems())
}

/// Whether a contact belongs to one of some accounts.
fn is_of(accounts: &FxHashSet<u64>, place: &Contact<'_>) -> bool {
    !place.account_id.is_empty() && accounts.contains(&account_hash(&place.account_id))
}

/// The hashed ids of the accounts that came through.
fn accounts(run: &Run<'_>) -> Result<FxHashSet<u64>> {
    let sources: Vec<(usize, &Source)> =
        run.inputs.which(|what| matches!(what, Recognised::Accounts(_))).collect();
    let words = run.rules.columns.words();
    each_batch(
        &sources,
        &run.config.read_options(),
        &mut RunLog::default(),
        |ids: &mut FxHashSet<u64>, _: &mut (), _, from| {
            if let Recognised::Accounts(layout) = &from.source.what {
                let rows = from.batch.rows();
                ids.extend(rows.map(|row| account_hash(&layout.account(row, words).id)));
            }
        },
        |ids, more| ids.extend(more),
    )
}

/// The people who came through, by all that another record of theirs may say.
#[derive(Default)]
struct People {
    /// Their addresses, without what does not make another one.
    addresses: FxHashSet<AddressKey>,
    /// Hashed ids of their records.
    ids: FxHashSet<u64>,
}

impl People {
    fn add(&mut self, contact: &Contact<'_>) {
        self.addresses.extend(contact.emails().filter_map(AddressKey::folded));
        self.ids.insert(account_hash(&contact.id));
    }

    fn absorb(&mut self, other: People) {
        self.addresses.extend(other.addresses);
        self.ids.extend(other.ids);
    }

    /// Whether a record has an address or an id of theirs, or was merged into one of them.
    fn are_meant_by(&self, contact: &Contact<'_>) -> bool {
        let is_merged_into_one = match &contact.lifecycle {
            Lifecycle::MergedInto(master) => self.ids.contains(&account_hash(master)),
            _ => false,
        };
        is_merged_into_one
            || self.ids.contains(&account_hash(&contact.id))
            || contact
                .emails()
                .filter_map(AddressKey::folded)
                .any(|key| self.addresses.contains(&key))
    }
}

/// The people who came through.
fn people(run: &Run<'_>) -> Result<People> {
    let sources: Vec<(usize, &Source)> =
        run.inputs.which(|what| matches!(what, Recognised::Contacts(_))).collect();
    let words = run.rules.columns.words();
    each_batch(
        &sources,
        &run.config.read_options(),
        &mut RunLog::default(),
        |people: &mut People, _: &mut (), _, from| {
            if let Recognised::Contacts(layout) = &from.source.what {
                from.batch.rows().for_each(|row| people.add(&layout.preferences(row, words)));
            }
        },
        People::absorb,
    )
}

/// Lets the other records of the people who came through through, and those that the month before
/// listed; counts all that stay behind.
pub(super) fn sift_others(run: &Run<'_>, task: &Task, mut part: Part) -> Result<Counts> {
    let (layout, words) = (layout(&part), run.rules.columns.words());
    let (accounts, people) = (accounts(run)?, people(run)?);
    let known = RestOfCrm::load(&run.config.elsewhere)?.accounts;
    let past = PastRecords::read(task.past.as_deref())?;
    let mut out = Through::new(task, &part)?;
    let (mut rows_out, mut seen) = (0, ContactsSeen::default());
    part.each_batch(run, |part, meant, as_it_stands| {
        let (mut which, mut problems) = (Vec::new(), Vec::new());
        for (at, row) in meant.rows().enumerate() {
            let contact = layout.preferences(row, words);
            refuse_name(part, row, &contact)?;
            if is_of(&accounts, &contact) {
                continue;
            }
            let id = layout.layout().value(row, Field::Id);
            if people.are_meant_by(&contact) || past.names_contact(id) {
                which.push(at);
                continue;
            }
            let is_known = |id: &str| known.as_ref().is_none_or(|of| of.may_hold(account_hash(id)));
            if !contact.account_id.is_empty() && is_known(&contact.account_id) {
                seen.account_not_linked += 1;
            } else if contact.account_name.is_empty() {
                seen.no_account += 1;
            } else {
                return Err(part.names_an_account(row));
            }
            let info = &part.source.info;
            let said = contact.email_permission;
            problems.extend(gather::doubts((&layout, words), said, row, info));
            problems.extend(gather::unread_addresses(&layout, row, info));
            problems.extend(layout.layout().rounded_ids(row, &CONTACT_IDS));
        }
        part.add_problems(problems);
        rows_out += which.len() as u64;
        out.write(&as_it_stands.only(&which))
    })?;
    out.finish()?;
    seen.unreadable = part.unreadable();
    Ok(part.counts(rows_out, Counts { contacts: seen, ..Counts::default() }))
}
