//! What a customer is found by: hashes of its name, its words, its words and its place.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::{
    CustomerRecord, MAX_BLOCK, NameWord,
    dictionary::{Dictionary, WordClass, WordId},
};
use crate::{
    normalise::{company::CompanyName, place::Place},
    text::hash::{hash_of, hash_of_all},
};

/// What a customer is found by as a part of its name.
#[derive(Default)]
pub(super) struct NameKeys {
    /// Words by themselves.
    pub(super) words: SmallVec<[WordId; 4]>,
    /// Pairs of words, and of a word and a place.
    pub(super) pairs: SmallVec<[u64; 12]>,
}

/// What a customer is found by as a part of its name: words that few have by themselves, others
/// with a place; pairs of common words.
pub(super) fn name_keys(record: &CustomerRecord, dictionary: &Dictionary) -> NameKeys {
    let mut keys = NameKeys::default();
    let places = place_hashes(&record.place);
    let any_plain = record.words.iter().any(|word| word.class == WordClass::Plain);
    for word in record.words.iter().filter(|word| blocks(word)) {
        if any_plain && word.class != WordClass::Plain {
            continue;
        }
        if dictionary.customers(word.id) as usize <= MAX_BLOCK {
            keys.words.push(word.id);
        } else {
            keys.pairs.extend(places.iter().map(|place| placed_hash(word.id, *place)));
        }
    }
    each_pair(&record.words, dictionary, |pair| keys.pairs.push(pair));
    keys
}

/// Whether a word can bring candidates together by itself.
pub(super) fn blocks(word: &NameWord) -> bool {
    !matches!(word.class, WordClass::Particle | WordClass::Numeral(_))
}

/// As [`Index::is_common`], of a word of the dictionary.
pub(super) fn is_common(class: WordClass, id: WordId, dictionary: &Dictionary) -> bool {
    class != WordClass::Plain || dictionary.customers(id) as usize > MAX_BLOCK
}

/// The hashes of all pairs of a name's common words, the four rarest only.
fn each_pair(words: &[NameWord], dictionary: &Dictionary, mut take: impl FnMut(u64)) {
    let mut common: SmallVec<[&NameWord; 8]> = words
        .iter()
        .filter(|word| blocks(word))
        .filter(|word| is_common(word.class, word.id, dictionary))
        .collect();
    common.sort_by_key(|word| (std::cmp::Reverse(word.bits), word.id));
    common.truncate(4);
    for (at, left) in common.iter().enumerate() {
        for right in &common[at + 1..] {
            take(pair_hash((left.id, right.id)));
        }
    }
}

/// What two common words are found by.
pub(crate) fn pair_hash((left, right): (WordId, WordId)) -> u64 {
    let (low, high) = (left.min(right), left.max(right));
    (u64::from(high) << 32) | u64::from(low)
}

/// Hashes of the postal code and the city of a place, as far as it has them.
pub(crate) fn place_hashes(place: &Place) -> SmallVec<[u64; 2]> {
    let code = (!place.postal_code.is_empty()).then(|| hash_of(place.postal_code.bytes()));
    let city = (!place.city.is_empty()).then_some(place.city_hash());
    code.into_iter().chain(city).collect()
}

/// What a common word is found by together with one of the [`place_hashes`].
pub(crate) fn placed_hash(word: WordId, place: u64) -> u64 {
    FxBuildHasher.hash_one((word, place))
}

/// What a whole name is found by.
pub(crate) type NameHashes = SmallVec<[u64; 2]>;

/// Hashes of a name's words without blanks: of all but particles, and of all where that is another.
/// None for a name without words.
pub(crate) fn name_hashes(name: &CompanyName) -> NameHashes {
    let all = || name.words().filter(|(_, word)| !word.optional);
    let telling = || all().filter(|(_, word)| !word.particle);
    let mut hashes = NameHashes::new();
    if telling().next().is_some() {
        hashes.push(hash_of_all(telling().map(|(text, _)| text)));
    }
    if all().any(|(_, word)| word.particle) {
        hashes.push(hash_of_all(all().map(|(text, _)| text)));
    }
    hashes
}
