//! Which words of two names belong together, and what that says of the pair.

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use super::{AccountSide, Evidence, Features, Level, features::flag};
use crate::{
    index::{
        CustomerRecord, NameWord, WordRef,
        dictionary::{UNKNOWN, WordClass},
        is_city,
        signature::Alone,
    },
    normalise::place::Place,
    text::distance::{Likeness, is_cut},
};

/// How two words of a pair belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Matched {
    /// Position on the left.
    pub(crate) left: u8,
    /// Position on the right.
    pub(crate) right: u8,
    /// In what way.
    pub(crate) how: Match,
}

/// In what way two words belong together. Ordered: the better is the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// The same word.
    Equal,
    /// An abbreviation, or another form of the word.
    OtherForm,
    /// Joined on one side, split on the other.
    Joined,
    /// Cut off at a dot, or at the end.
    CutOff,
    /// But for typing errors.
    Typo,
}

/// Which words of two names belong together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alignment {
    /// The words that belong together, in the order of the left.
    pub(crate) matched: SmallVec<[Matched; 8]>,
    /// Bit set of left positions used.
    pub(crate) left_used: u32,
    /// Bit set of right positions used.
    pub(crate) right_used: u32,
    /// How many words the left has.
    pub(crate) left_words: u8,
    /// How many words the right has.
    pub(crate) right_words: u8,
}

impl Alignment {
    /// The words that belong together, and whether each pair counts: a word that is written as
    /// several in the other name counts once.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Matched, bool)> {
        let mut counted = 0u32;
        self.matched.iter().map(move |pair| {
            let again = counted & (1 << pair.left) != 0 && pair.how == Match::Joined;
            counted |= 1 << pair.left;
            (pair, !again)
        })
    }

    /// Whether both names begin with the same words, in the same order.
    pub(crate) fn in_order(&self) -> bool {
        let mut pairs: SmallVec<[(u8, u8); 8]> =
            self.matched.iter().map(|pair| (pair.left, pair.right)).collect();
        pairs.sort_unstable();
        let first = pairs.first().is_some_and(|(left, right)| *left == 0 && *right == 0);
        let dense = |used: u32| (used & used.wrapping_add(1)) == 0;
        first
            && pairs.windows(2).all(|pair| pair[0].1 <= pair[1].1)
            && dense(self.left_used)
            && dense(self.right_used)
    }
}

/// Finds which words of two names belong together: equal words first, then other forms and typing
/// errors, then words joined on one side.
pub(crate) fn align(left: &[WordRef<'_>], right: &[WordRef<'_>]) -> Alignment {
    let mut alignment = Alignment {
        left_words: left.len() as u8,
        right_words: right.len() as u8,
        ..Alignment::default()
    };
    for (at, word) in left.iter().enumerate() {
        let found = right
            .iter()
            .enumerate()
            .find(|(to, other)| alignment.right_used & (1 << to) == 0 && same(word, other));
        if let Some((to, _)) = found {
            take(&mut alignment, at, to, Match::Equal);
        }
    }
    if alignment.matched.len() < left.len() && alignment.matched.len() < right.len() {
        if written_alike(left, right) {
            return whole(left, right, alignment);
        }
        joined(left, right, &mut alignment, false);
        joined(right, left, &mut alignment, true);
        similar(left, right, &mut alignment);
    }
    alignment
}

/// Whether two names are the same written without blanks.
fn written_alike(left: &[WordRef<'_>], right: &[WordRef<'_>]) -> bool {
    let letters = |words: &'_ [WordRef<'_>]| -> usize {
        words.iter().filter(|word| !word.word.optional).map(|word| word.text.len()).sum()
    };
    let bytes = |words: &'_ [WordRef<'_>]| -> SmallVec<[u8; 64]> {
        let counted = words.iter().filter(|word| !word.word.optional);
        counted.flat_map(|word| word.text.bytes()).collect()
    };
    letters(left) == letters(right) && letters(left) >= 4 && bytes(left) == bytes(right)
}

/// All words of one name belong to all words of the other.
fn whole(left: &[WordRef<'_>], right: &[WordRef<'_>], mut alignment: Alignment) -> Alignment {
    let last = |words: &[WordRef<'_>]| words.len() - 1;
    alignment.matched.clear();
    for at in 0..left.len().max(right.len()) {
        let (at, to) = (at.min(last(left)), at.min(last(right)));
        take(&mut alignment, at, to, Match::Joined);
    }
    alignment
}

fn same(left: &WordRef<'_>, right: &WordRef<'_>) -> bool {
    match (left.word.class, right.word.class) {
        (WordClass::Numeral(left), WordClass::Numeral(right)) => left == right,
        _ => left.word.id == right.word.id && (left.word.id != UNKNOWN || left.text == right.text),
    }
}

fn take(alignment: &mut Alignment, left: usize, right: usize, how: Match) {
    alignment.left_used |= 1 << left;
    alignment.right_used |= 1 << right;
    alignment.matched.push(Matched { left: left as u8, right: right as u8, how });
}

fn similar(left: &[WordRef<'_>], right: &[WordRef<'_>], alignment: &mut Alignment) {
    let mut found: SmallVec<[(Match, u8, u8); 8]> = SmallVec::new();
    for (at, word) in left.iter().enumerate() {
        if alignment.left_used & (1 << at) != 0 {
            continue;
        }
        for (to, other) in right.iter().enumerate() {
            if alignment.right_used & (1 << to) == 0
                && let Some(how) = stands_for(word, other)
            {
                found.push((how, at as u8, to as u8));
            }
        }
    }
    found.sort_unstable();
    for (how, at, to) in found {
        if alignment.left_used & (1 << at) == 0 && alignment.right_used & (1 << to) == 0 {
            take(alignment, at.into(), to.into(), how);
        }
    }
}

/// In what way a word of the account stands for a word of the customer that it is not.
fn stands_for(left: &WordRef<'_>, right: &WordRef<'_>) -> Option<Match> {
    let known = right.similar.iter().find(|similar| similar.id == left.word.id)?;
    Some(match known.how {
        Likeness::OtherForm => Match::OtherForm,
        Likeness::CutOff => Match::CutOff,
        Likeness::Typo => Match::Typo,
    })
}

fn joined(split: &[WordRef<'_>], whole: &[WordRef<'_>], alignment: &mut Alignment, swapped: bool) {
    for at in 0..split.len().saturating_sub(1) {
        for (to, word) in whole.iter().enumerate() {
            let (split_used, whole_used) = if swapped {
                (&mut alignment.right_used, &mut alignment.left_used)
            } else {
                (&mut alignment.left_used, &mut alignment.right_used)
            };
            if *split_used & (0b11 << at) != 0 || *whole_used & (1 << to) != 0 {
                continue;
            }
            let (first, second, text) = (&split[at], split[at + 1].text, word.text);
            let full = text.strip_prefix(first.text) == Some(second);
            if full || (first.word.dotted && is_cut(first.text, second, text)) {
                *split_used |= 0b11 << at;
                *whole_used |= 1 << to;
                let how = if full { Match::Joined } else { Match::CutOff };
                for part in [at, at + 1] {
                    let (left, right) = if swapped { (to, part) } else { (part, to) };
                    alignment.matched.push(Matched { left: left as u8, right: right as u8, how });
                }
            }
        }
    }
}

/// How many letters a word has that may be initials.
pub(super) const ACRONYM: RangeInclusive<u8> = 3..=6;

/// The words of a name that count for initials.
pub(super) fn counting<'w, 't>(
    words: &'w [WordRef<'t>],
) -> impl Iterator<Item = &'w WordRef<'t>> + Clone {
    words.iter().filter(|word| word.word.counts() && !word.word.is_particle())
}

/// Whether one name is a single short word and the other begins with its letters, word by word.
fn is_acronym(left: &[WordRef<'_>], right: &[WordRef<'_>]) -> bool {
    let spelled = |short: &[WordRef<'_>], long: &[WordRef<'_>]| {
        let mut words = counting(short);
        let (Some(word), None) = (words.next(), words.next()) else { return false };
        let initials: SmallVec<[u8; 8]> =
            counting(long).map(|word| word.word.shape.first).collect();
        ACRONYM.contains(&word.word.shape.length) && word.text.as_bytes() == initials.as_slice()
    };
    spelled(left, right) || spelled(right, left)
}

/// Finds what the names of a pair have in common and by what they differ.
pub(super) fn names(
    left: &[WordRef<'_>],
    customer: &CustomerRecord,
    account: &AccountSide<'_>,
    rare_word: f64,
) -> Evidence {
    let right = account.words;
    let alignment = align(left, right);
    if alignment.matched.is_empty() && is_acronym(left, right) {
        let features = Features { acronym: 1.0, ..Features::default() };
        return Evidence { alignment, features, ..Evidence::default() };
    }
    let mut features = Features::default();
    for (pair, _) in alignment.counted().filter(|(_, counts)| *counts) {
        let (one, other) = (&left[pair.left as usize], &right[pair.right as usize]);
        features.matched += f64::from(one.word.bits.min(other.word.bits)) / 100.0;
        features.typos += flag(pair.how == Match::Typo);
    }
    let (plain, weak, left_complete) = unmatched(left, alignment.left_used, account.place);
    let (more_plain, more_weak, right_complete) =
        unmatched(right, alignment.right_used, &customer.place);
    features.extra_plain = plain + more_plain;
    features.extra_weak = weak + more_weak;
    features.instead = (plain + weak).min(more_plain + more_weak);
    let complete = left_complete && right_complete && !alignment.matched.is_empty();
    features.complete = flag(complete);
    let beginning = !complete && (left_complete || right_complete) && alignment.in_order();
    features.beginning = flag(beginning);
    features.weak_rest = flag(beginning && features.extra_plain == 0.0);
    note_forms(&mut features, customer, account);
    note_numerals(&mut features, left, right);
    let apart = plain > 0.0 && more_plain > 0.0;
    let cities_differ = !is_one_city(&customer.place, account.place);
    let remarked = |words, used| has_remark(words, used, cities_differ);
    let remarks = remarked(left, alignment.left_used) && remarked(right, alignment.right_used);
    features.remarks_differ = flag(remarks);
    let (same, apart) = (spelled_alike(left, right), apart || remarks);
    let has_unit = |words, used| unused(words, used).any(|word| word.class == WordClass::Unit);
    let units_differ = has_unit(left, alignment.left_used) != has_unit(right, alignment.right_used);
    let telling = has_telling_word(&alignment, left, right, rare_word);
    Evidence { alignment, features, complete, same, apart, telling, units_differ }
}

/// The words of a name that the other lacks.
fn unused<'w>(words: &'w [WordRef<'_>], used: u32) -> impl Iterator<Item = &'w NameWord> {
    let unused = words.iter().enumerate().filter(move |(at, _)| used & (1 << at) == 0);
    unused.map(|(_, word)| &word.word)
}

/// Whether a word that both names have, without a typing error, identifies a company: one of so many
/// bits, for a word of many customers tells them not apart.
fn has_telling_word(
    alignment: &Alignment,
    left: &[WordRef<'_>],
    right: &[WordRef<'_>],
    bits: f64,
) -> bool {
    let tells = |word: &WordRef<'_>| {
        word.word.class == WordClass::Plain && f64::from(word.word.bits) / 100.0 >= bits
    };
    alignment.matched.iter().any(|pair| {
        let (one, other) = (&left[pair.left as usize], &right[pair.right as usize]);
        pair.how != Match::Typo && tells(one) && tells(other)
    })
}

/// Whether two names are the same but for articles and what stands in brackets.
fn spelled_alike(left: &[WordRef<'_>], right: &[WordRef<'_>]) -> bool {
    let telling = |words: &'_ [WordRef<'_>]| -> SmallVec<[u8; 64]> {
        let telling = words.iter().filter(|word| !word.word.optional && !word.word.is_particle());
        telling.flat_map(|word| word.text.bytes()).collect()
    };
    let left = telling(left);
    !left.is_empty() && left == telling(right)
}

/// Whether two places are in one city, as far as is known.
fn is_one_city(left: &Place, right: &Place) -> bool {
    !matches!(left.compare(right).city, Some(Level::Differs | Level::Similar))
}

/// Whether a name has words in brackets that the other lacks, or its own city where the cities
/// differ: such names are of two sites of one company, or of two companies.
fn has_remark(words: &[WordRef<'_>], used: u32, cities_differ: bool) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        used & (1 << at) == 0
            && !word.word.is_particle()
            && (word.word.optional || (cities_differ && word.word.in_city))
    })
}

fn note_forms(features: &mut Features, customer: &CustomerRecord, account: &AccountSide<'_>) {
    let both = !customer.forms.is_empty() && !account.forms.is_empty();
    let one_in_both = || customer.forms.iter().any(|form| account.forms.contains(form));
    features.forms_differ = flag(both && !one_in_both());
    features.form_moved = flag(both && customer.form_in_front != account.form_in_front);
}

fn note_numerals(features: &mut Features, left: &[WordRef<'_>], right: &[WordRef<'_>]) {
    let (left, right) = (numerals(left), numerals(right));
    let missing = left.is_empty() != right.is_empty();
    features.numerals_missing = flag(missing);
    features.numerals_differ = flag(!missing && left != right);
}

/// The level of the names.
pub(super) fn level(evidence: &Evidence) -> Level {
    let Evidence { alignment, features, complete, .. } = evidence;
    let differ = features.numerals_differ + features.numerals_missing > 0.0;
    let shares_more = features.matched > features.extra_plain && !differ;
    if alignment.left_words == 0 {
        Level::MissingLeft
    } else if alignment.right_words == 0 {
        Level::MissingRight
    } else if features.acronym == 0.0 && !shares_more {
        Level::Differs
    } else if *complete {
        Level::Agrees
    } else {
        Level::Similar
    }
}

/// How much a person's initial in a name counts, in bits: about one letter.
pub(crate) const INITIAL: f64 = 4.0;

/// What a word says that the other name has not. Words in brackets and the city of either record
/// say nothing.
pub(crate) fn alone(word: &WordRef<'_>, other: &Place) -> Alone {
    match Alone::of(&word.word) {
        Alone::Nothing => Alone::Nothing,
        _ if is_city(word.text, word.word.shape, other) => Alone::Nothing,
        alone => alone,
    }
}

/// The bits of the words that only one side has, identifying and weak, and whether there is none
/// that counts.
fn unmatched(words: &[WordRef<'_>], used: u32, other: &Place) -> (f64, f64, bool) {
    let (mut plain, mut weak, mut complete) = (0.0, 0.0, true);
    for (_, word) in words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0) {
        let bits = f64::from(word.word.bits) / 100.0;
        match alone(word, other) {
            Alone::Nothing => continue,
            Alone::Initial => plain += INITIAL,
            Alone::Plain => plain += bits,
            Alone::Weak => weak += bits,
        }
        complete = false;
    }
    (plain, weak, complete)
}

fn numerals(words: &[WordRef<'_>]) -> SmallVec<[u32; 2]> {
    let mut numbers: SmallVec<[u32; 2]> = words
        .iter()
        .filter(|word| !word.word.optional)
        .filter_map(|word| match word.word.class {
            WordClass::Numeral(number) => Some(number),
            _ => None,
        })
        .collect();
    numbers.sort_unstable();
    numbers
}
