//! Accounts as they stream past: what linking finds, what they deny, and how many there are.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::{
    columns::{Field, Recognised, Words},
    config::Config,
    consent::OptOuts,
    crm::{Account, AccountNames, Lifecycle},
    decide::{Decisions, Outcome},
    error::Result,
    inputs::{Inputs, Part, Source, each_batch},
    link::{AccountRow, ById, CandidateEntry, Candidates, Linker, Seen, TOGETHER, Thresholds},
    problem::Problem,
    read::Row,
    run::{duplicate_ids, users::Users},
    text::{
        bloom_filter::BloomFilter,
        id::{account_hash, join_key},
    },
    write::AccountCounts,
};

/// The ids of an account.
const ACCOUNT_IDS: [Field; 6] =
    [Field::Id, Field::MasterId, Field::Tpid, Field::TenantId, Field::MicrosoftId, Field::Duns];
/// What streaming the accounts came to.
#[derive(Default)]
pub(crate) struct Streamed {
    /// The candidates of all customers.
    pub(crate) candidates: Candidates,
    /// What accounts deny.
    pub(crate) denials: OptOuts,
    /// Who bears which name, where contacts name their account.
    pub(crate) names: AccountNames,
    /// Merged-away accounts: join key to that of the master.
    pub(crate) merged: FxHashMap<Box<str>, Box<str>>,
    /// Ids of accounts that cannot be used.
    pub(crate) problems: Vec<Problem>,
    /// Account rows: excluded, no customer, candidate.
    pub(crate) seen: [u64; 3],
    /// The same by account, for files in which each row is a contact with its account.
    pub(crate) mixed: FxHashMap<Box<str>, u8>,
    /// Accounts that are people, by position of the source.
    pub(crate) people: FxHashMap<usize, u64>,
}

impl Streamed {
    /// Takes in all that a row says beside what linking asks for; tells the account where it is to be
    /// linked.
    fn take<'b>(
        &mut self,
        source: &Source,
        (at, row): (usize, Row<'b>),
        words: &Words,
        &AccountContext { known, owners, wishes }: &AccountContext<'b>,
    ) -> Option<AccountRow<'b>> {
        let (layout, mixed) = match &source.what {
            Recognised::Accounts(layout) => (layout, false),
            Recognised::Both(layout, _) => (layout, true),
            _ => return None,
        };
        let mut account = layout.account(row, words);
        account.owner = owners.name(account.owner);
        layout.layout().tell_rounded_ids(row, &ACCOUNT_IDS, &mut self.problems);
        if mixed && account.is_blank() {
            return None;
        }
        self.denials.account(&account);
        known.iter().for_each(|known| known.prefetch(account_hash(&account.id)));
        if let Lifecycle::MergedInto(master) = &account.lifecycle {
            let [own, master] = [&account.id, master].map(|id| join_key(id).as_ref().into());
            self.merged.insert(own, master);
        }
        if account.is_person {
            self.denials.contact(&layout.person(row, &account, words), wishes);
            *self.people.entry(at).or_default() += 1;
        }
        if account.is_person || account.is_gone() {
            self.see(&account, Seen::Excluded, source, known);
            return None;
        }
        let origin = if mixed { 0 } else { duplicate_ids::origin(at, row.line) };
        Some(AccountRow { account, origin })
    }

    /// Counts what became of an account.
    fn see(
        &mut self,
        account: &Account<'_>,
        seen: Seen,
        from: &Source,
        known: Option<&BloomFilter>,
    ) {
        known.iter().for_each(|known| known.add(account_hash(&account.id)));
        if matches!(from.what, Recognised::Both(..)) {
            let key = join_key(&account.id).as_ref().into();
            let known = self.mixed.entry(key).or_default();
            *known = (*known).max(seen as u8);
        } else {
            self.seen[seen as usize] += 1;
        }
    }

    /// Adds what other accounts came to.
    fn absorb(&mut self, other: Streamed) {
        self.candidates = std::mem::take(&mut self.candidates).merge(other.candidates);
        self.denials.merge(other.denials);
        self.merged.extend(other.merged);
        self.problems.extend(other.problems);
        self.seen.iter_mut().zip(other.seen).for_each(|(sum, more)| *sum += more);
        for (key, seen) in other.mixed {
            let known = self.mixed.entry(key).or_default();
            *known = (*known).max(seen);
        }
        for (at, people) in other.people {
            *self.people.entry(at).or_default() += people;
        }
    }

    /// Accounts by status.
    pub(crate) fn counts(&self, candidates: &Candidates, decisions: &Decisions) -> AccountCounts {
        let mut totals = self.seen;
        self.mixed.values().for_each(|seen| totals[usize::from(*seen)] += 1);
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
        AccountCounts {
            linked: rows,
            candidate_only: totals[Seen::Candidate as usize].saturating_sub(rows),
            no_customer: totals[Seen::NoCustomer as usize],
            excluded: totals[Seen::Excluded as usize],
        }
    }

    /// What there is to know of files in which accounts are people; `rows` by position of the
    /// source.
    pub(crate) fn notes_of_people(&self, intake: &Inputs, rows: &[u64]) -> Vec<String> {
        let note = |(at, people): (&usize, &u64)| {
            format!("{}: {}", intake.sources[*at].info.file, people_note(*people, rows[*at]))
        };
        self.people.iter().map(note).collect()
    }
}

/// What there is to say of a file of accounts some of which are people.
pub(crate) fn people_note(people: u64, rows: u64) -> String {
    format!(
        "{people} of {rows} accounts are people, not companies (person accounts): they are excluded \
         from linking; what they say against mail and calls counts"
    )
}

/// What the streaming of accounts takes note of or looks up beside linking.
pub(crate) struct AccountContext<'a> {
    /// The accounts that there are, where anything asks for them.
    pub(crate) known: Option<&'a BloomFilter>,
    /// The names of account owners.
    pub(crate) owners: &'a Users,
    /// What people have said against being written to or called.
    pub(crate) wishes: &'a OptOuts,
}

/// Links all accounts, whichever file they stand in.
///
/// # Errors
///
/// When a source cannot be read.
pub(crate) fn accounts(
    config: &Config,
    words: &Words,
    intake: &Inputs,
    linker: &Linker<'_>,
    aside: &AccountContext<'_>,
) -> Result<Part<Streamed>> {
    let sources: Vec<(usize, &Source)> = intake
        .which(|what| matches!(what, Recognised::Accounts(_) | Recognised::Both(..)))
        .collect();
    let floors = Thresholds::new(linker.index.customers.len());
    each_batch(
        &sources,
        &config.read_options(),
        |part: &mut Streamed, (): &mut (), at, source, batch| {
            let rows: Vec<Row<'_>> = batch.rows().collect();
            for rows in rows.chunks(TOGETHER) {
                let mut together: SmallVec<[AccountRow<'_>; TOGETHER]> = SmallVec::new();
                for row in rows {
                    together.extend(part.take(source, (at, *row), words, aside));
                }
                let seen = linker.link(&together, (&floors, &mut part.candidates));
                for (row, seen) in together.iter().zip(seen) {
                    part.see(&row.account, seen, source, aside.known);
                }
            }
        },
        |mut one, other| {
            one.absorb(other);
            one
        },
    )
}
