//! The last reading of the contacts: each gets its status, and those that are listed their row.

use super::{
    Rules,
    contacts::account_names,
    rows::RowSearch,
    sift::{Counts, names_are_no_part},
};
use crate::{
    columns::{Field, Recognised},
    config::Config,
    crm::AccountNames,
    error::Result,
    history::person_id,
    inputs::{RunLog, Source, SourceBatch, each_batch},
    lists::{ContactLists, CurrentDeals, Gathered, StatusDecider, StatusInputs, Watched, Worth},
    run::Found,
    text::{fold::folded, id::join_key},
};

/// The ids of a contact, and its other numbers.
pub(super) const CONTACT_IDS: [Field; 5] =
    [Field::Id, Field::AccountId, Field::MasterId, Field::Phone, Field::Mobile];

/// What became of the contacts.
pub(super) struct Contacts {
    pub(super) lists: ContactLists,
    /// Rows read or unreadable.
    pub(super) read: u64,
    /// Rows that could not be read.
    pub(super) unreadable: u64,
}

/// Reads the contacts again and gives each its status.
///
/// # Errors
///
/// When a filter names something that no report has, or a file cannot be read.
pub(super) fn list_contacts(
    config: &Config,
    rules: &Rules,
    found: &mut Found,
    deals: (&CurrentDeals, &[Worth]),
) -> Result<Contacts> {
    let (deals, worth) = deals;
    let reading = |found: &Found| {
        Listing::of(
            config,
            rules,
            found,
            Reading { names: &found.people.names, deals, worth, rows: None },
        )
    };
    let mut listing = reading(found)?;
    if listing.needs_names && config.elsewhere.is_sifted() {
        return Err(names_are_no_part("contacts", "contact"));
    }
    if listing.needs_names && !found.people.names_read {
        let mut log = RunLog::default();
        found.people.names = account_names(config, rules, &found.inputs, &mut log)?;
        found.people.names_read = true;
        found.log.merge(log);
        listing = reading(found)?;
    }
    let Listing { mut lists, log, .. } = listing;
    let mut unreadable = log.lost_rows();
    let mut read = log.all_rows() + unreadable;
    for Counts { contacts: elsewhere, .. } in found.rest.counts() {
        lists.counts.no_account += elsewhere.no_account;
        lists.counts.account_not_linked += elsewhere.account_not_linked;
        unreadable += elsewhere.unreadable;
        read += elsewhere.no_account + elsewhere.account_not_linked + elsewhere.unreadable;
    }
    found.log.merge(log);
    Ok(Contacts { lists, read, unreadable })
}

/// What the contacts are read with, besides what was found.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// The names of accounts, where contacts need them.
    pub(super) names: &'r AccountNames,
    /// Which customers are in the middle of a deal.
    pub(super) deals: &'r CurrentDeals,
    /// What customers are worth.
    pub(super) worth: &'r [Worth],
    /// Rows that somebody asks for.
    pub(super) rows: Option<&'r RowSearch>,
}

/// What one reading of all contacts gives.
pub(super) struct Listing {
    lists: ContactLists,
    log: RunLog,
    /// Whether contacts name an account whose id no file holds.
    pub(super) needs_names: bool,
}

impl Listing {
    /// Reads the contacts, with what is known of the accounts.
    ///
    /// # Errors
    ///
    /// When a filter names something that no report has, or a file cannot be read.
    pub(super) fn of(
        config: &Config,
        rules: &Rules,
        found: &Found,
        Reading { names, deals, worth, rows }: Reading<'_>,
    ) -> Result<Listing> {
        let country = |raw: &str| match rules.link.places.country(raw) {
            Some(code) => String::from_utf8_lossy(&code).into_owned(),
            None => folded(raw),
        };
        let status = StatusDecider::new(StatusInputs {
            config,
            customers: &found.customers,
            decisions: &found.decisions,
            denials: &found.people.opt_outs,
            names,
            merged: &found.accounts.merged,
            country: &country,
            accounts_in_doubt: found.inputs.which(has_doubtful_accounts).next().is_some(),
            people: &rules.people,
            bands: &rules.report,
            deals,
            worth,
        })?
        .knowing(found.accounts.known.as_ref());
        let sources: Vec<(usize, &Source)> = found.inputs.which(is_contacts).collect();
        let words = rules.columns.words();
        let watched = found.past.contacts();
        let mut log = RunLog::default();
        let gathered = each_batch(
            &sources,
            &config.read_options(),
            &mut log,
            |gathered: &mut Gathered, _: &mut (), log, SourceBatch { at, source, batch }| {
                if let Recognised::Contacts(layout) | Recognised::Both(_, layout) = &source.what {
                    for row in batch.rows() {
                        log.add_problems(layout.layout().rounded_ids(row, &CONTACT_IDS));
                        let read = || layout.contact(row, words);
                        let place = layout.place(row);
                        let ended = status.contact(&place, read, at, gathered);
                        if let Some(rows) = rows {
                            let name = layout.layout().value(row, Field::AccountName);
                            rows.contact((at, source, row.line), &read(), name, ended);
                        }
                        if watched.is_empty() {
                            continue;
                        }
                        let id = layout.layout().value(row, Field::Id);
                        if watched.contains(&*join_key(&person_id(id))) {
                            let account_id = place.account_id.as_ref().into();
                            gathered.watch(id, Watched { status: ended, account_id });
                        }
                    }
                }
            },
            Gathered::merge,
        )?;
        let needs_names = gathered.needs_names();
        let notes = gathered.apart_notes().into_iter();
        let file = |at: usize| &found.inputs.sources[at].info.file;
        log.add_notes(notes.map(|(at, note)| format!("{}: {note}", file(at))));
        Ok(Listing { lists: status.finish(gathered), log, needs_names })
    }
}

/// Whether a source holds contacts that may be listed.
pub(super) fn is_contacts(what: &Recognised) -> bool {
    matches!(what, Recognised::Contacts(_) | Recognised::Both(..))
}

/// Whether a column of the accounts may hold a consent, and nobody has said what its words mean.
fn has_doubtful_accounts(what: &Recognised) -> bool {
    match what {
        Recognised::Accounts(layout) | Recognised::Both(layout, _) => {
            !layout.doubtful_consent().is_empty()
        }
        _ => false,
    }
}
