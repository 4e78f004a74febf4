//! CSV twins: for machines, byte-exact.

use std::{fs::File, io::Write as _, ops::Range, path::Path};

use csv::ByteRecord;

use super::{
    publish::cannot_write,
    row::{Cell, Rows, in_blocks, looks_like_formula},
};
use crate::error::Result;

/// Cells that one thread formats in one go: their text stays near the processor until it is
/// written.
const BLOCK_CELLS: usize = 32 << 10;

/// Bytes in which most records have room even if each had to be quoted.
const BUFFER: usize = 32 << 10;

/// Writes a CSV file: UTF-8 without byte-order mark, commas, line feeds, a header always. Returns
/// how many cells a spreadsheet would take for a formula; they are written as they are.
pub(super) fn write(path: &Path, rows: &dyn Rows) -> Result<u64> {
    let mut file = File::create(path).map_err(cannot_write(path))?;
    let headings = rows.headings();
    let mut text = Vec::new();
    let written = writer(&mut text).write_record(headings.iter().map(|of| of.name.as_bytes()));
    written.map_err(|error| cannot_write(path)(error.into()))?;
    file.write_all(&text).map_err(cannot_write(path))?;

    let mut formulas = 0;
    in_blocks(
        rows.len(),
        BLOCK_CELLS / headings.len().max(1),
        |range, block: &mut Block| block.format(rows, range),
        |block| {
            formulas += block.formulas;
            file.write_all(&block.text).map_err(cannot_write(path))
        },
    )?;
    file.sync_data().map_err(cannot_write(path))?;
    Ok(formulas)
}

/// Some lines of a file.
#[derive(Default)]
struct Block {
    text: Vec<u8>,
    /// Cells that a spreadsheet would take for a formula.
    formulas: u64,
}

impl Block {
    /// Makes this the block of some rows, whatever it was before.
    fn format(&mut self, rows: &dyn Rows, range: Range<usize>) {
        self.text.clear();
        self.formulas = 0;
        self.add(rows, range)
            .expect("memory takes lines, and all have as many cells as the header");
    }

    fn add(&mut self, rows: &dyn Rows, range: Range<usize>) -> csv::Result<()> {
        let mut writer = writer(&mut self.text);
        let (mut row, mut record, mut scratch) = (Vec::new(), ByteRecord::new(), String::new());
        for at in range {
            rows.fill(at, &mut row);
            record.clear();
            for cell in row.drain(..) {
                let text = cell.text(&mut scratch);
                self.formulas +=
                    u64::from(matches!(cell, Cell::Text(_)) && looks_like_formula(text));
                record.push_field(text.as_bytes());
            }
            writer.write_byte_record(&record)?;
            writer.flush()?; // a record is written fastest where it has the whole buffer
        }
        Ok(())
    }
}

fn writer(text: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .buffer_capacity(BUFFER)
        .from_writer(text)
}
