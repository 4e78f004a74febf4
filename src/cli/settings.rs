//! Settings files: the flags of `match` in TOML, given back next month.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::match_::MatchArgs;
use crate::error::{Error, Result, slashed};

impl MatchArgs {
    /// The flags that a settings file holds.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds a key that is no flag.
    pub(crate) fn from_settings(path: PathBuf) -> Result<MatchArgs> {
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
        let Some(path) = &self.settings else { return Ok(self) };
        let (text, mut table) = read(path)?;
        let typed = toml::Table::try_from(&self).unwrap_or_default();
        table.extend(typed);
        // the text by itself, which knows its lines; then with what was typed
        toml::from_str::<MatchArgs>(&text).map_err(|error| fault(path, &text, &error))?;
        let merged: MatchArgs = table.try_into().map_err(|error| fault(path, &text, &error))?;
        Ok(merged.running_as(&self))
    }

    /// The settings as they go into `settings.toml`: without the choices that are right for one
    /// month only.
    pub(super) fn as_settings(&self) -> String {
        toml::to_string(&self.without_month().with_paths(slashed)).unwrap_or_default()
    }
}

fn read(path: &Path) -> Result<(String, toml::Table)> {
    let text = fs::read_to_string(path).map_err(Error::io(path))?;
    let table = text.parse().map_err(|error| fault(path, &text, &error))?;
    Ok((text, table))
}

/// What is wrong, and on which line.
fn fault(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().map_or("", |span| &text[..span.start]);
    Error::Rule {
        file: slashed(path),
        line: before.matches('\n').count() as u64 + 1,
        found: error.message().to_owned(),
    }
}
