//! The entry of a period, as a file holds it.

use std::{borrow::Cow, collections::BTreeMap, fs, io::ErrorKind, path::Path};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, Result, slashed},
    report::Cluster,
    result::folder::HISTORY,
    status::{ContactStatus, CustomerStatus},
    text::id::join_key,
};

/// What the first line of an entry says; another number where the format is another.
const FORMAT: &str = "reconcile history 1";

/// What is kept of a run: enough to tell what has changed since, and no cell of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Always [`FORMAT`].
    format: String,
    /// What ran, over what.
    pub(crate) run: RunFacts,
    /// The customers of the reports, by id.
    pub(crate) customers: Vec<EntryCustomer>,
    /// The accounts that these name, and those linked in the entry before, by id.
    pub(crate) accounts: Vec<EntryAccount>,
    /// The contacts that are listed or suppressed, and those listed in the entry before, by id.
    pub(crate) contacts: Vec<EntryContact>,
    /// What earlier runs of the period had linked and listed, and the last has not.
    pub(crate) freed: Freed,
}

/// What ran, over what, by which choices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunFacts {
    /// The month of the reports, `2026-10`: the latest where they are of several.
    pub(crate) period: String,
    /// The day against which dates were judged.
    pub(crate) as_of: Date,
    /// When the run began, ISO to the second.
    pub(crate) started: String,
    /// The name and the version of the program.
    pub(crate) program: String,
    /// The SHA-256 of all rule tables in force, as hex.
    pub(crate) rules: String,
    /// The reports that were read.
    pub(crate) reports: Vec<ReportRead>,
    /// The solution areas that they have.
    pub(crate) areas: Vec<String>,
    /// Whether the run had contacts.
    pub(crate) has_contacts: bool,
    /// The settings that links and lists depend on, by flag.
    pub(crate) settings: BTreeMap<String, serde_json::Value>,
}

/// A report that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ReportRead {
    /// Its kind: `azure`, `m365` ...
    pub(crate) kind: String,
    /// Its month.
    pub(crate) period: String,
}

/// A customer in one period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EntryCustomer {
    /// The CustomerID, or what stands for it.
    pub(crate) id: String,
    /// The name of the company.
    pub(crate) name: String,
    /// What it is found by, as [`customer_marks`](crate::verdicts::customer_marks).
    pub(crate) marks: String,
    /// The word of its status.
    pub(crate) status: String,
    /// Why it has that.
    pub(crate) reason: String,
    /// The linked accounts, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) accounts: Vec<String>,
    /// Accounts that were near and are not linked, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates: Vec<String>,
    /// What people have decided of it: `accept ID`, `reject ID`, `none`; ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) verdicts: Vec<String>,
    /// What the reports say of each solution area.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) areas: BTreeMap<String, EntryArea>,
    /// Its cohorts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cohorts: Vec<String>,
    /// The sub-segment; empty where nobody knows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) segment: String,
    /// Its agreements, by end, then by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) agreements: Vec<EntryAgreement>,
    /// Whether the filters of the lists take it.
    pub(crate) selected: bool,
}

/// A customer in a solution area.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EntryArea {
    /// The cluster as Microsoft names it; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) cluster: String,
    /// Whether the cluster was derived from fit and intent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) derived: bool,
    /// The cell of the matrix of fit and intent, `A1` to `D4`; empty where nobody knows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) cell: String,
}

/// An agreement of a customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EntryAgreement {
    /// Its number.
    pub(crate) id: String,
    /// The day on which it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Date>,
    /// The product that is up for renewal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) product: String,
    /// The revenue that expires, in the currency of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revenue: Option<f64>,
}

/// An account of the CRM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EntryAccount {
    /// Its id.
    pub(crate) id: String,
    /// What it is found by, as [`account_marks`](crate::verdicts::account_marks).
    pub(crate) marks: String,
}

/// A contact of the CRM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EntryContact {
    /// Its id; a hash where the CRM uses an address as id.
    pub(crate) id: String,
    /// Its account.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) account: String,
    /// The customer for which it is listed or suppressed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) customer: String,
    /// The word of its status.
    pub(crate) status: String,
    /// Why, where it is suppressed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) reason: String,
}

/// What earlier runs of a period had linked and listed, and the last has not: an update of the CRM
/// that was made after one of them is to be cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Freed {
    /// Ids of accounts, ascending.
    pub(crate) accounts: Vec<String>,
    /// Ids of contacts, ascending.
    pub(crate) contacts: Vec<String>,
}

impl Entry {
    /// An entry of these records, which are sorted by id.
    pub(crate) fn new(
        run: RunFacts,
        customers: Vec<EntryCustomer>,
        (accounts, contacts): (Vec<EntryAccount>, Vec<EntryContact>),
    ) -> Entry {
        let format = FORMAT.to_owned();
        Entry { format, run, customers, accounts, contacts, freed: Freed::default() }
    }

    /// The entry that a file holds.
    ///
    /// # Errors
    ///
    /// When it is missing, cannot be read, or holds no entry.
    pub(crate) fn read(path: &Path) -> Result<Entry> {
        let entry: Entry = parsed(path)?;
        is_ours(path, &entry.format)?;
        Ok(entry)
    }

    /// The entry that a run has left in its result folder.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn of_run(folder: &Path) -> Result<Entry> {
        Entry::read(&folder.join(HISTORY))
    }

    /// The entry as a file holds it: a line for each record.
    ///
    /// # Errors
    ///
    /// Never, of what can be an entry.
    pub(crate) fn text(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(256 * self.customers.len() + 128 * self.contacts.len());
        text.extend(b"{\"format\":");
        serde_json::to_writer(&mut text, &self.format)?;
        text.extend(b",\n\"run\":");
        serde_json::to_writer(&mut text, &self.run)?;
        list(&mut text, "customers", &self.customers)?;
        list(&mut text, "accounts", &self.accounts)?;
        list(&mut text, "contacts", &self.contacts)?;
        text.extend(b",\n\"freed\":");
        serde_json::to_writer(&mut text, &self.freed)?;
        text.extend(b"}\n");
        Ok(text)
    }

    /// The same with the ids of records as another entry spells them: one export has the long ids of
    /// Salesforce, or GUIDs in braces, and the next has not.
    pub(crate) fn spelled_as(&self, other: &Entry) -> Entry {
        let accounts = spellings(other.accounts.iter().map(|of| of.id.as_str()));
        let contacts = spellings(other.contacts.iter().map(|of| of.id.as_str()));
        let mut entry = self.clone();
        for of in &mut entry.customers {
            let ids = of.accounts.iter_mut().chain(&mut of.candidates);
            ids.for_each(|id| respell(id, &accounts));
        }
        entry.accounts.iter_mut().for_each(|of| respell(&mut of.id, &accounts));
        for of in &mut entry.contacts {
            respell(&mut of.id, &contacts);
            respell(&mut of.account, &accounts);
        }
        entry.freed.accounts.iter_mut().for_each(|id| respell(id, &accounts));
        entry.freed.contacts.iter_mut().for_each(|id| respell(id, &contacts));
        entry.accounts.sort_by(|one, other| one.id.cmp(&other.id));
        entry.contacts.sort_by(|one, other| one.id.cmp(&other.id));
        entry
    }

    /// The customer with this id.
    pub(crate) fn customer(&self, id: &str) -> Option<&EntryCustomer> {
        let at = self.customers.binary_search_by(|of| of.id.as_str().cmp(id)).ok()?;
        self.customers.get(at)
    }

    /// The marks of an account; `None` where the entry does not name it.
    pub(crate) fn marks_of(&self, account: &str) -> Option<&str> {
        let at = self.accounts.binary_search_by(|of| of.id.as_str().cmp(account)).ok()?;
        self.accounts.get(at).map(|of| of.marks.as_str())
    }

    /// What became of a contact; `None` where the entry does not name it.
    pub(crate) fn contact(&self, id: &str) -> Option<&EntryContact> {
        let at = self.contacts.binary_search_by(|of| of.id.as_str().cmp(id)).ok()?;
        self.contacts.get(at)
    }

    /// The contacts that are listed.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &EntryContact> {
        self.contacts.iter().filter(|of| of.is_listed())
    }
}

impl RunFacts {
    /// What ran, of the entry that a file holds.
    ///
    /// # Errors
    ///
    /// As [`Entry::read`].
    pub(crate) fn read(path: &Path) -> Result<RunFacts> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            run: RunFacts,
        }
        let head: Head = parsed(path)?;
        is_ours(path, &head.format)?;
        Ok(head.run)
    }
}

fn unusable(path: &Path, found: String, todo: &str) -> Error {
    Error::Unusable { file: slashed(path), found, todo: todo.into() }
}

/// What to do about a file that is in the place of an entry.
const AWAY: &str = "move the file away, or bring back the one that this program wrote";

/// What a file holds.
fn parsed<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => unusable(
            path,
            "there is no such file".into(),
            "give a period that `reconcile history` lists, or the result folder of a run",
        ),
        _ => Error::io(path)(error),
    })?;
    serde_json::from_slice(&text)
        .map_err(|error| unusable(path, format!("is no entry of a history: {error}"), AWAY))
}

fn is_ours(path: &Path, format: &str) -> Result<()> {
    if format == FORMAT {
        return Ok(());
    }
    Err(unusable(path, format!("has the format {format:?}, not {FORMAT:?}"), AWAY))
}

impl EntryCustomer {
    /// Whether it has this status.
    pub(crate) fn is(&self, status: CustomerStatus) -> bool {
        self.status == status.word()
    }

    /// Its cluster in a solution area, printed or derived.
    pub(crate) fn cluster(&self, area: &str) -> Option<Cluster> {
        self.areas.get(area).and_then(|of| Cluster::from_name(&of.cluster))
    }

    /// The first end of an agreement on or after a day.
    pub(crate) fn next_agreement_end(&self, as_of: Date) -> Option<Date> {
        self.agreements.iter().filter_map(|of| of.end).find(|end| *end >= as_of)
    }
}

impl EntryContact {
    /// Whether it is listed.
    pub(crate) fn is_listed(&self) -> bool {
        self.status == ContactStatus::Listed.word()
    }
}

/// Ids by their join keys.
fn spellings<'e>(ids: impl Iterator<Item = &'e str>) -> FxHashMap<Cow<'e, str>, &'e str> {
    ids.map(|id| (join_key(id), id)).collect()
}

fn respell(id: &mut String, spellings: &FxHashMap<Cow<'_, str>, &str>) {
    let spelled = spellings.get(join_key(id).as_ref()).copied();
    if let Some(spelled) = spelled {
        spelled.clone_into(id);
    }
}

/// Writes a list, a line for each of its records.
fn list<T: Serialize>(text: &mut Vec<u8>, name: &str, records: &[T]) -> serde_json::Result<()> {
    text.extend(format!(",\n\"{name}\":[").as_bytes());
    for (at, record) in records.iter().enumerate() {
        text.extend(if at == 0 { "\n" } else { ",\n" }.as_bytes());
        serde_json::to_writer(&mut *text, record)?;
    }
    text.extend(b"]");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{key::HISTORY_KEYS, tests::keys};

    /// An entry with something in each place.
    fn full() -> Entry {
        let some = || "x".to_owned();
        let area = EntryArea { cluster: some(), derived: true, cell: some() };
        let agreement = EntryAgreement {
            id: some(),
            end: Some(Date::default()),
            product: some(),
            revenue: Some(188.5),
        };
        let customer = EntryCustomer {
            accounts: vec![some()],
            candidates: vec![some()],
            verdicts: vec![some()],
            areas: [("AREA".to_owned(), area)].into(),
            cohorts: vec![some()],
            segment: some(),
            agreements: vec![agreement],
            ..EntryCustomer::default()
        };
        let contact = EntryContact {
            account: some(),
            customer: some(),
            reason: some(),
            ..EntryContact::default()
        };
        let run = RunFacts {
            reports: vec![ReportRead::default()],
            areas: vec![some()],
            settings: [("SETTING".to_owned(), true.into())].into(),
            ..RunFacts::default()
        };
        let records = (vec![EntryAccount::default()], vec![contact]);
        let freed = Freed { accounts: vec![some()], contacts: vec![some()] };
        Entry { freed, ..Entry::new(run, vec![customer], records) }
    }

    #[test]
    fn every_key_of_an_entry_is_described_once() {
        let mut found = BTreeMap::new();
        keys(&serde_json::to_value(full()).unwrap(), "", &mut found);
        let mut described: Vec<&str> = HISTORY_KEYS.iter().map(|(key, _)| *key).collect();
        described.sort_unstable();
        assert_eq!(described, found.keys().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let entry = full();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2026-10.json");
        fs::write(&path, entry.text().unwrap()).unwrap();
        assert_eq!(Entry::read(&path).unwrap(), entry);
    }

    #[test]
    fn what_is_no_entry_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2026-10.json");
        let text = String::from_utf8(full().text().unwrap()).unwrap();
        let other = text.replace("history 1", "history 2");
        for (text, found) in [
            (&*other, "has the format \"reconcile history 2\""),
            ("{}", "is no entry of a history: missing field `format`"),
            ("{\"format\":", "is no entry of a history"),
        ] {
            fs::write(&path, text).unwrap();
            let error = Entry::read(&path).unwrap_err().to_string();
            assert!(error.contains(found), "{text}: {error}");
        }
        assert!(Entry::read(&folder.path().join("2026-09.json")).is_err(), "there is none");
    }
}
