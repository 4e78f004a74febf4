//! Headers to fields: what a file holds, and what each of its columns means.
//!
//! The object comes first (one header means different things on an account and on a contact),
//! then the CRM that wrote the file, then the tables of `rules/columns/`.

mod assign;
mod cells;
mod deal;
mod doubt;
mod field;
mod fold;
mod kind;
mod layout;
mod list;
mod object;
mod overrides;
mod refusal;
mod split;
mod table;
mod words;
#[cfg(test)]
mod tests;

pub(crate) use deal::{DealLayout, deal_meaning};
pub(crate) use field::Field;
pub(crate) use fold::fold_header;
pub(crate) use kind::ReportKind;
pub(crate) use layout::{AccountLayout, ContactLayout, Layout, NameOrder, ReportLayout};
pub(crate) use list::{LIST_ENTRIES, addresses};
pub(crate) use overrides::Overrides;
pub(crate) use refusal::beside_addresses;
pub(crate) use split::{RowKind, Split};
#[cfg(test)]
pub(crate) use table::COLUMN_FILES;
pub(crate) use table::{ColumnRules, Dialect};
pub(crate) use words::{Meaning, WordUse, Words};

use crate::{
    error::{Error, Result},
    read::{Batch, TableInfo},
};

/// The side on which the user gave a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Reports: a table of no kind in particular is a report all the same.
    Report,
    /// The CRM.
    Crm,
    /// Not said: a report if its headers say so, else the CRM.
    Either,
}

/// What the user says that a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forced {
    /// A report of this kind.
    Report(ReportKind),
    /// Accounts.
    Accounts,
    /// Contacts.
    Contacts,
    /// Addresses that must not be written to.
    Suppression,
    /// Deals.
    Deals,
}

/// What one row of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Object {
    /// A company.
    Account,
    /// A person.
    Contact,
    /// A person with the company.
    Both,
    /// A person who is no contact yet.
    Lead,
    /// The preferences of a person, apart from the contacts and leads that the person is.
    Individual,
    /// What the owner of an address or number has agreed to or refused, apart from people.
    Consent,
    /// A colleague who owns records.
    User,
    /// An address that must not be written to.
    Suppression,
    /// A deal, with the account that it was made with.
    Deal,
    /// Anything else, by its name.
    Other(String),
}

impl Object {
    /// The object as the tables write it.
    pub(crate) fn from_word(word: &str) -> Object {
        match word {
            "account" => Object::Account,
            "contact" => Object::Contact,
            "both" => Object::Both,
            "lead" => Object::Lead,
            "individual" => Object::Individual,
            "user" | "systemuser" => Object::User,
            "consent" | "msdynmkt_contactpointconsent4" => Object::Consent,
            "suppression" => Object::Suppression,
            "deal" | "opportunity" => Object::Deal,
            other => Object::Other(other.into()),
        }
    }
}

/// What a file holds, and how its columns are to be read.
#[derive(Debug, Clone)]
pub(crate) enum Recognised {
    /// A report.
    Report(ReportKind, ReportLayout),
    /// Accounts.
    Accounts(AccountLayout),
    /// Contacts.
    Contacts(ContactLayout),
    /// Each row is a contact with its account.
    Both(AccountLayout, ContactLayout),
    /// Leads: they count for denials only.
    Leads(ContactLayout),
    /// The preferences of people, by the id that contacts and leads name: they count for denials only.
    Individuals(ContactLayout),
    /// What owners of addresses and numbers have agreed to or refused: they count for denials only.
    Consents(ContactLayout),
    /// Colleagues, by the id that accounts name as their owner's: only their names count.
    Users(ContactLayout),
    /// Addresses that must not be written to. Where the layout has e-mail consent columns, only
    /// the rows that they deny; else every row.
    Suppression(ContactLayout),
    /// Deals: what became of accounts.
    Deals(DealLayout),
    /// None of ours, and why, as a lower-case phrase.
    LeftAlone(String),
    /// A report among the files of the CRM or the other way round, and what to do, as a lower-case
    /// phrase.
    Misplaced(String),
}

impl Recognised {
    /// The columns that the file is read by; of a file of both those of the contacts.
    pub(crate) fn layout(&self) -> Option<&Layout> {
        match self {
            Recognised::Report(_, of) => Some(of.layout()),
            Recognised::Accounts(of) => Some(of.layout()),
            Recognised::Contacts(of)
            | Recognised::Leads(of)
            | Recognised::Individuals(of)
            | Recognised::Consents(of)
            | Recognised::Users(of)
            | Recognised::Suppression(of) => Some(of.layout()),
            Recognised::Both(_, of) => Some(of.layout()),
            Recognised::Deals(of) => Some(of.layout()),
            Recognised::LeftAlone(_) | Recognised::Misplaced(_) => None,
        }
    }

    /// The object as `inspect` and the summary name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Recognised::Report(kind, _) => kind.word(),
            Recognised::Accounts(_) => "accounts",
            Recognised::Contacts(_) => "contacts",
            Recognised::Both(..) => "accounts and contacts",
            Recognised::Leads(_) => "leads",
            Recognised::Individuals(_) => "individuals",
            Recognised::Consents(_) => "consent records",
            Recognised::Users(_) => "users",
            Recognised::Suppression(_) => "suppression list",
            Recognised::Deals(_) => "deals",
            Recognised::LeftAlone(_) | Recognised::Misplaced(_) => "left alone",
        }
    }
}

/// Something about a file that the user should know, and the flag that settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Warning {
    /// What was found, as a lower-case phrase.
    pub(crate) found: String,
    /// The flag that settles it, where there is one.
    pub(crate) flag: Option<String>,
    /// Whether it is probably not as the user means it.
    pub(crate) is_grave: bool,
}

/// What a file holds, with what the user should know about it.
#[derive(Debug, Clone)]
pub(crate) struct Recognition {
    /// What it holds.
    pub(crate) what: Recognised,
    /// The CRM in whose manner it is written.
    pub(crate) dialect: Dialect,
    /// What the user should know.
    pub(crate) warnings: Vec<Warning>,
}

/// Recognises what a file holds.
///
/// `sample` is the first batch of the file; its values are evidence where headers alone are not.
///
/// # Errors
///
/// Fails when two columns could be the id or the name, or when no column identifies a record.
/// For a file that the user did not name the caller may leave it alone instead.
pub(crate) fn recognise(
    info: &TableInfo,
    sample: &Batch,
    asked: (Side, Option<Forced>),
    overrides: &Overrides,
    rules: &ColumnRules,
) -> Result<Recognition> {
    let (side, forced) = asked;
    let mut file = object::File::new(info, sample, rules);
    let kind = match forced {
        Some(Forced::Report(kind)) => Some(kind),
        Some(_) => None,
        None if side == Side::Crm => None,
        None => file
            .report_kind(&info.file, overrides)
            .or_else(|| (side == Side::Report).then(|| file.named_kind(&info.file)).flatten())
            .or((side == Side::Report).then_some(ReportKind::Generic)),
    };
    if forced.is_none() && kind == Some(ReportKind::Generic) && file.is_of_a_crm() {
        let reason = "a CRM file: give it with `--crm`".to_owned();
        let (what, dialect) = (Recognised::Misplaced(reason), Dialect::Any);
        return Ok(Recognition { what, dialect, warnings: file.warnings });
    }
    if let Some(kind) = kind {
        let layout = ReportLayout::new(kind, &mut file, overrides, &info.file)?;
        let (what, dialect) = (Recognised::Report(kind, layout), Dialect::Any);
        return Ok(Recognition { what, dialect, warnings: file.warnings });
    }
    if forced.is_none()
        && let Some(kind) = file.strayed_report(&info.file, overrides)
    {
        let reason = format!(
            "a propensity report ({}): give it with `--reports`, or with `--accounts` if it holds accounts",
            kind.word()
        );
        let (what, dialect) = (Recognised::Misplaced(reason), Dialect::Any);
        return Ok(Recognition { what, dialect, warnings: file.warnings });
    }
    let object = match forced {
        Some(Forced::Accounts) => Object::Account,
        Some(Forced::Contacts) => Object::Contact,
        Some(Forced::Suppression) => Object::Suppression,
        Some(Forced::Deals) => Object::Deal,
        _ if file.is_list_of_denials(&info.file, overrides) => {
            let found = match rules.is_named_list_of_denials(&info.file) {
                true => {
                    "its name speaks of people who must not be written to: it is read as a \
                         suppression list"
                }
                false => "it holds addresses alone: it is read as a suppression list",
            };
            file.warn(found.into(), Some("--contacts FILE if it holds contacts".into()));
            Object::Suppression
        }
        _ => file.object(overrides),
    };
    let what = crm_layout(object, &mut file, overrides, &info.file)?;
    if file.dialect == Dialect::Pipedrive && what.layout().is_some() {
        let found = "Pipedrive exports only the columns and records that its user sees: the file \
                     may be a part of the whole";
        file.warn(found.into(), None);
    }
    Ok(Recognition { what, dialect: file.dialect, warnings: file.warnings })
}

/// Where the user's own words on columns lower what is recognised of a file: a field that the file has
/// without them and lacks with them.
pub(crate) fn lowered(
    (info, sample): (&TableInfo, &Batch),
    asked: (Side, Option<Forced>),
    found: &Recognised,
    overrides: &Overrides,
    rules: &ColumnRules,
) -> Option<Warning> {
    let named = |header: &String| overrides.field(&fold_header(header));
    if !info.header.iter().any(|header| named(header).is_some()) {
        return None;
    }
    let plain = recognise(info, sample, asked, &Overrides::default(), rules).ok()?;
    let now: Vec<Field> =
        found.layout().into_iter().flat_map(Layout::recognised).map(|of| of.1).collect();
    let is_lost = |(header, field): &(&str, Field)| {
        *field != Field::Ignore
            && !now.contains(field)
            && overrides.field(&fold_header(header)) != Some(Field::Ignore)
    };
    let lost = plain.what.layout().into_iter().flat_map(Layout::recognised).filter(is_lost);
    let lost: Vec<String> =
        lost.map(|(header, field)| format!("{} ({header:?})", field.word())).collect();
    (!lost.is_empty()).then(|| Warning {
        found: format!(
            "with `--column` less of the file is recognised than without it: no column is read as {}; \
             check the `--column` flags with `reconcile inspect`",
            lost.join(", ")
        ),
        flag: None,
        is_grave: true,
    })
}

/// Whether the rows of a file are of people, by their addresses or ids, and one of them denies.
pub(crate) fn hold_denials(info: &TableInfo, sample: &Batch, rules: &ColumnRules) -> bool {
    let file = object::File::new(info, sample, rules);
    let is_of_people = |column: &object::Column| {
        let names_person =
            ["contactid", "leadid", "personid"].iter().any(|id| column.folded.ends_with(id));
        names_person || object::holds_addresses(sample, column.at)
    };
    let denies = |cell| rules.words.deny_beside(cell);
    file.columns.iter().any(is_of_people)
        && file.columns.iter().any(|column| file.filled(column.at).any(denies))
}

/// The layout of a CRM file whose object is known.
fn crm_layout(
    object: Object,
    file: &mut object::File,
    overrides: &Overrides,
    name: &str,
) -> Result<Recognised> {
    Ok(match object {
        Object::Account => {
            Recognised::Accounts(AccountLayout::new(file, &Object::Account, overrides, name)?)
        }
        Object::Both => {
            let contacts = ContactLayout::new(file, &Object::Both, overrides, name)?;
            let accounts = AccountLayout::new(file, &Object::Both, overrides, name)?;
            let contacts = contacts.joined_to(&accounts);
            Recognised::Both(accounts, contacts)
        }
        Object::Contact => {
            Recognised::Contacts(ContactLayout::new(file, &object, overrides, name)?)
        }
        Object::Lead => Recognised::Leads(ContactLayout::new(file, &object, overrides, name)?),
        Object::Individual => {
            Recognised::Individuals(ContactLayout::new(file, &object, overrides, name)?)
        }
        Object::Consent => {
            Recognised::Consents(ContactLayout::new(file, &object, overrides, name)?)
        }
        Object::User => Recognised::Users(ContactLayout::new(file, &object, overrides, name)?),
        Object::Suppression => {
            Recognised::Suppression(ContactLayout::new(file, &object, overrides, name)?)
        }
        // without deals a run lacks nothing but its outcomes
        Object::Deal => match DealLayout::new(file, overrides, name) {
            Ok(layout) => Recognised::Deals(layout),
            Err(Error::MissingColumn { field, .. }) => {
                Recognised::LeftAlone(format!("deals, of which no column holds the {field}"))
            }
            Err(error) => Recognised::LeftAlone(format!("deals: {error}")),
        },
        Object::Other(other) => Recognised::LeftAlone(format!("{other}, not needed")),
    })
}

/// Settles files that hold contacts with their accounts, where other files hold accounts: there the
/// company columns of the mixed file only name the account of each contact: no account is
/// read twice.
pub(crate) fn settle(files: &mut [Recognised]) {
    let has_accounts = files.iter().any(|file| matches!(file, Recognised::Accounts(_)));
    if !has_accounts {
        return;
    }
    for file in files {
        if let Recognised::Both(_, contacts) = file {
            *file = Recognised::Contacts(contacts.clone().joined_by_name());
        }
    }
}

/// The error that no column holds the field.
fn missing(file: &str, field: Field, headers: &[String]) -> Error {
    if are_data(headers) {
        return Error::Unusable {
            file: file.into(),
            found: "the first line holds data, not the names of columns".into(),
            todo: "add a first line with the names of the columns".into(),
        };
    }
    Error::MissingColumn {
        file: file.into(),
        field: field.word().into(),
        headers: headers.to_vec(),
    }
}

/// Whether an e-mail address stands in the place of a header.
pub(crate) fn name_somebody(headers: &[String]) -> bool {
    headers.iter().any(|header| cells::holds_address(header))
}

/// Whether what stands in the place of headers is data, which may be a person's: an e-mail address,
/// a web address,
/// a number.
pub(crate) fn are_data(headers: &[String]) -> bool {
    headers.iter().any(|header| {
        let digits = header.bytes().filter(u8::is_ascii_digit).count();
        let is_number = digits == header.len() && digits >= 5;
        let is_site = header.starts_with("www.") || header.contains("://");
        header.contains('@') || is_site || is_number || (digits >= 6 && digits * 2 > header.len())
    })
}
