//! Workbooks: sheets, hidden sheets, numbers and dates.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::folder::{Folder, Outcome, read, read_as, refusal, zipped};
use crate::read::{Input, ReadOptions, discover};

const XLS: &[u8] = include_bytes!("accounts.xls");

fn sheet<'w>(
    book: &'w mut Workbook,
    name: &str,
    rows: &[&[&str]],
) -> &'w mut rust_xlsxwriter::Worksheet {
    let sheet = book.add_worksheet().set_name(name).expect("a sheet name");
    for (down, cells) in rows.iter().enumerate() {
        for (right, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(down as u32, right as u16, *cell).expect("a cell");
        }
    }
    sheet
}

fn read_book(mut book: Workbook) -> Outcome {
    read_as("a.xlsx", book.save_to_buffer().expect("the workbook is written"))
        .expect("the workbook is read")
}

#[test]
fn cells_become_the_text_that_a_person_typed() {
    let mut book = Workbook::new();
    let sheet = sheet(&mut book, "Accounts", &[&["Id", "Name", "End", "Time", "Rate", "Open"]]);
    let (day, minute) = (
        Format::new().set_num_format("dd.mm.yyyy"),
        Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    );
    sheet.write_number(1, 0, 1_230_000_000_000_000.0).unwrap();
    sheet.write_string(1, 1, "1.23E+15").unwrap();
    let end = ExcelDateTime::from_ymd(2026, 11, 21).unwrap();
    sheet.write_datetime_with_format(1, 2, &end, &day).unwrap();
    let time = ExcelDateTime::from_ymd(2026, 11, 21).unwrap().and_hms(14, 5, 0).unwrap();
    sheet.write_datetime_with_format(1, 3, &time, &minute).unwrap();
    sheet.write_number(1, 4, 0.1 + 0.2).unwrap();
    sheet.write_boolean(1, 5, true).unwrap();
    let got = read_book(book);
    assert_eq!(got.joined(), ["1230000000000000|1.23E+15|2026-11-21|2026-11-21 14:05:00|0.3|TRUE"]);
    assert_eq!(got.lines, [2]);
    assert_eq!(got.info.encoding, "workbook");
    assert_eq!(got.info.dialect, "workbook, sheet Accounts");
}

#[test]
fn the_first_sheet_with_a_header_and_rows_is_read() {
    let mut book = Workbook::new();
    sheet(&mut book, "Cover", &[&["Accounts of June"]]);
    sheet(&mut book, "Empty", &[&["Id", "Name"]]);
    sheet(&mut book, "Data", &[&["Our accounts"], &[], &["Id", "Name", "City"], &["1", "Contoso"]]);
    let got = read_book(book);
    assert_eq!(got.info.header, ["Id", "Name", "City"]);
    assert_eq!(got.joined(), ["1|Contoso|"]);
    assert_eq!(got.lines, [4]);
    assert_eq!(got.info.notes, ["lines above the header, skipped: 1"]);
    assert_eq!(got.info.other_sheets, ["Cover", "Empty"]);
}

#[test]
fn the_user_may_name_the_sheet() {
    let mut book = Workbook::new();
    sheet(&mut book, "One", &[&["Id", "Name"], &["1", "Contoso"]]);
    sheet(&mut book, "Two", &[&["Id", "Name"], &["2", "Fabrikam"]]);
    let folder = Folder::new();
    let input = Input::named(folder.write("a.xlsx", book.save_to_buffer().unwrap()));
    let options = |name: &str| ReadOptions { sheet: Some(name.into()), ..ReadOptions::default() };
    assert_eq!(read(&input, &options("two")).unwrap().joined(), ["2|Fabrikam"]);
    let error = read(&input, &options("Three")).err().unwrap();
    assert!(error.to_string().contains("sheets: One, Two"), "{error}");
}

#[test]
fn a_list_of_one_column_is_a_table() {
    let mut book = Workbook::new();
    sheet(&mut book, "Sheet1", &[&["Email"], &["a@x.com"], &["b@x.com"]]);
    let got = read_book(book);
    assert_eq!(got.info.header, ["Email"]);
    assert_eq!(got.joined(), ["a@x.com", "b@x.com"]);
}

#[test]
fn the_hidden_sheet_of_dynamics_names_the_fields() {
    let mut book = Workbook::new();
    let header = [
        "(Nicht ändern) Firma",
        "(Nicht ändern) Zeilenprüfsumme",
        "Firmenname",
        "E-Mail (Kontakt)",
    ];
    sheet(&mut book, "Meine aktiven Firmen", &[&header, &["4d3f", "x", "Contoso", "a@x.com"]]);
    let names = "account:Fx/+Q==:accountid=%28Nicht%20%C3%A4ndern%29%20Firma\
                 &checksumLogicalName=%28Nicht%20%C3%A4ndern%29%20Zeilenpr%C3%BCfsumme\
                 &name=Firmenname&0b1a.emailaddress1=E-Mail%20%28Kontakt%29";
    sheet(&mut book, "hiddenSheet", &[&[names]]).set_very_hidden(true);
    let got = read_book(book);
    assert_eq!(got.info.logical_object.as_deref(), Some("account"));
    let names: Vec<Option<&str>> = got.info.logical_names.iter().map(Option::as_deref).collect();
    assert_eq!(names, [Some("accountid"), Some("checksumLogicalName"), Some("name"), None]);
    assert_eq!(got.info.notes, [""; 0]);
    assert_eq!(got.joined().len(), 1);
}

#[test]
fn the_footer_of_a_formatted_report_begins_in_the_second_column() {
    let mut book = Workbook::new();
    let rows: [&[&str]; 7] = [
        &["", "Accounts with owners"],
        &[],
        &["", "Id", "Name", "City"],
        &["", "1", "a", "Ulm"],
        &[],
        &["", "Copyright (c) 2000-2026 salesforce.com"],
        &["", "Confidential Information"],
    ];
    sheet(&mut book, "A", &rows);
    let got = read_book(book);
    assert_eq!(got.joined(), ["|1|a|Ulm"]);
    assert_eq!((got.info.title_lines, got.footer_lines), (1, 2));
}

#[test]
fn a_row_pushed_out_by_a_cell_too_many_is_left_out() {
    let mut book = Workbook::new();
    let rows: [&[&str]; 4] =
        [&["Id", "Name"], &["1", "Vale", "Legal Services"], &["2", "b"], &["3", "c"]];
    sheet(&mut book, "A", &rows);
    let got = read_book(book);
    assert_eq!(got.joined(), ["2|b", "3|c"]);
    assert_eq!(got.complaints(), ["2: too many cells: 3 of 2"]);
    assert!(got.problems[0].record_lost);
}

#[test]
fn a_column_without_a_title_is_a_column() {
    let mut book = Workbook::new();
    let rows: [&[&str]; 4] =
        [&["Id", "Name"], &["1", "a", "seen"], &["2", "b", "seen"], &["3", "c"]];
    sheet(&mut book, "A", &rows);
    let got = read_book(book);
    assert_eq!(got.joined(), ["1|a|seen", "2|b|seen", "3|c|"]);
    assert_eq!(got.complaints(), [""; 0]);
}

#[test]
fn cells_next_to_the_table_are_reported_and_cost_nothing() {
    let mut book = Workbook::new();
    sheet(&mut book, "A", &[&["Id", "Name"], &["1", "Contoso", "", "see me"], &[], &["2", "b"]]);
    let got = read_book(book);
    assert_eq!(got.joined(), ["1|Contoso", "2|b"]);
    assert_eq!(
        got.complaints(),
        ["2: cells beyond the last header passed over; rows with such: 1"]
    );
    assert!(!got.problems[0].record_lost);
}

#[test]
fn the_footer_of_a_report_in_a_workbook_is_no_row() {
    let mut book = Workbook::new();
    let copyright = "Copyright (c) 2026 salesforce.com, inc.";
    let rows: [&[&str]; 6] =
        [&["Id", "Name", "City"], &["1", "a", "b"], &["2", "", ""], &[], &["x"], &[copyright]];
    sheet(&mut book, "A", &rows);
    let got = read_book(book);
    assert_eq!(got.joined(), ["1|a|b", "2||"]);
    assert_eq!(got.footer_lines, 2);
}

#[test]
fn workbooks_of_every_format_are_read() {
    let content = r#"<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
        <table:table table:name="A"><table:table-row>
        <table:table-cell office:value-type="string"><text:p>Id</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell>
        </table:table-row><table:table-row>
        <table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>Müller</text:p></table:table-cell>
        </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let content: String = content.replace("\n        ", " ").replace("> <", "><");
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let ods = zipped(&[
        ("mimetype", kind),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ]);
    for (name, bytes) in [("a.ods", &ods[..]), ("a.xls", XLS), ("a.csv", XLS)] {
        let got = read_as(name, bytes).unwrap();
        assert_eq!(got.info.header, ["Id", "Name"], "{name}");
        assert_eq!(got.joined(), ["1|Müller"], "{name}");
    }
}

#[test]
fn a_workbook_inside_an_archive_is_read() {
    let mut book = Workbook::new();
    sheet(&mut book, "A", &[&["Id", "Name"], &["1", "Contoso"]]);
    let folder = Folder::new();
    let member = book.save_to_buffer().unwrap();
    let path = folder.write("a.zip", zipped(&[("a.xlsx", member)]));
    let (inputs, _) = discover(&[path], &ReadOptions::default()).unwrap();
    assert_eq!(read(&inputs[0], &ReadOptions::default()).unwrap().joined(), ["1|Contoso"]);
}

#[test]
fn a_workbook_without_a_table_is_refused_with_its_sheets() {
    let mut book = Workbook::new();
    sheet(&mut book, "Numbers", &[]).write_number(0, 0, 1.0).unwrap();
    let error = refusal("a.xlsx", book.save_to_buffer().unwrap());
    assert!(error.to_string().contains("no sheet holds a table; sheets: Numbers"), "{error}");
}

#[test]
fn an_archive_under_the_name_of_a_workbook_is_refused() {
    let error = refusal("a.xlsx", zipped(&[("a.txt", "x")]));
    assert!(error.to_string().contains("an archive, not a workbook"), "{error}");
}
