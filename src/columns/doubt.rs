//! Columns that no table knows and that may hold a denial or a consent. What denies is read as a
//! denial; what may say anything blocks mail lists until the user maps or ignores it.

use super::{
    Field, Meaning, WordUse,
    assign::Columns,
    fold_header,
    object::{Column, File},
    refusal::is_note,
    table::{StemKind, WordKind, spaced_words},
};
use crate::read::value::DateOrder;

/// More distinct values than a column of answers has.
const MOST_ANSWERS: usize = 4;

/// More distinct values than a column of states has.
const MOST_STATES: usize = 12;

/// What the rows of a file are. That an account is blocked or gone is said of other things than mail
/// as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowsOf {
    Companies,
    People,
}

/// What a column that stands for no field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suspicion {
    /// A denial wherever it is filled.
    Denial,
    /// That the address does not work, wherever it is filled.
    Bounce,
    /// States, some of which deny: what is not understood may deny too.
    Status,
    /// Notes or words of all kinds, of which some refuse: each denies of its row alone.
    Words,
    /// A consent whose meaning nobody has said.
    Consent,
    /// Answers under a header that does not say to what.
    Unsaid,
}

/// What is said of a column with states of which some deny.
const HOLDS_DENIALS: &str =
    "holds words of denial: they count, and what is not understood there too";

/// Reads columns that stand for no field as what their headers and values speak of; returns the
/// headers of those that may hold a consent. Each gets a warning.
pub(crate) fn suspect(file: &mut File, columns: &mut Columns, of: RowsOf) -> Vec<String> {
    let holds_denials = |at: usize| file.filled(at).any(|cell| denies(file, cell));
    // `State` is a place or a state
    columns[Field::State as usize].retain(|at| !holds_denials(*at));
    let taken: Vec<usize> = columns.iter().flatten().copied().collect();
    let free =
        |column: &&Column| !taken.contains(&column.at) && !column.related && !column.reserved;
    let found: Vec<(usize, String, Suspicion)> = file
        .columns
        .iter()
        .filter(free)
        .filter_map(|column| Some((column.at, column.header.clone(), suspicion(file, column, of)?)))
        .collect();
    if of == RowsOf::People {
        states_that_deny(file, columns);
    }
    let mut doubtful = Vec::new();
    for (at, header, suspicion) in found {
        let (field, reading) = match suspicion {
            Suspicion::Denial => {
                (Field::Denial, "is read as a denial of e-mail where it is filled")
            }
            Suspicion::Bounce => (Field::Bounced, "is read as a bounce where it is filled"),
            Suspicion::Status => (Field::ContactStatus, HOLDS_DENIALS),
            Suspicion::Words => {
                file.warn(
                    format!("column {header:?} holds words of denial: they count"),
                    Some(format!("--column \"ignore={header}\" if they deny nothing")),
                );
                continue;
            }
            Suspicion::Unsaid => {
                file.warn(
                    format!("column {header:?} holds answers, and its header does not say to what"),
                    Some(format!(
                        "--column \"email-opt-out={header}\" if a yes refuses mail, else \
                         \"ignore={header}\""
                    )),
                );
                continue;
            }
            Suspicion::Consent => {
                file.warn(
                    format!("column {header:?} may hold a consent: e-mail permissions are unknown"),
                    Some(format!(
                        "--column \"email-opt-out={header}\", \"email-opt-in={header}\" or \
                         \"ignore={header}\""
                    )),
                );
                doubtful.push(header);
                continue;
            }
        };
        columns[field as usize].push(at);
        let flag = format!("--column \"ignore={header}\"");
        file.warn(format!("column {header:?} {reading}"), Some(flag));
    }
    doubtful
}

/// Reads states of the record of which some deny as such too: what is not understood there may deny.
/// With a warning.
fn states_that_deny(file: &mut File, columns: &mut Columns) {
    let holds_denials = |at: &usize| file.filled(*at).any(|cell| denies(file, cell));
    let found: Vec<usize> =
        columns[Field::Status as usize].iter().copied().filter(holds_denials).collect();
    for at in found {
        columns[Field::ContactStatus as usize].push(at);
        let header = &file.headers[at];
        let flag = format!("--column \"ignore={header}\"");
        file.warn(format!("column {header:?} {HOLDS_DENIALS}"), Some(flag));
    }
}

/// What a column may hold, by its header and the values of the sample.
fn suspicion(file: &File, column: &Column, of: RowsOf) -> Option<Suspicion> {
    let by_words = if of == RowsOf::People { kind_by_words(file, column) } else { None };
    let kind = kind_of_header(file, column).into_iter().chain(by_words).min();
    match kind {
        Some(StemKind::Harmless) => return None,
        Some(StemKind::Denies) => return Some(Suspicion::Denial),
        Some(StemKind::Bounces) => return Some(Suspicion::Bounce),
        Some(StemKind::Flag) if are_flags(file, column) => return Some(Suspicion::Denial),
        _ => {}
    }
    let cells = || file.filled(column.at);
    if cells().any(|cell| denies(file, cell)) && !cells().any(is_note) {
        return Some(Suspicion::Status);
    }
    if cells().any(|cell| file.rules.words.state(cell).is_some_and(Meaning::keeps_out)) {
        return Some(Suspicion::Words);
    }
    if may_hold_consent(file, column, kind) {
        return Some(Suspicion::Consent);
    }
    let is_unsaid = of == RowsOf::People && says_nothing(file, column) && are_answers(file, column);
    is_unsaid.then_some(Suspicion::Unsaid)
}

/// Whether a header says nothing of what its column holds: `Flag 1`, `Custom field`, `BL`.
fn says_nothing(file: &File, column: &Column) -> bool {
    /// Letters up to which a word is an abbreviation that anything may have.
    const SHORT: usize = 3;
    let is_opaque = |word: &str| {
        let word = word.trim_matches(|letter: char| letter.is_ascii_digit());
        let known = file.rules.consent_words.iter();
        let mut opaque = known.filter(|(_, kind)| *kind == WordKind::Opaque);
        (word.is_ascii() && word.len() <= SHORT)
            || opaque.any(|(words, _)| words.rest_of(&format!(" {word} ")).is_some())
    };
    spaced_words(&column.header).split_whitespace().all(is_opaque)
}

/// Whether all values are answers, some of them a yes.
fn are_answers(file: &File, column: &Column) -> bool {
    let meaning = |cell: &str| file.rules.words.meaning(WordUse::YesNo, cell);
    let mut cells = file.filled(column.at);
    cells.all(|cell| meaning(cell).is_some())
        && file.filled(column.at).any(|cell| meaning(cell) == Some(Meaning::Yes))
}

/// Whether a cell is a state in which people are not written to.
fn denies(file: &File, cell: &str) -> bool {
    file.rules.words.meaning(WordUse::Subscription, cell).is_some_and(Meaning::keeps_out)
}

/// How a header speaks of consent: the part that says most.
fn kind_of_header(file: &File, column: &Column) -> Option<StemKind> {
    let stems = file.rules.consent_stems.iter();
    let of_header = stems.filter(|(stem, _)| column.folded.contains(stem.as_str()));
    let negated = is_negated_contact(file, column).then_some(StemKind::Denies);
    of_header.map(|(_, kind)| *kind).chain(negated).min()
}

/// How the words of a header speak of consent: the part that says most. Negated, a flag may say yes or
/// no (`Not blocked`); so may answers beside a word of mail.
fn kind_by_words(file: &File, column: &Column) -> Option<StemKind> {
    let header = spaced_words(&column.header);
    let negates = |words: &str| {
        words.split_whitespace().any(|word| file.rules.negations.iter().any(|not| not == word))
    };
    let (mut found, mut is_mail, mut has_course) = (None, false, false);
    for (words, kind) in &file.rules.consent_words {
        let Some((before, behind)) = words.rest_of(&header) else { continue };
        let kind = match kind {
            WordKind::Stem(StemKind::Flag) if negates(before) || negates(behind) => StemKind::Weak,
            WordKind::Stem(kind) => *kind,
            WordKind::Mail => {
                is_mail = true;
                continue;
            }
            WordKind::Course => {
                has_course = true;
                continue;
            }
            WordKind::List | WordKind::Opaque => continue,
        };
        found = found.into_iter().chain([kind]).min();
    }
    let is_filled = || file.filled(column.at).next().is_some();
    found.or((is_mail && !has_course).then_some(StemKind::Weak)).filter(|kind| {
        *kind != StemKind::Weak || is_filled() // a blank column beside a word of mail is nobody's no
    })
}

/// Whether all values are answers, marks or days. Nothing but blanks are such too.
fn are_flags(file: &File, column: &Column) -> bool {
    let words = &file.rules.words;
    let is_flag = |cell: &str| {
        words.meaning(WordUse::YesNo, cell).is_some()
            || is_mark(cell)
            || cell.parse::<u32>().is_ok_and(|count| count < 1000)
            || DateOrder::DayFirst.parse(cell).is_some()
            || DateOrder::MonthFirst.parse(cell).is_some()
    };
    file.filled(column.at).all(is_flag)
}

/// Whether a cell is one sign alone: `×`, `-`.
fn is_mark(cell: &str) -> bool {
    let mut signs = cell.chars();
    signs.next().is_some_and(|sign| !sign.is_alphanumeric()) && signs.next().is_none()
}

/// Whether a header is a word of negation before a word of contact: `Kein Mailing`. The `No.` of a
/// number is none.
fn is_negated_contact(file: &File, column: &Column) -> bool {
    let header = column.header.to_lowercase();
    if header.starts_with("no.") || header.starts_with("no of ") {
        return false;
    }
    let words = spaced_words(&column.header);
    let words: Vec<String> = words.split_whitespace().map(fold_header).collect();
    let is_of_contact =
        |word: &String| file.rules.contact_words.iter().any(|of| word.starts_with(of.as_str()));
    let fronts = &file.rules.negated_fronts;
    let mut cuts = (1..words.len()).filter(|at| fronts.contains(&words[..*at].concat()));
    cuts.any(|at| words[at..].iter().any(is_of_contact))
}

/// Whether the values are a word and its negation, or answers or states under a header that speaks
/// of consent. Nothing but blanks is a value too: a denial may follow.
fn may_hold_consent(file: &File, column: &Column, kind: Option<StemKind>) -> bool {
    let mut values: Vec<String> = Vec::new();
    for cell in file.filled(column.at) {
        let folded = fold_header(cell);
        if !values.contains(&folded) {
            values.push(folded);
        }
        if values.len() > MOST_STATES {
            return false;
        }
    }
    let words = &file.rules.words;
    let is_answer = |value: &str| {
        [WordUse::YesNo, WordUse::Permission].iter().any(|of| words.meaning(*of, value).is_some())
    };
    let is_answer_or_mark = |cell: &str| is_answer(cell) || is_mark(cell);
    let is_state = |cell: &str| {
        is_answer(cell)
            || (cell.parse::<f64>().is_err() && DateOrder::DayFirst.parse(cell).is_none())
    };
    let few = values.len() <= MOST_ANSWERS;
    match kind {
        Some(StemKind::Consents) if file.filled(column.at).all(is_state) => true,
        Some(StemKind::Weak) if few && file.filled(column.at).all(is_answer_or_mark) => true,
        _ => few && (are_permissions(file, &values) || is_negated_pair(file, &values)),
    }
}

/// Whether all values are words of permission, a denial or the word that one denies among them.
fn are_permissions(file: &File, values: &[String]) -> bool {
    let words = &file.rules.words;
    let meaning = |value: &str| words.meaning(WordUse::Permission, value);
    let denies = |value: &str| meaning(value) == Some(Meaning::Deny);
    // what is agreed to or confirmed may be an order
    let allows = |value: &str| meaning(value) == Some(Meaning::Allow);
    let has_denial = |value: &str| {
        file.rules
            .negations
            .iter()
            .any(|not| denies(&format!("{not}{value}")) || denies(&format!("{value}{not}")))
    };
    !values.is_empty()
        && values.iter().all(|value| meaning(value).is_some())
        && values.iter().any(|value| denies(value) || (allows(value) && has_denial(value)))
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
