//! What opens over the work place: why, the search in the CRM, and the decision about many.

use maud::{Markup, html};

use super::{View, audit::moved};
use crate::{
    error::slashed,
    run::search::{Cells, Hit},
    serve::{
        bulk::{Plan, TYPED_FROM},
        desk::Desk,
        promote::{Promotion, folder},
        why::Answer,
    },
};

/// Why: the points as bars, and the lines of `reconcile explain`.
pub(in crate::serve) fn why(view: &View<'_>, answer: &Answer) -> Markup {
    let most = answer.points.iter().map(|(_, bits)| bits.abs()).fold(1.0, f64::max);
    html! {
        h2 { (view.t("page.act.why")) }
        @if !answer.points.is_empty() {
            p.soft { (view.t("page.why.points")) }
            table.points { @for (field, bits) in &answer.points {
                tr { th scope="row" { (view.t(&format!("page.why.{field}"))) }
                    td.number { (format!("{bits:+.2}")) }
                    td { (bar(*bits, most)) } }
            } }
        }
        pre tabindex="0" { (said(view, &answer.lines).trim_start()) }
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

/// Lines of `reconcile explain` as people read them: those that the table of phrases knows.
fn said(view: &View<'_>, lines: &[String]) -> String {
    let line = |line: &String| {
        let text = line.trim_start();
        format!("{}{}", &line[..line.len() - text.len()], view.said(text))
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A bar to the left for what speaks against, to the right for what speaks for.
fn bar(bits: f64, most: f64) -> Markup {
    let length = bits.abs() / most * 100.0;
    let from = if bits < 0.0 { 100.0 - length } else { 100.0 };
    html! {
        svg.points-bar viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class=(if bits < 0.0 { "against" } else { "for" }) x=(format!("{from:.1}")) y="1" width=(format!("{length:.1}")) height="8" {}
            line x1="100" x2="100" y1="0" y2="10" {}
        }
    }
}

/// Accounts that were found, each with what takes it for the customer.
pub(in crate::serve) fn hits(
    view: &View<'_>,
    desk: Option<&Desk>,
    typed: &str,
    hits: &[Hit],
) -> Markup {
    let can_decide = desk.is_some_and(|desk| desk.only_looks.is_none());
    html! {
        h2 { (view.t("page.find.title")) }
        form data-find {
            label { (view.t("page.search")) " " input name="q" type="search" value=(typed) required; }
            " " button { (view.t("page.act.find")) }
        }
        @if !typed.is_empty() && hits.is_empty() { p role="status" { (view.t("page.find.none")) } }
        @if !hits.is_empty() {
            div.wide { table {
                tr { @for key in ["column.account_name", "column.domain", "column.city", "column.account_id"] { th scope="col" { (view.t(key)) } } th {} }
                @for hit in hits { tr {
                    td dir="auto" { (hit.name) } td { (hit.website) } td dir="auto" { (hit.place) } td { (hit.id) }
                    td { @if can_decide { button type="button" data-accept=(hit.id) { (view.t("page.act.accept")) } }
                        " " button type="button" data-why=(hit.id) { (view.t("page.act.why_not")) } }
                } }
            } }
        }
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

/// All columns of an account.
pub(in crate::serve) fn record(view: &View<'_>, record: &Cells) -> Markup {
    html! {
        h2 { (view.t("page.act.record")) }
        p.soft { (record.place) }
        div.wide tabindex="0" role="region" aria-label=(view.t("page.act.record")) { table { @for (header, value) in &record.cells {
            tr { th scope="row" { (header) } td dir="auto" { (value) } }
        } } }
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

/// What a decision about many would do, and what is needed to make it.
pub(in crate::serve) fn bulk(
    view: &View<'_>,
    desk: &Desk,
    plan: &Plan,
    promotion: &Promotion,
) -> Markup {
    let count = plan.accepted.len();
    let (random, worst) = plan.examples(desk);
    let words = [
        ("count", count.to_string()),
        ("left", plan.left_out.len().to_string()),
        ("revenue", (plan.revenue(desk) / 100).to_string()),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(of, word)| (*of, word.as_str())).collect();
    html! {
        h2 { (view.t("page.bulk")) }
        p data-count=(count) { (view.texts.with("page.bulk.would", &words)) }
        @if !plan.left_out.is_empty() { details open[plan.left_out.len() <= 10] {
            summary { (view.t("page.bulk.left_out")) }
            ul { @for (at, why) in plan.left_out.iter().take(100) {
                li { bdi { (desk.cases.list[*at].name) } " (" (desk.cases.list[*at].id) "): " (view.t(why)) } } }
        } }
        @for (key, some) in [("page.bulk.random", &random), ("page.bulk.worst", &worst)] {
            @if !some.is_empty() {
                h3 { (view.t(key)) }
                ul { @for at in some {
                    @let case = &desk.cases.list[*at];
                    @let best = &case.accounts[0];
                    li { bdi { (case.name) } " = " bdi { (best.name) } " (" (best.similarity) ") " span.soft { (view.said(&best.explanation)) } }
                } }
            }
        }
        @if plan.is_pattern { p.soft { (view.t("page.bulk.pattern")) } pre tabindex="0" { (plan.rule) } }
        @if count > 0 && desk.only_looks.is_none() {
            form data-bulk {
                input type="hidden" name="plan" value=(plan.mark(desk));
                @if count >= TYPED_FROM {
                    label { (view.t("page.bulk.type")) " " input name="typed" inputmode="numeric" required autocomplete="off"; }
                } @else { input type="hidden" name="typed" value=(count); }
                " " button { (view.texts.with("page.bulk.do", &words)) }
            }
        }
        (promoted(view, desk, promotion))
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

/// What the decisions say of further pairs, as a change of the rules to approve.
fn promoted(view: &View<'_>, desk: &Desk, promotion: &Promotion) -> Markup {
    let folder = slashed(&folder(desk));
    html! {
        @if !promotion.changes.is_empty() { section id="promote" {
            h3 { (view.t("page.promote")) }
            p.soft { (view.t("page.promote.about")) }
            @for change in &promotion.changes {
                p { b { (change.file()) } }
                pre tabindex="0" { (change.text()) }
            }
            @if let Some(limits) = &promotion.limits { (moved(view, desk, limits)) }
            @if desk.only_looks.is_none() { form data-promote {
                input type="hidden" name="change" value=(promotion.mark());
                button { (view.texts.with("page.promote.do", &[("folder", &folder)])) }
            } }
        } }
    }
}
