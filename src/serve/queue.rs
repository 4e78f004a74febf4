//! Where each customer stands, which of them a person looks at, and in which order.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{case::Case, desk::Desk, standing::Agreement};
use crate::{
    status::{CustomerStatus, ReviewReason},
    text::fold::folded,
};

/// The one place in which a customer stands now: what the run left it in, or what a person has said
/// since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Queue {
    /// In review, for this reason.
    Review(ReviewReason),
    /// A person was unsure.
    Unsure,
    /// Without an account.
    Unmatched,
    /// Decided since the run; to be applied.
    Decided,
    /// Linked by the run.
    Linked,
    /// Not tried.
    Excluded,
}

impl Queue {
    /// All of them, in the order of the page.
    pub(super) const ALL: [Queue; 12] = [
        Queue::Review(ReviewReason::Conflict),
        Queue::Review(ReviewReason::Tie),
        Queue::Review(ReviewReason::Doubtful),
        Queue::Review(ReviewReason::Family),
        Queue::Review(ReviewReason::AccountTaken),
        Queue::Review(ReviewReason::Stale),
        Queue::Review(ReviewReason::Truncated),
        Queue::Unsure,
        Queue::Unmatched,
        Queue::Decided,
        Queue::Linked,
        Queue::Excluded,
    ];

    /// Its word in an address, and the end of the key of its name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Queue::Review(ReviewReason::AccountTaken) => "account-taken",
            Queue::Review(reason) => reason.word(),
            Queue::Unsure => "unsure",
            Queue::Unmatched => "unmatched",
            Queue::Decided => "decided",
            Queue::Linked => "linked",
            Queue::Excluded => "excluded",
        }
    }

    /// The place in which the run left a customer.
    pub(super) fn of_run(case: &Case) -> Queue {
        match case.status {
            Some(CustomerStatus::Review) => {
                Queue::Review(case.review.unwrap_or(ReviewReason::Doubtful))
            }
            Some(CustomerStatus::Linked) => Queue::Linked,
            Some(CustomerStatus::Unmatched) => Queue::Unmatched,
            Some(CustomerStatus::Excluded) | None => Queue::Excluded,
        }
    }
}

/// What a person wants to see. It stands in the address of the page, so that it can be kept and
/// sent; people stand in it by a mark, see [`in_address`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// `open` for all that needs a decision, the word of a queue, or `all`.
    pub(super) queue: String,
    /// Words to look for in names, domains and ids.
    pub(super) q: String,
    /// What comes first.
    pub(super) order: String,
    pub(super) cluster: String,
    pub(super) area: String,
    pub(super) cohort: String,
    pub(super) country: String,
    pub(super) owner: String,
    pub(super) pass: String,
    pub(super) domain: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) place: String,
    pub(super) score: String,
    pub(super) reviewer: String,
    /// Whether those who have decided agree.
    pub(super) agreement: String,
    /// A customer: those of the same name are asked for.
    pub(super) same: String,
}

/// The word of a filter for customers without the value.
pub(super) const BLANK: &str = "-";

/// The ways in which the customers can be narrowed down, by the name of each in an address.
pub(super) const FACETS: [&str; 14] = [
    "cluster",
    "area",
    "cohort",
    "country",
    "owner",
    "pass",
    "domain",
    "name",
    "id",
    "place",
    "score",
    "reviewer",
    "agreement",
    "same",
];

impl Filter {
    /// What is chosen of a facet; empty for all.
    pub(super) fn chosen(&self, facet: &str) -> &str {
        match facet {
            "cluster" => &self.cluster,
            "area" => &self.area,
            "cohort" => &self.cohort,
            "country" => &self.country,
            "owner" => &self.owner,
            "pass" => &self.pass,
            "domain" => &self.domain,
            "name" => &self.name,
            "id" => &self.id,
            "place" => &self.place,
            "score" => &self.score,
            "reviewer" => &self.reviewer,
            "agreement" => &self.agreement,
            "same" => &self.same,
            _ => "",
        }
    }

    /// Whether anything but the queue is asked for.
    pub(super) fn narrows(&self) -> bool {
        !self.q.is_empty() || FACETS.iter().any(|facet| !self.chosen(facet).is_empty())
    }

    /// Whether a place is in the queue that is asked for.
    fn takes(&self, place: Queue) -> bool {
        match self.queue.as_str() {
            "" | "open" => matches!(place, Queue::Review(_) | Queue::Unsure),
            "all" => true,
            word => place.word() == word,
        }
    }
}

/// A value of a facet as it stands in an address: names of people are hidden there, as browsers keep
/// addresses.
pub(super) fn in_address<'v>(facet: &str, value: &'v str) -> Cow<'v, str> {
    match facet {
        "owner" | "reviewer" if value != BLANK => {
            format!("{:016x}", super::audit::shuffled(value)).into()
        }
        _ => value.into(),
    }
}

/// The value of a facet that stands in an address, as the customers have it.
pub(super) fn of_address(desk: &Desk, facet: &str, chosen: &str) -> String {
    let mut found = None;
    for at in 0..desk.cases.list.len() {
        values(desk, at, facet, |value| {
            if in_address(facet, value) == chosen {
                found = Some(value.to_owned());
            }
        });
        if found.is_some() {
            break;
        }
    }
    found.unwrap_or_else(|| chosen.to_owned())
}

/// The tenth of the scale in which the best account of a customer lies.
fn tenth(case: &Case) -> String {
    match case.accounts.first() {
        Some(best) if !best.similarity.is_empty() => {
            format!("0.{}", (best.score().ten_thousandths() / 1000).min(9))
        }
        _ => String::new(),
    }
}

/// Each value that a customer has of a facet.
fn values(desk: &Desk, at: usize, facet: &str, mut take: impl FnMut(&str)) {
    let case = &desk.cases.list[at];
    let best = case.accounts.first();
    match facet {
        "cluster" => take(&case.best_cluster),
        "area" => case.each_area().for_each(take),
        "cohort" => case.each_cohort().for_each(take),
        "country" => take(&case.country),
        "owner" => take(&case.owner),
        "pass" => take(best.map_or("", |of| &of.pass)),
        "domain" => take(best.map_or("", |of| &of.levels[0])),
        "name" => take(best.map_or("", |of| &of.levels[1])),
        "id" => take(best.map_or("", |of| &of.levels[2])),
        "place" => take(best.map_or("", |of| &of.levels[3])),
        "score" => take(&tenth(case)),
        "agreement" => take(desk.standing(at).agreement.map_or("", Agreement::word)),
        // asked for, not offered: each customer has a name of its own
        "same" => {}
        _ => take(desk.reviewer_of(at)),
    }
}

fn has(desk: &Desk, at: usize, facet: &str, wanted: &str) -> bool {
    if facet == "same" {
        let of = desk.cases.position(wanted).map(|of| &desk.cases.list[of]);
        return of.is_some_and(|of| of.has_name_of(&desk.cases.list[at]));
    }
    let mut found = false;
    let mut any = false;
    values(desk, at, facet, |value| {
        any |= !value.is_empty();
        found |= in_address(facet, value) == wanted;
    });
    found || (wanted == BLANK && !any)
}

/// The values of each facet with how many customers have it, among those that the other filters
/// leave; and how many all filters leave.
pub(super) struct Facets {
    pub(super) all: u64,
    pub(super) by_facet: BTreeMap<&'static str, Vec<(String, u64)>>,
}

/// The words of a search, folded as the names are.
fn words(q: &str) -> Vec<String> {
    folded(q).to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// A filter made ready for many customers.
pub(super) struct Sieve<'f> {
    filter: &'f Filter,
    words: Vec<String>,
    asked: Vec<(&'static str, &'f str)>,
}

impl<'f> Sieve<'f> {
    pub(super) fn new(filter: &'f Filter) -> Sieve<'f> {
        let asked = FACETS.map(|facet| (facet, filter.chosen(facet))).into_iter();
        let asked = asked.filter(|(_, chosen)| !chosen.is_empty()).collect();
        Sieve { filter, words: words(&filter.q), asked }
    }

    /// Whether queue and search take a customer.
    fn takes_basis(&self, desk: &Desk, at: usize) -> bool {
        self.filter.takes(desk.place(at))
            && self.words.iter().all(|word| desk.cases.list[at].search.contains(word.as_str()))
    }

    /// Whether all filters take a customer.
    pub(super) fn takes(&self, desk: &Desk, at: usize) -> bool {
        self.takes_basis(desk, at)
            && self.asked.iter().all(|(facet, chosen)| has(desk, at, facet, chosen))
    }

    /// The values of all facets, with their counts.
    pub(super) fn facets(&self, desk: &Desk) -> Facets {
        let mut counts: Vec<FxHashMap<String, u64>> = vec![FxHashMap::default(); FACETS.len()];
        let mut all = 0;
        for at in (0..desk.cases.list.len()).filter(|at| self.takes_basis(desk, *at)) {
            let mut failing =
                self.asked.iter().filter(|(facet, chosen)| !has(desk, at, facet, chosen));
            let (first, second) = (failing.next(), failing.next());
            all += u64::from(first.is_none());
            for (facet, counts) in FACETS.iter().zip(&mut counts) {
                if *facet != "same" && second.is_none() && first.is_none_or(|(of, _)| of == facet) {
                    count(desk, at, facet, counts);
                }
            }
        }
        let sorted = |counts: FxHashMap<String, u64>| {
            let mut values: Vec<(String, u64)> = counts.into_iter().collect();
            values
                .sort_by(|one, other| (Reverse(one.1), &one.0).cmp(&(Reverse(other.1), &other.0)));
            values.truncate(MOST_VALUES);
            values
        };
        let by_facet = FACETS.into_iter().zip(counts.into_iter().map(sorted)).collect();
        Facets { all, by_facet }
    }
}

/// Values of a facet that the page offers, the most frequent.
const MOST_VALUES: usize = 200;

fn count(desk: &Desk, at: usize, facet: &str, counts: &mut FxHashMap<String, u64>) {
    let mut any = false;
    let mut add = |value: &str| match counts.get_mut(value) {
        Some(known) => *known += 1,
        None => drop(counts.insert(value.to_owned(), 1)),
    };
    values(desk, at, facet, |value| {
        if !value.is_empty() {
            any = true;
            add(value);
        }
    });
    if !any {
        add(BLANK);
    }
}

/// What may come first.
pub(super) const ORDERS: [&str; 6] = ["value", "score", "name", "country", "owner", "random"];

/// The customers in each order that a person may choose, as positions.
#[derive(Debug, Default)]
pub(super) struct Orders([Vec<u32>; ORDERS.len()]);

impl Orders {
    pub(super) fn of(cases: &[Case]) -> Orders {
        let sorted = |order: &str| {
            let mut all: Vec<u32> = (0..cases.len() as u32).collect();
            let case = |at: &u32| &cases[*at as usize];
            match order {
                "value" => all.sort_by_key(|at| Reverse(case(at).urgency)),
                "score" => all.sort_by_key(|at| {
                    Reverse(case(at).accounts.first().map(|of| of.score().ten_thousandths()))
                }),
                "name" => all.sort_by_cached_key(|at| folded(&case(at).name)),
                "country" => all.sort_by(|one, other| {
                    let key = |at| (&case(at).country, Reverse(case(at).urgency));
                    key(one).cmp(&key(other))
                }),
                "owner" => all.sort_by(|one, other| {
                    let key = |at| (&case(at).owner, Reverse(case(at).urgency));
                    key(one).cmp(&key(other))
                }),
                _ => all.sort_by_cached_key(|at| super::audit::shuffled(&case(at).id)),
            }
            all
        };
        Orders(ORDERS.map(sorted))
    }

    /// The customers in an order; by value where it is not known.
    pub(super) fn by(&self, order: &str) -> &[u32] {
        let at = ORDERS.iter().position(|known| *known == order).unwrap_or(0);
        &self.0[at]
    }
}
