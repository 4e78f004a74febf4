//! Country, postal code and city: evidence for and against, never alone.

use std::path::Path;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::text::{Folded, Shape, fold};
use crate::{compare::Level, error::Result, rule_file, rules::CharacterVariants};

/// A place as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// ISO 3166 alpha-2, upper case.
    pub country: Option<[u8; 2]>,
    /// The state, province or canton.
    pub state: State,
    /// Letters and digits only, upper case, without a country's prefix; empty when missing.
    pub postal_code: CompactString,
    /// Folded, exonyms replaced; empty when missing.
    pub city: CompactString,
    /// The shape of the city.
    pub shape: Shape,
}

/// A state, province or canton, as far as it can be compared with another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum State {
    /// None is known.
    #[default]
    Missing,
    /// A code, lower case, or a name that has one.
    Code([u8; 3]),
    /// A name without a code, folded.
    Name(Box<str>),
}

impl State {
    /// In four bytes: a code, or a hash of a name; the last tells which. 0 when missing.
    fn sketch(&self) -> [u8; 4] {
        match self {
            State::Missing => [0; 4],
            State::Code([one, two, three]) => [*one, *two, *three, 1],
            State::Name(name) => {
                let [one, two, three, _] = hash(name).to_ne_bytes();
                [one, two, three, if name.is_ascii() { 2 } else { 3 }]
            }
        }
    }

    /// Agrees or differs; nothing where one is missing, or one is a code and the other a name, or
    /// the names are in different scripts.
    fn compare(&self, right: &State) -> Option<Level> {
        let same = match (self, right) {
            (State::Code(left), State::Code(right)) => left == right,
            (State::Name(left), State::Name(right)) if left.is_ascii() == right.is_ascii() => {
                left == right
            }
            _ => return None,
        };
        Some(if same { Level::Agrees } else { Level::Differs })
    }
}

/// The tables that read a place.
#[derive(Debug, Default)]
pub struct PlaceRules {
    variants: CharacterVariants,
    countries: FxHashMap<Box<str>, [u8; 2]>,
    cities: FxHashMap<Box<str>, Box<str>>,
    states: FxHashMap<Box<str>, [u8; 3]>,
}

impl PlaceRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or a code has not two letters.
    pub fn load(dir: Option<&Path>) -> Result<PlaceRules> {
        let mut rules =
            PlaceRules { variants: CharacterVariants::load(dir)?, ..PlaceRules::default() };
        let file = rule_file!("countries.csv");
        for (line, row) in file.rows(dir)? {
            let code = row[1].to_ascii_uppercase();
            let Ok(code) = <[u8; 2]>::try_from(code.as_bytes()) else {
                return Err(file.error(line, "a country code has two letters"));
            };
            rules.countries.insert(rules.fold(&row[0]).into(), code);
        }
        for (_, row) in rule_file!("cities.csv").rows(dir)? {
            let (name, canonical) = (rules.fold(&row[0]), rules.fold(&row[1]));
            rules.cities.insert(name.into(), canonical.into());
        }
        let file = rule_file!("states.csv");
        for (line, row) in file.rows(dir)? {
            let Some(code) = code(&row[2]) else {
                return Err(file.error(line, "a code has one to three letters"));
            };
            rules.states.insert(rules.fold(&row[0]).into(), code);
        }
        Ok(rules)
    }

    /// A state as typed.
    fn state(&self, raw: &str) -> State {
        if raw.trim().is_empty() {
            return State::Missing;
        }
        let folded = self.fold(raw);
        match self.states.get(folded.as_str()).copied().or_else(|| code(&folded)) {
            Some(code) => State::Code(code),
            None if folded.is_empty() => State::Missing,
            None => State::Name(folded.into()),
        }
    }

    fn fold(&self, raw: &str) -> String {
        let mut folded = Folded::default();
        fold(raw, &self.variants, &mut folded);
        folded.text
    }

    /// The ISO code of a country in any spelling or language known.
    pub fn country(&self, raw: &str) -> Option<[u8; 2]> {
        if raw.is_empty() {
            return None;
        }
        let folded = self.fold(raw);
        self.countries.get(folded.as_str()).copied().or_else(|| {
            let code = <[u8; 2]>::try_from(raw.trim().as_bytes()).ok()?;
            code.iter()
                .all(u8::is_ascii_alphabetic)
                .then(|| code.map(|byte| byte.to_ascii_uppercase()))
        })
    }

    /// A place as typed.
    pub fn read(&self, country: &str, state: &str, postal_code: &str, city: &str) -> Place {
        let country = self.country(country);
        let city = self.fold(city);
        let city = CompactString::from(self.cities.get(city.as_str()).map_or(&*city, |city| city));
        let shape = Shape::of(&city);
        Place { country, state: self.state(state), postal_code: postal(postal_code), city, shape }
    }
}

/// The code of a state: one to three Latin letters.
fn code(text: &str) -> Option<[u8; 3]> {
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut code = [0; 3];
    fits.then(|| code[..text.len()].copy_from_slice(text.as_bytes())).map(|()| code)
}

/// A postal code without punctuation and without the prefix of its country (`D-80331`).
fn postal(raw: &str) -> CompactString {
    let code: CompactString =
        raw.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let prefix = code.len() - digits.len();
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let code = if prefix <= 3 && all_digits && digits.len() >= 4 { digits } else { &code };
    code.strip_suffix("0000").filter(|_| code.len() == 9).unwrap_or(code).into()
}

/// How the fields of two places compare; `None` where either has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceLevels {
    /// The countries: agrees or differs.
    pub country: Option<Level>,
    /// The states: agrees or differs.
    pub state: Option<Level>,
    /// The postal codes.
    pub postal_code: Option<Level>,
    /// The cities.
    pub city: Option<Level>,
    missing: Level,
}

impl PlaceLevels {
    /// The place as a whole: the country first where it differs, then the best of the finer fields.
    pub fn level(&self) -> Level {
        if self.country == Some(Level::Differs) {
            return Level::Differs;
        }
        let finer = [self.postal_code, self.city];
        for level in [Level::Agrees, Level::Similar, Level::Differs] {
            if finer.contains(&Some(level)) {
                return level;
            }
        }
        match (self.state, self.country) {
            (Some(Level::Differs), _) => Level::Differs,
            (None, None) => self.missing,
            _ => Level::Similar,
        }
    }
}

/// A place in a few bytes: enough to tell that another is elsewhere, and that fields may agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaceSketch {
    city: Shape,
    /// Of the city's text; 0 when missing.
    city_hash: u32,
    /// The beginning of the postal code.
    postal_code: [u8; 8],
    /// A code, or a hash; the last byte tells which. 0 when missing.
    state: [u8; 4],
    country: [u8; 2],
}

impl PlaceSketch {
    /// Whether cities, postal codes or states differ for certain.
    pub fn contradicts(&self, other: &PlaceSketch) -> bool {
        let region = |place: &PlaceSketch| [place.postal_code[0], place.postal_code[1]];
        self.is_far_from(other) || differ(&region(self), &region(other))
    }

    /// Whether cities or states differ for certain, and postal codes do not say otherwise.
    pub fn is_far_from(&self, other: &PlaceSketch) -> bool {
        let (left, right) = (self.city, other.city);
        let shorter = usize::from(left.length.min(right.length));
        let unlike = (left.letters ^ right.letters).count_ones() as usize > 2 * (1 + shorter / 8);
        let elsewhere =
            shorter > 0 && unlike && left.first != right.first && left.last != right.last;
        let near = self.postal_code[0] != 0 && self.postal_code[..2] == other.postal_code[..2];
        !near && (elsewhere || self.states(other) == Some(Level::Differs))
    }

    /// Whether neither a postal code nor a city is known.
    pub fn is_bare(&self) -> bool {
        self.postal_code[0] == 0 && self.city_hash == 0
    }

    /// The shape of the city.
    pub fn city(&self) -> Shape {
        self.city
    }

    /// The best that each field can compare to: `Agrees` where it may agree, `Similar` where it can
    /// be no more, `Differs` where it differs for certain.
    pub fn at_best(&self, other: &PlaceSketch) -> PlaceLevels {
        let same = |same: bool| if same { Level::Agrees } else { Level::Differs };
        let known = |left: u8, right: u8| left != 0 && right != 0;
        PlaceLevels {
            country: known(self.country[0], other.country[0])
                .then(|| same(self.country == other.country)),
            state: self.states(other),
            postal_code: known(self.postal_code[0], other.postal_code[0])
                .then(|| postal_level(beginning(&self.postal_code), beginning(&other.postal_code))),
            city: (self.city_hash != 0 && other.city_hash != 0)
                .then(|| same(self.city_hash == other.city_hash || !self.cities_are_unlike(other))),
            missing: Level::MissingRight,
        }
    }

    fn states(&self, other: &PlaceSketch) -> Option<Level> {
        let (left, right) = (self.state, other.state);
        let comparable = left[3] != 0 && left[3] == right[3];
        comparable.then(|| if left == right { Level::Agrees } else { Level::Differs })
    }

    /// Whether the cities differ for certain.
    fn cities_are_unlike(&self, other: &PlaceSketch) -> bool {
        let (left, right) = (self.city, other.city);
        let shorter = usize::from(left.length.min(right.length));
        let within = left.letters & right.letters;
        let may_begin_or_end = (left.first == right.first || left.last == right.last)
            && (within == left.letters || within == right.letters);
        (left.letters ^ right.letters).count_ones() as usize > 2 * (1 + shorter / 8)
            && !may_begin_or_end
    }
}

/// The letters and digits of a postal code that a sketch holds.
fn beginning(code: &[u8; 8]) -> &[u8] {
    let length = code.iter().position(|byte| *byte == 0).unwrap_or(code.len());
    &code[..length]
}

/// Whether two codes are known and not the same.
fn differ(left: &[u8], right: &[u8]) -> bool {
    left[0] != 0 && right[0] != 0 && left != right
}

/// A hash that is not 0.
fn hash(text: &str) -> u32 {
    (crate::index::words::hash_of(text.bytes()) >> 32) as u32 | 1
}

impl Place {
    /// The same in a few bytes.
    pub fn sketch(&self) -> PlaceSketch {
        let mut postal_code = [0; 8];
        let beginning = self.postal_code.bytes().take(postal_code.len());
        postal_code.iter_mut().zip(beginning).for_each(|(to, byte)| *to = byte);
        let city_hash = if self.city.is_empty() { 0 } else { hash(&self.city) };
        let country = self.country.unwrap_or_default();
        PlaceSketch {
            city: self.shape,
            city_hash,
            postal_code,
            state: self.state.sketch(),
            country,
        }
    }

    /// Compares field by field.
    pub fn compare(&self, right: &Place) -> PlaceLevels {
        let both = |left: &str, right: &str| !left.is_empty() && !right.is_empty();
        let country = self.country.zip(right.country);
        let same = |same: bool| if same { Level::Agrees } else { Level::Differs };
        PlaceLevels {
            country: country.map(|(left, right)| same(left == right)),
            postal_code: both(&self.postal_code, &right.postal_code)
                .then(|| postal_level(self.postal_code.as_bytes(), right.postal_code.as_bytes())),
            state: self.state.compare(&right.state),
            city: both(&self.city, &right.city).then(|| match self.cities_are_unlike(right) {
                true => Level::Differs,
                false => city_level(&self.city, &right.city),
            }),
            missing: if self.is_empty() { Level::MissingLeft } else { Level::MissingRight },
        }
    }

    /// Whether the cities differ for certain, found without comparing letter by letter: an error
    /// of typing changes two letters at most.
    fn cities_are_unlike(&self, right: &Place) -> bool {
        let (short, long) = match self.city.len() <= right.city.len() {
            true => (&self.city, &right.city),
            false => (&right.city, &self.city),
        };
        let other_letters = (self.shape.letters ^ right.shape.letters).count_ones() as usize;
        !short.is_empty()
            && other_letters > 2 * typing_errors(short)
            && !long.starts_with(short.as_str())
            && !long.ends_with(short.as_str())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.country.is_none() && self.postal_code.is_empty() && self.city.is_empty()
    }
}

fn postal_level(left: &[u8], right: &[u8]) -> Level {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let common = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    if long.starts_with(short) && short.len() >= 4 {
        Level::Agrees
    } else if common >= 2 {
        Level::Similar
    } else {
        Level::Differs
    }
}

/// How many typing errors a city of so many letters may have.
fn typing_errors(city: &str) -> usize {
    1 + city.len() / 8
}

fn city_level(left: &str, right: &str) -> Level {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let within = long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '));
    if left == right || within {
        Level::Agrees
    } else if short.chars().count() >= 4
        && (long.starts_with(short) || strsim::osa_distance(left, right) <= typing_errors(short))
    {
        Level::Similar
    } else {
        Level::Differs
    }
}
