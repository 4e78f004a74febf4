//! The pairs that are known to be true, and those that count neither way.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::Ids;
use crate::{
    error::{Error, Result, slashed},
    read::Row,
    result::table::Table,
    text::id::join_key,
};

/// Where the truth stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TruthFiles<'f> {
    /// The file of true pairs.
    pub(crate) truth: &'f Path,
    /// A file of pairs that count neither way.
    pub(crate) ignore: Option<&'f Path>,
    /// Whether the truth names every customer that has an account.
    pub(crate) complete: bool,
    /// The header of the column with customer ids; else it is found out.
    pub(crate) left: Option<&'f str>,
    /// The header of the column with account ids; else it is found out.
    pub(crate) right: Option<&'f str>,
}

/// Pairs that are true, and pairs that count neither way.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// By ids as they are compared, the ids as written.
    pairs: BTreeMap<Ids, Ids>,
    ignored: BTreeSet<Ids>,
    /// Whether a customer that it does not name has no account.
    complete: bool,
    /// By the join key of the account.
    customers: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// The columns that the ids were read from.
    pub(crate) columns: (String, String),
    /// Rows in which an id is missing.
    pub(crate) rows_without_ids: usize,
    /// What should be known of the files.
    pub(crate) notes: Vec<String>,
}

/// Headers of both columns that are recognised, by letters and digits only.
const HEADERS: [(&str, &str); 4] = [
    ("leftid", "rightid"),
    ("customerid", "accountid"),
    ("customer", "account"),
    ("left", "right"),
];

impl Truth {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, has no such columns, or holds no pair.
    pub(crate) fn load(files: &TruthFiles<'_>) -> Result<Truth> {
        let mut truth = Truth::default();
        let mut pairs = BTreeMap::new();
        let mut without = 0;
        let (columns, notes) = read(files.truth, files, |ids| {
            if ids.0.is_empty() || ids.1.is_empty() {
                without += 1;
            } else {
                pairs.insert(compared(&ids), ids);
            }
        })?;
        if pairs.is_empty() {
            return Err(Error::Unusable {
                file: slashed(files.truth),
                found: format!("holds no pair in the columns {:?} and {:?}", columns.0, columns.1),
                todo: "give a row per true pair: the id of a customer, the id of its account"
                    .into(),
            });
        }
        truth.notes.extend(notes);
        truth.columns = columns;
        truth.rows_without_ids = without;
        if let Some(ignore) = files.ignore {
            let mut ignored = BTreeSet::new();
            let (_, notes) = read(ignore, files, |ids| {
                ignored.insert(compared(&ids));
            })?;
            truth.notes.extend(notes);
            ignored.retain(|ids| !pairs.contains_key(ids));
            truth.ignored = ignored;
        }
        for (customer, account) in pairs.keys() {
            truth.customers.entry(account.clone()).or_default().push(customer.clone());
        }
        truth.pairs = pairs;
        truth.complete = files.complete;
        Ok(truth)
    }

    /// How many pairs are true.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether a pair is true.
    pub(crate) fn holds(&self, ids: &Ids) -> bool {
        self.pairs.contains_key(ids)
    }

    /// Whether a pair counts neither way: so the user says, or nothing is known of its customer.
    pub(crate) fn ignores(&self, ids: &Ids) -> bool {
        self.ignored.contains(ids) || self.is_unknown(ids)
    }

    /// Whether nothing is known of the customer of a pair.
    pub(crate) fn is_unknown(&self, (customer, _): &Ids) -> bool {
        !self.complete && self.accounts_of(customer).is_empty()
    }

    /// The true pairs, as ids are compared, sorted.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = &Ids> {
        self.pairs.keys()
    }

    /// The true accounts of a customer, as the file has them.
    pub(crate) fn accounts_of(&self, customer: &str) -> Vec<&str> {
        let from: Ids = (customer.into(), Box::default());
        let of = self.pairs.range(from..).take_while(|(ids, _)| *ids.0 == *customer);
        of.map(|(_, (_, account))| &**account).collect()
    }

    /// The true customers of an account, by its join key, as the file has them.
    pub(crate) fn customers_of(&self, account: &str) -> Vec<&str> {
        let of = self.customers.get(account).into_iter().flatten();
        of.map(|customer| &**customer).collect()
    }

    /// A true pair as the file has it.
    pub(crate) fn written<'t>(&'t self, ids: &'t Ids) -> &'t Ids {
        self.pairs.get(ids).unwrap_or(ids)
    }
}

/// Ids as they are compared: the account's as its join key.
pub(super) fn compared((customer, account): &Ids) -> Ids {
    (customer.clone(), join_key(account).as_ref().into())
}

/// Hands over the ids of each row; gives back the names of the columns, and notes.
fn read(
    path: &Path,
    files: &TruthFiles<'_>,
    mut take: impl FnMut(Ids),
) -> Result<((String, String), Vec<String>)> {
    let table = Table::open(path)?;
    let (left, right) = columns(&table, files)?;
    let names = (table.header[left].clone(), table.header[right].clone());
    let id = |row: Row<'_>, at: usize| row.raw(at).trim().into();
    let problems = table.each(|row| {
        take((id(row, left), id(row, right)));
        Ok(())
    })?;
    let notes = problems.iter().map(|problem| {
        format!("{}:{}: {}; the row was left out", problem.file, problem.line, problem.what)
    });
    Ok((names, notes.collect()))
}

/// The columns with the ids: as named by the user, else by their headers.
fn columns(table: &Table, files: &TruthFiles<'_>) -> Result<(usize, usize)> {
    let todo = "name a column that the file has with `--truth-left` and `--truth-right`";
    let bare = |name: &str| -> String {
        name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
    };
    let known = |name: &str| table.header.iter().position(|header| bare(header) == name);
    let found = HEADERS.into_iter().find_map(|(left, right)| Some((known(left)?, known(right)?)));
    let unknown = || Error::Unusable {
        file: table.file.clone(),
        found: format!(
            "no column is recognised as the ids of customers or of accounts; it has: {}",
            table.header.join(", ")
        ),
        todo: "name them with `--truth-left HEADER --truth-right HEADER`".into(),
    };
    let left = match (files.left, found) {
        (Some(name), _) => table.position(name, todo)?,
        (None, found) => found.ok_or_else(unknown)?.0,
    };
    let right = match (files.right, found) {
        (Some(name), _) => table.position(name, todo)?,
        (None, found) => found.ok_or_else(unknown)?.1,
    };
    Ok((left, right))
}
