//! Accounts as they stream past: what linking finds, what they deny, and how many there are.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{Rules, duplicate_ids, rows::RowSearch, users::Users};
use crate::{
    columns::{AccountLayout, Field, Recognised, Words},
    config::Config,
    consent::{OptOuts, gather},
    crm::{Account, Lifecycle},
    decide::{Decisions, Outcome},
    error::Result,
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    link::{
        AccountRow, BATCH_SIZE, ById, CandidateEntry, Candidates, Matcher, Scratch, Seen,
        Thresholds,
    },
    read::Row,
    text::{
        bloom_filter::BloomFilter,
        id::{account_hash, join_key},
    },
    write::AccountCounts,
};

/// The ids of an account.
pub(super) const ACCOUNT_IDS: [Field; 6] =
    [Field::Id, Field::MasterId, Field::Tpid, Field::TenantId, Field::MicrosoftId, Field::Duns];

/// Account rows, by [`Seen`].
pub(super) type AccountsSeen = [u64; 4];

/// The accounts of the CRM, but for what linking keeps of them.
#[derive(Default)]
pub(crate) struct Accounts {
    /// Accounts read, by [`Seen`], each id once in files in which each row is a contact with its
    /// account.
    seen: AccountsSeen,
    /// Merged-away accounts: join key to that of the master.
    pub(super) merged: FxHashMap<Box<str>, Box<str>>,
    /// All accounts, where the run has contacts or was asked for a pair.
    pub(super) known: Option<BloomFilter>,
    /// Whether some are people.
    has_people: bool,
}

impl Accounts {
    /// How many were read.
    pub(super) fn read(&self) -> u64 {
        self.seen.iter().sum()
    }

    /// Accounts by status.
    pub(super) fn counts(&self, decisions: &Decisions, candidates: &Candidates) -> AccountCounts {
        let mut linked: FxHashSet<ById<'_>> = FxHashSet::default();
        let mut rows = 0;
        for (customer, outcome) in decisions.outcomes.iter().enumerate() {
            let Outcome::Linked(links) = outcome else { continue };
            let kept = candidates.near(customer as u32);
            for link in links {
                let account = &link.candidate.account;
                if linked.insert(ById(account)) {
                    let is_it =
                        |kept: &&CandidateEntry| kept.candidate.account.is_same_account(account);
                    let of = kept.iter().find(is_it);
                    rows += of.map_or(1, |kept| kept.origins.len() as u64);
                }
            }
        }
        let of = |seen: Seen| self.seen[seen as usize];
        AccountCounts {
            linked: rows,
            candidate_only: of(Seen::Candidate).saturating_sub(rows),
            no_customer: of(Seen::NoCustomer) + of(Seen::Nearest),
            excluded: of(Seen::Excluded),
        }
    }

    /// Whether the CRM holds an account with this id, a deleted or merged one too, where the run has
    /// contacts or was asked for a pair. It may be said of very few that it does not hold.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.known.as_ref().is_some_and(|known| known.may_hold(account_hash(id)))
    }

    /// Whether the CRM has accounts that are people.
    pub(crate) fn has_people(&self) -> bool {
        self.has_people
    }

    /// The account into which the CRM has merged another.
    pub(crate) fn merged_into(&self, id: &str) -> Option<&str> {
        self.merged.get(join_key(id).as_ref()).map(AsRef::as_ref)
    }
}

/// What the rows of accounts came to.
#[derive(Default)]
pub(super) struct AccountsRead {
    /// The candidates of all customers.
    pub(super) candidates: Candidates,
    /// What accounts deny.
    opt_outs: OptOuts,
    /// Merged-away accounts: join key to that of the master.
    merged: FxHashMap<Box<str>, Box<str>>,
    /// Account rows, by [`Seen`].
    seen: AccountsSeen,
    /// The same by account, for files in which each row is a contact with its account.
    mixed: FxHashMap<Box<str>, u8>,
    /// Accounts that are people, by position of the source.
    people: FxHashMap<usize, u64>,
}

impl AccountsRead {
    /// Takes all that a row says but for linking; gives the account where it is to be linked.
    pub(super) fn take<'b>(
        &mut self,
        SourceBatch { at, source, .. }: SourceBatch<'_>,
        row: Row<'b>,
        words: &Words,
        context: &'b AccountContext<'_>,
    ) -> Option<AccountRow<'b>> {
        let layout = account_layout(&source.what)?;
        let mixed = matches!(source.what, Recognised::Both(..));
        let mut account = layout.account(row, words);
        account.owner = context.users.name(account.owner);
        if mixed && account.is_blank() {
            return None;
        }
        self.opt_outs.account(&account);
        if let Lifecycle::MergedInto(master) = &account.lifecycle {
            let [own, master] = [&account.id, master].map(|id| join_key(id).as_ref().into());
            self.merged.insert(own, master);
        }
        if account.is_person {
            self.opt_outs.contact(&layout.person(row, &account, words), context.preferences);
            *self.people.entry(at).or_default() += 1;
        }
        if account.is_person || account.is_gone() {
            self.see(&account, Seen::Excluded, (at, source, row.line), context);
            return None;
        }
        let origin = if mixed { 0 } else { duplicate_ids::origin(at, row.line) };
        Some(AccountRow { account, origin })
    }

    /// Counts what became of an account.
    pub(super) fn see(
        &mut self,
        account: &Account<'_>,
        seen: Seen,
        (at, from, line): (usize, &Source, u64),
        context: &AccountContext<'_>,
    ) {
        context.known.iter().for_each(|known| known.add(account_hash(&account.id)));
        context.rows.iter().for_each(|rows| rows.account((at, from, line), account, seen));
        if matches!(from.what, Recognised::Both(..)) {
            let key = join_key(&account.id).as_ref().into();
            let known = self.mixed.entry(key).or_default();
            *known = (*known).max(seen as u8);
        } else {
            self.seen[seen as usize] += 1;
        }
    }

    /// Adds rows that are not here, by what became of them elsewhere.
    pub(super) fn add_seen(&mut self, rows: &AccountsSeen) {
        self.seen.iter_mut().zip(rows).for_each(|(sum, more)| *sum += more);
    }

    /// Account rows so far, by [`Seen`].
    pub(super) fn seen(&self) -> &AccountsSeen {
        &self.seen
    }

    /// Adds what other accounts came to.
    fn absorb(&mut self, other: AccountsRead) {
        self.candidates = std::mem::take(&mut self.candidates).merge(other.candidates);
        self.opt_outs.merge(other.opt_outs);
        self.merged.extend(other.merged);
        self.add_seen(&other.seen);
        for (key, seen) in other.mixed {
            let known = self.mixed.entry(key).or_default();
            *known = (*known).max(seen);
        }
        for (at, people) in other.people {
            *self.people.entry(at).or_default() += people;
        }
    }

    /// What there is to say of all accounts, the candidates, and what accounts deny.
    pub(super) fn finish(self, known: Option<BloomFilter>) -> (Accounts, Candidates, OptOuts) {
        let mut seen = self.seen;
        self.mixed.values().for_each(|of| seen[usize::from(*of)] += 1);
        let has_people = !self.people.is_empty();
        let accounts = Accounts { seen, merged: self.merged, known, has_people };
        (accounts, self.candidates, self.opt_outs)
    }

    /// What there is to know of files in which accounts are people.
    fn notes(&self, inputs: &Inputs, log: &RunLog) -> Vec<String> {
        let note = |(at, people): (&usize, &u64)| {
            let note = people_note(*people, log.rows_of(*at));
            format!("{}: {note}", inputs.sources[*at].info.file)
        };
        self.people.iter().map(note).collect()
    }
}

/// The columns of accounts, where a file holds some.
pub(super) fn account_layout(what: &Recognised) -> Option<&AccountLayout> {
    match what {
        Recognised::Accounts(layout) | Recognised::Both(layout, _) => Some(layout),
        _ => None,
    }
}

/// What there is to say of a file of accounts some of which are people.
pub(crate) fn people_note(people: u64, rows: u64) -> String {
    format!(
        "{people} of {rows} accounts are people, not companies (person accounts): they are excluded \
         from linking; their opt-outs from mail and calls count"
    )
}

/// What the rows of accounts are read with, but for linking.
pub(super) struct AccountContext<'a> {
    /// Takes in all accounts, where anything asks which there are.
    pub(super) known: Option<BloomFilter>,
    /// The names of account owners.
    pub(super) users: Users,
    /// What people have said against being written to or called.
    pub(super) preferences: &'a OptOuts,
    /// Rows that somebody asks for.
    pub(super) rows: Option<&'a RowSearch>,
}

/// Reads and links all accounts, whichever file they stand in.
///
/// # Errors
///
/// When a source cannot be read.
pub(super) fn read_accounts(
    config: &Config,
    rules: &Rules,
    inputs: &Inputs,
    matcher: &Matcher<'_>,
    context: &AccountContext<'_>,
    log: &mut RunLog,
) -> Result<AccountsRead> {
    let sources: Vec<(usize, &Source)> = inputs
        .which(|what| matches!(what, Recognised::Accounts(_) | Recognised::Both(..)))
        .collect();
    let words = rules.columns.words();
    let thresholds = Thresholds::new(matcher.index.customers.len());
    let read = each_batch(
        &sources,
        &config.read_options(),
        log,
        |read: &mut AccountsRead, scratch: &mut Scratch, log, from| {
            let rows: Vec<Row<'_>> = from.batch.rows().collect();
            for rows in rows.chunks(BATCH_SIZE) {
                let mut together: SmallVec<[AccountRow<'_>; BATCH_SIZE]> = SmallVec::new();
                let mut lines: SmallVec<[u64; BATCH_SIZE]> = SmallVec::new();
                for row in rows {
                    let taken = read.take(from, *row, words, context);
                    if let Some(layout) = account_layout(&from.source.what) {
                        let layout = layout.layout();
                        log.add_problems(layout.rounded_ids(*row, &ACCOUNT_IDS));
                        let said = taken.as_ref().map(|taken| taken.account.email_permission);
                        let info = &from.source.info;
                        let refused =
                            |said| gather::refused_in_words((layout, words), said, *row, info);
                        log.add_problems(said.and_then(refused));
                    }
                    lines.extend(taken.as_ref().map(|_| row.line));
                    together.extend(taken);
                }
                let seen = matcher.link(scratch, &together, &thresholds, &mut read.candidates);
                for ((row, line), seen) in together.iter().zip(lines).zip(seen) {
                    read.see(&row.account, seen, (from.at, from.source, line), context);
                }
            }
        },
        AccountsRead::absorb,
    )?;
    log.add_notes(read.notes(inputs, log));
    Ok(read)
}
