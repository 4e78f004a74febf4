//! One candidate pair as plain sentences.

use super::{AccountSide, Comparison, Evidence, Level, compare};
use crate::{
    index::{Index, LinkRules, words::WordClass},
    link::{
        Candidate,
        account::{AccountKeys, WordCache},
    },
    normalise::company::CompanyName,
    report::Customer,
    rules::Matching,
};

/// The pair in one plain sentence: which keys agree and which differ, and the words behind the
/// names. The same comparison code as the run's.
pub fn sentence(
    customer: &Customer,
    index: &Index,
    rules: &LinkRules,
    matching: &Matching,
    candidate: &Candidate,
) -> String {
    again(index, rules, matching, candidate, |side, comparison, evidence| {
        let mut parts = vec![format!("domain {}", comparison.domain.word())];
        parts.push(names(customer, rules, candidate, side, comparison, evidence));
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
    index: &Index,
    rules: &LinkRules,
    matching: &Matching,
    candidate: &Candidate,
    tell: impl FnOnce(&AccountSide<'_>, &Comparison, &Evidence) -> T,
) -> T {
    let mut cache = WordCache::default();
    let mut keys = AccountKeys::default();
    let account = &candidate.account;
    keys.reread(account, &mut cache, index, rules);
    let place = account.place(&rules.places);
    let side = keys.side(place, &cache);
    let customer = &index.customers[candidate.customer as usize];
    let (comparison, evidence) = compare(index, customer, &side, matching);
    tell(&side, &comparison, &evidence)
}

/// The words of a name as the comparison has them, in the spelling of the name.
pub fn words_of(name: &str, rules: &LinkRules) -> Vec<String> {
    let mut read = CompanyName::default();
    rules.names.read(name, &mut read);
    read.words().map(|(text, _)| text.to_owned()).collect()
}

fn names(
    customer: &Customer,
    rules: &LinkRules,
    candidate: &Candidate,
    side: &AccountSide<'_>,
    comparison: &Comparison,
    evidence: &Evidence,
) -> String {
    let left = words_of(&customer.name, rules);
    let right = words_of(&candidate.account.name, rules);
    let alignment = &evidence.alignment;
    let mut both = Vec::new();
    for pair in &alignment.matched {
        let (one, other) = (&left[pair.left as usize], &right[pair.right as usize]);
        both.push(if one == other { one.clone() } else { format!("{one}~{other}") });
    }
    let only = |words: &[String], used: u32, told: &dyn Fn(usize) -> bool| -> Vec<String> {
        let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
        open.filter(|(at, _)| told(*at)).map(|(_, word)| word.clone()).collect()
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
