//! The results, and the records behind their numbers.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{Asked, blocking, failed_page, html, page_of_run, with_desk};
use crate::serve::{
    desk::Desk,
    page::{self, View},
    why::Which,
};

pub(super) async fn page(asked: Asked) -> Response {
    page_of_run(asked, "/results", |view, desk| page::results::page(view, desk)).await
}

/// Which rows of a file a person wants to see: columns with the value of each, and from which row on.
pub(in crate::serve) struct Wanted(Vec<(String, String)>);

impl Wanted {
    /// The columns and values.
    pub(in crate::serve) fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.0.iter().map(|(column, value)| (column.as_str(), value.as_str()));
        named.filter(|(column, _)| *column != "from")
    }

    /// The first row.
    pub(in crate::serve) fn from(&self) -> usize {
        let from = self.0.iter().find(|(name, _)| name == "from");
        from.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
    }
}

pub(super) async fn records(
    asked: Asked,
    Path(file): Path<String>,
    Query(wanted): Query<Vec<(String, String)>>,
) -> Response {
    let wanted = Wanted(wanted);
    let records =
        move |view: &View<'_>, desk: &mut Desk| page::records::records(view, desk, &file, &wanted);
    page_of_run(asked, "/results", records).await
}

/// Rows of the files that the run has read: accounts or contacts of a status, or all of a file.
pub(super) async fn read(
    asked: Asked,
    Path(name): Path<String>,
    Query(wanted): Query<Vec<(String, String)>>,
) -> Response {
    let wanted = Wanted(wanted);
    blocking(move || {
        let found = Which::of(&name, &wanted).and_then(|which| match asked.server.engine()? {
            Some(engine) => engine.rows(which, wanted.from()).map(Some),
            None => Ok(None),
        });
        let page = found.map(|rows| {
            let rows = rows?;
            with_desk(&asked, |view, desk| page::records::read(view, desk, &name, &wanted, &rows))
        });
        match page {
            Ok(Some(Ok(page))) => html(page),
            Ok(Some(Err(error))) | Err(error) => failed_page(&asked.server, "/results", &error),
            Ok(None) => Redirect::to("/start").into_response(),
        }
    })
    .await
}
