//! The entry of a run, kept next to its results: `OUT.history`.
//!
//! It is published with the results, as a file of theirs, and copied from there: whatever stops a
//! run in between, the next one finds it there and copies it.

use std::{fs, path::Path};

use super::{
    access::{create_private, restrict},
    publish::{Folders, cannot_write, sync_folder},
};
use crate::{
    config::Config,
    error::Result,
    history::{History, RunFacts},
    inputs::fingerprint,
    result::folder::HISTORY,
};

/// The name of an entry until it is whole.
const PART: &str = ".part";

/// Keeps the entry of the results in `OUT`, in the place of that of the same period, and lets the
/// oldest go. Comes after a swap, and before a run for what a run before has left to do.
///
/// # Errors
///
/// When an entry cannot be read or written.
pub(super) fn keep(folders: &Folders, config: &Config) -> Result<()> {
    let of_run = folders.out.join(HISTORY);
    if !of_run.is_file() {
        return Ok(());
    }
    let history = History::of(&folders.out);
    let place = history.file(&RunFacts::read(&of_run)?.period);
    if place.exists() {
        RunFacts::read(&place)?;
    }
    if !place.exists() || fingerprint(&place)? != fingerprint(&of_run)? {
        put(&of_run, &place, config.group_readable)?;
    }
    thin(&history, config.keep_history)
}

/// Copies an entry to its place: whole, or not at all.
fn put(from: &Path, to: &Path, group_readable: bool) -> Result<()> {
    let folder = to.parent().unwrap_or(to);
    if !folder.exists() {
        create_private(folder).map_err(cannot_write(folder))?;
    }
    let part = folder.join(PART);
    fs::copy(from, &part).map_err(cannot_write(to))?;
    restrict(&part, group_readable).map_err(cannot_write(to))?;
    restrict(folder, group_readable).map_err(cannot_write(folder))?;
    let copy = fs::File::options().write(true).open(&part).map_err(cannot_write(to))?;
    copy.sync_all().map_err(cannot_write(to))?;
    fs::rename(&part, to).map_err(cannot_write(to))?;
    sync_folder(folder).map_err(cannot_write(folder))
}

/// Lets the oldest entries go. Of other files of the folder none is touched.
fn thin(history: &History, most: usize) -> Result<()> {
    let periods = history.periods()?;
    for period in &periods[..periods.len().saturating_sub(most)] {
        let path = history.file(period);
        // what is no entry of ours is an error, and stays
        RunFacts::read(&path)?;
        fs::remove_file(&path).map_err(cannot_write(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::history::Entry;

    /// An output folder with the entry of a run over the reports of a period, and its history.
    fn run(out: &Path, period: &str, started: &str) -> Config {
        let run =
            RunFacts { period: period.into(), started: started.into(), ..RunFacts::default() };
        let entry = Entry::new(run, Vec::new(), (Vec::new(), Vec::new()));
        fs::create_dir_all(out).unwrap();
        fs::write(out.join(HISTORY), entry.text().unwrap()).unwrap();
        Config { keep_history: 2, ..Config::new(out.to_owned(), date(2026, 11, 21)) }
    }

    #[test]
    fn the_last_run_of_each_period_is_kept_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let history = History::of(&out);
        for (period, started, kept) in [
            ("2026-09", "2026-09-26T10", &[("2026-09", "2026-09-26T10")][..]),
            ("2026-09", "2026-09-27T10", &[("2026-09", "2026-09-27T10")]),
            ("2026-09", "2026-09-25T10", &[("2026-09", "2026-09-25T10")]), // brought back by hand
            (
                "2026-10",
                "2026-10-26T10",
                &[("2026-09", "2026-09-25T10"), ("2026-10", "2026-10-26T10")],
            ),
            (
                "2026-11",
                "2026-11-26T10",
                &[("2026-10", "2026-10-26T10"), ("2026-11", "2026-11-26T10")],
            ),
        ] {
            let config = run(&out, period, started);
            keep(&Folders::of(&out), &config).unwrap();
            let entries = history.entries().unwrap();
            let shown: Vec<(&str, &str)> = entries
                .iter()
                .map(|of| (of.run.period.as_str(), of.run.started.as_str()))
                .collect();
            assert_eq!(shown, kept, "{period} {started}");
        }
    }

    #[test]
    fn what_this_program_did_not_write_stays_in_the_history() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let config = run(&out, "2026-11", "2026-11-26T10");
        let history = History::of(&out);
        fs::create_dir(history.folder()).unwrap();
        fs::write(history.folder().join("mine.txt"), "mine").unwrap();
        fs::write(history.file("2026-11"), "mine too").unwrap();
        let error = keep(&Folders::of(&out), &config).unwrap_err().to_string();
        assert!(error.contains("2026-11.json"), "{error}");
        assert_eq!(fs::read_to_string(history.file("2026-11")).unwrap(), "mine too");
        fs::remove_file(history.file("2026-11")).unwrap();
        keep(&Folders::of(&out), &config).unwrap();
        assert_eq!(fs::read_to_string(history.folder().join("mine.txt")).unwrap(), "mine");
        assert_eq!(history.periods().unwrap(), ["2026-11"]);
    }
}
