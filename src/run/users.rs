//! The names of colleagues, for accounts that name their owner by an id.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Rules;
use crate::{
    columns::Recognised,
    config::Config,
    crm::Contact,
    error::Result,
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    text::id::join_key,
};

/// The names of users, by the join key of their id, and the domains of their addresses.
#[derive(Debug, Default)]
pub(crate) struct Users {
    names: FxHashMap<Box<str>, Box<str>>,
    domains: BTreeSet<String>,
}

impl Users {
    /// The name of the user with this id; what stands there where no user has it.
    pub(crate) fn name<'a>(&'a self, owner: &'a str) -> &'a str {
        if self.names.is_empty() {
            return owner;
        }
        self.names.get(join_key(owner).as_ref()).map_or(owner, |name| name)
    }

    /// The domains of their addresses, in small letters.
    pub(crate) fn domains(&self) -> &BTreeSet<String> {
        &self.domains
    }

    fn add(&mut self, user: &Contact<'_>) {
        if let Some((_, domain)) = user.email.rsplit_once('@') {
            self.domains.insert(domain.trim().to_lowercase());
        }
        let parts = [user.first_name, user.last_name].join(" ");
        let names = [parts.trim(), user.full_name, user.email];
        if let Some(name) = names.into_iter().find(|name| !name.is_empty()) {
            self.insert(join_key(&user.id).as_ref().into(), name.into());
        }
    }

    fn absorb(&mut self, other: Users) {
        other.names.into_iter().for_each(|(id, name)| self.insert(id, name));
        self.domains.extend(other.domains);
    }

    /// Of two rows with one id the first by name counts, whatever their order.
    fn insert(&mut self, id: Box<str>, name: Box<str>) {
        let known = self.names.entry(id).or_insert_with(|| name.clone());
        if name < *known {
            *known = name;
        }
    }
}

/// Reads the users of the CRM.
///
/// # Errors
///
/// When a file cannot be read.
pub(super) fn read_users(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    log: &mut RunLog,
) -> Result<Users> {
    let sources: Vec<(usize, &Source)> =
        inputs.which(|what| matches!(what, Recognised::Users(_))).collect();
    let words = rules.columns.words();
    each_batch(
        &sources,
        &config.read_options(),
        log,
        |users: &mut Users, _: &mut (), _, SourceBatch { source, batch, .. }| {
            if let Recognised::Users(layout) = &source.what {
                batch.rows().for_each(|row| users.add(&layout.contact(row, words)));
            }
        },
        Users::absorb,
    )
}
