//! Words of names that have been read, and what the tables say of each.

use super::{CompanyName, NameRules};
use crate::normalise::remembered::Remembered;

/// What the tables say of a single word: of most words nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// How many words the legal forms have that begin with it.
    pub(super) begins_forms: Lengths,
    /// How many words the legal forms have that end with it.
    pub(super) ends_forms: Lengths,
    /// [`ENDS_NOTE`], [`AND`], [`PARTICLE`]: of millions of words, so in one byte.
    pub(super) marks: u8,
}

/// Numbers of words, a bit for each; the last stands for 8 and more.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lengths(u8);

impl Lengths {
    pub(super) fn of(words: usize) -> Lengths {
        Lengths(1 << (words.clamp(1, 8) - 1))
    }

    pub(super) fn add(&mut self, other: Lengths) {
        self.0 |= other.0;
    }

    /// The numbers up to one, the largest first.
    pub(super) fn up_to(self, most: usize) -> impl Iterator<Item = usize> {
        let most = if self.0 == 0 { 0 } else { most };
        (1..=most).rev().filter(move |words| self.0 & Lengths::of(*words).0 != 0)
    }
}

/// A note ends with the word.
pub(super) const ENDS_NOTE: u8 = 1;

/// The word joins others, as `and` does.
pub(super) const AND: u8 = 2;

/// The word is an article or the like.
pub(super) const PARTICLE: u8 = 4;

impl Known {
    pub(super) fn is(self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

/// The number of a word among [`KnownWords`].
pub type WordNumber = u32;

/// Words of names that have been read, numbered from 0, with what the tables say of each: names
/// repeat their words.
#[derive(Debug, Default)]
pub struct KnownWords(Remembered<Known>);

impl KnownWords {
    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all words.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Asks for the memory in which the words of a folded name are looked for.
    pub(crate) fn prefetch_slots(&self, name: &CompanyName) {
        name.folded.words().for_each(|word| self.0.prefetch_slot(word));
    }

    /// Asks for the memory of the words of a folded name, whose slots are at hand; tells the numbers
    /// that they have most likely.
    pub(crate) fn prefetch_words(&self, name: &CompanyName) -> impl Iterator<Item = WordNumber> {
        name.folded.words().filter_map(|word| self.0.prefetch_text(word))
    }

    pub(super) fn get(&mut self, word: &str, rules: &NameRules) -> (WordNumber, Known) {
        let number = self.0.number(word, |word| rules.known(word));
        (number, *self.0.value(number))
    }
}
