//! The XML of one sheet. Every cell is text or a number, never a formula or a link.
//!
//! Written by hand, and not with a library: rows are formatted by all threads at once and streamed
//! into the archive, which takes a third of the time of `rust_xlsxwriter` by measurement, and none
//! of its memory. The library holds the tests: it says how a sheet must be built.

use std::{fmt::Write as _, ops::Range};

use super::{
    row::{Cell, Choices, Rows, Tone},
    workbook::{XML, attribute},
};
use crate::result::column::{Heading, Kind};

/// The characters (UTF-16 units) that a cell of Excel holds.
const CELL_UNITS: usize = 32_767;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The formats of cells by their number in the table of styles: as it comes; those of a plain row;
/// the same on a band of colour; what is not understood.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Default = 0,
    General = 1,
    Header = 2,
    Similarity = 3,
    Money = 4,
    Day = 5,
    /// Text that stays text when a person edits it.
    Text = 6,
    /// Text in several lines.
    Wrapped = 7,
    Refused = 15,
}

/// How many formats a row of one colour has.
const STYLES_OF_ROW: usize = 7;

/// The attributes of all styles.
const ATTRIBUTES: [&str; 16] = [
    "\"",
    "\" s=\"1\"",
    "\" s=\"2\"",
    "\" s=\"3\"",
    "\" s=\"4\"",
    "\" s=\"5\"",
    "\" s=\"6\"",
    "\" s=\"7\"",
    "\" s=\"8\"",
    "\" s=\"9\"",
    "\" s=\"10\"",
    "\" s=\"11\"",
    "\" s=\"12\"",
    "\" s=\"13\"",
    "\" s=\"14\"",
    "\" s=\"15\"",
];

impl Style {
    /// The attribute of a cell in a row of some colour, with the quote that ends the one before.
    #[inline]
    fn in_row(self, tone: Tone) -> &'static str {
        match (self, tone) {
            (Style::Refused, _) | (_, Tone::Plain) => ATTRIBUTES[self as usize],
            (Style::Default, Tone::Band) => Style::General.in_row(tone),
            (style, Tone::Band) => ATTRIBUTES[style as usize + STYLES_OF_ROW],
        }
    }
}

/// The part of a workbook that says what the styles are.
pub(super) fn styles() -> String {
    const FONT: &str = r#"<sz val="11"/><name val="Calibri"/><family val="2"/>"#;
    let formats = [0, 49, 164, 4, 165, 49, 0];
    const DEFAULT: &str = r#"<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#;
    let xf = |number: usize, font: u8, fill: u8, align: &str| {
        format!(
            r#"<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="{align}/></xf>"#
        )
    };
    let (top, wrapped) = (r#"top""#, r#"top" wrapText="1""#);
    let of_row = |fill: u8| -> String {
        let one = |(at, number): (usize, usize)| match at {
            1 => xf(number, 2, 4, r#"center" wrapText="1""#),
            6 => xf(number, 0, fill, wrapped),
            _ => xf(number, 0, fill, top),
        };
        formats.into_iter().enumerate().map(one).collect()
    };
    let fills: String = ["FFEAF1FB", "FFFDE2E1", "FF1F4E79"]
        .map(|colour| {
            format!(
                r#"<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>"#
            )
        })
        .concat();
    let (plain, band) = (of_row(0), of_row(2));
    let refused = xf(49, 3, 3, top);
    format!(
        r#"{XML}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0000"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="4"><font>{FONT}</font><font><b/>{FONT}</font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><color rgb="FFC00000"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>{fills}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="16">{DEFAULT}{plain}{band}{refused}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/></styleSheet>"#
    )
}

/// Rows up to which sentences stand in several lines: a spreadsheet measures each such row when it
/// opens the file.
const MOST_WRAPPED: usize = 5_000;

/// The characters of a line on a landscape page.
const PAGE_WIDTH: usize = 220;

/// The columns of a sheet.
pub(super) struct Columns {
    columns: Vec<Column>,
    /// How many of the first stay in sight.
    frozen: usize,
    choices: Option<Choices>,
}

struct Column {
    name: String,
    kind: Kind,
    /// `A`, `B`, ... `AA`.
    letters: String,
    /// The style of its text cells: ids keep the format of text when a person edits them.
    style: Style,
}

impl Columns {
    pub(super) fn new(rows: &dyn Rows, kept: usize) -> Columns {
        let column = |(at, heading): (usize, Heading<'_>)| Column {
            style: match heading.kind {
                Kind::Id | Kind::Ids | Kind::Mark => Style::Text,
                Kind::Sentence if kept <= MOST_WRAPPED => Style::Wrapped,
                _ if kept <= MOST_WRAPPED => Style::General,
                _ => Style::Default,
            },
            kind: heading.kind,
            name: heading.name.into_owned(),
            letters: letters(at),
        };
        let columns = rows.headings().into_iter().enumerate().map(column).collect();
        Columns { columns, frozen: rows.frozen(), choices: rows.choices() }
    }

    /// All that stands before the first row after the header, the header included.
    pub(super) fn start(&self, rows: usize, is_first: bool) -> String {
        let range = range(self.columns.len(), 1, rows + 1);
        let selected = if is_first { r#"tabSelected="1" "# } else { "" };
        let pane = self.pane();
        let mut xml = format!(
            r#"{XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{range}"/><sheetViews><sheetView {selected}workbookViewId="0">{pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>"#
        );
        for (at, column) in (1..).zip(&self.columns) {
            let width = width(column.kind);
            push(
                &mut xml,
                format_args!(r#"<col min="{at}" max="{at}" width="{width}" customWidth="1"/>"#),
            );
        }
        xml.push_str(r#"</cols><sheetData><row r="1" ht="32" customHeight="1">"#);
        for Column { name, letters, .. } in &self.columns {
            let style = Style::Header.in_row(Tone::Plain);
            push(&mut xml, format_args!(r#"<c r="{letters}1{style} t="inlineStr"><is><t"#));
            push_text(&mut xml, name);
        }
        xml.push_str("</row>");
        xml
    }

    /// The header and the first columns stay in sight.
    fn pane(&self) -> String {
        let corner = format!("{}2", letters(self.frozen));
        match self.frozen {
            0 => format!(
                r#"<pane ySplit="1" topLeftCell="{corner}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>"#
            ),
            frozen => format!(
                r#"<pane xSplit="{frozen}" ySplit="1" topLeftCell="{corner}" activePane="bottomRight" state="frozen"/><selection pane="topRight"/><selection pane="bottomLeft"/><selection pane="bottomRight"/>"#
            ),
        }
    }

    /// Makes `xml` a stretch of rows, whatever it was before.
    pub(super) fn rows(&self, rows: &dyn Rows, range: Range<usize>, xml: &mut String) {
        xml.clear();
        let (mut row, mut scratch) = (Vec::with_capacity(self.columns.len()), String::new());
        for at in range {
            rows.fill(at, &mut row);
            let tone = rows.tone(at);
            let number = (at + 2).to_string();
            push(xml, format_args!("<row r=\"{number}\""));
            let cells = self.columns.iter().zip(&row).filter(|(of, _)| of.style == Style::Wrapped);
            push_height(xml, cells.map(|(of, cell)| (cell, width(of.kind).into())));
            xml.push('>');
            for (column, cell) in self.columns.iter().zip(row.drain(..)) {
                let is_blank = matches!(&cell, Cell::Text(text) if text.is_empty());
                if is_blank && tone == Tone::Plain {
                    continue;
                }
                xml.push_str("<c r=\"");
                xml.push_str(&column.letters);
                xml.push_str(&number);
                if is_blank {
                    xml.push_str(column.style.in_row(tone));
                    xml.push_str("/>");
                } else {
                    push_cell(xml, &cell, (column.style, tone), &mut scratch);
                }
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
        if let (Some(Column { letters, .. }), Some(choices)) = (verdict, &self.choices) {
            let Choices { title, prompt, refused, words } = choices;
            let [title, prompt, refused] = [title, prompt, refused].map(|text| attribute(text));
            let words = attribute(&words.join(","));
            push(
                &mut xml,
                format_args!(
                    r#"<dataValidations count="1"><dataValidation type="list" errorStyle="stop" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="{title}" error="{refused}" promptTitle="{title}" prompt="{prompt}" sqref="{letters}2:{letters}{last}"><formula1>"{words}"</formula1></dataValidation></dataValidations>"#
                ),
            );
        }
        let below = range(columns, 2, last);
        let width: usize = self.columns.iter().map(|column| usize::from(width(column.kind))).sum();
        let pages = width.div_ceil(PAGE_WIDTH).max(1);
        push(
            &mut xml,
            format_args!(
                r#"<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" fitToWidth="{pages}" fitToHeight="0" orientation="landscape"/><headerFooter><oddFooter>&amp;L&amp;F - &amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter><ignoredErrors><ignoredError sqref="{below}" numberStoredAsText="1"/></ignoredErrors></worksheet>"#
            ),
        );
        xml
    }
}

/// The points of a line of text.
const LINE: usize = 15;

/// Makes room for texts in several lines: not every spreadsheet measures them by itself.
fn push_height<'c>(xml: &mut String, cells: impl Iterator<Item = (&'c Cell<'c>, usize)>) {
    let lines = cells.map(|(cell, width)| match cell {
        Cell::Text(text) => text_width(text).div_ceil(width.max(1)),
        _ => 1,
    });
    if let Some(lines @ 2..) = lines.max() {
        push(xml, format_args!(r#" ht="{}""#, lines * LINE));
    }
}

/// How many characters wide a text is; those of East Asia count twice.
fn text_width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum()
}

/// The width of a sheet of sentences.
const NOTE_WIDTH: usize = 110;

/// A sheet of sentences.
pub(super) fn notes(notes: &[String]) -> String {
    let mut xml = format!(
        r#"{XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="{NOTE_WIDTH}" customWidth="1"/></cols><sheetData>"#
    );
    for (row, note) in (1..).zip(notes) {
        let style = Style::Wrapped.in_row(Tone::Plain);
        push(&mut xml, format_args!(r#"<row r="{row}""#));
        push_height(&mut xml, [(&Cell::from(note.as_str()), NOTE_WIDTH)].into_iter());
        push(&mut xml, format_args!(r#"><c r="A{row}{style} t="inlineStr"><is><t"#));
        push_text(&mut xml, note);
        xml.push_str("</row>");
    }
    xml.push_str(
        r#"</sheetData><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="landscape"/></worksheet>"#,
    );
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

/// The first columns as names write them: `$A:$C`; `None` for no column.
pub(super) fn fixed_columns(columns: usize) -> Option<String> {
    columns.checked_sub(1).map(|last| format!("$A:${}", letters(last)))
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

/// The rest of a cell, after its place.
fn push_cell(
    xml: &mut String,
    cell: &Cell<'_>,
    (style, tone): (Style, Tone),
    scratch: &mut String,
) {
    let (style, is_text) = match cell {
        Cell::Text(_) => (style, true),
        Cell::Refused(_) => (Style::Refused, true),
        Cell::Count(_) if style == Style::Default => (Style::Default, false),
        Cell::Count(_) => (Style::General, false),
        Cell::Score(_) => (Style::Similarity, false),
        Cell::Money(_) => (Style::Money, false),
        Cell::Day(day) => (Style::Day, serial(*day).is_none()),
    };
    xml.push_str(style.in_row(tone));
    if is_text {
        xml.push_str(" t=\"inlineStr\"><is><t");
        return push_text(xml, cell.text(scratch));
    }
    xml.push_str("><v>");
    match cell {
        Cell::Day(day) => push(xml, format_args!("{}", serial(*day).unwrap_or_default())),
        cell => xml.push_str(cell.text(scratch)),
    }
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
        Kind::Sentence => 56,
        Kind::Email | Kind::Path => 36,
        Kind::Name => 30,
        Kind::List | Kind::Phrase => 28,
        Kind::Id | Kind::Ids | Kind::Domain => 22,
        Kind::Mark => 6,
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
