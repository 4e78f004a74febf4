//! Workbooks in LibreOffice: every cell is text or a number, whatever it begins with.

use crate::support::Workdir;

/// What spreadsheets run, by OWASP's list, plain and in full width.
const DANGEROUS: [&str; 12] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\"\t=1+1\"",
    "\"\r=1+1\"",
    "\"\n=1+1\"",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=HYPERLINK(\"\"http://x\"\")",
];

#[test]
#[ignore = "opens the workbooks in LibreOffice; test.sh runs it"]
fn workbooks_hold_no_formula() {
    let dir = Workdir::world();
    let mut contacts = dir.read("Contacts.csv");
    for (at, name) in DANGEROUS.iter().enumerate() {
        let name = if name.starts_with('"') || name.contains('"') {
            format!("\"{}\"", name.trim_matches('"').replace("\"\"", "\"").replace('"', "\"\""))
        } else {
            (*name).to_owned()
        };
        contacts.push_str(&format!(
            "003Qy00000AAX{at:02},001Qy00000AAAAA,,{name},{name},{name},x{at}@quellbrink.de,Yes,{name},{name},,Germany\n"
        ));
    }
    dir.write("Contacts.csv", contacts);
    dir.run_world("out", &["--target", "workbook"]);
    for (folder, book) in [
        ("out", "contacts"),
        ("out", "customers"),
        ("out", "review"),
        ("out/campaigns/workbook", "Campaigns"),
    ] {
        dir.convert(&format!("{folder}/{book}.xlsx"), "fods", &[]);
        let opened = dir.read(&format!("office/{book}.fods"));
        assert!(!opened.contains("table:formula"), "{book} holds a formula");
        assert!(opened.contains("office:value-type=\"string\""), "{book} was read");
    }
    let opened = dir.read("office/Campaigns.fods");
    assert!(opened.contains("=1+1") && opened.contains("＝1+1"), "the texts are all there");
}
