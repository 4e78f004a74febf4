//! Words of accounts' names, and what the report knows of each: looked up once for all threads.

use std::sync::{Mutex, PoisonError};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use triomphe::Arc;

use crate::{
    index::{
        Index, LinkRules,
        dictionary::{Resolved, UNKNOWN, WordClass, WordId},
        postings::PostingRange,
        signature::bit_of_city_word,
    },
    normalise::company::{KnownWords, NameWord},
    text::hash::hash_of,
};

/// A word that has been looked up.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) word: Resolved,
    /// Its bit among the words of cities.
    pub(crate) in_cities: u16,
    /// Where the customers are who bear it, or a word it may stand for.
    pub(crate) lists: SmallVec<[PostingRange; 2]>,
    /// The first of these words that bring candidates together with another word or a place only.
    pub(crate) common: SmallVec<[Common; COMMON]>,
}

/// A word of the report that brings candidates together with another word or with a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common {
    pub(crate) word: WordId,
    pub(crate) is_plain: bool,
}

/// How many common words of the report an account's word is looked up as, at most.
const COMMON: usize = 3;

impl Known {
    /// Looks up a word, behind which there may be a dot.
    fn of(text: &str, dotted: bool, index: &Index, rules: &LinkRules) -> Known {
        let word = index.words.resolve(text, dotted, &rules.words, &rules.names);
        let own = Some(word.id).filter(|id| *id != UNKNOWN);
        let similar = word.similar.iter().filter(|similar| similar.blocks);
        let ids: SmallVec<[WordId; 8]> =
            own.into_iter().chain(similar.map(|similar| similar.id)).collect();
        let lists = ids.iter().filter_map(|id| index.find_word(*id)).collect();
        let common = ids.into_iter().take(COMMON).filter(|id| index.is_common(*id));
        let is_plain = |word| index.words.class(word) == WordClass::Plain;
        let common = common.map(|word| Common { word, is_plain: is_plain(word) }).collect();
        Known { in_cities: bit_of_city_word(&word.text), word, lists, common }
    }
}

/// Words that some thread has looked up, without and with a dot behind; in parts that threads seldom
/// want at once.
#[derive(Debug, Default)]
pub(crate) struct LookedUp([Mutex<[ByText; 2]>; PARTS]);

type ByText = FxHashMap<CompactString, Arc<Known>>;

const PARTS: usize = 16;

/// Words of a part before it starts anew.
const MOST_OF_PART: usize = 7_000;

impl LookedUp {
    /// What is known of a word; `look_up` finds it out where nobody has.
    fn get(&self, text: &str, dotted: bool, look_up: impl FnOnce() -> Known) -> Arc<Known> {
        let part = &self.0[hash_of(text.bytes()) as usize % PARTS];
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        let dotted = usize::from(dotted);
        if let Some(known) = lock()[dotted].get(text) {
            return known.clone();
        }
        let known = Arc::new(look_up());
        let mut part = lock();
        let words = &mut part[dotted];
        if words.len() >= MOST_OF_PART {
            words.clear();
        }
        words.insert(text.into(), known.clone());
        known
    }
}

/// Words of names that a thread has come across: names repeat their words.
#[derive(Debug, Default)]
pub struct WordCache {
    /// The words.
    pub(crate) words: KnownWords,
    /// What the report knows of each, by number: without a dot behind, and with one.
    known: [Vec<Option<Arc<Known>>>; 2],
}

/// Words kept in a thread's cache before it starts anew: nearly half of 2^17 slots.
const MAX_CACHED: usize = 65_000;

impl WordCache {
    /// Starts anew when full: before accounts that are to be known side by side, for a name holds
    /// numbers.
    pub(crate) fn make_room(&mut self) {
        if self.words.len() >= MAX_CACHED {
            self.words.clear();
            self.known.iter_mut().for_each(Vec::clear);
        }
    }

    /// Looks up a word of a name.
    pub(crate) fn look_up(&mut self, text: &str, word: NameWord, index: &Index, rules: &LinkRules) {
        let known = &mut self.known[usize::from(word.dotted)];
        if known.len() < self.words.len() {
            known.resize(self.words.len(), None);
        }
        known[word.number as usize].get_or_insert_with(|| {
            let look_up = || Known::of(text, word.dotted, index, rules);
            index.looked_up.get(text, word.dotted, look_up)
        });
    }

    /// What is known of a word that has been looked up.
    pub(crate) fn get(&self, word: NameWord) -> &Known {
        let known = &self.known[usize::from(word.dotted)][word.number as usize];
        known.as_deref().expect("words are looked up when a name is read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_looked_up_once_with_a_dot_and_once_without() {
        let (index, rules) = (Index::default(), LinkRules::default());
        let (words, mut looked_up) = (LookedUp::default(), Vec::new());
        for (text, dotted) in [("ulm", false), ("ulm", true), ("ulm", false), ("kiel", true)] {
            let known = words.get(text, dotted, || {
                looked_up.push((text, dotted));
                Known::of(text, dotted, &index, &rules)
            });
            assert_eq!(known.word.text, text);
        }
        assert_eq!(looked_up, [("ulm", false), ("ulm", true), ("kiel", true)]);
    }

    #[test]
    fn no_more_words_are_kept_than_said() {
        let (index, rules) = (Index::default(), LinkRules::default());
        let words = LookedUp::default();
        for number in 0..PARTS * MOST_OF_PART * 3 / 2 {
            words.get(&number.to_string(), false, || Known::of("", false, &index, &rules));
        }
        let kept = |part: &Mutex<[ByText; 2]>| part.lock().map_or(0, |words| words[0].len());
        assert!(words.0.iter().all(|part| (1..=MOST_OF_PART).contains(&kept(part))));
    }
}
