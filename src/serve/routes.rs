//! The addresses of the pages, and what answers at each.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Path, Query, State as Of},
    http::{StatusCode, header},
    middleware,
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use maud::Markup;
use serde::Deserialize;
use serde_json::json;

use super::{
    Server, State,
    act::{Ask, Done},
    audit::Audit,
    bulk::Plan,
    desk::Desk,
    draft::{Draft, SIDES},
    guard,
    job::Job,
    page::{self, View, audit as audit_view, check, lists, panel, results, review, run, start},
    queue::{Filter, Queue},
    why::look_for,
};
use crate::{
    error::{Error, Result, slashed},
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
        .route("/start", get(start_page))
        .route("/open", post(open_run))
        .route("/results", get(results_page))
        .route("/records/{file}", get(records_page))
        .route("/review", get(review_page))
        .route("/review/rows", get(rows))
        .route("/review/counts", get(counts))
        .route("/review/case", get(case))
        .route("/review/history", get(history))
        .route("/review/act", post(act))
        .route("/review/why", get(why))
        .route("/review/find", get(find))
        .route("/review/bulk", get(bulk).post(decide_many))
        .route("/run", get(run_page))
        .route("/run/start", post(start_run))
        .route("/run/stop", post(stop_run))
        .route("/run/state", get(run_state))
        .route("/lists", get(lists_page))
        .route("/lists/preview", get(preview))
        .route("/lists/export", post(write_list))
        .route("/audit", get(audit_page))
        .route("/audit/answer", post(answer_audit))
        .route("/check", get(check_page))
        .route("/new/folder", get(folder))
        .route("/new/put", post(put))
        .route("/new/drop", post(drop_path))
        .route("/new/column", post(name_column))
        .route("/new/own-domains", post(own_domains))
        .route("/new/like", post(like))
        .route("/new/file", post(keep).layer(DefaultBodyLimit::max(MOST_DROPPED)))
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

/// A page about the run that is open; the first page where none is.
async fn about_run(
    server: Arc<Server>,
    make: impl FnOnce(&View<'_>, &mut Desk) -> Result<Markup> + Send + 'static,
) -> Response {
    blocking(move || {
        let mut state = server.state();
        let State { desk, texts, language, reviewer, .. } = &mut *state;
        let Some(desk) = desk else { return Redirect::to("/start").into_response() };
        let view = View { texts, language: *language, reviewer, token: server.guard.token() };
        match desk.refresh().and_then(|()| make(&view, desk)) {
            Ok(page) => Html(page.into_string()).into_response(),
            Err(error) => failed(&error),
        }
    })
    .await
}

/// An error as the page shows it: what was found, and what to do.
fn failed(error: &Error) -> Response {
    let hint = error.hint().map_or(String::new(), |hint| format!("\n{hint}"));
    (StatusCode::CONFLICT, format!("{error}{hint}\n")).into_response()
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

async fn start_page(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let state = server.state();
        let view = View {
            texts: &state.texts,
            language: state.language,
            reviewer: &state.reviewer,
            token: server.guard.token(),
        };
        Html(start::page(&view, &server.base, state.desk.as_ref(), &state.draft).into_string())
            .into_response()
    })
    .await
}

/// A run that a person chose.
#[derive(Debug, Deserialize)]
struct Chosen {
    run: String,
}

async fn open_run(Of(server): Of<Arc<Server>>, Form(chosen): Form<Chosen>) -> Response {
    blocking(move || {
        let mut state = server.state();
        match state.open(std::path::Path::new(&chosen.run), server.read_only) {
            Ok(()) => answer(json!({ "go": "/results" })),
            Err(error) => failed(&error),
        }
    })
    .await
}

async fn results_page(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| results::page(view, desk)).await
}

/// Which rows of a file a person wants to see: columns with the value of each, and from which row on.
pub(super) struct Wanted(Vec<(String, String)>);

impl Wanted {
    /// The columns and values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.0.iter().map(|(column, value)| (column.as_str(), value.as_str()));
        named.filter(|(column, _)| *column != "from")
    }

    /// The first row.
    pub(super) fn from(&self) -> usize {
        let from = self.0.iter().find(|(name, _)| name == "from");
        from.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
    }
}

async fn records_page(
    Of(server): Of<Arc<Server>>,
    Path(file): Path<String>,
    Query(wanted): Query<Vec<(String, String)>>,
) -> Response {
    let wanted = Wanted(wanted);
    about_run(server, move |view, desk| results::records(view, desk, &file, &wanted)).await
}

async fn review_page(Of(server): Of<Arc<Server>>, Query(filter): Query<Filter>) -> Response {
    about_run(server, move |view, desk| Ok(review::page(view, desk, &filter))).await
}

/// Which rows of the list a page lacks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    after: Option<usize>,
}

async fn rows(
    Of(server): Of<Arc<Server>>,
    Query(filter): Query<Filter>,
    Query(After { after }): Query<After>,
) -> Response {
    about_run(server, move |view, desk| {
        Ok(review::rows(view, desk, &filter, after.map_or(0, |after| after + 1)))
    })
    .await
}

async fn counts(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| Ok(review::counts(view, desk))).await
}

/// Which customer and which of its accounts to show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    at: usize,
    account: usize,
}

async fn case(Of(server): Of<Arc<Server>>, Query(shown): Query<Shown>) -> Response {
    about_run(server, move |view, desk| Ok(review::panel(view, desk, shown.at, shown.account)))
        .await
}

async fn history(Of(server): Of<Arc<Server>>, Query(shown): Query<Shown>) -> Response {
    about_run(server, move |view, desk| Ok(review::history(view, desk, shown.at))).await
}

/// Does what a key asks for; the answer says what the page shows anew.
async fn act(Of(server): Of<Arc<Server>>, Form(ask): Form<Ask>) -> Response {
    blocking(move || {
        let mut state = server.state();
        let State { desk, texts, language, reviewer, .. } = &mut *state;
        let Some(desk) = desk else { return failed(&no_run()) };
        let view = View { texts, language: *language, reviewer, token: server.guard.token() };
        match desk.refresh().and_then(|()| desk.act(&ask, reviewer)) {
            Ok(done) => said(&view, desk, &ask, done),
            Err(error) => {
                let mut response = failed(&error);
                *response.status_mut() = StatusCode::INSUFFICIENT_STORAGE;
                response
            }
        }
    })
    .await
}

/// A pair to be explained.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pair {
    at: usize,
    account: String,
}

async fn why(Of(server): Of<Arc<Server>>, Query(pair): Query<Pair>) -> Response {
    blocking(move || {
        let answered = server.engine().and_then(|engine| {
            let engine = engine.ok_or_else(no_run)?;
            let customer = {
                let state = server.state();
                let desk = state.desk.as_ref().ok_or_else(no_run)?;
                desk.cases.list.get(pair.at).ok_or_else(no_run)?.id.to_string()
            };
            engine.answer(&customer, &pair.account)
        });
        match answered {
            Ok(answer) => in_view(&server, |view, _| panel::why(view, &answer)),
            Err(error) => failed(&error),
        }
    })
    .await
}

/// What a person looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    q: String,
}

async fn find(Of(server): Of<Arc<Server>>, Query(Typed { q }): Query<Typed>) -> Response {
    blocking(move || {
        let run = server.state().desk.as_ref().map(|desk| desk.folder.clone());
        let hits = match run {
            Some(run) if !q.trim().is_empty() => look_for(&run, &q),
            _ => Ok(Vec::new()),
        };
        match hits {
            Ok(hits) => in_view(&server, |view, desk| panel::hits(view, desk, &q, &hits)),
            Err(error) => failed(&error),
        }
    })
    .await
}

/// A fragment about the run that is open.
fn in_view(server: &Server, make: impl FnOnce(&View<'_>, &Desk) -> Markup) -> Response {
    let state = server.state();
    let view = View {
        texts: &state.texts,
        language: state.language,
        reviewer: &state.reviewer,
        token: server.guard.token(),
    };
    match &state.desk {
        Some(desk) => Html(make(&view, desk).into_string()).into_response(),
        None => failed(&no_run()),
    }
}

async fn bulk(Of(server): Of<Arc<Server>>, Query(filter): Query<Filter>) -> Response {
    about_run(server, move |view, desk| {
        let plan = Plan::of(desk, &filter);
        Ok(panel::bulk(view, desk, &plan))
    })
    .await
}

/// How many customers a person means to decide about.
#[derive(Debug, Deserialize)]
struct Meant {
    typed: usize,
}

async fn decide_many(
    Of(server): Of<Arc<Server>>,
    Query(filter): Query<Filter>,
    Form(Meant { typed }): Form<Meant>,
) -> Response {
    blocking(move || {
        let mut state = server.state();
        let State { desk, texts, reviewer, .. } = &mut *state;
        let Some(desk) = desk else { return failed(&no_run()) };
        match desk.refresh().and_then(|()| desk.accept_many(&filter, typed, reviewer)) {
            Ok(_) => {
                let count = typed.to_string();
                answer(
                    json!({ "said": texts.with("page.bulk.done", &[("count", &count)]), "go": "" }),
                )
            }
            Err(error) => failed(&error),
        }
    })
    .await
}

async fn run_page(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let state = server.state();
        let view = View {
            texts: &state.texts,
            language: state.language,
            reviewer: &state.reviewer,
            token: server.guard.token(),
        };
        let what = what_runs(&state);
        Html(run::page(&view, state.desk.as_ref(), what.as_deref()).into_string()).into_response()
    })
    .await
}

/// What a start would run, in a sentence; nothing where there is nothing to run.
fn what_runs(state: &State) -> Option<String> {
    if state.draft.is_complete() {
        let folder = slashed(&state.draft.out());
        return Some(state.texts.with("page.run.new", &[("folder", &folder)]));
    }
    let desk = state.desk.as_ref().filter(|desk| desk.only_looks.is_none())?;
    let megabytes = desk.recorded.bytes().div_ceil(1_000_000).to_string();
    let decided = desk.count(Queue::Decided).0.to_string();
    Some(state.texts.with("page.run.again", &[("decided", &decided), ("size", &megabytes)]))
}

/// Starts the run that is prepared, else that of the desk again.
async fn start_run(Of(server): Of<Arc<Server>>) -> Response {
    let mut state = server.state();
    if state.job.as_ref().is_some_and(|job| job.is_running()) {
        return answer(json!({}));
    }
    let config = match state.desk.as_ref().filter(|desk| desk.only_looks.is_none()) {
        _ if state.draft.is_complete() && !server.read_only => state.draft.config(),
        Some(desk) => Ok(desk.recorded.again(&desk.folder)),
        None => Err(no_run()),
    };
    match config {
        Ok(config) => {
            state.job = Some(Job::start(config));
            answer(json!({}))
        }
        Err(error) => failed(&error),
    }
}

async fn stop_run(Of(server): Of<Arc<Server>>) -> Response {
    if let Some(job) = &server.state().job {
        job.stop();
    }
    answer(json!({}))
}

/// How far the run is; when it is done, its results are opened.
async fn run_state(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let mut state = server.state();
        let Some(job) = state.job.clone() else { return answer(json!({ "phase": "none" })) };
        let told = job.state();
        if told["phase"] == "done" {
            state.job = None;
            if state.draft.out() == job.out {
                state.draft = Draft::new(&server.base);
            }
            let is_open = state.desk.as_ref().is_some_and(|desk| desk.folder == job.out);
            let opened = match state.desk.as_mut().filter(|_| is_open) {
                Some(desk) => desk.refresh(),
                None => state.open(&job.out, server.read_only),
            };
            if let Err(error) = opened {
                return failed(&error);
            }
        }
        answer(told)
    })
    .await
}

async fn lists_page(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| lists::page(view, desk)).await
}

/// The numbers that were picked.
fn picks(pairs: &[(String, String)]) -> Vec<usize> {
    let picked = pairs.iter().filter(|(name, _)| name == "pick");
    picked.filter_map(|(_, at)| at.parse().ok()).collect()
}

async fn preview(
    Of(server): Of<Arc<Server>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    about_run(server, move |view, desk| lists::preview(view, desk, &picks(&pairs))).await
}

async fn write_list(
    Of(server): Of<Arc<Server>>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    blocking(move || {
        let state = server.state();
        let Some(desk) = state.desk.as_ref().filter(|desk| desk.only_looks.is_none()) else {
            return failed(&no_run());
        };
        let target = pairs.iter().find(|(name, _)| name == "target").map_or("", |(_, of)| of);
        match lists::write(desk, &picks(&pairs), target) {
            Ok(said) => answer(json!({ "text": said })),
            Err(error) => failed(&error),
        }
    })
    .await
}

async fn audit_page(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let engine = match server.engine() {
            Ok(Some(engine)) => engine,
            Ok(None) => return Redirect::to("/start").into_response(),
            Err(error) => return failed(&error),
        };
        in_view(&server, |view, desk| {
            let audit = Audit::of(desk);
            let of_link = audit.next.and_then(|at| {
                let case = &desk.cases.list[at];
                engine.account(&case.id, &case.linked()?.id)
            });
            audit_view::page(view, desk, &audit, of_link.as_ref())
        })
    })
    .await
}

/// An answer of the audit.
#[derive(Debug, Deserialize)]
struct Answered {
    at: usize,
    answer: String,
}

async fn answer_audit(Of(server): Of<Arc<Server>>, Form(given): Form<Answered>) -> Response {
    blocking(move || {
        let mut state = server.state();
        let State { desk, reviewer, .. } = &mut *state;
        let Some(desk) = desk else { return failed(&no_run()) };
        let line = desk.answer_line(given.at, &given.answer, reviewer);
        match line.map_or(Ok(()), |line| desk.write(vec![line])) {
            Ok(()) => answer(json!({ "go": "/audit" })),
            Err(error) => failed(&error),
        }
    })
    .await
}

async fn check_page(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let state = server.state();
        let view = View {
            texts: &state.texts,
            language: state.language,
            reviewer: &state.reviewer,
            token: server.guard.token(),
        };
        match check::page(&view, state.desk.as_ref(), &state.draft) {
            Ok(page) => Html(page.into_string()).into_response(),
            Err(error) => failed(&error),
        }
    })
    .await
}

/// A file or folder, and the side on which it is to stand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Placed {
    side: String,
    path: String,
    name: String,
}

impl Placed {
    fn side(&self) -> Result<&'static str> {
        let known = SIDES.iter().find(|side| **side == self.side);
        known.copied().ok_or_else(|| Error::Unusable {
            file: self.side.clone(),
            found: "no side of a run".into(),
            todo: "put the file to the reports, the CRM or the suppression lists".into(),
        })
    }
}

/// What a folder holds; without a path, that in which the program was started.
async fn folder(Of(server): Of<Arc<Server>>, Query(placed): Query<Placed>) -> Response {
    blocking(move || {
        let side = match placed.side() {
            Ok(side) => side,
            Err(error) => return failed(&error),
        };
        let path = match placed.path.as_str() {
            "" => server.base.clone(),
            path => server.base.join(path),
        };
        let state = server.state();
        let view = View {
            texts: &state.texts,
            language: state.language,
            reviewer: &state.reviewer,
            token: server.guard.token(),
        };
        Html(start::folder(&view, &path, side).into_string()).into_response()
    })
    .await
}

/// Changes the run that is being prepared; the page is shown anew.
fn change(server: &Server, how: impl FnOnce(&mut Draft) -> Result<()>) -> Response {
    if server.read_only {
        return failed(&no_run());
    }
    match how(&mut server.state().draft) {
        Ok(()) => answer(json!({ "go": "" })),
        Err(error) => failed(&error),
    }
}

async fn put(Of(server): Of<Arc<Server>>, Form(placed): Form<Placed>) -> Response {
    change(&server, |draft| {
        draft.put(placed.side()?, std::path::Path::new(&placed.path));
        Ok(())
    })
}

async fn drop_path(Of(server): Of<Arc<Server>>, Form(placed): Form<Placed>) -> Response {
    change(&server, |draft| {
        draft.drop_path(std::path::Path::new(&placed.path));
        Ok(())
    })
}

/// A column and what it holds.
#[derive(Debug, Deserialize)]
struct Column {
    header: String,
    field: String,
}

async fn name_column(Of(server): Of<Arc<Server>>, Form(column): Form<Column>) -> Response {
    change(&server, |draft| {
        draft.name_column(&column.header, &column.field);
        Ok(())
    })
}

/// What a person has typed.
#[derive(Debug, Deserialize)]
struct Line {
    typed: String,
}

async fn own_domains(Of(server): Of<Arc<Server>>, Form(line): Form<Line>) -> Response {
    change(&server, |draft| {
        draft.set_own_domains(&line.typed);
        Ok(())
    })
}

/// A new run with the choices of the one that is open.
async fn like(Of(server): Of<Arc<Server>>) -> Response {
    let run = server.state().desk.as_ref().map(|desk| desk.folder.clone());
    let base = server.base.clone();
    change(&server, |draft| {
        *draft = Draft::like(&base, &run.ok_or_else(no_run)?)?;
        Ok(())
    })
}

/// A file that was dropped.
async fn keep(
    Of(server): Of<Arc<Server>>,
    Query(placed): Query<Placed>,
    bytes: axum::body::Bytes,
) -> Response {
    blocking(move || change(&server, |draft| draft.keep(placed.side()?, &placed.name, &bytes)))
        .await
}

fn no_run() -> Error {
    Error::Unusable {
        file: "the run".into(),
        found: "none is open".into(),
        todo: "open one on the first page".into(),
    }
}

/// What became of an act, for the page.
fn said(view: &View<'_>, desk: &Desk, ask: &Ask, done: Done) -> Response {
    let counts = || review::counts(view, desk).into_string();
    answer(match done {
        Done::Written { at, goes_on } => json!({
            "done": review::sentence(view, desk, ask, at),
            "at": at,
            "on": goes_on,
            "row": review::row(view, desk, at, None).into_string(),
            "counts": counts(),
        }),
        Done::Objection(holders) => json!({
            "objection": review::objection(view, desk, &holders),
            "counts": counts(),
        }),
        Done::Nothing => json!({ "done": view.texts.get("page.nothing") }),
    })
}

fn answer(value: serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
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
