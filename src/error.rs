//! What stops a run, and what to do about it.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// The result of anything that can stop a run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stops a run. Each variant holds the facts; the sentence is made here, the advice by
/// [`Error::hint`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {}", slashed(path), said(source))]
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
    /// A file cannot be read whole: it is damaged, cut off or protected.
    #[error("{file}: {found}")]
    Damaged {
        /// The file.
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
pub(crate) fn said(error: &io::Error) -> String {
    match error.kind() {
        _ if is_in_use(error) => "it is open in another program".into(),
        ErrorKind::NotFound => "not found".into(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error ").next().unwrap_or_default().to_owned()
        }
    }
}

/// What can be done about a file that another program holds.
pub(crate) const CLOSE_IT: &str = "close it in Excel and other programs, and run again";

/// Whether another program holds a file.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    let code = if cfg!(windows) { error.raw_os_error() } else { None };
    error.kind() == ErrorKind::ResourceBusy || code.is_some_and(means_in_use)
}

/// Whether a number of Windows means that a file is held: opened (32), locked in part (33), mapped
/// into memory (1224). The standard library has no kind for them.
fn means_in_use(code: i32) -> bool {
    matches!(code, 32 | 33 | 1224)
}

/// A path as messages and files name it: with `/` on every system.
#[expect(clippy::disallowed_methods, reason = "the one place that names paths")]
pub(crate) fn slashed(path: &Path) -> String {
    let name = path.display().to_string();
    if cfg!(windows) { with_slashes(&name) } else { name }
}

/// A path of Windows with `/`, which it takes too; without the `\\?\` of a path that was resolved.
fn with_slashes(name: &str) -> String {
    let plain = match name.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => name.strip_prefix(r"\\?\").unwrap_or(name).to_owned(),
    };
    plain.replace('\\', "/")
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
            | Error::Damaged { todo, .. }
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
                _ if is_in_use(source) => Some(CLOSE_IT.into()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_are_named_with_slashes() {
        for (path, want) in [
            (r"reports\2026\Azure.csv", "reports/2026/Azure.csv"),
            (r"reports/2026\Azure.csv", "reports/2026/Azure.csv"),
            (r"C:\reports\Azure.csv", "C:/reports/Azure.csv"),
            (r"C:reports\Azure.csv", "C:reports/Azure.csv"), // where drive C: stands
            (r"\\server\share\Azure.csv", "//server/share/Azure.csv"),
            (r"\\?\C:\reports\Azure.csv", "C:/reports/Azure.csv"),
            (r"\\?\UNC\server\share\Azure.csv", "//server/share/Azure.csv"),
        ] {
            assert_eq!(with_slashes(path), want, "{path}");
        }
        if !cfg!(windows) {
            assert_eq!(slashed(Path::new(r"a\b/c")), r"a\b/c", "a name with a backslash");
        }
    }

    #[test]
    fn a_file_that_another_program_holds_is_said_in_our_words() {
        let busy: io::Error = ErrorKind::ResourceBusy.into();
        let mut held = vec![busy];
        assert!([32, 33, 1224].into_iter().all(means_in_use) && !means_in_use(5));
        if cfg!(windows) {
            held.extend([32, 33, 1224].map(io::Error::from_raw_os_error));
        }
        for source in held {
            let error = Error::Io { path: "team.verdicts.csv".into(), source };
            assert_eq!(error.to_string(), "team.verdicts.csv: it is open in another program");
            assert!(error.hint().is_some_and(|hint| hint.contains("close it")));
        }
    }
}
