//! What has changed of customers: in the reports or not, clusters, cohorts, agreements; their links.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Change, ChangeKind, Months, Why, day, link};
use crate::{
    history::{EntryAgreement, EntryArea, EntryCustomer},
    report::{Cluster, DERIVED},
};

/// A customer that both entries have.
#[derive(Clone, Copy)]
pub(super) struct Both<'m> {
    pub(super) then: &'m EntryCustomer,
    pub(super) now: &'m EntryCustomer,
}

/// All changes of customers.
pub(super) fn changes(months: Months<'_>) -> Vec<Change> {
    let Months { then, now } = months;
    let cohorts = Cohorts::of(months);
    let mut list = Vec::new();
    for customer in &now.customers {
        match then.customer(&customer.id) {
            None => list.push(come_or_gone(months, ChangeKind::CustomerNew, customer)),
            Some(before) => {
                let both = Both { then: before, now: customer };
                list.extend(clusters(months, both));
                list.extend(cohorts.changes(both));
                if months.both_read("renewals") {
                    list.extend(agreements(months, both));
                }
                list.extend(link::change(months, both));
            }
        }
    }
    let gone = then.customers.iter().filter(|of| now.customer(&of.id).is_none());
    list.extend(gone.map(|of| come_or_gone(months, ChangeKind::CustomerGone, of)));
    list
}

/// A customer that only one of the entries has: told once, with all that it is.
fn come_or_gone(months: Months<'_>, kind: ChangeKind, customer: &EntryCustomer) -> Change {
    let is_new = kind == ChangeKind::CustomerNew;
    let [then, now] = months.kinds_apart();
    let (apart, word) = if is_new { (now, "now") } else { (then, "then") };
    let why = if apart.is_empty() {
        Why::new(
            Cause::Report,
            if is_new { "new in the reports" } else { "no longer in the reports" },
        )
    } else {
        let kinds = apart.into_iter().collect::<Vec<_>>().join(", ");
        Why::new(
            Cause::Settings,
            format!("perhaps only in reports that were read {word} only: {kinds}"),
        )
    };
    let clusters = clusters_text(customer);
    let act_now = is_new && customer.areas.values().any(|of| is_act_now(months, of));
    let (before, after) =
        if is_new { (String::new(), clusters) } else { (clusters, String::new()) };
    Change { before, after, act_now, why, ..change_of(kind, customer) }
}

/// A change of a customer, of which nothing else is known yet.
pub(super) fn change_of(kind: ChangeKind, customer: &EntryCustomer) -> Change {
    Change {
        kind,
        customer_id: customer.id.clone(),
        customer_name: customer.name.clone(),
        account_ids: customer.accounts.clone(),
        ..Change::default()
    }
}

/// The cluster of an area, marked where it was derived; empty for none.
fn printed(of: &EntryArea) -> String {
    let mark = if of.derived && !of.cluster.is_empty() { DERIVED } else { "" };
    format!("{}{mark}", of.cluster)
}

/// Whether an area is Act Now, in a cluster that counts.
fn is_act_now(months: Months<'_>, of: &EntryArea) -> bool {
    of.cluster == Cluster::ActNow.name() && (!of.derived || months.counts_derived())
}

/// The clusters of a customer, `Azure: Act Now; M365: Nurture`.
fn clusters_text(customer: &EntryCustomer) -> String {
    let areas = customer.areas.iter().filter(|(_, of)| !of.cluster.is_empty());
    let texts: Vec<String> = areas.map(|(area, of)| format!("{area}: {}", printed(of))).collect();
    texts.join("; ")
}

impl<'m> Both<'m> {
    /// The clusters that differ: area, then, now. Only of areas that both runs have.
    pub(super) fn clusters(
        self,
        months: Months<'m>,
    ) -> impl Iterator<Item = (&'m str, Option<Cluster>, Option<Cluster>)> {
        let areas = months.now.run.areas.iter();
        let both = areas.filter(move |area| months.then.run.areas.contains(area));
        let clusters =
            both.map(move |area| (area.as_str(), self.then.cluster(area), self.now.cluster(area)));
        clusters.filter(|(_, then, now)| then != now)
    }

    /// The same as a change of a customer that holds now.
    pub(super) fn change(self, kind: ChangeKind) -> Change {
        let account_ids = match self.now.accounts.is_empty() {
            true => self.then.accounts.clone(),
            false => self.now.accounts.clone(),
        };
        Change { account_ids, ..change_of(kind, self.now) }
    }
}

/// Whether a cluster is readier than another; none is the least ready.
pub(super) fn is_up(then: Option<Cluster>, now: Option<Cluster>) -> bool {
    let rank = |of: Option<Cluster>| of.map_or(u8::MAX, |of| of as u8);
    rank(now) < rank(then)
}

fn clusters<'m>(months: Months<'m>, both: Both<'m>) -> impl Iterator<Item = Change> + 'm {
    both.clusters(months).map(move |(area, then, now)| {
        let kind = if is_up(then, now) { ChangeKind::ClusterUp } else { ChangeKind::ClusterDown };
        let [then, now] = [both.then, both.now].map(|of| of.areas.get(area));
        Change {
            area: area.to_owned(),
            before: then.map_or_else(String::new, printed),
            after: now.map_or_else(String::new, printed),
            act_now: now.is_some_and(|of| is_act_now(months, of)),
            why: moved(months, both, area),
            ..both.change(kind)
        }
    })
}

/// Why a cluster moved: the report, or the rules by which it is derived.
fn moved(months: Months<'_>, both: Both<'_>, area: &str) -> Why {
    let cell = |of: &EntryCustomer| of.areas.get(area).map_or("", |of| of.cell.as_str()).to_owned();
    let derived = |of: &EntryCustomer| of.areas.get(area).is_some_and(|of| of.derived);
    let (then, now) = (cell(both.then), cell(both.now));
    if then != now && !then.is_empty() && !now.is_empty() {
        return Why::new(Cause::Report, format!("fit and intent moved from {then} to {now}"));
    }
    let is_derived = derived(both.then) && derived(both.now);
    if is_derived && then == now && months.has_other_rules() {
        return Why::new(Cause::Rules, "new rules of the program");
    }
    Why::new(Cause::Report, "the report says so")
}

/// The cohorts that can be compared: those that some customer had in both entries, or all where the
/// runs read the same kinds of report.
struct Cohorts<'m>(Option<BTreeSet<&'m str>>);

impl<'m> Cohorts<'m> {
    fn of(months: Months<'m>) -> Cohorts<'m> {
        if months.kinds_apart().iter().all(BTreeSet::is_empty) {
            return Cohorts(None);
        }
        let of = |customers: &'m [EntryCustomer]| -> BTreeSet<&'m str> {
            customers.iter().flat_map(|of| &of.cohorts).map(String::as_str).collect()
        };
        Cohorts(Some(&of(&months.then.customers) & &of(&months.now.customers)))
    }

    fn changes(&self, both: Both<'_>) -> Vec<Change> {
        let told = |name: &&String, other: &EntryCustomer| {
            !other.cohorts.contains(name)
                && self.0.as_ref().is_none_or(|known| known.contains(name.as_str()))
        };
        let why = || Why::new(Cause::Report, "the report says so");
        let gained = both.now.cohorts.iter().filter(|name| told(name, both.then)).map(|name| {
            Change { after: name.clone(), why: why(), ..both.change(ChangeKind::CohortGained) }
        });
        let lost = both.then.cohorts.iter().filter(|name| told(name, both.now)).map(|name| {
            Change { before: name.clone(), why: why(), ..both.change(ChangeKind::CohortLost) }
        });
        gained.chain(lost).collect()
    }
}

/// The agreements of a customer by number and product; several may have both in common.
type ByNumber<'m> = BTreeMap<(&'m str, &'m str), Vec<&'m EntryAgreement>>;

fn by_number(customer: &EntryCustomer) -> ByNumber<'_> {
    let mut all = ByNumber::new();
    for of in &customer.agreements {
        all.entry((&of.id, &of.product)).or_default().push(of);
    }
    all
}

/// What has become of the agreements of a customer.
fn agreements(months: Months<'_>, both: Both<'_>) -> Vec<Change> {
    let (mut then, now) = (by_number(both.then), by_number(both.now));
    let mut pairs = Vec::new();
    for (key, now) in now {
        let mut before = then.remove(&key).unwrap_or_default();
        let mut others = Vec::new();
        for now in now {
            match before.iter().position(|then| then.end == now.end) {
                Some(at) => pairs.push((Some(before.remove(at)), Some(now))),
                None => others.push(now),
            }
        }
        let mut before = before.into_iter();
        pairs.extend(others.into_iter().map(|now| (before.next(), Some(now))));
        pairs.extend(before.map(|then| (Some(then), None)));
    }
    pairs.extend(then.into_values().flatten().map(|then| (Some(then), None)));
    let told = |(then, now)| agreement(months, both, then, now);
    pairs.into_iter().filter_map(told).collect()
}

fn agreement(
    months: Months<'_>,
    both: Both<'_>,
    then: Option<&EntryAgreement>,
    now: Option<&EntryAgreement>,
) -> Option<Change> {
    let end = |of: Option<&EntryAgreement>| of.and_then(|of| of.end);
    let (before, after) = (end(then), end(now));
    let past = |end: Option<jiff::civil::Date>, day| end.is_some_and(|end| end < day);
    let was_over = past(before, months.then.run.as_of);
    let is_over = past(after.or(before), months.now.run.as_of);
    let (kind, reason) = match (then, now) {
        (None, Some(_)) => (ChangeKind::AgreementNew, "new in the report"),
        (Some(_), Some(_)) if before != after => {
            (ChangeKind::AgreementMoved, "the report has another end")
        }
        _ if is_over && !was_over => (ChangeKind::AgreementEnded, "its end has passed"),
        (Some(_), None) if !was_over => {
            (ChangeKind::AgreementGone, "no longer in the report, though its end is ahead")
        }
        _ => return None,
    };
    Some(Change {
        before: day(before),
        after: day(after),
        agreement_id: now.or(then).map_or_else(String::new, |of| of.id.clone()),
        why: Why::new(Cause::Report, reason),
        ..both.change(kind)
    })
}
