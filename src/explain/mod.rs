//! Why a customer and an account were linked, or not: the same words for every reader.

mod sentence;

pub use sentence::Explainer;
