//! The addresses of the pages, and what answers at each: by subject in the modules, what all of them
//! need here.

mod audit;
mod lists;
mod new;
mod results;
mod review;
mod run;

use std::{convert::Infallible, sync::Arc};

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, FromRequestParts, Path, State as Of},
    http::{StatusCode, header, request::Parts},
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
        .route("/records/crm/{kind}", get(results::read))
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
        .route("/review/rule", post(review::promote))
        .route("/lists", get(lists::page))
        .route("/lists/preview", get(lists::preview))
        .route("/lists/export", post(lists::write))
        .route("/audit", get(audit::page))
        .route("/audit/answer", post(audit::answer))
        .route("/audit/limits", get(audit::limits))
        .route("/reviewer", post(reviewer))
        .route("/language", post(language))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(server.clone(), guard::check))
        .with_state(server)
}

/// The header in which a page names the run that it shows.
const RUN: &str = "x-reconcile-run";

/// What is asked: the server, and the run that the page shows that asks.
pub(super) struct Asked {
    server: Arc<Server>,
    seen: Option<String>,
}

impl FromRequestParts<Arc<Server>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        server: &Arc<Server>,
    ) -> std::result::Result<Asked, Infallible> {
        let seen = parts.headers.get(RUN).and_then(|mark| mark.to_str().ok());
        Ok(Asked { server: Arc::clone(server), seen: seen.map(str::to_owned) })
    }
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
    here: &'static str,
    make: impl FnOnce(&View<'_>, &State) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || {
        let state = server.state();
        let made = make(&state.view(&server), &state);
        drop(state);
        made.map_or_else(|error| failed_page(&server, here, &error), html)
    })
    .await
}

/// What is done with the run that is open, when what others have written was taken up; `None` where
/// none is open. A page of another run is refused, while no other can be opened.
fn with_desk<T>(
    Asked { server, seen }: &Asked,
    work: impl FnOnce(&View<'_>, &mut Desk) -> Result<T>,
) -> Option<Result<T>> {
    let mut state = server.state();
    let State { desk, texts, language, reviewer, .. } = &mut *state;
    let desk = desk.as_mut()?;
    let view = View { texts, language: *language, reviewer, token: server.guard.token() };
    let is_ready = desk.refresh().and_then(|()| desk.must_be(seen.as_deref()));
    Some(is_ready.and_then(|()| work(&view, desk)))
}

/// A page about the run that is open; the first page where none is.
async fn page_of_run(
    asked: Asked,
    here: &'static str,
    make: impl FnOnce(&View<'_>, &mut Desk) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || match with_desk(&asked, make) {
        Some(Ok(page)) => html(page),
        Some(Err(error)) => failed_page(&asked.server, here, &error),
        None => Redirect::to("/start").into_response(),
    })
    .await
}

/// A part of a page about the run that is open.
async fn about_run(
    asked: Asked,
    make: impl FnOnce(&View<'_>, &mut Desk) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || shown(with_desk(&asked, make).unwrap_or_else(|| Err(no_run())))).await
}

/// A change of the run that is open, and what the page learns of it.
async fn change_run(
    asked: Asked,
    work: impl FnOnce(&View<'_>, &mut Desk) -> Result<serde_json::Value> + Send + 'static,
) -> Response {
    blocking(move || match with_desk(&asked, work).unwrap_or_else(|| Err(no_run())) {
        Ok(value) => answer(value),
        Err(error) => failed(&error),
    })
    .await
}

fn html(page: Markup) -> Response {
    Html(page.into_string()).into_response()
}

/// A part of a page, or why there is none, as text: the script shows it as such.
fn shown(part: Result<Markup>) -> Response {
    part.map_or_else(|error| failed(&error), html)
}

/// What was found, and what to do.
fn told(error: &Error) -> String {
    let hint = error.hint().map_or(String::new(), |hint| format!("\n{hint}"));
    format!("{error}{hint}\n")
}

/// An error as the script shows it. What cannot be written stops the input: see the script.
fn failed(error: &Error) -> Response {
    let status = match error {
        Error::Io { .. } => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::CONFLICT,
    };
    (status, told(error)).into_response()
}

/// An error in the place of a page.
fn failed_page(server: &Server, here: &str, error: &Error) -> Response {
    let state = server.state();
    let page = page::failure(&state.view(server), state.desk.as_ref(), here, &told(error));
    (StatusCode::CONFLICT, html(page)).into_response()
}

/// There is nothing at this address.
async fn unknown(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let state = server.state();
        let view = state.view(&server);
        let page = page::failure(&view, state.desk.as_ref(), "/start", view.t("page.unknown"));
        (StatusCode::NOT_FOUND, html(page)).into_response()
    })
    .await
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

fn only_looks() -> Error {
    Error::Unusable {
        file: "a new run".into(),
        found: "the program was started with --read-only".into(),
        todo: "start it without".into(),
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
