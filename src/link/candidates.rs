//! The candidates that are kept: the best of each pass per customer. Adding is commutative,
//! associative and idempotent, so parts may come in any order, and again.

use std::{
    cmp::{Ordering, Reverse},
    collections::hash_map::Entry,
};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{AccountRecord, Candidate};
use crate::compare::Pass;
#[cfg(feature = "browser")]
use crate::text::id::join_key;

/// How many candidates of each pass a customer keeps. One more shows that some were cut
/// off.
pub(crate) const KEPT_PER_PASS: usize = 8;

/// The smallest ids of the accounts that hold a domain of the report: enough to know none, one or
/// several.
pub(crate) type DomainHolders = FxHashMap<Box<str>, SmallVec<[Box<str>; 3]>>;

/// A kept candidate and where the rows of its account stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateEntry {
    /// The pair.
    pub(crate) candidate: Candidate,
    /// Where the account's rows stood; several when the CRM has its id several times.
    pub(crate) origins: SmallVec<[u64; 1]>,
    /// Whether rows with this id contradict each other.
    pub(crate) contradicted: bool,
    /// Whether a verdict names the pair: it is never cut off.
    pub(crate) pinned: bool,
}

/// An account that is too far from a customer to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct NearMiss {
    /// What the pair weighs at most, as far as was looked, in hundredths of a bit.
    at_most: i32,
    account: AccountRecord,
    /// Where its row stood; of several that say the same, the first.
    origin: u64,
}

/// What was found for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    /// Candidates, at least one.
    Near(Vec<CandidateEntry>),
    /// The nearest account below the lower limit; there is nothing better.
    NearMiss(NearMiss),
}

/// The candidates of all customers, so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    by_customer: FxHashMap<u32, Found>,
    holders: DomainHolders,
    /// Accounts that are watched, by id, whether or not they are candidates.
    #[serde(default)]
    watched: FxHashMap<Box<str>, AccountRecord>,
}

/// The order of the candidates of a customer, best first.
fn best_first(one: &CandidateEntry, other: &CandidateEntry) -> Ordering {
    let (one, other) = (&one.candidate, &other.candidate);
    let heavier = other.comparison.weight.cmp(&one.comparison.weight);
    heavier.then_with(|| one.account.id().cmp(other.account.id()))
}

impl Candidates {
    /// Adds a pair at or above the lower limit.
    pub(crate) fn add(&mut self, candidate: Candidate, origin: u64, pinned: bool) {
        let kept = CandidateEntry {
            candidate,
            origins: SmallVec::from_slice(&[origin]),
            contradicted: false,
            pinned,
        };
        self.insert(kept);
    }

    fn insert(&mut self, new: CandidateEntry) {
        match self.by_customer.entry(new.candidate.customer) {
            Entry::Vacant(none) => drop(none.insert(Found::Near(vec![new]))),
            Entry::Occupied(mut found) => match found.get_mut() {
                Found::Near(kept) => add_to(kept, new),
                far => *far = Found::Near(vec![new]),
            },
        }
    }

    /// Keeps an account that is below the lower limit where it is the nearest of a customer, and
    /// returns what the nearest weighs at most, in hundredths of a bit; `None` for a customer that has
    /// a candidate.
    pub(crate) fn add_near_miss(
        &mut self,
        customer: u32,
        (at_most, origin): (i32, u64),
        id: &str,
        account: impl FnOnce() -> AccountRecord,
    ) -> Option<i32> {
        match self.by_customer.entry(customer) {
            Entry::Vacant(none) => {
                none.insert(Found::NearMiss(NearMiss { at_most, account: account(), origin }));
                Some(at_most)
            }
            Entry::Occupied(mut found) => match found.get_mut() {
                Found::Near(_) => None,
                Found::NearMiss(far) => {
                    far.meet((at_most, origin), id, account);
                    Some(far.at_most)
                }
            },
        }
    }

    /// Keeps an account that is watched; of several with its id the least.
    pub(crate) fn watch(&mut self, account: AccountRecord) {
        let known = self.watched.entry(account.id().into()).or_insert_with(|| account.clone());
        if account < *known {
            *known = account;
        }
    }

    /// The accounts that are watched, by id.
    pub(crate) fn watched(&self) -> &FxHashMap<Box<str>, AccountRecord> {
        &self.watched
    }

    /// Notes that an account holds a domain of the report, and says whether that was news.
    pub(crate) fn hold(&mut self, domain: &str, account: &str) -> bool {
        match self.holders.get_mut(domain) {
            Some(holders) => hold(holders, account.into()),
            None => {
                self.holders.insert(domain.into(), SmallVec::from_iter([account.into()]));
                true
            }
        }
    }

    /// Takes in the candidates of another part of the CRM.
    #[must_use]
    pub fn merge(mut self, other: Candidates) -> Candidates {
        if self.by_customer.len() < other.by_customer.len() {
            return other.merge(self);
        }
        for (customer, found) in other.by_customer {
            match found {
                Found::Near(kept) => kept.into_iter().for_each(|kept| self.insert(kept)),
                Found::NearMiss(NearMiss { at_most, account, origin }) => {
                    let weighs = (at_most, origin);
                    self.add_near_miss(customer, weighs, account.id(), || account.clone());
                }
            }
        }
        for (domain, accounts) in other.holders {
            let holders = self.holders.entry(domain).or_default();
            for account in accounts {
                hold(holders, account);
            }
        }
        other.watched.into_values().for_each(|account| self.watch(account));
        self
    }

    /// Whether a pair is among the candidates; `account` is its join key.
    #[cfg(feature = "browser")]
    pub(crate) fn has(&self, customer: u32, account: &str) -> bool {
        self.near(customer).iter().any(|kept| kept.is_with(account))
    }

    /// Marks a candidate as named by a verdict, as if that had been known when the accounts were
    /// read.
    #[cfg(feature = "browser")]
    pub(crate) fn pin(&mut self, customer: u32, account: &str) {
        let Some(Found::Near(kept)) = self.by_customer.get_mut(&customer) else { return };
        let named = kept.iter_mut().filter(|kept| kept.is_with(account));
        named.for_each(|kept| kept.pinned = true);
    }

    /// The candidates of a customer in no order, those that will be cut off among them.
    pub(crate) fn near(&self, customer: u32) -> &[CandidateEntry] {
        match self.by_customer.get(&customer) {
            Some(Found::Near(kept)) => kept,
            _ => &[],
        }
    }

    /// The candidates of a customer, best first, and whether some were cut off.
    pub fn of(&self, customer: u32) -> (Vec<&CandidateEntry>, bool) {
        let mut kept: Vec<&CandidateEntry> = self.near(customer).iter().collect();
        kept.sort_unstable_by(|one, other| best_first(one, other));
        let mut counts = [0; 4];
        let before = kept.len();
        kept.retain(|kept| {
            let count = &mut counts[slot(kept.candidate.comparison.pass)];
            *count += 1;
            kept.pinned || *count <= KEPT_PER_PASS
        });
        let cut_off = kept.len() < before;
        (kept, cut_off)
    }

    /// The nearest account below the lower limit of a customer that has no better one.
    pub fn near_miss(&self, customer: u32) -> Option<&AccountRecord> {
        match self.by_customer.get(&customer)? {
            Found::NearMiss(far) => Some(&far.account),
            Found::Near(_) => None,
        }
    }

    /// The ids of all accounts that matter to a customer: candidates, the nearest of customers that
    /// have none, and those that are known to hold a domain of the reports.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &str> {
        let of_customers = self.by_customer.values().flat_map(|found| {
            let (near, miss) = match found {
                Found::Near(kept) => (kept.as_slice(), None),
                Found::NearMiss(miss) => (&[][..], Some(miss.account.id())),
            };
            near.iter().map(|kept| kept.candidate.account.id()).chain(miss)
        });
        of_customers.chain(self.holders.values().flatten().map(AsRef::as_ref))
    }

    /// The smallest ids of the accounts that hold a domain, at most three.
    pub fn holders(&self, domain: &str) -> &[Box<str>] {
        self.holders.get(domain).map_or(&[], |holders| holders)
    }

    /// All candidates at or above the lower limit, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Candidate> {
        let near = self.by_customer.values().filter_map(|found| match found {
            Found::Near(kept) => Some(kept),
            Found::NearMiss(_) => None,
        });
        near.flatten().map(|kept| &kept.candidate)
    }
}

impl NearMiss {
    /// Takes in another account: the nearer stays, among equals the smaller record.
    fn meet(
        &mut self,
        (at_most, origin): (i32, u64),
        id: &str,
        account: impl FnOnce() -> AccountRecord,
    ) {
        let nearer = at_most.cmp(&self.at_most);
        if nearer.is_gt() || (nearer.is_eq() && id <= self.account.id()) {
            let new = NearMiss { at_most, account: account(), origin };
            if new.order() < self.order() {
                *self = new;
            }
        }
    }

    /// The nearest first.
    fn order(&self) -> (Reverse<i32>, &AccountRecord, u64) {
        (Reverse(self.at_most), &self.account, self.origin)
    }
}

impl CandidateEntry {
    #[cfg(feature = "browser")]
    fn is_with(&self, account: &str) -> bool {
        join_key(self.candidate.account.id()) == account
    }

    /// Takes in another row of the same account. Contradicting rows: the better pair stays, then
    /// the smaller record.
    fn unite(&mut self, other: CandidateEntry) {
        self.pinned |= other.pinned;
        self.contradicted |= other.contradicted;
        if self.candidate.account != other.candidate.account {
            self.contradicted = true;
            let key = |kept: &CandidateEntry| {
                (Reverse(kept.candidate.comparison.weight), kept.candidate.account.clone())
            };
            if key(&other) < key(self) {
                self.candidate = other.candidate;
            }
        }
        for origin in other.origins {
            if let Err(at) = self.origins.binary_search(&origin) {
                self.origins.insert(at, origin);
            }
        }
    }
}

/// Adds a candidate to those of its customer.
fn add_to(kept: &mut Vec<CandidateEntry>, new: CandidateEntry) {
    match kept.iter_mut().find(|old| old.candidate.account.is_same_account(&new.candidate.account))
    {
        Some(old) => old.unite(new),
        None => {
            // A vector that grows by itself doubles: with eight candidates half would be air.
            kept.reserve_exact(1);
            kept.push(new);
        }
    }
    if kept.len() > KEPT_PER_PASS {
        cut(kept);
    }
}

/// Keeps of each pass the best, and one more that shows that some were cut off.
fn cut(kept: &mut Vec<CandidateEntry>) {
    kept.sort_unstable_by(best_first);
    let mut counts = [0; 4];
    kept.retain(|kept| {
        let count = &mut counts[slot(kept.candidate.comparison.pass)];
        *count += 1;
        kept.pinned || *count <= KEPT_PER_PASS + 1
    });
}

fn slot(pass: Option<Pass>) -> usize {
    pass.map_or(3, |pass| pass as usize)
}

/// Keeps the three smallest ids, and says whether this is a new one of them.
fn hold(holders: &mut SmallVec<[Box<str>; 3]>, account: Box<str>) -> bool {
    let Err(at) = holders.binary_search(&account) else { return false };
    if at < 3 {
        holders.truncate(2.max(at));
        holders.insert(at, account);
        holders.truncate(3);
    }
    at < 3
}
