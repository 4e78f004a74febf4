//! Company names: words that identify, legal forms remembered, notes and share classes gone.

mod ideographs;
mod known;

use std::{borrow::Cow, path::Path};

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use self::known::{AND, ENDS_NOTE, Known, Lengths, PARTICLE};
pub use self::known::{KnownWords, WordNumber};
use super::text::{Folded, Token, fold, fold_entry, is_ideograph, without_umlauts};
use crate::{error::Result, rule_file, rules::CharacterVariants};

/// A word of a company name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameWord {
    start: u32,
    end: u32,
    /// Whether it stood in brackets or in a remark: it may support, its absence says little.
    pub optional: bool,
    /// Whether a dot followed it: it may be cut off.
    pub dotted: bool,
    /// Whether it is an article or the like, which identifies nothing.
    pub particle: bool,
    /// Its number among the words that it was read with.
    pub number: WordNumber,
}

/// A company name cut into the words that identify the company.
///
/// Words are folded (see [`fold`]), conjunctions and notes are gone, legal forms are kept
/// apart. Never reduced to nothing: a name that is all legal form keeps its words. Made to be
/// filled again and again without allocation.
#[derive(Debug, Clone, Default)]
pub struct CompanyName {
    folded: Folded,
    words: SmallVec<[NameWord; 8]>,
    /// The legal forms, as keys shared by all spellings; in the order found, without repeats.
    pub forms: SmallVec<[FormId; 2]>,
    /// Whether a legal form stood in front of the name.
    pub form_in_front: bool,
}

/// A legal form, whatever its spelling.
pub type FormId = u16;

impl CompanyName {
    /// The words, in order.
    pub fn words(&self) -> impl Iterator<Item = (&str, NameWord)> {
        self.words.iter().map(|word| (self.word(word), *word))
    }

    /// The words joined by single blanks: the key of the name. Empty for a name without letters
    /// or digits.
    pub fn key(&self) -> String {
        let words: Vec<&str> =
            self.words().filter(|(_, word)| !word.optional).map(|(text, _)| text).collect();
        words.join(" ")
    }

    fn word(&self, word: &NameWord) -> &str {
        &self.folded.text[word.start as usize..word.end as usize]
    }
}

#[derive(Debug, Clone, Copy)]
struct LegalForm {
    id: FormId,
    front: bool,
    end: bool,
    bracket: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NoteKind {
    Share,
    Crm,
    State,
    /// A currency in which a share's nominal is given; a number follows.
    Nominal,
    /// A word for a class of shares; a letter or a digit follows.
    Class,
}

/// The tables that read a company name.
#[derive(Debug, Default)]
pub struct NameRules {
    variants: CharacterVariants,
    forms: FxHashMap<CompactString, LegalForm>,
    form_names: Vec<Box<str>>,
    notes: FxHashMap<CompactString, NoteKind>,
    /// What the tables say of single words.
    words: FxHashMap<CompactString, Known>,
    kana_letters: FxHashMap<Box<str>, Box<str>>,
    kanji_words: Vec<(Box<str>, Box<str>)>,
    /// The characters with which those words begin.
    kanji_beginnings: FxHashMap<char, Vec<usize>>,
    /// Forms and weak words of scripts without blanks: where a run of characters is cut.
    cuts: FxHashSet<CompactString>,
    /// Words that do little to identify a company.
    weak: FxHashSet<CompactString>,
    /// The user's own other names: folded name to the name to read instead.
    aliases: FxHashMap<CompactString, Box<str>>,
}

impl NameRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or holds a word that is not one.
    pub fn load(dir: Option<&Path>) -> Result<NameRules> {
        let mut rules = NameRules { variants: CharacterVariants::load(dir)?, ..Default::default() };
        rules.load_forms(dir)?;
        rules.load_words(dir)?;
        rules.load_japanese(dir)?;
        for row in rule_file!("aliases.csv").rows(dir)?.rows() {
            let name = rules.fold_entry(row.raw(0));
            rules.aliases.insert(name.into(), row.raw(1).into());
        }
        Ok(rules)
    }

    fn load_forms(&mut self, dir: Option<&Path>) -> Result<()> {
        let file = rule_file!("legal_forms.csv");
        let mut ids: FxHashMap<CompactString, FormId> = FxHashMap::default();
        for row in file.rows(dir)?.rows() {
            let form = self.fold_entry(row.raw(0));
            if form.is_empty() {
                return Err(file.error(row.line, "the form has no letters"));
            }
            let next = ids.len() as FormId;
            let id = *ids.entry(row.raw(1).into()).or_insert_with(|| {
                self.form_names.push(row.raw(1).into());
                next
            });
            let (front, end, bracket) = match row.raw(2) {
                "end" => (false, true, false),
                "start" => (true, false, false),
                "both" => (true, true, false),
                "bracket" => (false, false, true),
                other => return Err(file.error(row.line, format!("unknown position {other:?}"))),
            };
            let words: SmallVec<[&str; 4]> = form.split(' ').collect();
            let length = Lengths::of(words.len());
            self.words.entry(words[0].into()).or_default().begins_forms.add(length);
            let last = words[words.len() - 1];
            self.words.entry(last.into()).or_default().ends_forms.add(length);
            if form.chars().all(is_ideograph) && !bracket {
                self.cuts.insert(form.as_ref().into());
            }
            let known = self.forms.entry(form.as_ref().into());
            let known = known.or_insert(LegalForm { id, front, end, bracket });
            known.front |= front;
            known.end |= end;
            known.bracket |= bracket;
        }
        Ok(())
    }

    fn load_words(&mut self, dir: Option<&Path>) -> Result<()> {
        let file = rule_file!("name_notes.csv");
        for row in file.rows(dir)?.rows() {
            let kind = match row.raw(1) {
                "crm" => NoteKind::Crm,
                "share" => NoteKind::Share,
                "state" => NoteKind::State,
                "nominal" => NoteKind::Nominal,
                "class" => NoteKind::Class,
                other => return Err(file.error(row.line, format!("unknown kind {other:?}"))),
            };
            let note = self.fold_entry(row.raw(0));
            let last = note.rsplit(' ').next().unwrap_or_default();
            self.words.entry(last.into()).or_default().marks |= ENDS_NOTE;
            // A note of several kinds counts as the one that asks for the least.
            let known = self.notes.entry(note.into()).or_insert(kind);
            *known = (*known).min(kind);
        }
        let file = rule_file!("conjunctions.csv");
        for row in file.rows(dir)?.rows() {
            let known = self.words.entry(self.fold_entry(row.raw(0)).into()).or_default();
            match row.raw(1) {
                "and" => known.marks |= AND,
                "particle" => known.marks |= PARTICLE,
                other => return Err(file.error(row.line, format!("unknown role {other:?}"))),
            };
        }
        self.words.entry("&".into()).or_default().marks |= AND;
        Ok(())
    }

    fn load_japanese(&mut self, dir: Option<&Path>) -> Result<()> {
        for row in rule_file!("kana_letters.csv").rows(dir)?.rows() {
            self.kana_letters.insert(row.raw(0).into(), row.raw(1).into());
        }
        for row in rule_file!("kanji_words.csv").rows(dir)?.rows() {
            if let Some(first) = row.raw(0).chars().next() {
                self.kanji_beginnings.entry(first).or_default().push(self.kanji_words.len());
                self.kanji_words.push((row.raw(0).into(), row.raw(1).into()));
            }
        }
        for row in rule_file!("weak_words.csv").rows(dir)?.rows() {
            let word = self.fold_entry(row.raw(0));
            if word.chars().count() > 1 && word.chars().all(is_ideograph) {
                self.cuts.insert(word.as_ref().into());
            }
            self.weak.insert(word.into());
        }
        Ok(())
    }

    /// An entry of a table, folded as names are.
    pub fn fold_entry<'e>(&self, entry: &'e str) -> Cow<'e, str> {
        fold_entry(entry, &self.variants)
    }

    /// Whether a word is an article or the like, which identifies nothing.
    pub fn is_particle(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|known| known.is(PARTICLE))
    }

    /// What the tables say of a word, also with umlauts spelled `ae`, `oe`, `ue`.
    fn known(&self, word: &str) -> Known {
        let mut known = self.words.get(word).copied().unwrap_or_default();
        if let Some(plain) = without_umlauts(word).and_then(|plain| self.words.get(plain.as_str()))
        {
            known.begins_forms.add(plain.begins_forms);
            known.ends_forms.add(plain.ends_forms);
        }
        known
    }

    /// Whether a word by itself is a legal form: inside a name it identifies nothing either.
    pub fn is_form(&self, word: &str) -> bool {
        self.forms.get(word).is_some_and(|form| form.end && !form.bracket)
    }

    /// The key of a legal form, for people.
    pub fn form_name(&self, form: FormId) -> &str {
        &self.form_names[form as usize]
    }

    /// Reads a name as typed, with words that have been read by the same tables.
    pub fn read(&self, raw: &str, words: &mut KnownWords, name: &mut CompanyName) {
        self.fold(raw, name);
        self.read_folded(words, name);
    }

    /// Folds a name as typed: the first half of [`NameRules::read`].
    pub fn fold(&self, raw: &str, name: &mut CompanyName) {
        fold(raw, &self.variants, &mut name.folded);
        if let Some(same) = self.aliases.get(name.folded.text.as_str()) {
            fold(same, &self.variants, &mut name.folded);
        }
        if !name.folded.text.is_ascii() {
            self.cut_ideographs(&mut name.folded);
        }
    }

    /// Tells the words of a folded name apart: the second half of [`NameRules::read`].
    pub fn read_folded(&self, words: &mut KnownWords, name: &mut CompanyName) {
        name.words.clear();
        name.forms.clear();
        name.form_in_front = false;
        let tokens = std::mem::take(&mut name.folded.tokens);
        let mut rest = Rest { end: tokens.len(), ..Rest::default() };
        for token in &tokens {
            rest.words.push(words.get(name.folded.word(token), self));
        }
        self.strip_end(&tokens, name, &mut rest);
        self.strip_front(&tokens, name, &mut rest);
        self.describe(&tokens, name, &mut rest);
        self.collect(&tokens, name, &rest);
        name.folded.tokens = tokens;
    }

    /// Takes legal forms, share classes, notes and bracketed remarks from the end, in any order.
    fn strip_end(&self, tokens: &[Token], name: &mut CompanyName, rest: &mut Rest) {
        loop {
            let open = &tokens[rest.first..rest.end];
            let Some(last) = open.last() else { break };
            let names = |at: &usize| !tokens[*at].bracketed && !rest.known(*at).is(PARTICLE);
            let keep = (rest.first..rest.end).find(names).unwrap_or(rest.first) + 1 - rest.first;
            let last_known = rest.known(rest.end - 1);
            if let Some((length, form)) = self.form_at_end(name, open, last_known, keep) {
                remember(name, form.id);
                rest.end -= length;
            } else if let Some(length) = self.note_at_end(name, open, last_known, keep) {
                rest.end -= length;
            } else if let Some(length) = self.weak_tail(name, open) {
                for _ in 0..length {
                    rest.end -= 1;
                    rest.optional.push(rest.end);
                }
            } else if last.bracketed && open.len() > 1 && !open[0].bracketed {
                rest.end -= 1;
                rest.optional.push(rest.end);
            } else {
                break;
            }
        }
    }

    fn form_at_end(
        &self,
        name: &CompanyName,
        open: &[Token],
        last: Known,
        keep: usize,
    ) -> Option<(usize, LegalForm)> {
        last.ends_forms.up_to(open.len().saturating_sub(keep)).find_map(|length| {
            let (phrase, tokens) = phrase(name, &open[open.len() - length..]);
            let form = self.form(phrase)?;
            let bracketed = tokens.iter().all(|token| token.bracketed);
            // `Est SARL`: a word that is a form in one country is a word before another form.
            let word = !name.forms.is_empty() && self.weak.contains(phrase);
            (form.end && !word || (form.bracket && bracketed)).then_some((length, *form))
        })
    }

    fn note_at_end(
        &self,
        name: &CompanyName,
        open: &[Token],
        known: Known,
        keep: usize,
    ) -> Option<usize> {
        // What is left must still be a name: `E.ON` does not lose its `ON`.
        let letters = |tokens: &[Token]| tokens.iter().map(|token| token.end - token.start).sum();
        let last = name.folded.word(&open[open.len() - 1]);
        let has_digit = || last.bytes().any(|byte| byte.is_ascii_digit());
        if last.len() > 1 && !known.is(ENDS_NOTE) && !has_digit() {
            return None;
        }
        let longest = open.len().saturating_sub(keep).min(6);
        (1..=longest).rev().find(|length| {
            let rest: u32 = letters(&open[..open.len() - length]);
            let tail = &open[open.len() - length..];
            rest >= 2 && (self.is_note(name, tail) || self.is_nominal(name, tail))
        })
    }

    fn is_note(&self, name: &CompanyName, tail: &[Token]) -> bool {
        let (phrase, tokens) = phrase(name, tail);
        let marked = tokens[0].bracketed || tokens[0].after.is_some();
        if tail.len() == 1 && tokens[0].after == Some('#') {
            return phrase.bytes().all(|byte| byte.is_ascii_digit());
        }
        match self.notes.get(phrase) {
            Some(NoteKind::Share) => true,
            Some(NoteKind::Crm) => marked,
            Some(NoteKind::State) => tokens[0].after == Some('/'),
            Some(NoteKind::Nominal | NoteKind::Class) | None => self.is_class(name, tail),
        }
    }

    /// Whether a tail is a class of shares: a word for it and one letter or digit (`Kat. A`).
    fn is_class(&self, name: &CompanyName, tail: &[Token]) -> bool {
        let [class, which] = tail else { return false };
        which.end - which.start == 1
            && self.notes.get(name.folded.word(class)) == Some(&NoteKind::Class)
    }

    /// Whether a tail is the nominal of a share: a currency and a number (`EO 4`, `LS-05`, `SK10`).
    fn is_nominal(&self, name: &CompanyName, tail: &[Token]) -> bool {
        let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let first = name.folded.word(&tail[0]);
        let letters = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbers = tail.len() > 1 || letters.len() < first.len();
        tail.len() <= 3
            && numbers
            && self.notes.get(letters) == Some(&NoteKind::Nominal)
            && tail[1..].iter().all(|token| digits(name.folded.word(token)))
    }

    /// The legal form that a phrase is, also with umlauts spelled `ae`, `oe`, `ue`.
    fn form(&self, phrase: &str) -> Option<&LegalForm> {
        self.forms.get(phrase).or_else(|| self.forms.get(without_umlauts(phrase)?.as_str()))
    }

    /// The length of a tail after a slash or a dash that holds weak words only (`/ EMEA`).
    fn weak_tail(&self, name: &CompanyName, open: &[Token]) -> Option<usize> {
        let from = open.iter().rposition(|token| token.after.is_some()).filter(|at| *at > 0)?;
        let weak = open[from..].iter().all(|token| self.weak.contains(name.folded.word(token)));
        (weak && open.len() - from <= 3).then_some(open.len() - from)
    }

    /// Takes a legal form from the front, where its country puts it there.
    fn strip_front(&self, tokens: &[Token], name: &mut CompanyName, rest: &mut Rest) {
        while rest.end - rest.first > 1 {
            let open = &tokens[rest.first..rest.end];
            let mut lengths = rest.known(rest.first).begins_forms.up_to(open.len() - 1);
            let found = lengths.find_map(|length| {
                let (phrase, tokens) = phrase(name, &open[..length]);
                let form = self.form(phrase)?;
                let bracketed = tokens.iter().all(|token| token.bracketed);
                (form.front || (form.bracket && bracketed)).then_some((length, form.id))
            });
            let Some((length, form)) = found else { break };
            remember(name, form);
            name.form_in_front = true;
            rest.first += length;
        }
    }

    /// Makes optional what follows a legal form inside the name: it describes the company (`Fraport
    /// AG Frankfurt Airport Services Worldwide`). Words of weak meaning there may tell sisters apart
    /// (`Siemens AG Österreich`) and count.
    fn describe(&self, tokens: &[Token], name: &mut CompanyName, rest: &mut Rest) {
        let open = rest.first..rest.end;
        for at in open.clone().skip(1) {
            let mut lengths = rest.known(at).begins_forms.up_to(rest.end - at);
            let found = lengths.find_map(|length| {
                let (phrase, _) = phrase(name, &tokens[at..at + length]);
                let form = self.form(phrase).filter(|form| form.end && !form.front)?;
                (phrase.len() > 1).then_some((length, form.id))
            });
            let Some((length, form)) = found else { continue };
            let described = at + length..rest.end;
            let tells = |word: &str| self.weak.contains(word) || numeral(word).is_some();
            if described.clone().any(|at| tells(name.folded.word(&tokens[at]))) {
                return;
            }
            remember(name, form);
            rest.optional.extend(at..rest.end);
            return;
        }
    }

    fn collect(&self, tokens: &[Token], name: &mut CompanyName, rest: &Rest) {
        for (at, token) in tokens.iter().enumerate() {
            let optional = rest.optional.contains(&at);
            if !optional && !(rest.first..rest.end).contains(&at) {
                continue;
            }
            let word = name.folded.word(token);
            if rest.known(at).is(AND) && rest.end - rest.first > 1 {
                // Other languages' one-letter words for it are letters where nothing is joined.
                let between = at > rest.first && at + 1 < rest.end;
                if between || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    continue;
                }
            }
            let remark = token.bracketed && rest.end - rest.first > 1;
            let word = NameWord {
                start: token.start,
                end: token.end,
                optional: optional || remark,
                dotted: token.dotted,
                particle: rest.known(at).is(PARTICLE),
                number: rest.words[at].0,
            };
            name.words.push(word);
        }
        if name.words.iter().all(|word| word.optional) {
            name.words.iter_mut().for_each(|word| word.optional = false);
        }
    }
}

/// The value of a number, or of a roman numeral that is hardly anything else.
pub fn numeral(word: &str) -> Option<u32> {
    if word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    const ROMAN: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv",
        "xv", "xvi", "xvii", "xviii", "xix", "xx",
    ];
    ROMAN.iter().position(|roman| *roman == word).map(|at| at as u32 + 1)
}

/// The stretch of tokens that still belongs to the name.
#[derive(Default)]
struct Rest {
    first: usize,
    end: usize,
    optional: SmallVec<[usize; 4]>,
    /// The words of all tokens.
    words: SmallVec<[(WordNumber, Known); 12]>,
}

impl Rest {
    fn known(&self, at: usize) -> Known {
        self.words[at].1
    }
}

fn remember(name: &mut CompanyName, form: FormId) {
    if !name.forms.contains(&form) {
        name.forms.push(form);
    }
}

/// The text of neighbouring tokens: words are joined by single blanks already.
fn phrase<'n, 't>(name: &'n CompanyName, tokens: &'t [Token]) -> (&'n str, &'t [Token]) {
    let (start, end) = (tokens[0].start as usize, tokens[tokens.len() - 1].end as usize);
    (&name.folded.text[start..end], tokens)
}
