//! Bytes to rows: every encoding, dialect, workbook and archive ends as a [`Table`].

use std::{path::PathBuf, sync::Arc};

use crate::{error::Result, problem::Problem};

/// One readable table that a path led to: a file, a member of an archive, standard input.
#[derive(Debug, Clone)]
pub struct Input {
    /// The file; `-` is standard input.
    pub path: PathBuf,
    /// The member, where the file is an archive.
    pub member: Option<String>,
    /// Whether the user named this file; false when it was found in a folder or an archive.
    pub named: bool,
}

/// A file or member that was found but is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The file as the user knows it.
    pub file: String,
    /// Why, as a lower-case phrase.
    pub reason: String,
}

/// How files are to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The encoding to use instead of the detected one (`--encoding`).
    pub encoding: Option<String>,
    /// The sheet to read of workbooks (`--sheet`).
    pub sheet: Option<String>,
}

/// An opened table: its header is known, its rows are still to be read.
pub struct Table {
    info: TableInfo,
    batches: Batches,
}

/// What is known of a table before its rows are read.
#[derive(Debug, Clone, Default)]
pub struct TableInfo {
    /// The file as the user knows it.
    pub file: String,
    /// The headers as written, by position.
    pub header: Vec<String>,
    /// The logical names of the columns, from the hidden sheet of a Dynamics workbook; empty else.
    pub logical_names: Vec<Option<String>>,
    /// The object that the hidden sheet names (`account`, `contact`).
    pub logical_object: Option<String>,
    /// The encoding, as a label for people (`UTF-8`, `Windows-1252`), with why it was chosen.
    pub encoding: String,
    /// The container and dialect for people (`comma`, `semicolon`, `workbook, sheet Accounts`).
    pub dialect: String,
    /// Things worth telling that are no problem rows (title lines passed over, 100,000 rows).
    pub notes: Vec<String>,
}

/// Rows of one table, in file order, as one piece of text.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The file as the user knows it.
    pub file: Arc<str>,
    text: String,
    /// End of each cell in `text`.
    ends: Vec<u32>,
    /// First cell of each row in `ends`, and the line on which the row starts.
    rows: Vec<(u32, u64)>,
    /// Rows left out of this stretch of the file, in order.
    pub problems: Vec<Problem>,
}

/// A row of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    batch: &'a Batch,
    first: u32,
    cells: u32,
    /// The line on which the row starts, from 1.
    pub line: u64,
}

/// The rows of a table, a few thousand at a time.
pub type Batches = Box<dyn Iterator<Item = Result<Batch>> + Send>;

impl Table {
    /// A table from its parts.
    pub fn new(info: TableInfo, batches: Batches) -> Table {
        Table { info, batches }
    }

    /// What is known before the rows are read.
    pub fn info(&self) -> &TableInfo {
        &self.info
    }

    /// The rows, a few thousand at a time, in file order.
    pub fn into_batches(self) -> Batches {
        self.batches
    }
}

impl Batch {
    /// An empty batch of a file.
    pub fn new(file: Arc<str>) -> Batch {
        Batch { file, ..Batch::default() }
    }

    /// Adds a row; `line` is where it starts, from 1.
    pub fn push<'c>(&mut self, line: u64, cells: impl IntoIterator<Item = &'c str>) {
        self.rows.push((self.ends.len() as u32, line));
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len() as u32);
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a position.
    pub fn row(&self, at: usize) -> Row<'_> {
        let (first, line) = self.rows[at];
        let next = self.rows.get(at + 1).map_or(self.ends.len() as u32, |(first, _)| *first);
        Row { batch: self, first, cells: next - first, line }
    }

    /// The rows, in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|at| self.row(at))
    }
}

impl<'a> Row<'a> {
    /// The cell at a column, without blanks around it; empty for a column beyond the row and for
    /// the spellings of nothing (`#N/A`, `NULL`, `-`).
    pub fn cell(&self, column: usize) -> &'a str {
        if column as u32 >= self.cells {
            return "";
        }
        let at = self.first as usize + column;
        let start = if at == 0 { 0 } else { self.batch.ends[at - 1] as usize };
        let cell = self.batch.text[start..self.batch.ends[at] as usize].trim();
        if is_nothing(cell) { "" } else { cell }
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.cells as usize
    }

    /// Whether the row has no cell.
    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// The file of the row, as the user knows it.
    pub fn file(&self) -> &'a Arc<str> {
        &self.batch.file
    }
}

/// Whether a trimmed cell is a spelling of nothing.
fn is_nothing(cell: &str) -> bool {
    matches!(
        cell,
        "-" | "#N/A" | "NULL" | "null" | "N/A" | "n/a" | "000000000000000AAA" | "000000000000000"
    )
}
