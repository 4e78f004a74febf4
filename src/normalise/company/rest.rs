//! What is left of a name while legal forms, notes and remarks are taken from it.

use std::ops::Range;

use smallvec::SmallVec;

use super::{
    FormId, NameWord, WordNumber,
    known::{AND, Known, PARTICLE},
};
use crate::text::fold::{Folded, Token};

/// The stretch of words that still belongs to the name.
pub(super) struct Rest<'n> {
    folded: &'n Folded,
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) optional: SmallVec<[usize; 4]>,
    /// All words of the folded text.
    pub(super) words: SmallVec<[(WordNumber, Known); 12]>,
    /// The legal forms found.
    pub(super) forms: &'n mut SmallVec<[FormId; 2]>,
}

impl<'n> Rest<'n> {
    pub(super) fn of(folded: &'n Folded, forms: &'n mut SmallVec<[FormId; 2]>) -> Rest<'n> {
        let end = folded.tokens.len();
        Rest { folded, first: 0, end, optional: SmallVec::new(), words: SmallVec::new(), forms }
    }

    pub(super) fn open(&self) -> Range<usize> {
        self.first..self.end
    }

    pub(super) fn tokens(&self) -> &'n [Token] {
        &self.folded.tokens
    }

    pub(super) fn known(&self, at: usize) -> Known {
        self.words[at].1
    }

    pub(super) fn word(&self, at: usize) -> &'n str {
        self.folded.word(&self.folded.tokens[at])
    }

    /// The text of neighbouring words: they are joined by single blanks already.
    pub(super) fn phrase(&self, at: Range<usize>) -> &'n str {
        let tokens = &self.folded.tokens[at];
        &self.folded.text[tokens[0].start as usize..tokens[tokens.len() - 1].end as usize]
    }

    pub(super) fn is_bracketed(&self, at: Range<usize>) -> bool {
        self.folded.tokens[at].iter().all(|token| token.bracketed)
    }

    /// Whether the last word stands in brackets after others that do not.
    pub(super) fn ends_with_remark(&self) -> bool {
        let open = &self.folded.tokens[self.open()];
        open.len() > 1 && open[open.len() - 1].bracketed && !open[0].bracketed
    }

    /// Makes the last words optional.
    pub(super) fn set_apart(&mut self, words: usize) {
        self.optional.extend(self.end - words..self.end);
        self.end -= words;
    }

    pub(super) fn remember(&mut self, form: FormId) {
        if !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    /// The words that are left, and the optional ones; conjunctions are gone.
    pub(super) fn collect(&self, kept: &mut Vec<NameWord>) {
        let several = self.open().len() > 1;
        kept.reserve(self.words.len());
        for (at, token) in self.tokens().iter().enumerate() {
            let (optional, is_open) = (self.optional.contains(&at), self.open().contains(&at));
            if (!optional && !is_open) || (several && self.joins(at)) {
                continue;
            }
            let (number, known) = self.words[at];
            kept.push(NameWord {
                start: token.start,
                end: token.end,
                optional: optional || (several && token.bracketed),
                dotted: token.dotted,
                particle: known.is(PARTICLE),
                number,
            });
        }
        if kept.iter().all(|word| word.optional) {
            kept.iter_mut().for_each(|word| word.optional = false);
        }
    }

    /// Whether a word joins two others, as `and` does. Other languages' one-letter words for it are
    /// letters where nothing is joined.
    fn joins(&self, at: usize) -> bool {
        let between = at > self.first && at + 1 < self.end;
        let is_letters = || self.word(at).bytes().all(|byte| byte.is_ascii_alphabetic());
        self.known(at).is(AND) && (between || !is_letters())
    }
}
