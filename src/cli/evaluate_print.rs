//! What `evaluate` prints for people.
#![expect(clippy::print_stdout, reason = "the program's answer goes to standard output")]

use super::evaluate::Report;
use crate::evaluate::{AtLimit, Figures, Miss, Why, best_limit};

/// The letters of the strip on which shares are drawn.
const STRIP: usize = 40;

pub(super) fn print(report: &Report<'_>) {
    for note in &report.notes {
        println!("note: {note}");
    }
    print_figures(report);
    print_limits(report);
    print_wrong(report);
    print_misses(report);
}

fn print_figures(report: &Report<'_>) {
    let measured = report.measured;
    let file = report.args.ids_file().display();
    println!(
        "truth: {} pairs in {file}; links that count neither way: {}",
        report.truth.len(),
        measured.ignored
    );
    println!();
    println!(
        "{:<10}{:>9}{:>9}{:>9}{:>9}{:>11}{:>9}{:>9}",
        "", "links", "right", "wrong", "missed", "precision", "recall", "F1"
    );
    line("all", &measured.all);
    measured.passes.iter().for_each(|(pass, figures)| line(pass, figures));
}

fn line(what: &str, of: &Figures) {
    let Figures { pairs, right, wrong, missed, precision, recall, f1 } = of;
    println!(
        "{what:<10}{pairs:>9}{right:>9}{wrong:>9}{missed:>9}{precision:>11.4}{recall:>9.4}{f1:>9.4}"
    );
}

/// The table of limits, and the same as a curve: `p`, `r` and `f` on a strip.
fn print_limits(report: &Report<'_>) {
    let least = report
        .limits
        .iter()
        .filter(|at| at.with_candidates.pairs > 0)
        .map(|at| shares(at).into_iter().fold(1.0, f64::min));
    let least = (least.fold(1.0, f64::min) * 10.0).floor() / 10.0;
    println!();
    println!("If a similarity alone decided:");
    println!(
        "{:<12}{:^36}  {:^36}  {:<w$}{:>w$}",
        "",
        "links",
        "links and best candidates",
        format!("{least:.1}"),
        "1.0",
        w = STRIP / 2
    );
    let head = format!("{:>8}{:>10}{:>9}{:>9}", "pairs", "precision", "recall", "F1");
    println!("{:<12}{head}  {head}  {}", "at or above", "-".repeat(STRIP));
    for at in &report.limits {
        let similarity = format!("0.{:04}", at.similarity);
        let similarity = if at.similarity >= 10_000 { "1.0000" } else { &similarity };
        let side = |of: &Figures| {
            format!("{:>8}{:>10.4}{:>9.4}{:>9.4}", of.pairs, of.precision, of.recall, of.f1)
        };
        let (links, all) = (side(&at.links), side(&at.with_candidates));
        println!("{similarity:<12}{links}  {all}  {}", strip(at, least).trim_end());
    }
    println!("(best candidate of each customer without a link; p precision, r recall, f F1)");
    if let Some((similarity, best)) = best_limit(report.finished, report.truth) {
        println!(
            "best F1 of any one similarity: {:.4} at {similarity} (precision {:.4}, recall {:.4})",
            best.f1, best.precision, best.recall
        );
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

fn print_wrong(report: &Report<'_>) {
    let wrong = &report.measured.wrong;
    println!();
    println!("Wrong links: {}", shown(wrong.len(), report));
    for link in wrong.iter().take(report.args.shown()) {
        let (ids, similarity) = (&link.shown, link.similarity);
        println!("  {} {:?}", ids.0, link.customer_name);
        println!("  {} {:?}: {} {similarity}", ids.1, link.account_name, link.pass);
        println!("      {}", link.explanation);
        println!("      {}", report.instead(link));
    }
}

fn print_misses(report: &Report<'_>) {
    let misses = &report.misses;
    println!();
    println!("Misses: {}", misses.len());
    for (why, count) in report.by_reason() {
        let lost = count as f64 / report.truth.len() as f64;
        println!("  {count:>8}  {:<44} recall lost {lost:.4}", why.words());
    }
    if report.linked_again {
        let lost: Vec<&Miss> =
            misses.iter().filter(|miss| miss.why == Why::NeverCandidate).collect();
        println!();
        println!("Lost in blocking, no pass compared them: {}", shown(lost.len(), report));
        lost.into_iter().take(report.args.shown()).for_each(miss);
    }
    let others: Vec<&Miss> = misses.iter().filter(|miss| miss.why != Why::NeverCandidate).collect();
    println!();
    println!("Other misses: {}", shown(others.len(), report));
    others.into_iter().take(report.args.shown()).for_each(miss);
}

/// A count, and where the rest is.
fn shown(count: usize, report: &Report<'_>) -> String {
    match report.args.errors() {
        _ if count <= report.args.shown() => count.to_string(),
        Some(path) => format!("{count}; the first are (all of them: {})", path.display()),
        None => format!("{count}; the first are (all of them: --errors FILE)"),
    }
}

fn miss(of: &Miss) {
    println!("  {} {:?}", of.customer_id, of.customer_name);
    let compared = match of.similarity.is_empty() {
        true => String::new(),
        false if of.pass.is_empty() => format!(": {}", of.similarity),
        false => format!(": {} {}", of.pass, of.similarity),
    };
    println!("  {} {:?}{compared}", of.account_id, of.account_name);
    if !of.explanation.is_empty() {
        println!("      {}", of.explanation);
    }
    println!("      {} ({})", of.why.words(), of.detail);
}
