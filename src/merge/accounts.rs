//! Which linked account a contact belongs to.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::denials::{Denials, account_hash};
use crate::{
    crm::{Account, Contact, Lifecycle, join_key},
    decide::{Decisions, Link, Outcome},
};

/// The names of the CRM's accounts, and who bears each: for contacts whose file has no account
/// ids. Sixteen bytes per name.
///
/// Filled from every account; parts are put together with [`AccountNames::absorb`] in any order.
#[derive(Debug, Clone, Default)]
pub struct AccountNames {
    /// The hashed join key of one bearer, by hashed name.
    first: FxHashMap<u64, u64>,
    /// The further bearers, ascending.
    further: FxHashMap<u64, Vec<u64>>,
}

impl AccountNames {
    /// Takes an account. Those deleted or merged away bear no name.
    pub fn account(&mut self, account: &Account<'_>) {
        let gone = matches!(account.lifecycle, Lifecycle::Deleted | Lifecycle::MergedInto(_));
        if let Some(name) = name_hash(account.name).filter(|_| !gone) {
            self.insert(name, account_hash(&account.id));
        }
    }

    /// Adds the names of other accounts.
    pub fn absorb(&mut self, other: AccountNames) {
        for (name, bearer) in other.first {
            self.insert(name, bearer);
        }
        for (name, bearers) in other.further {
            for bearer in bearers {
                self.insert(name, bearer);
            }
        }
    }

    fn insert(&mut self, name: u64, bearer: u64) {
        let first = *self.first.entry(name).or_insert(bearer);
        if first != bearer {
            let further = self.further.entry(name).or_default();
            if let Err(at) = further.binary_search(&bearer) {
                further.insert(at, bearer);
            }
        }
    }

    fn bearers(&self, name: u64) -> impl Iterator<Item = u64> {
        let further = self.further.get(&name).into_iter().flatten();
        self.first.get(&name).into_iter().chain(further).copied()
    }
}

/// The hash of a name in small letters, its blanks collapsed; `None` for a name without letters.
fn name_hash(name: &str) -> Option<u64> {
    let mut hash = FxHasher::default();
    let mut words = name.split_whitespace().peekable();
    words.peek()?;
    for word in words {
        for letter in word.chars() {
            if letter.is_ascii() {
                hash.write_u8(letter.to_ascii_lowercase() as u8);
            } else {
                letter.to_lowercase().for_each(|letter| hash.write_u32(letter as u32));
            }
        }
        hash.write_u8(b' ');
    }
    Some(hash.finish())
}

/// A linked account, as its contacts see it.
#[derive(Debug, Clone)]
pub(super) struct LinkedAccount<'d> {
    /// The customers that it serves, the best link first; one unless accounts are shared.
    pub(super) links: Vec<&'d Link>,
    /// Whether it denies e-mail to its people.
    pub(super) no_email: bool,
    /// Whether it denies calls.
    pub(super) no_phone: bool,
}

impl<'d> LinkedAccount<'d> {
    /// The best link.
    pub(super) fn link(&self) -> &'d Link {
        self.links[0]
    }

    /// The account's id as its own row has it.
    pub(super) fn id(&self) -> &'d str {
        &self.link().candidate.account.id
    }
}

/// Where a contact belongs.
pub(super) enum Joined<'j, 'd> {
    /// Nothing joins it to an account.
    NoAccount,
    /// Several accounts bear the name, and they do not serve one customer.
    Unclear,
    /// To an account without a customer, or to none that is known.
    NotLinked,
    /// To this linked account.
    Linked(&'j LinkedAccount<'d>),
}

/// All linked accounts, found by id or by name.
pub(super) struct LinkedAccounts<'d> {
    by_key: FxHashMap<u64, LinkedAccount<'d>>,
    merged: &'d FxHashMap<Box<str>, Box<str>>,
    names: &'d AccountNames,
}

impl<'d> LinkedAccounts<'d> {
    /// The accounts that were linked. `merged` maps the join key of an account that was merged
    /// away to that of its master.
    pub(super) fn new(
        decisions: &'d Decisions,
        denials: &Denials,
        names: &'d AccountNames,
        merged: &'d FxHashMap<Box<str>, Box<str>>,
    ) -> LinkedAccounts<'d> {
        let mut by_key: FxHashMap<u64, LinkedAccount<'d>> = FxHashMap::default();
        for outcome in &decisions.outcomes {
            let Outcome::Linked(links) = outcome else { continue };
            for link in links {
                let id = &*link.candidate.account.id;
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
        LinkedAccounts { by_key, merged, names }
    }

    /// Where a contact belongs: by the id of its account, else by the name.
    pub(super) fn join(&self, contact: &Contact<'_>) -> Joined<'_, 'd> {
        if !contact.account_id.is_empty() {
            let key = join_key(&contact.account_id);
            let linked = self.by_key.get(&account_hash(master(self.merged, &key)));
            return linked.map_or(Joined::NotLinked, Joined::Linked);
        }
        match name_hash(contact.account_name) {
            None => Joined::NoAccount,
            Some(name) => self.join_by_name(name),
        }
    }

    fn join_by_name(&self, name: u64) -> Joined<'_, 'd> {
        let mut bearers = self.names.bearers(name).peekable();
        if bearers.peek().is_none() {
            return Joined::NoAccount;
        }
        let mut best: Option<&LinkedAccount<'d>> = None;
        let (mut several, mut all_linked) = (0, true);
        for bearer in bearers {
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
