//! What people write in a cell to say that somebody is not to be written to: a word of the table with a
//! remark behind it, or words of their own.

use rustc_hash::FxHashMap;

use super::{Meaning, WordUse, Words, fold_header, table::is_unspaced};

/// More words than a state has: a longer cell is a note.
const LONGEST_STATE: usize = 6;

/// How many words a refusal and the word of contact that it speaks of may be apart, in a state and in a
/// note.
const APART: [usize; 2] = [5, 3];

/// How many words behind a negation the word of contact stands at most, in a state and in a note.
const BEHIND: [usize; 2] = [3, 2];

/// Bytes of the longest word that begins others of other meanings (`post`, `postponed`).
const SHORT: usize = 4;

/// Bytes of words of contact that are words of other languages too (`dem`): they count in the shortest
/// cells only.
const AMBIGUOUS: usize = 3;

/// Bytes up to which a word of the table stands before a remark.
const LONGEST_WORD: usize = 64;

/// More letters than a state has in a script without blanks.
const LONGEST_UNSPACED: usize = 40;

/// Signs that part what belongs together.
const SIGNS: [char; 15] =
    ['.', ',', ';', ':', '!', '?', '\n', '(', ')', '[', ']', '|', '、', '。', '–'];

/// Words of refusal, of negation and of contact. All but those of negation are beginnings of words.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    /// Words of refusal.
    pub(super) verbs: Beginnings,
    /// Words of negation; two words are written as one.
    pub(super) negations: Beginnings,
    /// Words of negation that are words of other meanings too, but at the beginning: `non`.
    pub(super) openings: Beginnings,
    /// Words of contact.
    pub(super) contact: Beginnings,
    /// What was done: nobody refuses it (`not contacted`), unless it is not to be done.
    pub(super) done: Beginnings,
    /// Words that make of what was done what is to be done: `not to be contacted`.
    pub(super) passives: Beginnings,
    /// Words by which something is lacking, and nothing refused: `no response to email`, `no email
    /// address`.
    pub(super) lacks: Beginnings,
    /// Words that say by themselves that somebody gets no more mail; two words are written as one.
    pub(super) leavings: Beginnings,
    /// How the words of contact and leaving begin.
    pub(super) speaking: Fronts,
    /// How the words of refusal and negation begin.
    pub(super) refusing: Fronts,
    /// The first words of states that deny.
    pub(super) of_states: Fronts,
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
        let letter = word.chars().next().map(|letter| letter.to_ascii_lowercase());
        let found = letter.and_then(|letter| self.0.get(&letter));
        found.into_iter().flatten().map(String::as_str)
    }

    fn begin(&self, word: &str) -> bool {
        self.beside(word).any(|of| begins(word, of))
    }

    fn hold(&self, word: &str) -> bool {
        self.beside(word).any(|of| word == of)
    }

    /// Whether one of them may begin with a word, and end with the next.
    fn go_on(&self, word: &str) -> bool {
        self.beside(word).any(|of| begins(of, word))
    }

    /// Whether one of them stands somewhere in a text of a script without blanks. A single sign is a
    /// part of many words.
    fn are_in(&self, text: &str) -> bool {
        let mut all = self.0.values().flatten();
        all.any(|of| {
            of.chars().all(is_unspaced) && of.chars().count() > 1 && text.contains(of.as_str())
        })
    }
}

/// Which words begin as one of some words does, by three letters: most cells hold none, and are looked
/// at no further. Whatever is beyond ASCII may.
#[derive(Debug)]
pub(crate) struct Fronts(Box<[u64; 512]>);

impl Default for Fronts {
    fn default() -> Fronts {
        Fronts(Box::new([0; 512]))
    }
}

impl Fronts {
    pub(super) fn add(&mut self, word: &str) {
        let plain = word.bytes().take_while(u8::is_ascii);
        let letters = plain.filter(u8::is_ascii_alphabetic);
        let known = letters.clone().count();
        let key = Fronts::key(letters.clone());
        // any letter may follow a shorter word, and none a number
        let is_short = word.is_ascii() && known > 0;
        let open = if is_short { 1 << (5 * 3_usize.saturating_sub(known)) } else { 1 };
        // the word may be written as two, of which the first is shorter
        let parts = (1..known.min(3)).map(|of| Fronts::key(letters.clone().take(of)));
        parts.chain(key..key + open).for_each(|key| self.0[key / 64] |= 1 << (key % 64));
    }

    /// The first three letters, each in five bits.
    fn key(mut letters: impl Iterator<Item = u8>) -> usize {
        (0..3).fold(0, |key, _| key << 5 | letters.next().map_or(0, |byte| usize::from(byte & 31)))
    }

    fn hold(&self, word: &[u8]) -> bool {
        self.hold_key(Fronts::key(word.iter().copied()))
    }

    fn hold_key(&self, key: usize) -> bool {
        self.0[key / 64] >> (key % 64) & 1 == 1
    }

    /// The words of a text that begin as one of the words does, letters of ASCII alone.
    fn begin_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let bytes = text.as_bytes();
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                at += bytes[at..].iter().position(is_letter)?;
                let rest = &bytes[at..];
                let word = &rest[..rest.iter().position(|of| !is_letter(of)).unwrap_or(rest.len())];
                let start = at;
                at += word.len();
                if self.hold(word) {
                    return Some(&text[start..at]);
                }
            }
        })
    }

    /// Whether a text may begin with one of the words, or several words written as one.
    fn may_open(&self, text: &str) -> bool {
        let letters = text.bytes().filter(u8::is_ascii_alphabetic);
        !text.is_ascii() || self.hold_key(Fronts::key(letters))
    }
}

/// Whether a word begins as another, in whatever case.
fn begins(word: &str, front: &str) -> bool {
    word.as_bytes().get(..front.len()).is_some_and(|of| of.eq_ignore_ascii_case(front.as_bytes()))
}

impl Refusals {
    /// Whether a text holds words without which there is no refusal: one of leaving, or one of contact and
    /// one of refusal or negation. A text without blanks may.
    fn may_be_in(&self, text: &str) -> bool {
        if text.is_ascii() {
            let [speaking, refusing] = [&self.speaking, &self.refusing];
            return self.may_be_among(speaking.begin_in(text), refusing.begin_in(text));
        }
        let text = text.to_lowercase();
        let begun = |fronts| {
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            words.filter(move |word| !word.is_ascii() || Fronts::hold(fronts, word.as_bytes()))
        };
        text.contains(is_unspaced)
            || self.may_be_among(begun(&self.speaking), begun(&self.refusing))
    }

    fn may_be_among<'a>(
        &self,
        speaking: impl Iterator<Item = &'a str>,
        mut refusing: impl Iterator<Item = &'a str>,
    ) -> bool {
        let mut speaks = false;
        for word in speaking {
            if self.leavings.begin(word) || self.leavings.go_on(word) {
                return true;
            }
            speaks |= self.contact.begin(word);
        }
        speaks && refusing.any(|word| self.verbs.begin(word) || self.negations.go_on(word))
    }

    /// Whether some words refuse contact: one of refusal or negation and one of contact that belong
    /// together, or a word that needs none. In a note these stand side by side.
    fn are_in(&self, cell: &str) -> bool {
        let cell = cell.to_lowercase();
        if cell.contains(is_unspaced) {
            return self.are_in_unspaced(&cell);
        }
        let is_note = usize::from(is_note(&cell));
        cell.split(SIGNS).flat_map(|part| part.split(" - ")).any(|part| {
            let words = words_of(part);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.leave(&words)
                || (0..words.len())
                    .filter(|at| self.is_contact(words[*at], words.len()))
                    .any(|contact| self.refuse(&words, contact, is_note))
        })
    }

    fn are_in_unspaced(&self, cell: &str) -> bool {
        let text: String = cell.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let refuses = [&self.verbs, &self.negations].iter().any(|of| of.are_in(&text));
        text.chars().count() <= LONGEST_UNSPACED
            && (self.leavings.are_in(&text) || (refuses && self.contact.are_in(&text)))
    }

    /// Whether words refuse the contact of which one of them speaks.
    fn refuse(&self, words: &[&str], contact: usize, is_note: usize) -> bool {
        let refused = |at: usize| {
            at != contact && at.abs_diff(contact) <= APART[is_note] && self.verbs.begin(words[at])
        };
        let negated = |at: usize| {
            at + BEHIND[is_note] >= contact
                && self.negates(&words[at..contact], at == 0)
                && !words[at..contact].iter().any(|word| self.lacks.begin(word))
        };
        let is_lacking = words.get(contact + 1).is_some_and(|next| self.lacks.hold(next));
        let is_done =
            self.done.begin(words[contact]) && !words.iter().any(|word| self.passives.hold(word));
        (0..words.len()).any(refused) || (!is_lacking && !is_done && (0..contact).any(negated))
    }

    /// Whether somebody gets no more mail, by a word that no negation takes back.
    fn leave(&self, words: &[&str]) -> bool {
        (0..words.len()).any(|at| {
            let joined = words.get(at + 1).map(|next| format!("{}{next}", words[at]));
            let leaves = self.leavings.begin(words[at])
                || joined.is_some_and(|joined| self.leavings.begin(&joined));
            leaves && !(at > 0 && self.negates(&words[at - 1..=at], true))
        })
    }

    /// Whether words begin with a negation; `opens` where nothing stands before them. The `No.` of a
    /// number is none.
    fn negates(&self, words: &[&str], opens: bool) -> bool {
        let (first, next) = (words[0], words.get(1).copied().unwrap_or(""));
        let counts = next.starts_with(|letter: char| letter.is_ascii_digit());
        let alone = self.negations.hold(first) && (opens || !self.openings.hold(first));
        !counts && (alone || (!next.is_empty() && self.negations.hold(&format!("{first}{next}"))))
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

/// The words of a text. A short one before a hyphen is a part of the next: `e-mail`, `non-profit`.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut goes_on = false;
    for word in text.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        let letters = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        match words.last_mut().filter(|_| goes_on) {
            Some(last) => last.push_str(letters),
            None if !letters.is_empty() => words.push(letters.to_owned()),
            None => {}
        }
        goes_on = word.ends_with('-') && letters.len() <= AMBIGUOUS && !letters.is_empty();
    }
    words
}

impl Words {
    /// What a cell says of writing to somebody: by the table, by a word of the table that denies with
    /// a remark behind it (`abgemeldet am 3.3.`), or by words of refusal of one's own.
    pub(crate) fn state(&self, cell: &str) -> Option<Meaning> {
        self.known_state(cell).or_else(|| self.refuses(cell).then_some(Meaning::Deny))
    }

    /// The same of a cell that says nothing in most rows, where it keeps out.
    pub(crate) fn denial(&self, cell: &str) -> Option<Meaning> {
        let known =
            self.refusals.of_states.may_open(cell).then(|| self.known_state(cell)).flatten();
        let refuses = || self.refuses(cell) && self.known_state(cell).is_none();
        known.filter(|of| of.keeps_out()).or_else(|| refuses().then_some(Meaning::Deny))
    }

    /// What the table alone says of writing to somebody.
    pub(crate) fn known_state(&self, cell: &str) -> Option<Meaning> {
        self.meaning(WordUse::Subscription, cell).or_else(|| self.remarked(cell))
    }

    /// Whether a cell refuses contact in words of its own, which no table has.
    pub(crate) fn refuses(&self, cell: &str) -> bool {
        let parts = |byte: u8| !byte.is_ascii_alphanumeric();
        let is_answered =
            || cell.rsplit_once([':', '=']).is_some_and(|(_, no)| self.takes_back(no));
        let refuses = self.refusals.may_be_in(cell) && self.refusals.are_in(cell);
        cell.bytes().any(parts) && (refuses && !is_answered() || self.answers_no(cell))
    }

    /// Whether a cell answers a word of contact with a no: `Newsletter: nein`, `{"email": false}`.
    fn answers_no(&self, cell: &str) -> bool {
        const PARTS: [char; 9] = [',', ';', '|', '{', '}', '[', ']', '\n', '\r'];
        /// Words of what may be asked.
        const LONGEST_ASKED: usize = 3;
        let is_asked = |said: &str| {
            let words = words_of(&said.to_lowercase());
            let is_other =
                |word: &String| self.refusals.lacks.begin(word) || self.refusals.done.begin(word);
            words.len() <= LONGEST_ASKED
                && words.last().is_some_and(|last| self.refusals.is_contact(last, words.len()))
                && !words.iter().any(is_other)
        };
        let is_no = |part: &str| {
            let said = part.split_once([':', '=']);
            said.is_some_and(|(asked, answer)| self.takes_back(answer) && is_asked(asked))
        };
        cell.contains([':', '=']) && cell.split(PARTS).any(is_no)
    }

    /// Whether words beside an address or a name say that the person is not to be written to.
    pub(crate) fn deny_beside(&self, said: &str) -> bool {
        let said = said.trim_matches(|letter: char| !letter.is_alphanumeric());
        self.state(said).is_some_and(Meaning::keeps_out)
    }

    /// What the word says that stands in front of a remark, a date or a number, where it denies.
    fn remarked(&self, cell: &str) -> Option<Meaning> {
        let is_number = cell.starts_with(|letter: char| letter.is_ascii_digit());
        if is_number || !self.refusals.of_states.may_open(cell) {
            return None;
        }
        let ends = cell.char_indices().take_while(|(at, _)| *at <= LONGEST_WORD);
        let ends = ends.filter(|(at, letter)| self.begins_remark(cell, *at, *letter));
        let known = ends.filter_map(|(at, _)| {
            let (word, remark) = cell.split_at(at);
            let meaning = self.meaning(WordUse::Subscription, word)?;
            (meaning.keeps_out() && !self.takes_back(remark)).then_some(meaning)
        });
        known.last() // the longest word says most
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

/// Whether a cell is a text, and no state: of texts in a column one says nothing of the others.
pub(super) fn is_note(cell: &str) -> bool {
    cell.split_whitespace().nth(LONGEST_STATE).is_some()
}

/// The words of a cell that are no addresses.
pub(crate) fn beside_addresses(cell: &str) -> String {
    let parts = |letter: char| letter.is_whitespace() || ";,|()[]<>\"".contains(letter);
    let words = cell.split(parts).filter(|word| !word.is_empty() && !word.contains('@'));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::table::ColumnRules;

    #[test]
    fn refusals_are_read_in_words_of_their_own_and_before_remarks() {
        let rules = ColumnRules::embedded().expect("the embedded tables");
        let words = rules.words();
        let denies = |cell: &&str| words.state(cell).is_some_and(Meaning::keeps_out);
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
            "hat sich im Mai vom Newsletter abgemeldet",
            "has opted out of everything",
            "wants out, stop mails!",
            "soll nicht kontaktiert werden",
            "must not be contacted",
            "wants no mails",
            "Angebot abgelehnt - keine Werbung",
            "メール配信は、不要です",
            "Newsletter: nein",
            "phone: yes, e-mail: no",
            "{\"email\": false, \"sms\": true}",
            "Telefon=ja; Werbung=nein",
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
            "No email address on file for the assistant",
            "keine Mail vorhanden",
            "has not unsubscribed",
            "Rejected the proposal. Contact in Q3",
            "Quote declined - contact in spring",
            "Head of Object Marketing",
            "Marketing objectives",
            "Contact in Peru",
            "Mail an Herrn Lehner geschickt",
            "Opposite Post Office",
            "Non-profit Marketing Manager",
            "Non-executive Director Marketing",
            "400 NE Post Road",
            "Not contacted since 2022",
            "Working - Not Contacted yet",
            "No contact since 2022",
            "Has not opened last mail",
            "Did not open newsletter",
            "Not the right contact",
            "No marketing budget",
            "Please do not hesitate to email",
            "Do not call - email only",
            "Bitte nicht anrufen sondern mailen",
            "不動産営業部長",
            "連絡先不明",
            "Robinson, Ada",
            "12 Post Road",
            "Newsletter: ja",
            "{\"email\": true, \"fax\": false}",
            "Contacted: no",
            "response to email: none",
            "Meeting at 10:00, mail sent",
        ];
        let passed: Vec<&str> = refusing.into_iter().filter(|cell| !denies(cell)).collect();
        let blocked: Vec<&str> = harmless.into_iter().filter(denies).collect();
        assert_eq!((passed, blocked), (vec![], vec![]));
    }

    #[test]
    fn no_refusal_is_passed_over_unread() {
        let rules = ColumnRules::embedded().expect("the embedded tables");
        let refusals = &rules.words().refusals;
        let all = |of: &Beginnings| of.0.values().flatten().cloned().collect::<Vec<String>>();
        // a word may be written as two
        let in_two = |word: String| {
            let cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
            let in_two =
                cuts.into_iter().skip(1).map(|at| format!("{} {}", &word[..at], &word[at..]));
            in_two.chain([word.clone()]).collect::<Vec<_>>()
        };
        let mut cells: Vec<String> = all(&refusals.leavings).into_iter().flat_map(in_two).collect();
        let negations: Vec<String> =
            all(&refusals.negations).into_iter().flat_map(in_two).collect();
        for contact in all(&refusals.contact) {
            let denying = all(&refusals.verbs).into_iter().chain(negations.clone());
            cells.extend(denying.map(|word| format!("{word} {contact}")));
        }
        let mut read = 0;
        for cell in cells.iter().flat_map(|cell| [cell.clone(), cell.to_uppercase()]) {
            read += usize::from(refusals.are_in(&cell));
            assert!(refusals.may_be_in(&cell) || !refusals.are_in(&cell), "{cell}");
        }
        assert!(read > cells.len() / 2, "{read} of {}", cells.len());
    }

    #[test]
    fn all_states_that_keep_out_are_seen_in_cells_of_any_column() {
        let rules = ColumnRules::embedded().expect("the embedded tables");
        let words = rules.words();
        let denying = words.of_use(WordUse::Subscription).filter(|(_, of)| of.keeps_out());
        let mut seen = 0;
        for (word, meaning) in denying {
            let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
            let remark = if is_number { "" } else { " (3.3.2024)" };
            for cell in [word.to_owned(), word.to_uppercase(), format!("{word}{remark}")] {
                assert_eq!(words.denial(&cell), Some(meaning), "{cell}");
                seen += 1;
            }
        }
        assert!(seen > 0);
    }
}
