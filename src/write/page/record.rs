//! The sections that say what went into a run: inputs, problems, settings.

use maud::{Markup, html};

use super::part::{door, head, number};
use crate::write::summary::{InputSummary, Summary};

/// What was read, and how it was understood.
pub(super) fn inputs(summary: &Summary) -> Markup {
    let (left, read): (Vec<&InputSummary>, Vec<&InputSummary>) =
        summary.inputs.iter().partition(|input| input.left_alone_reason.is_some());
    html! {
        section {
            h2 { "What was read, and how it was understood" }
            table.files {
                tr { th { "file" } th { "read as" } th { "month" } th.number { "rows" }
                    th { "encoding" } th { "delimiter or sheet" } }
                @for input in &read {
                    tr translate="no" { td { (file(&input.file)) } td { (read_as(input)) }
                        td { time { (input.period) } }
                        (door(input.rows, "crm/file", &[("file", &input.file), ("kind", &input.kind)]))
                        td { (input.encoding) } td { (input.dialect) } }
                }
            }
            details { summary { "Which column was understood as what" }
                @for input in &read { (columns(input)) }
            }
            @if !left.is_empty() {
                h3 { "Skipped" }
                ul { @for input in left {
                    li { (file(&input.file)) ": " (input.left_alone_reason.as_deref().unwrap_or("")) }
                } }
            }
        }
    }
}

/// A file by its name, with its folder behind.
fn file(path: &str) -> Markup {
    let (folder, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    html! { (name) @if !folder.is_empty() { " " span.folder { (folder) } } }
}

fn read_as(input: &InputSummary) -> Markup {
    html! { (input.kind) @if !input.crm.is_empty() { " (" (input.crm) ")" } }
}

/// The columns of a file that were understood, field by field.
fn columns(input: &InputSummary) -> Markup {
    let needed = input.columns.iter().filter(|column| column.field != "ignore");
    html! {
        h3 { (file(&input.file)) }
        @if !input.encoding_reason.is_empty() {
            p { "Encoding: " (input.encoding) ", as " (input.encoding_reason) "." }
        }
        ul.columns translate="no" { @for column in needed {
            li { (column.header) " → " b { (column.field) } }
        } }
    }
}

/// The rows of a file, with the way to them where it is a table.
fn rows_of(file: &str, rows: u64) -> Markup {
    match file.strip_suffix(".csv") {
        Some(name) => door(rows, name, &[]),
        None => number(rows),
    }
}

/// What the user should know.
pub(super) fn problems(summary: &Summary) -> Markup {
    html! {
        @if summary.problems > 0 || !summary.notes.is_empty() || !summary.warnings.is_empty() {
            section.warn id="problems" {
                h2 { "Problems and notes" }
                table {
                    tr { td { "rows or values not used (problems.csv)" }
                        (door(summary.problems, "problems", &[])) }
                    tr { td { "rows skipped" } (door(summary.records_left_out, "problems",
                        &[("kind", "record left out")])) }
                }
                ul { @for warning in &summary.warnings { li { strong { (warning) } } } }
                ul { @for note in &summary.notes { li { (note) } } }
            }
        }
    }
}

/// The settings and the files written.
pub(super) fn settings(summary: &Summary) -> Markup {
    let settings = serde_json::to_string_pretty(&summary.settings).unwrap_or_default();
    html! {
        section {
            h2 { "Settings and files" }
            details { summary { "Settings of the run" } pre translate="no" { (settings) } }
            details { summary { "Files written" }
                table {
                    (head(&["file", "rows", "cells like formulas", "first in line"]))
                    @for file in &summary.files {
                        tr { td { (file.file) } (rows_of(&file.file, file.rows))
                            (number(file.formula_like_cells)) (number(file.first_formula_line)) }
                    }
                }
            }
        }
    }
}
