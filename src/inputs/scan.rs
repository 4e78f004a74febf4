//! The one place where threads start: batches of rows are read by whoever is free, and the parts
//! are put together at the end.

use rayon::{ThreadPoolBuilder, prelude::*};

use crate::{
    error::{Error, Result},
    inputs::{RunLog, Source},
    read::{Batch, ReadOptions},
};

/// A batch and where it comes from.
#[derive(Clone, Copy)]
pub(crate) struct SourceBatch<'b> {
    /// The position of the source.
    pub(crate) at: usize,
    /// The source.
    pub(crate) source: &'b Source,
    /// Some of its rows.
    pub(crate) batch: &'b Batch,
}

/// Runs `work` on a pool of `threads` workers.
///
/// # Errors
///
/// When the system gives no threads, or `work` fails.
pub(crate) fn with_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::Setting {
        flag: "--threads".into(),
        found: format!("cannot start threads: {error}"),
        todo: "use fewer with `--threads`".into(),
    })?;
    pool.install(work)
}

/// Takes every batch of some sources on all threads of the pool. `take` adds a batch to what a
/// worker has gathered and has scratch space that the worker keeps from batch to batch; `merge`
/// adds what another worker has gathered, in any order with the same outcome.
///
/// # Errors
///
/// When a source cannot be read.
pub(crate) fn each_batch<T: Default + Send, S: Default + Send>(
    sources: &[(usize, &Source)],
    options: &ReadOptions,
    log: &mut RunLog,
    take: impl Fn(&mut T, &mut S, &mut RunLog, SourceBatch<'_>) + Sync,
    merge: impl Fn(&mut T, T) + Sync,
) -> Result<T> {
    let batches = sources.iter().flat_map(|(at, source)| {
        let opened = match source.batches(options) {
            Ok(batches) => batches,
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        opened.map(move |batch| (*at, *source, batch))
    });
    let (gathered, step) = batches
        .par_bridge()
        .try_fold(
            || (T::default(), S::default(), RunLog::default()),
            |(mut gathered, mut scratch, mut log), (at, source, batch)| {
                let mut batch = batch?;
                source.mend(&mut batch);
                take(
                    &mut gathered,
                    &mut scratch,
                    &mut log,
                    SourceBatch { at, source, batch: &batch },
                );
                log.batch(at, batch);
                Ok((gathered, scratch, log))
            },
        )
        .map(|part| part.map(|(gathered, _, log)| (gathered, log)))
        .try_reduce(Default::default, |(mut gathered, mut log), (more, more_log)| {
            merge(&mut gathered, more);
            log.absorb(more_log);
            Ok((gathered, log))
        })?;
    log.merge(step);
    Ok(gathered)
}
