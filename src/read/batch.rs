//! Rows in memory: a stretch of a table as one piece of text and the places of its cells.

use std::{ops::Range, sync::Arc};

use super::limit;
use crate::problem::Problem;

/// Rows of one table, in file order, as one piece of text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Batch {
    /// The file as the user knows it.
    pub(crate) file: Arc<str>,
    pub(super) text: String,
    /// Start and end of each cell in `text`.
    pub(super) cells: Vec<(u32, u32)>,
    pub(super) rows: Vec<RowPlace>,
    /// Rows left out of this stretch of the file, in order.
    pub(crate) problems: Vec<Problem>,
    /// Records left out that may hold an address, each with its line: whoever stands there may deny.
    pub(crate) lost: Vec<(u64, String)>,
    /// What became known in this stretch and is no problem, as lower-case phrases
    /// (`footer lines at the end passed over: 6`).
    pub(crate) notes: Vec<String>,
    /// Lines of this stretch that were recognised as the footer of an export.
    pub(crate) footer_lines: u64,
    /// Cells whose letters a system had spoilt, and which were mended.
    pub(crate) mended: u64,
    /// The rows with their typed columns, where the table has some.
    #[cfg(feature = "columnar")]
    pub(super) record: Option<arrow_array::RecordBatch>,
}

/// Where the cells of a row stand in a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowPlace {
    pub(super) first: u32,
    pub(super) end: u32,
    pub(super) line: u64,
}

/// A row of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    batch: &'a Batch,
    first: u32,
    cells: u32,
    /// The line on which the row starts, from 1; in a workbook, the number of the row.
    pub(crate) line: u64,
}

impl Batch {
    /// Keeps a record that was left out, where it may hold an address.
    pub(super) fn keep_lost(&mut self, line: u64, bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(limit::CELL)];
        if memchr::memchr(b'@', bytes).is_some() {
            self.lost.push((line, String::from_utf8_lossy(bytes).into_owned()));
        }
    }

    /// An empty batch of a file.
    pub(crate) fn new(file: Arc<str>) -> Batch {
        Batch { file, ..Batch::default() }
    }

    /// Adds a row; `line` is where it starts, from 1.
    pub(crate) fn push<'c>(&mut self, line: u64, cells: impl IntoIterator<Item = &'c str>) {
        let first = self.cells.len() as u32;
        for cell in cells {
            let start = self.text.len() as u32;
            self.text.push_str(cell);
            self.cells.push((start, self.text.len() as u32));
        }
        self.rows.push(RowPlace { first, end: self.cells.len() as u32, line });
    }

    /// All cells as one piece of text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Puts another text into a cell.
    pub(crate) fn replace(&mut self, row: usize, column: usize, text: &str) {
        let RowPlace { first, end, .. } = self.rows[row];
        if column < (end - first) as usize {
            let start = self.text.len() as u32;
            self.text.push_str(text);
            self.cells[first as usize + column] = (start, self.text.len() as u32);
        }
    }

    /// Leaves out the rows for which `stays` is false.
    pub(crate) fn retain(&mut self, stays: impl Fn(Row<'_>) -> bool) {
        let stay: Vec<bool> = self.rows().map(stays).collect();
        let mut stay = stay.into_iter();
        self.rows.retain(|_| stay.next().unwrap_or(true));
    }

    /// Some of the rows, as they stand.
    pub(crate) fn only(&self, which: &[usize]) -> Batch {
        let mut batch = Batch::new(Arc::clone(&self.file));
        for at in which {
            let row = self.row(*at);
            batch.push(row.line, (0..row.len()).map(|column| row.raw(column)));
        }
        #[cfg(feature = "columnar")]
        {
            let record = self.record.as_ref();
            batch.record = record.and_then(|record| super::columnar::rows_of(record, which));
        }
        batch
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row at a position.
    pub(crate) fn row(&self, at: usize) -> Row<'_> {
        let RowPlace { first, end, line } = self.rows[at];
        Row { batch: self, first, cells: end - first, line }
    }

    /// The rows, in file order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|at| self.row(at))
    }

    /// The notes, each with the file in front.
    pub(crate) fn notes_of_file(&self) -> impl Iterator<Item = String> {
        self.notes.iter().map(|note| format!("{}: {note}", self.file))
    }
}

impl<'a> Row<'a> {
    /// The cell at a column, without blanks around it and without the signs that keep a
    /// spreadsheet from computing it (`'+49 30 1234`, `="00123"`); empty for a column beyond the row and for
    /// the spellings of nothing (`#N/A`, `NULL`, `-`).
    #[inline]
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        as_meant(self.raw(column))
    }

    /// The cell at a column exactly as it stands; empty for a column beyond the row.
    #[inline]
    pub(crate) fn raw(&self, column: usize) -> &'a str {
        &self.batch.text[self.place(column)]
    }

    /// The bytes of [`Row::raw`], which are at hand faster than the text.
    #[inline]
    pub(crate) fn bytes(&self, column: usize) -> &'a [u8] {
        &self.batch.text.as_bytes()[self.place(column)]
    }

    /// Where the cell at a column stands.
    #[inline]
    fn place(&self, column: usize) -> Range<usize> {
        if column >= self.cells as usize {
            return 0..0;
        }
        let (start, end) = self.batch.cells[self.first as usize + column];
        start as usize..end as usize
    }

    /// The cells, each as [`Row::cell`] gives it.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn cells(&self) -> impl ExactSizeIterator<Item = &'a str> + use<'a> {
        let first = self.first as usize;
        let batch = self.batch;
        let cells = &batch.cells[first..first + self.cells as usize];
        cells.iter().map(|&(start, end)| as_meant(&batch.text[start as usize..end as usize]))
    }

    /// How many cells the row has.
    pub(crate) fn len(&self) -> usize {
        self.cells as usize
    }

    /// The file of the row, as the user knows it.
    pub(crate) fn file(&self) -> &'a Arc<str> {
        &self.batch.file
    }
}

/// A cell as it was meant: trimmed, unguarded, empty where it says nothing.
#[inline]
fn as_meant(raw: &str) -> &str {
    if is_plain(raw.as_bytes()) { raw } else { read_as_meant(raw) }
}

/// Whether a cell is as it was meant for certain, as its ends tell of most: a letter or a digit with
/// which nothing is spelled, and no white space.
#[inline]
fn is_plain(raw: &[u8]) -> bool {
    match raw {
        [] => true,
        [first, .., last] => {
            first.is_ascii_alphanumeric()
                && !matches!(first, b'N' | b'n' | b'0')
                && last.is_ascii_graphic()
        }
        [_] => false,
    }
}

fn read_as_meant(raw: &str) -> &str {
    let cell = raw.trim();
    match cell.as_bytes() {
        [] => "",
        [b'\'', b'+' | b'=' | b'-' | b'@', ..] => as_meant(&cell[1..]),
        [b'=', b'"', inside @ .., b'"'] if !inside.contains(&b'"') => {
            as_meant(&cell[2..cell.len() - 1])
        }
        [b'-' | b'#' | b'N' | b'n' | b'0', ..] if cell.len() <= 18 && is_nothing(cell) => "",
        _ => cell,
    }
}

/// Whether a trimmed cell is a spelling of nothing.
fn is_nothing(cell: &str) -> bool {
    matches!(
        cell,
        "-" | "#N/A" | "NULL" | "null" | "N/A" | "n/a" | "000000000000000AAA" | "000000000000000"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_given_as_they_were_meant() {
        for (raw, want) in [
            ("Contoso", "Contoso"),
            ("  Contoso \t", "Contoso"),
            ("\u{3000}東京\u{3000}", "東京"), // ideographic spaces around
            ("é", "é"),
            ("x", "x"),
            ("", ""),
            (" ", ""),
            ("#N/A", ""),
            ("NULL", ""),
            (" - ", ""),
            ("-5", "-5"),
            ("'+49 30 1234", "+49 30 1234"),
            ("'@contoso", "@contoso"),
            ("=\"00123\"", "00123"), // a text that a spreadsheet must not take for a number
            ("=\"\"", ""),
            ("=A1", "=A1"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("000000000000000AAA", ""),
            ("001000000000000AAA", "001000000000000AAA"),
        ] {
            assert_eq!(as_meant(raw), want, "raw cell: {raw:?}");
        }
    }

    #[test]
    fn a_column_beyond_the_row_is_an_empty_cell() {
        let mut batch = Batch::new("a.csv".into());
        batch.push(2, ["Contoso", "Berlin"]);
        batch.push(3, ["Fabrikam"]);
        assert_eq!(batch.row(0).cell(1), "Berlin");
        assert_eq!(batch.row(1).cell(1), "");
        assert_eq!(batch.row(0).cells().collect::<Vec<_>>(), ["Contoso", "Berlin"]);
    }
}
