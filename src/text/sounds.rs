//! Words of other alphabets in Latin letters: `Северсталь` and `Severstal` are one word.
//!
//! There are several ways to write a word in Latin letters, so that what is compared is its consonants, by
//! classes of letters that one sound is written with, as Soundex does (Russell, 1918), and then the letters.

use any_ascii::any_ascii;
use strsim::jaro_winkler;

use crate::text::hash::hash_of;

/// Consonants from which a word can be told from others by them: of letters, and of syllables, which
/// write a foreign word as it may be spoken.
const FEWEST: usize = 3;
const FEWEST_OF_SYLLABLES: usize = 4;

/// Bytes of the longest word that is looked at.
const LONGEST: usize = 96;

/// How alike two words with the same consonants must be, by Jaro and Winkler.
const ALIKE: f64 = 0.8;

/// Whether a word is of an alphabet that writes sounds: Greek, Cyrillic, kana, Hangul. Han
/// characters have readings that depend on the language.
pub(crate) fn is_of_other_alphabet(word: &str) -> bool {
    let is_letter = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
    !word.is_ascii()
        && word.len() <= LONGEST
        && (word.chars().all(is_letter) || word.chars().all(is_syllable))
}

/// Whether a character is kana or Hangul.
fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ac00}'..='\u{d7a3}')
}

/// A word in Latin letters, lower case.
fn latin(word: &str) -> String {
    let mut letters = any_ascii(word);
    letters.make_ascii_lowercase();
    letters.retain(|letter| letter.is_ascii_lowercase());
    letters
}

/// The consonants of a word, by the class of their sound; each run of one class once.
fn consonants(latin: &str) -> String {
    let letters = latin.as_bytes();
    let mut classes = String::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied().unwrap_or(b' ');
        let (sound, length) = match (letter, next) {
            (b'c' | b'k' | b'g', b'h') | (b'c', b'k') => ("k", 2),
            (b's', b'h') | (b'z', b'h') | (b't', b's' | b'z') | (b'c', b'z') => ("s", 2),
            (b's', b'c') if letters.get(at + 2) == Some(&b'h') => ("s", 3),
            (b'p', b'h') => ("p", 2),
            (b't', b'h') => ("t", 2),
            (b'c', b'e' | b'i' | b'y') => ("s", 1),
            (b'c' | b'k' | b'g' | b'q', _) => ("k", 1),
            (b'x', _) => ("ks", 1),
            (b's' | b'z', _) => ("s", 1),
            (b'b' | b'p' | b'v' | b'f' | b'w', _) => ("p", 1),
            (b'd' | b't', _) => ("t", 1),
            (b'l' | b'r', _) => ("r", 1),
            (b'm' | b'n', _) => ("n", 1),
            _ => ("", 1),
        };
        if !sound.is_empty() && !classes.ends_with(sound) {
            classes.push_str(sound);
        }
        at += length;
    }
    classes
}

/// A hash of how a word sounds; `None` where that is too little to tell it by.
pub(crate) fn sound_hash(word: &str) -> Option<u64> {
    if word.len() > LONGEST || !(word.is_ascii() || is_of_other_alphabet(word)) {
        return None;
    }
    let sound = consonants(&latin(word));
    (sound.len() >= FEWEST).then(|| hash_of(sound.bytes()))
}

/// Whether two words, of which one is of another alphabet, are one word.
pub(crate) fn sound_alike(one: &str, other: &str) -> bool {
    if one.is_ascii() == other.is_ascii() {
        return false;
    }
    let syllables = [one, other].iter().any(|word| word.chars().any(is_syllable));
    let fewest = if syllables { FEWEST_OF_SYLLABLES } else { FEWEST };
    let [one, other] = [one, other].map(latin);
    let begins_with_vowel = |word: &str| word.starts_with(['a', 'e', 'i', 'o', 'u']);
    let sound = consonants(&one);
    sound.len() >= fewest
        && sound == consonants(&other)
        && begins_with_vowel(&one) == begins_with_vowel(&other)
        && jaro_winkler(&one, &other) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_in_two_alphabets_is_one_word() {
        for (other, latin) in [
            ("северсталь", "severstal"),
            ("газпром", "gazprom"),
            ("лукоил", "lukoil"),
            ("яндекс", "yandex"),
            ("техносервис", "technoservice"),
            ("вольфрам", "wolfram"),
            ("шереметьево", "sheremetyevo"),
            ("щербаков", "shcherbakov"),
            ("μυτιληναιος", "mytilineos"),
            ("παπαδοπουλος", "papadopoulos"),
            ("コントソ", "contoso"),
            ("マイクロソフト", "microsoft"),
            ("삼성", "samsung"),
        ] {
            assert_eq!(sound_hash(other), sound_hash(latin), "{other} {latin}");
            assert!(sound_hash(other).is_some() && sound_alike(other, latin), "{other} {latin}");
        }
    }

    #[test]
    fn other_words_are_none() {
        for (other, latin) in [
            ("газпром", "severstal"),
            ("балтика", "blatnica"),
            ("コントソ", "kanto"),
            ("パルコ", "epark"),
            ("ティラド", "triad"),
            ("ломоносов", "romanoffs"),
            ("вега", "vega"), // too short to tell
        ] {
            let alike = sound_hash(other).is_some()
                && sound_hash(other) == sound_hash(latin)
                && sound_alike(other, latin);
            assert!(!alike, "{other} {latin}");
        }
        for han in ["三菱", "日本テレビ"] {
            assert_eq!(sound_hash(han), None);
        }
    }
}
