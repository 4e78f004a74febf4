//! The check: how each file is understood, doubts first, and the choices that settle them.

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    cli::inspect::Inspected,
    columns::Field,
    error::Result,
    serve::{
        desk::Desk,
        draft::{Draft, SIDES, other_side},
    },
};

/// The page.
///
/// # Errors
///
/// When a rule table cannot be read.
pub(in crate::serve) fn page(
    view: &View<'_>,
    desk: Option<&Desk>,
    draft: &Draft,
) -> Result<Markup> {
    let mut sides = Vec::new();
    for side in SIDES {
        sides.push((side, draft.inspect(side)?));
    }
    let files =
        || sides.iter().flat_map(|(side, files)| files.iter().map(move |file| (*side, file)));
    let in_doubt = files().filter(|(side, file)| has_doubt(side, file)).count();
    let body = html! {
        h1 { (view.t("page.check")) }
        @if files().next().is_none() {
            p { (view.t("page.check.nothing")) " " a href="/start" { (view.t("page.start")) } }
        } @else {
            p role="status" { (view.texts.with("page.check.doubts", &[("count", &in_doubt.to_string())])) }
            form.line data-post="/new/own-domains" {
                label { (view.t("page.check.own_domains")) " "
                    input name="typed" value=(draft.own_domains().join(", ")); }
                button { (view.t("page.save")) }
            }
            @for doubtful in [true, false] {
                @for (side, file) in files().filter(|(side, file)| has_doubt(side, file) == doubtful) {
                    (about(view, side, file))
                }
            }
            @if draft.is_complete() { p { a.button href="/run" { (view.t("page.check.go_on")) } } }
            @else { p { (view.t("page.check.incomplete")) } }
        }
    };
    Ok(frame(view, desk, "/check", &body))
}

fn has_doubt(side: &str, file: &Inspected) -> bool {
    !file.warnings.is_empty() || other_side(side, &file.kind).is_some()
}

/// One file.
fn about(view: &View<'_>, side: &str, file: &Inspected) -> Markup {
    let (folder, name) = file.file.rsplit_once(['/', '\\']).unwrap_or(("", &file.file));
    html! {
        section.warn[has_doubt(side, file)] {
            h2 { (name) }
            @if !folder.is_empty() { p.soft.path { (folder) } }
            p.soft { (view.t(&format!("page.side.{side}"))) ": " b { (file.kind) }
                @if !file.crm.is_empty() { " (" (file.crm) ")" }
                @if file.left_alone_reason.is_none() { " - " (view.texts.with("page.check.rows", &[("count", &file.rows.to_string())])) }
                @if !file.encoding.is_empty() { " - " (file.encoding) ", " (file.dialect) } }
            @if let Some(why) = &file.left_alone_reason { p { (view.t("page.check.left_alone")) " " (view.said(why)) } }
            @if let Some(other) = other_side(side, &file.kind) {
                form.line data-post="/new/put" {
                    p { b { (view.t("page.check.swapped")) } }
                    input type="hidden" name="side" value=(other);
                    input type="hidden" name="path" value=(file.file);
                    button { (view.t(&format!("page.check.to_{other}"))) }
                }
            }
            @for doubt in &file.warnings { (question(view, file, &doubt.found, doubt.settled_by.as_deref())) }
            @if let Some(people) = &file.email_permission {
                p { (view.t("column.email_permission")) ": "
                    @for (word, count) in [("allowed", people.allowed), ("not denied", people.not_denied),
                        ("denied", people.denied), ("unknown", people.unknown)] {
                        (view.said(word)) " " data value=(count) { (count) } "  " } }
            }
            (columns(view, file))
            @if !file.notes.is_empty() { ul { @for note in &file.notes { li { (view.said(note)) } } } }
            @if !file.problems.is_empty() { details {
                summary { (view.texts.with("page.check.problems", &[("count", &file.problem_rows.to_string())])) }
                ul { @for problem in &file.problems { li { (view.said(problem)) } } }
            } }
        }
    }
}

/// A doubt as a question, with what may settle it.
fn question(view: &View<'_>, file: &Inspected, found: &str, settled_by: Option<&str>) -> Markup {
    let all = file.columns.iter().map(|of| &of.header).chain(&file.columns_left_alone);
    let header = settled_by.and_then(|flag| {
        let quoted = |header: &&String| {
            flag.contains(&format!("={header}")) || found.contains(&format!("{header:?}"))
        };
        all.filter(quoted).max_by_key(|header| header.len())
    });
    html! {
        div.question {
            p { b { (view.said(found)) } }
            @if let Some(header) = header { (chooser(view, header, "")) }
            @else if let Some(field) = settled_by.and_then(named_field) { (finder(view, file, field)) }
            @else if let Some(flag) = settled_by { p.soft { (flag) } }
        }
    }
}

/// The field that a doubt asks a column for, by its flag: `--column email-opt-out=HEADER`.
fn named_field(flag: &str) -> Option<&str> {
    let (field, _) = flag.split_once("--column ")?.1.split_once("=HEADER")?;
    Field::ALL.iter().map(|known| known.word()).find(|known| *known == field.trim_matches('"'))
}

/// Which column holds a field, to be chosen.
fn finder(view: &View<'_>, file: &Inspected, field: &str) -> Markup {
    let headers = file.columns.iter().map(|of| &of.header).chain(&file.columns_left_alone);
    html! {
        form.choose data-post="/new/column" {
            input type="hidden" name="field" value=(field);
            label { span.soft { (field_text(view, field)) " \u{2190} " }
                select name="header" data-submit {
                    option value="" selected { (view.t("page.check.no_column")) }
                    @for header in headers { option value=(header) { (header) } }
                } }
        }
    }
}

/// What a column holds, to be chosen.
fn chooser(view: &View<'_>, header: &str, now: &str) -> Markup {
    html! {
        form.choose data-post="/new/column" {
            input type="hidden" name="header" value=(header);
            label { span.soft { (header) " \u{2192} " }
                select name="field" data-submit { (options(view, now)) } }
        }
    }
}

fn options(view: &View<'_>, now: &str) -> Markup {
    html! {
        option value="" selected[now.is_empty()] { (view.t("page.check.as_found")) }
        @for field in Field::ALL {
            @if field.word() != now { option value=(field.word()) { (field_text(view, field.word())) } }
            @else { option value=(now) selected { (field_text(view, now)) } }
        }
    }
}

/// A field in words; those that decide about consent say what they mean.
fn field_text(view: &View<'_>, word: &str) -> String {
    let key = format!("page.means.{word}");
    match view.t(&key) {
        text if text == key => word.to_owned(),
        text => format!("{word}: {text}"),
    }
}

/// The columns, with what each was understood as and a value where it is none of a person.
fn columns(view: &View<'_>, file: &Inspected) -> Markup {
    html! {
        @if !file.columns.is_empty() || !file.columns_left_alone.is_empty() { details open[!file.warnings.is_empty()] {
            summary { (view.texts.with("page.check.columns", &[("known", &file.columns.len().to_string()),
                ("alone", &file.columns_left_alone.len().to_string())])) }
            div.wide { table {
                tr { th scope="col" { (view.t("column.column")) } th scope="col" { (view.t("page.check.value")) } th scope="col" { (view.t("page.check.meaning")) } }
                @for column in &file.columns {
                    tr { td { (column.header) } td dir="auto" { (column.sample.as_deref().unwrap_or("")) }
                        td { (chooser(view, &column.header, column.field)) } }
                }
                @for header in &file.columns_left_alone {
                    tr { td { (header) } td {} td { (chooser(view, header, "")) } }
                }
            } }
        } }
    }
}
