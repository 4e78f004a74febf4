//! The run: what it would do, its start, its progress and its end.

use std::sync::Arc;

use axum::{extract::State as Of, response::Response};
use serde_json::json;

use super::{answer, blocking, failed, in_view, no_run};
use crate::{
    error::{Result, slashed},
    serve::{Server, State, draft::Draft, job::Job, page, queue::Queue, why::Engine},
};

pub(super) async fn page(Of(server): Of<Arc<Server>>) -> Response {
    let own = Arc::clone(&server);
    in_view(server, move |view, state| {
        let what = what_runs(&own, state);
        Ok(page::run::page(view, state.desk.as_ref(), what.as_deref()))
    })
    .await
}

/// What a start would run, in a sentence; nothing where there is nothing to run.
fn what_runs(server: &Server, state: &State) -> Option<String> {
    if state.draft.is_complete() {
        let folder = slashed(&state.draft.out());
        return Some(state.texts.with("page.run.new", &[("folder", &folder)]));
    }
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

/// Starts the run that is prepared, else that of the desk again.
pub(super) async fn start(Of(server): Of<Arc<Server>>) -> Response {
    let mut state = server.state();
    if state.job.as_ref().is_some_and(|job| job.is_running()) {
        return answer(json!({}));
    }
    let job = match state.desk.as_ref().filter(|desk| desk.only_looks.is_none()) {
        _ if state.draft.is_complete() && !server.read_only => {
            state.draft.config().map(|config| Job::start(config, None))
        }
        Some(desk) => {
            let known = server.take_engine(desk).map(Engine::into_found);
            Ok(Job::start(desk.recorded.again(&desk.folder), known))
        }
        None => Err(no_run()),
    };
    match job {
        Ok(job) => {
            state.job = Some(job);
            answer(json!({}))
        }
        Err(error) => failed(&error),
    }
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
