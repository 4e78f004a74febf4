//! Which customer a row is about.

use std::borrow::Cow;

use crate::{
    columns::{Field, Layout},
    read::Row,
    text::id::{is_placeholder, is_rounded, join_key},
};

/// What makes a customer the one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The key that comes out: the CustomerID as written, else domain and name folded.
    pub(super) id: Box<str>,
    /// Whether the CustomerID can be used for linking.
    pub(super) has_id: bool,
}

/// Which customer a row names.
pub(super) struct Named<'r> {
    /// The key by which rows are merged; empty where the row says nothing of a customer.
    pub(super) key: Cow<'r, str>,
    /// The CustomerID as written, where it can be used for linking.
    id: Option<&'r str>,
    /// What is wrong with the CustomerID.
    pub(super) damage: Option<&'static str>,
}

impl<'r> Named<'r> {
    pub(super) fn by(layout: &Layout, row: Row<'r>) -> Named<'r> {
        let written = layout.value(row, Field::Id);
        let damage = is_rounded(written)
            .then_some("the customer id was turned into a rounded number, as Excel does");
        let id = plain(written);
        if damage.is_none() && !id.is_empty() && !is_placeholder(id) {
            // ids are compared as written, GUIDs without case and braces
            return Named { key: join_key(id), id: Some(id), damage: None };
        }
        let key = domain_and_name(layout.value(row, Field::Domain), layout.value(row, Field::Name));
        Named { key: key.into(), id: None, damage }
    }

    /// Whether the customer is surely the one with this identity: its CustomerID is written alike.
    pub(super) fn is_written_as(&self, identity: &Identity) -> bool {
        identity.has_id && self.id == Some(&identity.id)
    }

    /// The identity of a customer that is named for the first time.
    pub(super) fn identity(&self) -> Identity {
        Identity { id: self.id.unwrap_or(&self.key).into(), has_id: self.id.is_some() }
    }
}

/// The key of a customer without id: `domain|name`, folded; empty where both are.
pub(super) fn domain_and_name(domain: &str, name: &str) -> String {
    let fold = |text: &str| {
        text.chars().flat_map(char::to_lowercase).filter(|letter| !letter.is_whitespace()).collect()
    };
    let domain: String = fold(domain);
    let domain = domain.strip_prefix("https://").unwrap_or(&domain);
    let domain = domain.strip_prefix("http://").unwrap_or(domain);
    let domain = domain.strip_prefix("www.").unwrap_or(domain).trim_end_matches('/');
    let name: String = fold(name);
    match (domain.is_empty(), name.is_empty()) {
        (true, true) => String::new(),
        _ => format!("{domain}|{name}"),
    }
}

/// A number that Excel wrote with a decimal place, without it: `123456.0`.
fn plain(id: &str) -> &str {
    match id.strip_suffix(".0") {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_and_name_are_folded() {
        assert_eq!(
            domain_and_name("https://WWW.Contoso.com/", "Contoso  GmbH"),
            "contoso.com|contosogmbh"
        );
        assert_eq!(domain_and_name("", ""), "");
    }
}
