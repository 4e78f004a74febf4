//! Whole runs: their progress and their page.

mod page;
mod progress;
