//! What the user's paths hold, and how all rows of it are read.

mod log;
mod mend;
mod scan;
mod source;

pub(crate) use log::{RunLog, mended_note};
pub(crate) use scan::{SourceBatch, each_batch, with_threads};
pub(crate) use source::{Inputs, Opened, Source, fingerprint, overrides};
