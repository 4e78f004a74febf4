//! The one place where threads start: batches of rows are read by whoever is free, and the parts
//! are put together at the end.

use rayon::{ThreadPoolBuilder, prelude::*};

use crate::{
    error::{Error, Result},
    inputs::Source,
    problem::Problem,
    read::{Batch, ReadOptions},
};

/// What a stretch of batches came to.
#[derive(Debug, Default)]
pub struct Part<T> {
    /// What the rows came to.
    pub value: T,
    /// Rows read, by position of the source.
    pub rows: Vec<u64>,
    /// Rows left out.
    pub problems: Vec<Problem>,
    /// What became known of a file on the way, with its name in front.
    pub notes: Vec<String>,
}

/// Runs `work` on a pool of `threads` workers.
///
/// # Errors
///
/// When the system gives no threads, or `work` fails.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::Setting {
        flag: "--threads".into(),
        found: format!("the system gave no threads: {error}"),
        todo: "ask for fewer threads".into(),
    })?;
    pool.install(work)
}

/// Takes every batch of some sources on all threads of the pool. `take` adds a batch to a part and
/// has scratch space that it keeps from batch to batch; `merge` puts two parts together, in any
/// order with the same outcome.
///
/// # Errors
///
/// When a source cannot be read.
pub fn each_batch<T: Default + Send, S: Default + Send>(
    sources: &[(usize, &Source)],
    options: &ReadOptions,
    take: impl Fn(&mut T, &mut S, usize, &Source, &Batch) + Sync,
    merge: impl Fn(T, T) -> T + Sync,
) -> Result<Part<T>> {
    let batches = sources.iter().flat_map(|(at, source)| {
        let opened = match source.batches(options) {
            Ok(batches) => batches,
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        opened.map(move |batch| (*at, *source, batch))
    });
    let width = sources.iter().map(|(at, _)| at + 1).max().unwrap_or(0);
    let empty = || Part { value: T::default(), rows: vec![0; width], ..Part::default() };
    batches
        .par_bridge()
        .try_fold(
            || (empty(), S::default()),
            |(mut part, mut scratch), (at, source, batch)| {
                let batch = batch?;
                take(&mut part.value, &mut scratch, at, source, &batch);
                part.rows[at] += batch.len() as u64;
                part.notes.extend(batch.notes_of_file());
                part.problems.extend(batch.problems);
                Ok((part, scratch))
            },
        )
        .map(|part| part.map(|(part, _)| part))
        .try_reduce(empty, |mut one, other| {
            one.rows.iter_mut().zip(&other.rows).for_each(|(sum, more)| *sum += more);
            one.problems.extend(other.problems);
            one.notes.extend(other.notes);
            Ok(Part { value: merge(one.value, other.value), ..one })
        })
}
