//! Words in cells and what they mean.

use rustc_hash::FxHashMap;

use super::{
    fold_header,
    refusal::{Fronts, Refusals},
    table::Table,
};
use crate::error::Result;

/// Words in cells and what they mean, by the question that is asked of them.
#[derive(Debug, Default)]
pub(crate) struct Words {
    by_use: [FxHashMap<String, Meaning>; 9],
    /// What refuses contact in words that the table does not hold.
    pub(super) refusals: Refusals,
}

/// The question that is asked of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordUse {
    /// Is it a yes or a no?
    YesNo,
    /// Does it allow or deny?
    Permission,
    /// Is the record in use?
    Status,
    /// What is the state of a subscription?
    Subscription,
    /// Is the record a company or a person?
    Record,
    /// How does a deal stand?
    Deal,
    /// What is it in the name of a person, or as a header of names?
    Name,
    /// Does a header ask for a company or for a person?
    Asks,
    /// Does it begin a remark behind a state?
    Remark,
}

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It allows.
    Allow,
    /// It agrees to what the header asks: to mail, or to a refusal of mail.
    Agree,
    /// It denies.
    Deny,
    /// It says nothing for or against.
    Neutral,
    /// The address does not work.
    Bounced,
    /// The record is not in use.
    Inactive,
    /// The record was deleted.
    Deleted,
    /// The record is a company.
    Company,
    /// The record is a person.
    Person,
    /// The deal was won.
    Won,
    /// The deal was lost.
    Lost,
    /// The deal is being worked on.
    Open,
    /// A form of address.
    Form,
    /// A degree.
    Degree,
    /// What tells the generations of a family apart.
    Suffix,
    /// A job.
    Job,
    /// A header of files that write the last name first.
    LastNameFirst,
    /// A remark begins.
    Begins,
}

impl Meaning {
    /// Whether, of a subscription, it keeps a person out of the lists.
    pub(crate) fn keeps_out(self) -> bool {
        matches!(self, Meaning::Deny | Meaning::Bounced)
    }
}

impl Words {
    /// What the word means under a question; `None` for a word that the table does not hold.
    /// Case, blanks and punctuation do not count.
    pub(crate) fn meaning(&self, of: WordUse, word: &str) -> Option<Meaning> {
        let words = &self.by_use[of as usize];
        let mut plain = [0_u8; 32];
        match fold_plain(word, &mut plain) {
            Some("") => None,
            Some("10" | "00") if matches!(word.trim(), "1.0" | "1,0" | "0.0" | "0,0") => {
                words.get(&word.trim()[..1]).copied()
            }
            Some(folded) => words.get(folded).copied(),
            None => words.get(&fold_word(word)).copied(),
        }
    }

    /// The words of a question, folded, and what they mean.
    pub(super) fn of_use(&self, of: WordUse) -> impl Iterator<Item = (&str, Meaning)> {
        self.by_use[of as usize].iter().map(|(word, meaning)| (word.as_str(), *meaning))
    }

    /// How the states begin that keep a person out.
    pub(super) fn fronts_of_states(&self) -> Fronts {
        let mut fronts = Fronts::default();
        let states = self.of_use(WordUse::Subscription);
        let denying = states.filter(|(_, meaning)| meaning.keeps_out());
        denying.for_each(|(word, _)| fronts.add(word));
        fronts
    }

    pub(super) fn read(table: &Table) -> Result<Words> {
        let mut words = Words::default();
        for (line, cells) in table.lines()? {
            let of = match cells[0].as_str() {
                "yes-no" => WordUse::YesNo,
                "permission" => WordUse::Permission,
                "status" => WordUse::Status,
                "subscription" => WordUse::Subscription,
                "record" => WordUse::Record,
                "deal" => WordUse::Deal,
                "name" => WordUse::Name,
                "asks" => WordUse::Asks,
                "remark" => WordUse::Remark,
                other => return Err(table.fault(line, format!("{other:?} is not a use of a word"))),
            };
            let meaning = match cells[2].as_str() {
                "yes" => Meaning::Yes,
                "no" => Meaning::No,
                "allow" => Meaning::Allow,
                "agree" => Meaning::Agree,
                "deny" => Meaning::Deny,
                "neutral" => Meaning::Neutral,
                "bounced" => Meaning::Bounced,
                "inactive" => Meaning::Inactive,
                "deleted" => Meaning::Deleted,
                "company" => Meaning::Company,
                "person" => Meaning::Person,
                "won" => Meaning::Won,
                "lost" => Meaning::Lost,
                "open" => Meaning::Open,
                "form" => Meaning::Form,
                "degree" => Meaning::Degree,
                "suffix" => Meaning::Suffix,
                "job" => Meaning::Job,
                "last-first" => Meaning::LastNameFirst,
                "begins" => Meaning::Begins,
                other => return Err(table.fault(line, format!("{other:?} is not a meaning"))),
            };
            words.by_use[of as usize].insert(fold_word(&cells[1]), meaning);
        }
        Ok(words)
    }
}

/// A word as it is looked up; a mark such as a tick, which has no letter, as it is.
fn fold_word(word: &str) -> String {
    let folded = fold_header(word);
    if folded.is_empty() { word.trim().trim_end_matches('\u{fe0f}').to_owned() } else { folded }
}

/// [`fold_header`] without allocation, for short words of ASCII.
fn fold_plain<'b>(word: &str, buffer: &'b mut [u8; 32]) -> Option<&'b str> {
    if word.len() > buffer.len() || !word.is_ascii() {
        return None;
    }
    let mut length = 0;
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'<' | b'>' | b'+') {
            buffer[length] = byte.to_ascii_lowercase();
            length += 1;
        }
    }
    std::str::from_utf8(&buffer[..length]).ok()
}
