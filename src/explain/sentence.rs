//! One candidate pair as plain sentences.

use smallvec::SmallVec;

use crate::{
    compare::{AccountSide, Comparison, Evidence, Level, names::Alignment, parameters::Matching},
    index::{Index, LinkRules, dictionary::WordClass},
    link::{Candidate, Named, compare_again, compare_named, keys::AccountKeys},
    normalise::company::CompanyName,
    report::Customer,
};

/// Tells of pairs, by the same comparison code as the run's.
#[derive(Debug)]
pub struct Explainer<'r> {
    index: &'r Index,
    rules: &'r LinkRules,
    matching: &'r Matching,
}

/// The words of a name, in their order.
type NameWords<'n> = SmallVec<[&'n str; 8]>;

impl<'r> Explainer<'r> {
    /// Tells of pairs with customers of an index.
    pub fn new(index: &'r Index, rules: &'r LinkRules, matching: &'r Matching) -> Explainer<'r> {
        Explainer { index, rules, matching }
    }

    /// The pair in one plain sentence: which keys agree and which differ, and the words behind the
    /// names.
    pub fn sentence(&self, customer: &Customer, candidate: &Candidate) -> String {
        self.sentences(&[(customer, candidate)]).pop().unwrap_or_default().into()
    }

    /// As [`Explainer::sentence`], of several pairs faster than of one after the other.
    pub fn sentences(&self, pairs: &[(&Customer, &Candidate)]) -> Vec<Box<str>> {
        let ground = (self.index, self.rules, self.matching);
        let pairs = pairs.iter().map(|(customer, candidate)| Named {
            customer: candidate.customer,
            name: customer.name.as_str(),
            account: &candidate.account,
        });
        let named: Vec<Named<'_>> = pairs.collect();
        let mut sentences = Vec::with_capacity(named.len());
        let mut text = String::new();
        compare_named(&named, ground, |names, side, comparison, evidence| {
            text.clear();
            push_sentence(&mut text, names, side, (comparison, evidence));
            sentences.push(text.as_str().into());
        });
        sentences
    }

    /// Compares a candidate again and hands over what the comparison saw.
    pub fn again<T>(
        &self,
        candidate: &Candidate,
        tell: impl FnOnce(&AccountKeys, &AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        let ground = (self.index, self.rules, self.matching);
        compare_again(candidate.customer, &candidate.account, ground, tell)
    }
}

/// Adds the sentence on a pair: the words as the comparison has them, in the spelling of the names.
fn push_sentence(
    text: &mut String,
    names: [&CompanyName; 2],
    side: &AccountSide<'_>,
    (comparison, evidence): (&Comparison, &Evidence),
) {
    text.extend(["domain ", comparison.domain.word(), "; name ", comparison.name.word()]);
    push_words(text, names.map(words_of), side, evidence);
    if matches!(comparison.id, Level::Agrees | Level::Differs) {
        text.extend(["; id ", comparison.id.word()]);
    }
    text.extend(["; place ", comparison.place.word()]);
    if evidence.features.numerals_differ + evidence.features.numerals_missing > 0.0 {
        text.push_str("; the numbers in the names differ");
    }
    if evidence.features.forms_differ > 0.0 {
        text.push_str("; the legal forms differ");
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
