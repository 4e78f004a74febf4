//! Every column of every report, each distinct value held once: filled column by column, read row
//! by row.

use std::{hash::Hasher, ops::Range, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::packed::PackedRows;
use crate::columns::{Field, fold_header};

/// The columns of all reports, one value per customer: what survived of it. Each column has a
/// dictionary, since most repeat few values.
#[derive(Debug, Default)]
pub struct ReportColumns {
    heads: Vec<Head>,
    /// The values of each column; columns with the same ones, such as yes and no, share them.
    values: Vec<Arc<Texts>>,
    /// Their codes, by position in the list of customers.
    codes: PackedRows,
}

impl ReportColumns {
    /// The columns of the store, with its rows in the order of the customers.
    pub(super) fn new(columns: Vec<Column>, rows: &[u32]) -> ReportColumns {
        const STRETCH: usize = 256; // rows that stay near the processor
        let largest = columns.iter().map(|column| column.values.texts.largest_code());
        let mut codes = PackedRows::new(rows.len(), largest);
        for (rows, mut stretch) in rows.chunks(STRETCH).zip(codes.stretches(STRETCH)) {
            for (at, column) in columns.iter().enumerate() {
                stretch.fill(at, rows.iter().map(|row| column.codes.get(*row as usize)));
            }
        }
        let mut known: FxHashSet<Arc<Texts>> = FxHashSet::default();
        let mut shared = |texts: Texts| match known.get(&texts) {
            Some(known) => known.clone(),
            None => {
                let texts = Arc::new(texts);
                known.insert(texts.clone());
                texts
            }
        };
        let columns = columns.into_iter();
        let (heads, values) =
            columns.map(|column| (column.head, shared(column.values.texts))).unzip();
        ReportColumns { heads, values, codes }
    }

    /// The headers, in the order of the reports.
    pub(crate) fn headers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.heads.iter().map(|head| head.header.as_str())
    }

    /// The column with this header; blanks, punctuation and case do not count.
    pub(crate) fn find(&self, header: &str) -> Option<usize> {
        let folded = fold_header(header);
        self.heads.iter().position(|head| head.spellings.contains(&folded))
    }

    /// The column that stands for a field.
    pub(super) fn of_field(&self, field: Field) -> Option<usize> {
        self.heads.iter().position(|head| head.field == Some(field))
    }

    /// The field that a column stands for.
    pub(super) fn field(&self, column: usize) -> Option<Field> {
        self.heads[column].field
    }

    /// The value of a customer, by its position in the list of customers.
    pub(crate) fn cell(&self, customer: usize, column: usize) -> &str {
        self.values[column].get(self.codes.get(customer, column))
    }

    /// The values of a customer, by its position in the list of customers, in the order of the
    /// columns.
    #[inline]
    pub(crate) fn row(&self, customer: usize) -> impl Iterator<Item = &str> {
        self.values.iter().zip(self.codes.row(customer)).map(|(values, code)| values.get(code))
    }
}

/// What a column is called and means.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The header as written.
    pub(super) header: String,
    /// Every folded header under which it is found.
    pub(super) spellings: Vec<String>,
    /// The field that it stands for.
    pub(super) field: Option<Field>,
}

/// One column of one or several reports, as it is filled.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) head: Head,
    /// The distinct values.
    pub(super) values: Values,
    /// The value of each row.
    pub(super) codes: Codes,
    /// The source that gave the value of each row; empty where one source alone has the column.
    pub(super) givers: Vec<u16>,
}

impl Column {
    /// Frees what only filling the column needs.
    pub(super) fn seal(&mut self) {
        self.values.seal();
        self.givers = Vec::new();
    }

    /// The value of a row.
    pub(super) fn text(&self, row: u32) -> &str {
        self.values.text(self.codes.get(row as usize))
    }
}

/// Distinct texts; code 0 is the empty one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Texts {
    text: String,
    /// Where each text starts, by code, and where the last one ends.
    starts: Vec<u32>,
}

impl Texts {
    /// The text of a code.
    #[inline]
    fn get(&self, code: u32) -> &str {
        &self.text[self.place(code)]
    }

    /// The bytes of the text of a code, which are at hand faster.
    #[inline]
    fn bytes(&self, code: u32) -> &[u8] {
        &self.text.as_bytes()[self.place(code)]
    }

    #[inline]
    fn place(&self, code: u32) -> Range<usize> {
        let code = code as usize;
        self.starts[code] as usize..self.starts[code + 1] as usize
    }

    fn largest_code(&self) -> u32 {
        self.starts.len() as u32 - 2
    }

    /// Adds a text and gives its code.
    fn push(&mut self, text: &str) -> u32 {
        self.text.push_str(text);
        self.starts.push(self.text.len() as u32);
        self.largest_code()
    }
}

/// Distinct texts that are being coded.
#[derive(Debug)]
pub(super) struct Values {
    texts: Texts,
    /// Code by hash; a taken hash moves on by one.
    codes: FxHashMap<u64, u32>,
    /// The two values coded last: columns repeat themselves.
    last: [u32; 2],
}

impl Default for Values {
    fn default() -> Values {
        let texts = Texts { text: String::new(), starts: vec![0, 0] };
        Values { texts, codes: FxHashMap::default(), last: [0; 2] }
    }
}

impl Values {
    /// The text of a code.
    #[inline]
    pub(super) fn text(&self, code: u32) -> &str {
        self.texts.get(code)
    }

    /// Whether a code is that of a text.
    #[inline]
    pub(super) fn is(&self, code: u32, text: &str) -> bool {
        is_same(self.texts.bytes(code), text.as_bytes())
    }

    /// By code, what a value means; code 0 is the empty one.
    pub(super) fn by_code<T>(&self, meaning: impl Fn(&str) -> T) -> Vec<T> {
        (0..=self.texts.largest_code()).map(|code| meaning(self.text(code))).collect()
    }

    /// The distinct values, without the empty one.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (1..=self.texts.largest_code()).map(|code| self.text(code))
    }

    /// The code of a text, new where the text is.
    #[inline]
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        for code in self.last {
            if self.is(code, text) {
                return code;
            }
        }
        let code = self.find_or_add(text);
        self.last = [code, self.last[0]];
        code
    }

    fn find_or_add(&mut self, text: &str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let mut hash = hasher.finish();
        loop {
            match self.codes.get(&hash) {
                Some(code) if self.is(*code, text) => return *code,
                Some(_) => hash = hash.wrapping_add(1),
                None => break,
            }
        }
        let code = self.texts.push(text);
        self.codes.insert(hash, code);
        code
    }

    /// Frees what only coding needs.
    fn seal(&mut self) {
        self.codes = FxHashMap::default();
        self.texts.text.shrink_to_fit();
        self.texts.starts.shrink_to_fit();
    }
}

/// Whether two texts are the same. Most are short, and differ in their first or last bytes
/// faster than the comparison of long ones is called.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && match one.len() {
            0..=1 => have_same_ends::<1>(one, other),
            2..=4 => have_same_ends::<2>(one, other),
            5..=8 => have_same_ends::<4>(one, other),
            9..=16 => have_same_ends::<8>(one, other),
            _ => one == other,
        }
}

fn have_same_ends<const N: usize>(one: &[u8], other: &[u8]) -> bool {
    one.first_chunk::<N>() == other.first_chunk() && one.last_chunk::<N>() == other.last_chunk()
}

/// A code per row, as narrow as the largest code allows.
#[derive(Debug)]
pub(super) enum Codes {
    /// Up to three values, such as yes and no: four rows in a byte, the first lowest.
    Tiny(Vec<u8>),
    /// Up to 255 values.
    Narrow(Vec<u8>),
    /// Up to 65,535 values.
    Middle(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Codes {
        Codes::Tiny(Vec::new())
    }
}

impl Codes {
    /// The code of a row; 0 where none was set.
    #[inline]
    pub(super) fn get(&self, row: usize) -> u32 {
        match self {
            Codes::Tiny(fours) => {
                let four = fours.get(row / 4).copied().unwrap_or(0);
                u32::from(four >> (row % 4 * 2) & 3)
            }
            Codes::Narrow(codes) => codes.get(row).copied().map_or(0, u32::from),
            Codes::Middle(codes) => codes.get(row).copied().map_or(0, u32::from),
            Codes::Wide(codes) => codes.get(row).copied().unwrap_or(0),
        }
    }

    /// Sets the code of a row.
    #[inline]
    pub(super) fn set(&mut self, row: usize, code: u32) {
        match self {
            Codes::Tiny(fours) if code <= 3 => {
                let four = place(fours, row / 4);
                let shift = row % 4 * 2;
                *four = *four & !(3 << shift) | (code as u8) << shift;
            }
            Codes::Narrow(codes) if code <= u32::from(u8::MAX) => *place(codes, row) = code as u8,
            Codes::Middle(codes) if code <= u32::from(u16::MAX) => *place(codes, row) = code as u16,
            Codes::Wide(codes) => *place(codes, row) = code,
            _ => self.set_wide(row, code),
        }
    }

    /// Sets the code of a row that has none, and returns which it had.
    #[inline]
    pub(super) fn set_if_blank(&mut self, row: usize, code: u32) -> u32 {
        if let Codes::Tiny(fours) = self
            && code <= 3
        {
            let (four, shift) = (place(fours, row / 4), row % 4 * 2);
            let held = *four >> shift & 3;
            *four |= if held == 0 { (code as u8) << shift } else { 0 };
            return u32::from(held);
        }
        let held = self.get(row);
        if held == 0 {
            self.set(row, code);
        }
        held
    }

    /// Sets a code that is too large for the others.
    #[cold]
    fn set_wide(&mut self, row: usize, code: u32) {
        self.widen(code);
        self.set(row, code);
    }

    fn widen(&mut self, code: u32) {
        let length = match self {
            Codes::Tiny(fours) => fours.len() * 4,
            Codes::Narrow(codes) => codes.len(),
            Codes::Middle(codes) => codes.len(),
            Codes::Wide(_) => return,
        };
        let all = (0..length).map(|row| self.get(row));
        *self = if code <= u32::from(u8::MAX) {
            Codes::Narrow(all.map(|code| code as u8).collect())
        } else if code <= u32::from(u16::MAX) {
            Codes::Middle(all.map(|code| code as u16).collect())
        } else {
            Codes::Wide(all.collect())
        };
    }
}

/// One place of a list that grows as far as it must.
#[inline]
pub(super) fn place<T: Copy + Default>(list: &mut Vec<T>, at: usize) -> &mut T {
    if at >= list.len() {
        list.resize(at + 1, T::default());
    }
    &mut list[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_values_however_many_there_come_to_be() {
        for distinct in [1, 3, 4, 255, 256, 65_535, 65_536] {
            let mut column = Column::default();
            let text = |row: usize| format!("value {}", row % distinct);
            let rows = (0..distinct * 2).filter(|row| row % 5 != 2); // some stay empty
            for row in rows.clone().rev() {
                let code = column.values.code(&text(row));
                column.codes.set(row, code);
            }
            column.seal();
            for row in rows {
                assert_eq!(column.text(row as u32), text(row), "{distinct} values, row {row}");
            }
            assert_eq!(column.text(2), "", "{distinct} values");
            assert_eq!(column.text(1_000_000), "", "{distinct} values");
        }
    }

    #[test]
    fn a_blank_row_is_filled_and_no_other() {
        let mut codes = Codes::default();
        for (row, code, held) in [(1, 2, 0), (1, 3, 2), (0, 1, 0), (2, 9, 0), (2, 1, 9)] {
            assert_eq!(codes.set_if_blank(row, code), held, "row {row}, code {code}");
        }
        assert_eq!([0, 1, 2, 3].map(|row| codes.get(row)), [1, 2, 9, 0]);
    }

    #[test]
    fn texts_of_any_length_are_distinguished() {
        let long = b"abcdefghijklmnopqrst";
        for length in 0..long.len() {
            let text = &long[..length];
            assert!(is_same(text, text));
            assert!(!is_same(text, long));
            for at in 0..length {
                let mut other = text.to_vec();
                other[at] = b'-';
                assert!(!is_same(text, &other), "{length} bytes, differing at {at}");
            }
        }
    }

    #[test]
    fn a_value_can_be_replaced_among_others() {
        let mut codes = Codes::default();
        for (row, code) in [(0, 3), (1, 2), (2, 1), (1, 0), (2, 3), (9, 1)] {
            codes.set(row, code);
        }
        let all: Vec<u32> = (0..10).map(|row| codes.get(row)).collect();
        assert_eq!(all, [3, 0, 3, 0, 0, 0, 0, 0, 0, 1]);
    }
}
