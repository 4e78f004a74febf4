//! Columns that may hold a consent nobody has told the meaning of: they block mail lists until the
//! user maps or ignores them.

use super::{
    Field, Layout, Meaning, WordUse, fold_header,
    object::{Column, File},
};

/// More distinct values than a consent column has.
const MOST_VALUES: usize = 4;

/// The headers of columns that stand for no field and may hold a consent; each with a warning.
pub(crate) fn doubtful_consent(file: &mut File, layout: &Layout) -> Vec<String> {
    let taken: Vec<usize> = Field::ALL.iter().flat_map(|field| layout.columns(*field)).collect();
    let headers: Vec<String> = file
        .columns
        .iter()
        .filter(|column| !taken.contains(&column.at) && !column.related && !column.reserved)
        .filter(|column| may_hold_consent(file, column))
        .map(|column| column.header.clone())
        .collect();
    for header in &headers {
        file.warn(
            format!("column {header:?} may hold a consent: e-mail permissions are unknown"),
            Some(format!(
                "--column \"email-opt-out={header}\", \"email-opt-in={header}\" or \
                 \"ignore={header}\""
            )),
        );
    }
    headers
}

/// Whether the values are a word and its negation, or yes and no under a header that speaks of
/// consent. Nothing but blanks is a value too: a denial may follow.
fn may_hold_consent(file: &File, column: &Column) -> bool {
    let mut values: Vec<String> = Vec::new();
    for cell in file.filled(column.at) {
        let folded = fold_header(cell);
        if !values.contains(&folded) {
            values.push(folded);
        }
        if values.len() > MOST_VALUES {
            return false;
        }
    }
    let words = &file.rules.words;
    let speaks_of_consent =
        file.rules.consent_stems.iter().any(|stem| column.folded.contains(stem.as_str()));
    let is_answer = |value: &String| {
        [WordUse::YesNo, WordUse::Permission].iter().any(|of| words.meaning(*of, value).is_some())
    };
    (speaks_of_consent && values.iter().all(is_answer))
        || are_permissions(file, &values)
        || is_negated_pair(file, &values)
}

/// Whether all values are words of permission, a denial or the word that one denies among them.
fn are_permissions(file: &File, values: &[String]) -> bool {
    let words = &file.rules.words;
    let meaning = |value: &str| words.meaning(WordUse::Permission, value);
    let denies = |value: &str| meaning(value) == Some(Meaning::Deny);
    let has_denial = |value: &str| {
        file.rules
            .negations
            .iter()
            .any(|not| denies(&format!("{not}{value}")) || denies(&format!("{value}{not}")))
    };
    !values.is_empty()
        && values.iter().all(|value| meaning(value).is_some())
        && values.iter().any(|value| denies(value) || has_denial(value))
}

/// Whether the values are two, and one is the other with a word of negation.
fn is_negated_pair(file: &File, values: &[String]) -> bool {
    let [one, other] = values else { return false };
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let negates = |rest: &str| file.rules.negations.iter().any(|not| not == rest);
    !short.is_empty()
        && (long.strip_suffix(short.as_str()).is_some_and(negates)
            || long.strip_prefix(short.as_str()).is_some_and(negates))
}
