//! Every column of every report, column by column, each distinct value held once.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use crate::columns::{Field, fold_header};

/// The columns of all reports, one value per customer: what survived of it. Column-wise and with a
/// dictionary per column, since most columns repeat few values.
#[derive(Debug, Default)]
pub struct ReportColumns {
    pub(super) columns: Vec<Column>,
    /// The row of each customer, by its position in the list of customers.
    pub(super) rows: Vec<u32>,
}

impl ReportColumns {
    /// The headers, in the order of the reports.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|column| column.header.as_str())
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The column with this header; blanks, punctuation and case do not count.
    pub fn find(&self, header: &str) -> Option<usize> {
        let folded = fold_header(header);
        self.columns.iter().position(|column| column.spellings.contains(&folded))
    }

    /// The column that stands for a field.
    pub(super) fn of_field(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// The field that a column stands for.
    pub(super) fn field(&self, column: usize) -> Option<Field> {
        self.columns[column].field
    }

    /// The value of a customer, by its position in the list of customers.
    pub fn cell(&self, customer: usize, column: usize) -> &str {
        let column = &self.columns[column];
        column.values.text(column.codes.get(self.rows[customer] as usize))
    }
}

/// One column of one or several reports.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// The header as written.
    pub(super) header: String,
    /// Every folded header under which it is found.
    pub(super) spellings: Vec<String>,
    /// The field that it stands for.
    pub(super) field: Option<Field>,
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
        self.codes.seal();
        self.givers = Vec::new();
    }

    /// The value of a row.
    pub(super) fn text(&self, row: u32) -> &str {
        self.values.text(self.codes.get(row as usize))
    }
}

/// Distinct texts; code 0 is the empty one.
#[derive(Debug)]
pub(super) struct Values {
    text: String,
    /// Where each value starts in `text`, by code, and where the last one ends.
    starts: Vec<u32>,
    /// Code by hash; a taken hash moves on by one.
    codes: FxHashMap<u64, u32>,
    /// The two values coded last: columns repeat themselves.
    last: [u32; 2],
}

impl Default for Values {
    fn default() -> Values {
        let (codes, last) = (FxHashMap::default(), [0; 2]);
        Values { text: String::new(), starts: vec![0, 0], codes, last }
    }
}

impl Values {
    /// The text of a code.
    #[inline]
    pub(super) fn text(&self, code: u32) -> &str {
        let code = code as usize;
        &self.text[self.starts[code] as usize..self.starts[code + 1] as usize]
    }

    /// By code, what a value means; code 0 is the empty one.
    pub(super) fn by_code<T>(&self, meaning: impl Fn(&str) -> T) -> Vec<T> {
        (0..self.starts.len() as u32 - 1).map(|code| meaning(self.text(code))).collect()
    }

    /// The distinct values, without the empty one.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (1..self.starts.len() as u32 - 1).map(|code| self.text(code))
    }

    /// The code of a text, new where the text is.
    #[inline]
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        for code in self.last {
            if self.text(code) == text {
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
                Some(code) if self.text(*code) == text => return *code,
                Some(_) => hash = hash.wrapping_add(1),
                None => break,
            }
        }
        self.text.push_str(text);
        let code = self.starts.len() as u32 - 1;
        self.starts.push(self.text.len() as u32);
        self.codes.insert(hash, code);
        code
    }

    /// Frees what only coding needs.
    fn seal(&mut self) {
        self.codes = FxHashMap::default();
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
    }
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
            _ => {
                self.widen(code);
                self.set(row, code);
            }
        }
    }

    fn seal(&mut self) {
        match self {
            Codes::Tiny(codes) | Codes::Narrow(codes) => codes.shrink_to_fit(),
            Codes::Middle(codes) => codes.shrink_to_fit(),
            Codes::Wide(codes) => codes.shrink_to_fit(),
        }
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
    fn a_value_can_be_replaced_beside_others() {
        let mut codes = Codes::default();
        for (row, code) in [(0, 3), (1, 2), (2, 1), (1, 0), (2, 3), (9, 1)] {
            codes.set(row, code);
        }
        let all: Vec<u32> = (0..10).map(|row| codes.get(row)).collect();
        assert_eq!(all, [3, 0, 3, 0, 0, 0, 0, 0, 0, 1]);
    }
}
