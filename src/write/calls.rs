//! `calls.csv` and its workbook: the Act Now customers, for sellers.

use std::{cmp::Reverse, collections::HashMap};

use super::{
    Findings,
    customers::{account_ids, account_owners, linked_accounts},
    profile::Profile,
    row::{Cell, Rows, money},
};
use crate::{
    decide::Outcome,
    lists::ListedContact,
    report::{Cluster, Customer},
    result::{
        column::Heading,
        file::calls::{FILE, Row},
    },
};

/// One row per linked Act Now customer that the lists take.
pub(super) struct CallRows<'f> {
    findings: &'f Findings<'f>,
    profiles: &'f [Profile],
    calls: Vec<Call<'f>>,
}

/// A customer to call.
struct Call<'f> {
    /// Its position.
    customer: usize,
    /// Whether it has become Act Now this month.
    is_new: bool,
    /// The areas in which it is Act Now, each with what it was before.
    why: String,
    /// Whom to call: the first who is listed and has a phone number, else the first.
    person: Option<&'f ListedContact>,
}

impl<'f> CallRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>, profiles: &'f [Profile]) -> CallRows<'f> {
        let people = people(&findings.contacts.listed);
        let new = findings.changes.act_now();
        let customers = findings.customers.list.iter().enumerate();
        let call = |(at, customer): (usize, &Customer)| {
            let areas = act_now(findings, at, customer);
            let is_new = new.contains(customer.id.as_str());
            (!areas.is_empty()).then(|| Call {
                customer: at,
                is_new,
                why: why(findings, customer, &areas),
                person: people.get(&(at as u32)).copied(),
            })
        };
        let mut calls: Vec<Call<'_>> = customers.filter_map(call).collect();
        calls.sort_by_key(|call| {
            let profile = &profiles[call.customer];
            let end = profile.next_agreement_end;
            (!call.is_new, Reverse(profile.expiring_revenue), end.is_none(), end, call.customer)
        });
        CallRows { findings, profiles, calls }
    }
}

/// Whom to call at each customer.
fn people(listed: &[ListedContact]) -> HashMap<u32, &ListedContact> {
    let mut people: HashMap<u32, &ListedContact> = HashMap::new();
    for person in listed {
        let known = people.entry(person.customer).or_insert(person);
        if known.phone.is_empty() && !person.phone.is_empty() {
            *known = person;
        }
    }
    people
}

/// The areas in which a customer is Act Now, of those of the lists; none of one that is not linked or
/// that the lists do not take.
fn act_now<'f>(findings: &'f Findings<'_>, at: usize, customer: &Customer) -> Vec<&'f str> {
    let Findings { customers, contacts, decisions, config, .. } = findings;
    let is_taken = contacts.takes.get(at).copied().unwrap_or(false);
    if !is_taken || !matches!(decisions.outcomes[at], Outcome::Linked(_)) {
        return Vec::new();
    }
    let is_there = |area: &&usize| {
        customer.propensity.get(**area).is_some_and(|of| {
            of.cluster == Some(Cluster::ActNow) && (config.lists.derived || !of.derived)
        })
    };
    let areas = contacts.areas.iter().filter(is_there);
    areas.map(|area| customers.areas[*area].as_str()).collect()
}

/// Where a customer is Act Now, and what it was before.
fn why(findings: &Findings<'_>, customer: &Customer, areas: &[&str]) -> String {
    let now = Cluster::ActNow.name();
    let one = |area: &&str| match findings.changes.before_act_now(&customer.id, area) {
        None => format!("{area}: {now}"),
        Some("") => format!("{area}: {now} (new)"),
        Some(before) => format!("{area}: {now} ({before} before)"),
    };
    areas.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Rows for CallRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.calls.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, decisions, .. } = self.findings;
        let Call { customer, is_new, why, person } = &self.calls[at];
        let (outcome, profile) = (&decisions.outcomes[*customer], &self.profiles[*customer]);
        let customer = &customers.list[*customer];
        let of = |part: fn(&ListedContact) -> &str| -> Cell<'a> { person.map_or("", part).into() };
        let account = linked_accounts(outcome).next().map_or("", |account| account.name());
        let cells = Row {
            is_new: if *is_new { "new" } else { "" }.into(),
            account_owner: account_owners(outcome).into(),
            account_name: account.into(),
            phone: of(|of| &of.phone),
            first_name: of(|of| &of.first_name),
            last_name: of(|of| &of.last_name),
            job_title: of(|of| &of.job_title),
            email: of(|of| &of.email),
            why: why.as_str().into(),
            expiring_revenue: money(profile.expiring_revenue),
            next_agreement_end: profile.next_agreement_end.into(),
            cohorts: customer.cohorts_text(&customers.cohorts).into(),
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            account_ids: account_ids(outcome).into(),
            contact_id: of(|of| &of.contact_id),
            city: of(|of| &of.city),
        };
        cells.put(row, []);
    }
}
