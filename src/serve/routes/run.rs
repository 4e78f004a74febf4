//! The run: what it would do, its start, its progress and its end.

use std::sync::Arc;

use axum::{Form, extract::State as Of, response::Response};
use serde::Deserialize;
use serde_json::json;

use super::{Asked, answer, blocking, failed, in_view, no_run, only_looks};
use crate::{
    error::{Result, slashed},
    serve::{Server, State, draft::Draft, job::Job, page, queue::Queue, why::Engine},
};

pub(super) async fn page(Of(server): Of<Arc<Server>>) -> Response {
    let own = Arc::clone(&server);
    in_view(server, "/run", move |view, state| {
        let choices = [("new", new_run(&own, state)), ("again", run_again(&own, state))];
        Ok(page::run::page(view, state.desk.as_ref(), &choices))
    })
    .await
}

/// What the run that is prepared would do, in a sentence; nothing where none is.
fn new_run(server: &Server, state: &State) -> Option<String> {
    let is_ready = state.draft.is_complete() && !server.read_only;
    let folder = slashed(&state.draft.out());
    is_ready.then(|| state.texts.with("page.run.new", &[("folder", &folder)]))
}

/// What the run of the desk would do again, in a sentence; nothing for who only looks.
fn run_again(server: &Server, state: &State) -> Option<String> {
    let desk = state.desk.as_ref().filter(|desk| desk.only_looks.is_none())?;
    let decided = desk.count(Queue::Decided).0.to_string();
    let known = server.known();
    let engine = known.as_ref().and_then(|engine| engine.as_ref());
    if engine.is_some_and(|engine| engine.can_decide_again(desk)) {
        return Some(state.texts.with("page.run.known", &[("decided", &decided)]));
    }
    let megabytes = desk.recorded.bytes().div_ceil(1_000_000).to_string();
    Some(state.texts.with("page.run.again", &[("decided", &decided), ("size", &megabytes)]))
}

/// Which run is to be started.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `new` for the one that is prepared, else that of the desk again.
    what: String,
}

pub(super) async fn start(asked: Asked, Form(wanted): Form<Wanted>) -> Response {
    blocking(move || match started(&asked, &wanted.what) {
        Ok(()) => answer(json!({})),
        Err(error) => failed(&error),
    })
    .await
}

/// Starts a run, where none is under way.
fn started(Asked { server, seen }: &Asked, what: &str) -> Result<()> {
    let mut state = server.state();
    if state.job.as_ref().is_some_and(|job| job.is_running()) {
        return Ok(());
    }
    let job = match &state.desk {
        _ if what == "new" && server.read_only => return Err(only_looks()),
        _ if what == "new" => Job::start(state.draft.config()?, None),
        Some(desk) => {
            desk.must_be(seen.as_deref())?;
            desk.must_decide()?;
            let known = server.take_engine(desk).map(Engine::into_found);
            Job::start(desk.recorded.again(&desk.folder), known)
        }
        None => return Err(no_run()),
    };
    state.job = Some(job);
    Ok(())
}

pub(super) async fn stop(Of(server): Of<Arc<Server>>) -> Response {
    if let Some(job) = &server.state().job {
        job.stop();
    }
    answer(json!({}))
}

/// How far the run is; when it is done, its results are opened.
pub(super) async fn state(Of(server): Of<Arc<Server>>) -> Response {
    blocking(move || {
        let mut state = server.state();
        let Some(job) = state.job.clone() else { return answer(json!({ "phase": "none" })) };
        let told = job.state();
        if told["phase"] == "done" {
            state.job = None;
            if let Err(error) = show_results(&server, &mut state, &job) {
                return failed(&error);
            }
        }
        answer(told)
    })
    .await
}

/// Opens what a run has written; what it has found is kept, to decide again and to explain.
fn show_results(server: &Server, state: &mut State, job: &Job) -> Result<()> {
    if state.draft.out() == job.out {
        state.draft = Draft::new(&server.base);
    }
    let is_open = state.desk.as_ref().is_some_and(|desk| desk.folder == job.out);
    match state.desk.as_mut().filter(|_| is_open) {
        Some(desk) => desk.refresh()?,
        None => state.open(&job.out, server.read_only)?,
    }
    if let Some((rules, found)) = job.take_found() {
        let engine = Arc::new(Engine::of(&job.out, rules, found)?);
        if let Some(mut known) = server.known() {
            *known = Some(engine);
        }
    }
    Ok(())
}
