//! What of a folder this program wrote: a mark of its own, and the hash of each file.
//!
//! Only files that the mark names, and that are still as they were written, are ever removed. What
//! else a folder holds is brought to the folder that takes its place.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    access,
    publish::{PART as SUMMARY_PART, cannot_write, sync_folder},
};
use crate::{
    error::Result,
    inputs::fingerprint,
    read::RESULT_MARK as MARK,
    result::{
        column::File,
        file,
        folder::{self, MANIFEST},
    },
};

/// The name of a file of ours until it is whole.
const PART: &str = ".reconcile.part";

/// What the mark says.
const WORDS: &str = "Results of reconcile. The next run replaces the files that are named here, \
                     unless they were edited; all others stay.";

/// The files that this program wrote into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    /// Always [`WORDS`].
    mark: String,
    /// The path of each below the folder, parts joined by `/`, and its SHA-256; none while the
    /// folder is being written.
    files: BTreeMap<String, String>,
    /// The SHA-256 of review sheets under other names that were read: none is read twice.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    sheets_read: BTreeSet<String>,
}

impl Default for Ledger {
    fn default() -> Ledger {
        Ledger { mark: WORDS.into(), files: BTreeMap::new(), sheets_read: BTreeSet::new() }
    }
}

/// Whose a file or folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Ours, as we wrote it.
    Ours,
    /// Ours, but edited since.
    Edited,
    /// Somebody else's; of a folder with all that it holds.
    Foreign,
}

/// What a folder holds that must not be removed, by its path below the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Strangers {
    /// Files and folders that we did not write.
    pub(crate) foreign: Vec<PathBuf>,
    /// Files that we wrote and that were edited since.
    pub(crate) edited: Vec<PathBuf>,
}

impl Ledger {
    /// The ledger of a folder; `None` where it lacks our mark.
    pub(crate) fn read(folder: &Path) -> Option<Ledger> {
        let ledger: Ledger = serde_json::from_slice(&fs::read(folder.join(MARK)).ok()?).ok()?;
        (ledger.mark == WORDS).then_some(ledger)
    }

    /// The ledger of all files of a folder, each under the name that it will have.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub(super) fn of(folder: &Path, named: impl Fn(String) -> String + Sync) -> Result<Ledger> {
        let mut paths = Vec::new();
        files_below(folder, Path::new(""), &mut paths)?;
        paths.retain(|path| !is_mark(path));
        let hashed = paths.par_iter().map(|path| {
            let hash = fingerprint(&folder.join(path))?;
            Ok((named(key(path)), hash))
        });
        Ok(Ledger { files: hashed.collect::<Result<_>>()?, ..Ledger::default() })
    }

    /// The same, and the review sheets that were read in the folder whose place it takes.
    pub(super) fn after(self, folder: &Path) -> Ledger {
        let sheets_read = Ledger::read(folder).map(|before| before.sheets_read);
        Ledger { sheets_read: sheets_read.unwrap_or_default(), ..self }
    }

    /// Writes the mark into a folder.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let (part, name) = (folder.join(PART), folder.join(MARK));
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| cannot_write(&name)(std::io::Error::other(error)))?;
        let mut file = fs::File::create(&part).map_err(cannot_write(&name))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(cannot_write(&name))?;
        fs::rename(&part, &name).map_err(cannot_write(&name))
    }

    /// Whether a path is one that we write: by its hash, or in a draft by its name.
    fn names(&self, path: &str) -> bool {
        if is_mark(Path::new(path)) || path == SUMMARY_PART || self.files.contains_key(path) {
            return true;
        }
        let first = path.split('/').next().unwrap_or(path);
        self.files.is_empty() && is_ours_by_name(first)
    }

    /// Whether we wrote anything below a folder.
    fn names_below(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        let mut from = self.files.range(below.clone()..);
        from.next().is_some_and(|(path, _)| path.starts_with(&below))
            || (self.files.is_empty() && folder.split('/').next() == Some(folder::CAMPAIGNS))
    }

    /// All that a folder holds.
    fn entries(&self, folder: &Path) -> Result<Vec<(PathBuf, Whose)>> {
        let mut found = Vec::new();
        self.walk(folder, Path::new(""), &mut found)?;
        let check = |(path, whose): &mut (PathBuf, Whose)| {
            if let Some(hash) = self.files.get(&key(path))
                && *whose == Whose::Ours
                && fingerprint(&folder.join(&*path))? != *hash
            {
                *whose = Whose::Edited;
            }
            Ok(())
        };
        found.par_iter_mut().try_for_each(check)?;
        Ok(found)
    }

    fn walk(&self, folder: &Path, below: &Path, found: &mut Vec<(PathBuf, Whose)>) -> Result<()> {
        for (path, is_folder) in list(folder, below)? {
            let name = key(&path);
            if is_folder && self.names_below(&name) {
                self.walk(folder, &path, found)?;
            } else if is_folder || !self.names(&name) {
                found.push((path, Whose::Foreign));
            } else {
                found.push((path, Whose::Ours));
            }
        }
        Ok(())
    }
}

/// What a folder of ours holds that must not be removed; of another folder nothing is said.
///
/// # Errors
///
/// When it cannot be read.
pub(crate) fn strangers(folder: &Path) -> Result<Strangers> {
    let mut strangers = Strangers::default();
    let Some(ledger) = Ledger::read(folder) else { return Ok(strangers) };
    for (path, whose) in ledger.entries(folder)? {
        match whose {
            Whose::Ours => {}
            Whose::Edited => strangers.edited.push(path),
            Whose::Foreign => strangers.foreign.push(path),
        }
    }
    strangers.foreign.sort();
    strangers.edited.sort();
    Ok(strangers)
}

/// The files of a folder that may be review sheets saved under other names, and were not read yet.
///
/// # Errors
///
/// When the folder or one of them cannot be read.
pub(super) fn unread_sheets(folder: &Path) -> Result<Vec<PathBuf>> {
    let Some(ledger) = Ledger::read(folder) else { return Ok(Vec::new()) };
    let is_table = |path: &Path| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_some_and(|of| matches!(of.as_str(), "csv" | "ods" | "xls" | "xlsm" | "xlsx"))
    };
    let mut sheets = Vec::new();
    for (path, is_folder) in list(folder, Path::new(""))? {
        let name = key(&path);
        let is_hidden = name.starts_with(['~', '.']);
        if !is_folder
            && !is_hidden
            && is_table(&path)
            && !ledger.names(&name)
            && !ledger.sheets_read.contains(&fingerprint(&folder.join(&path))?)
        {
            sheets.push(folder.join(path));
        }
    }
    sheets.sort();
    Ok(sheets)
}

/// Takes down review sheets that were read.
///
/// # Errors
///
/// When one cannot be read, or the mark cannot be written.
pub(super) fn mark_read(folder: &Path, sheets: &[PathBuf]) -> Result<()> {
    let Some(mut ledger) = Ledger::read(folder).filter(|_| !sheets.is_empty()) else {
        return Ok(());
    };
    for sheet in sheets {
        ledger.sheets_read.insert(fingerprint(sheet)?);
    }
    ledger.write(folder)
}

/// Takes down files as they are now: written after the others, or edited in a way that was read.
///
/// # Errors
///
/// When one cannot be read, or the mark cannot be written.
pub(crate) fn record(folder: &Path, paths: &[PathBuf]) -> Result<()> {
    let Some(mut ledger) = Ledger::read(folder).filter(|_| !paths.is_empty()) else {
        return Ok(());
    };
    let mut has_changed = false;
    for path in paths {
        let hash = fingerprint(&folder.join(path))?;
        has_changed |= ledger.files.insert(key(path), hash.clone()) != Some(hash);
    }
    if has_changed { ledger.write(folder) } else { Ok(()) }
}

/// Brings what is not as we wrote it to another folder: what is not ours is moved to the same place
/// there, of what was edited a copy goes there under a name that says so.
///
/// # Errors
///
/// When something cannot be moved. To do it again does what is left.
pub(super) fn carry(from: &Path, to: &Path) -> Result<()> {
    let Strangers { foreign, edited } = strangers(from)?;
    for path in foreign {
        let place = to.join(&path);
        let mut names = std::iter::once(place.clone()).chain(named(place, "yours"));
        let Some(place) = names.find(|name| is_free(name)) else { continue };
        let parent = place.parent().unwrap_or(to);
        fs::create_dir_all(parent).map_err(cannot_write(parent))?;
        fs::rename(from.join(&path), &place).map_err(cannot_write(&place))?;
    }
    keep_edited(from, to, &edited)
}

/// Copies results that were edited, each under a name that says so. The originals may go then.
pub(crate) fn keep_edited(from: &Path, to: &Path, edited: &[PathBuf]) -> Result<()> {
    for path in edited {
        let hash = fingerprint(&from.join(path))?;
        let same = |place: &Path| fingerprint(place).is_ok_and(|of| of == hash);
        let mut names = named(to.join(path), "edited").filter(|name| is_free(name) || same(name));
        if let Some(place) = names.next().filter(|name| is_free(name)) {
            let parent = place.parent().unwrap_or(to);
            fs::create_dir_all(parent).map_err(cannot_write(parent))?;
            let part = from.join(PART);
            fs::copy(from.join(path), &part).map_err(cannot_write(&place))?;
            let copy = fs::File::options().write(true).open(&part).map_err(cannot_write(&place))?;
            copy.sync_all().map_err(cannot_write(&place))?;
            fs::rename(&part, &place).map_err(cannot_write(&place))?;
            sync_folder(parent).map_err(cannot_write(parent))?;
        }
    }
    record(from, edited)
}

/// The names that a file may get with a word behind its own: `contacts (edited).xlsx`,
/// `contacts (edited 2).xlsx` ...
fn named(path: PathBuf, word: &str) -> impl Iterator<Item = PathBuf> {
    let with = move |word: &str| {
        let mut name = path.file_stem().unwrap_or_default().to_os_string();
        name.push(format!(" ({word})"));
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    };
    (1..).map(move |number| match number {
        1 => with(word),
        number => with(&format!("{word} {number}")),
    })
}

fn is_free(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err()
}

/// Removes what we wrote into a folder and nobody edited, the mark last, so that what is left after
/// an interruption is still known as ours. The folder goes when it is empty.
///
/// # Errors
///
/// When a file cannot be removed.
pub(super) fn remove(folder: &Path) -> Result<()> {
    if let Some(ledger) = Ledger::read(folder) {
        let entries = ledger.entries(folder)?;
        for (path, whose) in &entries {
            if *whose == Whose::Ours && !is_mark(path) {
                let path = folder.join(path);
                fs::remove_file(&path).map_err(cannot_write(&path))?;
            }
        }
        if entries.iter().all(|(_, whose)| *whose == Whose::Ours) {
            remove_empty(folder, Path::new(""));
            for mark in
                [PART, MARK].map(|name| folder.join(name)).iter().filter(|path| path.exists())
            {
                fs::remove_file(mark).map_err(cannot_write(mark))?;
            }
        }
    } else if list(folder, Path::new("")).is_ok_and(|all| all.iter().all(|(path, _)| is_mark(path)))
    {
        // stopped before the mark was whole
        let _ = fs::remove_file(folder.join(PART));
    }
    // a folder that is not empty stays
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// Removes the empty folders below a folder.
fn remove_empty(folder: &Path, below: &Path) {
    for (path, _) in list(folder, below).into_iter().flatten().filter(|(_, is_folder)| *is_folder) {
        remove_empty(folder, &path);
        let _ = fs::remove_dir(folder.join(path));
    }
}

/// The entries of a folder below another: paths, and whether they are folders that hold anything.
fn list(folder: &Path, below: &Path) -> Result<Vec<(PathBuf, bool)>> {
    let place = folder.join(below);
    let entry = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((below.join(entry.file_name()), entry.file_type()?.is_dir()))
    };
    let entries = fs::read_dir(&place).and_then(|entries| entries.map(entry).collect());
    entries.map_err(cannot_write(&place))
}

/// Lets only those read a folder of ours who may.
///
/// # Errors
///
/// When the system refuses it.
pub(super) fn restrict(folder: &Path, group_readable: bool) -> Result<()> {
    restrict_below(folder, Path::new(""), group_readable)
}

fn restrict_below(folder: &Path, below: &Path, group_readable: bool) -> Result<()> {
    for (path, is_folder) in list(folder, below)? {
        let place = folder.join(&path);
        if is_folder {
            restrict_below(folder, &path, group_readable)?;
        } else {
            access::restrict(&place, group_readable).map_err(cannot_write(&place))?;
        }
    }
    let place = folder.join(below);
    access::restrict(&place, group_readable).map_err(cannot_write(&place))
}

/// All files below a folder.
///
/// # Errors
///
/// When it cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    files_below(folder, Path::new(""), &mut files)?;
    Ok(files.into_iter().map(|path| folder.join(path)).collect())
}

fn files_below(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for (path, is_folder) in list(folder, below)? {
        if is_folder { files_below(folder, &path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Whether a run writes a file or folder of this name into its results.
pub(super) fn is_ours_by_name(name: &str) -> bool {
    let stem = |name: &'static str| name.split('.').next().unwrap_or(name);
    let lists = LISTS.iter().map(|file| file.name);
    let others = [folder::SUMMARY, folder::SETTINGS, folder::HISTORY, folder::CAMPAIGNS, MANIFEST];
    let mut stems = lists.chain(others).map(stem);
    stems.any(|stem| name.split('.').next() == Some(stem))
}

/// The lists of a run.
const LISTS: [&File; 11] = [
    &file::customers::FILE,
    &file::contacts::FILE,
    &file::links::FILE,
    &file::review::FILE,
    &file::unmatched::FILE,
    &file::agreements::FILE,
    &file::suppressed::FILE,
    &file::problems::FILE,
    &file::changes::FILE,
    &file::calls::FILE,
    &file::outcomes::FILE,
];

fn is_mark(path: &Path) -> bool {
    path == Path::new(MARK) || path == Path::new(PART)
}

/// A path as the ledger has it.
fn key(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
