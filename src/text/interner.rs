//! Values of texts that repeat themselves.

use compact_str::CompactString;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What texts mean, so that each is read once: words, countries, cities. They are numbered from 0,
/// in the order in which they came.
#[derive(Debug)]
pub struct Interner<V>(IndexMap<CompactString, V, FxBuildHasher>);

/// Texts that are remembered before all are forgotten.
const MOST: usize = 20_000;

impl<V> Default for Interner<V> {
    fn default() -> Interner<V> {
        Interner(IndexMap::default())
    }
}

impl<V> Interner<V> {
    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets all texts.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The number of a text; `read` finds out what it means where it is new.
    pub fn number(&mut self, text: &str, read: impl FnOnce(&str) -> V) -> u32 {
        let known = self.0.get_index_of(text);
        known.unwrap_or_else(|| self.0.insert_full(text.into(), read(text)).0) as u32
    }

    /// What the text of a number means.
    pub fn value(&self, number: u32) -> &V {
        &self.0[number as usize]
    }
}

impl<V: Clone> Interner<V> {
    /// What a text means; `read` finds it out where the text is new.
    pub fn get(&mut self, text: &str, read: impl FnOnce(&str) -> V) -> V {
        if self.len() >= MOST {
            self.clear();
        }
        let number = self.number(text, read);
        self.value(number).clone()
    }
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
                let number = known.number(text, |text| {
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
