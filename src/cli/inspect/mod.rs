//! `reconcile inspect`: what a user runs first when something looks wrong.

mod print;
mod sample;

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use self::sample::{is_of_a_company, samples};
use super::match_::file_and_encoding;
use crate::{
    columns::{ColumnRules, Field, Overrides, Recognised, ReportKind, Side, are_data, fold_header},
    crm::Permission,
    error::{Error, Result},
    inputs::{Opened, Source, mended_note},
    problem::{Outcome, Problem},
    read::{Batch, Input, ReadOptions, discover},
    report::{CustomersBuilder, Period, ReportRules, ReportSource},
    run::{Rules, accounts::people_note},
};

pub(crate) const EXAMPLES: &str = "\
Examples:
  How are the files of two folders understood?
    reconcile inspect reports/ crm/

  Does naming a column settle the warning?
    reconcile inspect crm/Contact.csv --column \"email-opt-out=Keine Werbung\"

  Does another encoding read it correctly?
    reconcile inspect crm/Account.csv --encoding windows-1252

Sample values are shown for columns about companies, never for columns about people.";

/// Problems of a file that are kept; all are in `problems.csv` of a run.
const MOST_PROBLEMS: usize = 20;

/// The flags of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Files, folders or archives.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// What a column holds, where its header was not recognised: FIELD=HEADER.
    #[arg(long, value_name = "FIELD=HEADER")]
    column: Vec<String>,
    /// The encoding of all files or of one, instead of the detected one: NAME or FILE=NAME.
    #[arg(long, value_name = "[FILE=]NAME")]
    encoding: Vec<String>,
    /// The sheet to read in workbooks.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// A folder with rule tables that replace those of the same name.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// How one file was understood.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Inspected {
    pub(crate) file: String,
    pub(crate) kind: String,
    /// The CRM in whose manner it is written; empty for none in particular.
    pub(crate) crm: String,
    pub(crate) encoding: String,
    pub(crate) encoding_reason: String,
    pub(crate) dialect: String,
    pub(crate) title_lines: u64,
    pub(crate) footer_lines: u64,
    pub(crate) rows: u64,
    pub(crate) problem_rows: u64,
    pub(crate) problems: Vec<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) columns_not_needed: Vec<String>,
    pub(crate) columns_left_alone: Vec<String>,
    pub(crate) consent_columns: Vec<String>,
    /// How the consent columns of people were understood.
    pub(crate) email_permission: Option<Permissions>,
    pub(crate) areas: Vec<String>,
    pub(crate) has_clusters: bool,
    pub(crate) cluster_columns: Vec<String>,
    pub(crate) fit_and_intent_columns: Vec<String>,
    pub(crate) cohorts: Vec<String>,
    pub(crate) warnings: Vec<Doubt>,
    pub(crate) notes: Vec<String>,
    pub(crate) left_alone_reason: Option<String>,
}

/// A column and the field that it stands for.
#[derive(Debug, Serialize)]
pub(crate) struct Column {
    #[serde(skip)]
    pub(crate) at: usize,
    pub(crate) header: String,
    #[serde(skip)]
    kind: Field,
    pub(crate) field: &'static str,
    /// A value of it; never of a column about people.
    pub(crate) sample: Option<String>,
    /// Whether it holds companies only.
    #[serde(skip)]
    pub(crate) of_a_company: bool,
}

/// Rows of people by their permission for e-mail.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Permissions {
    pub(crate) allowed: u64,
    pub(crate) not_denied: u64,
    pub(crate) denied: u64,
    pub(crate) unknown: u64,
}

/// Something that is in doubt, and what settles it.
#[derive(Debug, Serialize)]
pub(crate) struct Doubt {
    pub(crate) found: String,
    pub(crate) settled_by: Option<String>,
}

pub(crate) fn run(args: InspectArgs) -> Result<Outcome> {
    let encoding = args.encoding.iter().map(|value| file_and_encoding(value)).collect();
    let options = ReadOptions { encoding, sheet: args.sheet, ..ReadOptions::default() };
    let rules = Rules::load(args.rules.as_deref(), &[])?;
    let overrides = Overrides::parse(&args.column)?;
    let files = inspected(&args.paths, &options, &overrides, &rules)?;
    check_columns(&overrides, &files)?;
    if args.json {
        print::json(&files)?
    } else {
        print::text(&files)?
    }
    Ok(Outcome::Complete)
}

/// How the files of some paths are understood, with what a person has said of columns.
///
/// # Errors
///
/// When a path or a rule table cannot be read.
#[cfg(feature = "browser")]
pub(crate) fn inspect_paths(paths: &[PathBuf], columns: &[String]) -> Result<Vec<Inspected>> {
    let overrides = Overrides::parse(columns)?;
    inspected(paths, &ReadOptions::default(), &overrides, &Rules::load(None, &[])?)
}

impl Inspected {
    /// A file that could not be looked at.
    #[cfg(feature = "browser")]
    pub(crate) fn failed(file: &str, error: &Error) -> Inspected {
        let doubt = Doubt { found: error.to_string(), settled_by: error.hint() };
        let (file, kind) = (file.to_owned(), "unknown".to_owned());
        Inspected { file, kind, warnings: vec![doubt], ..Inspected::default() }
    }
}

/// How each file of some paths is understood; those that are left alone come last.
fn inspected(
    paths: &[PathBuf],
    options: &ReadOptions,
    overrides: &Overrides,
    rules: &Rules,
) -> Result<Vec<Inspected>> {
    let (inputs, mut left_alone) = discover(paths, options)?;
    options.check_files(inputs.iter())?;
    let mut files = Vec::new();
    for input in &inputs {
        let asked = (Side::Either, None);
        match Opened::of(input, asked, options, overrides, &rules.columns) {
            Ok(opened) => {
                for source in &opened.sources {
                    files.push(inspect(source, options, rules)?);
                }
                left_alone.extend(opened.left_alone);
            }
            Err(error) => files.push(undecided(input, options, &error)?),
        }
    }
    files.extend(left_alone.into_iter().map(|file| Inspected {
        file: file.file,
        kind: "left alone".into(),
        left_alone_reason: Some(file.reason),
        ..Inspected::default()
    }));
    Ok(files)
}

/// Refuses `--column` with a header that no file has.
fn check_columns(overrides: &Overrides, files: &[Inspected]) -> Result<()> {
    let headers = files.iter().flat_map(|file| {
        let known = file.columns.iter().map(|column| column.header.as_str());
        let others = [&file.columns_not_needed, &file.columns_left_alone, &file.cohorts];
        let parts = [&file.cluster_columns, &file.fit_and_intent_columns];
        known.chain(others.into_iter().chain(parts).flatten().map(String::as_str))
    });
    match overrides.unused(headers).first() {
        None => Ok(()),
        Some(entry) => Err(Error::Setting {
            flag: format!("--column {entry}"),
            found: "no file has a column of this name".into(),
            todo: "write the header as it stands in the file; without the flag all are shown"
                .into(),
        }),
    }
}

/// Reads one file to its end.
fn inspect(source: &Source, options: &ReadOptions, rules: &Rules) -> Result<Inspected> {
    let mut file = about(source);
    let mut report = report(source, rules);
    let (mut people, mut mended) = (0, 0);
    for batch in source.batches(options)? {
        let mut batch = batch?;
        source.mend(&mut batch);
        mended += batch.mended;
        file.rows += batch.len() as u64;
        file.footer_lines += batch.footer_lines;
        file.problem_rows += batch.problems.iter().filter(|of| of.record_lost).count() as u64;
        let room = MOST_PROBLEMS.saturating_sub(file.problems.len());
        file.problems.extend(batch.problems.iter().take(room).map(place_and_problem));
        file.notes.extend(batch.notes.iter().cloned());
        samples(&mut file.columns, source, rules, &batch);
        permissions(&mut file, source, rules, &batch);
        if let Recognised::Accounts(layout) = &source.what {
            let is_person = |row| layout.account(row, rules.columns.words()).is_person;
            people += batch.rows().filter(|row| is_person(*row)).count() as u64;
        }
        if let Some(builder) = &mut report {
            builder.add(0, &batch);
        }
    }
    file.notes.extend(mended_note(mended));
    if people > 0 {
        file.notes.push(people_note(people, file.rows));
    }
    if let Some(builder) = report {
        let (customers, _) = builder.finish()?;
        file.has_clusters = customers.has_clusters;
        (file.areas, file.cohorts) = (customers.areas, customers.cohorts);
        signals(&mut file);
    }
    Ok(file)
}

/// A problem with its line, where it is one of a line.
fn place_and_problem(problem: &Problem) -> String {
    match problem.line {
        0 => problem.what.clone(),
        line => format!("line {line}: {}", problem.what),
    }
}

/// Moves the columns of clusters, of fit and intent and of cohorts out of those left alone.
fn signals(file: &mut Inspected) {
    for header in std::mem::take(&mut file.columns_left_alone) {
        let folded = fold_header(&header);
        let of_an_area = file.areas.iter().any(|area| folded.starts_with(&fold_header(area)));
        if of_an_area && folded.ends_with("cluster") {
            file.cluster_columns.push(header);
        } else if of_an_area && (folded.ends_with("fit") || folded.ends_with("intent")) {
            file.fit_and_intent_columns.push(header);
        } else if !file.cohorts.contains(&header) {
            file.columns_left_alone.push(header);
        }
    }
}

/// A file whose columns stay ambiguous, or that holds nothing that can be used: what cannot be
/// settled without the user is a doubt here, no error.
fn undecided(input: &Input, options: &ReadOptions, error: &Error) -> Result<Inspected> {
    let mut file =
        Inspected { file: input.display(), kind: "unknown".into(), ..Inspected::default() };
    if let Ok(table) = input.open(options) {
        let info = table.info();
        file.encoding.clone_from(&info.encoding);
        file.encoding_reason.clone_from(&info.encoding_reason);
        file.dialect.clone_from(&info.dialect);
        file.title_lines = info.title_lines;
        file.notes.clone_from(&info.notes);
        if !are_data(&info.header) {
            file.columns_left_alone.clone_from(&info.header);
        }
    }
    let found = error.to_string();
    let found = found.strip_prefix(&format!("{}: ", file.file)).unwrap_or(&found).to_owned();
    file.warnings.push(Doubt { found, settled_by: error.hint() });
    Ok(file)
}

/// What is known before the rows are read.
fn about(source: &Source) -> Inspected {
    let info = &source.info;
    let mut file = Inspected {
        file: info.file.clone(),
        kind: source.what.kind().into(),
        crm: source.dialect.name().into(),
        encoding: info.encoding.clone(),
        encoding_reason: info.encoding_reason.clone(),
        dialect: info.dialect.clone(),
        title_lines: info.title_lines,
        notes: info.notes.clone(),
        ..Inspected::default()
    };
    let doubt = |warning: &crate::columns::Warning| Doubt {
        found: warning.found.clone(),
        settled_by: warning.flag.clone(),
    };
    file.warnings = source.warnings.iter().map(doubt).collect();
    if let Recognised::LeftAlone(reason) | Recognised::Misplaced(reason) = &source.what {
        file.left_alone_reason = Some(reason.clone());
        return file;
    }
    let fields = fields(&source.what);
    for (at, header) in info.header.iter().enumerate() {
        let mut of_column = fields.iter().filter(|(column, _)| *column == at).peekable();
        if of_column.peek().is_none() {
            file.columns_left_alone.push(header.clone());
        }
        for (_, field) in of_column {
            column(&mut file, at, header, *field);
        }
    }
    for column in &mut file.columns {
        column.of_a_company = is_of_a_company(&source.what, column.at, column.kind);
    }
    file
}

fn column(file: &mut Inspected, at: usize, header: &str, field: Field) {
    let header = header.to_owned();
    if field == Field::Ignore {
        file.columns_not_needed.push(header);
        return;
    }
    if field.is_consent() {
        file.consent_columns.push(header.clone());
    }
    file.columns.push(Column {
        at,
        header,
        kind: field,
        field: field.word(),
        sample: None,
        of_a_company: false,
    });
}

/// Each recognised column by position; of a file of both, the columns of accounts and contacts.
fn fields(what: &Recognised) -> Vec<(usize, Field)> {
    let of = |layout: &crate::columns::Layout| -> Vec<(usize, Field)> {
        let columns = |field: &Field| layout.columns(*field).map(|at| (at, *field)).collect();
        Field::ALL.iter().flat_map(|field| -> Vec<_> { columns(field) }).collect()
    };
    let mut all = what.layout().map(of).unwrap_or_default();
    if let Recognised::Both(accounts, _) = what {
        let more = of(accounts.layout());
        let known: Vec<usize> = all.iter().map(|(at, _)| *at).collect();
        all.extend(more.into_iter().filter(|(at, _)| !known.contains(at)));
    }
    all.sort_unstable();
    all
}

/// Counts the people of a batch by what their consent columns say.
fn permissions(file: &mut Inspected, source: &Source, rules: &Rules, batch: &Batch) {
    let (Recognised::Contacts(layout)
    | Recognised::Leads(layout)
    | Recognised::Consents(layout)
    | Recognised::Both(_, layout)) = &source.what
    else {
        return;
    };
    let counts = file.email_permission.get_or_insert_default();
    for row in batch.rows() {
        let contact = layout.contact(row, rules.columns.words());
        *match contact.email_permission {
            Permission::Denied => &mut counts.denied,
            _ if contact.in_doubt => &mut counts.unknown,
            Permission::Allowed => &mut counts.allowed,
            Permission::NotDenied => &mut counts.not_denied,
            Permission::Unknown | Permission::Unclear => &mut counts.unknown,
        } += 1;
    }
}

/// A builder of customers for one report, to learn its areas and cohorts.
fn report<'r>(source: &Source, rules: &'r Rules) -> Option<CustomersBuilder<'r>> {
    let Recognised::Report(kind, layout) = &source.what else { return None };
    let (report_rules, columns): (&ReportRules, &ColumnRules) = (&rules.report, &rules.columns);
    let kind: ReportKind = *kind;
    let period = Period::find(&source.info.file).or_else(|| Period::new(2000, 1))?;
    let file = source.info.file.as_str().into();
    let source = ReportSource { kind, period, file, layout: layout.clone() };
    Some(CustomersBuilder::new(vec![source], false, report_rules, columns.words()))
}
