//! What a run is compared with.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::{Entry, EntryCustomer, Freed, History};
use crate::{
    config::Previous,
    error::{Error, Result, slashed},
    text::id::join_key,
};

/// What a run is compared with, and what of its own period it replaces.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// The newest entry of an earlier period, or the one that the user names.
    pub(crate) previous: Option<Entry>,
    /// The entry of the same period, which this run replaces.
    same: Option<Entry>,
}

/// The records that the CRM may still show as linked and listed, as earlier runs have said so; and
/// whether a day of an agreement was said of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tagged {
    /// Accounts, by id.
    pub(crate) accounts: BTreeMap<String, bool>,
    /// Contacts, by id.
    pub(crate) contacts: BTreeMap<String, bool>,
}

impl Tagged {
    /// By the entry before and by what earlier runs of the period of `now` have said.
    pub(crate) fn of(previous: Option<&Entry>, now: &Entry) -> Tagged {
        let previous = previous.map(|entry| entry.spelled_as(now));
        let previous = previous.as_ref();
        let mut tagged = Tagged::default();
        if let Some(entry) = previous {
            let has_day = |of: &EntryCustomer| of.next_agreement_end(entry.run.as_of).is_some();
            for customer in &entry.customers {
                let accounts = customer.accounts.iter().map(|id| (id.clone(), has_day(customer)));
                tagged.accounts.extend(accounts);
            }
            for contact in entry.listed() {
                let customer = entry.customer(&contact.customer);
                tagged.contacts.insert(contact.id.clone(), customer.is_some_and(has_day));
            }
        }
        // of what was freed nobody knows any more what was said
        for freed in previous.map(|entry| &entry.freed).into_iter().chain([&now.freed]) {
            tagged.accounts.extend(freed.accounts.iter().map(|id| (id.clone(), true)));
            tagged.contacts.extend(freed.contacts.iter().map(|id| (id.clone(), true)));
        }
        tagged
    }
}

/// The entry that the user names, before anything else is read; `None` where that is the newest of
/// an earlier period.
///
/// # Errors
///
/// When there is no such entry.
pub(crate) fn named(previous: &Previous, history: &History) -> Result<Option<Entry>> {
    match previous {
        Previous::Newest => Ok(None),
        Previous::Run(folder) => Entry::of_run(folder).map(Some),
        Previous::Period(period) => {
            let entry = history.entry(period)?;
            entry.map(Some).ok_or_else(|| unknown(history, period))
        }
    }
}

fn unknown(history: &History, period: &str) -> Error {
    let known = history.periods().unwrap_or_default();
    Error::Setting {
        flag: format!("--previous {period}"),
        found: format!("{} holds no entry of that period", slashed(history.folder())),
        todo: match known.as_slice() {
            [] => "leave `--previous` out: it holds none at all yet".into(),
            known => format!("give one of: {}; or the result folder of a run", known.join(", ")),
        },
    }
}

impl Past {
    /// What a run over reports of a period is compared with.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    pub(crate) fn of(history: &History, named: Option<Entry>, period: &str) -> Result<Past> {
        let previous = match named {
            Some(entry) => Some(entry),
            None => history.before(period)?,
        };
        Ok(Past { previous, same: history.entry(period)? })
    }

    /// The accounts linked then, by their join keys.
    pub(crate) fn accounts(&self) -> FxHashSet<Box<str>> {
        let customers = self.previous.iter().flat_map(|entry| &entry.customers);
        let ids = customers.flat_map(|of| of.accounts.iter().chain(&of.candidates));
        ids.map(|id| join_key(id).as_ref().into()).collect()
    }

    /// The contacts listed then, by their join keys.
    pub(crate) fn contacts(&self) -> FxHashSet<Box<str>> {
        let listed = self.previous.iter().flat_map(Entry::listed);
        listed.map(|of| join_key(&of.id).as_ref().into()).collect()
    }

    /// What the earlier runs of the period had linked and listed, and this one has not.
    pub(super) fn freed(&self, now: &Entry) -> Freed {
        let Some(same) = self.same.as_ref().map(|same| same.spelled_as(now)) else {
            return Freed::default();
        };
        let linked = |entry: &Entry| -> BTreeSet<String> {
            entry.customers.iter().flat_map(|of| of.accounts.iter().cloned()).collect()
        };
        let listed = |entry: &Entry| -> BTreeSet<String> {
            entry.listed().map(|of| of.id.clone()).collect()
        };
        let gone = |mut then: BTreeSet<String>, more: &[String], now: BTreeSet<String>| {
            then.extend(more.iter().cloned());
            then.difference(&now).cloned().collect()
        };
        Freed {
            accounts: gone(linked(&same), &same.freed.accounts, linked(now)),
            contacts: gone(listed(&same), &same.freed.contacts, listed(now)),
        }
    }
}
