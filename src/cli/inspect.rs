//! `reconcile inspect`: what a user runs first when something looks wrong.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::inspect_print;
use crate::{
    columns::{ColumnRules, Field, Layout, Overrides, Recognised, Side, fold_header},
    error::{Error, Result},
    intake::Source,
    pipeline::Rules,
    problem::{Outcome, Problem},
    read::{Batch, Input, ReadOptions, discover},
    report::{CustomersBuilder, Period, ReportKind, ReportRules, ReportSource},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  How is everything in two folders understood?
    reconcile inspect reports/ crm/

  Does naming a column settle the warning?
    reconcile inspect crm/Contact.csv --column \"email-opt-out=Keine Werbung\"";

/// Problems of a file that are kept; all are in `problems.csv` of a run.
const MOST_PROBLEMS: usize = 20;

/// The flags of `inspect`.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// Files, folders or archives.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// What a column holds, where its header was not recognised: FIELD=HEADER.
    #[arg(long, value_name = "FIELD=HEADER")]
    column: Vec<String>,
    /// The encoding of all files, instead of the one found out.
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The sheet to read of workbooks.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// A folder with rule tables that replace those of the same name.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How one file was understood.
#[derive(Debug, Default, Serialize)]
pub(super) struct Inspected {
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) encoding: String,
    pub(super) encoding_reason: String,
    pub(super) dialect: String,
    pub(super) title_lines: u64,
    pub(super) rows: u64,
    pub(super) problem_rows: u64,
    pub(super) footer_lines: u64,
    pub(super) problems: Vec<String>,
    pub(super) columns: Vec<Column>,
    pub(super) columns_left_alone: Vec<String>,
    pub(super) consent_columns: Vec<String>,
    pub(super) areas: Vec<String>,
    pub(super) has_clusters: bool,
    pub(super) cohorts: Vec<String>,
    pub(super) warnings: Vec<Doubt>,
    pub(super) notes: Vec<String>,
    pub(super) left_alone_reason: Option<String>,
}

/// A column and the field that it stands for.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub(super) header: String,
    pub(super) field: &'static str,
    /// A value of it; never of a person's file or of a column about people.
    pub(super) sample: Option<String>,
}

/// Something that is in doubt, and what settles it.
#[derive(Debug, Serialize)]
pub(super) struct Doubt {
    pub(super) found: String,
    pub(super) settled_by: Option<String>,
}

pub(super) fn run(args: InspectArgs) -> Result<Outcome> {
    let options =
        ReadOptions { encoding: args.encoding, sheet: args.sheet, ..ReadOptions::default() };
    let rules = Rules::load(args.rules.as_deref(), &[])?;
    let overrides = Overrides::parse(&args.column)?;
    let (inputs, left_alone) = discover(&args.paths, &options)?;
    let mut files = Vec::new();
    for input in &inputs {
        files.push(inspect(input, &options, &overrides, &rules)?);
    }
    files.extend(left_alone.into_iter().map(|file| Inspected {
        file: file.file,
        kind: "left alone".into(),
        left_alone_reason: Some(file.reason),
        ..Inspected::default()
    }));
    if args.json {
        inspect_print::json(&files)?
    } else {
        inspect_print::text(&files)
    }
    Ok(Outcome::Complete)
}

/// Reads one file to its end. What cannot be settled without the user is a doubt, no error.
fn inspect(
    input: &Input,
    options: &ReadOptions,
    overrides: &Overrides,
    rules: &Rules,
) -> Result<Inspected> {
    let source = match Source::open(input, (Side::Either, None), options, overrides, &rules.columns)
    {
        Ok(source) => source,
        Err(error) => return undecided(input, options, &error),
    };
    let mut file = about(&source);
    let mut report = report(&source, rules);
    let layout = layout(&source.what);
    for batch in source.batches(options)? {
        let batch = batch?;
        file.rows += batch.len() as u64;
        file.problem_rows += batch.problems.iter().filter(|of| of.record_lost).count() as u64;
        file.footer_lines += batch.footer_lines;
        let room = MOST_PROBLEMS.saturating_sub(file.problems.len());
        file.problems.extend(batch.problems.iter().take(room).map(place_and_problem));
        file.notes.extend(batch.notes.iter().cloned());
        if let Some(layout) = layout {
            samples(&mut file.columns, layout, &source.what, &batch);
        }
        if let Some(builder) = &mut report {
            builder.add(0, &batch);
        }
    }
    if let Some(builder) = report {
        let (customers, _) = builder.finish()?;
        file.has_clusters = customers.has_clusters;
        (file.areas, file.cohorts) = (customers.areas, customers.cohorts);
        let is_part = |header: &str| {
            let header = fold_header(header);
            ["cluster", "fit", "intent"].iter().any(|part| header.ends_with(part))
        };
        let Inspected { columns_left_alone, cohorts, .. } = &mut file;
        columns_left_alone.retain(|header| !is_part(header) && !cohorts.contains(header));
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

/// A file whose columns stay ambiguous, or that holds nothing that can be used.
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
        file.columns_left_alone.clone_from(&info.header);
    }
    file.warnings.push(Doubt { found: error.to_string(), settled_by: error.hint() });
    Ok(file)
}

/// What is known before the rows are read.
fn about(source: &Source) -> Inspected {
    let info = &source.info;
    let mut file = Inspected {
        file: info.file.clone(),
        kind: source.what.kind().into(),
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
    if let Recognised::LeftAlone(reason) = &source.what {
        file.left_alone_reason = Some(reason.clone());
    }
    let Some(layout) = layout(&source.what) else { return file };
    let mut columns = layout.recognised_at();
    if let Recognised::Both(accounts, _) = &source.what {
        // A column of the contact's own comes first; the account's are told beside them.
        let mut of_accounts = accounts.layout().recognised_at();
        of_accounts.retain(|(at, _)| !columns.iter().any(|(of, _)| of == at));
        columns.extend(of_accounts);
        columns.sort_unstable();
    }
    let is_unknown = |at: &usize| !columns.iter().any(|(known, _)| known == at);
    let unknown = (0..layout.headers().len()).filter(is_unknown);
    file.columns_left_alone = unknown.map(|at| layout.headers()[at].clone()).collect();
    for (at, field) in columns {
        let header = layout.headers()[at].clone();
        if field.is_consent() {
            file.consent_columns.push(header.clone());
        }
        file.columns.push(Column { header, field: field.word(), sample: None });
    }
    file
}

/// The columns that a file is read by; of a file of both those of the contacts.
fn layout(what: &Recognised) -> Option<&Layout> {
    match what {
        Recognised::Report(_, of) => Some(of.layout()),
        Recognised::Accounts(of) => Some(of.layout()),
        Recognised::Contacts(of)
        | Recognised::Leads(of)
        | Recognised::Individuals(of)
        | Recognised::Suppression(of) => Some(of.layout()),
        Recognised::Both(_, of) => Some(of.layout()),
        Recognised::LeftAlone(_) => None,
    }
}

/// Takes the first filled cell of each company column that has no sample yet.
fn samples(columns: &mut [Column], layout: &Layout, what: &Recognised, batch: &Batch) {
    if !matches!(what, Recognised::Report(..) | Recognised::Accounts(_)) {
        return;
    }
    let mut places: Vec<(usize, Field)> =
        Field::ALL.iter().flat_map(|field| layout.columns(*field).map(|at| (at, *field))).collect();
    places.sort_unstable();
    for (column, (at, field)) in columns.iter_mut().zip(places) {
        if column.sample.is_none() && is_of_a_company(field) {
            let mut cells = batch.rows().map(|row| row.cell(at)).filter(|cell| !cell.is_empty());
            column.sample = cells.next().map(str::to_owned);
        }
    }
}

/// Whether a field never holds a person: no name, address or number of one, no colleague.
fn is_of_a_company(field: Field) -> bool {
    use Field::*;
    matches!(
        field,
        Id | Name
            | Domain
            | Website
            | TenantDomain
            | City
            | State
            | PostalCode
            | Country
            | MicrosoftId
            | Tpid
            | TenantId
            | Duns
            | OrgSize
            | SubSegment
            | SmcType
            | Industry
            | Vertical
            | AgreementId
            | AgreementEnd
            | Program
            | Product
            | ExpirationType
            | ExpiringRevenue
    )
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
