//! The bytes of a file, a block at a time, with what is not yet used in front.

use std::io::{self, Read};

use super::{limit, record};

/// Bytes that come in blocks; what was not consumed stays and is continued.
pub(super) struct Blocks {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    consumed: usize,
    last: bool,
    /// Whether the bytes up to the next line end are to be dropped.
    skipping: bool,
    /// How many NUL bytes were dropped.
    pub(super) nul_bytes: u64,
}

impl Blocks {
    /// The blocks of a source.
    pub(super) fn new(source: Box<dyn Read + Send>) -> Blocks {
        let (buffer, consumed, nul_bytes) = (Vec::new(), 0, 0);
        Blocks { source, buffer, consumed, last: false, skipping: false, nul_bytes }
    }

    /// What was read and not consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.consumed..]
    }

    /// Whether no byte follows [`Blocks::rest`].
    pub(super) fn is_last(&self) -> bool {
        self.last
    }

    /// Takes bytes off the front.
    pub(super) fn consume(&mut self, length: usize) {
        self.consumed += length;
    }

    /// Drops everything from a place in the rest up to the next line end.
    pub(super) fn skip_line(&mut self, at: usize) {
        self.buffer.truncate(self.consumed + at);
        self.skipping = true;
    }

    /// Reads another block behind the rest.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.consumed);
        self.consumed = 0;
        let start = self.buffer.len();
        self.buffer.resize(start + limit::BLOCK, 0);
        let length = match self.last {
            true => 0,
            false => fill(&mut self.source, &mut self.buffer[start..])?,
        };
        self.last |= length < limit::BLOCK;
        self.buffer.truncate(start + length);
        self.drop_nul_bytes(start);
        if self.skipping {
            self.skip_from(start);
        }
        Ok(())
    }

    fn skip_from(&mut self, start: usize) {
        let fresh = &self.buffer[start..];
        match record::next_line(fresh, 0, self.last) {
            Some(next) => {
                self.buffer.drain(start..start + next);
                self.skipping = false;
            }
            // A carriage return at the end may be half a line end.
            None if fresh.last() == Some(&b'\r') => {
                self.buffer.drain(start..self.buffer.len() - 1);
            }
            None => self.buffer.truncate(start),
        }
    }

    fn drop_nul_bytes(&mut self, start: usize) {
        if memchr::memchr(0, &self.buffer[start..]).is_none() {
            return;
        }
        let mut kept = start;
        for at in start..self.buffer.len() {
            if self.buffer[at] != 0 {
                self.buffer[kept] = self.buffer[at];
                kept += 1;
            }
        }
        self.nul_bytes += (self.buffer.len() - kept) as u64;
        self.buffer.truncate(kept);
    }
}

/// Reads until a block is full or the source ends; returns how many bytes there were.
pub(super) fn fill(source: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut end = 0;
    while end < block.len() {
        match source.read(&mut block[end..]) {
            Ok(0) => break,
            Ok(length) => end += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(end)
}
