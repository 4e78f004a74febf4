//! The first page, and the run that is being prepared.

use std::{path::Path, sync::Arc};

use axum::{
    Form,
    body::Bytes,
    extract::{Query, State as Of},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{answer, blocking, failed, in_view, no_run, only_looks, shown};
use crate::{
    error::{Error, Result},
    serve::{
        Server,
        draft::{Draft, SIDES},
        page,
    },
};

pub(super) async fn start(Of(server): Of<Arc<Server>>) -> Response {
    let base = server.base.clone();
    in_view(server, "/start", move |view, state| {
        Ok(page::start::page(view, &base, state.desk.as_ref(), &state.draft))
    })
    .await
}

/// A run that a person chose.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    run: String,
}

pub(super) async fn open(Of(server): Of<Arc<Server>>, Form(chosen): Form<Chosen>) -> Response {
    blocking(move || match server.state().open(Path::new(&chosen.run), server.read_only) {
        Ok(()) => answer(json!({ "go": "/results" })),
        Err(error) => failed(&error),
    })
    .await
}

pub(super) async fn check(Of(server): Of<Arc<Server>>) -> Response {
    in_view(server, "/check", |view, state| {
        page::check::page(view, state.desk.as_ref(), &state.draft)
    })
    .await
}

/// A file or folder, and the side on which it is to stand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Placed {
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
pub(super) async fn folder(Of(server): Of<Arc<Server>>, Query(placed): Query<Placed>) -> Response {
    blocking(move || {
        let path = match placed.path.as_str() {
            "" => server.base.clone(),
            path => server.base.join(path),
        };
        let state = server.state();
        let view = state.view(&server);
        shown(placed.side().map(|side| page::start::folder(&view, &path, side)))
    })
    .await
}

/// Changes the run that is being prepared; the page is shown anew.
fn change(server: &Server, how: impl FnOnce(&mut Draft) -> Result<()>) -> Response {
    if server.read_only {
        return failed(&only_looks());
    }
    match how(&mut server.state().draft) {
        Ok(()) => answer(json!({ "go": "" })),
        Err(error) => failed(&error),
    }
}

pub(super) async fn put(Of(server): Of<Arc<Server>>, Form(placed): Form<Placed>) -> Response {
    change(&server, |draft| {
        draft.put(placed.side()?, Path::new(&placed.path));
        Ok(())
    })
}

pub(super) async fn drop_path(Of(server): Of<Arc<Server>>, Form(placed): Form<Placed>) -> Response {
    change(&server, |draft| {
        draft.drop_path(Path::new(&placed.path));
        Ok(())
    })
}

/// A column and what it holds.
#[derive(Debug, Deserialize)]
pub(super) struct Column {
    header: String,
    field: String,
}

pub(super) async fn name_column(
    Of(server): Of<Arc<Server>>,
    Form(column): Form<Column>,
) -> Response {
    change(&server, |draft| {
        draft.name_column(&column.header, &column.field);
        Ok(())
    })
}

/// What a person has typed.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    typed: String,
}

pub(super) async fn own_domains(Of(server): Of<Arc<Server>>, Form(line): Form<Line>) -> Response {
    change(&server, |draft| {
        draft.set_own_domains(&line.typed);
        Ok(())
    })
}

/// A new run with the choices of the one that is open.
pub(super) async fn like(Of(server): Of<Arc<Server>>) -> Response {
    let run = server.state().desk.as_ref().map(|desk| desk.folder.clone());
    let base = server.base.clone();
    change(&server, |draft| {
        *draft = Draft::like(&base, &run.ok_or_else(no_run)?)?;
        Ok(())
    })
}

/// A file that was dropped.
pub(super) async fn keep(
    Of(server): Of<Arc<Server>>,
    Query(placed): Query<Placed>,
    bytes: Bytes,
) -> Response {
    blocking(move || change(&server, |draft| draft.keep(placed.side()?, &placed.name, &bytes)))
        .await
}
