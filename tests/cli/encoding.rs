//! The sample reports and exports in other encodings, dialects and containers give the same links.

use std::io::Write as _;

use crate::workdir::Workdir;

/// A file as rows, the header first.
struct Rows {
    stem: String,
    rows: Vec<Vec<String>>,
}

/// The sample reports and the Salesforce export; rows that hold what `keeps` refuses are left out.
fn files(dir: &Workdir, keeps: &dyn Fn(&str) -> bool) -> Vec<(&'static str, Rows)> {
    let mut files = Vec::new();
    for folder in ["reports", "crm/salesforce"] {
        for name in dir.names(folder) {
            let text = dir.read(&format!("{folder}/{name}"));
            let text = text.trim_start_matches('\u{feff}');
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let mut rows: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            rows.retain(|row| row.iter().all(|cell| keeps(cell)));
            files.push((folder, Rows { stem: name.trim_end_matches(".csv").to_owned(), rows }));
        }
    }
    files
}

fn delimited(rows: &Rows, delimiter: u8, ends: csv::Terminator) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(ends)
        .flexible(true)
        .from_writer(Vec::new());
    rows.rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
    String::from_utf8(writer.into_inner().expect("all written")).expect("UTF-8")
}

fn comma(rows: &Rows) -> String {
    delimited(rows, b',', csv::Terminator::Any(b'\n'))
}

fn utf16(text: &str, mark: bool, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn workbook(rows: &Rows) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (down, row) in rows.rows.iter().enumerate() {
        for (right, cell) in row.iter().enumerate() {
            sheet.write_string(down as u32, right as u16, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).expect("room");
    packer.finish().expect("an end")
}

/// Runs the files as they are and as `written`, and compares the links.
fn assert_same_links(
    keeps: &dyn Fn(&str) -> bool,
    extension: &str,
    written: &dyn Fn(&Rows) -> Vec<u8>,
) {
    let dir = Workdir::samples();
    for (folder, rows) in files(&dir, keeps) {
        dir.write(&format!("plain/{folder}/{}.csv", rows.stem), comma(&rows));
        dir.write(&format!("other/{folder}/{}.{extension}", rows.stem), written(&rows));
    }
    let run = |side: &str| {
        let (reports, crm) = (format!("{side}/reports"), format!("{side}/crm"));
        let out = format!("{side}-out");
        let own = ["--as-of", "2026-11-21", "--own-domain", "varnholt-cloudpartner.de"];
        let args = ["match", "--reports", &reports, "--crm", &crm, "--out", &out];
        let ran = dir.run(&[&args[..], &own[..]].concat());
        assert!(matches!(ran.status, Some(0 | 3)), "{ran:?}");
    };
    run("plain");
    run("other");
    assert!(dir.table("plain-out/links.csv").rows.len() > 10, "there is something to compare");
    for file in ["links.csv", "review.csv", "unmatched.csv", "contacts.csv", "customers.csv"] {
        let (plain, other) =
            (dir.table(&format!("plain-out/{file}")), dir.table(&format!("other-out/{file}")));
        let differs = plain.rows.iter().zip(&other.rows).find(|(plain, other)| plain != other);
        assert_eq!(differs, None, "{file}");
        assert_eq!(plain.rows.len(), other.rows.len(), "{file}");
    }
}

fn all(_: &str) -> bool {
    true
}

/// Rows are cut short or long on purpose in the samples; a workbook has no such rows.
fn encodable(encoding: &'static encoding_rs::Encoding) -> impl Fn(&str) -> bool {
    move |cell| {
        let (bytes, _, lossy) = encoding.encode(cell);
        !lossy && encoding.decode_without_bom_handling(&bytes).0 == cell
    }
}

#[test]
fn utf_8_with_a_byte_order_mark_gives_the_same_links() {
    assert_same_links(&all, "csv", &|rows| format!("\u{feff}{}", comma(rows)).into_bytes());
}

#[test]
fn utf_16_gives_the_same_links() {
    assert_same_links(&all, "txt", &|rows| {
        utf16(&delimited(rows, b'\t', csv::Terminator::CRLF), true, u16::to_le_bytes)
    });
    assert_same_links(&all, "csv", &|rows| utf16(&comma(rows), false, u16::to_be_bytes));
}

#[test]
fn windows_1252_gives_the_same_links() {
    let encoding = encoding_rs::WINDOWS_1252;
    assert_same_links(&encodable(encoding), "csv", &|rows| {
        encoding.encode(&delimited(rows, b';', csv::Terminator::CRLF)).0.into_owned()
    });
}

#[test]
fn shift_jis_gives_the_same_links() {
    let encoding = encoding_rs::SHIFT_JIS;
    assert_same_links(&encodable(encoding), "csv", &|rows| {
        encoding.encode(&comma(rows)).0.into_owned()
    });
}

#[test]
fn semicolons_tabs_and_pipes_give_the_same_links() {
    for delimiter in *b";\t|" {
        assert_same_links(&all, "csv", &|rows| {
            delimited(rows, delimiter, csv::Terminator::CRLF).into_bytes()
        });
    }
}

#[test]
fn compressed_files_give_the_same_links() {
    assert_same_links(&all, "csv.gz", &|rows| gzip(&comma(rows)));
}

#[test]
fn workbooks_give_the_same_links() {
    assert_same_links(&all, "xlsx", &workbook);
}

#[test]
fn a_zip_of_the_export_gives_the_same_links() {
    let dir = Workdir::samples();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in dir.names("crm/salesforce") {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name.as_str(), options).expect("a member");
        zip.write_all(&dir.bytes(&format!("crm/salesforce/{name}"))).expect("room");
    }
    dir.write("export.zip", zip.finish().expect("an end").into_inner());
    dir.run_samples("crm/salesforce", "plain", &[]);
    dir.run_samples("export.zip", "zipped", &[]);
    for file in ["links.csv", "review.csv", "unmatched.csv", "contacts.csv", "suppressed.csv"] {
        assert_eq!(
            dir.read(&format!("plain/{file}")),
            dir.read(&format!("zipped/{file}")),
            "{file}"
        );
    }
}
