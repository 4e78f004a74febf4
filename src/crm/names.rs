//! Which accounts have a name, for contacts that have no id of their account.

use std::hash::Hasher;

use rustc_hash::FxHashMap;

use super::{Account, Lifecycle};
use crate::text::{hash::StableHasher, id::account_hash};

/// The names of the CRM's accounts, and which accounts have each: for contacts that have no id of
/// their account. Sixteen bytes per name.
///
/// Filled from every account; parts are put together with [`AccountNames::absorb`] in any order.
#[derive(Debug, Clone, Default)]
pub struct AccountNames {
    /// The hashed join key of one account, by hashed name.
    first: FxHashMap<u64, u64>,
    /// The further accounts of a name, ascending.
    further: FxHashMap<u64, Vec<u64>>,
}

impl AccountNames {
    /// Takes an account. Those deleted or merged away have no name.
    pub fn account(&mut self, account: &Account<'_>) {
        let gone = matches!(account.lifecycle, Lifecycle::Deleted | Lifecycle::MergedInto(_));
        if let Some(name) = name_hash(account.name).filter(|_| !gone) {
            self.insert(name, account_hash(&account.id));
        }
    }

    /// Adds the names of other accounts.
    pub fn absorb(&mut self, other: AccountNames) {
        for (name, account) in other.first {
            self.insert(name, account);
        }
        for (name, accounts) in other.further {
            accounts.into_iter().for_each(|account| self.insert(name, account));
        }
    }

    fn insert(&mut self, name: u64, account: u64) {
        let first = *self.first.entry(name).or_insert(account);
        if first != account {
            let further = self.further.entry(name).or_default();
            if let Err(at) = further.binary_search(&account) {
                further.insert(at, account);
            }
        }
    }

    /// The hashed join key of the only account with a hashed name; `None` when none or several
    /// have it.
    pub(crate) fn only_account_of(&self, name: u64) -> Option<u64> {
        let mut accounts = self.accounts_of(name);
        accounts.next().filter(|_| accounts.next().is_none())
    }

    /// The hashed join keys of the accounts with a hashed name.
    pub(crate) fn accounts_of(&self, name: u64) -> impl Iterator<Item = u64> {
        let further = self.further.get(&name).into_iter().flatten();
        self.first.get(&name).into_iter().chain(further).copied()
    }
}

/// The hash of a name in small letters, its blanks collapsed; `None` for a name without letters.
pub(crate) fn name_hash(name: &str) -> Option<u64> {
    let mut hash = StableHasher::default();
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
