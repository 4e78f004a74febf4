//! Rows that are left out, and what is not lost with them.

use super::folder::{read_csv, refusal};

#[test]
fn rows_with_too_few_or_too_many_cells_are_left_out_and_the_others_read() {
    let got = read_csv("Id,Name,City\n1,Contoso,Berlin\n2,Fabrikam\n3,a,b,c\n4,d,e,,\n5,f,g\n");
    assert_eq!(got.joined(), ["1|Contoso|Berlin", "4|d|e||", "5|f|g"]);
    assert_eq!(got.complaints(), ["3: too few cells: 2 of 3", "4: too many cells: 4 of 3"]);
    assert!(got.problems.iter().all(|problem| problem.record_lost));
}

#[test]
fn two_names_in_the_first_line_are_a_header_though_most_rows_below_are_damaged() {
    let got = read_csv("Email,Reason\na@x.de,b\nshort\nc,d,e\n");
    assert_eq!(got.info.header, ["Email", "Reason"]);
    assert_eq!(got.joined(), ["a@x.de|b"]);
    assert_eq!(got.problems.len(), 2);
}

#[test]
fn a_first_line_of_more_cells_than_a_worksheet_has_columns_is_refused() {
    let error = refusal("a.csv", vec!["c"; 17_000].join(","));
    assert_eq!(
        error.to_string().rsplit('/').next(),
        Some("a.csv: a first line of 17000 cells is more than the limit of 16384 columns")
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_damaged_row_above_the_footer_is_a_problem_and_the_footer_a_footer() {
    for (footer, lost) in [
        ("Copyright (c) salesforce.com\nConfidential Information\n", 1),
        ("see you\nsoon\n", 3), // no word of a footer: damage, so that no row vanishes
    ] {
        let got = read_csv(format!("Id,Name,City\n1,a,b\nGrand Totals (1 record)\n\n{footer}"));
        assert_eq!(got.joined(), ["1|a|b"], "footer: {footer:?}");
        assert_eq!(got.problems.len(), lost, "footer: {footer:?}: {:?}", got.complaints());
        assert_eq!(got.footer_lines as usize, 3 - lost, "footer: {footer:?}");
    }
}

#[test]
fn a_lone_quote_costs_one_line() {
    for text in [
        "Id,Name\n1,\"Contoso\n2,Fabrikam\n3,\"Litware\"\n4,x\n",
        "Id,Name\n1,\"Contoso\n2,Fabrikam\n3,Litware\n4,x\n",
        "Id,Name\r\n1,\"Contoso\r\n2,Fabrikam\r\n3,\"Litware\"\r\n4,x\r\n",
    ] {
        let got = read_csv(text);
        assert_eq!(got.joined(), ["2|Fabrikam", "3|Litware", "4|x"], "text: {text:?}");
        assert_eq!(got.problems.len(), 1, "text: {text:?}");
        assert_eq!(got.problems[0].line, 2, "text: {text:?}");
    }
}

#[test]
fn two_lone_quotes_far_apart_cost_two_lines() {
    let mut text = String::from("Id,Name,City\n1,\"a,b\n");
    let good: String = (2..2000).map(|at| format!("{at},name {at},x\n")).collect();
    text.push_str(&good);
    text.push_str("2000,\"c,d\n2001,e,f\n");
    let got = read_csv(text);
    assert_eq!(got.rows.len(), 1999);
    assert_eq!(got.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 2001]);
}

#[test]
fn a_quote_inside_a_quoted_cell_of_one_line_is_text() {
    let got = read_csv("Id,Name\n1,\"Contoso \"Best\" Ltd\"\n2,5\" pipe\n");
    assert_eq!(got.joined(), ["1|Contoso \"Best\" Ltd", "2|5\" pipe"]);
}

#[test]
fn a_quote_that_is_never_closed_in_a_large_file_costs_one_line() {
    let mut text = String::from("Id,Name\n1,\"Contoso\n");
    for at in 0..300_000 {
        text.push_str(&format!("{at},Fabrikam number {at}\n"));
    }
    let got = read_csv(text);
    assert_eq!(got.rows.len(), 300_000);
    assert_eq!(got.complaints(), ["2: a lone quote that would swallow the lines below"]);
}

#[test]
fn a_row_with_bytes_that_are_no_text_is_left_out_and_the_others_read() {
    let mut bytes = "Id,Name\n1,Müller\n2,Größe\n3,Söhne\n4,Bücher\n5,X".as_bytes().to_vec();
    bytes.extend(b"\xff\n6,Contoso\n");
    let got = read_csv(bytes);
    assert_eq!(got.joined(), ["1|Müller", "2|Größe", "3|Söhne", "4|Bücher", "6|Contoso"]);
    assert_eq!(got.problems.len(), 1);
    assert_eq!(got.problems[0].line, 6);
    assert!(got.problems[0].record_lost);
}

#[test]
fn a_cell_longer_than_the_limit_costs_its_row() {
    let long = "x".repeat((1 << 20) + 1);
    let text = format!("Id,Name\n1,{long}\n2,\"{long}\"\n3,Contoso\n");
    let got = read_csv(text);
    assert_eq!(got.joined(), ["3|Contoso"]);
    assert_eq!(got.complaints(), ["2: a cell longer than 1 MiB", "3: a cell longer than 1 MiB"]);
    let allowed = "y".repeat(1 << 20);
    assert_eq!(read_csv(format!("Id,Name\n1,{allowed}\n")).rows.len(), 1);
}

#[test]
fn a_line_longer_than_the_limit_costs_itself() {
    let mut text = String::from("Id,Name\n1,a\n2,");
    text.push_str(&"z".repeat(20 << 20));
    text.push_str("\n3,b\n");
    let got = read_csv(text);
    assert_eq!(got.joined(), ["1|a", "3|b"]);
    assert_eq!(got.lines, [2, 4]);
    assert_eq!(got.problems.len(), 1);
}

#[test]
fn a_row_with_more_cells_than_a_worksheet_has_columns_is_left_out() {
    let got = read_csv(format!("Id,Name\n1,a\n{}\n2,b\n", ",x".repeat(20_000)));
    assert_eq!(got.joined(), ["1|a", "2|b"]);
    assert_eq!(got.complaints(), ["3: more than 16384 cells"]);
}

#[test]
fn exactly_as_many_rows_as_one_dynamics_export_holds_are_a_warning() {
    for (rows, warned) in [(99_999, false), (100_000, true), (100_001, false)] {
        let mut text = String::from("Id,Name\n");
        (0..rows).for_each(|at| text.push_str(&format!("{at},x\n")));
        let got = read_csv(text);
        assert_eq!(got.problems.len(), usize::from(warned), "rows: {rows}");
        assert!(got.problems.iter().all(|problem| problem.line == 0 && !problem.record_lost));
    }
}

#[test]
fn cells_that_say_nothing_are_empty_and_guarding_apostrophes_go() {
    let got = read_csv("Id,Parent,Phone,Fax\n1,000000000000000AAA,'+49 30 1234,#N/A\n2,NULL,-,x\n");
    assert_eq!(got.joined(), ["1||+49 30 1234|", "2|||x"]);
}

#[test]
fn files_without_a_header_are_refused() {
    for (name, bytes, found) in [
        ("a.csv", &b""[..], "an empty file"),
        ("a.csv", b"\n\n \n", "no line of it is a header"),
        ("a.csv", b"\xef\xbb\xbf", "no line of it is a header"),
        ("a.xls", b"<html><table>", "a web page or XML, whatever its name says"),
        ("a.csv", b"%PDF-1.7", "a PDF document"),
        ("a.csv", &[0; 4096], "no text and no workbook"),
        ("a.xlsx", b"PK\x03\x04junk", "protected, damaged or no workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0junk", "protected, damaged or no workbook"),
        ("a.xlsx", &encrypted(), "a password or a label of confidentiality protects"),
    ] {
        let error = refusal(name, bytes);
        assert!(error.to_string().contains(found), "{name} {bytes:?}: {error}");
        assert!(error.hint().is_some(), "{name} {bytes:?}");
    }
}

/// The wrapping that Excel writes around an encrypted workbook: a compound file of a table of
/// sectors and a directory.
fn encrypted() -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let mut bytes = vec![0; 3 * 512];
    let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
    put(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    put(30, &9u16.to_le_bytes());
    put(48, &1u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(80, &[0xff; 432]);
    put(512, &0xffff_fffd_u32.to_le_bytes());
    put(516, &END.to_le_bytes());
    for (at, name) in ["Root Entry", "EncryptionInfo", "EncryptedPackage"].iter().enumerate() {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(1024 + at * 128, &name);
    }
    bytes
}
