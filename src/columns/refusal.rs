//! What people write in a cell to say that somebody is not to be written to: a word of the table with a
//! remark behind it, or words of their own.

use rustc_hash::FxHashMap;

use super::{Meaning, WordUse, Words, fold_header};

/// More words than a state has: a longer cell is a note.
const LONGEST_STATE: usize = 6;

/// How many words a refusal and the word of contact that it speaks of may be apart, in a state and in a
/// note.
const APART: [usize; 2] = [5, 3];

/// How many words behind a negation the word of contact stands at most, in a state and in a note.
const BEHIND: [usize; 2] = [4, 2];

/// Bytes of the longest word that begins others of other meanings (`post`, `postponed`).
const SHORT: usize = 4;

/// Bytes of words of contact that are words of other languages too (`dem`): they count in the shortest
/// cells only.
const AMBIGUOUS: usize = 3;

/// More letters than a state has in a script without blanks.
const LONGEST_UNSPACED: usize = 40;

/// Words of refusal, of negation and of contact.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    /// Folded beginnings of words of refusal.
    pub(super) verbs: Beginnings,
    /// Folded words of negation; two words are written as one.
    pub(super) negations: Beginnings,
    /// Folded beginnings of words of contact.
    pub(super) contact: Beginnings,
    /// Folded beginnings of words that answer: `no response to email` refuses nothing.
    pub(super) replies: Beginnings,
}

/// Beginnings of words, by their first letter.
#[derive(Debug, Default)]
pub(crate) struct Beginnings(FxHashMap<char, Vec<String>>);

impl Beginnings {
    pub(super) fn of(words: &[String]) -> Beginnings {
        let mut by_letter = Beginnings::default();
        for word in words {
            if let Some(letter) = word.chars().next() {
                by_letter.0.entry(letter).or_default().push(word.clone());
            }
        }
        by_letter
    }

    fn beside(&self, word: &str) -> impl Iterator<Item = &str> {
        let letter = word.chars().next();
        let found = letter.and_then(|letter| self.0.get(&letter));
        found.into_iter().flatten().map(String::as_str)
    }

    fn begin(&self, word: &str) -> bool {
        self.beside(word).any(|of| word.starts_with(of))
    }

    fn hold(&self, word: &str) -> bool {
        self.beside(word).any(|of| word == of)
    }

    /// Whether one of them stands somewhere in a text of a script without blanks.
    fn are_in(&self, text: &str) -> bool {
        let all = self.0.values().flatten().filter(|of| !of.is_ascii());
        all.into_iter().any(|of| text.contains(of.as_str()))
    }
}

impl Refusals {
    /// Whether some words refuse contact: one of refusal or negation and one of contact that belong
    /// together. In a note these stand side by side.
    fn are_in(&self, cell: &str) -> bool {
        let cell = cell.to_lowercase();
        // what stands between two signs belongs together
        let mut parts = cell.split(['.', ',', ';', ':', '!', '?', '\n', '(', ')', '[', ']', '|']);
        parts.any(|part| self.are_in_words(part))
    }

    fn are_in_words(&self, text: &str) -> bool {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if let [word] = words[..] {
            return !word.is_ascii()
                && word.chars().count() <= LONGEST_UNSPACED
                && (self.verbs.are_in(word) || self.negations.are_in(word))
                && self.contact.are_in(word);
        }
        let is_note = usize::from(words.len() > LONGEST_STATE);
        let contacts: Vec<usize> =
            (0..words.len()).filter(|at| self.is_contact(words[*at], words.len())).collect();
        let refused = |at: usize, contact: usize| {
            at != contact && at.abs_diff(contact) <= APART[is_note] && self.verbs.begin(words[at])
        };
        let negated = |at: usize, contact: usize| {
            (at + 1..=at + BEHIND[is_note]).contains(&contact)
                && self.negates(&words[at..contact])
                && !words[at..contact].iter().any(|word| self.replies.begin(word))
        };
        contacts.iter().any(|contact| {
            (0..words.len()).any(|at| refused(at, *contact) || negated(at, *contact))
        })
    }

    /// Whether words begin with a negation. The `No.` of a number is none.
    fn negates(&self, words: &[&str]) -> bool {
        let (first, next) = (words[0], words.get(1).copied().unwrap_or(""));
        let counts = next.starts_with(|letter: char| letter.is_ascii_digit());
        !counts
            && (self.negations.hold(first)
                || (!next.is_empty() && self.negations.hold(&format!("{first}{next}"))))
    }

    fn is_contact(&self, word: &str, words: usize) -> bool {
        let plain = word.strip_suffix('s').unwrap_or(word);
        self.contact.beside(word).any(|of| match of.len() {
            ..=AMBIGUOUS if words > AMBIGUOUS => false,
            ..=SHORT => word == of || plain == of,
            _ => word.starts_with(of),
        })
    }
}

impl Words {
    /// What a cell says of writing to somebody: by the table, by a word of the table that denies with
    /// a remark behind it (`abgemeldet am 3.3.`), or by words of refusal of one's own.
    pub(crate) fn state(&self, cell: &str) -> Option<Meaning> {
        self.known_state(cell).or_else(|| self.refuses(cell).then_some(Meaning::Deny))
    }

    /// The same, by the table alone.
    pub(crate) fn known_state(&self, cell: &str) -> Option<Meaning> {
        self.meaning(WordUse::Subscription, cell).or_else(|| self.remarked(cell))
    }

    /// Whether a cell refuses contact in words of its own, which no table has.
    pub(crate) fn refuses(&self, cell: &str) -> bool {
        let may = |byte: u8| !byte.is_ascii_alphanumeric();
        cell.bytes().any(may) && self.refusals.are_in(cell)
    }

    /// Whether words beside a name or an address say that the person is not to be written to.
    pub(crate) fn deny_beside(&self, said: &str) -> bool {
        let said = said.trim_matches(|letter: char| !letter.is_alphanumeric());
        matches!(self.state(said), Some(Meaning::Deny | Meaning::Off | Meaning::Bounced))
    }

    /// What the word says that stands in front of a remark, a date or a number, where it denies.
    fn remarked(&self, cell: &str) -> Option<Meaning> {
        let mut ends = cell.char_indices().rev();
        ends.find_map(|(at, letter)| {
            if !self.begins_remark(cell, at, letter) {
                return None;
            }
            let (word, remark) = cell.split_at(at);
            let meaning = self.meaning(WordUse::Subscription, word)?;
            let denies = matches!(meaning, Meaning::Deny | Meaning::Off | Meaning::Bounced);
            (denies && !self.takes_back(remark)).then_some(meaning)
        })
    }

    /// Whether a remark begins at a letter of a cell: with a sign, a number, or a word that leads on
    /// (`on`, `per`, `laut`).
    fn begins_remark(&self, cell: &str, at: usize, letter: char) -> bool {
        if at == 0 {
            return false;
        }
        let before = cell[..at].chars().next_back();
        match letter {
            '(' | '[' | '/' | ':' | ',' | ';' | '\n' | '–' | '—' | '（' | '：' => true,
            '-' | '#' => before == Some(' '),
            _ if letter.is_ascii_digit() => before.is_some_and(|before| !before.is_numeric()),
            _ if before == Some(' ') => {
                let rest = &cell[at..];
                let end = rest.find([' ', '.']).unwrap_or(rest.len());
                self.meaning(WordUse::Remark, &rest[..end]).is_some()
            }
            _ => false,
        }
    }

    /// Whether a remark is a no: `unsubscribed: no`.
    fn takes_back(&self, remark: &str) -> bool {
        let said = fold_header(remark);
        said == "0" || self.meaning(WordUse::YesNo, &said) == Some(Meaning::No)
    }
}

/// The words of a cell that are no addresses.
pub(crate) fn beside_addresses(cell: &str) -> String {
    cell.split(' ').filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::table::ColumnRules;

    #[test]
    fn refusals_are_read_in_words_of_their_own_and_before_remarks() {
        let rules = ColumnRules::embedded().expect("the embedded tables");
        let words = rules.words();
        let denies = |cell: &&str| {
            matches!(words.state(cell), Some(Meaning::Deny | Meaning::Off | Meaning::Bounced))
        };
        let refusing = [
            "please do not mail",
            "don't email",
            "No newsletter, please",
            "Bitte nicht mehr anschreiben",
            "verweigert jede Post",
            "hat Werbung schriftlich widersprochen",
            "keine Mails",
            "ne plus contacter",
            "pas d’emails",
            "no enviar publicidad",
            "メール停止",
            "Met at the fair in May. Please do not mail him. Likes sailing.",
            "Angerufen am 3.5., will keine weiteren Mails mehr, sonst freundlich",
            "Abgemeldet am 3.3.2024",
            "unsubscribed 2024-01-03",
            "OPT OUT - per phone",
            "Gesperrt lt. DSGVO",
            "Unsubscribed by phone",
            "optout2024",
            "abgemeldet (Telefonat)",
        ];
        let harmless = [
            "no response to email",
            "keine Antwort auf Mail",
            "Open - Not Contacted",
            "noch nicht kontaktiert",
            "No. 5 Post Street",
            "12 NE Industrial Road",
            "unsubscribed: no",
            "Did not come to the fair, where we had sent him a mail before, but will call",
            "Das liegt nicht bei dem Kollegen aus Ulm, sondern in dem anderen Haus",
            "Active since 2020",
            "Mail sent, no objection by the board",
            "Postponed, not decided",
            "Contact Center",
        ];
        let passed: Vec<&str> = refusing.into_iter().filter(|cell| !denies(cell)).collect();
        let blocked: Vec<&str> = harmless.into_iter().filter(denies).collect();
        assert_eq!((passed, blocked), (vec![], vec![]));
    }
}
