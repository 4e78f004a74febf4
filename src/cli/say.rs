//! Standard output, and what a terminal may be shown.

use std::{
    borrow::Cow,
    io::{self, Write as _},
};

use anstyle::{AnsiColor, Style};

use crate::error::{Error, Result};

/// Prints a text with a line end; its colours only where a person sees them (a terminal, and
/// neither `NO_COLOR` nor a dumb one). A reader that stops early, such as `head`, is no error.
pub(crate) fn say(text: &str) -> Result<()> {
    shown(&printable(text, true))
}

/// Prints on standard error what the user should know before the long work.
pub(super) fn warn(text: &str) {
    let line = format!("{YELLOW}warning:{YELLOW:#} {}\n", printable(text, false));
    // a warning that nobody can read is no reason to stop
    let _ = anstream::AutoStream::auto(io::stderr()).write_all(line.as_bytes());
}

/// How the word `warning:` looks.
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();

/// Prints lines, of which none breaks.
pub(super) fn say_lines(lines: &[String]) -> Result<()> {
    let lines: Vec<Cow<'_, str>> = lines.iter().map(|line| printable(line, false)).collect();
    say(&lines.join("\n"))
}

/// Prints a text that is fit for a terminal but for its colours.
pub(super) fn shown(text: &str) -> Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout()).lock();
    written(out.write_all(format!("{text}\n").as_bytes()).and_then(|()| out.flush()))
}

/// Prints an error as JSON, where a program reads what is printed.
pub(super) fn error_as_json(message: &str, hint: Option<&str>, status: u8) -> Result<()> {
    let error = serde_json::json!({ "message": message, "hint": hint, "status": status });
    say(&serde_json::json!({ "error": error }).to_string())
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

/// A text as a terminal may be shown it: what would steer the terminal or turn the direction of
/// reading is spelt out, as in JSON (`\u001b`). Names of files, headers and companies may hold it.
pub fn printable(text: &str, with_breaks: bool) -> Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() && !(with_breaks && c == '\n'))
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) {
            shown.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_shown_as_it_is() {
        for (text, with_breaks, want) in [
            (
                "Contoso GmbH, \u{fc}ber \u{5317}\u{98a8} \u{1f600}",
                false,
                "Contoso GmbH, \u{fc}ber \u{5317}\u{98a8} \u{1f600}",
            ),
            ("\u{1b}[31mred\u{1b}[0m", true, "\\u001b[31mred\\u001b[0m"),
            ("\u{9b}31m\u{7f}\t", true, "\\u009b31m\\u007f\\u0009"),
            ("abc\u{202e}fdp.exe", true, "abc\\u202efdp.exe"),
            ("one\r\ntwo", true, "one\\u000d\ntwo"),
            ("one\ntwo", false, "one\\u000atwo"),
        ] {
            assert_eq!(printable(text, with_breaks), want, "{text:?}");
        }
    }
}
