//! What people write for a verdict, in several languages: `rules/verdict_words.csv`.

use std::path::Path;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

use super::Word;
use crate::{error::Result, rule_file};

/// The words that mean a verdict.
#[derive(Debug, Clone)]
pub(crate) struct VerdictWords(FxHashMap<Box<str>, Word>);

impl VerdictWords {
    /// The table of a folder of rules.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or a row names no verdict.
    pub(crate) fn load(dir: Option<&Path>) -> Result<VerdictWords> {
        let file = rule_file!("verdict_words.csv");
        let mut words = FxHashMap::default();
        for row in file.rows(dir)?.rows() {
            let word = Word::JUDGING.into_iter().find(|word| word.word() == row.raw(1));
            let word = word.ok_or_else(|| file.error(row.line, "no verdict"))?;
            words.insert(folded(row.raw(0)).into(), word);
        }
        Ok(VerdictWords(words))
    }

    /// The verdict that a typed word means; case, width, blanks and a full stop do not matter. The
    /// words that files show are always understood.
    pub(crate) fn meant(&self, typed: &str) -> Option<Word> {
        let folded = folded(typed);
        let own = Word::ALL.into_iter().find(|word| word.word() == folded);
        own.or_else(|| self.0.get(folded.as_str()).copied())
    }
}

/// A word as the table has it.
fn folded(typed: &str) -> String {
    let lower: String = typed.nfkc().flat_map(char::to_lowercase).collect();
    let is_sign = |c: char| matches!(c, '.' | '!' | '"' | '。') || c.is_whitespace();
    lower.trim_matches(is_sign).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_five_languages_are_understood() {
        let words = VerdictWords::load(None).unwrap();
        for (typed, want) in [
            ("accept", Some(Word::Accept)),
            ("ACCEPT ", Some(Word::Accept)),
            ("ａｃｃｅｐｔ", Some(Word::Accept)), // full width
            ("Annehmen", Some(Word::Accept)),
            ("akzeptieren", Some(Word::Accept)),
            ("Ja!", Some(Word::Accept)),
            ("ja,  passt", Some(Word::Accept)),
            ("yes", Some(Word::Accept)),
            ("x", Some(Word::Accept)),
            ("OK.", Some(Word::Accept)),
            ("Oui", Some(Word::Accept)),
            ("sí", Some(Word::Accept)),
            ("はい", Some(Word::Accept)),
            ("採用", Some(Word::Accept)),
            ("Reject", Some(Word::Reject)),
            ("no", Some(Word::Reject)),
            ("Nein", Some(Word::Reject)),
            ("non", Some(Word::Reject)),
            ("rechazar", Some(Word::Reject)),
            ("いいえ。", Some(Word::Reject)),
            ("×", Some(Word::Reject)), // the sign, not the letter
            ("None", Some(Word::None)),
            ("keiner", Some(Word::None)),
            ("aucun", Some(Word::None)),
            ("ninguna", Some(Word::None)),
            ("該当なし", Some(Word::None)),
            ("", None),
            ("vielleicht", None),
            ("yes and no", None),
            ("?", None),
        ] {
            assert_eq!(words.meant(typed), want, "typed: {typed:?}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_folded_and_has_each_word_once() {
        let rows = rule_file!("verdict_words.csv").rows(None).unwrap();
        let words: Vec<&str> = rows.rows().map(|row| row.raw(0)).collect();
        assert!(words.is_sorted_by(|one, other| one < other));
        words.iter().for_each(|word| assert_eq!(folded(word), *word));
    }
}
