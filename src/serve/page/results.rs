//! The results: the summary of the run, and the records behind each number.

use maud::{Markup, html};

use super::{View, audit, frame};
use crate::{
    error::{Error, Result, slashed},
    result::{column::File, file, folder::Folder},
    serve::{audit::Audit, desk::Desk, routes::Wanted},
    write::page::{body, coded},
};

/// The page of results.
///
/// # Errors
///
/// When the summary of the run cannot be read.
pub(in crate::serve) fn page(view: &View<'_>, desk: &Desk) -> Result<Markup> {
    let summary = Folder::new(&desk.folder).summary()?;
    let content = html! {
        h1 { (view.t("page.results.title")) }
        p.soft { (slashed(&desk.folder)) }
        (audit::figures(view, &Audit::of(desk)))
        (body(&summary))
    };
    Ok(frame(view, Some(desk), "/results", &content))
}

/// The files whose rows can be looked at.
const FILES: [&File; 8] = [
    &file::contacts::FILE,
    &file::customers::FILE,
    &file::links::FILE,
    &file::review::FILE,
    &file::unmatched::FILE,
    &file::agreements::FILE,
    &file::suppressed::FILE,
    &file::problems::FILE,
];

/// Rows of one page of records.
const ROWS: usize = 100;

/// The rows of a file that have a value in a column.
///
/// # Errors
///
/// When the file cannot be read, or is none of the run's.
pub(in crate::serve) fn records(
    view: &View<'_>,
    desk: &Desk,
    name: &str,
    wanted: &Wanted,
) -> Result<Markup> {
    let unknown = || Error::Unusable {
        file: "records".into(),
        found: "no file of the run has this name".into(),
        todo: "follow the numbers of the results".into(),
    };
    let is_it = |file: &&&File| file.name.strip_suffix(".csv") == Some(name);
    let file = FILES.iter().find(is_it).ok_or_else(unknown)?;
    let (header, rows, all) = matching(desk, file, wanted)?;
    let to = wanted.from() + rows.len();
    let more = |from: usize| {
        let values = wanted.values().map(|(column, value)| format!("{column}={}&", coded(value)));
        format!("/records/{name}?{}from={from}", values.collect::<String>())
    };
    let count = view.texts.with(
        "page.records.count",
        &[
            ("from", &(wanted.from() + usize::from(!rows.is_empty())).to_string()),
            ("to", &to.to_string()),
            ("all", &all.to_string()),
        ],
    );
    let body = html! {
        h1 { (file.name) @for (at, (_, value)) in wanted.values().enumerate() {
            @if at == 0 { ": " } @else { ", " } (value) } }
        p { (count) " "
            @if wanted.from() > 0 { a href=(more(wanted.from().saturating_sub(ROWS))) { (view.t("page.records.before")) } " " }
            @if to < all { a href=(more(to)) { (view.t("page.records.more")) } } }
        @if rows.is_empty() { p { (view.t("page.records.none")) } } @else {
            div.wide tabindex="0" role="region" aria-label=(file.name) { table {
                tr { @for name in &header { th scope="col" { (view.texts.heading(name).unwrap_or(name)) } } }
                @for row in &rows { tr { @for cell in row { td dir="auto" { (cell) } } } }
            } }
        }
    };
    Ok(frame(view, Some(desk), "/results", &body))
}

type Rows = (Vec<String>, Vec<Vec<String>>, usize);

fn matching(desk: &Desk, file: &File, wanted: &Wanted) -> Result<Rows> {
    let table = Folder::new(&desk.folder).open(file)?;
    let header = table.header.clone();
    let place = |(column, value): (&str, &str)| {
        let at = header.iter().position(|name| name == column);
        at.map(|at| (at, column.to_owned(), value.to_owned()))
    };
    let asked: Vec<(usize, String, String)> = wanted.values().filter_map(place).collect();
    let (mut rows, mut all) = (Vec::new(), 0);
    table.each(|row| {
        if asked.iter().all(|(at, column, value)| has(row.raw(*at), column, value)) {
            if all >= wanted.from() && rows.len() < ROWS {
                rows.push((0..header.len()).map(|at| row.raw(at).to_owned()).collect());
            }
            all += 1;
        }
        Ok(())
    })?;
    Ok((header, rows, all))
}

/// Whether a cell has a value: one of several, a month of a day, or any where it is `*`.
fn has(cell: &str, column: &str, value: &str) -> bool {
    match (column, value) {
        (_, "*") => !cell.is_empty(),
        ("end_date", month) => cell.starts_with(month),
        (_, "") => cell.is_empty(),
        _ => cell == value || cell.split("; ").any(|of| of.trim_end_matches(" (derived)") == value),
    }
}
