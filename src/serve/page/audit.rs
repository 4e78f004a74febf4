//! The audit: a question about one pair after the other, blind, and what the answers say.

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    compare::parameters::LEAST_ACCEPT,
    link::AccountRecord,
    result::{
        outcome::Estimate,
        summary::{LayerFigures, Measured},
    },
    serve::{audit::Audit, desk::Desk, limits::Limits},
    write::page::grouped,
};

/// The page. `account` is the account of the next question, where it is about one.
pub(in crate::serve) fn page(
    view: &View<'_>,
    desk: &Desk,
    audit: &Audit,
    account: Option<&AccountRecord>,
) -> Markup {
    let body = html! {
        h1 { (view.t("page.audit")) }
        p { (view.t("page.audit.about")) }
        p role="status" { (view.texts.with("page.audit.progress", &[
            ("answered", &audit.answered.to_string()), ("asked", &audit.asked.to_string())])) }
        @if let Some(at) = audit.next.filter(|_| desk.only_looks.is_none()) { (question(view, desk, at, account)) }
        @else { p { (view.t("page.audit.done")) } }
        (figures(view, &audit.measured))
        (sliders(view, desk))
    };
    frame(view, Some(desk), "/audit", &body)
}

/// One question: no score, no pass, no proposal.
fn question(view: &View<'_>, desk: &Desk, at: usize, account: Option<&AccountRecord>) -> Markup {
    let case = &desk.cases.list[at];
    let place = |city: &str, country: &str| format!("{city} {country}").trim().to_owned();
    html! {
        section id="audit" data-at=(at) {
            h2 { @if account.is_some() { (view.t("page.audit.pair")) } @else { (view.t("page.audit.alone")) } }
            table.pair-table {
                tr { th scope="col" {} th scope="col" { (view.t("page.side.report")) }
                    @if account.is_some() { th scope="col" { (view.t("page.side.crm")) } } }
                @let rows = [
                    ("page.field.name", case.name.to_string(), account.map(|of| of.name().to_owned())),
                    ("page.field.domain", case.domain.to_string(), account.map(|of| of.domain().to_owned())),
                    ("page.field.place", place(&case.city, &case.country), account.map(|of| place(of.city(), of.country()))),
                ];
                @for (key, report, crm) in rows {
                    tr { th scope="row" { (view.t(key)) } td dir="auto" { (report) }
                        @if let Some(crm) = crm { td dir="auto" { (crm) } } }
                }
            }
            @let answers = if account.is_some() { ["same", "different"] } else { ["absent", "present"] };
            form.acts data-post="/audit/answer" {
                input type="hidden" name="at" value=(at);
                button name="answer" value="right" data-key="y" { (view.t(&format!("page.audit.{}", answers[0]))) " " kbd { "y" } }
                button name="answer" value="wrong" data-key="n" { (view.t(&format!("page.audit.{}", answers[1]))) " " kbd { "n" } }
                button name="answer" value="unclear" data-key="u" { (view.t("page.audit.unclear")) " " kbd { "u" } }
            }
        }
    }
}

/// What the answers say.
fn figures(view: &View<'_>, measured: &Measured) -> Markup {
    html! {
        @if !measured.day.is_empty() {
            section id="measured" {
                h2 { (view.texts.with("page.audit.measured", &[("day", &measured.day)])) }
                div.wide tabindex="0" role="region" aria-label=(view.t("page.results.measured")) { table {
                    tr { @for key in ["page.facet.pass", "page.similarity", "column.customers", "page.audit.asked", "page.audit.right", "page.audit.share"] { th scope="col" { (view.t(key)) } } }
                    @for layer in &measured.layers {
                        tr {
                            td { (layer_name(view, layer)) }
                            td { @match &*layer.similarity { "" => {}, "below 0.9" => { "< 0.9" }, _ => { "\u{2265} 0.9" } } }
                            td.number { (layer.customers) } td.number { (layer.right + layer.wrong + layer.unclear) } td.number { (layer.right) }
                            td.number { @match layer.share { Some(share) => { (percent(share)) }, None => { "-" } } }
                        }
                    }
                } }
                @if let Some(recall) = measured.recall {
                    p { (view.t("page.audit.recall")) " " b { (percent(recall)) } }
                }
                p.soft { (view.t("page.audit.limits")) }
            }
        }
    }
}

fn layer_name<'t>(view: &'t View<'_>, layer: &'t LayerFigures) -> &'t str {
    match layer.pass.as_str() {
        "" => view.t("page.queue.unmatched"),
        "verdict" => view.t("page.audit.decided"),
        pass => pass,
    }
}

/// A share with its interval, in percent.
fn percent(of: Estimate) -> String {
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    format!("{} % ({}\u{2013}{} %)", percent(of.value), percent(of.low), percent(of.high))
}

/// The sliders of the limits, with what they would do.
fn sliders(view: &View<'_>, desk: &Desk) -> Markup {
    let now = Limits::now(desk);
    html! {
        section {
            h2 { (view.t("page.limits")) }
            p { (view.t("page.limits.about")) }
            form.line id="limits" {
                @for (name, score, least) in [("accept", now.accept, LEAST_ACCEPT), ("review", now.review, desk.limits.keep)] {
                    label { (view.t(&format!("page.limits.{name}"))) " " output { (score) }
                        input type="range" name=(name) min=(least) max="1" step="0.01" value=(score); }
                }
            }
            div id="moved" role="status" aria-live="polite" { (tried(view, desk, &now)) }
        }
    }
}

/// What limits would do, and the text that sets them.
pub(in crate::serve) fn tried(view: &View<'_>, desk: &Desk, limits: &Limits) -> Markup {
    html! {
        (moved(view, desk, limits))
        @if *limits != Limits::now(desk) {
            p { (view.t("page.limits.set")) }
            pre tabindex="0" { (limits.rule_text()) }
        }
    }
}

/// What limits would do.
pub(super) fn moved(view: &View<'_>, desk: &Desk, limits: &Limits) -> Markup {
    let now = Limits::now(desk);
    let (before, after) = (now.effect(desk), limits.effect(desk));
    let rows = [
        ("page.limits.accepted", [before.accepted, after.accepted].map(|of| of.to_string())),
        ("page.limits.shown", [before.shown, after.shown].map(|of| of.to_string())),
        ("page.limits.refused", [before.refused, after.refused].map(|of| of.to_string())),
        (
            "page.limits.contradicted",
            [before.contradicted, after.contradicted].map(|of| of.to_string()),
        ),
        ("page.limits.value", [before.value, after.value].map(|of| of.to_string())),
    ];
    html! {
        table {
            tr { th scope="col" {} th.number scope="col" { (view.t("page.limits.now")) } th.number scope="col" { (view.t("page.limits.then")) } }
            @for (key, numbers) in &rows {
                tr { th scope="row" { (view.t(key)) }
                    @for number in numbers { td.number { (grouped(number)) } } }
            }
        }
        p.soft { (view.t("page.limits.alone")) }
    }
}
