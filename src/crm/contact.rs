//! Rows of a contacts file to contacts.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    Contact,
    account::{lifecycle, split},
    consent,
    key::fingerprint,
};
use crate::{
    columns::{ContactLayout, Field, Words},
    read::{Row, value::is_rounded},
};

impl ContactLayout {
    /// The contact of a row; an id that a spreadsheet rounded is none. Allocates only where the
    /// row has no id.
    pub fn contact<'a>(&self, row: Row<'a>, words: &Words) -> Contact<'a> {
        let layout = self.layout();
        let value = |field| layout.value(row, field);
        let id = match value(Field::Id) {
            id if id.is_empty() || is_rounded(id) => Cow::Owned(fingerprint(row, &self.canonical)),
            id => Cow::Borrowed(id),
        };
        let (first_name, last_name, full_name) = self.names(row);
        let (email, further_emails) = self.emails(row);
        let in_doubt = !self.doubtful_consent().is_empty();
        Contact {
            id,
            account_id: self.account_id(row),
            account_name: value(Field::AccountName),
            salutation: value(Field::Salutation),
            first_name,
            last_name,
            full_name,
            email,
            further_emails,
            phone: value(Field::Phone),
            mobile: value(Field::Mobile),
            job_title: value(Field::JobTitle),
            city: value(Field::City),
            postal_code: value(Field::PostalCode),
            country: value(Field::Country),
            owner: value(Field::Owner),
            modified: value(Field::Modified),
            lifecycle: lifecycle(layout, row, words),
            bounced: consent::bounced(layout, row, words),
            email_permission: consent::email(layout, row, words, in_doubt),
            phone_permission: consent::phone(layout, row, words),
            post_permission: consent::post(layout, row, words),
            ad_permission: consent::advertising(layout, row, words),
        }
    }

    /// The e-mail addresses alone, for denials and for the domains of an account.
    pub fn emails<'a>(&self, row: Row<'a>) -> (&'a str, SmallVec<[&'a str; 1]>) {
        let layout = self.layout();
        let mut first = "";
        let mut further = SmallVec::new();
        for field in [Field::Email, Field::FurtherEmail] {
            for email in layout.values(row, field).flat_map(split) {
                let email = email.trim_matches(['<', '>', '\'', '"']);
                let email = email.strip_prefix("mailto:").unwrap_or(email);
                if first.is_empty() {
                    first = email;
                } else if email != first && !email.is_empty() && !further.contains(&email) {
                    further.push(email);
                }
            }
        }
        (first, further)
    }

    /// What a row of a suppression list names beside addresses: hashes of addresses, and domains.
    pub fn list_entries<'a>(&self, row: Row<'a>) -> impl Iterator<Item = &'a str> {
        let fields = [Field::EmailHash, Field::Domain].into_iter();
        fields.flat_map(move |field| self.layout().values(row, field).flat_map(split))
    }

    /// The id of the account, the first where the cell holds several; empty where a spreadsheet
    /// rounded it.
    pub fn account_id<'a>(&self, row: Row<'a>) -> Cow<'a, str> {
        if let Some(canonical) = &self.account_canonical {
            return Cow::Owned(fingerprint(row, canonical));
        }
        let cell = self.layout().value(row, Field::AccountId);
        let id = cell.split(';').next().unwrap_or("").trim();
        Cow::Borrowed(if is_rounded(id) { "" } else { id })
    }

    /// First, last and full name; a full name with the last name first is split.
    fn names<'a>(&self, row: Row<'a>) -> (&'a str, &'a str, &'a str) {
        let value = |field| self.layout().value(row, field);
        let (first, last, full) =
            (value(Field::FirstName), value(Field::LastName), value(Field::FullName));
        match full.split_once(',') {
            Some((turned_last, turned_first))
                if self.last_name_first && first.is_empty() && last.is_empty() =>
            {
                (turned_first.trim(), turned_last.trim(), "")
            }
            _ => (first, last, full),
        }
    }
}
