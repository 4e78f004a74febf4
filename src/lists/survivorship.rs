//! Records of one person to one person: which value of which record reaches the lists.

use std::{cmp::Reverse, fmt::Write as _, hash::Hasher, path::Path};

use jiff::civil::Date;
use rustc_hash::FxHasher;
use serde::Deserialize;
use smallvec::SmallVec;

use super::listed::ListedContact;
use crate::{
    consent::address::AddressKey,
    crm::{Contact, Permission},
    error::Result,
    rule_file,
    text::fold::folded,
};

/// The records that share an address at one customer.
pub(crate) type Records = SmallVec<[ListedContact; 1]>;

/// How the record is found that gives a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Preference {
    /// The record with the most filled fields.
    MostComplete,
    /// The record that was changed last.
    MostRecent,
    /// The record whose file was named first.
    SourceOrder,
}

/// `survivorship.toml`: for each field, which record gives its value where several have one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Survivorship {
    name: Vec<Preference>,
    phone: Vec<Preference>,
    job_title: Vec<Preference>,
    place: Vec<Preference>,
}

impl Survivorship {
    /// The table of a folder of rules.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    pub(crate) fn load(dir: Option<&Path>) -> Result<Survivorship> {
        rule_file!("survivorship.toml").toml(dir)
    }

    /// The records of one person as one. Every order of the records gives the same: consents are
    /// tied to the address, so the strongest counts, and a denial wins in every channel.
    ///
    /// At least one record is needed; the first of them in rank lends its id and its account.
    pub(crate) fn merge(&self, mut records: Records) -> ListedContact {
        if records.len() == 1 {
            return records.remove(0);
        }
        records.sort_unstable_by(|one, other| rank(one).cmp(&rank(other)));
        let mut person = records[0].clone();
        let mut from = String::new();
        let mut take = |field: &'static str,
                        order: &[Preference],
                        filled: fn(&ListedContact) -> bool| {
            let best = records.iter().enumerate().filter(|(_, record)| filled(record)).min_by_key(
                |(at, record)| {
                    (order.iter().map(|by| by.of(record)).collect::<SmallVec<[_; 3]>>(), *at)
                },
            );
            let (at, record) = best?;
            let origin = origin(record, field);
            if at > 0 || origin != &*records[0].contact_id {
                let separator = if from.is_empty() { "" } else { "; " };
                let _ = write!(from, "{separator}{field}: {origin}");
            }
            Some(record)
        };
        if let Some(of) = take("name", &self.name, |of| !of.last_name.is_empty()) {
            person.salutation = of.salutation.clone();
            person.first_name = of.first_name.clone();
            person.last_name = of.last_name.clone();
        }
        if let Some(of) = take("phone", &self.phone, |of| !of.phone.is_empty()) {
            person.phone = of.phone.clone();
        }
        if let Some(of) = take("job_title", &self.job_title, |of| !of.job_title.is_empty()) {
            person.job_title = of.job_title.clone();
        }
        if let Some(of) = take("place", &self.place, |of| !of.city.is_empty()) {
            person.city = of.city.clone();
            person.postal_code = of.postal_code.clone();
            person.country = of.country.clone();
        }
        person.values_from = from.into();
        person.merged_contact_ids = other_ids(&records);
        consents(&mut person, &records);
        let keys = records.iter().flat_map(|record| record.person_keys.iter().copied());
        let own = key(person.customer, (&person.first_name, &person.last_name), &person.phone);
        let mut keys: Vec<u64> = keys.chain(own).collect();
        keys.sort_unstable();
        keys.dedup();
        person.person_keys = keys;
        person
    }
}

/// The ids of all records but the first, each once, those that were merged before included.
fn other_ids(records: &[ListedContact]) -> Vec<Box<str>> {
    let mut ids: Vec<Box<str>> = Vec::new();
    for record in records {
        ids.extend(record.merged_contact_ids.iter().cloned());
        ids.push(record.contact_id.clone());
    }
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| *id != records[0].contact_id);
    ids
}

/// The record that a value of a merged record comes from, by id.
fn origin<'r>(record: &'r ListedContact, field: &str) -> &'r str {
    let of = |trace: &'r str| trace.strip_prefix(field)?.strip_prefix(": ");
    record.values_from.split("; ").find_map(of).unwrap_or(&record.contact_id)
}

/// The strongest word of each channel. A consent is tied to the address: of records with another
/// address only denials count.
fn consents(person: &mut ListedContact, records: &[ListedContact]) {
    let address = AddressKey::from_raw(&person.email);
    for record in records {
        let same = AddressKey::from_raw(&record.email) == address;
        let strongest = |mine: &mut Permission, theirs: Permission| {
            if same || theirs == Permission::Denied {
                *mine = (*mine).max(theirs);
            }
        };
        strongest(&mut person.email_permission, record.email_permission);
        strongest(&mut person.phone_permission, record.phone_permission);
        strongest(&mut person.post_permission, record.post_permission);
        strongest(&mut person.ad_permission, record.ad_permission);
    }
    if person.phone_permission == Permission::Denied {
        person.phone = "".into();
    }
}

/// The order of records of one person: explicit consent first, then more filled fields, then the
/// smaller id. Rows of one id differ in something else.
pub(crate) fn rank(of: &ListedContact) -> impl Ord + '_ {
    (Reverse(of.email_permission), Reverse(of.filled_fields()), &of.contact_id, of)
}

impl Preference {
    /// The smaller, the better.
    fn of(self, record: &ListedContact) -> i64 {
        match self {
            Preference::MostComplete => -(record.filled_fields() as i64),
            Preference::MostRecent => {
                let day = |day: Date| i64::from(day.year()) * 400 + i64::from(day.day_of_year());
                -record.modified.map_or(i64::MIN / 2, day)
            }
            Preference::SourceOrder => i64::from(record.source),
        }
    }
}

/// Digits at the end of a number that distinguish people of one name at one customer.
const NUMBER_END: usize = 7;

/// What identifies a person where addresses differ: name and telephone number, at one customer.
/// `None` where either is missing: a person may have two addresses, but a name alone proves little.
pub(crate) fn person_key(customer: u32, contact: &Contact<'_>) -> Option<u64> {
    let number = [contact.phone, contact.mobile].into_iter().find(|phone| !phone.is_empty())?;
    key(customer, names(contact), number)
}

fn key(customer: u32, (first, last): (&str, &str), number: &str) -> Option<u64> {
    let number = number.split(|c: char| c.is_alphabetic() || c == '#').next()?; // an extension
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 5 || is_made_up(&digits) || first.is_empty() || last.is_empty() {
        return None;
    }
    // +49 30 123456 and 030 123456 are one number
    let digits = digits[digits.len().saturating_sub(NUMBER_END)..].to_owned();
    let mut hash = FxHasher::default();
    hash.write_u32(customer);
    for text in [folded(first), folded(last), digits] {
        hash.write(text.as_bytes());
        hash.write_u8(0xff);
    }
    Some(hash.finish())
}

/// Whether digits are none of a telephone, but typed into a field that must be filled: one digit
/// over and over, or digits in a row.
fn is_made_up(digits: &str) -> bool {
    let pairs = || digits.bytes().zip(digits.bytes().skip(1));
    let follows = |(one, next): (u8, u8)| next == one + 1 || (one, next) == (b'9', b'0');
    pairs().all(|(one, next)| one == next) || pairs().all(follows)
}

/// First and last name; a full name that could not be cut stands as the last name.
pub(crate) fn names<'c>(contact: &Contact<'c>) -> (&'c str, &'c str) {
    match (contact.first_name, contact.last_name) {
        ("", "") => ("", contact.full_name),
        names => names,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_record() {
        let rules = Survivorship::load(None).unwrap();
        let record = |id: &str, day: i8| ListedContact {
            contact_id: id.into(),
            email: "ada@contoso.com".into(),
            modified: Some(jiff::civil::date(2026, 10, day)),
            ..ListedContact::default()
        };
        let full = ListedContact {
            last_name: "Lovelace".into(),
            first_name: "Ada".into(),
            job_title: "Clerk".into(),
            phone: "1".into(),
            email_permission: Permission::NotDenied,
            ..record("C2", 1)
        };
        let recent = ListedContact {
            job_title: "CIO".into(),
            email_permission: Permission::NotDenied,
            ad_permission: Permission::Denied,
            ..record("C1", 9)
        };
        let calls_denied = ListedContact {
            email_permission: Permission::NotDenied,
            phone_permission: Permission::Denied,
            ..record("C3", 2)
        };
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let records = [&full, &recent, &calls_denied];
            let person = rules.merge(order.iter().map(|at| records[*at].clone()).collect());
            assert_eq!(&*person.contact_id, "C2", "the most complete lends its id");
            assert_eq!(&*person.last_name, "Lovelace");
            assert_eq!(&*person.job_title, "CIO", "the most recent");
            assert_eq!(&*person.values_from, "job_title: C1");
            assert_eq!(person.merged_contact_ids, ["C1".into(), "C3".into()] as [Box<str>; 2]);
            assert_eq!(person.ad_permission, Permission::Denied);
            assert_eq!(&*person.phone, "", "calls are denied in one record");
        }
    }

    #[test]
    fn consent_to_one_address_is_none_to_another() {
        let rules = Survivorship::load(None).unwrap();
        let record = |id: &str, email: &str, ad_permission| ListedContact {
            contact_id: id.into(),
            email: email.into(),
            email_permission: Permission::NotDenied,
            ad_permission,
            ..ListedContact::default()
        };
        for (other, theirs, want) in [
            ("ADA@contoso.com", Permission::Allowed, Permission::Allowed),
            ("ada@home.example", Permission::Allowed, Permission::NotDenied),
            ("ada@home.example", Permission::Denied, Permission::Denied),
        ] {
            let one = record("C1", "ada@contoso.com", Permission::NotDenied);
            let person = rules.merge([one, record("C2", other, theirs)].into_iter().collect());
            assert_eq!(person.ad_permission, want, "{other} {theirs:?}");
        }
    }

    #[test]
    fn a_person_is_known_by_name_and_number() {
        let of = |first_name, last_name, phone| {
            person_key(0, &Contact { first_name, last_name, phone, ..Contact::default() })
        };
        let ada = of("Ada", "Lovelace", "+49 30 123456");
        assert!(ada.is_some());
        assert_eq!(of("ADA", "Lovelace", "+49 (30) 123-456"), ada);
        assert_eq!(of("Ada", "Lovelace", "030 123456 ext. 12"), ada);
        assert_ne!(of("Ida", "Lovelace", "+49 30 123456"), ada);
        assert_ne!(of("Ada", "Lovelace", "+49 30 123457"), ada);
        assert_eq!(of("Ada", "Lovelace", ""), None);
        assert_eq!(of("", "Lovelace", "+49 30 123456"), None);
    }
}
