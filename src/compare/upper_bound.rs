//! What a pair weighs at most, by the signature of the customer: most pairs that share a word need
//! no comparison.
//!
//! A signature and an account say in which ways each field may compare, each way between which
//! values each feature is ([`UpperBound::ranges`]). A pair weighs no more than the best of these
//! ways, whatever the weights are. The keys of words are taken for the words: those of numbers of up
//! to 700,000 words are distinct.

use smallvec::SmallVec;

use super::{
    AccountSide, AtMost,
    at_best::{DomainAtBest, KeysAtBest, MANY, NamesAtBest, Only},
    domains::is_host,
    meanings::{Meaning, Meanings},
    names::{ACRONYM, counting},
};
use crate::{
    index::{
        WordRef,
        dictionary::{Dictionary, WordClass, canonical},
        signature::{
            Alone, BestLevel, CityCode, DomainCode, FormCode, PostalCode, RegionCode, Signature,
            WORDS, is_bare, key_of, key_of_id,
        },
    },
    normalise::place::typing_errors,
    text::{distance::Likeness, interner::Interner},
};

/// An account as it is compared with signatures.
#[derive(Debug, Default)]
pub(crate) struct UpperBound {
    /// The words of its name.
    words: Vec<Own>,
    /// What all of them say where the other name has none of them.
    all: Only,
    /// All their bits among the words of cities.
    in_cities: u16,
    /// What its words may stand for.
    meanings: Meanings,
    domains: Vec<DomainCode>,
    /// Whether one of them is usable.
    usable: bool,
    /// Whether it is the company whose domain proves nothing for others.
    is_host: bool,
    city: City,
    /// Cities that have been read already.
    cities: Interner<City>,
    postal_code: PostalCode,
    region: RegionCode,
    forms: Vec<FormCode>,
    /// Those of its words for which several words of the report may stand, as bits.
    contested: u32,
    /// Whether it has neither a domain nor a place.
    bare: bool,
    /// Whether a word that is no particle may stand for one.
    stands_for_particles: bool,
    /// How many of its words count for initials.
    counted: usize,
    /// How many initials its only word that counts may be; 0 where it is none.
    initials: usize,
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

impl UpperBound {
    /// Reads an account.
    pub(crate) fn read(&mut self, account: &AccountSide<'_>, dictionary: &Dictionary) {
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
        self.contested = self.meanings.contested();
        self.all = self.words.iter().map(|word| word.alone).sum();
        self.in_cities = self.words.iter().fold(0, |bits, word| bits | word.in_cities);
        (self.counted, self.initials) = initials(account.words);
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
        self.is_host = account.domains.iter().any(|it| is_host(it, account.words.iter().copied()));
        self.postal_code = PostalCode::of(&place.postal_code);
        self.region = RegionCode::of(place);
        let first = self.domains.first().copied().unwrap_or(DomainCode::NONE);
        self.forms.clear();
        self.forms.extend(account.forms.iter().map(|form| FormCode::of(&[*form])));
        self.bare = is_bare(first, self.city.code, self.postal_code);
    }

    /// What a pair with this account weighs at most, in bits; `None` where that is less than asked
    /// for. Not where a number or the whole name brings the pair together.
    pub(crate) fn at_most(
        &self,
        customer: &Signature,
        asked: f64,
        most: &AtMost<'_>,
    ) -> Option<f64> {
        let keys = most.keys(self.keys(customer));
        if keys + most.any_names < asked {
            return None;
        }
        Some(keys + most.names(&self.names(customer))).filter(|sum| *sum >= asked)
    }

    /// Between which values each feature of a pair is that no number brings together; `same_name`
    /// where the names are one text when written without blanks.
    #[cfg(test)]
    pub(crate) fn ranges(
        &self,
        customer: &Signature,
        same_name: bool,
    ) -> super::features::Features<super::range::Range> {
        let names = if same_name { NamesAtBest::ANY } else { self.names(customer) };
        self.keys(customer).ranges().and(names.ranges())
    }

    /// How all but the names compares at best.
    fn keys(&self, customer: &Signature) -> KeysAtBest {
        let [country, state] = self.region.at_best(customer.region);
        KeysAtBest {
            domain: self.domain_at_best(customer.domain),
            postal_code: self.postal_code.at_best(customer.postal_code),
            city: self.city.code.at_best(customer.city, self.city.errors),
            state,
            country,
            bare: (self.bare | customer.is_bare()) & (state != BestLevel::Differs),
        }
    }

    fn domain_at_best(&self, customer: DomainCode) -> DomainAtBest {
        if customer == DomainCode::NONE || self.domains.is_empty() {
            let any = customer != DomainCode::NONE || !self.domains.is_empty();
            return if any { DomainAtBest::NotComparable } else { DomainAtBest::Missing };
        }
        if customer == DomainCode::SEVERAL || self.domains.contains(&customer) {
            DomainAtBest::Agrees
        } else if customer.is_usable() & self.usable {
            DomainAtBest::Differs
        } else if self.is_host {
            DomainAtBest::Agrees
        } else {
            DomainAtBest::NotComparable
        }
    }

    /// How the names compare at best.
    #[inline]
    fn names(&self, customer: &Signature) -> NamesAtBest {
        let (mut matched, mut left) = (customer.rest_at_most(), Only::NONE);
        let (mut used, mut aligned) = (0u32, false);
        let (mut typos, mut count) = ([0u32; WORDS], 0);
        for word in customer.words {
            match self.meanings.get(word.key()) {
                None => left = left + Only::of(word.alone(), word.least()),
                Some(meant) => {
                    let least = if meant.bits == MANY { MANY } else { meant.bits.min(word.most()) };
                    matched = matched.saturating_add(least);
                    aligned |= (meant.bits != MANY) & (meant.at != 0);
                    if meant.typo {
                        typos[count] = meant.at;
                        count += 1;
                    } else {
                        used |= meant.at;
                    }
                }
            }
        }
        let (is_known, mut errors) = (self.knows_all_words(customer), 0);
        // A word that is not in the signature may have taken the account's word.
        used |= if is_known { 0 } else { self.contested };
        for at in &typos[..count] {
            errors += u32::from(at & used == 0);
            used |= at;
        }
        let right = if is_known { self.missed(used, customer.city) } else { Only::NONE };
        NamesAtBest {
            matched,
            errors,
            left,
            right,
            forms_differ: customer.form.is_none_of(&self.forms),
            acronym: !aligned && self.may_be_acronym(customer),
        }
    }

    /// Whether one name may be the initials of the other, by how many words both have.
    fn may_be_acronym(&self, customer: &Signature) -> bool {
        let count =
            |is: fn(Alone) -> bool| customer.words.iter().filter(|word| is(word.alone())).count();
        let least = count(|alone| matches!(alone, Alone::Plain | Alone::Weak));
        let has_rest = customer.has_rest() != (false, false);
        let most = count(|alone| alone != Alone::Nothing) + if has_rest { MAX_WORDS } else { 0 };
        let may_have = |words: usize| (least..=most).contains(&words);
        (self.initials > 0 && may_have(self.initials)) || (may_have(1) && self.counted >= 3)
    }

    /// Whether no word that is not in the signature may stand for one of the account's.
    fn knows_all_words(&self, customer: &Signature) -> bool {
        let (particles, others) = customer.has_rest();
        !(others || (particles && self.stands_for_particles))
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

/// More than a name has words.
const MAX_WORDS: usize = 64;

/// How many words of a name count for initials, and how many initials its only one may be.
fn initials(words: &[WordRef<'_>]) -> (usize, usize) {
    let count = counting(words).count();
    let only = counting(words).next().filter(|_| count == 1);
    let only = only.filter(|word| ACRONYM.contains(&word.word.shape.length));
    (count, only.map_or(0, |word| word.text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compare::Level, normalise::place::PlaceRules};
    use proptest::prelude::*;

    /// A text after some slips of typing: letters left out, put in, replaced, swapped.
    fn mistyped(text: &str, slips: &[(u8, usize, char)]) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        for (kind, at, letter) in slips {
            let at = at % (letters.len() + 1);
            match kind {
                0 => letters.insert(at, *letter),
                1 if at < letters.len() => letters[at] = *letter,
                2 if at + 1 < letters.len() => letters.swap(at, at + 1),
                3 if at < letters.len() => drop(letters.remove(at)),
                _ => {}
            }
        }
        letters.into_iter().collect()
    }

    fn slips() -> impl Strategy<Value = Vec<(u8, usize, char)>> {
        let letter = prop::sample::select(vec!['a', 'b', '1', 'é', ' ']);
        prop::collection::vec((0..4u8, 0..20usize, letter), 0..4)
    }

    /// Whether a level is no better than what it is said to be at best.
    fn is_bounded(level: Option<Level>, at_best: BestLevel) -> bool {
        match level {
            None => at_best == BestLevel::Unknown,
            Some(Level::Agrees) => at_best == BestLevel::Agrees,
            Some(Level::Similar) => matches!(at_best, BestLevel::Agrees | BestLevel::Similar),
            Some(_) => at_best != BestLevel::Unknown,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn places_agree_no_better_than_their_signatures_allow(
            city in "([a-e]{0,9}( [ab]{2,9})?|[a-eé]{8,20})",
            postal_code in "[ab1]{0,5}",
            (of_city, of_code) in (slips(), slips()),
        ) {
            let rules = PlaceRules::default();
            let left = rules.read("", "", &postal_code, &city);
            let (city, postal_code) = (mistyped(&city, &of_city), mistyped(&postal_code, &of_code));
            let right = rules.read("", "", &postal_code, &city);
            let levels = left.compare(&right);
            let [one, other] = [&left, &right].map(|place| CityCode::of(&place.city));
            let at_best = other.at_best(one, typing_errors(right.city.len()));
            prop_assert!(is_bounded(levels.city, at_best), "{:?}, at best {at_best:?}", levels.city);
            let [one, other] = [&left, &right].map(|place| PostalCode::of(&place.postal_code));
            prop_assert!(is_bounded(levels.postal_code, other.at_best(one)));
        }
    }
}
