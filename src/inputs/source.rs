//! What the user's paths hold: each table recognised as a report, accounts, contacts or none of
//! ours, before any row counts.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Mutex,
    time::SystemTime,
};

use sha2::{Digest, Sha256};

use crate::{
    columns::{
        ColumnRules, Dialect, Forced, Overrides, Recognised, ReportKind, Side, Warning, recognise,
        settle,
    },
    config::Config,
    error::{Error, Result},
    read::{Batch, Batches, Input, LeftAlone, MayBe, ReadOptions, Table, TableInfo, discover},
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
    /// What the system says of the file, from before it was opened.
    stamp: Option<Stamp>,
    /// The sheet of a workbook, where it is not the first that holds a table.
    sheet: Option<String>,
    /// Standard input, which cannot be opened again, with its first batch.
    opened: Mutex<Option<Batches>>,
}

/// All that the user's paths hold.
#[derive(Default)]
pub(crate) struct Inputs {
    /// The tables that are read: reports first, then accounts, contacts and the rest as given.
    pub(crate) sources: Vec<Source>,
    /// The files found that are not read.
    pub(crate) left_alone: Vec<LeftAlone>,
}

/// What the system says of a file: if it is the same before and after, so is the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
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

/// What the user says of a path.
type Asked = (Side, Option<Forced>);

impl Inputs {
    /// Opens every file that the configuration names, and recognises it.
    ///
    /// # Errors
    ///
    /// When a file that the user named cannot be used, or what it holds stays ambiguous.
    pub(crate) fn of(config: &Config, rules: &ColumnRules) -> Result<Inputs> {
        let overrides = Overrides::parse(
            &config
                .columns
                .iter()
                .map(|(field, header)| format!("{field}={header}"))
                .collect::<Vec<_>>(),
        )?;
        Inputs::check_standard_input(config)?;
        let options = config.read_options();
        let mut intake = Inputs::default();
        for (kind, path) in &config.reports {
            let forced = kind.map(Forced::Report);
            intake.add(path, (Side::Report, forced), &options, &overrides, rules)?;
        }
        for (paths, forced) in [
            (&config.crm, None),
            (&config.accounts, Some(Forced::Accounts)),
            (&config.contacts, Some(Forced::Contacts)),
            (&config.suppress, Some(Forced::Suppression)),
        ] {
            for path in paths {
                intake.add(path, (Side::Crm, forced), &options, &overrides, rules)?;
            }
        }
        intake.settle();
        intake.suspect(rules);
        intake.check(config)?;
        intake.check_columns(&overrides)?;
        Ok(intake)
    }

    /// Refuses standard input that is named twice: it can be read only once.
    fn check_standard_input(config: &Config) -> Result<()> {
        let reports = config.reports.iter().map(|(_, path)| path);
        let others = [&config.crm, &config.accounts, &config.contacts, &config.suppress];
        let all = reports.chain(others.into_iter().flatten());
        if all.filter(|path| path.as_os_str() == "-").count() < 2 {
            return Ok(());
        }
        Err(Error::Unusable {
            file: "standard input".into(),
            found: "given twice, but it can be read only once".into(),
            todo: "give it once, for the accounts; save the other as a file".into(),
        })
    }

    fn add(
        &mut self,
        path: &std::path::Path,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<()> {
        let (inputs, left_alone) = discover(&[path.to_owned()], options)?;
        if let Some(left) = left_alone.iter().find(|left| left.may_be == MayBe::Damaged)
            && asked.0 == Side::Crm
        {
            return Err(Error::Unusable {
                file: left.file.clone(),
                found: format!("{}: nobody knows whom it keeps out of the lists", left.reason),
                todo: "get the file again, or take it out of the folder".into(),
            });
        }
        self.left_alone.extend(left_alone);
        for input in inputs {
            match Source::open(&input, asked, options, overrides, rules) {
                Ok(Source { what: Recognised::LeftAlone(reason), input, .. }) if !input.named => {
                    self.left_alone.push(LeftAlone::new(input.display(), reason, MayBe::Unknown));
                }
                Ok(Source { what: Recognised::LeftAlone(_), input, .. })
                    if asked == (Side::Report, None) && !input.is_stdin() =>
                {
                    // named by the user, who knows better
                    let asked = (Side::Report, Some(Forced::Report(ReportKind::Generic)));
                    self.sources.push(Source::open(&input, asked, options, overrides, rules)?);
                }
                Ok(Source { what: Recognised::LeftAlone(reason), input, .. }) => {
                    return Err(Error::Unusable {
                        file: input.display(),
                        found: reason,
                        todo: "give a file of reports, accounts or contacts".into(),
                    });
                }
                Ok(source) => self.sources.push(source),
                Err(error @ (Error::MissingColumn { .. } | Error::Unusable { .. }))
                    if !input.named =>
                {
                    let reason = reason(&error, &input.display());
                    self.left_alone.push(LeftAlone::new(input.display(), reason, MayBe::Ours));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn settle(&mut self) {
        let mut files: Vec<Recognised> =
            self.sources.iter().map(|source| source.what.clone()).collect();
        settle(&mut files);
        for (source, what) in self.sources.iter_mut().zip(files) {
            source.what = what;
        }
    }

    /// Notices lists of denials among the files that are not read.
    fn suspect(&mut self, rules: &ColumnRules) {
        for left in &mut self.left_alone {
            if left.may_be == MayBe::Unknown && rules.is_named_list_of_denials(&left.file) {
                left.may_be = MayBe::Denials;
            }
        }
    }

    /// Refuses `--column` with a header that no file has: a typing error must not pass unnoticed.
    fn check_columns(&self, overrides: &Overrides) -> Result<()> {
        let headers = self.sources.iter().flat_map(|source| &source.info.header);
        match overrides.unused(headers.map(String::as_str)).first() {
            None => Ok(()),
            Some(entry) => Err(Error::Setting {
                flag: format!("--column {entry}"),
                found: "no file has a column of this name".into(),
                todo: "write the header as it stands in the file; `reconcile inspect` shows all"
                    .into(),
            }),
        }
    }

    fn check(&self, config: &Config) -> Result<()> {
        let holds = |wanted: fn(&Recognised) -> bool| {
            self.sources.iter().any(|source| wanted(&source.what))
        };
        let list = |paths: Vec<String>| paths.join(", ");
        if !holds(|what| matches!(what, Recognised::Report(..))) {
            let paths = config.reports.iter().map(|(_, path)| path.display().to_string());
            return Err(Error::Unusable {
                file: list(paths.collect()),
                found: "no propensity report found there".into(),
                todo: "give a report with `--reports PATH`, or its kind with `--report azure=PATH`; the \
                       CRM's files belong to `--crm`"
                    .into(),
            });
        }
        if !holds(|what| matches!(what, Recognised::Accounts(_) | Recognised::Both(..))) {
            let paths = config.crm.iter().chain(&config.accounts).chain(&config.contacts);
            return Err(Error::Unusable {
                file: list(paths.map(|path| path.display().to_string()).collect()),
                found: "no CRM accounts found there".into(),
                todo: "export the accounts too, or give their file with `--accounts PATH`".into(),
            });
        }
        Ok(())
    }

    /// Refuses files that have changed since they were first opened: a file is read more than once,
    /// and a denial that was added in between would count in one reading only.
    ///
    /// # Errors
    ///
    /// Names the first that has changed.
    pub(crate) fn unchanged(&self) -> Result<()> {
        let files = self.sources.iter().filter(|source| !source.input.is_stdin());
        let changed = |source: &&Source| Stamp::of(&source.input.path) != source.stamp;
        match files.filter(|source| source.stamp.is_some()).find(changed) {
            None => Ok(()),
            Some(source) => Err(Error::Unusable {
                file: source.input.path.display().to_string(),
                found: "has changed while it was read; nothing was published".into(),
                todo: "wait until nobody writes to it, and run again".into(),
            }),
        }
    }

    /// The tables whose content fits, with their position.
    pub(crate) fn which<'s>(
        &'s self,
        fits: impl Fn(&Recognised) -> bool + 's,
    ) -> impl Iterator<Item = (usize, &'s Source)> + 's {
        self.sources.iter().enumerate().filter(move |(_, source)| fits(&source.what))
    }
}

/// Why a file that was found is not read. Its headers are not named: where a header is missing,
/// somebody's name stands in its place.
fn reason(error: &Error, file: &str) -> String {
    if let Error::MissingColumn { field, .. } = error {
        return format!("no column holds the {field}; `reconcile inspect` shows its headers");
    }
    let said = error.to_string();
    said.strip_prefix(&format!("{file}: ")).unwrap_or(&said).to_owned()
}

impl Source {
    /// Opens a table and recognises it by its header and first rows; of a workbook the first sheet
    /// that is recognised, where the user named none.
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
        let first = Source::open_sheet(input, asked, options, overrides, rules);
        let nothing = match &first {
            Ok(source) => matches!(source.what, Recognised::LeftAlone(_)),
            Err(error) => matches!(error, Error::MissingColumn { .. }),
        };
        if !nothing || options.sheet.is_some() {
            return first;
        }
        for sheet in input.sheets()? {
            let options = ReadOptions { sheet: Some(sheet.clone()), ..options.clone() };
            let found = Source::open_sheet(input, asked, &options, overrides, rules);
            if let Ok(mut source) = found
                && !matches!(source.what, Recognised::LeftAlone(_))
            {
                source.sheet = Some(sheet);
                return Ok(source);
            }
        }
        first
    }

    /// Opens a table and recognises it by its header and first rows.
    fn open_sheet(
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
        let first = batches.next().transpose()?.unwrap_or_else(|| Batch::new("".into()));
        let mut found = recognise(&info, &first, asked, overrides, rules)?;
        if asked == (Side::Crm, None) {
            let either = recognise(&info, &first, (Side::Either, None), overrides, rules);
            if let Ok(Recognised::Report(kind, _)) = either.map(|found| found.what)
                && kind != ReportKind::Generic
            {
                let reason =
                    format!("a propensity report ({}): give it with `--reports`", kind.word());
                found.what = Recognised::LeftAlone(reason);
            }
        }
        let opened: Option<Batches> = input
            .is_stdin()
            .then(|| Box::new(std::iter::once(Ok(first)).chain(batches)) as Batches);
        Ok(Source {
            input: input.clone(),
            info,
            what: found.what,
            dialect: found.dialect,
            warnings: found.warnings,
            stamp,
            sheet: None,
            opened: Mutex::new(opened),
        })
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
        match &self.sheet {
            None => self.input.open_again(&self.info, &options),
            Some(sheet) => self.input.open(&ReadOptions { sheet: Some(sheet.clone()), ..options }),
        }
        .map(Table::into_batches)
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
