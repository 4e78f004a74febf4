//! Results are prepared under a draft name; then `OUT` becomes `OUT.previous` and the draft `OUT`.
//!
//! A folder is complete when it holds `summary.json`, which gets its name last. What of a folder
//! may be moved away or removed, [`ledger`](super::ledger) knows.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write as _},
    path::{Component, Path, PathBuf, Prefix},
    thread,
    time::Duration,
};

use super::{
    access::create_private,
    ledger::{self, Ledger},
    lock::Lock,
};
use crate::{
    error::{CLOSE_IT, Error, Result, is_in_use, said, slashed},
    history::History,
    read::windows,
    result::folder::{SUMMARY as COMPLETE, meant, next_to},
};

/// The name of the summary until the folder is complete.
pub(super) const PART: &str = "summary.json.part";

/// The folders of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folders {
    /// The results, as the user named the folder; of a link the folder that it names.
    pub(crate) out: PathBuf,
    /// Finished results that could not take the place of `out`.
    pub(crate) new: PathBuf,
    /// The results of the run before.
    pub(crate) previous: PathBuf,
    /// The results before those, for as long as folders change places: it is there exactly while a
    /// swap is under way.
    pub(crate) replaced: PathBuf,
    /// What is kept of each month.
    pub(crate) history: PathBuf,
    /// The results that this process is preparing.
    pub(crate) draft: PathBuf,
    /// Finished results that never took the place of `out` and that others replace: a draft whose
    /// process is gone.
    overtaken: PathBuf,
}

impl Folders {
    /// The folders that belong to an output.
    pub(crate) fn of(out: &Path) -> Folders {
        let out = meant(out);
        let next_to = |ending: &str| next_to(&out, ending);
        Folders {
            new: next_to(".new"),
            previous: next_to(".previous"),
            replaced: next_to(".replaced"),
            history: History::of(&out).folder().to_owned(),
            draft: next_to(&format!(".new.{}", std::process::id())),
            overtaken: next_to(".new.0"),
            out,
        }
    }

    /// All that a run may replace, but drafts.
    pub(super) fn all(&self) -> [&Path; 4] {
        [&self.out, &self.new, &self.previous, &self.replaced]
    }

    /// The folders in which a person may have filled in a review sheet that was not taken in yet,
    /// the latest last. The previous one counts only when it was replaced without a last look.
    pub(crate) fn with_review(&self, repaired: Repair) -> impl Iterator<Item = &Path> {
        let previous = (repaired == Repair::SwapFinished).then_some(&self.previous);
        let folders = previous.into_iter().chain([&self.out, &self.new]);
        folders.map(PathBuf::as_path).filter(|folder| is_complete(folder))
    }

    /// What processes that were stopped have left of their drafts.
    fn drafts_left(&self) -> Vec<PathBuf> {
        let name_of = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if cfg!(windows) { name.to_lowercase() } else { name }
        };
        let start = format!("{}.", name_of(&self.new));
        let is_draft = |path: &PathBuf| {
            let name = name_of(path);
            let number = name.strip_prefix(&start);
            number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let entries = fs::read_dir(parent(&self.out)).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(is_draft).collect()
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

/// An output that no other run can write to until this is dropped.
#[derive(Debug)]
pub(crate) struct Output {
    /// Its folders.
    pub(crate) folders: Folders,
    /// What an interrupted run had left.
    pub(crate) repaired: Repair,
    _lock: Lock,
}

/// Takes an output for this run, brings an interrupted swap to its end and checks that the folders
/// may be replaced. To be called before anything else of a run; `time` is now.
///
/// # Errors
///
/// Fails when another run writes there, when one of the folders exists and is not a result of ours,
/// or when the repair itself is refused by the system.
pub(crate) fn take(out: &Path, time: &str) -> Result<Output> {
    must_have_a_name(out)?;
    let folders = Folders::of(out);
    let lock = Lock::of(&folders.out, time)?;
    for folder in folders.all() {
        must_be_ours(folder)?;
    }
    for draft in folders.drafts_left() {
        ledger::remove(&draft)?;
    }
    let repaired = repair(&folders)?;
    Ok(Output { folders, repaired, _lock: lock })
}

/// Brings an interrupted swap to its end.
fn repair(folders: &Folders) -> Result<Repair> {
    let mut repaired = Repair::Nothing;
    if !exists(&folders.out) {
        if is_complete(&folders.new) {
            rename(&folders.new, &folders.out)?;
            repaired = Repair::SwapFinished;
        } else if is_complete(&folders.previous) {
            rename(&folders.previous, &folders.out)?;
            repaired = Repair::PreviousRestored;
        }
    }
    if exists(&folders.replaced) && !exists(&folders.previous) {
        rename(&folders.replaced, &folders.previous)?;
    }
    settle(folders)?;
    sync_parent(&folders.out)?;
    Ok(repaired)
}

/// Refuses a folder that cannot be renamed, such as `.`.
fn must_have_a_name(out: &Path) -> Result<()> {
    if out.file_name().is_some() {
        return must_be_a_name("--out", out);
    }
    Err(Error::Setting {
        flag: "--out".into(),
        found: format!("{} cannot be replaced as a whole", slashed(out)),
        todo: "give the results a folder of their own".into(),
    })
}

/// Refuses a path that Windows takes for another one: what is written to `nul` is gone.
pub(crate) fn must_be_a_name(flag: &str, path: &Path) -> Result<()> {
    let fault = |part: Component<'_>| match part {
        Component::Normal(name) => windows::fault(&name.to_string_lossy()),
        Component::Prefix(prefix) if matches!(prefix.kind(), Prefix::DeviceNS(_)) => {
            Some("is the name of a device on Windows")
        }
        _ => None,
    };
    match path.components().find_map(fault).filter(|_| cfg!(windows)) {
        None => Ok(()),
        Some(found) => Err(Error::Setting {
            flag: flag.into(),
            found: format!("{}: {found}", slashed(path)),
            todo: "choose another name".into(),
        }),
    }
}

/// Makes the draft, a fresh folder with nothing but our mark.
///
/// # Errors
///
/// Fails when the folder cannot be made.
pub(crate) fn begin(folders: &Folders) -> Result<()> {
    create_private(&folders.draft).map_err(cannot_write(&folders.draft))?;
    Ledger::default().write(&folders.draft)
}

/// Removes what a run has written that cannot go on: on a full disk it would only be in the way.
/// What cannot be removed is left to the next run.
pub(crate) fn give_up(folders: &Folders) {
    let _ = ledger::remove(&folders.draft);
}

/// Writes the summary, the last file of the draft, which is complete with it and gets the name
/// `OUT.new`. Finished results that were there go, once the new ones have their name.
pub(crate) fn complete(folders: &Folders, summary: &[u8], group_readable: bool) -> Result<()> {
    let draft = &folders.draft;
    let (part, name) = (draft.join(PART), draft.join(COMPLETE));
    let mut file = File::create(&part).map_err(cannot_write(&name))?;
    file.write_all(summary).and_then(|()| file.sync_all()).map_err(cannot_write(&name))?;
    drop(file);
    let written = Ledger::of(draft, |path| if path == PART { COMPLETE.into() } else { path })?;
    written.after(&folders.out).write(draft)?;
    ledger::restrict(draft, group_readable)?;
    sync_folder(draft).map_err(cannot_write(draft))?;
    fs::rename(&part, &name).map_err(cannot_write(&name))?;
    sync_folder(draft).map_err(cannot_write(draft))?;
    if exists(&folders.new) {
        ledger::carry(&folders.new, if exists(&folders.out) { &folders.out } else { draft })?;
        move_folder(&folders.new, &folders.overtaken).map_err(cannot_write(&folders.new))?;
    }
    move_folder(draft, &folders.new)
        .inspect_err(|_| drop(move_folder(&folders.overtaken, &folders.new)))
        .map_err(cannot_write(&folders.new))?;
    // what is left of it now, the next run removes
    let _ = ledger::remove(&folders.overtaken);
    Ok(())
}

/// Puts a complete `OUT.new` in the place of `OUT`.
///
/// # Errors
///
/// Fails, with `OUT` and `OUT.previous` as they were and the finished results in `OUT.new`, when a
/// file of theirs is held by another program or a folder cannot be renamed.
pub(crate) fn swap(folders: &Folders) -> Result<()> {
    if exists(&folders.out) {
        must_be_ours(&folders.out)?;
        if let Some(file) = held(folders)? {
            return Err(in_the_way(folders, &file, &ErrorKind::ResourceBusy.into()));
        }
    }
    swap_by(folders, &move_folder)
}

/// Gives a folder another name.
type Move<'m> = &'m dyn Fn(&Path, &Path) -> io::Result<()>;

/// Lets `OUT.previous` become `OUT.replaced`, `OUT` `OUT.previous` and `OUT.new` `OUT`. What was
/// moved goes back when the system refuses the next; whether or not that succeeds, the next run
/// repairs what is left.
fn swap_by(folders: &Folders, rename: Move<'_>) -> Result<()> {
    let Folders { out, new, previous, replaced, .. } = folders;
    let moves = [(previous, replaced), (out, previous), (new, out)];
    let moves = if exists(out) { &moves[..] } else { &moves[2..] };
    if exists(out) && !exists(previous) {
        // nothing is replaced; the folder says that a swap is under way
        fs::create_dir(replaced).map_err(cannot_write(replaced))?;
    }
    let mut done = Vec::new();
    for (from, to) in moves.iter().filter(|(from, _)| exists(from)) {
        let moved = rename(from, to).inspect(|()| done.push((from, to)));
        if let Err(error) = moved.and_then(|()| sync_folder(parent(out))) {
            for (from, to) in done.into_iter().rev() {
                let _ = rename(to, from);
            }
            let _ = fs::remove_dir(replaced); // where it is empty
            return Err(in_the_way(folders, from, &error));
        }
    }
    Ok(())
}

/// Gives a folder another name. Windows refuses that for a moment while a virus scanner looks at
/// what was just written.
fn move_folder(from: &Path, to: &Path) -> io::Result<()> {
    let mut attempts = if cfg!(windows) { 10 } else { 1 };
    loop {
        attempts -= 1;
        match fs::rename(from, to) {
            Err(error)
                if attempts > 0
                    && (is_in_use(&error) || error.kind() == ErrorKind::PermissionDenied) =>
            {
                thread::sleep(Duration::from_millis(100));
            }
            done => return done,
        }
    }
}

/// After a swap: what is not ours, or was edited, goes back to where it was, and what was replaced
/// is removed.
pub(crate) fn settle(folders: &Folders) -> Result<()> {
    if !exists(&folders.replaced) {
        return Ok(());
    }
    ledger::carry(&folders.previous, &folders.out)?;
    ledger::carry(&folders.replaced, &folders.previous)?;
    ledger::remove(&folders.replaced)?;
    sync_parent(&folders.out)
}

/// The first file of `OUT` or `OUT.previous` that another program holds.
///
/// # Errors
///
/// When a folder cannot be read.
pub(super) fn held(folders: &Folders) -> Result<Option<PathBuf>> {
    for folder in [&folders.out, &folders.previous] {
        if Ledger::read(folder).is_some()
            && let Some(file) = ledger::files(folder)?.into_iter().find(|file| is_held(file))
        {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Whether another program holds a file: Excel keeps a `~$` file next to it, LibreOffice a `.~lock.`
/// file, and on Windows it cannot be opened for writing.
pub(crate) fn is_held(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let marks = [format!("~${name}"), format!(".~lock.{name}#")];
    let is_locked =
        || File::options().append(true).open(file).is_err_and(|error| is_in_use(&error));
    marks.iter().any(|mark| file.with_file_name(mark).exists()) || (cfg!(windows) && is_locked())
}

fn in_the_way(folders: &Folders, file: &Path, error: &io::Error) -> Error {
    let new = slashed(&folders.new);
    let todo = if is_in_use(error) {
        format!(
            "close it in Excel (or delete its `~$` or `.~lock` file if nobody has it open) and run \
             again; the finished results are in {new}"
        )
    } else {
        format!("close its files in Excel and run again; the finished results are in {new}")
    };
    Error::Unusable {
        file: slashed(file),
        found: format!("cannot be replaced: {}", said(error)),
        todo,
    }
}

/// An error about an output file: what the system said, and what can be done about it.
pub(crate) fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |error| {
        let todo = match error.kind() {
            _ if is_in_use(&error) => CLOSE_IT,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                "make room on the disk, or write elsewhere with `--out`, and run again"
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "choose a folder that you may write to with `--out`, or close the file in Excel"
            }
            _ => "check the folder, or write elsewhere with `--out`, and run again",
        };
        Error::Unusable {
            file: slashed(path),
            found: format!("cannot be written: {}", said(&error)),
            todo: todo.into(),
        }
    }
}

/// Whether a folder is a finished result of ours.
fn is_complete(folder: &Path) -> bool {
    folder.join(COMPLETE).is_file() && Ledger::read(folder).is_some()
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    move_folder(from, to).map_err(cannot_write(to))
}

/// Refuses to replace what this program has not written: a file, a link to nowhere, or a folder with
/// content that lacks our mark.
fn must_be_ours(folder: &Path) -> Result<()> {
    let foreign = |found: &str| Error::Unusable {
        file: slashed(folder),
        found: found.into(),
        todo: "give another folder with `--out`, or move this one away".into(),
    };
    if folder.is_symlink() {
        return Err(foreign("is a link where a folder of results belongs"));
    }
    if folder.is_file() {
        return Err(foreign("is a file, not a folder for results"));
    }
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot_write(folder)(error)),
        Ok(mut entries) => {
            let is_empty = entries.next().is_none();
            if is_empty || Ledger::read(folder).is_some() {
                return Ok(());
            }
            Err(foreign("exists and is not a result folder (it lacks the mark of this program)"))
        }
    }
}

fn parent(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

fn sync_parent(folder: &Path) -> Result<()> {
    let parent = parent(folder);
    sync_folder(parent).map_err(cannot_write(parent))
}

/// Makes names durable. Windows cannot open a folder, and does so by itself.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of ours with a file that names the run.
    fn result(folder: &Path, mark: &str, tag: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(mark), tag).unwrap();
        fs::write(folder.join("links.csv"), tag).unwrap();
        Ledger::of(folder, |name| name).unwrap().write(folder).unwrap();
    }

    fn tag(folder: &Path) -> String {
        fs::read_to_string(folder.join("links.csv")).unwrap_or_default()
    }

    /// A whole run, which writes a file with this text.
    fn run(out: &Path, text: &str) -> Result<Output> {
        let output = take(out, "10:00")?;
        begin(&output.folders)?;
        fs::write(output.folders.draft.join("links.csv"), text).unwrap();
        complete(&output.folders, b"{}", false)?;
        swap(&output.folders)?;
        settle(&output.folders)?;
        Ok(output)
    }

    #[test]
    fn an_interrupted_run_is_repaired_at_any_point() {
        // out, new, previous, replaced before; what is done; out after
        for (out, new, previous, replaced, want, after) in [
            ("", "", "", "", Repair::Nothing, ""),
            ("old", "", "", "", Repair::Nothing, "old"),
            ("old", "done", "older", "", Repair::Nothing, "old"), // stopped before the swap
            ("old", "done", "", "", Repair::Nothing, "old"),
            ("old", "done", "", "older", Repair::Nothing, "old"), // after the first rename
            ("", "done", "old", "older", Repair::SwapFinished, "done"), // after the second
            ("done", "", "old", "older", Repair::Nothing, "done"), // after the third
            ("", "done", "", "", Repair::SwapFinished, "done"),   // a first run
            ("", "", "old", "older", Repair::PreviousRestored, "old"),
            ("", "", "old", "", Repair::PreviousRestored, "old"),
            ("done", "", "old", "", Repair::Nothing, "done"), // all done
        ] {
            let folder = tempfile::tempdir().unwrap();
            let folders = Folders::of(&folder.path().join("lists"));
            let states = [out, new, previous, replaced].into_iter();
            for (tag, path) in states.zip(folders.all()).filter(|(tag, _)| !tag.is_empty()) {
                result(path, COMPLETE, tag);
            }
            let shown = format!("{out:?} {new:?} {previous:?} {replaced:?}");
            let taken = take(&folders.out, "10:00").unwrap();
            assert_eq!(taken.repaired, want, "{shown}");
            assert_eq!(tag(&folders.out), after, "{shown}");
            assert!(!exists(&folders.replaced), "{shown}");
            drop(taken);

            // and a run goes through afterwards
            run(&folders.out, "fresh").unwrap();
            assert_eq!(tag(&folders.out), "fresh", "{shown}");
            if !after.is_empty() {
                assert_eq!(tag(&folders.previous), after, "{shown}");
            }
            assert!(!exists(&folders.new) && !exists(&folders.replaced), "{shown}");
        }
    }

    #[test]
    fn what_a_stopped_process_left_is_removed_but_for_files_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lists");
        for (number, half) in [(4708, None), (4709, Some(".reconcile.part"))] {
            let draft = folder.path().join(format!("lists.new.{number}"));
            fs::create_dir(&draft).unwrap();
            half.into_iter().for_each(|name| fs::write(draft.join(name), "{").unwrap());
            run(&out, "done").unwrap();
            assert!(!draft.exists(), "stopped before the mark was whole: {half:?}");
        }
        let foreign = folder.path().join("lists.new.2026");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("links.csv"), "of somebody else").unwrap();
        for (number, file, stays) in [(4711, "links.csv", false), (4712, "thesis.docx", true)] {
            let draft = folder.path().join(format!("lists.new.{number}"));
            fs::create_dir(&draft).unwrap();
            Ledger::default().write(&draft).unwrap();
            fs::write(draft.join("review.xlsx"), "half a workbook").unwrap();
            fs::create_dir_all(draft.join("campaigns/hubspot")).unwrap();
            fs::write(draft.join(file), "text").unwrap();
            run(&out, "done").unwrap();
            assert_eq!(draft.join(file).exists(), stays, "{file}");
            assert!(!draft.join("review.xlsx").exists(), "{file}");
        }
        assert!(foreign.join("links.csv").exists());
    }

    #[test]
    fn files_of_others_and_edited_results_stay() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::of(&folder.path().join("lists"));
        let text = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
        run(&folders.out, "first").unwrap();
        fs::write(folders.out.join("thesis.docx"), "years").unwrap();
        fs::create_dir_all(folders.out.join("photos/2025")).unwrap();
        fs::write(folders.out.join("photos/2025/a.jpg"), "a").unwrap();
        fs::write(folders.out.join("links.csv"), "first, edited").unwrap();

        run(&folders.out, "second").unwrap();
        fs::write(folders.previous.join("mine.txt"), "mine").unwrap();
        for number in ["third", "fourth"] {
            run(&folders.out, number).unwrap();
            assert_eq!(text(folders.out.join("links.csv")), number);
            assert_eq!(text(folders.out.join("links (edited).csv")), "first, edited");
            assert!(!folders.out.join("links (edited 2).csv").exists());
            assert_eq!(text(folders.out.join("thesis.docx")), "years");
            assert_eq!(text(folders.out.join("photos/2025/a.jpg")), "a");
            assert_eq!(text(folders.previous.join("mine.txt")), "mine");
        }
        assert!(!folders.previous.join("thesis.docx").exists());

        // edited once more: both stay; a file of a name that we now write gets another
        fs::write(folders.out.join("links.csv"), "fourth, edited").unwrap();
        fs::write(folders.out.join("summary.html"), "my own").unwrap();
        let output = take(&folders.out, "10:00").unwrap();
        begin(&output.folders).unwrap();
        fs::write(output.folders.draft.join("summary.html"), "ours").unwrap();
        complete(&output.folders, b"{}", false).unwrap();
        swap(&output.folders).unwrap();
        settle(&output.folders).unwrap();
        assert_eq!(text(folders.out.join("links (edited 2).csv")), "fourth, edited");
        assert_eq!(text(folders.out.join("summary.html")), "ours");
        assert_eq!(text(folders.out.join("summary (yours).html")), "my own");
    }

    #[test]
    fn a_swap_that_was_stopped_before_files_of_others_went_back_brings_them_back() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::of(&folder.path().join("lists"));
        run(&folders.out, "first").unwrap();
        for (path, file) in [(&folders.out, "thesis.docx"), (&folders.out, "b.txt")] {
            fs::write(path.join(file), "years").unwrap();
        }
        let output = take(&folders.out, "10:00").unwrap();
        begin(&output.folders).unwrap();
        complete(&output.folders, b"{}", false).unwrap();
        swap(&output.folders).unwrap();
        fs::rename(folders.previous.join("b.txt"), folders.out.join("b.txt")).unwrap(); // half done
        drop(output);

        take(&folders.out, "10:00").unwrap();
        for file in ["thesis.docx", "b.txt"] {
            assert!(folders.out.join(file).exists() && !folders.previous.join(file).exists());
        }
    }

    #[test]
    fn folders_of_somebody_else_are_left_alone() {
        for ending in ["", ".new", ".previous", ".replaced"] {
            for summary in [false, true] {
                let folder = tempfile::tempdir().unwrap();
                let foreign = folder.path().join(format!("lists{ending}"));
                fs::create_dir(&foreign).unwrap();
                fs::write(foreign.join("thesis.docx"), "years of work").unwrap();
                if summary {
                    fs::write(foreign.join(COMPLETE), "{\"coverage\": 1}").unwrap();
                }

                let error = take(&folder.path().join("lists"), "10:00").unwrap_err();
                assert!(error.to_string().contains(&slashed(&foreign)), "{error}");
                assert!(foreign.join("thesis.docx").exists());
            }
        }
    }

    #[test]
    fn a_file_open_in_an_office_is_named_and_the_results_are_kept() {
        for (folder_of, mark) in [
            ("lists", "~$review.xlsx"),
            ("lists", ".~lock.review.xlsx#"),
            ("lists.previous", "~$review.xlsx"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let folders = Folders::of(&folder.path().join("lists"));
            run(&folders.out, "older").unwrap();
            run(&folders.out, "old").unwrap();
            let opened = folder.path().join(folder_of);
            fs::write(opened.join("review.xlsx"), "").unwrap();
            fs::write(opened.join(mark), "").unwrap();

            let error = run(&folders.out, "new").unwrap_err();
            let want =
                format!("{folder_of}/review.xlsx: cannot be replaced: it is open in another");
            assert!(error.to_string().contains(&want), "{error}");
            assert!(error.hint().unwrap().contains("lists.new"));
            assert_eq!(tag(&folders.out), "old");
            assert_eq!(tag(&folders.previous), "older");
            assert!(is_complete(&folders.new));
        }
    }

    /// Old, older and finished results, to be swapped.
    fn before_a_swap(out: &Path, has_previous: bool) -> Output {
        if has_previous {
            run(out, "older").unwrap();
        }
        run(out, "old").unwrap();
        let output = take(out, "10:00").unwrap();
        begin(&output.folders).unwrap();
        fs::write(output.folders.draft.join("links.csv"), "new").unwrap();
        complete(&output.folders, b"{}", false).unwrap();
        output
    }

    #[test]
    fn whatever_move_is_refused_the_results_and_those_before_are_there() {
        use std::cell::Cell;
        for (has_previous, moves) in [(true, 3), (false, 2)] {
            // each bit is a move that is refused, those that bring folders back too
            for refused in 1..1u32 << 6 {
                let folder = tempfile::tempdir().unwrap();
                let output = before_a_swap(&folder.path().join("lists"), has_previous);
                let folders = &output.folders;
                let moved = Cell::new(0);
                let rename = |from: &Path, to: &Path| {
                    let at = moved.replace(moved.get() + 1);
                    if refused >> at & 1 == 1 {
                        return Err(ErrorKind::PermissionDenied.into());
                    }
                    fs::rename(from, to)
                };
                let done = swap_by(folders, &rename);
                assert_eq!(done.is_ok(), refused.trailing_zeros() >= moves, "{refused:b}");
                let older = if has_previous { "older" } else { "" };
                if done.is_err() && refused.count_ones() == 1 {
                    assert_eq!((&*tag(&folders.out), &*tag(&folders.previous)), ("old", older));
                    assert!(!exists(&folders.replaced), "{refused:b}");
                }
                let all = folders.all().map(tag);
                for text in ["old", "new", older].into_iter().filter(|text| !text.is_empty()) {
                    assert!(all.iter().any(|tag| tag == text), "{refused:b}: {text} in {all:?}");
                }
                drop(output);

                // and the next run brings all in order
                let next = run(&folder.path().join("lists"), "next").unwrap();
                let Folders { out, previous, new, replaced, .. } = &next.folders;
                assert_eq!(tag(out), "next", "{refused:b}");
                assert!(["old", "new"].contains(&&*tag(previous)), "{refused:b}");
                assert!(!exists(new) && !exists(replaced), "{refused:b}");
            }
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_a_program_holds_is_named_and_nothing_is_lost() {
        use std::os::windows::fs::OpenOptionsExt as _;

        for held in ["lists", "lists.previous"] {
            let folder = tempfile::tempdir().unwrap();
            let output = before_a_swap(&folder.path().join("lists"), true);
            let folders = &output.folders;
            let file = folder.path().join(held).join("links.csv");
            let _open = File::options().read(true).share_mode(1).open(file).unwrap(); // as Excel does
            let error = swap(folders).unwrap_err();
            assert!(error.to_string().contains(&format!("{held}/links.csv: cannot be")), "{error}");
            assert!(error.to_string().contains("it is open in another program"), "{error}");
            assert_eq!((&*tag(&folders.out), &*tag(&folders.previous)), ("old", "older"));
            assert!(is_complete(&folders.new));
        }
    }

    #[cfg(windows)]
    #[test]
    fn names_that_windows_takes_for_others_are_refused() {
        for out in [
            "nul",
            "con",
            r"results\aux",
            "lists.",
            "lists ",
            "lists:new", // another stream of the file `lists`
            r"\\.\COM5\lists",
            "//./pipe/lists",
        ] {
            let error = take(Path::new(out), "10:00").unwrap_err();
            assert!(error.to_string().starts_with("--out: "), "{out}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn of_a_link_the_folder_that_it_names_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let error = take(&link, "10:00").unwrap_err();
        assert!(error.to_string().contains("is a link"), "{error}");
        for number in ["first", "second", "third"] {
            run(if number == "first" { &real } else { &link }, number).unwrap();
            assert!(link.is_symlink());
            assert_eq!(tag(&link), number);
        }
        assert_eq!(tag(&folder.path().join("real.previous")), "second");
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
        assert!(take(Path::new("."), "").unwrap_err().to_string().starts_with("--out"));
        assert!(take(Path::new(".."), "").is_err());
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lists");
        fs::write(&out, "").unwrap();
        let error = take(&out, "").unwrap_err();
        assert!(error.to_string().contains("is a file"), "{error}");
    }

    #[test]
    fn a_slash_at_the_end_of_the_output_counts_for_nothing() {
        assert_eq!(Folders::of("lists/".as_ref()).previous.to_str(), Some("lists.previous"));
    }
}
