use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn entries_of_tables_are_folded_as_names_are(entry in "[a-zA-Zé]{2,4}( [a-zA-Z]{1,4}){0,3} ?") {
        let variants = CharacterVariants::default();
        prop_assert_eq!(fold_entry(&entry, &variants), folded(&entry));
    }

    #[test]
    fn plain_names_are_folded_as_all_are(name in "[a-zA-Z0-9]{1,3}( [a-zA-Z0-9]{1,3}){0,30}") {
        let (mut plain, mut any) = (Folded::default(), Folded::default());
        let is_plain = fold_plain(&name, &mut plain);
        fold_any(&name, &CharacterVariants::default(), &mut any);
        prop_assert_eq!(is_plain, name.split(' ').count() <= MAX_WORDS);
        if is_plain {
            prop_assert_eq!((plain.text, plain.tokens), (any.text, any.tokens));
        }
    }
}

#[test]
fn what_is_said_of_characters_holds_for_all() {
    let all = ('\0'..=char::MAX).filter(|c| is_stable(*c) || is_european(*c));
    for c in all {
        assert!(c.nfkc().eq([c]), "{c:?} under NFKC");
        assert!(!unicode_normalization::char::is_combining_mark(c), "{c:?}");
        let follows = unicode_normalization::char::compose('か', c);
        assert_eq!(follows, None, "{c:?} joins what stands before it");
    }
    for c in ('À'..='ſ').filter(|c| is_european(*c)) {
        let (mut run, mut folded) = (String::new(), String::new());
        fold_run(&c.to_string(), &mut run);
        fold_character(c, &CharacterVariants::default(), &mut |part| folded.push(part));
        assert_eq!(run, folded, "{c:?}");
        assert!(run.chars().all(|c| class_of(c) == Class::Letter), "{c:?}: {run:?}");
    }
}

#[test]
fn names_are_folded_and_cut_into_words() {
    for (raw, want) in [
        ("Müller & Söhne GmbH", "muller & sohne gmbh"),
        ("G.m.b.H.", "gmbh"),
        ("S. p. A.", "spa"),
        ("A/S Foo", "as foo"),
        ("J.P. Morgan", "jp morgan"),
        ("Contoso N.V. O.N.", "contoso nv on"),
        ("L'Oréal", "loreal"),
        ("Straße Łódź Øresund", "strasse lodz oresund"),
        ("ＡＢＣ　株式会社", "abc 株式会社"),
        ("ｶﾌﾞｼｷ", "カブシキ"),
        ("AT&T", "att"),
        ("H&M Hennes & Mauritz", "hm hennes & mauritz"),
        ("E.ON SE", "eon se"),
        ("J.Jones", "j jones"), // a person's initial stays a word
        ("Coca-Cola", "coca cola"),
        ("Ελληνικά ΑΕ", "ελληνικα αε"),
        ("Ёлка й", "елка и"),
        ("  ", ""),
        ("\"x\"", "x"),
    ] {
        assert_eq!(folded(raw), want, "raw: {raw:?}");
        assert_eq!(folded(want), want, "folding twice: {raw:?}");
    }
}

#[test]
fn notes_and_brackets_are_marked() {
    let mut out = Folded::default();
    fold("Contoso Ltd. (old) - do not call", &CharacterVariants::default(), &mut out);
    let marks: Vec<_> =
        out.tokens.iter().map(|t| (out.word(t), t.bracketed, t.dotted, t.after)).collect();
    assert_eq!(
        marks,
        [
            ("contoso", false, false, None),
            ("ltd", false, true, None),
            ("old", true, false, None),
            ("do", false, false, Some('-')),
            ("not", false, false, None),
            ("call", false, false, None),
        ]
    );
}

#[test]
fn a_name_of_ten_thousand_words_is_cut_short() {
    let mut out = Folded::default();
    fold(&"word ".repeat(10_000), &CharacterVariants::default(), &mut out);
    assert_eq!(out.tokens.len(), MAX_WORDS);
}
