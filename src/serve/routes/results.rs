//! The results, and the records behind their numbers.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::{Asked, page_of_run};
use crate::serve::{
    desk::Desk,
    page::{self, View},
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
        move |view: &View<'_>, desk: &mut Desk| page::results::records(view, desk, &file, &wanted);
    page_of_run(asked, "/results", records).await
}
