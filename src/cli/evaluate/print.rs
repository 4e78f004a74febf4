//! What `evaluate` prints for people.

use super::Report;
use crate::{
    cli::say::say_lines,
    error::{Result, slashed},
    evaluate::{AtLimit, Figures, Miss, Why, best_limit, calibration},
};

/// The letters of the strip on which shares are drawn.
const STRIP: usize = 40;

pub(crate) fn print(report: &Report<'_>) -> Result<()> {
    let mut lines: Vec<String> = report.notes.iter().map(|note| format!("note: {note}")).collect();
    figures(report, &mut lines);
    limits(report, &mut lines);
    bands(report, &mut lines);
    wrong(report, &mut lines);
    misses(report, &mut lines);
    say_lines(&lines)
}

fn figures(report: &Report<'_>, lines: &mut Vec<String>) {
    let measured = report.measured;
    let file = slashed(report.args.ids_file());
    lines.push(format!(
        "truth: {} pairs in {file}; links that count neither way: {}",
        report.truth.len(),
        measured.ignored
    ));
    if measured.unknown > 0 {
        lines.push(format!(
            "{} of these are unknown: the truth does not name their customer (--complete counts them \
             as wrong)",
            measured.unknown
        ));
    }
    lines.push(String::new());
    lines.push(format!(
        "{:<10}{:>9}{:>9}{:>9}{:>9}{:>11}{:>9}{:>9}",
        "", "links", "right", "wrong", "missed", "precision", "recall", "F1"
    ));
    lines.push(line("all", &measured.all));
    lines.extend(measured.passes.iter().map(|(pass, figures)| line(pass, figures)));
}

fn line(what: &str, of: &Figures) -> String {
    let Figures { pairs, right, wrong, missed, precision, recall, f1 } = of;
    format!(
        "{what:<10}{pairs:>9}{right:>9}{wrong:>9}{missed:>9}{precision:>11.4}{recall:>9.4}{f1:>9.4}"
    )
}

/// The table of limits, and the same as a curve: `p`, `r` and `f` on a strip.
fn limits(report: &Report<'_>, lines: &mut Vec<String>) {
    let least = report
        .limits
        .iter()
        .filter(|at| at.with_candidates.pairs > 0)
        .map(|at| shares(at).into_iter().fold(1.0, f64::min));
    let least = (least.fold(1.0, f64::min) * 10.0).floor() / 10.0;
    lines.push(String::new());
    lines.push("If a similarity alone decided:".into());
    lines.push(format!(
        "{:<12}{:^36}  {:^36}  {:<w$}{:>w$}",
        "",
        "links",
        "links and best candidates",
        format!("{least:.1}"),
        "1.0",
        w = STRIP / 2
    ));
    let head = format!("{:>8}{:>10}{:>9}{:>9}", "pairs", "precision", "recall", "F1");
    lines.push(format!("{:<12}{head}  {head}  {}", "at or above", "-".repeat(STRIP)));
    for at in &report.limits {
        let similarity = format!("0.{:04}", at.similarity);
        let similarity = if at.similarity >= 10_000 { "1.0000" } else { &similarity };
        let side = |of: &Figures| {
            format!("{:>8}{:>10.4}{:>9.4}{:>9.4}", of.pairs, of.precision, of.recall, of.f1)
        };
        let (links, all) = (side(&at.links), side(&at.with_candidates));
        lines.push(format!("{similarity:<12}{links}  {all}  {}", strip(at, least).trim_end()));
    }
    let legend = "(best candidate of each customer without a link; p precision, r recall, f F1)";
    lines.push(legend.into());
    if let Some((similarity, best)) = best_limit(report.finished, report.truth) {
        lines.push(format!(
            "best F1 of any one similarity: {:.4} at {similarity} (precision {:.4}, recall {:.4})",
            best.f1, best.precision, best.recall
        ));
    }
}

/// How many of the links of each band of similarities are right.
fn bands(report: &Report<'_>, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push("A similarity is a probability: how many links of each band are right".into());
    lines.push(format!("{:<16}{:>9}{:>9}{:>9}", "from to", "links", "right", "share"));
    let share = |ten_thousandths: u16| f64::from(ten_thousandths) / 10_000.0;
    for band in calibration(report.finished, report.truth) {
        let between = format!("{:.2} {:.2}", share(band.from), share(band.to));
        let right = band.right as f64 / band.links as f64;
        lines.push(format!("{between:<16}{:>9}{:>9}{right:>9.4}", band.links, band.right));
    }
}

fn shares(at: &AtLimit) -> [f64; 3] {
    let of = &at.with_candidates;
    [of.f1, of.recall, of.precision]
}

fn strip(at: &AtLimit, least: f64) -> String {
    let mut strip = vec![' '; STRIP];
    if at.with_candidates.pairs == 0 {
        return String::new();
    }
    for (share, letter) in shares(at).into_iter().zip(['f', 'r', 'p']) {
        let place = (share - least) / (1.0 - least).max(0.01) * (STRIP - 1) as f64;
        strip[(place.round() as usize).min(STRIP - 1)] = letter;
    }
    strip.into_iter().collect()
}

fn wrong(report: &Report<'_>, lines: &mut Vec<String>) {
    let wrong = &report.measured.wrong;
    lines.push(String::new());
    lines.push(format!("Wrong links: {}", shown(wrong.len(), report)));
    for link in wrong.iter().take(report.args.shown()) {
        let (ids, similarity) = (&link.shown, link.similarity);
        lines.push(format!("  {} {:?}", ids.0, link.customer_name));
        lines.push(format!("  {} {:?}: {} {similarity}", ids.1, link.account_name, link.pass));
        lines.push(format!("      {}", link.explanation));
        lines.push(format!("      {}", report.instead(link)));
    }
}

fn misses(report: &Report<'_>, lines: &mut Vec<String>) {
    let misses = &report.misses;
    lines.push(String::new());
    lines.push(format!("Misses: {}", misses.len()));
    for (why, count) in report.by_reason() {
        let lost = count as f64 / report.truth.len() as f64;
        lines.push(format!("  {count:>8}  {:<44} recall lost {lost:.4}", why.words()));
    }
    if report.linked_again {
        let lost: Vec<&Miss> =
            misses.iter().filter(|miss| miss.why == Why::NeverCandidate).collect();
        lines.push(String::new());
        lines.push(format!(
            "Lost in blocking, no pass compared them: {}",
            shown(lost.len(), report)
        ));
        lost.into_iter().take(report.args.shown()).for_each(|of| miss(of, lines));
    }
    let others: Vec<&Miss> = misses.iter().filter(|miss| miss.why != Why::NeverCandidate).collect();
    lines.push(String::new());
    lines.push(format!("Other misses: {}", shown(others.len(), report)));
    others.into_iter().take(report.args.shown()).for_each(|of| miss(of, lines));
}

/// A count, and where the rest is.
fn shown(count: usize, report: &Report<'_>) -> String {
    match report.args.errors() {
        _ if count <= report.args.shown() => count.to_string(),
        Some(path) => format!("{count}; the first are (all of them: {})", slashed(path)),
        None => format!("{count}; the first are (all of them: --errors FILE)"),
    }
}

fn miss(of: &Miss, lines: &mut Vec<String>) {
    lines.push(format!("  {} {:?}", of.customer_id, of.customer_name));
    let compared = match of.similarity.is_empty() {
        true => String::new(),
        false if of.pass.is_empty() => format!(": {}", of.similarity),
        false => format!(": {} {}", of.pass, of.similarity),
    };
    lines.push(format!("  {} {:?}{compared}", of.account_id, of.account_name));
    if !of.explanation.is_empty() {
        lines.push(format!("      {}", of.explanation));
    }
    lines.push(format!("      {} ({})", of.why.words(), of.detail));
}
