//! Values that `inspect` shows of a column: of companies, never of a person.

use super::Column;
use crate::{
    columns::{ContactLayout, Field, Recognised, Words, fold_header},
    inputs::Source,
    read::{Batch, Row},
    run::Rules,
    text::fold::folded,
};

/// Whether a column of a file holds companies only. An address in a file of people is a person's.
pub(crate) fn is_of_a_company(what: &Recognised, at: usize, field: Field) -> bool {
    match what {
        Recognised::Report(..) | Recognised::Accounts(_) => is_of_accounts(field),
        Recognised::Contacts(_) | Recognised::Leads(_) => is_of_employers(field),
        Recognised::Both(_, contacts) => {
            let is_contacts = contacts.layout().columns(field).any(|of| of == at);
            is_of_employers(field) || (is_of_accounts(field) && !is_contacts)
        }
        Recognised::Suppression(list) => field == Field::Domain && list.header_entries().is_empty(),
        Recognised::Individuals(_)
        | Recognised::Consents(_)
        | Recognised::Users(_)
        | Recognised::Deals(_)
        | Recognised::LeftAlone(_)
        | Recognised::Misplaced(_) => false,
    }
}

/// Whether a field says something of the company of a person.
fn is_of_employers(field: Field) -> bool {
    use Field::*;
    let ids = matches!(field, AccountId | MicrosoftId | Tpid | TenantId | Duns);
    let names = matches!(field, AccountName | Domain | Website | TenantDomain);
    ids || names || matches!(field, OrgSize | SubSegment | SmcType | Industry | Vertical)
}

/// Whether a field of a customer or an account never holds a person: no name, address or number of
/// one, no colleague.
fn is_of_accounts(field: Field) -> bool {
    use Field::*;
    let is_place = matches!(field, City | State | PostalCode | Country);
    is_place || field.is_agreement() || matches!(field, Id | Name) || is_of_employers(field)
}

/// Takes, for each company column that has no sample yet, the first filled cell that names nobody.
pub(crate) fn samples(columns: &mut [Column], source: &Source, rules: &Rules, batch: &Batch) {
    if columns.iter().all(|of| !of.of_a_company || of.sample.is_some()) {
        return;
    }
    let people = People::of(source, rules.columns.words(), batch);
    for column in columns.iter_mut().filter(|of| of.of_a_company && of.sample.is_none()) {
        let is_shown = |row: &Row<'_>| {
            let cell = row.cell(column.at).trim();
            !cell.is_empty() && !cell.contains('@') && !people.are_in(cell, *row)
        };
        let shown = batch.rows().find(is_shown).map(|row| row.cell(column.at).to_owned());
        column.sample = shown;
    }
}

/// The people of a batch, to tell a company from one of them: a lookup may hold a person, a
/// company may have the name of its only person.
struct People<'p> {
    contacts: Option<(&'p ContactLayout, &'p Words)>,
    /// The columns of accounts that only persons fill.
    of_persons: Vec<usize>,
    /// The columns of accounts that hold the name of a person.
    names: Vec<usize>,
    /// The full names of all people, folded.
    full_names: Vec<String>,
}

impl<'p> People<'p> {
    fn of(source: &'p Source, words: &'p Words, batch: &Batch) -> People<'p> {
        let mut people =
            People { contacts: None, of_persons: vec![], names: vec![], full_names: vec![] };
        match &source.what {
            Recognised::Contacts(layout)
            | Recognised::Leads(layout)
            | Recognised::Both(_, layout) => people.contacts = Some((layout, words)),
            Recognised::Accounts(_) => {
                for (at, header) in source.info.header.iter().enumerate() {
                    let header = fold_header(header);
                    if header.starts_with("person") || header.starts_with("isperson") {
                        people.of_persons.push(at);
                    } else if header.ends_with("firstname") || header.ends_with("lastname") {
                        people.names.push(at);
                    }
                }
            }
            _ => {}
        }
        people.full_names = batch.rows().flat_map(|row| people.whole(row)).collect();
        people
    }

    /// The full names of the person of a row, as they may be written.
    fn whole(&self, row: Row<'_>) -> Vec<String> {
        let Some((layout, words)) = self.contacts else { return Vec::new() };
        let contact = layout.contact(row, words);
        let (first, last) = (contact.first_name, contact.last_name);
        let full = [contact.full_name.to_owned(), format!("{first} {last}")];
        let turned = [format!("{last} {first}"), format!("{last}{first}")];
        full.iter()
            .chain(&turned)
            .map(|name| folded(name))
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Whether a cell holds the name of the person of its row, or is that of another one.
    fn are_in(&self, cell: &str, row: Row<'_>) -> bool {
        let is_person = |at: &usize| {
            let cell = row.cell(*at).trim();
            !cell.is_empty() && !["0", "false", "no"].contains(&cell.to_lowercase().as_str())
        };
        if self.of_persons.iter().any(is_person) {
            return true;
        }
        let cell = folded(cell);
        let mut names: Vec<String> = self.names.iter().map(|at| folded(row.cell(*at))).collect();
        if let Some((layout, words)) = self.contacts {
            let contact = layout.contact(row, words);
            let of_row = [contact.first_name, contact.last_name, contact.full_name];
            names.extend(of_row.into_iter().map(folded));
        }
        let is_named = |name: &String| name.chars().count() > 1 && cell.contains(name.as_str());
        names.iter().any(is_named) || self.full_names.contains(&cell)
    }
}
