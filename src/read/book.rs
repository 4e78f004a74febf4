//! The sheets of a workbook, a row of text at a time.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
    ops::ControlFlow,
};

use calamine::{
    Data, DataRef, DataType, ExcelDateTime, Ods, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx,
};
use zip::ZipArchive;

use super::{Input, compound, content::Content, limit, source};
use crate::error::{Error, Result};

/// Where a workbook is read from.
pub(super) trait Source: Read + Seek + Send {}
impl<S: Read + Seek + Send> Source for S {}
pub(super) type BoxedSource = Box<dyn Source>;

/// A workbook of a format that is read.
pub(super) enum Book {
    Xlsx(Xlsx<BoxedSource>),
    Xls(Xls<BoxedSource>),
    Ods(Ods<BoxedSource>),
}

/// The format of a workbook that is an archive.
enum Format {
    Xlsx,
    Ods,
}

impl Book {
    /// Opens a workbook.
    pub(super) fn open(input: &Input, content: Content) -> Result<Book> {
        if content == Content::OldWorkbook {
            let bytes = in_memory(input)?;
            if compound::is_encrypted(&bytes) {
                return Err(damaged(input, &"protected by a password"));
            }
            if !compound::is_sound(&bytes) {
                return Err(damaged(input, &"its structure makes no sense"));
            }
            let source: BoxedSource = Box::new(Cursor::new(bytes));
            let book = Xls::new(source).map_err(|error| damaged(input, &error))?;
            return Ok(Book::Xls(book));
        }
        let source = boxed(input)?;
        match format(input)? {
            Format::Xlsx => {
                Xlsx::new(source).map(Book::Xlsx).map_err(|error| damaged(input, &error))
            }
            Format::Ods => Ods::new(source).map(Book::Ods).map_err(|error| damaged(input, &error)),
        }
    }

    /// The worksheets, those that can be seen first.
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        let sheets = match self {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        let (mut sheets, hidden): (Vec<Sheet>, Vec<Sheet>) = sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .cloned()
            .partition(|sheet| sheet.visible == SheetVisible::Visible);
        sheets.extend(hidden);
        sheets
    }

    /// Gives each row of a sheet that holds something, from the top: its number, from 1, and its
    /// cells as text up to the last one that is filled. Stops when `take` breaks.
    pub(super) fn each_row(
        &mut self,
        input: &Input,
        sheet: &str,
        take: &mut dyn FnMut(u64, &[String]) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut row = RowBuffer::default();
        match self {
            Book::Xlsx(book) => {
                let mut cells =
                    book.worksheet_cells_reader(sheet).map_err(|error| damaged(input, &error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| damaged(input, &error))? {
                    if row.put(cell.get_position(), cell.get_value(), take).is_break() {
                        return Ok(());
                    }
                }
            }
            Book::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| damaged(input, &error))?;
                put_range(&range, &mut row, take);
            }
            Book::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| damaged(input, &error))?;
                put_range(&range, &mut row, take);
            }
        }
        let _ = row.give(take);
        Ok(())
    }
}

/// Puts all cells of a sheet that is in memory.
fn put_range(
    range: &calamine::Range<Data>,
    row: &mut RowBuffer,
    take: &mut dyn FnMut(u64, &[String]) -> ControlFlow<()>,
) {
    let (top, left) = range.start().unwrap_or_default();
    for (down, right, value) in range.used_cells() {
        let at = (top + down as u32, left + right as u32);
        if row.put(at, &borrowed(value), take).is_break() {
            row.line = 0;
            return;
        }
    }
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(value) => DataRef::SharedString(value),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(value) => DataRef::DateTimeIso(value.clone()),
        Data::DurationIso(value) => DataRef::SharedString(value),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The row that is being put together.
#[derive(Default)]
struct RowBuffer {
    /// Its number, from 1; 0 where there is none.
    line: u64,
    cells: Vec<String>,
    used: usize,
}

impl RowBuffer {
    /// Adds a cell, and gives the row above away when the cell begins another one.
    fn put(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef<'_>,
        take: &mut dyn FnMut(u64, &[String]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (line, column) = (u64::from(row) + 1, column as usize);
        if line != self.line {
            self.give(take)?;
            self.line = line;
        }
        if value.is_empty() || column >= limit::COLUMNS {
            return ControlFlow::Continue(());
        }
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        self.used = self.used.max(column + 1);
        write_text(value, &mut self.cells[column]);
        ControlFlow::Continue(())
    }

    /// Gives the row away and begins a new one.
    fn give(&mut self, take: &mut dyn FnMut(u64, &[String]) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.line == 0 || self.used == 0 {
            return ControlFlow::Continue(());
        }
        let flow = take(self.line, &self.cells[..self.used]);
        self.cells[..self.used].iter_mut().for_each(String::clear);
        (self.line, self.used) = (0, 0);
        flow
    }
}

/// Writes a value as the text that a CSV export would hold: ids without `.0` or an exponent, dates
/// in ISO form.
fn write_text(value: &DataRef<'_>, text: &mut String) {
    text.clear();
    match value {
        DataRef::String(value) => text.push_str(value),
        DataRef::SharedString(value) => text.push_str(value),
        DataRef::Int(value) => text.push_str(&value.to_string()),
        DataRef::Float(value) => text.push_str(&number(*value)),
        DataRef::Bool(value) => text.push_str(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(value) => text.push_str(&date(value)),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => {
            text.push_str(value.strip_suffix("T00:00:00").unwrap_or(value));
        }
        DataRef::Error(error) => text.push_str(&error.to_string()),
        DataRef::Empty => {}
    }
}

/// Whole numbers from here on have lost their last digits.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// A number with the fifteen digits that a spreadsheet keeps; with an exponent only where it was
/// an id of more digits, which are lost.
pub(super) fn number(value: f64) -> String {
    let is_whole = value.fract() == 0.0;
    if is_whole && value.abs() < INEXACT {
        return (value as i64).to_string();
    }
    let kept: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if is_whole { format!("{kept:E}").replace('E', "E+") } else { kept.to_string() }
}

/// A date in ISO form, with the time where it is not midnight.
fn date(value: &ExcelDateTime) -> String {
    if value.is_duration() {
        return number(value.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    match (hour, minute, second) {
        _ if value.as_f64() < 1.0 => format!("{hour:02}:{minute:02}:{second:02}"),
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// Recognises a workbook among archives by its members, and refuses one that would not fit into
/// memory.
fn format(input: &Input) -> Result<Format> {
    let no_archive = |error: zip::result::ZipError| damaged(input, &error);
    let mut archive = ZipArchive::new(boxed(input)?).map_err(no_archive)?;
    let mut size = 0u64;
    for at in 0..archive.len() {
        size = size.saturating_add(archive.by_index_raw(at).map_err(no_archive)?.size());
    }
    if size > limit::WORKBOOK {
        return Err(Error::Limit {
            file: input.display(),
            what: format!("a workbook of {} MiB", size >> 20),
            limit: format!("{} MiB", limit::WORKBOOK >> 20),
        });
    }
    let holds = |name: &str| archive.index_for_name(name).is_some();
    if holds("xl/workbook.xml") {
        Ok(Format::Xlsx)
    } else if holds("content.xml") {
        Ok(Format::Ods)
    } else if holds("xl/workbook.bin") {
        Err(input.unusable("a binary workbook", "save it as .xlsx"))
    } else {
        Err(input.unusable("an archive, not a workbook", "rename it to .zip"))
    }
}

/// Opens a workbook's bytes; a member of an archive is unpacked into memory.
fn boxed(input: &Input) -> Result<BoxedSource> {
    if input.is_stdin() {
        let todo = "save it as a file and give that";
        return Err(input.unusable("a workbook or an archive", todo));
    }
    if input.member.is_some() {
        return Ok(Box::new(Cursor::new(in_memory(input)?)));
    }
    let file = File::open(&input.path).map_err(Error::io(&input.path))?;
    Ok(Box::new(BufReader::new(file)))
}

/// All bytes of a workbook.
pub(super) fn in_memory(input: &Input) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source::open(input, None)?
        .take(limit::PACKED_WORKBOOK + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| source::failure(input, error))?;
    if bytes.len() as u64 > limit::PACKED_WORKBOOK {
        return Err(Error::Limit {
            file: input.display(),
            what: "a workbook that has to be held in memory".into(),
            limit: format!("{} MiB", limit::PACKED_WORKBOOK >> 20),
        });
    }
    Ok(bytes)
}

/// The error of a workbook that cannot be read.
pub(super) fn damaged(input: &Input, error: &dyn std::fmt::Display) -> Error {
    let reason = error.to_string();
    let (found, todo) = if reason.to_lowercase().contains("password") {
        (
            "a workbook that a password or a label of confidentiality protects".into(),
            "open it in Excel, take that away (File > Info > Protect Workbook), and save it again",
        )
    } else {
        (
            format!("protected, damaged or no workbook ({reason})"),
            "open it in Excel, remove its password or sensitivity label, and save it again as .xlsx \
             or CSV",
        )
    };
    Error::Damaged { file: input.display(), found, todo: todo.into() }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_are_written_as_ids_are_typed() {
        for (value, want) in [
            (4711.0, "4711"),
            (0.0, "0"),
            (-3.0, "-3"),
            (1_230_000_000_000_000.0, "1230000000000000"),
            (1.5, "1.5"),
            (0.1 + 0.2, "0.3"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (4_876_876_000_000_623_001.0, "4.87687600000062E+18"), // an id that lost its end
            (1e20, "1E+20"),
        ] {
            assert_eq!(number(value), want, "value: {value}");
        }
    }

    #[test]
    fn dates_of_date_cells_are_iso_text() {
        for (value, want) in
            [(45943.0, "2025-10-13"), (45943.5, "2025-10-13 12:00:00"), (0.25, "06:00:00")]
        {
            let value = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
            assert_eq!(date(&value), want, "value: {value:?}");
        }
    }
}
