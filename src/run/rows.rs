//! Rows of the CRM by what became of them. No run keeps those that it leaves aside: when somebody asks,
//! the files are read once more by the code of the run, and a [`RowSearch`] picks them out as they pass.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use rustc_hash::FxHashSet;

use super::{
    Found, Rules,
    accounts::{AccountContext, read_accounts},
    contact_lists::{Listing, Reading},
    contacts::account_names,
    pipeline::pinned,
    users::read_users,
};
use crate::{
    columns::Recognised,
    config::Config,
    crm::{Account, Contact},
    error::Result,
    inputs::{RunLog, Source},
    link::{Matcher, Seen},
    lists::CurrentDeals,
    result::{
        file::{contacts, links, suppressed},
        folder::Folder,
    },
    status::{AccountStatus, ContactStatus},
    text::id::join_key,
};

/// The rows that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Accounts of a status.
    Accounts(AccountStatus),
    /// Contacts of a status.
    Contacts(ContactStatus),
}

impl Kind {
    /// The columns of the answer, before `file` and `line`.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Kind::Accounts(_) => &["account_id", "account_name", "domain", "city", "country"],
            Kind::Contacts(_) => {
                &["contact_id", "first_name", "last_name", "email", "account_id", "account_name"]
            }
        }
    }
}

/// What the results of the run say of ids: the rest of what becomes of a row. Join keys.
#[derive(Debug, Default)]
pub(crate) struct Published {
    /// Accounts that are linked.
    linked: FxHashSet<Box<str>>,
    /// Contacts that are listed or suppressed.
    told: FxHashSet<Box<str>>,
    /// Contacts that were merged into one that is listed.
    merged: FxHashSet<Box<str>>,
}

impl Published {
    /// Reads the results of a run.
    ///
    /// # Errors
    ///
    /// When a file of it cannot be read.
    pub(crate) fn of(folder: &Folder) -> Result<Published> {
        let ids = |file, column: &str| -> Result<FxHashSet<Box<str>>> {
            let table = folder.open(file)?;
            let at = table.header.iter().position(|name| name == column);
            let mut ids = FxHashSet::default();
            table.each(|row| {
                let cell = at.map_or("", |at| row.raw(at));
                ids.extend(cell.split("; ").map(|id| Box::from(&*join_key(id))));
                Ok(())
            })?;
            Ok(ids)
        };
        let mut told = ids(&contacts::FILE, "contact_id")?;
        told.extend(ids(&suppressed::FILE, "contact_id")?);
        let merged = ids(&contacts::FILE, "merged_contact_ids")?;
        Ok(Published { linked: ids(&links::FILE, "account_id")?, told, merged })
    }
}

/// Rows that were found: the place and the cells of some, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct RowsFound {
    /// The first ones, by source and line: the cells of [`Kind::columns`], file, line.
    rows: BTreeMap<(usize, u64), Vec<String>>,
    /// All of them.
    pub(crate) all: u64,
    /// The accounts seen in files in which each row is a contact with its account.
    mixed: FxHashSet<Box<str>>,
}

/// Looks for rows while a run reads.
#[derive(Debug)]
pub(crate) struct RowSearch {
    kind: Kind,
    published: Published,
    /// Rows that are kept, at least 1: the first ones.
    most: usize,
    found: Mutex<RowsFound>,
}

impl RowSearch {
    /// Looks for rows of a kind and keeps the first of them.
    pub(crate) fn new(kind: Kind, published: Published, most: usize) -> RowSearch {
        RowSearch { kind, published, most, found: Mutex::default() }
    }

    /// How many rows there are, and those from a position on.
    pub(crate) fn rows(&self, from: usize) -> (u64, Vec<Vec<String>>) {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        (found.all, found.rows.values().skip(from).cloned().collect())
    }

    /// Takes in an account in which linking has seen something.
    pub(super) fn account(
        &self,
        (at, source, line): (usize, &Source, u64),
        account: &Account<'_>,
        seen: Seen,
    ) {
        let Kind::Accounts(wanted) = self.kind else { return };
        let key = join_key(&account.id);
        let status = match seen {
            Seen::Excluded => AccountStatus::Excluded,
            Seen::NoCustomer | Seen::Nearest => AccountStatus::NoCustomer,
            Seen::Candidate if self.published.linked.contains(&*key) => AccountStatus::Linked,
            Seen::Candidate => AccountStatus::CandidateOnly,
        };
        if status != wanted {
            return;
        }
        let is_mixed = matches!(source.what, Recognised::Both(..));
        self.add((at, source, line), is_mixed.then_some(&*key), || {
            [&*account.id, account.name, &account.websites.join(" "), account.city, account.country]
                .map(str::to_owned)
                .into()
        });
    }

    /// Takes in a contact; without a status other rows have decided.
    pub(super) fn contact(
        &self,
        place: (usize, &Source, u64),
        contact: &Contact<'_>,
        account_name: &str,
        status: Option<ContactStatus>,
    ) {
        let Kind::Contacts(wanted) = self.kind else { return };
        let key = join_key(&contact.id);
        let by_others = || match () {
            () if self.published.told.contains(&*key) => None,
            () if self.published.merged.contains(&*key) => Some(ContactStatus::Duplicate),
            () => Some(ContactStatus::NotSelected),
        };
        if status.or_else(by_others) != Some(wanted) {
            return;
        }
        let Contact { id, full_name, first_name, last_name, email, account_id, .. } = contact;
        let last_name = if last_name.is_empty() { full_name } else { last_name };
        self.add(place, None, || {
            [id, *first_name, last_name, *email, account_id, account_name].map(str::to_owned).into()
        });
    }

    /// Forgets what was found.
    fn begin_again(&self) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = RowsFound::default();
    }

    fn add(
        &self,
        (at, source, line): (usize, &Source, u64),
        once: Option<&str>,
        cells: impl FnOnce() -> Vec<String>,
    ) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if once.is_some_and(|key| !found.mixed.insert(key.into())) {
            return;
        }
        found.all += 1;
        let is_beyond = |last: &(usize, u64)| (at, line) > *last;
        if found.rows.len() >= self.most && found.rows.keys().next_back().is_some_and(is_beyond) {
            return;
        }
        let place = [source.info.file.clone(), line.to_string()];
        found.rows.insert((at, line), cells().into_iter().chain(place).collect());
        if found.rows.len() > self.most {
            found.rows.pop_last();
        }
    }
}

/// Reads the rows of the CRM once more, for a search.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn search_rows(
    config: &Config,
    rules: &Rules,
    found: &Found,
    search: &RowSearch,
) -> Result<()> {
    match search.kind {
        Kind::Accounts(_) => search_accounts(config, rules, found, search),
        Kind::Contacts(_) => search_contacts(config, rules, found, search),
    }
}

fn search_accounts(
    config: &Config,
    rules: &Rules,
    found: &Found,
    search: &RowSearch,
) -> Result<()> {
    let mut log = RunLog::default();
    let users = read_users(config, rules, &found.inputs, &mut log)?;
    let preferences = &found.people.opt_outs;
    let context = AccountContext { known: None, users, preferences, rows: Some(search) };
    let (pinned, watched) = (pinned(&found.customers, &found.verdicts, &[]), found.past.accounts());
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching)
        .with_contact_domains(&found.people.domains)
        .with_pinned(&pinned)
        .with_watched(&watched);
    read_accounts(config, rules, &found.inputs, &matcher, &context, &mut log)?;
    Ok(())
}

fn search_contacts(
    config: &Config,
    rules: &Rules,
    found: &Found,
    search: &RowSearch,
) -> Result<()> {
    // which customers the lists take does not matter: what other rows decide is in the results
    let nobody = CurrentDeals::of_nobody(found.customers.list.len());
    let names = &found.people.names;
    let reading = Reading { names, deals: &nobody, worth: &[], rows: Some(search) };
    let needs_names = Listing::of(config, rules, found, reading)?.needs_names;
    if needs_names && !found.people.names_read {
        search.begin_again();
        let names = &account_names(config, rules, &found.inputs, &mut RunLog::default())?;
        Listing::of(config, rules, found, Reading { names, ..reading })?;
    }
    Ok(())
}
