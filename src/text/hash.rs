//! Hashes that are the same on every machine and in every run.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A hash that is the same on every machine and in every run.
pub fn hash_of(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = FxHasher::default();
    bytes.for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

/// As [`hash_of`], of texts written as one.
pub fn hash_of_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut hasher = FxHasher::default();
    for text in texts {
        text.bytes().for_each(|byte| hasher.write_u8(byte));
    }
    hasher.finish()
}
