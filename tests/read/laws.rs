//! Laws: whatever the bytes, the counts add up and nothing panics.

use proptest::prelude::*;

use crate::{
    folder::{read_csv, zipped},
    reading,
};

/// A record of a file with three columns, damaged or not.
fn record() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof!["[a-zé;' ]{0,6}", "\"[a-zé, \r\n;]{0,8}\"", "\"x\"\"y\"", "\"\""];
    let row = prop::collection::vec(cell, 3).prop_map(|cells| cells.join(","));
    prop_oneof![
        8 => row.clone().prop_map(String::into_bytes),
        1 => Just(Vec::new()),
        1 => Just(b",,".to_vec()),
        1 => prop::collection::vec("[a-z\"]{0,3}", 1..6).prop_map(|cells| cells.join(",").into_bytes()),
        1 => row.prop_map(|row| {
            // A quote too many, in the middle.
            let (before, after): (Vec<_>, Vec<_>) =
                row.char_indices().partition(|(at, _)| at * 2 < row.len());
            let text = |part: Vec<(usize, char)>| part.iter().map(|(_, c)| c).collect::<String>();
            format!("{}\"{}", text(before), text(after)).into_bytes()
        }),
        1 => Just(b"\"1,a,\"\"b\"\"\"".to_vec()),
        1 => Just(b"Copyright (c) salesforce.com".to_vec()),
    ]
}

/// A file of such records, with line ends of all kinds.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let line_end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    prop::collection::vec((record(), line_end), 0..40).prop_map(|records| {
        let mut bytes = "\u{feff}Id,Näme,City\n1,a,b\n2,c,d\n".as_bytes().to_vec();
        for (record, line_end) in records {
            bytes.extend(record);
            bytes.extend(line_end.as_bytes());
        }
        bytes
    })
}

/// The lines of a text, whatever ends them.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn every_line_is_part_of_a_row_or_a_problem_or_declared(bytes in file()) {
        let got = read_csv(&bytes);
        prop_assert_eq!(&got.info.header, &["Id", "Näme", "City"]);
        let all = lines(&String::from_utf8_lossy(&bytes));
        let mut covered = vec![false; all.len() + 1];
        for (line, height) in got.lines.iter().zip(&got.heights) {
            for line in *line..line + height {
                prop_assert!(!covered[line as usize], "line {} is in two rows", line);
                covered[line as usize] = true;
            }
        }
        for problem in got.problems.iter().filter(|problem| problem.record_lost) {
            prop_assert!(!covered[problem.line as usize], "line {} is row and problem", problem.line);
            covered[problem.line as usize] = true;
        }
        let left: Vec<&String> =
            (1..=all.len()).filter(|&at| !covered[at]).map(|at| &all[at - 1]).collect();
        // A line of quotes and blanks may be a blank record or a declared line.
        let count = |blanks: &[char]| {
            left.iter().filter(|line| !line.trim_matches(blanks).is_empty()).count() as u64
        };
        let declared = 1 + got.info.title_lines + got.footer_lines;
        let (least, most) = (count(&[',', ' ', '"']), count(&[',', ' ']));
        prop_assert!((least..=most).contains(&declared), "{} declared, left: {:?}", declared, left);
    }

    #[test]
    fn rows_without_text_are_problems_and_the_others_are_rows(damaged in prop::collection::vec(any::<bool>(), 1..60)) {
        let mut bytes = "\u{feff}Id,Name,City\n".as_bytes().to_vec();
        for bad in &damaged {
            bytes.extend(if *bad { &b"1,\xc3\xff,2\n"[..] } else { "1,\"ä\nb\",2\n".as_bytes() });
        }
        let got = read_csv(&bytes);
        prop_assert_eq!(got.problems.len(), damaged.iter().filter(|bad| **bad).count());
        prop_assert_eq!(got.rows.len() + got.problems.len(), damaged.len());
    }

    #[test]
    fn reading_ends_whatever_the_bytes_are(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        reading::delimited(&bytes);
        reading::value(&bytes);
    }

    #[test]
    fn reading_ends_whatever_the_text_is(text in "[a-c0-9,;\t|\"'\n\r=.\\-/年 é\u{feff}]{0,400}") {
        reading::delimited(text.as_bytes());
        reading::value(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn reading_ends_whatever_a_workbook_holds(
        at in 0usize..6000, byte in any::<u8>(), bytes in prop::collection::vec(any::<u8>(), 0..600)
    ) {
        reading::workbook(&bytes);
        let mut old = include_bytes!("accounts.xls").to_vec();
        let place = at % old.len();
        old[place] = byte;
        reading::workbook(&old);
        let sheet = String::from_utf8_lossy(&bytes).into_owned();
        reading::workbook(&zipped(&[("xl/workbook.xml", sheet.as_str()), ("content.xml", "<a/>")]));
    }
}
