//! The campaigns, whom each reaches, and the files for other systems.

use axum::{Form, extract::Query, response::Response};
use serde_json::json;

use super::{Asked, about_run, change_run, page_of_run};
use crate::serve::page::lists;

pub(super) async fn page(asked: Asked) -> Response {
    page_of_run(asked, "/lists", |view, desk| lists::page(view, desk)).await
}

/// The numbers that were picked.
fn picks(pairs: &[(String, String)]) -> Vec<usize> {
    let picked = pairs.iter().filter(|(name, _)| name == "pick");
    picked.filter_map(|(_, at)| at.parse().ok()).collect()
}

pub(super) async fn preview(asked: Asked, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    about_run(asked, move |view, desk| lists::preview(view, desk, &picks(&pairs))).await
}

pub(super) async fn write(asked: Asked, Form(pairs): Form<Vec<(String, String)>>) -> Response {
    change_run(asked, move |_, desk| {
        desk.must_decide()?;
        let target = pairs.iter().find(|(name, _)| name == "target").map_or("", |(_, of)| of);
        Ok(json!({ "text": lists::write(desk, &picks(&pairs), target)? }))
    })
    .await
}
