//! Hash to positions, packed: built once, read by all threads.

/// Positions under 64-bit hashes. Two keys with one hash share a list, so a reader checks what it
/// finds.
#[derive(Debug, Default)]
pub struct Multimap {
    /// First position in `hashes` of each bucket.
    buckets: Vec<u32>,
    hashes: Vec<u64>,
    values: Vec<u32>,
    shift: u32,
}

impl Multimap {
    /// The map of all pairs; the values under one hash are sorted and unique.
    pub fn build(mut pairs: Vec<(u64, u32)>) -> Multimap {
        pairs.iter_mut().for_each(|(hash, _)| *hash = spread(*hash));
        pairs.sort_unstable();
        pairs.dedup();
        let bits = (usize::BITS - pairs.len().leading_zeros()).clamp(1, 28);
        let shift = 64 - bits;
        let mut buckets = vec![0u32; (1 << bits) + 1];
        for (hash, _) in &pairs {
            buckets[(hash >> shift) as usize + 1] += 1;
        }
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let (hashes, values) = pairs.into_iter().unzip();
        Multimap { buckets, hashes, values, shift }
    }

    /// The positions under a hash, ascending.
    pub fn get(&self, hash: u64) -> &[u32] {
        if self.values.is_empty() {
            return &[];
        }
        let hash = spread(hash);
        let bucket = (hash >> self.shift) as usize;
        let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let first = from + self.hashes[from..to].partition_point(|other| *other < hash);
        let length = self.hashes[first..to].partition_point(|other| *other == hash);
        &self.values[first..first + length]
    }
}

/// Spreads the bits of a hash so that its top bits are as good as any.
fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_values_of_a_key_are_found_and_no_others() {
        let pairs: Vec<(u64, u32)> = (0..1000).map(|at| (u64::from(at % 37), at)).collect();
        let map = Multimap::build(pairs);
        for key in 0..37u32 {
            let want: Vec<u32> = (0..1000).filter(|at| at % 37 == key).collect();
            assert_eq!(map.get(u64::from(key)), want);
        }
        assert_eq!(map.get(40), [0; 0]);
        assert_eq!(Multimap::default().get(1), [0; 0]);
    }
}
