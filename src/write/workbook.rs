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

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

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
    Notes(&'s [String]),
}

impl Sheet<'_> {
    fn name(&self) -> &str {
        match self {
            Sheet::Rows(name, ..) => name,
            Sheet::Notes(_) => "Notes",
        }
    }
}

/// The rows that a sheet takes of those there are.
pub(crate) fn rows_that_fit(rows: &dyn Rows) -> usize {
    let columns = rows.headings().len().max(1);
    rows.len().min(SHEET_ROWS - 1).min(SHEET_CELLS / columns)
}

/// Writes a workbook: frozen header, filter, widths that fit the kind of column, a drop-down in
/// the column `verdict`. Rows beyond the limits of a sheet are left to the CSV twin, and a second
/// sheet says so, as it says each of `notes`.
pub(crate) fn write(path: &Path, sheet: &str, rows: &dyn Rows, notes: &[String]) -> Result<()> {
    let kept = rows_that_fit(rows);
    let mut notes = notes.to_vec();
    if kept < rows.len() {
        let twin = path.with_extension("csv");
        let twin = twin.file_name().unwrap_or_default().to_string_lossy();
        notes.push(format!("This sheet holds {kept} of {} rows; all are in {twin}.", rows.len()));
    }
    let mut sheets = vec![Sheet::Rows(sheet, rows, kept)];
    if !notes.is_empty() {
        sheets.push(Sheet::Notes(&notes));
    }
    write_sheets(path, &sheets)
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
        self.part("xl/styles.xml", STYLES)?;
        for (number, sheet) in (1..).zip(sheets) {
            let name = format!("xl/worksheets/sheet{number}.xml");
            match sheet {
                Sheet::Rows(_, rows, kept) => self.rows(&name, *rows, *kept)?,
                Sheet::Notes(notes) => self.part(&name, &worksheet::notes(notes))?,
            }
        }
        Ok(())
    }

    fn rows(&mut self, name: &str, rows: &dyn Rows, kept: usize) -> std::io::Result<()> {
        self.start(name)?;
        let columns = worksheet::Columns::new(&rows.headings());
        self.0.write_all(columns.start(kept).as_bytes())?;
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

    /// Begins a part. It has no time, so that the same rows give the same bytes.
    fn start(&mut self, name: &str) -> std::io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1));
        Ok(self.0.start_file(name, options)?)
    }
}

/// Begins every part.
pub(crate) const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
"#;

const ROOT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// The formats of cells, by their number: 0 as it comes, 1 header, 2 similarity, 3 money, 4 day,
/// 5 text, which stays text when a person edits it.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0000"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/></styleSheet>"#;

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
    let (mut list, mut filters) = (String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let number = at + 1;
        let name = attribute(sheet.name());
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#));
        if let Sheet::Rows(_, rows, kept) = sheet {
            let filter = worksheet::fixed_range(rows.headings().len(), kept + 1);
            let name = name.replace('\'', "''");
            filters.push_str(&format!(
                r#"<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">'{name}'!{filter}</definedName>"#
            ));
        }
    }
    format!(
        r#"{XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView xWindow="240" yWindow="15" windowWidth="24000" windowHeight="12000"/></bookViews><sheets>{list}</sheets><definedNames>{filters}</definedNames></workbook>"#
    )
}

/// A text as an attribute of XML holds it.
fn attribute(text: &str) -> String {
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
