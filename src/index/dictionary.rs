//! The words of the report, and for which of them a word of an account may stand.

#[cfg(test)]
mod tests;

use std::{hash::Hasher, sync::OnceLock};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub(crate) use super::words::{Bits, WordClass, WordRules, canonical};
use super::{postings::Postings, words::bits};
use crate::{
    normalise::company::NameRules,
    text::{
        bloom_filter::BloomFilter,
        distance::{
            Likeness, SHORTEST_CUT, each_shortened, is_cut, is_typo, skeleton_hash, without_vowels,
        },
        fold::Shape,
        hash::{StableHasher, hash_of, hash_of_all},
        sounds::{sound_alike, sound_hash},
    },
};

/// A word of the report's dictionary.
pub(crate) type WordId = u32;

/// No word of the dictionary.
pub(crate) const UNKNOWN: WordId = u32::MAX;

/// The words of all customers' names, and how rare each is.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    ids: FxHashMap<CompactString, WordId>,
    /// The hashes of their texts.
    present: BloomFilter,
    texts: Vec<CompactString>,
    customers: Vec<u32>,
    bits: Vec<Bits>,
    classes: Vec<WordClass>,
    /// Two words that follow each other in some name, written as one -> both.
    joined: Postings<(WordId, WordId)>,
    /// Dictionary that were followed by a dot somewhere -> the words after it.
    followers: Postings<WordId>,
    /// As long as names are observed: what `joined` and `followers` are made of.
    neighbours: Vec<(WordId, WordId, bool)>,
    /// Word with one letter left out -> words.
    shortened: Postings<WordId>,
    /// Whether each was followed by a dot somewhere: it may be cut off.
    dotted: Vec<bool>,
    /// All words by text, for the words that a cut-off word may stand for.
    sorted: Vec<WordId>,
    /// Beginning of a word -> positions in `sorted`.
    beginnings: Postings<u32>,
    /// Word without its vowels -> words.
    skeletons: Postings<WordId>,
    /// How a word sounds -> words in other alphabets, and those in Latin letters; made when an account's
    /// name asks first.
    sounds: [OnceLock<Postings<WordId>>; 2],
    names: usize,
}

/// An account's word as the report's dictionary sees it.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedWord {
    /// The canonical text.
    pub(crate) text: CompactString,
    /// The same word in the report.
    pub(crate) id: WordId,
    /// How much it identifies a company.
    pub(crate) bits: Bits,
    /// What it does.
    pub(crate) class: WordClass,
    /// What it looks like.
    pub(crate) shape: Shape,
    /// Dictionary of the report for which it may stand, but which it is not; the better come first.
    pub(crate) similar: SmallVec<[Similar; 2]>,
    /// Dictionary of the report that follow each other in some name and are, written as one, this word.
    pub(crate) parts: SmallVec<[WordId; 2]>,
    /// Whether one of these is a particle.
    pub(crate) stands_for_particle: bool,
}

/// A word of the report for which an account's word may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Similar {
    /// In what way.
    pub(crate) how: Likeness,
    /// The word of the report.
    pub(crate) id: WordId,
    /// Whether the likeness is enough to bring candidates together.
    pub(crate) blocks: bool,
}

impl Dictionary {
    /// Notes that a name has a word; repeated words of one name are noted once by the caller.
    pub(crate) fn observe(&mut self, canonical: &str, dotted: bool) -> WordId {
        let id = match self.ids.get(canonical) {
            Some(id) => *id,
            None => {
                let id = self.texts.len() as WordId;
                self.ids.insert(canonical.into(), id);
                self.texts.push(canonical.into());
                self.customers.push(0);
                self.dotted.push(false);
                id
            }
        };
        self.customers[id as usize] += 1;
        self.dotted[id as usize] |= dotted;
        id
    }

    /// Notes that a name holds a word right after another, and whether a dot is between them.
    pub(crate) fn observe_neighbours(&mut self, first: WordId, second: WordId, dotted: bool) {
        self.neighbours.push((first, second, dotted));
    }

    /// Weighs all words once `names` names have been observed.
    pub(crate) fn finish(&mut self, names: usize, rules: &WordRules, name_rules: &NameRules) {
        self.names = names;
        self.finish_neighbours();
        self.present = BloomFilter::for_keys(self.texts.len());
        self.texts.iter().for_each(|text| self.present.add(hash_of(text.bytes())));
        for (id, text) in self.texts.iter().enumerate() {
            self.bits.push(bits(self.customers[id], names, rules.background(text)));
            self.classes.push(rules.class(text, name_rules));
        }
        let mut pairs = Vec::new();
        for (id, text) in self.texts.iter().enumerate() {
            each_shortened(text, |hash| pairs.push((hash, id as u32)));
        }
        self.shortened = Postings::build(pairs);
        let skeletons = self.texts.iter().enumerate();
        let skeletons = skeletons.filter_map(|(id, text)| Some((skeleton_hash(text)?, id as u32)));
        self.skeletons = Postings::build(skeletons.collect());
        self.sorted = (0..self.texts.len() as WordId).collect();
        self.sorted.sort_unstable_by(|a, b| self.texts[*a as usize].cmp(&self.texts[*b as usize]));
        let ranked = self.sorted.iter().enumerate();
        let beginnings =
            ranked.filter_map(|(at, id)| Some((beginning_hash(self.text(*id))?, at as u32)));
        self.beginnings = Postings::build(beginnings.collect());
    }

    /// How the words sound that are in Latin letters, or are not.
    fn sounds_of(&self, latin: bool) -> Postings<WordId> {
        let words = self.texts.iter().enumerate().filter(|(_, text)| text.is_ascii() == latin);
        let sounds = words.filter_map(|(id, text)| Some((sound_hash(text)?, id as u32)));
        Postings::build(sounds.collect())
    }

    /// The words of other alphabets that a word may be.
    fn sounding_like<'w>(&'w self, text: &'w str) -> impl Iterator<Item = WordId> + 'w {
        let latin = !text.is_ascii();
        let words = self.sounds[usize::from(latin)].get_or_init(|| self.sounds_of(latin));
        let hash = (!words.is_empty()).then(|| sound_hash(text)).flatten();
        let words = hash.map(|hash| words.get(hash)).into_iter().flatten().copied();
        words.filter(|id| sound_alike(self.text(*id), text))
    }

    fn finish_neighbours(&mut self) {
        let mut neighbours = std::mem::take(&mut self.neighbours);
        neighbours.sort_unstable();
        neighbours.dedup();
        let long = |id: WordId| self.text(id).len() >= SHORTEST_CUT;
        let followers = neighbours.iter().filter(|(first, _, dotted)| *dotted && long(*first));
        let followers = followers.map(|(first, second, _)| (u64::from(*first), *second)).collect();
        let joined = neighbours.iter().map(|(first, second, _)| {
            (hash_of_all([self.text(*first), self.text(*second)]), (*first, *second))
        });
        (self.joined, self.followers) =
            (Postings::build(joined.collect()), Postings::build(followers));
    }

    /// The word with a text.
    pub(crate) fn id(&self, text: &str) -> Option<WordId> {
        self.ids.get(text).copied()
    }

    /// The word that two others are, written as one in `both`. Most are none, which takes no look at
    /// the words.
    pub(crate) fn joined(&self, [first, second]: [&str; 2], both: &mut String) -> Option<WordId> {
        let hash = hash_of_all([first, second]);
        self.present.may_hold(hash).then(|| {
            both.clear();
            both.extend([first, second]);
            self.id(both)
        })?
    }

    /// The words that begin with a cut-off word, end with the one after it, and are longer.
    pub(crate) fn cut_to<'w>(
        &'w self,
        first: &'w str,
        second: &'w str,
    ) -> impl Iterator<Item = WordId> + 'w {
        let words = (first.len() >= SHORTEST_CUT).then(|| self.beginning_with(first));
        words.into_iter().flatten().filter(|id| is_cut(first, second, self.text(*id)))
    }

    /// The words that follow each other in some name and are, written as one, a text.
    fn parts(&self, text: &str) -> SmallVec<[WordId; 2]> {
        let mut parts = SmallVec::new();
        for (first, second) in self.joined.get(hash_of(text.bytes())) {
            if text.strip_prefix(self.text(*first)) == Some(self.text(*second)) {
                parts.extend([*first, *second]);
            }
        }
        let long = self.beginnings(text).filter(|(letters, _)| *letters >= SHORTEST_CUT);
        for (_, first) in long.filter(|(_, id)| self.dotted[*id as usize]) {
            for second in self.followers.get(u64::from(first)) {
                if is_cut(self.text(first), self.text(*second), text) {
                    parts.extend([first, *second]);
                }
            }
        }
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// The text of a word.
    pub(crate) fn text(&self, id: WordId) -> &str {
        &self.texts[id as usize]
    }

    /// How many customers have a word.
    pub(crate) fn customers(&self, id: WordId) -> u32 {
        self.customers[id as usize]
    }

    /// How much a word identifies a company.
    pub(crate) fn bits(&self, id: WordId) -> Bits {
        self.bits[id as usize]
    }

    /// What a word does.
    pub(crate) fn class(&self, id: WordId) -> WordClass {
        self.classes[id as usize]
    }

    /// Looks up a word as an account's name has it.
    pub(crate) fn resolve(
        &self,
        word: &str,
        dotted: bool,
        rules: &WordRules,
        name_rules: &NameRules,
    ) -> ResolvedWord {
        let text = canonical(word);
        let id = self.ids.get(text.as_str()).copied().unwrap_or(UNKNOWN);
        let (bits, class) = if id == UNKNOWN {
            (bits(0, self.names, rules.background(&text)), rules.class(&text, name_rules))
        } else {
            (self.bits(id), self.class(id))
        };
        let mut similar = SmallVec::new();
        if !matches!(class, WordClass::Numeral(_) | WordClass::Particle) {
            self.similar(&text, dotted, rules, &mut similar);
        }
        similar.retain(|other| {
            other.id != id && !matches!(self.class(other.id), WordClass::Numeral(_))
        });
        similar.sort_unstable();
        similar.truncate(MAX_SIMILAR);
        let parts = self.parts(&text);
        let mut others =
            similar.iter().map(|other: &Similar| other.id).chain(parts.iter().copied());
        let stands_for_particle = others.any(|id| self.class(id) == WordClass::Particle);
        let shape = Shape::of(&text);
        ResolvedWord { shape, text, id, bits, class, similar, parts, stands_for_particle }
    }

    fn similar(
        &self,
        text: &str,
        dotted: bool,
        rules: &WordRules,
        out: &mut SmallVec<[Similar; 2]>,
    ) {
        let mut add = |id: WordId, how: Likeness, blocks: bool| match out
            .iter_mut()
            .find(|known| known.id == id)
        {
            Some(known) => {
                known.how = known.how.min(how);
                known.blocks |= blocks;
            }
            None => out.push(Similar { how, id, blocks }),
        };
        for form in rules.other_forms(text) {
            self.ids.get(form).into_iter().for_each(|id| add(*id, Likeness::OtherForm, true));
        }
        self.sounding_like(text).for_each(|id| add(id, Likeness::OtherForm, true));
        each_shortened(text, |hash| {
            for id in self.shortened.get(hash) {
                if is_typo(self.text(*id), text) {
                    add(*id, Likeness::Typo, true);
                }
            }
        });
        let count = text.chars().count();
        // nobody cuts one letter off: `Lang` is another name than `Lange`
        let is_cut = |letters: usize, whole: usize| letters >= CUT_OFF && whole > letters + 1;
        for (letters, id) in self.beginnings(text) {
            let dotted = self.dotted[id as usize];
            if dotted || is_cut(letters, count) {
                add(id, Likeness::CutOff, dotted);
            }
        }
        if count >= CUT_OFF || (dotted && count >= 2) {
            let blocks = dotted && count >= 3;
            let words = self.beginning_with(text).take(MAX_SIMILAR);
            words
                .filter(|id| dotted || is_cut(count, self.text(*id).chars().count()))
                .for_each(|id| add(id, Likeness::CutOff, blocks));
        }
        if let Some(hash) = skeleton_hash(text) {
            for id in self.skeletons.get(hash) {
                if without_vowels(self.text(*id), text) {
                    add(*id, Likeness::CutOff, false);
                }
            }
        }
    }
}

impl Dictionary {
    /// The words of two letters or more with which a longer text begins, with how many letters each
    /// has. Most beginnings are no word, which takes no look at the words.
    fn beginnings<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, WordId)> + 't {
        let (mut hasher, mut hashed) = (StableHasher::default(), 0);
        text.char_indices().enumerate().skip(2).filter_map(move |(letters, (end, _))| {
            text.as_bytes()[hashed..end].iter().for_each(|byte| hasher.write_u8(*byte));
            hashed = end;
            let may_be_one = self.present.may_hold(hasher.finish());
            may_be_one.then(|| self.id(&text[..end]))?.map(|id| (letters, id))
        })
    }

    /// The words that begin with a text, in the order of their texts.
    fn beginning_with<'w>(&'w self, text: &'w str) -> impl Iterator<Item = WordId> + 'w {
        let within = beginning_hash(text).map(|hash| self.beginnings.get(hash));
        let word = move |at: usize| match within {
            Some(within) => within.get(at).map(|at| self.sorted[*at as usize]),
            None => self.sorted.get(at).copied(),
        };
        let count = within.map_or(self.sorted.len(), <[u32]>::len);
        let (mut from, mut to) = (0, count);
        while from < to {
            let middle = from.midpoint(to);
            match word(middle).is_some_and(|id| self.text(id) < text) {
                true => from = middle + 1,
                false => to = middle,
            }
        }
        (from..count).map_while(word).take_while(move |id| self.text(*id).starts_with(text))
    }
}

/// A hash of the first letters of a word; `None` for a shorter one.
fn beginning_hash(word: &str) -> Option<u64> {
    let end = word.char_indices().nth(CUT_OFF - 1).map(|(at, c)| at + c.len_utf8())?;
    Some(hash_of(word[..end].bytes()))
}

/// Dictionary of the report that an account's word may stand for, at most.
const MAX_SIMILAR: usize = 32;

/// Letters from which the beginning of a word may stand for the word.
const CUT_OFF: usize = 4;
