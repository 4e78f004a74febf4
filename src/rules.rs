//! The tables of `rules/`: embedded, replaceable file by file, checked on loading.

use std::{fs, io::Read as _, path::Path};

use flate2::bufread::ZlibDecoder;

use crate::{
    error::{Error, Result, slashed},
    read::Batch,
};

/// A rule file: its name in `rules/` and the text that the program carries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleFile {
    /// The name, relative to the folder of rules.
    pub(crate) name: &'static str,
    /// The text compiled in, deflated.
    pub(crate) embedded: &'static [u8],
}

/// Names a file of `rules/` and embeds its text.
#[macro_export]
macro_rules! rule_file {
    ($name:literal) => {
        $crate::rules::RuleFile {
            name: $name,
            embedded: include_bytes!(concat!(env!("OUT_DIR"), "/rules/", $name)),
        }
    };
}

impl RuleFile {
    /// The text that comes with the program.
    pub(crate) fn built_in(&self) -> String {
        let mut text = String::new();
        ZlibDecoder::new(self.embedded)
            .read_to_string(&mut text)
            .expect("the build has written it");
        text
    }

    /// The text to use: `dir/name` when that file exists, else the embedded text.
    ///
    /// # Errors
    ///
    /// When the file in `dir` cannot be read.
    pub(crate) fn text(&self, dir: Option<&Path>) -> Result<String> {
        match dir.map(|dir| dir.join(self.name)).filter(|path| path.exists()) {
            None => Ok(self.built_in()),
            Some(path) => fs::read_to_string(&path).map_err(Error::io(path)),
        }
    }

    /// The rows of a CSV table; comment lines and the header are passed over.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or a row has not as many cells as the header.
    pub(crate) fn rows(&self, dir: Option<&Path>) -> Result<Batch> {
        let text = self.text(dir)?;
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let (mut rows, mut record) = (Batch::new(self.name.into()), csv::StringRecord::new());
        while reader.read_record(&mut record).map_err(|error| self.error(0, error.to_string()))? {
            rows.push(record.position().map_or(0, csv::Position::line), &record);
        }
        Ok(rows)
    }

    /// The lines of a list; comment lines and blank lines are passed over.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub(crate) fn lines(&self, dir: Option<&Path>) -> Result<Vec<String>> {
        let text = self.text(dir)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(lines.filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
    }

    /// A TOML table.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or does not have the shape of `T`.
    pub(crate) fn toml<T: serde::de::DeserializeOwned>(&self, dir: Option<&Path>) -> Result<T> {
        let text = self.text(dir)?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or("", |span| &text[..span.start]);
            let line = before.matches('\n').count() as u64 + 1;
            self.error(line, error.message().to_owned())
        })
    }

    /// An [`Error::Rule`] in this file.
    pub(crate) fn error(&self, line: u64, found: impl Into<String>) -> Error {
        Error::Rule { file: format!("rules/{}", self.name), line, found: found.into() }
    }
}

/// Declares the files of `rules/` with their texts, so that the two cannot fall apart.
macro_rules! files {
    ($($name:literal,)*) => {
        /// The files of `rules/` that a folder of the user's own may replace.
        const FILES: &[&str] = &[$($name,)*];
        /// Their texts that come with the program, deflated.
        const TEXTS: &[&[u8]] = &[$(include_bytes!(concat!(env!("OUT_DIR"), "/rules/", $name)),)*];
    };
}

files! {
    "README.md",
    "abbreviations.csv",
    "aliases.csv",
    "attributes.csv",
    "calling_codes.csv",
    "campaigns.toml",
    "cities.csv",
    "clusters.toml",
    "columns/README.md",
    "columns/account.csv",
    "columns/consent.csv",
    "columns/consent_stems.csv",
    "columns/consent_words.csv",
    "columns/contact.csv",
    "columns/contact_words.csv",
    "columns/deal.csv",
    "columns/dialects.csv",
    "columns/id_prefixes.csv",
    "columns/kinds.csv",
    "columns/negations.csv",
    "columns/objects.csv",
    "columns/prefixes.csv",
    "columns/record_signs.csv",
    "columns/report.csv",
    "columns/words.csv",
    "common_words.csv",
    "conjunctions.csv",
    "countries.csv",
    "disposable.txt",
    "free_mail.txt",
    "kana_letters.csv",
    "kanji_variants.csv",
    "kanji_words.csv",
    "legal_forms.csv",
    "matching.toml",
    "name_notes.csv",
    "never_match.csv",
    "pages.csv",
    "phrases.csv",
    "placeholder_addresses.txt",
    "postal_codes.csv",
    "products.csv",
    "regions.txt",
    "role_addresses.txt",
    "roles.toml",
    "shared_hosts.txt",
    "states.csv",
    "survivorship.toml",
    "texts.csv",
    "town_words.csv",
    "vendor_domains.txt",
    "verdict_words.csv",
    "weak_words.csv",
}

/// Every table in force: its name, its text, and whether a folder of the user's own replaces it.
///
/// # Errors
///
/// When a table of the folder cannot be read.
pub(crate) fn in_force(dir: Option<&Path>) -> Result<Vec<(&'static str, String, bool)>> {
    let tables = FILES.iter().zip(TEXTS).filter(|(name, _)| !name.ends_with(".md"));
    let text = |(&name, &embedded): (&&'static str, &&'static [u8])| {
        let replaced = dir.is_some_and(|dir| dir.join(name).exists());
        Ok((name, RuleFile { name, embedded }.text(dir)?, replaced))
    };
    tables.map(text).collect()
}

/// Refuses a folder of rules that is not there, or that holds a file of another name: a typo in a
/// name must not leave the built-in table in force unnoticed.
///
/// # Errors
///
/// When the folder cannot be read, or holds an unknown file.
pub(crate) fn check_folder(dir: &Path) -> Result<()> {
    for name in names(dir, "")? {
        if !FILES.contains(&name.as_str()) {
            return Err(Error::Unusable {
                file: slashed(&dir.join(&name)),
                found: "not a rule table".into(),
                todo: format!(
                    "give it the name of the table that it replaces: {}",
                    FILES.join(", ")
                ),
            });
        }
    }
    Ok(())
}

/// The files of a folder of rules and of its `columns`, sorted; hidden files are passed over.
fn names(dir: &Path, under: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir.join(under)).map_err(Error::io(dir))? {
        let entry = entry.map_err(Error::io(dir))?;
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if name == "columns" && entry.path().is_dir() {
            found.extend(names(dir, "columns/")?);
        } else if !name.starts_with('.') {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_of_the_repository_can_be_replaced() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        assert_eq!(names(&folder, "").unwrap(), FILES);
        check_folder(&folder).unwrap();
    }
}
