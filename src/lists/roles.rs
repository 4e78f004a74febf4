//! Job titles and addresses: who decides over a solution area, and which address is nobody's own.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::survivorship::Survivorship;
use crate::{error::Result, rule_file, text::fold::folded};

/// The tables by which people are merged and chosen.
#[derive(Debug, Clone)]
pub(crate) struct PeopleRules {
    /// Which record gives which value.
    pub(crate) survivorship: Survivorship,
    /// Who decides.
    pub(crate) roles: Roles,
    role_addresses: FxHashSet<Box<str>>,
    placeholders: FxHashSet<Box<str>>,
}

impl PeopleRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    pub(crate) fn load(dir: Option<&Path>) -> Result<PeopleRules> {
        let set = |lines: Vec<String>| lines.into_iter().map(String::into_boxed_str).collect();
        Ok(PeopleRules {
            survivorship: Survivorship::load(dir)?,
            roles: Roles::load(dir)?,
            role_addresses: set(rule_file!("role_addresses.txt").lines(dir)?),
            placeholders: set(rule_file!("placeholder_addresses.txt").lines(dir)?),
        })
    }

    /// Whether an address belongs to a function, not to a person: `info@`, `sales2@`.
    pub(crate) fn is_role_address(&self, email: &str) -> bool {
        let local = email.rsplit_once('@').map_or(email, |(local, _)| local).to_lowercase();
        let local = local.split('+').next().unwrap_or("");
        let bare = local.trim_end_matches(|c: char| c.is_ascii_digit());
        self.role_addresses.contains(local) || self.role_addresses.contains(bare)
    }
}

impl PeopleRules {
    /// Whether an address stands where somebody had none: `noemail@contoso.com`, `no@email.com`.
    pub(crate) fn is_placeholder(&self, email: &str) -> bool {
        let Some((local, domain)) = email.rsplit_once('@') else { return false };
        let word = |text: &str| -> String {
            text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
        };
        let local = word(local);
        let label = word(domain.split('.').next().unwrap_or(""));
        let is_known = |word: &str| self.placeholders.contains(word);
        is_known(&format!("{local}@")) || (is_known(&local) && is_known(&label))
    }
}

/// `roles.toml`: the job titles of those who decide, the most wanted role first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Roles {
    /// Words next to which a title names no role: an assistant of a director directs nothing.
    #[serde(default)]
    not: Vec<String>,
    roles: Vec<Role>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    /// As the lists show it.
    name: String,
    /// The beginnings of the solution areas that it decides over; empty: all.
    #[serde(default)]
    areas: Vec<String>,
    /// Words next to which a title does not name this role.
    #[serde(default)]
    not: Vec<String>,
    /// Words that stand side by side in the title; in Japanese, characters.
    titles: Vec<String>,
}

impl Roles {
    fn load(dir: Option<&Path>) -> Result<Roles> {
        let mut roles: Roles = rule_file!("roles.toml").toml(dir)?;
        roles.not.iter_mut().for_each(|words| *words = folded(words));
        for role in &mut roles.roles {
            role.not.iter_mut().for_each(|words| *words = folded(words));
            role.titles.iter_mut().for_each(|title| *title = folded(title));
            role.areas.iter_mut().for_each(|area| *area = area.to_lowercase());
        }
        Ok(roles)
    }

    /// The role that a job title names: its place in the order, and its name.
    pub(crate) fn of(&self, job_title: &str) -> Option<(usize, &str)> {
        let title = folded(job_title);
        let any = |list: &[String]| list.iter().any(|words| holds(&title, words));
        if title.is_empty() || any(&self.not) {
            return None;
        }
        let of = |role: &&Role| any(&role.titles) && !any(&role.not);
        let (at, role) = self.roles.iter().enumerate().find(|(_, role)| of(role))?;
        Some((at, &role.name))
    }

    /// Whether a role decides over one of some solution areas; none named: over any.
    pub(crate) fn decides<'a>(
        &self,
        role: usize,
        mut areas: impl Iterator<Item = &'a str>,
    ) -> bool {
        let over = &self.roles[role].areas;
        over.is_empty()
            || areas.any(|area| {
                let area = area.to_lowercase();
                over.iter().any(|start| area.starts_with(start.as_str()))
            })
    }
}

/// Whether a title holds some words side by side; whether it holds the characters, where words are
/// not parted by blanks.
fn holds(title: &str, words: &str) -> bool {
    if !words.is_ascii() && words.chars().all(|c| (c as u32) >= 0x2e80) {
        return title.contains(words);
    }
    title.match_indices(words).any(|(at, _)| {
        let before = title[..at].chars().next_back();
        let after = title[at + words.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_four_languages_name_their_role() {
        let rules = PeopleRules::load(None).unwrap();
        for (title, want) in [
            ("CIO", Some("IT lead")),
            ("Chief Information Officer", Some("IT lead")),
            ("Leiter IT", Some("IT lead")),
            ("Leiterin IT-Infrastruktur", Some("IT lead")),
            ("Directeur des systèmes d'information", Some("IT lead")),
            ("情報システム部長", Some("IT lead")),
            ("CISO", Some("Security lead")),
            ("Geschäftsführerin", Some("Managing director")),
            ("代表取締役社長", Some("Managing director")),
            ("Directrice financière", Some("Finance lead")),
            ("Vertriebsleiter DACH", Some("Sales lead")),
            ("Precioso", None), // holds "cio" inside a word
            ("Assistant", None),
            ("Assistenz der Geschäftsführung", None),
            ("Executive Assistant to the CEO", None),
            ("Assistante du directeur général", None),
            ("社長秘書", None),
            ("Product Owner", None),
            ("Vice President of Marketing", None),
            ("Vice President of Sales", Some("Sales lead")),
            ("President", Some("Managing director")),
            ("", None),
        ] {
            let role = rules.roles.of(title).map(|(_, name)| name);
            assert_eq!(role, want, "title: {title:?}");
        }
    }

    #[test]
    fn roles_decide_over_their_areas() {
        let rules = PeopleRules::load(None).unwrap();
        let (sales, _) = rules.roles.of("Sales Director").unwrap();
        assert!(rules.roles.decides(sales, ["D365SP"].into_iter()));
        assert!(!rules.roles.decides(sales, ["Azure"].into_iter()));
    }

    #[test]
    fn addresses_of_functions_are_recognised() {
        let rules = PeopleRules::load(None).unwrap();
        for (email, want) in [
            ("info@contoso.com", true),
            ("Sales2@contoso.com", true),
            ("kontakt@contoso.de", true),
            ("info+news@contoso.com", true),
            ("ada@contoso.com", false),
            ("informatica@contoso.com", false),
        ] {
            assert_eq!(rules.is_role_address(email), want, "address: {email}");
        }
    }
}
