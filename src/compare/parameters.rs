//! The parameters of matching: weights, scale and limits.

use std::path::Path;

use serde::Deserialize;

use super::{Pass, Score};
use crate::{error::Result, rule_file};

/// The parameters of matching, `matching.toml`. Weights are bits (log2 odds), scores are 0 to 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// What each feature of a pair weighs.
    pub weights: Weights,
    /// How the sum becomes a score.
    pub score: ScoreScale,
    /// From which score what happens.
    pub limits: Limits,
}

/// What each feature of a pair weighs, in bits per unit of the feature; negative is against.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each weight is named and documented as its feature in compare")]
pub struct Weights {
    pub matched: f64,
    /// The most that words which both names have can speak for a pair.
    pub most: f64,
    /// The most that names can speak against a pair; negative.
    pub least: f64,
    pub typos: f64,
    pub extra_plain: f64,
    pub extra_weak: f64,
    pub instead: f64,
    pub complete: f64,
    pub beginning: f64,
    pub weak_rest: f64,
    pub acronym: f64,
    pub numerals_differ: f64,
    pub numerals_missing: f64,
    pub forms_differ: f64,
    pub form_moved: f64,
    pub domain_agrees: f64,
    pub domain_shared: f64,
    pub domain_differs: f64,
    pub domain_similar: f64,
    pub domain_near: f64,
    pub label_in_name: f64,
    pub postal_agrees: f64,
    pub postal_differs: f64,
    pub city_agrees: f64,
    pub city_differs: f64,
    pub state_agrees: f64,
    pub state_differs: f64,
    pub country_differs: f64,
    pub place_moved: f64,
    pub id_agrees: f64,
    pub id_shared: f64,
    pub names_only: f64,
}

/// How the sum of weights becomes a score: `1 / (1 + exp(-(prior + sum) / scale))`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreScale {
    /// The weight of a pair of which nothing is known.
    pub prior: f64,
    /// Bits per unit of the logistic curve.
    pub scale: f64,
}

/// From which score what happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// A pair of the domain pass is accepted from here.
    pub accept_domain: f64,
    /// A pair of the name pass is accepted from here.
    pub accept_name: f64,
    /// A pair of the name pass whose places agree is accepted from here.
    pub accept_place: f64,
    /// A pair of the ID pass is accepted from here.
    pub accept_id: f64,
    /// A pair is shown for review from here.
    pub review: f64,
    /// A pair is remembered from here, so that runners-up are known.
    pub keep: f64,
    /// A later pass's pair is a conflict when its score is better by more than this.
    pub conflict_margin: f64,
    /// Two candidates whose weights are nearer than this, in bits, are equally good.
    pub tie_margin: f64,
    /// How much of a lead over the next best, on either side of a pair, counts for it: 0 to 1.
    pub lead: f64,
    /// The most bits of a lead that are looked at.
    pub lead_most: f64,
    /// Bits that are asked for in addition with each doubling of the customers beyond 10,000.
    pub crowd: f64,
    /// How much heavier, in bits, a pair must be than the pair of the same account with another
    /// customer.
    pub rival_margin: f64,
    /// Bits of shared words from which they support a pair by themselves.
    pub rare_word: f64,
}

impl Limits {
    /// The score from which a pair is remembered.
    pub fn keep(&self) -> Score {
        Score::new((self.keep * 10_000.0).round() as u16)
    }

    /// The score from which a pair is shown for review.
    pub fn review(&self) -> Score {
        Score::new((self.review * 10_000.0).round() as u16)
    }

    /// The score from which a pair of a pass is accepted that is ahead of nothing.
    pub fn accept(&self, pass: Pass) -> Score {
        Score::new((self.of(pass) * 10_000.0).round() as u16)
    }

    /// The score from which the name pass accepts a pair whose places confirm the name.
    pub fn accept_confirmed(&self) -> Score {
        Score::new((self.accept_place * 10_000.0).round() as u16)
    }

    fn of(&self, pass: Pass) -> f64 {
        match pass {
            Pass::Domain => self.accept_domain,
            Pass::Name => self.accept_name,
            Pass::Id => self.accept_id,
        }
    }
}

impl Matching {
    /// The match weight, in bits, of a pair that is just worth remembering.
    pub fn keep_weight(&self) -> f64 {
        self.weight(self.limits.keep)
    }

    /// The match weight, in bits, that a limit asks of a pair that is ahead of nothing, beside so
    /// many customers: the more there are, the more namesakes an account meets by chance.
    pub fn accept_weight(&self, limit: f64, customers: usize) -> f64 {
        let crowd = (customers as f64 / 10_000.0).log2().max(0.0);
        self.weight(limit) + self.limits.crowd * crowd
    }

    /// The score of 0 to 1 of a match weight in bits.
    pub fn similarity(&self, weight: f64) -> f64 {
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
    /// When the file cannot be read or is not complete.
    pub fn load(dir: Option<&Path>) -> Result<Matching> {
        rule_file!("matching.toml").toml(dir)
    }
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
}
