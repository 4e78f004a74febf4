//! Hashes that are the same on every machine and in every run.

use std::hash::Hasher;

/// A hash of 64 bits that is the same on every machine, whatever its word size and byte order: for
/// what is written down or compared with what another machine has hashed.
///
/// On machines of 64 bits it has the values of version 2 of the crate `rustc-hash`.
#[derive(Debug, Clone, Default)]
pub(crate) struct StableHasher(u64);

impl StableHasher {
    #[inline]
    fn add(&mut self, value: u64) {
        self.0 = self.0.wrapping_add(value).wrapping_mul(0xf135_7aea_2e62_a9c5);
    }
}

impl Hasher for StableHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.add(digest(bytes));
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.add(value.into());
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// Bytes in 64 bits, after wyhash.
#[inline]
fn digest(bytes: &[u8]) -> u64 {
    let (mut low, mut high) = (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344);
    let length = bytes.len();
    let mut rest = bytes;
    while rest.len() > 16 {
        let mixed = mix(low ^ number(&rest[..8]), SALT ^ number(&rest[8..16]));
        (low, high, rest) = (high, mixed, &rest[16..]);
    }
    // The last sixteen bytes, or the two ends of what is shorter.
    let last = &bytes[length.saturating_sub(16)..];
    if length >= 4 {
        let width = if length < 8 { 4 } else { 8 };
        low ^= number(&last[..width]);
        high ^= number(&last[last.len() - width..]);
    } else if length > 0 {
        low ^= u64::from(bytes[0]);
        high ^= u64::from(bytes[length - 1]) << 8 | u64::from(bytes[length / 2]);
    }
    mix(low, high) ^ length as u64
}

/// Keeps zeros from undoing what came before them.
const SALT: u64 = 0xa409_3822_299f_31d0;

/// Up to eight bytes as a number, the first the lowest.
#[inline]
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[inline]
fn mix(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    product as u64 ^ (product >> 64) as u64
}

/// The hash of some bytes, one after the other.
pub(crate) fn hash_of(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = StableHasher::default();
    bytes.for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

/// As [`hash_of`], of texts written as one.
pub(crate) fn hash_of_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    hash_of(texts.into_iter().flat_map(str::bytes))
}

/// Spreads the bits of a key so that its top bits are as good as any.
#[inline]
pub(crate) fn spread(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_same_on_every_machine() {
        for (text, whole, by_byte) in [
            ("", 0xf456_d268_76d7_2d91, 0),
            ("a", 0xbd8e_8067_b4be_2f50, 0xee4d_894e_9595_0e4a),
            ("ulm", 0xebad_53d5_ba00_0081, 0x7b6b_42cb_3878_5158),
            ("kiel", 0x2f80_e26e_a4e5_4660, 0xdabc_ed7c_e41d_3426),
            ("001D000000IRFma", 0xb8c8_e360_c57a_55fe, 0xfce8_4e43_414f_6675),
            ("5f2a1c3e-0000-4b6a-9d11-aaaabbbbcccc", 0x4b18_cf29_8c8e_6e5b, 0x50d5_186e_49aa_8479),
        ] {
            let mut hasher = StableHasher::default();
            hasher.write(text.as_bytes());
            assert_eq!(hasher.finish(), whole, "{text:?}");
            assert_eq!(hash_of(text.bytes()), by_byte, "{text:?}, byte by byte");
            let (first, second) = text.split_at(text.len() / 2);
            assert_eq!(hash_of_all([first, second]), by_byte, "{first:?} and {second:?}");
        }
    }

    /// What earlier versions wrote down on machines of 64 bits is still found.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn hashes_are_those_of_rustc_hash() {
        let text = "Quellbrink Werkzeugbau GmbH, Ulm; info@quellbrink.de";
        for length in 0..text.len() {
            let bytes = &text.as_bytes()[..length];
            let (mut ours, mut theirs) = (StableHasher::default(), rustc_hash::FxHasher::default());
            ours.write(bytes);
            theirs.write(bytes);
            ours.write_u8(b'@');
            theirs.write_u8(b'@');
            assert_eq!(ours.finish(), theirs.finish(), "{length} bytes");
        }
    }
}
