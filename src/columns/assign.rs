//! Columns to fields: overrides first, then logical names, then titles.

use super::{
    Dialect, Field, Object, Overrides,
    object::{Column, File, holds_addresses},
    table::Aliases,
};
use crate::{
    error::{Error, Result},
    text::id::bare_guid,
};

/// The columns of each field, in the order in which their values count.
pub(crate) type Columns = Vec<Vec<usize>>;

/// A column with the field it was found to stand for.
#[derive(Debug, Clone, Copy)]
struct Found {
    at: usize,
    field: Field,
    /// 0 for the user's own word, then as the tables rank it.
    rank: u8,
}

/// Assigns the columns of a file to fields. `wanted` leaves out columns that another layout of
/// the same file has taken.
///
/// # Errors
///
/// Fails when two columns could be the id or the name.
pub(crate) fn assign(
    file: &File,
    aliases: &Aliases,
    object: &Object,
    overrides: &Overrides,
    wanted: impl Fn(&Column) -> bool,
) -> Result<Columns> {
    let mut found: Vec<Found> = file
        .columns
        .iter()
        .filter(|column| wanted(column))
        .filter_map(|column| found(file, column, aliases, object, overrides))
        .collect();
    if !found.iter().any(|found| found.field == Field::Id)
        && let Some(key) = reserved_key(file)
    {
        found.push(Found { at: key, field: Field::Id, rank: 1 });
    }
    found.sort_by_key(|found| (found.rank, found.at));
    Field::ALL.iter().map(|field| columns_of(file, &found, *field)).collect()
}

/// What one column stands for.
fn found(
    file: &File,
    column: &Column,
    aliases: &Aliases,
    object: &Object,
    overrides: &Overrides,
) -> Option<Found> {
    let given = overrides
        .field(&super::fold_header(&column.header))
        .or_else(|| overrides.field(&column.folded))
        .or_else(|| overrides.field(column.logical.as_deref()?));
    if let Some(field) = given {
        let field = own_word(field, object);
        return Some(Found { at: column.at, field, rank: 0 });
    }
    if column.related {
        return None;
    }
    let foreign = column.object.as_ref().is_some_and(|word| word != object);
    let logical = || aliases.find(column.logical.as_deref()?, Dialect::DynamicsLogical);
    let alias = logical().or_else(|| aliases.find(&column.folded, file.dialect));
    let field = match alias {
        Some(alias) if foreign => lookup(alias.field, (column.object.as_ref(), object))?,
        Some(alias) => alias.field,
        None if file.dialect == Dialect::Pipedrive
            && *object == Object::Contact
            && !foreign
            && holds_addresses(file.sample, column.at) =>
        {
            Field::Email
        }
        None if file.dialect == Dialect::Pipedrive && is_site(&column.folded) && !foreign => {
            Field::Website
        }
        None => return None,
    };
    let rank = alias.map_or(3, |alias| alias.rank);
    let field = if field == Field::AccountId && !holds_ids(file, column) {
        Field::AccountName
    } else {
        field
    };
    Some(Found { at: column.at, field, rank })
}

/// On a contact the words for an account's own id and name mean the account's.
fn own_word(field: Field, object: &Object) -> Field {
    match (field, object) {
        (Field::AccountId, Object::Account) => Field::Id,
        (Field::AccountName, Object::Account) => Field::Name,
        (Field::Name, Object::Contact | Object::Lead | Object::Both | Object::Deal) => {
            Field::AccountName
        }
        (field, _) => field,
    }
}

/// What a column of another object means: of the organisation in a file of people or deals.
fn lookup(field: Field, (of, object): (Option<&Object>, &Object)) -> Option<Field> {
    match (field, of, object) {
        (Field::Id, _, Object::Contact) => Some(Field::AccountId),
        (Field::Name | Field::FullName, _, Object::Contact) => Some(Field::AccountName),
        (Field::Id, Some(Object::Account), Object::Deal) => Some(Field::AccountId),
        (Field::Name, Some(Object::Account), Object::Deal) => Some(Field::AccountName),
        _ => None,
    }
}

/// Whether the header of a custom field speaks of a web address.
fn is_site(folded: &str) -> bool {
    ["website", "domain", "url", "webseite", "homepage"].iter().any(|word| folded.contains(word))
}

/// Whether a lookup holds ids: exports to Excel write the name of the record under the same
/// logical name.
fn holds_ids(file: &File, column: &Column) -> bool {
    let is_lookup = column.logical.is_some() || column.folded == "parentcustomerid";
    let (mut ids, mut filled) = (0, 0);
    for cell in file.filled(column.at) {
        filled += 1;
        ids += usize::from(bare_guid(cell).is_some());
    }
    !is_lookup || filled == 0 || ids * 2 >= filled
}

/// The record's key where its header is in a language that no table holds: the first of the
/// columns that an export keeps to itself, when it holds GUIDs.
fn reserved_key(file: &File) -> Option<usize> {
    let key = file.columns.iter().take(3).find(|column| column.reserved)?;
    let mut cells = file.filled(key.at).peekable();
    cells.peek()?;
    cells.all(|cell| bare_guid(cell).is_some()).then_some(key.at)
}

/// The columns of one field, first choice first.
fn columns_of(file: &File, found: &[Found], field: Field) -> Result<Vec<usize>> {
    let of: Vec<Found> = found.iter().copied().filter(|found| found.field == field).collect();
    let Some(best) = of.first() else { return Ok(Vec::new()) };
    let all = || of.iter().map(|found| found.at).collect();
    if field.takes_several() || field.is_consent() {
        return Ok(all());
    }
    let given: Vec<usize> =
        of.iter().filter(|found| found.rank == 0).map(|found| found.at).collect();
    if !given.is_empty() {
        return Ok(given);
    }
    if !field.is_identity() {
        return Ok(all());
    }
    let rivals: Vec<usize> =
        of.iter().filter(|found| found.rank == best.rank).map(|found| found.at).collect();
    let header = |at: usize| &file.columns[at];
    let filled: Vec<usize> =
        rivals.iter().copied().filter(|at| file.filled(*at).next().is_some()).collect();
    let rivals = if filled.is_empty() { &rivals } else { &filled };
    let cells = |at: usize| file.sample.rows().map(move |row| row.cell(at));
    let is_same = |at| !filled.is_empty() && cells(at).eq(cells(rivals[0]));
    let differs = |at: &&usize| header(**at).folded != header(rivals[0]).folded && !is_same(**at);
    match rivals.iter().find(differs) {
        Some(other) => Err(Error::AmbiguousColumn {
            file: file.sample.file.to_string(),
            field: field.word().into(),
            first: header(rivals[0]).header.clone(),
            second: header(*other).header.clone(),
        }),
        None => Ok(rivals.clone()),
    }
}
