//! Words of names that have been read, and what the tables say of each.

use std::num::NonZeroU8;

use super::{CompanyName, FormId, NameRules};
use crate::text::interner::{Interner, Key};

/// What the tables say of a single word: of most words nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// How many words the legal forms have that begin with it.
    pub(super) begins_forms: Lengths,
    /// How many words the legal forms have that end with it.
    pub(super) ends_forms: Lengths,
    /// The legal form that it is by itself.
    pub(super) form: Option<LegalForm>,
    /// [`ENDS_NOTE`], [`AND`], [`PARTICLE`], [`WEAK`], [`BEGINS_REMARK`]: of millions of words, so in one byte.
    pub(super) marks: u8,
}

/// A legal form, and where in a name it may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct LegalForm {
    pub(super) id: FormId,
    positions: NonZeroU8,
}

/// A position of a legal form, a bit for each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position(NonZeroU8);

impl Position {
    /// In front of the name.
    pub(super) const FRONT: Position = Position(NonZeroU8::MIN);
    /// At the end of the name.
    pub(super) const END: Position = Position(NonZeroU8::MIN.saturating_add(1));
    /// Anywhere, in brackets.
    pub(super) const BRACKET: Position = Position(NonZeroU8::MIN.saturating_add(3));
}

impl LegalForm {
    /// A form that may stand nowhere else.
    pub(super) fn new(id: FormId, Position(positions): Position) -> LegalForm {
        LegalForm { id, positions }
    }

    /// Lets it stand elsewhere too.
    pub(super) fn allow(&mut self, Position(position): Position) {
        self.positions |= position;
    }

    /// Whether it may stand there.
    pub(super) fn stands(self, Position(position): Position) -> bool {
        self.positions.get() & position.get() != 0
    }
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

    /// Whether a number is among them.
    pub(super) fn has(self, words: usize) -> bool {
        self.0 & Lengths::of(words).0 != 0
    }

    /// The numbers up to one, the largest first.
    pub(super) fn up_to(self, most: usize) -> impl Iterator<Item = usize> {
        let longest = match u8::BITS - self.0.leading_zeros() {
            u8::BITS => most,
            longest => most.min(longest as usize),
        };
        (1..=longest).rev().filter(move |words| self.has(*words))
    }
}

/// A note ends with the word.
pub(super) const ENDS_NOTE: u8 = 1;

/// The word joins others, as `and` does.
pub(super) const AND: u8 = 2;

/// The word is an article or the like.
pub(super) const PARTICLE: u8 = 4;

/// The word does little to identify a company.
pub(super) const WEAK: u8 = 8;

/// What follows the word is a remark: a former name, a person.
pub(super) const BEGINS_REMARK: u8 = 16;

impl Known {
    pub(super) fn is(self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

/// The number of a word among [`KnownWords`].
pub(crate) type WordNumber = u32;

/// Words of names that have been read, numbered from 0, with what the tables say of each: names
/// repeat their words.
#[derive(Debug, Default)]
pub(crate) struct KnownWords(Interner<Known>);

impl KnownWords {
    /// How many words are known before all are forgotten: nearly half of 2^17 slots.
    pub(crate) const MOST: usize = 65_000;

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether they take so much memory that it is time to forget them.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= KnownWords::MOST
    }

    /// Forgets all words.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Prefetches the memory of the words of many folded names at once.
    pub(super) fn prefetch_all(&self, names: &[&mut CompanyName]) {
        self.0.prefetch_all(names.iter().flat_map(|name| name.hashes.iter().copied()));
    }

    pub(super) fn get(&mut self, word: Key<'_>, rules: &NameRules) -> (WordNumber, Known) {
        let number = self.0.number(word, |word| rules.known(word));
        (number, *self.0.value(number))
    }
}
