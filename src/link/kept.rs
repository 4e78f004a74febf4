//! The candidates that are kept: the best of each pass per customer. Adding is commutative,
//! associative and idempotent, so parts may come in any order, and again.

use std::{cmp::Reverse, collections::hash_map::Entry, sync::Arc};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{AccountRecord, Candidate};
use crate::compare::Pass;

/// How many candidates of each pass a customer keeps. One more is held to tell that some were cut
/// off.
pub const KEPT_PER_PASS: usize = 8;

/// The smallest ids of the accounts that hold a domain of the report: enough to tell none, one or
/// several.
pub type DomainHolders = FxHashMap<Box<str>, SmallVec<[Box<str>; 3]>>;

/// A kept candidate and where the rows of its account stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The pair.
    pub candidate: Candidate,
    /// Where the account's rows stood; several when the CRM has its id several times.
    pub origins: SmallVec<[u64; 1]>,
    /// Whether rows with this id contradict each other.
    pub contradicted: bool,
    /// Whether a verdict names the pair: it is never cut off.
    pub forced: bool,
}

/// An account that is too far from a customer to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Far {
    /// What the pair weighs at most, as far as was looked, in hundredths of a bit.
    at_most: i32,
    account: Arc<AccountRecord>,
}

/// The candidates of all customers, so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    by_customer: FxHashMap<u32, Vec<Kept>>,
    /// The nearest account below the lower limit, for customers that have nothing better.
    far: FxHashMap<u32, Far>,
    holders: DomainHolders,
}

type Rank<'c> = (Reverse<i32>, &'c str);

fn rank(candidate: &Candidate) -> Rank<'_> {
    (Reverse(candidate.comparison.weight), &candidate.account.id)
}

impl Candidates {
    /// Adds a pair at or above the lower limit.
    pub fn add(&mut self, candidate: Candidate, origin: u64, forced: bool) {
        let kept = Kept {
            candidate,
            origins: SmallVec::from_slice(&[origin]),
            contradicted: false,
            forced,
        };
        self.insert(kept);
    }

    fn insert(&mut self, new: Kept) {
        let customer = new.candidate.customer;
        // Most customers have one or two: a vector's usual first room would be twice too much.
        let kept = self.by_customer.entry(customer).or_insert_with(|| Vec::with_capacity(1));
        match kept.iter_mut().find(|old| old.candidate.account.id == new.candidate.account.id) {
            Some(old) => old.unite(new),
            None => {
                if kept.is_empty() {
                    self.far.remove(&customer);
                }
                // A vector that grows by itself doubles: with eight candidates half would be air.
                kept.reserve_exact(1);
                kept.push(new);
            }
        }
        if kept.len() > KEPT_PER_PASS {
            cut(kept);
        }
    }

    /// Keeps an account that is below the lower limit where it is the nearest of a customer, and
    /// tells what the nearest weighs at most, in hundredths of a bit; `None` for a customer that has
    /// a candidate.
    pub(super) fn add_far(
        &mut self,
        customer: u32,
        at_most: i32,
        id: &str,
        account: impl FnOnce() -> Arc<AccountRecord>,
    ) -> Option<i32> {
        if self.by_customer.contains_key(&customer) {
            return None;
        }
        Some(match self.far.entry(customer) {
            Entry::Occupied(mut known) => {
                let far = known.get();
                if (Reverse(at_most), id) <= (Reverse(far.at_most), &far.account.id) {
                    let new = Far { at_most, account: account() };
                    if (Reverse(at_most), &new.account) < (Reverse(far.at_most), &far.account) {
                        known.insert(new);
                    }
                }
                known.get().at_most
            }
            Entry::Vacant(none) => none.insert(Far { at_most, account: account() }).at_most,
        })
    }

    /// Notes that an account holds a domain of the report.
    pub fn hold(&mut self, domain: &str, account: &str) {
        match self.holders.get_mut(domain) {
            Some(holders) => hold(holders, account.into()),
            None => {
                self.holders.insert(domain.into(), SmallVec::from_iter([account.into()]));
            }
        }
    }

    /// Takes in the candidates of another part of the CRM.
    #[must_use]
    pub fn merge(mut self, other: Candidates) -> Candidates {
        if self.by_customer.len() < other.by_customer.len() {
            return other.merge(self);
        }
        for kept in other.by_customer.into_values().flatten() {
            self.insert(kept);
        }
        for (customer, far) in other.far {
            let (id, account) = (far.account.id.clone(), far.account);
            self.add_far(customer, far.at_most, &id, || account);
        }
        for (domain, accounts) in other.holders {
            let holders = self.holders.entry(domain).or_default();
            accounts.into_iter().for_each(|account| hold(holders, account));
        }
        self
    }

    /// The candidates of a customer, best first, and whether some were cut off.
    pub fn of(&self, customer: u32) -> (Vec<&Kept>, bool) {
        let mut kept: Vec<&Kept> =
            self.by_customer.get(&customer).map_or(vec![], |kept| kept.iter().collect());
        kept.sort_unstable_by(|a, b| rank(&a.candidate).cmp(&rank(&b.candidate)));
        let mut counts = [0; 4];
        let before = kept.len();
        kept.retain(|kept| {
            let count = &mut counts[slot(kept.candidate.comparison.pass)];
            *count += 1;
            kept.forced || *count <= KEPT_PER_PASS
        });
        let cut_off = kept.len() < before;
        (kept, cut_off)
    }

    /// The nearest account below the lower limit of a customer that has no better one.
    pub fn far(&self, customer: u32) -> Option<&Arc<AccountRecord>> {
        self.far.get(&customer).map(|far| &far.account)
    }

    /// The smallest ids of the accounts that hold a domain, at most three.
    pub fn holders(&self, domain: &str) -> &[Box<str>] {
        self.holders.get(domain).map_or(&[], |holders| holders)
    }

    /// All candidates at or above the lower limit, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Candidate> {
        self.by_customer.values().flatten().map(|kept| &kept.candidate)
    }
}

impl Kept {
    /// Takes in another row of the same account. Contradicting rows: the better pair stays, then
    /// the smaller record.
    fn unite(&mut self, other: Kept) {
        self.forced |= other.forced;
        self.contradicted |= other.contradicted;
        if self.candidate.account != other.candidate.account {
            self.contradicted = true;
            let key = |kept: &Kept| {
                (Reverse(kept.candidate.comparison.weight), Arc::clone(&kept.candidate.account))
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

/// Keeps of each pass the best, and one more to tell that some were cut off.
fn cut(kept: &mut Vec<Kept>) {
    kept.sort_unstable_by(|a, b| rank(&a.candidate).cmp(&rank(&b.candidate)));
    let mut counts = [0; 4];
    kept.retain(|kept| {
        let count = &mut counts[slot(kept.candidate.comparison.pass)];
        *count += 1;
        kept.forced || *count <= KEPT_PER_PASS + 1
    });
}

fn slot(pass: Option<Pass>) -> usize {
    pass.map_or(3, |pass| pass as usize)
}

/// Keeps the three smallest ids.
fn hold(holders: &mut SmallVec<[Box<str>; 3]>, account: Box<str>) {
    if let Err(at) = holders.binary_search(&account)
        && at < 3
    {
        holders.truncate(2.max(at));
        holders.insert(at, account);
        holders.truncate(3);
    }
}
