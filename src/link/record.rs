//! What is kept of an account, in one piece of memory: a run keeps hundreds of thousands.

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{BuildHasher, Hash, Hasher},
};

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;
use triomphe::{Arc, HeaderSlice};

use super::keys::AccountKeys;
use crate::{
    crm::{Account, Lifecycle},
    normalise::place::{KnownPlaces, Place, PlaceRules},
};

/// What is kept of an account that is a candidate for some customer: its `AccountFields`, packed.
/// Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Of the id: two accounts are compared without a look at their texts.
    id_hash: u32,
    /// All texts, one after the other: those whose places are named below, the domains, the
    /// Microsoft ids.
    packed: Arc<HeaderSlice<Packing, str>>,
}

/// Which part of a record is what.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Packing {
    /// Where each text ends.
    ends: SmallVec<[u32; 10]>,
    /// How many domains there are.
    domains: u32,
    inactive: bool,
}

/// The fields of a record: what it is made of, and the form in which it is written down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct AccountFields<'f> {
    /// The CRM's account id.
    pub(crate) id: Cow<'f, str>,
    /// The name as typed.
    pub name: Cow<'f, str>,
    /// The city as typed.
    pub(crate) city: Cow<'f, str>,
    /// The postal code as typed.
    pub(crate) postal_code: Cow<'f, str>,
    /// The country as typed.
    pub(crate) country: Cow<'f, str>,
    /// The state as typed.
    pub(crate) state: Cow<'f, str>,
    /// The owner of the account.
    pub(crate) owner: Cow<'f, str>,
    /// The D-U-N-S number as typed.
    pub(crate) duns: Cow<'f, str>,
    /// Whether the CRM has it switched off.
    pub(crate) inactive: bool,
    /// Its registrable domains, its own first, then those of its contacts.
    pub(crate) domains: SmallVec<[Cow<'f, str>; 2]>,
    /// Microsoft ids as typed.
    pub(crate) microsoft_ids: SmallVec<[Cow<'f, str>; 2]>,
}

/// The places of the texts that each record has once.
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
    pub(crate) fn pack(&self) -> AccountRecord {
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
        let texts = || single.into_iter().chain(&self.domains).chain(&self.microsoft_ids);
        let mut text = String::with_capacity(texts().map(|text| text.len()).sum());
        let ends = texts().map(|part| {
            text.push_str(part);
            text.len() as u32
        });
        let ends = ends.collect();
        let packing = Packing { ends, domains: self.domains.len() as u32, inactive: self.inactive };
        let id_hash = FxBuildHasher.hash_one(&*self.id) as u32;
        AccountRecord { id_hash, packed: Arc::from_header_and_str(packing, &text) }
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

    fn text(&self, at: usize) -> &str {
        let HeaderSlice { header: Packing { ends, .. }, slice: text } = &*self.packed;
        let start = at.checked_sub(1).map_or(0, |before| ends[before]);
        &text[start as usize..ends[at] as usize]
    }

    /// The CRM's account id.
    pub(crate) fn id(&self) -> &str {
        self.text(ID)
    }

    /// A hash of the id: the same for the same account.
    pub(crate) fn id_hash(&self) -> u32 {
        self.id_hash
    }

    /// Whether both are of one account, by its id.
    pub(crate) fn is_same_account(&self, other: &AccountRecord) -> bool {
        self.id_hash == other.id_hash && self.id() == other.id()
    }

    /// The name as typed.
    pub fn name(&self) -> &str {
        self.text(NAME)
    }

    /// The city as typed.
    pub(crate) fn city(&self) -> &str {
        self.text(CITY)
    }

    /// The postal code as typed.
    pub(crate) fn postal_code(&self) -> &str {
        self.text(POSTAL_CODE)
    }

    /// The country as typed.
    pub(crate) fn country(&self) -> &str {
        self.text(COUNTRY)
    }

    /// The state as typed.
    pub(crate) fn state(&self) -> &str {
        self.text(STATE)
    }

    /// The owner of the account.
    pub(crate) fn owner(&self) -> &str {
        self.text(OWNER)
    }

    /// The D-U-N-S number as typed.
    pub(crate) fn duns(&self) -> &str {
        self.text(DUNS)
    }

    /// Its registrable domains, its own first, then those of its contacts.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        (LISTS..self.ids_start()).map(|at| self.text(at))
    }

    /// The place of the first Microsoft id, if it has one.
    fn ids_start(&self) -> usize {
        LISTS + self.packed.header.domains as usize
    }

    /// The first domain; empty when there is none.
    pub(crate) fn domain(&self) -> &str {
        self.domains().next().unwrap_or("")
    }

    /// Microsoft ids as typed.
    pub(crate) fn microsoft_ids(&self) -> impl Iterator<Item = &str> {
        (self.ids_start()..self.packed.header.ends.len()).map(|at| self.text(at))
    }

    /// Whether the CRM has it switched off.
    pub(crate) fn is_inactive(&self) -> bool {
        self.packed.header.inactive
    }

    /// The place as it is compared.
    pub(crate) fn place(&self, rules: &PlaceRules, known: &mut KnownPlaces) -> Place {
        let place = [self.country(), self.state(), self.postal_code()];
        rules.read_again(place, self.city(), known)
    }

    /// The fields, taken apart.
    pub(crate) fn fields(&self) -> AccountFields<'_> {
        AccountFields {
            id: self.id().into(),
            name: self.name().into(),
            city: self.city().into(),
            postal_code: self.postal_code().into(),
            country: self.country().into(),
            state: self.state().into(),
            owner: self.owner().into(),
            duns: self.duns().into(),
            inactive: self.is_inactive(),
            domains: self.domains().map(Cow::from).collect(),
            microsoft_ids: self.microsoft_ids().map(Cow::from).collect(),
        }
    }
}

/// An account by its id alone: a key of tables that hardly ever look at the text of an id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ById<'r>(pub(crate) &'r AccountRecord);

impl PartialEq for ById<'_> {
    fn eq(&self, other: &ById<'_>) -> bool {
        self.0.is_same_account(other.0)
    }
}

impl Eq for ById<'_> {}

impl Hash for ById<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0.id_hash);
    }
}

impl Ord for AccountRecord {
    /// By id, then by name, then by the rest.
    fn cmp(&self, other: &AccountRecord) -> Ordering {
        let (one, two) = (&*self.packed, &*other.packed);
        let rest = || one.slice.cmp(&two.slice).then_with(|| one.header.cmp(&two.header));
        let by_name = || self.name().cmp(other.name()).then_with(rest);
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
