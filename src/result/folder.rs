//! The folder of a finished run, read back.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};

#[cfg(feature = "browser")]
use super::summary::Summary;
use super::{
    column::File,
    summary::{FileSummary, InputSummary},
    table::Table,
};
use crate::error::{Error, Result, slashed};

/// The totals of a run, in JSON. A result folder is complete when it holds this file.
pub(crate) const SUMMARY: &str = "summary.json";
/// The same for people.
pub(crate) const PAGE: &str = "summary.html";
/// The flags of a run.
pub(crate) const SETTINGS: &str = "settings.toml";
/// What was written, from what and for whom.
pub(crate) const MANIFEST: &str = "manifest.json";
/// What the run leaves to the months after it.
pub(crate) const HISTORY: &str = "history.json";
/// The folder of campaign files.
pub(crate) const CAMPAIGNS: &str = "campaigns";

/// What to do about a folder that is no result of ours.
pub(crate) const TODO: &str = "name the folder with the results of a finished run";

/// The folder of results that a path means: a slash at its end goes; of a link the folder that it
/// names.
pub(crate) fn meant(out: &Path) -> PathBuf {
    let out: PathBuf = out.components().collect();
    if out.is_symlink() { std::fs::canonicalize(&out).unwrap_or(out) } else { out }
}

/// A place next to a folder of results: `result` and `.history` are `result.history`.
pub(crate) fn next_to(out: &Path, ending: &str) -> PathBuf {
    let mut name = meant(out).into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// The folder of a finished run.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

/// What a run has recorded of itself in `summary.json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Recorded {
    /// When it began, ISO to the second.
    pub(crate) started: String,
    /// The day against which dates were judged.
    pub(crate) as_of: String,
    /// The folder in which it was started.
    pub(crate) folder: PathBuf,
    /// Its settings, as in `settings.toml`.
    pub(crate) settings: serde_json::Value,
    /// The files found, read or skipped.
    pub(crate) inputs: Vec<InputSummary>,
    /// The files written.
    pub(crate) files: Vec<FileSummary>,
}

impl Folder {
    pub(crate) fn new(folder: &Path) -> Folder {
        Folder(folder.to_owned())
    }

    /// The path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What the run has recorded of itself.
    ///
    /// # Errors
    ///
    /// When the folder holds no summary of a run.
    pub(crate) fn recorded(&self) -> Result<Recorded> {
        self.read_summary()
    }

    /// The summary of the run.
    ///
    /// # Errors
    ///
    /// When the folder holds none.
    #[cfg(feature = "browser")]
    pub(crate) fn summary(&self) -> Result<Summary> {
        self.read_summary()
    }

    fn read_summary<T: DeserializeOwned>(&self) -> Result<T> {
        let path = self.path(SUMMARY);
        let no_run = |found: String| Error::Unusable {
            file: slashed(&path),
            found,
            todo: "give the result folder of a finished `reconcile match`, its --out".into(),
        };
        let text = std::fs::read(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => no_run("there is no such file".into()),
            _ => Error::io(&path)(error),
        })?;
        serde_json::from_slice(&text)
            .map_err(|error| no_run(format!("is no summary of a run: {error}")))
    }

    /// A file of the run, opened.
    ///
    /// # Errors
    ///
    /// When it is missing or cannot be read.
    pub(crate) fn open(&self, file: &File) -> Result<Table> {
        let path = self.path(file.name);
        if !path.is_file() {
            return Err(Error::Unusable {
                file: slashed(&self.0),
                found: format!("holds no {}", file.name),
                todo: TODO.into(),
            });
        }
        Table::open(&path)
    }
}
