//! Customers in 40 bytes each, side by side in the lists of the index: enough to see that a pair
//! cannot weigh much.

use compact_str::CompactString;
use smallvec::SmallVec;

use crate::{
    index::{
        CustomerRecord, NameWord,
        dictionary::{UNKNOWN, WordClass, WordId, canonical},
    },
    normalise::{
        company::FormId,
        domain::DomainClass,
        place::{Place, typing_errors},
    },
    text::{fold::Shape, hash::hash_of},
};

/// A customer in a list of the index.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signature {
    /// Position in `Customers::list`.
    pub(crate) customer: u32,
    /// The words of its name that tell most, those that count first.
    pub(crate) words: [WordCode; WORDS],
    /// What its other words tell, but for particles.
    rest: Rest,
    /// What particles among its other words tell.
    rest_of_particles: Rest,
    pub(crate) form: FormCode,
    pub(crate) domain: DomainCode,
    pub(crate) city: CityCode,
    pub(crate) postal_code: PostalCode,
    pub(crate) region: RegionCode,
}

/// How many words of a name a signature has.
pub(crate) const WORDS: usize = 4;

/// What further words of a name tell at most, in units of 32 hundredths of a bit; 255 is that or more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Rest(u8);

impl Rest {
    const UNIT: u32 = 32;

    fn of<'w>(words: impl Iterator<Item = &'w NameWord>) -> Rest {
        let sum: u32 = words.map(|word| WordCode::of(word).most()).sum();
        Rest(sum.div_ceil(Rest::UNIT).min(u8::MAX.into()) as u8)
    }

    /// In hundredths of a bit.
    fn at_most(self) -> u32 {
        if self.0 == u8::MAX { u32::MAX } else { u32::from(self.0) * Rest::UNIT }
    }
}

impl Signature {
    /// The signature of a customer.
    pub(crate) fn of(customer: u32, prepared: &CustomerRecord) -> Signature {
        let mut words: SmallVec<[&NameWord; 8]> = prepared.words.iter().collect();
        words.sort_by_key(|word| {
            let of = WordCode::of(word);
            std::cmp::Reverse((of.alone() != Alone::Nothing, !word.is_particle(), of.most()))
        });
        let (first, rest) = words.split_at(words.len().min(WORDS));
        let mut codes = [WordCode::default(); WORDS];
        codes.iter_mut().zip(first).for_each(|(code, word)| *code = WordCode::of(word));
        let rest = |particles| rest.iter().copied().filter(move |of| of.is_particle() == particles);
        Signature {
            customer,
            words: codes,
            rest: Rest::of(rest(false)),
            rest_of_particles: Rest::of(rest(true)),
            form: FormCode::of(&prepared.forms),
            domain: DomainCode::of_all(&prepared.domains),
            city: CityCode::of(&prepared.place.city),
            postal_code: PostalCode::of(&prepared.place.postal_code),
            region: RegionCode::of(&prepared.place),
        }
    }

    /// What the words that are not in the signature tell at most, in hundredths of a bit.
    pub(crate) fn rest_at_most(&self) -> u32 {
        self.rest.at_most().saturating_add(self.rest_of_particles.at_most())
    }

    /// Whether there are particles that are not in the signature, and other words that are not.
    pub(crate) fn has_rest(&self) -> (bool, bool) {
        (self.rest_of_particles != Rest::default(), self.rest != Rest::default())
    }

    /// Whether it has neither a domain nor a place.
    pub(crate) fn is_bare(&self) -> bool {
        is_bare(self.domain, self.city, self.postal_code)
    }
}

/// How a field of two records compares at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BestLevel {
    /// It cannot be compared: one of them has none.
    Unknown,
    Agrees,
    Similar,
    Differs,
}

impl BestLevel {
    /// A field that both have where it is `known`. Looked up in a table: the fields of signatures
    /// differ at random, so that branches would be mispredicted.
    fn of(known: bool, agrees: bool, similar: bool) -> BestLevel {
        use BestLevel::{Agrees, Differs, Similar, Unknown};
        const OF: [BestLevel; 8] =
            [Unknown, Unknown, Unknown, Unknown, Differs, Similar, Agrees, Agrees];
        OF[usize::from(known) << 2 | usize::from(agrees) << 1 | usize::from(similar)]
    }
}

/// Whether a record has neither a domain nor a postal code nor a city.
pub(crate) fn is_bare(domain: DomainCode, city: CityCode, postal_code: PostalCode) -> bool {
    domain == DomainCode::NONE && city.is_missing() && postal_code.is_missing()
}

/// What a word says by being in one name only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alone {
    Nothing,
    /// Its bits, as an identifying word.
    Plain,
    /// Its bits, as a weak word.
    Weak,
    /// The bits of a person's initial.
    Initial,
}

impl Alone {
    pub(crate) fn of(word: &NameWord) -> Alone {
        match word.class {
            _ if !word.counts() => Alone::Nothing,
            _ if word.is_initial() => Alone::Initial,
            WordClass::Particle => Alone::Nothing,
            WordClass::Plain | WordClass::Numeral(_) => Alone::Plain,
            _ => Alone::Weak,
        }
    }
}

/// A word of a customer's name: which it is, what it says where the other name lacks it, and its
/// bits. 0 is no word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WordCode(u32);

/// The steps in which a [`WordCode`] has bits, in hundredths of a bit.
const STEP: u32 = 4;

impl WordCode {
    fn of(word: &NameWord) -> WordCode {
        let alone = Alone::of(word) as u32;
        WordCode(key_of(word) << 11 | alone << 9 | (u32::from(word.bits) / STEP).min(511))
    }

    /// Which word it is; 0 for no word.
    pub(crate) fn key(self) -> u32 {
        self.0 >> 11
    }

    pub(crate) fn alone(self) -> Alone {
        match self.0 >> 9 & 3 {
            0 => Alone::Nothing,
            1 => Alone::Plain,
            2 => Alone::Weak,
            _ => Alone::Initial,
        }
    }

    /// How much it counts at least, in hundredths of a bit.
    pub(crate) fn least(self) -> u32 {
        (self.0 & 511) * STEP
    }

    /// How much it counts at most, in hundredths of a bit.
    pub(crate) fn most(self) -> u32 {
        self.least() + STEP
    }
}

/// Which word it is, in 21 bits, never 0: a word of the report, or a number.
pub(crate) fn key_of(word: &NameWord) -> u32 {
    match word.class {
        WordClass::Numeral(number) => key(number | 1 << 31),
        _ => key_of_id(word.id),
    }
}

/// Which word of the report it is, in 21 bits; 0 for a word that no customer has.
pub(crate) fn key_of_id(id: WordId) -> u32 {
    if id == UNKNOWN { 0 } else { key(id) }
}

/// Different for the numbers of 700,000 words: multiples of the golden ratio lie evenly apart.
fn key(number: u32) -> u32 {
    (number.wrapping_mul(0x9e37_79b9) >> 11).max(1)
}

/// A domain as a number: a hash, and in the lowest bit whether it is usable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DomainCode(u16);

impl DomainCode {
    /// There is no domain.
    pub(crate) const NONE: DomainCode = DomainCode(0);
    /// There are several usable domains.
    pub(crate) const SEVERAL: DomainCode = DomainCode(u16::MAX);

    pub(crate) fn of(domain: &str, class: DomainClass) -> DomainCode {
        let hash = (hash_of(domain.bytes()) >> 48) as u16;
        DomainCode((hash & !1).clamp(2, u16::MAX - 3) | u16::from(class.is_usable()))
    }

    /// The usable domain; the first of others where there is none.
    fn of_all(domains: &[(CompactString, DomainClass)]) -> DomainCode {
        let mut usable = domains.iter().filter(|(_, class)| class.is_usable());
        match (usable.next().or(domains.first()), usable.next()) {
            (Some((domain, class)), None) => DomainCode::of(domain, *class),
            (Some(_), Some(_)) => DomainCode::SEVERAL,
            (None, _) => DomainCode::NONE,
        }
    }

    pub(crate) fn is_usable(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A legal form as a number; 0 where there is none, or several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FormCode(u8);

impl FormCode {
    pub(crate) fn of(forms: &[FormId]) -> FormCode {
        match forms {
            [form] => FormCode((form % 255) as u8 + 1),
            _ => FormCode::default(),
        }
    }

    /// Whether it is for certain none of the legal forms of a name that has some.
    pub(crate) fn is_none_of(self, forms: &[FormCode]) -> bool {
        self != FormCode::default() && !forms.is_empty() && !forms.contains(&self)
    }
}

/// A city: its letters, a bit for each of its words, and its outline. One bit may stand for several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CityCode {
    letters: [u16; 2],
    words: u16,
    outline: Outline,
}

/// The first and the last letter of a city in five bits each, and its length in five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Outline(u16);

impl Outline {
    /// The length of what is longer, or not ASCII.
    const UNKNOWN: usize = 31;

    fn of(city: &str) -> Outline {
        let letter = |letter: Option<char>| letter.map_or(0, |letter| letter as u16 & 31);
        let ends = letter(city.chars().next()) << 5 | letter(city.chars().next_back());
        let length = if city.is_ascii() { city.len() } else { Outline::UNKNOWN };
        Outline((length.min(Outline::UNKNOWN) as u16) << 10 | ends)
    }

    fn length(self) -> usize {
        usize::from(self.0 >> 10)
    }

    fn begins_like(self, other: Outline) -> bool {
        (self.0 ^ other.0) & 31 << 5 == 0
    }

    fn ends_like(self, other: Outline) -> bool {
        (self.0 ^ other.0) & 31 == 0
    }
}

impl CityCode {
    pub(crate) fn of(city: &str) -> CityCode {
        let letters = Shape::of(city).letters;
        let words = city.split(' ').filter(|word| !word.is_empty());
        CityCode {
            letters: [letters as u16, (letters >> 16) as u16],
            words: words.fold(0, |bits, word| bits | bit_of_city_word(&canonical(word))),
            outline: Outline::of(city),
        }
    }

    pub(crate) fn is_missing(self) -> bool {
        self.words == 0
    }

    /// Whether it may have some of the words of which these are the bits.
    pub(crate) fn may_have(self, bits: u16) -> bool {
        self.words & bits != 0
    }

    fn letters(self) -> u32 {
        u32::from(self.letters[0]) | u32::from(self.letters[1]) << 16
    }

    /// The best to which two cities can compare; `errors` is how many typing errors this one may
    /// have.
    pub(crate) fn at_best(self, other: CityCode, errors: usize) -> BestLevel {
        let known = !self.is_missing() & !other.is_missing();
        let begins = self.outline.begins_like(other.outline);
        let at_one_end = begins | self.outline.ends_like(other.outline);
        let (left, right) = (self.letters(), other.letters());
        let both = left & right;
        let within = (both == left) | (both == right);
        let words = self.words & other.words;
        let all_words = (words == self.words) | (words == other.words);
        let similar = (within & begins) | self.may_be_mistyped(other, errors, at_one_end);
        BestLevel::of(known, all_words & within & at_one_end, similar)
    }

    /// Whether typing errors may be all by which two cities differ: each changes one letter, or the
    /// order of two.
    fn may_be_mistyped(self, other: CityCode, errors: usize, at_one_end: bool) -> bool {
        let [one, two] = [self, other].map(|city| city.outline.length());
        let any_length = (one == Outline::UNKNOWN) | (two == Outline::UNKNOWN);
        let errors = if any_length { errors } else { errors.min(typing_errors(two)) };
        // One error of typing does not change both the first letter and the last.
        (any_length | (one.abs_diff(two) <= errors))
            & (at_one_end | (errors > 1))
            & ((self.letters() ^ other.letters()).count_ones() as usize <= 2 * errors)
    }
}

/// The bit of a canonical word.
pub(crate) fn bit_of_city_word(word: &str) -> u16 {
    1 << (hash_of(word.bytes()) >> 60)
}

/// The first four letters and digits of a postal code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PostalCode([u8; 4]);

impl PostalCode {
    pub(crate) fn of(code: &str) -> PostalCode {
        let mut first = [0; 4];
        first.iter_mut().zip(code.bytes()).for_each(|(to, byte)| *to = byte);
        PostalCode(first)
    }

    pub(crate) fn is_missing(self) -> bool {
        self.0[0] == 0
    }

    /// The best to which two postal codes can compare.
    pub(crate) fn at_best(self, other: PostalCode) -> BestLevel {
        let [left, right] = [self, other].map(|code| u32::from_le_bytes(code.0));
        let known = !self.is_missing() & !other.is_missing();
        BestLevel::of(known, (left == right) & (self.0[3] != 0), left as u16 == right as u16)
    }
}

/// A country in ten bits, how a state is written in two, and the state in eight. 0 is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RegionCode([u8; 3]);

impl RegionCode {
    pub(crate) fn of(place: &Place) -> RegionCode {
        let letter = |byte: u8| u16::from(byte.saturating_sub(b'@') & 31);
        let country = place.country.map_or(0, |[one, two]| letter(one) << 5 | letter(two));
        let [low, high] = country.to_le_bytes();
        let [one, two, three, way] = place.state.sketch();
        let state = one.wrapping_mul(31).wrapping_add(two).wrapping_mul(31).wrapping_add(three);
        RegionCode([low, high | way << 6, state])
    }

    /// The best to which the countries, and to which the states can compare.
    pub(crate) fn at_best(self, other: RegionCode) -> [BestLevel; 2] {
        let country = |region: RegionCode| [region.0[0], region.0[1] & 3];
        let way = |region: RegionCode| region.0[1] >> 6;
        let [one, two] = [self, other].map(country);
        let comparable = (one != [0, 0]) & (two != [0, 0]);
        let alike = (way(self) != 0) & (way(self) == way(other));
        [
            BestLevel::of(comparable, one == two, false),
            BestLevel::of(alike, self.0[2] == other.0[2], false),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_large_report_have_keys_of_their_own() {
        let mut keys: Vec<u32> = (0..700_000).map(key_of_id).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 700_000);
    }
}
