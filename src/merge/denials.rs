//! Who must not be written to, gathered over all records of the CRM, linked or not.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::address::{self, AddressKey};
use crate::crm::{Account, Contact, Permission, account_hash};

/// Denied addresses up to which the record that denies is kept by its id. Beyond it only its kind
/// is kept, in 16 bytes per address.
const NAMED_RECORDS: usize = 1_000_000;

/// What kind of record keeps an address out of the lists. Ordered: the smallest is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeniedBy {
    /// A contact that denies.
    Contact,
    /// A lead that denies.
    Lead,
    /// An account that denies.
    Account,
    /// A suppression list of the user.
    List,
    /// A contact that says mail to it came back: no denial, but no use either.
    Bounce,
}

impl DeniedBy {
    const ALL: [DeniedBy; 5] =
        [DeniedBy::Contact, DeniedBy::Lead, DeniedBy::Account, DeniedBy::List, DeniedBy::Bounce];

    /// The record in general, for files.
    fn word(self) -> &'static str {
        match self {
            DeniedBy::Contact | DeniedBy::Bounce => "another contact",
            DeniedBy::Lead => "a lead",
            DeniedBy::Account => "an account",
            DeniedBy::List => "suppression list",
        }
    }
}

/// The addresses, domains and accounts that must not be written to.
///
/// Filled from every row of accounts, contacts and leads; the parts of several threads or files
/// are put together with [`Denials::absorb`], in any order, with the same outcome.
#[derive(Debug, Clone, Default)]
pub struct Denials {
    addresses: FxHashMap<AddressKey, Said>,
    /// Denied addresses without their tags, where that makes a difference.
    folded: FxHashMap<AddressKey, Said>,
    records: Records,
    /// Hashed join keys of accounts that deny e-mail, and of those that deny calls.
    no_email: FxHashSet<u64>,
    no_phone: FxHashSet<u64>,
    /// Addresses whose owners deny calls, and use by advertising platforms.
    no_calls: FxHashSet<AddressKey>,
    no_ads: FxHashSet<AddressKey>,
    domains: FxHashSet<Box<str>>,
    hashed: FxHashSet<[u8; 32]>,
}

/// Which record denies an address: its kind, and its place among the records. Four bytes.
#[derive(Debug, Clone, Copy)]
struct Said(u32);

impl Said {
    const KINDS: u32 = 8;
    const NAMELESS: u32 = u32::MAX / Said::KINDS;

    fn new(by: DeniedBy, record: u32) -> Said {
        Said(record.min(Said::NAMELESS) * Said::KINDS + by as u32)
    }

    fn by(self) -> DeniedBy {
        DeniedBy::ALL[(self.0 % Said::KINDS) as usize]
    }

    fn record(self) -> u32 {
        self.0 / Said::KINDS
    }
}

impl Denials {
    /// Takes what a contact says of its addresses, whatever state it is in.
    pub fn contact(&mut self, contact: &Contact<'_>) {
        if contact.email_permission == Permission::Denied {
            self.deny_all(contact, DeniedBy::Contact);
        } else if contact.bounced {
            self.deny(contact.email, DeniedBy::Bounce, &contact.id);
        }
        self.other_channels(contact);
    }

    /// Takes what a lead says of its addresses.
    pub fn lead(&mut self, lead: &Contact<'_>) {
        if lead.email_permission == Permission::Denied {
            self.deny_all(lead, DeniedBy::Lead);
        }
        self.other_channels(lead);
    }

    /// Takes what a person says of calls and advertising.
    fn other_channels(&mut self, contact: &Contact<'_>) {
        let denied = |permission| permission == Permission::Denied;
        if denied(contact.phone_permission) {
            self.no_calls.extend(contact.emails().filter_map(AddressKey::from_raw));
        }
        if denied(contact.ad_permission) {
            self.no_ads.extend(contact.emails().filter_map(AddressKey::from_raw));
        }
    }

    /// Whether the owner of an address denies calls, in any record.
    pub(crate) fn denies_calls(&self, email: &str) -> bool {
        !self.no_calls.is_empty()
            && AddressKey::from_raw(email).is_some_and(|key| self.no_calls.contains(&key))
    }

    /// Whether the owner of an address denies use by advertising platforms, in any record.
    pub(crate) fn denies_ads(&self, email: &str) -> bool {
        !self.no_ads.is_empty()
            && AddressKey::from_raw(email).is_some_and(|key| self.no_ads.contains(&key))
    }

    /// Takes what an account says: for its contacts, and for its own addresses.
    pub fn account(&mut self, account: &Account<'_>) {
        if account.email_permission == Permission::Denied {
            self.no_email.insert(account_hash(&account.id));
            for email in &account.emails {
                self.deny(email, DeniedBy::Account, &account.id);
            }
        }
        if account.phone_permission == Permission::Denied {
            self.no_phone.insert(account_hash(&account.id));
        }
    }

    /// Takes a row of a suppression list. Where the list says of each address whether it may be
    /// written to, only the rows that deny it count; else every row. `further` are the row's
    /// hashes and domains.
    pub fn listed<'a>(
        &mut self,
        row: &'a Contact<'_>,
        further: impl Iterator<Item = &'a str>,
        list: &str,
    ) {
        if matches!(row.email_permission, Permission::Unknown | Permission::Denied) {
            for entry in row.emails().chain(further) {
                self.suppress(entry, list);
            }
        } else if row.bounced {
            self.deny(row.email, DeniedBy::Bounce, list);
        }
    }

    /// Takes an entry of a suppression list: an address, a domain (with or without a leading `@`),
    /// or the SHA-256 of an address in small letters. Returns whether it was one of these.
    pub fn suppress(&mut self, entry: &str, list: &str) -> bool {
        let entry = entry.trim();
        if let Some(hash) = sha256_from_hex(entry) {
            self.hashed.insert(hash);
            return true;
        }
        if AddressKey::from_raw(entry).is_some() {
            self.deny(entry, DeniedBy::List, list);
            return true;
        }
        let domain = entry.strip_prefix('@').unwrap_or(entry).trim_end_matches('.');
        if domain.contains('@') || domain.contains(char::is_whitespace) || !domain.contains('.') {
            return false;
        }
        let Ok(domain) = idna::domain_to_ascii(domain) else { return false };
        self.domains.insert(domain.into());
        true
    }

    /// Adds what other rows say.
    pub fn absorb(&mut self, other: Denials) {
        for (key, said) in &other.addresses {
            self.insert(*key, said.by(), other.records.id(said.record()), false);
        }
        for (key, said) in &other.folded {
            self.insert(*key, said.by(), other.records.id(said.record()), true);
        }
        self.no_calls.extend(other.no_calls);
        self.no_ads.extend(other.no_ads);
        self.no_email.extend(other.no_email);
        self.no_phone.extend(other.no_phone);
        self.domains.extend(other.domains);
        self.hashed.extend(other.hashed);
    }

    /// Whether an account denies e-mail to its people.
    pub(crate) fn account_denies_email(&self, account_id: &str) -> bool {
        !self.no_email.is_empty() && self.no_email.contains(&account_hash(account_id))
    }

    /// Whether an account denies calls.
    pub(crate) fn account_denies_phone(&self, account_id: &str) -> bool {
        !self.no_phone.is_empty() && self.no_phone.contains(&account_hash(account_id))
    }

    /// Who keeps an address out of the lists, and the record that does; `None` for a free one.
    pub(crate) fn of(&self, raw: &str) -> Option<(DeniedBy, &str)> {
        let said = AddressKey::from_raw(raw).and_then(|key| self.addresses.get(&key));
        if let Some(said) = said {
            let record = self.records.id(said.record()).unwrap_or(said.by().word());
            if said.by() != DeniedBy::Bounce || !self.is_on_a_list(raw) {
                return Some((said.by(), record));
            }
        }
        self.is_on_a_list(raw).then_some((DeniedBy::List, DeniedBy::List.word()))
    }

    /// As [`Denials::of`], tags and Gmail's dots aside on both sides.
    pub(crate) fn of_folded(&self, raw: &str) -> Option<(DeniedBy, &str)> {
        let key = AddressKey::folded(raw)?;
        let said = self.addresses.get(&key).or_else(|| self.folded.get(&key))?;
        Some((said.by(), self.records.id(said.record()).unwrap_or(said.by().word())))
    }

    /// Whether a list names the domain of an address, or its hash.
    fn is_on_a_list(&self, raw: &str) -> bool {
        let named = |domain: &str| {
            self.domains.contains(domain)
                || domain.match_indices('.').any(|(at, _)| self.domains.contains(&domain[at + 1..]))
        };
        if !self.domains.is_empty() && address::domain(raw).is_some_and(|domain| named(&domain)) {
            return true;
        }
        !self.hashed.is_empty()
            && address::small(raw).is_some_and(|small| {
                self.hashed.contains(<[u8; 32]>::from(Sha256::digest(small)).as_slice())
            })
    }

    fn deny_all(&mut self, contact: &Contact<'_>, by: DeniedBy) {
        for email in contact.emails() {
            self.deny(email, by, &contact.id);
        }
    }

    fn deny(&mut self, raw: &str, by: DeniedBy, record: &str) {
        if let Some(key) = AddressKey::from_raw(raw) {
            self.insert(key, by, Some(record), false);
            if let Some(folded) = AddressKey::folded(raw).filter(|folded| *folded != key) {
                self.insert(folded, by, Some(record), true);
            }
        }
    }

    /// Keeps the strongest denial of an address, of equals that of the smallest id: any order of
    /// the records gives the same.
    fn insert(&mut self, key: AddressKey, by: DeniedBy, record: Option<&str>, folded: bool) {
        let table = if folded { &self.folded } else { &self.addresses };
        let known = table.get(&key).copied();
        if let Some(known) = known {
            let mine = (known.by(), self.records.id(known.record()));
            if mine <= (by, record) {
                return;
            }
        }
        let record = record.map_or(Said::NAMELESS, |id| self.records.push(id));
        let table = if folded { &mut self.folded } else { &mut self.addresses };
        table.insert(key, Said::new(by, record));
        if self.addresses.len() > NAMED_RECORDS {
            self.records.forget();
        }
    }
}

/// Ids of records, as long as they are kept.
#[derive(Debug, Clone, Default)]
struct Records {
    text: String,
    ends: Vec<u32>,
    forgotten: bool,
}

impl Records {
    fn push(&mut self, id: &str) -> u32 {
        let full = self.text.len() + id.len() > u32::MAX as usize;
        if self.forgotten || full || self.ends.len() as u32 >= Said::NAMELESS {
            return Said::NAMELESS;
        }
        self.text.push_str(id);
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }

    fn id(&self, at: u32) -> Option<&str> {
        let end = *self.ends.get(at as usize)? as usize;
        let start = if at == 0 { 0 } else { self.ends[at as usize - 1] as usize };
        Some(&self.text[start..end])
    }

    fn forget(&mut self) {
        if !self.forgotten {
            *self = Records { forgotten: true, ..Records::default() };
        }
    }
}

fn sha256_from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, hex) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact<'a>(id: &'a str, email: &'a str, permission: Permission) -> Contact<'a> {
        Contact { id: id.into(), email, email_permission: permission, ..Contact::default() }
    }

    #[test]
    fn the_strongest_denial_is_told_in_any_order() {
        let contacts = [
            contact("C2", "ada@contoso.com", Permission::Denied),
            contact("C1", "ADA@contoso.com", Permission::Denied),
            contact("C0", "ada@contoso.com", Permission::Allowed),
        ];
        let lead = contact("L0", "ada@contoso.com", Permission::Denied);
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut denials = Denials::default();
            denials.lead(&lead);
            for at in order {
                let mut one = Denials::default();
                one.contact(&contacts[at]);
                denials.absorb(one);
            }
            assert_eq!(denials.of("ada@contoso.com"), Some((DeniedBy::Contact, "C1")));
        }
    }

    #[test]
    fn a_list_that_tells_permission_denies_by_row() {
        use Permission::{Allowed, Denied, NotDenied, Unknown};
        for (permission, bounced, want) in [
            (Unknown, false, Some(DeniedBy::List)), // a plain list of addresses
            (Denied, false, Some(DeniedBy::List)),
            (NotDenied, false, None),
            (Allowed, false, None),
            (NotDenied, true, Some(DeniedBy::Bounce)),
        ] {
            let mut denials = Denials::default();
            let row = Contact { bounced, ..contact("1", "ada@contoso.com", permission) };
            denials.listed(&row, [].into_iter(), "list.csv");
            let by = denials.of("ada@contoso.com").map(|(by, _)| by);
            assert_eq!(by, want, "{permission:?}, bounced: {bounced}");
        }
    }

    #[test]
    fn lists_name_addresses_domains_and_hashes() {
        let mut denials = Denials::default();
        let hash = "e6c7d3c5f9f3e1b3d3f2d4c8a9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718";
        let ada = Sha256::digest("ada@contoso.com")
            .iter()
            .map(|b| format!("{b:02X}"))
            .collect::<String>();
        for (entry, want) in [
            ("kim@fabrikam.com", true),
            ("@tailspin.com", true),
            ("Northwind.DE", true),
            (hash, true),
            (ada.as_str(), true),
            ("not an entry", false),
            ("", false),
        ] {
            assert_eq!(denials.suppress(entry, "list.csv"), want, "entry: {entry:?}");
        }
        for (raw, want) in [
            ("KIM@fabrikam.com", true),
            ("lee@fabrikam.com", false),
            ("lee@mail.tailspin.com", true),
            ("lee@nottailspin.com", false),
            ("lee@northwind.de", true),
            ("Ada@Contoso.com", true),
            ("lee@contoso.com", false),
        ] {
            let by = denials.of(raw).map(|(by, _)| by);
            assert_eq!(by, want.then_some(DeniedBy::List), "raw: {raw:?}");
        }
    }
}
