//! The work place: queues and filters, and the list.

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    problem::Problem,
    serve::{
        act::REASONS,
        desk::Desk,
        queue::{BLANK, FACETS, Filter, ORDERS, Queue, Sieve, in_address},
        standing::Said,
    },
    verdicts::{Verdict, Word},
    write::review::word_key,
};

/// Rows that the list gets at a time.
const ROWS: usize = 50;

/// The page.
pub(in crate::serve) fn page(view: &View<'_>, desk: &Desk, filter: &Filter) -> Markup {
    let rows = rows(view, desk, filter, 0);
    let facets = Sieve::new(filter).facets(desk);
    let empty = facets.all == 0;
    let body = html! {
        h1.hidden { (view.t("page.review")) }
        div.desk {
            form.queues id="filter" method="get" action="/review" aria-label=(view.t("page.queues")) {
                div id="counts" { (counts(view, desk)) }
                input type="hidden" name="queue" value=(filter.queue);
                label.search { (view.t("page.search")) input type="search" name="q" value=(filter.q); }
                label { (view.t("page.order"))
                    select name="order" { @for order in ORDERS {
                        option value=(order) selected[filter.order == order] {
                            (view.t(&format!("page.order.{order}"))) } } }
                    @if matches!(filter.order.as_str(), "" | "value") { span { (view.t("page.order.formula")) } } }
                (filters(view, filter, &facets.by_facet))
                @if filter.narrows() { a href={ "/review?queue=" (filter.queue) } { (view.t("page.all_filters_off")) } }
                noscript { button { (view.t("page.search")) } }
            }
            div.list {
                p.here { (view.texts.with("page.here", &[("count", &facets.all.to_string())])) " "
                    button type="button" id="bulk" { (view.t("page.bulk")) " " kbd { "b" } } }
                ol id="list" role="listbox" tabindex="0" aria-label=(view.t("page.list")) { (rows) }
                @if empty { (why_empty(view, desk, filter)) }
            }
            section.panel id="panel" aria-label=(view.t("page.panel")) {
                @if !empty { p.soft { (view.t("page.panel.choose")) } }
            }
        }
        dialog id="dialog" {}
        (help(view))
    };
    frame(view, Some(desk), "/review", &body)
}

/// The queues with their counts, and what they add up to.
pub(in crate::serve) fn counts(view: &View<'_>, desk: &Desk) -> Markup {
    let all = desk.cases.list.len();
    let of = |queue: Queue| desk.count(queue);
    let is_open = |queue: &&Queue| matches!(queue, Queue::Review(_) | Queue::Unsure);
    let open: u64 = Queue::ALL.iter().filter(is_open).map(|queue| of(*queue).0).sum();
    let (done, of_run) = desk.progress();
    let sum: u64 = Queue::ALL.iter().map(|queue| of(*queue).0).sum();
    html! {
        ul.queue-list {
            (queue_line(view, "open", "page.queue.open", open))
            @for queue in Queue::ALL {
                @let (now, before) = of(queue);
                @if now > 0 || before > 0 {
                    (queue_line(view, queue.word(), &format!("page.queue.{}", queue.word()), now))
                }
            }
        }
        p.sum data-open=(open) data-acts=(desk.history.acts().len()) data-decided=(of(Queue::Decided).0) {
            (view.texts.with("page.progress", &[
                ("done", &done.to_string()), ("all", &of_run.to_string()),
                ("share", &desk.share_decided().to_string())])) br;
            span id="rate" {} br;
            (view.texts.with("page.sum", &[("sum", &sum.to_string()), ("all", &all.to_string())]))
        }
        @let unread: Vec<&Problem> = desk.unread.iter().flatten().collect();
        @if !unread.is_empty() { details.warn {
            summary { (view.texts.with("page.unread", &[("count", &unread.len().to_string())])) }
            ul { @for problem in unread { li { (problem.file) ":" (problem.line) ": " (problem.column) ": "
                (view.said(&problem.what)) } } }
        } }
        @if let Some(error) = &desk.unreadable { p.warn { (view.said(&error.to_string())) } }
        @let differ = desk.disagreements();
        @if differ > 0 { p { a href="/review?queue=all&agreement=disagree" {
            (view.t("page.agreement.disagree")) " " data value=(differ) { (differ) } } } }
        @if of(Queue::Decided).0 > 0 && desk.only_looks.is_none() {
            p { button type="button" data-go="/run" { (view.t("page.apply")) } }
        }
    }
}

fn queue_line(view: &View<'_>, word: &str, key: &str, count: u64) -> Markup {
    html! { li { a href={ "/review?queue=" (word) } data-queue=(word) {
    (view.t(key)) " " data value=(count) { (count) } } } }
}

fn filters(
    view: &View<'_>,
    filter: &Filter,
    facets: &std::collections::BTreeMap<&'static str, Vec<(String, u64)>>,
) -> Markup {
    html! {
        @if !filter.same.is_empty() { input type="hidden" name="same" value=(filter.same); }
        @for facet in FACETS.into_iter().filter(|facet| *facet != "same") {
            @let values = facets.get(facet).map_or(&[][..], Vec::as_slice);
            @let chosen = filter.chosen(facet);
            @let is_chosen = |value: &str| *in_address(facet, value) == *chosen;
            @if values.len() > 1 || !chosen.is_empty() {
                label { (view.t(&format!("page.facet.{facet}")))
                    select name=(facet) {
                        option value="" { (view.t("page.any")) }
                        @if !chosen.is_empty() && !values.iter().any(|(value, _)| is_chosen(value)) {
                            option value=(chosen) selected { (chosen) " (0)" }
                        }
                        @for (value, count) in values {
                            option value=(in_address(facet, value)) selected[is_chosen(value)] {
                                (facet_value(view, facet, value)) " (" (count) ")" }
                        }
                    }
                }
            }
        }
    }
}

/// A value of a facet as people read it.
fn facet_value(view: &View<'_>, facet: &str, value: &str) -> String {
    match facet {
        _ if value == BLANK => view.t("page.without").to_owned(),
        "domain" | "name" | "id" | "place" => view.t(&format!("page.level.{value}")).to_owned(),
        "score" => format!("{value}\u{2026}"),
        "agreement" => view.t(&format!("page.agreement.{value}")).to_owned(),
        "pass" => pass_name(view, value).to_owned(),
        _ => value.to_owned(),
    }
}

/// A pass as people read it.
pub(super) fn pass_name<'t>(view: &'t View<'_>, pass: &'t str) -> &'t str {
    match pass {
        "domain" => view.t("page.why.domain"),
        "name" => view.t("page.why.name"),
        "id" => view.t("page.why.id"),
        "" => view.t("page.no_pass"),
        other => other,
    }
}

/// Why there is nothing to see, and what to do next.
fn why_empty(view: &View<'_>, desk: &Desk, filter: &Filter) -> Markup {
    let (decided, _) = desk.count(Queue::Decided);
    let words = [("decided", &*decided.to_string()), ("skipped", &*desk.skipped.len().to_string())];
    html! {
        div.empty role="status" {
            @if filter.narrows() { p { (view.t("page.empty.filters")) }
                p { a href={ "/review?queue=" (filter.queue) } { (view.t("page.all_filters_off")) } }
            } @else if desk.cases.list.is_empty() { p { (view.t("page.empty.run")) }
            } @else if decided > 0 { p { (view.texts.with("page.empty.decided", &words)) }
            } @else { p { (view.t("page.empty.queue")) } }
        }
    }
}

/// The next rows of the list, from a position in the order on: those that the filters take now.
/// What was passed over comes last.
pub(in crate::serve) fn rows(view: &View<'_>, desk: &Desk, filter: &Filter, from: usize) -> Markup {
    let order = desk.orders.by(&filter.order);
    let sieve = Sieve::new(filter);
    let is_skipped = |at: u32| desk.skipped.contains(&at);
    let first = order.iter().enumerate().filter(|(_, at)| !is_skipped(**at));
    let last = desk.skipped.iter().enumerate().map(|(at, case)| (order.len() + at, case));
    let taken = first
        .chain(last)
        .filter(|(position, _)| *position >= from)
        .filter(|(_, at)| sieve.takes(desk, **at as usize))
        .take(ROWS);
    html! { @for (position, at) in taken { (row(view, desk, *at as usize, Some(position))) } }
}

/// A row of the list.
pub(in crate::serve) fn row(
    view: &View<'_>,
    desk: &Desk,
    at: usize,
    position: Option<usize>,
) -> Markup {
    let case = &desk.cases.list[at];
    let best = case.accounts.first();
    let standing = desk.standing(at);
    html! {
        li role="option" id={ "row-" (at) } data-at=(at) data-position=[position] aria-selected="false"
            class=[standing.said.as_ref().map(said_class)] {
            span.name dir="auto" { (case.name) }
            span.cluster { (case.best_cluster) }
            span.below { span.said { (standing.said.as_ref().map_or(String::new(), |said| said_shortly(view, said))) }
                " " span.country dir="auto" { (case.country) } }
            span.score { (best.map_or("", |of| &of.similarity)) }
        }
    }
}

fn said_class(said: &Said) -> &'static str {
    match said {
        Said::Accepted(_) => "accepted",
        Said::None | Said::Refused => "refused",
        Said::Unsure(_) => "unsure",
    }
}

pub(super) fn said_shortly(view: &View<'_>, said: &Said) -> String {
    match said {
        Said::Accepted(_) => format!("\u{2713} {}", view.t(word_key(Word::Accept))),
        Said::None => format!("\u{2205} {}", view.t(word_key(Word::None))),
        Said::Refused => format!("\u{2717} {}", view.t(word_key(Word::Reject))),
        Said::Unsure(reason) => format!("? {}", unsure_reason(view, reason)),
    }
}

fn unsure_reason<'t>(view: &'t View<'_>, reason: &'t str) -> &'t str {
    let known = REASONS.iter().position(|known| reason.starts_with(known));
    const KEYS: [&str; REASONS.len()] =
        ["page.unsure.1", "page.unsure.2", "page.unsure.3", "page.unsure.4", "page.unsure.5"];
    known.map_or(reason, |at| view.t(KEYS[at]))
}

/// What was said of a customer, the latest first, each with what takes it back.
pub(in crate::serve) fn history(view: &View<'_>, desk: &Desk, at: usize) -> Markup {
    let Some(case) = desk.cases.list.get(at) else { return html! {} };
    let acts = desk.history.acts().iter().enumerate().rev();
    let about = acts.filter_map(|(place, act)| {
        let line = desk.history.lines_of(place).find(|line| line.customer_id == case.id)?;
        Some((place, act, line))
    });
    html! {
        h2 { (view.t("page.act.history")) ": " bdi { (case.name) } }
        ul.history { @for (place, act, line) in about {

            li { (line_text(view, line)) " "
                @if act.is_reversal() { em { (view.t("page.history.reversal")) } }
                @else if !act.holds { em { (view.t("page.history.undone")) } }
                @else if desk.only_looks.is_none() {
                    button type="button" data-revert=(place) { (view.t("page.history.revert")) }
                }
            }
        } }
        @if desk.history.about(&case.id).next().is_none() { p { (view.t("page.history.none")) } }
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

fn line_text(view: &View<'_>, line: &Verdict) -> Markup {
    let day = line.time.get(..16).unwrap_or(&line.time).replace('T', " ");
    html! { time { (day) } " " b { (view.t(&format!("page.word.{}", line.word.word()))) } " " (line.account_id)
    @if !line.reviewer.is_empty() { " - " (line.reviewer) }
    @if !line.note.is_empty() { ": " span dir="auto" { (line.note) } } }
}

/// The card of keys, the question of why one is unsure and the note: each a dialog that the script opens.
fn help(view: &View<'_>) -> Markup {
    const KEYS: [(&str, &str); 24] = [
        ("\u{2193} \u{2191} j k", "page.key.move"),
        ("1-9", "page.key.choose"),
        ("y Enter", "page.act.accept"),
        ("n", "page.act.reject"),
        ("0", "page.act.none"),
        ("u", "page.act.unsure"),
        ("s", "page.act.skip"),
        ("f", "page.act.family"),
        ("m", "page.act.also"),
        ("z", "page.act.undo"),
        ("Shift+z", "page.act.redo"),
        ("e", "page.act.note"),
        ("/", "page.act.find"),
        ("w", "page.act.why"),
        ("x", "page.act.why_not"),
        ("h", "page.act.history"),
        ("r", "page.act.read"),
        ("l", "page.act.latin"),
        ("v", "page.act.record"),
        ("q", "page.search"),
        ("b", "page.bulk"),
        ("g c", "page.queue.conflict"),
        ("g t / g d / g u / g a", "page.key.go"),
        ("?", "page.act.help"),
    ];
    html! {
        template id="help" {
            h2 { (view.t("page.act.help")) }
            dl.keys { @for (key, what) in KEYS { dt { kbd { (key) } } dd { (view.t(what)) } } }
            p { (view.t("page.unsure.when")) }
            p { button type="button" data-close { (view.t("page.close")) } }
        }
        template id="ask-unsure" {
            h2 { (view.t("page.act.unsure")) }
            p { (view.t("page.unsure.when")) }
            ol.reasons { @for (at, reason) in REASONS.iter().enumerate() {
                li { button type="button" data-reason=(reason) { kbd { (at + 1) } " " (unsure_reason(view, reason)) } } } }
            p { button type="button" data-close { (view.t("page.close")) } }
        }
        template id="ask-note" {
            h2 { (view.t("page.act.note")) }
            form data-note { label { (view.t("page.act.note")) textarea name="note" rows="3" maxlength="2000" {} }
                p { button { (view.t("page.save")) } " " button type="button" data-close { (view.t("page.close")) } } }
        }
        template id="ask-objection" {
            h2 { (view.t("page.objection.title")) }
            p data-text {}
            p { button type="button" data-confirm { (view.t("page.objection.yes")) " " kbd { "y" } } " "
                button type="button" data-close { (view.t("page.close")) " " kbd { "Esc" } } }
        }
        span hidden id="rate-text" { (view.t("page.rate")) }
        span hidden id="lost-text" { (view.t("page.lost")) }
    }
}
