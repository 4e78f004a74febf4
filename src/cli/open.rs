//! `reconcile open`, and the program without a command: the pages in the browser.

use std::{fs, io::IsTerminal as _, path::PathBuf};

use clap::Args;

use crate::{
    error::{Error, Result, slashed},
    language::Language,
};

#[cfg(feature = "browser")]
pub(super) const EXAMPLES: &str = "\
Examples:
  Choose files, check them, run, decide and get the lists, all in the browser:
    reconcile

  Decide about the customers in review of a run:
    reconcile open result

  Only look, on a fixed port, without starting a browser:
    reconcile open result --read-only --port 8017 --no-browser

The pages are served on this machine to this machine only, and only to who has the link that is
printed. Decisions are kept in result.verdicts.csv, each on the disk before the page goes on.";

/// The flags of `open`.
#[derive(Debug, Clone, Default, Args)]
pub struct OpenArgs {
    /// The folder with the results of a run; without it, the page on which to choose.
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// The port on which to serve; by default a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Print the link and do not start a browser.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Show everything and let nothing be decided.
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Who decides; by default the name under which you are logged in.
    #[arg(long, value_name = "NAME")]
    pub(crate) reviewer: Option<String>,
    /// The language of the pages; by default that of your system.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,
}

/// Whether somebody is likely to sit in front: a terminal on both sides, or a desktop.
pub(super) fn is_somebody_there() -> bool {
    let has_desktop = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    (std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) || has_desktop
}

/// Refuses to begin where the archive of the program was not unpacked: Windows lets it start from
/// there, in a folder that it empties soon, with all that was written to it.
///
/// # Errors
///
/// When the program lies in the folder for temporary files.
pub(super) fn must_be_unpacked() -> Result<()> {
    let program = std::env::current_exe().and_then(fs::canonicalize).unwrap_or_default();
    let is_temporary =
        fs::canonicalize(std::env::temp_dir()).is_ok_and(|folder| program.starts_with(folder));
    if !(cfg!(windows) && is_temporary) {
        return Ok(());
    }
    Err(Error::Unusable {
        file: slashed(&program),
        found: "runs in a folder for temporary files, which Windows empties".into(),
        todo: "unpack the archive to another folder (right-click, Extract all), and start the program \
               there"
            .into(),
    })
}
