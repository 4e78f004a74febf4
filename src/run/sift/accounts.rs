//! The accounts of a part that can be linked, or speak against any link or mail.

use std::{fs::File, io::BufWriter};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Run, Task,
    counts::{AccountCounts, Counts},
    elsewhere::RestOfCrm,
    part::Part,
    through::Through,
};
use crate::{
    columns::{AccountLayout, Recognised, Words},
    consent::OptOuts,
    crm::{Account, Lifecycle, Permission},
    error::{Error, Result},
    inputs::SourceBatch,
    link::{AccountRow, BATCH_SIZE, Matcher, PinnedPairs, Scratch, Seen, Thresholds},
    read::{Batch, Row},
    run::{
        accounts::{ACCOUNT_IDS, AccountContext, AccountsRead, AccountsSeen},
        pipeline::pinned,
        users::Users,
    },
    text::{bloom_filter::BloomFilter, id::account_hash},
    verdicts::Verdicts,
};

/// A row that may have to come through.
struct HeldRow {
    seen: Seen,
    /// It comes through whatever other rows say.
    speaks: bool,
    /// The hashed id of its account.
    account: u64,
}

/// The rows of a part that may have to come through.
#[derive(Default)]
struct Held {
    /// By line.
    rows: FxHashMap<u64, HeldRow>,
    /// As they stand.
    batches: Vec<Batch>,
}

/// Lets accounts through.
pub(super) fn sift_accounts(run: &Run<'_>, task: &Task, mut part: Part) -> Result<Counts> {
    let Recognised::Accounts(layout) = part.source.what.clone() else {
        unreachable!("the part was opened as one of accounts")
    };
    let rest = RestOfCrm::load(&run.config.elsewhere)?;
    let (verdicts, _) = Verdicts::load(&run.config.verdicts)?;
    let pinned: PinnedPairs = pinned(&run.customers, &verdicts, &[]);
    let domains = rest.contact_domains.unwrap_or_default();
    let matcher = Matcher::new(&run.index, &run.rules.link, &run.rules.matching)
        .with_contact_domains(&domains)
        .with_pinned(&pinned);
    let context = AccountContext {
        known: Some(BloomFilter::for_accounts()),
        users: Users::default(),
        preferences: &OptOuts::default(),
    };
    let words = run.rules.columns.words();
    let mut sifter = Sifter {
        matcher: &matcher,
        context: &context,
        layout: &layout,
        words,
        thresholds: Thresholds::new(run.index.customers.len()),
        scratch: Scratch::default(),
        read: AccountsRead::default(),
        held: Held::default(),
    };
    part.each_batch(run, |part, meant, as_it_stands| {
        sifter.take(part, meant, as_it_stands);
        Ok(())
    })?;
    let out = Through::new(task, &part)?;
    let (rows_out, accounts) = sifter.finish(out)?;
    if let (Some(path), Some(known)) = (&task.known_to, &context.known) {
        let file = File::create(path).map_err(Error::io(path))?;
        known.write(BufWriter::new(file)).map_err(Error::io(path))?;
    }
    let counts = Counts { accounts: AccountCounts::of(&accounts), ..Counts::default() };
    Ok(part.counts(rows_out, counts))
}

/// Accounts on their way.
struct Sifter<'s> {
    matcher: &'s Matcher<'s>,
    context: &'s AccountContext<'s>,
    layout: &'s AccountLayout,
    words: &'s Words,
    thresholds: Thresholds,
    scratch: Scratch,
    read: AccountsRead,
    held: Held,
}

impl Sifter<'_> {
    /// Links a batch, and holds the rows that may have to come through.
    fn take(&mut self, part: &mut Part, meant: &Batch, as_it_stands: &Batch) {
        let rows: Vec<Row<'_>> = meant.rows().collect();
        let mut held: Vec<usize> = Vec::new();
        for (first, rows) in (0..).step_by(BATCH_SIZE).zip(rows.chunks(BATCH_SIZE)) {
            held.extend(self.link(part, meant, rows).into_iter().map(|at| first + at));
        }
        if !held.is_empty() {
            self.held.batches.push(as_it_stands.only(&held));
        }
    }

    /// Links a few rows; gives the positions of those to be held.
    fn link(&mut self, part: &mut Part, batch: &Batch, rows: &[Row<'_>]) -> Vec<usize> {
        let from = SourceBatch { at: 0, source: &part.source, batch };
        let mut linked: Vec<(usize, AccountRow<'_>)> = Vec::new();
        let mut held = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let account = self.layout.account(*row, self.words);
            let speaks = self.speaks(*row, &account);
            if speaks {
                let account = account_hash(&account.id);
                let row_held = HeldRow { seen: Seen::Excluded, speaks, account };
                self.held.rows.insert(row.line, row_held);
                held.push(at);
            }
            linked.extend(
                self.read.take(from, *row, self.words, self.context).map(|account| (at, account)),
            );
        }
        let (places, accounts): (Vec<usize>, Vec<AccountRow<'_>>) = linked.into_iter().unzip();
        let candidates = &mut self.read.candidates;
        let seen = self.matcher.link(&mut self.scratch, &accounts, &self.thresholds, candidates);
        for ((at, row), seen) in places.into_iter().zip(&accounts).zip(seen) {
            self.read.see(&row.account, seen, &part.source, self.context.known.as_ref());
            if seen >= Seen::Nearest || self.held.rows.contains_key(&row.origin) {
                let account = account_hash(&row.account.id);
                let speaks = self.held.rows.get(&row.origin).is_some_and(|held| held.speaks);
                self.held.rows.insert(row.origin, HeldRow { seen, speaks, account });
                held.push(at);
            }
        }
        held.sort_unstable();
        held.dedup();
        let held_here = |at: &usize| held.binary_search(at).is_ok();
        let others = rows.iter().enumerate().filter(|(at, _)| !held_here(at));
        let problems: Vec<_> = others
            .flat_map(|(_, row)| self.layout.layout().rounded_ids(*row, &ACCOUNT_IDS))
            .collect();
        part.add_problems(problems);
        held
    }

    /// Whether a row matters whatever account it is of: one that denies something, or that was merged
    /// into another.
    fn speaks<'a>(&self, row: Row<'a>, account: &Account<'a>) -> bool {
        let denies = |permission: Permission| permission >= Permission::Unclear;
        let is_merged = matches!(account.lifecycle, Lifecycle::MergedInto(_));
        let person_speaks = || {
            let person = self.layout.person(row, account, self.words);
            person.bounced || denies(person.ad_permission) || !person.individual_id.is_empty()
        };
        is_merged
            || denies(account.email_permission)
            || denies(account.phone_permission)
            || (account.is_person && person_speaks())
    }

    /// Writes the rows that come through; gives how many, and what became of the others.
    fn finish(self, mut out: Through) -> Result<(u64, AccountsSeen)> {
        let origins: FxHashSet<u64> = self.read.candidates.origins().collect();
        let holding = self.read.candidates.holding().map(account_hash);
        let holding: FxHashSet<u64> = holding.collect();
        let mut others = *self.read.seen();
        let mut rows_out = 0;
        for batch in &self.held.batches {
            let comes = |at: &usize| {
                let line = batch.row(*at).line;
                self.held.rows.get(&line).is_some_and(|held| {
                    held.speaks || origins.contains(&line) || holding.contains(&held.account)
                })
            };
            let which: Vec<usize> = (0..batch.len()).filter(comes).collect();
            for at in &which {
                others[self.held.rows[&batch.row(*at).line].seen as usize] -= 1;
            }
            rows_out += which.len() as u64;
            out.write(&batch.only(&which))?;
        }
        out.finish()?;
        Ok((rows_out, others))
    }
}
