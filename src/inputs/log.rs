//! What the steps of a run note of the files that they read.

use crate::{problem::Problem, read::Batch};

/// Rows read, problems and notes. Each step has a log of its own; put together they are the
/// log of the run.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunLog {
    /// Rows read, by position of the source.
    rows: Vec<u64>,
    /// Cells whose letters were mended, by position of the source.
    mended: Vec<u64>,
    problems: Vec<Problem>,
    /// What became known of a file while it was read, with its name in front.
    notes: Vec<String>,
}

impl RunLog {
    /// Takes down a batch of a source.
    pub(crate) fn batch(&mut self, source: usize, batch: Batch) {
        self.add_rows(source, batch.len() as u64);
        add(&mut self.mended, source, batch.mended);
        self.notes.extend(batch.notes_of_file());
        self.problems.extend(batch.problems);
    }

    /// Counts rows of a source.
    pub(crate) fn add_rows(&mut self, source: usize, rows: u64) {
        add(&mut self.rows, source, rows);
    }

    /// Takes down problems.
    pub(crate) fn add_problems(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
    }

    /// Takes down notes.
    pub(crate) fn add_notes(&mut self, notes: impl IntoIterator<Item = String>) {
        self.notes.extend(notes);
    }

    /// Rows read of a source.
    pub(crate) fn rows_of(&self, source: usize) -> u64 {
        self.rows.get(source).copied().unwrap_or_default()
    }

    /// Cells of a source whose letters were mended.
    pub(crate) fn mended_of(&self, source: usize) -> u64 {
        self.mended.get(source).copied().unwrap_or_default()
    }

    /// Rows read of all sources.
    pub(crate) fn all_rows(&self) -> u64 {
        self.rows.iter().sum()
    }

    /// Rows that could not be read.
    pub(crate) fn lost_rows(&self) -> u64 {
        self.problems.iter().filter(|problem| problem.record_lost).count() as u64
    }

    /// Adds what another worker of the same step noted.
    pub(super) fn absorb(&mut self, other: RunLog) {
        for (source, rows) in other.rows.into_iter().enumerate() {
            self.add_rows(source, rows);
        }
        for (source, mended) in other.mended.into_iter().enumerate() {
            add(&mut self.mended, source, mended);
        }
        self.problems.extend(other.problems);
        self.notes.extend(other.notes);
    }

    /// Adds the log of another step. The rows of a file that both have read count once.
    pub(crate) fn merge(&mut self, other: RunLog) {
        for (source, rows) in other.rows.into_iter().enumerate() {
            self.add_rows(source, rows.saturating_sub(self.rows_of(source)));
        }
        for (source, mended) in other.mended.into_iter().enumerate() {
            let known = self.mended_of(source);
            add(&mut self.mended, source, mended.saturating_sub(known));
        }
        self.problems.extend(other.problems);
        self.notes.extend(other.notes);
    }

    /// Brings problems and notes in order, each once.
    pub(crate) fn sort(&mut self) {
        self.problems.sort_unstable();
        self.problems.dedup();
        self.notes.sort_unstable();
        self.notes.dedup();
    }

    /// What could not be used.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What there is to know of the files.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Adds to the count of a source.
fn add(counts: &mut Vec<u64>, source: usize, more: u64) {
    if counts.len() <= source {
        counts.resize(source + 1, 0);
    }
    counts[source] += more;
}

/// What there is to say of a file some of whose cells were mended.
pub(crate) fn mended_note(cells: u64) -> Option<String> {
    (cells > 0).then(|| {
        format!(
            "{cells} cells held HTML entities or letters encoded twice: they were read as meant"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_two_steps_read_count_once_and_those_of_two_workers_add_up() {
        let log = |rows: &[u64]| RunLog { rows: rows.to_vec(), ..RunLog::default() };
        let mut step = log(&[2]);
        step.absorb(log(&[1, 5]));
        assert_eq!(step.rows, [3, 5]);
        step.merge(log(&[3, 0, 4]));
        assert_eq!(step.rows, [3, 5, 4]);
        assert_eq!((step.all_rows(), step.rows_of(7)), (12, 0));
    }
}
