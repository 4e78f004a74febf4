//! How the fields of a pair may compare, as far as a signature says it, and what that weighs at
//! most.

use std::{iter::Sum, ops::Add};

use smallvec::{SmallVec, smallvec};

use super::{
    Level, Matching,
    domains::Domains,
    features::{Features, Weights, flag},
    names::INITIAL,
    place::PlaceLevels,
    range::Range,
};
use crate::index::signature::{Alone, BestLevel};

/// More than all words of a name count, in hundredths of a bit.
pub(super) const MANY: u32 = 1 << 24;

/// How all but the names of a pair compares at best.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeysAtBest {
    pub(super) domain: DomainAtBest,
    pub(super) postal_code: BestLevel,
    pub(super) city: BestLevel,
    pub(super) state: BestLevel,
    pub(super) country: BestLevel,
    /// Whether one of them may be known by its name only.
    pub(super) bare: bool,
}

impl KeysAtBest {
    /// Between which values their features are.
    #[cfg(test)]
    pub(super) fn ranges(&self) -> Features<Range> {
        let places = [
            place_ranges(self.postal_code, in_postal_code),
            place_ranges(self.city, in_city),
            place_ranges(self.state, in_state),
            place_ranges(self.country, in_country),
        ];
        let places = places.iter().map(|alternatives| hull(alternatives));
        let bare = bare_ranges(self.bare);
        places.fold(hull(&domain_ranges(self.domain)).and(bare), Features::and)
    }
}

/// The values of all alternatives.
#[cfg(test)]
fn hull(alternatives: &[Features<Range>]) -> Features<Range> {
    alternatives.iter().copied().reduce(Features::or).unwrap_or_default()
}

/// How the domains of a pair compare at best.
#[derive(Debug, Clone, Copy)]
pub(super) enum DomainAtBest {
    /// Neither has one.
    Missing,
    /// One has none, or none that proves anything.
    NotComparable,
    /// They may be the same.
    Agrees,
    /// They are not the same.
    Differs,
}

/// How the names of a pair compare at best. Bits are hundredths.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamesAtBest {
    /// The most that words on both sides count.
    pub(super) matched: u32,
    /// The least typing errors.
    pub(super) errors: u32,
    /// The least that words say which only one side has.
    pub(super) left: Only,
    pub(super) right: Only,
    /// Whether the legal forms differ for certain.
    pub(super) forms_differ: bool,
    /// Whether one may be the initials of the other.
    pub(super) acronym: bool,
}

impl NamesAtBest {
    /// Names of which nothing is known.
    pub(super) const ANY: NamesAtBest = NamesAtBest {
        matched: MANY,
        errors: 0,
        left: Only::NONE,
        right: Only::NONE,
        forms_differ: false,
        acronym: true,
    };

    /// All features but those of the whole names.
    #[inline]
    fn words(&self) -> Features<Range> {
        let bits = |hundredths: u32| f64::from(hundredths) * 0.01;
        let (left, right) = (self.left, self.right);
        Features {
            matched: Range::up_to(bits(self.matched)),
            typos: Range::from(f64::from(self.errors)),
            extra_plain: Range::from(bits(left.plain + right.plain)),
            extra_weak: Range::from(bits(left.weak + right.weak)),
            instead: Range::from(bits(left.sum().min(right.sum()))),
            numerals_differ: Range::FLAG,
            numerals_missing: Range::FLAG,
            forms_differ: Range { lo: flag(self.forms_differ), hi: 1.0 },
            form_moved: Range::FLAG,
            remarks_differ: Range::FLAG,
            ..Features::default()
        }
    }

    /// How many of the names may have no word that the other has not.
    fn complete(&self) -> usize {
        usize::from(self.left.sum() == 0) + usize::from(self.right.sum() == 0)
    }

    /// Between which values their features are.
    #[cfg(test)]
    pub(super) fn ranges(&self) -> Features<Range> {
        let names = self.words().and(hull(&whole_ranges(self.complete())));
        if self.acronym { names.or(acronym_ranges()) } else { names }
    }
}

/// What two names may be to each other of which so many may have no word that the other has not:
/// neither is the beginning of the other, one is, they have the same words.
fn whole_ranges(complete: usize) -> SmallVec<[Features<Range>; 3]> {
    let none = Features::default();
    let beginning = Features { beginning: Range::FLAG, weak_rest: Range::FLAG, ..none };
    let both = Features { complete: Range::FLAG, ..none };
    [none, beginning, both][..=complete].into()
}

/// One name is the initials of the other.
fn acronym_ranges() -> Features<Range> {
    Features { acronym: 1.0, ..Features::default() }.into()
}

/// All that domains may be to each other.
fn domain_ranges(domain: DomainAtBest) -> SmallVec<[Features<Range>; 5]> {
    let at = |domains: Domains| {
        let mut features = Features::default();
        domains.note(&mut features);
        Features { label_in_name: Range::FLAG, ..features.into() }
    };
    let agrees = Features {
        domain_shared: Range::from(0.0),
        place_moved: Range::FLAG,
        ..at(Domains::at(Level::Agrees))
    };
    let similar = Domains::at(Level::Similar);
    let not_usable = at(Domains::at(Level::NotUsable));
    let [differs, near, same_label] =
        [Domains::at(Level::Differs), similar, Domains { same_label: true, ..similar }].map(at);
    match domain {
        DomainAtBest::Missing => smallvec![Features::default()],
        DomainAtBest::NotComparable => smallvec![not_usable],
        DomainAtBest::Agrees => smallvec![agrees, not_usable, differs, near, same_label],
        DomainAtBest::Differs => smallvec![differs, near, same_label],
    }
}

/// All that a field of the places may be to each other; `place` has the field at a level.
fn place_ranges(
    at_best: BestLevel,
    place: impl Fn(Option<Level>) -> PlaceLevels,
) -> SmallVec<[Features<Range>; 3]> {
    let levels: &[Option<Level>] = match at_best {
        BestLevel::Unknown => &[None],
        BestLevel::Agrees => &[Some(Level::Agrees), Some(Level::Similar), Some(Level::Differs)],
        BestLevel::Similar => &[Some(Level::Similar), Some(Level::Differs)],
        BestLevel::Differs => &[Some(Level::Differs)],
    };
    let at = |level: &Option<Level>| {
        let mut features = Features::default();
        place(*level).note(&mut features);
        features.into()
    };
    levels.iter().map(at).collect()
}

fn in_postal_code(level: Option<Level>) -> PlaceLevels {
    PlaceLevels { postal_code: level, ..PlaceLevels::MISSING }
}

fn in_city(level: Option<Level>) -> PlaceLevels {
    PlaceLevels { city: level, ..PlaceLevels::MISSING }
}

fn in_state(level: Option<Level>) -> PlaceLevels {
    PlaceLevels { state: level, ..PlaceLevels::MISSING }
}

fn in_country(level: Option<Level>) -> PlaceLevels {
    PlaceLevels { country: level, ..PlaceLevels::MISSING }
}

fn bare_ranges(may_be: bool) -> Features<Range> {
    Features { names_only: Range::up_to(flag(may_be)), ..Features::default() }
}

/// What fields that compare at best in some way weigh at most, in bits: from their ranges and the
/// weights, once for a run.
#[derive(Debug)]
pub(crate) struct AtMost<'m> {
    weights: &'m Weights,
    prior: f64,
    /// By [`DomainAtBest`].
    domain: [f64; 4],
    /// By [`BestLevel`], as those below.
    postal_code: [f64; 4],
    city: [f64; 4],
    state: [f64; 4],
    country: [f64; 4],
    /// Whether one of them may be known by its name only.
    bare: [f64; 2],
    /// How many of the names may have no word that the other has not.
    wholes: [f64; 3],
    /// One name is the initials of the other.
    acronym: f64,
    /// What the names of any pair weigh at most.
    pub(super) any_names: f64,
}

impl AtMost<'_> {
    /// What the parameters of matching allow.
    pub(crate) fn of(rules: &Matching) -> AtMost<'_> {
        use BestLevel::{Agrees, Differs, Similar, Unknown};
        let weights = &rules.weights;
        let best = |alternatives: &[Features<Range>]| {
            let sums = alternatives.iter().map(|of| of.at_most(weights).iter().sum());
            sums.fold(f64::NEG_INFINITY, f64::max)
        };
        let by_level = |place: fn(Option<Level>) -> PlaceLevels| {
            [Unknown, Agrees, Similar, Differs].map(|level| best(&place_ranges(level, place)))
        };
        let domains = [
            DomainAtBest::Missing,
            DomainAtBest::NotComparable,
            DomainAtBest::Agrees,
            DomainAtBest::Differs,
        ];
        let mut most = AtMost {
            weights,
            prior: rules.score.prior,
            domain: domains.map(|domain| best(&domain_ranges(domain))),
            postal_code: by_level(in_postal_code),
            city: by_level(in_city),
            state: by_level(in_state),
            country: by_level(in_country),
            bare: [false, true].map(|bare| best(&[bare_ranges(bare)])),
            wholes: [0, 1, 2].map(|complete| best(&whole_ranges(complete))),
            acronym: best(&[acronym_ranges()]),
            any_names: 0.0,
        };
        most.any_names = most.names(&NamesAtBest::ANY);
        most
    }

    pub(super) fn keys(&self, keys: KeysAtBest) -> f64 {
        self.prior
            + self.domain[keys.domain as usize]
            + self.postal_code[keys.postal_code as usize]
            + self.city[keys.city as usize]
            + self.state[keys.state as usize]
            + self.country[keys.country as usize]
            + self.bare[usize::from(keys.bare)]
    }

    #[inline]
    pub(super) fn names(&self, names: &NamesAtBest) -> f64 {
        let [words, _] = names.words().at_most(self.weights);
        let acronym = if names.acronym { self.acronym } else { f64::NEG_INFINITY };
        (words + self.wholes[names.complete()]).max(acronym).max(self.weights.least)
    }
}

/// The bits of words that only one side has, in hundredths.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Only {
    plain: u32,
    weak: u32,
}

impl Only {
    pub(super) const NONE: Only = Only { plain: 0, weak: 0 };

    pub(super) fn of(alone: Alone, bits: u32) -> Only {
        const INITIALS: u32 = (INITIAL * 100.0) as u32;
        let is = |one: Alone| u32::from(alone == one);
        Only {
            plain: bits * is(Alone::Plain) + INITIALS * is(Alone::Initial),
            weak: bits * is(Alone::Weak),
        }
    }

    /// The same where it counts, else nothing.
    pub(super) fn only(self, counts: bool) -> Only {
        Only { plain: self.plain * u32::from(counts), weak: self.weak * u32::from(counts) }
    }

    pub(super) fn sum(self) -> u32 {
        self.plain + self.weak
    }
}

impl Add for Only {
    type Output = Only;

    fn add(self, other: Only) -> Only {
        Only { plain: self.plain + other.plain, weak: self.weak + other.weak }
    }
}

impl Sum for Only {
    fn sum<I: Iterator<Item = Only>>(all: I) -> Only {
        all.fold(Only::NONE, Only::add)
    }
}
