//! Rows of an accounts file to accounts.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{Account, Contact, Lifecycle, Permission, consent, consent::States, key::fingerprint};
use crate::{
    columns::{AccountLayout, Field, Layout, Meaning, WordUse, Words},
    read::Row,
    text::id::{Distinct, is_placeholder, is_rounded, split, split_ids},
};

impl AccountLayout {
    /// The account of a row; an id that a spreadsheet rounded is none. Allocates only where the
    /// row has no id.
    pub(crate) fn account<'a>(&self, row: Row<'a>, words: &Words) -> Account<'a> {
        let layout = self.layout();
        let value = |field| layout.value(row, field);
        let id = match value(Field::Id) {
            id if id.is_empty() || is_rounded(id) => Cow::Owned(fingerprint(row, &self.canonical)),
            id => Cow::Borrowed(id),
        };
        let (email_permission, phone_permission) = self.permissions(row, words);
        Account {
            id,
            name: value(Field::Name),
            websites: split_all(layout, row, &[Field::Domain, Field::Website, Field::TenantDomain]),
            emails: split_all(layout, row, &[Field::Email, Field::FurtherEmail]),
            city: value(Field::City),
            state: value(Field::State),
            postal_code: value(Field::PostalCode),
            country: value(Field::Country),
            microsoft_ids: microsoft_ids(layout, row),
            duns: Some(value(Field::Duns)).filter(|duns| !is_placeholder(duns)).unwrap_or(""),
            owner: value(Field::Owner),
            lifecycle: lifecycle(layout, row, words),
            email_permission,
            phone_permission,
            is_person: is_person(layout, row, words),
        }
    }

    /// The person that the account of a row is: all that counts for denials.
    pub(crate) fn person<'a>(
        &self,
        row: Row<'a>,
        account: &Account<'a>,
        words: &Words,
    ) -> Contact<'a> {
        let layout = self.layout();
        let id = match layout.value(row, Field::PersonContactId) {
            "" => account.id.clone(),
            id => Cow::Borrowed(id),
        };
        let mut emails = split_all::<2>(layout, row, &[Field::PersonEmail]).into_iter();
        let email = emails.next().unwrap_or("");
        Contact {
            id,
            account_id: account.id.clone(),
            individual_id: layout.value(row, Field::IndividualId),
            email,
            further_emails: emails.chain(account.emails.iter().copied()).collect(),
            bounced: consent::bounced(layout, row, words, States::of(layout, row, words)),
            email_permission: account.email_permission,
            phone_permission: account.phone_permission,
            ad_permission: consent::advertising(layout, row, words),
            ..Contact::default()
        }
    }

    /// The permissions for e-mail and phone.
    fn permissions(&self, row: Row<'_>, words: &Words) -> (Permission, Permission) {
        let layout = self.layout();
        let email = consent::email(layout, row, words, States::of(layout, row, words));
        (email, consent::phone(layout, row, words))
    }
}

/// Whether the row is a person: by its own word, else by columns that only people fill.
fn is_person(layout: &Layout, row: Row<'_>, words: &Words) -> bool {
    if [Field::PersonAccount, Field::PersonContactId, Field::PersonEmail, Field::LastName]
        .iter()
        .all(|field| !layout.has(*field))
    {
        return false;
    }
    match words.meaning(WordUse::YesNo, layout.value(row, Field::PersonAccount)) {
        Some(Meaning::Yes) => true,
        Some(Meaning::No) => false,
        _ => {
            let last_name = layout.value(row, Field::LastName);
            !layout.value(row, Field::PersonContactId).is_empty()
                || !layout.value(row, Field::PersonEmail).is_empty()
                || (!last_name.is_empty() && layout.value(row, Field::Name).contains(last_name))
        }
    }
}

/// The values of several fields, cells with several values split.
fn split_all<'a, const N: usize>(
    layout: &Layout,
    row: Row<'a>,
    fields: &[Field],
) -> SmallVec<[&'a str; N]>
where
    [&'a str; N]: smallvec::Array<Item = &'a str>,
{
    let mut values = Distinct::<N>::default();
    for field in fields {
        for cell in layout.values(row, *field) {
            // Most cells hold one value.
            match cell.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',')) {
                true => values.add(cell),
                false => split(cell).for_each(|value| values.add(value)),
            }
        }
    }
    values.values
}

/// The values of every Microsoft-id column, placeholders left out.
fn microsoft_ids<'a>(layout: &Layout, row: Row<'a>) -> SmallVec<[&'a str; 1]> {
    let mut ids = Distinct::<1>::default();
    for field in [Field::Tpid, Field::TenantId, Field::MicrosoftId] {
        for cell in layout.values(row, field) {
            for id in split_ids(cell) {
                let id = id.strip_suffix(".0").unwrap_or(id);
                if !is_placeholder(id) {
                    ids.add(id);
                }
            }
        }
    }
    ids.values
}

/// The fields that speak of a record's life: all that [`lifecycle`] looks at.
const LIFE: [Field; 6] = [
    Field::MasterId,
    Field::Deleted,
    Field::Merged,
    Field::Status,
    Field::StateCode,
    Field::Active,
];

/// What the columns of a record's life say together: deleted and merged before inactive.
pub(super) fn lifecycle<'a>(layout: &Layout, row: Row<'a>, words: &Words) -> Lifecycle<'a> {
    if !LIFE.iter().any(|field| layout.has(*field)) {
        return Lifecycle::Active;
    }
    let yes = |field| {
        layout
            .values(row, field)
            .any(|cell| words.meaning(WordUse::YesNo, cell) == Some(Meaning::Yes))
    };
    let master = layout.value(row, Field::MasterId);
    if !master.is_empty() {
        return Lifecycle::MergedInto(Cow::Borrowed(master));
    }
    let says = |meaning| {
        layout
            .values(row, Field::Status)
            .any(|cell| words.meaning(WordUse::Status, cell) == Some(meaning))
    };
    if yes(Field::Deleted) || yes(Field::Merged) || says(Meaning::Deleted) {
        return Lifecycle::Deleted;
    }
    let state = layout.value(row, Field::StateCode);
    let is_off = layout
        .values(row, Field::Active)
        .any(|cell| words.meaning(WordUse::YesNo, cell) == Some(Meaning::No));
    let is_off = is_off
        || state == "1"
        || words.meaning(WordUse::Status, state) == Some(Meaning::Inactive)
        || says(Meaning::Inactive);
    if is_off { Lifecycle::Inactive } else { Lifecycle::Active }
}
