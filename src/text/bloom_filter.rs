//! Whether the CRM holds an account at all, in memory that does not grow with it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Words of 64 bits: 16 MB.
const WORDS: usize = 1 << 21;

/// Bits of a word that one account sets.
const BITS: u32 = 5;

/// The accounts that the CRM holds, those deleted or merged away among them.
///
/// It never forgets one. Of ids that the CRM does not hold it takes one in a million for known
/// beside a million accounts, one in a hundred beside ten million: enough to count contacts that
/// point nowhere. Rows may come in any order and from several threads.
#[derive(Debug)]
pub struct BloomFilter(Box<[AtomicU64]>);

impl Default for BloomFilter {
    fn default() -> BloomFilter {
        BloomFilter((0..WORDS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl BloomFilter {
    /// Takes an account by its hashed join key.
    pub fn add(&self, hash: u64) {
        let (word, bits) = place(hash);
        let word = &self.0[word];
        if word.load(Ordering::Relaxed) & bits != bits {
            word.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Whether an account with this hashed join key may have been added.
    pub fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = place(hash);
        self.0[word].load(Ordering::Relaxed) & bits == bits
    }
}

/// The word of an account, and its bits in there.
fn place(hash: u64) -> (usize, u64) {
    // the hash is spread once more: ids that count upwards differ in few bits
    let spread = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let word = (spread >> 43) as usize;
    let bits = (0..BITS).fold(0, |bits, bit| bits | 1 << (spread >> (6 * bit) & 63));
    (word, bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::id::account_hash;

    #[test]
    fn known_accounts_are_known_and_hardly_any_other() {
        let known = BloomFilter::default();
        let id = |number: u32| format!("001D00000{number:06}");
        (0..100_000).for_each(|number| known.add(account_hash(&id(number))));
        let may_hold = |number: &u32| known.may_hold(account_hash(&id(*number)));
        assert!((0..100_000).all(|number| may_hold(&number)));
        let mistaken = (100_000..300_000).filter(may_hold).count();
        assert!(mistaken < 10, "{mistaken}");
    }
}
