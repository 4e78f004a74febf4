//! One input to its table.

use std::{
    fs::File,
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Input, ReadOptions, Table, TableInfo, block::Blocks, delimited::DelimitedRows, dialect::Dialect,
};
use crate::error::{Error, Result};

impl Input {
    /// Opens the table: finds its encoding, dialect and header. Can be called again for another
    /// pass over the rows, except on standard input.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or holds no table.
    pub fn open(&self, options: &ReadOptions) -> Result<Table> {
        let source: Box<dyn Read + Send> = if self.is_stdin() {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(&self.path).map_err(Error::io(&self.path))?)
        };
        let source = Counted { source, progress: options.progress.clone() };
        let mut blocks = Blocks::new(Box::new(source));
        blocks.fill().map_err(Error::io(&self.path))?;
        if blocks.rest().starts_with(b"\xef\xbb\xbf") {
            blocks.consume(3);
        }
        let Some(dialect) = Dialect::of(blocks.rest(), blocks.is_last()) else {
            return Err(self.unusable("an empty file", "name a file with a header and rows"));
        };
        let info = TableInfo {
            file: self.display(),
            header: dialect.header.clone(),
            encoding: "UTF-8".into(),
            dialect: dialect.name().into(),
            title_lines: dialect.title_lines as u64,
            ..TableInfo::default()
        };
        let file: Arc<str> = self.display().into();
        let rows = DelimitedRows::new(blocks, self.path.clone(), file, &dialect);
        Ok(Table::new(info, Box::new(rows)))
    }

    /// The size of what [`Input::open`] reads, where it is known; for a progress bar.
    pub fn bytes(&self) -> Option<u64> {
        if self.is_stdin() {
            return None;
        }
        std::fs::metadata(&self.path).map(|meta| meta.len()).ok()
    }

    /// Why a file that was found in a folder is not worth opening.
    pub(super) fn reason_to_leave_alone(&self, _options: &ReadOptions) -> Option<String> {
        (self.bytes() == Some(0)).then(|| "an empty file".to_owned())
    }

    fn unusable(&self, found: &str, todo: &str) -> Error {
        Error::Unusable { file: self.display(), found: found.into(), todo: todo.into() }
    }
}

/// Bytes that are counted as they are read.
struct Counted {
    source: Box<dyn Read + Send>,
    progress: Option<Arc<AtomicU64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        if let Some(progress) = &self.progress {
            progress.fetch_add(length as u64, Ordering::Relaxed);
        }
        Ok(length)
    }
}
