//! `reconcile completions` and `reconcile man`: both from the flags' definitions.

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::say::raw;
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
    raw(&text)?;
    Ok(Outcome::Complete)
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
    raw(&text)?;
    Ok(Outcome::Complete)
}
