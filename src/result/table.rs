//! A table by the names of its columns: a file of a finished run, or one that a person has saved
//! again with a spreadsheet.

use std::path::Path;

use super::column::{ByColumn, Column};
use crate::{
    error::{Error, Result, slashed},
    language::Texts,
    problem::Problem,
    read::{Batches, Input, ReadOptions, Row},
};

/// A table whose header is read and whose rows are not.
pub(crate) struct Table {
    /// The file as the user knows it.
    pub(crate) file: String,
    /// The headers, without blanks around them.
    pub(crate) header: Vec<String>,
    batches: Batches,
}

/// Where a column stands in a table; nowhere in one that an older version wrote without it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) column: &'static Column,
    pub(crate) at: Option<usize>,
}

impl Place {
    /// The cell of a row, as it stands; empty where the column is missing.
    pub(crate) fn of<'r>(self, row: Row<'r>) -> &'r str {
        self.at.map_or("", |at| row.raw(at))
    }

    /// The cell of a row as a person meant it, without blanks and the signs of a spreadsheet.
    pub(crate) fn meant<'r>(self, row: Row<'r>) -> &'r str {
        self.at.map_or("", |at| row.cell(at))
    }

    /// The cell of a row, as it stands, owned.
    pub(crate) fn text(self, row: Row<'_>) -> String {
        self.of(row).to_owned()
    }
}

impl Table {
    /// Opens a CSV file or a workbook.
    ///
    /// # Errors
    ///
    /// When it is missing, cannot be read, or holds no table.
    pub(crate) fn open(path: &Path) -> Result<Table> {
        let file = slashed(path);
        if !path.exists() {
            return Err(Error::Unusable {
                file,
                found: "no such file".into(),
                todo: "check the spelling of the path".into(),
            });
        }
        let table = Input::named(path).open(&ReadOptions::default())?;
        let header = table.info().header.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Table { file, header, batches: table.into_batches() })
    }

    /// Where the columns of one of our files stand. A report may have a column with the name of
    /// one of ours: of two, ours is the first or, behind the columns of the report, the last.
    pub(crate) fn places<R: ByColumn<Place>>(&self) -> R {
        self.places_where(|column, header| header.eq_ignore_ascii_case(column))
    }

    /// The same in a workbook, whose headings are those of a language of people.
    pub(crate) fn places_in<R: ByColumn<Place>>(&self, texts: &Texts) -> R {
        self.places_where(|column, header| {
            header.eq_ignore_ascii_case(column) || texts.is_heading(column, header)
        })
    }

    fn places_where<R: ByColumn<Place>>(&self, names: impl Fn(&str, &str) -> bool) -> R {
        R::by_column(|column| {
            let is_it = |header: &String| names(column.name, header);
            let first = self.header.iter().position(is_it);
            let is_front = R::FILE.front.iter().any(|front| front.name == column.name);
            let at = if is_front { first } else { self.header.iter().rposition(is_it) };
            Place { column, at }
        })
    }

    /// The position of a column that the user names, by its header as it stands.
    ///
    /// # Errors
    ///
    /// When there is none; `todo` says what to do about it.
    pub(crate) fn position(&self, name: &str, todo: &str) -> Result<usize> {
        let at = self.header.iter().position(|header| header == name);
        at.ok_or_else(|| self.lacks(name, todo))
    }

    /// Refuses a table without some columns.
    ///
    /// # Errors
    ///
    /// On the first that is missing; `todo` says what to do about it.
    pub(crate) fn must_have(&self, places: &[Place], todo: &str) -> Result<()> {
        match places.iter().find(|place| place.at.is_none()) {
            Some(missing) => Err(self.lacks(missing.column.name, todo)),
            None => Ok(()),
        }
    }

    fn lacks(&self, name: &str, todo: &str) -> Error {
        Error::Unusable {
            file: self.file.clone(),
            found: format!("has no column {name:?}; it has: {}", self.header.join(", ")),
            todo: todo.into(),
        }
    }

    /// Hands over each row, in file order, and returns what could not be read.
    ///
    /// # Errors
    ///
    /// When the file cannot be read on, or with the first error of `take`.
    pub(crate) fn each(self, mut take: impl FnMut(Row<'_>) -> Result<()>) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for batch in self.batches {
            let batch = batch?;
            batch.rows().try_for_each(&mut take)?;
            problems.extend(batch.problems);
        }
        Ok(problems)
    }
}
