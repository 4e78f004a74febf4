//! What a run prints: a short table whose totals close.

use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::say::{YELLOW, printable, say, shown};
use crate::{
    error::{Error, Result, slashed},
    write::{Summary, summary::ChangeFigures},
};

pub(super) fn print_json(what: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(what)
        .map_err(|error| Error::Totals { what: error.to_string() })?;
    say(&text)
}

/// The end of a run: what it came to in a few lines, what to look at, and the next step.
pub(super) fn print(summary: &Summary, out: &Path) -> Result<()> {
    let mut lines = headlines(summary);
    let fit = |line: &String| printable(line, false).into_owned();
    lines.extend(
        summary.warnings.iter().map(fit).map(|line| format!("{YELLOW}warning:{YELLOW:#} {line}")),
    );
    lines.extend(summary.notes.iter().map(fit).map(|line| format!("{DIM}note:{DIM:#} {line}")));
    lines.extend(problems(summary).map(|line| fit(&format!("{line} (problems.xlsx)"))));
    lines.push(format!("{GREEN}next:{GREEN:#} {}", fit(&next(summary, out))));
    shown(&lines.join("\n"))
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default().bold();

/// What was linked, what is to be decided, whom to write to, what has changed.
pub(super) fn headlines(summary: &Summary) -> Vec<String> {
    let results = &summary.results;
    let (customers, passes) = (&results.customers, &results.passes);
    let by = [
        (passes.domain, "by domain"),
        (passes.name, "by name"),
        (passes.id, "by id"),
        (passes.verdict, "by verdict"),
    ];
    let others = [(customers.unmatched, "without an account"), (customers.excluded, "not tried")];
    let listed = &results.listed;
    let consent = [
        (listed.allowed, "with consent"),
        (listed.not_denied, "merely not denied"),
        (listed.unknown, "unknown"),
    ];
    let head = |what: &str, text: String| format!("{BOLD}{what:<11}{BOLD:#} {text}");
    let linked = format!("{} of {} customers", customers.linked, customers.total());
    let linked = format!("{linked}{}{}", bracketed(&by), also(&others));
    let people = if results.contacts.listed == 1 { "person" } else { "people" };
    let people = format!("{} {people}{}", results.contacts.listed, bracketed(&consent));
    let left_out = [(results.contacts.suppressed, "left out")];
    let decide = match customers.review {
        0 => "nothing".to_owned(),
        1 => "1 customer".to_owned(),
        many => format!("{many} customers"),
    };
    vec![
        head("linked", linked),
        head("to decide", decide),
        head("to write to", format!("{people}{}", also(&left_out))),
        head("changed", changed(&summary.changes)),
    ]
}

/// What has changed since the month before, but for what settings alone have caused.
fn changed(figures: &ChangeFigures) -> String {
    if figures.since.is_empty() {
        return "nothing to compare with yet: this is the first month".to_owned();
    }
    let (kinds, since) = (&figures.kinds, &figures.since);
    let counts = [
        (figures.act_now, "newly Act Now"),
        (kinds.customer_new, "new in the reports"),
        (kinds.customer_gone, "gone"),
        (kinds.link_new + kinds.link_lost + kinds.link_changed, "linked otherwise"),
        (kinds.contact_listed, "people newly listed"),
        (kinds.contact_no_longer_listed, "no longer listed"),
    ];
    let by_settings = [(figures.causes.settings, "by other settings alone")];
    let counted = named(&counts);
    let counted = match (counted.is_empty(), kinds.total()) {
        (true, 0) => "nothing".to_owned(),
        (true, more) => format!("{more} agreements, cohorts or clusters"),
        (false, _) => counted,
    };
    format!("since {since}: {counted}{}", also(&by_settings))
}

/// The counts that are not nought, in brackets.
fn bracketed(counts: &[(u64, &str)]) -> String {
    let parts = named(counts);
    if parts.is_empty() { parts } else { format!(" ({parts})") }
}

/// The counts that are not nought, after a semicolon.
fn also(counts: &[(u64, &str)]) -> String {
    let parts = named(counts);
    if parts.is_empty() { parts } else { format!("; {parts}") }
}

fn named(counts: &[(u64, &str)]) -> String {
    let some = counts.iter().filter(|(count, _)| *count > 0);
    some.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
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

/// The one thing to do now.
fn next(summary: &Summary, out: &Path) -> String {
    let file = |name: &str| slashed(&out.join(name));
    match (summary.results.customers.review, summary.results.contacts.listed) {
        (0, 0) => format!("open {} to see why nobody is on the lists", file("summary.html")),
        (0, _) => format!("use {}; {} shows the run", file("contacts.xlsx"), file("summary.html")),
        (_, 0) => format!("fill in {} and run again", file("review.xlsx")),
        _ => format!(
            "fill in {} and run again, or use {} as it is",
            file("review.xlsx"),
            file("contacts.xlsx")
        ),
    }
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
    lines.extend(summary.warnings.iter().map(|warning| format!("warning: {warning}")));
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
