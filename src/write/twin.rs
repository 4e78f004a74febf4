//! CSV twins: for machines, byte-exact.

use std::{fs::File, io::Write as _, ops::Range, path::Path};

use memchr::memchr3;

use super::{
    publish::cannot_write,
    row::{Cell, Rows, in_blocks, looks_like_formula},
};
use crate::error::Result;

/// Cells that one thread formats in one go: their text stays near the processor until it is
/// written.
const BLOCK_CELLS: usize = 32 << 10;

/// Writes a CSV file: UTF-8 without byte-order mark, commas, line feeds, a header always. Returns
/// how many cells a spreadsheet would take for a formula; they are written as they are.
pub(super) fn write(path: &Path, rows: &dyn Rows) -> Result<u64> {
    let mut file = File::create(path).map_err(cannot_write(path))?;
    let header = rows.header();
    let mut block = Block::default();
    block.push(header.iter().map(|name| &**name));
    file.write_all(&block.text).map_err(cannot_write(path))?;

    let mut formulas = 0;
    in_blocks(
        rows.len(),
        BLOCK_CELLS / header.len().max(1),
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
        let (mut row, mut scratch) = (Vec::new(), String::new());
        for at in range {
            rows.fill(at, &mut row);
            let start = self.text.len();
            for cell in row.drain(..) {
                let text = cell.text(&mut scratch);
                self.formulas +=
                    u64::from(matches!(cell, Cell::Text(_)) && looks_like_formula(text));
                self.push_cell(text);
            }
            self.end_line(start);
        }
    }

    /// Adds a line of cells.
    fn push<'c>(&mut self, cells: impl Iterator<Item = &'c str>) {
        let start = self.text.len();
        cells.for_each(|cell| self.push_cell(cell));
        self.end_line(start);
    }

    /// Adds a cell and the comma after it.
    #[inline]
    fn push_cell(&mut self, cell: &str) {
        match must_be_quoted(cell.as_bytes()) {
            false => self.text.extend_from_slice(cell.as_bytes()),
            true => {
                self.text.push(b'"');
                for (at, part) in cell.split('"').enumerate() {
                    self.text.extend_from_slice(if at == 0 { b"" } else { b"\"\"" });
                    self.text.extend_from_slice(part.as_bytes());
                }
                self.text.push(b'"');
            }
        }
        self.text.push(b',');
    }

    /// Ends the line that starts at a place; one of a single empty cell would look like none.
    fn end_line(&mut self, start: usize) {
        self.text.pop();
        if self.text.len() == start {
            self.text.extend_from_slice(b"\"\"");
        }
        self.text.push(b'\n');
    }
}

/// Whether a cell holds a comma, a quote or a line end.
#[inline]
fn must_be_quoted(cell: &[u8]) -> bool {
    const SHORT: usize = 16; // up to which a plain loop is faster
    if cell.len() <= SHORT {
        return cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    }
    memchr3(b',', b'"', b'\n', cell).is_some() || memchr::memchr(b'\r', cell).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Lines as the csv crate writes them.
    fn expected(lines: &[Vec<String>]) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        lines.iter().for_each(|line| writer.write_record(line).unwrap());
        writer.into_inner().unwrap()
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_csv_crate(
            lines in prop::collection::vec(prop::collection::vec("[a,\"\n\r 'é]{0,20}", 1..5), 0..5)
        ) {
            let mut block = Block::default();
            lines.iter().for_each(|line| block.push(line.iter().map(String::as_str)));
            prop_assert_eq!(block.text, expected(&lines));
        }
    }
}
