//! What links would be worth if a similarity alone decided.

use charts_rs::LineChart;
use serde::Serialize;
use serde_json::json;

use super::{Figures, Finished, Pair, Truth};
use crate::compare::Score;

/// The similarities at which links are measured, in ten-thousandths.
pub(crate) const LIMITS: [u16; 19] = [
    1_000, 2_000, 3_000, 4_000, 5_000, 5_500, 6_000, 6_500, 7_000, 7_500, 8_000, 8_500, 9_000,
    9_200, 9_400, 9_600, 9_800, 9_900, 9_950,
];

/// The figures of pairs from one similarity upwards.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct AtLimit {
    /// The similarity in ten-thousandths.
    #[serde(serialize_with = "as_share")]
    pub(crate) similarity: u16,
    /// The links of the run that reach it.
    pub(crate) links: Figures,
    /// With them the best candidate of each customer that has no link, where it reaches it.
    pub(crate) with_candidates: Figures,
}

/// The similarities at which the bands of [`calibration`] begin, in ten-thousandths.
const BANDS: [u16; 6] = [0, 6_000, 8_000, 9_000, 9_500, 9_900];

/// The similarity 1, in ten-thousandths.
const WHOLE: u16 = 10_000;

/// The links whose similarity lies in one band.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Band {
    /// Where it begins, in ten-thousandths.
    #[serde(serialize_with = "as_share")]
    pub(crate) from: u16,
    /// Where the next begins.
    #[serde(serialize_with = "as_share")]
    pub(crate) to: u16,
    pub(crate) links: usize,
    pub(crate) right: usize,
}

/// How many links of each band of similarities are right: a similarity is a probability, so that of
/// the links from .9 to .95 some 93 of 100 should be. Bands without links are left out.
pub(crate) fn calibration(finished: &Finished, truth: &Truth) -> Vec<Band> {
    let links = judged(finished.links.values(), truth);
    let ends = BANDS.iter().skip(1).copied().chain([WHOLE]);
    let bands = BANDS.iter().copied().zip(ends).map(|(from, to)| {
        let within = |score: &Score| (from..to).contains(&score.ten_thousandths().min(WHOLE - 1));
        let mut band = Band { from, to, links: 0, right: 0 };
        for (_, right) in links.iter().filter(|(score, _)| within(score)) {
            band.links += 1;
            band.right += usize::from(*right);
        }
        band
    });
    bands.filter(|band| band.links > 0).collect()
}

fn as_share<S: serde::Serializer>(similarity: &u16, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(f64::from(*similarity) / 10_000.0)
}

/// The similarity of each pair that counts, and whether it is true, the most similar first.
fn judged<'p>(pairs: impl Iterator<Item = &'p Pair>, truth: &Truth) -> Vec<(Score, bool)> {
    let counting = pairs.filter(|pair| !truth.ignores(&pair.ids));
    let mut judged: Vec<(Score, bool)> =
        counting.map(|pair| (pair.similarity, truth.holds(&pair.ids))).collect();
    judged.sort_unstable_by(|one, other| other.cmp(one));
    judged
}

fn figures(judged: &[(Score, bool)], from: Score, truth: usize) -> Figures {
    let reaching = &judged[..judged.partition_point(|(score, _)| *score >= from)];
    Figures::new(reaching.len(), reaching.iter().filter(|(_, right)| *right).count(), truth)
}

/// The figures at each of some similarities, in ten-thousandths.
pub(crate) fn at_limits(finished: &Finished, truth: &Truth, limits: &[u16]) -> Vec<AtLimit> {
    let links = judged(finished.links.values(), truth);
    let all = judged(finished.links.values().chain(&finished.best), truth);
    let at = |similarity: &u16| AtLimit {
        similarity: *similarity,
        links: figures(&links, Score::new(*similarity), truth.len()),
        with_candidates: figures(&all, Score::new(*similarity), truth.len()),
    };
    limits.iter().map(at).collect()
}

/// The similarity at which links and best candidates together have the best F1, the highest of
/// equals. `None` where there is no pair.
pub(crate) fn best_limit(finished: &Finished, truth: &Truth) -> Option<(Score, Figures)> {
    let all = judged(finished.links.values().chain(&finished.best), truth);
    let mut best: Option<(Score, Figures)> = None;
    let mut right = 0;
    for (at, (score, is_right)) in all.iter().enumerate() {
        right += usize::from(*is_right);
        if all.get(at + 1).is_some_and(|(next, _)| next == score) {
            continue;
        }
        let here = Figures::new(at + 1, right, truth.len());
        if best.is_none_or(|(_, best)| here.f1 > best.f1) {
            best = Some((*score, here));
        }
    }
    best
}

/// Precision, recall and F1 over the similarity, as an SVG picture.
pub(crate) fn picture(finished: &Finished, truth: &Truth) -> String {
    let limits: Vec<u16> = (0..=100).map(|step| 100 * step).collect();
    let points = at_limits(finished, truth, &limits);
    // above the most similar pair there is nothing to be right or wrong
    let last = points.iter().rposition(|at| at.with_candidates.pairs > 0).unwrap_or(0);
    let points = &points[..=last];
    let line = |name: &str, of: fn(&Figures) -> f64| {
        let data: Vec<f64> = points.iter().map(|at| of(&at.with_candidates)).collect();
        json!({ "name": name, "data": data })
    };
    let names: Vec<String> =
        points.iter().map(|at| format!("{:.2}", f64::from(at.similarity) / 10_000.0)).collect();
    let options = json!({
        "width": 760, "height": 420,
        "title_text": "Links and best candidates at or above a similarity",
        "title_font_size": 14, "legend_margin": { "top": 30 },
        "x_axis_data": names, "x_axis_title": "similarity",
        "y_axis_configs": [{ "axis_min": 0.0, "axis_max": 1.0, "axis_split_number": 10 }],
        "series_list": [
            line("precision", |of| of.precision),
            line("recall", |of| of.recall),
            line("F1", |of| of.f1),
        ],
        "series_symbol": { "type": "none" },
        "series_colors": ["#1f6fb2", "#c8552b", "#3a8f57"],
    });
    let chart = LineChart::from_json(&options.to_string());
    chart.and_then(|chart| chart.svg()).expect("options of the chart are all known")
}
