//! The audit: a question about one pair after the other, blind, and what the answers say.

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    link::AccountRecord,
    serve::{
        audit::{Audit, Share},
        desk::Desk,
    },
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
        (figures(view, audit))
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
pub(in crate::serve) fn figures(view: &View<'_>, audit: &Audit) -> Markup {
    html! {
        @if audit.answered > 0 {
            section id="measured" {
                h2 { (view.texts.with("page.audit.measured", &[("day", audit.day())])) }
                table {
                    tr { @for key in ["page.facet.pass", "page.similarity", "column.customers", "page.audit.asked", "page.audit.right", "page.audit.share"] { th scope="col" { (view.t(key)) } } }
                    @for layer in &audit.layers {
                        tr {
                            td { @if layer.pass.is_empty() { (view.t("page.queue.unmatched")) } @else { (layer.pass) } }
                            td { @if !layer.pass.is_empty() { @if layer.is_low { "< 0.9" } @else { "\u{2265} 0.9" } } }
                            td.number { (layer.size()) } td.number { (layer.decided()) } td.number { (layer.right) }
                            td.number { @match layer.share() { Some(share) => { (percent(share)) }, None => { "-" } } }
                        }
                    }
                }
                @if let Some(recall) = audit.recall() {
                    p { (view.t("page.audit.recall")) " " b { (percent(recall)) } }
                }
                p.soft { (view.t("page.audit.limits")) }
            }
        }
    }
}

/// A share with its interval, in percent.
fn percent(share: Share) -> String {
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    format!("{} % ({}\u{2013}{} %)", percent(share.share), percent(share.from), percent(share.to))
}
