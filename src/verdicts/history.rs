//! The file of verdicts as a history of acts: what was done, what of it was taken back, and how to
//! take back any of it.
//!
//! Lines that bear one time are one act: a key press, a sheet, a decision about many. An act that
//! begins with `open` takes back an earlier one, so that the file alone says what can be undone,
//! however often the program was ended meanwhile.

use std::{collections::BTreeSet, path::Path};

use rustc_hash::FxHashMap;

use super::{
    Verdict, Word,
    harvest::InForce,
    store::{append, read_lines},
};
use crate::{error::Result, problem::Problem};

/// One act: lines with one time.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// Its lines, as positions in the file.
    lines: std::ops::Range<usize>,
    /// The act that it takes back.
    takes_back: Option<usize>,
    /// Whether it holds: no later act has taken it back.
    pub(crate) holds: bool,
}

impl Act {
    /// Whether it takes back another act.
    pub(crate) fn is_reversal(&self) -> bool {
        self.takes_back.is_some()
    }
}

/// All lines of a file of verdicts, as acts.
#[derive(Debug, Default)]
pub(crate) struct History {
    lines: Vec<Verdict>,
    acts: Vec<Act>,
    /// The acts about each customer, in order.
    of_customer: FxHashMap<Box<str>, Vec<usize>>,
    /// Acts that were taken back and can be done again, the next one last.
    undone: Vec<Undone>,
}

/// An act that was taken back.
#[derive(Debug)]
struct Undone {
    act: usize,
    /// Who took it back; blank where that is not known.
    by: String,
}

impl History {
    /// The history of a file, and its lines that were not understood.
    ///
    /// # Errors
    ///
    /// When the file exists and cannot be read.
    pub(crate) fn load(path: &Path) -> Result<(History, Vec<Problem>)> {
        let (lines, problems) = read_lines(path)?;
        Ok((History::of(lines), problems))
    }

    fn of(lines: Vec<Verdict>) -> History {
        let mut history = History::default();
        let mut rest = lines.into_iter().peekable();
        while let Some(first) = rest.next() {
            let mut act = vec![first];
            while let Some(line) = rest.next_if(|line| line.time == act[0].time) {
                act.push(line);
            }
            history.add(act);
        }
        history
    }

    /// Adds an act behind the others.
    fn add(&mut self, lines: Vec<Verdict>) {
        let begin = self.lines.len();
        let customers: BTreeSet<&str> = lines.iter().map(|line| &*line.customer_id).collect();
        let customers: Vec<Box<str>> = customers.into_iter().map(Into::into).collect();
        self.lines.extend(lines);
        let lines = begin..self.lines.len();
        let takes_back = self.taken_back_by(&lines);
        let at = self.acts.len();
        match takes_back {
            Some(earlier) => self.take_back(earlier, &lines),
            None => self.forget_undone(&lines),
        }
        self.acts.push(Act { lines, takes_back, holds: true });
        for customer in customers {
            self.of_customer.entry(customer).or_default().push(at);
        }
    }

    /// An act no longer holds, by some lines; if it took back another, that one holds again.
    fn take_back(&mut self, act: usize, lines: &std::ops::Range<usize>) {
        self.acts[act].holds = false;
        match self.acts[act].takes_back {
            Some(again) => {
                self.acts[again].holds = true;
                self.undone.retain(|of| of.act != again);
            }
            None => {
                let by = self.lines[lines.start].reviewer.clone();
                self.undone.push(Undone { act, by });
            }
        }
    }

    /// Some lines decide: what they say again is no longer undone. Else whoever decides goes on from
    /// here and has nothing left to do again; others have, where the lines are not about the same.
    fn forget_undone(&mut self, lines: &std::ops::Range<usize>) {
        let same = self.undone.iter().rposition(|of| self.says_the_same(of.act, lines));
        if let Some(same) = same {
            self.undone.remove(same);
            return;
        }
        let (all, acts) = (&self.lines, &self.acts);
        let new = &all[lines.clone()];
        self.undone.retain(|of| {
            let old = &all[acts[of.act].lines.clone()];
            !new.iter().any(|line| {
                line.reviewer == of.by || old.iter().any(|was| was.customer_id == line.customer_id)
            })
        });
    }

    /// The act that some lines take back: the latest on the same pairs without which what holds is
    /// what they leave behind.
    fn taken_back_by(&self, lines: &std::ops::Range<usize>) -> Option<usize> {
        let said = &self.lines[lines.clone()];
        if said.first()?.word != Word::Open {
            return None;
        }
        let opened = pairs(said.iter().take_while(|line| line.word == Word::Open));
        let customers: BTreeSet<&str> = opened.iter().map(|(customer, _)| *customer).collect();
        let acts = self.acts_about(&customers);
        let all: Vec<&Verdict> = acts.iter().flat_map(|at| self.lines_of(*at)).collect();
        let left = in_force(all.into_iter().chain(said), &customers);
        let is_it = |at: &&usize| {
            self.acts[**at].holds
                && pairs(self.lines_of(**at)) == opened
                && self.without(**at, &acts, &customers) == left
        };
        // what was decided before what was taken back: the latter only by `reconcile undo`, twice
        let (reversals, decisions): (Vec<usize>, Vec<usize>) =
            acts.iter().partition(|at| self.acts[**at].is_reversal());
        let latest = |acts: &[usize]| acts.iter().rev().find(is_it).copied();
        latest(&decisions).or_else(|| latest(&reversals))
    }

    /// What would hold of some customers without an act.
    fn without(
        &self,
        without: usize,
        acts: &[usize],
        customers: &BTreeSet<&str>,
    ) -> Vec<(String, String, Word, String, String)> {
        let lines = self.holding(acts, without).into_iter().flat_map(|at| self.lines_of(at));
        in_force(lines, customers)
    }

    /// Those of some acts that decide and hold, once another is taken back.
    fn holding(&self, acts: &[usize], without: usize) -> Vec<usize> {
        let again = self.acts[without].takes_back;
        let holds = |at: &usize| {
            let act = &self.acts[*at];
            *at != without && act.takes_back.is_none() && (act.holds || again == Some(*at))
        };
        acts.iter().copied().filter(holds).collect()
    }

    /// The acts about some customers, in order.
    fn acts_about(&self, customers: &BTreeSet<&str>) -> Vec<usize> {
        let of = customers.iter().filter_map(|customer| self.of_customer.get(*customer));
        of.flatten().copied().collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn says_the_same(&self, act: usize, lines: &std::ops::Range<usize>) -> bool {
        let what = |line: &Verdict| Verdict { time: String::new(), ..line.clone() };
        let (one, other) = (self.lines_of(act), &self.lines[lines.clone()]);
        one.map(what).eq(other.iter().map(what))
    }

    /// The lines of an act.
    pub(crate) fn lines_of(&self, act: usize) -> impl Iterator<Item = &Verdict> {
        self.lines[self.acts[act].lines.clone()].iter()
    }

    /// The lines about a customer, in file order.
    pub(crate) fn about(&self, customer: &str) -> impl Iterator<Item = &Verdict> {
        let acts = self.of_customer.get(customer).into_iter().flatten();
        let lines = acts.flat_map(|at| self.lines_of(*at));
        lines.filter(move |line| line.customer_id == customer)
    }

    /// The lines about a customer that hold: those of acts that nobody has taken back.
    pub(crate) fn holding_about(&self, customer: &str) -> Vec<&Verdict> {
        let acts = self.of_customer.get(customer).into_iter().flatten();
        let holds = acts.filter(|at| self.acts[**at].holds && !self.acts[**at].is_reversal());
        let lines = holds.flat_map(|at| self.lines_of(*at));
        lines.filter(|line| line.customer_id == customer).collect()
    }

    /// Every customer of whom something was said.
    pub(crate) fn customers(&self) -> impl Iterator<Item = &str> {
        self.of_customer.keys().map(AsRef::as_ref)
    }

    /// All acts, in file order.
    pub(crate) fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The time of the last line; empty where nothing was said.
    pub(crate) fn last_time(&self) -> &str {
        self.lines.last().map_or("", |line| &line.time)
    }

    /// The act that a reviewer takes back next: his last that decides and holds.
    pub(crate) fn next_to_undo(&self, reviewer: &str) -> Option<usize> {
        let is_mine = |at: &usize| {
            let act = &self.acts[*at];
            let is_mine = |line: &Verdict| line.reviewer == reviewer || line.reviewer.is_empty();
            act.holds && !act.is_reversal() && self.lines_of(*at).all(is_mine)
        };
        (0..self.acts.len()).rev().find(is_mine)
    }

    /// The act that a reviewer can do again next: the last that he took back himself.
    pub(crate) fn next_to_redo(&self, reviewer: &str) -> Option<usize> {
        let is_mine = |of: &&Undone| of.by == reviewer || of.by.is_empty();
        self.undone.iter().rev().find(is_mine).map(|of| of.act)
    }

    /// How many lines there are about a customer: more than a page has seen, and it is out of date.
    pub(crate) fn count_about(&self, customer: &str) -> usize {
        self.about(customer).count()
    }

    /// The lines that take back an act: all that it names is opened, then said as it was. Empty
    /// where the act does not hold.
    pub(crate) fn reversal(&self, act: usize, reviewer: &str) -> Vec<Verdict> {
        if !self.acts.get(act).is_some_and(|of| of.holds && !of.is_reversal()) {
            return Vec::new();
        }
        let pairs = pairs(self.lines_of(act));
        let customers: BTreeSet<&str> = pairs.iter().map(|(customer, _)| *customer).collect();
        let acts = self.acts_about(&customers);
        let holding = self.holding(&acts, act);
        let before = holding.into_iter().flat_map(|at| self.lines_of(at)).cloned();
        restoring(&pairs, before.collect(), reviewer)
    }

    /// The lines of an act, to be said again.
    pub(crate) fn again(&self, act: usize) -> Vec<Verdict> {
        self.lines_of(act).cloned().collect()
    }

    /// Writes an act to the file and adds it here: when this returns, it is on the disk. By how many
    /// bytes the file has grown.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; nothing has changed then.
    pub(crate) fn write(&mut self, path: &Path, lines: Vec<Verdict>, time: &str) -> Result<u64> {
        let at = |line: Verdict| Verdict { time: time.to_owned(), ..line };
        let lines: Vec<Verdict> = lines.into_iter().map(at).collect();
        let added = append(path, &lines)?;
        if !lines.is_empty() {
            self.add(lines);
        }
        Ok(added)
    }
}

/// The customers and accounts that lines name.
fn pairs<'v>(lines: impl Iterator<Item = &'v Verdict>) -> BTreeSet<(&'v str, &'v str)> {
    lines.map(|line| (line.customer_id.as_str(), line.account_id.as_str())).collect()
}

/// What lines say of some customers when all are read, but for who said it and when.
fn in_force<'v>(
    lines: impl Iterator<Item = &'v Verdict>,
    customers: &BTreeSet<&str>,
) -> Vec<(String, String, Word, String, String)> {
    let of_them = lines.filter(|line| customers.contains(&*line.customer_id)).cloned();
    let held = InForce::of(of_them.collect()).into_lines().into_iter();
    held.map(|line| (line.customer_id, line.account_id, line.word, line.seen, line.note)).collect()
}

/// The lines that open some pairs and say again what held of their customers before.
pub(super) fn restoring(
    pairs: &BTreeSet<(&str, &str)>,
    before: Vec<Verdict>,
    reviewer: &str,
) -> Vec<Verdict> {
    let customers: BTreeSet<&str> = pairs.iter().map(|(customer, _)| *customer).collect();
    let open = |(customer, account): &(&str, &str)| Verdict {
        reviewer: reviewer.to_owned(),
        ..Verdict::bare(customer, account, Word::Open)
    };
    let mut lines: Vec<Verdict> = pairs.iter().map(open).collect();
    let held = InForce::of(before).into_lines();
    lines.extend(held.into_iter().filter(|line| customers.contains(line.customer_id.as_str())));
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Verdicts, *};

    fn line(customer: &str, account: &str, word: Word) -> Verdict {
        Verdict {
            reviewer: "Kim".into(),
            seen: "s".into(),
            ..Verdict::bare(customer, account, word)
        }
    }

    /// What holds of all customers.
    fn state(history: &History) -> Vec<(String, usize, usize, bool)> {
        let verdicts = Verdicts::from_lines(history.lines.clone());
        let of = |(id, of): (&str, &super::super::CustomerVerdicts)| {
            (id.to_owned(), of.accepted.len(), of.rejected.len(), of.none.is_some())
        };
        verdicts.iter().map(of).filter(|of| of.1 + of.2 > 0 || of.3).collect()
    }

    /// A small set of acts that meet each other on few customers.
    fn some_acts() -> impl Strategy<Value = Vec<Verdict>> {
        let word = prop_oneof![Just(Word::Accept), Just(Word::Reject), Just(Word::None)];
        let act = ("[12]", "[ab]", word).prop_map(|(customer, account, word)| {
            line(&customer, if word == Word::None { "" } else { &account }, word)
        });
        proptest::collection::vec(act, 1..12)
    }

    proptest! {
        /// All acts undone, over a restart: nothing holds; all done again: as it was.
        #[test]
        fn all_that_was_done_can_be_undone_and_done_again_over_a_restart(acts in some_acts()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("verdicts.csv");
            let mut clock = (0..).map(|at| format!("{at:06}"));
            let mut history = History::default();
            for act in &acts {
                history.write(&path, vec![act.clone()], &clock.next().unwrap()).unwrap();
            }
            let done = state(&history);
            for _ in &acts {
                history = History::load(&path).unwrap().0;
                let act = history.next_to_undo("Kim").expect("an act to undo");
                let lines = history.reversal(act, "Kim");
                history.write(&path, lines, &clock.next().unwrap()).unwrap();
            }
            prop_assert_eq!(history.next_to_undo("Kim"), None);
            prop_assert_eq!(state(&history), vec![]);
            for _ in &acts {
                history = History::load(&path).unwrap().0;
                let act = history.next_to_redo("Kim").expect("an act to do again");
                let lines = history.again(act);
                history.write(&path, lines, &clock.next().unwrap()).unwrap();
            }
            prop_assert_eq!(state(&history), done);
        }
    }

    #[test]
    fn any_act_can_be_taken_back_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        let mut history = History::default();
        let acts = [("1", "a", Word::Accept), ("2", "b", Word::Reject), ("3", "", Word::None)];
        for (at, (customer, account, word)) in acts.into_iter().enumerate() {
            history.write(&path, vec![line(customer, account, word)], &at.to_string()).unwrap();
        }
        let lines = history.reversal(0, "Kim");
        history.write(&path, lines, "9").unwrap();
        let history = History::load(&path).unwrap().0;
        let held: Vec<bool> = history.acts().iter().map(|act| act.holds).collect();
        assert_eq!(held, [false, true, true, true]);
        assert!(history.acts()[3].is_reversal());
        assert!(history.reversal(0, "Kim").is_empty(), "it no longer holds");
    }

    #[test]
    fn nobody_takes_back_what_another_has_done() {
        let mut history = History::default();
        let of = |reviewer: &str, time: &str| Verdict {
            reviewer: reviewer.into(),
            time: time.into(),
            ..line("1", "a", Word::Accept)
        };
        history.add(vec![of("Kim", "1")]);
        history.add(vec![of("Petra", "2")]);
        assert_eq!(history.next_to_undo("Kim"), Some(0));
        assert_eq!(history.next_to_undo("Ben"), None);
        let mut sheet = History::default();
        sheet.add(vec![of("Kim", "3"), of("Petra", "3")]);
        assert_eq!(sheet.next_to_undo("Kim"), None, "a sheet of two people");
    }

    #[test]
    fn what_one_person_took_back_another_does_not_do_again() {
        let mut history = History::default();
        let mut clock = (1..).map(|at: u32| at.to_string());
        let mut add = |history: &mut History, reviewer: &str, customer: &str, word: Word| {
            let (reviewer, time) = (reviewer.to_owned(), clock.next().unwrap());
            history.add(vec![Verdict { reviewer, time, ..line(customer, "a", word) }]);
        };
        use Word::{Accept, Open, Reject};
        add(&mut history, "Kim", "1", Accept);
        add(&mut history, "Petra", "2", Accept);
        add(&mut history, "Kim", "1", Open);
        add(&mut history, "Petra", "2", Open);
        assert_eq!(history.next_to_redo("Kim"), Some(0));
        assert_eq!(history.next_to_redo("Petra"), Some(1));
        assert_eq!(history.next_to_redo("Ben"), None);
        add(&mut history, "Petra", "3", Reject); // she goes on from here; he has not
        assert_eq!(history.next_to_redo("Petra"), None);
        assert_eq!(history.next_to_redo("Kim"), Some(0));
        add(&mut history, "Petra", "1", Reject); // the same customer: his act no longer fits
        assert_eq!(history.next_to_redo("Kim"), None);
    }
}
