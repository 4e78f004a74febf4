//! Passes in priority order, accounts in parallel; candidates per customer.

pub mod account;
mod contact;
mod kept;
mod pair;
mod step;

use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::account::{AccountKeys, WordCache};
pub use self::{
    contact::ContactAddresses,
    kept::{Candidates, DomainHolders, KEPT_PER_PASS, Kept},
    step::{candidates, contact_domains},
};
use crate::{
    compare::{
        AccountSide, Comparison, Level, NameSketch, Sketch, any_names_at_most, compare,
        keys_at_most, names_may_reach,
    },
    crm::{Account, Lifecycle, account_hash},
    index::{Index, LinkRules},
    normalise::place::{Place, PlaceRules, PlaceSketch},
    rules::Matching,
};

/// What is kept of an account that is a candidate for some customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AccountRecord {
    /// The CRM's account id.
    pub id: CompactString,
    /// The name as typed.
    pub name: CompactString,
    /// Its registrable domains, its own first, then those of its contacts.
    pub domains: SmallVec<[CompactString; 1]>,
    /// The city as typed.
    pub city: CompactString,
    /// The postal code as typed.
    pub postal_code: CompactString,
    /// The country as typed.
    pub country: CompactString,
    /// The state as typed.
    pub state: CompactString,
    /// The owner of the account.
    pub owner: CompactString,
    /// Microsoft ids as typed.
    pub microsoft_ids: Box<[Box<str>]>,
    /// The D-U-N-S number as typed.
    pub duns: CompactString,
    /// Whether the CRM has it switched off.
    pub inactive: bool,
}

impl AccountRecord {
    /// The place as it is compared.
    pub fn place(&self, rules: &PlaceRules) -> Place {
        rules.read(&self.country, &self.state, &self.postal_code, &self.city)
    }

    /// The first domain; empty when there is none.
    pub fn domain(&self) -> &str {
        self.domains.first().map_or("", |domain| domain)
    }
}

/// A customer and an account that some pass, or a verdict, brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position of the customer in `Customers::list`.
    pub customer: u32,
    /// The account.
    pub account: Arc<AccountRecord>,
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
    keys: AccountKeys,
    found: Vec<u32>,
    shared: Vec<u32>,
    sketch: NameSketch,
    compared: Vec<(u32, Comparison)>,
    /// What a pair must weigh to count for a customer, in hundredths of a bit: as much as the
    /// nearest so far, until there is one above the lower limit.
    floors: Vec<i32>,
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
    /// keeping. `key` is the join key of its id, `origin` where its row stood; `scratch` is new where
    /// `kept` is.
    pub fn link(
        &self,
        account: &Account<'_>,
        key: &str,
        origin: u64,
        scratch: &mut Scratch,
        kept: &mut Candidates,
    ) -> Seen {
        if matches!(account.lifecycle, Lifecycle::Deleted | Lifecycle::MergedInto(_)) {
            return Seen::Excluded;
        }
        let from_contacts: &[Box<str>] = if self.contact_domains.is_empty() {
            &[]
        } else {
            self.contact_domains.get(&account_hash(key)).map_or(&[], |domains| domains)
        };
        let Scratch { cache, keys, found, shared, sketch: name, compared, floors } = scratch;
        floors.resize(self.index.customers.len(), i32::MIN);
        keys.read(account, from_contacts, cache, self.index, self.rules);
        let place = self.rules.places.read(
            account.country,
            account.state,
            account.postal_code,
            account.city,
        );
        let sketch = keys.sketch(&place);
        self.find(keys, &sketch.place, cache, (found, shared));
        let forced = self.forced.get(key).map_or(&[][..], |customers| customers);
        found.extend(forced);
        found.sort_unstable();
        found.dedup();
        for (domain, _) in keys.domains.iter().filter(|(_, class)| class.is_usable()) {
            if !self.index.with_domain(domain).is_empty() {
                kept.hold(domain, &account.id);
            }
        }
        if found.is_empty() {
            return Seen::NoCustomer;
        }
        let side = keys.side(place, cache);
        name.read(&side.words);
        let asked = |customer: u32| match forced.contains(&customer) {
            true => f64::NEG_INFINITY,
            false => f64::from(floors[customer as usize]) / 100.0,
        };
        self.compare_all(found, &side, (&sketch, name), asked, compared);
        self.keep(account, keys, compared, (forced, floors), origin, kept)
    }

    /// The customers that share a key with the account, in no order, with repeats.
    fn find(
        &self,
        keys: &AccountKeys,
        place: &PlaceSketch,
        cache: &WordCache,
        (found, shared): (&mut Vec<u32>, &mut Vec<u32>),
    ) {
        found.clear();
        shared.clear();
        for (domain, _) in keys.domains.iter().filter(|(_, class)| class.is_usable()) {
            found.extend(self.index.with_domain(domain).iter().take(MAX_SHARED));
        }
        for id in &keys.ids {
            found.extend(self.index.with_id(id).iter().take(MAX_SHARED));
        }
        if let Some(duns) = keys.duns {
            found.extend(self.index.with_duns(duns).iter().take(MAX_SHARED));
        }
        let blocks = keys.name.blocks(cache);
        let several = keys.name.plain_words() > 1;
        found.extend(self.index.with_whole_name(keys.name.hash));
        // Under another place no name makes up for it, unless all of it or more than a word is shared.
        self.index.with_pair(&blocks, |customer| {
            if !self.index.is_far(customer, place) {
                found.push(customer);
            }
        });
        self.index.with_word(&blocks, |customer| shared.push(customer));
        shared.sort_unstable();
        let runs = shared.chunk_by(|one, other| one == other);
        let enough =
            |run: &&[u32]| !several || run.len() > 1 || !self.index.is_elsewhere(run[0], place);
        found.extend(runs.filter(enough).map(|run| run[0]));
    }

    /// Compares the account with the customers that can be near enough: as near as is asked for.
    fn compare_all(
        &self,
        found: &[u32],
        side: &AccountSide<'_>,
        (keys, name): (&Sketch, &NameSketch),
        asked: impl Fn(u32) -> f64,
        out: &mut Vec<(u32, Comparison)>,
    ) {
        out.clear();
        let any_names = any_names_at_most(self.matching);
        for at in found {
            let (sketch, words) = self.index.sketch(*at);
            let most = keys_at_most(sketch, keys, self.matching);
            let cities = (sketch.place.city().letters, keys.place.city().letters);
            let least = asked(*at) - ROUNDING;
            let may_reach = most + any_names >= least
                && names_may_reach(words, name, cities, least - most, self.matching);
            let customer = &self.index.customers[*at as usize];
            let compared = || compare(self.index, customer, side, self.matching).0;
            if may_reach {
                out.push((*at, compared()));
            } else {
                debug_assert!(f64::from(compared().weight) / 100.0 < least + ROUNDING);
            }
        }
    }

    fn keep(
        &self,
        account: &Account<'_>,
        keys: &AccountKeys,
        compared: &[(u32, Comparison)],
        (forced, floors): (&[u32], &mut [i32]),
        origin: u64,
        kept: &mut Candidates,
    ) -> Seen {
        let least = (self.matching.keep_weight() * 100.0).floor() as i32;
        let mut seen = Seen::NoCustomer;
        let near = |comparison: &Comparison| {
            let key = comparison.domain == Level::Agrees || comparison.id == Level::Agrees;
            key || comparison.score >= self.matching.limits.keep()
        };
        let best = best_two(compared.iter().filter(|(_, comparison)| near(comparison)));
        let mut record: Option<Arc<AccountRecord>> = None;
        for (customer, comparison) in compared {
            let forced = forced.contains(customer);
            let rival =
                if best[0] == Some((*customer, comparison.weight)) { best[1] } else { best[0] };
            let mut candidate = || Candidate {
                customer: *customer,
                account: Arc::clone(
                    record.get_or_insert_with(|| Arc::new(AccountRecord::new(account, keys))),
                ),
                comparison: *comparison,
                rival: rival.map(|(_, weight)| weight),
            };
            let floor = &mut floors[*customer as usize];
            if near(comparison) || forced {
                seen = Seen::Candidate;
                kept.add(candidate(), origin, forced);
                *floor = least;
            } else if comparison.weight >= *floor && *floor < least {
                *floor = kept
                    .add_nearest(*customer, comparison.weight, &account.id, candidate)
                    .min(least);
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

impl AccountRecord {
    fn new(account: &Account<'_>, keys: &AccountKeys) -> AccountRecord {
        AccountRecord {
            id: account.id.as_ref().into(),
            name: account.name.into(),
            domains: keys
                .domains
                .iter()
                .map(|(domain, _)| CompactString::from(&**domain))
                .collect(),
            city: account.city.into(),
            postal_code: account.postal_code.into(),
            country: account.country.into(),
            state: account.state.into(),
            owner: account.owner.into(),
            microsoft_ids: account.microsoft_ids.iter().map(|id| Box::from(*id)).collect(),
            duns: account.duns.into(),
            inactive: account.lifecycle == Lifecycle::Inactive,
        }
    }
}
