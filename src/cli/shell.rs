//! `reconcile completions` and `reconcile man`: both from the flags' definitions.

use std::io;

use clap::{ArgAction, Args, Command, builder::FalseyValueParser};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::say::raw;
use crate::{
    error::{Error, Result},
    problem::Outcome,
};

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  For bash:
    reconcile completions bash > ~/.local/share/bash-completion/completions/reconcile

  For PowerShell:
    reconcile completions powershell >> $PROFILE";

pub(super) const MAN_EXAMPLES: &str = "\
Example:
  Install the page for yourself and read it:
    reconcile man > ~/.local/share/man/man1/reconcile.1
    man reconcile";

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

/// Prints the manual page: the program, then each command with its flags.
pub(super) fn man(mut command: Command) -> Result<Outcome> {
    command.build();
    let text = page(&command).map_err(Error::io("standard output"))?;
    raw(&text)?;
    Ok(Outcome::Complete)
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let whole = Man::new(command.clone());
    whole.render_title(&mut text)?;
    whole.render_name_section(&mut text)?;
    whole.render_synopsis_section(&mut text)?;
    whole.render_description_section(&mut text)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = format!("reconcile {}", sub.get_name());
        let of = Man::new(sub.clone().bin_name(&name).display_name(&name));
        let mut section = Vec::new();
        of.render_description_section(&mut section)?;
        of.render_synopsis_section(&mut section)?;
        of.render_options_section(&mut section)?;
        of.render_extra_section(&mut section)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        text.extend(format!(".SH {}\n", name.to_uppercase()).into_bytes());
        text.extend(section.into_bytes());
    }
    whole.render_extra_section(&mut text)?;
    whole.render_version_section(&mut text)?;
    Ok(text)
}

/// The name of a flag in the environment.
fn in_environment(long: &str) -> String {
    match long {
        "log-level" => "RECONCILE_LOG".to_owned(),
        long => format!("RECONCILE_{}", long.replace('-', "_").to_uppercase()),
    }
}

/// Whether the environment switches a flag on.
pub(super) fn is_switched_on(long: &str) -> bool {
    let off = ["", "0", "f", "false", "n", "no", "off"];
    let said = std::env::var(in_environment(long));
    said.is_ok_and(|said| !off.contains(&said.to_lowercase().as_str()))
}

/// Lets each flag of each command stand in the environment too: `--own-domain` in
/// `RECONCILE_OWN_DOMAIN`, several values between commas where it takes these, else on lines.
pub(super) fn with_environment(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let Some(long) = arg.get_long().filter(|long| !["help", "version"].contains(long)) else {
            return arg;
        };
        let name = in_environment(long);
        let arg = arg.env(name).hide_env(true);
        match arg.get_action() {
            // in the environment `0`, `no` and nothing switch a flag off
            ArgAction::SetTrue => arg.value_parser(FalseyValueParser::new()),
            ArgAction::Append if arg.get_value_delimiter().is_none() => arg.value_delimiter('\n'),
            _ => arg,
        }
    });
    command.mut_subcommands(with_environment)
}
