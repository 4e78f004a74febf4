//! Characters that are written in several ways.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::{error::Result, rule_file};

/// Characters that are written in several ways: old or variant kanji, small kana.
#[derive(Debug, Clone, Default)]
pub(crate) struct CharacterVariants(FxHashMap<char, char>);

impl CharacterVariants {
    /// The table of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the table cannot be read or a cell holds more than one character.
    pub(crate) fn load(dir: Option<&Path>) -> Result<CharacterVariants> {
        let file = rule_file!("kanji_variants.csv");
        let mut variants = FxHashMap::default();
        for row in file.rows(dir)?.rows() {
            let single = |cell: &str| {
                let mut characters = cell.chars();
                characters.next().filter(|_| characters.next().is_none())
            };
            let (Some(variant), Some(usual)) = (single(row.raw(0)), single(row.raw(1))) else {
                return Err(file.error(row.line, "each cell holds one character"));
            };
            variants.insert(variant, usual);
        }
        Ok(CharacterVariants(variants))
    }

    /// The usual form of a character.
    pub(crate) fn usual(&self, c: char) -> char {
        self.0.get(&c).copied().unwrap_or(c)
    }
}
