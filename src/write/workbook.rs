//! Workbooks: for people. Every cell is text or a number, never a formula or a link.

use std::path::Path;

use rust_xlsxwriter::{
    DataValidation, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::{
    publish::cannot_write,
    row::{Cell, Rows},
};
use crate::error::{Error, Result};

/// The rows that a sheet of Excel holds, its header among them.
pub(super) const SHEET_ROWS: usize = 1_048_576;

/// The characters that a cell of Excel holds.
const CELL_CHARACTERS: usize = 32_767;

/// Writes a workbook of one sheet: frozen header, filter, widths that fit the kind of column, a
/// drop-down in the column `verdict`. Rows beyond Excel's limit are left to the CSV twin, and a
/// second sheet says so, as it says each of `notes`.
pub(super) fn write(path: &Path, sheet: &str, rows: &dyn Rows, notes: &[String]) -> Result<()> {
    let mut workbook = Workbook::new();
    let failed = |error: XlsxError| excel_error(path, error);
    let folder = path.parent().unwrap_or(Path::new("."));
    // Confidential rows stay in the user's folder, also while they are temporary.
    workbook.set_tempdir(folder).map_err(failed)?;
    workbook.set_zip_compression_level(1);
    let kept = rows.len().min(SHEET_ROWS - 1);
    let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
    worksheet.set_name(sheet).map_err(failed)?;
    fill(worksheet, rows, kept).map_err(failed)?;

    let mut notes = notes.to_vec();
    if kept < rows.len() {
        let name = path.with_extension("csv");
        let name = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
        notes.push(format!(
            "{kept} of {} rows fit into a sheet; all of them are in {name}.",
            rows.len()
        ));
    }
    if !notes.is_empty() {
        let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        worksheet.set_name("Notes").map_err(failed)?;
        worksheet.set_column_width(0, 120).map_err(failed)?;
        for (row, note) in notes.iter().enumerate() {
            worksheet.write_string(row as u32, 0, note).map_err(failed)?;
        }
    }
    workbook.save(path).map_err(failed)?;
    let file = std::fs::File::options().append(true).open(path).map_err(cannot_write(path))?;
    file.sync_data().map_err(cannot_write(path))
}

/// Writes a workbook of several sheets, each as [`write`] does. Rows beyond Excel's limit are left
/// out; the caller says so.
pub(super) fn write_several(path: &Path, sheets: &[(&str, &dyn Rows)]) -> Result<()> {
    let mut workbook = Workbook::new();
    let failed = |error: XlsxError| excel_error(path, error);
    workbook.set_tempdir(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    workbook.set_zip_compression_level(1);
    for (name, rows) in sheets {
        let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        worksheet.set_name(*name).map_err(failed)?;
        fill(worksheet, *rows, rows.len().min(SHEET_ROWS - 1)).map_err(failed)?;
    }
    workbook.save(path).map_err(failed)
}

/// The formats of a workbook.
struct Formats {
    score: Format,
    money: Format,
    day: Format,
}

fn fill(sheet: &mut Worksheet, rows: &dyn Rows, kept: usize) -> Result<(), XlsxError> {
    let header = rows.header();
    let last_row = kept.max(1) as u32;
    let last_column = header.len().saturating_sub(1) as u16;
    for (column, name) in header.iter().enumerate() {
        sheet.set_column_width(column as u16, width(name))?;
        if name == "verdict" {
            let list = DataValidation::new().allow_list_strings(&["accept", "reject", "none"])?;
            // a word of another language is welcome too
            let list = list.show_error_message(false);
            sheet.add_data_validation(1, column as u16, last_row, column as u16, &list)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last_row, last_column)?;
    sheet.ignore_error_range(1, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    let bold = Format::new().set_bold().set_align(FormatAlign::Left);
    for (column, name) in header.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, &**name, &bold)?;
    }
    let formats = Formats {
        score: Format::new().set_num_format("0.0000"),
        money: Format::new().set_num_format("#,##0.00"),
        day: Format::new().set_num_format("yyyy-mm-dd"),
    };
    let mut row = Vec::new();
    for at in 0..kept {
        row.clear();
        rows.fill(at, &mut row);
        for (column, cell) in row.iter().enumerate() {
            write_cell(sheet, at as u32 + 1, column as u16, cell, &formats)?;
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) if text.is_empty() => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, cut(text))?,
        Cell::Count(count) => sheet.write_number(row, column, *count as f64)?,
        Cell::Score(score) => {
            let number = f64::from(score.ten_thousandths()) / 10_000.0;
            sheet.write_number_with_format(row, column, number, &formats.score)?
        }
        Cell::Money(hundredths) => {
            let number = *hundredths as f64 / 100.0;
            sheet.write_number_with_format(row, column, number, &formats.money)?
        }
        Cell::Day(day) => match serial(*day) {
            Some(number) => sheet.write_number_with_format(row, column, number, &formats.day)?,
            None => sheet.write_string(row, column, day.to_string())?,
        },
    };
    Ok(())
}

/// The number by which Excel knows a day; none before 1 March 1900, where its calendar is wrong.
fn serial(day: jiff::civil::Date) -> Option<f64> {
    const EPOCH: jiff::civil::Date = jiff::civil::date(1899, 12, 30);
    let days = (day - EPOCH).get_days();
    (days > 60).then(|| f64::from(days))
}

/// A text cut to what a cell holds.
fn cut(text: &str) -> &str {
    if text.len() <= CELL_CHARACTERS {
        return text;
    }
    // Excel counts UTF-16 units
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > CELL_CHARACTERS
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A width, in characters, that suits what a column holds.
fn width(name: &str) -> f64 {
    match name {
        "explanation" | "note" => 60.0,
        "email" | "clusters" | "cohorts" | "reason" => 28.0,
        name if name.ends_with("_name") => 30.0,
        name if name.ends_with("_id") || name.ends_with("_ids") || name.contains("domain") => 22.0,
        name if name.ends_with("_level") || name == "rank" || name == "pass" => 11.0,
        _ => 16.0,
    }
}

fn excel_error(path: &Path, error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(source) => cannot_write(path)(source),
        other => cannot_write(path)(std::io::Error::other(other.to_string())),
    }
}
