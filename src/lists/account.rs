//! Which linked account a contact belongs to.

use rustc_hash::FxHashMap;

use crate::{
    consent::opt_outs::OptOuts,
    crm::{AccountNames, Contact, name_hash, spellings},
    decide::{Decisions, Link, Outcome},
    text::{
        bloom_filter::BloomFilter,
        id::{account_hash, join_key, key_hash},
    },
};

/// A linked account, as its contacts see it.
#[derive(Debug, Clone)]
pub(crate) struct LinkedAccount<'d> {
    /// The customers that it serves, the best link first; one unless accounts are shared.
    pub(crate) links: Vec<&'d Link>,
    /// Whether it denies e-mail to its people.
    pub(crate) no_email: bool,
    /// Whether it denies calls.
    pub(crate) no_phone: bool,
}

impl<'d> LinkedAccount<'d> {
    /// The best link.
    pub(crate) fn link(&self) -> &'d Link {
        self.links[0]
    }

    /// The account's id as its own row has it.
    pub(crate) fn id(&self) -> &'d str {
        self.link().candidate.account.id()
    }
}

/// Why nothing joins a contact to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apart {
    /// It names no account.
    NamesNone,
    /// No file holds the id of its account, and it has no name of one.
    IdUnknown,
    /// As [`Apart::IdUnknown`], and no account is known to bear the name.
    IdAndNameUnknown,
    /// It has only a name, which no account bears.
    NameUnknown,
}

/// Where a contact belongs.
pub(crate) enum Joined<'j, 'd> {
    /// Nothing joins it to an account.
    NoAccount(Apart),
    /// Several accounts have the name, and they do not serve one customer.
    Unclear,
    /// To an account without a customer.
    NotLinked,
    /// To this linked account.
    Linked(&'j LinkedAccount<'d>),
}

/// All linked accounts, found by id or by name.
pub(crate) struct LinkedAccounts<'d> {
    by_key: FxHashMap<u64, LinkedAccount<'d>>,
    merged: &'d FxHashMap<Box<str>, Box<str>>,
    names: &'d AccountNames,
    /// All accounts, linked or not; `None` where that is not known.
    known: Option<&'d BloomFilter>,
}

impl<'d> LinkedAccounts<'d> {
    /// The accounts that were linked. `merged` maps the join key of an account that was merged
    /// away to that of its master.
    pub(crate) fn new(
        decisions: &'d Decisions,
        denials: &OptOuts,
        names: &'d AccountNames,
        merged: &'d FxHashMap<Box<str>, Box<str>>,
    ) -> LinkedAccounts<'d> {
        let mut by_key: FxHashMap<u64, LinkedAccount<'d>> = FxHashMap::default();
        for outcome in &decisions.outcomes {
            let Outcome::Linked(links) = outcome else { continue };
            for link in links {
                let id = link.candidate.account.id();
                let account = by_key.entry(account_hash(id)).or_insert_with(|| LinkedAccount {
                    links: Vec::new(),
                    no_email: denials.account_denies_email(id),
                    no_phone: denials.account_denies_phone(id),
                });
                account.links.push(link);
            }
        }
        for account in by_key.values_mut() {
            account.links.sort_by_key(|link| {
                (std::cmp::Reverse(link.candidate.comparison.score), link.candidate.customer)
            });
        }
        for merged_away in merged.keys() {
            let denies = (
                denials.account_denies_email(merged_away),
                denials.account_denies_phone(merged_away),
            );
            if denies == (false, false) {
                continue;
            }
            // a denial of a record that was merged away holds for its master
            if let Some(account) = by_key.get_mut(&account_hash(master(merged, merged_away))) {
                account.no_email |= denies.0;
                account.no_phone |= denies.1;
            }
        }
        LinkedAccounts { by_key, merged, names, known: None }
    }

    /// Distinguishes accounts that are not linked from those that do not exist.
    pub(crate) fn know(&mut self, known: Option<&'d BloomFilter>) {
        self.known = known;
    }

    /// Where a contact belongs: by the id of its account, else by the name.
    pub(crate) fn join(&self, contact: &Contact<'_>) -> Joined<'_, 'd> {
        if !contact.account_id.is_empty() {
            let key = join_key(&contact.account_id);
            let own = key_hash(&key);
            let exists = || self.known.is_none_or(|known| known.may_hold(own));
            let hash =
                if self.merged.is_empty() { own } else { key_hash(master(self.merged, &key)) };
            return match self.by_key.get(&hash) {
                Some(account) => Joined::Linked(account),
                None if exists() => Joined::NotLinked,
                None if contact.account_name.is_empty() => Joined::NoAccount(Apart::IdUnknown),
                None => match self.named(contact.account_name) {
                    Some(name) => self.join_by_name(name),
                    None => Joined::NoAccount(Apart::IdAndNameUnknown),
                },
            };
        }
        if contact.account_name.is_empty() {
            return Joined::NoAccount(Apart::NamesNone);
        }
        match self.named(contact.account_name) {
            None => Joined::NoAccount(Apart::NameUnknown),
            Some(name) => self.join_by_name(name),
        }
    }

    /// The hashed name that accounts bear: as typed, else without what systems put around it.
    fn named(&self, name: &str) -> Option<u64> {
        let mut hashes = spellings(name).filter_map(name_hash);
        hashes.find(|hash| self.names.accounts_of(*hash).next().is_some())
    }

    /// The account that denies e-mail to a contact, linked or not: by its id, or by the name where
    /// the file has no ids.
    pub(crate) fn denying<'c>(
        &self,
        contact: &'c Contact<'_>,
        denials: &OptOuts,
    ) -> Option<&'c str> {
        if !denials.has_denying_accounts() {
            return None;
        }
        let (id, name) = (&*contact.account_id, contact.account_name);
        let is_unknown = || {
            let hash = key_hash(&join_key(id));
            self.known.is_some_and(|known| !known.may_hold(hash))
                && !self.by_key.contains_key(&hash)
        };
        if id.is_empty() || is_unknown() {
            let mut named = self.names.accounts_of(self.named(name)?);
            return named.any(|account| denials.denies_email_of(account)).then_some(name);
        }
        let denies = denials.account_denies_email(id)
            || denials.account_denies_email(master(self.merged, &join_key(id)));
        denies.then_some(id)
    }

    fn join_by_name(&self, name: u64) -> Joined<'_, 'd> {
        let named = self.names.accounts_of(name);
        let mut best: Option<&LinkedAccount<'d>> = None;
        let (mut several, mut all_linked) = (0, true);
        for bearer in named {
            several += 1;
            let Some(account) = self.by_key.get(&bearer) else {
                all_linked = false;
                continue;
            };
            match best {
                Some(known) if customer(known) != customer(account) => return Joined::Unclear,
                Some(known) if known.id() <= account.id() => {}
                _ => best = Some(account),
            }
        }
        match best {
            Some(account) if all_linked => Joined::Linked(account),
            None if several == 1 => Joined::NotLinked,
            _ => Joined::Unclear,
        }
    }
}

fn customer(account: &LinkedAccount<'_>) -> u32 {
    account.link().candidate.customer
}

/// The record that an account was merged into in the end; itself when it was not.
fn master<'k>(merged: &'k FxHashMap<Box<str>, Box<str>>, key: &'k str) -> &'k str {
    let mut key = key;
    for _ in 0..8 {
        match merged.get(key) {
            Some(into) => key = into,
            None => break,
        }
    }
    key
}
