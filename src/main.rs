//! The program `reconcile`: parse, run, report.
#![expect(clippy::print_stderr, reason = "the program talks to people on standard error")]

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use crm_reconcile::cli::printable;

fn main() -> ExitCode {
    match crm_reconcile::program() {
        Ok(outcome) => ExitCode::from(outcome.exit_status()),
        Err(error) => {
            eprintln!("error: {}", printable(&error.to_string(), false));
            if let Some(hint) = error.hint() {
                eprintln!("hint: {}", printable(&hint, false));
            }
            keep_window();
            ExitCode::from(error.exit_status())
        }
    }
}

/// Keeps a window that a double-click has opened until it was read: it closes with the program.
fn keep_window() {
    if cfg!(windows) && std::env::args_os().len() == 1 && io::stdin().is_terminal() {
        eprintln!("Press Enter to close this window.");
        let _ = io::stdin().read_line(&mut String::new());
    }
}
