//! How good the links of a finished run are, held against pairs that are known to be true.

mod finished;
mod limit;
mod miss;
mod truth;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use self::{
    finished::{Finished, Pair},
    limit::{AtLimit, LIMITS, at_limits, best_limit, calibration, picture},
    miss::{Again, Miss, Why, misses},
    truth::{Truth, TruthFiles},
};

/// A customer id and an account id.
pub(crate) type Ids = (Box<str>, Box<str>);

/// How good some pairs are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// Pairs that were made; each counts once.
    pub(crate) pairs: usize,
    /// Those that are true.
    pub(crate) right: usize,
    /// Those that are not.
    pub(crate) wrong: usize,
    /// True pairs that were not made.
    pub(crate) missed: usize,
    /// Right pairs by pairs made, 0 to 1; 0 when none was made.
    pub(crate) precision: f64,
    /// Right pairs by true pairs, 0 to 1.
    pub(crate) recall: f64,
    /// The harmonic mean of both.
    pub(crate) f1: f64,
}

impl Figures {
    /// The figures of so many pairs, of which so many are right, where so many are true.
    pub(crate) fn new(pairs: usize, right: usize, truth: usize) -> Figures {
        let share = |part: usize, whole: usize| match whole {
            0 => 0.0,
            whole => part as f64 / whole as f64,
        };
        Figures {
            pairs,
            right,
            wrong: pairs - right,
            missed: truth - right,
            precision: share(right, pairs),
            recall: share(right, truth),
            // 2PR / (P + R), without rounding in between
            f1: share(2 * right, pairs + truth),
        }
    }
}

/// The links of a run, measured.
#[derive(Debug, Default)]
pub(crate) struct Measured<'m> {
    /// All links.
    pub(crate) all: Figures,
    /// By pass, or `verdict` where a person decided.
    pub(crate) passes: BTreeMap<&'m str, Figures>,
    /// Links that count neither way.
    pub(crate) ignored: usize,
    /// Those of them whose customer the truth does not name.
    pub(crate) unknown: usize,
    /// Links that are not true, by customer id, then account id.
    pub(crate) wrong: Vec<&'m Pair>,
    /// True pairs that are no links, by customer id, then account id.
    pub(crate) missed: Vec<&'m Ids>,
}

/// Holds the links of a run against the truth.
pub(crate) fn measure<'m>(finished: &'m Finished, truth: &'m Truth) -> Measured<'m> {
    let counting = |link: &&Pair| !truth.ignores(&link.ids);
    let links: Vec<&Pair> = finished.links.values().filter(counting).collect();
    let figures = |of: &[&Pair]| {
        let right = of.iter().filter(|link| truth.holds(&link.ids)).count();
        Figures::new(of.len(), right, truth.len())
    };
    let mut by_pass: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for link in &links {
        by_pass.entry(&link.pass).or_default().push(link);
    }
    Measured {
        all: figures(&links),
        passes: by_pass.into_iter().map(|(pass, of)| (pass, figures(&of))).collect(),
        ignored: finished.links.len() - links.len(),
        unknown: finished.links.values().filter(|link| truth.is_unknown(&link.ids)).count(),
        missed: truth.pairs().filter(|ids| !finished.links.contains_key(ids)).collect(),
        wrong: links.into_iter().filter(|link| !truth.holds(&link.ids)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_from_counts() {
        let of = Figures::new(4, 3, 6);
        assert_eq!((of.wrong, of.missed), (1, 3));
        assert_eq!((of.precision, of.recall, of.f1), (0.75, 0.5, 0.6));
    }
}
