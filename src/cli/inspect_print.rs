//! What `reconcile inspect` prints.
#![expect(clippy::print_stdout, reason = "the program's answer goes to standard output")]

use super::inspect::{Column, Inspected};
use crate::error::{Error, Result};

/// Columns left alone that are named; a report has hundreds.
const NAMED: usize = 12;

/// Problems that are shown.
const SHOWN: usize = 5;

pub(super) fn json(files: &[Inspected]) -> Result<()> {
    let text = serde_json::to_string_pretty(files)
        .map_err(|error| Error::Totals { what: error.to_string() })?;
    println!("{text}");
    Ok(())
}

pub(super) fn text(files: &[Inspected]) {
    for file in files {
        println!("{}", file.file);
        match &file.left_alone_reason {
            Some(reason) => println!("  left alone: {reason}"),
            None => details(file),
        }
        println!();
    }
}

fn details(file: &Inspected) {
    println!("  read as      {}", file.kind);
    println!("  encoding     {}{}", file.encoding, because(&file.encoding_reason));
    println!("  dialect      {}", file.dialect);
    println!("  rows         {}{}", file.rows, lost(file.problem_rows));
    if file.title_lines > 0 {
        println!("  title lines  {} above the header", file.title_lines);
    }
    if file.footer_lines > 0 {
        println!("  footer       {} lines below the rows", file.footer_lines);
    }
    for problem in file.problems.iter().take(SHOWN) {
        println!("  problem      {problem}");
    }
    file.columns.iter().for_each(column);
    list("left alone", &file.columns_left_alone);
    list("consent", &file.consent_columns);
    list("areas", &file.areas);
    list("cohorts", &file.cohorts);
    if !file.areas.is_empty() {
        println!(
            "  clusters     {}",
            if file.has_clusters {
                "in columns"
            } else {
                "none: only from fit and intent, with --derived"
            }
        );
    }
    for note in &file.notes {
        println!("  note         {note}");
    }
    for doubt in &file.warnings {
        println!("  warning      {}", doubt.found);
        if let Some(flag) = &doubt.settled_by {
            println!("    settle it  {flag}");
        }
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
}

fn lost(rows: u64) -> String {
    if rows == 0 { String::new() } else { format!(", and {rows} that cannot be read") }
}

fn column(of: &Column) {
    let sample = of.sample.as_ref().map_or(String::new(), |sample| format!("  such as {sample:?}"));
    println!("  column       {:?} is the {}{sample}", of.header, of.field);
}

fn list(what: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(NAMED);
    let more =
        if more == 0 { String::new() } else { format!(" and {more} more (all with --json)") };
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    println!("  {what:<12} {}: {}{more}", names.len(), shown.join(", "));
}
