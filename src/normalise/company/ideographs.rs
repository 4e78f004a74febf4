//! Names in scripts without blanks: Kana, Han and Hangul.

use std::{borrow::Cow, collections::BTreeSet};

use smallvec::SmallVec;

use super::NameRules;
use crate::text::fold::{self, Folded, Token, is_ideograph};

impl NameRules {
    /// Cuts runs of a script without blanks at legal forms and business words, reads letters that
    /// are spelled out in kana, and writes words in their usual script.
    pub(super) fn cut_ideographs(&self, folded: &mut Folded) {
        let mut cut = Folded::default();
        for token in &folded.tokens {
            let run = folded.word(token);
            if run.starts_with(is_ideograph) {
                let usual = self.usual_script(run);
                let mut pieces = SmallVec::new();
                self.pieces(&usual, &mut pieces);
                pieces.iter().for_each(|piece| push(&mut cut, piece, *token));
            } else {
                push(&mut cut, run, *token);
            }
        }
        folded.text.clear();
        folded.tokens.clear();
        let mut at = 0;
        while let Some(token) = cut.tokens.get(at) {
            // `エヌ・ティ・ティ`: letters read out, each a word of its own.
            let (letters, next) = self.letters(&cut, at);
            if letters.len() > 1 {
                push(folded, &letters, *token);
                at = next;
            } else {
                push(folded, cut.word(token), *token);
                at += 1;
            }
        }
    }

    /// The letters that the words from `at` on spell out, and the first word that spells none.
    fn letters(&self, cut: &Folded, at: usize) -> (String, usize) {
        let spelled = cut.tokens[at..].iter().map_while(|token| self.spelled(cut.word(token)));
        spelled.fold((String::new(), at), |(letters, next), more| (letters + &more, next + 1))
    }

    /// The Latin letters that a run of kana reads out, when it is nothing else.
    fn spelled(&self, run: &str) -> Option<String> {
        let mut letters = String::new();
        let mut rest = run;
        while !rest.is_empty() {
            let ends: SmallVec<[usize; 8]> =
                rest.char_indices().skip(1).map(|(at, _)| at).chain([rest.len()]).take(6).collect();
            let longest = ends
                .iter()
                .rev()
                .find_map(|end| self.kana_letters.get(&rest[..*end]).map(|letter| (*end, letter)));
            let (end, letter) = longest?;
            letters.push_str(letter);
            rest = &rest[end..];
        }
        Some(letters)
    }

    /// Writes words in their usual script, in the order of the table.
    fn usual_script<'r>(&self, run: &'r str) -> Cow<'r, str> {
        let beginning = |text: &str| -> SmallVec<[usize; 8]> {
            let known = text.chars().filter_map(|c| self.kanji_beginnings.get(&c));
            known.flatten().copied().collect()
        };
        let mut run = Cow::Borrowed(run);
        let mut open: BTreeSet<usize> = beginning(&run).into_iter().collect();
        while let Some(at) = open.pop_first() {
            let (variant, usual) = &self.kanji_words[at];
            if run.contains(&**variant) {
                run = run.replace(&**variant, usual).into();
                open.extend(beginning(usual).into_iter().filter(|later| *later > at));
            }
        }
        run
    }

    /// Cuts a run at the known words inside it, the longest first; beyond the words that a name may
    /// have the rest is left out.
    fn pieces<'r>(&self, run: &'r str, out: &mut SmallVec<[&'r str; 4]>) {
        let mut open: SmallVec<[(&str, bool); 8]> = SmallVec::from_slice(&[(run, true)]);
        while let Some((run, may_be_cut)) = open.pop() {
            let cut = if may_be_cut { self.longest_word(run) } else { None };
            let Some((from, to)) = cut else {
                out.push(run);
                if out.len() >= fold::MAX_WORDS {
                    return;
                }
                continue;
            };
            let parts = [(&run[to..], true), (&run[from..to], false), (&run[..from], true)];
            open.extend(parts.into_iter().filter(|(part, _)| !part.is_empty()));
        }
    }

    /// Where the longest known word of a run stands.
    fn longest_word(&self, run: &str) -> Option<(usize, usize)> {
        let starts: SmallVec<[usize; 24]> = run
            .char_indices()
            .map(|(at, _)| at)
            .chain([run.len()])
            .take(fold::MAX_WORDS * 2)
            .collect();
        let longest = 10.min(starts.len() - 1);
        for length in (2..=longest).rev() {
            for first in 0..starts.len() - length {
                let (from, to) = (starts[first], starts[first + length]);
                if self.cuts.contains(&run[from..to]) {
                    return Some((from, to));
                }
            }
        }
        None
    }
}

fn push(out: &mut Folded, word: &str, token: Token) {
    if !out.text.is_empty() {
        out.text.push(' ');
    }
    let start = out.text.len() as u32;
    out.text.push_str(word);
    out.tokens.push(Token { start, end: out.text.len() as u32, ..token });
}
