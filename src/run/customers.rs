//! All reports, their rows merged per customer.

use super::Rules;
use crate::{
    columns::Recognised,
    config::Config,
    error::Result,
    history::ReportRead,
    inputs::{Inputs, RunLog, Source},
    read::Input,
    report::{Customers, CustomersBuilder, Period, ReportSource},
};

/// Reads all reports and merges their rows per customer.
///
/// # Errors
///
/// When a report cannot be read, or reports of several periods share customers.
pub(super) fn read_customers(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    log: &mut RunLog,
) -> Result<Customers> {
    let reports: Vec<(usize, &Source)> =
        inputs.which(|what| matches!(what, Recognised::Report(..))).collect();
    let sources = reports.iter().filter_map(|(_, source)| match &source.what {
        Recognised::Report(kind, layout) => Some(ReportSource {
            kind: *kind,
            period: period(config, source),
            file: source.info.file.as_str().into(),
            layout: layout.clone(),
        }),
        _ => None,
    });
    let words = rules.columns.words();
    let mut builder = CustomersBuilder::new(sources.collect(), config.latest, &rules.report, words);
    let options = config.read_options();
    for at in builder.reading_order() {
        let (position, source) = reports[at];
        for batch in source.batches(&options)? {
            let mut batch = batch?;
            source.mend(&mut batch);
            builder.add(at, &batch);
            log.batch(position, batch);
        }
    }
    let (customers, problems) = builder.finish()?;
    log.add_problems(problems);
    Ok(customers)
}

/// The reports that are read, each once.
pub(super) fn reports_read(config: &Config, inputs: &Inputs) -> Vec<ReportRead> {
    let read = |(_, source): (usize, &Source)| match &source.what {
        Recognised::Report(kind, _) => Some(ReportRead {
            kind: kind.word().to_owned(),
            period: period(config, source).to_string(),
        }),
        _ => None,
    };
    let mut reports: Vec<ReportRead> = inputs.which(|_| true).filter_map(read).collect();
    reports.sort();
    reports.dedup();
    reports
}

/// The period of a run: the latest of its reports.
pub(super) fn period_of(reports: &[ReportRead]) -> String {
    reports.iter().map(|of| of.period.clone()).max().unwrap_or_default()
}

/// The period of a report: the user's word, else a date in the file's name, else its month.
pub(super) fn period(config: &Config, source: &Source) -> Period {
    let said = config.period.as_deref().and_then(Period::find);
    let named = || {
        let Input { path, member, sheet, .. } = &source.input;
        let file = || path.file_name().map(|name| name.to_string_lossy().into_owned());
        let names = [sheet.clone(), member.clone().or_else(file)];
        names.into_iter().flatten().find_map(|name| Period::find(&name))
    };
    let modified = || {
        let time = std::fs::metadata(&source.input.path).and_then(|meta| meta.modified()).ok()?;
        let time = jiff::Timestamp::try_from(time).ok()?;
        Period::of(time.to_zoned(jiff::tz::TimeZone::UTC).date())
    };
    let today = || Period::of(config.as_of);
    let fallback = || Period::new(2000, 1).expect("a month of the range");
    said.or_else(named).or_else(modified).or_else(today).unwrap_or_else(fallback)
}
