//! Entries of suppression lists: addresses, domains, hashes.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::text::{
    address::{addresses, is_plain},
    id::split,
};

/// What an entry of a suppression list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SuppressionEntry {
    /// An address, as typed.
    Address(String),
    /// A domain with all that lies below it, in small ASCII letters.
    Domain(String),
    /// The SHA-256 of an address.
    Hash([u8; 32]),
}

impl SuppressionEntry {
    /// The entries of a cell, which may hold several: its addresses, in whatever way they are
    /// written, and what stands beside them.
    pub(super) fn entries(cell: &str) -> Vec<Cow<'_, str>> {
        if is_plain(cell) {
            return vec![cell.into()];
        }
        let rest = split(cell).filter(|part| addresses(part).is_empty());
        addresses(cell).into_iter().map(Cow::Owned).chain(rest.map(Cow::Borrowed)).collect()
    }

    /// Reads one entry; full-width letters are taken for plain ones. `None` for anything else.
    pub(crate) fn read(raw: &str) -> Option<SuppressionEntry> {
        let plain: Cow<'_, str> =
            if raw.is_ascii() { raw.into() } else { raw.nfkc().collect::<String>().into() };
        let entry = plain.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '\u{feff}' | '\u{200b}')
        });
        if let Some(hash) = hash(entry) {
            return Some(SuppressionEntry::Hash(hash));
        }
        match entry.rsplit_once('@') {
            Some(("" | "*", of)) => domain(of).map(SuppressionEntry::Domain),
            Some(_) => Some(SuppressionEntry::Address(entry.to_owned())),
            None => domain(entry).map(SuppressionEntry::Domain),
        }
    }
}

/// A SHA-256 in hexadecimal letters, also behind `sha256:` or `0x`.
fn hash(text: &str) -> Option<[u8; 32]> {
    let marks = ["sha256:", "SHA256:", "sha-256:", "SHA-256:", "0x", "0X"];
    let text = marks.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, hex) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
    }
    Some(hash)
}

/// A domain, also as a web address, with `*.` or with `www.` in front.
fn domain(text: &str) -> Option<String> {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or(host);
    let host = host.strip_prefix("*.").unwrap_or(host).trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(&host);
    let ascii = idna::domain_to_ascii(host).ok()?;
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let (_, last) = ascii.rsplit_once('.')?;
    let is_word = last.len() >= 2 && last.bytes().any(|byte| byte.is_ascii_alphabetic());
    (is_word && ascii.split('.').all(label)).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_addresses_domains_or_hashes() {
        let hex = "e6c7d3c5f9f3e1b3d3f2d4c8a9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718";
        let address = |text: &str| Some(SuppressionEntry::Address(text.to_owned()));
        let domain = |text: &str| Some(SuppressionEntry::Domain(text.to_owned()));
        for (raw, want) in [
            ("Kim@Fabrikam.com", address("Kim@Fabrikam.com")),
            ("<kim@fabrikam.com>", address("kim@fabrikam.com")),
            ("ｋｉｍ＠fabrikam.com", address("kim@fabrikam.com")),
            ("@tailspin.com", domain("tailspin.com")),
            ("*@tailspin.com", domain("tailspin.com")),
            ("*.tailspin.com", domain("tailspin.com")),
            ("Northwind.DE", domain("northwind.de")),
            ("https://www.northwind.de/kontakt", domain("northwind.de")),
            ("müller.de", domain("xn--mller-kva.de")),
            ("北風.jp", domain("xn--djrw23n.jp")),
            ("asked", None),
            ("2026.11.21", None),
            ("d41d8cd98f00b204e9800998ecf8427e", None), // an MD5
            ("", None),
        ] {
            assert_eq!(SuppressionEntry::read(raw), want, "raw: {raw:?}");
        }
        for raw in [hex.to_owned(), hex.to_uppercase(), format!("sha256:{hex}"), format!("0x{hex}")]
        {
            assert!(
                matches!(SuppressionEntry::read(&raw), Some(SuppressionEntry::Hash(_))),
                "raw: {raw:?}"
            );
        }
    }
}
