//! What the user's paths hold, and how all rows of it are read.

mod intake;
mod log;
mod mend;
mod scan;
mod source;

pub(crate) use intake::{Inputs, Opened, overrides};
pub(crate) use log::{RunLog, mended_note};
pub(crate) use scan::{SourceBatch, each_batch, with_threads};
pub(crate) use source::{Source, fingerprint};
