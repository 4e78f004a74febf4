//! The functions of the fuzz targets on a bounded number of cases.

use proptest::prelude::*;

use super::*;
use crate::read::tests::folder::zipped;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn reading_ends_whatever_the_bytes_are(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        delimited(&bytes);
        value(&bytes);
    }

    #[test]
    fn reading_ends_whatever_the_text_is(text in "[a-c0-9,;\t|\"'\n\r=.\\-/年 é\u{feff}]{0,400}") {
        delimited(text.as_bytes());
        value(text.as_bytes());
    }

    #[test]
    fn domains_and_names_are_read_whatever_the_text_is(text in "(\\PC|[a-z@./:,\"\n]){0,60}") {
        domain(text.as_bytes());
        company(text.as_bytes());
    }

    #[test]
    fn domains_and_names_are_read_whatever_the_bytes_are(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        domain(&bytes);
        company(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn verdict_files_are_read_whatever_they_hold(
        rows in prop::collection::vec(("[a-z0-9]{0,4}", "[a-z0-9]{0,4}", "(accept|reject|none|annehmen|x|)"), 0..8),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut file = "customer_id,account_id,verdict,seen,note\n".to_owned();
        rows.iter().for_each(|(customer, account, word)| {
            file.push_str(&format!("{customer},{account},{word},,\n"));
        });
        verdict(file.as_bytes());
        verdict(&bytes);
        verdict(&[file.as_bytes(), &bytes].concat());
    }

    #[test]
    fn reading_ends_whatever_a_workbook_holds(
        at in 0usize..6000, byte in any::<u8>(), bytes in prop::collection::vec(any::<u8>(), 0..600)
    ) {
        workbook(&bytes);
        let mut old = include_bytes!("../read/tests/accounts.xls").to_vec();
        let place = at % old.len();
        old[place] = byte;
        workbook(&old);
        let sheet = String::from_utf8_lossy(&bytes).into_owned();
        workbook(&zipped(&[("xl/workbook.xml", sheet.as_str()), ("content.xml", "<a/>")]));
    }
}

proptest! {
    // each case is two whole runs
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn who_stands_in_a_suppression_list_is_on_no_list_whatever_stands_around_it(
        header in "(Email|Email,Reason|Reason,Email,Date|Work Email,Home Email|Email,Opt Out,VIP|Domain|)",
        rows in prop::collection::vec(
            "(kim@x\\.example)?(,(asked|no|yes|))?(,\"?(a@b\\.example|2024|)\"?)?|[a-z,;\"' ]{0,12}|Confidential Information", 0..8),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let text = format!("{header}\n{}\n", rows.join("\n"));
        list(text.as_bytes());
        list(&[text.as_bytes(), &bytes].concat());
    }

    #[test]
    fn who_denies_in_a_row_is_on_no_list_whatever_stands_around_it(
        rows in prop::collection::vec(
            "(003[A-F])?(,001A?)?(,[a-z]{0,5})?(,[a-z]{1,3}@quellbrink\\.de)?(,(0|1|No|maybe|))?[,;\t| ]{0,2}", 0..8),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let text = rows.join("\n");
        people(text.as_bytes());
        people(&[text.as_bytes(), &bytes].concat());
    }
}
