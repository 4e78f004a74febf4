//! Country, postal code and city: evidence for and against, never alone.

use std::{borrow::Cow, path::Path};

use compact_str::{CompactString, format_compact};
use rustc_hash::{FxHashMap, FxHashSet};

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

/// What words of a town's name say, folded.
#[derive(Debug, Default)]
struct TownWords {
    /// Those that join its parts, and are written or not: `Mühldorf a. Inn`, `Mühldorf (Inn)`.
    joining: FxHashSet<CompactString>,
    /// First words that are shortened, and what they are in full: `St. Louis`.
    shortened: FxHashMap<CompactString, CompactString>,
    /// First words of an area: `Greater Manchester`.
    before_area: FxHashSet<CompactString>,
    /// Last words of an area: `Orange County`.
    after_area: FxHashSet<CompactString>,
}

impl TownWords {
    fn load(dir: Option<&Path>, fold: impl Fn(&str) -> CompactString) -> Result<TownWords> {
        let mut words = TownWords::default();
        let file = rule_file!("town_words.csv");
        for row in file.rows(dir)?.rows() {
            let word = fold(row.raw(0));
            match row.raw(1) {
                "joining" => words.joining.insert(word),
                "shortened" => words.shortened.insert(word, fold(row.raw(2))).is_none(),
                "before_area" => words.before_area.insert(word),
                "after_area" => words.after_area.insert(word),
                other => return Err(file.error(row.line, format!("unknown use {other:?}"))),
            };
        }
        Ok(words)
    }

    /// A folded town as it is compared: without joining words, the first word in full; of a Japanese
    /// one the municipality and its ward as words, without prefecture and district.
    fn town<'t>(&self, folded: &'t str) -> Cow<'t, str> {
        if !folded.is_ascii() {
            return municipality(folded);
        }
        let (first, rest) = folded.split_once(' ').unwrap_or((folded, ""));
        let in_full = self.shortened.get(first);
        let is_joining = |word: &str| self.joining.contains(word);
        if rest.is_empty() || (in_full.is_none() && !rest.split(' ').any(is_joining)) {
            return Cow::Borrowed(folded);
        }
        let first = in_full.map_or(first, |first| first);
        let rest = rest.split(' ').filter(|word| !is_joining(word));
        Cow::Owned(std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" "))
    }

    /// Whether a folded town is an area by its own words.
    fn is_area(&self, folded: &str) -> bool {
        folded.split_once(' ').is_some_and(|(first, _)| self.before_area.contains(first))
            || folded.rsplit_once(' ').is_some_and(|(_, last)| self.after_area.contains(last))
    }
}

/// The tables that read a place.
#[derive(Debug, Default)]
pub(crate) struct PlaceRules {
    variants: CharacterVariants,
    countries: FxHashMap<CompactString, [u8; 2]>,
    cities: FxHashMap<CompactString, CompactString>,
    states: FxHashMap<CompactString, [u8; 3]>,
    town_words: TownWords,
    /// Names of counties and regions, which are no towns.
    regions: FxHashSet<CompactString>,
    /// How many digits the postal codes of a country have.
    postal_digits: FxHashMap<[u8; 2], usize>,
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
        rules.town_words = TownWords::load(dir, |word| rules.fold(word).into())?;
        for row in rule_file!("cities.csv").rows(dir)?.rows() {
            let town = |at| rules.town_words.town(&rules.fold(row.raw(at))).into_owned();
            let [name, canonical] = [0, 1].map(town);
            rules.cities.insert(name.into(), canonical.into());
        }
        for line in rule_file!("regions.txt").lines(dir)? {
            rules.regions.insert(rules.fold(&line).into());
        }
        let file = rule_file!("postal_codes.csv");
        for row in file.rows(dir)?.rows() {
            let country = <[u8; 2]>::try_from(row.raw(0).to_ascii_uppercase().as_bytes());
            let (Ok(country), Ok(digits)) = (country, row.raw(1).parse()) else {
                return Err(file.error(row.line, "a country code of two letters and a number"));
            };
            rules.postal_digits.insert(country, digits);
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

    /// A town as typed; nothing for the name of a region.
    fn city(&self, raw: &str) -> (CompactString, Shape, u64) {
        let folded = self.fold(raw);
        let town = self.town_words.town(&folded);
        let city = match self.cities.get(town.as_ref()) {
            Some(city) => city.clone(),
            None if self.regions.contains(folded.as_ref()) || self.town_words.is_area(&folded) => {
                "".into()
            }
            None => self.with_ward(&town).unwrap_or_else(|| town.as_ref().into()),
        };
        let (shape, hash) = (Shape::of(&city), hash_of(city.bytes()));
        (city, shape, hash)
    }

    /// The usual spelling of a Japanese city, with the ward that follows it.
    fn with_ward(&self, town: &str) -> Option<CompactString> {
        let (city, ward) = town.split_once(' ').filter(|(_, ward)| ward.ends_with('区'))?;
        self.cities.get(city).map(|city| format_compact!("{city} {ward}"))
    }

    /// A postal code as typed, with the zeros in front that a spreadsheet has taken.
    fn postal_code(&self, raw: &str, country: Option<[u8; 2]>) -> CompactString {
        let code = postal(raw);
        let Some(digits) = country.and_then(|country| self.postal_digits.get(&country)) else {
            return code;
        };
        let lost = digits.saturating_sub(code.len());
        if !(1..=2).contains(&lost) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return code;
        }
        std::iter::repeat_n('0', lost).chain(code.chars()).collect()
    }

    /// A place as typed.
    #[cfg(test)]
    pub(crate) fn read(&self, country: &str, state: &str, postal_code: &str, city: &str) -> Place {
        let (city, shape, city_hash) = self.city(city);
        let (country, state) = (self.country(country), self.state(state));
        let postal_code = self.postal_code(postal_code, country);
        Place { country, state, postal_code, city, shape, city_hash }
    }

    /// A place as typed, where most have been read before.
    pub(crate) fn read_again(
        &self,
        [country, state, postal_code]: [&str; 3],
        city: &str,
        known: &mut KnownPlaces,
    ) -> Place {
        let (city, shape, city_hash) = known.cities.get(city, |raw| self.city(raw));
        let country = known.countries.get(country, |raw| self.country(raw));
        Place {
            country,
            state: known.states.get(state, |raw| self.state(raw)),
            postal_code: self.postal_code(postal_code, country),
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

/// `岡山 中区` of `岡山県岡山市中区`, `真備町` of `吉備郡真備町`, `港区` of `東京都港区`.
fn municipality(city: &str) -> Cow<'_, str> {
    let long_enough = |rest: &&str| rest.chars().nth(1).is_some();
    let after = |city: &str, mark: char| -> Option<usize> {
        let (at, _) = city.char_indices().skip(1).find(|(_, letter)| *letter == mark)?;
        Some(at + mark.len_utf8())
    };
    let prefecture = ["東京都", "北海道", "京都府", "大阪府"].into_iter();
    let cut = prefecture.filter_map(|name| city.strip_prefix(name)).find(long_enough);
    let at_prefecture = || after(city, '県').filter(|at| *at <= LONGEST_PREFECTURE);
    let cut = cut.or_else(|| at_prefecture().map(|at| &city[at..]).filter(long_enough));
    let city = cut.unwrap_or(city);
    let is_part = |rest: &&str| rest.ends_with(['町', '村']) && long_enough(rest);
    let city = after(city, '郡').map(|at| &city[at..]).filter(is_part).unwrap_or(city);
    match city.rsplit_once('市') {
        Some((city, "")) if city.chars().nth(1).is_some() => Cow::Borrowed(city),
        Some((city, ward)) if ward.ends_with('区') => Cow::Owned(format!("{city} {ward}")),
        _ => Cow::Borrowed(city),
    }
}

/// The longest name of a Japanese prefecture that ends with 県, in bytes: four characters.
const LONGEST_PREFECTURE: usize = 12;

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
