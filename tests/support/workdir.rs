//! A fresh folder per test, the program run inside it, and the files it wrote.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};
use serde_json::Value;
use tempfile::TempDir;

use super::table::Table;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_reconcile");

/// The day of all runs, so that no result depends on today.
const AS_OF: &str = "2026-11-21";

/// The files of a run whose bytes must not depend on how the CRM was given.
const RESULTS: [&str; 8] = [
    "customers.csv",
    "contacts.csv",
    "links.csv",
    "review.csv",
    "unmatched.csv",
    "agreements.csv",
    "suppressed.csv",
    "changes.csv",
];

/// Files below a folder: names with `/`, and bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A folder that is deleted with the test.
pub(crate) struct Workdir(TempDir);

/// How a run of the program ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workdir {
    pub(crate) fn new() -> Workdir {
        Workdir(TempDir::new().expect("a temporary folder"))
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Workdir {
        let dir = Workdir::new();
        files.iter().for_each(|(name, text)| dir.write(name, text));
        dir
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        write_in(self.0.path(), name, bytes);
    }

    /// Copies a folder with all that is in it.
    pub(crate) fn copy(&self, from: &Path, to: &str) {
        files_in(from).iter().for_each(|(name, bytes)| write_in(&self.path(to), name, bytes));
    }

    pub(crate) fn holds(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn table(&self, name: &str) -> Table {
        Table::of(&self.read(name))
    }

    /// The first sheet of a workbook.
    pub(crate) fn sheet(&self, name: &str) -> Range<Data> {
        let mut book: Xlsx<_> = open_workbook(self.path(name)).expect(name);
        book.worksheet_range_at(0).expect("a sheet").expect(name)
    }

    /// A part of a workbook, as it stands in the archive.
    pub(crate) fn part_of(&self, book: &str, part: &str) -> String {
        let file = std::fs::File::open(self.path(book)).expect("a workbook");
        let mut archive = zip::ZipArchive::new(file).expect("an archive");
        let part = archive.by_name(part).expect("a part of the workbook");
        std::io::read_to_string(part).expect("text")
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }

    pub(crate) fn summary(&self, out: &str) -> Value {
        self.json(&format!("{out}/summary.json"))
    }

    /// Fails where two runs differ in a result, a figure, or what is kept for the months after.
    pub(crate) fn assert_same_results(&self, one: &str, other: &str) {
        for file in RESULTS {
            let [left, right] = [one, other].map(|out| self.read(&format!("{out}/{file}")));
            let differs = left.lines().zip(right.lines()).find(|(left, right)| left != right);
            assert_eq!(differs, None, "{file} of {one} and {other}");
            assert_eq!(left, right, "{file} of {one} and {other}");
        }
        let [left, right] = [one, other].map(|out| self.summary(out)["results"].clone());
        assert_eq!(left, right, "summary of {one} and {other}");
        let [left, right] = [one, other].map(|out| self.json(&format!("{out}/history.json")));
        for kept in ["customers", "accounts", "contacts"] {
            assert_eq!(left[kept], right[kept], "history of {one} and {other}");
        }
    }

    /// Fills in the verdict of a pair in `out/review.csv`.
    pub(crate) fn judge(&self, account: &str, verdict: &str) {
        let mut review = self.table("out/review.csv");
        review.row_with("account_id", account).insert("verdict".into(), verdict.into());
        self.write("out/review.csv", review.text());
    }

    pub(crate) fn files(&self, folder: &str) -> Files {
        files_in(&self.path(folder))
    }

    /// The program, to be run inside the folder with no settings from the outside.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut program = Command::new(PROGRAM);
        program.env_clear().current_dir(self.0.path()).args(args).stdin(Stdio::null());
        program
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output())
    }

    /// Runs `match` on the day of all runs: flags as a line, and further ones that may hold blanks.
    pub(crate) fn run_match(&self, line: &str, more: &[&str]) -> Ran {
        self.run(&[&["match", "--as-of", AS_OF][..], &words(line), more].concat())
    }

    /// Runs the program with a text as its standard input.
    pub(crate) fn pipe(&self, args: &[&str], text: &str) -> Ran {
        let mut program = self.command(args);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program = program.spawn().expect("the program starts");
        // a program that refuses early does not read to the end
        let _ = program.stdin.take().expect("a pipe").write_all(text.as_bytes());
        Ran::of(program.wait_with_output())
    }

    /// Has LibreOffice save a file in another format, into the folder `office`.
    pub(crate) fn convert(&self, file: &str, format: &str, more: &[&str]) {
        let profile = self.path("profile");
        let profile = profile.to_str().expect("a path in UTF-8");
        let profile = format!("-env:UserInstallation=file://{profile}");
        let mut office = Command::new("soffice");
        office.current_dir(self.0.path()).arg(profile).args(more);
        office.args(["--headless", "--convert-to", format, "--outdir", "office", file]);
        Ran::of(office.output()).ended(0);
    }
}

impl Ran {
    pub(crate) fn of(output: std::io::Result<Output>) -> Ran {
        let Output { status, stdout, stderr } = output.expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("messages are UTF-8");
        Ran { status: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The run, which must have ended with this status.
    pub(crate) fn ended(self, status: i32) -> Ran {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    /// The run, which must have ended well, though rows may be damaged.
    pub(crate) fn done(self) -> Ran {
        assert!(matches!(self.status, Some(0 | 3)), "{self:?}");
        self
    }

    /// What was printed, on both streams.
    pub(crate) fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// What was printed, as JSON and nothing else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("JSON and nothing else")
    }
}

/// Arguments, one per word.
pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Writes a file into a folder.
pub(super) fn write_in(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders are made");
    fs::write(&path, bytes).expect(name);
}

/// All files of a folder.
pub(super) fn files_in(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = files_in(&path).into_iter();
            files.extend(inner.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    files
}
