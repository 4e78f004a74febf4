//! What the user's paths hold, and how all rows of it are read.

mod scan;
mod source;

pub use scan::{Part, each_batch, with_threads};
pub use source::{Inputs, Source, fingerprint};
