//! `reconcile completions` and `reconcile man`: both from the flags' definitions.

use std::io::{self, Write as _};

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::{
    error::{Error, Result},
    problem::Outcome,
};

/// The flags of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<Outcome> {
    let mut text = Vec::new();
    generate(args.shell, &mut command, "reconcile", &mut text);
    print(&text)
}

/// Prints the manual page: the program, then each command.
pub(super) fn man(mut command: Command) -> Result<Outcome> {
    command.build();
    let mut text = Vec::new();
    let render = |command: Command, text: &mut Vec<u8>| {
        Man::new(command).render(text).map_err(Error::io("standard output"))
    };
    render(command.clone(), &mut text)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        render(sub.clone(), &mut text)?;
    }
    print(&text)
}

/// A reader that stops early, such as `head`, is no error.
fn print(text: &[u8]) -> Result<Outcome> {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output")(error))
        }
        _ => Ok(Outcome::Complete),
    }
}
