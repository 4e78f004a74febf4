//! Passes in priority order, accounts in parallel; candidates per customer.

#[cfg(test)]
mod bound;
mod candidates;
mod contact_domains;
pub mod keys;
mod pair;
mod record;
mod steps;
mod thresholds;
pub mod word_cache;

use std::{borrow::Cow, sync::Mutex};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub use self::{
    candidates::{CandidateEntry, Candidates, DomainHolders, KEPT_PER_PASS},
    contact_domains::ContactAddresses,
    pair::{FoundBy, Ground, compare_again},
    record::{AccountFields, AccountRecord, ById},
    steps::{candidates, contact_domains},
    thresholds::Thresholds,
};
use self::{keys::AccountKeys, word_cache::WordCache};
pub(crate) use self::{
    pair::{Named, compare_named},
    word_cache::LookedUp,
};
use crate::{
    compare::{AccountSide, AtMost, Comparison, Level, UpperBound, compare, parameters::Matching},
    crm::Account,
    index::{Index, LinkRules, WordRef, signature::Signature},
    normalise::{
        company::CompanyName,
        place::{KnownPlaces, Place},
    },
    text::{
        id::{account_hash, join_key},
        interner::Key,
    },
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
    found: Vec<Found>,
    bound: UpperBound,
    /// The keys of a single account.
    keys: AccountKeys,
    /// The name of a single customer.
    pub(crate) name: CompanyName,
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
    /// The name of a customer with whom it is compared again.
    customer: CompanyName,
}

/// The customers that an account on its way met.
#[derive(Debug, Default)]
struct Found {
    /// Those to compare it with.
    near: Vec<u32>,
    /// Those to whom it is too far, with what it weighs at most, in hundredths of a bit.
    far: Vec<(u32, i32)>,
    compared: Vec<(u32, Comparison)>,
}

impl Found {
    /// All of them.
    fn met(&self) -> impl Iterator<Item = u32> {
        self.near.iter().copied().chain(self.far.iter().map(|(customer, _)| *customer))
    }

    fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
        self.compared.clear();
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

/// How many accounts go through the steps together. More need more memory near the processor; fewer
/// wait more often for what is far, and for the code of each step.
pub const TOGETHER: usize = 64;

impl Linker<'_> {
    /// Compares accounts, [`TOGETHER`] at most, with the customers that share a key, and keeps the
    /// pairs that are worth keeping; `floors` are those of all that is put together with `kept`.
    /// Tells for each account whether it is a candidate.
    pub fn link(
        &self,
        rows: &[AccountRow<'_>],
        kept: (&Thresholds, &mut Candidates),
    ) -> SmallVec<[Seen; TOGETHER]> {
        self.index.spare.lend(|scratch| self.link_with(scratch, rows, kept))
    }

    fn link_with(
        &self,
        Scratch { cache, places, lanes, found, bound, .. }: &mut Scratch,
        rows: &[AccountRow<'_>],
        (floors, kept): (&Thresholds, &mut Candidates),
    ) -> SmallVec<[Seen; TOGETHER]> {
        lanes.resize_with(lanes.len().max(rows.len()), Lane::default);
        found.resize_with(found.len().max(rows.len()), Found::default);
        let (lanes, found) = (&mut lanes[..rows.len()], &mut found[..rows.len()]);
        found.iter_mut().for_each(Found::clear);
        self.read_all(rows, lanes, (cache, places, bound));
        let mut words = Vec::with_capacity(lanes.len() * 8);
        lanes.iter().for_each(|lane| lane.keys.name.add_refs(&lane.place, cache, &mut words));
        let sides = sides(lanes, &words);
        self.find_by_key(rows, lanes, found, kept);
        let blocks = self.blocks(lanes, cache);
        self.find_by_name(&sides, &blocks, found, (bound, floors));
        self.compare_all(&sides, found);
        let met = || found.iter().flat_map(Found::met);
        met().for_each(|customer| kept.prefetch_slot(customer));
        met().for_each(|customer| kept.prefetch(customer));
        let all = rows.iter().zip(lanes.iter()).zip(found);
        all.map(|((row, lane), found)| self.keep(row, &lane.keys, found, (floors, kept))).collect()
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
        (cache, places, bound): (&mut WordCache, &mut KnownPlaces, &UpperBound),
    ) {
        let cities = rows.iter().map(|row| Key::from(row.account.city));
        let cities: SmallVec<[Key<'_>; TOGETHER]> = cities.collect();
        for ((row, city), lane) in rows.iter().zip(&cities).zip(lanes.iter_mut()) {
            lane.keys.name.fold(row.account.name, cache, self.rules);
            places.prefetch_slot(*city);
        }
        for (city, lane) in cities.iter().zip(lanes.iter()) {
            lane.keys.name.prefetch_words(cache);
            places.prefetch_city(*city);
        }
        let by_contacts = rows.iter().map(|row| self.domains_by_contacts(row));
        let by_contacts: SmallVec<[&[Box<str>]; TOGETHER]> = by_contacts.collect();
        for lane in lanes.iter_mut() {
            lane.keys.name.read_folded(cache, self.index, self.rules);
        }
        for ((row, domains), lane) in rows.iter().zip(by_contacts).zip(lanes.iter_mut()) {
            lane.keys.read_but_name(&row.account, domains, self.rules);
        }
        for ((AccountRow { account, .. }, city), lane) in
            rows.iter().zip(cities).zip(lanes.iter_mut())
        {
            let place = [account.country, account.state, account.postal_code];
            lane.place = self.rules.places.read_again(place, city, places);
            bound.prefetch_slot(&lane.place);
            lane.keys.name.prefetch(cache);
        }
        lanes.iter().for_each(|lane| bound.prefetch_city(&lane.place));
    }

    /// The domains that an account holds through its contacts.
    fn domains_by_contacts(&self, row: &AccountRow<'_>) -> &[Box<str>] {
        if self.contact_domains.is_empty() {
            return &[];
        }
        self.contact_domains.get(&account_hash(&row.key())).map_or(&[], |domains| domains)
    }

    /// The customers that hold a domain or a number of an account, or that a person judged.
    fn find_by_key(
        &self,
        rows: &[AccountRow<'_>],
        lanes: &[Lane],
        found: &mut [Found],
        kept: &mut Candidates,
    ) {
        let few = |customers: &'_ [u32]| customers.len().min(MAX_SHARED);
        let usable = lanes.iter().enumerate().flat_map(|(at, lane)| {
            let usable = lane.keys.domains.iter().filter(|(_, class)| class.is_usable());
            usable.map(move |(domain, _)| ((at, domain.as_str()), domain.as_str()))
        });
        for ((at, domain), customers) in self.index.with_domains(usable) {
            kept.hold(domain, &rows[at].account.id);
            found[at].near.extend(&customers[..few(customers)]);
        }
        for ((row, Lane { keys, .. }), Found { near, .. }) in rows.iter().zip(lanes).zip(found) {
            for id in &keys.ids {
                let customers = self.index.with_id(id);
                near.extend(&customers[..few(customers)]);
            }
            if let Some(duns) = keys.duns {
                let customers = self.index.with_duns(duns);
                near.extend(&customers[..few(customers)]);
            }
            near.extend(self.forced(row));
        }
    }

    /// The customers that share the whole name, a word or two words with each account.
    fn blocks(&self, lanes: &[Lane], cache: &WordCache) -> Blocks<'_> {
        let all = || lanes.iter().enumerate();
        let mut words = Vec::with_capacity(lanes.len() * 8);
        for (at, lane) in all() {
            for word in lane.keys.name.rare(cache) {
                self.index.prefetch_word(word);
                words.push((at, self.index.with_word(word)));
            }
        }
        let names = all().flat_map(|(at, lane)| {
            lane.keys.name.hashes.clone().into_iter().map(move |hash| (at, hash))
        });
        let names = self.index.with_whole_names(names).collect();
        let mut pairs = Vec::with_capacity(lanes.len() * 8);
        for (at, lane) in all() {
            lane.keys.name.each_pair(&lane.place, cache, |pair| pairs.push((at, pair)));
        }
        let pairs = self.index.with_pairs(pairs.into_iter()).collect();
        Blocks { names, words, pairs }
    }

    /// The customers that share words with an account: those that may be near, and with what they
    /// weigh at most those that may be nearest.
    fn find_by_name(
        &self,
        sides: &[AccountSide<'_>],
        blocks: &Blocks<'_>,
        found: &mut [Found],
        (bound, floors): (&mut UpperBound, &Thresholds),
    ) {
        let most = AtMost::of(self.matching);
        let glances = blocks.words.iter().chain(&blocks.pairs).flat_map(|(_, list)| *list);
        glances.for_each(|glance| floors.prefetch(glance.customer));
        let mut rest: [Lists<'_>; 3] = [&blocks.names, &blocks.words, &blocks.pairs];
        for (at, (side, found)) in sides.iter().zip(found).enumerate() {
            let of = rest.each_mut().map(|rest| take_of(at, rest));
            if of.iter().any(|lists| !lists.is_empty()) {
                self.glance(side, of, found, (bound, &most, floors));
            }
            found.near.sort_unstable();
            found.near.dedup();
        }
    }

    /// Glances at the customers of some blocks.
    fn glance(
        &self,
        side: &AccountSide<'_>,
        [names, words, pairs]: [Lists<'_>; 3],
        Found { near, far, .. }: &mut Found,
        (bound, most, floors): (&mut UpperBound, &AtMost<'_>, &Thresholds),
    ) {
        let keep = self.matching.keep_weight() - ROUNDING;
        bound.read(side, &self.index.words);
        let same = || names.iter().flat_map(|(_, list)| *list);
        let reach = same().filter(|glance| bound.may_reach(glance, keep, most));
        near.extend(reach.map(|glance| glance.customer));
        for glance in words.iter().chain(pairs).flat_map(|(_, list)| *list) {
            match bound.at_most(glance, floors.bits(glance.customer), most) {
                Some(sum) if sum >= keep => near.push(glance.customer),
                Some(sum) => far.push((glance.customer, (sum * 100.0).floor() as i32)),
                None => {}
            }
            debug_assert!(
                same().any(|same| same.customer == glance.customer)
                    || near.contains(&glance.customer)
                    || self.is_bounded(glance, side, (bound, most)),
                "{:?}: {glance:?}",
                side.words
            );
        }
    }

    /// Compares all accounts with the customers found for them.
    fn compare_all(&self, sides: &[AccountSide<'_>], found: &mut [Found]) {
        let near = || found.iter().flat_map(|found| &found.near);
        near().for_each(|at| self.index.prefetch_customer(*at));
        near().for_each(|at| self.index.prefetch_words_of(*at));
        for (side, Found { near, compared, .. }) in sides.iter().zip(found) {
            compared.extend(near.iter().map(|at| {
                let customer = &self.index.customers[*at as usize];
                (*at, compare(self.index, customer, side, self.matching).0)
            }));
        }
    }

    /// Whether a pair weighs no more than it was said to weigh at most. Pairs by key aside.
    fn is_bounded(
        &self,
        glance: &Signature,
        side: &AccountSide<'_>,
        (bound, most): (&UpperBound, &AtMost<'_>),
    ) -> bool {
        let customer = &self.index.customers[glance.customer as usize];
        let (of, _) = compare(self.index, customer, side, self.matching);
        let most = bound.at_most(glance, f64::NEG_INFINITY, most).unwrap_or(f64::INFINITY);
        [of.domain, of.id].contains(&Level::Agrees)
            || f64::from(of.weight) / 100.0 <= most + ROUNDING
    }

    fn keep(
        &self,
        row: &AccountRow<'_>,
        keys: &AccountKeys,
        Found { far, compared, .. }: &mut Found,
        (floors, kept): (&Thresholds, &mut Candidates),
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

/// Lists of customers, each with the position of the account with which they share something.
type Lists<'i> = &'i [(usize, &'i [Signature])];

/// Lists of customers that share something with the names of accounts, in the order of the accounts.
struct Blocks<'i> {
    /// The whole name.
    names: Vec<(usize, &'i [Signature])>,
    /// A word.
    words: Vec<(usize, &'i [Signature])>,
    /// Two words, or a word and the place.
    pairs: Vec<(usize, &'i [Signature])>,
}

/// Accounts as the comparison sees them, with the words of all.
fn sides<'k>(lanes: &'k [Lane], words: &'k [WordRef<'k>]) -> Vec<AccountSide<'k>> {
    let mut rest = words;
    let side = |lane: &'k Lane| {
        let (own, others) = rest.split_at(lane.keys.name.word_count());
        rest = others;
        lane.keys.side(own, &lane.place)
    };
    lanes.iter().map(side).collect()
}

/// Takes the lists of an account off the front.
fn take_of<'i>(account: usize, rest: &mut Lists<'i>) -> Lists<'i> {
    let (own, others) = rest.split_at(rest.iter().take_while(|(at, _)| *at == account).count());
    *rest = others;
    own
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
