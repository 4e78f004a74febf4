//! CSV twins: for machines, byte-exact.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use super::{
    publish::cannot_write,
    row::{Cell, Rows, in_blocks, looks_like_formula},
};
use crate::error::Result;

/// Writes a CSV file: UTF-8 without byte-order mark, commas, line feeds, a header always. Returns
/// how many cells a spreadsheet would take for a formula; they are written as they are.
pub(super) fn write(path: &Path, rows: &dyn Rows) -> Result<u64> {
    let file = File::create(path).map_err(cannot_write(path))?;
    let mut file = BufWriter::with_capacity(1 << 16, file);
    let mut formulas = 0;
    let mut header = Vec::new();
    {
        let mut writer = writer(&mut header);
        let names = rows.header();
        let written = writer.write_record(names.iter().map(|name| name.as_bytes()));
        written.map_err(|error| cannot_write(path)(error.into()))?;
    }
    file.write_all(&header).map_err(cannot_write(path))?;

    in_blocks(
        rows.len(),
        |from, to| format(rows, from, to),
        |block| {
            let (text, count) = block.map_err(|error| cannot_write(path)(error.into()))?;
            formulas += count;
            file.write_all(&text).map_err(cannot_write(path))
        },
    )?;
    let file = file.into_inner().map_err(|error| cannot_write(path)(error.into_error()))?;
    file.sync_data().map_err(cannot_write(path))?;
    Ok(formulas)
}

fn format(rows: &dyn Rows, from: usize, to: usize) -> csv::Result<(Vec<u8>, u64)> {
    let (mut text, mut formulas) = (Vec::with_capacity((to - from) * 128), 0);
    {
        let mut writer = writer(&mut text);
        let mut scratch = String::new();
        for at in from..to {
            let mut row: Vec<Cell<'_>> = Vec::new();
            rows.fill(at, &mut row);
            for cell in &row {
                let is_text = matches!(cell, Cell::Text(_));
                let cell = cell.text(&mut scratch);
                formulas += u64::from(is_text && looks_like_formula(cell));
                writer.write_field(cell)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
    }
    Ok((text, formulas))
}

fn writer(text: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(text)
}
