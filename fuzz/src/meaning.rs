//! Text as typed to keys: domains and company names.

use std::sync::LazyLock;

use crm_reconcile::normalise::{
    company::{CompanyName, KnownWords, NameRules},
    domain::{self, DomainRules},
};

static DOMAINS: LazyLock<DomainRules> =
    LazyLock::new(|| DomainRules::load(None, &[]).expect("the built-in tables"));
static NAMES: LazyLock<NameRules> =
    LazyLock::new(|| NameRules::load(None).expect("the built-in tables"));

/// Reads bytes as a web or e-mail address. What comes out is a domain: reading it again gives
/// itself.
pub fn domain(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut buffer, mut again) = (String::new(), String::new());
    let Some((found, _)) = DOMAINS.read(&text, &mut buffer) else { return };
    assert!(!found.is_empty() && found.len() <= 255, "raw: {text:?}: {found:?}");
    assert!(!found.contains(char::is_whitespace), "raw: {text:?}: {found:?}");
    assert!(found.starts_with(domain::label(found)), "raw: {text:?}: {found:?}");
    let second = DOMAINS.read(found, &mut again);
    assert_eq!(second.map(|(found, _)| found), Some(found), "raw: {text:?}");
}

/// Reads bytes as a company name. Reading the key again gives the same key, and a name equals
/// itself whatever was read before it.
pub fn company(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut name, mut again) = (CompanyName::default(), CompanyName::default());
    let mut words = KnownWords::default();
    NAMES.read(&text, &mut KnownWords::default(), &mut name);
    NAMES.read("Contoso Holding GmbH & Co. KG", &mut words, &mut again);
    NAMES.read(&text, &mut words, &mut again);
    assert_eq!((name.key(), &name.forms), (again.key(), &again.forms), "raw: {text:?}");
    for (word, _) in name.words() {
        assert!(!word.is_empty(), "raw: {text:?}");
        assert!(!word.contains(char::is_whitespace), "raw: {text:?}: {word:?}");
    }
}
