//! Text that a system on its way has spoilt: HTML entities, letters encoded twice, marks that
//! nobody sees. What is mended here could not stand in a healthy text.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};
use memchr::{memchr_iter, memchr3, memchr3_iter};

/// How often a text may have been spoilt: `&amp;amp;`.
const TIMES: usize = 3;

/// Whether a text may hold something to mend: a fast look at all cells at once.
pub(crate) fn may_be_spoilt(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr3_iter(b'&', b'%', b'<', bytes).any(|at| begins_code(&bytes[at..]))
        || beyond_ascii(text).any(|at| may_begin_spoilt(&text[at..]))
}

/// Whether a text begins with what stands for a letter, or with the end of a tag.
fn begins_code(bytes: &[u8]) -> bool {
    match bytes[0] {
        b'&' => is_entity(bytes),
        b'%' => percent_byte(bytes).is_some(),
        _ => bytes.starts_with(b"</"),
    }
}

/// Where letters beyond ASCII stand. Most of a text is passed over a block at a time.
fn beyond_ascii(text: &str) -> impl Iterator<Item = usize> {
    const BLOCK: usize = 64;
    let blocks = text.as_bytes().chunks(BLOCK).enumerate();
    blocks.filter(|(_, block)| !block.is_ascii()).flat_map(|(nth, block)| {
        let starts = block.iter().enumerate().filter(|(_, byte)| **byte >= 0xc0);
        starts.map(move |(at, _)| nth * BLOCK + at)
    })
}

/// Whether a text begins with a mark that nobody sees, or with letters that stand so in hardly any
/// healthy text.
fn may_begin_spoilt(text: &str) -> bool {
    // letters that were encoded twice begin with one of these, and go on beyond ASCII
    const TWICE: &str = "ÂÃÄÅÎÏÐÑâãäåæçèé√¬";
    let mut letters = text.chars();
    let letter = letters.next().unwrap_or_default();
    is_unseen(letter)
        || OF_DOS.iter().any(|(sign, _)| sign.starts_with(letter))
        || (letters.next().is_some_and(|next| !next.is_ascii()) && TWICE.contains(letter))
}

/// A cell as it was before it was spoilt; `None` for a healthy one. `counts` is whether letters
/// have changed, not just marks that nobody sees.
pub(crate) fn mended(cell: &str) -> Option<Mended> {
    if cell.is_ascii() && memchr3(b'&', b'%', b'<', cell.as_bytes()).is_none() {
        return None;
    }
    let mut text = seen(cell);
    let mut counts = false;
    for _ in 0..TIMES {
        let now = text.as_deref().unwrap_or(cell);
        let better = decoded(now)
            .or_else(|| encoded_once(now, WINDOWS_1252))
            .or_else(|| encoded_once(now, MACINTOSH))
            .or_else(|| of_dos(now))
            .or_else(|| of_web_address(now))
            .or_else(|| without_tags(now));
        let Some(better) = better else { break };
        counts = true;
        text = Some(seen(&better).unwrap_or(better));
    }
    text.map(|text| Mended { text, counts })
}

/// A cell that was spoilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mended {
    /// The cell as it was before.
    pub(crate) text: String,
    /// Whether letters have changed, not just marks that nobody sees.
    pub(crate) counts: bool,
}

/// Whether a letter is a mark that nobody sees and that no language needs inside of a word.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'
            ..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    ) || is_joiner(letter)
}

/// Whether a letter joins or parts its neighbours: within words of some languages it is needed.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// A text without the marks that nobody sees; `None` where it has none.
fn seen(text: &str) -> Option<String> {
    if text.is_ascii() || !text.chars().any(is_unseen) {
        return None;
    }
    let bare: String = text.chars().filter(|c| !is_unseen(*c) || is_joiner(*c)).collect();
    let blank = |c: char| is_joiner(c) || c.is_whitespace();
    let bare = bare.trim_matches(blank);
    // between letters of ASCII a joiner joins nothing
    let mut kept = String::with_capacity(bare.len());
    for (at, letter) in bare.char_indices() {
        let next = bare[at + letter.len_utf8()..].chars().next();
        let stays = !is_joiner(letter)
            || !(kept.ends_with(|c: char| c.is_ascii()) || next.is_some_and(|c| c.is_ascii()));
        kept.extend(stays.then_some(letter));
    }
    (kept != text).then_some(kept)
}

/// Whether a text begins with an HTML entity that ends with a semicolon.
fn is_entity(bytes: &[u8]) -> bool {
    /// Letters of the longest name.
    const LONGEST: usize = 10;
    let name = &bytes[1..bytes.len().min(LONGEST + 2)];
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#');
    end.is_some_and(|end| end > 1 && name[end] == b';')
}

/// A text with its HTML entities decoded; `None` where it has none.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if !memchr_iter(b'&', bytes).any(|at| is_entity(&bytes[at..])) {
        return None;
    }
    let plain = html_escape::decode_html_entities(text);
    (plain != text && !plain.chars().any(char::is_control)).then(|| plain.replace('\u{a0}', " "))
}

/// A text in a code page of DOS (cp850) that was read as Windows-1252: `M\u{81}ller`, `Sch”n`; `None`
/// where no letter of a word is a control character or the closing or low quote of a text.
fn of_dos(text: &str) -> Option<String> {
    let is_letter = |letter: Option<char>| letter.is_some_and(|of| of.is_ascii_alphabetic());
    let is_small = |letter: Option<char>| letter.is_some_and(char::is_lowercase);
    let is_inside = |sign: &str| {
        text.match_indices(sign).any(|(at, _)| {
            let behind = text[at + sign.len()..].chars().next();
            is_letter(text[..at].chars().next_back()) && is_small(behind)
        })
    };
    if !OF_DOS.iter().any(|(sign, _)| is_inside(sign)) {
        return None;
    }
    let all = OF_DOS.iter().chain(&LIKELY_OF_DOS);
    Some(all.fold(text.to_owned(), |text, (sign, letter)| text.replace(sign, letter)))
}

/// Letters of a code page of DOS, as Windows-1252 shows them: inside a word these are nothing else.
const OF_DOS: [(&str, &str); 4] = [("\u{81}", "ü"), ("„", "ä"), ("”", "ö"), ("‚", "é")];

/// What else such a text may hold. Alone each of these is healthy.
const LIKELY_OF_DOS: [(&str, &str); 7] =
    [("á", "ß"), ("Ž", "Ä"), ("™", "Ö"), ("š", "Ü"), ("…", "à"), ("Š", "è"), ("‡", "ç")];

/// A text with the bytes of its letters that a web address spells out, `M%C3%BCller`; `None` for
/// a whole address, and for a text in which a percent sign is one.
fn of_web_address(text: &str) -> Option<String> {
    if !text.contains('%') || text.contains("://") || text.contains('@') {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut is_certain = false;
    while let [first, tail @ ..] = rest {
        let byte = if *first == b'%' { Some(percent_byte(rest)?) } else { None };
        is_certain |= byte.is_some_and(|byte| byte >= 0x80);
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &rest[3..] } else { tail };
    }
    String::from_utf8(bytes).ok().filter(|text| is_certain && !text.chars().any(char::is_control))
}

/// The byte that two hexadecimal digits behind a percent sign spell.
fn percent_byte(bytes: &[u8]) -> Option<u8> {
    let digit = |at: usize| (*bytes.get(at)? as char).to_digit(16);
    Some((digit(1)? * 16 + digit(2)?) as u8)
}

/// A text without the HTML tags around its parts; `None` where it has none, or an address in one.
fn without_tags(text: &str) -> Option<String> {
    const TAGS: [&str; 14] =
        ["a", "b", "i", "u", "p", "em", "br", "div", "font", "span", "strong", "small", "td", "li"];
    if !text.contains("</") || text.contains('@') {
        return None;
    }
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('<') {
        bare.push_str(before);
        let (tag, after) = inside.split_once('>')?;
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if !TAGS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        rest = after;
    }
    bare.push_str(rest);
    let bare = bare.trim().to_owned();
    (!bare.is_empty()).then_some(bare)
}

/// A text whose letters were encoded as UTF-8, read in another code page and encoded again; `None`
/// for one whose letters are what they seem.
fn encoded_once(text: &str, page: &'static Encoding) -> Option<String> {
    // each such letter has become two or more beyond ASCII
    let mut pairs = text.chars().zip(text.chars().skip(1));
    if !pairs.any(|(one, next)| !one.is_ascii() && !next.is_ascii()) {
        return None;
    }
    let letters: Vec<char> = text.chars().collect();
    let bytes: Vec<u8> =
        letters.iter().map(|letter| byte_of(*letter, page)).collect::<Option<_>>()?;
    let plain = String::from_utf8(bytes.clone()).ok()?;
    let is_text = plain.chars().all(|c| !c.is_control() || c.is_whitespace());
    let mut at = 0;
    let mut is_certain = false;
    for letter in plain.chars() {
        let end = at + letter.len_utf8();
        // a Mac's letters spell those of other scripts by accident only
        if page == MACINTOSH && !is_of_mac(letter) {
            return None;
        }
        is_certain |= is_of_europe_or_long(letter) && is_never_healthy(&letters, at, end);
        at = end;
    }
    (is_text && is_certain).then_some(plain)
}

/// Whether a letter is Latin, or a mark of punctuation.
fn is_of_mac(letter: char) -> bool {
    matches!(letter as u32, 0..=0x24f | 0x2000..=0x20cf)
}

/// Whether a letter is one of those that two bytes of Europe's alphabets encode, or more bytes.
fn is_of_europe_or_long(letter: char) -> bool {
    matches!(letter as u32, 0x80..=0x17f | 0x370..=0x52f | 0x800..)
}

/// The byte of a letter in a code page; of a control character that stands for an unassigned
/// byte, that byte.
fn byte_of(letter: char, page: &'static Encoding) -> Option<u8> {
    if (letter as u32) < 0x80 || matches!(letter as u32, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) {
        return Some(letter as u8);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = page.encode(letter.encode_utf8(&mut buffer));
    (!unmappable && bytes.len() == 1).then(|| bytes[0])
}

/// Whether the letters of one sequence stand together in no healthy text. A capital letter at the
/// end of a word before a sign may: `PYÖRÄ®`.
fn is_never_healthy(letters: &[char], start: usize, end: usize) -> bool {
    const SIGNS: &str = "«»®™©°ºª'‘’“”…–—•·¹²³¡¿€¦§";
    let ends_word = letters[start + 1..end].iter().all(|letter| SIGNS.contains(*letter))
        && !letters.get(end).is_some_and(|next| next.is_alphabetic());
    let before = start.checked_sub(1).map(|at| letters[at]);
    let continues_word = before.is_none_or(|before| {
        before.is_uppercase() == letters[start].is_uppercase() || !before.is_alphabetic()
    });
    // the signs with which letters begin that were read as a Mac's stand in no name
    !(letters[start].is_alphabetic() && ends_word && continues_word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(cell: &str) -> String {
        mended(cell).map_or_else(|| cell.to_owned(), |mended| mended.text)
    }

    #[test]
    fn spoilt_text_becomes_what_it_was() {
        for (cell, want, counts) in [
            ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne", true),
            ("M\u{81}ller", "Müller", true),
            ("Sch”n Baustoffe", "Schön Baustoffe", true),
            ("Gr”áe", "Größe", true),
            ("B„renreiter, Ren‚e", "Bärenreiter, Renée", true),
            ("O&#039;Neill", "O'Neill", true),
            ("O&amp;#39;Neill", "O'Neill", true),
            ("M\u{c3}\u{bc}ller", "Müller", true),
            ("Stra\u{c3}\u{178}e", "Straße", true),
            ("CAF\u{c3}\u{2030}", "CAFÉ", true),
            ("Caf\u{c3}\u{a9}", "Café", true),
            ("K\u{c3}\u{2013}LN", "KÖLN", true),
            ("Pawe\u{c5}\u{201a}", "Paweł", true),
            ("Rock\u{e2}\u{20ac}\u{2122}n\u{e2}\u{20ac}\u{2122}Roll", "Rock’n’Roll", true),
            ("\u{e6}\u{9d}\u{b1}\u{e4}\u{ba}\u{ac}", "東京", true),
            ("Karrenb\u{221a}\u{ba}sch", "Karrenbüsch", true), // through a Mac
            ("R%C3%B6stermann Kaffee", "Röstermann Kaffee", true),
            ("<b>Ohlenspring</b> Yoga", "Ohlenspring Yoga", true),
            ("<a href=\"/001\" target=\"_top\">Zickenroth</a>", "Zickenroth", true),
            ("\u{200d}=CTO", "=CTO", false),
            ("\u{202d}+49 30 123\u{202c}", "+49 30 123", false),
            ("Ab\u{ad}tei\u{200b}lung", "Abteilung", false),
            ("Ada\u{200d} Lund", "Ada Lund", false),
        ] {
            let found = mended(cell).unwrap_or_else(|| panic!("{cell:?} is spoilt"));
            assert_eq!((found.text.as_str(), found.counts), (want, counts), "cell: {cell:?}");
            assert!(may_be_spoilt(cell), "cell: {cell:?}");
        }
    }

    #[test]
    fn healthy_text_stays() {
        for cell in [
            "Müller & Söhne",
            "AT&T; R&D; Q&A",
            "CAFÉ®",
            "NESTLÉ™",
            "PYÖRÄ®",
            "»ISO MÄKI«",
            "LÃ®",
            "Zum „Quellwirt“, „Ada” und ‚Kim‘",
            "O”Brien",
            "São Tomé",
            "MAÇÃ",
            "100%C3 GmbH & 50%",
            "https://example.de/m%C3%BCller",
            "a < b </ c > d",
            "¬ 2√9",
            "Łódź",
            "Ångström Å",
            "東京エレクトロン",
            "Société Générale",
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "&",
            "",
        ] {
            assert_eq!(mended(cell), None, "cell: {cell:?}");
        }
    }

    proptest! {
        #[test]
        fn text_that_was_encoded_twice_comes_back(word in "[a-z]{2}[a-zäöüßéèñçłőα-ωа-я]{0,12}") {
            let spoilt: String = word.bytes().map(|byte| match byte {
                0x81 | 0x8d | 0x8f | 0x90 | 0x9d => byte as char,
                byte => WINDOWS_1252.decode(&[byte]).0.chars().next().unwrap(),
            }).collect();
            prop_assert_eq!(text_of(&spoilt), word);
        }

        #[test]
        fn words_stay(word in "([A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{0,12}|[A-ZÀ-ÖØ-Þ]{0,12})[®™©»]?") {
            prop_assert_eq!(mended(&word), None);
        }
    }
}
