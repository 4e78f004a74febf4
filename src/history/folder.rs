//! `OUT.history`: the entries of all periods.

use std::{
    ffi::OsStr,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::Entry;
use crate::{
    error::{Error, Result},
    result::folder::next_to,
};

/// The entries of the runs of an output folder.
#[derive(Debug, Clone)]
pub(crate) struct History {
    folder: PathBuf,
}

impl History {
    /// The history of an output folder, next to it.
    pub(crate) fn of(out: &Path) -> History {
        History { folder: next_to(out, ".history") }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a period.
    pub(crate) fn file(&self, period: &str) -> PathBuf {
        self.folder.join(format!("{period}.json"))
    }

    /// The periods of which there is an entry, ascending; no other file of the folder is one.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub(crate) fn periods(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io(&self.folder))?,
        };
        let mut periods = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::io(&self.folder))?.path();
            let is_json = path.extension() == Some(OsStr::new("json"));
            let period = path.file_stem().and_then(OsStr::to_str).filter(|name| is_period(name));
            periods.extend(period.filter(|_| is_json).map(str::to_owned));
        }
        periods.sort_unstable();
        Ok(periods)
    }

    /// The entry of a period; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When its file cannot be read.
    pub(crate) fn entry(&self, period: &str) -> Result<Option<Entry>> {
        let path = self.file(period);
        if path.exists() { Entry::read(&path).map(Some) } else { Ok(None) }
    }

    /// All entries, by period.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>> {
        self.periods()?.iter().map(|period| Entry::read(&self.file(period))).collect()
    }

    /// The newest entry of a period before this one.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn before(&self, period: &str) -> Result<Option<Entry>> {
        let periods = self.periods()?;
        let newest = periods.iter().rfind(|of| of.as_str() < period);
        newest.map(|of| Entry::read(&self.file(of))).transpose()
    }
}

/// Whether a word is a month as entries are named: `2026-10`.
pub(super) fn is_period(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    word.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4 && digits(year) && month.len() == 2 && digits(month)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::RunFacts;

    #[test]
    fn previous_is_the_newest_entry_of_an_earlier_period() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::of(&folder.path().join("out"));
        assert!(history.periods().unwrap().is_empty(), "no folder yet");
        fs::create_dir(history.folder()).unwrap();
        for period in ["2026-10", "2025-12", "2026-09"] {
            let run = RunFacts { period: period.into(), ..RunFacts::default() };
            let entry = Entry::new(run, Vec::new(), (Vec::new(), Vec::new()));
            fs::write(history.file(period), entry.text().unwrap()).unwrap();
        }
        for other in ["notes.json", "2026-11.txt", "2026-1.json"] {
            fs::write(history.folder().join(other), "mine").unwrap();
        }
        assert_eq!(history.periods().unwrap(), ["2025-12", "2026-09", "2026-10"]);
        for (period, want) in [
            ("2026-10", Some("2026-09")),
            ("2026-12", Some("2026-10")),
            ("2026-01", Some("2025-12")),
            ("2025-12", None),
        ] {
            let before = history.before(period).unwrap().map(|entry| entry.run.period);
            assert_eq!(before.as_deref(), want, "before {period}");
        }
    }
}
