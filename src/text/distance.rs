//! In what ways one word may be another: typing errors, cut off, without vowels.

use smallvec::SmallVec;

use super::hash::hash_of;

/// In what way two words that are not the same may stand for each other. Ordered: the better is
/// the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// An abbreviation, or another form of the word.
    OtherForm,
    /// Cut off at a dot or at the end, or written without vowels.
    CutOff,
    /// But for typing errors.
    Typo,
}

/// Bytes from which a word before a dot may stand for the beginning of another.
pub(crate) const SHORTEST_CUT: usize = 3;

/// Whether a word before a dot and the one after it may be a single, longer word: `Masch.bau`.
pub(crate) fn is_cut(first: &str, second: &str, whole: &str) -> bool {
    first.len() >= SHORTEST_CUT
        && whole.len() > second.len() + SHORTEST_CUT
        && whole.starts_with(first)
        && whole.ends_with(second)
}

/// The nearest of some texts, where it is near enough to be what was meant: at most a third of the
/// letters differ. Case does not matter; of equals the first counts.
pub(crate) fn nearest<'k>(
    asked: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let asked = asked.trim().to_lowercase();
    let apart = |known: &str| strsim::osa_distance(&asked, &known.trim().to_lowercase());
    let near = known.into_iter().map(|of| (apart(of), of)).min_by_key(|(apart, _)| *apart);
    near.filter(|(apart, of)| apart * 3 <= count(of).max(count(&asked))).map(|(_, of)| of)
}

/// Whether two words are the same but for typing errors: one in four letters or more, two in nine
/// or more; never in digits.
pub(crate) fn is_typo(left: &str, right: &str) -> bool {
    let (ours, theirs) = (count(left), count(right));
    let (letters, longest) = (ours.min(theirs), ours.max(theirs));
    let allowed = match letters {
        0..=3 => return false,
        4..=8 => 1,
        _ => 2,
    };
    if longest - letters > allowed || left.bytes().chain(right.bytes()).any(|b| b.is_ascii_digit())
    {
        return false;
    }
    left != right && are_within(left, right, allowed)
}

/// Whether two texts are the same but for so many errors of typing.
pub(crate) fn are_within(left: &str, right: &str, allowed: usize) -> bool {
    let (left, right) = without_common_ends(left, right);
    let (ours, theirs) = (count(left), count(right));
    // So many letters put in, left out or changed are as many errors.
    if ours == 0 || theirs == 0 || ours.max(theirs) <= allowed {
        return ours.max(theirs) <= allowed;
    }
    strsim::osa_distance(left, right) <= allowed
}

fn count(word: &str) -> usize {
    if word.is_ascii() { word.len() } else { word.chars().count() }
}

/// What is between the common beginning and the common end of two words: as far apart as they are.
fn without_common_ends<'w>(left: &'w str, right: &'w str) -> (&'w str, &'w str) {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let length = |(c, _): (char, char)| c.len_utf8();
    let start: usize = left.chars().zip(right.chars()).take_while(same).map(length).sum();
    let (left, right) = (&left[start..], &right[start..]);
    let ends = left.chars().rev().zip(right.chars().rev());
    let end: usize = ends.take_while(same).map(length).sum();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// A hash of a word without its vowels; `None` for a word that no other could shorten.
pub(crate) fn skeleton_hash(word: &str) -> Option<u64> {
    (word.len() >= 3 && word.is_ascii()).then(|| hash_of(skeleton(word).iter().map(|c| *c as u8)))
}

/// The first letter of a word and its consonants, doubled letters once.
fn skeleton(word: &str) -> SmallVec<[char; 12]> {
    let mut letters: SmallVec<[char; 12]> = SmallVec::new();
    for (at, c) in word.chars().enumerate() {
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        if (at == 0 || !vowel) && letters.last() != Some(&c) {
            letters.push(c);
        }
    }
    letters
}

/// Whether one word is the other without its vowels, doubled letters counted once: `bnk`, `bank`.
pub(crate) fn without_vowels(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    short.len() >= 3
        && short.len() < long.len()
        && short.is_ascii()
        && short.as_bytes()[0] == long.as_bytes()[0]
        && short.bytes().skip(1).all(|byte| !b"aeiouy".contains(&byte))
        && skeleton(short) == skeleton(long)
}

/// The hashes of a word and of the word with each one letter left out.
pub(crate) fn each_shortened(word: &str, mut take: impl FnMut(u64)) {
    /// Any large odd number.
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let letters: SmallVec<[u64; 24]> = word.chars().map(u64::from).collect();
    if !(4..=24).contains(&letters.len()) || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    // The hash is a polynomial, so that what is before a letter and what is after it add up.
    let mut after: SmallVec<[u64; 25]> = SmallVec::from_elem(0, letters.len() + 1);
    for at in (0..letters.len()).rev() {
        after[at] = letters[at].wrapping_add(after[at + 1].wrapping_mul(BASE));
    }
    take(after[0]);
    let (mut before, mut power) = (0u64, 1u64);
    for (at, letter) in letters.iter().enumerate() {
        take(before.wrapping_add(after[at + 1].wrapping_mul(power)));
        before = before.wrapping_add(letter.wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_near() {
        let known = ["France", "Germany", "Hungary"];
        for (asked, want) in [
            ("Germny", Some("Germany")),
            ("GERMANY", Some("Germany")),
            ("Franse", Some("France")),
            ("Japan", None),
            ("", None),
        ] {
            assert_eq!(nearest(asked, known), want, "{asked:?}");
        }
        assert_eq!(nearest("Germny", []), None);
    }
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn typing_errors_are_counted_by_optimal_string_alignment(
            left in "[abé]{4,10}",
            right in "[abé]{4,10}",
        ) {
            let shorter = left.chars().count().min(right.chars().count());
            let allowed = if shorter < 9 { 1 } else { 2 };
            let apart = strsim::osa_distance(&left, &right);
            prop_assert_eq!(is_typo(&left, &right), (1..=allowed).contains(&apart));
            for allowed in 0..4 {
                prop_assert_eq!(are_within(&left, &right, allowed), apart <= allowed);
            }
        }

        #[test]
        fn what_is_between_common_ends_is_as_far_apart_as_the_words(
            left in "[abé]{0,7}",
            right in "[abé]{0,7}",
        ) {
            let (one, other) = without_common_ends(&left, &right);
            prop_assert_eq!(
                strsim::osa_distance(one, other),
                strsim::osa_distance(&left, &right)
            );
        }
    }
}
