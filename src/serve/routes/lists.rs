//! The campaigns, whom each reaches, and the files for other systems.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State as Of},
    response::Response,
};
use serde_json::json;

use super::{about_run, change_run, no_run};
use crate::serve::{Server, page::lists};

pub(super) async fn page(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| lists::page(view, desk)).await
}

/// The numbers that were picked.
fn picks(pairs: &[(String, String)]) -> Vec<usize> {
    let picked = pairs.iter().filter(|(name, _)| name == "pick");
    picked.filter_map(|(_, at)| at.parse().ok()).collect()
}

pub(super) async fn preview(
    Of(server): Of<Arc<Server>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    about_run(server, move |view, desk| lists::preview(view, desk, &picks(&pairs))).await
}

pub(super) async fn write(
    Of(server): Of<Arc<Server>>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    change_run(server, move |_, desk| {
        if desk.only_looks.is_some() {
            return Err(no_run());
        }
        let target = pairs.iter().find(|(name, _)| name == "target").map_or("", |(_, of)| of);
        Ok(json!({ "text": lists::write(desk, &picks(&pairs), target)? }))
    })
    .await
}
