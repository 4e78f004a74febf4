//! The work place: lists, cases, decisions, and what opens over them.

use std::path::PathBuf;

use axum::{Form, extract::Query, response::Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Asked, about_run, blocking, change_run, no_run, page_of_run, shown, with_desk};
use crate::{
    error::{Result, slashed},
    serve::{
        act::{Ask, Done},
        bulk::Plan,
        desk::Desk,
        page::{View, customer, panel, review, said},
        promote::{Promotion, folder},
        queue::Filter,
        why::{look_for, record_of},
    },
};

pub(super) async fn page(asked: Asked, Query(filter): Query<Filter>) -> Response {
    page_of_run(asked, "/review", move |view, desk| Ok(review::page(view, desk, &filter))).await
}

/// Which rows of the list a page lacks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: Option<usize>,
}

pub(super) async fn rows(
    asked: Asked,
    Query(filter): Query<Filter>,
    Query(After { after }): Query<After>,
) -> Response {
    about_run(asked, move |view, desk| {
        Ok(review::rows(view, desk, &filter, after.map_or(0, |after| after.saturating_add(1))))
    })
    .await
}

pub(super) async fn counts(asked: Asked) -> Response {
    about_run(asked, |view, desk| Ok(review::counts(view, desk))).await
}

/// Which customer and which of its accounts to show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    at: usize,
    account: usize,
}

pub(super) async fn case(asked: Asked, Query(of): Query<Shown>) -> Response {
    about_run(asked, move |view, desk| Ok(customer::panel(view, desk, of.at, of.account))).await
}

pub(super) async fn history(asked: Asked, Query(of): Query<Shown>) -> Response {
    about_run(asked, move |view, desk| Ok(review::history(view, desk, of.at))).await
}

/// Does what a key asks for; the answer says what the page shows anew.
pub(super) async fn act(asked: Asked, Form(ask): Form<Ask>) -> Response {
    change_run(asked, move |view, desk| {
        let (customers, acts) =
            ask.acts.map_or_else(Default::default, |seen| desk.settled_since(seen));
        let elsewhere = said::settled(view, desk, &customers, &acts);
        let done = desk.act(&ask, view.reviewer)?;
        let mut value = told(view, desk, &ask, done);
        if !customers.is_empty() {
            value["settled"] = json!(customers);
            value["elsewhere"] = json!(elsewhere.into_string());
        }
        Ok(value)
    })
    .await
}

/// What became of an act, for the page.
fn told(view: &View<'_>, desk: &Desk, ask: &Ask, done: Done) -> Value {
    let counts = || review::counts(view, desk).into_string();
    match done {
        Done::Written { at, goes_on } => json!({
            "done": said::sentence(view, desk, ask, at),
            "at": at,
            "on": goes_on,
            "row": review::row(view, desk, at, None).into_string(),
            "more": said::elsewhere(view, desk, ask, at).into_string(),
            "counts": counts(),
        }),
        Done::Several(count) => json!({
            "done": view.texts.with("page.done.several", &[("count", &count.to_string())]),
            "again": true,
            "counts": counts(),
        }),
        Done::Objection(found) => json!({
            "objection": said::objections(view, desk, ask.at, &found),
            "counts": counts(),
        }),
        Done::Nothing => json!({ "done": view.t("page.nothing"), "counts": counts() }),
    }
}

/// A pair that is asked about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pair {
    at: usize,
    account: String,
}

pub(super) async fn why(asked: Asked, Query(pair): Query<Pair>) -> Response {
    blocking(move || {
        let customer = with_desk(&asked, |_, desk| {
            desk.cases.list.get(pair.at).map(|case| case.id.to_string()).ok_or_else(no_run)
        });
        let answered = customer.unwrap_or_else(|| Err(no_run())).and_then(|customer| {
            let engine = asked.server.engine()?.ok_or_else(no_run)?;
            engine.answer(&customer, &pair.account)
        });
        shown(answered.map(|answer| {
            let state = asked.server.state();
            panel::why(&state.view(&asked.server), &answer)
        }))
    })
    .await
}

/// The folder of the run that a page shows.
fn folder_of_run(asked: &Asked) -> Result<PathBuf> {
    with_desk(asked, |_, desk| Ok(desk.folder.clone())).unwrap_or_else(|| Err(no_run()))
}

/// What a person looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    q: String,
}

pub(super) async fn find(asked: Asked, Query(Typed { q }): Query<Typed>) -> Response {
    blocking(move || {
        let hits = folder_of_run(&asked).and_then(|run| match q.trim().is_empty() {
            true => Ok(Vec::new()),
            false => look_for(&run, &q),
        });
        shown(hits.map(|hits| {
            let state = asked.server.state();
            panel::hits(&state.view(&asked.server), state.desk.as_ref(), &q, &hits)
        }))
    })
    .await
}

/// All columns of an account, as the CRM has them.
pub(super) async fn record(asked: Asked, Query(pair): Query<Pair>) -> Response {
    blocking(move || {
        let cells = folder_of_run(&asked).and_then(|run| record_of(&run, &pair.account));
        shown(cells.map(|cells| {
            let state = asked.server.state();
            panel::record(&state.view(&asked.server), &cells)
        }))
    })
    .await
}

pub(super) async fn bulk(asked: Asked, Query(filter): Query<Filter>) -> Response {
    about_run(asked, move |view, desk| {
        let plan = Plan::of(desk, &filter);
        let promotion = Promotion::of(desk, &filter, &plan)?;
        Ok(panel::bulk(view, desk, &plan, &promotion))
    })
    .await
}

/// How many customers a person means to decide about.
#[derive(Debug, Deserialize)]
pub(super) struct Meant {
    typed: usize,
    /// The mark of the plan that was shown.
    plan: String,
}

pub(super) async fn decide_many(
    asked: Asked,
    Query(filter): Query<Filter>,
    Form(Meant { typed, plan }): Form<Meant>,
) -> Response {
    change_run(asked, move |view, desk| {
        desk.accept_many(&filter, (typed, &plan), view.reviewer)?;
        let said = view.texts.with("page.bulk.done", &[("count", &typed.to_string())]);
        Ok(json!({ "said": said, "go": "" }))
    })
    .await
}

/// The change of the rules that a person approves of: the mark of what was shown.
#[derive(Debug, Deserialize)]
pub(super) struct Approved {
    change: String,
}

pub(super) async fn promote(
    asked: Asked,
    Query(filter): Query<Filter>,
    Form(Approved { change }): Form<Approved>,
) -> Response {
    change_run(asked, move |view, desk| {
        let plan = Plan::of(desk, &filter);
        let files = Promotion::of(desk, &filter, &plan)?.write(desk, &change)?;
        let files: Vec<String> = files.iter().map(|file| slashed(file)).collect();
        let mut said = view.texts.with("page.promote.done", &[("files", &files.join(", "))]);
        if desk.rules().is_none() {
            said.push(' ');
            let folder = slashed(&folder(desk));
            said.push_str(&view.texts.with("page.promote.flag", &[("folder", &folder)]));
        }
        Ok(json!({ "said": said }))
    })
    .await
}
