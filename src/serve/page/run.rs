//! The run: what it reads, how far it is, and what came of it.

use maud::{Markup, html};

use super::{View, frame};
use crate::serve::desk::Desk;

/// The page of a run that is to be started or is under way.
pub(in crate::serve) fn page(
    view: &View<'_>,
    desk: Option<&Desk>,
    can_start: Option<&str>,
) -> Markup {
    let body = html! {
        h1 { (view.t("page.run")) }
        section id="run" data-running=(view.t("page.run.running")) {
            @if let Some(what) = can_start {
                p { (what) }
                p { button type="button" id="run-start" { (view.t("page.run.start")) } }
            } @else { p { (view.t("page.run.nothing")) } }
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
