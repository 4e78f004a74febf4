//! Unicode folding and the cutting of a name into words.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, sync::LazyLock};

use compact_str::CompactString;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::decompose_canonical, is_nfkc_quick,
};

use crate::text::variants::CharacterVariants;

/// Words beyond this number are not looked at: no company name needs them, and a cell of ten
/// thousand words must not cost more than a few.
pub(crate) const MAX_WORDS: usize = 24;

/// A word of a folded text: lower case, no accents, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// First byte in [`Folded::text`].
    pub(crate) start: u32,
    /// Byte after the last.
    pub(crate) end: u32,
    /// Whether it stood in brackets.
    pub(crate) bracketed: bool,
    /// Whether a dot followed it, as after an abbreviation.
    pub(crate) dotted: bool,
    /// Whether a blank stood before it.
    pub(crate) spaced: bool,
    /// What stood before it: the start of a note that somebody added (` - `, `/`, `#`), or nothing.
    pub(crate) after: Option<char>,
}

/// A text cut into folded words. Made to be filled again and again without allocation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    /// The words, separated by single blanks.
    pub(crate) text: String,
    /// Where the words are.
    pub(crate) tokens: Vec<Token>,
}

impl Folded {
    /// The text of a word.
    pub(crate) fn word(&self, token: &Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// The words, in order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| self.word(token))
    }
}

/// What a character means to the cutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Ideograph,
    Vanishes,
    And,
    Dot,
    Open,
    Close,
    Note(char),
    Blank,
}

/// Folds a text and cuts it into words.
///
/// Lower case, compatibility forms folded (NFKC), accents gone from Latin, Greek and Cyrillic
/// letters; apostrophes vanish; `&` and `+` are words of their own; single letters in a row make
/// one word (`S. p. A.` is `spa`). Folding twice changes nothing.
pub(crate) fn fold(raw: &str, variants: &CharacterVariants, out: &mut Folded) {
    out.text.clear();
    out.tokens.clear();
    out.text.reserve(raw.len());
    out.tokens.reserve(8);
    if !fold_plain(raw, out) {
        fold_any(raw, variants, out);
    }
    join_single_letters(out);
}

/// Folds words of ASCII letters and digits with single blanks between, as most names are: but for
/// the case of its letters such a text is folded. Whether it is one; else nothing is done.
fn fold_plain(raw: &str, out: &mut Folded) -> bool {
    let mut start = 0;
    loop {
        let rest = &raw.as_bytes()[start..];
        let is_end = |byte: &u8| !ASCII_LETTERS[usize::from(*byte)];
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let is_plain = length > 0 && matches!(rest.get(length), None | Some(b' '));
        if !is_plain || out.tokens.len() == MAX_WORDS {
            out.tokens.clear();
            return false;
        }
        out.tokens.push(Token {
            start: start as u32,
            end: (start + length) as u32,
            bracketed: false,
            dotted: false,
            spaced: true,
            after: None,
        });
        if length == rest.len() {
            out.text.push_str(raw);
            out.text.make_ascii_lowercase();
            return true;
        }
        start += length + 1;
    }
}

/// Folds any text, but for single letters in a row.
fn fold_any(raw: &str, variants: &CharacterVariants, out: &mut Folded) {
    let mut cutter = Cutter {
        out,
        variants,
        depth: 0,
        after: None,
        open: None,
        blank_before: true,
        spaced: true,
    };
    if raw.is_ascii() || raw.chars().all(|c| c.is_ascii() || is_european(c)) {
        cut(raw, &ALL_LETTERS, &mut cutter);
    } else if raw.chars().all(is_stable) || is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        cut(raw, &ASCII_LETTERS, &mut cutter);
    } else {
        cut(&raw.nfkc().collect::<String>(), &ASCII_LETTERS, &mut cutter);
    }
    cutter.close_word();
}

/// Cuts a text in NFKC; runs of such bytes are letters and digits, taken at once.
fn cut(text: &str, letters: &[bool; 256], cutter: &mut Cutter<'_>) {
    let is_letter = |byte: u8| letters[usize::from(byte)];
    let mut at = 0;
    while let Some(first) = text.as_bytes().get(at).copied() {
        if is_letter(first) {
            let rest = &text.as_bytes()[at..];
            let run = rest.iter().position(|byte| !is_letter(*byte)).unwrap_or(rest.len());
            cutter.run(&text[at..at + run]);
            at += run;
        } else if first == b' ' {
            cutter.blank();
            at += 1;
        } else if first.is_ascii() {
            cutter.take(first.into());
            at += 1;
        } else if let Some(first) = text[at..].chars().next() {
            fold_character(first, cutter.variants, &mut |folded| cutter.take(folded));
            at += first.len_utf8();
        }
    }
}

/// The bytes of ASCII letters and digits.
const ASCII_LETTERS: [bool; 256] = letters(false);

/// The same, and all bytes beyond ASCII: of a text without other characters than letters there.
const ALL_LETTERS: [bool; 256] = letters(true);

const fn letters(beyond_ascii: bool) -> [bool; 256] {
    let mut letters = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        letters[byte] = (byte as u8).is_ascii_alphanumeric() || (beyond_ascii && byte >= 0x80);
        byte += 1;
    }
    letters
}

/// Whether a character is a letter of Europe's Latin alphabets beyond ASCII (Latin-1 Supplement,
/// Latin Extended-A) that NFKC leaves alone.
fn is_european(c: char) -> bool {
    matches!(c, 'À'..='ſ') && !matches!(c, '×' | '÷' | 'Ĳ' | 'ĳ' | 'Ŀ' | 'ŀ' | 'ŉ' | 'ſ')
}

/// Whether NFKC leaves a character alone, whatever stands around it, as one sees at once: ASCII,
/// European letters, kana and Han.
fn is_stable(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | 'ぁ'..='ゔ' | 'ァ'..='ヺ' | '・' | 'ー' | '一'..='\u{9fff}')
        || is_european(c)
}

/// The letters that European letters are folded to, from `À` on.
static EUROPEAN: LazyLock<Vec<CompactString>> = LazyLock::new(|| {
    let folded = |c| {
        let mut folded = CompactString::default();
        fold_character(c, &CharacterVariants::default(), &mut |part| folded.push(part));
        folded
    };
    ('À'..='ſ').map(folded).collect()
});

/// Folds a run of ASCII letters and digits and of [European](is_european) letters.
fn fold_run(run: &str, out: &mut String) {
    if run.is_ascii() {
        let from = out.len();
        out.push_str(run);
        out[from..].make_ascii_lowercase();
        return;
    }
    for c in run.chars() {
        match (c as usize).checked_sub('À' as usize) {
            Some(at) => out.push_str(&EUROPEAN[at]),
            None => out.push(c.to_ascii_lowercase()),
        }
    }
}

/// The folded text alone, its words separated by single blanks.
pub(crate) fn folded(raw: &str) -> String {
    let mut out = Folded::default();
    fold(raw, &CharacterVariants::default(), &mut out);
    let words: Vec<&str> = out.words().collect();
    words.join(" ")
}

fn fold_character(c: char, variants: &CharacterVariants, take: &mut impl FnMut(char)) {
    if c.is_ascii() {
        return take(c.to_ascii_lowercase());
    }
    if is_ideograph(c) {
        return take(variants.usual(c));
    }
    for lower in c.to_lowercase() {
        match lower {
            'ß' => {
                take('s');
                take('s');
            }
            'æ' => {
                take('a');
                take('e');
            }
            'œ' => {
                take('o');
                take('e');
            }
            'ø' => take('o'),
            'ł' => take('l'),
            'đ' | 'ð' => take('d'),
            'ı' => take('i'),
            'þ' => {
                take('t');
                take('h');
            }
            _ => decompose_canonical(lower, |part| {
                if !unicode_normalization::char::is_combining_mark(part) {
                    take(part);
                }
            }),
        }
    }
}

/// Kana, Han and Hangul: scripts written without blanks, whose marks are part of the letter.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn class_of(c: char) -> Class {
    match c {
        'a'..='z' | '0'..='9' => Class::Letter,
        '\'' | '’' | '‘' | '`' | '´' | '′' | '"' | '®' | '™' | '©' | '\u{ad}' | '\u{200b}' => {
            Class::Vanishes
        }
        '&' | '+' => Class::And,
        '.' => Class::Dot,
        '(' | '[' | '{' | '<' | '〈' | '《' | '「' | '【' => Class::Open,
        ')' | ']' | '}' | '>' | '〉' | '》' | '」' | '】' => Class::Close,
        '/' | '#' | '|' | '*' => Class::Note(c),
        '-' | '–' | '—' | '−' | ':' => Class::Note('-'),
        '\0'..='\u{7f}' => Class::Blank,
        _ if is_ideograph(c) => Class::Ideograph,
        _ if c.is_alphanumeric() => Class::Letter,
        _ => Class::Blank,
    }
}

struct Cutter<'o> {
    out: &'o mut Folded,
    variants: &'o CharacterVariants,
    depth: u32,
    after: Option<char>,
    /// Start and class of the word being read.
    open: Option<(u32, Class)>,
    blank_before: bool,
    /// Whether a blank was seen since the last word.
    spaced: bool,
}

impl Cutter<'_> {
    fn take(&mut self, c: char) {
        let class = class_of(c);
        match class {
            Class::Letter | Class::Ideograph => return self.letter(c, class),
            Class::Vanishes => return,
            _ => {}
        }
        let closed = self.close_word();
        match class {
            Class::And => {
                self.letter('&', Class::And);
                self.close_word();
            }
            Class::Dot => {
                if closed && let Some(last) = self.out.tokens.last_mut() {
                    last.dotted = true;
                }
            }
            Class::Open => self.depth += 1,
            Class::Close => self.depth = self.depth.saturating_sub(1),
            // A dash inside a word (`Coca-Cola`) only separates; one after a blank starts a note.
            Class::Note('-') if !self.blank_before => {}
            Class::Note(mark) => self.after = Some(mark),
            _ => {}
        }
        self.blank_before = !matches!(class, Class::And | Class::Dot);
        self.spaced |= class == Class::Blank;
    }

    fn blank(&mut self) {
        self.close_word();
        (self.blank_before, self.spaced) = (true, true);
    }

    /// Takes a run of letters and digits.
    fn run(&mut self, run: &str) {
        let is_new = !matches!(self.open, Some((_, Class::Letter)));
        if is_new {
            self.close_word();
            self.start(Class::Letter);
        }
        fold_run(run, &mut self.out.text);
        self.blank_before = false;
    }

    fn letter(&mut self, c: char, class: Class) {
        match self.open {
            Some((_, before)) if before == class => {}
            Some(_) => {
                self.close_word();
                self.start(class);
            }
            None => self.start(class),
        }
        self.out.text.push(c);
        self.blank_before = false;
    }

    fn start(&mut self, class: Class) {
        if !self.out.text.is_empty() {
            self.out.text.push(' ');
        }
        self.open = Some((self.out.text.len() as u32, class));
    }

    /// Ends the word being read; whether there was one.
    fn close_word(&mut self) -> bool {
        let Some((start, _)) = self.open.take() else { return false };
        if self.out.tokens.len() >= MAX_WORDS {
            self.out.text.truncate((start as usize).saturating_sub(1));
            return true;
        }
        let end = self.out.text.len() as u32;
        let token = Token {
            start,
            end,
            bracketed: self.depth > 0,
            dotted: false,
            spaced: std::mem::take(&mut self.spaced),
            after: self.after.take(),
        };
        self.out.tokens.push(token);
        true
    }
}

/// Makes one word of single Latin letters that stand in a row: `s p a`, `g m b h`, `j p`. Letters
/// joined by dots stay together: `N.V. O.N.` are two words, `S. p. A.` is one. So are short words
/// joined to a letter by a dot or an ampersand without blanks: `E.ON`, `AT&T`.
fn join_single_letters(out: &mut Folded) {
    // One of those that are joined is a letter or an ampersand.
    let is_short = |token: &Token| token.end - token.start == 1;
    if !out.tokens.iter().any(is_short) || !(0..out.tokens.len()).any(|at| joins(out, at) > 0) {
        return;
    }
    let mut joined = Folded {
        text: String::with_capacity(out.text.len()),
        tokens: Vec::with_capacity(out.tokens.len()),
    };
    let mut at = 0;
    while at < out.tokens.len() {
        let mut token = out.tokens[at];
        if !joined.text.is_empty() {
            joined.text.push(' ');
        }
        let start = joined.text.len() as u32;
        joined.text.push_str(out.word(&out.tokens[at]));
        let first = at;
        loop {
            let step = joins(out, at);
            let next = at + step;
            let in_step = step != 1
                || !is_letter(out, next)
                || out.tokens[next].spaced == out.tokens[first + 1].spaced;
            if step == 0 || !in_step {
                break;
            }
            at = next;
            joined.text.push_str(out.word(&out.tokens[at]));
            token.dotted = out.tokens[at].dotted;
            if !is_letter(out, at) {
                break;
            }
        }
        at += 1;
        joined.tokens.push(Token { start, end: joined.text.len() as u32, ..token });
    }
    *out = joined;
}

/// The folded text of an entry of a table, its words separated by single blanks.
pub(crate) fn fold_entry<'e>(entry: &'e str, variants: &CharacterVariants) -> Cow<'e, str> {
    if is_plain(entry) {
        return match entry.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => entry.to_ascii_lowercase().into(),
            false => entry.into(),
        };
    }
    let mut folded = Folded::default();
    fold(entry, variants, &mut folded);
    folded.text.into()
}

/// Whether a text is of words of two ASCII letters or more with single blanks between, as most
/// entries of tables are: but for the case of its letters it is folded.
fn is_plain(text: &str) -> bool {
    let mut letters = 0;
    for byte in text.bytes() {
        match byte {
            b' ' if letters >= 2 => letters = 0,
            _ if byte.is_ascii_alphabetic() => letters += 1,
            _ => return false,
        }
    }
    letters >= 2
}

/// A text without the `e` by which `ae`, `oe` and `ue` spell umlauts, however many; `None` where
/// there is none.
pub(crate) fn without_umlauts(text: &str) -> Option<CompactString> {
    let spells = |pair: &[u8]| matches!(pair, [b'a' | b'o' | b'u', b'e']);
    let mut left = text.as_bytes().windows(2).any(spells).then(|| CompactString::from(text))?;
    let mut before = ' ';
    left.retain(|c| {
        let spells = c == 'e' && matches!(before, 'a' | 'o' | 'u');
        before = if spells { before } else { c };
        !spells
    });
    Some(left)
}

fn is_letter(out: &Folded, at: usize) -> bool {
    out.tokens.get(at).is_some_and(|token| {
        token.end - token.start == 1 && out.word(token).as_bytes()[0].is_ascii_lowercase()
    })
}

/// How many tokens further the one stands that belongs to the same word as this one; 0 for none.
fn joins(out: &Folded, at: usize) -> usize {
    let letters = |at: usize| {
        out.tokens.get(at).map_or(usize::MAX, |token| (token.end - token.start) as usize)
    };
    let touches = |at: usize| out.tokens.get(at).is_some_and(|token| !token.spaced);
    if is_letter(out, at) && is_letter(out, at + 1) && same_stretch(out, at) {
        return 1;
    }
    let dotted = out.tokens[at].dotted && touches(at + 1) && letters(at + 1) <= 3;
    if is_letter(out, at) && dotted && same_stretch(out, at) && is_latin(out, at + 1) {
        return 1;
    }
    let ampersand = touches(at + 1) && touches(at + 2) && out.word(&out.tokens[at + 1]) == "&";
    let short = ampersand && letters(at) + letters(at + 2) <= 4;
    if short && is_latin(out, at) && is_latin(out, at + 2) { 2 } else { 0 }
}

fn is_latin(out: &Folded, at: usize) -> bool {
    out.word(&out.tokens[at]).bytes().all(|byte| byte.is_ascii_lowercase())
}

fn same_stretch(out: &Folded, at: usize) -> bool {
    let (one, two) = (&out.tokens[at], &out.tokens[at + 1]);
    one.bracketed == two.bracketed && (two.after.is_none() || two.after == Some('/'))
}

/// How many bytes a text has, the first and the last, and which letters occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// One bit for each letter that occurs; one bit may stand for several.
    pub(crate) letters: u32,
    /// Bytes, at most 255.
    pub(crate) length: u8,
    /// The first byte.
    pub(crate) first: u8,
    /// The last byte.
    pub(crate) last: u8,
}

impl Shape {
    /// The shape of a text.
    pub(crate) fn of(text: &str) -> Shape {
        let bytes = text.as_bytes();
        Shape {
            letters: text.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) & 31)),
            length: bytes.len().min(255) as u8,
            first: bytes.first().copied().unwrap_or(0),
            last: bytes.last().copied().unwrap_or(0),
        }
    }
}
