//! How a delimited file is written: its delimiter, where its header is, and what stands above it.

use super::{
    limit,
    record::{self, Quoting, Scan, Scanner},
};

/// The delimiters that are tried. Of two that fit alike the rarer character wins, which stands
/// first: commas are found in the names and amounts of files with semicolons, not vice versa.
const DELIMITERS: [u8; 6] = [b'\t', b'|', b'^', b'`', b';', b','];
/// How many records decide.
const HEAD_RECORDS: usize = 100;

/// How a delimited file is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dialect {
    /// What stands between two cells.
    pub(super) delimiter: u8,
    /// What stands between two cells of the file that holds whole lines as one quoted cell.
    pub(super) wrapped_in: Option<u8>,
    /// How cells are quoted.
    pub(super) quoting: Quoting,
    /// Whether the first line names the delimiter (`sep=;`).
    pub(super) declared: bool,
    /// The headers.
    pub(super) header: Vec<String>,
    /// Lines with text above the header.
    pub(super) title_lines: usize,
    /// Where the rows begin: byte and line.
    pub(super) rows_at: (usize, u64),
}

/// A record of the first lines.
#[derive(Debug)]
pub(super) struct HeadRecord {
    pub(super) cells: Vec<String>,
    /// Where the record after it starts: byte and line.
    pub(super) next: (usize, u64),
    pub(super) blank_below: bool,
}

/// Where the header stands in the first records, and how well the rows fit under it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub(super) header: usize,
    pub(super) width: usize,
    /// Share of the records below the header that fit under it.
    pub(super) fit: f64,
    /// Less than one where no row below confirms that lines above the header are titles.
    pub(super) certainty: f64,
}

impl HeadRecord {
    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }

    /// How many cells there are up to the last one that is filled.
    fn reach(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1)
    }
}

impl Dialect {
    /// Recognises the dialect by the first bytes of a file; `last` says that they are all.
    pub(super) fn of(head: &[u8], last: bool) -> Option<Dialect> {
        let quoting = quoting(head);
        let plain = |delimiter| Format { quoting, ..Format::plain(delimiter) };
        if let Some((delimiter, start)) = declared_delimiter(head) {
            let format = plain(delimiter);
            let records = head_records(head, (start, 2), format, last);
            let layout = layout(&records)?;
            return Some(Dialect::from(format, true, &records, layout));
        }
        let plain = best(head, &DELIMITERS.map(plain), last);
        let wrapped = starts_with_quote(head)
            .then(|| best(head, &DELIMITERS.map(Format::wrapped), last))
            .flatten();
        let is_one_column = |plain: &Option<Fit>| plain.as_ref().is_none_or(|fit| fit.2.width < 2);
        let (format, records, layout) = match (plain, wrapped) {
            (plain, Some(wrapped)) if is_one_column(&plain) && wrapped.2.width > 1 => wrapped,
            (plain, _) if is_one_column(&plain) => colons(head, last).or(plain)?,
            (plain, _) => plain?,
        };
        Some(Dialect::from(format, false, &records, layout))
    }

    fn from(format: Format, declared: bool, records: &[HeadRecord], layout: Layout) -> Dialect {
        let Format { delimiter, wrapped_in, quoting } = format;
        let HeadRecord { cells, next, .. } = &records[layout.header];
        let (header, rows_at) = (cells.clone(), *next);
        let title_lines = layout.header;
        Dialect { delimiter, wrapped_in, quoting, declared, header, title_lines, rows_at }
    }

    /// Lines above the header, blank ones too.
    pub(super) fn lines_above(&self) -> usize {
        let header = self.rows_at.1.saturating_sub(2) as usize;
        if self.title_lines == 0 { 0 } else { header }
    }

    /// A scanner for the records.
    pub(super) fn scanner(&self) -> Scanner {
        Scanner::new(self.wrapped_in.unwrap_or(self.delimiter)).quoted(self.quoting)
    }

    /// What is worth telling.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let declared = self.declared.then(|| "the first line names the delimiter".to_owned());
        let wrapped = self
            .wrapped_in
            .map(|_| "each line stood in one quoted cell and was read as a line".to_owned());
        let titles = (self.title_lines > 0)
            .then(|| format!("lines above the header passed over: {}", self.title_lines));
        let quotes = (self.quoting != Quoting::USUAL).then(|| match self.quoting.escaped {
            true => "a backslash stands before quotes inside cells".to_owned(),
            false => "cells stand in single quotes".to_owned(),
        });
        [declared, wrapped, titles, quotes].into_iter().flatten()
    }

    /// The delimiter's name.
    pub(super) fn name(&self) -> &'static str {
        match self.delimiter {
            _ if self.header.len() < 2 => "one column",
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "pipe",
            b'^' => "caret",
            b'`' => "back quote",
            b',' => "comma",
            b':' => "colon",
            _ => "declared delimiter",
        }
    }
}

/// How lines are cut into cells.
#[derive(Debug, Clone, Copy)]
struct Format {
    delimiter: u8,
    wrapped_in: Option<u8>,
    quoting: Quoting,
}

impl Format {
    fn plain(delimiter: u8) -> Format {
        Format { delimiter, wrapped_in: None, quoting: Quoting::USUAL }
    }

    /// Lines became cells because the list separator was another one.
    fn wrapped(delimiter: u8) -> Format {
        let outer = if delimiter == b',' { b';' } else { b',' };
        Format { delimiter, wrapped_in: Some(outer), quoting: Quoting::USUAL }
    }
}

/// A format with the first records and how they fit.
type Fit = (Format, Vec<HeadRecord>, Layout);

/// Cells parted by colons, where all records fit: addresses and times hold colons as well.
fn colons(head: &[u8], last: bool) -> Option<Fit> {
    let fit = best(head, &[Format::plain(b':')], last)?;
    let is_table = fit.2.header == 0 && fit.2.width > 2 && fit.2.fit == 1.0 && fit.1.len() > 1;
    is_table.then_some(fit)
}

/// The format under which the first records fit best.
fn best(head: &[u8], formats: &[Format], last: bool) -> Option<Fit> {
    let mut best: Option<Fit> = None;
    for &format in formats {
        let records = head_records(head, (0, 1), format, last);
        let Some(layout) = layout(&records) else { continue };
        if best.as_ref().is_none_or(|(_, _, so_far)| layout.score() > so_far.score()) {
            best = Some((format, records, layout));
        }
    }
    best
}

impl Layout {
    /// Many columns under which the rows fit speak for a delimiter, lines above the header against.
    fn score(&self) -> f64 {
        if self.fit < 0.5 {
            // Rows beyond repair: three names in the first line still are a header; two are a
            // better one than the whole line as a single name, where any row fits under them.
            return match self.width {
                _ if self.header > 0 => 0.0,
                3.. => self.width as f64 / 4.0,
                2 if self.fit > 0.0 => 0.05,
                _ => 0.0,
            };
        }
        self.certainty * self.fit * self.fit * (self.width as f64 - 1.0)
            / (1.0 + self.header as f64)
    }
}

/// Finds the header: the first record that is filled over more than half of the table's width.
pub(super) fn layout(records: &[HeadRecord]) -> Option<Layout> {
    let usual = usual_count(records)?;
    let width = records
        .iter()
        .filter(|record| record.cells.len() == usual)
        .map(HeadRecord::reach)
        .max()
        .unwrap_or(1);
    let wide = |at: &usize| records[*at].filled() * 2 > width;
    let whole = |at: &usize| records[*at].cells.len() >= width || !records[*at].blank_below;
    // The last record is no header of rows; below a blank line it is that of an empty table.
    let heads = |at: &usize| *at == 0 || *at + 1 < records.len() || records[*at - 1].blank_below;
    let mut places = (0..records.len()).filter(heads).filter(wide);
    let header = places.clone().find(whole).or_else(|| places.next()).unwrap_or(0);
    let header = header + usize::from(is_line_of_groups(&records[header..]));
    let names = &records[header];
    let below = &records[header + 1..];
    let fits = |record: &HeadRecord| {
        record.cells.len() >= names.reach() && record.reach() <= names.cells.len()
    };
    // What follows a blank line below the last row that fits is a footer, which says nothing.
    let last = below.iter().rposition(fits);
    let blank = last.and_then(|last| below[last..].iter().position(|row| row.blank_below));
    let rows = match last.zip(blank) {
        Some((last, blank)) => &below[..=last + blank],
        None => below,
    };
    let fit = match rows.len() {
        0 => 1.0,
        all => rows.iter().filter(|row| fits(row)).count() as f64 / all as f64,
    };
    let certainty = if header > 0 && below.is_empty() { 0.25 } else { 1.0 };
    Some(Layout { header, width: names.reach(), fit, certainty })
}

/// Whether the first record groups the names in the second: most of its cells repeat others, those
/// of the second are all different and no numbers, and there are rows below.
fn is_line_of_groups(records: &[HeadRecord]) -> bool {
    let [groups, names, _, ..] = records else { return false };
    let distinct = |record: &HeadRecord| {
        let mut cells: Vec<&String> = record.cells.iter().filter(|cell| !cell.is_empty()).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    };
    let is_name = |cell: &String| cell.parse::<f64>().is_err() && !cell.contains('@');
    groups.filled() > 2
        && distinct(groups) * 2 <= groups.filled()
        && names.filled() == names.cells.len()
        && names.cells.len() >= groups.reach()
        && distinct(names) == names.filled()
        && names.cells.iter().all(is_name)
}

/// The number of cells that most records have, above one where there is such; among equals the
/// one that comes first.
fn usual_count(records: &[HeadRecord]) -> Option<usize> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for record in records {
        let count = record.cells.len();
        match counts.iter_mut().find(|(known, _)| *known == count) {
            Some((_, times)) => *times += 1,
            None => counts.push((count, 1)),
        }
    }
    let many = counts.iter().any(|(count, _)| *count > 1);
    let counts = counts.iter().filter(|(count, _)| !many || *count > 1);
    counts.rev().max_by_key(|(_, times)| *times).map(|(count, _)| *count)
}

/// The first records that are not blank.
fn head_records(head: &[u8], start: (usize, u64), format: Format, last: bool) -> Vec<HeadRecord> {
    let mut records: Vec<HeadRecord> = Vec::new();
    let mut scanner =
        Scanner::new(format.wrapped_in.unwrap_or(format.delimiter)).quoted(format.quoting);
    let (mut at, mut line) = start;
    while records.len() < HEAD_RECORDS && at < head.len() {
        scanner.cells.clear();
        scanner.rewritten.clear();
        let next = match scanner.scan(head, at, last) {
            Scan::Record { next, line_ends } => (next, line + line_ends),
            Scan::Incomplete => break,
            Scan::Broken(_) => {
                let Some(next) = record::next_line(head, at, last) else { break };
                (at, line) = (next, line + 1);
                continue;
            }
        };
        (at, line) = next;
        let mut cells = texts(&scanner, head);
        let below_header = records.last().is_some_and(|above| above.cells.len() > 1);
        if format.wrapped_in.is_some() || (below_header && cells.len() == 1) {
            cells = unwrapped(cells, format.delimiter);
        }
        if cells.iter().all(String::is_empty) {
            if let Some(above) = records.last_mut() {
                above.blank_below = true;
            }
            continue;
        }
        records.push(HeadRecord { cells, next, blank_below: false });
    }
    records
}

fn texts(scanner: &Scanner, block: &[u8]) -> Vec<String> {
    let text = |&place: &(u32, u32)| {
        let text = String::from_utf8_lossy(scanner.bytes(block, place));
        text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
    };
    scanner.cells.iter().map(text).collect()
}

/// The cells of a line that stands in the first cell as a whole.
fn unwrapped(cells: Vec<String>, delimiter: u8) -> Vec<String> {
    if cells.iter().skip(1).any(|cell| !cell.is_empty()) {
        return cells;
    }
    let mut scanner = Scanner::new(delimiter);
    match scanner.scan(cells[0].as_bytes(), 0, true) {
        Scan::Record { .. } => texts(&scanner, cells[0].as_bytes()),
        _ => cells,
    }
}

/// How the cells of a file are quoted, by its first lines: in single quotes where the first line
/// has nothing outside of them; with backslashes where one stands before a quote that closes no
/// cell.
fn quoting(head: &[u8]) -> Quoting {
    let line = &head[..memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len())];
    let line = line.trim_ascii();
    let single = |delimiter: &u8| {
        let cells: Vec<&[u8]> = line.split(|byte| byte == delimiter).collect();
        let is_quoted = |cell: &&[u8]| {
            cell.len() > 2 && cell.first() == Some(&b'\'') && cell.last() == Some(&b'\'')
        };
        cells.len() > 1 && cells.iter().all(|cell| is_quoted(&cell.trim_ascii()))
    };
    if DELIMITERS.iter().any(single) {
        return Quoting { quote: b'\'', escaped: false };
    }
    let is_escape = |at: usize| {
        let next = head.get(at + 2);
        next.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b' ')
    };
    let escaped = memchr::memmem::find_iter(head, b"\\\"").any(is_escape);
    Quoting { escaped, ..Quoting::USUAL }
}

/// The mark of a file whose cells stand in typographic quotes, which no program reads back.
pub(super) fn starts_with_typographic_quote(head: &[u8]) -> bool {
    let line = head.trim_ascii_start();
    ["\u{201c}", "\u{201e}", "\u{ab}"].iter().any(|quote| line.starts_with(quote.as_bytes()))
}

fn starts_with_quote(head: &[u8]) -> bool {
    head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'"')
}

/// How many cells the first line has, where they are more than a row may have.
pub(super) fn too_many_columns(head: &[u8]) -> Option<usize> {
    let line = &head[..memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len())];
    let cells = |delimiter: &u8| memchr::memchr_iter(*delimiter, line).count() + 1;
    DELIMITERS.iter().map(cells).find(|cells| *cells > limit::COLUMNS)
}

/// The delimiter that a first line `sep=;` declares, and where the next line starts.
fn declared_delimiter(head: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr2(b'\n', b'\r', head)?;
    let line = head[..end].trim_ascii_start();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let (&delimiter, rest) = rest.split_first()?;
    let sound = word.eq_ignore_ascii_case(b"sep=")
        && rest.iter().all(|&byte| byte == b'"' || byte == delimiter || byte == b' ')
        && delimiter.is_ascii()
        && !matches!(delimiter, b'"' | b'\'')
        && !delimiter.is_ascii_alphanumeric();
    let next = record::next_line(head, end, true)?;
    sound.then_some((delimiter, next))
}
