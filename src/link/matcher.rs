//! One account after the other against the index: the steps from its row to candidates.

use std::{cell::RefCell, sync::Arc};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;
use thread_local::ThreadLocal;

use super::{
    AccountRecord, AccountRow, Candidate, Candidates, ContactDomains, Seen, Thresholds,
    batch::{BATCH_SIZE, Batch, Compared, Miss, Pair, Pairs},
    keys::AccountKeys,
    word_cache::{SharedWords, WordCache},
};
use crate::{
    compare::{AccountSide, AtMost, Comparison, Evidence, Matching, UpperBound, compare},
    index::{Index, LinkRules},
    normalise::{
        company::CompanyName,
        place::{KnownPlaces, Place},
    },
    text::id::account_hash,
};

/// Pairs that a person judged: the join key of an account to customers.
pub type PinnedPairs = FxHashMap<Box<str>, Vec<u32>>;

/// Links accounts with the customers of an index: all that it needs and that does not change while
/// accounts stream.
pub struct Matcher<'r> {
    /// The report side.
    pub(crate) index: &'r Index,
    /// The tables.
    pub(crate) rules: &'r LinkRules,
    /// The parameters.
    pub(crate) matching: &'r Matching,
    /// What fields weigh at most by them.
    pub(super) most: AtMost<'r>,
    contact_domains: &'r ContactDomains,
    pinned: &'r PinnedPairs,
    /// Accounts that are kept whether or not they are candidates, by join key.
    watched: &'r FxHashSet<Box<str>>,
    /// Words that some thread has looked up.
    words: Arc<SharedWords>,
    /// What each thread reuses from pair to pair.
    scratch: ThreadLocal<RefCell<Scratch>>,
}

/// What a thread reuses from account to account.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) cache: WordCache,
    pub(crate) places: KnownPlaces,
    bound: UpperBound,
    batch: Batch,
    pairs: Pairs,
    /// The keys of a single account.
    pub(super) keys: AccountKeys,
    /// The name of a single customer.
    name: CompanyName,
}

impl<'r> Matcher<'r> {
    /// Links by the keys of accounts alone.
    pub fn new(index: &'r Index, rules: &'r LinkRules, matching: &'r Matching) -> Matcher<'r> {
        static NO_DOMAINS: ContactDomains = FxHashMap::with_hasher(FxBuildHasher);
        static NO_PAIRS: PinnedPairs = FxHashMap::with_hasher(FxBuildHasher);
        static NO_ACCOUNTS: FxHashSet<Box<str>> = FxHashSet::with_hasher(FxBuildHasher);
        Matcher {
            index,
            rules,
            matching,
            most: AtMost::of(matching),
            contact_domains: &NO_DOMAINS,
            pinned: &NO_PAIRS,
            watched: &NO_ACCOUNTS,
            words: Arc::default(),
            scratch: ThreadLocal::new(),
        }
    }

    /// Links also by the domains that accounts hold through their contacts.
    #[must_use]
    pub fn with_contact_domains(self, contact_domains: &'r ContactDomains) -> Matcher<'r> {
        Matcher { contact_domains, ..self }
    }

    /// Makes candidates of pairs that a person judged, even where no pass finds them.
    #[must_use]
    pub fn with_pinned(self, pinned: &'r PinnedPairs) -> Matcher<'r> {
        Matcher { pinned, ..self }
    }

    /// Keeps some accounts, by join key, whether or not they are candidates.
    #[must_use]
    pub(crate) fn with_watched(self, watched: &'r FxHashSet<Box<str>>) -> Matcher<'r> {
        Matcher { watched, ..self }
    }

    /// Compares accounts, [`BATCH_SIZE`] at most, with the customers that share a key, and adds the
    /// pairs that are worth keeping to `candidates`; `thresholds` are those of all candidates that
    /// are merged in the end. Says of each account whether it is a candidate.
    pub(crate) fn link(
        &self,
        scratch: &mut Scratch,
        rows: &[AccountRow<'_>],
        thresholds: &Thresholds,
        candidates: &mut Candidates,
    ) -> SmallVec<[Seen; BATCH_SIZE]> {
        let Scratch { cache, places, bound, batch, pairs, .. } = scratch;
        cache.make_room(&self.words);
        pairs.clear();
        self.read(rows, batch, cache, places);
        let words = batch.words(cache);
        let sides = batch.sides(&words);
        self.pair_by_key(rows, batch, pairs, candidates);
        self.pair_by_name(batch, &sides, (cache, bound), thresholds, pairs);
        self.compare(&sides, pairs);
        let accounts = rows.iter().zip(batch.accounts()).enumerate();
        let keep = |(at, (row, (keys, _)))| {
            let seen = self.keep(row, keys, pairs.of(at), (thresholds, &mut *candidates));
            if pairs.holds(at) { seen.max(Seen::Nearest) } else { seen }
        };
        accounts.map(keep).collect()
    }

    /// Reads the keys and the places of accounts.
    fn read(
        &self,
        rows: &[AccountRow<'_>],
        batch: &mut Batch,
        cache: &mut WordCache,
        places: &mut KnownPlaces,
    ) {
        let (keys, read) = batch.start(rows.len());
        let mut names: Vec<&mut CompanyName> =
            keys.iter_mut().map(|keys| &mut keys.name.name).collect();
        let raw = rows.iter().map(|row| row.account.name);
        self.rules.names.read_all(raw, &mut cache.words, &mut names);
        for keys in keys.iter_mut() {
            keys.name.look_up(cache, self.index, self.rules);
        }
        for (row, keys) in rows.iter().zip(keys) {
            keys.read_but_name(&row.account, self.domains_by_contacts(row), self.rules);
        }
        read.extend(rows.iter().map(|AccountRow { account, .. }| {
            let place = [account.country, account.state, account.postal_code];
            self.rules.places.read_again(place, account.city, places)
        }));
    }

    /// The domains that an account holds through its contacts.
    fn domains_by_contacts(&self, row: &AccountRow<'_>) -> &[Box<str>] {
        if self.contact_domains.is_empty() {
            return &[];
        }
        self.contact_domains.get(&account_hash(&row.key())).map_or(&[], |domains| domains)
    }

    /// The customers that a person judged together with an account.
    pub(super) fn pinned(&self, row: &AccountRow<'_>) -> &[u32] {
        if self.pinned.is_empty() {
            return &[];
        }
        self.pinned.get(&*row.key()).map_or(&[][..], |customers| customers)
    }

    /// Compares all pairs that may be near.
    fn compare(&self, sides: &[AccountSide<'_>], Pairs { near, compared, .. }: &mut Pairs) {
        near.sort_unstable();
        near.dedup();
        compared.extend(near.iter().map(|pair| {
            let customer = &self.index.customers[pair.customer as usize];
            let side = &sides[pair.account as usize];
            (*pair, compare(self.index, customer, side, self.matching).0)
        }));
    }

    /// Adds what was found for an account to the candidates.
    fn keep(
        &self,
        row: &AccountRow<'_>,
        keys: &AccountKeys,
        (compared, misses): (&[Compared], &[Miss]),
        (thresholds, candidates): (&Thresholds, &mut Candidates),
    ) -> Seen {
        let pinned = self.pinned(row);
        let least = (self.matching.keep_weight() * 100.0).floor() as i32;
        let limit = self.matching.limits.keep();
        let is_kept = |(Pair { customer, .. }, comparison): &&Compared| {
            comparison.reaches(limit) || comparison.same_name || pinned.contains(customer)
        };
        let mut record: Option<AccountRecord> = None;
        let mut record =
            || record.get_or_insert_with(|| AccountRecord::new(&row.account, keys)).clone();
        if !self.watched.is_empty() && self.watched.contains(&*row.key()) {
            candidates.watch(record());
        }
        let mut seen = Seen::NoCustomer;
        for (Pair { customer, .. }, comparison) in compared.iter().filter(is_kept) {
            let (account, comparison) = (record(), *comparison);
            let candidate = Candidate { customer: *customer, account, comparison };
            candidates.add(candidate, row.origin, pinned.contains(customer));
            seen = Seen::Candidate;
            thresholds.raise(*customer, least);
        }
        let light = compared.iter().filter(|compared| !is_kept(compared));
        let light = light.map(|(pair, comparison)| (*pair, comparison.weight));
        for (Pair { customer, .. }, most) in misses.iter().copied().chain(light) {
            if f64::from(most) / 100.0 >= thresholds.bits(customer) {
                let (id, weighs) = (&row.account.id, (most, row.origin));
                let nearest = candidates.add_near_miss(customer, weighs, id, &mut record);
                if nearest == Some(most) {
                    seen = seen.max(Seen::Nearest);
                }
                thresholds.raise(customer, nearest.unwrap_or(least));
            }
        }
        seen
    }
}

/// A pair of which both names are read.
pub(crate) struct NamedPair<'p> {
    /// The customer.
    pub(crate) customer: u32,
    /// Its name as typed.
    pub(crate) name: &'p str,
    /// The account.
    pub(crate) account: &'p AccountRecord,
}

/// Questions about single pairs that a run leaves open.
impl Matcher<'_> {
    /// Lends what this thread reuses from pair to pair, with room for the names of some accounts; to
    /// a question within a question something new.
    pub(crate) fn with_scratch<T>(&self, ask: impl FnOnce(&mut Scratch) -> T) -> T {
        let Ok(mut scratch) = self.scratch.get_or_default().try_borrow_mut() else {
            return ask(&mut Scratch::default());
        };
        scratch.cache.make_room(&self.words);
        ask(&mut scratch)
    }

    /// Compares a customer with what was kept of an account, by the same code as the run's, and hands
    /// over what the comparison saw.
    pub(crate) fn compare_again<T>(
        &self,
        customer: u32,
        account: &AccountRecord,
        see: impl FnOnce(&AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        self.with_scratch(|scratch| {
            self.compare_with(scratch, customer, account, |_, side, comparison, evidence| {
                see(side, comparison, evidence)
            })
        })
    }

    /// As [`Matcher::compare_again`], with the names of both.
    pub(crate) fn compare_named<T>(
        &self,
        NamedPair { customer, name, account }: &NamedPair<'_>,
        see: impl FnOnce([&CompanyName; 2], &AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        self.with_scratch(|scratch| {
            let mut read = std::mem::take(&mut scratch.name);
            self.rules.names.read(name, &mut scratch.cache.words, &mut read);
            let seen =
                self.compare_with(scratch, *customer, account, |other, side, of, evidence| {
                    see([&read, other], side, of, evidence)
                });
            scratch.name = read;
            seen
        })
    }

    fn compare_with<T>(
        &self,
        Scratch { cache, places, keys, .. }: &mut Scratch,
        customer: u32,
        account: &AccountRecord,
        see: impl FnOnce(&CompanyName, &AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        keys.reread(account, cache, self.index, self.rules);
        let place = account.place(&self.rules.places, places);
        let words = keys.name.refs(&place, cache);
        let side = keys.side(&words, &place);
        let record = &self.index.customers[customer as usize];
        let (comparison, evidence) = compare(self.index, record, &side, self.matching);
        see(&keys.name.name, &side, &comparison, &evidence)
    }

    /// The place of an account as it is compared.
    pub(crate) fn place(&self, account: &AccountRecord) -> Place {
        self.with_scratch(|scratch| account.place(&self.rules.places, &mut scratch.places))
    }

    /// The nearest miss of a customer that has no candidate: the account that could weigh most.
    pub(crate) fn nearest(&self, customer: u32, candidates: &Candidates) -> Option<Candidate> {
        let account = candidates.near_miss(customer)?.clone();
        let comparison = self.compare_again(customer, &account, |_, of, _| *of);
        Some(Candidate { customer, account, comparison })
    }
}
