//! The rows of the files that the program reads and writes.

use std::collections::BTreeMap;

use calamine::{Data, Range};

/// The cells of a row by the names of their columns.
pub(crate) type Row = BTreeMap<String, String>;

/// A CSV file or a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) headers: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    fn new(mut records: impl Iterator<Item = Vec<String>>) -> Table {
        let headers = records.next().expect("a header");
        let rows = records.map(|cells| headers.iter().cloned().zip(cells).collect());
        Table { rows: rows.collect(), headers }
    }

    /// The table that a CSV file holds.
    pub(crate) fn of(text: &str) -> Table {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.expect("a row"));
        Table::new(records.map(|record| record.iter().map(str::to_owned).collect()))
    }

    /// The texts of a sheet.
    pub(crate) fn of_sheet(sheet: &Range<Data>) -> Table {
        Table::new(sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()))
    }

    /// The table as CSV.
    pub(crate) fn text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        self.records().iter().for_each(|record| writer.write_record(record).expect("a row"));
        String::from_utf8(writer.into_inner().expect("all written")).expect("UTF-8")
    }

    /// The header and the cells of each row.
    pub(crate) fn records(&self) -> Vec<Vec<&str>> {
        let headers = self.headers.iter().map(String::as_str).collect();
        std::iter::once(headers).chain(self.rows.iter().map(|row| self.cells(row))).collect()
    }

    /// The cells of a row, in the order of the columns.
    pub(crate) fn cells<'t>(&'t self, row: &'t Row) -> Vec<&'t str> {
        self.headers.iter().map(|header| row[header].as_str()).collect()
    }

    pub(crate) fn column(&self, header: &str) -> Vec<&str> {
        self.rows.iter().map(|row| row[header].as_str()).collect()
    }

    /// The row whose first column is `key`.
    pub(crate) fn row(&self, key: &str) -> &Row {
        let first = &self.headers[0];
        self.rows.iter().find(|row| row[first] == key).unwrap_or_else(|| panic!("no row {key}"))
    }

    /// The first row that has this cell in a column, to be changed.
    pub(crate) fn row_with(&mut self, header: &str, cell: &str) -> &mut Row {
        self.rows.iter_mut().find(|row| row[header] == cell).expect(cell)
    }

    /// Two columns as pairs, in the order of the file.
    pub(crate) fn pairs(&self, left: &str, right: &str) -> Vec<(&str, &str)> {
        self.column(left).into_iter().zip(self.column(right)).collect()
    }
}

/// A workbook of sheets of texts, `Sheet1` and so on.
pub(crate) fn workbook<R: AsRef<[C]>, C: AsRef<str>>(sheets: &[&[R]]) -> Vec<u8> {
    let names: Vec<String> = (1..=sheets.len()).map(|at| format!("Sheet{at}")).collect();
    let named = names.iter().zip(sheets);
    named_sheets(&named.map(|(name, rows)| (name.as_str(), *rows)).collect::<Vec<_>>())
}

/// A workbook of sheets, each the lines of a CSV file.
pub(crate) fn workbook_of(sheets: &[(&str, &str)]) -> Vec<u8> {
    let rows = |text: &str| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
        let records = reader.into_records();
        records.map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    };
    let sheets: Vec<_> = sheets.iter().map(|(name, text)| (*name, rows(text))).collect();
    named_sheets(&sheets.iter().map(|(name, rows)| (*name, &rows[..])).collect::<Vec<_>>())
}

fn named_sheets<R: AsRef<[C]>, C: AsRef<str>>(sheets: &[(&str, &[R])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (down, row) in rows.iter().enumerate() {
            for (right, cell) in row.as_ref().iter().enumerate() {
                sheet.write_string(down as u32, right as u16, cell.as_ref()).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}
