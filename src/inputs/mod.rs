//! What the user's paths hold, and how all rows of it are read.

mod log;
mod scan;
mod source;

pub use log::RunLog;
pub use scan::{SourceBatch, each_batch, with_threads};
pub use source::{Inputs, Source, fingerprint};
