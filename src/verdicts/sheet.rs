//! A small table that a person may have saved again with Excel, held whole.

use std::path::Path;

use crate::{
    error::Result,
    problem::Problem,
    read::{Batch, Input, ReadOptions, Row},
};

/// A table with a header.
pub(super) struct Sheet {
    header: Vec<String>,
    batches: Vec<Batch>,
}

impl Sheet {
    /// Reads a CSV file or a workbook.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read or holds no table.
    pub(super) fn open(path: &Path) -> Result<Sheet> {
        let table = Input::named(path).open(&ReadOptions::default())?;
        let header = table.info().header.clone();
        let batches = table.into_batches().collect::<Result<_>>()?;
        Ok(Sheet { header, batches })
    }

    /// The position of a column, by its header.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|header| header.trim().eq_ignore_ascii_case(name))
    }

    /// The rows, in file order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.batches.iter().flat_map(Batch::rows)
    }

    /// Rows that could not be read, in file order.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.batches.iter().flat_map(|batch| &batch.problems)
    }
}
