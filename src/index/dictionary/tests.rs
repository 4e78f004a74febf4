use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn words_written_as_one_are_the_word_that_they_are(
        report in prop::collection::vec("[a-c]{1,4}", 0..40),
        asked in prop::collection::vec(("[a-c]{1,2}", "[a-c]{1,2}"), 1..40),
    ) {
        let mut words = Dictionary::default();
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

    #[test]
    fn a_text_begins_with_the_words_that_it_begins_with(
        report in prop::collection::vec("[aé]{1,4}", 0..40),
        asked in prop::collection::vec("[aé]{0,6}", 1..40),
    ) {
        let mut words = Dictionary::default();
        for word in &report {
            words.observe(word, false);
        }
        words.finish(report.len(), &WordRules::default(), &NameRules::default());
        for text in &asked {
            let letters: Vec<char> = text.chars().collect();
            let begins = |count| words.id(&String::from_iter(&letters[..count]));
            let want = (2..letters.len()).filter_map(|count| Some((count, begins(count)?)));
            prop_assert!(words.beginnings(text).eq(want), "{}", text);
        }
    }
}
