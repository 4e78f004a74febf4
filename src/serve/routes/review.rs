//! The work place: lists, cases, decisions, and what opens over them.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State as Of},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{about_run, answer, blocking, change_run, failed, no_run, shown, with_desk};
use crate::serve::{
    Server,
    act::{Ask, Done},
    bulk::Plan,
    desk::Desk,
    page::{View, panel, review},
    queue::Filter,
    why::{look_for, record_of},
};

pub(super) async fn page(Of(server): Of<Arc<Server>>, Query(filter): Query<Filter>) -> Response {
    about_run(server, move |view, desk| Ok(review::page(view, desk, &filter))).await
}

/// Which rows of the list a page lacks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: Option<usize>,
}

pub(super) async fn rows(
    Of(server): Of<Arc<Server>>,
    Query(filter): Query<Filter>,
    Query(After { after }): Query<After>,
) -> Response {
    about_run(server, move |view, desk| {
        Ok(review::rows(view, desk, &filter, after.map_or(0, |after| after.saturating_add(1))))
    })
    .await
}

pub(super) async fn counts(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| Ok(review::counts(view, desk))).await
}

/// Which customer and which of its accounts to show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    at: usize,
    account: usize,
}

pub(super) async fn case(Of(server): Of<Arc<Server>>, Query(of): Query<Shown>) -> Response {
    about_run(server, move |view, desk| Ok(review::panel(view, desk, of.at, of.account))).await
}

pub(super) async fn history(Of(server): Of<Arc<Server>>, Query(of): Query<Shown>) -> Response {
    about_run(server, move |view, desk| Ok(review::history(view, desk, of.at))).await
}

/// Does what a key asks for; the answer says what the page shows anew.
pub(super) async fn act(Of(server): Of<Arc<Server>>, Form(ask): Form<Ask>) -> Response {
    blocking(move || {
        let done = with_desk(&server, |view, desk| {
            let done = desk.act(&ask, view.reviewer)?;
            Ok(said(view, desk, &ask, done))
        });
        match done {
            Some(Ok(value)) => answer(value),
            None => failed(&no_run()),
            Some(Err(error)) => {
                let mut response = failed(&error);
                *response.status_mut() = StatusCode::INSUFFICIENT_STORAGE;
                response
            }
        }
    })
    .await
}

/// What became of an act, for the page.
fn said(view: &View<'_>, desk: &Desk, ask: &Ask, done: Done) -> Value {
    let counts = || review::counts(view, desk).into_string();
    match done {
        Done::Written { at, goes_on } => json!({
            "done": review::sentence(view, desk, ask, at),
            "at": at,
            "on": goes_on,
            "row": review::row(view, desk, at, None).into_string(),
            "more": review::elsewhere(view, desk, ask, at).into_string(),
            "counts": counts(),
        }),
        Done::Objection(holders) => json!({
            "objection": review::objection(view, desk, &holders),
            "counts": counts(),
        }),
        Done::Nothing => json!({ "done": view.t("page.nothing") }),
    }
}

/// A pair that is asked about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pair {
    at: usize,
    account: String,
}

pub(super) async fn why(Of(server): Of<Arc<Server>>, Query(pair): Query<Pair>) -> Response {
    blocking(move || {
        let customer = with_desk(&server, |_, desk| {
            desk.cases.list.get(pair.at).map(|case| case.id.to_string()).ok_or_else(no_run)
        });
        let answered = customer.unwrap_or_else(|| Err(no_run())).and_then(|customer| {
            let engine = server.engine()?.ok_or_else(no_run)?;
            engine.answer(&customer, &pair.account)
        });
        shown(answered.map(|answer| {
            let state = server.state();
            panel::why(&state.view(&server), &answer)
        }))
    })
    .await
}

/// What a person looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    q: String,
}

pub(super) async fn find(
    Of(server): Of<Arc<Server>>,
    Query(Typed { q }): Query<Typed>,
) -> Response {
    blocking(move || {
        let run = server.state().desk.as_ref().map(|desk| desk.folder.clone());
        let hits = match run {
            Some(run) if !q.trim().is_empty() => look_for(&run, &q),
            Some(_) => Ok(Vec::new()),
            None => Err(no_run()),
        };
        shown(hits.map(|hits| {
            let state = server.state();
            panel::hits(&state.view(&server), state.desk.as_ref(), &q, &hits)
        }))
    })
    .await
}

/// All columns of an account, as the CRM has them.
pub(super) async fn record(Of(server): Of<Arc<Server>>, Query(pair): Query<Pair>) -> Response {
    blocking(move || {
        let run = server.state().desk.as_ref().map(|desk| desk.folder.clone());
        let cells = run.ok_or_else(no_run).and_then(|run| record_of(&run, &pair.account));
        shown(cells.map(|cells| {
            let state = server.state();
            panel::record(&state.view(&server), &cells)
        }))
    })
    .await
}

pub(super) async fn bulk(Of(server): Of<Arc<Server>>, Query(filter): Query<Filter>) -> Response {
    about_run(server, move |view, desk| {
        let plan = Plan::of(desk, &filter);
        Ok(panel::bulk(view, desk, &plan))
    })
    .await
}

/// How many customers a person means to decide about.
#[derive(Debug, Deserialize)]
pub(super) struct Meant {
    typed: usize,
}

pub(super) async fn decide_many(
    Of(server): Of<Arc<Server>>,
    Query(filter): Query<Filter>,
    Form(Meant { typed }): Form<Meant>,
) -> Response {
    change_run(server, move |view, desk| {
        desk.accept_many(&filter, typed, view.reviewer)?;
        let said = view.texts.with("page.bulk.done", &[("count", &typed.to_string())]);
        Ok(json!({ "said": said, "go": "" }))
    })
    .await
}
