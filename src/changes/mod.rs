//! What has changed from one entry of the history to the next, each change told once, with its reason.
//!
//! It depends on the two entries alone. What one of the runs did not read - a kind of report, the
//! contacts - is not compared; what settings alone have caused is told apart.

mod contact;
mod customer;
mod link;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub(crate) use crate::status::{Cause, ChangeKind};
use crate::{history::Entry, report::Cluster, result::summary::ChangeFigures};

/// Something that has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// What kind of change it is.
    pub(crate) kind: ChangeKind,
    /// The solution area, where it is of one.
    pub(crate) area: String,
    /// What was before; empty for nothing.
    pub(crate) before: String,
    /// What is now; empty for nothing.
    pub(crate) after: String,
    /// The customer, by id; empty where a contact has none.
    pub(crate) customer_id: String,
    /// The name of the company.
    pub(crate) customer_name: String,
    /// The linked accounts: those of now, else those of then.
    pub(crate) account_ids: Vec<String>,
    /// The contact, by id, where it is of one.
    pub(crate) contact_id: String,
    /// The agreement, where it is of one.
    pub(crate) agreement_id: String,
    /// Whether the customer is Act Now by it, in a cluster that counts.
    act_now: bool,
    /// Who or what has caused it, and how.
    pub(crate) why: Why,
}

/// Who or what has caused a change, and how, as a lower-case phrase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) cause: Cause,
    pub(crate) reason: String,
}

impl Why {
    fn new(cause: Cause, reason: impl Into<String>) -> Why {
        Why { cause, reason: reason.into() }
    }
}

/// All that has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The changes, the most welcome first, those by settings alone last.
    pub(crate) list: Vec<Change>,
    /// What is said of them in sum.
    pub(crate) figures: ChangeFigures,
}

/// The two entries that are compared.
#[derive(Clone, Copy)]
struct Months<'m> {
    then: &'m Entry,
    now: &'m Entry,
}

impl Changes {
    /// What has changed from the entry before to that of now.
    pub(crate) fn between(then: Option<&Entry>, now: &Entry) -> Changes {
        let Some(then) = then else { return Changes::default() };
        let then = &then.spelled_as(now);
        let months = Months { then, now };
        let mut list = customer::changes(months);
        list.extend(contact::changes(months));
        list.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut figures = ChangeFigures {
            since: then.run.period.clone(),
            not_compared: months.not_compared(),
            ..ChangeFigures::default()
        };
        for change in &list {
            figures.causes.add(change.why.cause);
            if change.why.cause != Cause::Settings {
                figures.kinds.add(change.kind);
            }
        }
        let mut changes = Changes { list, figures };
        changes.figures.act_now = changes.act_now().len() as u64;
        changes
    }

    /// The customers that have become Act Now, by id.
    pub(crate) fn act_now(&self) -> BTreeSet<&str> {
        let new = self.list.iter().filter(|change| change.is_act_now());
        new.map(|change| change.customer_id.as_str()).collect()
    }

    /// What stood of a customer that has become Act Now in an area; `None` where it has not.
    pub(crate) fn before_act_now(&self, customer: &str, area: &str) -> Option<&str> {
        let is_it = |change: &&Change| {
            change.customer_id == customer
                && (change.area == area || change.kind == ChangeKind::CustomerNew)
        };
        // they stand in front
        let mut new = self.list.iter().take_while(|change| change.is_act_now());
        new.find(is_it).map(|change| change.before.as_str())
    }
}

impl Change {
    /// Whether a customer is Act Now by it, and not by settings alone.
    fn is_act_now(&self) -> bool {
        self.act_now && self.why.cause != Cause::Settings
    }

    /// What sorts changes: those by settings last; then the kinds; within a kind Act Now first, from
    /// the readiest on.
    fn order(&self) -> impl Ord {
        let rank = |text: &str| Cluster::of_cell(text).map_or(u8::MAX, |of| of as u8);
        (
            self.why.cause == Cause::Settings,
            !self.is_act_now(),
            self.kind,
            [rank(&self.after), rank(&self.before)],
            [&self.customer_id, &self.area, &self.contact_id, &self.agreement_id],
        )
    }
}

impl<'m> Months<'m> {
    /// The kinds of report that were read then only, and now only.
    fn kinds_apart(self) -> [BTreeSet<&'m str>; 2] {
        let kinds = |entry: &'m Entry| -> BTreeSet<&'m str> {
            entry.run.reports.iter().map(|of| of.kind.as_str()).collect()
        };
        let (then, now) = (kinds(self.then), kinds(self.now));
        [&then - &now, &now - &then]
    }

    /// Whether both runs read a kind of report.
    fn both_read(self, kind: &str) -> bool {
        let has = |entry: &Entry| entry.run.reports.iter().any(|of| of.kind == kind);
        has(self.then) && has(self.now)
    }

    /// Whether both runs had contacts.
    fn both_have_contacts(self) -> bool {
        self.then.run.has_contacts && self.now.run.has_contacts
    }

    /// Of some settings those that differ, as `--flag, --flag`; empty where none does.
    fn other_settings(self, flags: &[&str]) -> String {
        let (then, now) = (&self.then.run.settings, &self.now.run.settings);
        let other = flags.iter().filter(|flag| then.get(**flag) != now.get(**flag));
        other.map(|flag| format!("--{flag}")).collect::<Vec<_>>().join(", ")
    }

    /// Whether the run counts derived clusters.
    fn counts_derived(self) -> bool {
        self.now.run.settings.get("derived").is_some_and(|value| value == true)
    }

    /// Whether the program or its rules are others than then.
    fn has_other_rules(self) -> bool {
        let (then, now) = (&self.then.run, &self.now.run);
        then.program != now.program || then.rules != now.rules
    }

    /// What cannot be compared, as sentences.
    fn not_compared(self) -> Vec<String> {
        let [then, now] = self.kinds_apart();
        let mut said = Vec::new();
        let listed = |kinds: &BTreeSet<&str>| kinds.iter().copied().collect::<Vec<_>>().join(", ");
        if !then.is_empty() {
            let kinds = listed(&then);
            said.push(format!("reports that were read then and not now: {kinds}"));
        }
        if !now.is_empty() {
            said.push(format!("reports that are read now and were not then: {}", listed(&now)));
        }
        if !self.both_have_contacts() {
            said.push("contacts: one of the two runs had none".to_owned());
        }
        said
    }
}

/// A day as changes show it; empty for none.
fn day(of: Option<Date>) -> String {
    of.map_or_else(String::new, |day| day.to_string())
}

#[cfg(test)]
mod tests;
