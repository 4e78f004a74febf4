//! What `reconcile inspect` prints.

use super::{Column, Doubt, Inspected, Permissions};
use crate::{
    cli::say::{say, say_lines},
    error::{Error, Result},
};

/// Columns left alone that are named; a report has hundreds.
const NAMED: usize = 12;

/// Problems that are shown.
const SHOWN: usize = 5;

/// The letters of a sample value, or of a header in a table, beyond which it is cut.
const LONGEST: usize = 60;

pub(crate) fn json(files: &[Inspected]) -> Result<()> {
    let text = serde_json::to_string_pretty(files)
        .map_err(|error| Error::Totals { what: error.to_string() })?;
    say(&text)
}

pub(crate) fn text(files: &[Inspected]) -> Result<()> {
    for file in files {
        let mut lines = vec![file.file.clone()];
        match &file.left_alone_reason {
            Some(reason) => lines.push(format!("  skipped: {reason}")),
            None => details(file, &mut lines),
        }
        lines.push(String::new());
        say_lines(&lines)?;
    }
    Ok(())
}

fn details(file: &Inspected, lines: &mut Vec<String>) {
    let mut line = |what: &str, text: String| lines.push(format!("  {what:<12} {text}"));
    let by =
        if file.crm.is_empty() { String::new() } else { format!(", as {} writes them", file.crm) };
    line("read as", format!("{}{by}", file.kind));
    if !file.encoding.is_empty() {
        line("encoding", format!("{}{}", file.encoding, because(&file.encoding_reason)));
        line("format", format(&file.dialect));
    }
    if file.kind != "unknown" {
        line("rows", format!("{}{}", file.rows, lost(file.problem_rows)));
    }
    if file.title_lines > 0 {
        line("title lines", format!("{} above the header", file.title_lines));
    }
    if file.footer_lines > 0 {
        line("footer lines", format!("{} at the end", file.footer_lines));
    }
    let problems = file.problems.iter().take(SHOWN);
    lines.extend(problems.map(|problem| format!("  problem      {problem}")));
    columns(&file.columns, lines);
    list("not needed", &file.columns_not_needed, lines);
    list("not known", &file.columns_left_alone, lines);
    list("consent", &file.consent_columns, lines);
    if let Some(counts) = &file.email_permission {
        lines.push(permissions(counts));
    }
    list("areas", &file.areas, lines);
    list("clusters", &file.cluster_columns, lines);
    if !file.areas.is_empty() && !file.has_clusters {
        lines.push("  clusters     none: only from fit and intent, with --derived".into());
    }
    list("fit, intent", &file.fit_and_intent_columns, lines);
    list("cohorts", &file.cohorts, lines);
    lines.extend(file.notes.iter().map(|note| format!("  note         {note}")));
    file.warnings.iter().for_each(|doubt| warning(doubt, lines));
}

fn warning(doubt: &Doubt, lines: &mut Vec<String>) {
    lines.push(format!("  warning      {}", doubt.found));
    if let Some(flag) = &doubt.settled_by {
        lines.push(format!("    settle it  {flag}"));
    }
}

/// The recognised columns as a table: header, field, sample value.
fn columns(columns: &[Column], lines: &mut Vec<String>) {
    if columns.is_empty() {
        return;
    }
    lines.push(format!("  columns      {} understood: header, field, value", columns.len()));
    let headers: Vec<String> = columns.iter().map(|column| shortened(&column.header)).collect();
    let width = headers.iter().map(|header| header.chars().count()).max().unwrap_or(0);
    for (column, header) in columns.iter().zip(headers) {
        let blanks = " ".repeat(width - header.chars().count());
        let line = match &column.sample {
            None => format!("    {header}{blanks}  {}", column.field),
            Some(sample) => {
                format!("    {header}{blanks}  {:<16}  \"{}\"", column.field, shortened(sample))
            }
        };
        lines.push(line);
    }
}

/// A text on one line, cut where it is long.
fn shortened(text: &str) -> String {
    let plain: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.chars().count() <= LONGEST {
        return plain;
    }
    plain.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn permissions(counts: &Permissions) -> String {
    let Permissions { allowed, not_denied, denied, unknown } = counts;
    format!(
        "  to e-mail    {allowed} allowed, {not_denied} not denied, {denied} denied, \
         {unknown} unknown"
    )
}

/// The delimiter or the sheet.
fn format(dialect: &str) -> String {
    match dialect.starts_with("workbook") || dialect == "one column" {
        true => dialect.to_owned(),
        false => format!("text, delimiter {dialect}"),
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
}

fn lost(rows: u64) -> String {
    if rows == 0 { String::new() } else { format!(", and {rows} that cannot be read") }
}

fn list(what: &str, names: &[String], lines: &mut Vec<String>) {
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(NAMED);
    let more =
        if more == 0 { String::new() } else { format!(" and {more} more (all with --json)") };
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    lines.push(format!("  {what:<12} {}: {}{more}", names.len(), shown.join(", ")));
}
