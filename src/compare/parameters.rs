//! The parameters of matching: weights, scale and limits.

use std::path::Path;

use serde::Deserialize;

use super::{
    Pass, Score,
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
    /// From which score what happens.
    pub(crate) limits: Limits,
}

/// How the sum of weights becomes a score: `1 / (1 + exp(-(prior + sum) / scale))`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScoreScale {
    /// The weight of a pair of which nothing is known.
    pub(crate) prior: f64,
    /// Bits per unit of the logistic curve.
    pub(crate) scale: f64,
}

/// From which score what happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// A pair of the domain pass is accepted from here.
    pub(crate) accept_domain: f64,
    /// A pair of the name pass is accepted from here.
    pub(crate) accept_name: f64,
    /// A pair of the name pass whose places agree is accepted from here.
    pub(crate) accept_place: f64,
    /// A pair of the ID pass is accepted from here.
    pub(crate) accept_id: f64,
    /// A pair is shown for review from here.
    pub(crate) review: f64,
    /// A pair is remembered from here, so that runners-up are known.
    pub(crate) keep: f64,
    /// A later pass's pair is a conflict when its score is better by more than this.
    pub(crate) conflict_margin: f64,
    /// Two candidates whose weights are nearer than this, in bits, are equally good.
    pub(crate) tie_margin: f64,
    /// How much of a lead over the next best, on either side of a pair, counts for it: 0 to 1.
    pub(crate) lead: f64,
    /// The most bits of a lead that are looked at.
    pub(crate) lead_most: f64,
    /// Bits that are needed in addition with each doubling of the customers beyond 10,000.
    pub(crate) crowd: f64,
    /// How much heavier, in bits, a pair must be than the pair of the same account with another
    /// customer.
    pub(crate) rival_margin: f64,
    /// Bits of shared words from which they support a pair by themselves.
    pub(crate) rare_word: f64,
}

impl Limits {
    /// The score from which a pair is remembered.
    pub(crate) fn keep(&self) -> Score {
        Score::of(self.keep)
    }

    /// The score from which a pair is shown for review.
    pub(crate) fn review(&self) -> Score {
        Score::of(self.review)
    }

    /// The score from which a pair of a pass is accepted that is ahead of nothing.
    pub(crate) fn accept(&self, pass: Pass) -> Score {
        Score::of(match pass {
            Pass::Domain => self.accept_domain,
            Pass::Name => self.accept_name,
            Pass::Id => self.accept_id,
        })
    }

    /// The score from which the name pass accepts a pair whose places confirm the name.
    pub(crate) fn accept_confirmed(&self) -> Score {
        Score::of(self.accept_place)
    }
}

impl Matching {
    /// The match weight, in bits, of a pair that is just worth remembering.
    pub(crate) fn keep_weight(&self) -> f64 {
        self.weight(self.limits.keep)
    }

    /// The match weight, in bits, that a limit asks of a pair that is ahead of nothing, next to so
    /// many customers: the more there are, the more namesakes an account meets by chance.
    pub(crate) fn accept_weight(&self, limit: f64, customers: usize) -> f64 {
        let crowd = (customers as f64 / 10_000.0).log2().max(0.0);
        self.weight(limit) + self.limits.crowd * crowd
    }

    /// The score of 0 to 1 of a match weight in bits.
    pub(crate) fn similarity(&self, weight: f64) -> f64 {
        1.0 / (1.0 + (-weight / self.score.scale).exp())
    }

    /// The match weight, in bits, behind a score of 0 to 1.
    fn weight(&self, score: f64) -> f64 {
        self.score.scale * (score / (1.0 - score)).ln()
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
        self.weight_faults().or_else(|| self.limit_faults()).map(fault)
    }

    fn weight_faults(&self) -> Option<Fault> {
        let (Weights { most, least, .. }, ScoreScale { prior, scale }) =
            (&self.weights, &self.score);
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
                ("scale", *scale, *scale > 0.0, "divides the weights: more than 0"),
            ]);
        first_fault(weights)
    }

    fn limit_faults(&self) -> Option<Fault> {
        let limits = &self.limits;
        let Limits { accept_domain, accept_name, accept_place, accept_id, .. } = *limits;
        let Limits { review, keep, conflict_margin, lead, .. } = *limits;
        let within = |range: std::ops::RangeInclusive<f64>, found| {
            move |(name, value)| (name, value, range.contains(&value), found)
        };
        let accepts = [
            ("accept_domain", accept_domain),
            ("accept_name", accept_name),
            ("accept_place", accept_place),
            ("accept_id", accept_id),
        ];
        let bits = [
            ("tie_margin", limits.tie_margin),
            ("lead_most", limits.lead_most),
            ("crowd", limits.crowd),
            ("rival_margin", limits.rival_margin),
            ("rare_word", limits.rare_word),
        ];
        let shares = [("conflict_margin", conflict_margin), ("lead", lead)];
        let accepts = accepts.map(within(review..=1.0, "is a similarity from `review` to 1"));
        let lower = [
            ("review", review, (keep..=1.0).contains(&review), "is a similarity from `keep` to 1"),
            ("keep", keep, keep > 0.0 && keep < 1.0, "is a similarity between 0 and 1"),
        ];
        let shares = shares.map(within(0.0..=1.0, "is 0 to 1"));
        let bits = bits.map(within(0.0..=f64::MAX, "is a number of bits: 0 or more"));
        first_fault(lower.into_iter().rev().chain(accepts).chain(shares).chain(bits))
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
    fn more_is_asked_for_with_each_doubling_of_the_customers_beyond_ten_thousand() {
        let rules = Matching::load(None).unwrap();
        let asked = |customers| rules.accept_weight(rules.limits.accept_name, customers);
        assert_eq!(asked(10), asked(10_000));
        for (customers, doublings) in [(20_000, 1.0), (80_000, 3.0)] {
            let more = asked(customers) - asked(10_000);
            assert!((more - doublings * rules.limits.crowd).abs() < 1e-9, "{customers}: {more}");
        }
        assert!(rules.limits.crowd > 0.0);
    }

    #[test]
    fn a_parameter_that_cannot_be_is_refused_with_its_line() {
        let built_in = rule_file!("matching.toml").embedded;
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
            ("scale = 3.0", "scale = 0.0", "scale is 0"),
            ("keep = 0.1", "keep = 0.0", "keep is 0, but is a similarity between 0 and 1"),
            (
                "review = 0.45",
                "review = 0.05",
                "review is 0.05, but is a similarity from `keep` to 1",
            ),
            ("accept_id = 0.92", "accept_id = 0.4", "accept_id is 0.4, but is a similarity from"),
            ("accept_name = 0.945", "accept_name = 1.5", "accept_name is 1.5"),
            ("lead = 0.5", "lead = 50", "lead is 50, but is 0 to 1"),
            ("crowd = 0.3", "crowd = -0.3", "crowd is -0.3"),
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
