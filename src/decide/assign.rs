//! An account serves one customer: links are taken in the global order.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::{DecidedBy, Outcome, ReviewReason};
use crate::link::ById;

/// Takes accepted links in the order of verdict, weight, customer id and account id; a customer
/// whose account is taken goes to review.
pub(super) fn settle(outcomes: &mut [Outcome]) {
    let mut order: Vec<(bool, Reverse<i32>, usize)> = Vec::new();
    for (customer, outcome) in outcomes.iter().enumerate() {
        if let Outcome::Linked(links) = outcome {
            let best = links.iter().map(|link| link.candidate.comparison.weight).max();
            let by_rule = links.iter().all(|link| link.decided_by == DecidedBy::Rule);
            order.push((by_rule, Reverse(best.unwrap_or(i32::MIN)), customer));
        }
    }
    // Customers stand in the order of their ids.
    order.sort_unstable();
    let mut taken: FxHashSet<ById<'_>> = FxHashSet::default();
    let mut late = Vec::new();
    for (by_rule, _, customer) in order {
        let Outcome::Linked(links) = &outcomes[customer] else { continue };
        let accounts = || links.iter().map(|link| ById(&link.candidate.account));
        if by_rule && accounts().any(|account| taken.contains(&account)) {
            late.push(customer);
        } else {
            taken.extend(accounts());
        }
    }
    for customer in late {
        let Outcome::Linked(links) = &mut outcomes[customer] else { continue };
        let mut found: Vec<_> = links.drain(..).map(|link| link.candidate).collect();
        found.sort_by_cached_key(|c| (Reverse(c.comparison.weight), c.account.clone()));
        outcomes[customer] = Outcome::Review(ReviewReason::AccountTaken, found);
    }
}
