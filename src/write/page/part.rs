//! What the sections of the page are made of: numbers that lead to their records, heads, pictures.

use maud::{Markup, PreEscaped, html};

use super::{coded, count, grouped};

pub(super) const LINKED: &str = "#3f8fcf";
pub(super) const REVIEW: &str = "#dd9a2e";
pub(super) const OTHER: &str = "#98a5b3";

pub(super) fn picture(svg: Option<String>, what: &str) -> Markup {
    html! { @if let Some(svg) = svg {
        figure role="img" aria-label=(what) { (PreEscaped(svg)) }
    } }
}

/// A header row: the first column is text, the others are numbers.
pub(super) fn head(names: &[&str]) -> Markup {
    html! { tr { @for (at, name) in names.iter().enumerate() {
        @if at == 0 { th { (name) } } @else { th.number { (name) } }
    } } }
}

/// The names of the bars of a picture.
pub(super) fn names<'n>(bars: &[(&'n str, u64)]) -> Vec<&'n str> {
    bars.iter().map(|bar| bar.0).collect()
}

pub(super) fn rows(lines: &[(&str, u64)]) -> Markup {
    html! { @for (name, of) in lines {
        tr.none[*of == 0] { td { (name) } (number(*of)) }
    } }
}

/// Lines with a name and a number each, whose records are the rows of a file that have one of the
/// words in a column.
pub(super) fn doors(
    labels: &[(&str, u64)],
    file: &str,
    column: &str,
    words: &[(&str, u64)],
) -> Markup {
    html! { @for ((name, of), (word, _)) in labels.iter().zip(words) {
        tr.none[*of == 0] { td { (name) } (door(*of, file, &[(column, word)])) }
    } }
}

/// A number that says where its records are: the rows of a file with these values. The page in the
/// browser makes a link of it.
pub(super) fn door(of: u64, file: &str, wanted: &[(&str, &str)]) -> Markup {
    html! { td.number { (figure_door(of, file, wanted)) } }
}

/// The same within a sentence.
pub(super) fn inline_door(of: u64, file: &str, wanted: &[(&str, &str)]) -> Markup {
    html! { b { data value=(of) data-of=(records(file, wanted)) { (of) } } }
}

pub(super) fn figure_door(of: u64, file: &str, wanted: &[(&str, &str)]) -> Markup {
    html! { data value=(of) data-of=(records(file, wanted)) { (grouped(&of.to_string())) } }
}

/// The address of the rows of a file with these values.
pub(super) fn records(file: &str, wanted: &[(&str, &str)]) -> String {
    let values = wanted.iter().map(|(column, value)| format!("{column}={}", coded(value)));
    let values: Vec<String> = values.collect();
    format!("{file}?{}", values.join("&"))
}

pub(super) fn number(of: u64) -> Markup {
    html! { td.number { (count(of)) } }
}

/// A number within a sentence.
pub(super) fn inline(of: u64) -> Markup {
    html! { b { data value=(of) { (of) } } }
}
