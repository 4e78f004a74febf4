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

/// A name, and what is left of it without what systems put around names: `Accounts::::Contoso`,
/// `Contoso (K-1001)`, `[4711] Contoso`, `K-1001 Contoso`, `Contoso | 4711`.
pub(crate) fn spellings(name: &str) -> impl Iterator<Item = &str> {
    let name = name.trim();
    let is_code = |word: &str| {
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        has_digit
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/#.:".contains(&byte))
    };
    let bracket = |at: usize| matches!(name.as_bytes().get(at), Some(b'(' | b'[' | b'<' | b'{'));
    let closes = name.ends_with([')', ']', '>', '}']);
    let before_bracket = name.rfind(['(', '[', '<', '{']).filter(|_| closes).map(|at| &name[..at]);
    let behind_bracket = name.find([')', ']', '>', '}']).filter(|_| bracket(0));
    let first = name.split_once([' ', ':']).filter(|(word, _)| is_code(word));
    let last = name.rsplit_once([' ', '|']).filter(|(_, word)| is_code(word.trim_matches('|')));
    let parts = [
        Some(name),
        before_bracket,
        behind_bracket.map(|at| &name[at + 1..]),
        first.map(|(_, rest)| rest.trim_start_matches(['-', ':', '|', ' ', '–'])),
        last.map(|(rest, _)| rest.trim_end_matches(['-', ':', '|', ' ', '–', ','])),
    ];
    parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty())
}

/// The hash of a name in small letters, its blanks collapsed, without the word of its kind that
/// some CRMs put in front (`Accounts::::Contoso`); `None` for a name without letters.
pub(crate) fn name_hash(name: &str) -> Option<u64> {
    let name = name.rsplit_once("::::").map_or(name, |(_, name)| name);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_put_around_names_is_taken_off() {
        for (name, want) in [
            ("Contoso (K-1001)", "Contoso"),
            ("[4711] Contoso", "Contoso"),
            ("K-1001 Contoso", "Contoso"),
            ("4711: Contoso", "Contoso"),
            ("Contoso | 4711", "Contoso"),
            ("Contoso <0015g00000AbCdE>", "Contoso"),
            ("Contoso - 4711", "Contoso"),
        ] {
            assert!(spellings(name).any(|of| of == want), "{name}");
        }
        assert_eq!(spellings("Contoso Nord").collect::<Vec<_>>(), ["Contoso Nord"]);
        assert_eq!(name_hash("Accounts::::Contoso"), name_hash("contoso"));
    }
}
