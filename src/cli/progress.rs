//! The progress bar: bytes read of bytes to read, on a terminal only.

use std::{
    io::{IsTerminal as _, stderr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{JoinHandle, sleep, spawn},
    time::Duration,
};

use indicatif::ProgressStyle;

use crate::config::{Config, Progress};

/// A bar that follows a run and goes when it is dropped.
pub(super) struct ProgressBar {
    done: Arc<AtomicBool>,
    drawing: Option<JoinHandle<()>>,
}

/// How often the bar is drawn.
const EVERY: Duration = Duration::from_millis(100);

impl ProgressBar {
    /// A bar over the bytes that a run reads; nothing where nobody looks.
    pub(super) fn over(config: &mut Config, quiet: bool) -> ProgressBar {
        let done = Arc::new(AtomicBool::new(false));
        if quiet || !stderr().is_terminal() {
            return ProgressBar { done, drawing: None };
        }
        let progress = Progress::default();
        config.progress = Some(progress.clone());
        let stop = Arc::clone(&done);
        let drawing = spawn(move || draw(&progress, &stop));
        ProgressBar { done, drawing: Some(drawing) }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            // A bar that failed to draw is no reason to fail.
            let _ = drawing.join();
        }
    }
}

fn draw(progress: &Progress, stop: &AtomicBool) {
    let bar = indicatif::ProgressBar::new(0);
    let style = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    while !stop.load(Ordering::Relaxed) {
        let read = progress.read.bytes();
        let total = progress.total.load(Ordering::Relaxed);
        if total > 0 {
            bar.set_length(total.max(read));
            bar.set_position(read);
        }
        sleep(EVERY);
    }
    bar.finish_and_clear();
}
