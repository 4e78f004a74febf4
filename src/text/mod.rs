//! Text as such: folding, distance, hashes, ids.

pub(crate) mod address;
pub(crate) mod bloom_filter;
pub(crate) mod distance;
pub(crate) mod fold;
pub(crate) mod hash;
pub mod id;
pub(crate) mod interner;
pub(crate) mod mend;
pub(crate) mod sounds;
pub(crate) mod variants;
