//! The sample reports and exports in other encodings, dialects and containers give the same links.

use std::io::Write as _;

use crate::support::{Workdir, workbook};

/// A file as rows, the header first.
struct Rows {
    stem: String,
    rows: Vec<Vec<String>>,
}

/// Whether to keep a row of a file whose header has so many cells.
type Keeps<'k> = &'k dyn Fn(&[String], usize) -> bool;

/// The sample reports and the Salesforce export; rows that `keeps` refuses are left out.
fn files(dir: &Workdir, keeps: Keeps<'_>) -> Vec<(&'static str, Rows)> {
    let mut files = Vec::new();
    for folder in ["reports", "crm/salesforce"] {
        for (name, bytes) in dir.files(folder) {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&*bytes);
            let mut rows: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            let width = rows[0].len();
            rows.retain(|row| keeps(row, width));
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

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).expect("room");
    packer.finish().expect("an end")
}

fn zstandard(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

/// A way to write a file: its name, the ending of the file and its bytes.
type Variant<'v> = (&'v str, &'v str, &'v dyn Fn(&Rows) -> Vec<u8>);

/// Runs the files as they are and in each variant, and compares what comes out.
fn assert_same_links(keeps: Keeps<'_>, variants: &[Variant<'_>]) {
    let dir = Workdir::samples();
    let files = files(&dir, keeps);
    let run = |side: &str| {
        let (reports, crm) = (format!("{side}/reports"), format!("{side}/crm"));
        let paths = ["--reports", &reports, "--crm", &crm, "--out", &format!("{side}-out")];
        dir.run_match("--own-domain varnholt-cloudpartner.de", &paths).done();
    };
    for (folder, rows) in &files {
        dir.write(&format!("plain/{folder}/{}.csv", rows.stem), comma(rows));
    }
    run("plain");
    assert!(dir.table("plain-out/links.csv").rows.len() > 10, "there is something to compare");
    for (name, extension, written) in variants {
        for (folder, rows) in &files {
            dir.write(&format!("{name}/{folder}/{}.{extension}", rows.stem), written(rows));
        }
        run(name);
        for file in ["links.csv", "review.csv", "unmatched.csv", "contacts.csv", "customers.csv"] {
            let plain = dir.table(&format!("plain-out/{file}"));
            let other = dir.table(&format!("{name}-out/{file}"));
            let differs = plain.rows.iter().zip(&other.rows).find(|(plain, other)| plain != other);
            assert_eq!(differs, None, "{name}: {file}");
            assert_eq!(plain.rows.len(), other.rows.len(), "{name}: {file}");
        }
    }
}

fn all(_: &[String], _: usize) -> bool {
    true
}

/// Whether an encoding holds a row.
fn encodable(encoding: &'static encoding_rs::Encoding) -> impl Fn(&[String], usize) -> bool {
    let holds = |cell: &String| {
        let (bytes, _, lossy) = encoding.encode(cell);
        !lossy && encoding.decode_without_bom_handling(&bytes).0 == *cell
    };
    move |row, _| row.iter().all(holds)
}

#[test]
fn unicode_encodings_give_the_same_links() {
    let tabs = |rows: &Rows| delimited(rows, b'\t', csv::Terminator::CRLF);
    assert_same_links(
        &all,
        &[
            ("utf-8 with a mark", "csv", &|rows| format!("\u{feff}{}", comma(rows)).into_bytes()),
            ("utf-16 le with a mark", "txt", &|rows| utf16(&tabs(rows), true, u16::to_le_bytes)),
            ("utf-16 be with a mark", "csv", &|rows| utf16(&comma(rows), true, u16::to_be_bytes)),
            ("utf-16 le", "csv", &|rows| utf16(&comma(rows), false, u16::to_le_bytes)),
            ("utf-16 be", "csv", &|rows| utf16(&comma(rows), false, u16::to_be_bytes)),
        ],
    );
}

#[test]
fn windows_1252_gives_the_same_links() {
    let encoding = encoding_rs::WINDOWS_1252;
    let written =
        |rows: &Rows| encoding.encode(&delimited(rows, b';', csv::Terminator::CRLF)).0.into_owned();
    assert_same_links(&encodable(encoding), &[("windows-1252", "csv", &written)]);
}

#[test]
fn shift_jis_gives_the_same_links() {
    let encoding = encoding_rs::SHIFT_JIS;
    let written = |rows: &Rows| encoding.encode(&comma(rows)).0.into_owned();
    assert_same_links(&encodable(encoding), &[("shift_jis", "csv", &written)]);
}

#[test]
fn dialects_give_the_same_links() {
    let by = |delimiter: u8| {
        move |rows: &Rows| delimited(rows, delimiter, csv::Terminator::CRLF).into_bytes()
    };
    let carriage_returns =
        |rows: &Rows| delimited(rows, b',', csv::Terminator::Any(b'\r')).into_bytes();
    let declared = |rows: &Rows| {
        format!("sep=;\r\n{}", delimited(rows, b';', csv::Terminator::CRLF)).into_bytes()
    };
    let titled = |rows: &Rows| format!("{}\n\n{}", rows.stem, comma(rows)).into_bytes();
    let with_footer = |rows: &Rows| {
        let footer = "\nCopyright (c) 2000-2026 salesforce.com\nConfidential Information\n";
        format!("{}{footer}", comma(rows)).into_bytes()
    };
    let with_nul_bytes = |rows: &Rows| comma(rows).replace('\n', "\0\n").into_bytes();
    assert_same_links(
        &all,
        &[
            ("semicolons", "csv", &by(b';')),
            ("tabs", "tsv", &by(b'\t')),
            ("pipes", "csv", &by(b'|')),
            ("carets", "csv", &by(b'^')),
            ("declared", "csv", &declared),
            ("titled", "csv", &titled),
            ("carriage returns", "csv", &carriage_returns),
            ("footers", "csv", &with_footer),
            ("nul bytes", "csv", &with_nul_bytes),
            ("mixed ends", "csv", &with_mixed_ends),
            ("lines in one cell", "csv", &each_line_in_one_cell),
        ],
    );
}

/// Lines that end in the manner of three systems by turns.
fn with_mixed_ends(rows: &Rows) -> Vec<u8> {
    let mut text = String::new();
    for (at, row) in rows.rows.iter().enumerate() {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(row).expect("a row");
        let line = String::from_utf8(writer.into_inner().expect("all written")).expect("UTF-8");
        text += line.trim_end_matches('\n');
        text += ["\r\n", "\n", "\r"][at % 3];
    }
    text.into_bytes()
}

/// As a spreadsheet with another list separator saves a file: each line is one quoted cell.
fn each_line_in_one_cell(rows: &Rows) -> Vec<u8> {
    let line = |row: &Vec<String>| {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(row).expect("a row");
        let bytes = writer.into_inner().expect("all written");
        let line = String::from_utf8(bytes).expect("UTF-8");
        format!("\"{}\"\r\n", line.trim_end_matches('\n').replace('"', "\"\""))
    };
    rows.rows.iter().map(line).collect::<String>().into_bytes()
}

#[test]
fn containers_give_the_same_links() {
    assert_same_links(
        &all,
        &[
            ("gzip", "csv.gz", &|rows| gzip(&comma(rows))),
            ("zstandard", "csv.zst", &|rows| zstandard(&comma(rows))),
        ],
    );
}

#[test]
fn workbooks_give_the_same_links() {
    // A row of a workbook that ends early has blank cells; a damaged line has too few.
    let is_whole = |row: &[String], width: usize| row.len() >= width;
    let excel = |rows: &Rows| workbook(&[&rows.rows]);
    assert_same_links(
        &is_whole,
        &[("xlsx", "xlsx", &excel), ("xlsm", "xlsm", &excel), ("ods", "ods", &open_document)],
    );
}

#[test]
#[ignore = "writes the workbooks with LibreOffice; test.sh runs it"]
fn workbooks_of_an_old_excel_and_of_an_office_suite_give_the_same_links() {
    let is_whole = |row: &[String], width: usize| row.len() >= width;
    assert_same_links(
        &is_whole,
        &[
            ("xls", "xls", &|rows| saved_as(rows, "xls")),
            ("office xlsx", "xlsx", &|rows| saved_as(rows, "xlsx")),
            ("office ods", "ods", &|rows| saved_as(rows, "ods")),
        ],
    );
}

/// The workbook that LibreOffice makes of a file, every column as text.
fn saved_as(rows: &Rows, extension: &str) -> Vec<u8> {
    let dir = Workdir::new();
    dir.write("table.csv", comma(rows));
    let width = rows.rows[0].len();
    let as_text: Vec<String> = (1..=width).map(|column| format!("{column}/2")).collect();
    let filter = format!("Text - txt - csv (StarCalc):44,34,76,1,{}", as_text.join("/"));
    dir.convert("table.csv", extension, &[&format!("--infilter={filter}")]);
    dir.files("office").remove(&format!("table.{extension}")).expect("a workbook")
}

/// A workbook of the OpenDocument format, as small as it may be.
fn open_document(rows: &Rows) -> Vec<u8> {
    let escaped = |cell: &String| {
        cell.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\n', "</text:p><text:p>")
    };
    let cell = |cell: &String| match cell.as_str() {
        "" => "<table:table-cell/>".to_owned(),
        _ => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(cell)
        ),
    };
    let row = |row: &Vec<String>| {
        format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>())
    };
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>\
         <office:spreadsheet><table:table table:name=\"Sheet1\">{}</table:table>\
         </office:spreadsheet></office:body></office:document-content>",
        rows.rows.iter().map(row).collect::<String>()
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = format!(
        "<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/>\
         </manifest:manifest>"
    );
    let parts =
        [("mimetype", kind), ("content.xml", &content), ("META-INF/manifest.xml", &manifest)];
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(text.as_bytes()).expect("room");
    }
    zip.finish().expect("an end").into_inner()
}

#[test]
fn a_zip_of_the_export_gives_the_same_links() {
    let dir = Workdir::samples();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in dir.files("crm/salesforce") {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(&bytes).expect("room");
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

#[test]
fn an_encoding_of_one_file_is_kept_in_the_settings_and_a_wrong_name_is_refused() {
    let dir = Workdir::small();
    let contacts = "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
                    003A,001A,Łoś,ann@quellbrink.de,0\n";
    dir.write("Contacts.csv", encoding_rs::WINDOWS_1250.encode(contacts).0);
    let accounts = crate::support::ACCOUNTS.replace("Murmelstein", "Mürmelstein");
    dir.write("Accounts.csv", encoding_rs::WINDOWS_1252.encode(&accounts).0);
    dir.run_small(&["--encoding", "Contacts.csv=windows-1250"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("last_name"), ["Łoś"]);
    dir.run_match("--settings out/settings.toml --out again", &[]).ended(0);
    assert_eq!(dir.table("again/contacts.csv").column("last_name"), ["Łoś"]);
    let said = dir.run_small(&["--encoding", "Contcts.csv=windows-1250"]).ended(1).said();
    assert!(said.contains("--encoding Contcts.csv=windows-1250"), "{said}");
}

#[test]
fn the_code_page_of_an_export_is_one_guess() {
    let dir = Workdir::new();
    let (polish, ..) = encoding_rs::WINDOWS_1250.encode("A1;Żółtodąb Spółka;zoltodab.pl;Łódź\n");
    let (person, ..) =
        encoding_rs::WINDOWS_1250.encode("C1;A1;Łukasz;Wiśniewski;l@zoltodab.pl;No\n");
    dir.write(
        "Azure.csv",
        "CustomerID,AccountName,Domain,AzureCluster\n1,Żółtodąb,zoltodab.pl,Act Now\n",
    );
    dir.write("accounts.csv", [b"Id;Name;Website;City\n", &polish[..]].concat());
    let header = b"Id;AccountId;First Name;Last Name;Email;Email Opt Out\n";
    dir.write("contacts.csv", [&header[..], &person[..]].concat());
    let line = "--reports Azure.csv --crm accounts.csv contacts.csv --out out";
    let said = dir.run_match(line, &[]).done().said();
    for file in ["accounts.csv", "contacts.csv"] {
        let note = format!("{file}: read as Windows-1252, but it may be windows-1250");
        assert!(said.contains(&note), "{said}");
    }
}
