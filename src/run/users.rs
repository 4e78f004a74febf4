//! The names of colleagues, for accounts that name their owner by an id.

use rustc_hash::FxHashMap;

use crate::{
    columns::{Recognised, Words},
    crm::Contact,
    error::Result,
    inputs::{Inputs, Part, Source, each_batch},
    read::ReadOptions,
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
        let Some(name) = names.into_iter().find(|name| !name.is_empty()) else { return };
        let name: Box<str> = name.into();
        // of two rows with one id the first by name, whatever their order
        let known =
            self.0.entry(join_key(&user.id).as_ref().into()).or_insert_with(|| name.clone());
        if name < *known {
            *known = name;
        }
    }

    fn absorb(&mut self, other: Users) {
        for (id, name) in other.0 {
            let known = self.0.entry(id).or_insert_with(|| name.clone());
            if name < *known {
                *known = name;
            }
        }
    }
}

/// Reads the users of the CRM.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn owners(options: &ReadOptions, words: &Words, intake: &Inputs) -> Result<Part<Users>> {
    let sources: Vec<(usize, &Source)> =
        intake.which(|what| matches!(what, Recognised::Users(_))).collect();
    each_batch(
        &sources,
        options,
        |owners: &mut Users, _: &mut (), _, source, batch| {
            if let Recognised::Users(layout) = &source.what {
                batch.rows().for_each(|row| owners.add(&layout.contact(row, words)));
            }
        },
        |mut one, other| {
            one.absorb(other);
            one
        },
    )
}
