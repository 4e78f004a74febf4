//! One decision about many customers: those that the filters leave, and of them only the plain ones.

use rustc_hash::FxHashMap;

use super::{
    act::Done,
    case::Case,
    desk::Desk,
    queue::{FACETS, Filter, Queue, Sieve, of_address},
};
use crate::{
    error::{Error, Result},
    status::ReviewReason,
    text::id::join_key,
    verdicts::{Verdict, Word},
};

/// From how many on the person types the number.
pub(super) const TYPED_FROM: usize = 25;

/// What a decision about all that the filters leave would do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Customers whose best account would be accepted.
    pub(super) accepted: Vec<usize>,
    /// Customers that stay out, each with the key of the text that says why.
    pub(super) left_out: Vec<(usize, &'static str)>,
    /// The filters in words, as they are kept with each line.
    pub(super) rule: String,
    /// Whether the filters name a pattern of agreement.
    pub(super) is_pattern: bool,
}

impl Plan {
    /// The plan for what the filters leave. Conflicts, ties and accounts that another customer holds
    /// are never part of it.
    pub(super) fn of(desk: &Desk, filter: &Filter) -> Plan {
        let sieve = Sieve::new(filter);
        let is_pattern = ["domain", "name", "id", "place", "score"]
            .iter()
            .any(|facet| !filter.chosen(facet).is_empty());
        let mut plan = Plan { rule: rule(desk, filter), is_pattern, ..Plan::default() };
        let mut taken: FxHashMap<String, usize> = FxHashMap::default();
        for at in desk.orders.by(&filter.order).iter().map(|at| *at as usize) {
            if !sieve.takes(desk, at) {
                continue;
            }
            match objection(desk, at) {
                Some(why) => plan.left_out.push((at, why)),
                None => {
                    let account = &desk.cases.list[at].accounts[0].id;
                    let other = taken.insert(join_key(account).into_owned(), at);
                    match other {
                        None => plan.accepted.push(at),
                        Some(other) => {
                            plan.accepted.retain(|of| *of != other);
                            plan.left_out.push((at, "page.bulk.shared"));
                            if !plan.left_out.iter().any(|(of, _)| *of == other) {
                                plan.left_out.push((other, "page.bulk.shared"));
                            }
                        }
                    }
                }
            }
        }
        plan
    }

    /// The mark of the plan: it is another one when other customers or accounts are meant.
    pub(super) fn mark(&self, desk: &Desk) -> String {
        let pair = |at: &usize| {
            let case = &desk.cases.list[*at];
            format!("{}={}", case.id, case.accounts[0].id)
        };
        let pairs: Vec<String> = self.accepted.iter().map(pair).collect();
        format!("{:016x}", super::audit::shuffled(&pairs.join("\n")))
    }

    /// The revenue that expires of all that would be accepted, in hundredths.
    pub(super) fn revenue(&self, desk: &Desk) -> i64 {
        self.accepted.iter().filter_map(|at| desk.cases.list[*at].revenue).sum()
    }

    /// Some of them at random, and those whose best accounts are the least like.
    pub(super) fn examples(&self, desk: &Desk) -> (Vec<usize>, Vec<usize>) {
        let case = |at: &usize| -> &Case { &desk.cases.list[*at] };
        let mut random = self.accepted.clone();
        random.sort_by_key(|at| super::audit::shuffled(&case(at).id));
        random.truncate(10);
        let mut worst = self.accepted.clone();
        worst.sort_by_key(|at| case(at).accounts[0].score());
        worst.truncate(5);
        (random, worst)
    }
}

/// Why a customer is no part of a decision about many.
fn objection(desk: &Desk, at: usize) -> Option<&'static str> {
    let case = &desk.cases.list[at];
    match desk.place(at) {
        Queue::Review(ReviewReason::Doubtful | ReviewReason::Family | ReviewReason::Stale) => {}
        Queue::Review(_) => return Some("page.bulk.contested"),
        _ => return Some("page.bulk.not_open"),
    }
    let Some(best) = case.accounts.first() else { return Some("page.bulk.no_account") };
    let is_refused = desk.standing(at).rejected.iter().any(|of| join_key(of) == join_key(&best.id));
    match () {
        () if is_refused => Some("page.bulk.refused"),
        () if !desk.holders(&best.id, at).is_empty() => Some("page.bulk.taken"),
        () => None,
    }
}

impl Desk {
    /// Accepts the best account of all customers of a plan, as one act.
    ///
    /// # Errors
    ///
    /// When the number that was typed or the plan that was shown is another one, or nothing can be
    /// written.
    pub(super) fn accept_many(
        &mut self,
        filter: &Filter,
        (typed, mark): (usize, &str),
        reviewer: &str,
    ) -> Result<Done> {
        self.must_decide()?;
        let plan = Plan::of(self, filter);
        let count = plan.accepted.len();
        if typed != count || mark != plan.mark(self) {
            return Err(Error::Unusable {
                file: "the decision about many".into(),
                found: format!("it is about {count} customers now, and not those that were shown"),
                todo: "look at them again, then type the number".into(),
            });
        }
        let Some(first) = plan.accepted.first().copied() else { return Ok(Done::Nothing) };
        let note = format!("decided together: {}", plan.rule);
        let line = |at: &usize| {
            let case = &self.cases.list[*at];
            let best = &case.accounts[0];
            Verdict {
                customer_id: case.id.to_string(),
                account_id: best.id.to_string(),
                word: Word::Accept,
                reviewer: reviewer.to_owned(),
                time: String::new(),
                seen: best.seen.to_string(),
                note: note.clone(),
            }
        };
        let lines = plan.accepted.iter().map(line).collect();
        self.write(lines)?;
        Ok(Done::Written { at: first, goes_on: true })
    }
}

/// The filters in words, as they stand with each line.
fn rule(desk: &Desk, filter: &Filter) -> String {
    let queue = if filter.queue.is_empty() { "open" } else { &filter.queue };
    let mut rule = vec![format!("queue {queue}")];
    rule.extend((!filter.q.is_empty()).then(|| format!("search {:?}", filter.q)));
    let chosen = FACETS.iter().map(|facet| (facet, filter.chosen(facet)));
    rule.extend(
        chosen
            .filter(|(_, value)| !value.is_empty())
            .map(|(facet, value)| format!("{facet} {}", of_address(desk, facet, value))),
    );
    rule.join(", ")
}
