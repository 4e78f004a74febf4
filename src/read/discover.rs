//! Paths to tables: folders and archives are looked into, what holds no table is skipped.

use std::{
    collections::HashSet,
    fs,
    io::{self, ErrorKind},
    path::{Component, Path, PathBuf},
};

use glob::{MatchOptions, glob_with};

use super::{Input, ReadOptions, archive, encoding, open::Look, windows};
use crate::error::{Error, Result, slashed};

/// A file or member that was found but is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftAlone {
    /// The file as the user knows it.
    pub(crate) file: String,
    /// Why, as a lower-case phrase.
    pub(crate) reason: String,
    /// What it may be.
    pub(crate) may_be: MayBe,
}

/// What a file that is not read may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MayBe {
    /// None of ours.
    Foreign,
    /// A kind of file that holds no table as a rule.
    Unknown,
    /// A table of ours, in a form that is not read.
    Ours,
    /// A list of people who must not be written to, by its name.
    Denials,
    /// Records of people, such as the members of a campaign, of which one denies.
    Denying,
    /// A table of ours that is damaged or locked.
    Damaged,
    /// A file of the CRM among the reports.
    OfCrm,
    /// A report among the files of the CRM.
    OfReports,
    /// A sheet of a workbook that is read but for it.
    Sheet,
}

impl LeftAlone {
    /// A file that is not read.
    pub(crate) fn new(
        file: impl Into<String>,
        reason: impl Into<String>,
        may_be: MayBe,
    ) -> LeftAlone {
        LeftAlone { file: file.into(), reason: reason.into(), may_be }
    }
}

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Delimited text, a workbook, either perhaps compressed.
    Table,
    /// A folder of members.
    Archive,
    /// Nothing to read, and why.
    NoTable(&'static str),
    /// A table in a form that is not read, and what to do.
    OtherTable(&'static str),
    /// The name does not say.
    Unknown,
}

impl Kind {
    /// Recognises the kind by a path or a member's name.
    pub(super) fn of(name: &str) -> Kind {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
        if base.starts_with("~$") {
            return Kind::NoTable("a lock file of an opened workbook");
        }
        if matches!(base.as_str(), "desktop.ini" | "thumbs.db" | ".ds_store") {
            return Kind::NoTable("a file of the system");
        }
        if base.starts_with('.') || name.split(['/', '\\']).any(|part| part == "__MACOSX") {
            return Kind::NoTable("a hidden file");
        }
        let plain = base.strip_suffix(".gz").or_else(|| base.strip_suffix(".zst"));
        match plain.unwrap_or(&base).rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv" | "tsv" | "tab" | "txt") => Kind::Table,
            Some("parquet" | "pq" | "arrow" | "arrows" | "ipc" | "feather") if plain.is_none() => {
                Kind::Table
            }
            Some("xlsx" | "xlsm" | "xls" | "ods") if plain.is_none() => Kind::Table,
            Some("zip") if plain.is_none() => Kind::Archive,
            Some("xlsb") => Kind::OtherTable("a binary workbook; save it as .xlsx"),
            Some("numbers") => Kind::OtherTable("a Numbers document; export it as .xlsx or CSV"),
            _ => Kind::Unknown,
        }
    }
}

/// Expands files, folders and archives to the tables in them.
///
/// The paths keep their order; what a folder or an archive holds is sorted byte-wise by its path.
/// A file that is reached twice is read once.
///
/// # Errors
///
/// A path that does not exist, or was named and holds no table; an encoding that does not exist.
pub(crate) fn discover(
    paths: &[PathBuf],
    options: &ReadOptions,
) -> Result<(Vec<Input>, Vec<LeftAlone>)> {
    for (_, name) in &options.encoding {
        encoding::named(name)?;
    }
    let mut found = Found::default();
    for path in paths {
        for path in expanded(path)? {
            found.named(&path)?;
        }
    }
    Ok((found.inputs, found.left_alone))
}

/// The paths that a pattern stands for, such as `reports/*.csv`, where nothing has this very name:
/// the shells of Windows leave patterns to the program. Any other path stands for itself.
fn expanded(path: &Path) -> Result<Vec<PathBuf>> {
    let is_wild = |part: Component<'_>| match part {
        Component::Normal(name) => name.to_string_lossy().contains(['*', '?']),
        _ => false,
    };
    let is_pattern = path.to_str().is_some() && path.components().any(is_wild);
    if !is_pattern || fs::symlink_metadata(path).is_ok() {
        return Ok(vec![path.to_owned()]);
    }
    // brackets are a part of names, as in the shells of Windows
    let literal = |c: char| if matches!(c, '[' | ']') { format!("[{c}]") } else { c.into() };
    let pattern: String = slashed(path).chars().map(literal).collect();
    let options = MatchOptions {
        case_sensitive: !cfg!(windows),
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let none = |found: &str| Error::Unusable {
        file: slashed(path),
        found: found.into(),
        todo: "check the spelling of the pattern".into(),
    };
    let matches = glob_with(&pattern, options).map_err(|error| none(error.msg))?;
    let matched = matches.map(|entry| {
        entry.map_err(|error| Error::Io { path: error.path().to_owned(), source: error.into() })
    });
    let paths: Vec<PathBuf> = matched.collect::<Result<_>>()?;
    if paths.is_empty() { Err(none("no file or folder fits this pattern")) } else { Ok(paths) }
}

#[derive(Default)]
struct Found {
    inputs: Vec<Input>,
    left_alone: Vec<LeftAlone>,
    seen: HashSet<PathBuf>,
}

impl Found {
    /// A path that the user named.
    fn named(&mut self, path: &Path) -> Result<()> {
        if path == Path::new("-") {
            self.inputs.push(Input::named("-"));
            return Ok(());
        }
        let meta = fs::metadata(path).map_err(|source| missing(path, source))?;
        if !is_ordinary(path, &meta) {
            return Err(not_ordinary(path));
        }
        let before = self.inputs.len();
        if meta.is_dir() {
            self.folder(path)?;
            let all_seen = self.inputs.len() > before || !self.seen.is_empty();
            return if all_seen { Ok(()) } else { Err(no_table_inside(path, "the folder")) };
        }
        match Kind::of(&name(path)) {
            Kind::NoTable(reason) | Kind::OtherTable(reason) => Err(Error::Unusable {
                file: slashed(path),
                found: reason.into(),
                todo: "give a CSV file, a workbook, or a folder or .zip of them".into(),
            }),
            Kind::Archive => {
                self.archive(path, true)?;
                let none = self.inputs.len() == before;
                if none { Err(no_table_inside(path, "the archive")) } else { Ok(()) }
            }
            Kind::Table | Kind::Unknown => {
                if self.is_new(path) {
                    self.inputs.push(Input::named(path));
                }
                Ok(())
            }
        }
    }

    /// All files below a folder.
    fn folder(&mut self, folder: &Path) -> Result<()> {
        let mut files = Vec::new();
        list(folder, &mut files, &mut self.left_alone)?;
        // the same order on every system, whatever parts its paths
        files.sort_by_cached_key(|file| (slashed(file), file.clone()));
        for file in files {
            match Kind::of(&name(&file)) {
                Kind::Table if self.is_new(&file) => {
                    self.found(Input { named: false, ..Input::named(file) });
                }
                Kind::Table => {}
                Kind::Archive => self.archive(&file, false)?,
                other => self.leave_kind(slashed(&file), other),
            }
        }
        Ok(())
    }

    /// All members of an archive.
    fn archive(&mut self, path: &Path, named: bool) -> Result<()> {
        if !self.is_new(path) {
            return Ok(());
        }
        let members = match archive::members(path) {
            Ok(members) => members,
            Err(error) if named => return Err(error),
            Err(error) => {
                let file = slashed(path);
                let reason = error.to_string();
                let reason = reason.strip_prefix(&format!("{file}: ")).unwrap_or(&reason);
                self.leave(file, reason, MayBe::Damaged);
                return Ok(());
            }
        };
        for member in members {
            let kind = Kind::of(&member.name);
            let input = Input {
                path: path.to_owned(),
                member: Some(member.name),
                sheet: None,
                named: false,
                place: Some(member.place),
            };
            match (kind, member.unreadable) {
                (Kind::Table, Some(reason)) => {
                    self.leave(input.display(), reason, MayBe::Damaged);
                }
                (_, Some(reason)) => self.leave(input.display(), reason, MayBe::Unknown),
                (Kind::Table, None) => self.found(input),
                (other, None) => self.leave_kind(input.display(), other),
            }
        }
        Ok(())
    }

    /// A file or member that has the name of a table.
    fn found(&mut self, input: Input) {
        match input.look() {
            Look::Table => self.inputs.push(input),
            Look::Empty => self.leave(input.display(), "an empty file", MayBe::Foreign),
            Look::Other(reason) => self.leave(input.display(), reason, MayBe::Ours),
            Look::Unreadable(reason) => self.leave(input.display(), reason, MayBe::Damaged),
        }
    }

    /// A file or member that has another name than tables have.
    fn leave_kind(&mut self, file: String, kind: Kind) {
        let (reason, may_be) = match kind {
            Kind::NoTable(reason) => (reason, MayBe::Foreign),
            Kind::OtherTable(reason) => (reason, MayBe::Ours),
            Kind::Archive => ("an archive inside an archive", MayBe::Ours),
            Kind::Table | Kind::Unknown => ("no kind of file that is read", MayBe::Unknown),
        };
        self.leave(file, reason, may_be);
    }

    fn leave(&mut self, file: String, reason: impl Into<String>, may_be: MayBe) {
        self.left_alone.push(LeftAlone::new(file, reason, may_be));
    }

    /// Whether a file was not reached before.
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }
}

/// Lists the files below a folder; folders that are links are not followed.
fn list(folder: &Path, files: &mut Vec<PathBuf>, left: &mut Vec<LeftAlone>) -> Result<()> {
    refuse_table_of_versions(folder)?;
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(Error::io(entry.path()))?);
        let mut leave = |reason| {
            left.push(LeftAlone::new(slashed(&path), reason, MayBe::Foreign));
        };
        let leads_nowhere =
            || fs::metadata(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if kind.is_dir() && name(&path).starts_with('.') {
            leave("a hidden folder");
        } else if kind.is_dir() && is_result(&path) {
            leave("a folder of results of this program");
        } else if kind.is_dir() {
            list(&path, files, left)?;
        } else if kind.is_symlink() && path.is_dir() {
            leave("a link to a folder");
        } else if kind.is_symlink() && leads_nowhere() {
            leave("a link to nowhere");
        } else if fs::metadata(&path).is_ok_and(|meta| !meta.is_file()) {
            leave(NOT_ORDINARY);
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Folders by which a folder of part files is a table with versions, and what it is then.
const TABLES_OF_VERSIONS: [(&str, &str); 2] = [("_delta_log", "Delta"), (".hoodie", "Hudi")];

/// Refuses a folder whose part files may hold rows that were deleted or replaced since: only a log
/// beside them tells.
fn refuse_table_of_versions(folder: &Path) -> Result<()> {
    let has_log = |(log, _): &&(&str, &str)| folder.join(log).is_dir();
    let is_iceberg = || {
        let files = fs::read_dir(folder.join("metadata")).into_iter().flatten().flatten();
        let mut names = files.map(|file| name(&file.path()));
        names.any(|name| name.ends_with(".metadata.json"))
    };
    let kind = TABLES_OF_VERSIONS.iter().find(has_log).map(|(_, kind)| *kind);
    let Some(kind) = kind.or_else(|| is_iceberg().then_some("Iceberg")) else { return Ok(()) };
    Err(Error::Unusable {
        file: slashed(folder),
        found: format!(
            "a {kind} table: its files may hold rows that were deleted or replaced since, and only \
             its log tells"
        ),
        todo:
            "export what it holds now, such as with `spark.table(...).write.parquet(...)`, or read \
               it with `crm_reconcile.spark`"
                .into(),
    })
}

/// Why a pipe or a device is not read.
const NOT_ORDINARY: &str = "no ordinary file but a pipe, a device or a file of the system";

/// Whether a path is a folder or a file of bytes that can be read again: a pipe would be read for
/// ever, and what the system shows below `/proc` changes as it is read.
fn is_ordinary(path: &Path, meta: &fs::Metadata) -> bool {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let of_system = ["/proc", "/sys", "/dev"].iter().any(|system| whole.starts_with(system));
    (meta.is_dir() || meta.is_file()) && !of_system && !is_device(path)
}

/// Whether Windows takes a path for a device, whatever folder it stands in.
fn is_device(path: &Path) -> bool {
    cfg!(windows) && windows::is_device(&name(path))
}

/// Whether a folder is one that this program wrote, finished or not: with everything kept in one
/// place, last month's lists must not come back as records of the CRM.
fn is_result(folder: &Path) -> bool {
    let holds = |file: &str| folder.join(file).is_file();
    holds(RESULT_MARK) || (holds("summary.json") && holds("links.csv"))
}

/// The file that marks a folder of results, finished or not.
pub(crate) const RESULT_MARK: &str = ".reconcile";

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn not_ordinary(path: &Path) -> Error {
    Error::Unusable {
        file: slashed(path),
        found: NOT_ORDINARY.into(),
        todo: "save its output as a file; accounts may come from standard input: `--crm -`".into(),
    }
}

fn missing(path: &Path, source: io::Error) -> Error {
    if is_device(path) {
        return not_ordinary(path);
    }
    if source.kind() != ErrorKind::NotFound {
        return Error::Io { path: path.to_owned(), source };
    }
    Error::Unusable {
        file: slashed(path),
        found: "no such file or folder".into(),
        todo: "check the spelling of the path".into(),
    }
}

fn no_table_inside(path: &Path, what: &str) -> Error {
    Error::Unusable {
        file: slashed(path),
        found: format!("{what} holds no table"),
        todo: "give a CSV file, a workbook, or a folder or .zip of them".into(),
    }
}
