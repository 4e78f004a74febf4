//! What Windows makes of names.

/// Why a name is none of a file or folder on Windows, as a lower-case phrase; `None` for one that is.
pub(crate) fn fault(name: &str) -> Option<&'static str> {
    if is_device(name) {
        Some("is the name of a device on Windows")
    } else if name.ends_with(['.', ' ']) {
        Some("ends in a dot or a blank, which Windows drops")
    } else if name.contains(|c: char| FORBIDDEN.contains(&c) || c.is_control()) {
        Some("holds a character that Windows takes in no name")
    } else {
        None
    }
}

/// The characters that stand in no name.
pub(crate) const FORBIDDEN: [char; 9] = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];

/// Whether a name is that of a device, whatever folder it stands in and whatever ending it has: what
/// is written to `nul.csv` is gone.
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or("").trim_end().to_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let mut number = port.unwrap_or("").chars();
    let is_port = matches!(
        (number.next(), number.next()),
        (Some('0'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}'), None)
    );
    is_port || ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_does_not_take_as_they_are_have_a_fault() {
        for (name, want) in [
            ("result", None),
            ("result 2026-11", None),
            (".reconcile", None),
            ("console", None),
            ("com10", None),
            ("Nullinger", None),
            ("nul", Some("device")),
            ("CON", Some("device")),
            ("aux.csv", Some("device")),
            ("nul .verdicts.csv", Some("device")),
            ("lpt1.x.y", Some("device")),
            ("COM\u{b2}", Some("device")),
            ("conout$", Some("device")),
            ("result.", Some("drops")),
            ("result ", Some("drops")),
            ("result:new", Some("no name")), // another stream of the file `result`
            ("what?", Some("no name")),
            ("tab\t", Some("no name")),
        ] {
            let found = fault(name);
            let fits = match want {
                Some(word) => found.is_some_and(|found| found.contains(word)),
                None => found.is_none(),
            };
            assert!(fits, "{name:?}: {found:?}");
        }
    }
}
