//! The addresses of the pages, and what answers at each: by subject in the modules, what all of them
//! need here.

mod audit;
mod lists;
mod new;
mod results;
mod review;
mod run;

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Path, State as Of},
    http::{StatusCode, header},
    middleware,
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use maud::Markup;
use serde::Deserialize;
use serde_json::json;

pub(super) use self::results::Wanted;
use super::{
    Server, State,
    desk::Desk,
    guard,
    page::{self, View},
};
use crate::{
    error::{Error, Result},
    language::Language,
};

/// Bytes of a change, at most.
const MOST_BYTES: usize = 64 << 10;

/// Bytes of a file that is dropped, at most; larger ones are chosen by their path.
const MOST_DROPPED: usize = 256 << 20;

/// All addresses.
pub(super) fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/enter/{ticket}", get(enter))
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/script.js", get(script))
        .route("/icon.svg", get(icon))
        .route("/start", get(new::start))
        .route("/open", post(new::open))
        .route("/check", get(new::check))
        .route("/new/folder", get(new::folder))
        .route("/new/put", post(new::put))
        .route("/new/drop", post(new::drop_path))
        .route("/new/column", post(new::name_column))
        .route("/new/own-domains", post(new::own_domains))
        .route("/new/like", post(new::like))
        .route("/new/file", post(new::keep).layer(DefaultBodyLimit::max(MOST_DROPPED)))
        .route("/run", get(run::page))
        .route("/run/start", post(run::start))
        .route("/run/stop", post(run::stop))
        .route("/run/state", get(run::state))
        .route("/results", get(results::page))
        .route("/records/{file}", get(results::records))
        .route("/review", get(review::page))
        .route("/review/rows", get(review::rows))
        .route("/review/counts", get(review::counts))
        .route("/review/case", get(review::case))
        .route("/review/history", get(review::history))
        .route("/review/act", post(review::act))
        .route("/review/why", get(review::why))
        .route("/review/find", get(review::find))
        .route("/review/record", get(review::record))
        .route("/review/bulk", get(review::bulk).post(review::decide_many))
        .route("/lists", get(lists::page))
        .route("/lists/preview", get(lists::preview))
        .route("/lists/export", post(lists::write))
        .route("/audit", get(audit::page))
        .route("/audit/answer", post(audit::answer))
        .route("/audit/limits", get(audit::limits))
        .route("/reviewer", post(reviewer))
        .route("/language", post(language))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(server.clone(), guard::check))
        .with_state(server)
}

/// Does work that may take a while away from the thread that answers.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| {
        (StatusCode::INTERNAL_SERVER_ERROR, "this page failed; load it again\n").into_response()
    })
}

/// A page that needs no run.
async fn in_view(
    server: Arc<Server>,
    make: impl FnOnce(&View<'_>, &State) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || {
        let state = server.state();
        shown(make(&state.view(&server), &state))
    })
    .await
}

/// What is done with the run that is open, when what others have written was taken up; `otherwise`
/// where none is open.
fn with_desk<T>(
    server: &Server,
    work: impl FnOnce(&View<'_>, &mut Desk) -> Result<T>,
) -> Option<Result<T>> {
    let mut state = server.state();
    let State { desk, texts, language, reviewer, .. } = &mut *state;
    let desk = desk.as_mut()?;
    let view = View { texts, language: *language, reviewer, token: server.guard.token() };
    Some(desk.refresh().and_then(|()| work(&view, desk)))
}

/// A page about the run that is open; the first page where none is.
async fn about_run(
    server: Arc<Server>,
    make: impl FnOnce(&View<'_>, &mut Desk) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || match with_desk(&server, make) {
        Some(page) => shown(page),
        None => Redirect::to("/start").into_response(),
    })
    .await
}

/// A change of the run that is open, and what the page learns of it.
async fn change_run(
    server: Arc<Server>,
    work: impl FnOnce(&View<'_>, &mut Desk) -> Result<serde_json::Value> + Send + 'static,
) -> Response {
    blocking(move || match with_desk(&server, work).unwrap_or_else(|| Err(no_run())) {
        Ok(value) => answer(value),
        Err(error) => failed(&error),
    })
    .await
}

/// A page or a part of one, or why there is none.
fn shown(page: Result<Markup>) -> Response {
    match page {
        Ok(page) => Html(page.into_string()).into_response(),
        Err(error) => failed(&error),
    }
}

/// An error as the page shows it: what was found, and what to do.
fn failed(error: &Error) -> Response {
    let hint = error.hint().map_or(String::new(), |hint| format!("\n{hint}"));
    (StatusCode::CONFLICT, format!("{error}{hint}\n")).into_response()
}

fn answer(value: serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn no_run() -> Error {
    Error::Unusable {
        file: "the run".into(),
        found: "none is open".into(),
        todo: "open one on the first page".into(),
    }
}

async fn enter(Of(server): Of<Arc<Server>>, Path(ticket): Path<String>) -> Response {
    match server.guard.cookie(&ticket) {
        Some(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        None => {
            (StatusCode::FORBIDDEN, "refused: the link is not that of this start\n").into_response()
        }
    }
}

async fn home(Of(server): Of<Arc<Server>>) -> Redirect {
    Redirect::to(if server.state().desk.is_some() { "/results" } else { "/start" })
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE).into_response()
}

async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], page::SCRIPT).into_response()
}

async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], page::ICON).into_response()
}

/// The name of who decides.
#[derive(Debug, Deserialize)]
struct Name {
    name: String,
}

async fn reviewer(Of(server): Of<Arc<Server>>, Form(Name { name }): Form<Name>) -> Response {
    server.state().reviewer = name.trim().chars().take(80).collect();
    answer(json!({}))
}

/// The language of the pages.
#[derive(Debug, Deserialize)]
struct Spoken {
    language: Language,
}

async fn language(Of(server): Of<Arc<Server>>, Form(spoken): Form<Spoken>) -> Response {
    match server.state().speak(spoken.language) {
        Ok(()) => answer(json!({ "go": "" })),
        Err(error) => failed(&error),
    }
}
