//! The records behind the numbers of the results: rows of a file of the run, or of the files that it read.

use std::collections::HashSet;

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    error::{Error, Result},
    report::DERIVED,
    result::{column::File, file, folder::Folder},
    serve::{desk::Desk, routes::Wanted, why::RowsRead},
    write::page::coded,
};

/// The files whose rows can be looked at.
pub(super) const FILES: [&File; 11] = [
    &file::contacts::FILE,
    &file::calls::FILE,
    &file::changes::FILE,
    &file::outcomes::FILE,
    &file::customers::FILE,
    &file::links::FILE,
    &file::review::FILE,
    &file::unmatched::FILE,
    &file::agreements::FILE,
    &file::suppressed::FILE,
    &file::problems::FILE,
];

/// What names a column of which each value counts once: a customer that moved in two areas has two
/// rows, and is one customer.
const ONCE: &str = "once";

/// Rows of one page of records.
pub(in crate::serve) const ROWS: usize = 100;

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
    let rows = matching(desk, file, wanted)?;
    let content = html! {
        h1 { (file.name) (values(view, wanted)) }
        (table(view, (name, file.name), wanted, &rows))
    };
    Ok(frame(view, Some(desk), "/results", &content))
}

/// Rows of the files that the run has read.
///
/// # Errors
///
/// When the summary of the run cannot be read.
pub(in crate::serve) fn read(
    view: &View<'_>,
    desk: &Desk,
    name: &str,
    wanted: &Wanted,
    read: &RowsRead,
) -> Result<Markup> {
    let counted = read.counted(&Folder::new(&desk.folder).summary()?);
    let key = format!("page.records.{name}");
    let kind = view.t(&key);
    let content = html! {
        h1 { (kind) (values(view, wanted)) }
        p.soft { (view.t("page.records.read_again")) }
        @if counted.is_some_and(|counted| counted != read.rows.2 as u64) {
            p.warn { (view.texts.with("page.records.differ",
                &[("count", &counted.unwrap_or_default().to_string())])) }
        }
        (table(view, (&format!("crm/{name}"), kind), wanted, &read.rows))
    };
    Ok(frame(view, Some(desk), "/results", &content))
}

/// The values that the rows have.
fn values(view: &View<'_>, wanted: &Wanted) -> Markup {
    let is_told = |(column, value): &(&str, &str)| *column != ONCE && !value.starts_with('!');
    html! { @for (at, (_, value)) in wanted.values().filter(is_told).enumerate() {
        @if at == 0 { ": " } @else { ", " } (view.said(value.trim_start_matches('~')))
    } }
}

/// Some rows as a table, with the ways to those before and behind.
fn table(
    view: &View<'_>,
    (address, label): (&str, &str),
    wanted: &Wanted,
    (header, rows, all): &Rows,
) -> Markup {
    let to = wanted.from() + rows.len();
    let more = |from: usize| {
        let values = wanted.values().map(|(column, value)| format!("{column}={}&", coded(value)));
        format!("/records/{address}?{}from={from}", values.collect::<String>())
    };
    let count = view.texts.with(
        "page.records.count",
        &[
            ("from", &(wanted.from() + usize::from(!rows.is_empty())).to_string()),
            ("to", &to.to_string()),
            ("all", &all.to_string()),
        ],
    );
    html! {
        p { (count) " "
            @if wanted.from() > 0 { a href=(more(wanted.from().saturating_sub(ROWS))) { (view.t("page.records.before")) } " " }
            @if to < *all { a href=(more(to)) { (view.t("page.records.more")) } } }
        @if rows.is_empty() { p { (view.t("page.records.none")) } } @else {
            div.wide tabindex="0" role="region" aria-label=(label) { table {
                tr { @for name in header { th scope="col" { (view.texts.heading(name).unwrap_or(name)) } } }
                @for row in rows { tr { @for cell in row { td dir="auto" { (cell) } } } }
            } }
        }
    }
}

/// A header, rows, and how many there are in all.
pub(in crate::serve) type Rows = (Vec<String>, Vec<Vec<String>>, usize);

fn matching(desk: &Desk, file: &File, wanted: &Wanted) -> Result<Rows> {
    let table = Folder::new(&desk.folder).open(file)?;
    let header = table.header.clone();
    let place = |(column, value): (&str, &str)| {
        let at = header.iter().position(|name| name == column);
        at.map(|at| (at, column.to_owned(), value.to_owned()))
    };
    let asked: Vec<(usize, String, String)> = wanted.values().filter_map(place).collect();
    let once = wanted.values().find(|(column, _)| *column == ONCE);
    let once = once.and_then(|(_, column)| header.iter().position(|name| name == column));
    let mut seen = HashSet::new();
    let mut is_first = |cell: Option<&str>| cell.is_none_or(|cell| seen.insert(cell.to_owned()));
    let (mut rows, mut all) = (Vec::new(), 0);
    table.each(|row| {
        if asked.iter().all(|(at, column, value)| has(row.raw(*at), column, value))
            && is_first(once.map(|at| row.raw(at)))
        {
            if all >= wanted.from() && rows.len() < ROWS {
                rows.push((0..header.len()).map(|at| row.raw(at).to_owned()).collect());
            }
            all += 1;
        }
        Ok(())
    })?;
    Ok((header, rows, all))
}

/// Whether a cell has a value: one of several, a month or a range of days, any where it is `*`, the
/// cluster of some area after `~` (after `~~` a derived one too), another value after `!`.
fn has(cell: &str, column: &str, value: &str) -> bool {
    if let Some(cluster) = value.strip_prefix('~') {
        let counts = |of: &str| match cluster.strip_prefix('~') {
            Some(cluster) => of.strip_suffix(DERIVED).unwrap_or(of) == cluster,
            None => of == cluster,
        };
        return cell.split("; ").any(|part| counts(part.rsplit(": ").next().unwrap_or(part)));
    }
    if let Some(other) = value.strip_prefix('!') {
        return cell != other;
    }
    match (column, value) {
        (_, "*") => !cell.is_empty(),
        ("end_date", days) => match days.split_once("..") {
            Some((first, last)) => (first..=last).contains(&cell),
            None => cell.starts_with(days),
        },
        (_, "") => cell.is_empty(),
        _ => {
            // customers of a cluster are all of them; derived sub-segments are a group of their own
            let is_derived =
                |of: &str| column == "clusters" && of.strip_suffix(DERIVED) == Some(value);
            let is_it = |of: &str| of == value || is_derived(of);
            cell == value || cell.split("; ").any(is_it)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_those_that_the_number_counts() {
        for (cell, column, value, want) in [
            ("linked", "status", "linked", true),
            ("unlinked", "status", "linked", false),
            ("Azure: Act Now; M365: Nurture", "clusters", "M365: Nurture", true),
            ("Azure: Act Now (derived)", "clusters", "Azure: Act Now", true),
            ("Azure: Act Now (derived)", "clusters", "Azure: Act Now (derived)", true),
            ("Azure: Act Now", "clusters", "Azure: Act Now (derived)", false),
            ("Medium (derived)", "sub_segment", "Medium", false),
            ("Medium (derived)", "sub_segment", "Medium (derived)", true),
            ("2026-11-30", "end_date", "2026-11", true),
            ("2026-11-30", "end_date", "2026-07-01..2027-06-30", true),
            ("2027-07-01", "end_date", "2026-07-01..2027-06-30", false),
            ("", "account_ids", "*", false),
            ("001A", "account_ids", "*", true),
            ("", "sub_segment", "", true),
            ("SMB", "sub_segment", "", false),
            ("Azure: Act Now; M365: Nurture", "after", "~Act Now", true),
            ("Act Now", "after", "~Act Now", true),
            ("M365: Nurture; Azure: Act Now (derived)", "after", "~Act Now", false),
            ("M365: Nurture; Azure: Act Now (derived)", "after", "~~Act Now", true),
            ("Act Now", "after", "~~Act Now", true),
            ("Nurture", "after", "~~Act Now", false),
            ("crm", "cause", "!settings", true),
            ("settings", "cause", "!settings", false),
        ] {
            assert_eq!(has(cell, column, value), want, "{cell:?} {column}={value:?}");
        }
    }
}
