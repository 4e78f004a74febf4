//! The program over the samples, in a fresh folder.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A run over the samples of one CRM.
pub(crate) struct Ran {
    folder: TempDir,
    /// All that the run printed.
    pub(crate) said: String,
}

/// A row of a CSV file, by column name.
pub(crate) type Row = HashMap<String, String>;

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

impl Ran {
    /// Runs `match` over the samples of a CRM.
    pub(crate) fn over(crm: &str) -> Ran {
        let mut ran = Ran::nothing();
        ran.said = ran.run(&Ran::inputs(crm, &["--out", "result"]));
        ran
    }

    /// Runs `match` over a copy of the samples that lies in the folder, named by relative paths.
    pub(crate) fn over_a_copy(crm: &str) -> Ran {
        let mut ran = Ran::nothing();
        for (from, to) in [("reports".to_owned(), "reports"), (format!("crm/{crm}"), "crm")] {
            fs::create_dir(ran.path(to)).expect(to);
            for file in fs::read_dir(samples().join(from)).expect("the samples") {
                let file = file.expect("a file");
                fs::copy(file.path(), ran.path(to).join(file.file_name())).expect("a copy");
            }
        }
        ran.said =
            ran.run(&words("match --reports reports --crm crm --out result --as-of 2026-11-20"));
        ran
    }

    /// An empty folder.
    pub(crate) fn nothing() -> Ran {
        Ran { folder: tempfile::tempdir().expect("a folder"), said: String::new() }
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

    fn command(&self, args: &[String]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        program.env_clear().current_dir(self.folder.path()).args(args);
        program
    }

    /// What the program prints, on both streams, when it ends well.
    pub(crate) fn run(&self, args: &[String]) -> String {
        let ran = self.command(args).output().expect("the program starts");
        assert!(matches!(ran.status.code(), Some(0 | 3)), "{args:?}: {}", text(&ran));
        text(&ran)
    }

    /// What the program prints, on both streams, when it ends with an error.
    pub(crate) fn fail(&self, args: &[String]) -> String {
        let ran = self.command(args).output().expect("the program starts");
        assert_eq!(ran.status.code(), Some(1), "{args:?}: {}", text(&ran));
        text(&ran)
    }

    /// What the program prints, on both streams, however it ends.
    pub(crate) fn either(&self, args: &[String]) -> String {
        text(&self.command(args).output().expect("the program starts"))
    }

    /// What the program prints on standard error, and its exit status, when nobody reads what it
    /// prints on standard output.
    pub(crate) fn unread(&self, args: &[String]) -> (String, Option<i32>) {
        let mut program = self.command(args);
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().expect("the program starts");
        drop(child.stdout.take());
        let ran = child.wait_with_output().expect("the program ends");
        (text(&ran), ran.status.code())
    }

    /// The same as [`Ran::run`], started in another folder.
    pub(crate) fn run_in(&self, folder: &Path, args: &[String]) -> String {
        let ran = self.command(args).current_dir(folder).output().expect("the program starts");
        assert!(matches!(ran.status.code(), Some(0 | 3)), "{args:?}: {}", text(&ran));
        text(&ran)
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect(name);
    }

    /// A file of the results.
    pub(crate) fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("result").join(name)).expect(name)
    }

    /// The rows of a CSV file of the results, by column name.
    pub(crate) fn rows(&self, name: &str) -> Vec<Row> {
        let text = self.file(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// What is in the folder.
    pub(crate) fn entries(&self) -> usize {
        fs::read_dir(self.folder.path()).expect("the folder").count()
    }
}

/// Arguments, one per word.
pub(crate) fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn text(ran: &Output) -> String {
    String::from_utf8([ran.stdout.clone(), ran.stderr.clone()].concat()).expect("UTF-8")
}
