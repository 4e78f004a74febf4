//! A customer beside its accounts: what they say, where they agree, and all that can be done.

use maud::{Markup, html};

use super::{
    View,
    review::{pass_name, said_shortly},
};
use crate::{
    compare::Score,
    serve::{
        case::{Card, Case},
        desk::Desk,
        difference::{self, Kind},
        queue::Queue,
        standing::Said,
    },
    status::{ExcludedReason, UnmatchedReason},
    text::id::join_key,
    verdicts::Word,
    write::review::{earlier_retold, reason_key, word_key},
};

/// Accounts that have a key, and a line of their own.
const NUMBERED: usize = 9;

/// A customer beside one of its accounts.
pub(in crate::serve) fn panel(view: &View<'_>, desk: &Desk, at: usize, account: usize) -> Markup {
    let Some(case) = desk.cases.list.get(at) else { return html! {} };
    let chosen = account.min(case.accounts.len().saturating_sub(1));
    let card = case.accounts.get(chosen);
    html! {
        div data-at=(at) data-lines=(desk.history.count_about(&case.id)) data-account=(card.map_or("", |of| &of.id)) data-count=(case.accounts.len()) data-chosen=(chosen) {
            h2 dir="auto" tabindex="-1" { (case.name) }
            (what_now(view, desk, at))
            (accounts(view, desk, at, chosen))
            @if let Some(card) = card { (pair(view, desk, case, card)) }
            (context(view, desk, at, card))
            (buttons(view, desk, card.is_some()))
        }
    }
}

/// Why the customer stands here, and what was said of it.
fn what_now(view: &View<'_>, desk: &Desk, at: usize) -> Markup {
    let case = &desk.cases.list[at];
    let standing = desk.standing(at);
    let why = match (case.review, Queue::of_run(case)) {
        (Some(reason), Queue::Review(_)) => view.t(reason_key(reason)).to_owned(),
        (_, Queue::Unmatched) => unmatched_reason(view, case),
        _ => link_reason(view, &case.reason),
    };
    html! {
        p.sentence { b { (view.t(&format!("page.queue.{}", Queue::of_run(case).word()))) } ": " (why) }
        @if let Some(said) = &standing.said {
            p.decided role="status" { (said_shortly(view, said))
                @if let Said::Accepted(accounts) = said { " " (accounts.join("; ")) }
                @if !standing.reviewer.is_empty() { " - " (standing.reviewer) } }
        }
    }
}

/// Why a customer is linked or was not tried, as the files say it.
fn link_reason(view: &View<'_>, reason: &str) -> String {
    let by = reason.strip_prefix("accepted by ");
    if let Some(pass) = by.and_then(|by| by.strip_prefix("the ")?.strip_suffix(" pass")) {
        return view.texts.with("page.linked.pass", &[("pass", pass_name(view, pass))]);
    }
    match by {
        Some("rule") => view.t("page.linked.rule").to_owned(),
        Some("a person") => view.t("page.linked.person").to_owned(),
        Some(who) => view.texts.with("page.linked.who", &[("who", who)]),
        None => match ExcludedReason::ALL.iter().find(|of| of.word() == reason) {
            Some(ExcludedReason::NoUsableKey) => view.t("page.excluded.no_key").to_owned(),
            Some(ExcludedReason::Partner) => view.t("page.excluded.partner").to_owned(),
            None => reason.to_owned(),
        },
    }
}

fn unmatched_reason(view: &View<'_>, case: &Case) -> String {
    let key = match UnmatchedReason::ALL.iter().find(|of| of.word() == case.reason) {
        Some(UnmatchedReason::NoCandidate) => "page.unmatched.no_candidate",
        Some(UnmatchedReason::NothingNear) => "page.unmatched.nothing_near",
        Some(UnmatchedReason::Refused) => "page.unmatched.refused",
        Some(UnmatchedReason::SettledNone) => "page.unmatched.settled",
        None => return case.reason.to_string(),
    };
    view.t(key).to_owned()
}

/// The accounts among which to choose; the last line is that it is none of them.
fn accounts(view: &View<'_>, desk: &Desk, at: usize, chosen: usize) -> Markup {
    let case = &desk.cases.list[at];
    let rejected = &desk.standing(at).rejected;
    let is_rejected = |card: &Card| rejected.iter().any(|of| join_key(of) == join_key(&card.id));
    html! {
        ol.accounts aria-label=(view.t("page.accounts")) {
            @for (place, card) in case.accounts.iter().enumerate().take(NUMBERED) {
                li class=[is_rejected(card).then_some("refused")] {
                    button type="button" data-choose=(place) aria-pressed=(if place == chosen { "true" } else { "false" }) {
                        kbd { (place + 1) } " " bdi { (card.name) } " "
                        (bar(view, card)) " " span.score { (card.similarity) }
                        @if is_rejected(card) { " \u{2717} " (view.t(word_key(Word::Reject))) }
                    }
                }
            }
            @if case.accounts.len() > NUMBERED { li.soft { (view.texts.with("page.accounts.more", &[("count", &(case.accounts.len() - NUMBERED).to_string())])) } }
            li { button type="button" data-act="none" { kbd { "0" } " " (view.t("page.none_of_these")) } }
        }
        @if let Some(gap) = case.gap() { p.soft { (view.t("page.gap")) " " (Score::new(gap)) } }
    }
}

/// The similarity as ten cells.
fn bar(view: &View<'_>, card: &Card) -> Markup {
    let cells = usize::from(card.score().ten_thousandths().div_ceil(1000)).min(10);
    let text = format!("{}{}", "\u{25a0}".repeat(cells), "\u{25a1}".repeat(10 - cells));
    html! { span.bar role="img" aria-label={ (view.t("page.similarity")) " " (card.similarity) } { (text) } }
}

/// The fields, side by side.
fn pair(view: &View<'_>, desk: &Desk, case: &Case, card: &Card) -> Markup {
    let limits = [desk.accept(), Score::of(desk.limits.review)].map(|limit| limit.to_string());
    let pass = pass_name(view, &card.pass);
    let rule = view.texts.with(
        "page.rule",
        &[
            ("pass", pass),
            ("score", &card.similarity),
            ("accept", &limits[0]),
            ("review", &limits[1]),
        ],
    );
    let places = [[&case.city, &case.country], [&card.city, &card.country]]
        .map(|parts| parts.map(|part| part.as_str()).join(" ").trim().to_owned());
    html! {
        p.explanation { (view.said(&card.explanation)) }
        p.soft { (rule) }
        @if !card.earlier.is_empty() { p.changed { b { (view.t("page.queue.stale")) } ": " (earlier_retold(&card.earlier, view.texts)) } }
        table.pair-table {
            tr { th scope="col" { } th scope="col" { (view.t("page.side.report")) } th scope="col" { (view.t("page.side.crm")) } th scope="col" { (view.t("page.side.verdict")) } }
            tr { th scope="row" { (view.t("page.field.name")) }
                td { (marked(desk, &case.name, &card.name)) } td { (marked(desk, &card.name, &case.name)) } (level(view, &card.levels[1])) }
            tr.as-read { th scope="row" { (view.t("page.field.as_read")) }
                @for name in [&case.name, &card.name] { td { bdi { (difference::as_read(name, &desk.names)) } } } td {} }
            tr.latin { th scope="row" { (view.t("page.field.latin")) }
                @for (name, place) in [&case.name, &card.name].into_iter().zip(&places) { td { (difference::latin(name)) br; (difference::latin(place)) } } td {} }
            tr { th scope="row" { (view.t("page.field.domain")) }
                td { (domain(&case.domain)) } td { (domain(&card.domain)) } (level(view, &card.levels[0])) }
            tr { th scope="row" { (view.t("page.field.place")) }
                td dir="auto" { (places[0]) } td dir="auto" { (places[1]) } (level(view, &card.levels[3])) }
            tr { th scope="row" { (view.t("page.field.id")) }
                td { (case.id) } td { } (level(view, &card.levels[2])) }
        }
    }
}

/// A name with marks on the words that the other name has not.
fn marked(desk: &Desk, name: &str, other: &str) -> Markup {
    html! { bdi { @for (word, kind) in difference::words(name, other, &desk.names) {
        @if kind == Kind::Common { (word) } @else { span class=(kind.class()) { (word) } }
        " "
    } } }
}

fn domain(domain: &str) -> Markup {
    let (sub, name, suffix) = difference::parts(domain);
    html! { @if !sub.is_empty() { span.soft { (sub) "." } } b { (name) } @if !suffix.is_empty() { span.soft { "." (suffix) } } }
}

/// How a field compares: a sign and a word, so that no colour is needed.
fn level(view: &View<'_>, level: &str) -> Markup {
    let (class, sign) = match level {
        "agrees" => ("agrees", "="),
        "similar" => ("similar", "\u{2248}"),
        "differs" => ("differs", "\u{2260}"),
        "" => return html! { td {} },
        _ => ("missing", "\u{00b7}"),
    };
    html! { td class={ "level " (class) } { span aria-hidden="true" { (sign) " " } (view.t(&format!("page.level.{level}"))) } }
}

/// What else is known of the customer and of the account.
fn context(view: &View<'_>, desk: &Desk, at: usize, card: Option<&Card>) -> Markup {
    let case = &desk.cases.list[at];
    let holders = card.map(|card| desk.holders(&card.id, at)).unwrap_or_default();
    let revenue = case.revenue.map(|amount| (amount / 100).to_string()).unwrap_or_default();
    let facts = [
        ("column.account_id", card.map_or("", |card| &card.id)),
        ("column.best_cluster", case.best_cluster.as_str()),
        ("column.clusters", &case.clusters),
        ("column.cohorts", &case.cohorts),
        ("column.expiring_revenue", &revenue),
        ("column.org_size", &case.org_size),
        ("column.sub_segment", &case.sub_segment),
        ("column.industry", &case.industry),
        ("column.account_owner", &case.owner),
        ("column.contacts_listed", &case.people[0]),
        ("column.contacts_suppressed", &case.people[1]),
    ];
    html! {
        @if !holders.is_empty() {
            p.conflict { b { (view.t("page.taken")) } " "
                @for holder in holders { bdi { (desk.cases.list[holder].name) } " (" (desk.cases.list[holder].id) ") " } }
        }
        dl.facts { @for (key, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            dt { (view.t(key)) } dd dir="auto" { (value) }
        } }
    }
}

/// All acts as buttons, each with its key: those that decide are always in view.
fn buttons(view: &View<'_>, desk: &Desk, has_account: bool) -> Markup {
    let off = desk.only_looks.is_some();
    let of_account = off || !has_account;
    let deciding = [
        ("accept", "y", of_account),
        ("reject", "n", of_account),
        ("none", "0", off),
        ("unsure", "u", off),
        ("skip", "s", off),
        ("undo", "z", off),
        ("why", "w", false),
    ];
    let further = [
        ("family", "f", of_account),
        ("also", "m", of_account),
        ("note", "e", off),
        ("redo", "Z", off),
        ("find", "/", false),
        ("history", "h", false),
        ("read", "r", !has_account),
        ("latin", "l", !has_account),
        ("record", "v", !has_account),
        ("help", "?", false),
    ];
    let button = |(act, key, disabled): &(&str, &str, bool)| {
        html! { button type="button" data-act=(act) disabled[*disabled] {
        (view.t(&format!("page.act.{act}"))) " " kbd { (key) } } }
    };
    html! {
        div.acts role="toolbar" aria-label=(view.t("page.acts.more")) { @for of in &further { (button(of)) } }
        div.acts.deciding role="toolbar" aria-label=(view.t("page.acts")) { @for of in &deciding { (button(of)) } }
    }
}
