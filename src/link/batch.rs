//! Accounts that go through the steps together, and what each step adds: a column a step.

use super::{keys::AccountKeys, word_cache::WordCache};
use crate::{
    compare::{AccountSide, Comparison},
    index::WordRef,
    normalise::place::Place,
};

/// How many accounts go through the steps together. More need more memory near the processor; fewer
/// fetch the code of each step more often.
pub(crate) const BATCH_SIZE: usize = 64;

/// The keys and the places of some accounts.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Those of the accounts first; the others wait to be filled again.
    keys: Vec<AccountKeys>,
    places: Vec<Place>,
}

/// A customer that shares a key with an account of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    /// The position of the account.
    pub(super) account: u32,
    /// The customer.
    pub(super) customer: u32,
}

/// A pair and how it compares.
pub(super) type Compared = (Pair, Comparison);

/// A pair that weighs too little, with what it weighs at most, in hundredths of a bit.
pub(super) type Miss = (Pair, i32);

/// What some accounts were brought together with.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// The pairs to compare.
    pub(super) near: Vec<Pair>,
    /// The pairs that weigh too little, in the order of the accounts.
    pub(super) misses: Vec<Miss>,
    /// The pairs compared, in the order of the accounts.
    pub(super) compared: Vec<Compared>,
    /// The accounts that are among the first to hold some domain of the reports, in their order.
    pub(super) holders: Vec<u32>,
}

impl Batch {
    /// Makes room for the keys of so many accounts, to be filled one after the other.
    pub(super) fn start(&mut self, accounts: usize) -> (&mut [AccountKeys], &mut Vec<Place>) {
        self.keys.resize_with(self.keys.len().max(accounts), AccountKeys::default);
        self.places.clear();
        (&mut self.keys[..accounts], &mut self.places)
    }

    /// The keys of each account and its place.
    pub(super) fn accounts(&self) -> impl Iterator<Item = (&AccountKeys, &Place)> + Clone {
        self.keys.iter().zip(&self.places)
    }

    /// The words of all accounts.
    pub(super) fn words<'c>(&self, cache: &'c WordCache) -> Vec<WordRef<'c>> {
        let mut words = Vec::with_capacity(self.places.len() * 8);
        self.accounts().for_each(|(keys, place)| keys.name.add_refs(place, cache, &mut words));
        words
    }

    /// The accounts as the comparison sees them, of the words of all.
    pub(super) fn sides<'b>(&'b self, words: &'b [WordRef<'b>]) -> Vec<AccountSide<'b>> {
        let mut rest = words;
        let side = |(keys, place): (&'b AccountKeys, &'b Place)| {
            let (own, others) = rest.split_at(keys.name.word_count());
            rest = others;
            keys.side(own, place)
        };
        self.accounts().map(side).collect()
    }
}

impl Pairs {
    /// Forgets all pairs.
    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.misses.clear();
        self.compared.clear();
        self.holders.clear();
    }

    /// The customers found by a key of an account, to be compared.
    pub(super) fn add(&mut self, account: usize, customers: &[u32]) {
        let account = account as u32;
        self.near.extend(customers.iter().map(|customer| Pair { account, customer: *customer }));
    }

    /// Whether an account is among the first to hold some domain of the reports.
    pub(super) fn holds(&self, account: usize) -> bool {
        self.holders.binary_search(&(account as u32)).is_ok()
    }

    /// What was found for an account: the pairs compared and the misses.
    pub(super) fn of(&self, account: usize) -> (&[Compared], &[Miss]) {
        (of_account(&self.compared, account), of_account(&self.misses, account))
    }
}

/// The part of a list, in the order of the accounts, that belongs to one of them.
fn of_account<T>(list: &[(Pair, T)], account: usize) -> &[(Pair, T)] {
    let from = list.partition_point(|(pair, _)| (pair.account as usize) < account);
    let to = list.partition_point(|(pair, _)| pair.account as usize <= account);
    &list[from..to]
}
