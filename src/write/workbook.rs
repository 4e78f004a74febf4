//! Workbooks: for people. One sheet of rows, and a sheet of notes where there is something to say.
//!
//! A workbook is a ZIP archive of a few fixed parts and one XML file per sheet. Writing these
//! ourselves lets sheets be formatted in parallel and streamed: a third of the time, and none of
//! the temporary files, of a library that must be able to go back to any cell.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use zip::{CompressionMethod, System, ZipWriter, write::SimpleFileOptions};

use super::{
    publish::cannot_write,
    row::{Rows, in_blocks},
    worksheet,
};
use crate::error::Result;

/// The rows that a sheet of Excel holds, its header among them.
const SHEET_ROWS: usize = 1_048_576;

/// Cells up to which a sheet is filled; one with more takes minutes to open.
const SHEET_CELLS: usize = 20_000_000;

/// Rows that one thread formats in one go.
const BLOCK_ROWS: usize = 1024;

/// What a sheet holds.
pub(crate) enum Sheet<'s> {
    /// A frozen header with a filter, then so many of the rows.
    Rows(&'s str, &'s dyn Rows, usize),
    /// Sentences, one below the other.
    Notes(&'s str, &'s [String]),
}

impl<'s> Sheet<'s> {
    /// A sheet of as many rows as it holds.
    pub(crate) fn fitting(name: &'s str, rows: &'s dyn Rows) -> Sheet<'s> {
        Sheet::Rows(name, rows, rows_that_fit(rows))
    }

    fn name(&self) -> &str {
        match self {
            Sheet::Rows(name, ..) | Sheet::Notes(name, _) => name,
        }
    }
}

/// The rows that a sheet takes of those there are.
pub(crate) fn rows_that_fit(rows: &dyn Rows) -> usize {
    let columns = rows.headings().len().max(1);
    rows.len().min(SHEET_ROWS - 1).min(SHEET_CELLS / columns)
}

/// Writes a workbook of some sheets, at least one. Their names are fit for Excel.
pub(crate) fn write_sheets(path: &Path, sheets: &[Sheet<'_>]) -> Result<()> {
    let file = File::create(path).map_err(cannot_write(path))?;
    let mut book = Book(ZipWriter::new(BufWriter::with_capacity(1 << 16, file)));
    if let Err(error) = book.parts(sheets) {
        // Dropped, it would try to finish the archive, and complain on standard error.
        std::mem::forget(book);
        return Err(cannot_write(path)(error));
    }
    let file = book.0.finish().map_err(|error| cannot_write(path)(error.into()))?;
    let file = file.into_inner().map_err(|error| cannot_write(path)(error.into_error()))?;
    file.sync_data().map_err(cannot_write(path))
}

struct Book(ZipWriter<BufWriter<File>>);

impl Book {
    fn parts(&mut self, sheets: &[Sheet<'_>]) -> std::io::Result<()> {
        self.part("[Content_Types].xml", &content_types(sheets.len()))?;
        self.part("_rels/.rels", ROOT_RELATIONS)?;
        self.part("xl/workbook.xml", &workbook(sheets))?;
        self.part("xl/_rels/workbook.xml.rels", &relations(sheets.len()))?;
        self.part("xl/styles.xml", &worksheet::styles())?;
        for (number, sheet) in (1..).zip(sheets) {
            let name = format!("xl/worksheets/sheet{number}.xml");
            match sheet {
                Sheet::Rows(_, rows, kept) => self.rows(&name, (*rows, *kept), number == 1)?,
                Sheet::Notes(_, notes) => self.part(&name, &worksheet::notes(notes))?,
            }
        }
        Ok(())
    }

    fn rows(
        &mut self,
        name: &str,
        (rows, kept): (&dyn Rows, usize),
        is_first: bool,
    ) -> std::io::Result<()> {
        self.start(name)?;
        let columns = worksheet::Columns::new(rows, kept);
        self.0.write_all(columns.start(kept, is_first).as_bytes())?;
        in_blocks(
            kept,
            BLOCK_ROWS,
            |range, text: &mut String| columns.rows(rows, range, text),
            |text| self.0.write_all(text.as_bytes()),
        )?;
        self.0.write_all(columns.end(kept).as_bytes())
    }

    fn part(&mut self, name: &str, text: &str) -> std::io::Result<()> {
        self.start(name)?;
        self.0.write_all(text.as_bytes())
    }

    /// Begins a part. It has no time, and names one system, so that the same rows give the same bytes.
    fn start(&mut self, name: &str) -> std::io::Result<()> {
        let options = SimpleFileOptions::default()
            .system(System::Unix)
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1));
        Ok(self.0.start_file(name, options)?)
    }
}

/// Begins every part.
pub(super) const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
"#;

const ROOT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

fn content_types(sheets: usize) -> String {
    const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let sheet = |number: usize| {
        format!(
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{MAIN}.worksheet+xml"/>"#
        )
    };
    format!(
        r#"{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{MAIN}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{MAIN}.styles+xml"/>{}</Types>"#,
        (1..=sheets).map(sheet).collect::<String>()
    )
}

fn workbook(sheets: &[Sheet<'_>]) -> String {
    let (mut list, mut filters, mut titles) = (String::new(), String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let number = at + 1;
        let name = attribute(sheet.name());
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#));
        if let Sheet::Rows(_, rows, kept) = sheet {
            let filter = worksheet::fixed_range(rows.headings().len(), kept + 1);
            let name = name.replace('\'', "''");
            let columns = worksheet::fixed_columns(rows.frozen());
            let columns = columns.map_or_else(String::new, |of| format!("'{name}'!{of},"));
            filters.push_str(&format!(
                r#"<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">'{name}'!{filter}</definedName>"#
            ));
            // what stands on each printed page
            titles.push_str(&format!(
                r#"<definedName name="_xlnm.Print_Titles" localSheetId="{at}">{columns}'{name}'!$1:$1</definedName>"#
            ));
        }
    }
    format!(
        r#"{XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView xWindow="240" yWindow="15" windowWidth="24000" windowHeight="12000"/></bookViews><sheets>{list}</sheets><definedNames>{filters}{titles}</definedNames></workbook>"#
    )
}

/// A text as an attribute of XML holds it.
pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn relations(sheets: usize) -> String {
    const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = |number: usize| {
        format!(
            r#"<Relationship Id="rId{number}" Type="{TYPE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        )
    };
    format!(
        r#"{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}<Relationship Id="rId{}" Type="{TYPE}/styles" Target="styles.xml"/></Relationships>"#,
        (1..=sheets).map(sheet).collect::<String>(),
        sheets + 1
    )
}
