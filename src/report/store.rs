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
#[derive(Debug, Default)]
pub(super) struct Values {
    text: String,
    /// End of each value in `text`, by code less one.
    ends: Vec<u32>,
    /// Code by hash; a taken hash moves on by one.
    codes: FxHashMap<u64, u32>,
    /// The two values coded last: columns repeat themselves.
    last: [u32; 2],
}

impl Values {
    /// The text of a code.
    pub(super) fn text(&self, code: u32) -> &str {
        let Some(at) = (code as usize).checked_sub(1) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// By code, whether a value has a property; code 0, the empty one, has none.
    pub(super) fn which(&self, has: impl Fn(&str) -> bool) -> Vec<bool> {
        std::iter::once(false).chain(self.iter().map(has)).collect()
    }

    /// The distinct values, without the empty one.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (1..=self.ends.len() as u32).map(|code| self.text(code))
    }

    /// The code of a text, new where the text is.
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
        self.ends.push(self.text.len() as u32);
        let code = self.ends.len() as u32;
        self.codes.insert(hash, code);
        code
    }

    /// Frees what only coding needs.
    fn seal(&mut self) {
        self.codes = FxHashMap::default();
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// A code per row, as narrow as the largest code allows.
#[derive(Debug)]
pub(super) enum Codes {
    /// Up to 255 values.
    Narrow(Vec<u8>),
    /// Up to 65,535 values.
    Middle(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Codes {
        Codes::Narrow(Vec::new())
    }
}

impl Codes {
    /// The code of a row; 0 where none was set.
    pub(super) fn get(&self, row: usize) -> u32 {
        match self {
            Codes::Narrow(codes) => codes.get(row).copied().map_or(0, u32::from),
            Codes::Middle(codes) => codes.get(row).copied().map_or(0, u32::from),
            Codes::Wide(codes) => codes.get(row).copied().unwrap_or(0),
        }
    }

    /// Sets the code of a row.
    pub(super) fn set(&mut self, row: usize, code: u32) {
        match self {
            Codes::Narrow(codes) if code <= u32::from(u8::MAX) => put(codes, row, code as u8),
            Codes::Middle(codes) if code <= u32::from(u16::MAX) => put(codes, row, code as u16),
            Codes::Wide(codes) => put(codes, row, code),
            _ => {
                self.widen(code);
                self.set(row, code);
            }
        }
    }

    fn seal(&mut self) {
        match self {
            Codes::Narrow(codes) => codes.shrink_to_fit(),
            Codes::Middle(codes) => codes.shrink_to_fit(),
            Codes::Wide(codes) => codes.shrink_to_fit(),
        }
    }

    fn widen(&mut self, code: u32) {
        let length = match self {
            Codes::Narrow(codes) => codes.len(),
            Codes::Middle(codes) => codes.len(),
            Codes::Wide(_) => return,
        };
        let all = (0..length).map(|row| self.get(row));
        *self = match code <= u32::from(u16::MAX) {
            true => Codes::Middle(all.map(|code| code as u16).collect()),
            false => Codes::Wide(all.collect()),
        };
    }
}

/// Sets one place of a list that grows as far as it must.
pub(super) fn put<T: Copy + Default>(list: &mut Vec<T>, at: usize, value: T) {
    if at >= list.len() {
        list.resize(at + 1, T::default());
    }
    list[at] = value;
}
