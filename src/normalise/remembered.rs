//! Values of texts that repeat themselves.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

/// What texts were found to mean, so that each is read once: countries, cities.
#[derive(Debug)]
pub struct Remembered<V>(FxHashMap<CompactString, V>);

impl<V> Default for Remembered<V> {
    fn default() -> Remembered<V> {
        Remembered(FxHashMap::default())
    }
}

/// Texts that are remembered before all are forgotten.
const MOST: usize = 20_000;

impl<V: Clone> Remembered<V> {
    /// What a text means; `read` finds it out where the text is new.
    pub fn get(&mut self, text: &str, read: impl FnOnce(&str) -> V) -> V {
        if let Some(value) = self.0.get(text) {
            return value.clone();
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let value = read(text);
        self.0.insert(text.into(), value.clone());
        value
    }
}
