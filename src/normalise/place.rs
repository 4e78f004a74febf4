//! Country, postal code and city: evidence for and against, never alone.

use std::{borrow::Cow, path::Path};

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::{
    error::Result,
    rule_file,
    text::{
        fold::{Shape, fold_entry},
        hash::hash_of,
        interner::Interner,
        variants::CharacterVariants,
    },
};

/// A place as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// ISO 3166 alpha-2, upper case.
    pub(crate) country: Option<[u8; 2]>,
    /// The state, province or canton.
    pub(crate) state: State,
    /// Letters and digits only, upper case, without a country's prefix; empty when missing.
    pub(crate) postal_code: CompactString,
    /// Folded, exonyms replaced; empty when missing.
    pub(crate) city: CompactString,
    /// The shape of the city.
    pub(crate) shape: Shape,
    city_hash: u64,
}

/// A state, province or canton, as far as it can be compared with another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum State {
    /// None is known.
    #[default]
    Missing,
    /// A code, lower case, or a name that has one.
    Code([u8; 3]),
    /// A name without a code, folded.
    Name(CompactString),
}

impl State {
    /// In four bytes: a code, or a hash of a name; the last says which. 0 when missing.
    pub(crate) fn sketch(&self) -> [u8; 4] {
        match self {
            State::Missing => [0; 4],
            State::Code([one, two, three]) => [*one, *two, *three, 1],
            State::Name(name) => {
                let [one, two, three, _] = hash(name).to_ne_bytes();
                [one, two, three, if name.is_ascii() { 2 } else { 3 }]
            }
        }
    }
}

/// The tables that read a place.
#[derive(Debug, Default)]
pub(crate) struct PlaceRules {
    variants: CharacterVariants,
    countries: FxHashMap<CompactString, [u8; 2]>,
    cities: FxHashMap<CompactString, CompactString>,
    states: FxHashMap<CompactString, [u8; 3]>,
}

impl PlaceRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or a code has not two letters.
    pub(crate) fn load(dir: Option<&Path>) -> Result<PlaceRules> {
        let mut rules =
            PlaceRules { variants: CharacterVariants::load(dir)?, ..PlaceRules::default() };
        let file = rule_file!("countries.csv");
        for row in file.rows(dir)?.rows() {
            let code = row.raw(1).to_ascii_uppercase();
            let Ok(code) = <[u8; 2]>::try_from(code.as_bytes()) else {
                return Err(file.error(row.line, "a country code has two letters"));
            };
            rules.countries.insert(rules.fold(row.raw(0)).into(), code);
        }
        for row in rule_file!("cities.csv").rows(dir)?.rows() {
            let (name, canonical) = (rules.fold(row.raw(0)), rules.fold(row.raw(1)));
            rules.cities.insert(name.into(), canonical.into());
        }
        let file = rule_file!("states.csv");
        for row in file.rows(dir)?.rows() {
            let Some(code) = code(row.raw(2)) else {
                return Err(file.error(row.line, "a code has one to three letters"));
            };
            rules.states.insert(rules.fold(row.raw(0)).into(), code);
        }
        Ok(rules)
    }

    /// A state as typed.
    fn state(&self, raw: &str) -> State {
        if raw.trim().is_empty() {
            return State::Missing;
        }
        let folded = self.fold(raw);
        match self.states.get(folded.as_ref()).copied().or_else(|| code(&folded)) {
            Some(code) => State::Code(code),
            None if folded.is_empty() => State::Missing,
            None => State::Name(folded.into()),
        }
    }

    fn fold<'r>(&self, raw: &'r str) -> Cow<'r, str> {
        fold_entry(raw, &self.variants)
    }

    /// The ISO code of a country in any spelling or language known.
    pub(crate) fn country(&self, raw: &str) -> Option<[u8; 2]> {
        if raw.is_empty() {
            return None;
        }
        let folded = self.fold(raw);
        self.countries.get(folded.as_ref()).copied().or_else(|| {
            let code = <[u8; 2]>::try_from(raw.trim().as_bytes()).ok()?;
            code.iter()
                .all(u8::is_ascii_alphabetic)
                .then(|| code.map(|byte| byte.to_ascii_uppercase()))
        })
    }

    fn city(&self, raw: &str) -> (CompactString, Shape, u64) {
        let folded = self.fold(raw);
        let city = self.cities.get(folded.as_ref()).map_or(&*folded, |city| city);
        (city.into(), Shape::of(city), hash_of(city.bytes()))
    }

    /// A place as typed.
    #[cfg(test)]
    pub(crate) fn read(&self, country: &str, state: &str, postal_code: &str, city: &str) -> Place {
        let (city, shape, city_hash) = self.city(city);
        let (country, state) = (self.country(country), self.state(state));
        Place { country, state, postal_code: postal(postal_code), city, shape, city_hash }
    }

    /// A place as typed, where most have been read before.
    pub(crate) fn read_again(
        &self,
        [country, state, postal_code]: [&str; 3],
        city: &str,
        known: &mut KnownPlaces,
    ) -> Place {
        let (city, shape, city_hash) = known.cities.get(city, |raw| self.city(raw));
        Place {
            country: known.countries.get(country, |raw| self.country(raw)),
            state: known.states.get(state, |raw| self.state(raw)),
            postal_code: postal(postal_code),
            city,
            shape,
            city_hash,
        }
    }
}

/// Countries, states and cities as typed that have been read already: they repeat themselves.
#[derive(Debug, Default)]
pub(crate) struct KnownPlaces {
    countries: Interner<Option<[u8; 2]>>,
    states: Interner<State>,
    cities: Interner<(CompactString, Shape, u64)>,
}

/// The code of a state: one to three Latin letters.
fn code(text: &str) -> Option<[u8; 3]> {
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut code = [0; 3];
    fits.then(|| code[..text.len()].copy_from_slice(text.as_bytes())).map(|()| code)
}

/// A postal code without punctuation and without the prefix of its country (`D-80331`).
fn postal(raw: &str) -> CompactString {
    if raw.len() < 9 && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.into();
    }
    let letters = raw.chars().filter(char::is_ascii_alphanumeric);
    let code: CompactString = letters.map(|c| c.to_ascii_uppercase()).collect();
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &code[letters..];
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let code = if letters <= 3 && all_digits && digits.len() >= 4 { digits } else { &code };
    code.strip_suffix("0000").filter(|_| code.len() == 9).unwrap_or(code).into()
}

/// A hash that is not 0.
fn hash(text: &str) -> u32 {
    (hash_of(text.bytes()) >> 32) as u32 | 1
}

impl Place {
    /// The hash of the city, as it was found out when the city was read first.
    pub(crate) fn city_hash(&self) -> u64 {
        self.city_hash
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.country.is_none() && self.postal_code.is_empty() && self.city.is_empty()
    }
}

/// How many typing errors a city of so many bytes may have.
pub(crate) fn typing_errors(length: usize) -> usize {
    1 + length / 8
}
