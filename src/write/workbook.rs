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

/// Writes a workbook: frozen header, filter, widths that fit the kind of column, a drop-down in
/// the column `verdict`. Rows beyond the limits of a sheet are left to the CSV twin, and a second
/// sheet says so, as it says each of `notes`.
pub(super) fn write(path: &Path, sheet: &str, rows: &dyn Rows, notes: &[String]) -> Result<()> {
    let columns = rows.header().len().max(1);
    let kept = rows.len().min(SHEET_ROWS - 1).min(SHEET_CELLS / columns);
    let mut notes = notes.to_vec();
    if kept < rows.len() {
        let twin = path.with_extension("csv");
        let twin = twin.file_name().unwrap_or_default().to_string_lossy();
        notes.push(format!("This sheet holds {kept} of {} rows; all are in {twin}.", rows.len()));
    }
    let file = File::create(path).map_err(cannot_write(path))?;
    let mut book = Book(ZipWriter::new(BufWriter::with_capacity(1 << 16, file)));
    book.parts(sheet, rows, kept, &notes).map_err(cannot_write(path))?;
    let file = book.0.finish().map_err(|error| cannot_write(path)(error.into()))?;
    let file = file.into_inner().map_err(|error| cannot_write(path)(error.into_error()))?;
    file.sync_data().map_err(cannot_write(path))
}

struct Book(ZipWriter<BufWriter<File>>);

impl Book {
    fn parts(
        &mut self,
        sheet: &str,
        rows: &dyn Rows,
        kept: usize,
        notes: &[String],
    ) -> std::io::Result<()> {
        let has_notes = !notes.is_empty();
        self.part("[Content_Types].xml", &content_types(has_notes))?;
        self.part("_rels/.rels", ROOT_RELATIONS)?;
        let filter = worksheet::fixed_range(rows.header().len(), kept + 1);
        self.part("xl/workbook.xml", &workbook(sheet, &filter, has_notes))?;
        self.part("xl/_rels/workbook.xml.rels", &relations(has_notes))?;
        self.part("xl/styles.xml", STYLES)?;
        self.start("xl/worksheets/sheet1.xml")?;
        let columns = worksheet::Columns::new(&rows.header());
        self.0.write_all(columns.start(kept).as_bytes())?;
        in_blocks(
            kept,
            |from, to| columns.rows(rows, from, to),
            |text: String| self.0.write_all(text.as_bytes()),
        )?;
        self.0.write_all(columns.end(kept).as_bytes())?;
        if has_notes {
            self.part("xl/worksheets/sheet2.xml", &worksheet::notes(notes))?;
        }
        Ok(())
    }

    fn part(&mut self, name: &str, text: &str) -> std::io::Result<()> {
        self.start(name)?;
        self.0.write_all(text.as_bytes())
    }

    /// Begins a part. It bears no time, so that the same rows give the same bytes.
    fn start(&mut self, name: &str) -> std::io::Result<()> {
        let options = SimpleFileOptions::default()
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

/// The formats of cells, by their number: 0 as it comes, 1 header, 2 similarity, 3 money, 4 day,
/// 5 text, which stays text when a person edits it.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0000"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/></styleSheet>"#;

fn content_types(has_notes: bool) -> String {
    const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let sheet = |number: u8| {
        format!(
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{MAIN}.worksheet+xml"/>"#
        )
    };
    let notes = if has_notes { sheet(2) } else { String::new() };
    format!(
        r#"{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{MAIN}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{MAIN}.styles+xml"/>{}{notes}</Types>"#,
        sheet(1)
    )
}

fn workbook(sheet: &str, filter: &str, has_notes: bool) -> String {
    let notes = if has_notes { r#"<sheet name="Notes" sheetId="2" r:id="rId2"/>"# } else { "" };
    format!(
        r#"{XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView xWindow="240" yWindow="15" windowWidth="24000" windowHeight="12000"/></bookViews><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/>{notes}</sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{sheet}!{filter}</definedName></definedNames></workbook>"#
    )
}

fn relations(has_notes: bool) -> String {
    const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = |number: u8| {
        format!(
            r#"<Relationship Id="rId{number}" Type="{TYPE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        )
    };
    let notes = if has_notes { sheet(2) } else { String::new() };
    format!(
        r#"{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}{notes}<Relationship Id="rId3" Type="{TYPE}/styles" Target="styles.xml"/></Relationships>"#,
        sheet(1)
    )
}
