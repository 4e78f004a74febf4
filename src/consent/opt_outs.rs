//! Who must not be written to, gathered over all records of the CRM, linked or not.

use std::{borrow::Cow, hash::Hash, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use smallvec::SmallVec;

use crate::{
    consent::{
        address::{self, AddressKey},
        suppression_entry::SuppressionEntry,
    },
    crm::{Account, Contact, Lifecycle, ListRow, ListSays, Permission},
    text::id::account_hash,
};

/// Denied addresses up to which the record that denies is kept by its id. Beyond it only its kind
/// is kept, in 16 bytes per address.
const NAMED_RECORDS: usize = 1_000_000;

/// What kind of record keeps an address out of the lists. Ordered: the smallest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DeniedBy {
    /// A contact that denies.
    Contact,
    /// A lead that denies.
    Lead,
    /// A record of consent that denies.
    Consent,
    /// An account that denies.
    Account,
    /// A suppression list of the user.
    List,
    /// A contact that says mail to it came back: no denial, but no use either.
    Bounce,
}

impl DeniedBy {
    const ALL: [DeniedBy; 6] = [
        DeniedBy::Contact,
        DeniedBy::Lead,
        DeniedBy::Consent,
        DeniedBy::Account,
        DeniedBy::List,
        DeniedBy::Bounce,
    ];

    /// The record in general, for files.
    fn word(self) -> &'static str {
        match self {
            DeniedBy::Contact | DeniedBy::Bounce => "another contact",
            DeniedBy::Lead => "a lead",
            DeniedBy::Consent => "a record of consent",
            DeniedBy::Account => "an account",
            DeniedBy::List => "suppression list",
        }
    }
}

/// The addresses, domains and accounts that must not be written to.
///
/// Filled from every row of accounts, contacts and leads; the parts of several threads or files
/// are put together with [`OptOuts::merge`], in any order, with the same outcome.
#[derive(Debug, Clone, Default)]
pub(crate) struct OptOuts {
    addresses: FxHashMap<AddressKey, Said>,
    /// Denied addresses without their tags, where that makes a difference.
    folded: FxHashMap<AddressKey, Said>,
    records: Records,
    /// Hashed join keys of accounts that deny e-mail, and of those that deny calls.
    no_email: FxHashSet<u64>,
    no_phone: FxHashSet<u64>,
    /// Hashed ids of individuals whose preferences deny e-mail.
    individuals: FxHashSet<u64>,
    /// Hashed ids of contacts that deny e-mail, and of those into which such a one was merged.
    no_records: FxHashSet<u64>,
    /// Addresses in files of which a column may hold a consent that nobody has explained.
    in_doubt: FxHashSet<AddressKey>,
    /// Addresses whose owners deny calls, and use by advertising platforms.
    no_calls: FxHashSet<AddressKey>,
    /// The last digits of numbers that must not be called.
    no_numbers: FxHashSet<u64>,
    no_ads: FxHashSet<AddressKey>,
    /// Domains and hashes of addresses, each with the list that names it.
    domains: FxHashMap<Box<str>, Arc<str>>,
    hashed: FxHashMap<[u8; 32], Arc<str>>,
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

/// Whether a record denies e-mail; a cell that is not understood counts as a denial.
pub(crate) fn denies(record: &Contact<'_>) -> bool {
    record.email_permission >= Permission::Unclear
}

impl OptOuts {
    /// Gathers what a contact says of its addresses, whatever state it is in; `preferences` holds
    /// what individuals said. Of several addresses nobody knows which one mail came back from.
    pub(crate) fn contact(&mut self, contact: &Contact<'_>, preferences: &OptOuts) {
        if denies(contact) || preferences.individual_denies(contact) {
            self.deny_all(contact, DeniedBy::Contact);
            self.no_records.insert(account_hash(&contact.id));
            if let Lifecycle::MergedInto(master) = &contact.lifecycle {
                self.no_records.insert(account_hash(master));
            }
        } else if contact.bounced {
            self.deny_all(contact, DeniedBy::Bounce);
        }
        self.other_channels(contact);
    }

    /// Gathers addresses that stand beside those of a contact or lead that denies, or in a row that
    /// nobody can read: whose they are is not known, and they may deny.
    pub(crate) fn beside(&mut self, addresses: Vec<String>, record: &str) {
        addresses.iter().for_each(|address| self.deny(address, DeniedBy::Contact, record));
    }

    /// Gathers the preferences of an individual. They are known before contacts and leads are
    /// gathered.
    pub(crate) fn individual(&mut self, individual: &Contact<'_>) {
        if denies(individual) {
            self.individuals.insert(account_hash(&individual.id));
        }
    }

    /// Whether the preferences of the individual that a contact is deny e-mail.
    pub(crate) fn individual_denies(&self, contact: &Contact<'_>) -> bool {
        !self.individuals.is_empty()
            && !contact.individual_id.is_empty()
            && self.individuals.contains(&account_hash(contact.individual_id))
    }

    /// Gathers what a lead says of its addresses; `preferences` holds what individuals said.
    pub(crate) fn lead(&mut self, lead: &Contact<'_>, preferences: &OptOuts) {
        if denies(lead) || preferences.individual_denies(lead) {
            self.deny_all(lead, DeniedBy::Lead);
        } else if lead.bounced {
            self.deny_all(lead, DeniedBy::Bounce);
        }
        self.other_channels(lead);
    }

    /// Gathers a record of consent, whose address may be a telephone number.
    pub(crate) fn consent(&mut self, consent: &Contact<'_>) {
        if !denies(consent) {
            return;
        }
        self.deny_all(consent, DeniedBy::Consent);
        self.no_numbers.extend(number(consent.email));
    }

    /// Whether a number must not be called, in whatever form it is written.
    pub(crate) fn denies_number(&self, phone: &str) -> bool {
        !self.no_numbers.is_empty()
            && number(phone).is_some_and(|number| self.no_numbers.contains(&number))
    }

    /// Gathers what a person says of calls and advertising.
    fn other_channels(&mut self, contact: &Contact<'_>) {
        let denied = |permission| permission >= Permission::Unclear;
        if contact.in_doubt {
            self.in_doubt.extend(contact.emails().filter_map(AddressKey::from_raw));
        }
        if denied(contact.phone_permission) {
            self.no_calls.extend(contact.emails().filter_map(AddressKey::from_raw));
        }
        if denied(contact.ad_permission) {
            self.no_ads.extend(contact.emails().filter_map(AddressKey::from_raw));
        }
    }

    /// Whether a record denies of which this is another row, or the one that others were merged into.
    pub(crate) fn denies_record(&self, contact: &Contact<'_>) -> bool {
        !self.no_records.is_empty() && self.no_records.contains(&account_hash(&contact.id))
    }

    /// Whether an address stands in a file of which a column may hold a consent that nobody has
    /// explained.
    pub(crate) fn is_in_doubt(&self, contact: &Contact<'_>) -> bool {
        !self.in_doubt.is_empty()
            && contact
                .emails()
                .filter_map(AddressKey::from_raw)
                .any(|key| self.in_doubt.contains(&key))
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

    /// Gathers what an account says: for its contacts, and for its own addresses.
    pub(crate) fn account(&mut self, account: &Account<'_>) {
        if account.email_permission >= Permission::Unclear {
            self.no_email.insert(account_hash(&account.id));
            for email in &account.emails {
                self.deny(email, DeniedBy::Account, &account.id);
            }
        }
        if account.phone_permission >= Permission::Unclear {
            self.no_phone.insert(account_hash(&account.id));
        }
    }

    /// Gathers a row of a suppression list. Returns the columns of the cells in which nothing was
    /// understood: whoever is meant there is not kept out of the lists.
    pub(crate) fn list_row(&mut self, row: &ListRow<'_>, list: &str) -> SmallVec<[usize; 1]> {
        let by = match row.says {
            ListSays::Denied => DeniedBy::List,
            ListSays::Bounced => DeniedBy::Bounce,
            ListSays::Spared => return SmallVec::new(),
        };
        let named: Arc<str> = list.into();
        let mut unread = SmallVec::new();
        let mut domains: SmallVec<[String; 1]> = SmallVec::new();
        let mut works_at: SmallVec<[String; 1]> = SmallVec::new();
        for (column, cell) in &row.cells {
            let mut understood = false;
            for entry in SuppressionEntry::entries(cell) {
                match SuppressionEntry::read(&entry) {
                    Some(SuppressionEntry::Address(address)) => {
                        self.deny(&address, by, list);
                        works_at.extend(address::domain(&address).map(Cow::into_owned));
                        understood |= address::well_formed(&address).is_some();
                    }
                    Some(SuppressionEntry::Hash(hash)) => {
                        name(&mut self.hashed, hash, &named);
                        understood = true;
                    }
                    Some(SuppressionEntry::Domain(domain)) => {
                        domains.push(domain);
                        understood = true;
                    }
                    None => {}
                }
            }
            if !understood {
                unread.push(*column);
            }
        }
        // next to an address its own domain says where the person works, not that all are meant
        let is_own = |domain: &String| works_at.iter().any(|own| address::is_within(own, domain));
        let meant = domains.into_iter().filter(|domain| !is_own(domain));
        meant.for_each(|domain| name(&mut self.domains, domain.into_boxed_str(), &named));
        unread
    }

    /// Gathers an entry that stands alone: an address, a domain or the SHA-256 of an address.
    /// Returns whether it was one of these.
    #[cfg(test)]
    pub(crate) fn suppress(&mut self, entry: &str, list: &str) -> bool {
        let cells = [(0, entry)].into_iter().filter(|(_, cell)| !cell.trim().is_empty()).collect();
        let row = ListRow { cells, says: ListSays::Denied };
        !row.cells.is_empty() && self.list_row(&row, list).is_empty()
    }

    /// Adds what other rows say.
    pub(crate) fn merge(&mut self, other: OptOuts) {
        for (key, said) in &other.addresses {
            self.insert(*key, said.by(), other.records.id(said.record()), false);
        }
        for (key, said) in &other.folded {
            self.insert(*key, said.by(), other.records.id(said.record()), true);
        }
        self.individuals.extend(other.individuals);
        self.no_records.extend(other.no_records);
        self.in_doubt.extend(other.in_doubt);
        self.no_calls.extend(other.no_calls);
        self.no_numbers.extend(other.no_numbers);
        self.no_ads.extend(other.no_ads);
        self.no_email.extend(other.no_email);
        self.no_phone.extend(other.no_phone);
        other.domains.into_iter().for_each(|(key, list)| name(&mut self.domains, key, &list));
        other.hashed.into_iter().for_each(|(key, list)| name(&mut self.hashed, key, &list));
    }

    /// Whether an account denies e-mail to its people.
    pub(crate) fn account_denies_email(&self, account_id: &str) -> bool {
        !self.no_email.is_empty() && self.no_email.contains(&account_hash(account_id))
    }

    /// Whether any account denies e-mail to its people.
    pub(crate) fn has_denying_accounts(&self) -> bool {
        !self.no_email.is_empty()
    }

    /// As [`OptOuts::account_denies_email`], by the hashed join key.
    pub(crate) fn denies_email_of(&self, account: u64) -> bool {
        self.no_email.contains(&account)
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
            let list = (said.by() == DeniedBy::Bounce).then(|| self.list_of(raw)).flatten();
            return Some(list.map_or((said.by(), record), |list| (DeniedBy::List, list)));
        }
        self.list_of(raw).map(|list| (DeniedBy::List, list))
    }

    /// As [`OptOuts::of`], without tags and Gmail's dots on both sides.
    pub(crate) fn of_folded(&self, raw: &str) -> Option<(DeniedBy, &str)> {
        let key = AddressKey::folded(raw)?;
        let said = self.addresses.get(&key).or_else(|| self.folded.get(&key))?;
        Some((said.by(), self.records.id(said.record()).unwrap_or(said.by().word())))
    }

    /// The list that names the domain of an address, or its hash.
    fn list_of(&self, raw: &str) -> Option<&str> {
        let by_domain = |domain: &str| {
            let above = domain.match_indices('.').map(|(at, _)| &domain[at + 1..]);
            std::iter::once(domain).chain(above).find_map(|domain| self.domains.get(domain))
        };
        let by_hash =
            |text: &String| self.hashed.get(<[u8; 32]>::from(Sha256::digest(text)).as_slice());
        let domain = if self.domains.is_empty() { None } else { address::domain(raw) };
        let list = domain.as_deref().and_then(by_domain).or_else(|| {
            let spellings =
                if self.hashed.is_empty() { SmallVec::new() } else { address::spellings(raw) };
            spellings.iter().find_map(by_hash)
        });
        list.map(|list| &**list)
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

/// The last digits of a telephone number, which country codes and trunk prefixes do not change.
fn number(raw: &str) -> Option<u64> {
    let digits = || raw.chars().filter_map(|letter| letter.to_digit(10));
    let count = digits().count();
    let is_number = !raw.contains('@') && count >= 6;
    is_number.then(|| {
        digits().skip(count.saturating_sub(8)).fold(0, |all, digit| all * 10 + u64::from(digit))
    })
}

/// Notes that a list names a key; of several lists the first by name, whatever the order.
fn name<K: Hash + Eq>(table: &mut FxHashMap<K, Arc<str>>, key: K, list: &Arc<str>) {
    let known = table.entry(key).or_insert_with(|| list.clone());
    if *list < *known {
        *known = list.clone();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn contact<'a>(id: &'a str, email: &'a str, permission: Permission) -> Contact<'a> {
        Contact { id: id.into(), email, email_permission: permission, ..Contact::default() }
    }

    #[test]
    fn the_strongest_denial_counts_in_any_order() {
        let contacts = [
            contact("C2", "ada@contoso.com", Permission::Denied),
            contact("C1", "ADA@contoso.com", Permission::Denied),
            contact("C0", "ada@contoso.com", Permission::Allowed),
        ];
        let lead = contact("L0", "ada@contoso.com", Permission::Denied);
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut denials = OptOuts::default();
            denials.lead(&lead, &OptOuts::default());
            for at in order {
                let mut one = OptOuts::default();
                one.contact(&contacts[at], &OptOuts::default());
                denials.merge(one);
            }
            assert_eq!(denials.of("ada@contoso.com"), Some((DeniedBy::Contact, "C1")));
        }
    }

    #[test]
    fn a_row_denies_what_its_cells_name() {
        for (says, cells, denied) in [
            (ListSays::Denied, &["ada@contoso.com"][..], Some(DeniedBy::List)),
            (ListSays::Denied, &["kim@contoso.com; ada@contoso.com"], Some(DeniedBy::List)),
            (ListSays::Bounced, &["ada@contoso.com"], Some(DeniedBy::Bounce)),
            (ListSays::Spared, &["ada@contoso.com"], None),
            // the domain of the address next to it says where the person works
            (ListSays::Denied, &["kim@contoso.com", "contoso.com"], None),
            (ListSays::Denied, &["kim@home.example", "contoso.com"], Some(DeniedBy::List)),
            (ListSays::Denied, &["*@contoso.com"], Some(DeniedBy::List)),
        ] {
            let mut denials = OptOuts::default();
            let cells = cells.iter().copied().enumerate().collect();
            let unread = denials.list_row(&ListRow { cells, says }, "list.csv");
            assert!(unread.is_empty());
            let by = denials.of("ada@contoso.com").map(|(by, _)| by);
            assert_eq!(by, denied, "{says:?}");
        }
    }

    #[test]
    fn cells_in_which_nothing_is_understood_are_named() {
        let mut denials = OptOuts::default();
        let cells = [(1, "ada at contoso"), (4, "ada@contoso.com"), (5, "ada@contoso")];
        let row = ListRow { cells: cells.into_iter().collect(), says: ListSays::Denied };
        assert_eq!(denials.list_row(&row, "list.csv").as_slice(), [1, 5]);
    }

    #[test]
    fn lists_name_addresses_domains_and_hashes() {
        let mut denials = OptOuts::default();
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
