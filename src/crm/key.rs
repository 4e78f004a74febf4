//! Ids of records: how two spellings of one id are compared, and what stands for a missing one.

use std::{borrow::Cow, fmt::Write, hash::Hasher};

use rustc_hash::FxHasher;
use sha2::{Digest, Sha256};

use crate::{columns::bare_guid, read::Row};

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
    let mut hash = FxHasher::default();
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

/// What stands for the id of a row that has none: 16 hexadecimal digits made of its filled cells
/// with their headers, in the order of the headers, so that neither the order of columns nor that
/// of rows counts.
pub(crate) fn fingerprint(row: Row<'_>, canonical: &[(String, usize)]) -> String {
    let mut hash = Sha256::new();
    for (header, at) in canonical {
        let cell = row.cell(*at);
        if !cell.is_empty() {
            hash.update(header.as_bytes());
            hash.update([0x1f]);
            hash.update(cell.as_bytes());
            hash.update([0x1e]);
        }
    }
    let mut text = String::with_capacity(17);
    text.push('~');
    for byte in &hash.finalize()[..8] {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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
