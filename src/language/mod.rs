//! The languages that people read: headings and sentences of the workbooks, from `rules/texts.csv`,
//! and what the files say, from `rules/phrases.csv`.

mod phrases;

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::phrases::Phrases;
use crate::{error::Result, rule_file, rules::RuleFile};

/// A language of the workbooks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

impl Language {
    /// All of them, in the order of the columns of the table.
    pub(crate) const ALL: [Language; 5] =
        [Language::En, Language::De, Language::Fr, Language::Es, Language::Ja];

    /// Its code, as `--language` takes it and pages name it.
    pub(crate) fn code(self) -> &'static str {
        ["en", "de", "fr", "es", "ja"][self as usize]
    }

    /// What its speakers call it.
    #[cfg(feature = "browser")]
    pub(crate) fn name(self) -> &'static str {
        ["English", "Deutsch", "Français", "Español", "日本語"][self as usize]
    }

    /// The language of a locale of the system, such as `de-AT` or `ja_JP.UTF-8`; English for those
    /// that the workbooks do not speak.
    pub(crate) fn of_locale(locale: &str) -> Language {
        match locale.split(['-', '_', '.']).next().unwrap_or("").to_ascii_lowercase().as_str() {
            "de" => Language::De,
            "fr" => Language::Fr,
            "es" => Language::Es,
            "ja" => Language::Ja,
            _ => Language::En,
        }
    }
}

/// Headings and sentences, in all languages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    language: Language,
    by_key: FxHashMap<Box<str>, [Box<str>; Language::ALL.len()]>,
    phrases: Phrases,
}

impl Texts {
    /// The texts of a folder of rules, to be read in a language.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    pub(crate) fn load(dir: Option<&Path>, language: Language) -> Result<Texts> {
        let phrases = Phrases::load(dir, language)?;
        let mut texts = Texts { language, by_key: FxHashMap::default(), phrases };
        texts.add(rule_file!("texts.csv"), dir)?;
        Ok(texts)
    }

    /// The same with the texts of the pages.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    #[cfg(any(test, feature = "browser"))]
    pub(crate) fn of_pages(dir: Option<&Path>, language: Language) -> Result<Texts> {
        let mut texts = Texts::load(dir, language)?;
        texts.add(rule_file!("pages.csv"), dir)?;
        Ok(texts)
    }

    fn add(&mut self, table: RuleFile, dir: Option<&Path>) -> Result<()> {
        for row in table.rows(dir)?.rows() {
            let texts = Language::ALL.map(|language| row.raw(1 + language as usize).into());
            self.by_key.insert(row.raw(0).into(), texts);
        }
        Ok(())
    }

    /// The language in which they are read.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The same texts in English, as the CSV files have them.
    pub(crate) fn in_english(&self) -> Texts {
        let phrases = Phrases::default();
        Texts { language: Language::En, by_key: self.by_key.clone(), phrases }
    }

    /// What a file says in English, as people read it; `None` where that is the same.
    pub(crate) fn say(&self, cell: &str) -> Option<String> {
        self.phrases.say(cell)
    }

    /// An English sentence as people read it, with what stands in its places; `None` where that is the
    /// same.
    pub(crate) fn sentence(&self, english: &str) -> Option<String> {
        self.phrases.phrase(english)
    }

    /// A text; in English where the language lacks it, its key where the table does.
    pub(crate) fn get<'t>(&'t self, key: &'t str) -> &'t str {
        self.find(key).unwrap_or(key)
    }

    /// A text with words put into the places that are marked for them, as `{place}`.
    pub(crate) fn with(&self, key: &str, words: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_owned();
        for (place, word) in words {
            text = text.replace(&format!("{{{place}}}"), word);
        }
        text
    }

    /// An English phrase as people read it: the text of a group, else what the files' phrase is;
    /// `None` for one that no table knows.
    pub(crate) fn phrase(&self, group: &str, english: &str) -> Option<&str> {
        self.find(&format!("{group}.{english}")).or_else(|| self.phrases.whole(english))
    }

    /// The heading of a column as people read it; `None` for one that the table does not know.
    pub(crate) fn heading(&self, column: &str) -> Option<&str> {
        self.find(&format!("column.{column}"))
    }

    /// Whether a header is that of a column, in any of the languages.
    pub(crate) fn is_heading(&self, column: &str, header: &str) -> bool {
        let known = self.by_key.get(format!("column.{column}").as_str());
        known.is_some_and(|texts| texts.iter().any(|text| **text == *header))
    }

    /// A text in each of the languages.
    pub(crate) fn in_each_language(&self, key: &str) -> impl Iterator<Item = &str> {
        self.by_key.get(key).into_iter().flatten().map(AsRef::as_ref)
    }

    fn find(&self, key: &str) -> Option<&str> {
        let texts = self.by_key.get(key)?;
        let english = &texts[Language::En as usize];
        Some(
            Some(&texts[self.language as usize]).filter(|text| !text.is_empty()).unwrap_or(english),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of a text, sorted.
    fn places(text: &str) -> Vec<&str> {
        let parts = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
        let mut places: Vec<&str> = parts.map(|(place, _)| place).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn each_text_is_there_in_each_language_with_the_same_places() {
        let texts = Texts::of_pages(None, Language::En).unwrap();
        assert!(texts.by_key.len() > 100);
        for (key, of) in &texts.by_key {
            for text in of {
                assert!(!text.is_empty(), "{key}");
                assert_eq!(places(text), places(&of[0]), "{key}: {text}");
            }
        }
    }

    #[test]
    fn the_tables_are_sorted_and_have_each_key_once() {
        for table in [rule_file!("texts.csv"), rule_file!("pages.csv"), rule_file!("phrases.csv")] {
            let rows = table.rows(None).unwrap();
            let keys: Vec<&str> = rows.rows().map(|row| row.raw(0)).collect();
            assert!(keys.is_sorted_by(|one, other| one < other), "{}", table.name);
        }
    }

    #[test]
    fn each_phrase_is_there_in_each_other_language() {
        let rows = rule_file!("phrases.csv").rows(None).unwrap();
        for row in rows.rows() {
            for language in [Language::De, Language::Fr, Language::Es, Language::Ja] {
                let said = row.raw(1 + language as usize);
                assert!(!said.is_empty(), "{}", row.raw(0));
                assert_eq!(places(said), places(row.raw(0)), "{said}");
            }
        }
    }

    #[test]
    fn the_language_is_that_of_the_system() {
        for (locale, want) in [
            ("de-DE", Language::De),
            ("de_AT.UTF-8", Language::De),
            ("fr", Language::Fr),
            ("es-MX", Language::Es),
            ("ja-JP", Language::Ja),
            ("pt-BR", Language::En),
            ("C", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), want, "{locale}");
        }
    }

    #[test]
    fn words_are_put_into_their_places() {
        let texts = Texts::load(None, Language::De).unwrap();
        let said = texts.with("review.sentence", &[("reason", "A"), ("signs", "b, c")]);
        assert_eq!(said, "A: b, c.");
        assert_eq!(texts.get("no such text"), "no such text");
        assert!(texts.is_heading("verdict", "判定") && texts.is_heading("verdict", "Decision"));
        assert!(!texts.is_heading("note", "Decision"));
    }
}
