//! What a file is, by its first bytes: names lie (`report.xls` is often a web page).

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Delimited text, as far as can be seen.
    Text,
    /// An archive: a workbook of today, or a plain one.
    Zip,
    /// A workbook of before 2007, or an encrypted one.
    OldWorkbook,
    /// A Parquet file.
    Parquet,
    /// An Arrow IPC file.
    ArrowFile,
    /// An Arrow IPC stream.
    ArrowStream,
    /// Something that is not read.
    Refused {
        /// What it is, as a lower-case phrase.
        found: &'static str,
        /// What the user can do.
        todo: &'static str,
    },
}

/// What else is found under the names of tables, by its first bytes.
const REFUSED: [(&[u8], &str); 10] = [
    (b"%PDF", "a PDF document"),
    (b"PARE", "an encrypted Parquet file"),
    (b"FEA1", "a Feather file of version 1"),
    (b"SQLite format 3", "an SQLite database"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
];

/// Tables of typed columns, by their first bytes.
const COLUMNAR: [(&[u8], Content, &str); 3] = [
    (b"PAR1", Content::Parquet, "a Parquet file"),
    (b"ARROW1\0\0", Content::ArrowFile, "an Arrow file"),
    (b"\xff\xff\xff\xff", Content::ArrowStream, "an Arrow stream"),
];

impl Content {
    /// Recognises the content by the first bytes of a file.
    pub(super) fn of(start: &[u8]) -> Content {
        let todo = "save the table as CSV in UTF-8, or as .xlsx";
        let refused = |found| Content::Refused { found, todo };
        if start.is_empty() {
            let todo = "give a file with a header line and rows below it";
            return Content::Refused { found: "an empty file", todo };
        }
        if start.starts_with(b"PK\x03\x04") {
            return Content::Zip;
        }
        if start.starts_with(b"\xd0\xcf\x11\xe0") {
            return Content::OldWorkbook;
        }
        if let Some((_, content, found)) =
            COLUMNAR.iter().find(|(magic, ..)| start.starts_with(magic))
        {
            let todo = "save the table as CSV; or use a build that reads it: `pip install \
                        crm-reconcile`, or `cargo install --path . --features columnar`";
            return match cfg!(feature = "columnar") {
                true => *content,
                false => Content::Refused { found, todo },
            };
        }
        if let Some((_, found)) = REFUSED.iter().find(|(magic, _)| start.starts_with(magic)) {
            return refused(found);
        }
        if is_markup(start) {
            return refused("a web page or XML, whatever its name says");
        }
        if is_json(start) {
            return refused("JSON");
        }
        if is_binary(start) {
            return refused("no text and no workbook");
        }
        Content::Text
    }
}

fn is_markup(start: &[u8]) -> bool {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let text = text[..text.len().min(16)].to_ascii_lowercase();
    [&b"<html"[..], b"<!doctype", b"<?xml", b"<table"].iter().any(|tag| text.starts_with(tag))
}

/// Whether the text begins with an object, or with a list of objects, lists or strings.
fn is_json(start: &[u8]) -> bool {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let inside = |text: &[u8]| text.trim_ascii_start().first().copied();
    match text {
        [b'{', rest @ ..] => matches!(inside(rest), Some(b'"')),
        [b'[', rest @ ..] => matches!(inside(rest), Some(b'{' | b'[' | b'"')),
        _ => false,
    }
}

/// Whether control characters make up more than a twentieth. Zero bytes do not count: UTF-16 is
/// full of them, and some exports are padded with them.
fn is_binary(start: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(byte, 1..=8 | 14..=26 | 28..=31);
    let all_zero = start.iter().all(|&byte| byte == 0);
    all_zero || start.iter().filter(control).count() * 20 > start.len()
}
