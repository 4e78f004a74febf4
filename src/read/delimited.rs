//! Delimited text to rows: damage costs the damaged rows and no other.

use std::sync::Arc;

use super::{
    Input,
    batch::{Batch, RowPlace},
    block::Blocks,
    dialect::Dialect,
    gate::{Fate, Gate, Shape},
    limit,
    record::{self, REWRITTEN, Scan, Scanner},
    source,
};
use crate::error::Result;

/// The rows of a delimited file, from the line below its header.
pub(super) struct DelimitedRows {
    blocks: Blocks,
    input: Input,
    file: Arc<str>,
    scanner: Scanner,
    /// Cuts lines that stand in one quoted cell.
    line_scanner: Scanner,
    wrapped: bool,
    gate: Gate,
    header: Vec<String>,
    /// Lines that repeat the header: files were put one behind the other.
    headers_again: u64,
    line: u64,
    /// Rows that stood in one quoted cell though the header did not.
    unwrapped: u64,
    done: bool,
}

impl DelimitedRows {
    /// The rows below the header of a dialect; the blocks stand at the start of the file.
    pub(super) fn new(
        mut blocks: Blocks,
        input: Input,
        dialect: &Dialect,
        every_row: bool,
    ) -> DelimitedRows {
        let file: Arc<str> = input.display().into();
        let (at, line) = dialect.rows_at;
        blocks.consume(at);
        DelimitedRows {
            blocks,
            input,
            scanner: dialect.scanner(),
            line_scanner: Scanner::new(dialect.delimiter),
            wrapped: dialect.wrapped_in.is_some(),
            gate: Gate::new(file.clone(), &dialect.header).with_every_row(every_row),
            header: dialect.header.clone(),
            headers_again: 0,
            file,
            line,
            unwrapped: 0,
            done: false,
        }
    }

    /// The next stretch of rows.
    fn next_batch(&mut self) -> Result<Batch> {
        let mut batch = Batch::new(self.file.clone());
        batch.rows.reserve(limit::BATCH_ROWS);
        let mut at = 0;
        loop {
            let full = batch.rows.len() >= limit::BATCH_ROWS && !self.gate.undecided();
            let (block, last) = (self.blocks.rest(), self.blocks.is_last());
            if full || (last && at >= block.len()) {
                self.done = !full;
                break;
            }
            let first = self.scanner.cells.len();
            match self.scanner.scan(block, at, last) {
                Scan::Record { next, line_ends } => {
                    at = self.take(&mut batch, first, at..next, line_ends);
                }
                Scan::Broken(what) => at = self.leave_out(&mut batch, first, at, what),
                Scan::Incomplete => {
                    self.scanner.cells.truncate(first);
                    if block.len() - at > limit::RECORD {
                        at = self.leave_out(&mut batch, first, at, limit::RECORD_PASSED);
                    } else if at > 0 && !self.gate.undecided() {
                        break;
                    } else {
                        let filled = self.blocks.fill();
                        filled.map_err(|error| source::failure(&self.input, error))?;
                    }
                }
            }
        }
        self.finish(&mut batch, at);
        Ok(batch)
    }

    /// Judges the record whose cells were just found; gives where to go on.
    #[inline]
    fn take(
        &mut self,
        batch: &mut Batch,
        first: usize,
        bytes: std::ops::Range<usize>,
        line_ends: u64,
    ) -> usize {
        let count = self.scanner.cells.len() - first;
        if count == self.header.len() && self.is_header(first) {
            self.scanner.cells.truncate(first);
            self.headers_again += 1;
            self.line += line_ends;
            return bytes.end;
        }
        let place = self.scanner.cells[first];
        let starts = self.scanner.bytes(self.blocks.rest(), place).first();
        // White space beyond ASCII begins with C2, E1, E2 or E3.
        let filled = matches!(starts, Some(b'!'..=b'~' | 0xc3..=0xe0 | 0xe4..));
        let plain = filled && !self.wrapped && bytes.len() <= limit::CELL;
        if plain && self.gate.admits_at_once(count) {
            self.push_row(batch, first);
            self.line += line_ends;
            return bytes.end;
        }
        self.take_doubtful(batch, first, bytes, line_ends)
    }

    /// Whether the record whose cells were just found is the header once more.
    #[inline]
    fn is_header(&self, first: usize) -> bool {
        let block = self.blocks.rest();
        let cell = |place: &(u32, u32)| {
            let cell = self.scanner.bytes(block, *place);
            cell.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cell).trim_ascii()
        };
        let cells = self.scanner.cells[first..].iter().map(cell);
        self.header.len() > 1 && cells.eq(self.header.iter().map(|name| name.as_bytes()))
    }

    /// Judges a record that is no row at first glance.
    fn take_doubtful(
        &mut self,
        batch: &mut Batch,
        first: usize,
        bytes: std::ops::Range<usize>,
        line_ends: u64,
    ) -> usize {
        self.unwrap(first);
        let cells = &self.scanner.cells[first..];
        let (block, rewritten) = (self.blocks.rest(), &self.scanner.rewritten);
        let is_long = |&(start, end): &(u32, u32)| (end - start) as usize > limit::CELL;
        if cells.iter().any(is_long) {
            return self.leave_out(batch, first, bytes.start, limit::CELL_PASSED);
        }
        let is_filled = |&place: &(u32, u32)| !is_blank(cell_bytes(block, rewritten, place));
        let filled = cells.iter().rposition(is_filled).map_or(0, |at| at + 1);
        let first_filled = cells.iter().position(is_filled).unwrap_or(0);
        let alone = first_filled + 1 == filled;
        let shape = Shape { count: cells.len(), filled, alone, tall: line_ends > 1 };
        if shape.tall && !self.gate.fits(shape) {
            let what = self.gate.misfit(shape);
            return self.leave_out(batch, first, bytes.start, what);
        }
        let name = match self.gate.every_row() {
            true => &block[bytes.clone()],
            false => cell_bytes(block, rewritten, cells[first_filled]),
        };
        let known = batch.problems.len();
        match self.gate.judge(batch, self.line, shape, name) {
            Fate::Row => self.push_row(batch, first),
            Fate::NoRow => {
                self.scanner.cells.truncate(first);
                if batch.problems.len() > known {
                    batch.keep_lost(self.line, &self.blocks.rest()[bytes.clone()]);
                }
            }
        }
        self.line += line_ends;
        bytes.end
    }

    fn push_row(&mut self, batch: &mut Batch, first: usize) {
        let end = self.scanner.cells.len() as u32;
        batch.rows.push(RowPlace { first: first as u32, end, line: self.line });
    }

    /// Leaves out the line at a place; the next line is read again, whatever the record was. Where
    /// every record is a row, the line is one of a single cell.
    fn leave_out(
        &mut self,
        batch: &mut Batch,
        first: usize,
        at: usize,
        what: impl Into<String>,
    ) -> usize {
        self.scanner.cells.truncate(first);
        let next = record::next_line(self.blocks.rest(), at, self.blocks.is_last());
        if self.gate.every_row() {
            let block = self.blocks.rest();
            let line = &block[at..next.unwrap_or(block.len())];
            let line = line[..line.len().min(limit::CELL)].trim_ascii();
            self.scanner.rewrite(|rewritten| rewritten.extend_from_slice(line));
            self.gate.damaged(batch, self.line, what);
            self.push_row(batch, first);
        } else {
            let block = self.blocks.rest();
            batch.keep_lost(self.line, &block[at..next.unwrap_or(block.len())]);
            self.gate.lose(batch, self.line, what);
        }
        self.line += 1;
        match next {
            Some(next) => next,
            None => {
                self.blocks.skip_line(at);
                at
            }
        }
    }

    /// Cuts a line that stands in one quoted cell: every line of a wrapped file, else one that
    /// becomes a whole row by it.
    fn unwrap(&mut self, first: usize) {
        let block = self.blocks.rest();
        let cells = &self.scanner.cells[first..];
        let alone = cells[1..].iter().all(|&place| is_blank(self.scanner.bytes(block, place)));
        if !alone || (!self.wrapped && self.gate.least() < 2) {
            return;
        }
        let line = self.scanner.bytes(block, cells[0]).to_vec();
        self.line_scanner.cells.clear();
        self.line_scanner.rewritten.clear();
        let Scan::Record { next, .. } = self.line_scanner.scan(&line, 0, true) else { return };
        let count = self.line_scanner.cells.len();
        let whole = next == line.len();
        let meant = self.wrapped
            || self.gate.fits(Shape { count, filled: count, alone: false, tall: false });
        if count < 2 || !whole || !meant {
            return;
        }
        self.unwrapped += u64::from(!self.wrapped);
        self.scanner.cells.truncate(first);
        for &place in &self.line_scanner.cells {
            let cell = self.line_scanner.bytes(&line, place);
            self.scanner.rewrite(|rewritten| rewritten.extend_from_slice(cell));
        }
    }

    /// Makes a batch whole: its text, its problems in order, and at the end what is known only
    /// there.
    fn finish(&mut self, batch: &mut Batch, consumed: usize) {
        if self.done {
            self.gate.finish(batch);
            self.note_the_end(batch);
        } else {
            self.gate.settle();
        }
        batch.cells = std::mem::take(&mut self.scanner.cells);
        self.scanner.cells.reserve(batch.cells.len());
        self.set_text(batch, consumed);
        batch.problems.sort_by_key(|problem| problem.line.wrapping_sub(1));
        self.blocks.consume(consumed);
        self.scanner.rewritten.clear();
    }

    fn note_the_end(&mut self, batch: &mut Batch) {
        if self.headers_again > 0 {
            batch
                .notes
                .push(format!("header lines repeated among the rows: {}", self.headers_again));
        }
        if self.unwrapped > 0 {
            batch.notes.push(format!("rows that stood in one quoted cell: {}", self.unwrapped));
        }
        if self.blocks.nul_bytes > 0 {
            batch.notes.push(format!("NUL bytes skipped: {}", self.blocks.nul_bytes));
        }
    }

    /// Gives a batch its text, without the rows whose bytes are no text.
    fn set_text(&mut self, batch: &mut Batch, consumed: usize) {
        let block = &self.blocks.rest()[..consumed];
        let rewritten = &self.scanner.rewritten;
        let texts = simdutf8::basic::from_utf8(block)
            .and_then(|block| Ok((block, simdutf8::basic::from_utf8(rewritten)?)));
        let Ok((block_text, rewritten_text)) = texts else {
            return keep_valid_rows(batch, block, rewritten, &mut self.gate);
        };
        batch.text = String::with_capacity(block.len() + rewritten.len());
        batch.text.push_str(block_text);
        if !rewritten.is_empty() {
            batch.text.push_str(rewritten_text);
            let moved = block.len() as u32;
            for (start, end) in batch.cells.iter_mut().filter(|(start, _)| start & REWRITTEN != 0) {
                (*start, *end) = ((*start ^ REWRITTEN) + moved, (*end ^ REWRITTEN) + moved);
            }
        }
    }
}

impl Iterator for DelimitedRows {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Result<Batch>> {
        if self.done {
            return None;
        }
        let batch = self.next_batch();
        self.done |= batch.is_err();
        Some(batch)
    }
}

/// Keeps the rows of a batch whose cells are text, and reports the others.
fn keep_valid_rows(batch: &mut Batch, block: &[u8], rewritten: &[u8], gate: &mut Gate) {
    let rows = std::mem::take(&mut batch.rows);
    let places = std::mem::take(&mut batch.cells);
    for row in rows {
        let cells: Result<Vec<&str>, _> = places[row.first as usize..row.end as usize]
            .iter()
            .map(|&place| std::str::from_utf8(cell_bytes(block, rewritten, place)))
            .collect();
        match cells {
            Ok(cells) => batch.push(row.line, cells),
            Err(_) if gate.every_row() => {
                let places = &places[row.first as usize..row.end as usize];
                let cells: Vec<_> = places
                    .iter()
                    .map(|&place| String::from_utf8_lossy(cell_bytes(block, rewritten, place)))
                    .collect();
                gate.damaged(batch, row.line, NO_TEXT);
                batch.push(row.line, cells.iter().map(|cell| &**cell));
            }
            Err(_) => {
                let places = &places[row.first as usize..row.end as usize];
                for &place in places {
                    batch.keep_lost(row.line, cell_bytes(block, rewritten, place));
                }
                gate.recall(batch, row.line, NO_TEXT);
            }
        }
    }
}

const NO_TEXT: &str = "bytes that are no text in the file's encoding (see --encoding)";

fn cell_bytes<'b>(block: &'b [u8], rewritten: &'b [u8], (start, end): (u32, u32)) -> &'b [u8] {
    if start & REWRITTEN == 0 {
        &block[start as usize..end as usize]
    } else {
        &rewritten[(start ^ REWRITTEN) as usize..(end ^ REWRITTEN) as usize]
    }
}

/// Whether a cell holds white space only, of any script.
fn is_blank(cell: &[u8]) -> bool {
    let rest = cell.trim_ascii_start();
    match rest.first() {
        None => true,
        Some(byte) if byte.is_ascii_graphic() => false,
        Some(_) => std::str::from_utf8(rest).is_ok_and(|text| text.trim_start().is_empty()),
    }
}
