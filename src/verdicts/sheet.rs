//! A small table that a person may have saved again with Excel: any encoding, any delimiter, or a
//! workbook.

use std::{fs, path::Path};

use calamine::{Data, Reader as _, open_workbook_auto};

use crate::error::{Error, Result};

/// The sheet of `review.xlsx` that holds the candidates.
pub(crate) const REVIEW_SHEET: &str = "Review";

/// A table with a header, held whole.
pub(super) struct Sheet {
    header: Vec<String>,
    rows: Vec<SheetRow>,
}

/// A row of a sheet.
pub(super) struct SheetRow {
    /// The line or sheet row on which it starts, from 1.
    pub(super) line: u64,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads a CSV file or a workbook, by the ending of its name.
    pub(super) fn open(path: &Path) -> Result<Sheet> {
        let workbook = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        let mut rows = if workbook { workbook_rows(path)? } else { csv_rows(path)? };
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0).cells };
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
        Ok(Sheet { header, rows })
    }

    /// The position of a column, by its header.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|header| header.eq_ignore_ascii_case(name))
    }

    /// The rows that are not blank, in file order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &SheetRow> {
        self.rows.iter()
    }
}

impl SheetRow {
    /// The cell at a column, without blanks around it; empty for a column beyond the row.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell)
    }
}

fn csv_rows(path: &Path) -> Result<Vec<SheetRow>> {
    let bytes = fs::read(path).map_err(Error::io(path))?;
    let text = decode(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unusable(path, error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let trim = |cell: &str| cell.trim_matches(['\u{feff}', ' ', '\t', '\u{a0}']).to_owned();
        rows.push(SheetRow { line, cells: record.iter().map(trim).collect() });
    }
    Ok(rows)
}

/// The text of a file, by byte-order mark, else as UTF-8, else as what its bytes look like.
fn decode(bytes: &[u8]) -> String {
    if encoding_rs::Encoding::for_bom(bytes).is_some() {
        return encoding_rs::UTF_8.decode(bytes).0.into_owned(); // the mark decides, not the label
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    // a few Japanese words among ids are too little evidence for statistics, but not for us
    let (japanese, _, garbled) = encoding_rs::SHIFT_JIS.decode(bytes);
    if !garbled && ["採用", "却下", "該当なし"].iter().any(|word| japanese.contains(word)) {
        return japanese.into_owned();
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    let encoding = detector.guess(None, false);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The delimiter that the header line has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    let count = |delimiter: u8| header.bytes().filter(|&byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&d| count(d)).unwrap_or(b',')
}

fn workbook_rows(path: &Path) -> Result<Vec<SheetRow>> {
    let mut workbook = open_workbook_auto(path).map_err(|error| unusable(path, error))?;
    let names = workbook.sheet_names();
    let name = names.iter().find(|name| *name == REVIEW_SHEET).or(names.first());
    let name = name.cloned().unwrap_or_default();
    let range = workbook.worksheet_range(&name).map_err(|error| unusable(path, error))?;
    let first = range.start().map_or(0, |(row, _)| u64::from(row));
    let rows = range.rows().zip(first + 1..);
    Ok(rows
        .map(|(cells, line)| SheetRow { line, cells: cells.iter().map(text).collect() })
        .collect())
}

/// A cell of a workbook as text; a number as Excel would show it without a format.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.trim().to_owned(),
        // beyond 15 digits Excel has lost some: shown so that the id counts as damaged
        Data::Float(number) if number.abs() >= 1e15 => format!("{number:E}").replace('E', "E+"),
        other => other.to_string(),
    }
}

fn unusable(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Unusable {
        file: path.display().to_string(),
        found: format!("cannot be read: {error}"),
        todo: "close it in Excel, or repair it or move it away, then run again".into(),
    }
}
