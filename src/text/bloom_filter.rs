//! Whether something is there at all, in little memory.

use std::{
    io::{self, Read, Write},
    sync::atomic::{AtomicU64, Ordering},
};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::hash::spread;

/// Bits that one key sets.
const BITS: u32 = 5;

/// Words that are written or read at once.
const WRITTEN_WORDS: usize = 1 << 12;

/// Accounts of a CRM up to which hardly any other is taken for one of them.
const ACCOUNTS: usize = 1 << 24;

/// A set of hashes that never forgets one, but takes few others for members.
///
/// Hashes may be added in any order and from several threads. All bits of one are in one word: to
/// ask takes one look at memory.
#[derive(Debug)]
pub(crate) struct BloomFilter(Box<[AtomicU64]>);

impl Default for BloomFilter {
    /// A filter for nothing.
    fn default() -> BloomFilter {
        BloomFilter::for_keys(0)
    }
}

impl BloomFilter {
    /// Room for so many keys, eight bits each: it takes one of thirty others for a member.
    pub(crate) fn for_keys(keys: usize) -> BloomFilter {
        let words = (keys / 8).next_power_of_two();
        BloomFilter((0..words).map(|_| AtomicU64::new(0)).collect())
    }

    /// Room for the accounts of a CRM, in 16 MB. Of ids that the CRM does not hold it takes one in a
    /// million for known with a million accounts, one in a hundred with ten million: enough to
    /// count contacts that point nowhere.
    pub(crate) fn for_accounts() -> BloomFilter {
        BloomFilter::for_keys(ACCOUNTS)
    }

    /// Adds a hash.
    pub(crate) fn add(&self, hash: u64) {
        let (word, bits) = self.place(hash);
        if word.load(Ordering::Relaxed) & bits != bits {
            word.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Whether a hash may have been added.
    #[inline]
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        word.load(Ordering::Relaxed) & bits == bits
    }

    /// Writes it down: its words, little-endian, deflated. What is written of two filters of one size
    /// can be put together bit by bit.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn write(&self, to: impl Write) -> io::Result<()> {
        let mut deflated = ZlibEncoder::new(to, Compression::fast());
        for words in self.0.chunks(WRITTEN_WORDS) {
            let bytes: Vec<u8> =
                words.iter().flat_map(|word| word.load(Ordering::Relaxed).to_le_bytes()).collect();
            deflated.write_all(&bytes)?;
        }
        deflated.finish().map(drop)
    }

    /// Takes in one of the same size that was written down.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is none of this size.
    pub(crate) fn absorb(&self, from: impl Read) -> io::Result<()> {
        let mut inflated = ZlibDecoder::new(from);
        let mut bytes = vec![0; WRITTEN_WORDS * 8];
        for words in self.0.chunks(WRITTEN_WORDS) {
            let bytes = &mut bytes[..words.len() * 8];
            inflated.read_exact(bytes)?;
            for (word, bytes) in words.iter().zip(bytes.as_chunks().0) {
                match u64::from_le_bytes(*bytes) {
                    0 => {}
                    bits => drop(word.fetch_or(bits, Ordering::Relaxed)),
                }
            }
        }
        match inflated.read(&mut bytes)? {
            0 => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "longer than it should be")),
        }
    }

    /// The word of a hash, and its bits in there.
    #[inline]
    fn place(&self, hash: u64) -> (&AtomicU64, u64) {
        // the hash is spread once more: ids that count upwards differ in few bits
        let spread = spread(hash);
        let word = (spread >> 43) as usize & (self.0.len() - 1);
        let bits = (0..BITS).fold(0, |bits, bit| bits | 1 << (spread >> (6 * bit) & 63));
        (&self.0[word], bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::id::account_hash;

    #[test]
    fn what_was_added_is_found_and_hardly_anything_else() {
        let id = |number: usize| format!("001D00000{number:06}");
        let few = BloomFilter::for_keys(100_000);
        for (filter, most) in [(BloomFilter::for_accounts(), 10), (few, 20_000)] {
            (0..100_000).for_each(|number| filter.add(account_hash(&id(number))));
            let may_hold = |number: &usize| filter.may_hold(account_hash(&id(*number)));
            assert!((0..100_000).all(|number| may_hold(&number)));
            let mistaken = (100_000..300_000).filter(may_hold).count();
            assert!(mistaken < most, "{mistaken}");
        }
        assert!(!BloomFilter::default().may_hold(account_hash("A1")));
    }

    #[test]
    fn filters_that_were_written_down_are_put_together() {
        let (one, other) = (BloomFilter::for_keys(1_000), BloomFilter::for_keys(1_000));
        one.add(1);
        other.add(2);
        let mut written = Vec::new();
        other.write(&mut written).expect("memory takes all");
        one.absorb(written.as_slice()).expect("what was written can be read");
        assert!(one.may_hold(1) && one.may_hold(2));
        let small = BloomFilter::for_keys(100);
        assert!(small.absorb(written.as_slice()).is_err(), "of another size");
        assert!(one.absorb(&written[..4]).is_err(), "cut off");
    }
}
