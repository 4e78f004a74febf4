//! A part of the CRM as it comes in: its rows as they stand, and as they are meant.

use super::{Format, Run, Task, What, counts::Counts};
use crate::{
    columns::{Forced, Side},
    config::Config,
    error::{Error, Result},
    inputs::{RunLog, Source, overrides},
    problem::Problem,
    read::{Batch, Input, Row},
    run::Rules,
};

/// The rows of a part.
pub(super) struct Part {
    pub(super) source: Source,
    name: String,
    /// What could not be used in rows that did not come through.
    problems: Vec<Problem>,
    rows: u64,
}

impl Part {
    /// Opens standard input.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is not what was said, or its columns are not understood.
    pub(super) fn open(config: &Config, rules: &Rules, task: &Task) -> Result<Part> {
        let forced = match task.what {
            What::Accounts => Forced::Accounts,
            _ => Forced::Contacts,
        };
        let options = config.read_options();
        let (input, asked) = (Input::named("-"), (Side::Crm, Some(forced)));
        let source = Source::open(&input, asked, &options, &overrides(config)?, &rules.columns)?;
        if source.is_columnar() != (task.input == Format::ArrowStream) {
            return Err(Error::Setting {
                flag: "--input-format".into(),
                found: format!("standard input is {}", source.info.dialect),
                todo: "say `--input-format csv` or `--input-format arrow-stream` as it is".into(),
            });
        }
        let name = task.part.clone();
        Ok(Part { source, name, problems: Vec::new(), rows: 0 })
    }

    /// Hands out all batches: as they are meant, and as they stand.
    ///
    /// # Errors
    ///
    /// When the stream cannot be read, or `take` fails.
    pub(super) fn each_batch(
        &mut self,
        run: &Run<'_>,
        mut take: impl FnMut(&mut Part, &Batch, &Batch) -> Result<()>,
    ) -> Result<()> {
        for batch in self.source.batches(&run.config.read_options())? {
            let as_it_stands = batch?;
            let mut meant = as_it_stands.clone();
            self.source.mend(&mut meant);
            self.rows += meant.len() as u64;
            take(self, &meant, &as_it_stands)?;
            let mut log = RunLog::default();
            log.batch(0, meant);
            self.problems.extend(log.problems().iter().cloned());
        }
        Ok(())
    }

    /// Takes down what could not be used in a row that does not come through.
    pub(super) fn add_problems(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
    }

    /// Rows that could not be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.problems.iter().filter(|problem| problem.record_lost).count() as u64
    }

    /// The error that a contact names its account by its name alone.
    pub(super) fn names_an_account(&self, row: Row<'_>) -> Error {
        super::names_are_no_part(format!("{}, row {}", self.name, row.line), "contact")
    }

    /// What there is to say of the part, with what its rows came to.
    pub(super) fn counts(self, rows_out: u64, counts: Counts) -> Counts {
        let mut counts = Counts { part: self.name, rows_in: self.rows, rows_out, ..counts };
        counts.add_problems(self.problems.iter());
        counts
    }
}
