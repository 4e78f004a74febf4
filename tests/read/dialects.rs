//! Delimiters, quotes, titles, footers, wrapped lines.

use crate::folder::read_csv;

#[test]
fn the_delimiter_is_told_from_the_header_and_the_first_lines() {
    for (text, dialect, rows) in [
        ("Id,Name\n1,Contoso\n", "comma", ["1|Contoso"]),
        ("Id;Name\n1;Contoso\n", "semicolon", ["1|Contoso"]),
        ("Id\tName\n1\tContoso\n", "tab", ["1|Contoso"]),
        ("Id|Name\n1|Contoso\n", "pipe", ["1|Contoso"]),
        ("Id;\"Name, legal\"\n1;Contoso, Inc\n", "semicolon", ["1|Contoso, Inc"]),
        ("Id;Umsatz\n1;1,5\n", "semicolon", ["1|1,5"]), // decimal commas
        ("\"a,b\"|c\n1|2\n", "pipe", ["1|2"]),
        ("Email\nanna@contoso.com\n", "one column", ["anna@contoso.com"]),
    ] {
        let got = read_csv(text);
        assert!(got.info.dialect.starts_with(dialect), "text: {text:?}: {}", got.info.dialect);
        assert_eq!(got.joined(), rows, "text: {text:?}");
        assert_eq!(got.complaints(), [""; 0], "text: {text:?}");
    }
}

#[test]
fn line_breaks_inside_quotes_belong_to_the_cell_and_count_as_lines() {
    let got = read_csv("Id,Street\n1,\"Main St 1\nFloor 2\"\n2,x\n");
    assert_eq!(got.joined(), ["1|Main St 1\nFloor 2", "2|x"]);
    assert_eq!(got.lines, [2, 4]);
}

#[test]
fn rows_with_too_few_or_too_many_cells_are_left_out_and_the_others_read() {
    let got = read_csv("Id,Name,City\n1,Contoso,Berlin\n2,Fabrikam\n3,a,b,c\n4,d,e,,\n5,f,g\n");
    assert_eq!(got.joined(), ["1|Contoso|Berlin", "4|d|e||", "5|f|g"]);
    assert_eq!(got.complaints(), ["3: too few cells: 2 of 3", "4: too many cells: 4 of 3"]);
}

#[test]
fn a_lone_quote_costs_one_line() {
    let got = read_csv("Id,Name\n1,\"Contoso\n2,Fabrikam\n3,\"Litware\"\n4,x\n");
    assert_eq!(got.joined(), ["2|Fabrikam", "3|Litware", "4|x"]);
    assert_eq!(got.complaints(), ["2: a lone quote that would swallow the lines below"]);
}
