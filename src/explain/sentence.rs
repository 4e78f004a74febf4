//! One candidate pair as plain sentences.

use smallvec::SmallVec;

#[cfg(feature = "browser")]
use crate::language::Texts;
use crate::{
    compare::{AccountSide, Comparison, Evidence, Level, names::Alignment},
    index::dictionary::WordClass,
    link::{Candidate, Matcher, NamedPair},
    normalise::company::CompanyName,
    report::Customers,
};

/// Explains pairs, by the same comparison code as the run's.
#[derive(Clone, Copy)]
pub struct Explainer<'r> {
    pub(super) customers: &'r Customers,
    pub(super) matcher: &'r Matcher<'r>,
}

/// The words of a name, in their order.
type NameWords<'n> = SmallVec<[&'n str; 8]>;

impl<'r> Explainer<'r> {
    /// Explains pairs with some customers, which the matcher's index holds.
    pub fn new(customers: &'r Customers, matcher: &'r Matcher<'r>) -> Explainer<'r> {
        Explainer { customers, matcher }
    }

    /// The pair in one plain sentence: which keys agree and which differ, and the words behind the
    /// names.
    pub fn sentence(&self, candidate: &Candidate) -> String {
        self.sentences(&[candidate]).pop().unwrap_or_default().into()
    }

    /// As [`Explainer::sentence`], of several pairs faster than of one after the other.
    pub(crate) fn sentences(&self, pairs: &[&Candidate]) -> Vec<Box<str>> {
        let mut text = String::new();
        let sentence = |candidate: &&Candidate| {
            let Candidate { customer, account, .. } = candidate;
            let name = &self.customers.list[*customer as usize].name;
            let pair = NamedPair { customer: *customer, name, account };
            self.matcher.compare_named(&pair, |names, side, comparison, evidence| {
                text.clear();
                push_sentence(&mut text, names, side, (comparison, evidence));
                text.as_str().into()
            })
        };
        pairs.iter().map(sentence).collect()
    }

    /// Compares a candidate again and hands over what the comparison saw.
    pub(crate) fn again<T>(
        &self,
        candidate: &Candidate,
        show: impl FnOnce(&AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        self.matcher.compare_again(candidate.customer, &candidate.account, show)
    }
}

/// A sentence on a pair as people read it: the phrases of a table, the words of names as they are.
#[cfg(feature = "browser")]
pub(crate) fn translated(sentence: &str, texts: &Texts) -> String {
    let phrases = sentence.split("; ").map(|phrase| match phrase.split_once(" (") {
        Some((head, words)) => {
            let notes =
                words.trim_end_matches(')').split(", ").map(|note| match note.split_once(": ") {
                    Some((what, words)) => format!("{}: {words}", texts.word("explain", what)),
                    None => note.to_owned(),
                });
            format!("{} ({})", texts.word("explain", head), notes.collect::<Vec<_>>().join(", "))
        }
        None => texts.word("explain", phrase).to_owned(),
    });
    phrases.collect::<Vec<_>>().join("; ")
}

/// Adds the sentence on a pair: the words as the comparison has them, in the spelling of the names.
fn push_sentence(
    text: &mut String,
    names: [&CompanyName; 2],
    side: &AccountSide<'_>,
    (comparison, evidence): (&Comparison, &Evidence),
) {
    push_level(text, "domain", comparison.domain);
    text.push_str("; ");
    push_level(text, "name", comparison.name);
    push_words(text, names.map(words_of), side, evidence);
    if matches!(comparison.id, Level::Agrees | Level::Differs) {
        text.extend(["; id ", comparison.id.word()]);
    }
    text.push_str("; ");
    push_level(text, "place", comparison.place);
    if evidence.features.numerals_differ + evidence.features.numerals_missing > 0.0 {
        text.push_str("; the numbers in the names differ");
    }
    if evidence.features.forms_differ > 0.0 {
        text.push_str("; the legal forms differ");
    }
}

/// Adds how a field of both sides compares, or which side lacks it.
fn push_level(text: &mut String, field: &str, level: Level) {
    match level {
        Level::MissingLeft => text.extend(["no ", field, " in the reports"]),
        Level::MissingRight => text.extend(["no ", field, " in the CRM"]),
        _ => text.extend([field, " ", level.word()]),
    }
}

fn words_of(name: &CompanyName) -> NameWords<'_> {
    name.words().map(|(text, _)| text).collect()
}

/// Adds which words the names of a pair have in common, and which only one of them has.
fn push_words(
    text: &mut String,
    [left, right]: [NameWords<'_>; 2],
    side: &AccountSide<'_>,
    evidence: &Evidence,
) {
    let Alignment { matched, left_used, right_used, .. } = &evidence.alignment;
    let both = matched.iter().map(|pair| (left[pair.left as usize], right[pair.right as usize]));
    let only_left = (0..left.len()).filter(|at| left_used & (1 << at) == 0);
    let telling = |at: &usize| side.words[*at].word.class != WordClass::Particle;
    let only_right = (0..right.len()).filter(|at| right_used & (1 << at) == 0).filter(telling);
    let start = text.len();
    push_note(text, start, "both", both);
    push_note(text, start, "only the report", only_left.map(|at| (left[at], left[at])));
    push_note(text, start, "only the CRM", only_right.map(|at| (right[at], right[at])));
    if text.len() > start {
        text.push(')');
    }
}

/// Adds a note of some words, each as either name has it; the notes of a pair begin at `start`.
fn push_note<'n>(
    text: &mut String,
    start: usize,
    what: &str,
    words: impl Iterator<Item = (&'n str, &'n str)>,
) {
    for (at, (one, other)) in words.enumerate() {
        if at == 0 {
            text.push_str(if text.len() == start { " (" } else { ", " });
            text.push_str(what);
            text.push(':');
        }
        text.push(' ');
        text.push_str(one);
        if one != other {
            text.push('~');
            text.push_str(other);
        }
    }
}

#[cfg(all(test, feature = "browser"))]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn each_phrase_of_a_sentence_has_a_text_and_words_of_names_stay() {
        let texts = Texts::of_pages(None, Language::De).unwrap();
        let levels = [
            Level::Agrees,
            Level::Similar,
            Level::Differs,
            Level::NotUsable,
            Level::MissingLeft,
            Level::MissingRight,
        ];
        for field in ["domain", "name", "place"] {
            for level in levels {
                let mut phrase = String::new();
                push_level(&mut phrase, field, level);
                assert_ne!(translated(&phrase, &texts), phrase);
            }
        }
        let sentence = "no domain in the CRM; name similar (both: adler hof~hoff, only the CRM: nord); \
                        id agrees; place agrees; the numbers in the names differ; the legal forms differ";
        assert_eq!(
            translated(sentence, &texts),
            "keine Domain im CRM; Name ähnlich (beide: adler hof~hoff, nur im CRM: nord); ID gleich; \
             Ort gleich; die Zahlen in den Namen sind verschieden; die Rechtsformen sind verschieden"
        );
        let english = Texts::of_pages(None, Language::En).unwrap();
        assert_eq!(translated(sentence, &english), sentence);
    }
}
