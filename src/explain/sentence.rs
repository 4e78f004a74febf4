//! One candidate pair as plain sentences.

use smallvec::SmallVec;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Texts};

    #[test]
    fn each_phrase_of_a_sentence_is_said_and_words_of_names_stay() {
        let texts = Texts::load(None, Language::De).unwrap();
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
                let said = texts.say(&phrase);
                assert!(said.is_some_and(|said| said != phrase), "{phrase}");
                // only the name tells its words; they are names, whatever they look like
                if field == "name" {
                    phrase.push_str(" (both: adler new~now, only the CRM: all)");
                    let words = "(beide: adler new~now, nur das CRM: all)";
                    assert!(texts.say(&phrase).is_some_and(|of| of.ends_with(words)), "{phrase}");
                }
            }
        }
        let sentence = "no domain in the CRM; name similar (both: adler hof~hoff, only the CRM: nord); \
                        id agrees; place agrees; the numbers in the names differ; the legal forms differ";
        let said = texts.say(sentence).unwrap();
        for english in ["agrees", "similar", " in the "] {
            assert!(!said.contains(english), "{said}");
        }
        let english = Texts::load(None, Language::En).unwrap();
        assert_eq!(english.say(sentence), None, "it stands there in English");
    }
}
