//! Ids: how two spellings of one are compared, what stands for a missing one, and the numbers that
//! Microsoft or Dun & Bradstreet gave a company.

use std::{borrow::Cow, hash::Hasher};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::hash::StableHasher;

/// The form of a record's id by which files are joined.
///
/// The three check letters of a long Salesforce id, a Zoho prefix and the braces of a GUID are
/// taken off; a GUID is in small letters. Anything else stays as typed, case included. Allocates
/// for GUIDs with capital letters only.
pub(crate) fn join_key(id: &str) -> Cow<'_, str> {
    let id = id.trim();
    if let Some(number) = id.strip_prefix("zcrm_") {
        return number.into();
    }
    if let Some(short) = short_salesforce_id(id) {
        return short.into();
    }
    match bare_guid(id) {
        Some(guid) if guid.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            guid.to_ascii_lowercase().into()
        }
        Some(guid) => guid.into(),
        None => id.into(),
    }
}

/// The hash of an account's join key: the same on every machine and in every run.
pub fn account_hash(account_id: &str) -> u64 {
    key_hash(&join_key(account_id))
}

/// As [`account_hash`], of an id that is a join key already.
pub(crate) fn key_hash(join_key: &str) -> u64 {
    let mut hash = StableHasher::default();
    hash.write(join_key.as_bytes());
    hash.finish()
}

/// The first 15 letters of an 18-letter Salesforce id. Its last three letters must be the check
/// letters that belong to them: other ids of 18 letters keep what distinguishes them.
fn short_salesforce_id(id: &str) -> Option<&str> {
    if id.len() != 18 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let (short, check) = id.split_at(15);
    let letter = |part: &[u8]| {
        let bits = part
            .iter()
            .rev()
            .fold(0, |bits, byte| bits << 1 | usize::from(byte.is_ascii_uppercase()));
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]
    };
    short.as_bytes().chunks(5).map(letter).eq(check.bytes()).then_some(short)
}

/// How much an id says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IdKind {
    /// It stands for a missing one: nothing, zero, one digit over and over, `n/a`.
    Placeholder,
    /// A number to which a counter may come, and which people type where they have none: below a
    /// thousand, one digit repeated, `123456789`. It distinguishes the rows of one file, and proves
    /// nothing between two systems.
    Counter,
    /// Any other.
    Id,
}

impl IdKind {
    /// The kind of an id as typed.
    pub(crate) fn of(id: &str) -> IdKind {
        if is_placeholder(id) {
            return IdKind::Placeholder;
        }
        let Some(number) = number(id) else { return IdKind::Id };
        let digits = number.to_string();
        let is_counted = number < 1000
            || digits.bytes().all(|digit| digit == digits.as_bytes()[0])
            || "1234567890".starts_with(&digits);
        if is_counted { IdKind::Counter } else { IdKind::Id }
    }
}

/// Whether an id stands for a missing one: [`IdKind::Placeholder`].
pub(crate) fn is_placeholder(id: &str) -> bool {
    let is_sign = |byte: &u8| matches!(byte, b'-' | b'{' | b'}' | b'.' | b',' | b' ');
    let mut digits = id.bytes().filter(|byte| !is_sign(byte));
    let Some(first) = digits.next() else { return true };
    let is_same = digits.all(|byte| byte == first);
    is_same && (first == b'0' || (id.len() >= 8 && first.is_ascii_digit()))
        || ["none", "unknown", "n/a", "tbd", "x"].iter().any(|word| id.eq_ignore_ascii_case(word))
}

/// Whether a spreadsheet has turned a long number into an exponent (`2.8E+11`): its last digits
/// are lost, so it is no id any more.
pub(crate) fn is_rounded(id: &str) -> bool {
    // The end of an id answers for nearly all of them: this is asked of each record.
    if !id.bytes().next_back().is_some_and(|last| last.is_ascii_digit()) {
        return false;
    }
    let is_of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-');
    let Some(at) = id.bytes().position(|byte| !is_of_number(byte)) else { return false };
    let (number, exponent) = id.split_at(at);
    let Some(exponent) = exponent.strip_prefix(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let signed = exponent.strip_prefix('+');
    digits(whole.trim_start_matches('-'))
        && digits(fraction)
        && (signed.is_some() || number.contains(['.', ',']))
        && digits(signed.unwrap_or(exponent))
}

/// The GUID that a cell holds, without braces.
pub(crate) fn bare_guid(cell: &str) -> Option<&str> {
    let cell = cell.strip_prefix('{').and_then(|cell| cell.strip_suffix('}')).unwrap_or(cell);
    let is_guid = cell.len() == 36
        && cell.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    is_guid.then_some(cell)
}

/// The values of a cell that may hold several: parted by `;`, `,` and blanks.
pub(crate) fn split(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', ',', ' ', '\n', '\t', '\u{3000}']).filter(|value| !value.is_empty())
}

/// Different values in the order in which they came, told apart in linear time.
#[derive(Debug, Default)]
pub(crate) struct Distinct<'a, const N: usize>
where
    [&'a str; N]: smallvec::Array<Item = &'a str>,
{
    pub(crate) values: SmallVec<[&'a str; N]>,
    /// All of them, once there are many.
    seen: FxHashSet<&'a str>,
}

impl<'a, const N: usize> Distinct<'a, N>
where
    [&'a str; N]: smallvec::Array<Item = &'a str>,
{
    /// Values up to which the list itself is looked through.
    const FEW: usize = 16;

    /// Adds a value that is not there yet.
    pub(crate) fn add(&mut self, value: &'a str) {
        let is_new = if self.values.len() < Self::FEW {
            !self.values.contains(&value)
        } else {
            if self.seen.is_empty() {
                self.seen.extend(self.values.iter().copied());
            }
            self.seen.insert(value)
        };
        if is_new {
            self.values.push(value);
        }
    }
}

/// The ids of a cell that may hold several, parted as by [`split`]. A number with its thousands
/// parted by commas is one (`1,234,567`), and so is a rounded one (`2,8E+11`).
pub(crate) fn split_ids(cell: &str) -> impl Iterator<Item = &str> {
    let parts = cell.split([';', ' ', '\n', '\t', '\u{3000}']);
    let ids = parts.flat_map(|part| {
        let is_one = is_grouped(part) || is_rounded(part);
        let one = is_one.then_some(part).into_iter();
        one.chain((!is_one).then(|| part.split(',')).into_iter().flatten())
    });
    ids.filter(|id| !id.is_empty())
}

/// Whether a text is one number with its thousands parted by commas, `1,234,567`.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(',');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or("");
    let mut rest = groups.peekable();
    (1..=3).contains(&first.len())
        && digits(first)
        && rest.peek().is_some()
        && rest.all(|group| group.len() == 3 && digits(group))
}

/// A Microsoft id - CustomerID, TPID or tenant id - in one of its shapes. Two ids can only be
/// equal in the same shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum MicrosoftId {
    /// A whole number, such as a TPID.
    Number(u64),
    /// A GUID, such as a tenant id.
    Guid(u128),
    /// Letters and digits, upper case.
    Text(Box<str>),
}

impl MicrosoftId {
    /// Reads an id as typed: `123,456`, `123456.0`, `{GUID}`. `None` for a placeholder (`0`,
    /// `999999999`), a counter (`7`) and a number that a spreadsheet has rounded (`2.8E+11`).
    pub(crate) fn read(raw: &str) -> Option<MicrosoftId> {
        let raw = raw.trim().trim_matches(|c| matches!(c, '{' | '}' | '\'' | '"'));
        if IdKind::of(raw) != IdKind::Id || is_rounded(raw) {
            return None;
        }
        if let Some(number) = number(raw) {
            return Some(MicrosoftId::Number(number));
        }
        if let Some(guid) = guid(raw) {
            return (guid != u128::MAX).then_some(MicrosoftId::Guid(guid));
        }
        text(raw)
    }
}

impl MicrosoftId {
    /// Whether two ids could be equal.
    pub(crate) fn same_shape(&self, other: &MicrosoftId) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A D-U-N-S number as typed, as its nine digits. `None` for a placeholder, a counter and anything else.
pub(crate) fn duns(raw: &str) -> Option<u32> {
    let raw = raw.trim();
    let raw = raw.strip_suffix(".0").unwrap_or(raw);
    let mut value = 0u32;
    let mut digits = 0;
    for byte in raw.bytes() {
        match byte {
            b'0'..=b'9' if digits < 9 => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            b'-' | b' ' => {}
            _ => return None,
        }
    }
    (digits >= 5 && IdKind::of(&value.to_string()) == IdKind::Id).then_some(value)
}

/// A whole number with or without grouping and `.0`.
fn number(raw: &str) -> Option<u64> {
    let whole = raw.strip_suffix(".0").unwrap_or(raw);
    if !whole.bytes().next()?.is_ascii_digit() {
        return None;
    }
    let mut value = 0u64;
    for (at, byte) in whole.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?,
            b',' | b'.' | b' ' if (whole.len() - at).is_multiple_of(4) => {}
            _ => return None,
        }
    }
    Some(value)
}

fn guid(raw: &str) -> Option<u128> {
    if raw.len() != 36 && raw.len() != 32 {
        return None;
    }
    let mut value = 0u128;
    let mut digits = 0;
    for (at, byte) in raw.bytes().enumerate() {
        if byte == b'-' && raw.len() == 36 && matches!(at, 8 | 13 | 18 | 23) {
            continue;
        }
        value = (value << 4) | u128::from((byte as char).to_digit(16)?);
        digits += 1;
    }
    (digits == 32).then_some(value)
}

/// Any other id: at least four letters and digits, a digit among them.
fn text(raw: &str) -> Option<MicrosoftId> {
    let fits = raw.len() >= 4
        && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && raw.bytes().any(|byte| byte.is_ascii_digit())
        && raw.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0');
    fits.then(|| MicrosoftId::Text(raw.to_ascii_uppercase().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_and_spreadsheets_leave_them() {
        for (raw, want) in [
            ("482615", Some(MicrosoftId::Number(482_615))),
            ("482615.0", Some(MicrosoftId::Number(482_615))),
            ("482,615", Some(MicrosoftId::Number(482_615))),
            ("280000000000", Some(MicrosoftId::Number(280_000_000_000))),
            ("2.8E+11", None),
            ("0", None),
            ("999999999", None),
            ("123456", None), // typed where there is none
            ("", None),
            ("N/A", None),
            ("00000000-0000-0000-0000-000000000000", None),
            ("c0000012", Some(MicrosoftId::Text("C0000012".into()))),
            ("unknown", None),
        ] {
            assert_eq!(MicrosoftId::read(raw), want, "raw: {raw:?}");
        }
        let guid = MicrosoftId::read("{2F4A0C1D-77aa-4B0e-9f00-0123456789ab}");
        assert_eq!(guid, MicrosoftId::read("2f4a0c1d77aa4b0e9f000123456789ab"));
        assert!(matches!(guid, Some(MicrosoftId::Guid(_))));
    }

    #[test]
    fn lost_leading_zeros_of_duns_numbers_do_not_matter() {
        assert_eq!(duns("04-514-9620"), duns("45149620"));
        assert_eq!(duns("045149620.0"), duns("45149620"));
        for raw in ["", "0", "000000000", "123456789", "12", "1234567890", "abc", "AB 45149620"] {
            assert_eq!(duns(raw), None, "raw: {raw:?}");
        }
    }

    #[test]
    fn spellings_of_one_id_join() {
        for (one, other) in [
            ("001D000000IRFmaIAH", "001D000000IRFma"),
            ("{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC}", "5f2a1c3e-0000-4b6a-9d11-aaaabbbbcccc"),
            ("zcrm_4876876000000623001", "4876876000000623001"),
        ] {
            assert_eq!(join_key(one), join_key(other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn ids_that_only_look_alike_stay_apart() {
        for (one, other) in [
            ("001D000000IRFma", "001d000000irfma"), // Salesforce ids differ by case
            ("000000000000000001", "000000000000000002"), // 18 digits, no check letters
            ("ACC-1", "acc-1"),
        ] {
            assert_ne!(join_key(one), join_key(other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn placeholders_and_counters_differ_from_ids() {
        for (id, want) in [
            ("", IdKind::Placeholder),
            ("0", IdKind::Placeholder),
            ("000000000", IdKind::Placeholder),
            ("999999999", IdKind::Placeholder),
            ("999,999,999", IdKind::Placeholder),
            ("00000000-0000-0000-0000-000000000000", IdKind::Placeholder),
            ("11111111-1111-1111-1111-111111111111", IdKind::Placeholder),
            ("N/A", IdKind::Placeholder),
            ("7", IdKind::Counter),
            ("999", IdKind::Counter),
            ("111111", IdKind::Counter),
            ("1234", IdKind::Counter),
            ("123456789", IdKind::Counter),
            ("123,456", IdKind::Counter),
            ("1000", IdKind::Id),
            ("482,615", IdKind::Id),
            ("2134567890", IdKind::Id),
            ("c0000012", IdKind::Id),
        ] {
            assert_eq!(IdKind::of(id), want, "id: {id:?}");
        }
    }

    #[test]
    fn rounded_ids_differ_from_codes() {
        for (id, want) in [
            ("2.8E+11", true),
            ("2,8E+11", true),
            ("2,81475E+14", true),
            ("2.8e11", true), // LibreOffice leaves out the plus
            ("1E+12", true),
            ("1E+05", true),
            ("280000000000", false),
            ("12E4", false), // may be a code
            ("C-1E+3", false),
            ("E+11", false),
            ("0018E00000abcDE", false),
            ("fabrikam.com|fabrikam", false),
            ("", false),
        ] {
            assert_eq!(is_rounded(id), want, "id: {id:?}");
        }
    }

    #[test]
    fn a_cell_of_several_ids_is_split() {
        for (cell, want) in [
            ("482615", &["482615"][..]),
            ("482615; 716349", &["482615", "716349"]),
            ("482615,716349", &["482615", "716349"]),
            ("482,615", &["482,615"]),
            ("1,482,615;716349", &["1,482,615", "716349"]),
            ("2,8E+11", &["2,8E+11"]),
            ("12, 2.8E+11", &["12", "2.8E+11"]),
            ("一\u{3000}二", &["一", "二"]),
            (" ; ,", &[]),
        ] {
            assert_eq!(split_ids(cell).collect::<Vec<_>>(), want, "cell: {cell:?}");
        }
    }

    #[test]
    fn known_ids_have_one_key() {
        assert_eq!(join_key("001D000000IRFmaIAH"), "001D000000IRFma");
        assert_eq!(join_key("zcrm_4876876000000623001"), "4876876000000623001");
        assert_eq!(join_key("ACC-0001"), "ACC-0001");
    }

    #[test]
    fn numbers_that_a_spreadsheet_rounded_are_recognised() {
        assert!(is_rounded("1.23E+15") && is_rounded("1,23E+15"));
        assert!(!is_rounded("12E4")); // may be a code
    }
}
