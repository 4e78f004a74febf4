//! Words of accounts' names, and what the report knows of each.

use std::sync::{Arc, Mutex, PoisonError};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    index::{
        Index, LinkRules,
        dictionary::{ResolvedWord, UNKNOWN, WordClass, WordId},
        postings::PostingRange,
        signature::bit_of_city_word,
    },
    normalise::company::{KnownWords, NameWord},
    text::hash::hash_of,
};

/// A word of an account's name, and the customers to which it leads.
#[derive(Debug)]
pub(crate) struct WordEntry {
    pub(crate) word: ResolvedWord,
    /// Its bit among the words of cities.
    pub(crate) in_cities: u16,
    /// Where the customers are that have it, or a word it may stand for.
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

impl WordEntry {
    /// Looks up a word, behind which there may be a dot.
    fn of(text: &str, dotted: bool, index: &Index, rules: &LinkRules) -> WordEntry {
        let word = index.words.resolve(text, dotted, &rules.words, &rules.names);
        let own = Some(word.id).filter(|id| *id != UNKNOWN);
        let similar = word.similar.iter().filter(|similar| similar.blocks);
        let ids: SmallVec<[WordId; 8]> =
            own.into_iter().chain(similar.map(|similar| similar.id)).collect();
        let lists = ids.iter().filter_map(|id| index.find_word(*id)).collect();
        let common = ids.into_iter().take(COMMON).filter(|id| index.is_common(*id));
        let is_plain = |word| index.words.class(word) == WordClass::Plain;
        let common = common.map(|word| Common { word, is_plain: is_plain(word) }).collect();
        WordEntry { in_cities: bit_of_city_word(&word.text), word, lists, common }
    }
}

/// Words that some thread of a matcher has looked up, without and with a dot behind; in parts that
/// threads seldom want at once. Two threads that look up words of their own take a tenth more time.
#[derive(Debug, Default)]
pub(crate) struct SharedWords([Mutex<[ByText; 2]>; PARTS]);

type ByText = FxHashMap<CompactString, Arc<WordEntry>>;

const PARTS: usize = 16;

impl SharedWords {
    /// What is known of a word; `look_up` finds it out where no thread has.
    fn get(&self, text: &str, dotted: bool, look_up: impl FnOnce() -> WordEntry) -> Arc<WordEntry> {
        let part = &self.0[hash_of(text.bytes()) as usize % PARTS];
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        let dotted = usize::from(dotted);
        if let Some(known) = lock()[dotted].get(text) {
            return known.clone();
        }
        let entry = Arc::new(look_up());
        let words = &mut lock()[dotted];
        if words.len() >= KnownWords::MOST / PARTS {
            words.clear();
        }
        words.insert(text.into(), entry.clone());
        entry
    }
}

/// Words of names that a thread has come across: names repeat their words.
#[derive(Debug, Default)]
pub(crate) struct WordCache {
    /// The words.
    pub(crate) words: KnownWords,
    /// What the report knows of each, by number: without a dot behind, and with one.
    entries: [Vec<Option<Arc<WordEntry>>>; 2],
    /// What all threads know.
    shared: Arc<SharedWords>,
}

impl WordCache {
    /// Forgets all words when full, or when they are those of another matcher: before accounts that
    /// are to be known side by side, for a name holds numbers.
    pub(crate) fn make_room(&mut self, shared: &Arc<SharedWords>) {
        let is_other = !Arc::ptr_eq(&self.shared, shared);
        if is_other {
            self.shared = shared.clone();
        }
        if is_other || self.words.is_full() {
            self.words.clear();
            self.entries.iter_mut().for_each(Vec::clear);
        }
    }

    /// Looks up a word of a name.
    pub(crate) fn look_up(&mut self, text: &str, word: NameWord, index: &Index, rules: &LinkRules) {
        let entries = &mut self.entries[usize::from(word.dotted)];
        if entries.len() < self.words.len() {
            entries.resize_with(self.words.len(), || None);
        }
        entries[word.number as usize].get_or_insert_with(|| {
            let look_up = || WordEntry::of(text, word.dotted, index, rules);
            self.shared.get(text, word.dotted, look_up)
        });
    }

    /// What is known of a word that has been looked up.
    pub(crate) fn get(&self, word: NameWord) -> &WordEntry {
        let entry = &self.entries[usize::from(word.dotted)][word.number as usize];
        entry.as_deref().expect("words are looked up when a name is read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::company::CompanyName;

    #[test]
    fn a_word_is_looked_up_once_with_a_dot_and_once_without() {
        let (index, rules) = (Index::default(), LinkRules::default());
        let (mut cache, mut name) = (WordCache::default(), CompanyName::default());
        for raw in ["Ulm", "Ulm.", "Ulm Ulm. Kiel."] {
            rules.names.read(raw, &mut cache.words, &mut name);
            for (text, word) in name.words() {
                cache.look_up(text, word, &index, &rules);
                assert_eq!(cache.get(word).word.text, text);
            }
        }
        let known = |entries: &Vec<Option<Arc<WordEntry>>>| entries.iter().flatten().count();
        assert_eq!(cache.entries.each_ref().map(known), [1, 2]);
    }

    #[test]
    fn words_of_another_matcher_are_forgotten() {
        let (index, rules) = (Index::default(), LinkRules::default());
        let (mut cache, mut name) = (WordCache::default(), CompanyName::default());
        let shared = Arc::default();
        for (matcher, want) in [(&shared, 0), (&shared, 1), (&Arc::default(), 0)] {
            cache.make_room(matcher);
            assert_eq!(cache.words.len(), want);
            rules.names.read("Ulm", &mut cache.words, &mut name);
            name.words().for_each(|(text, word)| cache.look_up(text, word, &index, &rules));
        }
    }

    #[test]
    fn no_more_words_are_shared_than_the_limit() {
        let (index, rules) = (Index::default(), LinkRules::default());
        let words = SharedWords::default();
        for number in 0..KnownWords::MOST * 3 / 2 {
            words.get(&number.to_string(), false, || WordEntry::of("", false, &index, &rules));
        }
        let kept = |part: &Mutex<[ByText; 2]>| part.lock().map_or(0, |words| words[0].len());
        let most = KnownWords::MOST / PARTS;
        assert!(words.0.iter().all(|part| (1..=most).contains(&kept(part))));
    }
}
