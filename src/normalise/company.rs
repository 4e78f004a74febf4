//! Company names: words that identify, legal forms remembered, notes and share classes gone.

mod ideographs;
mod known;
mod rest;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range, path::Path};

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

pub(crate) use self::known::{KnownWords, WordNumber};
use self::{
    known::{AND, BEGINS_REMARK, ENDS_NOTE, Known, LegalForm, Lengths, PARTICLE, Position, WEAK},
    rest::Rest,
};
use crate::{
    error::Result,
    rule_file,
    text::{
        fold::{Folded, fold, fold_entry, is_ideograph, without_umlauts},
        interner::Key,
        variants::CharacterVariants,
    },
};

/// A word of a company name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameWord {
    start: u32,
    end: u32,
    /// Whether it stood in brackets or in a remark: it may support, its absence says little.
    pub(crate) optional: bool,
    /// Whether a dot followed it: it may be cut off.
    pub(crate) dotted: bool,
    /// Whether it is an article or the like, which identifies nothing.
    pub(crate) particle: bool,
    /// Its number among the words that it was read with.
    pub(crate) number: WordNumber,
}

/// A company name cut into the words that identify the company.
///
/// Words are folded (see [`fold`]), conjunctions and notes are gone, legal forms are kept
/// apart. Never reduced to nothing: a name that is all legal form keeps its words. Made to be
/// filled again and again without allocation.
#[derive(Debug, Clone, Default)]
pub(crate) struct CompanyName {
    folded: Folded,
    /// The hashes of the folded words.
    hashes: Vec<u32>,
    words: Vec<NameWord>,
    /// The legal forms, as keys shared by all spellings; in the order found, without repeats.
    pub(crate) forms: SmallVec<[FormId; 2]>,
    /// Whether a legal form stood in front of the name.
    pub(crate) form_in_front: bool,
}

/// A legal form, whatever its spelling.
pub(crate) type FormId = u16;

impl CompanyName {
    /// The words, in order.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, NameWord)> {
        self.words.iter().map(|word| (self.word(word), *word))
    }

    /// The words without their texts.
    pub(crate) fn without_texts(&self) -> &[NameWord] {
        &self.words
    }

    /// The words joined by single blanks: the key of the name. Empty for a name without letters
    /// or digits.
    pub(crate) fn key(&self) -> String {
        let words: Vec<&str> =
            self.words().filter(|(_, word)| !word.optional).map(|(text, _)| text).collect();
        words.join(" ")
    }

    fn word(&self, word: &NameWord) -> &str {
        &self.folded.text[word.start as usize..word.end as usize]
    }
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
pub(crate) struct NameRules {
    variants: CharacterVariants,
    /// Legal forms of several words.
    forms: FxHashMap<CompactString, LegalForm>,
    notes: FxHashMap<CompactString, NoteKind>,
    /// What the tables say of single words, and which words are weak.
    words: FxHashMap<CompactString, Known>,
    kana_letters: FxHashMap<Box<str>, Box<str>>,
    kanji_words: Vec<(Box<str>, Box<str>)>,
    /// The characters with which those words begin.
    kanji_beginnings: FxHashMap<char, Vec<usize>>,
    /// Forms and weak words of scripts without blanks: where a run of characters is cut.
    cuts: FxHashSet<CompactString>,
    /// The user's own other names: folded name to the name to read instead.
    aliases: FxHashMap<CompactString, Box<str>>,
    /// The user's own pairs of names that never mean one company: their keys, the smaller first.
    apart: FxHashSet<[String; 2]>,
}

impl NameRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or holds a word that is not one.
    pub(crate) fn load(dir: Option<&Path>) -> Result<NameRules> {
        let mut rules = NameRules { variants: CharacterVariants::load(dir)?, ..Default::default() };
        rules.load_forms(dir)?;
        rules.load_words(dir)?;
        rules.load_japanese(dir)?;
        for row in rule_file!("aliases.csv").rows(dir)?.rows() {
            let name = rules.fold_entry(row.raw(0));
            rules.aliases.insert(name.into(), row.raw(1).into());
        }
        let apart = rule_file!("never_match.csv").rows(dir)?;
        rules.apart = apart.rows().map(|row| rules.keys([row.raw(0), row.raw(1)])).collect();
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
            let id = *ids.entry(row.raw(1).into()).or_insert(next);
            let positions: &[Position] = match row.raw(2) {
                "end" => &[Position::END],
                "start" => &[Position::FRONT],
                "both" => &[Position::FRONT, Position::END],
                "bracket" => &[Position::BRACKET],
                other => return Err(file.error(row.line, format!("unknown position {other:?}"))),
            };
            let words: SmallVec<[&str; 4]> = form.split(' ').collect();
            let length = Lengths::of(words.len());
            self.words.entry(words[0].into()).or_default().begins_forms.add(length);
            let last = words[words.len() - 1];
            self.words.entry(last.into()).or_default().ends_forms.add(length);
            if form.chars().all(is_ideograph) && row.raw(2) != "bracket" {
                self.cuts.insert(form.as_ref().into());
            }
            let new = LegalForm::new(id, positions[0]);
            let known = match words[..] {
                [word] => self.words.entry(word.into()).or_default().form.get_or_insert(new),
                _ => self.forms.entry(form.as_ref().into()).or_insert(new),
            };
            positions.iter().for_each(|position| known.allow(*position));
        }
        Ok(())
    }

    fn load_words(&mut self, dir: Option<&Path>) -> Result<()> {
        let file = rule_file!("name_notes.csv");
        for row in file.rows(dir)?.rows() {
            let kind = match row.raw(1) {
                "remark" => {
                    let word = self.fold_entry(row.raw(0)).into();
                    self.words.entry(word).or_default().marks |= BEGINS_REMARK;
                    continue;
                }
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
            self.words.entry(word.into()).or_default().marks |= WEAK;
        }
        Ok(())
    }

    /// An entry of a table, folded as names are.
    pub(crate) fn fold_entry<'e>(&self, entry: &'e str) -> Cow<'e, str> {
        fold_entry(entry, &self.variants)
    }

    /// Whether a word is an article or the like, which identifies nothing.
    pub(crate) fn is_particle(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|known| known.is(PARTICLE))
    }

    /// What the tables say of a word, also with umlauts spelled `ae`, `oe`, `ue`.
    fn known(&self, word: &str) -> Known {
        let mut known = self.words.get(word).copied().unwrap_or_default();
        if let Some(plain) = without_umlauts(word).and_then(|plain| self.words.get(plain.as_str()))
        {
            known.begins_forms.add(plain.begins_forms);
            known.ends_forms.add(plain.ends_forms);
            known.form = known.form.or(plain.form);
        }
        known
    }

    /// Whether a word by itself is a legal form: inside a name it identifies nothing either.
    pub(crate) fn is_form(&self, word: &str) -> bool {
        let form = self.words.get(word).and_then(|known| known.form);
        form.is_some_and(|form| form.stands(Position::END) && !form.stands(Position::BRACKET))
    }

    /// Whether the user says of two names that they never mean one company.
    pub(crate) fn are_apart(&self, names: [&str; 2]) -> bool {
        !self.apart.is_empty() && self.apart.contains(&self.keys(names))
    }

    /// Whether two names are the same but for what identifies nothing.
    #[cfg(feature = "browser")]
    pub(crate) fn are_equal(&self, names: [&str; 2]) -> bool {
        let [one, other] = self.keys(names);
        one == other
    }

    /// The keys of two names, the smaller first.
    fn keys(&self, names: [&str; 2]) -> [String; 2] {
        let (mut words, mut name) = (KnownWords::default(), CompanyName::default());
        let mut keys = names.map(|raw| {
            self.read(raw, &mut words, &mut name);
            name.key()
        });
        keys.sort_unstable();
        keys
    }

    /// Reads a name as typed, with words that have been read by the same tables.
    pub(crate) fn read(&self, raw: &str, words: &mut KnownWords, name: &mut CompanyName) {
        self.fold(raw, name);
        self.read_folded(words, name);
    }

    /// As [`NameRules::read`], of many names: they wait for the memory of their words together.
    pub(crate) fn read_all<'r>(
        &self,
        raw: impl Iterator<Item = &'r str>,
        words: &mut KnownWords,
        names: &mut [&mut CompanyName],
    ) {
        raw.zip(names.iter_mut()).for_each(|(raw, name)| self.fold(raw, name));
        words.prefetch_all(names);
        names.iter_mut().for_each(|name| self.read_folded(words, name));
    }

    fn fold(&self, raw: &str, CompanyName { folded, hashes, .. }: &mut CompanyName) {
        fold(raw, &self.variants, folded);
        if let Some(same) = self.aliases.get(folded.text.as_str()) {
            fold(same, &self.variants, folded);
        }
        if !folded.text.is_ascii() {
            self.cut_ideographs(folded);
        }
        hashes.clear();
        hashes.extend(folded.words().map(|word| Key::from(word).hash));
    }

    fn read_folded(&self, words: &mut KnownWords, name: &mut CompanyName) {
        let CompanyName { folded, hashes, words: kept, forms, form_in_front } = name;
        kept.clear();
        forms.clear();
        let mut rest = Rest::of(folded, forms);
        let keys = folded.words().zip(hashes).map(|(text, hash)| Key { text, hash: *hash });
        rest.words.extend(keys.map(|word| words.get(word, self)));
        let is_remark = |at: &usize| rest.known(*at).is(BEGINS_REMARK);
        if let Some(at) = rest.open().skip(1).find(is_remark) {
            rest.set_apart(rest.end - at);
        }
        self.strip_end(&mut rest);
        *form_in_front = self.strip_front(&mut rest);
        self.describe(&mut rest);
        rest.collect(kept);
    }

    /// Takes legal forms, share classes, notes and bracketed remarks from the end, in any order.
    fn strip_end(&self, rest: &mut Rest<'_>) {
        while rest.first < rest.end {
            let open = rest.open();
            let names = |at: &usize| !rest.tokens()[*at].bracketed && !rest.known(*at).is(PARTICLE);
            let keep = open.clone().find(names).unwrap_or(rest.first) + 1 - rest.first;
            let most = open.len().saturating_sub(keep);
            if let Some((length, form)) = self.form_at_end(rest, most) {
                rest.remember(form.id);
                rest.end -= length;
            } else if let Some(length) = self.note_at_end(rest, most) {
                rest.end -= length;
            } else if let Some(length) = self.weak_tail(rest) {
                rest.set_apart(length);
            } else if rest.ends_with_remark() {
                rest.set_apart(1);
            } else {
                break;
            }
        }
    }

    fn form_at_end(&self, rest: &Rest<'_>, most: usize) -> Option<(usize, LegalForm)> {
        rest.known(rest.end - 1).ends_forms.up_to(most).find_map(|length| {
            let at = rest.end - length..rest.end;
            let form = self.form(rest, at.clone())?;
            // `Est SARL`: a word that is a form in one country is a word before another form.
            let is_word = || !rest.forms.is_empty() && self.is_weak(rest, at.clone());
            let stands = form.stands(Position::END) && !is_word()
                || form.stands(Position::BRACKET) && rest.is_bracketed(at.clone());
            stands.then_some((length, form))
        })
    }

    fn note_at_end(&self, rest: &Rest<'_>, most: usize) -> Option<usize> {
        let last = rest.word(rest.end - 1);
        let has_digit = || last.bytes().any(|byte| byte.is_ascii_digit());
        if last.len() > 1 && !rest.known(rest.end - 1).is(ENDS_NOTE) && !has_digit() {
            return None;
        }
        (1..=most.min(6)).rev().find(|length| {
            let tail = rest.end - length..rest.end;
            // What is left must still be a name: `E.ON` does not lose its `ON`.
            let letters: usize = (rest.first..tail.start).map(|at| rest.word(at).len()).sum();
            letters >= 2 && (self.is_note(rest, tail.clone()) || self.is_nominal(rest, tail))
        })
    }

    fn is_note(&self, rest: &Rest<'_>, tail: Range<usize>) -> bool {
        let first = rest.tokens()[tail.start];
        let phrase = rest.phrase(tail.clone());
        if tail.len() == 1 && first.after == Some('#') {
            return phrase.bytes().all(|byte| byte.is_ascii_digit());
        }
        match self.notes.get(phrase) {
            Some(NoteKind::Share) => true,
            Some(NoteKind::Crm) => first.bracketed || first.after.is_some(),
            Some(NoteKind::State) => first.after == Some('/'),
            Some(NoteKind::Nominal | NoteKind::Class) | None => self.is_class(rest, tail),
        }
    }

    /// Whether a tail is a class of shares: a word for it and one letter or digit (`Kat. A`).
    fn is_class(&self, rest: &Rest<'_>, tail: Range<usize>) -> bool {
        tail.len() == 2
            && rest.word(tail.start + 1).len() == 1
            && self.notes.get(rest.word(tail.start)) == Some(&NoteKind::Class)
    }

    /// Whether a tail is the nominal of a share: a currency and a number (`EO 4`, `LS-05`, `SK10`).
    fn is_nominal(&self, rest: &Rest<'_>, tail: Range<usize>) -> bool {
        let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let first = rest.word(tail.start);
        let letters = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbers = tail.len() > 1 || letters.len() < first.len();
        tail.len() <= 3
            && numbers
            && self.notes.get(letters) == Some(&NoteKind::Nominal)
            && tail.skip(1).all(|at| digits(rest.word(at)))
    }

    /// The legal form that some words are, also with umlauts spelled `ae`, `oe`, `ue`.
    fn form(&self, rest: &Rest<'_>, at: Range<usize>) -> Option<LegalForm> {
        if at.len() == 1 {
            return rest.known(at.start).form;
        }
        let [first, last] = [at.start, at.end - 1].map(|at| rest.known(at));
        if !first.begins_forms.has(at.len()) || !last.ends_forms.has(at.len()) {
            return None;
        }
        let phrase = rest.phrase(at);
        let form = self.forms.get(phrase);
        form.or_else(|| self.forms.get(without_umlauts(phrase)?.as_str())).copied()
    }

    /// Whether words do little to identify a company.
    fn is_weak(&self, rest: &Rest<'_>, at: Range<usize>) -> bool {
        match at.len() {
            1 => rest.known(at.start).is(WEAK),
            _ => self.words.get(rest.phrase(at)).is_some_and(|known| known.is(WEAK)),
        }
    }

    /// The length of a tail after a slash or a dash that holds weak words only (`/ EMEA`).
    fn weak_tail(&self, rest: &Rest<'_>) -> Option<usize> {
        let from = rest.open().rev().find(|at| rest.tokens()[*at].after.is_some())?;
        let mut tail = from..rest.end;
        let is_weak = from > rest.first && tail.all(|at| rest.known(at).is(WEAK));
        (is_weak && rest.end - from <= 3).then_some(rest.end - from)
    }

    /// Takes legal forms from the front, where their country puts them there; whether there was one.
    fn strip_front(&self, rest: &mut Rest<'_>) -> bool {
        let mut found = false;
        while rest.open().len() > 1 {
            let mut lengths = rest.known(rest.first).begins_forms.up_to(rest.open().len() - 1);
            let form = lengths.find_map(|length| {
                let at = rest.first..rest.first + length;
                let form = self.form(rest, at.clone())?;
                let stands = form.stands(Position::FRONT)
                    || form.stands(Position::BRACKET) && rest.is_bracketed(at);
                stands.then_some((length, form.id))
            });
            let Some((length, form)) = form else { break };
            rest.remember(form);
            rest.first += length;
            found = true;
        }
        found
    }

    /// Makes optional what follows a legal form inside the name: it describes the company (`Fraport
    /// AG Frankfurt Airport Services Worldwide`). Words of weak meaning there may distinguish sisters
    /// (`Siemens AG Österreich`) and count.
    fn describe(&self, rest: &mut Rest<'_>) {
        for at in rest.open().skip(1) {
            let mut lengths = rest.known(at).begins_forms.up_to(rest.end - at);
            let found = lengths.find_map(|length| {
                let form = self.form(rest, at..at + length)?;
                let stands = form.stands(Position::END) && !form.stands(Position::FRONT);
                (stands && rest.phrase(at..at + length).len() > 1).then_some((length, form.id))
            });
            let Some((length, form)) = found else { continue };
            let identifies = |at| rest.known(at).is(WEAK) || numeral(rest.word(at)).is_some();
            if !(at + length..rest.end).any(identifies) {
                rest.remember(form);
                rest.optional.extend(at..rest.end);
            }
            return;
        }
    }
}

/// The value of a number, or of a roman numeral that is hardly anything else.
pub(crate) fn numeral(word: &str) -> Option<u32> {
    if word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    const ROMAN: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv",
        "xv", "xvi", "xvii", "xviii", "xix", "xx",
    ];
    ROMAN.iter().position(|roman| *roman == word).map(|at| at as u32 + 1)
}
