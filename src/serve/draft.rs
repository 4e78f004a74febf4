//! A run that is being prepared: the files that a person chose, and the choices as they go into
//! `settings.toml`. It is told to the program in the words of the flags of `reconcile match`.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use crate::{
    cli::{
        inspect::{Inspected, inspect_paths},
        match_::MatchArgs,
    },
    columns::ReportKind,
    config::Config,
    error::{Error, Result, slashed},
    read::windows::fault,
    result::folder::{Folder, SETTINGS},
};

/// The sides on which a file may stand, each the name of its flag.
pub(super) const SIDES: [&str; 3] = ["reports", "crm", "suppress"];

/// A run that is being prepared.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The folder for the settings, the files that were dropped, and the results.
    pub(super) folder: PathBuf,
    settings: Table,
}

impl Draft {
    /// A run for which nothing is chosen yet, to live below a folder.
    pub(super) fn new(base: &Path) -> Draft {
        let day = jiff::Zoned::now().date();
        let mut names = (1..).map(|number| match number {
            1 => format!("reconcile {day}"),
            number => format!("reconcile {day} ({number})"),
        });
        let is_free = |name: &String| !base.join(name).exists();
        let name = names.find(is_free).unwrap_or_default();
        Draft { folder: base.join(name), settings: Table::new() }
    }

    /// A run with the choices of a finished one, but for its reports.
    ///
    /// # Errors
    ///
    /// When the run has no settings that can be read.
    pub(super) fn like(base: &Path, run: &Path) -> Result<Draft> {
        let folder = Folder::new(run);
        let there = folder.recorded()?.folder;
        let args = MatchArgs::from_settings(folder.path(SETTINGS))?;
        let args = args.with_paths(|path| slashed(&there.join(path)));
        let mut settings = Table::try_from(&args).unwrap_or_default();
        settings.retain(|key, _| !["reports", "report", "out"].iter().any(|of| *key == **of));
        // next month's results take the place of these, whose decisions go on to hold
        settings.insert("out".into(), text_of(&std::path::absolute(run).unwrap_or(run.into())));
        Ok(Draft { settings, ..Draft::new(base) })
    }

    /// The folder for the results.
    pub(super) fn out(&self) -> PathBuf {
        match self.settings.get("out").and_then(Value::as_str) {
            Some(out) => PathBuf::from(out),
            None => self.folder.join("result"),
        }
    }

    /// The files and folders of a side.
    pub(super) fn paths(&self, side: &str) -> Vec<PathBuf> {
        self.texts(side).into_iter().map(PathBuf::from).collect()
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let values = self.settings.get(key).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    fn set(&mut self, key: &str, texts: Vec<String>) {
        if texts.is_empty() {
            self.settings.remove(key);
        } else {
            let values = texts.into_iter().map(Value::String).collect();
            self.settings.insert(key.into(), Value::Array(values));
        }
    }

    /// Puts a file or folder on a side, and takes it from the others.
    pub(super) fn put(&mut self, side: &str, path: &Path) {
        self.drop_path(path);
        let mut texts = self.texts(side);
        texts.push(slashed(path));
        self.set(side, texts);
    }

    /// Takes a file or folder away.
    pub(super) fn drop_path(&mut self, path: &Path) {
        let gone = slashed(path);
        for side in SIDES {
            let kept = self.texts(side).into_iter().filter(|of| *of != gone).collect();
            self.set(side, kept);
        }
    }

    /// Says what a column holds; nothing, to leave it to the program.
    pub(super) fn name_column(&mut self, header: &str, field: &str) {
        if header.trim().is_empty() {
            return;
        }
        let other =
            |entry: &String| entry.split_once('=').is_none_or(|(_, of)| of.trim() != header.trim());
        let mut entries: Vec<String> = self.texts("column").into_iter().filter(other).collect();
        if !field.is_empty() {
            entries.push(format!("{field}={header}"));
        }
        self.set("column", entries);
    }

    /// What a person has said of columns: field and header.
    pub(super) fn columns(&self) -> Vec<String> {
        self.texts("column")
    }

    /// The partner's own domains.
    pub(super) fn own_domains(&self) -> Vec<String> {
        self.texts("own-domain")
    }

    pub(super) fn set_own_domains(&mut self, typed: &str) {
        let parts = typed.split([',', ';', ' ', '\n']).map(str::trim);
        self.set("own-domain", parts.filter(|of| !of.is_empty()).map(str::to_owned).collect());
    }

    /// Whether there are reports and a CRM.
    pub(super) fn is_complete(&self) -> bool {
        let has = |key: &str| !self.paths(key).is_empty();
        has("reports") && (has("crm") || has("accounts"))
    }

    /// The choices as `settings.toml` in the folder of the draft, and the run that they mean.
    ///
    /// # Errors
    ///
    /// When they cannot be written, or mean no run.
    pub(super) fn config(&self) -> Result<Config> {
        let mut settings = self.settings.clone();
        settings.insert("out".into(), text_of(&self.out()));
        std::fs::create_dir_all(&self.folder).map_err(Error::io(&self.folder))?;
        let path = self.folder.join(SETTINGS);
        std::fs::write(&path, settings.to_string()).map_err(Error::io(&path))?;
        Config::try_from(MatchArgs::from_settings(path)?)
    }

    /// Keeps a file that was dropped, in the folder of its side.
    ///
    /// # Errors
    ///
    /// When its name is none, or it cannot be written.
    pub(super) fn keep(&mut self, side: &str, name: &str, bytes: &[u8]) -> Result<()> {
        let fault = match fault(name) {
            None if name.is_empty() || name.starts_with('.') => Some("is none of a visible file"),
            None if name.len() > LONGEST => Some("is too long"),
            fault => fault,
        };
        if let Some(fault) = fault {
            return Err(Error::Unusable {
                file: "the file that was dropped".into(),
                found: format!("its name {fault}"),
                todo: "rename it, or choose it by its path".into(),
            });
        }
        let folder = self.folder.join(side);
        std::fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        let Some(path) = place_for(&folder, name, bytes) else { return Ok(()) };
        // whole or not at all, and never through a link that somebody has put there
        let part = folder.join(format!(".{}.part", std::process::id()));
        let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, &path));
        written.inspect_err(|_| drop(std::fs::remove_file(&part))).map_err(Error::io(&path))?;
        let is_known = self.paths(side).contains(&folder);
        if !is_known {
            self.put(side, &folder);
        }
        Ok(())
    }

    /// How each file of a side is understood.
    ///
    /// # Errors
    ///
    /// When a rule table cannot be read.
    pub(super) fn inspect(&self, side: &str) -> Result<Vec<Inspected>> {
        let mut found = Vec::new();
        for path in self.paths(side) {
            match inspect_paths(std::slice::from_ref(&path), &self.columns()) {
                Ok(files) => found.extend(files),
                Err(error) => found.push(Inspected::failed(&slashed(&path), &error)),
            }
        }
        Ok(found)
    }
}

/// Bytes of the name of a file, at most: there must be room for a number and an ending.
const LONGEST: usize = 200;

/// Where a file that was dropped is to lie: another one of its name stays. `None` where the same file
/// is there already.
fn place_for(folder: &Path, name: &str, bytes: &[u8]) -> Option<PathBuf> {
    let (stem, ending) = match name.find('.') {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let mut names = (1..).map(|number| match number {
        1 => name.to_owned(),
        number => format!("{stem} ({number}){ending}"),
    });
    names.find_map(|name| {
        let path = folder.join(name);
        match std::fs::read(&path) {
            Ok(there) if there == bytes => Some(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Some(Some(path)),
            _ => None,
        }
    })?
}

fn text_of(path: &Path) -> Value {
    Value::String(slashed(path))
}

/// Whether a kind of file belongs to another side than the one on which it stands, and to which.
pub(super) fn other_side(side: &str, kind: &str) -> Option<&'static str> {
    let is_report = ReportKind::from_word(kind).is_some();
    let is_crm = matches!(kind, "accounts" | "contacts" | "leads" | "accounts and contacts");
    match side {
        "reports" if is_crm => Some("crm"),
        "crm" if is_report => Some("reports"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_become_the_settings_of_a_run() {
        let base = tempfile::tempdir().unwrap();
        let mut draft = Draft::new(base.path());
        assert!(!draft.is_complete());
        draft.put("reports", Path::new("/a"));
        draft.put("crm", Path::new("/a")); // it stands on one side only
        draft.put("reports", Path::new("/b"));
        draft.name_column("Web presence", "domain");
        draft.name_column("Keine Werbung", "ignore");
        draft.name_column("Keine Werbung", "email-opt-out"); // the last word holds
        draft.name_column("Web presence", "");
        draft.set_own_domains("contoso.com, own.de");
        assert!(draft.is_complete());
        let config = draft.config().unwrap();
        assert_eq!(config.reports, [(None, PathBuf::from("/b"))]);
        assert_eq!(config.crm, [PathBuf::from("/a")]);
        assert_eq!(config.columns, [("email-opt-out".to_owned(), "Keine Werbung".to_owned())]);
        assert_eq!(config.own_domains, ["contoso.com", "own.de"]);
        assert_eq!(config.out, draft.folder.join("result"));
        assert!(draft.folder.join(SETTINGS).is_file());
    }

    #[test]
    fn dropped_files_stay_in_the_folder_of_the_draft() {
        let base = tempfile::tempdir().unwrap();
        let mut draft = Draft::new(base.path());
        let long = format!("{}.csv", "x".repeat(300));
        for name in [
            "../out.csv",
            "..\\out.csv",
            "C:\\out.csv",
            "/etc/passwd",
            "a/b.csv",
            "..",
            "",
            ".hidden",
            "con",
            "nul.csv",
            "a.csv:stream",
            "a.csv.",
            "a\0.csv",
            "a\n.csv",
            &long,
        ] {
            assert!(draft.keep("crm", name, b"x").is_err(), "{name:?}");
        }
        assert!(!draft.folder.join("crm").exists());
        draft.keep("crm", "Accounts.csv", b"x").unwrap();
        draft.keep("crm", "Contacts.csv", b"x").unwrap();
        assert_eq!(draft.paths("crm"), [draft.folder.join("crm")]);
        assert!(draft.folder.join("crm/Accounts.csv").is_file());
        draft.keep("crm", "Accounts.csv", b"x").unwrap(); // once more the same
        draft.keep("crm", "Accounts.csv", b"of another folder").unwrap();
        let mut names: Vec<String> = std::fs::read_dir(draft.folder.join("crm"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["Accounts (2).csv", "Accounts.csv", "Contacts.csv"]);
    }

    #[test]
    fn swapped_files_are_seen() {
        for (side, kind, want) in [
            ("reports", "accounts", Some("crm")),
            ("crm", "azure", Some("reports")),
            ("crm", "contacts", None),
            ("reports", "m365", None),
            ("suppress", "suppression", None),
        ] {
            assert_eq!(other_side(side, kind), want, "{side} {kind}");
        }
    }
}
