//! One candidate pair as plain sentences.

use super::{AccountSide, Comparison, Evidence, Level, compare};
use crate::{
    index::{Index, LinkRules, words::WordClass},
    link::{
        Candidate,
        account::{AccountKeys, WordCache},
    },
    rules::Matching,
};

/// The pair in one plain sentence: which keys agree and which differ, and the words behind the
/// names. The same comparison code as the run's.
pub fn sentence(
    index: &Index,
    rules: &LinkRules,
    matching: &Matching,
    candidate: &Candidate,
) -> String {
    again(index, rules, matching, candidate, |side, comparison, evidence| {
        let mut parts = vec![format!("domain {}", comparison.domain.word())];
        parts.push(names(index, candidate, side, comparison, evidence));
        if matches!(comparison.id, Level::Agrees | Level::Differs) {
            parts.push(format!("id {}", comparison.id.word()));
        }
        parts.push(format!("place {}", comparison.place.word()));
        if evidence.features.numerals_differ > 0.0 {
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
    let place = rules.places.read(&account.country, &account.postal_code, &account.city);
    let side = keys.side(place, &cache);
    let customer = &index.customers[candidate.customer as usize];
    let (comparison, evidence) = compare(index, customer, &side, matching);
    tell(&side, &comparison, &evidence)
}

fn names(
    index: &Index,
    candidate: &Candidate,
    side: &AccountSide<'_>,
    comparison: &Comparison,
    evidence: &Evidence,
) -> String {
    let left = index.refs(&index.customers[candidate.customer as usize]);
    let alignment = &evidence.alignment;
    let mut both = Vec::new();
    for pair in &alignment.matched {
        let (one, other) = (left[pair.left as usize].text, side.words[pair.right as usize].text);
        both.push(if one == other { one.to_owned() } else { format!("{one}~{other}") });
    }
    let only = |words: &[super::words::WordRef<'_>], used: u32| -> Vec<String> {
        let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
        let told = open.filter(|(_, word)| word.word.class != WordClass::Particle);
        told.map(|(_, word)| word.text.to_owned()).collect()
    };
    let mut text = format!("name {}", comparison.name.word());
    let mut notes = Vec::new();
    for (what, words) in [
        ("both", both),
        ("only the report", only(&left, alignment.left_used)),
        ("only the CRM", only(&side.words, alignment.right_used)),
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
