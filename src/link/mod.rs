//! Passes in priority order, accounts in parallel; candidates per customer.

pub mod account;
mod contact;
mod kept;
mod pair;
mod record;
mod step;

use std::{
    borrow::Cow,
    sync::{
        Mutex,
        atomic::{AtomicI8, Ordering},
    },
};

use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::account::{AccountKeys, WordCache};
pub(crate) use self::pair::compare_named;
pub use self::{
    contact::ContactAddresses,
    kept::{Candidates, DomainHolders, KEPT_PER_PASS, Kept},
    pair::{FoundBy, Ground, compare_again},
    record::{AccountFields, AccountRecord, ById},
    step::{candidates, contact_domains},
};
use crate::{
    compare::{AccountSide, Bound, Comparison, Glance, Level, compare},
    crm::{Account, account_hash, join_key},
    index::{Index, LinkRules},
    normalise::{
        company::CompanyName,
        place::{KnownPlaces, Place},
    },
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

/// An account that is to be linked.
#[derive(Debug)]
pub struct AccountRow<'a> {
    /// What its row says; neither deleted nor merged away.
    pub account: Account<'a>,
    /// Tells where its row stood.
    pub origin: u64,
}

impl AccountRow<'_> {
    fn key(&self) -> Cow<'_, str> {
        join_key(&self.account.id)
    }
}

/// What a thread reuses from account to account.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) cache: WordCache,
    pub(crate) places: KnownPlaces,
    lanes: Vec<Lane>,
    bound: Bound,
    /// The keys of a single account.
    keys: AccountKeys,
    /// The name of a customer.
    left: CompanyName,
}

/// What one question about accounts leaves for the next, of whichever thread.
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "it moves out and in again with each question")]
pub(crate) struct Spare(Mutex<Vec<Box<Scratch>>>);

impl Spare {
    /// Lends what is left of a question before, with room for the names of some accounts.
    pub(crate) fn lend<T>(&self, ask: impl FnOnce(&mut Scratch) -> T) -> T {
        let left = self.0.lock().ok().and_then(|mut left| left.pop());
        let mut scratch = left.unwrap_or_default();
        scratch.cache.make_room();
        let answer = ask(&mut scratch);
        if let Ok(mut left) = self.0.lock() {
            left.push(scratch);
        }
        answer
    }
}

/// An account on its way through the steps.
#[derive(Debug, Default)]
struct Lane {
    keys: AccountKeys,
    place: Place,
    /// Customers to compare it with.
    found: Vec<u32>,
    /// Customers to whom it is too far, with what it weighs at most, in hundredths of a bit.
    far: Vec<(u32, i32)>,
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

    /// Asks for the memory of a floor, which is to be read soon.
    fn prefetch(&self, customer: u32) {
        prefetch_index(&self.0, customer as usize);
    }

    fn raise(&self, customer: u32, hundredths: i32) {
        let half_bits = hundredths.div_euclid(50).clamp(i8::MIN.into(), i8::MAX.into()) as i8;
        let floor = &self.0[customer as usize];
        // To write takes the floor, and its neighbours, from the other threads.
        if half_bits > floor.load(Ordering::Relaxed) {
            floor.fetch_max(half_bits, Ordering::Relaxed);
        }
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

/// How many accounts go through the steps together. More need more memory near the processor, fewer
/// wait more often for what is far.
pub const TOGETHER: usize = 8;

impl Linker<'_> {
    /// Compares accounts, [`TOGETHER`] at most, with the customers that share a key, and keeps the
    /// pairs that are worth keeping; `floors` are those of all that is put together with `kept`.
    /// Tells for each account whether it is a candidate.
    pub fn link(
        &self,
        rows: &[AccountRow<'_>],
        kept: (&Floors, &mut Candidates),
    ) -> SmallVec<[Seen; TOGETHER]> {
        self.index.spare.lend(|scratch| self.link_with(scratch, rows, kept))
    }

    fn link_with(
        &self,
        Scratch { cache, places, lanes, bound, .. }: &mut Scratch,
        rows: &[AccountRow<'_>],
        (floors, kept): (&Floors, &mut Candidates),
    ) -> SmallVec<[Seen; TOGETHER]> {
        lanes.resize_with(lanes.len().max(rows.len()), Lane::default);
        let lanes = &mut lanes[..rows.len()];
        self.read_all(rows, lanes, (cache, places, bound));
        self.find_by_key(rows, lanes, kept);
        self.find_by_name(lanes, cache, bound, floors);
        self.compare_all(lanes, cache);
        rows.iter().zip(lanes).map(|(row, lane)| self.keep(row, lane, (floors, kept))).collect()
    }

    fn forced(&self, row: &AccountRow<'_>) -> &[u32] {
        if self.forced.is_empty() {
            return &[];
        }
        self.forced.get(&*row.key()).map_or(&[][..], |customers| customers)
    }

    /// Reads accounts step by step: before each step the memory that it needs is asked for, so that
    /// the accounts wait for it together.
    fn read_all(
        &self,
        rows: &[AccountRow<'_>],
        lanes: &mut [Lane],
        (cache, places, bound): (&mut WordCache, &mut KnownPlaces, &Bound),
    ) {
        for (row, lane) in rows.iter().zip(lanes.iter_mut()) {
            lane.keys.name.fold(row.account.name, cache, self.rules);
            places.prefetch_slot(row.account.city);
        }
        for (row, lane) in rows.iter().zip(lanes.iter()) {
            lane.keys.name.prefetch_words(cache);
            places.prefetch_city(row.account.city);
        }
        let by_contacts = rows.iter().map(|row| self.domains_by_contacts(row));
        let by_contacts: SmallVec<[&[Box<str>]; TOGETHER]> = by_contacts.collect();
        for ((row, domains), lane) in rows.iter().zip(by_contacts).zip(lanes.iter_mut()) {
            let account = &row.account;
            lane.keys.name.read_folded(cache, self.index, self.rules);
            lane.keys.read_but_name(account, domains, self.rules);
            let place = [account.country, account.state, account.postal_code, account.city];
            lane.place = self.rules.places.read_again(place, places);
            bound.prefetch_slot(&lane.place);
            lane.found.clear();
            lane.far.clear();
            lane.compared.clear();
        }
        for lane in lanes {
            bound.prefetch_city(&lane.place);
            lane.keys.name.prefetch(cache);
        }
    }

    /// The domains that an account holds through its contacts.
    fn domains_by_contacts(&self, row: &AccountRow<'_>) -> &[Box<str>] {
        if self.contact_domains.is_empty() {
            return &[];
        }
        self.contact_domains.get(&account_hash(&row.key())).map_or(&[], |domains| domains)
    }

    /// The customers that hold a domain or a number of an account, or that a person judged.
    fn find_by_key(&self, rows: &[AccountRow<'_>], lanes: &mut [Lane], kept: &mut Candidates) {
        let few = |customers: &'_ [u32]| customers.len().min(MAX_SHARED);
        let usable = lanes.iter().enumerate().flat_map(|(at, lane)| {
            let usable = lane.keys.domains.iter().filter(|(_, class)| class.is_usable());
            usable.map(move |(domain, _)| ((at, domain.as_str()), domain.as_str()))
        });
        let found: SmallVec<[(usize, &[u32]); TOGETHER]> = self
            .index
            .with_domains(usable)
            .map(|((at, domain), customers)| {
                kept.hold(domain, &rows[at].account.id);
                (at, &customers[..few(customers)])
            })
            .collect();
        found.into_iter().for_each(|(at, customers)| lanes[at].found.extend(customers));
        for (row, Lane { keys, found, .. }) in rows.iter().zip(lanes) {
            for id in &keys.ids {
                let customers = self.index.with_id(id);
                found.extend(&customers[..few(customers)]);
            }
            if let Some(duns) = keys.duns {
                let customers = self.index.with_duns(duns);
                found.extend(&customers[..few(customers)]);
            }
            found.extend(self.forced(row));
        }
    }

    /// The customers that share words with an account: those that may be near, and with what they
    /// weigh at most those that may be nearest.
    fn find_by_name(
        &self,
        lanes: &mut [Lane],
        cache: &WordCache,
        bound: &mut Bound,
        floors: &Floors,
    ) {
        let blocks = self.blocks(lanes, cache);
        let glances = blocks.iter().flat_map(|blocks| blocks.words.iter().copied().flatten());
        glances.for_each(|glance| floors.prefetch(glance.customer));
        for (lane, blocks) in lanes.iter_mut().zip(&blocks) {
            if !blocks.name.is_empty() || !blocks.words.is_empty() {
                self.glance(lane, blocks, cache, (bound, floors));
            }
            lane.found.sort_unstable();
            lane.found.dedup();
        }
    }

    /// Glances at the customers of some blocks.
    fn glance(
        &self,
        Lane { keys, place, found, far, .. }: &mut Lane,
        blocks: &Blocks<'_>,
        cache: &WordCache,
        (bound, floors): (&mut Bound, &Floors),
    ) {
        let keep = self.matching.keep_weight() - ROUNDING;
        let side = keys.side(place, cache);
        bound.read(&side, &self.index.words);
        let same = blocks.name.iter().copied().flatten();
        let near = same.filter(|glance| bound.may_reach(glance, keep, self.matching));
        found.extend(near.map(|glance| glance.customer));
        for glance in blocks.words.iter().copied().flatten() {
            match bound.at_most(glance, floors.bits(glance.customer), self.matching) {
                Some(most) if most >= keep => found.push(glance.customer),
                Some(most) => far.push((glance.customer, (most * 100.0).floor() as i32)),
                None => {}
            }
            debug_assert!(
                blocks.name.iter().copied().flatten().any(|same| same.customer == glance.customer)
                    || found.contains(&glance.customer)
                    || self.is_bounded(glance, &side, bound),
                "{:?}: {glance:?}",
                keys.name.name
            );
        }
    }

    /// The customers that share the whole name, a word or two words with each account.
    fn blocks(&self, lanes: &[Lane], cache: &WordCache) -> [Blocks<'_>; TOGETHER] {
        let mut blocks: [Blocks<'_>; TOGETHER] = Default::default();
        for (at, lane) in lanes.iter().enumerate() {
            for word in lane.keys.name.rare(cache) {
                self.index.prefetch_word(word);
                blocks[at].words.push(self.index.with_word(word));
            }
        }
        let names = lanes.iter().enumerate().flat_map(|(at, lane)| {
            lane.keys.name.hashes.clone().into_iter().map(move |hash| (at, hash))
        });
        self.index.with_whole_names(names).for_each(|(at, list)| blocks[at].name.push(list));
        let mut pairs: SmallVec<[(usize, u64); 128]> = SmallVec::new();
        for (at, lane) in lanes.iter().enumerate() {
            lane.keys.name.each_pair(&lane.place, cache, |pair| pairs.push((at, pair)));
        }
        self.index.with_pairs(pairs.into_iter()).for_each(|(at, list)| blocks[at].words.push(list));
        blocks
    }

    /// Compares all accounts with the customers found for them.
    fn compare_all(&self, lanes: &mut [Lane], cache: &WordCache) {
        let found = || lanes.iter().flat_map(|lane| &lane.found);
        found().for_each(|at| self.index.prefetch_customer(*at));
        found().for_each(|at| self.index.prefetch_words_of(*at));
        for Lane { keys, place, found, compared, .. } in lanes.iter_mut() {
            if found.is_empty() {
                continue;
            }
            let side = keys.side(place, cache);
            compared.extend(found.iter().map(|at| {
                let customer = &self.index.customers[*at as usize];
                (*at, compare(self.index, customer, &side, self.matching).0)
            }));
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
        row: &AccountRow<'_>,
        Lane { keys, far, compared, .. }: &mut Lane,
        (floors, kept): (&Floors, &mut Candidates),
    ) -> Seen {
        let AccountRow { account, origin, .. } = row;
        let forced = self.forced(row);
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
            kept.add(candidate, *origin, forced.contains(customer));
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

/// Lists of customers that share something with the name of an account.
#[derive(Default)]
struct Blocks<'i> {
    /// The whole name.
    name: SmallVec<[&'i [Glance]; 2]>,
    /// A word, two words, or a word and the place.
    words: SmallVec<[&'i [Glance]; 16]>,
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
