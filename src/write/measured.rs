//! What the answers of a blind sample say of a run: how many links of each kind are right, and how
//! many of the customers that the CRM holds were found. The pages and the summary count by this code
//! alone.

use std::collections::BTreeMap;

use super::{
    decided::best_first,
    summary::{LayerFigures, Measured},
};
use crate::{
    compare::Score,
    decide::{DecidedBy, Decisions, Outcome},
    outcomes::Share,
    report::Customers,
    result::outcome::Estimate,
    verdicts::{Answer, Verdicts},
};

/// The similarity, in ten-thousandths, below which links are a layer of their own.
const SURE: u16 = 9_000;

/// Customers that are alike for the sample.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Linked by rule.
    Link {
        /// The pass that found the pair.
        pass: String,
        /// Whether the pair is less alike than most.
        is_low: bool,
    },
    /// Linked by the decision of a person.
    Decided,
    /// Without an account.
    Unmatched,
}

impl Layer {
    /// The layer of a link by rule.
    pub(crate) fn of_link(pass: &str, score: Score) -> Layer {
        Layer::Link { pass: pass.to_owned(), is_low: score.ten_thousandths() < SURE }
    }

    /// How `summary.json` names it: the pass and the range of similarities.
    fn words(&self) -> (&str, &'static str) {
        match self {
            Layer::Link { pass, is_low: true } => (pass, "below 0.9"),
            Layer::Link { pass, is_low: false } => (pass, "0.9 and more"),
            Layer::Decided => ("verdict", ""),
            Layer::Unmatched => ("", ""),
        }
    }
}

/// Counts answers, layer by layer: each customer with its layer, and the answer about it with its
/// time.
pub(crate) fn measured<'a>(
    customers: impl IntoIterator<Item = (Layer, Option<(Answer, &'a str)>)>,
) -> Measured {
    let mut layers: BTreeMap<Layer, LayerFigures> = BTreeMap::new();
    let mut last = "";
    for (layer, answer) in customers {
        let figures = layers.entry(layer).or_default();
        figures.customers += 1;
        let Some((answer, time)) = answer else { continue };
        last = last.max(time);
        match answer {
            Answer::Right => figures.right += 1,
            Answer::Wrong => figures.wrong += 1,
            Answer::Unclear => figures.unclear += 1,
        }
    }
    let day = last.split('T').next().unwrap_or("").to_owned();
    if day.is_empty() {
        return Measured::default();
    }
    let recall = recall(&layers);
    let named = |(layer, figures): (Layer, LayerFigures)| {
        let (pass, similarity) = layer.words();
        let share = share(&figures);
        LayerFigures { pass: pass.to_owned(), similarity: similarity.into(), share, ..figures }
    };
    Measured { day, recall, layers: layers.into_iter().map(named).collect() }
}

/// The share of right ones among those that were answered with yes or no.
fn share(layer: &LayerFigures) -> Option<Estimate> {
    Share { of: layer.right, all: layer.right + layer.wrong }.rate()
}

/// The share of the customers with an account that the run has found, from the links that are right
/// and the customers without an account that have one; `None` before both are known.
fn recall(layers: &BTreeMap<Layer, LayerFigures>) -> Option<Estimate> {
    let missed = layers.get(&Layer::Unmatched)?;
    let has_none = share(missed)?;
    let mut found = 0.0;
    for (_, layer) in layers.iter().filter(|(layer, _)| **layer != Layer::Unmatched) {
        // a layer without an answer counts as right: nobody has said otherwise
        found += layer.customers as f64 * share(layer).map_or(1.0, |share| share.value);
    }
    let recall = |without: f64| found / (found + missed.customers as f64 * (1.0 - without));
    let Estimate { value, low, high } = has_none;
    (found > 0.0).then(|| Estimate { value: recall(value), low: recall(low), high: recall(high) })
}

/// What people have said, in a blind sample, of the links that a run decides.
pub(super) fn of_run(
    customers: &Customers,
    decisions: &Decisions,
    verdicts: &Verdicts,
) -> Measured {
    let one = |(customer, outcome): (&crate::report::Customer, &Outcome)| {
        let (layer, account) = match outcome {
            Outcome::Linked(links) => {
                let link = links.iter().min_by_key(|link| best_first(&link.candidate))?;
                let (account, comparison) = (&link.candidate.account, &link.candidate.comparison);
                let layer = match (&link.decided_by, comparison.pass) {
                    (DecidedBy::Rule, Some(pass)) => Layer::of_link(pass.word(), comparison.score),
                    _ => Layer::Decided,
                };
                (layer, account.id())
            }
            Outcome::Unmatched(..) => (Layer::Unmatched, ""),
            Outcome::Review(..) | Outcome::Excluded(_) => return None,
        };
        let said = verdicts.of(&customer.id).and_then(|of| of.answer(account));
        Some((layer, said))
    };
    measured(customers.list.iter().zip(&decisions.outcomes).filter_map(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_counted_each_for_itself_and_recall_comes_from_both_sides() {
        let low = || Layer::of_link("name", Score::of(0.87));
        let sure = || Layer::of_link("domain", Score::of(0.97));
        let right = Some((Answer::Right, "2026-11-03T10:00:00Z"));
        let wrong = Some((Answer::Wrong, "2026-11-02T10:00:00Z"));
        let mut sample = vec![(low(), Some((Answer::Unclear, "2026-11-01T10:00:00Z")))];
        sample.extend((0..90).map(|at| (sure(), right.filter(|_| at < 10))));
        sample.extend((0..50).map(|at| {
            let answer = if at < 8 { right } else { wrong };
            (Layer::Unmatched, answer.filter(|_| at < 10))
        }));
        let measured = measured(sample);
        assert_eq!(measured.day, "2026-11-03");
        let told: Vec<(&str, &str, u64, u64, u64, u64)> = measured
            .layers
            .iter()
            .map(|of| (&*of.pass, &*of.similarity, of.customers, of.right, of.wrong, of.unclear))
            .collect();
        assert_eq!(
            told,
            [
                ("domain", "0.9 and more", 90, 10, 0, 0),
                ("name", "below 0.9", 1, 0, 0, 1),
                ("", "", 50, 8, 2, 0),
            ]
        );
        assert_eq!(measured.layers[1].share, None, "nobody said yes or no");
        let recall = measured.recall.unwrap();
        assert!((recall.value - 91.0 / 101.0).abs() < 1e-9, "{recall:?}");
        assert!(recall.low < recall.value && recall.value < recall.high, "{recall:?}");
    }

    #[test]
    fn nothing_is_told_before_there_is_an_answer() {
        let none = [(Layer::Unmatched, None), (Layer::Decided, None)];
        assert_eq!(measured(none), Measured::default());
    }
}
