//! Candidates to linked, review, unmatched, and why; one account serves one customer.

mod accept;
mod assign;
mod duplicates;
mod extra;
mod outcome;
mod rivals;
mod standing;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use compact_str::CompactString;
use rayon::prelude::*;

pub use self::outcome::{DecidedBy, Decisions, Link, Outcome};
pub(crate) use self::standing::Standing;
use self::{accept::Crm, duplicates::Duplicates};
pub(crate) use crate::status::{ExcludedReason, ReviewReason, UnmatchedReason};
use crate::{
    compare::Level,
    config::UnlikeNames,
    index::CustomerRecord,
    link::{Candidate, Candidates, Matcher},
    normalise::domain::DomainClass,
    report::{Customer, Customers},
    text::id::join_key,
    verdicts::{CustomerVerdicts, PairVerdict, Verdicts, customer_fingerprint, fingerprint},
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

/// The candidates of one customer, as deciding about one of them needs them.
struct Field<'f> {
    crm: Crm,
    /// Those that are near, best first.
    found: &'f [Candidate],
    /// The others.
    far: &'f [Candidate],
    duplicates: &'f Duplicates,
    candidates: &'f Candidates,
}

impl Field<'_> {
    /// Whether two candidates are one account or duplicates of each other.
    fn are_duplicates(&self, one: &Candidate, other: &Candidate) -> bool {
        let at = |candidate: &Candidate| {
            self.found.iter().position(|found| found.account == candidate.account)
        };
        match (at(one), at(other)) {
            (Some(one), Some(other)) => self.duplicates.are(one, other),
            _ => one.account.is_same_account(&other.account),
        }
    }
}

/// Hundredths of a bit as bits.
fn bits(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.0
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
        if is_stale(&verdict.seen, &fingerprint(customer, &candidate.account)) {
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
        let crm = self.crm(candidates);
        let decide = |customer| self.decide(customer, candidates, crm);
        let (outcomes, counts): (Vec<Outcome>, Vec<Counts>) = customers.map(decide).unzip();
        let mut decisions = Decisions { outcomes, ..Decisions::default() };
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
    fn decide(&self, customer: u32, candidates: &Candidates, crm: Crm) -> (Outcome, Counts) {
        let prepared = &self.matcher.index.customers[customer as usize];
        let (kept, cut_off) = candidates.of(customer);
        if let Some(reason) = excluded(prepared, kept.is_empty()) {
            return (Outcome::Excluded(reason), Counts::default());
        }
        let found: Vec<Candidate> = kept.iter().map(|kept| kept.candidate.clone()).collect();
        let mut judged = self.judge(customer, &found);
        let accepted = std::mem::take(&mut judged.accepted);
        let outcome = if accepted.is_empty() {
            self.decide_among(customer, found, cut_off, &judged, (candidates, crm))
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
        (candidates, crm): (&Candidates, Crm),
    ) -> Outcome {
        if judged.counts.stale > 0 {
            found.extend(self.nearest(customer, candidates));
            return if found.is_empty() {
                Outcome::Unmatched(UnmatchedReason::NoCandidate, None)
            } else {
                Outcome::Review(ReviewReason::Stale, found)
            };
        }
        if judged.none {
            return Outcome::Unmatched(UnmatchedReason::SettledNone, found.into_iter().next());
        }
        let refused = found.len();
        found.retain(|candidate| !judged.rejected.iter().any(|id| id == candidate.account.id()));
        // A rejection promotes no runner-up by itself.
        if found.len() < refused {
            return if found.iter().any(|candidate| self.is_near(candidate)) {
                Outcome::Review(ReviewReason::Doubtful, found)
            } else {
                Outcome::Unmatched(UnmatchedReason::Refused, None)
            };
        }
        self.by_rule(customer, found, cut_off, (candidates, crm))
    }

    fn nearest(&self, customer: u32, candidates: &Candidates) -> Option<Candidate> {
        self.matcher.nearest(customer, candidates)
    }

    fn by_rule(
        &self,
        customer: u32,
        found: Vec<Candidate>,
        cut_off: bool,
        (candidates, crm): (&Candidates, Crm),
    ) -> Outcome {
        let (found, far): (Vec<Candidate>, Vec<Candidate>) =
            found.into_iter().partition(|candidate| self.is_near(candidate));
        if found.is_empty() {
            let nearest = far.into_iter().next().or_else(|| self.nearest(customer, candidates));
            let reason = match nearest {
                Some(_) => UnmatchedReason::NothingNear,
                None => UnmatchedReason::NoCandidate,
            };
            return Outcome::Unmatched(reason, nearest);
        }
        let duplicates = Duplicates::new(self, &found);
        let field = Field { crm, found: &found, far: &far, duplicates: &duplicates, candidates };
        let acceptable: Vec<&Candidate> =
            found.iter().filter(|candidate| self.is_acceptable(candidate, &field)).collect();
        let Some(first) = acceptable.iter().filter_map(|c| c.comparison.pass).min() else {
            return Outcome::Review(self.why_not(&found[0], &field), found);
        };
        let in_pass = acceptable.into_iter().filter(|c| c.comparison.pass == Some(first));
        let rank = |c: &&Candidate| (Reverse(self.weight(c, crm)), c.account.clone());
        let Some(best) = in_pass.min_by_key(rank) else {
            return Outcome::Review(ReviewReason::Doubtful, found);
        };
        let beaten = found.iter().chain(&far).any(|other| {
            !field.are_duplicates(best, other)
                && (self.contradicts(best, other, crm)
                    || (self.beats(best, other, crm) && self.is_acceptable(other, &field)))
        });
        if beaten {
            return Outcome::Review(ReviewReason::Conflict, found);
        }
        let is_rival = |other: &Candidate| {
            self.share_a_number(best, other)
                || (self.is_acceptable(other, &field) && self.is_tie(best, other, crm))
        };
        if found.iter().any(|other| !field.are_duplicates(best, other) && is_rival(other)) {
            let reason = if cut_off { ReviewReason::Truncated } else { ReviewReason::Tie };
            return Outcome::Review(reason, found);
        }
        // That some were cut off matters only if the last one kept could itself tie.
        let last = found.last().filter(|_| cut_off && far.is_empty());
        if last
            .is_some_and(|last| !field.are_duplicates(best, last) && self.is_tie(best, last, crm))
        {
            return Outcome::Review(ReviewReason::Truncated, found);
        }
        let group = found.iter().filter(|other| field.are_duplicates(best, other));
        let chosen = group.map(|candidate| (candidate.clone(), DecidedBy::Rule)).collect();
        Outcome::Linked(self.link_group(chosen, &found))
    }

    /// Why the best candidate was not accepted.
    fn why_not(&self, best: &Candidate, field: &Field<'_>) -> ReviewReason {
        let alone = Candidate { rival: None, ..best.clone() };
        if best.comparison.family && best.comparison.name != Level::Similar {
            ReviewReason::Family
        } else if self.is_acceptable(&alone, field) {
            ReviewReason::AccountTaken
        } else {
            ReviewReason::Doubtful
        }
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
            if is_stale(&none.seen, &customer_fingerprint(record)) {
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

/// Whether what a verdict saw is known and no longer so.
fn is_stale(seen: &str, now: &str) -> bool {
    !seen.is_empty() && seen != now
}
