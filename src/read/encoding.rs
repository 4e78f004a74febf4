//! Encodings: which one a file is in, on the evidence of all its bytes, and its text as UTF-8.

use std::{
    io::{self, Read},
    sync::Arc,
};

use chardetng::EncodingDetector;
use encoding_rs::{
    DecoderResult, Encoding, ISO_2022_JP, MACINTOSH, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1252,
};

use crate::error::{Error, Result};

/// What stands in the decoded bytes where the file's bytes are no text; it makes them invalid
/// UTF-8, so that the row is found like one of a damaged UTF-8 file.
const NO_TEXT: u8 = 0xff;
/// Bytes of lines with letters outside ASCII that are weighed.
const SAMPLE: usize = 256 << 10;
/// So many valid characters are enough to tell a damaged file, and not counted further.
const ENOUGH: u64 = 1 << 16;
/// So many valid characters for each invalid one speak for UTF-8 with damage.
const VALID_PER_INVALID: u64 = 4;

/// Why a file with letters outside ASCII is UTF-8.
const ALL_VALID: &str = "all of it is valid UTF-8";

/// Different Japanese characters that overrule a guess at Windows-1252.
const LEAST_PAIRS: usize = 4;

/// The encoding that was chosen for a file.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) encoding: &'static Encoding,
    /// Why, as a lower-case phrase.
    pub(super) reason: String,
    /// What the user should know, where the choice is doubtful.
    pub(super) doubt: Option<String>,
    /// The lines from whose letters a code page was guessed; `None` where nothing was.
    pub(super) guessed_from: Option<Arc<[u8]>>,
}

impl Chosen {
    fn new(encoding: &'static Encoding, reason: impl Into<String>) -> Chosen {
        Chosen { encoding, reason: reason.into(), doubt: None, guessed_from: None }
    }

    /// The encoding that a byte-order mark declares, where the user may have named another one.
    pub(super) fn before(mut self, named: Option<&Chosen>) -> Chosen {
        if let Some(named) = named.filter(|named| named.encoding != self.encoding) {
            self.reason = format!("its byte-order mark comes before --encoding {}", named.label());
        }
        self
    }

    /// The encoding that the user named, in doubt where the evidence of all bytes is plainly for
    /// UTF-8: the flag holds for all files, and few of them may need it.
    pub(super) fn against(mut self, evidence: &Chosen) -> Chosen {
        if evidence.reason == ALL_VALID && self.encoding != UTF_8 {
            self.doubt = Some(format!(
                "read as {}, as --encoding says, though {ALL_VALID}: if letters look wrong, say \
                 --encoding FILE=NAME for the other files alone",
                self.label()
            ));
        }
        self
    }

    /// A guess in the light of the lines of all files of an export, which are in one code page unless a
    /// file's own letters say otherwise.
    pub(super) fn among(self, export: &[u8]) -> Chosen {
        let Some(own) = self.guessed_from.clone().filter(|_| self.encoding == WINDOWS_1252) else {
            return self;
        };
        let all = guess(export, "no UTF-8");
        if all.encoding.decode_without_bom_handling_and_without_replacement(&own).is_none() {
            return self;
        }
        let reason = match all.encoding == self.encoding {
            true => self.reason,
            false => format!("{}, with the other files of the export", all.reason),
        };
        Chosen { reason, guessed_from: Some(own), ..all }
    }

    /// The name for people.
    pub(super) fn label(&self) -> String {
        match self.encoding.name() {
            "UTF-16LE" => "UTF-16 LE".into(),
            "UTF-16BE" => "UTF-16 BE".into(),
            name => name.replace("windows", "Windows"),
        }
    }

    /// The bytes of a source as UTF-8.
    pub(super) fn decode(&self, source: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        if self.encoding == UTF_8 {
            return source;
        }
        Box::new(Decoded {
            source,
            decoder: self.encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 64 << 10],
            unread: 0..0,
            text: vec![0; 256 << 10],
            unserved: 0..0,
            last: false,
            over: false,
        })
    }
}

/// The encoding that a user named.
///
/// # Errors
///
/// A name that no encoding has, and UTF-32.
pub(super) fn named(name: &str) -> Result<Chosen> {
    let setting = |found: String| Error::Setting {
        flag: "--encoding".into(),
        found,
        todo: "use one of utf-8, utf-16le, utf-16be, windows-1252, shift_jis".into(),
    };
    let folded = name.trim().to_lowercase().replace([' ', '_'], "-");
    if folded.starts_with("utf-32") || folded.starts_with("utf32") {
        return Err(setting("UTF-32 is not read".into()));
    }
    let of_dos = ["cp850", "cp437", "cp852", "cp858", "ibm850", "ibm437", "ibm852", "dos", "oem"];
    if of_dos.contains(&folded.as_str()) {
        return Err(setting(format!("{name} is not read: save the file as UTF-8")));
    }
    let encoding = match folded.as_str() {
        "mac" | "macroman" | "mac-roman" => Some(MACINTOSH),
        "cp932" | "shift-jis-2004" => Some(SHIFT_JIS),
        "cp1252" | "ansi" => Some(WINDOWS_1252),
        "utf-16-le" | "utf16le" | "utf16" => Some(UTF_16LE),
        "utf-16-be" | "utf16be" => Some(UTF_16BE),
        label => Encoding::for_label(label.as_bytes())
            .or_else(|| Encoding::for_label(name.trim().as_bytes())),
    };
    let encoding = encoding.ok_or_else(|| setting(format!("no encoding is called {name}")))?;
    Ok(Chosen::new(encoding, "named by --encoding"))
}

/// The encoding that a byte-order mark declares.
///
/// # Errors
///
/// UTF-32, which is refused by name.
pub(super) fn declared(start: &[u8], file: &str) -> Result<Option<Chosen>> {
    if is_utf_32(start) {
        return Err(Error::Unusable {
            file: file.to_owned(),
            found: "text in UTF-32, which cannot be read".into(),
            todo: "save it as UTF-8".into(),
        });
    }
    if is_iso_2022_jp(start) {
        return Ok(Some(Chosen::new(ISO_2022_JP, "it has the escape sequences of ISO-2022-JP")));
    }
    Ok(Encoding::for_bom(start)
        .map(|(encoding, _)| Chosen::new(encoding, "it begins with a byte-order mark")))
}

/// Whether a text changes between ASCII and Japanese characters by escape sequences.
fn is_iso_2022_jp(start: &[u8]) -> bool {
    let holds = |sequence: &[u8]| memchr::memmem::find(start, sequence).is_some();
    start.is_ascii() && (holds(b"\x1b$B") || holds(b"\x1b$@"))
}

/// UTF-32, with or without a mark: four bytes at a time they are characters, in one order of the
/// bytes or the other. (In UTF-16 every second character would have to be a control character.)
fn is_utf_32(start: &[u8]) -> bool {
    if matches!(start, [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..]) {
        return true;
    }
    let is_character =
        |unit: u32| !matches!(unit, 0..=8 | 14..=31) && char::from_u32(unit).is_some();
    let all_are = |read: fn([u8; 4]) -> u32| {
        let units = start.chunks_exact(4).take(1024);
        units.len() > 1
            && units.map(|unit| read([unit[0], unit[1], unit[2], unit[3]])).all(is_character)
    };
    all_are(u32::from_le_bytes) || all_are(u32::from_be_bytes)
}

/// UTF-16 without a mark: delimiters, digits and line ends have their zero byte on one side.
pub(super) fn utf_16_without_mark(start: &[u8]) -> Option<Chosen> {
    let units = start.chunks_exact(2).take(32 << 10);
    let all = units.len();
    let zeros = |side: usize| units.clone().filter(|unit| unit[side] == 0).count();
    let (left, right) = (zeros(0), zeros(1));
    let shows = |many: usize, few: usize| many >= 2 && many * 16 >= all && few * 16 <= many;
    let encoding = match (shows(right, left), shows(left, right)) {
        (true, _) => UTF_16LE,
        (_, true) => UTF_16BE,
        _ => return None,
    };
    let line_end = units.clone().any(|unit| matches!(unit, [0, 10 | 13] | [10 | 13, 0]));
    line_end.then(|| Chosen::new(encoding, "every second byte of its ASCII letters is zero"))
}

/// Evidence for an encoding, gathered from all bytes of a file in one pass.
#[derive(Default)]
pub(super) struct Evidence {
    /// The beginning of a character that a block cut off.
    cut: Vec<u8>,
    bytes: u64,
    /// Characters outside ASCII that are valid UTF-8.
    valid: u64,
    invalid: u64,
    first_invalid: u64,
    sample: Vec<u8>,
}

impl Evidence {
    /// Takes in the next bytes of the file.
    pub(super) fn feed(&mut self, mut block: &[u8]) {
        while let (Some(&first), false) = (self.cut.first(), block.is_empty()) {
            let missing = character_length(first) - self.cut.len();
            let (head, rest) = block.split_at(missing.min(block.len()));
            let joined = [&self.cut, head].concat();
            self.cut.clear();
            self.weigh(&joined);
            block = rest;
        }
        if !block.is_empty() {
            self.weigh(block);
        }
    }

    fn weigh(&mut self, block: &[u8]) {
        let whole = block.len() - cut_off(block);
        let (block, cut) = block.split_at(whole);
        self.cut = cut.to_vec();
        if block.is_ascii() {
            self.bytes += block.len() as u64;
            return;
        }
        self.take_sample(block);
        match simdutf8::basic::from_utf8(block) {
            Ok(_) if self.valid > ENOUGH => {}
            Ok(text) => self.valid += beyond_ascii(text),
            Err(_) => self.count_invalid(block),
        }
        self.bytes += block.len() as u64;
    }

    fn count_invalid(&mut self, block: &[u8]) {
        let mut at = 0;
        for chunk in block.utf8_chunks() {
            self.valid += beyond_ascii(chunk.valid());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                if self.invalid == 0 {
                    self.first_invalid = self.bytes + at as u64;
                }
                self.invalid += 1;
            }
            at += chunk.invalid().len();
        }
    }

    /// Keeps lines with letters outside ASCII; not the first of a block, which may be half a line.
    fn take_sample(&mut self, block: &[u8]) {
        let lines = block.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'));
        for line in lines.skip(usize::from(self.bytes > 0)) {
            if self.sample.len() >= SAMPLE {
                return;
            }
            if !line.is_ascii() {
                self.sample.extend_from_slice(line);
            }
        }
    }

    /// The encoding that all bytes speak for.
    pub(super) fn decide(mut self) -> Chosen {
        let cut = std::mem::take(&mut self.cut);
        self.count_invalid(&cut);
        self.sample.extend_from_slice(&cut);
        if self.invalid == 0 {
            let reason = match self.valid {
                0 => "all of it is ASCII",
                _ => ALL_VALID,
            };
            return Chosen::new(UTF_8, reason);
        }
        if self.valid >= self.invalid * VALID_PER_INVALID {
            let Evidence { valid, invalid, .. } = self;
            let reason = format!("{valid} letters are valid UTF-8, {invalid} places are damaged");
            return Chosen::new(UTF_8, reason);
        }
        self.legacy()
    }

    /// Windows-1252 or Shift_JIS.
    fn legacy(self) -> Chosen {
        let not_utf_8 = format!("no UTF-8 at byte {}", self.first_invalid + 1);
        let guessed = guess(&self.sample, &not_utf_8);
        Chosen { guessed_from: Some(self.sample.into()), ..guessed }
    }
}

/// Windows-1252 or Shift_JIS, by lines with letters outside ASCII.
fn guess(lines: &[u8], not_utf_8: &str) -> Chosen {
    let mut detector = EncodingDetector::new();
    detector.feed(lines, true);
    let likeliest = detector.guess(None, false);
    let few = if likeliest == WINDOWS_1252 { LEAST_PAIRS } else { 1 };
    if likeliest == SHIFT_JIS || reads_japanese(lines, few) {
        return Chosen::new(SHIFT_JIS, format!("{not_utf_8}, and it reads as Japanese"));
    }
    let mut chosen = Chosen::new(WINDOWS_1252, format!("{not_utf_8}, no Japanese either"));
    let low = low_letters(lines);
    if low == Some(LowLetters::Dos) {
        chosen.doubt = Some(
            "read as Windows-1252, but it may be a code page of DOS (cp850), which is not read: \
             if letters look wrong, save it as UTF-8"
                .into(),
        );
        return chosen;
    }
    let likeliest = if low == Some(LowLetters::Macintosh) { MACINTOSH } else { likeliest };
    if likeliest != WINDOWS_1252 {
        let name = likeliest.name().to_lowercase();
        chosen.doubt = Some(format!(
            "read as Windows-1252, but it may be {name}: if letters look wrong, say --encoding {name}, \
             or --encoding FILE={name} for this file alone"
        ));
    }
    chosen
}

/// How many characters of a text are not ASCII; counted in bytes, so that many are added at once.
fn beyond_ascii(text: &str) -> u64 {
    let begins = |byte: &u8| u8::from(*byte >= 0xc0);
    let chunks = text.as_bytes().chunks(usize::from(u8::MAX));
    chunks.map(|chunk| u64::from(chunk.iter().map(begins).sum::<u8>())).sum()
}

/// How many bytes a UTF-8 character has that begins with this one.
fn character_length(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        _ => 2,
    }
}

/// How many bytes at the end are the beginning of a UTF-8 character.
fn cut_off(block: &[u8]) -> usize {
    for back in 1..=block.len().min(3) {
        let byte = block[block.len() - back];
        if byte >= 0xc0 {
            return if character_length(byte) > back { back } else { 0 };
        }
        if byte < 0x80 {
            return 0;
        }
    }
    0
}

/// Whether nearly all bytes outside ASCII are two-byte characters of the common planes of
/// Shift_JIS that stand next to each other, as the words of a Japanese text do, `few` different
/// ones at least. (`Men’s` in Windows-1252 is valid Shift_JIS as well, but such pairs stand alone;
/// a line of dashes is one sign over and over.)
fn reads_japanese(sample: &[u8], few: usize) -> bool {
    let (mut pairs, mut neighbours, mut others) = (0usize, 0usize, 0usize);
    let mut kinds: Vec<[u8; 2]> = Vec::new();
    let (mut at, mut after_pair) = (0, false);
    while at < sample.len() {
        let pair = match (sample[at], sample.get(at + 1)) {
            (lead @ 0x81..=0x9f, Some(&trail @ (0x40..=0x7e | 0x80..=0xfc))) if lead != trail => {
                Some([lead, trail])
            }
            _ => None,
        };
        if let Some(pair) = pair {
            pairs += 1;
            neighbours += usize::from(after_pair);
            if kinds.len() < few && !kinds.contains(&pair) {
                kinds.push(pair);
            }
        } else if sample[at] >= 0x80 {
            others += 1;
        }
        after_pair = pair.is_some();
        at += if pair.is_some() { 2 } else { 1 };
    }
    pairs > others * 3 && neighbours * 2 >= pairs && kinds.len() >= few
}

/// Who has the letters of words where Windows-1252 has signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LowLetters {
    Macintosh,
    Dos,
}

/// Whether the letters of words are where a Macintosh or DOS has them and Windows-1252 has signs: it
/// has hardly any letter of a word below C0. The commonest letters of Europe part the two.
fn low_letters(sample: &[u8]) -> Option<LowLetters> {
    const DOS: &[u8] = b"\x81\x82\x84\x87\x94\xa0\xa1\xa2\xa3\xa4";
    const MACINTOSH: &[u8] = b"\x87\x8a\x8d\x8e\x8f\x92\x96\x97\x9a\x9c\x9f\xa7";
    let is_letter = |at: usize| sample.get(at).is_some_and(u8::is_ascii_alphabetic);
    let (mut low, mut high) = (0usize, 0usize);
    let (mut dos, mut macintosh) = (0usize, 0usize);
    for (at, byte) in sample.iter().enumerate() {
        let inside = at > 0 && is_letter(at - 1) && is_letter(at + 1);
        // Apostrophes and dashes stand inside words too.
        low += usize::from(inside && matches!(byte, 0x80..=0x90 | 0x95 | 0x98..=0x9f));
        high += usize::from(matches!(byte, 0xc0..));
        dos += usize::from(inside && DOS.contains(byte));
        macintosh += usize::from(inside && MACINTOSH.contains(byte));
    }
    let is_low = low > 0 && low > high * 2;
    is_low.then_some(if dos > macintosh { LowLetters::Dos } else { LowLetters::Macintosh })
}

/// Bytes of another encoding, read as UTF-8.
struct Decoded {
    source: Box<dyn Read + Send>,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    unread: std::ops::Range<usize>,
    text: Vec<u8>,
    unserved: std::ops::Range<usize>,
    /// Whether the source ended.
    last: bool,
    /// Whether the decoder ended.
    over: bool,
}

impl Decoded {
    /// Decodes until there is something to serve, or all is over.
    fn refill(&mut self) -> io::Result<()> {
        while self.unserved.is_empty() && !self.over {
            if self.unread.is_empty() && !self.last {
                let length = self.source.read(&mut self.raw)?;
                self.unread = 0..length;
                self.last = length == 0;
            }
            // One byte is kept for the mark of bytes that are no text.
            let room = self.text.len() - 1;
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.unread.clone()],
                &mut self.text[..room],
                self.last,
            );
            self.unread.start += read;
            self.unserved = 0..written;
            match result {
                DecoderResult::InputEmpty => self.over = self.last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.text[written] = NO_TEXT;
                    self.unserved.end += 1;
                }
            }
        }
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let length = buffer.len().min(self.unserved.len());
        let served = self.unserved.start..self.unserved.start + length;
        buffer[..length].copy_from_slice(&self.text[served]);
        self.unserved.start += length;
        Ok(length)
    }
}
