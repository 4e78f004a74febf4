//! A fresh folder per test, and what reading one of its files gives.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    error::{Error, Result},
    problem::Problem,
    read::{Input, ReadOptions, TableInfo},
};

pub(crate) struct Folder(TempDir);

/// All that reading a file gave.
pub(crate) struct Outcome {
    pub(crate) info: TableInfo,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) lines: Vec<u64>,
    /// How many lines each row has.
    pub(crate) heights: Vec<u64>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
    pub(crate) footer_lines: u64,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(TempDir::new().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        path
    }
}

/// Reads bytes as a file of a name.
pub(crate) fn read_as(name: &str, bytes: impl AsRef<[u8]>) -> Result<Outcome> {
    let folder = Folder::new();
    read(&Input::named(folder.write(name, bytes)), &ReadOptions::default())
}

/// Why bytes cannot be read as a file of a name.
pub(crate) fn refusal(name: &str, bytes: impl AsRef<[u8]>) -> Error {
    read_as(name, bytes).err().expect("an error")
}

/// Reads text as a CSV file.
pub(crate) fn read_csv(bytes: impl AsRef<[u8]>) -> Outcome {
    read_as("a.csv", bytes).expect("a table")
}

pub(crate) fn read(input: &Input, options: &ReadOptions) -> Result<Outcome> {
    let table = input.open(options)?;
    let mut outcome = Outcome {
        info: table.info().clone(),
        rows: Vec::new(),
        lines: Vec::new(),
        heights: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        footer_lines: 0,
    };
    for batch in table.into_batches() {
        let batch = batch?;
        for row in batch.rows() {
            outcome.rows.push(row.cells().map(str::to_owned).collect());
            outcome.lines.push(row.line);
            let breaks = (0..row.len()).map(|column| line_breaks(row.raw(column)));
            outcome.heights.push(1 + breaks.sum::<u64>());
        }
        outcome.footer_lines += batch.footer_lines;
        outcome.problems.extend(batch.problems);
        outcome.notes.extend(batch.notes);
    }
    if !input.is_stdin() {
        let rows = rows_again(input, &outcome.info, options)?;
        assert_eq!(rows, outcome.rows, "another pass gives the same rows");
    }
    Ok(outcome)
}

/// The rows of a table of which `info` is known.
fn rows_again(input: &Input, info: &TableInfo, options: &ReadOptions) -> Result<Vec<Vec<String>>> {
    let table = input.open_again(info, &ReadOptions { progress: None, ..options.clone() })?;
    let mut rows = Vec::new();
    for batch in table.into_batches() {
        rows.extend(batch?.rows().map(|row| row.cells().map(str::to_owned).collect::<Vec<_>>()));
    }
    Ok(rows)
}

fn line_breaks(cell: &str) -> u64 {
    cell.replace("\r\n", "\n").matches(['\r', '\n']).count() as u64
}

impl Outcome {
    /// Rows as `a|b|c`, for tables of expectations.
    pub(crate) fn joined(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.join("|")).collect()
    }

    /// Problems as `line: what`.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let text = |problem: &Problem| format!("{}: {}", problem.line, problem.what);
        self.problems.iter().map(text).collect()
    }
}

/// Text as a .gz file.
pub(crate) fn gzipped(text: &str) -> Vec<u8> {
    let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    file.write_all(text.as_bytes()).expect("memory");
    file.finish().expect("memory")
}

/// Text as a .zst file.
pub(crate) fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

/// Members as a .zip file.
pub(crate) fn zipped(members: &[(&str, impl AsRef<[u8]>)]) -> Vec<u8> {
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        file.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        file.write_all(bytes.as_ref()).expect("memory");
    }
    file.finish().expect("memory").into_inner()
}
