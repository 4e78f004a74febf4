//! Laws: whatever the bytes, the counts add up and nothing panics.

use proptest::prelude::*;

use super::folder::read_csv;

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

/// Undamaged rows at the top of a file: more than can be damaged below.
const CLEAN: usize = 80;

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
}

/// A record of a file with three columns: its bytes and whether it is a row. No quoted cell begins
/// with a comma, since such a one could close a lone quote above it.
fn counted_record() -> impl Strategy<Value = (Vec<u8>, bool)> {
    let text = |text: &'static str| Just((text.as_bytes().to_vec(), true));
    let damage = |bytes: &'static [u8]| Just((bytes.to_vec(), false));
    prop_oneof![
        6 => "[a-zé]{1,5},[a-zé ]{0,5},[a-z]{0,5}".prop_map(|row| (row.into_bytes(), true)),
        2 => "[a-z]{1,3},\"[a-z][a-zé,]{0,3}\r?\n[a-zé;]{0,3}\",[a-z]{0,3}".prop_map(|row| (row.into_bytes(), true)),
        1 => text("\"a\"\"b\",c,\"\""),
        1 => text("a,b,c,,"),
        1 => text("\"a,b,\"\"c\"\"\""),
        1 => damage(b"a,b"),
        1 => damage(b"a"),
        1 => damage(b"a,b,c,d,e"),
        1 => damage(b"a,\xff\xfe,c"),
        1 => damage(b"a,\"b,c"),
    ]
}

/// Bytes in a container or encoding of today.
fn packed(bytes: &[u8], how: u8) -> (&'static str, Vec<u8>) {
    use std::io::Write as _;
    match how {
        0 => ("a.csv", bytes.to_vec()),
        1 => {
            let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            file.write_all(bytes).expect("memory");
            ("a.csv.gz", file.finish().expect("memory"))
        }
        _ => ("a.csv", bytes.iter().copied().filter(|byte| *byte != b'\r').collect()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn rows_problem_rows_footers_and_titles_are_as_many_as_the_records(
        titles in 0u64..3,
        records in prop::collection::vec(counted_record(), 0..60),
        blank_lines in prop::collection::vec(0usize..60, 0..4),
        footers in 0u64..4,
        how in 0u8..3,
    ) {
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        (0..titles).for_each(|_| bytes.extend(b"Accounts of June\n"));
        // Enough rows to tell the header from the titles, whatever the damage below.
        bytes.extend("Id,Näme,City\n".as_bytes());
        (0..CLEAN).for_each(|_| bytes.extend("1,é,Ulm\n".as_bytes()));
        for (at, (record, _)) in records.iter().enumerate() {
            if blank_lines.contains(&at) {
                // A blank line is no record; a row follows it, so that no footer begins.
                bytes.extend("\nx,é,y\n".as_bytes());
            }
            bytes.extend(record);
            bytes.push(b'\n');
        }
        let between = blank_lines.iter().collect::<std::collections::BTreeSet<_>>();
        let between = between.into_iter().filter(|at| **at < records.len()).count();
        if footers > 0 {
            bytes.extend(b"\n");
            (0..footers).for_each(|_| bytes.extend(b"Copyright (c) 2026 salesforce.com\n"));
        }
        let (name, packed) = packed(&bytes, how);
        let got = super::folder::read_as(name, packed).expect("a table");
        let good = records.iter().filter(|(_, is_row)| *is_row).count();
        prop_assert_eq!(&got.info.header, &["Id", "Näme", "City"]);
        prop_assert_eq!(got.rows.len(), CLEAN + between + good, "{:?}", got.complaints());
        let lost = got.problems.iter().filter(|problem| problem.record_lost).count();
        prop_assert_eq!(lost, records.len() - good, "{:?}", got.complaints());
        prop_assert_eq!(got.info.title_lines, titles);
        prop_assert_eq!(got.footer_lines, footers);
    }
}
