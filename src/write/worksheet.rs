//! The XML of one sheet. Every cell is text or a number, never a formula or a link.
//!
//! Written by hand, and not with a library: rows are formatted by all threads at once and streamed
//! into the archive, which takes a third of the time of `rust_xlsxwriter` by measurement, and none
//! of its memory. The library holds the tests: it says how a sheet must be built.

use std::{fmt::Write as _, ops::Range};

use super::{
    row::{Cell, Rows},
    workbook::XML,
};
use crate::result::column::{Heading, Kind};

/// The characters (UTF-16 units) that a cell of Excel holds.
const CELL_UNITS: usize = 32_767;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The columns of a sheet.
pub(super) struct Columns {
    columns: Vec<Column>,
}

struct Column {
    name: String,
    kind: Kind,
    /// `A`, `B`, ... `AA`.
    letters: String,
    /// Attributes of its text cells: ids keep the format of text when a person edits them.
    text: &'static str,
}

impl Columns {
    pub(super) fn new(headings: &[Heading<'_>]) -> Columns {
        let column = |(at, heading): (usize, &Heading<'_>)| Column {
            name: heading.name.clone().into_owned(),
            kind: heading.kind,
            letters: letters(at),
            text: if matches!(heading.kind, Kind::Id | Kind::Ids | Kind::Mark) {
                "\" s=\"5\" t=\"inlineStr\"><is><t"
            } else {
                "\" t=\"inlineStr\"><is><t"
            },
        };
        Columns { columns: headings.iter().enumerate().map(column).collect() }
    }

    /// All that stands before the first row after the header, the header included.
    pub(super) fn start(&self, rows: usize) -> String {
        let range = range(self.columns.len(), 1, rows + 1);
        let mut xml = format!(
            r#"{XML}<worksheet xmlns="{MAIN}"><dimension ref="{range}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>"#
        );
        for (at, column) in (1..).zip(&self.columns) {
            let width = width(column.kind);
            push(
                &mut xml,
                format_args!(r#"<col min="{at}" max="{at}" width="{width}" customWidth="1"/>"#),
            );
        }
        xml.push_str(r#"</cols><sheetData><row r="1">"#);
        for Column { name, letters, .. } in &self.columns {
            push(&mut xml, format_args!(r#"<c r="{letters}1" s="1" t="inlineStr"><is><t"#));
            push_text(&mut xml, name);
        }
        xml.push_str("</row>");
        xml
    }

    /// Makes `xml` a stretch of rows, whatever it was before.
    pub(super) fn rows(&self, rows: &dyn Rows, range: Range<usize>, xml: &mut String) {
        xml.clear();
        let (mut row, mut scratch) = (Vec::with_capacity(self.columns.len()), String::new());
        for at in range {
            rows.fill(at, &mut row);
            let number = (at + 2).to_string();
            push(xml, format_args!("<row r=\"{number}\">"));
            for (column, cell) in self.columns.iter().zip(row.drain(..)) {
                if matches!(&cell, Cell::Text(text) if text.is_empty()) {
                    continue;
                }
                xml.push_str("<c r=\"");
                xml.push_str(&column.letters);
                xml.push_str(&number);
                push_cell(xml, &cell, column.text, &mut scratch);
            }
            xml.push_str("</row>");
        }
    }

    /// All that stands after the last row.
    pub(super) fn end(&self, rows: usize) -> String {
        let (columns, last) = (self.columns.len(), rows.max(1) + 1);
        let filter = range(columns, 1, rows + 1);
        let mut xml = format!(r#"</sheetData><autoFilter ref="{filter}"/>"#);
        let verdict = self.columns.iter().find(|column| column.kind == Kind::Verdict);
        if let Some(Column { letters, .. }) = verdict {
            // no error for other words: those of other languages are welcome too
            push(
                &mut xml,
                format_args!(
                    r#"<dataValidations count="1"><dataValidation type="list" allowBlank="1" showInputMessage="1" sqref="{letters}2:{letters}{last}"><formula1>"accept,reject,none"</formula1></dataValidation></dataValidations>"#
                ),
            );
        }
        let below = range(columns, 2, last);
        push(
            &mut xml,
            format_args!(
                r#"<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><ignoredErrors><ignoredError sqref="{below}" numberStoredAsText="1"/></ignoredErrors></worksheet>"#
            ),
        );
        xml
    }
}

/// A sheet of sentences.
pub(super) fn notes(notes: &[String]) -> String {
    let mut xml = format!(
        r#"{XML}<worksheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="120" customWidth="1"/></cols><sheetData>"#
    );
    for (row, note) in (1..).zip(notes) {
        push(&mut xml, format_args!(r#"<row r="{row}"><c r="A{row}" t="inlineStr"><is><t"#));
        push_text(&mut xml, note);
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// All columns from one row to another: `A1:N5`.
fn range(columns: usize, first_row: usize, last_row: usize) -> String {
    format!("A{first_row}:{}{last_row}", letters(columns.max(1) - 1))
}

/// The same range from the first row, as formulas and names write it: `$A$1:$N$5`.
pub(super) fn fixed_range(columns: usize, last_row: usize) -> String {
    format!("$A$1:${}${last_row}", letters(columns.max(1) - 1))
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

/// The rest of a cell, after its place.
fn push_cell(xml: &mut String, cell: &Cell<'_>, text_attributes: &str, scratch: &mut String) {
    let style = match cell {
        Cell::Text(text) => {
            xml.push_str(text_attributes);
            return push_text(xml, text);
        }
        Cell::Count(_) => "\"><v>",
        Cell::Score(_) => "\" s=\"2\"><v>",
        Cell::Money(_) => "\" s=\"3\"><v>",
        Cell::Day(day) => match serial(*day) {
            Some(days) => {
                return push(xml, format_args!("\" s=\"4\"><v>{days}</v></c>"));
            }
            None => {
                xml.push_str(text_attributes);
                return push_text(xml, cell.text(scratch));
            }
        },
    };
    xml.push_str(style);
    xml.push_str(cell.text(scratch));
    xml.push_str("</v></c>");
}

/// The rest of a text cell, after its opening `<t`.
fn push_text(xml: &mut String, text: &str) {
    let text = cut(text);
    let edge = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let keeps_blanks = edge(text.chars().next()) || edge(text.chars().next_back());
    xml.push_str(if keeps_blanks { " xml:space=\"preserve\">" } else { ">" });
    escape(xml, text);
    xml.push_str("</t></is></c>");
}

/// By byte, whether a character that begins with it may have to be escaped.
const IS_SPECIAL: [bool; 256] = {
    let mut is_special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_special[byte] = byte < 0x20 || matches!(byte as u8, b'&' | b'<' | b'>' | b'_' | 0xef);
        byte += 1;
    }
    is_special
};

/// Escapes what XML reserves, and in Excel's way what XML cannot hold.
fn escape(xml: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| IS_SPECIAL[byte as usize]) {
        let (plain, tail) = rest.split_at(at);
        xml.push_str(plain);
        let Some(letter) = tail.chars().next() else { break };
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '_' if looks_escaped(tail) => xml.push_str("_x005F_"),
            '\t' | '\n' => xml.push(letter),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
                push(xml, format_args!("_x{:04X}_", letter as u32));
            }
            letter => xml.push(letter),
        }
        rest = &tail[letter.len_utf8()..];
    }
    xml.push_str(rest);
}

/// Whether a text begins as Excel writes a character that XML cannot hold: `_x000D_`.
fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[1] == b'x'
        && bytes[6] == b'_'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

/// The number by which Excel knows a day; none before March 1900, where its calendar is wrong.
fn serial(day: jiff::civil::Date) -> Option<i32> {
    const EPOCH: jiff::civil::Date = jiff::civil::date(1899, 12, 30);
    let days = (day - EPOCH).get_days();
    (days > 60).then_some(days)
}

/// A text cut to what a cell holds.
fn cut(text: &str) -> &str {
    if text.len() <= CELL_UNITS {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > CELL_UNITS
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A width, in characters, that suits what a column holds.
fn width(kind: Kind) -> u8 {
    match kind {
        Kind::Sentence => 60,
        Kind::Email => 36,
        Kind::Name => 30,
        Kind::List | Kind::Phrase => 28,
        Kind::Id | Kind::Ids | Kind::Mark | Kind::Domain => 22,
        Kind::Level | Kind::Pass | Kind::Rank => 12,
        _ => 16,
    }
}

fn push(xml: &mut String, text: std::fmt::Arguments<'_>) {
    let written = xml.write_fmt(text);
    debug_assert!(written.is_ok(), "a String takes all text");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn columns_are_lettered_as_excel_does() {
        for (at, want) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(at), want, "column {at}");
        }
    }

    #[test]
    fn days_are_numbered_as_excel_does() {
        for (day, want) in [
            (date(2026, 11, 21), Some(46_347)),
            (date(1900, 3, 1), Some(61)),
            (date(1900, 2, 28), None),
            (date(1800, 1, 1), None),
        ] {
            assert_eq!(serial(day), want, "{day}");
        }
    }

    #[test]
    fn texts_are_escaped_so_that_excel_gives_them_back() {
        for (text, want) in [
            ("Müller & Söhne <AG>", "Müller &amp; Söhne &lt;AG&gt;"),
            ("two\r\nlines\tand\u{1}", "two_x000D_\nlines\tand_x0001_"),
            ("a_x000D_b _x_", "a_x005F_x000D_b _x_"),
            ("\u{ffff}ｆｕｌｌ", "_xFFFF_ｆｕｌｌ"),
        ] {
            let mut xml = String::new();
            escape(&mut xml, text);
            assert_eq!(xml, want, "text: {text:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_to_what_a_cell_holds() {
        let long = "😀".repeat(20_000); // two units each
        assert_eq!(cut(&long).chars().count(), 16_383);
        assert_eq!(cut("short"), "short");
    }
}
