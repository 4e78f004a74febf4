//! Ids: how two spellings of one are compared, what stands for a missing one, and the numbers that
//! Microsoft or Dun & Bradstreet gave a company.

use std::{borrow::Cow, hash::Hasher};

use serde::{Deserialize, Serialize};

use super::hash::StableHasher;

/// The form of a record's id by which files are joined.
///
/// The three check letters of a long Salesforce id, a Zoho prefix and the braces of a GUID are
/// taken off; a GUID is in small letters. Anything else stays as typed, case included. Allocates
/// for GUIDs with capital letters only.
///
/// ```
/// use crm_reconcile::crm::join_key;
///
/// assert_eq!(join_key("001D000000IRFmaIAH"), "001D000000IRFma");
/// assert_eq!(join_key("zcrm_4876876000000623001"), "4876876000000623001");
/// assert_eq!(join_key("ACC-0001"), "ACC-0001");
/// ```
pub fn join_key(id: &str) -> Cow<'_, str> {
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
/// letters that belong to them, lest other ids of 18 letters lose what tells them apart.
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

/// Whether a Microsoft id is none: zero, or one digit over and over, as people type into a field
/// that must be filled.
pub(crate) fn is_placeholder(id: &str) -> bool {
    let mut digits = id.bytes().filter(|byte| !matches!(byte, b'-' | b'{' | b'}' | b'.' | b' '));
    let Some(first) = digits.next() else { return true };
    let same = digits.all(|byte| byte == first);
    same && (first == b'0' || (id.len() >= 8 && first.is_ascii_digit()))
        || ["none", "unknown", "n/a", "tbd", "x"].iter().any(|word| id.eq_ignore_ascii_case(word))
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

/// A Microsoft id - CustomerID, TPID or tenant id - in one of its shapes. Two ids can only be
/// equal in the same shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MicrosoftId {
    /// A whole number, such as a TPID.
    Number(u64),
    /// A GUID, such as a tenant id.
    Guid(u128),
    /// Letters and digits, upper case.
    Text(Box<str>),
}

impl MicrosoftId {
    /// Reads an id as typed: `123,456`, `123456.0`, `{GUID}`. `None` for a placeholder (`0`,
    /// `999999999`) and for a number that a spreadsheet has damaged (`2.8E+11`).
    pub fn read(raw: &str) -> Option<MicrosoftId> {
        let raw = raw.trim().trim_matches(|c| matches!(c, '{' | '}' | '\'' | '"'));
        let first = raw.bytes().next()?;
        if first.is_ascii_digit() {
            if let Some(number) = number(raw) {
                return (!is_placeholder_number(number)).then_some(MicrosoftId::Number(number));
            }
            if is_damaged(raw) {
                return None;
            }
        }
        if let Some(guid) = guid(raw) {
            return (guid != 0 && guid != u128::MAX).then_some(MicrosoftId::Guid(guid));
        }
        text(raw)
    }
}

impl MicrosoftId {
    /// Whether two ids could be equal.
    pub fn same_shape(&self, other: &MicrosoftId) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Whether a spreadsheet has turned a long number into an exponent (`2.8E+11`): its digits are
/// lost.
pub fn is_damaged(raw: &str) -> bool {
    let raw = raw.trim();
    let Some(at) = raw.find(['E', 'e']) else { return false };
    let mantissa = &raw[..at];
    let exponent = raw[at + 1..].strip_prefix('+').unwrap_or("");
    mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// A D-U-N-S number as typed, as its nine digits. `None` for a placeholder and for anything else.
pub fn duns(raw: &str) -> Option<u32> {
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
    (digits >= 5 && !is_placeholder_number(u64::from(value))).then_some(value)
}

/// A whole number with or without grouping and `.0`.
fn number(raw: &str) -> Option<u64> {
    let whole = raw.strip_suffix(".0").unwrap_or(raw);
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

/// Numbers that people type where they have none: few digits, one digit repeated, `123456789`.
fn is_placeholder_number(number: u64) -> bool {
    let digits = number.to_string();
    let first = digits.as_bytes()[0];
    number < 1000 || digits.bytes().all(|digit| digit == first) || "1234567890".starts_with(&digits)
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
        for raw in ["", "0", "000000000", "123456789", "12", "1234567890", "abc"] {
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
    fn placeholders_are_no_ids() {
        for (id, want) in [
            ("0", true),
            ("000000000", true),
            ("999999999", true),
            ("00000000-0000-0000-0000-000000000000", true),
            ("111111", false), // a counter can come to this
            ("7", false),
            ("123456789", false),
        ] {
            assert_eq!(is_placeholder(id), want, "id: {id:?}");
        }
    }
}
