//! Keys to lists of values, packed: built once, read by all threads.

/// Values under 64-bit keys, of which the bucket and half of the bits are kept. So two keys may share
/// a list, if hardly ever: a reader checks what it finds.
#[derive(Debug)]
pub struct Multimap<V> {
    /// First position in `keys` of each bucket.
    buckets: Vec<u32>,
    keys: Vec<u32>,
    /// First position in `values` of each key.
    starts: Vec<u32>,
    values: Vec<V>,
    shift: u32,
}

impl<V> Default for Multimap<V> {
    fn default() -> Multimap<V> {
        Multimap { buckets: vec![], keys: vec![], starts: vec![], values: vec![], shift: 0 }
    }
}

impl<V> Multimap<V> {
    /// The map of all pairs; the values under one key are sorted and unique.
    pub fn build(mut pairs: Vec<(u64, V)>) -> Multimap<V>
    where
        V: Copy + Ord,
    {
        pairs.iter_mut().for_each(|(key, _)| *key = spread(*key));
        pairs.sort_unstable();
        pairs.dedup();
        let (mut keys, mut starts) = (Vec::new(), Vec::new());
        let count = pairs.chunk_by(|one, other| one.0 == other.0).count();
        let bits = (usize::BITS - count.leading_zeros()).clamp(1, 28);
        let shift = 64 - bits;
        let mut buckets = vec![0u32; (1 << bits) + 1];
        let mut at = 0;
        for list in pairs.chunk_by(|one, other| one.0 == other.0) {
            buckets[(list[0].0 >> shift) as usize + 1] += 1;
            keys.push(list[0].0 as u32);
            starts.push(at as u32);
            at += list.len();
        }
        starts.push(at as u32);
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let values = pairs.into_iter().map(|(_, value)| value).collect();
        Multimap { buckets, keys, starts, values, shift }
    }

    /// The same map with other values.
    pub fn map<W>(self, value: impl FnMut(V) -> W) -> Multimap<W> {
        let Multimap { buckets, keys, starts, values, shift } = self;
        Multimap { buckets, keys, starts, values: values.into_iter().map(value).collect(), shift }
    }

    /// The values under a key, ascending.
    pub fn get(&self, key: u64) -> &[V] {
        self.list(self.position(key))
    }

    /// Where the values under a key are, for [`Multimap::list`].
    pub fn position(&self, key: u64) -> Option<u32> {
        if self.values.is_empty() {
            return None;
        }
        let key = spread(key);
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let at = self.keys[from..to].iter().position(|other| *other == key as u32)?;
        Some((from + at) as u32)
    }

    /// The values at a position, ascending; none where there is no position.
    pub fn list(&self, position: Option<u32>) -> &[V] {
        let Some(at) = position.map(|at| at as usize) else { return &[] };
        &self.values[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// How many values each key has.
    pub fn lengths(&self) -> impl Iterator<Item = usize> {
        self.starts.windows(2).map(|ends| (ends[1] - ends[0]) as usize)
    }
}

/// Spreads the bits of a key so that its top bits are as good as any.
fn spread(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_values_of_a_key_are_found_and_no_others() {
        let pairs: Vec<(u64, u32)> = (0..1000).map(|at| (u64::from(at % 37), at)).collect();
        let map = Multimap::build(pairs).map(|value| value + 1);
        for key in 0..37u32 {
            let want: Vec<u32> = (0..1000).filter(|at| at % 37 == key).map(|at| at + 1).collect();
            assert_eq!(map.get(u64::from(key)), want);
        }
        assert_eq!(map.get(40), [0; 0]);
        assert_eq!(Multimap::<u32>::default().get(1), [0; 0]);
    }
}
