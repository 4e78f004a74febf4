//! The workbooks say what their CSV twins say, and keep ids as text.

use calamine::Data;

use crate::support::{Table, Workdir};

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
        let sheet = dir.sheet(&format!("out/{name}.xlsx"));
        let table = Table::of_sheet(&sheet);
        for id in ids {
            assert_eq!(table.column(id), twin.column(id), "{name}.xlsx, {id}");
            let at = table.headers.iter().position(|header| header == id).expect(id);
            for row in sheet.rows() {
                let is_text = matches!(row[at], Data::String(_) | Data::Empty);
                assert!(is_text, "{name}.xlsx, {id}: {:?} is no text", row[at]);
            }
        }
    }
}

#[test]
#[ignore = "opens the workbooks in LibreOffice; test.sh runs it"]
fn another_program_reads_the_same_cells_out_of_the_workbooks() {
    let dir = Workdir::samples();
    dir.run_samples("crm/dynamics", "out", &[]);
    for name in ["customers", "contacts", "review"] {
        let format = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true";
        dir.convert(&format!("out/{name}.xlsx"), format, &[]);
        let office = dir.table(&format!("office/{name}.csv"));
        let twin = dir.table(&format!("out/{name}.csv"));
        for header in ["customer_id", "customer_name"] {
            assert_eq!(office.column(header), twin.column(header), "{name}: {header}");
        }
    }
}
