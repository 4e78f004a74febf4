//! A finished run on the desk of a person: its customers, what people have said of them so far, and
//! where each stands. Nothing of matching is decided here; what is said goes to the file of verdicts.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::SystemTime,
};

use compact_str::CompactString;
use jiff::{Timestamp, ToSpan as _, Zoned};
use rustc_hash::FxHashMap;

use super::{
    case::{Card, Case, Cases},
    queue::{Orders, Queue},
    standing::{Agreement, Said, Standing},
};
use crate::{
    cli::{match_::now, recorded::Recorded},
    compare::{Matching, Score, parameters::Limits},
    error::{Error, Result, slashed},
    normalise::company::NameRules,
    problem::Problem,
    result::folder::SUMMARY,
    status::{CustomerStatus, ReviewReason, UnmatchedReason},
    text::id::join_key,
    verdicts::{CustomerVerdicts, History, PairVerdict, ReviewFiles, Verdict, Verdicts, harvest},
    write::Lock,
};

/// The state of a file: when it was last written, and its length.
type Stamp = Option<(SystemTime, u64)>;

fn stamp(path: &Path) -> Stamp {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// The files that others may write while this program looks at them.
#[derive(Debug, Default, PartialEq)]
struct Stamps {
    summary: Stamp,
    verdicts: Stamp,
    sheets: ReviewFiles,
}

/// A run that is open.
pub(super) struct Desk {
    /// The folder with its results.
    pub(super) folder: PathBuf,
    pub(super) recorded: Recorded,
    pub(super) verdicts: PathBuf,
    pub(super) cases: Cases,
    pub(super) orders: Orders,
    pub(super) limits: Limits,
    /// Which words of a name identify a company.
    pub(super) names: NameRules,
    pub(super) history: History,
    /// Lines that were not understood: of review sheets, and of the file of verdicts.
    pub(super) unread: [Vec<Problem>; 2],
    /// Why the review sheets could not be read; they are tried again at the next look.
    pub(super) unreadable: Option<Error>,
    /// Why nothing can be decided; `None` where it can.
    pub(super) only_looks: Option<String>,
    /// Customers that were passed over, in that order: they come back last.
    pub(super) skipped: Vec<u32>,
    standings: Vec<Standing>,
    /// The customers for which an account was accepted since the run.
    accepted_for: FxHashMap<CompactString, Vec<u32>>,
    /// Customers by the place in which the run left them and in which they stand now.
    counts: BTreeMap<(Queue, Queue), u64>,
    started: Option<Timestamp>,
    stamps: Stamps,
    _lock: Option<Lock>,
}

impl Desk {
    /// Opens a run. Where another person has it open, or `read_only` says so, nothing can be decided.
    ///
    /// # Errors
    ///
    /// When the folder holds no finished run, or a file of it cannot be read.
    pub(super) fn open(folder: &Path, read_only: bool) -> Result<Desk> {
        let (lock, only_looks) = if read_only {
            (None, Some("page.read_only.asked".to_owned()))
        } else {
            match Lock::of_review(folder, &now()) {
                Ok(lock) => (Some(lock), None),
                Err(Error::Unusable { .. }) => (None, Some("page.read_only.held".to_owned())),
                Err(_) => (None, Some("page.read_only.folder".to_owned())),
            }
        };
        let mut desk = Desk {
            verdicts: PathBuf::new(),
            folder: folder.to_owned(),
            recorded: Recorded::of(folder)?,
            cases: Cases::default(),
            orders: Orders::default(),
            limits: Limits::default(),
            names: NameRules::default(),
            history: History::default(),
            unread: [Vec::new(), Vec::new()],
            unreadable: None,
            only_looks,
            skipped: Vec::new(),
            standings: Vec::new(),
            accepted_for: FxHashMap::default(),
            counts: BTreeMap::new(),
            started: None,
            stamps: Stamps::default(),
            _lock: lock,
        };
        desk.refresh()?;
        Ok(desk)
    }

    /// From where on a pair is accepted.
    pub(super) fn accept(&self) -> Score {
        Score::of(self.limits.accept)
    }

    /// Takes up what others have written since: a new run, decisions, a review sheet.
    ///
    /// # Errors
    ///
    /// When a file of the run cannot be read.
    pub(super) fn refresh(&mut self) -> Result<()> {
        let mut now = self.stamps_now();
        if now == self.stamps {
            return Ok(());
        }
        let is_new_run = now.summary != self.stamps.summary;
        if is_new_run {
            self.take_up_run()?;
        }
        if self.only_looks.is_none() && (is_new_run || now.sheets != self.stamps.sheets) {
            self.take_up_sheets()?;
            if self.unreadable.is_some() {
                now.sheets = ReviewFiles::default();
            }
        }
        // the state of before: what comes while the files are read is seen the next time
        let verdicts = stamp(&self.verdicts);
        (self.history, self.unread[1]) = History::load(&self.verdicts)?;
        self.stand_all();
        self.stamps = Stamps { verdicts, ..now };
        Ok(())
    }

    /// Takes over what stands in the review sheets. One that is just being saved cannot be read for
    /// a moment: that keeps nobody from what is read already.
    fn take_up_sheets(&mut self) -> Result<()> {
        let rules = self.recorded.config.rules.as_deref();
        match harvest((&self.folder, &[]), (&self.verdicts, rules), &self.time()) {
            Ok(taken) => (self.unread[0], self.unreadable) = (taken.problems, None),
            Err(Error::Io { path, source }) if path == self.verdicts => {
                return Err(Error::Io { path, source });
            }
            Err(error) => self.unreadable = Some(error),
        }
        Ok(())
    }

    /// Reads what the run in the folder has written, with the rules that it used.
    fn take_up_run(&mut self) -> Result<()> {
        self.recorded = Recorded::of(&self.folder)?;
        self.verdicts = self.recorded.verdicts(&self.folder);
        let rules = self.recorded.config.rules.as_deref();
        self.limits = Matching::load(rules)?.limits;
        self.names = NameRules::load(rules)?;
        self.started = self.recorded.started().parse().ok();
        self.cases = Cases::load(&self.folder, self.accept())?;
        self.orders = Orders::of(&self.cases.list);
        self.skipped.clear();
        Ok(())
    }

    /// The mark of the run that is open: pages of another one name other customers by the same
    /// positions.
    pub(super) fn mark(&self) -> String {
        let text = format!("{}\n{}", slashed(&self.folder), self.recorded.started());
        format!("{:016x}", super::audit::shuffled(&text))
    }

    /// Refuses what a page of another run asks for.
    ///
    /// # Errors
    ///
    /// When a page names a run, and it is not this one.
    pub(super) fn must_be(&self, seen: Option<&str>) -> Result<()> {
        match seen {
            Some(seen) if seen != self.mark() => Err(Error::Unusable {
                file: "this page".into(),
                found: "it shows another run than the one that is open now".into(),
                todo: "load the page again; nothing was changed".into(),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses who only looks.
    ///
    /// # Errors
    ///
    /// When nothing may be decided here.
    pub(super) fn must_decide(&self) -> Result<()> {
        match &self.only_looks {
            None => Ok(()),
            Some(_) => Err(Error::Unusable {
                file: slashed(&self.folder),
                found: "here you can look, not change anything".into(),
                todo: "close the other window, or open the run without --read-only".into(),
            }),
        }
    }

    fn stamps_now(&self) -> Stamps {
        Stamps {
            summary: stamp(&self.folder.join(SUMMARY)),
            verdicts: stamp(&self.verdicts),
            sheets: ReviewFiles::of(&self.folder),
        }
    }

    /// A time for the next act: now, and later than that of the last one, as lines of one time are
    /// one act.
    fn time(&self) -> String {
        let now = Zoned::now();
        let after = self.history.last_time().parse::<Timestamp>().ok();
        let after = after.and_then(|last| last.checked_add(1.millisecond()).ok());
        let time = match after {
            Some(after) if after > now.timestamp() => after.to_zoned(now.time_zone().clone()),
            _ => now,
        };
        time.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    /// Writes lines as one act. When this returns they are on the disk.
    ///
    /// # Errors
    ///
    /// When this person only looks, or the file cannot be written: nothing has changed then.
    pub(super) fn write(&mut self, lines: Vec<Verdict>) -> Result<()> {
        self.must_decide()?;
        let customers: Vec<String> = lines.iter().map(|line| line.customer_id.clone()).collect();
        let time = self.time();
        let before = self.stamps.verdicts.map_or(0, |(_, length)| length);
        let added = self.history.write(&self.verdicts, lines, &time)?;
        // where the file has grown by more than this, somebody else has written too: it is read again
        let after = stamp(&self.verdicts);
        self.stamps.verdicts = after.filter(|(_, length)| *length == before + added);
        for at in customers.iter().filter_map(|id| self.cases.position(id)).collect::<Vec<_>>() {
            self.stand(at);
        }
        Ok(())
    }

    /// Where all customers stand.
    fn stand_all(&mut self) {
        self.standings = vec![Standing::default(); self.cases.list.len()];
        self.accepted_for.clear();
        self.counts.clear();
        for at in 0..self.cases.list.len() {
            *self.counts.entry(self.places(at)).or_default() += 1;
        }
        let said: Vec<usize> =
            self.history.customers().filter_map(|id| self.cases.position(id)).collect();
        said.into_iter().for_each(|at| self.stand(at));
    }

    /// Where a customer stands after something was said of it.
    fn stand(&mut self, at: usize) {
        let new = self.standing_now(at);
        if new == self.standings[at] {
            return;
        }
        let before = self.places(at);
        if let Some(left) = self.counts.get_mut(&before) {
            *left -= 1;
        }
        let place = at as u32;
        if let Some(Said::Accepted(accounts)) = &self.standings[at].said {
            for account in accounts {
                if let Some(of) = self.accepted_for.get_mut(account) {
                    of.retain(|customer| *customer != place);
                }
            }
        }
        if let Some(Said::Accepted(accounts)) = &new.said {
            for account in accounts {
                self.accepted_for.entry(account.clone()).or_default().push(place);
            }
        }
        self.standings[at] = new;
        *self.counts.entry(self.places(at)).or_default() += 1;
    }

    /// What has been said of a customer, as far as the run has not applied it.
    fn standing_now(&self, at: usize) -> Standing {
        let case = &self.cases.list[at];
        let lines: Vec<&Verdict> = self.history.about(&case.id).collect();
        let verdicts = Verdicts::from_lines(lines.iter().map(|line| (*line).clone()));
        let Some(of) = verdicts.of(&case.id) else { return Standing::default() };
        let agreement = Agreement::of(&self.history.holding_about(&case.id));
        let fresh = |pair: &&PairVerdict| self.is_fresh(case, pair, true);
        let refuses = |pair: &&PairVerdict| self.is_fresh(case, pair, false);
        let id = |pair: &PairVerdict| CompactString::from(&*pair.account_id);
        let accepted: Vec<&PairVerdict> = of.accepted.iter().filter(fresh).collect();
        let rejected: Vec<CompactString> = of.rejected.iter().filter(refuses).map(id).collect();
        let none = of.none.as_ref().filter(fresh);
        let is_refused =
            |account: &str| rejected.iter().any(|of| join_key(of) == join_key(account));
        let by = accepted.first().copied().or(none).or(of.rejected.iter().find(refuses));
        let reviewer = by.map_or("", |pair| &pair.reviewer).into();
        let said = if !accepted.is_empty() {
            Some(Said::Accepted(accepted.into_iter().map(id).collect()))
        } else if none.is_some() {
            Some(Said::None)
        } else if !rejected.is_empty() && case.accounts.iter().all(|card| is_refused(&card.id)) {
            Some(Said::Refused)
        } else {
            unsure(case, of).map(Said::Unsure)
        };
        Standing { said, reviewer, rejected, agreement }
    }

    /// Whether a verdict is not applied yet: it was given after the run began, or the customer is
    /// still in review and looks as it did then. A run knows the second of its begin only; in that
    /// second its results tell.
    fn is_fresh(&self, case: &Case, pair: &PairVerdict, accepts: bool) -> bool {
        let given = pair.time.parse::<Timestamp>().ok().map(Timestamp::as_second);
        let began = self.started.map(Timestamp::as_second);
        match given.zip(began) {
            Some((given, began)) if given > began => return true,
            Some((given, began)) if given == began => return !is_reflected(case, pair, accepts),
            _ => {}
        }
        let is_open = case.status == Some(CustomerStatus::Review)
            && !matches!(case.review, Some(ReviewReason::AccountTaken));
        let seen_now = match pair.account_id.is_empty() {
            true => Some(case.seen()),
            false => card_of(case, pair).map(|card| card.seen.to_string()),
        };
        is_open && seen_now.is_some_and(|now| pair.seen.is_empty() || *pair.seen == *now)
    }

    /// What a person has said of a customer.
    pub(super) fn standing(&self, at: usize) -> &Standing {
        &self.standings[at]
    }

    pub(super) fn reviewer_of(&self, at: usize) -> &str {
        &self.standings[at].reviewer
    }

    /// How many customers there are of whom people have said different things.
    pub(super) fn disagreements(&self) -> usize {
        let differ = |of: &&Standing| of.agreement == Some(Agreement::Disagree);
        self.standings.iter().filter(differ).count()
    }

    /// Where a customer stands now.
    pub(super) fn place(&self, at: usize) -> Queue {
        self.places(at).1
    }

    /// The place in which the run left a customer, and where it stands now.
    fn places(&self, at: usize) -> (Queue, Queue) {
        let of_run = Queue::of_run(&self.cases.list[at]);
        let now = match &self.standings[at].said {
            None => of_run,
            Some(Said::Unsure(_)) => Queue::Unsure,
            Some(_) => Queue::Decided,
        };
        (of_run, now)
    }

    /// How many customers stand in a place, and how many the run had left there.
    pub(super) fn count(&self, queue: Queue) -> (u64, u64) {
        let sum = |of: fn(&(Queue, Queue)) -> Queue| {
            let here = self.counts.iter().filter(|(places, _)| of(places) == queue);
            here.map(|(_, count)| count).sum()
        };
        (sum(|places| places.1), sum(|places| places.0))
    }

    /// The other customers that hold an account: linked by the run and not decided otherwise, or
    /// accepted since.
    pub(super) fn holders(&self, account: &str, but: usize) -> Vec<usize> {
        let linked = self.cases.linked_to.get(account).into_iter().flatten();
        let linked = linked.filter(|at| self.standings[**at as usize].said.is_none());
        let accepted = self.accepted_for.get(account).into_iter().flatten();
        let mut all: Vec<usize> = linked.chain(accepted).map(|at| *at as usize).collect();
        all.retain(|at| *at != but);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The customers that acts have settled which a page has not seen: those of a sheet, of a
    /// colleague, of another window. With the acts, so that they can be taken back.
    pub(super) fn settled_since(&self, seen: usize) -> (BTreeSet<usize>, Vec<usize>) {
        let (mut customers, mut acts) = (BTreeSet::new(), Vec::new());
        for (act, of) in self.history.acts().iter().enumerate().skip(seen) {
            if !of.holds || of.is_reversal() {
                continue;
            }
            let lines = self.history.lines_of(act);
            let positions = lines.filter_map(|line| self.cases.position(&line.customer_id));
            let before = customers.len();
            customers.extend(positions.filter(|at| self.place(*at) == Queue::Decided));
            acts.extend((customers.len() > before).then_some(act));
        }
        (customers, acts)
    }

    /// How many of the customers that the run left in review are decided, and how many those are.
    pub(super) fn progress(&self) -> (u64, u64) {
        let of_review = self.counts.iter().filter(|((of, _), _)| matches!(of, Queue::Review(_)));
        of_review.fold((0, 0), |(done, all), ((_, now), count)| {
            (done + if *now == Queue::Decided { *count } else { 0 }, all + count)
        })
    }

    /// How much of what is at stake in review is decided, 0 to 100.
    pub(super) fn share_decided(&self) -> u64 {
        let (mut all, mut done) = (0u64, 0u64);
        for at in 0..self.cases.list.len() {
            let (of_run, now) = self.places(at);
            if matches!(of_run, Queue::Review(_)) {
                let urgency = self.cases.list[at].urgency;
                all += urgency;
                done += if now == Queue::Decided { urgency } else { 0 };
            }
        }
        (done * 100).checked_div(all).unwrap_or(100)
    }

    /// The folder of the user's own tables.
    pub(super) fn rules(&self) -> Option<&Path> {
        self.recorded.config.rules.as_deref()
    }
}

/// The account of a verdict among those of its customer.
fn card_of<'c>(case: &'c Case, pair: &PairVerdict) -> Option<&'c Card> {
    case.accounts.iter().find(|card| join_key(&card.id) == join_key(&pair.account_id))
}

/// Whether the results of a run show that it knew a verdict, which accepts or refuses.
fn is_reflected(case: &Case, pair: &PairVerdict, accepts: bool) -> bool {
    let card = card_of(case, pair);
    match case.status {
        Some(CustomerStatus::Linked) => card.is_some() == accepts,
        Some(CustomerStatus::Unmatched) => {
            let by_person = [UnmatchedReason::SettledNone, UnmatchedReason::Refused];
            by_person.iter().any(|reason| reason.word() == case.reason)
        }
        Some(CustomerStatus::Review) => match card {
            Some(card) => !pair.seen.is_empty() && *pair.seen != *card.seen,
            None => !pair.account_id.is_empty() || case.review == Some(ReviewReason::Stale),
        },
        Some(CustomerStatus::Excluded) | None => true,
    }
}

/// The reason why a person was unsure, where the last note says so.
fn unsure(case: &Case, of: &CustomerVerdicts) -> Option<CompactString> {
    let accounts = case.accounts.iter().map(|card| &*card.id).chain([""]);
    let mut notes = accounts.map(|id| of.note(id));
    notes.find_map(|note| note.strip_prefix(UNSURE)).map(|rest| rest.trim().into())
}

/// What a note of a person begins with who was not sure.
pub(super) const UNSURE: &str = "unsure:";
