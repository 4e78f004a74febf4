//! The accounts of a part that can be linked, or speak against any link or mail.

use std::{fs::File, io::BufWriter};

use rustc_hash::FxHashSet;

use super::{
    Run, Task,
    counts::{AccountCounts, Counts},
    elsewhere::RestOfCrm,
    part::Part,
    past::PastRecords,
    through::Through,
};
use crate::{
    columns::{AccountLayout, Recognised, Words},
    consent::{OptOuts, gather},
    crm::{Account, Lifecycle, Permission},
    error::{Error, Result},
    inputs::SourceBatch,
    link::{AccountRow, BATCH_SIZE, Matcher, PinnedPairs, Scratch, Seen, Thresholds},
    problem::Problem,
    read::{Batch, Row, TableInfo},
    run::{
        accounts::{ACCOUNT_IDS, AccountContext, AccountsRead},
        pipeline::pinned,
        users::Users,
    },
    text::{bloom_filter::BloomFilter, id::account_hash},
    verdicts::Verdicts,
};

/// What a row says.
struct AccountSeen {
    /// The hashed id of its account.
    account: u64,
    /// It comes through whatever other rows say.
    speaks: bool,
    seen: Seen,
    /// What could not be used in it, of which the run itself speaks where it comes through.
    problems: Vec<Problem>,
}

/// Rows that may have to come through.
struct Held {
    as_they_stand: Batch,
    what: Vec<AccountSeen>,
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
        rows: None,
    };
    let mut sifter = Sifter {
        matcher: &matcher,
        context: &context,
        layout: &layout,
        words: run.rules.columns.words(),
        past: PastRecords::read(task.past.as_deref())?,
        thresholds: Thresholds::new(run.index.customers.len()),
        scratch: Scratch::default(),
        read: AccountsRead::default(),
        held: Vec::new(),
    };
    part.each_batch(run, |part, meant, as_it_stands| {
        sifter.take(part, meant, as_it_stands);
        Ok(())
    })?;
    let out = Through::new(task, &part)?;
    let (rows_out, accounts) = sifter.finish(&mut part, out)?;
    if let (Some(path), Some(known)) = (&task.known_to, &context.known) {
        let file = File::create(path).map_err(Error::io(path))?;
        known.write(BufWriter::new(file)).map_err(Error::io(path))?;
    }
    Ok(part.counts(rows_out, Counts { accounts, ..Counts::default() }))
}

/// Accounts on their way.
struct Sifter<'s> {
    matcher: &'s Matcher<'s>,
    context: &'s AccountContext<'s>,
    layout: &'s AccountLayout,
    words: &'s Words,
    past: PastRecords,
    thresholds: Thresholds,
    scratch: Scratch,
    read: AccountsRead,
    held: Vec<Held>,
}

impl Sifter<'_> {
    /// Links a batch, and holds the rows that may have to come through.
    fn take(&mut self, part: &mut Part, meant: &Batch, as_it_stands: &Batch) {
        let rows: Vec<Row<'_>> = meant.rows().collect();
        let mut seen = Vec::with_capacity(rows.len());
        for rows in rows.chunks(BATCH_SIZE) {
            seen.extend(self.link(part, meant, rows));
        }
        let (mut which, mut what) = (Vec::new(), Vec::new());
        for (at, row) in seen.into_iter().enumerate() {
            if row.speaks || row.seen >= Seen::Nearest {
                which.push(at);
                what.push(row);
            } else {
                part.add_problems(row.problems);
            }
        }
        if !which.is_empty() {
            self.held.push(Held { as_they_stand: as_it_stands.only(&which), what });
        }
    }

    /// Links a few rows; says of each what it came to.
    fn link(&mut self, part: &Part, batch: &Batch, rows: &[Row<'_>]) -> Vec<AccountSeen> {
        let from = SourceBatch { at: 0, source: &part.source, batch };
        let mut all: Vec<AccountSeen> =
            rows.iter().map(|row| self.look(*row, &part.source.info)).collect();
        let taken = rows.iter().enumerate().filter_map(|(at, row)| {
            Some((at, self.read.take(from, *row, self.words, self.context)?))
        });
        let (places, accounts): (Vec<usize>, Vec<AccountRow<'_>>) = taken.unzip();
        let candidates = &mut self.read.candidates;
        let seen = self.matcher.link(&mut self.scratch, &accounts, &self.thresholds, candidates);
        for ((at, row), seen) in places.into_iter().zip(&accounts).zip(seen) {
            self.read.see(&row.account, seen, (0, &part.source, rows[at].line), self.context);
            all[at].seen = seen;
        }
        all
    }

    /// What a row says by itself.
    fn look(&self, row: Row<'_>, info: &TableInfo) -> AccountSeen {
        let account = self.layout.account(row, self.words);
        let layout = self.layout.layout();
        let is_company = !account.is_person && !account.is_gone();
        let said = account.email_permission;
        let refused = || gather::refused_in_words((layout, self.words), said, row, info);
        let refused = is_company.then(refused).flatten();
        AccountSeen {
            account: account_hash(&account.id),
            speaks: self.speaks(row, &account),
            seen: Seen::Excluded,
            problems: layout.rounded_ids(row, &ACCOUNT_IDS).chain(refused).collect(),
        }
    }

    /// Whether a row matters whatever account it is of: one that denies something, that was merged
    /// into another, or that the month before names.
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
            || self.past.names_account(&account.id)
    }

    /// Writes the rows that come through; gives how many, and what became of the others.
    fn finish(self, part: &mut Part, mut out: Through) -> Result<(u64, AccountCounts)> {
        let kept: FxHashSet<u64> = self.read.candidates.accounts().map(account_hash).collect();
        let mut others = *self.read.seen();
        let mut rows_out = 0;
        for Held { as_they_stand, what } in self.held {
            let mut which = Vec::new();
            for (at, row) in what.into_iter().enumerate() {
                if row.speaks || kept.contains(&row.account) {
                    others[row.seen as usize] -= 1;
                    which.push(at);
                } else {
                    part.add_problems(row.problems);
                }
            }
            rows_out += which.len() as u64;
            out.write(&as_they_stand.only(&which))?;
        }
        out.finish()?;
        Ok((rows_out, AccountCounts::of(&others)))
    }
}
