//! Workbooks in LibreOffice: every cell is text or a number, whatever it begins with.
//!
//! Needs Debian's package `libreoffice-calc`. Where it is missing the test fails, unless
//! `WITHOUT_LIBREOFFICE` is set, which only a developer's machine may do.

use std::{fs, process::Command};

use crate::campaign::workdir::Workdir;

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

fn has_office() -> bool {
    let found = Command::new("soffice").arg("--version").output().is_ok();
    let may_miss = std::env::var_os("WITHOUT_LIBREOFFICE").is_some();
    assert!(found || may_miss, "install Debian's package libreoffice-calc");
    found
}

#[test]
fn workbooks_hold_no_formula() {
    if !has_office() {
        return;
    }
    let dir = Workdir::new();
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
    dir.write("Contacts.csv", &contacts);
    dir.link("out", &["--target", "workbook"]);
    let books = [
        "out/contacts.xlsx",
        "out/customers.xlsx",
        "out/review.xlsx",
        "out/campaigns/workbook/Campaigns.xlsx",
    ];
    for book in books {
        let home = dir.path("office");
        let ran = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", home.display()))
            .args(["--headless", "--convert-to", "fods", "--outdir"])
            .arg(dir.path("opened"))
            .arg(dir.path(book))
            .output()
            .expect("LibreOffice starts");
        assert!(ran.status.success(), "{book}: {}", String::from_utf8_lossy(&ran.stderr));
        let name = book.rsplit('/').next().expect("a name").replace(".xlsx", ".fods");
        let opened = fs::read_to_string(dir.path("opened").join(name)).expect(book);
        assert!(!opened.contains("table:formula"), "{book} holds a formula");
        assert!(opened.contains("office:value-type=\"string\""), "{book} was read");
    }
    let opened = fs::read_to_string(dir.path("opened/Campaigns.fods")).unwrap();
    assert!(opened.contains("=1+1") && opened.contains("＝1+1"), "the texts are all there");
}
