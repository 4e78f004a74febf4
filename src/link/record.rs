//! What is kept of an account, in one piece of memory: a run keeps hundreds of thousands.

use std::{borrow::Cow, cmp::Ordering, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use super::account::AccountKeys;
use crate::{
    crm::{Account, Lifecycle},
    normalise::place::{Place, PlaceRules},
};

/// What is kept of an account that is a candidate for some customer: its [`AccountFields`] as
/// `postcard` packs them. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRecord(Arc<[u8]>);

/// The fields of a record: what it is made of, and the form in which it is written down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AccountFields<'f> {
    /// The CRM's account id.
    pub id: Cow<'f, str>,
    /// The name as typed.
    pub name: Cow<'f, str>,
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
    /// The D-U-N-S number as typed.
    pub duns: Cow<'f, str>,
    /// Whether the CRM has it switched off.
    pub inactive: bool,
    /// Its registrable domains, its own first, then those of its contacts.
    pub domains: SmallVec<[Cow<'f, str>; 2]>,
    /// Microsoft ids as typed.
    pub microsoft_ids: SmallVec<[Cow<'f, str>; 2]>,
}

/// The places of the texts that stand first in a record, in the order of [`AccountFields`].
const ID: usize = 0;
const NAME: usize = 1;
const CITY: usize = 2;
const POSTAL_CODE: usize = 3;
const COUNTRY: usize = 4;
const STATE: usize = 5;
const OWNER: usize = 6;
const DUNS: usize = 7;
const TEXTS: usize = 8;

/// What stands behind these texts.
#[derive(Deserialize)]
struct Rest<'r> {
    inactive: bool,
    #[serde(borrow)]
    domains: SmallVec<[&'r str; 2]>,
    microsoft_ids: SmallVec<[&'r str; 2]>,
}

impl AccountFields<'_> {
    /// The record of these fields.
    pub fn pack(&self) -> AccountRecord {
        AccountRecord(postcard::to_allocvec(self).expect("memory takes texts").into())
    }
}

/// A record is made by [`AccountFields::pack`] only.
const PACKED: &str = "a record holds what was packed";

/// The first text of what was packed, and what stands behind it.
fn take_text(packed: &[u8]) -> (&str, &[u8]) {
    postcard::take_from_bytes(packed).expect(PACKED)
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

    /// What stands behind so many texts.
    fn behind(&self, texts: usize) -> &[u8] {
        (0..texts).fold(&self.0, |left, _| take_text(left).1)
    }

    fn text(&self, at: usize) -> &str {
        take_text(self.behind(at)).0
    }

    fn rest(&self) -> Rest<'_> {
        postcard::from_bytes(self.behind(TEXTS)).expect(PACKED)
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
        self.rest().domains.into_iter()
    }

    /// The first domain; empty when there is none.
    pub fn domain(&self) -> &str {
        self.domains().next().unwrap_or("")
    }

    /// Microsoft ids as typed.
    pub fn microsoft_ids(&self) -> impl Iterator<Item = &str> {
        self.rest().microsoft_ids.into_iter()
    }

    /// Whether the CRM has it switched off.
    pub fn is_inactive(&self) -> bool {
        self.rest().inactive
    }

    /// The place as it is compared.
    pub fn place(&self, rules: &PlaceRules) -> Place {
        rules.read(self.country(), self.state(), self.postal_code(), self.city())
    }

    /// The fields, taken apart.
    pub fn fields(&self) -> AccountFields<'_> {
        postcard::from_bytes(&self.0).expect(PACKED)
    }
}

impl Ord for AccountRecord {
    /// By id, then by name, then by the rest.
    fn cmp(&self, other: &AccountRecord) -> Ordering {
        let by_name = || self.name().cmp(other.name()).then_with(|| self.0.cmp(&other.0));
        self.id().cmp(other.id()).then_with(by_name)
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
