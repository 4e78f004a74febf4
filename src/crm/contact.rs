//! Rows of a contacts file to contacts.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    Contact, ListRow, ListSays, account::lifecycle, consent, consent::States, key::fingerprint,
    person::cut,
};
use crate::{
    columns::{ContactLayout, Field, LIST_ENTRIES, Meaning, WordUse, Words, addresses},
    read::Row,
    text::id::{Distinct, is_rounded, split},
};

impl ContactLayout {
    /// The contact of a row; an id or telephone number that a spreadsheet rounded is none. Allocates only where the
    /// row has no id.
    pub(crate) fn contact<'a>(&self, row: Row<'a>, words: &Words) -> Contact<'a> {
        let layout = self.layout();
        let value = |field| layout.value(row, field);
        let number = |field| Some(value(field)).filter(|cell| !is_rounded(cell)).unwrap_or("");
        let (first_name, last_name, full_name) = self.names(row, words);
        Contact {
            salutation: value(Field::Salutation),
            first_name,
            last_name,
            full_name,
            phone: number(Field::Phone),
            mobile: number(Field::Mobile),
            job_title: value(Field::JobTitle),
            city: value(Field::City),
            postal_code: value(Field::PostalCode),
            country: value(Field::Country),
            owner: value(Field::Owner),
            modified: value(Field::Modified),
            post_permission: consent::post(layout, row, words),
            ..self.preferences(row, words)
        }
    }

    /// Of the contact of a row the ids, the addresses and what it says of them: all that counts for
    /// denials and for the domains of an account.
    pub(crate) fn preferences<'a>(&self, row: Row<'a>, words: &Words) -> Contact<'a> {
        let layout = self.layout();
        let (email, further_emails) = self.emails(row);
        let states = States::of(layout, row, words);
        Contact {
            id: self.id(row),
            individual_id: layout.value(row, Field::IndividualId),
            email,
            further_emails,
            bounced: consent::bounced(layout, row, words, states),
            in_doubt: !self.doubtful_consent().is_empty(),
            lifecycle: lifecycle(layout, row, words),
            email_permission: consent::email(layout, row, words, states),
            phone_permission: consent::phone(layout, row, words),
            ad_permission: consent::advertising(layout, row, words),
            ..self.place(row)
        }
    }

    /// Of the contact of a row only what joins it to its account.
    pub(crate) fn place<'a>(&self, row: Row<'a>) -> Contact<'a> {
        Contact {
            id: Cow::Borrowed(self.layout().value(row, Field::Id)),
            account_id: self.account_id(row),
            account_name: self.layout().value(row, Field::AccountName),
            ..Contact::default()
        }
    }

    fn id<'a>(&self, row: Row<'a>) -> Cow<'a, str> {
        match self.layout().value(row, Field::Id) {
            id if id.is_empty() || is_rounded(id) => Cow::Owned(fingerprint(row, &self.canonical)),
            id => Cow::Borrowed(id),
        }
    }

    /// The e-mail addresses alone, for denials and for the domains of an account.
    pub(crate) fn emails<'a>(&self, row: Row<'a>) -> (&'a str, SmallVec<[&'a str; 1]>) {
        let layout = self.layout();
        let mut all = Distinct::<1>::default();
        for field in [Field::Email, Field::FurtherEmail] {
            let plain = layout.value(row, field);
            if is_plain(plain) && layout.columns(field).count() == 1 {
                all.add(plain);
                continue;
            }
            for email in layout.values(row, field).flat_map(split) {
                let email = email.trim_matches(['<', '>', '\'', '"']);
                let email = email.strip_prefix("mailto:").unwrap_or(email);
                all.add(email);
            }
        }
        let mut filled = all.values.into_iter().filter(|email| !email.is_empty());
        let first = filled.next().unwrap_or_default();
        (first, filled.collect())
    }

    /// A row of a suppression list: the cells of its columns of entries, and whatever else is an
    /// address. Of a damaged row nobody knows where its cells belong: every address in it counts,
    /// and nothing in it spares anybody.
    pub(crate) fn list_row<'a>(&self, row: Row<'a>, words: &Words) -> ListRow<'a> {
        let layout = self.layout();
        let columns = LIST_ENTRIES.iter().flat_map(|field| layout.columns(*field));
        let mut cells: SmallVec<[(usize, &str); 1]> =
            columns.map(|at| (at, row.cell(at))).filter(|(_, cell)| !cell.is_empty()).collect();
        let headers = layout.headers();
        let least = headers.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |at| at + 1);
        let is_damaged =
            row.len() < least || (headers.len()..row.len()).any(|at| !row.cell(at).is_empty());
        for at in 0..row.len() {
            let is_known = cells.iter().any(|(known, _)| *known == at);
            if is_damaged || !is_known {
                let found = addresses(row.cell(at), is_damaged);
                cells.extend(found.into_iter().map(|address| (at, address)));
            }
        }
        if is_damaged && cells.iter().any(|(_, cell)| cell.contains('@')) {
            cells.retain(|(_, cell)| cell.contains('@'));
        }
        let is_yes =
            |at: &usize| words.meaning(WordUse::YesNo, row.cell(*at)) == Some(Meaning::Yes);
        let mut says = consent::of_list(layout, row, words);
        if says == ListSays::Spared && (is_damaged || self.answers().iter().any(is_yes)) {
            says = ListSays::Denied;
        }
        ListRow { cells, says }
    }

    /// The column of a consent to e-mail whose cell is not understood.
    pub(crate) fn unread_consent(&self, row: Row<'_>, words: &Words) -> Option<usize> {
        consent::unread(self.layout(), row, words)
    }

    /// The id of the account, the first where the cell holds several; empty where a spreadsheet
    /// rounded it.
    pub(crate) fn account_id<'a>(&self, row: Row<'a>) -> Cow<'a, str> {
        if let Some(canonical) = &self.account_canonical {
            return Cow::Owned(fingerprint(row, canonical));
        }
        let cell = self.layout().value(row, Field::AccountId);
        let end = memchr::memchr(b';', cell.as_bytes()).unwrap_or(cell.len());
        let id = cell[..end].trim();
        Cow::Borrowed(if is_rounded(id) { "" } else { id })
    }

    /// First, last and full name. A full name in its own column, or in that of the last name, is cut
    /// where there is no doubt.
    fn names<'a>(&self, row: Row<'a>, words: &Words) -> (&'a str, &'a str, &'a str) {
        let value = |field| self.layout().value(row, field);
        let (first, last, full) =
            (value(Field::FirstName), value(Field::LastName), value(Field::FullName));
        let whole = match (first, last) {
            ("", "") => full,
            ("", last) if last.contains(',') => last,
            _ => return (first, last, full),
        };
        // Odoo puts the company in front
        let company = value(Field::AccountName);
        let person = Some(company).filter(|company| !company.is_empty());
        let person = person.and_then(|company| whole.strip_prefix(company)?.strip_prefix(','));
        let whole = person.map_or(whole, str::trim);
        if let Some((last, first)) = whole.split_once(',').filter(|_| self.last_name_first) {
            return (first.trim(), last.trim(), full);
        }
        let (first, last) = cut(whole, self.name_order, words);
        (first, last, full)
    }
}

/// Whether a cell holds one address and nothing that has to be taken off it.
fn is_plain(cell: &str) -> bool {
    let is_odd = |byte: u8| {
        !byte.is_ascii_graphic() || matches!(byte, b';' | b',' | b'<' | b'>' | b'\'' | b'"')
    };
    !cell.bytes().any(is_odd) && !cell.starts_with("mailto:")
}
