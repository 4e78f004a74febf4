use super::*;

/// Except forms of scripts without blanks, whose characters are cut anew.
#[test]
fn every_form_of_several_words_is_taken_from_where_it_may_stand() {
    let rules = NameRules::load(None).expect("the built-in tables");
    let (mut words, mut name) = (KnownWords::default(), CompanyName::default());
    for (phrase, form) in rules.forms.iter().filter(|(phrase, _)| !phrase.contains(is_ideograph)) {
        let at_end = (Position::END, format!("Brommelkamp {phrase}"));
        let in_front = (Position::FRONT, format!("{phrase} Brommelkamp"));
        for (_, raw) in [at_end, in_front].iter().filter(|(at, _)| form.stands(*at)) {
            rules.read(raw, &mut words, &mut name);
            assert_eq!(name.key(), "brommelkamp", "{raw}");
            assert_eq!(name.forms[..], [form.id], "{raw}");
        }
    }
}
