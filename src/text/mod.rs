//! Text as such: folding, distance, hashes, ids.

pub mod bloom_filter;
pub mod distance;
pub mod fold;
pub mod hash;
pub mod id;
pub mod interner;
pub mod variants;
