//! Words of accounts' names, and what the report knows of each.

use smallvec::SmallVec;

use crate::{
    index::{
        Index, LinkRules,
        dictionary::{ResolvedWord, UNKNOWN, WordClass, WordId},
        postings::PostingRange,
        signature::bit_of_city_word,
    },
    normalise::company::{KnownWords, NameWord},
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

/// Words of names that a thread has come across: names repeat their words.
#[derive(Debug, Default)]
pub struct WordCache {
    /// The words.
    pub(crate) words: KnownWords,
    /// What the report knows of each, by number: without a dot behind, and with one.
    entries: [Vec<Option<Box<WordEntry>>>; 2],
}

impl WordCache {
    /// Forgets all words when full: before accounts that are to be known side by side, for a name
    /// holds numbers.
    pub(crate) fn make_room(&mut self) {
        if self.words.is_full() {
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
        entries[word.number as usize]
            .get_or_insert_with(|| Box::new(WordEntry::of(text, word.dotted, index, rules)));
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
        let known = |entries: &Vec<Option<Box<WordEntry>>>| entries.iter().flatten().count();
        assert_eq!(cache.entries.each_ref().map(known), [1, 2]);
    }
}
