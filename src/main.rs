//! The program `reconcile`: parse, run, report.
#![expect(clippy::print_stderr, reason = "the program talks to people on standard error")]

use std::process::ExitCode;

use crm_reconcile::cli::printable;

fn main() -> ExitCode {
    match crm_reconcile::program() {
        Ok(outcome) => ExitCode::from(outcome.exit_status()),
        Err(error) => {
            eprintln!("error: {}", printable(&error.to_string(), false));
            if let Some(hint) = error.hint() {
                eprintln!("hint: {}", printable(&hint, false));
            }
            ExitCode::from(error.exit_status())
        }
    }
}
