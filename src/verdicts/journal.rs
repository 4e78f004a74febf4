//! The text of `verdicts.csv`: files of several people one behind the other, each perhaps saved
//! again by a spreadsheet that parts cells by something else.

use std::sync::LazyLock;

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::words::VerdictWords;
use crate::result::{
    column::ByColumn as _,
    file::verdicts::{FILE, Row as Cells},
};

/// The words of the built-in table: enough to see where a line of a damaged file begins.
static WORDS: LazyLock<Option<VerdictWords>> = LazyLock::new(|| VerdictWords::load(None).ok());

/// The marks that part cells.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// A file of verdicts as text, and how it is encoded.
pub(super) struct Journal {
    text: String,
    encoding: &'static Encoding,
}

/// A header and the rows below it, up to the next header.
pub(super) struct PostingRange<'j> {
    delimiter: char,
    /// The position of each column.
    columns: Cells<Option<usize>>,
    /// How many columns there are.
    width: usize,
    /// Whether it is written as we write it, so that rows of ours can follow.
    is_ours: bool,
    /// The line of the header, from 1.
    line: u64,
    rows: &'j str,
}

/// A row, and the line on which it begins.
pub(super) struct Row {
    pub(super) line: u64,
    /// Its cells, blank where the column is missing.
    pub(super) cells: Cells<String>,
    /// What is wrong with its number of cells: it cannot be used.
    pub(super) damage: Option<String>,
    /// Whether a quotation mark in it has no partner: it is read as text.
    pub(super) lone_quote: bool,
}

impl Journal {
    /// The text of a file's bytes; `None` where they are no text.
    pub(super) fn of(bytes: &[u8]) -> Option<Journal> {
        let encoding = match Encoding::for_bom(bytes) {
            Some((encoding, _)) => encoding,
            None if std::str::from_utf8(bytes).is_ok() => UTF_8,
            None => {
                let mut detector = EncodingDetector::new();
                detector.feed(bytes, true);
                detector.guess(None, true)
            }
        };
        let mut text = encoding.decode(bytes).0.into_owned();
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        let is_text = !text.contains('\0') && !text.starts_with("PK\u{3}");
        is_text.then_some(Journal { text, encoding })
    }

    /// The stretches, in file order; `None` where rows stand above the first header.
    pub(super) fn stretches(&self) -> Option<Vec<PostingRange<'_>>> {
        let mut stretches: Vec<PostingRange<'_>> = Vec::new();
        let (mut at, mut begin) = (0, 0);
        for (line, text) in (1..).zip(self.text.split_inclusive('\n')) {
            if let Some(mut stretch) = header(text) {
                if let Some(last) = stretches.last_mut() {
                    last.rows = &self.text[begin..at];
                }
                begin = at + text.len();
                stretch.line = line;
                stretches.push(stretch);
            } else if stretches.is_empty() && !text.trim().is_empty() {
                return None;
            }
            at += text.len();
        }
        if let Some(last) = stretches.last_mut() {
            last.rows = &self.text[begin..];
        }
        Some(stretches)
    }

    /// Further lines in the form of the file: a line break where its last line has none, a header
    /// where the last one is not ours, its encoding.
    pub(super) fn continued(&self, lines: &str) -> Vec<u8> {
        let mut text = String::new();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            text.push('\n');
        }
        let stretches = self.stretches().unwrap_or_default();
        if !stretches.last().is_some_and(|last| last.is_ours) {
            text.push_str(&header_line());
        }
        text.push_str(lines);
        let units = text.encode_utf16();
        match self.encoding {
            encoding if encoding == UTF_16LE => units.flat_map(u16::to_le_bytes).collect(),
            encoding if encoding == UTF_16BE => units.flat_map(u16::to_be_bytes).collect(),
            encoding => encoding.encode(&text).0.into_owned(),
        }
    }
}

/// The header as we write it, with its line break.
pub(super) fn header_line() -> String {
    let names: Vec<&str> = FILE.fixed().map(|column| column.name).collect();
    format!("{}\n", names.join(","))
}

/// The header that a line is, in whatever order and parted by whatever mark.
fn header<'j>(line: &str) -> Option<PostingRange<'j>> {
    let line = line.trim_start_matches('\u{feff}').trim_end();
    DELIMITERS.into_iter().find_map(|delimiter| {
        let cells: Vec<&str> =
            line.split(delimiter).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let columns = Cells::by_column(|column| {
            cells.iter().position(|cell| cell.eq_ignore_ascii_case(column.name))
        });
        let is_header = needed(&columns).iter().all(Option::is_some);
        let in_order = FILE.fixed().map(|column| column.name);
        let is_ours = delimiter == ','
            && cells.len() == FILE.front.len()
            && cells.iter().zip(in_order).all(|(cell, name)| cell.eq_ignore_ascii_case(name));
        is_header.then_some(PostingRange {
            delimiter,
            columns,
            width: cells.len(),
            is_ours,
            line: 0,
            rows: "",
        })
    })
}

/// The places of the columns without which there is no verdict.
fn needed(columns: &Cells<Option<usize>>) -> [Option<usize>; 3] {
    [columns.customer_id, columns.account_id, columns.verdict]
}

impl PostingRange<'_> {
    /// The rows that are not blank. A quotation mark without a partner costs no other row.
    pub(super) fn rows(&self) -> Vec<Row> {
        let lines: Vec<&str> = self.rows.split('\n').collect();
        let (mut rows, mut at) = (Vec::new(), 0);
        while at < lines.len() {
            let Record { cells, lines: taken, lone_quote } = self.record(&lines[at..]);
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(self.row(self.line + 1 + at as u64, &cells, lone_quote));
            }
            at += taken;
        }
        rows
    }

    /// The record that begins with the first of some lines.
    fn record(&self, lines: &[&str]) -> Record {
        let has_pairs = |text: &str| text.matches('"').count().is_multiple_of(2);
        if has_pairs(lines[0]) {
            return Record { cells: self.cells(lines[0]), lines: 1, lone_quote: false };
        }
        let mut text = lines[0].to_owned();
        for (more, line) in lines.iter().enumerate().take(MOST_LINES).skip(1) {
            if self.is_verdict(&self.cells(line)) {
                break; // a row of its own, not the text of another one
            }
            text.push('\n');
            text.push_str(line);
            if has_pairs(&text) {
                let cells = self.cells(&text);
                if cells.len() == self.width {
                    return Record { cells, lines: more + 1, lone_quote: false };
                }
                break;
            }
        }
        let cells = lines[0].split(self.delimiter).map(|cell| cell.trim().trim_matches('"').into());
        Record { cells: cells.collect(), lines: 1, lone_quote: true }
    }

    /// The cells of a record.
    fn cells(&self, record: &str) -> Vec<String> {
        let mut records = csv::ReaderBuilder::new()
            .delimiter(self.delimiter as u8)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(record.as_bytes())
            .into_records()
            .filter_map(Result::ok); // text is always UTF-8
        let cells = records.next().unwrap_or_default();
        cells.iter().map(str::to_owned).collect()
    }

    /// Whether cells are those of a verdict.
    fn is_verdict(&self, cells: &[String]) -> bool {
        let word = self.columns.verdict.and_then(|at| cells.get(at));
        word.is_some_and(|typed| WORDS.as_ref().is_some_and(|words| words.meant(typed).is_some()))
    }

    fn row(&self, line: u64, record: &[String], lone_quote: bool) -> Row {
        let needed = needed(&self.columns).into_iter().flatten().max().map_or(0, |last| last + 1);
        let idle = record.iter().skip(self.width).all(String::is_empty);
        let said = |what: &str| format!("too {what} cells: {} of {}", record.len(), self.width);
        let damage = match record.len() {
            cells if cells < needed => Some(said("few")),
            cells if cells > self.width && !idle => Some(said("many")),
            _ => None,
        };
        let cell =
            |at: Option<usize>| at.and_then(|at| record.get(at)).cloned().unwrap_or_default();
        Row { line, cells: self.columns.each(|at| cell(*at)), damage, lone_quote }
    }
}

/// The lines that a verdict may have; a note of more is none.
const MOST_LINES: usize = 64;

/// The cells of a record, and how many lines it has.
struct Record {
    cells: Vec<String>,
    lines: usize,
    /// Whether a quotation mark has no partner.
    lone_quote: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(journal: &Journal) -> Vec<(u64, String, Option<String>)> {
        let stretches = journal.stretches().unwrap();
        let rows = stretches.iter().flat_map(PostingRange::rows);
        let shown =
            |of: &Cells<String>| [&*of.customer_id, &*of.account_id, &*of.verdict].join("|");
        rows.map(|row| (row.line, shown(&row.cells), row.damage)).collect()
    }

    #[test]
    fn files_of_several_forms_stand_one_behind_the_other() {
        let text = "\u{feff}customer_id;account_id;verdict\n1;a;accept\n\n\
                    \"verdict\",\"account_id\",\"customer_id\"\n\
                    reject,b,\"2\"\nreject\nreject,b,2,,\nreject,b,2,x\n";
        let journal = Journal::of(text.as_bytes()).unwrap();
        assert_eq!(
            rows(&journal),
            [
                (2, "1|a|accept".into(), None),
                (5, "2|b|reject".into(), None),
                (6, "||reject".into(), Some("too few cells: 1 of 3".into())),
                (7, "2|b|reject".into(), None), // idle cells at the end
                (8, "2|b|reject".into(), Some("too many cells: 4 of 3".into())),
            ]
        );
    }

    #[test]
    fn further_lines_are_read_back_from_a_file_of_any_form() {
        let ours = header_line();
        let others = "customer_id;account_id;verdict\n1;ä;accept";
        let utf_16 = |text: &str| -> Vec<u8> {
            "\u{feff}"
                .chars()
                .chain(text.chars())
                .collect::<String>()
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        for (name, bytes, want) in [
            ("ours", format!("{ours}1,ä,accept,,,,\n").into_bytes(), 1),
            ("an Excel with semicolons", others.as_bytes().to_vec(), 2),
            ("Windows-1252", encoding_rs::WINDOWS_1252.encode(others).0.into_owned(), 2),
            ("UTF-16", utf_16(&others.replace(';', "\t")), 2),
        ] {
            let journal = Journal::of(&bytes).unwrap();
            let more = journal.continued("2,ö,reject,,,,\n");
            let both = Journal::of(&[bytes, more].concat()).unwrap();
            assert_eq!(both.stretches().unwrap().len(), want, "{name}");
            let cells: Vec<String> = rows(&both).into_iter().map(|(_, cells, _)| cells).collect();
            assert_eq!(cells, ["1|ä|accept", "2|ö|reject"], "{name}");
        }
    }

    #[test]
    fn a_lone_quote_costs_no_other_row() {
        let head = "customer_id,account_id,verdict,note\n";
        for (text, want) in [
            ("1,a,accept,\"oops\n2,b,reject,\n", vec!["1|a|accept", "2|b|reject"]),
            (
                "1,a,accept,\"oops\n2,b,reject,\n3,c,none,\"\n",
                vec!["1|a|accept", "2|b|reject", "3|c|none"],
            ),
            (
                "1,a,accept,said \"no\n2,b,reject,\"two\nlines\"\n3,c,none,\n",
                vec!["1|a|accept", "2|b|reject", "3|c|none"],
            ),
            ("\"1,a,accept,x\n2,b,reject,\n", vec!["1|a|accept", "2|b|reject"]),
        ] {
            for ends in ["\n", "\r\n", "\r"] {
                let bytes = format!("{head}{text}").replace('\n', ends);
                let journal = Journal::of(bytes.as_bytes()).unwrap();
                let cells: Vec<String> =
                    rows(&journal).into_iter().map(|(_, row, _)| row).collect();
                assert_eq!(cells, want, "{bytes:?}");
            }
        }
    }

    #[test]
    fn a_file_with_old_line_ends_is_continued_by_rows_that_are_read_back() {
        let bytes = format!("{}1,a,accept,,,,\r", header_line().replace('\n', "\r")).into_bytes();
        let more = Journal::of(&bytes).unwrap().continued("2,b,reject,,,,\n");
        let both = Journal::of(&[bytes, more].concat()).unwrap();
        assert_eq!(rows(&both).len(), 2);
    }

    #[test]
    fn workbooks_are_no_text() {
        assert!(Journal::of(b"PK\x03\x04\x14\0\0\0").is_none());
    }
}
