//! What the results before say, and all parts must know: what people accepted, and which records the
//! month before names.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::{Task, What, counts::Counts, lines_of, no_such_lines, opened, write_lines};
use crate::{
    config::Config,
    error::{Result, slashed},
    history::{self, History, Past, person_id},
    run::{
        Rules,
        customers::{period_of, reports_read},
    },
    text::id::account_hash,
    write,
};

/// The word of an account in the lines that pass from step to step.
const ACCOUNT: &str = "account";

/// The word of a contact.
const CONTACT: &str = "contact";

/// The records that the month before names, by hashed id.
#[derive(Default)]
pub(super) struct PastRecords {
    accounts: FxHashSet<u64>,
    contacts: FxHashSet<u64>,
}

impl PastRecords {
    /// Reads what [`sift_past`] wrote.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not what it wrote.
    pub(super) fn read(path: Option<&Path>) -> Result<PastRecords> {
        let mut past = PastRecords::default();
        let Some(path) = path else { return Ok(past) };
        let wrong = || no_such_lines(slashed(path), What::Past);
        for line in lines_of(path)?.records() {
            let line = line.map_err(|_| wrong())?;
            let [kind, id] = [line.get(0), line.get(1)].map(Option::unwrap_or_default);
            let id = u64::from_str_radix(id, 16).map_err(|_| wrong())?;
            let of_kind = match kind {
                ACCOUNT => &mut past.accounts,
                CONTACT => &mut past.contacts,
                _ => return Err(wrong()),
            };
            of_kind.insert(id);
        }
        Ok(past)
    }

    /// Whether the month before names an account.
    pub(super) fn names_account(&self, id: &str) -> bool {
        self.accounts.contains(&account_hash(id))
    }

    /// Whether the month before listed a contact.
    pub(super) fn names_contact(&self, id: &str) -> bool {
        !self.contacts.is_empty() && self.contacts.contains(&account_hash(&person_id(id)))
    }
}

/// Takes in filled-in review sheets, and writes which records the month before names; the counts say
/// how many decisions there were.
pub(super) fn sift_past(config: &Config, task: &Task) -> Result<Counts> {
    let rows_in = match task.dry_run {
        true => 0,
        false => write::prepare(config, &task.time)?.harvest.decisions as u64,
    };
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let history = History::of(&config.out);
    let named = history::named(&config.previous, &history)?;
    let inputs = opened(config, &rules)?;
    let past = Past::of(&history, named, &period_of(&reports_read(config, &inputs)))?;
    let (accounts, contacts) = (past.accounts(), past.contacts());
    let line = |kind: &str, id: &str| [kind.to_owned(), format!("{:016x}", account_hash(id))];
    let mut lines: Vec<_> = accounts.iter().map(|id| line(ACCOUNT, id)).collect();
    lines.extend(contacts.iter().map(|id| line(CONTACT, id)));
    lines.sort_unstable();
    write_lines(&lines)?;
    let part = task.part.clone();
    Ok(Counts { part, rows_in, rows_out: lines.len() as u64, ..Counts::default() })
}
