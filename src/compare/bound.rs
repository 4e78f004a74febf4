//! A bound on what a pair can weigh, from numbers alone: most pairs that share a word are told apart
//! without looking at a letter.

use super::{
    Level,
    sketch::{Alone, NameSketch, Sketch, WordSketch},
};
use crate::rules::Matching;

/// What a pair weighs at most, in bits, before its names are looked at; infinite where a domain or
/// an id may agree: such a pair is kept whatever it weighs.
pub fn keys_at_most(customer: &Sketch, account: &Sketch, rules: &Matching) -> f64 {
    let weights = &rules.weights;
    if customer.ids & account.ids != 0 {
        return f64::INFINITY;
    }
    let at_best = customer.place.at_best(&account.place);
    let level = |level: Option<Level>, agrees: f64, differs: f64| match level {
        Some(Level::Agrees) => agrees,
        Some(Level::Differs) => differs,
        _ => 0.0,
    };
    let bare = customer.is_bare() || account.is_bare();
    let forms = (customer.forms, account.forms);
    let forms_differ = forms.0 != 0 && forms.1 != 0 && forms.0 & forms.1 == 0;
    rules.score.prior
        + domains_at_most(customer, account, rules)
        + level(at_best.postal_code, weights.postal_agrees, weights.postal_differs)
        + level(at_best.city, weights.city_agrees.max(0.0), weights.city_differs)
        + level(at_best.state, weights.state_agrees, weights.state_differs)
        + level(at_best.country, 0.0, weights.country_differs)
        + if bare { weights.names_only } else { 0.0 }
        + if forms_differ { weights.forms_differ.min(0.0) } else { 0.0 }
}

fn domains_at_most(customer: &Sketch, account: &Sketch, rules: &Matching) -> f64 {
    let weights = &rules.weights;
    if customer.first == 0 && account.first == 0 {
        return 0.0;
    }
    let named = weights.label_in_name.max(0.0);
    if customer.usable[0] == 0 || account.usable[0] == 0 {
        // The host itself, or nothing to compare.
        let same = customer.first != 0 && account.first != 0;
        return named + if same { weights.domain_agrees.max(0.0) } else { 0.0 };
    }
    let unlike = weights.domain_differs.max(weights.domain_near);
    let mut most = if customer.more || account.more { weights.domain_agrees } else { unlike };
    for (hash, label) in customer.usable.iter().zip(customer.labels).filter(|(hash, _)| **hash != 0)
    {
        if account.usable.contains(hash) {
            return f64::INFINITY;
        }
        if account.labels.contains(&label) {
            most = most.max(weights.domain_similar);
        }
    }
    named + most
}

/// What the names of any pair weigh at most, in bits.
pub fn any_names_at_most(rules: &Matching) -> f64 {
    rules.weights.most + rules.weights.complete.max(0.0)
}

/// Whether the names of a pair can weigh so many bits, legal forms aside. `cities` are the letters
/// of the customer's and the account's city: a city in the other's name does not count.
pub fn names_may_reach(
    customer: &[WordSketch],
    account: &NameSketch,
    cities: (u32, u32),
    needed: f64,
    rules: &Matching,
) -> bool {
    let weights = &rules.weights;
    let (mut matched, mut typos, mut left_used, mut right_used) = (0u32, 0u32, 0u32, 0u32);
    for (at, word) in customer.iter().enumerate().filter(|(_, word)| account.may_hold(word)) {
        let mut typo = true;
        for stand in account.stands.iter().filter(|stand| stand.id == word.id) {
            if left_used & (1 << at) == 0 {
                matched += u32::from(word.bits.min(stand.bits));
            }
            left_used |= 1 << at;
            right_used |= 1 << stand.at;
            typo &= stand.typo;
        }
        typos += u32::from(typo && left_used & (1 << at) != 0);
    }
    let [left_plain, left_weak] = only(customer, left_used, cities.1);
    let [right_plain, right_weak] = only(&account.words, right_used, cities.0);
    let (only_left, only_right) = (left_plain + left_weak, right_plain + right_weak);
    let bits = |hundredths: u32| f64::from(hundredths) / 100.0;
    let best = match (only_left, only_right) {
        (0, 0) => weights.complete,
        (0, _) | (_, 0) => weights.beginning.max(0.0),
        _ => 0.0,
    };
    let sum = (bits(matched) * weights.matched).min(weights.most)
        + best
        + f64::from(typos) * weights.typos
        + bits(left_plain + right_plain) * weights.extra_plain
        + bits(left_weak + right_weak) * weights.extra_weak
        + bits(only_left.min(only_right)) * weights.instead;
    let least = if matched == 0 { weights.least.max(weights.acronym) } else { weights.least };
    let joined = || {
        only_left > 0
            && only_right > 0
            && any_names_at_most(rules) >= needed
            && may_be_joined((customer, left_used), (&account.words, right_used))
    };
    sum.max(least) >= needed || joined()
}

/// The hundredths of bits of the words without a partner: identifying, and weak.
fn only(words: &[WordSketch], used: u32, city: u32) -> [u32; 2] {
    let mut sum = [0, 0];
    for (at, word) in words.iter().enumerate() {
        if used & (1 << at) == 0 && word.shape.letters & !city != 0 {
            match word.alone {
                Alone::Plain => sum[0] += u32::from(word.bits),
                Alone::Weak => sum[1] += u32::from(word.bits),
                Alone::Nothing => {}
            }
        }
    }
    sum
}

/// The words of a side, and which of them have a partner.
type Side<'w> = (&'w [WordSketch], u32);

/// Whether words without a partner could be one word on one side and two on the other.
fn may_be_joined(left: Side<'_>, right: Side<'_>) -> bool {
    written_alike(left.0, right.0) || splits(left, right) || splits(right, left)
}

fn written_alike(left: &[WordSketch], right: &[WordSketch]) -> bool {
    let whole = |words: &[WordSketch]| {
        let mut told = words.iter().filter(|word| !word.optional).map(|word| word.shape);
        let first = told.next()?;
        let joined = told.fold((u32::from(first.length), first.last), |(length, _), next| {
            (length + u32::from(next.length), next.last)
        });
        Some((first.first, joined))
    };
    whole(left).is_some_and(|name| Some(name) == whole(right))
}

fn splits((split, split_used): Side<'_>, (whole, whole_used): Side<'_>) -> bool {
    let open = |used: u32, bits: u32, at: usize| used & (bits << at) == 0;
    let mut pairs = split.windows(2).enumerate().filter(|(at, _)| open(split_used, 0b11, *at));
    pairs.any(|(_, pair)| {
        let (first, second) = (pair[0].shape, pair[1].shape);
        let mut others = whole.iter().enumerate().filter(|(at, _)| open(whole_used, 1, *at));
        others.any(|(_, word)| {
            let full = word.shape.length == first.length.saturating_add(second.length);
            let short = pair[0].dotted && word.shape.length > second.length.saturating_add(3);
            (full || short) && word.shape.first == first.first && word.shape.last == second.last
        })
    })
}
