//! Results are prepared as `OUT.new`; then `OUT` becomes `OUT.previous` and `OUT.new` becomes `OUT`.
//!
//! A folder is complete when it holds `summary.json`, which gets its name last. Until then it
//! holds `summary.json.part`, so that a folder of somebody else is never mistaken for a draft.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result, said},
    result::folder::SUMMARY as COMPLETE,
};

/// The mark of a result folder that is being written.
const PART: &str = "summary.json.part";

/// The three folders of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folders {
    /// The results, as the user named the folder.
    pub(crate) out: PathBuf,
    /// The results that are being prepared.
    pub(crate) new: PathBuf,
    /// The results of the run before.
    pub(crate) previous: PathBuf,
}

impl Folders {
    /// The folders that belong to an output.
    pub(crate) fn of(out: &Path) -> Folders {
        let out: PathBuf = out.components().collect(); // a slash at the end goes
        let next_to = |ending: &str| {
            let mut name = out.clone().into_os_string();
            name.push(ending);
            PathBuf::from(name)
        };
        Folders { new: next_to(".new"), previous: next_to(".previous"), out }
    }

    /// The folders in which a person may have filled in a review sheet that was not taken in yet,
    /// the latest last. The previous one counts only when it was replaced without a last look.
    pub(crate) fn with_review(&self, repaired: Repair) -> impl Iterator<Item = &Path> {
        let previous = (repaired == Repair::SwapFinished).then_some(&self.previous);
        let folders = previous.into_iter().chain([&self.out, &self.new]);
        folders.map(PathBuf::as_path).filter(|folder| is_complete(folder))
    }
}

/// What [`repair`] found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repair {
    /// Nothing was interrupted.
    Nothing,
    /// A run was stopped between the two renames; its finished results are now in place.
    SwapFinished,
    /// A run was stopped between the two renames and its results are gone; the previous ones are
    /// back in place.
    PreviousRestored,
}

/// Brings an interrupted swap to its end and checks that the output may be replaced. To be called
/// before anything else of a run.
///
/// # Errors
///
/// Fails when one of the three folders exists and is not a result of ours, or when the repair
/// itself is refused by the system.
pub(crate) fn repair(out: &Path) -> Result<Repair> {
    must_have_a_name(out)?;
    let folders = Folders::of(out);
    for folder in [&folders.out, &folders.new, &folders.previous] {
        must_be_ours(folder)?;
    }
    if exists(&folders.out) {
        return Ok(Repair::Nothing);
    }
    let (from, repaired) = if is_complete(&folders.new) {
        (&folders.new, Repair::SwapFinished)
    } else if is_complete(&folders.previous) {
        (&folders.previous, Repair::PreviousRestored)
    } else {
        return Ok(Repair::Nothing);
    };
    fs::rename(from, &folders.out).map_err(cannot_write(&folders.out))?;
    sync_parent(&folders.out)?;
    Ok(repaired)
}

/// Refuses a folder that cannot be renamed, such as `.`.
pub(crate) fn must_have_a_name(out: &Path) -> Result<()> {
    if out.file_name().is_some() {
        return Ok(());
    }
    Err(Error::Setting {
        flag: "--out".into(),
        found: format!("{} cannot be replaced as a whole", out.display()),
        todo: "give the results a folder of their own".into(),
    })
}

/// Makes a fresh, empty `OUT.new` and returns its path. A left-over one goes.
///
/// # Errors
///
/// Fails when the folder cannot be made, or when `OUT.new` is not ours.
pub(crate) fn begin(out: &Path) -> Result<PathBuf> {
    let new = Folders::of(out).new;
    must_be_ours(&new)?;
    remove(&new)?;
    fs::create_dir_all(&new).map_err(cannot_write(&new))?;
    File::create(new.join(PART)).map_err(cannot_write(&new))?;
    Ok(new)
}

/// Removes what a run has written that cannot go on: on a full disk it would only be in the way.
/// What cannot be removed is left to the next run.
pub(crate) fn give_up(new: &Path) {
    let _ = remove(new);
}

/// Writes the summary, the last file of `OUT.new`, which is complete with it.
pub(crate) fn complete(new: &Path, summary: &[u8]) -> Result<()> {
    let (part, name) = (new.join(PART), new.join(COMPLETE));
    let mut file = File::create(&part).map_err(cannot_write(&name))?;
    file.write_all(summary).and_then(|()| file.sync_all()).map_err(cannot_write(&name))?;
    drop(file);
    sync_folder(new).map_err(cannot_write(new))?;
    fs::rename(&part, &name).map_err(cannot_write(&name))?;
    sync_folder(new).map_err(cannot_write(new))
}

/// Puts a complete `OUT.new` in the place of `OUT`.
///
/// # Errors
///
/// Fails, with `OUT` as it was and the finished results in `OUT.new`, when a file of `OUT` is held
/// by another program or a folder cannot be renamed.
pub(crate) fn swap(out: &Path) -> Result<()> {
    let folders = Folders::of(out);
    if exists(&folders.out) {
        must_be_ours(&folders.out)?;
        held(&folders)?;
        must_be_ours(&folders.previous)?;
        remove(&folders.previous)?;
        fs::rename(&folders.out, &folders.previous)
            .map_err(|error| in_the_way(&folders, &folders.out, error))?;
    }
    if let Err(error) = fs::rename(&folders.new, &folders.out) {
        if exists(&folders.previous) && !exists(&folders.out) {
            // Whether or not this succeeds, the next run repairs what is left.
            let _ = fs::rename(&folders.previous, &folders.out);
        }
        return Err(in_the_way(&folders, &folders.new, error));
    }
    sync_parent(&folders.out)
}

/// Refuses a swap while a file of `OUT` is held: Excel keeps a `~$` file next to it, and on Windows
/// it cannot be opened for writing.
fn held(folders: &Folders) -> Result<()> {
    let entries = fs::read_dir(&folders.out).map_err(cannot_write(&folders.out))?;
    for entry in entries {
        let path = entry.map_err(cannot_write(&folders.out))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let opened_in_excel = name.strip_prefix("~$").map(|rest| folders.out.join(rest));
        if let Some(file) = opened_in_excel.filter(|file| file.exists()) {
            return Err(in_the_way(folders, &file, ErrorKind::ResourceBusy.into()));
        }
        if cfg!(windows)
            && path.is_file()
            && let Err(error) = File::options().append(true).open(&path)
        {
            return Err(in_the_way(folders, &path, error));
        }
    }
    Ok(())
}

fn in_the_way(folders: &Folders, file: &Path, error: io::Error) -> Error {
    let new = folders.new.display();
    let todo = match error.kind() {
        ErrorKind::ResourceBusy => format!(
            "close it in Excel (or delete its `~$` file if nobody has it open) and run again; \
             the finished results are in {new}"
        ),
        _ => format!("close its files in Excel and run again; the finished results are in {new}"),
    };
    Error::Unusable {
        file: file.display().to_string(),
        found: format!("cannot be replaced: {}", said(&error)),
        todo,
    }
}

/// An error about an output file: what the system said, and what can be done about it.
pub(crate) fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |error| {
        let todo = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                "make room on the disk, or write elsewhere with `--out`, and run again"
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "choose a folder that you may write to with `--out`, or close the file in Excel"
            }
            _ => "check the folder, or write elsewhere with `--out`, and run again",
        };
        Error::Unusable {
            file: path.display().to_string(),
            found: format!("cannot be written: {}", said(&error)),
            todo: todo.into(),
        }
    }
}

/// Whether a folder is a finished result of ours.
fn is_complete(folder: &Path) -> bool {
    folder.join(COMPLETE).is_file()
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Refuses to replace what this program has not written: a file, or a folder with content that
/// lacks the mark of a result, finished or not.
fn must_be_ours(folder: &Path) -> Result<()> {
    let foreign = |found: &str| Error::Unusable {
        file: folder.display().to_string(),
        found: found.into(),
        todo: "give another folder with `--out`, or move this one away".into(),
    };
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(foreign("is a file, not a folder for results"))
        }
        Err(error) => Err(cannot_write(folder)(error)),
        Ok(mut entries) => {
            let marked = is_complete(folder) || folder.join(PART).is_file();
            if marked || entries.next().is_none() {
                return Ok(());
            }
            Err(foreign("exists and is not a result folder (it has no summary.json)"))
        }
    }
}

/// Removes a result folder, its mark last, so that what is left of it after an interruption is
/// still known as ours.
fn remove(folder: &Path) -> Result<()> {
    let gone = |error: &io::Error| error.kind() == ErrorKind::NotFound;
    let entries = match fs::read_dir(folder) {
        Err(error) if gone(&error) => return Ok(()),
        Err(error) => return Err(cannot_write(folder)(error)),
        Ok(entries) => entries,
    };
    for entry in entries {
        let entry = entry.map_err(cannot_write(folder))?;
        let path = entry.path();
        if [COMPLETE, PART].iter().any(|mark| entry.file_name() == *mark) {
            continue;
        }
        let is_folder = entry.file_type().map_err(cannot_write(&path))?.is_dir();
        let removed = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(cannot_write(&path))?;
    }
    for mark in [COMPLETE, PART] {
        match fs::remove_file(folder.join(mark)) {
            Err(error) if !gone(&error) => return Err(cannot_write(folder)(error)),
            _ => {}
        }
    }
    fs::remove_dir(folder).map_err(cannot_write(folder))
}

fn sync_parent(folder: &Path) -> Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    sync_folder(parent).map_err(cannot_write(parent))
}

/// Makes names durable. Windows cannot open a folder, and does so by itself.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a mark, and a file that names the run.
    fn result(folder: &Path, mark: &str, tag: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(mark), tag).unwrap();
        fs::write(folder.join("links.csv"), tag).unwrap();
    }

    fn tag(folder: &Path) -> String {
        fs::read_to_string(folder.join("links.csv")).unwrap_or_default()
    }

    #[test]
    fn an_interrupted_run_is_repaired_at_any_point() {
        // out, new, previous before; what is done; out after
        for (out, new, previous, want, after) in [
            ("", "", "", Repair::Nothing, ""),
            ("old", "", "", Repair::Nothing, "old"),
            ("old", "part", "older", Repair::Nothing, "old"), // stopped while writing
            ("old", "done", "older", Repair::Nothing, "old"), // stopped before the swap
            ("old", "done", "", Repair::Nothing, "old"),      // previous removed already
            ("", "done", "old", Repair::SwapFinished, "done"), // between the renames
            ("", "done", "", Repair::SwapFinished, "done"),   // a first run
            ("", "part", "old", Repair::PreviousRestored, "old"),
            ("", "", "old", Repair::PreviousRestored, "old"),
            ("done", "", "old", Repair::Nothing, "done"), // all done
        ] {
            let folder = tempfile::tempdir().unwrap();
            let folders = Folders::of(&folder.path().join("lists"));
            for (path, tag) in
                [(&folders.out, out), (&folders.new, new), (&folders.previous, previous)]
            {
                match tag {
                    "" => {}
                    "part" => result(path, PART, tag),
                    tag => result(path, COMPLETE, tag),
                }
            }
            let shown = format!("{out:?} {new:?} {previous:?}");
            assert_eq!(repair(&folders.out).unwrap(), want, "{shown}");
            assert_eq!(tag(&folders.out), after, "{shown}");

            // and a run goes through afterwards
            let draft = begin(&folders.out).unwrap();
            fs::write(draft.join("links.csv"), "fresh").unwrap();
            complete(&draft, b"{}").unwrap();
            swap(&folders.out).unwrap();
            assert_eq!(tag(&folders.out), "fresh", "{shown}");
            if !after.is_empty() {
                assert_eq!(tag(&folders.previous), after, "{shown}");
            }
            assert!(!folders.new.exists(), "{shown}");
        }
    }

    #[test]
    fn a_half_removed_folder_is_still_ours() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::of(&folder.path().join("lists"));
        result(&folders.out, COMPLETE, "old");
        fs::create_dir(&folders.previous).unwrap(); // emptied, not yet removed
        repair(&folders.out).unwrap();
        complete(&begin(&folders.out).unwrap(), b"{}").unwrap();
        swap(&folders.out).unwrap();
        assert_eq!(tag(&folders.previous), "old");
    }

    #[test]
    fn folders_of_somebody_else_are_left_alone() {
        for ending in ["", ".new", ".previous"] {
            let folder = tempfile::tempdir().unwrap();
            let foreign = folder.path().join(format!("lists{ending}"));
            fs::create_dir(&foreign).unwrap();
            fs::write(foreign.join("thesis.docx"), "years of work").unwrap();

            let error = repair(&folder.path().join("lists")).unwrap_err();
            assert!(error.to_string().contains(&*foreign.to_string_lossy()), "{error}");
            assert!(foreign.join("thesis.docx").exists());
        }
    }

    #[test]
    fn a_file_open_in_excel_is_named_and_the_result_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::of(&folder.path().join("lists"));
        result(&folders.out, COMPLETE, "old");
        fs::write(folders.out.join("review.xlsx"), "").unwrap();
        fs::write(folders.out.join("~$review.xlsx"), "").unwrap();
        complete(&begin(&folders.out).unwrap(), b"{}").unwrap();

        let error = swap(&folders.out).unwrap_err();
        assert!(error.to_string().contains("review.xlsx: cannot be replaced"), "{error}");
        assert!(error.hint().unwrap().contains("lists.new"));
        assert_eq!(tag(&folders.out), "old");
        assert!(is_complete(&folders.new));
    }

    #[test]
    fn a_write_error_says_what_to_do() {
        for (kind, found, todo) in [
            (ErrorKind::StorageFull, "the disk is full", "make room"),
            (ErrorKind::PermissionDenied, "permission denied", "may write to"),
            (ErrorKind::ReadOnlyFilesystem, "read-only", "may write to"),
        ] {
            let error = cannot_write(Path::new("lists.new/links.csv"))(kind.into());
            assert!(error.to_string().contains("lists.new/links.csv"), "{error}");
            assert!(error.to_string().contains(found), "{error}");
            assert!(error.hint().unwrap().contains(todo), "{:?}", error.hint());
        }
    }

    #[test]
    fn the_current_folder_is_no_output() {
        assert!(repair(Path::new(".")).unwrap_err().to_string().starts_with("--out"));
        assert!(repair(Path::new("..")).is_err());
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lists");
        fs::write(&out, "").unwrap();
        let error = repair(&out).unwrap_err();
        assert!(error.to_string().contains("is a file"), "{error}");
    }

    #[test]
    fn a_slash_at_the_end_of_the_output_counts_for_nothing() {
        assert_eq!(Folders::of("lists/".as_ref()).previous.to_str(), Some("lists.previous"));
    }
}
