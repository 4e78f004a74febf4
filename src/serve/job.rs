//! A run in the background: the same code as `reconcile match`, with its progress and a way to stop it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use serde_json::{Value, json};

use crate::{
    cli::match_::now,
    config::{Config, Progress},
    error::{Error, Result},
    inputs::with_threads,
    run::{Found, Rules, pipeline::reconcile_from},
};

/// A run that was started.
pub(super) struct Job {
    /// The folder for its results.
    pub(super) out: PathBuf,
    progress: Progress,
    end: Mutex<Option<Result<()>>>,
    /// What it has found, when it has ended well.
    found: Mutex<Option<(Rules, Found)>>,
}

impl Job {
    /// Starts a run, from what was found before where that is known.
    pub(super) fn start(mut config: Config, known: Option<(Rules, Found)>) -> Arc<Job> {
        let progress = Progress::default();
        config.progress = Some(progress.clone());
        let (end, found) = (Mutex::default(), Mutex::default());
        let job = Arc::new(Job { out: config.out.clone(), progress, end, found });
        let own = Arc::clone(&job);
        std::thread::spawn(move || {
            let done = with_threads(config.threads, || reconcile_from(known, &config, &now));
            let ended = done.map(|found| *own.found() = Some(found));
            *own.end() = Some(ended);
        });
        job
    }

    fn found(&self) -> std::sync::MutexGuard<'_, Option<(Rules, Found)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it has found; once.
    pub(super) fn take_found(&self) -> Option<(Rules, Found)> {
        self.found().take()
    }

    fn end(&self) -> std::sync::MutexGuard<'_, Option<Result<()>>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the run to stop; what it had not published yet is as if it had never begun.
    pub(super) fn stop(&self) {
        self.progress.read.stop();
    }

    /// Whether it is still at work.
    pub(super) fn is_running(&self) -> bool {
        self.end().is_none()
    }

    /// How far it has come: the phase, the bytes of each, and how it ended.
    pub(super) fn state(&self) -> Value {
        let (read, total) =
            (self.progress.read.bytes(), self.progress.total.load(Ordering::Relaxed));
        let stopped = self.progress.read.is_stopped();
        let (phase, said) = match &*self.end() {
            None if total == 0 => ("looking", String::new()),
            None if read < total => ("reading", String::new()),
            None => ("writing", String::new()),
            Some(Ok(())) => ("done", String::new()),
            Some(Err(_)) if stopped => ("stopped", String::new()),
            Some(Err(error)) => ("failed", told(error)),
        };
        json!({ "phase": phase, "read": read, "total": total.max(read), "said": said })
    }
}

/// An error with what to do about it.
fn told(error: &Error) -> String {
    match error.hint() {
        Some(hint) => format!("{error}\n{hint}"),
        None => error.to_string(),
    }
}
