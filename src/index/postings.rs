//! Keys to lists of values, packed: built once, read by all threads.

use prefetch_index::prefetch_index;

use crate::text::{bloom_filter::BloomFilter, hash::spread};

/// Where the values under one key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PostingRange {
    from: u32,
    to: u32,
}

/// Values under 64-bit keys, of which the bucket and half of the bits are kept. So two keys may share
/// a list, if hardly ever: a reader checks what it finds.
#[derive(Debug)]
pub(crate) struct Postings<V> {
    present: BloomFilter,
    /// First position in `keys` of each bucket.
    buckets: Vec<u32>,
    keys: Vec<u32>,
    /// First position in `values` of each key.
    starts: Vec<u32>,
    values: Vec<V>,
    shift: u32,
}

impl<V> Default for Postings<V> {
    fn default() -> Postings<V> {
        Postings {
            present: BloomFilter::default(),
            buckets: vec![],
            keys: vec![],
            starts: vec![],
            values: vec![],
            shift: 0,
        }
    }
}

impl<V> Postings<V> {
    /// The map of all pairs; the values under one key are sorted and unique.
    pub(crate) fn build(pairs: Vec<(u64, V)>) -> Postings<V>
    where
        V: Copy + Ord,
    {
        Postings::build_of_few(pairs, usize::MAX)
    }

    /// The map of all pairs but those of keys with more values than so many.
    pub(crate) fn build_of_few(mut pairs: Vec<(u64, V)>, most: usize) -> Postings<V>
    where
        V: Copy + Ord,
    {
        pairs.iter_mut().for_each(|(key, _)| *key = spread(*key));
        pairs.sort_unstable();
        pairs.dedup();
        let (mut keys, mut starts, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let lists = || {
            let lists = pairs.chunk_by(|one, other| one.0 == other.0);
            lists.filter(|list| list.len() <= most)
        };
        let count = lists().count();
        let bits = (usize::BITS - count.leading_zeros()).clamp(1, 28);
        let shift = 64 - bits;
        let present = BloomFilter::for_keys(count);
        let mut buckets = vec![0u32; (1 << bits) + 1];
        for list in lists() {
            buckets[(list[0].0 >> shift) as usize + 1] += 1;
            present.add(list[0].0);
            keys.push(list[0].0 as u32);
            starts.push(values.len() as u32);
            values.extend(list.iter().map(|(_, value)| *value));
        }
        starts.push(values.len() as u32);
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        Postings { present, buckets, keys, starts, values, shift }
    }

    /// The same map with other values.
    pub(crate) fn map<W>(self, value: impl FnMut(V) -> W) -> Postings<W> {
        let Postings { present, buckets, keys, starts, values, shift } = self;
        let values = values.into_iter().map(value).collect();
        Postings { present, buckets, keys, starts, values, shift }
    }

    /// Whether there is no key.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The values under a key, ascending.
    pub(crate) fn get(&self, key: u64) -> &[V] {
        self.find(key).map_or(&[], |at| self.list(at))
    }

    /// Where the values under a key are, for [`Postings::list`].
    pub(crate) fn find(&self, key: u64) -> Option<PostingRange> {
        let key = spread(key);
        self.present.may_hold(key).then(|| self.search(key))?
    }

    fn search(&self, key: u64) -> Option<PostingRange> {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let at = self.keys[from..to].iter().position(|other| *other == key as u32)?;
        Some(PostingRange { from: self.starts[from + at], to: self.starts[from + at + 1] })
    }

    /// The values of a stretch, ascending.
    pub(crate) fn list(&self, at: PostingRange) -> &[V] {
        &self.values[at.from as usize..at.to as usize]
    }

    /// The values under keys of several who look for them; those that are there, in the order asked.
    /// They wait for memory together.
    pub(crate) fn get_all<W: Copy>(&self, asked: impl Iterator<Item = (W, u64)>) -> Vec<(W, &[V])> {
        let spread = asked.map(|(who, key)| (who, spread(key)));
        let asked: Vec<(W, u64)> = spread.filter(|(_, key)| self.present.may_hold(*key)).collect();
        for (_, key) in &asked {
            prefetch_index(&self.buckets, (key >> self.shift) as usize);
        }
        for (_, key) in &asked {
            let at = self.buckets[(key >> self.shift) as usize] as usize;
            prefetch_index(&self.keys, at);
            prefetch_index(&self.starts, at);
        }
        self.list_all(asked.into_iter().filter_map(|(who, key)| Some((who, self.search(key)?))))
    }

    /// The values of ranges of several who look for them. They wait for memory together.
    pub(crate) fn list_all<W>(
        &self,
        asked: impl Iterator<Item = (W, PostingRange)>,
    ) -> Vec<(W, &[V])> {
        let fetched = asked.map(|(who, range)| {
            (range.from..range.to).for_each(|at| prefetch_index(&self.values, at as usize));
            (who, self.list(range))
        });
        fetched.collect()
    }

    /// How many values each key has.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = usize> {
        self.starts.windows(2).map(|ends| (ends[1] - ends[0]) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_values_of_a_key_are_found_and_no_others() {
        let pairs: Vec<(u64, u32)> = (0..1000).map(|at| (u64::from(at % 37), at)).collect();
        let map = Postings::build(pairs).map(|value| value + 1);
        for key in 0..37u32 {
            let want: Vec<u32> = (0..1000).filter(|at| at % 37 == key).map(|at| at + 1).collect();
            assert_eq!(map.get(u64::from(key)), want);
        }
        assert_eq!(map.get(40), [0; 0]);
        assert_eq!(Postings::<u32>::default().get(1), [0; 0]);
    }
}
