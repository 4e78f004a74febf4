//! Standard output.

use std::io::{self, Write as _};

use crate::error::{Error, Result};

/// Prints a text with a line end. A reader that stops early, such as `head`, is no error.
pub(super) fn say(text: &str) -> Result<()> {
    raw(format!("{text}\n").as_bytes())
}

/// Prints bytes as they are. A reader that stops early, such as `head`, is no error.
pub(super) fn raw(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output")(error))
        }
        _ => Ok(()),
    }
}
