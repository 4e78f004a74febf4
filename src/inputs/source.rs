//! A table, recognised as a report, accounts, contacts or none of ours, and its rows.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use sha2::{Digest, Sha256};

use super::mend::{mend_addresses, mend_text};
use crate::{
    columns::{
        ColumnRules, Dialect, Field, Forced, Overrides, Recognised, ReportKind, RowKind, Side,
        Split, Warning, Words, hold_denials, lowered, recognise,
    },
    error::{Error, Result},
    problem::Problem,
    read::{Batch, Batches, Input, ReadOptions, Row, Table, TableInfo},
};

/// A table that is read, and what it holds.
pub(crate) struct Source {
    /// The table.
    pub(crate) input: Input,
    /// What is known of it without its rows.
    pub(crate) info: TableInfo,
    /// What it holds.
    pub(crate) what: Recognised,
    /// The CRM in whose manner it is written.
    pub(crate) dialect: Dialect,
    /// What the user should know of it.
    pub(crate) warnings: Vec<Warning>,
    /// Whether somebody denies in it, though it is none of ours.
    pub(super) denies: bool,
    /// What the system says of the file, from before it was opened.
    pub(super) stamp: Option<Stamp>,
    /// What words in its cells mean.
    words: Arc<Words>,
    /// Which rows of the table are its own, where the table holds companies and people.
    part: Option<Part>,
    /// Standard input, which cannot be opened again, with its first batch.
    opened: Mutex<Option<Batches>>,
}

/// What the system says of a file: if it is the same before and after, so is the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// The file itself, and when anything of it was changed last.
    #[cfg(unix)]
    node: (u64, u64, i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Stamp> {
        let meta = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt as _;
            (meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec())
        };
        Some(Stamp {
            bytes: meta.len(),
            modified: meta.modified().ok(),
            #[cfg(unix)]
            node,
        })
    }
}

/// The companies or the people of a table that holds both.
#[derive(Clone)]
struct Part {
    split: Split,
    people: bool,
}

impl Part {
    /// Takes the rows of the part out of a batch. People are all that are no companies, with a
    /// problem where the cell does not say so.
    fn take(&self, batch: &mut Batch, words: &Words) {
        let is_company = |row: Row<'_>| self.split.kind(row, words) == RowKind::Company;
        batch.retain(|row| is_company(row) != self.people);
        let unclear: Vec<u64> = batch
            .rows()
            .filter(|row| self.split.kind(*row, words) == RowKind::Unclear)
            .map(|row| row.line)
            .collect();
        batch.problems.extend(unclear.into_iter().map(|line| Problem {
            file: batch.file.to_string(),
            line,
            column: self.split.header.clone(),
            what: "no word for a company or a person: the row is read as a person's".into(),
            record_lost: false,
            detail: None,
        }));
    }
}

/// What the user says of a path.
pub(super) type Asked = (Side, Option<Forced>);

impl Source {
    /// Opens a table and recognises it by its header and first rows.
    ///
    /// # Errors
    ///
    /// When it cannot be read or its columns stay ambiguous.
    pub(crate) fn open(
        input: &Input,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<Source> {
        let stamp = Stamp::of(&input.path);
        let table = input.open(&ReadOptions { progress: None, ..options.clone() })?;
        let info = table.info().clone();
        let mut batches = table.into_batches();
        let mut first = batches.next().transpose()?.unwrap_or_else(|| Batch::new("".into()));
        mend_text(&mut first);
        let sample = sample(&info, options)?;
        let sample = sample.as_ref().unwrap_or(&first);
        let mut found = recognise(&info, sample, asked, overrides, rules)?;
        if asked == (Side::Crm, None) {
            let either = recognise(&info, sample, (Side::Either, None), overrides, rules);
            if let Ok(Recognised::Report(kind, _)) = either.map(|found| found.what)
                && kind != ReportKind::Generic
            {
                let reason =
                    format!("a propensity report ({}): give it with `--reports`", kind.word());
                found.what = Recognised::Misplaced(reason);
            }
        }
        found.warnings.extend(lowered((&info, &first), asked, &found.what, overrides, rules));
        let is_unread = matches!(found.what, Recognised::LeftAlone(_));
        let denies = is_unread && hold_denials(&info, sample, rules);
        let opened: Option<Batches> = input
            .is_stdin()
            .then(|| Box::new(std::iter::once(Ok(first)).chain(batches)) as Batches);
        Ok(Source {
            input: input.clone(),
            info,
            what: found.what,
            dialect: found.dialect,
            warnings: found.warnings,
            denies,
            stamp,
            words: Arc::clone(&rules.words),
            part: None,
            opened: Mutex::new(opened),
        })
    }

    /// The companies and the people of a table, where one of its columns parts them; else the
    /// table itself.
    pub(super) fn parts(
        self,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<Vec<Source>> {
        let may_hold_both = matches!(
            self.what,
            Recognised::Accounts(_) | Recognised::Contacts(_) | Recognised::Both(..)
        );
        if asked.1.is_some() || !may_hold_both || self.input.is_stdin() {
            return Ok(vec![self]);
        }
        let first = self.batches(&ReadOptions { progress: None, ..options.clone() })?.next();
        let mut first = first.transpose()?.unwrap_or_else(|| Batch::new("".into()));
        mend_text(&mut first);
        let Some(split) = Split::of(&self.info, &first, overrides, rules) else {
            return Ok(vec![self]);
        };
        let mut parts = Vec::new();
        for (people, forced) in [(false, Forced::Accounts), (true, Forced::Contacts)] {
            let part = Part { split: split.clone(), people };
            let mut sample = first.clone();
            part.take(&mut sample, &rules.words);
            let asked = (Side::Crm, Some(forced));
            let mut found = recognise(&self.info, &sample, asked, overrides, rules)?;
            found.warnings.push(Warning {
                found: format!("column {:?} parts companies from people", part.split.header),
                flag: Some("--accounts FILE or --contacts FILE if it holds one of them".into()),
                is_grave: false,
            });
            parts.push(Source {
                input: self.input.clone(),
                info: self.info.clone(),
                what: found.what,
                dialect: found.dialect,
                warnings: found.warnings,
                denies: false,
                stamp: self.stamp.clone(),
                words: Arc::clone(&self.words),
                part: Some(part),
                opened: Mutex::new(None),
            });
        }
        Ok(parts)
    }

    /// Whether its file is another one than when it was opened.
    pub(super) fn has_changed(&self) -> bool {
        self.stamp.is_some() && Stamp::of(&self.input.path) != self.stamp
    }

    /// Whether its columns leave no doubt of what a sheet holds.
    pub(super) fn is_telling(&self) -> bool {
        use Field::{
            City, Domain, Duns, Email, Id, MicrosoftId, Name, Phone, PostalCode, Tpid, Website,
        };
        let of_accounts =
            [Id, Name, Domain, Website, Email, City, PostalCode, Phone, Tpid, MicrosoftId, Duns];
        match &self.what {
            Recognised::Report(kind, _) => *kind != ReportKind::Generic,
            Recognised::Accounts(of) => {
                of_accounts.iter().filter(|field| of.layout().has(**field)).count() > 1
            }
            _ => true,
        }
    }

    /// The rows, from the first on.
    ///
    /// # Errors
    ///
    /// When the table cannot be opened again.
    pub(crate) fn batches(&self, options: &ReadOptions) -> Result<Batches> {
        if self.input.is_stdin() {
            let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            return opened.take().ok_or_else(|| Error::Unusable {
                file: self.input.display(),
                found: "it can be read only once, but people are read twice".into(),
                todo: "save it as a file first; accounts may come from standard input".into(),
            });
        }
        let every_row = matches!(self.what, Recognised::Suppression(_));
        let options = ReadOptions { every_row, ..options.clone() };
        self.input.open_again(&self.info, &options).map(Table::into_batches)
    }

    /// Mends the cells of a batch of its table, and leaves out rows that are not its own.
    pub(crate) fn mend(&self, batch: &mut Batch) {
        mend_text(batch);
        if let Some(part) = &self.part {
            part.take(batch, &self.words);
        }
        mend_addresses(batch, &self.what, &self.words);
    }

    /// Whether it is a table of typed columns, not of text.
    pub(crate) fn is_columnar(&self) -> bool {
        self.info.columnar
    }

    /// The SHA-256 of the file, as hex; empty for standard input.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub(crate) fn fingerprint(&self) -> Result<String> {
        if self.input.is_stdin() {
            return Ok(String::new());
        }
        fingerprint(&self.input.path)
    }
}

/// The first rows of the sample that has the headers of a table, where the user gave one.
fn sample(info: &TableInfo, options: &ReadOptions) -> Result<Option<Batch>> {
    for path in &options.samples {
        let options = ReadOptions { progress: None, samples: Vec::new(), ..options.clone() };
        let table = Input::named(path).open(&options)?;
        if table.info().header == info.header {
            let first = table.into_batches().next().transpose()?;
            return Ok(first.map(|mut first| {
                mend_text(&mut first);
                first
            }));
        }
    }
    Ok(None)
}

/// The SHA-256 of a file, as hex.
///
/// # Errors
///
/// When the file cannot be read.
pub(crate) fn fingerprint(path: &std::path::Path) -> Result<String> {
    let hash = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut block = vec![0; 1 << 20];
        loop {
            match file.read(&mut block)? {
                0 => break,
                length => hash.update(&block[..length]),
            }
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    };
    hash().map_err(Error::io(path))
}
