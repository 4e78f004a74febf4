//! E-mail addresses: when two are the same, and whether one can be written to.

use std::{borrow::Cow, hash::Hasher};

use email_address::{EmailAddress, Options};
use smallvec::SmallVec;

use crate::text::{
    address::{HIDDEN_SIGN, is_plain},
    hash::StableHasher,
    id::split,
};

/// The hash of a normalised address: 16 million addresses share none by accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AddressKey(u64);

impl AddressKey {
    /// The key of an address as typed: case, blanks, angle brackets, `mailto:` and the spelling of
    /// an international domain do not matter. `None` for what has no `@`, or nothing before or after it.
    pub(crate) fn from_raw(raw: &str) -> Option<AddressKey> {
        let (local, domain) = parts(raw)?;
        let mut hash = StableHasher::default();
        feed(&mut hash, local);
        hash.write_u8(b'@');
        if domain.is_ascii() {
            feed(&mut hash, domain);
        } else {
            feed(&mut hash, &ascii_domain(domain)?);
        }
        Some(AddressKey(hash.finish()))
    }

    /// The key without a `+tag` and, at Gmail, without dots: for those who ask for it.
    pub(crate) fn folded(raw: &str) -> Option<AddressKey> {
        let (local, domain) = parts(raw)?;
        let bare = local.split('+').next().filter(|bare| !bare.is_empty()).unwrap_or(local);
        let at_gmail =
            ["gmail.com", "googlemail.com"].iter().any(|gmail| domain.eq_ignore_ascii_case(gmail));
        if at_gmail && bare.contains('.') {
            return AddressKey::from_raw(&format!("{}@{domain}", bare.replace('.', "")));
        }
        if bare.len() == local.len() {
            return AddressKey::from_raw(raw);
        }
        AddressKey::from_raw(&format!("{bare}@{domain}"))
    }
}

/// Adds a text in small letters, without allocating where it is ASCII.
fn feed(hash: &mut StableHasher, text: &str) {
    if text.is_ascii() {
        let mut small = [0; 64];
        for chunk in text.as_bytes().chunks(small.len()) {
            let small = &mut small[..chunk.len()];
            small.copy_from_slice(chunk);
            small.make_ascii_lowercase();
            hash.write(small);
        }
    } else {
        hash.write(text.to_lowercase().as_bytes());
    }
}

/// What stands before and after the last `@` of an address as typed.
fn parts(raw: &str) -> Option<(&str, &str)> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let mut raw = raw.trim_matches(blank);
    if let Some(at) = raw.find('<') {
        raw = raw[at + 1..].trim_end_matches('>'); // Ada Lovelace <ada@contoso.com>
    }
    let raw = raw.trim_matches(|c| blank(c) || matches!(c, '\'' | '"' | '<' | '>'));
    let raw = match raw.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("mailto:") => &raw[7..],
        _ => raw,
    };
    let (local, domain) = raw.rsplit_once('@').or_else(|| raw.rsplit_once(HIDDEN_SIGN))?;
    let domain = domain.trim_end_matches('.');
    (!local.is_empty() && !domain.is_empty()).then_some((local, domain))
}

/// An international domain in the letters that mail systems use.
fn ascii_domain(domain: &str) -> Option<String> {
    idna::domain_to_ascii(domain).ok()
}

/// The domain of an address as typed, in small ASCII letters.
pub(crate) fn domain(raw: &str) -> Option<Cow<'_, str>> {
    let (_, domain) = parts(raw)?;
    if !domain.is_ascii() {
        return ascii_domain(domain).map(Cow::Owned);
    }
    let small = !domain.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if small { Cow::Borrowed(domain) } else { Cow::Owned(domain.to_ascii_lowercase()) })
}

/// Whether a domain is another one or lies below it. Both in small letters.
pub(crate) fn is_within(domain: &str, above: &str) -> bool {
    domain
        .strip_suffix(above)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.') && !above.is_empty())
}

/// The address to write to, its domain in small ASCII letters; `None` when mail cannot reach it.
pub(crate) fn usable(raw: &str) -> Option<String> {
    well_formed(raw).filter(|address| !is_reserved(address))
}

/// Top-level domains that no mail leaves its own network for, or none at all (RFC 2606, 6761, 6762,
/// 8375, 9476): copies of a CRM for tests put them behind each address.
const RESERVED: [&str; 9] =
    ["alt", "arpa", "internal", "invalid", "lan", "local", "localdomain", "localhost", "test"];

/// Whether the domain of a well-formed address is set aside for examples, tests and networks.
fn is_reserved(address: &str) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let mut labels = domain.rsplit('.');
    labels.next().is_some_and(|top| RESERVED.contains(&top)) || labels.any(|of| of == "example")
}

/// Whether each address in a cell is written as one must be. Blanks, commas and semicolons part
/// them; a cell without any has none that can be read.
pub(crate) fn are_readable(cell: &str) -> bool {
    let is_usual = |cell: &str| {
        let host = cell.split_once('@').map_or("", |(_, host)| host);
        is_plain(cell) && host.contains('.') && !cell.contains("..") && !host.starts_with('.')
    };
    if is_usual(cell) {
        return true;
    }
    let mut parts = split(cell).filter(|part| part.contains('@')).peekable();
    parts.peek().is_some() && parts.all(|part| well_formed(part).is_some())
}

/// The address that a text is, its domain in small ASCII letters, whether or not mail reaches it;
/// `None` for a text that is none.
pub(crate) fn well_formed(raw: &str) -> Option<String> {
    let (local, _) = parts(raw).filter(|_| raw.contains('@'))?;
    let domain = domain(raw)?;
    let address = format!("{local}@{domain}");
    let strict =
        Options::default().with_required_tld().without_display_text().without_domain_literal();
    // a quoted local part is allowed by the standard, and in a CRM always a mistake
    let plain = !address.contains(['"', ' ']);
    (plain && EmailAddress::parse_with_options(&address, strict).is_ok()).then_some(address)
}

/// The spellings of an address of which lists of hashed addresses are made: in small letters, with
/// its domain as mail systems write it or as people do; as typed; and for Gmail as Google wants it.
pub(crate) fn spellings(raw: &str) -> SmallVec<[String; 4]> {
    let mut spellings = SmallVec::new();
    let Some((local, typed)) = parts(raw) else { return spellings };
    let small = local.to_lowercase();
    let mut add = |text: String| {
        if !spellings.contains(&text) {
            spellings.push(text);
        }
    };
    add(format!("{local}@{typed}"));
    let Some(domain) = domain(raw) else { return spellings };
    let (people, _) = idna::domain_to_unicode(&domain);
    add(format!("{small}@{domain}"));
    add(format!("{small}@{people}"));
    if matches!(&*domain, "gmail.com" | "googlemail.com") {
        let bare = small.split('+').next().unwrap_or(&small);
        add(format!("{}@{domain}", bare.replace('.', "")));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_share_a_key() {
        let want = AddressKey::from_raw("ada@contoso.com");
        for raw in [
            "Ada@Contoso.COM",
            "  ada@contoso.com ",
            "<ada@contoso.com>",
            "Ada Lovelace <ada@contoso.com>",
            "mailto:ada@contoso.com",
            "Ada(at)contoso.com",
            "'ada@contoso.com'",
            "ada@contoso.com.",
            "\u{feff}ada@contoso.com",
        ] {
            assert_eq!(AddressKey::from_raw(raw), want, "raw: {raw:?}");
        }
        assert_eq!(
            AddressKey::from_raw("info@müller.de"),
            AddressKey::from_raw("INFO@xn--mller-kva.de")
        );
        for raw in ["ada@contoso.de", "ida@contoso.com", "a@da@contoso.com"] {
            assert_ne!(AddressKey::from_raw(raw), want, "raw: {raw:?}");
        }
        for raw in ["", "ada", "@contoso.com", "ada@", " @ "] {
            let key = AddressKey::from_raw(raw);
            assert!(key.is_none() || raw == " @ ", "raw: {raw:?}");
        }
    }

    #[test]
    fn tags_and_gmails_dots_are_folded_on_demand() {
        for (raw, want) in [
            ("ada+news@contoso.com", "ada@contoso.com"),
            ("A.Lovelace+x@Gmail.com", "alovelace@gmail.com"),
            ("a.lovelace@contoso.com", "a.lovelace@contoso.com"), // a dot counts elsewhere
            ("+ada@contoso.com", "+ada@contoso.com"),
        ] {
            assert_eq!(AddressKey::folded(raw), AddressKey::from_raw(want), "raw: {raw:?}");
        }
        assert_ne!(
            AddressKey::from_raw("ada+news@contoso.com"),
            AddressKey::from_raw("ada@contoso.com")
        );
    }

    #[test]
    fn long_addresses_differ_beyond_the_first_chunk() {
        let long = |end: &str| format!("{}{end}@contoso.com", "a".repeat(70));
        assert_ne!(AddressKey::from_raw(&long("x")), AddressKey::from_raw(&long("y")));
        assert_eq!(AddressKey::from_raw(&long("x")), AddressKey::from_raw(&long("X")));
    }

    #[test]
    fn only_addresses_that_mail_can_reach_are_usable() {
        for (raw, want) in [
            ("Ada.Lovelace@Contoso.com", Some("Ada.Lovelace@contoso.com")),
            ("o'neill+news@contoso.co.uk", Some("o'neill+news@contoso.co.uk")),
            ("info@müller.de", Some("info@xn--mller-kva.de")),
            ("Ada <ada@contoso.com>", Some("ada@contoso.com")),
            ("ada(at)contoso.com", None), // hidden by its owner
            ("ada@localhost", None),      // no top-level domain
            ("ada@contoso.com.invalid", None),
            ("ada@contoso.test", None),
            ("ada@contoso.local", None),
            ("ada=contoso.com@example.com", None),
            ("ada@mail.example.org", None),
            ("ada@testing.com", Some("ada@testing.com")),
            ("ada@contoso", None),
            ("ada@@contoso.com", None),
            ("ada lovelace@contoso.com", None),
            ("ada@contoso..com", None),
            ("ada@[127.0.0.1]", None),
            ("\"ada\"@contoso.com", None),
            ("ada.contoso.com", None),
            ("n/a", None),
            ("", None),
        ] {
            assert_eq!(usable(raw).as_deref(), want, "raw: {raw:?}");
        }
    }

    #[test]
    fn hashed_lists_may_be_made_of_several_spellings() {
        for (raw, want) in [
            ("Ada@Contoso.com", "ada@contoso.com"),
            ("Ada@Contoso.com", "Ada@Contoso.com"),
            ("info@müller.de", "info@xn--mller-kva.de"),
            ("info@xn--mller-kva.de", "info@müller.de"),
            ("a.lovelace+x@gmail.com", "alovelace@gmail.com"),
        ] {
            assert!(spellings(raw).iter().any(|of| of == want), "{raw}: {want}");
        }
        assert!(
            !spellings("a.lovelace@contoso.com").iter().any(|of| of == "alovelace@contoso.com")
        );
    }

    #[test]
    fn a_domain_lies_within_itself_and_those_above() {
        for (domain, above, want) in [
            ("contoso.com", "contoso.com", true),
            ("mail.contoso.com", "contoso.com", true),
            ("notcontoso.com", "contoso.com", false),
            ("contoso.com", "mail.contoso.com", false),
            ("contoso.com", "", false),
        ] {
            assert_eq!(is_within(domain, above), want, "{domain} within {above}");
        }
    }
}
