//! Bytes to rows: every encoding, dialect, workbook and archive ends as a [`Table`].
//!
//! [`discover`] turns paths into [`Input`]s, [`Input::open`] turns one into a [`Table`], whose
//! rows come as [`Batch`]es. Each record of a file is a row, a [`Problem`](crate::problem::Problem)
//! or a line that was declared a title or a footer: nothing vanishes.

mod archive;
mod batch;
mod block;
mod book;
#[cfg(feature = "columnar")]
mod columnar;
mod compound;
mod content;
mod delimited;
mod dialect;
mod discover;
mod dynamics;
mod encoding;
mod gate;
mod limit;
mod open;
mod record;
mod source;
pub(crate) mod value;
pub(crate) mod windows;
mod workbook;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub(crate) use batch::{Batch, Row};
#[cfg(feature = "columnar")]
pub(crate) use columnar::ArrowWriter;
pub(crate) use discover::{LeftAlone, MayBe, RESULT_MARK, discover};
pub(crate) use source::Meter;
pub(crate) use workbook::{Holds, Sheet};

use crate::error::{Error, Result, slashed};

/// One readable table that a path led to: a file, a member of an archive, standard input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// The file; `-` is standard input.
    pub(crate) path: PathBuf,
    /// The member, where the file is an archive.
    pub(crate) member: Option<String>,
    /// The sheet, where the file is a workbook of which each sheet is read on its own.
    pub(crate) sheet: Option<String>,
    /// Whether the user named this file; false when it was found in a folder or an archive.
    pub(crate) named: bool,
    /// Where in the archive the member stands, where that is known already.
    place: Option<archive::Place>,
}

/// How files are to be read.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadOptions {
    /// Encodings to use instead of the detected ones (`--encoding`): of one file, or of all others.
    pub(crate) encoding: Vec<(Option<String>, String)>,
    /// Lines of all files of an export whose code page is guessed: it is one guess for all of them.
    pub(crate) export: Option<Arc<[u8]>>,
    /// The sheet to read of workbooks (`--sheet`).
    pub(crate) sheet: Option<String>,
    /// Whether every record that is not blank is a row: a suppression list has no footer, and who
    /// stands in a damaged row is meant too.
    pub(crate) every_row: bool,
    /// Tables whose first rows say what the columns of tables with the same headers mean (`--sample`).
    pub(crate) samples: Vec<PathBuf>,
    /// Counts the bytes of files that rows were read from, as [`Input::bytes`] counts them.
    pub(crate) progress: Option<Arc<Meter>>,
}

/// An opened table: its header is known, its rows are still to be read.
pub(crate) struct Table {
    info: TableInfo,
    batches: Batches,
}

/// What is known of a table before its rows are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableInfo {
    /// The file as the user knows it.
    pub(crate) file: String,
    /// The headers as written, by position.
    pub(crate) header: Vec<String>,
    /// The logical names of the columns, from the hidden sheet of a Dynamics workbook; empty else.
    pub(crate) logical_names: Vec<Option<String>>,
    /// The object that the hidden sheet names (`account`, `contact`).
    pub(crate) logical_object: Option<String>,
    /// The encoding, as a label for people (`UTF-8`, `UTF-16 LE`, `Windows-1252`, `Shift_JIS`);
    /// `workbook` where the file is one.
    pub(crate) encoding: String,
    /// Why the encoding was chosen, as a lower-case phrase.
    pub(crate) encoding_reason: String,
    /// How its code page was guessed, where it was.
    pub(crate) guess: Option<Guess>,
    /// The container and dialect for people (`comma`, `semicolon`, `workbook, sheet Accounts`).
    pub(crate) dialect: String,
    /// Whether it is a table of typed columns (Parquet, Arrow), not of text.
    pub(crate) columnar: bool,
    /// Its columns as they are, where they are typed.
    #[cfg(feature = "columnar")]
    pub(crate) schema: Option<arrow_schema::SchemaRef>,
    /// Lines with text above the header that were passed over.
    pub(crate) title_lines: u64,
    /// Whether these lines hold e-mail addresses.
    pub(crate) title_addresses: bool,
    /// The other sheets of the workbook.
    pub(crate) other_sheets: Vec<String>,
    /// Things worth telling that are no problem rows (title lines passed over, wrapped lines).
    pub(crate) notes: Vec<String>,
}

/// How the code page of a file was guessed.
#[derive(Debug, Clone)]
pub(crate) struct Guess {
    /// The lines with letters outside ASCII.
    pub(crate) lines: Arc<[u8]>,
    /// What the user should know, where the guess is doubtful.
    pub(crate) doubt: Option<String>,
}

/// The rows of a table, a few thousand at a time.
pub(crate) type Batches = Box<dyn Iterator<Item = Result<Batch>> + Send>;

impl ReadOptions {
    /// The encoding that the user named for an input.
    fn encoding_of(&self, input: &Input) -> Option<&str> {
        let of_file = self
            .encoding
            .iter()
            .find(|(file, _)| file.as_ref().is_some_and(|file| input.is_called(file)));
        let found = of_file.or_else(|| self.encoding.iter().find(|(file, _)| file.is_none()));
        found.map(|(_, name)| name.as_str())
    }

    /// Refuses an encoding of a file that is none of the inputs: a typing error must not pass
    /// unnoticed.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub(crate) fn check_files<'i>(
        &self,
        inputs: impl Iterator<Item = &'i Input> + Clone,
    ) -> Result<()> {
        for (file, name) in &self.encoding {
            let Some(file) = file else { continue };
            if !inputs.clone().any(|input| input.is_called(file)) {
                return Err(Error::Setting {
                    flag: format!("--encoding {file}={name}"),
                    found: "no file that is read has this name".into(),
                    todo: "write the name as `reconcile inspect` shows it".into(),
                });
            }
        }
        Ok(())
    }
}

impl Input {
    /// Whether a user means this input: by its path, or by the end of it.
    fn is_called(&self, name: &str) -> bool {
        let (mut whole, mut name) = (self.display(), slashed(Path::new(name)));
        if cfg!(windows) {
            (whole, name) = (whole.to_lowercase(), name.to_lowercase());
        }
        let front = whole.strip_suffix(&name);
        front.is_some_and(|front| front.is_empty() || front.ends_with(['/', '\\', '!']))
    }

    /// A file that the user named.
    pub(crate) fn named(path: impl AsRef<Path>) -> Input {
        Input {
            path: path.as_ref().to_owned(),
            member: None,
            sheet: None,
            named: true,
            place: None,
        }
    }

    /// A member of an archive.
    #[cfg(test)]
    pub(crate) fn member(path: impl AsRef<Path>, member: impl Into<String>) -> Input {
        Input { member: Some(member.into()), named: false, ..Input::named(path) }
    }

    /// One sheet of the workbook that the input is.
    pub(crate) fn of_sheet(&self, sheet: &str) -> Input {
        Input { sheet: Some(sheet.to_owned()), ..self.clone() }
    }

    /// The file as the user knows it: an archive's member and a workbook's sheet after a `!`.
    pub(crate) fn display(&self) -> String {
        if self.is_stdin() {
            return "standard input".to_owned();
        }
        let inside = self.member.iter().chain(&self.sheet);
        let mut name = slashed(&self.path);
        inside.for_each(|part| name.extend(["!", part]));
        name
    }

    /// Whether this is standard input, which can be read only once.
    pub(crate) fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }
}

impl Table {
    /// A table from its parts.
    pub(crate) fn new(info: TableInfo, batches: Batches) -> Table {
        Table { info, batches }
    }

    /// What is known before the rows are read.
    pub(crate) fn info(&self) -> &TableInfo {
        &self.info
    }

    /// The rows, a few thousand at a time, in file order.
    pub(crate) fn into_batches(self) -> Batches {
        self.batches
    }
}

#[cfg(test)]
pub(crate) mod tests;
