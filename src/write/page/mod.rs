//! `summary.html`: one page with everything in it, for who has two minutes.
//!
//! It is made from the [`Summary`] alone and calculates nothing, so that it cannot say anything
//! but what `summary.json` says.

mod change;
mod chart;
mod measured;
mod outcome;
mod part;
mod record;
mod retold;
mod section;
mod status;

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(crate) use self::retold::retold;
use super::summary::Summary;
use crate::language::Texts;

/// The page of a run, in the language of the texts.
///
/// No network, no script; light and dark as the reader's system is set. Each figure is a `data`
/// element whose `value` is the number as `summary.json` has it.
pub(crate) fn page(summary: &Summary, texts: &Texts) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(texts.language().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Reports and CRM, reconciled" }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                header {
                    h1 { "Reports and CRM, reconciled" }
                    p { "Run of " time { (minute(&summary.started)) }
                        "; dates judged as of " time { (summary.as_of) } "." }
                }
                (body(summary))
                footer { p { span translate="no" { (summary.program.name) " " (summary.program.version) }
                    ". The same figures for machines: summary.json." } }
            }
        }
    };
    retold(page, texts).into_string()
}

/// All sections of the page.
pub(crate) fn body(summary: &Summary) -> Markup {
    let results = &summary.results;
    html! {
        (section::message(summary))
        (change::changes(&summary.changes, summary.settings["derived"] == true))
        (section::headline(&results.dashboard, &summary.as_of))
        (status::statuses(results))
        (measured::measured(&summary.measured))
        (status::contacts(results))
        (section::areas(results))
        (section::matrices(results))
        (section::cohorts(results))
        (section::agreements(results, &summary.as_of))
        (section::sub_segments(results))
        (outcome::outcomes(&results.outcomes))
        (record::inputs(summary))
        (record::problems(summary))
        (record::settings(summary))
    }
}

/// A time without its seconds.
fn minute(time: &str) -> String {
    time.chars().take(16).collect::<String>().replace('T', " ")
}

/// A whole number, grouped for the eye, exact for machines.
fn count(number: u64) -> Markup {
    html! { data value=(number) { (grouped(&number.to_string())) } }
}

/// Money, in whole units for the eye, exact for machines, that says where the records are of which it
/// is the sum.
fn money(amount: f64, records: &str) -> Markup {
    html! { data value=(amount) data-sum=(records) { (grouped(&format!("{amount:.0}"))) } }
}

/// Digits in groups of three, with narrow blanks that do not break.
pub(crate) fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A text within an address.
pub(crate) fn coded(text: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'*');
    let one = |byte: u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
pub(crate) mod tests;
