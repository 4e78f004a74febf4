//! Candidates to linked, review, unmatched, and why; one account serves one customer.

mod accept;
mod assign;
mod duplicates;
mod extra;
pub(crate) mod learned;
mod lists;
mod outcome;
mod rivals;
mod standing;
#[cfg(test)]
mod tests;

use compact_str::CompactString;
use rayon::prelude::*;

pub use self::outcome::{DecidedBy, Decisions, Link, Outcome};
use self::{duplicates::Duplicates, lists::Rivals};
pub(crate) use self::{lists::Lists, standing::Standing};
pub(crate) use crate::status::{ExcludedReason, ReviewReason, UnmatchedReason};
use crate::{
    compare::Level,
    config::{Config, UnlikeNames},
    index::CustomerRecord,
    link::{Candidate, Candidates, Matcher},
    normalise::domain::DomainClass,
    report::{Customer, Customers},
    text::id::join_key,
    verdicts::{CustomerVerdicts, PairVerdict, Verdicts, changed_since},
};

/// What deciding needs besides the candidates.
pub struct Decider<'r> {
    /// Index, tables and parameters.
    pub matcher: &'r Matcher<'r>,
    /// The customers.
    pub customers: &'r Customers,
    /// What people said.
    pub verdicts: &'r Verdicts,
    /// What to do where the domain is the same and the names differ.
    pub unlike_names: UnlikeNames,
    /// Whether several customers may link one account.
    pub share_accounts: bool,
}

impl<'r> Decider<'r> {
    /// Decides as a run was told to.
    pub fn of_run(
        config: &Config,
        matcher: &'r Matcher<'r>,
        customers: &'r Customers,
        verdicts: &'r Verdicts,
    ) -> Decider<'r> {
        let Config { unlike_names, share_accounts, .. } = *config;
        Decider { matcher, customers, verdicts, unlike_names, share_accounts }
    }
}

/// The candidates of one customer, as deciding about one of them needs them.
struct Field<'f> {
    /// Those that are near, best first.
    found: &'f [Candidate],
    duplicates: &'f Duplicates,
    lists: &'f Lists<'f>,
}

impl Field<'_> {
    /// Whether two candidates are one account or duplicates of each other.
    fn are_duplicates(&self, one: &Candidate, other: &Candidate) -> bool {
        let at = |candidate: &Candidate| {
            self.found.iter().position(|found| found.account.is_same_account(&candidate.account))
        };
        match (at(one), at(other)) {
            (Some(one), Some(other)) => self.duplicates.are(one, other),
            _ => one.account.is_same_account(&other.account),
        }
    }
}

/// What the odds choose among the candidates of a customer.
enum Chosen {
    /// The position of an account, and those of it and its duplicates.
    Group { best: usize, group: Vec<usize> },
    /// None, and why.
    Nobody(ReviewReason),
}

/// The verdicts on one customer, as this run finds them.
#[derive(Default)]
struct Judged {
    accepted: Vec<(Candidate, String)>,
    rejected: Vec<CompactString>,
    none: bool,
    counts: Counts,
}

/// How many verdicts decided something, are stale, or name what is gone.
#[derive(Default, Clone, Copy)]
struct Counts {
    applied: u32,
    stale: u32,
    orphaned: u32,
}

impl Counts {
    /// The candidate that a verdict is on, if what it saw is still so; counts the verdict.
    fn apply<'f>(
        &mut self,
        verdict: &PairVerdict,
        customer: &Customer,
        found: &'f [Candidate],
    ) -> Option<&'f Candidate> {
        let key = join_key(&verdict.account_id);
        let is_it = |candidate: &&Candidate| join_key(candidate.account.id()) == key;
        let Some(candidate) = found.iter().find(is_it) else {
            self.orphaned += 1;
            return None;
        };
        if !changed_since(&verdict.seen, customer, Some(&candidate.account)).is_empty() {
            self.stale += 1;
            return None;
        }
        self.applied += 1;
        Some(candidate)
    }
}

impl Decider<'_> {
    /// Decides about all customers.
    pub fn decide_all(&self, candidates: &Candidates) -> Decisions {
        let customers = (0..self.customers.list.len() as u32).into_par_iter();
        let lists = Lists::new(self, candidates);
        let decide = |customer| self.decide(customer, &lists);
        let (outcomes, counts): (Vec<Outcome>, Vec<Counts>) = customers.map(decide).unzip();
        let learned = lists.learned.notes();
        let mut decisions = Decisions { outcomes, learned, ..Decisions::default() };
        for verdicts in counts {
            decisions.verdicts_applied += verdicts.applied as usize;
            decisions.verdicts_stale += verdicts.stale as usize;
            decisions.verdicts_orphaned += verdicts.orphaned as usize;
        }
        let known = |id: &str| {
            self.customers.list.binary_search_by(|customer| customer.id.as_str().cmp(id)).is_ok()
        };
        decisions.verdicts_orphaned += self
            .verdicts
            .iter()
            .filter(|(id, _)| !known(id))
            .map(|(_, said)| {
                said.accepted.len() + said.rejected.len() + usize::from(said.none.is_some())
            })
            .sum::<usize>();
        if !self.share_accounts {
            assign::settle(&mut decisions.outcomes);
        }
        decisions
    }

    /// Decides about one customer, and returns what its verdicts came to.
    fn decide(&self, customer: u32, lists: &Lists<'_>) -> (Outcome, Counts) {
        let prepared = &self.matcher.index.customers[customer as usize];
        let (found, cut_off) = lists.of(customer);
        if let Some(reason) = excluded(prepared, found.is_empty()) {
            return (Outcome::Excluded(reason), Counts::default());
        }
        let mut judged = self.judge(customer, &found);
        let accepted = std::mem::take(&mut judged.accepted);
        let outcome = if accepted.is_empty() {
            self.decide_among(customer, found, cut_off, &judged, lists)
        } else {
            Outcome::Linked(self.links(accepted, &found))
        };
        (outcome, judged.counts)
    }

    /// Decides where no verdict accepts. The first condition that holds decides.
    fn decide_among(
        &self,
        customer: u32,
        mut found: Vec<Candidate>,
        cut_off: bool,
        judged: &Judged,
        lists: &Lists<'_>,
    ) -> Outcome {
        if judged.counts.stale > 0 {
            found.extend(self.nearest(customer, lists));
            return if found.is_empty() {
                Outcome::Unmatched(UnmatchedReason::NoCandidate, None)
            } else {
                Outcome::Review(ReviewReason::Stale, found)
            };
        }
        if judged.none {
            return Outcome::Unmatched(UnmatchedReason::SettledNone, found.into_iter().next());
        }
        let all = found.len();
        found.retain(|pair| !self.are_apart(customer, pair));
        if found.is_empty() && all > 0 {
            return Outcome::Unmatched(UnmatchedReason::Refused, None);
        }
        let refused = found.len();
        found.retain(|candidate| !judged.rejected.iter().any(|id| id == candidate.account.id()));
        // A rejection promotes no runner-up by itself.
        if found.len() < refused {
            return if found.iter().any(|candidate| self.is_near(candidate, lists)) {
                Outcome::Review(ReviewReason::Doubtful, found)
            } else {
                Outcome::Unmatched(UnmatchedReason::Refused, None)
            };
        }
        self.by_rule(customer, found, cut_off, lists)
    }

    /// Whether the user's own table says that the names of a pair never mean one company.
    pub(crate) fn are_apart(&self, customer: u32, pair: &Candidate) -> bool {
        let name = &self.customers.list[customer as usize].name;
        self.matcher.rules.names.are_apart([name, pair.account.name()])
    }

    /// The nearest miss of a customer that has no candidate.
    pub(crate) fn nearest(&self, customer: u32, lists: &Lists<'_>) -> Option<Candidate> {
        self.matcher.nearest(customer, lists.candidates)
    }

    fn by_rule(
        &self,
        customer: u32,
        found: Vec<Candidate>,
        cut_off: bool,
        lists: &Lists<'_>,
    ) -> Outcome {
        let (mut found, far): (Vec<Candidate>, Vec<Candidate>) =
            found.into_iter().partition(|pair| self.is_near(pair, lists));
        if found.is_empty() {
            let nearest = far.into_iter().next().or_else(|| self.nearest(customer, lists));
            let nearest = nearest.map(|mut pair| {
                self.score(&mut pair, Rivals::default());
                pair
            });
            let reason = match nearest {
                Some(_) => UnmatchedReason::NothingNear,
                None => UnmatchedReason::NoCandidate,
            };
            return Outcome::Unmatched(reason, nearest);
        }
        let duplicates = Duplicates::new(self, &found, lists);
        let field = Field { found: &found, duplicates: &duplicates, lists };
        let rivals: Vec<Rivals> = found.iter().map(|pair| self.rivals(pair, &field)).collect();
        let outcome = self.by_odds(&field, &rivals, cut_off);
        for (pair, rivals) in found.iter_mut().zip(&rivals) {
            self.score(pair, *rivals);
        }
        match outcome {
            Chosen::Group { best, group } => {
                // A duplicate is as likely as the account whose duplicate it is.
                let score = found[best].comparison.score;
                for at in &group {
                    found[*at].comparison.score = score.max(found[*at].comparison.score);
                }
                let chosen = group.into_iter().map(|at| (found[at].clone(), DecidedBy::Rule));
                Outcome::Linked(self.link_group(chosen.collect(), &found))
            }
            Chosen::Nobody(reason) => Outcome::Review(reason, found),
        }
    }

    /// Decides by the odds of the near candidates of a customer.
    fn by_odds(&self, field: &Field<'_>, rivals: &[Rivals], cut_off: bool) -> Chosen {
        let found = field.found;
        let alone = |at: usize| Rivals { of_customer: 0.0, ..rivals[at] };
        let accepted = |at: &usize| self.is_acceptable(&found[*at], rivals[*at], field.lists);
        let Some(best) = (0..found.len()).find(accepted) else {
            return Chosen::Nobody(self.why_not(field, rivals, cut_off));
        };
        let others = || (0..found.len()).filter(|at| !field.duplicates.are(best, *at));
        let is_conflict = |at: usize| {
            self.contradicts(&found[best], &found[at])
                || Self::is_nearer(&found[best], &found[at])
                || (found[at].comparison.pass < found[best].comparison.pass
                    && self.is_acceptable(&found[at], alone(at), field.lists))
        };
        if others().any(is_conflict) {
            return Chosen::Nobody(ReviewReason::Conflict);
        }
        if others().any(|at| self.share_a_number(&found[best], &found[at])) {
            return Chosen::Nobody(if cut_off {
                ReviewReason::Truncated
            } else {
                ReviewReason::Tie
            });
        }
        let group = (0..found.len()).filter(|at| field.duplicates.are(best, *at));
        Chosen::Group { best, group: group.collect() }
    }

    /// Why no candidate was accepted: what stands in the way of the best.
    fn why_not(&self, field: &Field<'_>, rivals: &[Rivals], cut_off: bool) -> ReviewReason {
        let (best, of) = (&field.found[0], rivals[0]);
        if self.is_family_only(&best.comparison) {
            return ReviewReason::Family;
        }
        if self.is_acceptable(best, Rivals { of_customer: 0.0, ..of }, field.lists) {
            let next = field.found.iter().find(|other| !field.are_duplicates(best, other));
            let same_pass = next.is_none_or(|next| next.comparison.pass == best.comparison.pass);
            return match (cut_off, same_pass) {
                (true, _) => ReviewReason::Truncated,
                (_, true) => ReviewReason::Tie,
                (_, false) => ReviewReason::Conflict,
            };
        }
        if self.is_acceptable(best, Rivals { of_account: 0.0, ..of }, field.lists) {
            return ReviewReason::AccountTaken;
        }
        ReviewReason::Doubtful
    }

    fn judge(&self, customer: u32, found: &[Candidate]) -> Judged {
        let mut judged = Judged::default();
        let record = &self.customers.list[customer as usize];
        let Some(said) = self.verdicts.of(&record.id) else { return judged };
        let CustomerVerdicts { accepted, rejected, none, .. } = said;
        for pair in accepted {
            if let Some(candidate) = judged.counts.apply(pair, record, found) {
                judged.accepted.push((candidate.clone(), pair.reviewer.to_string()));
            }
        }
        for pair in rejected {
            if let Some(candidate) = judged.counts.apply(pair, record, found) {
                judged.rejected.push(candidate.account.id().into());
            }
        }
        if let Some(none) = none {
            if !changed_since(&none.seen, record, None).is_empty() {
                judged.counts.stale += 1;
            } else {
                judged.none = true;
                judged.counts.applied += 1;
            }
        }
        judged
    }

    fn links(&self, accepted: Vec<(Candidate, String)>, found: &[Candidate]) -> Vec<Link> {
        let by_verdict = |(candidate, reviewer)| (candidate, DecidedBy::Verdict(reviewer));
        self.link_group(accepted.into_iter().map(by_verdict).collect(), found)
    }

    /// Makes links of the accounts of one group, with the best account that is not in it.
    fn link_group(&self, chosen: Vec<(Candidate, DecidedBy)>, found: &[Candidate]) -> Vec<Link> {
        let in_group = |candidate: &&Candidate| {
            !chosen.iter().any(|(member, _)| member.account.is_same_account(&candidate.account))
        };
        let runner_up = found.iter().find(in_group);
        let runner_up = runner_up.map(|other| (other.account.clone(), other.comparison.score));
        let smallest = chosen.iter().map(|(candidate, _)| candidate.account.id()).min();
        let group = match smallest {
            Some(id) if chosen.len() > 1 => id.to_string(),
            _ => String::new(),
        };
        let link = |(candidate, decided_by)| Link {
            candidate,
            decided_by,
            duplicate_group: group.clone(),
            runner_up: runner_up.clone(),
        };
        chosen.into_iter().map(link).collect()
    }
}

/// Why a customer is not tried; `alone` where no account holds one of its ids.
fn excluded(customer: &CustomerRecord, alone: bool) -> Option<ExcludedReason> {
    let partner = customer.domains.iter().any(|(_, class)| *class == DomainClass::Partner);
    let usable = customer.domains.iter().any(|(_, class)| class.is_usable());
    if partner {
        return Some(ExcludedReason::Partner);
    }
    (customer.words.is_empty() && !usable && alone).then_some(ExcludedReason::NoUsableKey)
}
