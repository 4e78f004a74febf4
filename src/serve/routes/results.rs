//! The results, and the records behind their numbers.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State as Of},
    response::Response,
};

use super::about_run;
use crate::serve::{Server, page};

pub(super) async fn page(Of(server): Of<Arc<Server>>) -> Response {
    about_run(server, |view, desk| page::results::page(view, desk)).await
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
    Of(server): Of<Arc<Server>>,
    Path(file): Path<String>,
    Query(wanted): Query<Vec<(String, String)>>,
) -> Response {
    let wanted = Wanted(wanted);
    about_run(server, move |view, desk| page::results::records(view, desk, &file, &wanted)).await
}
