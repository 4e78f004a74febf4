//! What a person answers who is asked, blindly, whether a link is right: a note in the file of
//! verdicts, which changes no link.

/// What the note of an answer begins with.
const NOTE: &str = "audit:";

/// An answer about a link, or about a customer without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is as the run has it.
    Right,
    /// It is not.
    Wrong,
    /// The person cannot say.
    Unclear,
}

impl Answer {
    /// All of them.
    const ALL: [Answer; 3] = [Answer::Right, Answer::Wrong, Answer::Unclear];

    /// Its word, in the note and on the page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Answer::Right => "right",
            Answer::Wrong => "wrong",
            Answer::Unclear => "unclear",
        }
    }

    /// The answer of a word.
    pub(crate) fn of_word(word: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.word() == word)
    }

    /// The answer that a note keeps.
    pub(crate) fn of_note(note: &str) -> Option<Answer> {
        Answer::of_word(note.strip_prefix(NOTE)?.trim())
    }

    /// The note that keeps it.
    #[cfg(feature = "browser")]
    pub(crate) fn note(self) -> String {
        format!("{NOTE} {}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_notes_and_other_notes_are_none() {
        for answer in Answer::ALL {
            assert_eq!(Answer::of_note(&format!("audit: {}", answer.word())), Some(answer));
        }
        for note in ["", "right", "audit: perhaps", "unsure: right"] {
            assert_eq!(Answer::of_note(note), None, "{note:?}");
        }
    }
}
