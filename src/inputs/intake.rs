//! What the user's paths hold, before any row counts: which tables are read as what, and which are left
//! alone.

use std::{path::PathBuf, sync::Arc};

use super::source::{Asked, Source};
use crate::{
    columns::{
        ColumnRules, Field, Forced, Overrides, Recognised, ReportKind, Side, name_somebody, settle,
    },
    config::Config,
    error::{Error, Result, slashed},
    read::{Holds, Input, LeftAlone, MayBe, ReadOptions, Sheet, discover},
};

/// All that the user's paths hold.
#[derive(Default)]
pub(crate) struct Inputs {
    /// The tables that are read: reports first, then accounts, contacts and the rest as given.
    pub(crate) sources: Vec<Source>,
    /// The files found that are not read.
    pub(crate) left_alone: Vec<LeftAlone>,
}

impl Inputs {
    /// Opens every file that the configuration names, and recognises it.
    ///
    /// # Errors
    ///
    /// When a file that the user named cannot be used, or what it holds stays ambiguous.
    pub(crate) fn of(config: &Config, rules: &ColumnRules) -> Result<Inputs> {
        let intake = Inputs::opened(config, rules)?;
        intake.check_accounts(config)?;
        intake.check_files(config)?;
        Ok(intake)
    }

    /// As [`Inputs::of`], where the accounts may come from elsewhere.
    ///
    /// # Errors
    ///
    /// When a file that the user named cannot be used, or what it holds stays ambiguous.
    pub(crate) fn opened(config: &Config, rules: &ColumnRules) -> Result<Inputs> {
        let intake = Inputs::open_all(config, rules)?;
        intake.check_reports(config)?;
        Ok(intake)
    }

    /// As [`Inputs::of`], whether or not there are reports and accounts.
    ///
    /// # Errors
    ///
    /// When a file that the user named cannot be used, or what it holds stays ambiguous.
    pub(crate) fn whatever(config: &Config, rules: &ColumnRules) -> Result<Inputs> {
        let intake = Inputs::open_all(config, rules)?;
        intake.check_files(config)?;
        Ok(intake)
    }

    /// Refuses what was named and is not there: a column, a file of an encoding.
    fn check_files(&self, config: &Config) -> Result<()> {
        config.read_options().check_files(self.sources.iter().map(|source| &source.input))?;
        self.check_sheet(config)?;
        self.check_columns(&overrides(config)?)
    }

    /// Refuses `--sheet` where no workbook is read by it: a typing error must not pass unnoticed.
    fn check_sheet(&self, config: &Config) -> Result<()> {
        let Some(sheet) = &config.sheet else { return Ok(()) };
        let is_book = |source: &Source| source.info.dialect.starts_with("workbook");
        if self.sources.iter().any(is_book) {
            return Ok(());
        }
        Err(Error::Setting {
            flag: format!("--sheet {sheet}"),
            found: "no workbook that is read has a sheet of this name".into(),
            todo: "leave it out: each sheet is looked at then, and `reconcile inspect` shows them"
                .into(),
        })
    }

    /// Opens all files.
    ///
    /// # Errors
    ///
    /// When a file that the user named cannot be used, or what it holds stays ambiguous.
    fn open_all(config: &Config, rules: &ColumnRules) -> Result<Inputs> {
        Inputs::check_standard_input(config)?;
        let options = config.read_options();
        let intake = Inputs::open_as(config, &options, rules)?;
        match intake.lines_of_export() {
            None => Ok(intake),
            export => Inputs::open_as(config, &ReadOptions { export, ..options }, rules),
        }
    }

    /// The lines of all files of the CRM whose code page was guessed, where the guesses differ.
    /// Standard input cannot be opened again.
    fn lines_of_export(&self) -> Option<Arc<[u8]>> {
        let of_crm = |source: &&Source| !matches!(source.what, Recognised::Report(..));
        let sources = || self.sources.iter().filter(of_crm);
        let guess = |source: &'_ Source| {
            let doubt = source.info.guess.as_ref().map(|guess| guess.doubt.clone());
            doubt.map(|doubt| (source.info.encoding.clone(), doubt))
        };
        let first = sources().find_map(guess)?;
        let differ = sources().filter_map(guess).any(|of| of != first);
        if !differ || self.sources.iter().any(|source| source.input.is_stdin()) {
            return None;
        }
        let lines = sources().filter_map(|source| source.info.guess.as_ref());
        Some(lines.flat_map(|guess| guess.lines.iter().copied()).collect())
    }

    /// Opens all files in the light of what is known of their export.
    fn open_as(config: &Config, options: &ReadOptions, rules: &ColumnRules) -> Result<Inputs> {
        let overrides = overrides(config)?;
        let of_reports = ReadOptions { export: None, ..options.clone() };
        let mut intake = Inputs::default();
        for (kind, path) in &config.reports {
            let forced = kind.map(Forced::Report);
            intake.add(path, (Side::Report, forced), &of_reports, &overrides, rules)?;
        }
        for (paths, forced) in [
            (&config.crm, None),
            (&config.accounts, Some(Forced::Accounts)),
            (&config.contacts, Some(Forced::Contacts)),
            (&config.suppress, Some(Forced::Suppression)),
            (&config.deals, Some(Forced::Deals)),
        ] {
            for path in paths {
                intake.add(path, (Side::Crm, forced), options, &overrides, rules)?;
            }
        }
        intake.settle();
        intake.forget_read();
        intake.suspect(rules);
        Ok(intake)
    }

    /// Refuses standard input that is named twice: it can be read only once.
    fn check_standard_input(config: &Config) -> Result<()> {
        let reports = config.reports.iter().map(|(_, path)| path);
        let others =
            [&config.crm, &config.accounts, &config.contacts, &config.suppress, &config.deals];
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
            return Err(keeps_out(&left.file, &left.reason));
        }
        self.left_alone.extend(left_alone);
        for input in inputs {
            match Opened::of(&input, asked, options, overrides, rules) {
                Ok(opened) => {
                    self.left_alone.extend(opened.left_alone);
                    for source in opened.sources {
                        self.take(source, asked, options, overrides, rules)?;
                    }
                }
                Err(Error::Damaged { file, found, .. }) if !input.named => {
                    if asked.0 == Side::Crm {
                        return Err(keeps_out(&file, &found));
                    }
                    self.left_alone.push(LeftAlone::new(file, found, MayBe::Damaged));
                }
                Err(error @ (Error::MissingColumn { .. } | Error::Unusable { .. }))
                    if !input.named =>
                {
                    if asked.0 == Side::Crm && begins_with_somebody(&input, options) {
                        return Err(headless(&input));
                    }
                    let reason = reason(&error, &input.display());
                    self.left_alone.push(LeftAlone::new(input.display(), reason, MayBe::Ours));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes a table, unless it is none of ours.
    fn take(
        &mut self,
        source: Source,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<()> {
        let (reason, is_misplaced) = match source.what {
            Recognised::LeftAlone(reason) => (reason, false),
            Recognised::Misplaced(reason) => (reason, true),
            _ => {
                self.sources.push(source);
                return Ok(());
            }
        };
        let input = source.input;
        if !input.named {
            let may_be = match asked.0 {
                Side::Report if is_misplaced => MayBe::OfCrm,
                _ if is_misplaced => MayBe::OfReports,
                _ if source.denies => MayBe::Denying,
                _ => MayBe::Unknown,
            };
            self.left_alone.push(LeftAlone::new(input.display(), reason, may_be));
        } else if asked == (Side::Report, None) && !input.is_stdin() {
            // named by the user, who knows better
            let asked = (Side::Report, Some(Forced::Report(ReportKind::Generic)));
            self.sources.push(Source::open(&input, asked, options, overrides, rules)?);
        } else {
            return Err(Error::Unusable {
                file: input.display(),
                found: reason,
                todo:
                    "leave it out; or give it with `--accounts`, `--contacts` or `--deals`, if it holds these"
                        .into(),
            });
        }
        Ok(())
    }

    fn settle(&mut self) {
        let mut files: Vec<Recognised> =
            self.sources.iter().map(|source| source.what.clone()).collect();
        settle(&mut files);
        let lacks_ids = |of: &Recognised| match of {
            Recognised::Accounts(layout) | Recognised::Both(layout, _) => {
                !layout.layout().has(Field::Id)
            }
            _ => true,
        };
        if files.iter().all(lacks_ids) {
            for file in &mut files {
                if let Recognised::Contacts(layout) = file {
                    layout.join_by_name_alone();
                }
            }
        }
        for (source, what) in self.sources.iter_mut().zip(files) {
            source.what = what;
        }
    }

    /// Forgets files of the other side that were given to that side too.
    fn forget_read(&mut self) {
        let Inputs { sources, left_alone } = self;
        let is_read = |file: &str| sources.iter().any(|source| source.input.display() == file);
        left_alone.retain(|left| {
            !matches!(left.may_be, MayBe::OfCrm | MayBe::OfReports) || !is_read(&left.file)
        });
    }

    /// Notices lists of denials among the files that are not read.
    fn suspect(&mut self, rules: &ColumnRules) {
        for left in &mut self.left_alone {
            if matches!(left.may_be, MayBe::Unknown | MayBe::Sheet)
                && rules.is_named_list_of_denials(&left.file)
            {
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

    fn holds(&self, wanted: fn(&Recognised) -> bool) -> bool {
        self.sources.iter().any(|source| wanted(&source.what))
    }

    fn check_reports(&self, config: &Config) -> Result<()> {
        if self.holds(|what| matches!(what, Recognised::Report(..))) {
            return Ok(());
        }
        let usual = "give a report with `--reports PATH`, or its kind with `--report azure=PATH`; the \
                     CRM's files belong to `--crm`";
        Err(Error::Unusable {
            file: list(config.reports.iter().map(|(_, path)| path)),
            found: "no propensity report found there".into(),
            todo: self.swapped().unwrap_or_else(|| usual.into()),
        })
    }

    fn check_accounts(&self, config: &Config) -> Result<()> {
        if self.holds(|what| matches!(what, Recognised::Accounts(_) | Recognised::Both(..))) {
            return Ok(());
        }
        Err(Error::Unusable {
            file: list(config.crm.iter().chain(&config.accounts).chain(&config.contacts)),
            found: "no CRM accounts found there".into(),
            todo: self.swapped().unwrap_or_else(|| {
                "export the accounts too, or give their file with `--accounts PATH`".into()
            }),
        })
    }

    /// What to do where files stand on the wrong side.
    fn swapped(&self) -> Option<String> {
        let strayed = |of| self.left_alone.iter().find(|left| left.may_be == of);
        match (strayed(MayBe::OfCrm), strayed(MayBe::OfReports)) {
            (Some(_), Some(_)) => Some("the paths of `--reports` and `--crm` are swapped".into()),
            (Some(left), None) | (None, Some(left)) => {
                Some(format!("{} is {}", left.file, left.reason))
            }
            (None, None) => None,
        }
    }

    /// Refuses files that have changed since they were first opened: a file is read more than once,
    /// and a denial that was added in between would count in one reading only.
    ///
    /// # Errors
    ///
    /// Names the first that has changed.
    pub(crate) fn unchanged(&self) -> Result<()> {
        let mut files = self.sources.iter().filter(|source| !source.input.is_stdin());
        match files.find(|source| source.has_changed()) {
            None => Ok(()),
            Some(source) => Err(Error::Unusable {
                file: slashed(&source.input.path),
                found: "has changed while it was read; nothing was published".into(),
                todo: "wait until nobody writes to it, and run again".into(),
            }),
        }
    }

    /// Whether the paths hold the same tables now, each file as it was.
    #[cfg(feature = "browser")]
    pub(crate) fn are(&self, now: &Inputs) -> bool {
        let table = |source: &Source| {
            (source.input.path.clone(), source.info.file.clone(), source.stamp.clone())
        };
        let alone =
            |of: &Inputs| of.left_alone.iter().map(|of| of.file.clone()).collect::<Vec<_>>();
        !self.sources.iter().any(|source| source.input.is_stdin())
            && self.sources.iter().map(table).eq(now.sources.iter().map(table))
            && alone(self) == alone(now)
    }

    /// The tables whose content fits, with their position.
    pub(crate) fn which<'s>(
        &'s self,
        fits: impl Fn(&Recognised) -> bool + 's,
    ) -> impl Iterator<Item = (usize, &'s Source)> + 's {
        self.sources.iter().enumerate().filter(move |(_, source)| fits(&source.what))
    }
}

/// What the user says of columns.
///
/// # Errors
///
/// When a value names no field.
pub(crate) fn overrides(config: &Config) -> Result<Overrides> {
    let columns = config.columns.iter().map(|(field, header)| format!("{field}={header}"));
    Overrides::parse(&columns.collect::<Vec<_>>())
}

/// Paths as a message names them.
fn list<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> String {
    paths.map(|path| slashed(path)).collect::<Vec<_>>().join(", ")
}

/// What a file holds: one table, or a workbook's sheets.
#[derive(Default)]
pub(crate) struct Opened {
    /// The tables; none of ours where it is the only one.
    pub(crate) sources: Vec<Source>,
    /// The sheets that are not read.
    pub(crate) left_alone: Vec<LeftAlone>,
}

impl Opened {
    /// Opens a file and recognises what it holds; of a workbook each sheet, where the user named
    /// none.
    ///
    /// # Errors
    ///
    /// When it cannot be read or its columns stay ambiguous.
    pub(crate) fn of(
        input: &Input,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<Opened> {
        let opened = Opened::whole(input, asked, options, overrides, rules)?;
        let mut parts = Opened { left_alone: opened.left_alone, ..Opened::default() };
        for source in opened.sources {
            parts.sources.extend(source.parts(asked, options, overrides, rules)?);
        }
        Ok(parts)
    }

    /// As [`Opened::of`], a table of companies and people in one.
    fn whole(
        input: &Input,
        asked: Asked,
        options: &ReadOptions,
        overrides: &Overrides,
        rules: &ColumnRules,
    ) -> Result<Opened> {
        let open = |input: &Input, asked| Source::open(input, asked, options, overrides, rules);
        let mut first = open(input, asked);
        let has_others = match &first {
            Ok(source) => !source.info.other_sheets.is_empty(),
            Err(_) => input.sheets().is_ok_and(|sheets| sheets.len() > 1),
        };
        if has_others && options.sheet.is_none() {
            let header = first.as_ref().map_or(&[][..], |first| &first.info.header);
            let open = |sheet: &Input| match asked {
                (_, None | Some(Forced::Suppression)) => open(sheet, asked),
                (side, Some(_)) => {
                    let found = open(sheet, (side, None));
                    let is_like_first = |found: &Source| found.info.header == header;
                    if found.as_ref().is_ok_and(|of| !is_like_first(of)) {
                        found
                    } else {
                        open(sheet, asked)
                    }
                }
            };
            let opened = Opened::sheets(input, open)?;
            if !opened.sources.is_empty() {
                return Ok(opened);
            }
        } else if has_others && let Ok(source) = &mut first {
            let others = source.info.other_sheets.join(", ");
            source.info.notes.push(format!("other sheets were not read: {others}"));
        }
        Ok(Opened { sources: vec![first?], left_alone: Vec::new() })
    }

    /// Opens each sheet of a workbook.
    fn sheets(input: &Input, open: impl Fn(&Input) -> Result<Source>) -> Result<Opened> {
        let mut opened = Opened::default();
        for Sheet { name, holds } in input.sheets()? {
            let sheet = input.of_sheet(&name);
            match holds {
                Holds::Nothing => {
                    let left = LeftAlone::new(sheet.display(), "an empty sheet", MayBe::Foreign);
                    opened.left_alone.push(left);
                }
                Holds::Text => opened.leave(&sheet, "no line of it is a header"),
                Holds::Table => match open(&sheet) {
                    Ok(Source {
                        what: Recognised::LeftAlone(reason) | Recognised::Misplaced(reason),
                        ..
                    }) => opened.leave(&sheet, reason),
                    Ok(source) => opened.sources.push(source),
                    Err(error @ (Error::MissingColumn { .. } | Error::Unusable { .. })) => {
                        opened.leave(&sheet, reason(&error, &sheet.display()));
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        opened.leave_summaries();
        Ok(opened)
    }

    /// Leaves sheets alone that tell little of what they hold, where others tell more: a count of
    /// names is no list of accounts.
    fn leave_summaries(&mut self) {
        let keeps_first = !self.sources.iter().any(Source::is_telling);
        for (at, source) in std::mem::take(&mut self.sources).into_iter().enumerate() {
            if source.is_telling() || (keeps_first && at == 0) {
                self.sources.push(source);
            } else {
                let kind = source.what.kind();
                let reason = format!("of {kind} it has hardly a column: it may be a summary");
                self.leave(&source.input, reason);
            }
        }
    }

    fn leave(&mut self, sheet: &Input, reason: impl Into<String>) {
        self.left_alone.push(LeftAlone::new(sheet.display(), reason, MayBe::Sheet));
    }
}

/// The error of a file of the CRM that was found and cannot be read whole: it may hold denials.
fn keeps_out(file: &str, found: &str) -> Error {
    Error::Unusable {
        file: file.into(),
        found: format!("{found}: nobody knows whom it keeps out of the lists"),
        todo: "close it in other programs, take its password away, or get it again; else take it out of \
               the folder"
            .into(),
    }
}

/// Whether an address stands where the names of columns should.
fn begins_with_somebody(input: &Input, options: &ReadOptions) -> bool {
    let options = ReadOptions { progress: None, ..options.clone() };
    input.open(&options).is_ok_and(|table| name_somebody(&table.info().header))
}

/// The error of people in a file without a header, of which nobody knows what they deny.
fn headless(input: &Input) -> Error {
    Error::Unusable {
        file: input.display(),
        found: "its first line holds an e-mail address, not the names of columns: nobody knows whom \
                it keeps out of the lists"
            .into(),
        todo: "add a first line with the names of the columns; or give it with `--suppress`, if nobody \
               in it may be written to; else take it out of the folder"
            .into(),
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
