//! Standard output.

use std::io::{self, Write as _};

use crate::error::{Error, Result};

/// Prints a text with a line end; its colours only where a person sees them (a terminal, and
/// neither `NO_COLOR` nor a dumb one). A reader that stops early, such as `head`, is no error.
pub(super) fn say(text: &str) -> Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout()).lock();
    written(out.write_all(format!("{text}\n").as_bytes()).and_then(|()| out.flush()))
}

/// Prints bytes as they are. A reader that stops early, such as `head`, is no error.
pub(super) fn raw(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    written(out.write_all(bytes).and_then(|()| out.flush()))
}

fn written(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output")(error))
        }
        _ => Ok(()),
    }
}
