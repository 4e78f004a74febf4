//! Bytes to rows: whatever the bytes are, reading ends, and what it gives is in order.

use std::{fs, path::PathBuf, process, thread};

use crm_reconcile::read::{
    Input, ReadOptions,
    value::{DateColumn, NumberColumn},
};

/// Reads bytes as a delimited file, compressed or not.
pub fn delimited(bytes: &[u8]) {
    read_as("csv", bytes);
}

/// Reads bytes as a workbook, whatever they are.
pub fn workbook(bytes: &[u8]) {
    for start in [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"] {
        let mut book = start.to_vec();
        book.extend_from_slice(bytes.get(4..).unwrap_or_default());
        read_as("xlsx", &book);
    }
}

/// Reads the lines of a text as the cells of one column of dates and one of numbers.
pub fn value(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut dates, mut numbers) = (DateColumn::default(), NumberColumn::default());
    for cell in text.lines() {
        dates.observe(cell);
        numbers.observe(cell);
    }
    for cell in text.lines() {
        if let Some(date) = dates.parse(cell) {
            assert_eq!(dates.parse(&date.to_string()), Some(date), "cell: {cell:?}");
        }
        numbers.parse(cell);
    }
}

/// Reads bytes through a file and checks that rows and problems come in the order of their lines,
/// and that all rows have the cells that the header asks for.
fn read_as(extension: &str, bytes: &[u8]) {
    let name = format!("reading-{}-{:?}.{extension}", process::id(), thread::current().id());
    let path = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    fs::write(&path, bytes).expect("the temporary folder can be written");
    check(path.clone());
    let _ = fs::remove_file(path);
}

fn check(path: PathBuf) {
    let Ok(table) = Input::named(path).open(&ReadOptions::default()) else { return };
    let header = table.info().header.clone();
    assert!(header.iter().any(|name| !name.is_empty()), "a header says something");
    let least = header.iter().rposition(|name| !name.is_empty()).map_or(1, |at| at + 1);
    let (mut above, mut problem_above) = (0, 0);
    for batch in table.into_batches() {
        let Ok(batch) = batch else { return };
        for row in batch.rows() {
            assert!(row.line > above, "row {} comes after row {above}", row.line);
            assert!(row.len() >= least, "row {}: {} of {least} cells", row.line, row.len());
            assert_eq!(row.cells().len(), row.len());
            assert!((0..row.len()).any(|column| !row.raw(column).trim().is_empty()));
            above = row.line;
        }
        for problem in batch.problems.iter().filter(|problem| problem.record_lost) {
            assert!(problem.line > problem_above, "problems are in order: {problem:?}");
            problem_above = problem.line;
        }
    }
}
