//! The user's own word on columns: `--column FIELD=HEADER`.

use super::{Field, fold_header};
use crate::error::{Error, Result};

/// Which headers stand for which fields, as the user says. An entry counts in every file that has
/// the header.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrides {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    field: Field,
    header: String,
    folded: String,
}

impl Overrides {
    /// Reads the values of `--column`, each `FIELD=HEADER`.
    ///
    /// # Errors
    ///
    /// Fails on a value without `=` and on a word that is no field.
    pub(crate) fn parse<S: AsRef<str>>(values: &[S]) -> Result<Overrides> {
        let entries = values.iter().map(|value| entry(value.as_ref())).collect::<Result<_>>()?;
        Ok(Overrides { entries })
    }

    /// The field that the user gave to a header; the later entry wins.
    pub(crate) fn field(&self, folded: &str) -> Option<Field> {
        self.entries.iter().rev().find(|entry| entry.folded == folded).map(|entry| entry.field)
    }

    /// The entries whose header is in none of the headers given, as typed.
    pub(crate) fn unused<'h>(&self, headers: impl Iterator<Item = &'h str>) -> Vec<String> {
        let headers: Vec<String> = headers.map(fold_header).collect();
        self.entries
            .iter()
            .filter(|entry| !headers.contains(&entry.folded))
            .map(|entry| format!("{}={}", entry.field, entry.header))
            .collect()
    }
}

/// Words that users type for a field in place of its own.
fn field(word: &str) -> Option<Field> {
    let word = word.trim().to_lowercase().replace('_', "-");
    match word.as_str() {
        "customer-id" | "contact-id" => Some(Field::Id),
        "customer-name" | "company" => Some(Field::Name),
        "title" => Some(Field::JobTitle),
        other => Field::from_word(other),
    }
}

fn entry(value: &str) -> Result<Entry> {
    let fault = |found: String| Error::Setting {
        flag: format!("--column {value}"),
        found,
        todo: format!(
            "write `--column FIELD=HEADER`, FIELD being one of: {}",
            Field::ALL.iter().map(|field| field.word()).collect::<Vec<_>>().join(", ")
        ),
    };
    let (word, header) =
        value.split_once('=').ok_or_else(|| fault("there is no = in it".into()))?;
    let field = field(word).ok_or_else(|| fault(format!("{word:?} is not a field")))?;
    let folded = fold_header(header);
    if folded.is_empty() {
        return Err(fault("the header is empty".into()));
    }
    Ok(Entry { field, header: header.trim().into(), folded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_field_and_header() {
        let overrides = Overrides::parse(&["domain=Webseite", "customer_id=Nr.=1"]).unwrap();
        assert_eq!(overrides.field("webseite"), Some(Field::Domain));
        assert_eq!(overrides.field("nr1"), Some(Field::Id));
        assert_eq!(overrides.field("website"), None);
        assert_eq!(overrides.unused(["Webseite"].into_iter()), ["id=Nr.=1"]);
    }

    #[test]
    fn values_without_a_field_are_refused() {
        for value in ["domain", "domaine=Website", "domain= * "] {
            assert!(Overrides::parse(&[value]).is_err(), "value: {value:?}");
        }
    }
}
