//! What a run prints: a short table whose totals close.

use std::path::Path;

use super::say::{say, say_lines};
use crate::{
    error::{Error, Result},
    write::Summary,
};

pub(super) fn print_json(summary: &Summary) -> Result<()> {
    let text = serde_json::to_string_pretty(summary)
        .map_err(|error| Error::Totals { what: error.to_string() })?;
    say(&text)
}

pub(super) fn print(summary: &Summary, out: &Path) -> Result<()> {
    let mut lines = counts(summary);
    lines.extend(problems(summary).map(|line| format!("{line} (problems.csv)")));
    lines.push(next(summary, out));
    say_lines(&lines)
}

/// Rows that were skipped, and values that were not used.
pub(super) fn problems(summary: &Summary) -> Option<String> {
    let skipped = summary.records_left_out;
    let counts = [(skipped, "row", "skipped"), (summary.problems - skipped, "value", "not used")];
    let some = counts.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<String> = some
        .map(|(count, what, how)| {
            format!("{count} {what}{} {how}", if count == 1 { "" } else { "s" })
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What to do with the results.
fn next(summary: &Summary, out: &Path) -> String {
    let waiting = summary.results.customers.review;
    let review = match waiting {
        0 => String::new(),
        1 => ", fill in review.xlsx (1 customer needs your decision)".into(),
        _ => format!(", fill in review.xlsx ({waiting} customers need your decision)"),
    };
    let out = out.display();
    format!("results are in {out}: look at summary.html, use contacts.xlsx{review}")
}

/// All counts and notes, line by line.
pub(super) fn counts(summary: &Summary) -> Vec<String> {
    let results = &summary.results;
    let mut lines = vec![line("customers", &results.customers.by_word())];
    let passes = &results.passes;
    lines.push(line(
        "links by",
        &[
            ("domain", passes.domain),
            ("name", passes.name),
            ("id", passes.id),
            ("verdict", passes.verdict),
        ],
    ));
    lines.push(line("accounts", &results.accounts.by_word()));
    lines.push(line("contacts", &results.contacts.by_word()));
    lines.extend(summary.notes.iter().map(|note| format!("note: {note}")));
    lines
}

fn line(what: &str, counts: &[(&str, u64)]) -> String {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    format!("{what:<10} {total:>9}  {}", parts.join(", "))
}
