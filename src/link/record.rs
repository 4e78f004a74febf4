//! What is kept of an account, in one piece of memory: a run keeps hundreds of thousands.

use std::{borrow::Cow, cmp::Ordering, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use super::account::AccountKeys;
use crate::{
    crm::{Account, Lifecycle},
    normalise::place::{Place, PlaceRules},
};

/// What is kept of an account that is a candidate for some customer. Cheap to clone.
///
/// All texts in one: whether the account is switched off, how many domains it has, then each text
/// after its length.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRecord(Arc<str>);

/// The fields of a record: what it is made of, and the form in which it is written down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AccountFields<'f> {
    /// The CRM's account id.
    pub id: Cow<'f, str>,
    /// The name as typed.
    pub name: Cow<'f, str>,
    /// Its registrable domains, its own first, then those of its contacts.
    pub domains: SmallVec<[Cow<'f, str>; 2]>,
    /// The city as typed.
    pub city: Cow<'f, str>,
    /// The postal code as typed.
    pub postal_code: Cow<'f, str>,
    /// The country as typed.
    pub country: Cow<'f, str>,
    /// The state as typed.
    pub state: Cow<'f, str>,
    /// The owner of the account.
    pub owner: Cow<'f, str>,
    /// Microsoft ids as typed.
    pub microsoft_ids: SmallVec<[Cow<'f, str>; 2]>,
    /// The D-U-N-S number as typed.
    pub duns: Cow<'f, str>,
    /// Whether the CRM has it switched off.
    pub inactive: bool,
}

/// The places of the texts of a record. Domains and Microsoft ids follow.
const ID: usize = 0;
const NAME: usize = 1;
const CITY: usize = 2;
const POSTAL_CODE: usize = 3;
const COUNTRY: usize = 4;
const STATE: usize = 5;
const OWNER: usize = 6;
const DUNS: usize = 7;
const LISTS: usize = 8;

impl AccountFields<'_> {
    /// The record of these fields.
    pub fn pack(&self) -> AccountRecord {
        let mut packed = String::with_capacity(192);
        push_number(&mut packed, usize::from(self.inactive));
        push_number(&mut packed, self.domains.len());
        let single = [
            &self.id,
            &self.name,
            &self.city,
            &self.postal_code,
            &self.country,
            &self.state,
            &self.owner,
            &self.duns,
        ];
        for text in single.into_iter().chain(&self.domains).chain(&self.microsoft_ids) {
            push_number(&mut packed, text.len());
            packed.push_str(text);
        }
        AccountRecord(packed.into())
    }
}

/// Bits of a number in one letter; the next one up tells that more follow.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

/// Writes a number as ASCII, six bits at a time, the lowest first.
fn push_number(to: &mut String, mut number: usize) {
    while number >= usize::from(MORE) {
        to.push(((number as u8 % MORE) | MORE).into());
        number >>= BITS;
    }
    to.push((number as u8).into());
}

/// The texts of a record in turn.
struct Texts<'r>(&'r str);

impl Texts<'_> {
    fn number(&mut self) -> usize {
        let (mut number, mut at) = (0, 0);
        loop {
            let byte = self.0.as_bytes()[at];
            number |= usize::from(byte % MORE) << (BITS * at as u32);
            at += 1;
            if byte < MORE {
                break;
            }
        }
        self.0 = &self.0[at..];
        number
    }
}

impl<'r> Iterator for Texts<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        if self.0.is_empty() {
            return None;
        }
        let length = self.number();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(text)
    }
}

impl AccountRecord {
    /// What is kept of an account with these keys.
    pub(super) fn new(account: &Account<'_>, keys: &AccountKeys) -> AccountRecord {
        let fields = AccountFields {
            id: account.id.as_ref().into(),
            name: account.name.into(),
            domains: keys.domains.iter().map(|(domain, _)| domain.as_str().into()).collect(),
            city: account.city.into(),
            postal_code: account.postal_code.into(),
            country: account.country.into(),
            state: account.state.into(),
            owner: account.owner.into(),
            microsoft_ids: account.microsoft_ids.iter().map(|id| (*id).into()).collect(),
            duns: account.duns.into(),
            inactive: account.lifecycle == Lifecycle::Inactive,
        };
        fields.pack()
    }

    /// Whether it is inactive, how many domains there are, and the texts.
    fn open(&self) -> (bool, usize, Texts<'_>) {
        let mut texts = Texts(&self.0);
        (texts.number() == 1, texts.number(), texts)
    }

    fn text(&self, at: usize) -> &str {
        self.open().2.nth(at).unwrap_or("")
    }

    /// The CRM's account id.
    pub fn id(&self) -> &str {
        self.text(ID)
    }

    /// The name as typed.
    pub fn name(&self) -> &str {
        self.text(NAME)
    }

    /// The city as typed.
    pub fn city(&self) -> &str {
        self.text(CITY)
    }

    /// The postal code as typed.
    pub fn postal_code(&self) -> &str {
        self.text(POSTAL_CODE)
    }

    /// The country as typed.
    pub fn country(&self) -> &str {
        self.text(COUNTRY)
    }

    /// The state as typed.
    pub fn state(&self) -> &str {
        self.text(STATE)
    }

    /// The owner of the account.
    pub fn owner(&self) -> &str {
        self.text(OWNER)
    }

    /// The D-U-N-S number as typed.
    pub fn duns(&self) -> &str {
        self.text(DUNS)
    }

    /// Its registrable domains, its own first, then those of its contacts.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let (_, domains, texts) = self.open();
        texts.skip(LISTS).take(domains)
    }

    /// The first domain; empty when there is none.
    pub fn domain(&self) -> &str {
        self.domains().next().unwrap_or("")
    }

    /// Microsoft ids as typed.
    pub fn microsoft_ids(&self) -> impl Iterator<Item = &str> {
        let (_, domains, texts) = self.open();
        texts.skip(LISTS + domains)
    }

    /// Whether the CRM has it switched off.
    pub fn is_inactive(&self) -> bool {
        self.open().0
    }

    /// The place as it is compared.
    pub fn place(&self, rules: &PlaceRules) -> Place {
        rules.read(self.country(), self.state(), self.postal_code(), self.city())
    }

    /// The fields, taken apart.
    pub fn fields(&self) -> AccountFields<'_> {
        AccountFields {
            id: self.id().into(),
            name: self.name().into(),
            domains: self.domains().map(Cow::from).collect(),
            city: self.city().into(),
            postal_code: self.postal_code().into(),
            country: self.country().into(),
            state: self.state().into(),
            owner: self.owner().into(),
            microsoft_ids: self.microsoft_ids().map(Cow::from).collect(),
            duns: self.duns().into(),
            inactive: self.is_inactive(),
        }
    }
}

impl Ord for AccountRecord {
    /// By id, then by name, then by the rest.
    fn cmp(&self, other: &AccountRecord) -> Ordering {
        self.open().2.cmp(other.open().2).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for AccountRecord {
    fn partial_cmp(&self, other: &AccountRecord) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for AccountRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().fmt(f)
    }
}

impl Serialize for AccountRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AccountRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AccountRecord, D::Error> {
        AccountFields::deserialize(deserializer).map(|fields| fields.pack())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_holds_its_fields(
            single in prop::array::uniform8(".{0,80}"),
            domains in prop::collection::vec("[a-z.]{0,70}", 0..70),
            microsoft_ids in prop::collection::vec(".{0,9}", 0..3),
            inactive in any::<bool>(),
        ) {
            let [id, name, city, postal_code, country, state, owner, duns] = &single;
            let text = |text: &'_ String| Cow::Owned(text.clone());
            let fields = AccountFields {
                id: text(id),
                name: text(name),
                domains: domains.iter().map(text).collect(),
                city: text(city),
                postal_code: text(postal_code),
                country: text(country),
                state: text(state),
                owner: text(owner),
                microsoft_ids: microsoft_ids.iter().map(text).collect(),
                duns: text(duns),
                inactive,
            };
            let record = fields.pack();
            prop_assert_eq!(format!("{record:?}"), format!("{fields:?}"));
            prop_assert_eq!(record.name(), name);
            prop_assert_eq!(record.domain(), domains.first().map_or("", |first| first));
        }
    }
}
