//! Settings files: the flags of `match` in TOML, given back next month.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::match_::MatchArgs;
use crate::error::{Error, Result};

impl MatchArgs {
    /// The flags that a settings file holds.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds a key that is no flag.
    pub(super) fn from_settings(path: PathBuf) -> Result<MatchArgs> {
        let mut args = MatchArgs::default();
        args.settings = Some(path);
        args.over_settings()
    }

    /// The flags as typed, over those of the settings file that they name.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds a key that is no flag.
    pub(super) fn over_settings(self) -> Result<MatchArgs> {
        let Some(path) = self.settings.clone() else { return Ok(self) };
        let mut table = read(&path)?;
        let typed = toml::Table::try_from(&self).unwrap_or_default();
        table.extend(typed);
        table.try_into().map_err(|error: toml::de::Error| Error::Rule {
            file: path.display().to_string(),
            line: 1,
            found: error.message().to_owned(),
        })
    }

    /// The settings as they go into `settings.toml`.
    pub(super) fn as_settings(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }
}

fn read(path: &Path) -> Result<toml::Table> {
    let text = fs::read_to_string(path).map_err(Error::io(path))?;
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().map_or("", |span| &text[..span.start]);
        Error::Rule {
            file: path.display().to_string(),
            line: before.lines().count().max(1) as u64,
            found: error.message().to_owned(),
        }
    })
}
