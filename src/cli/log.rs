//! What a run says of its stages, on standard error, for those who ask for it.

use std::{
    io::{Write as _, stderr},
    sync::Mutex,
    time::Instant,
};

use clap::ValueEnum;

use crate::config::Stages;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, ValueEnum)]
pub(crate) enum LogLevel {
    /// Errors alone.
    #[default]
    Error,
    /// Each stage of a run as it ends, with its time.
    Info,
}

/// What hears of the stages of a run.
pub(super) fn stages(level: LogLevel) -> Stages {
    if level < LogLevel::Info {
        return Stages::default();
    }
    let started = Instant::now();
    let before = Mutex::new(started);
    Stages::heard_by(move |stage| {
        let now = Instant::now();
        let mut before = before.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let [took, so_far] = [*before, started].map(|from| (now - from).as_secs_f64());
        *before = now;
        // a closed standard error is no reason to fail
        let _ = writeln!(stderr().lock(), "info: {stage}: {took:.2} s, {so_far:.2} s so far");
    })
}
