//! The names of colleagues, for accounts that name their owner by an id.

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

/// The names of users, by the join key of their id.
#[derive(Debug, Default)]
pub(crate) struct Users(FxHashMap<Box<str>, Box<str>>);

impl Users {
    /// The name of the user with this id; what stands there where no user has it.
    pub(crate) fn name<'a>(&'a self, owner: &'a str) -> &'a str {
        if self.0.is_empty() {
            return owner;
        }
        self.0.get(join_key(owner).as_ref()).map_or(owner, |name| name)
    }

    fn add(&mut self, user: &Contact<'_>) {
        let parts = [user.first_name, user.last_name].join(" ");
        let names = [parts.trim(), user.full_name, user.email];
        if let Some(name) = names.into_iter().find(|name| !name.is_empty()) {
            self.insert(join_key(&user.id).as_ref().into(), name.into());
        }
    }

    fn absorb(&mut self, other: Users) {
        other.0.into_iter().for_each(|(id, name)| self.insert(id, name));
    }

    /// Of two rows with one id the first by name counts, whatever their order.
    fn insert(&mut self, id: Box<str>, name: Box<str>) {
        let known = self.0.entry(id).or_insert_with(|| name.clone());
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
