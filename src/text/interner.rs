//! Values of texts that repeat themselves.

use std::hash::BuildHasher;

use compact_str::CompactString;
use prefetch_index::prefetch_index;
use rustc_hash::FxBuildHasher;

/// What texts mean, so that each is read once: words, countries, cities. They are numbered from 0, in
/// the order in which they came.
///
/// A hash table of our own, since [`Interner::prefetch_all`] needs to know where an entry lies: that
/// is worth a twentieth of a long run.
#[derive(Debug)]
pub(crate) struct Interner<V> {
    /// Half of the hash of a text, from which on its slot is looked for, and its number; at most
    /// half of the slots, a power of two, are taken.
    slots: Vec<(u32, u32)>,
    /// The texts and what they mean, by number.
    all: Vec<(CompactString, V)>,
}

/// A text that is looked up, with its hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'t> {
    /// The text.
    pub(crate) text: &'t str,
    /// Its hash.
    pub(crate) hash: u32,
}

impl<'t> From<&'t str> for Key<'t> {
    fn from(text: &'t str) -> Key<'t> {
        Key { text, hash: FxBuildHasher.hash_one(text) as u32 }
    }
}

/// The number in a slot that is not taken.
const FREE: u32 = u32::MAX;

/// Texts that are remembered before all are forgotten.
const MOST: usize = 20_000;

impl<V> Default for Interner<V> {
    fn default() -> Interner<V> {
        Interner { slots: Vec::new(), all: Vec::new() }
    }
}

impl<V> Interner<V> {
    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no text.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Forgets all texts.
    pub(crate) fn clear(&mut self) {
        self.slots.fill((0, FREE));
        self.all.clear();
    }

    /// The number of a text; `read` finds out what it means where it is new.
    pub(crate) fn number<'t>(
        &mut self,
        key: impl Into<Key<'t>>,
        read: impl FnOnce(&str) -> V,
    ) -> u32 {
        let Key { text, hash } = key.into();
        if let Some(number) = self.candidates(hash).find(|at| self.all[*at as usize].0 == *text) {
            return number;
        }
        let number = self.all.len() as u32;
        self.all.push((text.into(), read(text)));
        if self.all.len() * 2 > self.slots.len() {
            self.grow();
        }
        take_slot(&mut self.slots, (hash, number));
        number
    }

    /// What the text of a number means.
    pub(crate) fn value(&self, number: u32) -> &V {
        &self.all[number as usize].1
    }

    /// Prefetches the memory of many texts at once, which are to be looked up soon; by their hashes.
    pub(crate) fn prefetch_all(&self, hashes: impl Iterator<Item = u32> + Clone) {
        for hash in hashes.clone() {
            prefetch_index(&self.slots, self.first_slot(hash));
        }
        for number in hashes.filter_map(|hash| self.candidates(hash).next()) {
            prefetch_index(&self.all, number as usize);
        }
    }

    /// The numbers of the texts that may have a hash, in the order in which they are looked at.
    fn candidates(&self, hash: u32) -> impl Iterator<Item = u32> {
        let mut at = self.first_slot(hash);
        std::iter::from_fn(move || {
            while let Some((of, number)) = self.slots.get(at).copied()
                && number != FREE
            {
                at = (at + 1) & (self.slots.len() - 1);
                if of == hash {
                    return Some(number);
                }
            }
            None
        })
    }

    fn first_slot(&self, hash: u32) -> usize {
        hash as usize & self.slots.len().saturating_sub(1)
    }

    /// Makes room for twice as many texts.
    fn grow(&mut self) {
        let more = vec![(0, FREE); (self.slots.len() * 2).max(64)];
        let taken = std::mem::replace(&mut self.slots, more).into_iter();
        let taken = taken.filter(|(_, number)| *number != FREE);
        taken.for_each(|slot| take_slot(&mut self.slots, slot));
    }
}

impl<V: Clone> Interner<V> {
    /// What a text means; `read` finds it out where the text is new.
    pub(crate) fn get(&mut self, text: &str, read: impl FnOnce(&str) -> V) -> V {
        if self.len() >= MOST {
            self.clear();
        }
        let number = self.number(text, read);
        self.value(number).clone()
    }
}

/// Takes the first free slot from that of a hash on; there is one.
fn take_slot(slots: &mut [(u32, u32)], (hash, number): (u32, u32)) {
    let first = hash as usize & (slots.len() - 1);
    let mut from_there = (first..slots.len()).chain(0..first);
    let free = from_there.find(|at| slots[*at].1 == FREE);
    slots[free.expect("half of the slots are free")] = (hash, number);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_keeps_its_number_and_its_value(texts in prop::collection::vec("[ab]{0,8}", 0..400)) {
            let mut known = Interner::default();
            let mut first: Vec<&str> = Vec::new();
            for text in &texts {
                let want = first.iter().position(|known| known == text).unwrap_or(first.len());
                let is_new = want == first.len();
                if is_new {
                    first.push(text);
                }
                let mut was_read = false;
                let number = known.number(text.as_str(), |text| {
                    was_read = true;
                    text.to_owned()
                });
                prop_assert_eq!((number as usize, was_read), (want, is_new), "{:?}", text);
                prop_assert_eq!(known.value(number), text);
            }
            prop_assert_eq!(known.len(), first.len());
            known.clear();
            prop_assert!(known.is_empty());
            prop_assert_eq!(known.number("ab", str::to_owned), 0);
        }
    }
}
