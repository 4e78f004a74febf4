//! Rows of an output file, for its CSV twin and its workbook alike.

use std::{borrow::Cow, fmt::Write as _, ops::Range};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::{compare::Score, result::column::Heading};

/// One value of an output file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Text, written as it stands; ids are text.
    Text(Cow<'a, str>),
    /// A whole number.
    Count(u64),
    /// A similarity, with four places.
    Score(Score),
    /// Money, or another number, in hundredths, printed without places that are nought.
    Money(i64),
    /// A day, ISO.
    Day(Date),
    /// What a person typed and nobody understands, shown again.
    Refused(&'a str),
}

impl Cell<'_> {
    /// No value.
    pub(crate) const BLANK: Cell<'static> = Cell::Text(Cow::Borrowed(""));

    /// The value as a CSV twin shows it; `scratch` is overwritten.
    #[inline]
    pub(crate) fn text<'t>(&'t self, scratch: &'t mut String) -> &'t str {
        scratch.clear();
        let written = match self {
            Cell::Text(text) => return text,
            Cell::Refused(text) => return text,
            Cell::Count(count) => write!(scratch, "{count}"),
            Cell::Score(score) => write!(scratch, "{score}"),
            Cell::Money(hundredths) => write_money(scratch, *hundredths),
            Cell::Day(day) => write!(scratch, "{day}"),
        };
        debug_assert!(written.is_ok(), "a String takes all text");
        scratch
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Cell<'a> {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl From<Option<Date>> for Cell<'_> {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Cell::BLANK, Cell::Day)
    }
}

/// Money, from hundredths; absent is blank.
pub(crate) fn money(hundredths: Option<i64>) -> Cell<'static> {
    hundredths.map_or(Cell::BLANK, Cell::Money)
}

/// A whole number as typed, so that a spreadsheet sorts it as one; else text.
pub(crate) fn figure(text: &str) -> Cell<'_> {
    let digits = text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(count) if digits && (text == "0" || !text.starts_with('0')) => Cell::Count(count),
        _ => text.into(),
    }
}

fn write_money(out: &mut String, hundredths: i64) -> std::fmt::Result {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match rest {
        0 => write!(out, "{sign}{whole}"),
        rest if rest % 10 == 0 => write!(out, "{sign}{whole}.{}", rest / 10),
        rest => write!(out, "{sign}{whole}.{rest:02}"),
    }
}

/// The rows of a file, by position: several threads format them at once, in one order.
pub(crate) trait Rows: Sync {
    /// The columns, in order.
    fn headings(&self) -> Vec<Heading<'_>>;

    /// How many rows there are.
    fn len(&self) -> usize;

    /// Adds the cells of a row to an empty `row`, one per column.
    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>);

    /// The colour of a row in a workbook.
    fn tone(&self, _at: usize) -> Tone {
        Tone::Plain
    }

    /// How many of the first columns stay in sight in a workbook.
    fn frozen(&self) -> usize {
        0
    }

    /// What the column of verdicts takes in a workbook.
    fn choices(&self) -> Option<Choices> {
        None
    }
}

/// The colour of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// None.
    Plain,
    /// A light band.
    Band,
}

/// A drop-down that refuses other words.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    /// Heads what is said of it.
    pub(crate) title: String,
    /// What each word means.
    pub(crate) prompt: String,
    /// What is said where another word is typed.
    pub(crate) refused: String,
    /// The words.
    pub(crate) words: Vec<String>,
}

/// Formats rows in parallel, block by block, and hands the blocks on in order. A few blocks are in
/// memory at a time, and each is used again: `format` overwrites what it held.
pub(crate) fn in_blocks<T: Default + Send, E>(
    rows: usize,
    rows_of_block: usize,
    format: impl Fn(Range<usize>, &mut T) + Sync,
    mut write: impl FnMut(&T) -> Result<(), E>,
) -> Result<(), E> {
    let rows_of_block = rows_of_block.max(1);
    let count = rows.div_ceil(rows_of_block).min(rayon::current_num_threads());
    let mut blocks: Vec<T> = std::iter::repeat_with(T::default).take(count).collect();
    let mut ranges =
        (0..rows).step_by(rows_of_block).map(|from| from..rows.min(from + rows_of_block));
    loop {
        let round: Vec<Range<usize>> = ranges.by_ref().take(count).collect();
        if round.is_empty() {
            return Ok(());
        }
        let formatted = &mut blocks[..round.len()];
        formatted
            .par_iter_mut()
            .zip(&round)
            .for_each(|(block, range)| format(range.clone(), block));
        formatted.iter().try_for_each(&mut write)?;
    }
}

/// Whether a spreadsheet would take a cell for a formula: its first sign after blanks is one of
/// `= + - @`, also in full width, or a control character. A plain negative number and a plain
/// telephone number are none.
pub(crate) fn looks_like_formula(cell: &str) -> bool {
    let is_blank = |c| matches!(c, ' ' | '\u{a0}' | '\u{3000}');
    let Some(first) = cell.trim_start_matches(is_blank).chars().next() else { return false };
    match first {
        '=' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0' => true,
        '+' => !is_phone(&cell.trim_matches(is_blank)[1..]),
        '-' => cell.trim().parse::<f64>().is_err(),
        _ => false,
    }
}

/// Whether what follows a `+` is a plain telephone number: digits with what stands between them, and
/// perhaps an extension.
fn is_phone(number: &str) -> bool {
    let number = number.to_ascii_lowercase();
    let (number, extension) = match number.split_once("ext").or_else(|| number.split_once('x')) {
        Some((number, extension)) => (number, extension.trim_start_matches('.').trim()),
        None => (number.as_str(), "0"),
    };
    let is_part =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '(' | ')' | '-' | '.' | '/');
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let has_extension =
        !extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_digit());
    digits >= 5 && number.chars().all(is_part) && has_extension
}

/// A cell that a spreadsheet takes for text: a quotation mark before it, as OWASP advises.
pub(crate) fn as_text(cell: &str) -> String {
    format!("'{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_a_point_and_no_idle_places() {
        for (hundredths, want) in
            [(0, "0"), (1_250_000, "12500"), (1_250_050, "12500.5"), (5, "0.05"), (-150, "-1.5")]
        {
            assert_eq!(Cell::Money(hundredths).text(&mut String::new()), want);
        }
    }

    #[test]
    fn figures_are_numbers_and_are_printed_as_typed() {
        for (text, is_number) in [
            ("64", true),
            ("0", true),
            ("064", false),
            ("6.5", false),
            ("+6", false),
            ("High", false),
            ("", false),
            ("12345678901234567", false), // more than a spreadsheet keeps
        ] {
            let cell = figure(text);
            assert_eq!(matches!(cell, Cell::Count(_)), is_number, "text: {text:?}");
            assert_eq!(cell.text(&mut String::new()), text);
        }
    }

    #[test]
    fn cells_that_excel_would_run_are_recognised() {
        for (cell, want) in [
            ("=1+1", true),
            ("  @SUM(A1)", true),
            ("+49 30 1234", false),
            ("-5", false),
            ("-cmd", true),
            ("＝1", true),
            ("Contoso", false),
            ("", false),
            ("+49 89 12345-67", false),
            (" +49 (0)89/123 45 67 ", false),
            ("+1 (617) 555-0143 ext. 12", false),
            ("+1.617.555.0143x12", false),
            ("+1+cmd|'/c calc'!A1", true),
            ("+49 89 12345+1", true),
            ("+49 89 12345*2", true),
            ("+A12345", true),
            ("+12", true),
            ("+1 617 555 0143 ext. A1", true),
        ] {
            assert_eq!(looks_like_formula(cell), want, "cell: {cell:?}");
        }
    }
}
