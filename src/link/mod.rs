//! Passes in priority order, accounts in parallel; candidates per customer.

pub mod account;
mod contact;
mod kept;
mod pair;
mod record;
mod step;

use std::sync::atomic::{AtomicI8, Ordering};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::account::{AccountKeys, WordCache};
pub use self::{
    contact::ContactAddresses,
    kept::{Candidates, DomainHolders, KEPT_PER_PASS, Kept},
    pair::{FoundBy, Ground, compare_again},
    record::{AccountFields, AccountRecord},
    step::{candidates, contact_domains},
};
use crate::{
    compare::{AccountSide, Bound, Comparison, Glance, Level, compare},
    crm::{Account, Lifecycle, account_hash},
    index::{Index, LinkRules},
    normalise::place::{KnownPlaces, Place},
    rules::Matching,
};

/// A customer and an account that some pass, or a verdict, brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position of the customer in `Customers::list`.
    pub customer: u32,
    /// The account.
    pub account: AccountRecord,
    /// How they compare.
    pub comparison: Comparison,
    /// The match weight of the best other customer for this account, in hundredths of a bit.
    pub rival: Option<i32>,
}

/// The domains that accounts hold through their contacts: hashed join key of the account to
/// domains.
pub type ContactDomains = FxHashMap<u64, SmallVec<[Box<str>; 1]>>;

/// All that linking an account needs and that does not change while accounts stream.
pub struct Linker<'r> {
    /// The report side.
    pub index: &'r Index,
    /// The tables.
    pub rules: &'r LinkRules,
    /// The parameters.
    pub matching: &'r Matching,
    /// Domains of accounts by their contacts.
    pub contact_domains: &'r ContactDomains,
    /// Pairs that a person judged: account join key to customers. They are candidates even when no
    /// pass finds them.
    pub forced: &'r FxHashMap<Box<str>, Vec<u32>>,
}

/// What a thread reuses from account to account.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: WordCache,
    places: KnownPlaces,
    keys: AccountKeys,
    found: Vec<u32>,
    far: Vec<(u32, i32)>,
    bound: Bound,
    compared: Vec<(u32, Comparison)>,
}

/// What a pair must be able to weigh to count for a customer: as much as the nearest so far, until
/// there is one above the lower limit. In half bits rounded down, since they are looked up at random.
///
/// Shared by all threads whose candidates are put together in the end: what one has found, the
/// others need not.
#[derive(Debug)]
pub struct Floors(Vec<AtomicI8>);

impl Floors {
    /// The floors of so many customers, none of whom has anything yet.
    pub fn new(customers: usize) -> Floors {
        Floors((0..customers).map(|_| AtomicI8::new(i8::MIN)).collect())
    }

    fn bits(&self, customer: u32) -> f64 {
        f64::from(self.0[customer as usize].load(Ordering::Relaxed)) / 2.0
    }

    fn raise(&self, customer: u32, hundredths: i32) {
        let half_bits = hundredths.div_euclid(50).clamp(i8::MIN.into(), i8::MAX.into()) as i8;
        self.0[customer as usize].fetch_max(half_bits, Ordering::Relaxed);
    }
}

/// What became of an account row while it streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Deleted, or merged away: not compared.
    Excluded,
    /// No customer came near.
    NoCustomer,
    /// It is a candidate for some customer.
    Candidate,
}

impl Linker<'_> {
    /// Compares an account with the customers that share a key, and keeps the pairs that are worth
    /// keeping. `key` is the join key of its id, `origin` where its row stood; `floors` are those of
    /// all that is put together with `kept`.
    pub fn link(
        &self,
        account: &Account<'_>,
        key: &str,
        origin: u64,
        scratch: &mut Scratch,
        (floors, kept): (&Floors, &mut Candidates),
    ) -> Seen {
        if matches!(account.lifecycle, Lifecycle::Deleted | Lifecycle::MergedInto(_)) {
            return Seen::Excluded;
        }
        let from_contacts: &[Box<str>] = if self.contact_domains.is_empty() {
            &[]
        } else {
            self.contact_domains.get(&account_hash(key)).map_or(&[], |domains| domains)
        };
        let Scratch { cache, keys, .. } = scratch;
        keys.read(account, from_contacts, cache, self.index, self.rules);
        for (domain, _) in keys.domains.iter().filter(|(_, class)| class.is_usable()) {
            if !self.index.with_domain(domain).is_empty() {
                kept.hold(domain, &account.id);
            }
        }
        let place = [account.country, account.state, account.postal_code, account.city];
        let place = self.rules.places.read_again(place, &mut scratch.places);
        let forced = self.forced.get(key).map_or(&[][..], |customers| customers);
        self.compare_all(place, forced, scratch, floors);
        self.keep(account, (forced, origin), scratch, (floors, kept))
    }

    /// Compares the account with the customers that share a key with it and may be near.
    fn compare_all(&self, place: Place, forced: &[u32], scratch: &mut Scratch, floors: &Floors) {
        let Scratch { cache, keys, found, far, bound, compared, .. } = scratch;
        let side = keys.side(place, cache);
        bound.read(&side, &self.index.words);
        self.find_by_key(keys, found);
        found.extend(forced);
        self.find_by_name((keys, &side, bound), cache, floors, (found, far));
        found.sort_unstable();
        found.dedup();
        compared.clear();
        compared.extend(found.iter().map(|at| {
            let customer = &self.index.customers[*at as usize];
            (*at, compare(self.index, customer, &side, self.matching).0)
        }));
    }

    /// The customers that hold a domain or a number of the account.
    fn find_by_key(&self, keys: &AccountKeys, found: &mut Vec<u32>) {
        found.clear();
        for (domain, _) in keys.domains.iter().filter(|(_, class)| class.is_usable()) {
            found.extend(self.index.with_domain(domain).iter().take(MAX_SHARED));
        }
        for id in &keys.ids {
            found.extend(self.index.with_id(id).iter().take(MAX_SHARED));
        }
        if let Some(duns) = keys.duns {
            found.extend(self.index.with_duns(duns).iter().take(MAX_SHARED));
        }
    }

    /// The customers that share words with the account: those that may be near, and with what they
    /// weigh at most those that may be nearest.
    fn find_by_name(
        &self,
        (keys, side, bound): (&AccountKeys, &AccountSide<'_>, &Bound),
        cache: &WordCache,
        floors: &Floors,
        (found, far): (&mut Vec<u32>, &mut Vec<(u32, i32)>),
    ) {
        far.clear();
        let keep = self.matching.keep_weight() - ROUNDING;
        for hash in &keys.name.hashes {
            let same = self.index.with_whole_name(*hash).iter();
            let near = same.filter(|glance| bound.may_reach(glance, keep, self.matching));
            found.extend(near.map(|glance| glance.customer));
        }
        let lists = keys.name.lists(cache, self.index);
        // All is touched before the first is looked at, so that the memory is waited for once.
        let touched = lists.iter().flat_map(|list| list.iter().step_by(2));
        std::hint::black_box(touched.fold(0, |all, glance| all ^ glance.customer));
        for glance in lists.into_iter().flatten() {
            match bound.at_most(glance, floors.bits(glance.customer), self.matching) {
                Some(most) if most >= keep => found.push(glance.customer),
                Some(most) => far.push((glance.customer, (most * 100.0).floor() as i32)),
                None => {}
            }
            debug_assert!(
                found.contains(&glance.customer) || self.is_bounded(glance, side, bound),
                "{:?}: {glance:?}",
                keys.name.name
            );
        }
    }

    /// Whether a pair weighs no more than it was said to weigh at most. Pairs by key aside.
    fn is_bounded(&self, glance: &Glance, side: &AccountSide<'_>, bound: &Bound) -> bool {
        let customer = &self.index.customers[glance.customer as usize];
        let (of, _) = compare(self.index, customer, side, self.matching);
        let most = bound.at_most(glance, f64::NEG_INFINITY, self.matching).unwrap_or(f64::INFINITY);
        [of.domain, of.id].contains(&Level::Agrees)
            || f64::from(of.weight) / 100.0 <= most + ROUNDING
    }

    fn keep(
        &self,
        account: &Account<'_>,
        (forced, origin): (&[u32], u64),
        scratch: &mut Scratch,
        (floors, kept): (&Floors, &mut Candidates),
    ) -> Seen {
        let Scratch { keys, far, compared, .. } = scratch;
        let least = (self.matching.keep_weight() * 100.0).floor() as i32;
        let near = |comparison: &Comparison| comparison.reaches(self.matching.limits.keep());
        let best = best_two(compared.iter().filter(|(_, comparison)| near(comparison)));
        let mut record: Option<AccountRecord> = None;
        let mut record = || record.get_or_insert_with(|| AccountRecord::new(account, keys)).clone();
        let mut seen = Seen::NoCustomer;
        for (customer, comparison) in compared {
            if !near(comparison) && !forced.contains(customer) {
                far.push((*customer, comparison.weight));
                continue;
            }
            let rival =
                if best[0] == Some((*customer, comparison.weight)) { best[1] } else { best[0] };
            let candidate = Candidate {
                customer: *customer,
                account: record(),
                comparison: *comparison,
                rival: rival.map(|(_, weight)| weight),
            };
            kept.add(candidate, origin, forced.contains(customer));
            seen = Seen::Candidate;
            floors.raise(*customer, least);
        }
        for (customer, most) in far {
            if f64::from(*most) / 100.0 >= floors.bits(*customer) {
                let nearest = kept.add_far(*customer, *most, &account.id, &mut record);
                floors.raise(*customer, nearest.unwrap_or(least));
            }
        }
        seen
    }
}

/// Customers beyond this number under one domain or id are not compared with each account that
/// holds it; the summary tells where there are such keys.
pub const MAX_SHARED: usize = 16;

/// Bits by which a bound may fall short of what it bounds, for rounding.
const ROUNDING: f64 = 0.01;

/// The two best customers of an account, by weight, the smaller position first among equals.
fn best_two<'c>(compared: impl Iterator<Item = &'c (u32, Comparison)>) -> [Option<(u32, i32)>; 2] {
    let mut best: [Option<(u32, i32)>; 2] = [None, None];
    for (customer, comparison) in compared {
        let this = Some((*customer, comparison.weight));
        let weight = |slot: Option<(u32, i32)>| slot.map(|(_, weight)| weight);
        if weight(this) > weight(best[0]) {
            best = [this, best[0]];
        } else if weight(this) > weight(best[1]) {
            best[1] = this;
        }
    }
    best
}
