//! Web and e-mail addresses to registrable domains, and what such a domain may prove.

use std::path::Path;

use compact_str::CompactString;
use memchr::{memchr, memrchr};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{error::Result, rule_file, rules::RuleFile};

/// What kind of place a domain is. The class, not the string, decides what it may prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum DomainClass {
    /// A company's own.
    Own,
    /// A mail provider for everybody.
    FreeMail,
    /// A provider of throw-away addresses.
    Disposable,
    /// A host on which many companies have a page.
    SharedHost,
    /// `*.onmicrosoft.com`: a hint at a name, never a key.
    TenantDefault,
    /// The partner's own domain.
    Partner,
    /// Microsoft's or another vendor's.
    Vendor,
}

impl DomainClass {
    /// Whether equal domains of this class say anything about a company.
    pub(crate) fn is_usable(self) -> bool {
        self == DomainClass::Own
    }
}

/// The end of the domains that Microsoft gives to tenants.
const TENANT_DEFAULT: &str = ".onmicrosoft.com";

/// The tables that give a domain its class.
#[derive(Debug, Default, Clone)]
pub(crate) struct DomainRules {
    classes: FxHashMap<CompactString, DomainClass>,
}

impl DomainRules {
    /// The tables of a folder of rules, and the partner's own domains.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    pub(crate) fn load(dir: Option<&Path>, own_domains: &[String]) -> Result<DomainRules> {
        let mut rules = DomainRules::default();
        let tables: [(RuleFile, DomainClass); 4] = [
            (rule_file!("disposable.txt"), DomainClass::Disposable),
            (rule_file!("free_mail.txt"), DomainClass::FreeMail),
            (rule_file!("shared_hosts.txt"), DomainClass::SharedHost),
            (rule_file!("vendor_domains.txt"), DomainClass::Vendor),
        ];
        for (file, class) in tables {
            for line in file.lines(dir)? {
                rules.classes.insert(line.into(), class);
            }
        }
        for domain in own_domains {
            let mut buffer = String::new();
            if let Some(domain) = registrable(domain, &mut buffer) {
                rules.classes.insert(domain.into(), DomainClass::Partner);
            }
        }
        Ok(rules)
    }

    /// The class of a registrable domain, as [`DomainRules::read`] gives it.
    pub(crate) fn class(&self, domain: &str) -> DomainClass {
        match domain.ends_with(TENANT_DEFAULT) {
            true => DomainClass::TenantDefault,
            false => self.classes.get(domain).copied().unwrap_or(DomainClass::Own),
        }
    }

    /// The registrable domain of an address as typed, with its class; `buffer` is its room.
    /// `None` where there is no domain.
    ///
    /// A page on a host whose sub-domains belong to different people (the private section of the
    /// public suffix list, such as `contoso.github.io`) is a domain of its own.
    pub(crate) fn read<'b>(
        &self,
        raw: &str,
        buffer: &'b mut String,
    ) -> Option<(&'b str, DomainClass)> {
        let is_plain = host(raw, buffer).is_some();
        if !is_plain || (has_address_within(raw) && self.class_of_host(buffer) != DomainClass::Own)
        {
            self.own_host_within(raw, buffer).or_else(|| host(raw, buffer))?;
        }
        if buffer.ends_with(TENANT_DEFAULT) {
            return Some((buffer, DomainClass::TenantDefault));
        }
        let Some(domain) = psl::domain_str(buffer) else {
            // The host is itself a suffix: `github.io`, `co.uk`.
            return self.classes.get(buffer.as_str()).map(|class| (buffer.as_str(), *class));
        };
        Some((domain, self.class_of_host(buffer)))
    }

    /// The registrable domain that a company's name is, such as `Contoso.com`.
    pub(crate) fn read_name<'b>(&self, name: &str, buffer: &'b mut String) -> Option<&'b str> {
        memchr(b'.', name.as_bytes()).filter(|_| memchr(b'@', name.as_bytes()).is_none())?;
        host(name, buffer)?;
        let (domain, class) = (known_domain(buffer)?, self.class_of_host(buffer));
        class.is_usable().then_some(domain)
    }

    fn class_of_host(&self, host: &str) -> DomainClass {
        let class = |name: &str| self.classes.get(name).copied();
        let of_domain = psl::domain_str(host).and_then(class);
        of_domain.or_else(|| class(host)).unwrap_or(DomainClass::Own)
    }

    /// Puts the first host inside a cell that is a company's own into `buffer`, or else the first under
    /// a known suffix: for cells that hold more than an address, a damaged one, or one inside another.
    fn own_host_within(&self, raw: &str, buffer: &mut String) -> Option<()> {
        memchr(b'.', raw.as_bytes())?;
        let mut text = raw.replace('\\', "/").replace("_HL_", " ");
        for (coded, plain) in [("%3A", ":"), ("%3a", ":"), ("%2F", "/"), ("%2f", "/")] {
            text = text.replace(coded, plain);
        }
        let parts = text.split(is_between_addresses).flat_map(|piece| piece.split("//"));
        let parts = parts.map(|part| part.split_once(":/").map_or(part, |(_, rest)| rest));
        let mut other = None;
        for part in parts {
            if host(part, buffer).is_none() || known_domain(buffer).is_none() {
                continue;
            }
            if self.class_of_host(buffer) == DomainClass::Own {
                return Some(());
            }
            other.get_or_insert_with(|| buffer.clone());
        }
        *buffer = other?;
        Some(())
    }
}

/// What stands between the addresses of one cell.
fn is_between_addresses(letter: char) -> bool {
    letter.is_whitespace() || "\"'<>()[]{}|,;=&".contains(letter)
}

/// Whether a web address holds another one: that of a page that a service leads to.
fn has_address_within(raw: &str) -> bool {
    let Some((_, path)) = raw.split_once("://") else { return false };
    path.contains("://") || path.contains("%3A%2F%2F") || path.contains("%3a%2f%2f")
}

/// The registrable domain of a host, where its suffix is on the list of public suffixes.
fn known_domain(host: &str) -> Option<&str> {
    let domain = psl::domain(host.as_bytes()).filter(|domain| domain.suffix().is_known())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

/// The registrable domain of an address as typed: lower case, ASCII (punycode), never empty.
pub(crate) fn registrable<'b>(raw: &str, buffer: &'b mut String) -> Option<&'b str> {
    host(raw, buffer)?;
    psl::domain_str(buffer)
}

/// The first label of a registrable domain: `contoso` of `contoso.co.uk`.
pub(crate) fn label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

/// Puts the host of a web or e-mail address into `buffer`: lower case, ASCII, with a dot.
fn host(raw: &str, buffer: &mut String) -> Option<()> {
    buffer.clear();
    // Most are but a host, or a plain address.
    if raw.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        let start = memrchr(b'@', raw.as_bytes()).map_or(0, |at| at + 1);
        buffer.push_str(raw[start..].trim_matches('.'));
        buffer.make_ascii_lowercase();
        return is_host(buffer).then_some(());
    }
    let raw = raw.trim().trim_matches(|c| matches!(c, '<' | '>' | '"' | '\''));
    let raw = match memchr(b':', raw.as_bytes()) {
        Some(_) => raw.split_once("://").map_or(raw, |(_, rest)| rest),
        None => raw,
    };
    let raw = raw.trim_start_matches('/');
    let ends = |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'\\');
    let raw = &raw[..raw.bytes().position(ends).unwrap_or(raw.len())];
    let raw = &raw[memrchr(b'@', raw.as_bytes()).map_or(0, |at| at + 1)..];
    let raw = raw[..memchr(b':', raw.as_bytes()).unwrap_or(raw.len())].trim_matches('.');
    if raw.is_ascii() {
        buffer.push_str(raw);
        buffer.make_ascii_lowercase();
    } else {
        buffer.push_str(&idna::domain_to_ascii(raw).ok()?);
    }
    is_host(buffer).then_some(())
}

/// The bytes of hosts and of plain addresses.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(byte as u8, b'-' | b'.' | b'_' | b'+' | b'@');
        byte += 1;
    }
    plain
};

/// Whether a text in lower case can be the name of a host on the internet.
fn is_host(host: &str) -> bool {
    let (mut labels, mut length, mut letters) = (1, 0, 0);
    for byte in host.bytes() {
        match byte {
            b'.' if length == 0 => return false,
            b'.' => (labels, length, letters) = (labels + 1, 0, 0),
            b'a'..=b'z' => (length, letters) = (length + 1, letters + 1),
            b'0'..=b'9' | b'-' | b'_' => length += 1,
            _ => return false,
        }
        if length > LONGEST_LABEL {
            return false;
        }
    }
    labels > 1 && length >= 2 && letters > 0 && host.len() <= LONGEST_HOST
}

/// The longest that a label, and that a host may be (RFC 1035, section 2.3.4).
const LONGEST_LABEL: u32 = 63;
const LONGEST_HOST: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_reduced_to_their_registrable_domain() {
        let mut buffer = String::new();
        for (raw, want) in [
            ("contoso.com", Some("contoso.com")),
            ("HTTPS://www.Contoso.co.uk/de/home?ref=1", Some("contoso.co.uk")),
            ("http://shop.contoso.de:8080", Some("contoso.de")),
            ("max@mail.contoso.de", Some("contoso.de")),
            ("https://user:secret@contoso.fr/", Some("contoso.fr")),
            ("www.müller-bäder.de", Some("xn--mller-bder-w5a5z.de")),
            ("xn--mller-bder-w5a5z.de", Some("xn--mller-bder-w5a5z.de")),
            ("contoso.github.io", Some("contoso.github.io")),
            ("contoso.unlisted", Some("contoso.unlisted")),
            ("contoso.com.", Some("contoso.com")),
            ("//contoso.com/x", Some("contoso.com")),
            ("co.uk", None),
            ("localhost", None),
            ("192.168.0.1", None),
            ("max at contoso.de", None),
            ("", None),
            ("n.a.", None),
        ] {
            assert_eq!(registrable(raw, &mut buffer), want, "raw: {raw:?}");
        }
    }

    #[test]
    fn cells_as_people_type_them_have_their_domain() {
        let (rules, mut buffer) = (DomainRules::load(None, &[]).unwrap(), String::new());
        for (raw, want) in [
            ("http:/www.contoso.de", "contoso.de"),
            ("http//contoso.de", "contoso.de"),
            ("https://https://www.contoso.de", "contoso.de"),
            ("https:\\\\www.contoso.de", "contoso.de"),
            ("ht tp://www.contoso.de", "contoso.de"),
            ("[www.contoso.de](http://www.contoso.de)", "contoso.de"),
            ("<a href=\"http://www.contoso.de\">Contoso</a>", "contoso.de"),
            ("Website: www.contoso.de", "contoso.de"),
            ("contoso.de (new)", "contoso.de"),
            ("www. contoso.de", "contoso.de"),
            ("contoso.de / fabrikam.de", "contoso.de"),
            ("https://web.archive.org/web/2020/http://www.contoso.de/", "contoso.de"),
            ("https://www.google.com/url?q=https://www.contoso.de/&sa=D", "contoso.de"),
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.contoso.de",
                "contoso.de",
            ),
            // a company's own page stays what it is, whatever it leads to
            ("https://contoso.de/login?next=https://fabrikam.de", "contoso.de"),
            ("https://www.facebook.com/contoso", "facebook.com"),
        ] {
            assert_eq!(rules.read(raw, &mut buffer).map(|of| of.0), Some(want), "raw: {raw:?}");
        }
        for raw in ["none", "n.a.", "k. A.", "no website yet.", "see Dr.Mueller", "-", "12.5 m²"] {
            assert_eq!(rules.read(raw, &mut buffer), None, "raw: {raw:?}");
        }
    }

    #[test]
    fn a_name_may_be_a_domain() {
        let (rules, mut buffer) = (DomainRules::load(None, &[]).unwrap(), String::new());
        for (name, want) in [
            ("Contoso.com", Some("contoso.com")),
            ("www.contoso.co.uk", Some("contoso.co.uk")),
            ("Contoso.com Inc.", None),
            ("Dr.Mueller", None),
            ("S.p.A.", None),
            ("gmail.com", None),
            ("info@contoso.com", None),
            ("Contoso", None),
        ] {
            assert_eq!(rules.read_name(name, &mut buffer), want, "name: {name:?}");
        }
    }

    #[test]
    fn the_class_comes_from_the_tables() {
        let rules = DomainRules::load(None, &["partner.example".into()]).unwrap();
        let mut buffer = String::new();
        for (raw, want) in [
            ("max@gmail.com", DomainClass::FreeMail),
            ("https://www.facebook.com/contoso", DomainClass::SharedHost),
            ("contoso.onmicrosoft.com", DomainClass::TenantDefault),
            ("it@partner.example", DomainClass::Partner),
            ("microsoft.com", DomainClass::Vendor),
            ("contoso.com", DomainClass::Own),
        ] {
            let (domain, class) = rules.read(raw, &mut buffer).expect("a domain");
            assert_eq!(class, want, "raw: {raw:?}");
            assert_eq!(rules.class(domain), want, "again: {domain:?}");
        }
    }
}
