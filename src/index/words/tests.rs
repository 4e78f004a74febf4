use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn words_written_as_one_are_the_word_that_they_are(
        report in prop::collection::vec("[a-c]{1,4}", 0..40),
        asked in prop::collection::vec(("[a-c]{1,2}", "[a-c]{1,2}"), 1..40),
    ) {
        let mut words = Words::default();
        for word in &report {
            words.observe(word, false);
        }
        words.finish(report.len(), &WordRules::default(), &NameRules::default());
        for (first, second) in &asked {
            let want = words.id(&format!("{first}{second}"));
            let found = words.joined([first, second], &mut String::new());
            prop_assert_eq!(found, want, "{}+{}", first, second);
        }
    }
}
