//! Full names of people, cut into first and last name where nothing leaves a doubt.

use crate::columns::{Meaning, NameOrder, WordUse, Words};

/// First and last name. A full name is cut only where its words leave no doubt, else it stands as
/// the last name: `Last, First` at the comma, a name in kanji or hangul before its last word, a
/// name in Latin letters after its first.
pub(super) fn cut<'c>(full: &'c str, order: NameOrder, words: &Words) -> (&'c str, &'c str) {
    const COMMAS: [char; 3] = [',', '、', '，'];
    let full = without_degrees(bare(full, words), words);
    let Some((last, first)) = full.split_once(COMMAS) else { return by_words(full, order) };
    let (last, first) = (last.trim(), first.trim());
    let begins_small = last.chars().next().is_some_and(char::is_lowercase); // van Beethoven
    let is_name = !first.is_empty() && !last.is_empty() && !first.contains(COMMAS);
    // behind a whole name may stand a job, or a first name behind two last names: nobody knows
    if is_name && (begins_small || !last.contains(' ')) { (first, last) } else { ("", full) }
}

/// A full name without what stands around it: a form of address or a title in front, a note in
/// brackets or behind a dash at the end.
fn bare<'c>(full: &'c str, words: &Words) -> &'c str {
    let ends = [full.find(" ("), full.find(" ["), full.find(" - "), full.find(" – ")];
    let mut name = ends.into_iter().flatten().min().map_or(full, |end| &full[..end]).trim();
    while let Some((word, rest)) = name.split_once(' ') {
        let is_title = word.ends_with('.') && word.chars().count() > 2;
        if !(is_title || is(word, Meaning::Form, words)) || rest.trim().is_empty() {
            break;
        }
        name = rest.trim_start();
    }
    name
}

/// A name without the degrees, generations and jobs at its end: `Ada Lovelace, Ph.D.`, `John Smith
/// III`. Of one word before a comma only what is known for a degree is taken off: `MUSTER, MAX`.
fn without_degrees<'c>(full: &'c str, words: &Words) -> &'c str {
    let mut name = full;
    loop {
        let shorter = match name.rsplit_once([',', '，']) {
            Some((front, part)) => {
                let is_whole = front.trim().contains([' ', ',']);
                let goes =
                    is_degree(part.trim(), is_whole, words) || (is_whole && is_job(part, words));
                goes.then_some(front)
            }
            None => name
                .rsplit_once(' ')
                .filter(|(front, word)| front.trim().contains(' ') && ends_name(word, words))
                .map(|(front, _)| front),
        };
        match shorter.map(str::trim).filter(|front| !front.is_empty()) {
            Some(front) => name = front,
            None => return name,
        }
    }
}

/// Whether a word at the end of a name is a degree or tells generations apart. What is written as a
/// name is one.
fn ends_name(word: &str, words: &Words) -> bool {
    let is_marked =
        word.contains('.') || word.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    is(word, Meaning::Suffix, words) || (is_marked && is(word, Meaning::Degree, words))
}

/// Whether a part behind a comma is made of degrees and generations; behind a whole name also by
/// its form: `MBA`, `Ph.D.`, `PhD`.
fn is_degree(part: &str, is_whole: bool, words: &Words) -> bool {
    let of_form = |word: &str| {
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        word.contains('.')
            || word.chars().count() < 3
            || word.chars().all(char::is_uppercase)
            || (capitals > 1 && word.ends_with(char::is_uppercase))
    };
    let is_one = |word: &str| {
        is(word, Meaning::Degree, words)
            || is(word, Meaning::Suffix, words)
            || (is_whole && of_form(word))
    };
    !part.is_empty() && part.split_whitespace().all(is_one)
}

/// Whether a part behind a comma names a job.
fn is_job(part: &str, words: &Words) -> bool {
    part.split([' ', '/', '-']).any(|word| is(word, Meaning::Job, words))
}

fn is(word: &str, wanted: Meaning, words: &Words) -> bool {
    words.meaning(WordUse::Name, word) == Some(wanted)
}

/// A full name without a comma, cut where its words leave no doubt: the family name in capitals,
/// the order of the script or the file.
fn by_words(full: &str, order: NameOrder) -> (&str, &str) {
    if let Some(names) = by_capitals(full) {
        return names;
    }
    let is_latin = full.chars().all(|c| (c as u32) < 0x530);
    let mut words = full.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(last), Some(_), _) if is_latin && order == NameOrder::LastNameFirst => full
            .split_once(char::is_whitespace)
            .map_or(("", full), |(_, first)| (first.trim(), last)),
        (Some(first), Some(last), None) if full.chars().all(|c| (c as u32) < 0x250) => {
            (first, last)
        }
        (Some(last), Some(first), None) if family_name_first(last) => (first, last),
        _ => ("", full),
    }
}

/// First and last name where the one is in capitals and the other is not: `DORN Emil`, `Emil VAN
/// DORN`.
fn by_capitals(full: &str) -> Option<(&str, &str)> {
    let is_capital = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 1
            && word.chars().all(|c| !c.is_lowercase())
    };
    let is_small = |word: &str| word.chars().any(char::is_lowercase);
    for (at, _) in full.match_indices(' ') {
        let (front, back) = (&full[..at], full[at + 1..].trim_start());
        let all = |text: &str, fits: &dyn Fn(&str) -> bool| text.split_whitespace().all(fits);
        if all(front, &is_capital) && all(back, &is_small) {
            return Some((back, front));
        }
        if all(front, &is_small) && all(back, &is_capital) {
            return Some((front, back));
        }
    }
    None
}

/// Whether a word is written as names are where the family name comes first. Katakana alone may
/// be a foreigner's name in either order.
fn family_name_first(word: &str) -> bool {
    word.chars().any(|c| {
        matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '々' | '\u{ac00}'..='\u{d7a3}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::ColumnRules;

    #[test]
    fn full_names_are_cut_only_where_there_is_no_doubt() {
        let rules = ColumnRules::embedded().unwrap();
        for (full, want) in [
            ("Ada Lovelace", ("Ada", "Lovelace")),
            ("Lovelace, Ada", ("Ada", "Lovelace")),
            ("van Beethoven, Ludwig", ("Ludwig", "van Beethoven")),
            ("Ludwig van Beethoven", ("", "Ludwig van Beethoven")),
            ("Ada Lovelace, Ph.D.", ("Ada", "Lovelace")),
            ("Ada Lovelace, MBA, PhD", ("Ada", "Lovelace")),
            ("Ada Lovelace M.Sc.", ("Ada", "Lovelace")),
            ("Kim Lee, MBA", ("Kim", "Lee")),
            ("Kim Lee MBA", ("Kim", "Lee")),
            ("Dora Dorn, PhD", ("Dora", "Dorn")),
            ("Dora Dorn, Geschäftsführerin", ("Dora", "Dorn")),
            ("Rolf Marten, Head of IT", ("Rolf", "Marten")),
            ("Jean Dupont, Directeur commercial", ("Jean", "Dupont")),
            // a first name behind two last names, or a job nobody knows
            ("García López, Ana", ("", "García López, Ana")),
            ("DORN Emil", ("Emil", "DORN")),
            ("Emil VAN DORN", ("Emil", "VAN DORN")),
            ("DORN EMIL", ("DORN", "EMIL")),
            ("MUSTER, MAX", ("MAX", "MUSTER")),
            ("Li, Bo", ("Bo", "Li")),
            ("John Smith III", ("John", "Smith")),
            ("John Smith Jr.", ("John", "Smith")),
            ("John Smith, Jr.", ("John", "Smith")),
            ("King, Martin, Jr.", ("Martin", "King")),
            ("Dr. Rolf Marten", ("Rolf", "Marten")),
            ("Herr Dr. Max Muster", ("Max", "Muster")),
            ("Max Muster (Einkauf)", ("Max", "Muster")),
            ("Max Muster - Einkauf", ("Max", "Muster")),
            ("J. Smith", ("J.", "Smith")),
            ("山田 太郎", ("太郎", "山田")),
            ("佐々木　花子", ("花子", "佐々木")), // an ideographic blank
            ("김 민준", ("민준", "김")),
            ("アダ ラブレス", ("", "アダ ラブレス")), // order unknown
            ("Madonna", ("", "Madonna")),
            ("", ("", "")),
        ] {
            let found = cut(full, NameOrder::FirstNameFirst, &rules.words);
            assert_eq!(found, want, "full name: {full:?}");
        }
    }

    #[test]
    fn the_last_name_comes_first_where_the_file_writes_it_so() {
        let rules = ColumnRules::embedded().unwrap();
        for (full, want) in [
            ("Kovács János", ("János", "Kovács")),
            ("Nagy Anna Mária", ("Anna Mária", "Nagy")),
            ("Dr. Kovács János", ("János", "Kovács")),
            ("Yamada Taro", ("Taro", "Yamada")),
            ("Иванов Иван Петрович", ("Иван Петрович", "Иванов")),
            ("Kovács, János", ("János", "Kovács")),
            ("János KOVÁCS", ("János", "KOVÁCS")), // capitals say more
            ("アダ ラブレス", ("", "アダ ラブレス")),
            ("Madonna", ("", "Madonna")),
        ] {
            let found = cut(full, NameOrder::LastNameFirst, &rules.words);
            assert_eq!(found, want, "full name: {full:?}");
        }
    }
}
