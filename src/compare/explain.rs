//! One candidate pair as plain sentences.

use std::sync::Mutex;

use super::{AccountSide, Comparison, Evidence, Level};
use crate::{
    index::{Index, LinkRules, words::WordClass},
    link::{
        Candidate,
        account::{AccountKeys, WordCache},
        compare_again,
    },
    normalise::company::CompanyName,
    report::Customer,
    rules::Matching,
};

/// Tells of pairs, by the same comparison code as the run's.
#[derive(Debug)]
pub struct Explainer<'r> {
    index: &'r Index,
    rules: &'r LinkRules,
    matching: &'r Matching,
    /// What one pair leaves for the next: words looked up already.
    spare: Mutex<Vec<(WordCache, AccountKeys)>>,
}

impl<'r> Explainer<'r> {
    /// Tells of pairs with customers of an index.
    pub fn new(index: &'r Index, rules: &'r LinkRules, matching: &'r Matching) -> Explainer<'r> {
        Explainer { index, rules, matching, spare: Mutex::default() }
    }

    /// The pair in one plain sentence: which keys agree and which differ, and the words behind the
    /// names.
    pub fn sentence(&self, customer: &Customer, candidate: &Candidate) -> String {
        self.again(candidate, |keys, side, comparison, evidence| {
            let mut parts = vec![format!("domain {}", comparison.domain.word())];
            let left = words_of(&customer.name, self.rules);
            let right = keys.name.name.words().map(|(text, _)| text).collect();
            parts.push(names(&left, right, side, comparison, evidence));
            if matches!(comparison.id, Level::Agrees | Level::Differs) {
                parts.push(format!("id {}", comparison.id.word()));
            }
            parts.push(format!("place {}", comparison.place.word()));
            if evidence.features.numerals_differ + evidence.features.numerals_missing > 0.0 {
                parts.push("the numbers in the names differ".into());
            }
            if evidence.features.forms_differ > 0.0 {
                parts.push("the legal forms differ".into());
            }
            parts.join("; ")
        })
    }

    /// Compares a candidate again and hands over what the comparison saw.
    pub fn again<T>(
        &self,
        candidate: &Candidate,
        tell: impl FnOnce(&AccountKeys, &AccountSide<'_>, &Comparison, &Evidence) -> T,
    ) -> T {
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.pop());
        let (mut cache, mut keys) = spare.unwrap_or_default();
        let ground = (self.index, self.rules, self.matching);
        let scratch = (&mut cache, &mut keys);
        let told = compare_again(candidate.customer, &candidate.account, ground, scratch, tell);
        if let Ok(mut spare) = self.spare.lock() {
            spare.push((cache, keys));
        }
        told
    }
}

/// The words of a name as the comparison has them, in the spelling of the name.
fn words_of(name: &str, rules: &LinkRules) -> CompanyName {
    let mut read = CompanyName::default();
    rules.names.read(name, &mut read);
    read
}

fn names(
    left: &CompanyName,
    right: Vec<&str>,
    side: &AccountSide<'_>,
    comparison: &Comparison,
    evidence: &Evidence,
) -> String {
    let left: Vec<&str> = left.words().map(|(text, _)| text).collect();
    let alignment = &evidence.alignment;
    let mut both = Vec::new();
    for pair in &alignment.matched {
        let (one, other) = (left[pair.left as usize], right[pair.right as usize]);
        both.push(if one == other { one.to_owned() } else { format!("{one}~{other}") });
    }
    let only = |words: &[&str], used: u32, told: &dyn Fn(usize) -> bool| -> Vec<String> {
        let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
        open.filter(|(at, _)| told(*at)).map(|(_, word)| (*word).to_owned()).collect()
    };
    let telling = |at: usize| side.words[at].word.class != WordClass::Particle;
    let mut text = format!("name {}", comparison.name.word());
    let mut notes = Vec::new();
    for (what, words) in [
        ("both", both),
        ("only the report", only(&left, alignment.left_used, &|_| true)),
        ("only the CRM", only(&right, alignment.right_used, &telling)),
    ] {
        if !words.is_empty() {
            notes.push(format!("{what}: {}", words.join(" ")));
        }
    }
    if !notes.is_empty() {
        text.push_str(&format!(" ({})", notes.join(", ")));
    }
    text
}
