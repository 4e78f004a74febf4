//! E-mail addresses as people and systems write them into cells: in brackets, as links, with a
//! word for the sign, in letters of double width.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

use super::{id::split, mend::mended};

/// Ways to write the sign, inside of brackets.
const AT: [&str; 17] = [
    "at",
    ".at.",
    "ät",
    "a",
    "@",
    "arroba",
    "arobase",
    "chez",
    "chiocciola",
    "snabel-a",
    "małpa",
    "malpa",
    "zavináč",
    "kukac",
    "собака",
    "アット",
    "アットマーク",
];

/// Ways to write a point, inside of brackets.
const DOT: [&str; 8] = ["dot", "punkt", "punto", "point", "ponto", "kropka", "ドット", "."];

/// Letters up to which words for signs are looked for: nobody writes more addresses so.
const WORDS: usize = 4096;

/// Brackets, as pairs.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')];

/// Whether a cell is one address as systems write it, so that nothing has to be taken off it.
pub(crate) fn is_plain(cell: &str) -> bool {
    let mut signs = 0;
    let mut is_usual = |byte: u8| {
        signs += usize::from(byte == b'@');
        USUAL[usize::from(byte)]
    };
    cell.bytes().all(&mut is_usual) && signs == 1
}

/// The bytes of which nearly all addresses are made.
const USUAL: [bool; 256] = {
    let mut usual = [false; 256];
    let mut byte = 0;
    while byte < usual.len() {
        let of = byte as u8;
        usual[byte] = of.is_ascii_alphanumeric() || matches!(of, b'.' | b'_' | b'-' | b'+' | b'@');
        byte += 1;
    }
    usual
};

/// The addresses in a cell, as they were meant; empty where it holds none.
pub(crate) fn addresses(cell: &str) -> Vec<String> {
    if may_hold(cell) { addresses_in(&written_plainly(cell)) } else { Vec::new() }
}

/// What stands for `@` in an address that was written with a word for it: it is known again where
/// it denies, and not written to, as its owner has hidden it.
pub(crate) const HIDDEN_SIGN: &str = "(at)";

/// As [`addresses`], those with a word for `@` with [`HIDDEN_SIGN`]; behind them what may have been
/// an address before it was damaged. Empty where there is none.
pub(crate) fn addresses_and_rest(cell: &str) -> Vec<String> {
    let text = written_plainly(cell);
    let mut found = addresses_in(&text);
    if !in_plain_letters(cell).contains('@') {
        found.iter_mut().for_each(|of| *of = of.replace('@', HIDDEN_SIGN));
    } else if !found.is_empty() {
        let damaged =
            split(&text).filter(|part| part.contains('@') && addresses_in(part).is_empty());
        found.extend(damaged.map(str::to_owned));
    }
    found
}

/// The addresses in a text that is written plainly.
fn addresses_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut used = 0;
    for (at, _) in text.match_indices('@') {
        let before = &text[used..at];
        let is_local = |c: char| c.is_alphanumeric() || is_mark(c) || LOCAL.contains(c);
        let local = before.rsplit(|c| !is_local(c)).next().unwrap_or(before);
        // of a web address what stands behind the last sign
        let is_site = before.contains("://");
        let local =
            if is_site { local.rsplit(['=', '/', '&']).next().unwrap_or(local) } else { local };
        let local = local.trim_start_matches(['/', '|', '\'', '*', '=', '.']);
        let after = &text[at + 1..];
        let is_host = |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '.' | '-' | '_');
        let host = &after[..after.find(|c| !is_host(c)).unwrap_or(after.len())];
        let end = at + 1 + host.len();
        let host = host.trim_end_matches(['.', '-', '_']);
        // of two signs in one address nobody knows which is meant
        let has_two = text[end..].starts_with('@') || text[..at].ends_with('@');
        if has_two || local.is_empty() || host.is_empty() {
            continue;
        }
        used = end;
        let address = format!("{local}@{host}");
        if seen.insert(address.clone()) {
            found.push(address);
        }
    }
    found
}

/// Whether a cell has anything that stands for the sign of an address: a fast look.
fn may_hold(cell: &str) -> bool {
    let has_sign = |byte: u8| {
        !byte.is_ascii() || matches!(byte, b'@' | b'(' | b'[' | b'{' | b'<' | b'%' | b'&')
    };
    let has_word = |word: &[u8]| cell.as_bytes().windows(4).any(|of| of.eq_ignore_ascii_case(word));
    cell.bytes().any(has_sign) || has_word(b" at ") || has_word(b"_at_")
}

/// The signs of a local part beside letters and digits.
const LOCAL: &str = ".!#$&'*+-/=^_{|}~";

/// Whether a letter is an accent of the one before it.
fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

/// A cell in plain letters: composed, of single width, with `@` for the words that stand for it.
fn written_plainly(cell: &str) -> Cow<'_, str> {
    if is_plain(cell) {
        return Cow::Borrowed(cell);
    }
    let mut text = in_plain_letters(cell);
    if text.len() <= WORDS {
        text = replaced(&text, &AT, "@");
        text = replaced(&text, &DOT, ".");
    }
    if !text.contains('@') {
        text = in_words(&text).unwrap_or(text);
    }
    Cow::Owned(close_up(&text.replace("\"@", "@")))
}

/// An address whose signs are written as words: `ada at contoso.com`, `ada AT contoso DOT com`,
/// `ada_at_contoso.com`; `None` for another text.
fn in_words(text: &str) -> Option<String> {
    /// Words of the longest address.
    const MOST: usize = 9;
    let spaced = text.replacen("_at_", " at ", 1);
    let words: Vec<&str> = spaced.split_whitespace().take(MOST + 1).collect();
    let [local, sign, host, rest @ ..] = &words[..] else { return None };
    let is = |word: &str, of: &[&str]| of.contains(&word.to_lowercase().as_str());
    if words.len() > MOST || !is(sign, &["at", "ät", "arroba", "chiocciola", "małpa", "собака"])
    {
        return None;
    }
    let mut address = format!("{local}@{host}");
    for pair in rest.chunks(2) {
        let [point, label] = pair else { return None };
        if !is(point, &DOT) {
            return None;
        }
        address.push('.');
        address.push_str(label);
    }
    address.split_once('@').is_some_and(|(_, host)| host.contains('.')).then_some(address)
}

/// A link to write to somebody, with the bytes that its percent signs spell; `None` for another text.
fn of_link(text: &str) -> Option<String> {
    let link = text.trim().get(..7)?.eq_ignore_ascii_case("mailto:").then(|| text.trim())?;
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = rest.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|of| u8::from_str_radix(of, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &rest[3..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

/// A cell in composed letters of single width, its signs spelt by entities as what they are.
fn in_plain_letters(cell: &str) -> String {
    let text = mended(cell).map_or_else(|| cell.to_owned(), |mended| mended.text);
    let text = if text.contains('%') { of_link(&text).unwrap_or(text) } else { text };
    let text: String = text.nfkc().map(plain_sign).collect();
    if text.contains('@') { text } else { text.replace("%40", "@") }
}

/// Signs that only look like those of addresses.
fn plain_sign(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '。' | '｡' => '.',
        '’' | '‘' => '\'',
        letter => letter,
    }
}

/// A text with bracketed words replaced, and the blanks around them.
fn replaced(text: &str, words: &[&str], sign: &str) -> String {
    let mut text = text.to_owned();
    for (open, close) in BRACKETS {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let inside = start + open.len_utf8();
            let Some(end) = text[inside..].find(close).map(|at| inside + at) else { break };
            let word = text[inside..end].trim().to_lowercase();
            if !words.contains(&word.as_str()) {
                from = inside;
                continue;
            }
            let left = text[..start].trim_end().len();
            let right = text.len() - text[end + close.len_utf8()..].trim_start().len();
            text.replace_range(left..right, sign);
            from = left + sign.len();
        }
    }
    text
}

/// A text without the blanks around its `@`, where what stands there is a name and a host.
fn close_up(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let host = after.trim_start().split([' ', ';', ',']).next().unwrap_or("");
        let is_apart = before.ends_with(' ') || after.starts_with(' ');
        if is_apart && host.trim_end_matches('.').contains('.') && !host.contains('@') {
            closed.push_str(before.trim_end());
            closed.push('@');
            rest = after.trim_start();
        } else {
            closed.push_str(before);
            closed.push('@');
            rest = after;
        }
    }
    closed.push_str(rest);
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_were_meant() {
        for (cell, want) in [
            ("ada@contoso.com", &["ada@contoso.com"][..]),
            (" Ada@Contoso.com. ", &["Ada@Contoso.com"]),
            ("mailto:ada@contoso.com?subject=Hello%20you", &["ada@contoso.com"]),
            ("MAILTO:ada%40contoso.com", &["ada@contoso.com"]),
            ("<ada@contoso.com>", &["ada@contoso.com"]),
            ("\"Lovelace, Ada\" <ada@contoso.com>", &["ada@contoso.com"]),
            ("Ada Lovelace [ada@contoso.com]", &["ada@contoso.com"]),
            ("[ada@contoso.com](mailto:ada@contoso.com)", &["ada@contoso.com"]),
            ("<a href=\"mailto:ada@contoso.com\">ada@contoso.com</a>", &["ada@contoso.com"]),
            ("ada@contoso.com#mailto:ada@contoso.com#", &["ada@contoso.com"]),
            ("SMTP:ada@contoso.com", &["ada@contoso.com"]),
            ("[\"ada@contoso.com\",\"kim@contoso.com\"]", &["ada@contoso.com", "kim@contoso.com"]),
            ("ada@contoso.com / kim@contoso.com", &["ada@contoso.com", "kim@contoso.com"]),
            ("ada@contoso.com/kim@contoso.com", &["ada@contoso.com", "kim@contoso.com"]),
            ("ada@contoso.com|kim@contoso.com", &["ada@contoso.com", "kim@contoso.com"]),
            ("ada@contoso.com OR kim@contoso.com", &["ada@contoso.com", "kim@contoso.com"]),
            ("ada (at) contoso.com", &["ada@contoso.com"]),
            ("ada[at]contoso[dot]com", &["ada@contoso.com"]),
            ("ada {AT} contoso (punkt) com", &["ada@contoso.com"]),
            ("ada at contoso.com", &["ada@contoso.com"]),
            ("ada AT contoso DOT com", &["ada@contoso.com"]),
            ("ada at mail dot contoso dot com", &["ada@mail.contoso.com"]),
            ("ada_at_contoso.com", &["ada@contoso.com"]),
            ("ada (chiocciola) contoso (punto) it", &["ada@contoso.it"]),
            ("ada[.at.]contoso.com", &["ada@contoso.com"]),
            ("\"ada\"@contoso.com", &["ada@contoso.com"]),
            ("mailto:%61da@contoso.com", &["ada@contoso.com"]),
            ("https://contoso.com/off?e=ada@contoso.com", &["ada@contoso.com"]),
            ("met at the fair", &[]),
            ("met him at contoso.com", &[]),
            ("ada @ contoso.com.", &["ada@contoso.com"]),
            ("ada&#64;contoso.com", &["ada@contoso.com"]),
            ("&lt;ada@contoso.com&gt;", &["ada@contoso.com"]),
            ("ＡＤＡ＠ｃｏｎｔｏｓｏ．ｃｏｍ", &["ADA@contoso.com"]),
            ("a\u{200b}da@contoso\u{ad}.com\u{feff}", &["ada@contoso.com"]),
            ("ada@contoso–nord.com", &["ada@contoso-nord.com"]),
            ("jo\u{308}rg@mu\u{308}ller.de", &["jörg@müller.de"]),
            ("o'neill@contoso.com", &["o'neill@contoso.com"]),
            ("'ada@contoso.com'", &["ada@contoso.com"]),
            ("ada@contoso.com (old)", &["ada@contoso.com"]),
            ("ada@@contoso.com", &[]),
            ("ada", &[]),
            ("@contoso.com", &[]),
            ("asked at the fair.", &[]),
            ("", &[]),
        ] {
            assert_eq!(addresses(cell), want, "cell: {cell:?}");
        }
    }

    #[test]
    fn what_may_have_been_an_address_stays_beside_those_that_are_one() {
        for (cell, want) in [
            ("<ada@contoso.com>, kim@@contoso.com", &["ada@contoso.com", "kim@@contoso.com"][..]),
            ("ada @ contoso.com", &["ada@contoso.com"]),
            ("ada (at) contoso.com", &["ada(at)contoso.com"]),
            ("kim@@contoso.com", &[]),
            ("by phone", &[]),
        ] {
            assert_eq!(addresses_and_rest(cell), want, "cell: {cell:?}");
        }
    }
}
