//! Ids of records: how two spellings of one id are compared, and what stands for a missing one.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::read::Row;

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
