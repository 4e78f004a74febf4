//! The run: what it reads, how far it is, and what came of it.

use maud::{Markup, html};

use super::{View, frame};
use crate::serve::desk::Desk;

/// The page of a run that is to be started or is under way: `choices` are the runs that can be
/// started, each with what it would do.
pub(in crate::serve) fn page(
    view: &View<'_>,
    desk: Option<&Desk>,
    choices: &[(&str, Option<String>)],
) -> Markup {
    let body = html! {
        h1 { (view.t("page.run")) }
        section id="run" data-running=(view.t("page.run.running")) {
            @for (word, what) in choices { @if let Some(what) = what {
                p { (what) }
                p { button type="button" data-start=(word) { (view.t("page.run.start")) } }
            } }
            @if choices.iter().all(|(_, what)| what.is_none()) { p { (view.t("page.run.nothing")) } }
            progress id="run-bar" aria-label=(view.t("page.run")) hidden {}
            p id="run-phase" role="status" aria-live="polite" {}
            p { button type="button" id="run-stop" hidden { (view.t("page.run.stop")) } }
            @for phase in ["looking", "reading", "writing", "done", "stopped", "failed"] {
                span hidden data-phase=(phase) { (view.t(&format!("page.run.{phase}"))) }
            }
        }
    };
    frame(view, desk, "/run", &body)
}
