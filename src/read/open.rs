//! One input to its table.

use std::io::{self, Cursor, Read};

use super::{
    Guess, Input, ReadOptions, Table, TableInfo, archive,
    block::{Blocks, fill},
    content::Content,
    delimited::DelimitedRows,
    dialect::{self, Dialect},
    encoding::{self, Chosen, Evidence},
    limit,
    source::{self, Bytes},
    workbook::{self, Sheet},
};
use crate::error::{Error, Result, said};

/// What the first bytes of a file tell; with the reason, as a lower-case phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Look {
    /// It may hold a table.
    Table,
    /// It holds nothing.
    Empty,
    /// It holds something else, or a table in another form.
    Other(&'static str),
    /// It cannot be read.
    Unreadable(String),
}

impl Input {
    /// Opens the table: finds its encoding, dialect and header. For another pass over the rows,
    /// which standard input does not allow, see [`Input::open_again`].
    ///
    /// # Errors
    ///
    /// A file that cannot be read or holds no table.
    pub(crate) fn open(&self, options: &ReadOptions) -> Result<Table> {
        self.open_in(None, options)
    }

    /// Opens a table of which `info` is known since [`Input::open`], in the encoding chosen then:
    /// its bytes need not be weighed again.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or holds no table.
    pub(crate) fn open_again(&self, info: &TableInfo, options: &ReadOptions) -> Result<Table> {
        self.open_in(encoding::named(&info.encoding).ok(), options)
    }

    fn open_in(&self, known: Option<Chosen>, options: &ReadOptions) -> Result<Table> {
        let bytes = source::open(self, options.progress.as_ref())?;
        let (start, rest) = self.peek(bytes)?;
        match Content::of(&start) {
            Content::Text => {}
            Content::Refused { found, todo } => return Err(self.unusable(found, todo)),
            #[cfg(feature = "columnar")]
            content @ (Content::Parquet | Content::ArrowFile | Content::ArrowStream) => {
                return super::columnar::open(self, content, start, rest);
            }
            content => {
                drop(rest);
                let table = workbook::open(self, options, content)?;
                self.count_as_read(start.len(), options);
                return Ok(table);
            }
        }
        let chosen = match known {
            Some(known) => known,
            None => self.encoding(&start, options)?,
        };
        let bytes = Box::new(Cursor::new(start).chain(rest));
        self.delimited(bytes, &chosen, options.every_row)
    }

    /// The sheets of a workbook, those that can be seen first; none where the input is no workbook.
    ///
    /// # Errors
    ///
    /// A workbook that cannot be read.
    pub(crate) fn sheets(&self) -> Result<Vec<Sheet>> {
        if self.is_stdin() {
            return Ok(Vec::new());
        }
        let (start, _) = self.peek(source::open(self, None)?)?;
        match Content::of(&start) {
            content @ (Content::Zip | Content::OldWorkbook) => workbook::sheets(self, content),
            _ => Ok(Vec::new()),
        }
    }

    /// The size of what [`Input::open`] reads, where it is known; for a progress bar.
    pub(crate) fn bytes(&self) -> Option<u64> {
        if self.is_stdin() {
            return None;
        }
        match &self.member {
            None => std::fs::metadata(&self.path).map(|meta| meta.len()).ok(),
            Some(name) => archive::place(self, name).ok().map(|place| place.stored),
        }
    }

    /// A first look at a file that was found in a folder or an archive.
    pub(super) fn look(&self) -> Look {
        let start = source::open(self, None).and_then(|bytes| self.peek(bytes));
        match start.map(|(start, _)| (start.is_empty(), Content::of(&start))) {
            Ok((true, _)) => Look::Empty,
            Ok((_, Content::Refused { found, .. })) => Look::Other(found),
            Ok(_) => Look::Table,
            Err(Error::Unusable { found, .. } | Error::Damaged { found, .. }) => {
                Look::Unreadable(found)
            }
            Err(Error::Io { source, .. }) => Look::Unreadable(said(&source)),
            Err(error) => Look::Unreadable(error.to_string()),
        }
    }

    /// Counts the bytes beyond the first ones, of a workbook that was read as a whole.
    fn count_as_read(&self, counted: usize, options: &ReadOptions) {
        if let (Some(progress), Some(bytes)) = (&options.progress, self.bytes()) {
            progress.add(bytes.saturating_sub(counted as u64));
        }
    }

    /// Reads the first bytes; of standard input as many as decide on its encoding.
    fn peek(&self, mut bytes: Bytes) -> Result<(Vec<u8>, Bytes)> {
        let length = if self.is_stdin() { limit::STDIN_HEAD } else { limit::START };
        let mut start = Vec::new();
        bytes
            .by_ref()
            .take(length)
            .read_to_end(&mut start)
            .map_err(|error| source::failure(self, error))?;
        Ok((start, bytes))
    }

    /// Chooses the encoding: a byte-order mark, the user's word, or the evidence of all bytes.
    fn encoding(&self, start: &[u8], options: &ReadOptions) -> Result<Chosen> {
        let named = options.encoding_of(self).map(encoding::named).transpose()?;
        if let Some(declared) = encoding::declared(start, &self.display())? {
            return Ok(declared.before(named.as_ref()));
        }
        if let Some(named) = named {
            return Ok(named.against(&self.weighed(start)?));
        }
        if let Some(shown) = encoding::utf_16_without_mark(start) {
            return Ok(shown);
        }
        let chosen = self.weighed(start)?;
        Ok(match &options.export {
            Some(export) => chosen.among(export),
            None => chosen,
        })
    }

    /// The encoding by the evidence of all bytes; of standard input by that of the first ones.
    fn weighed(&self, start: &[u8]) -> Result<Chosen> {
        let weighed = match self.is_stdin() {
            true => weigh(&mut &*start),
            false => weigh(&mut source::open(self, None)?),
        };
        weighed.map_err(|error| source::failure(self, error))
    }

    /// The table in delimited text.
    fn delimited(&self, bytes: Bytes, chosen: &Chosen, every_row: bool) -> Result<Table> {
        let mut blocks = Blocks::new(chosen.decode(bytes));
        blocks.fill().map_err(|error| source::failure(self, error))?;
        while blocks.rest().starts_with("\u{feff}".as_bytes()) {
            blocks.consume("\u{feff}".len());
        }
        if let Some(cells) = dialect::too_many_columns(blocks.rest()) {
            return Err(Error::Limit {
                file: self.display(),
                what: format!("a first line of {cells} cells"),
                limit: format!("{} columns", limit::COLUMNS),
            });
        }
        if dialect::starts_with_typographic_quote(blocks.rest()) {
            let todo = "replace them with plain quotation marks (\") and save it again";
            return Err(self.unusable("its cells are in typographic quotation marks", todo));
        }
        let Some(dialect) = Dialect::of(blocks.rest(), blocks.is_last()) else {
            let todo = "give a file with a header line and rows below it";
            return Err(self.unusable("no line of it is a header", todo));
        };
        let info = TableInfo {
            file: self.display(),
            header: dialect.header.clone(),
            encoding: chosen.label(),
            encoding_reason: chosen.reason.clone(),
            guess: chosen
                .guessed_from
                .clone()
                .map(|lines| Guess { lines, doubt: chosen.doubt.clone() }),
            dialect: dialect.name().into(),
            title_lines: dialect.title_lines as u64,
            title_addresses: blocks
                .rest()
                .split(|byte| *byte == b'\n')
                .take(dialect.lines_above())
                .any(|line| line.contains(&b'@')),
            notes: chosen.doubt.clone().into_iter().chain(dialect.notes()).collect(),
            ..TableInfo::default()
        };
        let rows = DelimitedRows::new(blocks, self.clone(), &dialect, every_row);
        Ok(Table::new(info, Box::new(rows)))
    }

    /// The error of an input that cannot be used.
    pub(super) fn unusable(&self, found: impl Into<String>, todo: &str) -> Error {
        Error::Unusable { file: self.display(), found: found.into(), todo: todo.into() }
    }
}

/// Weighs the evidence of all bytes of a source for their encoding, in whole blocks: a source may
/// give its first bytes apart, and of what is cut in the middle of a line less is evidence.
fn weigh(source: &mut dyn Read) -> io::Result<Chosen> {
    let mut evidence = Evidence::default();
    let mut block = vec![0; limit::BLOCK];
    loop {
        match fill(source, &mut block)? {
            0 => return Ok(evidence.decide()),
            length => evidence.feed(&block[..length]),
        }
    }
}
