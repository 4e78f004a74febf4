//! The results: the summary of the run.

use maud::{Markup, html};

use super::{View, frame, records::FILES};
use crate::{
    error::{Result, slashed},
    result::{column::File, folder::Folder, summary::Summary},
    serve::desk::Desk,
    write::page::{body, retold},
};

/// The page of results.
///
/// # Errors
///
/// When the summary of the run cannot be read.
pub(in crate::serve) fn page(view: &View<'_>, desk: &Desk) -> Result<Markup> {
    let mut summary = Folder::new(&desk.folder).summary()?;
    summary.measured = desk.measured(); // as of now: answers may have come since the run
    let content = html! {
        h1 { (view.t("page.results.title")) }
        p.soft { (slashed(&desk.folder)) }
        (doors(view, desk, &summary))
        (retold(body(&summary), view.texts))
    };
    Ok(frame(view, Some(desk), "/results", &content))
}

/// The ways to what lies below on the page, and to the records of each file.
fn doors(view: &View<'_>, desk: &Desk, summary: &Summary) -> Markup {
    let sections = [
        ("changes", "page.results.changes", true),
        ("measured", "page.results.measured", !summary.measured.day.is_empty()),
        ("outcomes", "page.results.outcomes", !summary.results.outcomes.periods.is_empty()),
        ("problems", "page.results.problems", summary.problems > 0),
    ];
    let folder = Folder::new(&desk.folder);
    let is_there = |file: &&&File| folder.path(file.name).is_file();
    html! {
        nav.doors aria-label=(view.t("page.results.doors")) {
            @for (id, key, _) in sections.iter().filter(|(.., is_there)| *is_there) {
                a href={ "#" (id) } { (view.t(key)) } " " }
            span.soft { (view.t("page.results.records")) " " }
            @for file in FILES.iter().filter(is_there) {
                @let name = file.name.trim_end_matches(".csv");
                a href={ "/records/" (name) } { (view.t(&format!("sheet.{name}"))) } " " }
        }
        @if summary.results.outcomes.periods.is_empty() { p.soft { (view.t("page.results.no_deals")) } }
    }
}
