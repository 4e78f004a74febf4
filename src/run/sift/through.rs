//! The rows that come through, unchanged, on standard output.

#[cfg(feature = "columnar")]
use std::io::Write as _;
use std::io::{self, BufWriter, Stdout};

use super::{Format, Task, cannot_say, part::Part};
use crate::{error::Result, read::Batch};

/// Standard output, as a table with the columns of the part.
pub(super) enum Through {
    Csv(Box<csv::Writer<BufWriter<Stdout>>>),
    #[cfg(feature = "columnar")]
    Arrow(Box<crate::read::ArrowWriter<BufWriter<Stdout>>>),
}

impl Through {
    /// Begins the table.
    ///
    /// # Errors
    ///
    /// When the form cannot be written from what comes in, or standard output is closed.
    pub(super) fn new(task: &Task, part: &Part) -> Result<Through> {
        let to = BufWriter::new(io::stdout());
        if task.output == Format::Csv {
            // a row may have blank cells beyond the header
            let mut out = csv::WriterBuilder::new().flexible(true).from_writer(to);
            out.write_record(&part.source.info.header).map_err(cannot_say)?;
            return Ok(Through::Csv(Box::new(out)));
        }
        arrow(to, part)
    }

    /// Writes rows as they stand.
    ///
    /// # Errors
    ///
    /// When standard output is closed.
    pub(super) fn write(&mut self, rows: &Batch) -> Result<()> {
        match self {
            Through::Csv(out) => rows.rows().try_for_each(|row| {
                let cells = (0..row.len()).map(|at| row.raw(at));
                out.write_record(cells).map_err(cannot_say)
            }),
            #[cfg(feature = "columnar")]
            Through::Arrow(out) => out.write(rows),
        }
    }

    /// Ends the table: what came before is whole.
    ///
    /// # Errors
    ///
    /// When standard output is closed.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Through::Csv(mut out) => out.flush().map_err(cannot_say),
            #[cfg(feature = "columnar")]
            Through::Arrow(out) => out.finish()?.flush().map_err(cannot_say),
        }
    }
}

#[cfg(feature = "columnar")]
fn arrow(to: BufWriter<Stdout>, part: &Part) -> Result<Through> {
    use crate::read::ArrowWriter;
    let info = &part.source.info;
    ArrowWriter::new(to, info).map(|out| Through::Arrow(Box::new(out)))
}

#[cfg(not(feature = "columnar"))]
fn arrow(_: BufWriter<Stdout>, _: &Part) -> Result<Through> {
    Err(crate::error::Error::Setting {
        flag: "--output-format arrow-stream".into(),
        found: "this build writes no Arrow".into(),
        todo: "install it with `pip install crm-reconcile`, or build it with `--features columnar`"
            .into(),
    })
}
