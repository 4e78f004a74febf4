//! What stops a run, and what to do about it.

use std::{io::ErrorKind, path::PathBuf};

/// The result of anything that can stop a run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stops a run. Each variant holds the facts; the sentence is made here, the advice by
/// [`Error::hint`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {}", path.display(), said(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that the user named holds nothing that can be used.
    #[error("{file}: {found}")]
    Unusable {
        /// The file, as the user named it.
        file: String,
        /// What was found, as a lower-case phrase.
        found: String,
        /// What the user can do.
        todo: String,
    },
    /// No header of the file stands for a field that the run needs.
    #[error("{file}: no column holds the {field}; headers: {}", shown(headers))]
    MissingColumn {
        /// The file.
        file: String,
        /// The name of the field, as `--column` takes it.
        field: String,
        /// The headers of the file.
        headers: Vec<String>,
    },
    /// Two columns could stand for one field.
    #[error("{file}: columns {first:?} and {second:?} could both be the {field}")]
    AmbiguousColumn {
        /// The file.
        file: String,
        /// The name of the field, as `--column` takes it.
        field: String,
        /// One column.
        first: String,
        /// The other column.
        second: String,
    },
    /// A limit that protects memory was passed.
    #[error("{file}: {what} is more than the limit of {limit}")]
    Limit {
        /// The file.
        file: String,
        /// What was counted, with its count.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// A rule table or a settings file says something that cannot be understood.
    #[error("{file}:{line}: {found}")]
    Rule {
        /// The table, or the settings file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong, as a lower-case phrase.
        found: String,
    },
    /// A choice of the user contradicts itself or lies outside its range.
    #[error("{flag}: {found}")]
    Setting {
        /// The flag, as typed.
        flag: String,
        /// What is wrong, as a lower-case phrase.
        found: String,
        /// What the user can do.
        todo: String,
    },
    /// The command line lacks something, or holds a word that is none of those to choose from.
    #[error("{flag}: {found}")]
    Usage {
        /// The flag, as typed.
        flag: String,
        /// What is wrong, as a lower-case phrase.
        found: String,
        /// What the user can do.
        todo: String,
    },
    /// The statuses of the records do not add up: a fault of the program, found before publishing.
    #[error("the totals do not close: {what}")]
    Totals {
        /// Which totals, with the numbers.
        what: String,
    },
}

/// What the system said, as a lower-case phrase without its number.
pub(crate) fn said(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "not found".into(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        ErrorKind::ResourceBusy => "it is open in another program".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error ").next().unwrap_or_default().to_owned()
        }
    }
}

/// The most headers that a message names, and the most letters of each.
const SHOWN: (usize, usize) = (60, 80);

/// Headers as a message names them: not all of thousands.
fn shown(headers: &[String]) -> String {
    let cut = |header: &String| header.chars().take(SHOWN.1).collect::<String>();
    let mut named: Vec<String> = headers.iter().take(SHOWN.0).map(cut).collect();
    if headers.len() > SHOWN.0 {
        named.push(format!("and {} more", headers.len() - SHOWN.0));
    }
    named.join(", ")
}

impl Error {
    /// What to try next, where there is something to try.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Unusable { todo, .. }
            | Error::Setting { todo, .. }
            | Error::Usage { todo, .. } => Some(todo.clone()),
            Error::MissingColumn { field, .. } => Some(format!(
                "if it is the right file, name the column with `--column {field}=HEADER`"
            )),
            Error::AmbiguousColumn { field, first, .. } => {
                Some(format!("choose one with `--column \"{field}={first}\"`"))
            }
            Error::Totals { .. } => {
                Some("nothing was published; please report this with summary.json".into())
            }
            Error::Limit { .. } => Some(
                "take out what is not needed; a workbook can be saved as CSV, an archive unpacked"
                    .into(),
            ),
            Error::Io { source, .. } => match source.kind() {
                ErrorKind::NotFound => Some("check the spelling of the path".into()),
                ErrorKind::PermissionDenied => {
                    Some("close it in other programs, and check your rights to it".into())
                }
                _ => None,
            },
            Error::Rule { .. } => None,
        }
    }

    /// The exit status of the program: 2 for wrong usage, else 1.
    pub fn exit_status(&self) -> u8 {
        if matches!(self, Error::Usage { .. }) { 2 } else { 1 }
    }

    /// An [`Error::Io`] with its path.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, source }
    }
}
