//! What a pair weighs at most, from a glance at the customer: most pairs that share a word are told
//! apart without looking at a letter.

use std::{iter::Sum, ops::Add};

use smallvec::SmallVec;

use super::{
    AccountSide, INITIAL, Level,
    glance::{
        Alone, CityCode, DomainCode, FormCode, Glance, PostalCode, RegionCode, WORDS, is_bare,
        key_of, key_of_id,
    },
};
use crate::{
    index::{
        likeness::Likeness,
        words::{WordClass, Words, canonical},
    },
    normalise::{
        place::{Place, typing_errors},
        remembered::Remembered,
    },
    rules::Matching,
};

/// An account as it is held against glances.
#[derive(Debug, Default)]
pub struct Bound {
    /// The words of its name.
    words: SmallVec<[Own; 8]>,
    /// What all of them say alone.
    all: Only,
    /// All their bits among the words of cities.
    in_cities: u16,
    /// What its words may stand for.
    meanings: Meanings,
    domains: SmallVec<[DomainCode; 4]>,
    /// Whether one of them is usable.
    usable: bool,
    city: City,
    /// Cities that have been read already.
    cities: Remembered<City>,
    postal_code: PostalCode,
    region: RegionCode,
    forms: SmallVec<[FormCode; 2]>,
    /// Whether it has neither a domain nor a place.
    bare: bool,
    /// Whether a word that is no particle may stand for one.
    stands_for_particles: bool,
    /// Two words written as one.
    joined: String,
}

/// The city of an account.
#[derive(Debug, Clone, Default)]
struct City {
    code: CityCode,
    /// Typing errors that it may have.
    errors: usize,
    /// Which words of the report it has: a customer's name does not miss them.
    words: SmallVec<[u32; 2]>,
}

impl City {
    fn of(city: &str, dictionary: &Words) -> City {
        let words = city.split(' ').filter(|part| part.len() >= 4);
        City {
            code: CityCode::of(city),
            errors: typing_errors(city.len()),
            words: words
                .filter_map(|word| dictionary.id(&canonical(word)))
                .map(key_of_id)
                .collect(),
        }
    }
}

/// A word of the account's name.
#[derive(Debug, Clone, Copy)]
struct Own {
    /// What it says where it is in this name only.
    alone: Only,
    /// Its bit among the words of cities.
    in_cities: u16,
}

/// A word of the report that words of the account may stand for.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    /// Which word of the report.
    key: u32,
    /// The positions of the account's words, as bits.
    at: u32,
    /// What the account's words tell, in hundredths of a bit.
    bits: u32,
    /// Whether they are the same but for typing errors only.
    typo: bool,
}

/// The words of the report that words of an account may stand for, each once.
#[derive(Debug)]
struct Meanings {
    /// One more than the position in `all` of the last word that falls into a slot; 0 for none.
    slots: [u16; SLOTS],
    /// The words, each with what stood in its slot before.
    all: Vec<(Meaning, u16)>,
}

/// Slots in which the words of an account are looked up.
const SLOTS: usize = 128;

impl Default for Meanings {
    fn default() -> Meanings {
        Meanings { slots: [0; SLOTS], all: Vec::new() }
    }
}

impl Meanings {
    fn clear(&mut self) {
        self.all.iter().for_each(|(meaning, _)| self.slots[meaning.key as usize % SLOTS] = 0);
        self.all.clear();
    }

    fn add(&mut self, new: Meaning) {
        if let Some(at) = self.position(new.key) {
            let known = &mut self.all[at].0;
            known.at |= new.at;
            known.bits = known.bits.max(new.bits);
            known.typo &= new.typo;
        } else {
            let slot = &mut self.slots[new.key as usize % SLOTS];
            self.all.push((new, *slot));
            *slot = self.all.len() as u16;
        }
    }

    fn get(&self, key: u32) -> Option<&Meaning> {
        self.position(key).map(|at| &self.all[at].0)
    }

    fn position(&self, key: u32) -> Option<usize> {
        let mut next = self.slots[key as usize % SLOTS];
        while let Some(at) = usize::from(next).checked_sub(1) {
            if self.all[at].0.key == key {
                return Some(at);
            }
            next = self.all[at].1;
        }
        None
    }
}

/// More than all words of a name tell, in hundredths of a bit.
const MANY: u32 = 1 << 24;

impl Bound {
    /// Asks for the memory in which the city of an account is looked for.
    pub(crate) fn prefetch_slot(&self, place: &Place) {
        self.cities.prefetch_slot(&place.city);
    }

    /// Asks for the memory of the city of an account, whose slot is at hand.
    pub(crate) fn prefetch_city(&self, place: &Place) {
        self.cities.prefetch_text(&place.city);
    }

    /// Reads an account.
    pub fn read(&mut self, account: &AccountSide<'_>, dictionary: &Words) {
        self.words.clear();
        self.meanings.clear();
        self.stands_for_particles = account.words.iter().any(|word| {
            word.stands_for_particle || (word.word.is_particle() && word.word.is_initial())
        });
        for (at, word) in account.words.iter().enumerate() {
            let bits = u32::from(word.word.bits);
            let meaning = |key, typo| Meaning { key, at: 1 << at, bits, typo };
            if key_of(&word.word) != 0 {
                self.meanings.add(meaning(key_of(&word.word), false));
            }
            for other in word.similar {
                self.meanings.add(meaning(key_of_id(other.id), other.how == Likeness::Typo));
            }
            for part in word.parts {
                self.meanings.add(Meaning { bits: MANY, ..meaning(key_of_id(*part), false) });
            }
            let alone = Only::of(Alone::of(&word.word), bits);
            self.words.push(Own { alone, in_cities: word.in_cities });
        }
        self.read_joined(account, dictionary);
        self.city = self.cities.get(&account.place.city, |city| City::of(city, dictionary));
        for key in &self.city.words {
            self.meanings.add(Meaning { key: *key, at: 0, bits: 0, typo: false });
        }
        self.all = self.words.iter().map(|word| word.alone).sum();
        self.in_cities = self.words.iter().fold(0, |bits, word| bits | word.in_cities);
        self.read_keys(account);
    }

    /// Words of the report that stand for two words of the account.
    fn read_joined(&mut self, account: &AccountSide<'_>, dictionary: &Words) {
        for (at, pair) in account.words.windows(2).enumerate() {
            let [first, second] = [&pair[0], &pair[1]];
            let whole = dictionary.joined([first.text, second.text], &mut self.joined);
            let cut = first.word.dotted.then(|| dictionary.cut_to(first.text, second.text));
            for id in whole.into_iter().chain(cut.into_iter().flatten()) {
                let key = key_of_id(id);
                self.stands_for_particles |= dictionary.class(id) == WordClass::Particle;
                self.meanings.add(Meaning { key, at: 0b11 << at, bits: MANY, typo: false });
            }
        }
    }

    fn read_keys(&mut self, account: &AccountSide<'_>) {
        let place = account.place;
        let codes = account.domains.iter().map(|(domain, class)| DomainCode::of(domain, *class));
        self.domains.clear();
        self.domains.extend(codes);
        self.usable = self.domains.iter().any(|own| own.is_usable());
        self.postal_code = PostalCode::of(&place.postal_code);
        self.region = RegionCode::of(place);
        let first = self.domains.first().copied().unwrap_or(DomainCode::NONE);
        self.forms.clear();
        self.forms.extend(account.forms.iter().map(|form| FormCode::of(&[*form])));
        self.bare = is_bare(first, self.city.code, self.postal_code);
    }

    /// What a pair with this account weighs at most, in bits; `None` where that is less than asked
    /// for. Not where a pass by key or the whole name brings the pair together.
    pub fn at_most(&self, customer: &Glance, asked: f64, rules: &Matching) -> Option<f64> {
        let keys = self.keys_at_most(customer, rules);
        if keys + any_names_at_most(rules) < asked {
            return None;
        }
        Some(keys + self.names_at_most(customer, rules)).filter(|most| *most >= asked)
    }

    /// Whether a pair with this account can weigh so much whatever the names are.
    pub fn may_reach(&self, customer: &Glance, asked: f64, rules: &Matching) -> bool {
        self.keys_at_most(customer, rules) + any_names_at_most(rules) >= asked
    }

    /// What a pair weighs at most but for its names, in bits.
    fn keys_at_most(&self, customer: &Glance, rules: &Matching) -> f64 {
        let weights = &rules.weights;
        let level = |level: Option<Level>, agrees: f64, differs: f64| match level {
            Some(Level::Agrees) => agrees,
            Some(Level::Differs) => differs,
            _ => 0.0,
        };
        let [countries, states] = self.region.at_best(customer.region);
        let postal_code = self.postal_code.at_best(customer.postal_code);
        let city = self.city.code.at_best(customer.city, self.city.errors);
        let elsewhere = states == Some(false);
        let bare = (self.bare || customer.is_bare()) && !elsewhere;
        rules.score.prior
            + self.domains_at_most(customer.domain, rules)
            + level(postal_code, weights.postal_agrees, weights.postal_differs)
            + level(city, weights.city_agrees.max(0.0), weights.city_differs)
            + states
                .map_or(0.0, |same| if same { weights.state_agrees } else { weights.state_differs })
            + if countries == Some(false) { weights.country_differs } else { 0.0 }
            + if bare { weights.names_only } else { 0.0 }
    }

    fn domains_at_most(&self, customer: DomainCode, rules: &Matching) -> f64 {
        let weights = &rules.weights;
        let named = weights.label_in_name.max(0.0);
        if customer == DomainCode::NONE || self.domains.is_empty() {
            let none = customer == DomainCode::NONE && self.domains.is_empty();
            return if none { 0.0 } else { named };
        }
        let comparable = customer.is_usable() && self.usable;
        named
            + if customer == DomainCode::SEVERAL || self.domains.contains(&customer) {
                weights.domain_agrees.max(0.0) + weights.place_moved.max(0.0)
            } else if comparable {
                weights.domain_differs.max(weights.domain_near).max(weights.domain_similar)
            } else {
                0.0
            }
    }

    /// What the names of a pair weigh at most, in bits, numbers aside.
    fn names_at_most(&self, customer: &Glance, rules: &Matching) -> f64 {
        let weights = &rules.weights;
        let mut matched = customer.rest_at_most();
        let (mut used, mut left) = (0u32, Only::default());
        let (mut typos, mut count) = ([0u32; WORDS], 0);
        for word in customer.words.iter().filter(|word| word.is_word()) {
            match self.meanings.get(word.key()) {
                None => left = left + Only::of(word.alone(), word.least()),
                Some(meant) => {
                    let told = if meant.bits == MANY { MANY } else { meant.bits.min(word.most()) };
                    matched = matched.saturating_add(told);
                    if meant.typo {
                        typos[count] = meant.at;
                        count += 1;
                    } else {
                        used |= meant.at;
                    }
                }
            }
        }
        let mut errors = 0;
        for at in &typos[..count] {
            errors += u32::from(at & used == 0);
            used |= at;
        }
        // Words that are not in the glance may stand for any of the account's.
        let right = match customer.has_rest() {
            (_, true) => Only::default(),
            (true, _) if self.stands_for_particles => Only::default(),
            _ => self.missed(used, customer.city),
        };
        let differ = customer.form.is_none_of(&self.forms);
        let bits = |hundredths: u32| f64::from(hundredths) * 0.01;
        let best = match (left.sum(), right.sum()) {
            (0, 0) => weights.complete,
            (0, _) | (_, 0) => weights.beginning.max(0.0),
            _ => 0.0,
        };
        let sum = (bits(matched) * weights.matched).min(weights.most)
            + best
            + f64::from(errors) * weights.typos
            + bits(left.plain + right.plain) * weights.extra_plain
            + bits(left.weak + right.weak) * weights.extra_weak
            + bits(left.sum().min(right.sum())) * weights.instead
            + if differ { weights.forms_differ } else { 0.0 };
        let least = if matched == 0 { weights.least.max(weights.acronym) } else { weights.least };
        sum.max(least)
    }

    /// What the words of the account say of which none is used and none is in the customer's city.
    fn missed(&self, used: u32, city: CityCode) -> Only {
        let in_city = city.may_have(self.in_cities);
        let counts = |(at, word): &(usize, &Own)| {
            used & (1 << at) == 0 && !(in_city && city.may_have(word.in_cities))
        };
        match used {
            0 if !in_city => self.all,
            _ => self.words.iter().enumerate().filter(counts).map(|(_, word)| word.alone).sum(),
        }
    }
}

/// The bits of words that only one side has, in hundredths.
#[derive(Debug, Clone, Copy, Default)]
struct Only {
    plain: u32,
    weak: u32,
}

impl Only {
    fn of(alone: Alone, bits: u32) -> Only {
        match alone {
            Alone::Plain => Only { plain: bits, weak: 0 },
            Alone::Weak => Only { plain: 0, weak: bits },
            Alone::Initial => Only { plain: (INITIAL * 100.0) as u32, weak: 0 },
            Alone::Nothing => Only::default(),
        }
    }

    fn sum(self) -> u32 {
        self.plain + self.weak
    }
}

impl Add for Only {
    type Output = Only;

    fn add(self, other: Only) -> Only {
        Only { plain: self.plain + other.plain, weak: self.weak + other.weak }
    }
}

impl Sum for Only {
    fn sum<I: Iterator<Item = Only>>(all: I) -> Only {
        all.fold(Only::default(), Only::add)
    }
}

/// What the names of any pair weigh at most, in bits.
fn any_names_at_most(rules: &Matching) -> f64 {
    rules.weights.most + rules.weights.complete.max(0.0)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{
        compare::compare,
        crm::Account,
        index::{Index, LinkRules},
        link::account::{AccountKeys, WordCache},
        report::Customer,
    };
    use proptest::prelude::*;

    static RULES: LazyLock<(LinkRules, Matching)> = LazyLock::new(|| {
        let rules = LinkRules::load(None, &[]).expect("the built-in tables");
        (rules, Matching::load(None).expect("the built-in parameters"))
    });

    /// Words of all kinds: rare, weak, mistyped, cut off, joined, particles, initials, numbers, forms.
    const WORDS: [&str; 32] = [
        "Brommelkamp",
        "Bromelkamp",
        "Quellbrink",
        "Quell",
        "Brink",
        "Quellb.",
        "Tarnow",
        "Kiel",
        "Autohaus",
        "Autoh.",
        "Auto",
        "Haus",
        "Nord",
        "Nordwest",
        "West",
        "Group",
        "Services",
        "von",
        "der",
        "vonder",
        "de",
        "la",
        "J",
        "E",
        "II",
        "2",
        "3",
        "GmbH",
        "KG",
        "AG",
        "S.A.",
        "&",
    ];
    const DOMAINS: [&str; 4] = ["quellbrink.de", "brommelkamp.de", "nordwest.com", ""];

    /// A name, a domain, a city and a state.
    type Drawn = (String, &'static str, &'static str, &'static str);

    fn drawn() -> impl Strategy<Value = Drawn> {
        let word = prop::sample::select(&WORDS[..]);
        let name = prop::collection::vec(word, 1..9).prop_map(|words| words.join(" "));
        let select = |of: &'static [&'static str]| prop::sample::select(of);
        (name, select(&DOMAINS), select(&["Kiel", "Kehl", "Ulm", ""]), select(&["CA", "TX", ""]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_pair_weighs_more_than_it_does_at_most(
            left in prop::collection::vec(drawn(), 1..6),
            right in prop::collection::vec(drawn(), 1..6),
        ) {
            let (rules, matching) = &*RULES;
            let customer = |(name, domain, city, state): &Drawn| Customer {
                name: name.as_str().into(),
                domain: (*domain).into(),
                city: (*city).into(),
                state: (*state).into(),
                ..Customer::default()
            };
            let index = Index::build(&left.iter().map(customer).collect::<Vec<_>>(), rules);
            let (mut cache, mut keys) = (WordCache::default(), AccountKeys::default());
            let mut bound = Bound::default();
            for (name, domain, city, state) in &right {
                let websites = [*domain].into_iter().filter(|domain| !domain.is_empty()).collect();
                let account = Account { name, websites, city, state, ..Account::default() };
                keys.read(&account, &[], &mut cache, &index, rules);
                let place = rules.places.read("", state, "", city);
                let side = keys.side(&place, &cache);
                bound.read(&side, &index.words);
                for (at, prepared) in index.customers.iter().enumerate() {
                    let (of, _) = compare(&index, prepared, &side, matching);
                    let glance = Glance::of(at as u32, prepared);
                    // Pairs by key are not bounded, those of one whole name only by their keys.
                    let mut same =
                        keys.name.hashes.iter().flat_map(|hash| index.with_whole_name(*hash));
                    let most = match same.any(|same| same.customer == glance.customer) {
                        true => {
                            let keys = bound.keys_at_most(&glance, matching);
                            Some(keys + any_names_at_most(matching))
                        }
                        false => bound.at_most(&glance, f64::NEG_INFINITY, matching),
                    };
                    prop_assert!(
                        of.domain == Level::Agrees
                            || f64::from(of.weight) / 100.0 <= most.unwrap_or(f64::INFINITY) + 0.01,
                        "{:?} and {account:?}: {of:?}, at most {most:?}", left[at]
                    );
                }
            }
        }
    }
}
