//! CSV twins: for machines, byte-exact.

use std::{fs::File, io::Write as _, ops::Range, path::Path};

use csv::ByteRecord;

use super::{
    publish::cannot_write,
    row::{Cell, Rows, as_text, in_blocks, looks_like_formula},
};
use crate::error::Result;

/// Cells that one thread formats in one go: their text stays near the processor until it is
/// written.
const BLOCK_CELLS: usize = 32 << 10;

/// Bytes in which most records have room even if each had to be quoted.
const BUFFER: usize = 32 << 10;

/// Cells that a spreadsheet would take for a formula.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Formulas {
    /// How many there are.
    pub(crate) cells: u64,
    /// The line on which the first record with one ends, from 1; 0 for none.
    pub(crate) first_line: u64,
}

/// Writes a CSV file: UTF-8 without byte-order mark, commas, line feeds, a header always. Cells that
/// a spreadsheet would take for a formula are written as they are, or as text where `safe`.
pub(super) fn write(path: &Path, rows: &dyn Rows, safe: bool) -> Result<Formulas> {
    let mut file = File::create(path).map_err(cannot_write(path))?;
    let headings = rows.headings();
    let mut text = Vec::new();
    let written = writer(&mut text).write_record(headings.iter().map(|of| of.name.as_bytes()));
    written.map_err(|error| cannot_write(path)(error.into()))?;
    file.write_all(&text).map_err(cannot_write(path))?;

    let mut formulas = Formulas::default();
    let mut lines = 1;
    in_blocks(
        rows.len(),
        BLOCK_CELLS / headings.len().max(1),
        |range, block: &mut Block| block.format(rows, range, safe),
        |block| {
            formulas.cells += block.formulas.cells;
            if formulas.first_line == 0 {
                if block.formulas.first_line > 0 {
                    formulas.first_line = lines + block.formulas.first_line;
                }
                lines += memchr::memchr_iter(b'\n', &block.text).count() as u64;
            }
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
    /// Its cells that a spreadsheet would take for a formula.
    formulas: Formulas,
}

impl Block {
    /// Makes this the block of some rows, whatever it was before.
    fn format(&mut self, rows: &dyn Rows, range: Range<usize>, safe: bool) {
        self.text.clear();
        self.formulas = Formulas::default();
        self.add(rows, range, safe)
            .expect("memory takes lines, and all have as many cells as the header");
    }

    fn add(&mut self, rows: &dyn Rows, range: Range<usize>, safe: bool) -> csv::Result<()> {
        let mut first = None;
        let mut writer = writer(&mut self.text);
        let (mut row, mut record, mut scratch) = (Vec::new(), ByteRecord::new(), String::new());
        for at in range {
            rows.fill(at, &mut row);
            record.clear();
            let before = self.formulas.cells;
            for cell in row.drain(..) {
                let text = cell.text(&mut scratch);
                let is_formula = matches!(cell, Cell::Text(_)) && looks_like_formula(text);
                self.formulas.cells += u64::from(is_formula);
                match is_formula && safe {
                    true => record.push_field(as_text(text).as_bytes()),
                    false => record.push_field(text.as_bytes()),
                }
            }
            writer.write_byte_record(&record)?;
            writer.flush()?; // a record is written fastest where it has the whole buffer
            if first.is_none() && self.formulas.cells > before {
                first = Some(writer.get_ref().len());
            }
        }
        drop(writer);
        if let Some(end) = first {
            let lines = memchr::memchr_iter(b'\n', &self.text[..end]).count();
            self.formulas.first_line = lines as u64;
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
