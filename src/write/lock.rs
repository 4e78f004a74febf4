//! One run at a time writes to an output folder.

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use super::publish::cannot_write;
use crate::error::{Error, Result, slashed};

/// The lock of an output folder. It ends with this value, or with the process, however that ends.
/// Its file stays: to remove it could take away the lock of a run that has just opened it.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not read")] File);

/// What a folder is locked for.
struct Purpose {
    /// How the name of the lock's file ends.
    ending: &'static str,
    /// What it means when that is taken.
    found: &'static str,
    /// What the user can do then.
    todo: &'static str,
}

const RUN: Purpose = Purpose {
    ending: "lock",
    found: "another run writes to it",
    todo: "wait until it has ended and run again, or give another folder with `--out`",
};

#[cfg(feature = "browser")]
const REVIEW: Purpose = Purpose {
    ending: "review.lock",
    found: "somebody else has it open",
    todo: "open the run again once it is closed there; until then you can look",
};

impl Lock {
    /// Locks an output folder, which need not exist yet; `time` is now, for others to read.
    ///
    /// # Errors
    ///
    /// When another run holds it, or the file of the lock cannot be written.
    pub(crate) fn of(out: &Path, time: &str) -> Result<Lock> {
        Lock::named(out, &RUN, time)
    }

    #[cfg(feature = "browser")]
    /// Takes the review of an output folder for this process, so that a second person on the same
    /// folder only looks. A run may write there meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Lock::of`].
    pub(crate) fn of_review(out: &Path, time: &str) -> Result<Lock> {
        Lock::named(out, &REVIEW, time)
    }

    fn named(out: &Path, purpose: &Purpose, time: &str) -> Result<Lock> {
        let path = path(out, purpose.ending);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(cannot_write(out))?;
        }
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(cannot_write(out))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(out, purpose, &mut file)),
            // some network drives have no locks; drafts bear the number of their process
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(cannot_write(&path)(error)),
        }
        let holder = format!("process {}, since {time}\n", std::process::id());
        // on a full disk the lock holds all the same
        let written = file.set_len(0).and_then(|()| file.rewind());
        let _ = written.and_then(|()| file.write_all(holder.as_bytes()));
        Ok(Lock(file))
    }
}

/// `.OUT.lock`, next to the folder, however that is written (`.`, a link).
fn path(out: &Path, ending: &str) -> PathBuf {
    let out = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let mut name = std::ffi::OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(".");
    name.push(ending);
    out.with_file_name(name)
}

fn held(out: &Path, purpose: &Purpose, file: &mut File) -> Error {
    let mut holder = String::new();
    // Windows shows nothing of a file that is locked.
    let _ = file.read_to_string(&mut holder);
    let holder = match holder.trim() {
        "" => String::new(),
        holder => format!(" ({holder})"),
    };
    Error::Unusable {
        file: slashed(out),
        found: format!("{}{holder}", purpose.found),
        todo: purpose.todo.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_holds_the_folder_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new/lists");
        let first = Lock::of(&out, "10:00").unwrap();
        let error = Lock::of(&out, "10:01").unwrap_err();
        if !cfg!(windows) {
            let holder = format!("(process {}, since 10:00)", std::process::id());
            assert!(error.to_string().contains(&holder), "{error}");
        }
        assert!(error.hint().unwrap().contains("--out"));
        Lock::of(&folder.path().join("other"), "10:01").unwrap();
        fs::create_dir(&out).unwrap();
        assert!(Lock::of(&out.join("."), "10:01").is_err(), "the same folder, written otherwise");
        drop(first);
        Lock::of(&out, "10:02").unwrap();
    }

    #[cfg(feature = "browser")]
    #[test]
    fn who_only_reviews_is_not_told_of_runs() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Lock::of_review(folder.path(), "10:00").unwrap();
        let hint = Lock::of_review(folder.path(), "10:01").unwrap_err().hint().unwrap();
        assert!(!hint.contains("--out") && hint.contains("closed"), "{hint}");
    }
}
