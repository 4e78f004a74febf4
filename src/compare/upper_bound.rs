//! What a pair weighs at most, from a glance at the customer: most pairs that share a word are told
//! apart without looking at a letter.

use std::{iter::Sum, ops::Add};

use smallvec::SmallVec;

use super::{
    AccountSide, INITIAL,
    meanings::{Meaning, Meanings},
};
use crate::{
    compare::parameters::{Matching, Weights},
    index::{
        dictionary::{Dictionary, WordClass, canonical},
        signature::{
            Alone, BestLevel, CityCode, DomainCode, FormCode, PostalCode, RegionCode, Signature,
            WORDS, is_bare, key_of, key_of_id,
        },
    },
    normalise::place::typing_errors,
    text::{distance::Likeness, interner::Interner},
};

/// An account as it is held against glances.
#[derive(Debug, Default)]
pub struct UpperBound {
    /// The words of its name.
    words: Vec<Own>,
    /// What all of them say alone.
    all: Only,
    /// All their bits among the words of cities.
    in_cities: u16,
    /// What its words may stand for.
    meanings: Meanings,
    domains: Vec<DomainCode>,
    /// Whether one of them is usable.
    usable: bool,
    city: City,
    /// Cities that have been read already.
    cities: Interner<City>,
    postal_code: PostalCode,
    region: RegionCode,
    forms: Vec<FormCode>,
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
    fn of(city: &str, dictionary: &Dictionary) -> City {
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

/// More than all words of a name tell, in hundredths of a bit.
const MANY: u32 = 1 << 24;

impl UpperBound {
    /// Reads an account.
    pub fn read(&mut self, account: &AccountSide<'_>, dictionary: &Dictionary) {
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
    fn read_joined(&mut self, account: &AccountSide<'_>, dictionary: &Dictionary) {
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
    pub fn at_most(&self, customer: &Signature, asked: f64, most: &AtMost<'_>) -> Option<f64> {
        let keys = self.keys_at_most(customer, most);
        if keys + most.names < asked {
            return None;
        }
        Some(keys + self.names_at_most(customer, most)).filter(|sum| *sum >= asked)
    }

    /// Whether a pair with this account can weigh so much whatever the names are.
    pub fn may_reach(&self, customer: &Signature, asked: f64, most: &AtMost<'_>) -> bool {
        self.keys_at_most(customer, most) + most.names >= asked
    }

    /// What a pair weighs at most but for its names, in bits.
    fn keys_at_most(&self, customer: &Signature, most: &AtMost<'_>) -> f64 {
        let [country, state] = self.region.at_best(customer.region);
        let postal_code = self.postal_code.at_best(customer.postal_code);
        let city = self.city.code.at_best(customer.city, self.city.errors);
        let bare = (self.bare | customer.is_bare()) & (state != BestLevel::Differs);
        most.prior
            + most.domain[self.domain_at_best(customer.domain)]
            + most.postal_code[postal_code as usize]
            + most.city[city as usize]
            + most.state[state as usize]
            + most.country[country as usize]
            + most.bare[usize::from(bare)]
    }

    /// How the domains compare at best, as a position in [`AtMost::domain`].
    fn domain_at_best(&self, customer: DomainCode) -> usize {
        if customer == DomainCode::NONE || self.domains.is_empty() {
            return usize::from(customer != DomainCode::NONE || !self.domains.is_empty());
        }
        let agrees = customer == DomainCode::SEVERAL || self.domains.contains(&customer);
        let comparable = customer.is_usable() & self.usable;
        if agrees { 2 } else { 1 + 2 * usize::from(comparable) }
    }

    /// What the names of a pair weigh at most, in bits, numbers aside.
    fn names_at_most(&self, customer: &Signature, most: &AtMost<'_>) -> f64 {
        let weights = most.weights;
        let mut matched = customer.rest_at_most();
        let (mut used, mut left) = (0u32, Only::default());
        let (mut typos, mut count) = ([0u32; WORDS], 0);
        for word in customer.words {
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
        let complete = usize::from(left.sum() == 0) + usize::from(right.sum() == 0);
        let sum = (bits(matched) * weights.matched).min(weights.most)
            + most.complete[complete]
            + f64::from(errors) * weights.typos
            + bits(left.plain + right.plain) * weights.extra_plain
            + bits(left.weak + right.weak) * weights.extra_weak
            + bits(left.sum().min(right.sum())) * weights.instead
            + most.forms[usize::from(differ)];
        sum.max(most.least[usize::from(matched == 0)])
    }

    /// What the words of the account say of which none is used and none is in the customer's city.
    fn missed(&self, used: u32, city: CityCode) -> Only {
        if used == 0 && !city.may_have(self.in_cities) {
            return self.all;
        }
        let counts = |(at, word): (usize, &Own)| {
            word.alone.only((used >> at & 1 == 0) & !city.may_have(word.in_cities))
        };
        self.words.iter().enumerate().map(counts).sum()
    }
}

/// What the fields of a pair and its names weigh at most, in bits, by how they compare at best.
#[derive(Debug)]
pub struct AtMost<'m> {
    weights: &'m Weights,
    prior: f64,
    /// Neither has a domain, they cannot be compared, they may agree, they differ.
    domain: [f64; 4],
    /// By [`BestLevel`], as those below.
    postal_code: [f64; 4],
    city: [f64; 4],
    state: [f64; 4],
    country: [f64; 4],
    /// Whether one of them is known by its name only.
    bare: [f64; 2],
    /// How many of the names have no word that the other has not.
    complete: [f64; 3],
    /// Whether the legal forms differ.
    forms: [f64; 2],
    /// The least that names weigh: where they have a word in common, and where they have none.
    least: [f64; 2],
    /// What the names of any pair weigh at most.
    names: f64,
}

impl AtMost<'_> {
    /// What the parameters of matching allow.
    pub fn of(rules: &Matching) -> AtMost<'_> {
        let weights = &rules.weights;
        let by_level = |agrees, differs| [0.0, agrees, 0.0, differs];
        let named = weights.label_in_name.max(0.0);
        let agrees = weights.domain_agrees.max(0.0) + weights.place_moved.max(0.0);
        let differs = weights.domain_differs.max(weights.domain_near).max(weights.domain_similar);
        AtMost {
            weights,
            prior: rules.score.prior,
            domain: [0.0, named, named + agrees, named + differs],
            postal_code: by_level(weights.postal_agrees, weights.postal_differs),
            city: by_level(weights.city_agrees.max(0.0), weights.city_differs),
            state: by_level(weights.state_agrees, weights.state_differs),
            country: by_level(0.0, weights.country_differs),
            bare: [0.0, weights.names_only],
            complete: [0.0, weights.beginning.max(0.0), weights.complete],
            forms: [0.0, weights.forms_differ],
            least: [weights.least, weights.least.max(weights.acronym)],
            names: weights.most + weights.complete.max(0.0),
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
        const INITIALS: u32 = (INITIAL * 100.0) as u32;
        let is = |one: Alone| u32::from(alone == one);
        Only {
            plain: bits * is(Alone::Plain) + INITIALS * is(Alone::Initial),
            weak: bits * is(Alone::Weak),
        }
    }

    /// The same where it counts, else nothing.
    fn only(self, counts: bool) -> Only {
        Only { plain: self.plain * u32::from(counts), weak: self.weak * u32::from(counts) }
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{
        compare::{Level, compare},
        crm::Account,
        index::{Index, LinkRules},
        link::{keys::AccountKeys, word_cache::WordCache},
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
            let (mut bound, most) = (UpperBound::default(), AtMost::of(matching));
            for (name, domain, city, state) in &right {
                let websites = [*domain].into_iter().filter(|domain| !domain.is_empty()).collect();
                let account = Account { name, websites, city, state, ..Account::default() };
                keys.read(&account, &[], &mut cache, &index, rules);
                let place = rules.places.read("", state, "", city);
                let words = keys.name.refs(&place, &cache);
                let side = keys.side(&words, &place);
                bound.read(&side, &index.words);
                for (at, prepared) in index.customers.iter().enumerate() {
                    let (of, _) = compare(&index, prepared, &side, matching);
                    let glance = Signature::of(at as u32, prepared);
                    // Pairs by key are not bounded, those of one whole name only by their keys.
                    let mut same =
                        keys.name.hashes.iter().flat_map(|hash| index.with_whole_name(*hash));
                    let sum = match same.any(|same| same.customer == glance.customer) {
                        true => {
                            let keys = bound.keys_at_most(&glance, &most);
                            Some(keys + most.names)
                        }
                        false => bound.at_most(&glance, f64::NEG_INFINITY, &most),
                    };
                    prop_assert!(
                        of.domain == Level::Agrees
                            || f64::from(of.weight) / 100.0 <= sum.unwrap_or(f64::INFINITY) + 0.01,
                        "{:?} and {account:?}: {of:?}, at most {sum:?}", left[at]
                    );
                }
            }
        }
    }
}
