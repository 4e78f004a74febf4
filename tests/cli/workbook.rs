//! The workbooks say what their CSV twins say, and keep ids as text.

use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

use crate::cli::workdir::{Table, Workdir};

fn first_sheet(dir: &Workdir, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(dir.path(name)).expect(name);
    let sheet = book.sheet_names()[0].clone();
    book.worksheet_range(&sheet).expect(name)
}

/// Types a verdict and a note into `out/review.xlsx`, as a person does in Excel, which writes the
/// whole workbook anew.
pub(crate) fn fill_in_review(dir: &Workdir, account: &str, verdict: &str, note: &str) {
    let sheet = first_sheet(dir, "out/review.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name("review").expect("a name");
    let header: Vec<String> =
        sheet.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    let place = |name: &str| header.iter().position(|title| title == name).expect(name);
    for (down, row) in sheet.rows().enumerate() {
        let judged = row[place("account_id")] == account;
        for (right, cell) in row.iter().enumerate() {
            let text = match right {
                _ if judged && right == place("verdict") => verdict.to_owned(),
                _ if judged && right == place("note") => note.to_owned(),
                _ => cell.to_string(),
            };
            page.write_string(down as u32, right as u16, text).expect("a cell");
        }
    }
    book.save(dir.path("out/review.xlsx")).expect("a workbook");
}

#[test]
fn workbooks_hold_the_columns_and_ids_of_their_twins_and_ids_are_text() {
    let dir = Workdir::samples();
    dir.run_samples("crm/hubspot", "out", &[]); // whose ids are numbers
    for (name, ids) in [
        ("customers", &["customer_id", "account_ids"][..]),
        ("contacts", &["contact_id", "account_id", "customer_id"]),
        ("review", &["customer_id", "account_id"]),
    ] {
        let twin = dir.table(&format!("out/{name}.csv"));
        let sheet = first_sheet(&dir, &format!("out/{name}.xlsx"));
        let header: Vec<String> =
            sheet.rows().next().expect(name).iter().map(ToString::to_string).collect();
        for id in ids {
            let at = header.iter().position(|title| title == id).expect(id);
            let cells: Vec<String> = sheet
                .rows()
                .skip(1)
                .map(|row| match &row[at] {
                    Data::String(text) => text.clone(),
                    Data::Empty => String::new(),
                    other => panic!("{name}.xlsx, {id}: {other:?} is no text"),
                })
                .collect();
            assert_eq!(cells, twin.column(id), "{name}.xlsx, {id}");
        }
    }
}

#[test]
#[ignore = "opens the workbooks in LibreOffice; test.sh runs it"]
fn another_program_reads_the_same_cells_out_of_the_workbooks() {
    let dir = Workdir::samples();
    dir.run_samples("crm/dynamics", "out", &[]);
    for name in ["customers", "contacts", "review"] {
        let mut office = Command::new("soffice");
        let profile = format!("-env:UserInstallation=file://{}", dir.path("profile").display());
        let told = office
            .current_dir(dir.path(""))
            .args([
                &profile,
                "--headless",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
                "--outdir",
                "office",
            ])
            .arg(format!("out/{name}.xlsx"))
            .output()
            .expect("LibreOffice starts");
        assert!(told.status.success(), "{told:?}");
        let (office, twin) =
            (dir.read(&format!("office/{name}.csv")), dir.table(&format!("out/{name}.csv")));
        let office = Table::of(&office);
        for header in ["customer_id", "customer_name"] {
            assert_eq!(office.column(header), twin.column(header), "{name}: {header}");
        }
    }
}
