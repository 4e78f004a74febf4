//! What the files say in English, as workbooks say it: `rules/phrases.csv`.
//!
//! Files for machines have one language, and the code that finds a reason writes it in that one.
//! Who opens a workbook reads the same words in a language of their own.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::Language;
use crate::{error::Result, rule_file};

/// What parts the phrases of a cell.
const APART: &str = "; ";

/// What parts the words of a phrase.
const COMMA: &str = ", ";

/// The phrases of the table, to be said in a language.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases {
    /// Those without a place for something to be put in.
    whole: FxHashMap<Box<str>, Box<str>>,
    /// All others.
    patterns: Vec<Pattern>,
}

/// A phrase with places, and how it is said.
#[derive(Debug, Clone)]
struct Pattern {
    phrase: Parts,
    said: Parts,
}

/// A text that is cut at its places: the text before each, and the last text.
#[derive(Debug, Clone)]
struct Parts {
    /// What stands before a place, and the name of the place.
    places: Vec<(Box<str>, Box<str>)>,
    end: Box<str>,
}

impl Phrases {
    /// The phrases of a folder of rules, to be said in a language.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    pub(super) fn load(dir: Option<&Path>, language: Language) -> Result<Phrases> {
        let mut phrases = Phrases::default();
        for row in rule_file!("phrases.csv").rows(dir)?.rows() {
            let (phrase, said) = (row.raw(0), row.raw(1 + language as usize));
            if said.is_empty() {
                continue;
            }
            let (phrase, said) = (Parts::of(phrase), Parts::of(said));
            if phrase.places.is_empty() {
                phrases.whole.insert(phrase.end, said.end);
            } else {
                phrases.patterns.push(Pattern { phrase, said });
            }
        }
        Ok(phrases)
    }

    /// How a phrase without places is said.
    pub(super) fn whole(&self, phrase: &str) -> Option<&str> {
        self.whole.get(phrase).map(AsRef::as_ref)
    }

    /// How a cell is said; `None` where the table knows nothing of it.
    pub(super) fn say(&self, cell: &str) -> Option<String> {
        if self.patterns.is_empty() {
            // English: some words are others for people, no sentence is
            return self.whole.get(cell).map(ToString::to_string);
        }
        self.phrase(cell).or_else(|| self.apart(cell))
    }

    /// One phrase, or several words one behind the other, each of which is known.
    pub(super) fn phrase(&self, text: &str) -> Option<String> {
        let one = |text: &str| self.whole.get(text).map(ToString::to_string);
        let each = |words: &str| {
            let word = |word: &str| one(word).or_else(|| self.pattern(word));
            let said: Option<Vec<String>> = words.split(COMMA).map(word).collect();
            said.map(|said| said.join(COMMA))
        };
        one(text).or_else(|| each(text)).or_else(|| self.pattern(text))
    }

    /// A phrase with something in its places: of several that fit, the one with the longest text of
    /// its own.
    fn pattern(&self, text: &str) -> Option<String> {
        let cut = |of: &Pattern| of.phrase.cut(text).map(|words| (of.phrase.length(), words));
        let fitting = self.patterns.iter().filter_map(|of| Some((of, cut(of)?)));
        let (pattern, (_, words)) = fitting.max_by_key(|(_, (length, _))| *length)?;
        Some(pattern.said.filled(|name| {
            let word = pattern.phrase.word(&words, name);
            let is_phrase = name.starts_with("said");
            is_phrase.then(|| self.say(word)).flatten().unwrap_or_else(|| word.to_owned())
        }))
    }

    /// Several phrases one behind the other: each that is known is said.
    fn apart(&self, text: &str) -> Option<String> {
        let phrases: Vec<&str> = text.split(APART).collect();
        let said: Vec<Option<String>> = phrases.iter().map(|part| self.phrase(part)).collect();
        if phrases.len() == 1 || said.iter().all(Option::is_none) {
            return None;
        }
        let each = said.into_iter().zip(phrases);
        Some(
            each.map(|(said, part)| said.unwrap_or_else(|| part.into()))
                .collect::<Vec<_>>()
                .join(APART),
        )
    }
}

impl Parts {
    fn of(text: &str) -> Parts {
        let (mut places, mut rest) = (Vec::new(), text);
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, from)| from.split_once('}').map(|after| (before, after)))
        {
            places.push((before.into(), name.into()));
            rest = after;
        }
        Parts { places, end: rest.into() }
    }

    /// How much of the text is its own.
    fn length(&self) -> usize {
        self.places.iter().map(|(before, _)| before.len()).sum::<usize>() + self.end.len()
    }

    /// What stands in the places of a text that is built like this; nothing of it is empty or several
    /// phrases.
    fn cut<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, _) = self.places.first()?;
        let mut rest = text.strip_prefix(&**first)?.strip_suffix(&*self.end)?;
        let mut words = Vec::with_capacity(self.places.len());
        for (before, _) in &self.places[1..] {
            let (word, after) = rest.split_once(&**before)?;
            words.push(word);
            rest = after;
        }
        words.push(rest);
        let is_sound = |word: &&str| !word.is_empty() && !word.contains(APART);
        words.iter().all(is_sound).then_some(words)
    }

    /// What was found in a place of this text.
    fn word<'t>(&self, words: &[&'t str], place: &str) -> &'t str {
        let at = self.places.iter().position(|(_, name)| **name == *place);
        at.and_then(|at| words.get(at)).copied().unwrap_or_default()
    }

    /// The text with something in each of its places.
    fn filled(&self, word: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for (before, name) in &self.places {
            text.push_str(before);
            text.push_str(&word(name));
        }
        text.push_str(&self.end);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{
        Cause, ChangeKind, ContactStatus, CustomerStatus, ExcludedReason, ReviewReason,
        Suppression, UnmatchedReason,
    };

    fn german() -> Phrases {
        Phrases::load(None, Language::De).unwrap()
    }

    #[test]
    fn phrases_are_said_with_what_stands_in_their_places() {
        let german = german();
        for (english, want) in [
            ("opted out", Some("abgemeldet")),
            ("no longer opted out", Some("nicht mehr: abgemeldet")),
            ("no longer in the reports", Some("nicht mehr in den Reports")), // the whole before a pattern
            ("accepted by Petra", Some("angenommen von Petra")),
            ("accepted by the name pass", Some("nach dem Namen angenommen")),
            (
                "the report changed: name, domain",
                Some("der Report hat sich geändert: Name, Domain"),
            ),
            (
                "its account is linked now: the CRM's record changed: place",
                Some(
                    "der Account ist jetzt verknüpft: der Datensatz im CRM hat sich geändert: Ort",
                ),
            ),
            (
                "its cluster fell: Azure from Act Now to none, M365 from Evaluate to Nurture",
                Some(
                    "das Cluster ist gefallen: Azure von Act Now auf keines, M365 von Evaluate auf Nurture",
                ),
            ),
            (
                "Azure: Act Now (new); M365: Act Now (Evaluate before); Surface: Act Now",
                Some("Azure: Act Now (neu); M365: Act Now (vorher Evaluate); Surface: Act Now"),
            ),
            (
                "no domain in the CRM; name similar (both: a~b, only the CRM: c d); place agrees",
                Some(
                    "keine Domain im CRM; Name ähnlich (beide: a~b, nur das CRM: c d); Ort stimmt überein",
                ),
            ),
            ("too few cells: 9 of 40", Some("zu wenige Zellen: 9 von 40")),
            (
                "open deal (Azure), created 2026-10-04; 2 more",
                Some("offene Verkaufschance (Azure), angelegt am 2026-10-04; 2 weitere"),
            ),
            ("Act Now", None),
            ("Contoso, listed", None), // a name is no phrase
            ("", None),
        ] {
            assert_eq!(german.say(english).as_deref(), want, "{english}");
        }
        let english = Phrases::load(None, Language::En).unwrap();
        assert_eq!(english.say("crm").as_deref(), Some("CRM"));
        assert_eq!(english.say("opted out"), None, "it stands there in English");
    }

    #[test]
    fn each_status_and_reason_is_said() {
        let german = german();
        let mut words: Vec<&str> = Vec::new();
        words.extend(CustomerStatus::ALL.iter().map(|of| of.word()));
        words.extend(ReviewReason::ALL.iter().map(|of| of.word()));
        words.extend(UnmatchedReason::ALL.iter().map(|of| of.word()));
        words.extend(ExcludedReason::ALL.iter().map(|of| of.word()));
        words.extend(ContactStatus::ALL.iter().map(|of| of.word()));
        words.extend(Suppression::ALL.iter().map(|of| of.word()));
        words.extend(ChangeKind::ALL.iter().map(|of| of.word()));
        words.extend(Cause::ALL.iter().map(|of| of.word()));
        for word in words {
            assert!(german.say(word).is_some(), "{word}");
        }
    }

    /// A phrase that the code says in other words is not said any more.
    #[test]
    fn each_phrase_stands_in_the_code() {
        let source = source();
        let rows = rule_file!("phrases.csv").rows(None).unwrap();
        for row in rows.rows() {
            let parts = Parts::of(row.raw(0));
            let texts = parts.places.iter().map(|(before, _)| &**before).chain([&*parts.end]);
            let longest = texts.flat_map(|text| text.split(APART)).max_by_key(|text| text.len());
            let longest = longest.unwrap_or_default().trim();
            let is_composed = COMPOSED.contains(&row.raw(0));
            assert_ne!(source.contains(longest), is_composed, "{}", row.raw(0));
        }
        for composed in COMPOSED {
            assert!(rows.rows().any(|row| row.raw(0) == composed), "{composed}");
        }
    }

    /// The phrases that the code puts together from pieces, such as a field and a level.
    const COMPOSED: [&str; 23] = [
        "{count} customers have an open deal in an area of the lists, or one that was won in the last {days} days: the column `deal` says which, and `--open-deals leave-out` leaves them out of the lists.",
        "{file}: contacts that belong to no account: {said why}",
        "accepted by the id pass",
        "accepted by the name pass",
        "deal that may be open, created {day}",
        "deal won, on {day}",
        "domain differs",
        "domain not usable",
        "domain similar",
        "id differs",
        "name not usable",
        "name not usable ({said})",
        "no amount that can be read: it is left out",
        "no day that can be read: it is left out",
        "no domain in the reports",
        "no name in the CRM",
        "no name in the CRM ({said})",
        "no name in the reports",
        "no name in the reports ({said})",
        "no place in the CRM",
        "no place in the reports",
        "place not usable",
        "place similar",
    ];

    /// The code, blanks and line ends as one blank.
    fn source() -> String {
        let mut text = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.extension() {
                    None => folders.push(path),
                    Some(of) if of == "rs" && !path.ends_with("language/phrases.rs") => {
                        text.push_str(&std::fs::read_to_string(path).unwrap());
                    }
                    Some(_) => {}
                }
            }
        }
        let joined = text.replace("\\\n", " ");
        joined.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
