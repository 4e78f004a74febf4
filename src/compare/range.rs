//! Between which values a feature is, where a pair is not yet compared.

use super::features::{Features, NAMES, Weights};

/// The values that a feature may have, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Range {
    /// It is no less.
    pub(crate) lo: f64,
    /// It is no more.
    pub(crate) hi: f64,
}

/// More than any feature can be; finite, so that a weight of 0 makes it nothing.
const MOST: f64 = f64::MAX;

impl Range {
    /// 0 up to so much.
    pub(super) const fn up_to(hi: f64) -> Range {
        Range { lo: 0.0, hi }
    }

    /// So much or more.
    pub(super) const fn from(lo: f64) -> Range {
        Range { lo, hi: MOST }
    }

    /// 0 or 1.
    pub(super) const FLAG: Range = Range::up_to(1.0);

    /// What a feature with such values weighs at most.
    #[inline]
    fn at_most(self, weight: f64) -> f64 {
        weight * if weight >= 0.0 { self.hi } else { self.lo }
    }
}

impl From<Features> for Features<Range> {
    /// What was found, and nothing else.
    fn from(found: Features) -> Features<Range> {
        found.zip(found, |lo, hi| Range { lo, hi })
    }
}

impl Features<Range> {
    /// The values of both, feature by feature.
    #[cfg(test)]
    pub(super) fn or(self, other: Features<Range>) -> Features<Range> {
        self.zip(other, |one, other| Range { lo: one.lo.min(other.lo), hi: one.hi.max(other.hi) })
    }

    /// What two parts of a pair say together that have no feature in common.
    #[cfg(test)]
    pub(super) fn and(self, other: Features<Range>) -> Features<Range> {
        self.zip(other, |one, other| Range { lo: one.lo + other.lo, hi: one.hi + other.hi })
    }

    /// What names and all else weigh at most, in bits, before `least` is looked at.
    #[inline]
    pub(super) fn at_most(self, weights: &Weights) -> [f64; 2] {
        let mut terms = self.zip(weights.each(), Range::at_most);
        terms.matched = terms.matched.min(weights.most);
        let terms = terms.into_array();
        let (names, others) = terms.split_at(NAMES);
        [names.iter().sum(), others.iter().sum()]
    }
}
