//! A run that is over: its settings, the files that it read, and what has become of them.

use std::path::{Path, PathBuf};

use super::match_::{MatchArgs, next_to};
use crate::{
    config::Config,
    error::{Error, Result},
    inputs::fingerprint,
    result::{
        file::customers,
        folder::{Folder, SETTINGS},
        summary::InputSummary,
        table::Place,
    },
    run::Found,
};

/// A run as it was recorded.
pub(crate) struct Recorded {
    /// The folder with its results.
    run: Folder,
    pub(crate) config: Config,
    /// When it began, ISO to the second.
    started: String,
    /// The files that it found.
    inputs: Vec<InputSummary>,
    /// Where relative paths begin.
    folder: PathBuf,
}

/// The period of all reports, where they have one and the same.
fn one_period(inputs: &[InputSummary]) -> Option<String> {
    let mut periods = inputs.iter().map(|input| &input.period).filter(|period| !period.is_empty());
    let first = periods.next()?;
    periods.all(|period| period == first).then(|| first.clone())
}

impl Recorded {
    pub(crate) fn of(run: &Path) -> Result<Recorded> {
        let run = Folder::new(run);
        let said = run.recorded()?;
        let mut config = Config::try_from(MatchArgs::from_settings(run.path(SETTINGS))?)?;
        if let Ok(as_of) = said.as_of.parse() {
            config.as_of = as_of;
        }
        config.period = one_period(&said.inputs);
        let (started, inputs, folder) = (said.started, said.inputs, said.folder);
        let mut recorded = Recorded { run, config, started, inputs, folder };
        recorded.start_there();
        Ok(recorded)
    }

    /// The choices with which the run is repeated into its folder, wherever that is now.
    #[cfg(feature = "browser")]
    pub(crate) fn again(&self, run: &Path) -> Config {
        let mut config = self.config.clone();
        config.out = run.to_owned();
        config.verdicts = self.verdicts(run);
        if !self.folder.as_os_str().is_empty() {
            config.folder.clone_from(&self.folder);
        }
        config
    }

    /// Bytes of the files that the run read and that are still there.
    #[cfg(feature = "browser")]
    pub(crate) fn bytes(&self) -> u64 {
        let sizes = self.files().filter(|(_, print)| !print.is_empty());
        sizes
            .filter_map(|(file, _)| std::fs::metadata(self.path(file)).ok())
            .map(|of| of.len())
            .sum()
    }

    /// When it began, ISO to the second.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "for the pages"))]
    pub(crate) fn started(&self) -> &str {
        &self.started
    }

    /// Lets relative paths begin in the folder in which the run was started, where that is another
    /// one than this.
    fn start_there(&mut self) {
        if self.folder == self.config.folder || !self.folder.is_dir() {
            self.folder = PathBuf::new();
            return;
        }
        let folder = &self.folder;
        let config = &mut self.config;
        let there = |path: &mut PathBuf| *path = folder.join(&path);
        config.reports.iter_mut().for_each(|(_, path)| there(path));
        let Config { crm, accounts, contacts, suppress, deals, .. } = config;
        for paths in [crm, accounts, contacts, suppress, deals] {
            paths.iter_mut().for_each(there);
        }
        config.rules.iter_mut().for_each(there);
        let elsewhere = &mut config.elsewhere;
        for paths in [&mut elsewhere.counts, &mut elsewhere.known_accounts, &mut elsewhere.samples]
        {
            paths.iter_mut().for_each(there);
        }
        elsewhere.contact_domains.iter_mut().for_each(there);
        there(&mut config.verdicts);
        there(&mut config.out);
    }

    /// The file of verdicts of a run: as the run was told, else next to its folder.
    pub(crate) fn verdicts(&self, run: &Path) -> PathBuf {
        if self.config.settings.lines().any(|line| line.starts_with("verdicts =")) {
            self.config.verdicts.clone()
        } else {
            next_to(run, ".verdicts.csv")
        }
    }

    /// The files that the run read, as it names them, with their fingerprints.
    fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inputs.iter().map(|input| (input.file.as_str(), input.fingerprint.as_str()))
    }

    /// Where a file of the run is now; of an archive's member the archive.
    fn path(&self, file: &str) -> PathBuf {
        let path = self.folder.join(file);
        match file.split_once('!') {
            Some((archive, _)) if !path.exists() => self.folder.join(archive),
            _ => path,
        }
    }

    /// What has happened to the files of the run since.
    pub(crate) fn changes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (file, before) in self.files().filter(|(_, before)| !before.is_empty()) {
            match fingerprint(&self.path(file)) {
                Err(_) => lines.push(format!("warning: {file} is gone since the run")),
                Ok(now) if now != before => {
                    lines.push(format!("warning: {file} has changed since the run"));
                }
                Ok(_) => {}
            }
        }
        lines
    }

    /// The files that the run did not find.
    pub(crate) fn new_files(&self, found: &Found) -> Vec<String> {
        let known: Vec<PathBuf> = self.files().map(|(file, _)| self.folder.join(file)).collect();
        let files = found.inputs.sources.iter().map(|source| source.info.file.as_str());
        let new = files.filter(|file| !known.contains(&PathBuf::from(file)));
        new.map(|file| format!("warning: {file} is new since the run")).collect()
    }

    /// An error, or that the inputs of the run are gone, where that is its cause.
    pub(crate) fn gone(&self, error: Error) -> Error {
        let is_gone = |file: &&str| !self.path(file).exists();
        let read = self.files().filter(|(_, before)| !before.is_empty()).map(|(file, _)| file);
        let gone: Vec<&str> = read.filter(is_gone).collect();
        if gone.is_empty() {
            return error;
        }
        Error::Unusable {
            file: gone.join(", "),
            found: "gone since the run; its files are needed again".into(),
            todo: "put the files back, or run `reconcile match` again".into(),
        }
    }

    /// The status in which the run left a customer, and its accounts, as `customers.csv` has them.
    pub(crate) fn status_then(&self, customer: &str) -> Option<(String, String)> {
        let table = self.run.open(&customers::FILE).ok()?;
        let at: customers::Row<Place> = table.places();
        let mut found = None;
        let read = table.each(|row| {
            if found.is_none() && at.customer_id.of(row) == customer {
                found = Some((at.status.text(row), at.account_ids.text(row)));
            }
            Ok(())
        });
        read.ok().and(found)
    }
}
