//! The audit: its questions, its answers, and what other limits would do.

use axum::{
    Form,
    extract::Query,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{Asked, about_run, blocking, change_run, failed_page, html, with_desk};
use crate::serve::{audit::Audit, limits::Limits, page};

pub(super) async fn page(asked: Asked) -> Response {
    blocking(move || {
        let engine = match asked.server.engine() {
            Ok(Some(engine)) => engine,
            Ok(None) => return Redirect::to("/start").into_response(),
            Err(error) => return failed_page(&asked.server, "/audit", &error),
        };
        let page = with_desk(&asked, |view, desk| {
            let audit = Audit::of(desk, view.reviewer);
            let of_link = audit.next.and_then(|at| {
                let case = &desk.cases.list[at];
                engine.account(&case.id, &case.linked()?.id)
            });
            Ok(page::audit::page(view, desk, &audit, of_link.as_ref()))
        });
        match page {
            Some(Ok(page)) => html(page),
            Some(Err(error)) => failed_page(&asked.server, "/audit", &error),
            None => Redirect::to("/start").into_response(),
        }
    })
    .await
}

/// An answer of the audit.
#[derive(Debug, Deserialize)]
pub(super) struct Answered {
    at: usize,
    answer: String,
}

pub(super) async fn answer(asked: Asked, Form(given): Form<Answered>) -> Response {
    change_run(asked, move |view, desk| {
        if let Some(line) = desk.answer_line(given.at, &given.answer, view.reviewer) {
            desk.write(vec![line])?;
        }
        Ok(json!({ "go": "/audit" }))
    })
    .await
}

/// Limits that a person tries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tried {
    accept: Option<f64>,
    review: Option<f64>,
}

pub(super) async fn limits(asked: Asked, Query(tried): Query<Tried>) -> Response {
    about_run(asked, move |view, desk| {
        let limits = Limits::tried(desk, tried.accept, tried.review);
        Ok(page::audit::tried(view, desk, &limits))
    })
    .await
}
