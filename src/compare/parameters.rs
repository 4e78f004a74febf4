//! The parameters of matching: weights, scale and limits.

use std::path::Path;

use serde::Deserialize;

use super::{
    Score,
    features::{Sign, TABLE, Weights},
};
use crate::{error::Result, rule_file};

/// The parameters of matching, `matching.toml`. Weights are bits (log2 odds), scores are 0 to 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// What each feature of a pair weighs.
    pub(crate) weights: Weights,
    /// How the sum becomes a score.
    pub(crate) score: ScoreScale,
    /// What the run's own lists may change.
    pub(crate) estimate: Estimate,
    /// From which score what happens.
    pub(crate) limits: Limits,
}

/// How the sum of weights becomes a score: `1 / (1 + 2^-(prior + sum))`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScoreScale {
    /// The weight of a pair of which nothing is known.
    pub(crate) prior: f64,
}

/// The lowest probability from which a pair may be accepted: below it, it is more likely none.
pub(crate) const LEAST_ACCEPT: f64 = 0.5;

/// From which score what happens.
#[derive(Default, Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// The probability from which a pair is accepted.
    pub(crate) accept: f64,
    /// The probability from which a pair is shown for review.
    pub(crate) review: f64,
    /// The same for a pair of one whole name that stands once in either list.
    pub(crate) review_name: f64,
    /// The probability from which a pair is remembered, so that runners-up are known.
    pub(crate) keep: f64,
    /// The log2 odds of *none of these*.
    pub(crate) none: f64,
    /// Bits by which these rise against a pair whose names share words and are not the same.
    pub(crate) none_part: f64,
    /// Bits by which these rise against a pair of which each name has identifying words that the
    /// other lacks.
    pub(crate) none_apart: f64,
    /// Bits by which these rise with each doubling of the customers beyond 10,000.
    pub(crate) crowd: f64,
    /// The bits that a pair weighs at least whose domain no other record on either side has.
    pub(crate) unique_domain: f64,
    /// The bits from which two accounts of one customer are duplicates, if they share a key.
    pub(crate) duplicate: f64,
    /// Bits of shared words from which they support a pair by themselves.
    pub(crate) rare_word: f64,
    /// Bits from which a whole name of common words is as good as one with a word that identifies.
    pub(crate) rare_name: f64,
}

impl Limits {
    /// The score from which a pair is remembered.
    pub(crate) fn keep(&self) -> Score {
        Score::of(self.keep)
    }
}

/// What is known of fields before the run's own lists are looked at. Shares are of agrees, similar,
/// differs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Estimate {
    /// Whether the run's own lists change what fields weigh.
    pub(crate) from_lists: bool,
    /// For how many pairs the shipped shares of a field stand.
    pub(crate) pairs: f64,
    /// The share of true pairs among those of the same unique name.
    pub(crate) share: f64,
    /// For how many pairs it stands.
    pub(crate) share_pairs: f64,
    /// The share of typing errors among true pairs of one name.
    pub(crate) typo: f64,
    town: [f64; 3],
    state: [f64; 3],
    domain: [f64; 3],
    town_by_chance: [f64; 3],
    state_by_chance: [f64; 3],
    domain_by_chance: [f64; 3],
}

impl Estimate {
    /// The shares among true pairs: town, state, domain.
    pub(crate) fn shares(&self) -> [[f64; 3]; 3] {
        [self.town, self.state, self.domain]
    }

    /// The first value that cannot be.
    fn fault(&self) -> Option<Fault> {
        let tables = [
            ("town", self.town),
            ("state", self.state),
            ("domain", self.domain),
            ("town_by_chance", self.town_by_chance),
            ("state_by_chance", self.state_by_chance),
            ("domain_by_chance", self.domain_by_chance),
        ];
        let shares = tables.iter().flat_map(|(name, shares)| shares.map(|share| (*name, share)));
        let is_share = |(name, share): (&'static str, f64)| {
            (name, share, share > 0.0 && share < 1.0, "is a share between 0 and 1")
        };
        let pairs = [("pairs", self.pairs), ("share_pairs", self.share_pairs)];
        let is_count =
            |(name, pairs)| (name, pairs, pairs >= 1.0, "is a number of pairs: 1 or more");
        let shares = shares.chain([("share", self.share), ("typo", self.typo)]).map(is_share);
        first_fault(shares.chain(pairs.map(is_count)))
    }

    /// The shares among strangers of the same name.
    pub(crate) fn chances(&self) -> [[f64; 3]; 3] {
        [self.town_by_chance, self.state_by_chance, self.domain_by_chance]
    }
}

impl Matching {
    /// The match weight, in bits, of a pair that is just worth remembering.
    pub(crate) fn keep_weight(&self) -> f64 {
        self.weight(self.limits.keep)
    }

    /// The score of 0 to 1 of a match weight in bits.
    pub(crate) fn similarity(&self, weight: f64) -> f64 {
        1.0 / (1.0 + (-weight).exp2())
    }

    /// The match weight, in bits, behind a score of 0 to 1.
    fn weight(&self, score: f64) -> f64 {
        (score / (1.0 - score)).log2()
    }

    /// The parameters of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, lacks a parameter, has one that is none, or gives one a value
    /// that it cannot have.
    pub fn load(dir: Option<&Path>) -> Result<Matching> {
        let file = rule_file!("matching.toml");
        let matching: Matching = file.toml(dir)?;
        let Some((key, found)) = matching.fault() else { return Ok(matching) };
        let text = file.text(dir)?;
        let is_key = |line: &str| line.split('=').next().is_some_and(|name| name.trim() == key);
        let line = text.lines().position(is_key).map_or(0, |at| at as u64 + 1);
        Err(file.error(line, format!("{key} {found}")))
    }

    /// The first parameter whose value it cannot have, and why not.
    fn fault(&self) -> Option<(&'static str, String)> {
        let fault = |(name, value, found): (_, f64, _)| (name, format!("is {value}, but {found}"));
        self.weight_faults()
            .or_else(|| self.estimate.fault())
            .or_else(|| self.limit_faults())
            .map(fault)
    }

    fn weight_faults(&self) -> Option<Fault> {
        let (Weights { most, least, .. }, ScoreScale { prior }) = (&self.weights, &self.score);
        let sign = |sign: Sign| match sign {
            Sign::For => "speaks for a pair: 0 or more",
            Sign::Against => "speaks against a pair: 0 or less",
            Sign::Either => "is a number of bits",
        };
        let weights = TABLE.iter().zip(self.weights.each().into_array());
        let weights = weights
            .map(|(of, weight)| (of.name, weight, of.sign.allows(weight), sign(of.sign)))
            .chain([
                ("most", *most, *most >= 0.0, "is the most that names speak for a pair: 0 or more"),
                ("least", *least, *least <= 0.0, "is the most that they speak against: 0 or less"),
                ("prior", *prior, true, "is a number of bits"),
            ]);
        first_fault(weights)
    }

    fn limit_faults(&self) -> Option<Fault> {
        let Limits { accept, review, keep, none, none_part, none_apart, .. } = self.limits;
        let Limits { review_name, crowd, unique_domain, duplicate, rare_word, rare_name, .. } =
            self.limits;
        let bits = [
            ("none_part", none_part),
            ("none_apart", none_apart),
            ("crowd", crowd),
            ("unique_domain", unique_domain),
            ("duplicate", duplicate),
            ("rare_word", rare_word),
            ("rare_name", rare_name),
        ];
        let probabilities = [
            ("keep", keep, keep > 0.0 && keep < 1.0, "is a probability between 0 and 1"),
            ("review", review, (keep..=1.0).contains(&review), "is a probability from `keep` to 1"),
            (
                "review_name",
                review_name,
                (0.0..=review).contains(&review_name),
                "is a probability from 0 to `review`",
            ),
            (
                "accept",
                accept,
                (review.max(LEAST_ACCEPT)..=1.0).contains(&accept),
                "is a probability from `review` to 1, and no less than 0.5",
            ),
            ("none", none, true, "is a number of bits"),
        ];
        let is_bits = |(name, value)| (name, value, value >= 0.0, "is a number of bits: 0 or more");
        first_fault(probabilities.into_iter().chain(bits.map(is_bits)))
    }
}

/// A parameter, its value, and what it should be.
type Fault = (&'static str, f64, &'static str);

/// The first of some values that is no number, or not as it should be.
fn first_fault(
    values: impl Iterator<Item = (&'static str, f64, bool, &'static str)>,
) -> Option<Fault> {
    let mut values = values;
    let fault = values.find(|(_, value, holds, _)| !value.is_finite() || !holds);
    fault.map(|(name, value, _, found)| (name, value, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_cannot_be_is_refused_with_its_line() {
        let built_in = rule_file!("matching.toml").built_in();
        for (from, to, want) in [
            (
                "matched = 0.18",
                "matched = -0.18",
                "matched is -0.18, but speaks for a pair: 0 or more",
            ),
            ("typos = -4.89", "typos = 4", "typos is 4, but speaks against a pair: 0 or less"),
            ("typos = -4.89", "typos = nan", "typos is NaN, but speaks against a pair: 0 or less"),
            ("weak_rest = -1.06", "weak_rest = inf", "weak_rest is inf, but is a number of bits"),
            ("typos = -4.89", "", "missing field `typos`"),
            ("typos = -4.89", "typo = -4.89", "unknown field `typo`"),
            ("typos = -4.89", "typos = '-4.89'", "invalid type: string"),
            ("\nmost = 4.21", "\nmost = -1.0", "most is -1"),
            ("least = -25.0", "least = 25.0", "least is 25"),
            ("keep = 0.01", "keep = 0.0", "keep is 0, but is a probability between 0 and 1"),
            (
                "review = 0.18",
                "review = 0.005",
                "review is 0.005, but is a probability from `keep`",
            ),
            ("accept = 0.55", "accept = 0.1", "accept is 0.1, but is a probability from `review`"),
            ("accept = 0.55", "accept = 1.5", "accept is 1.5"),
            ("none = 0.0", "none = inf", "none is inf, but is a number of bits"),
            ("share = 0.985", "share = 1.0", "share is 1, but is a share between 0 and 1"),
            ("pairs = 30", "pairs = -1", "pairs is -1, but is a number of pairs"),
            (
                "town = [0.95, 0.01",
                "town = [0.95, 0.0",
                "town is 0, but is a share between 0 and 1",
            ),
            ("crowd = 0.15", "crowd = -0.15", "crowd is -0.15"),
        ] {
            let dir = tempfile::tempdir().expect("a folder");
            let text = built_in.replacen(from, to, 1);
            assert_ne!(text, built_in, "{from}");
            let key = to.trim_start().split(' ').next().unwrap_or_default();
            let line = text.lines().position(|line| line.split(' ').next() == Some(key));
            std::fs::write(dir.path().join("matching.toml"), text).expect("the table");
            let error = Matching::load(Some(dir.path())).expect_err(to).to_string();
            assert!(error.contains(want), "{to}: {error}");
            if let Some(line) = line.filter(|_| !key.is_empty()) {
                let start = format!("rules/matching.toml:{}: ", line + 1);
                assert!(error.starts_with(&start), "{to}: {error}");
            }
        }
    }
}
