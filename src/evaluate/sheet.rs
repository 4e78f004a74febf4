//! Small tables by the names of their columns.

use std::path::Path;

use crate::{
    error::{Error, Result},
    problem::Problem,
    read::{Batches, Input, ReadOptions, Row},
};

/// A table whose header is read and whose rows are not.
pub(super) struct Sheet {
    file: String,
    pub(super) header: Vec<String>,
    batches: Batches,
}

impl Sheet {
    pub(super) fn open(path: &Path) -> Result<Sheet> {
        if !path.exists() {
            return Err(Error::Unusable {
                file: path.display().to_string(),
                found: "no such file".into(),
                todo: "check the spelling of the path".into(),
            });
        }
        let table = Input::named(path).open(&ReadOptions::default())?;
        let header = table.info().header.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Sheet { file: path.display().to_string(), header, batches: table.into_batches() })
    }

    /// The position of a column, by its header as it stands.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|header| header == name)
    }

    /// The position of a column that the file must have.
    pub(super) fn column(&self, name: &str, todo: &str) -> Result<usize> {
        self.position(name).ok_or_else(|| Error::Unusable {
            file: self.file.clone(),
            found: format!("has no column {name:?}; it has: {}", self.header.join(", ")),
            todo: todo.into(),
        })
    }

    /// Hands over each row; what could not be read is given back.
    pub(super) fn each(self, mut take: impl FnMut(Row<'_>)) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for batch in self.batches {
            let batch = batch?;
            batch.rows().for_each(&mut take);
            problems.extend(batch.problems);
        }
        Ok(problems)
    }
}
