//! The program over the samples, in a fresh folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A run over the samples of one CRM.
pub(crate) struct Ran {
    folder: TempDir,
    /// All that the run printed.
    pub(crate) said: String,
}

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

impl Ran {
    /// Runs `match` over the samples of a CRM.
    pub(crate) fn over(crm: &str) -> Ran {
        let mut ran = Ran { folder: tempfile::tempdir().expect("a folder"), said: String::new() };
        ran.said = ran.run(&Ran::inputs(crm, &["--out", "result"]));
        ran
    }

    /// The arguments of a run over the samples of a CRM.
    pub(crate) fn inputs(crm: &str, more: &[&str]) -> Vec<String> {
        let path = |name: &str| samples().join(name).display().to_string();
        let mut args = vec!["match".to_owned(), "--as-of".into(), "2026-11-20".into()];
        args.extend(["--reports".into(), path("reports"), "--crm".into()]);
        args.extend([path(&format!("crm/{crm}"))]);
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        args
    }

    /// What the program prints, on both streams.
    pub(crate) fn run(&self, args: &[String]) -> String {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        let ran = program.env_clear().current_dir(self.folder.path()).args(args).output();
        let ran = ran.expect("the program starts");
        assert!(
            matches!(ran.status.code(), Some(0 | 3)),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let both = [ran.stdout, ran.stderr].concat();
        String::from_utf8(both).expect("UTF-8")
    }

    /// A file of the results.
    pub(crate) fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("result").join(name)).expect(name)
    }

    /// The rows of a CSV file of the results, by column name.
    pub(crate) fn rows(&self, name: &str) -> Vec<std::collections::HashMap<String, String>> {
        let text = self.file(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// What is in the folder.
    pub(crate) fn entries(&self) -> usize {
        fs::read_dir(self.folder.path()).expect("the folder").count()
    }
}
