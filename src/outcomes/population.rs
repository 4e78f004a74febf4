//! Who was in the reports when, where each customer stood, and which deals are its own.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    crm::AccountNames,
    deals::{Deal, Owner},
    result::outcome::{DealFigures, GroupedBy},
    text::id::account_hash,
};

/// What the reports of one period said of a customer, and the accounts that it was linked to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing<'s> {
    /// The id of the customer.
    pub(crate) id: &'s str,
    /// The ids of its accounts.
    pub(crate) accounts: Vec<&'s str>,
    /// Its cluster by solution area; areas without one are left out.
    pub(crate) clusters: Vec<(&'s str, &'s str)>,
    /// Its cell of fit and intent by solution area; areas without one are left out.
    pub(crate) cells: Vec<(&'s str, &'s str)>,
    /// Its cohorts, each with the beginnings of the areas that it belongs to; none: all areas.
    pub(crate) cohorts: Vec<(&'s str, &'s [String])>,
    /// Its sub-segment; empty for none.
    pub(crate) segment: &'s str,
}

/// The days in which deals count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// The last day on which a deal may have been created.
    pub(crate) as_of: Date,
    /// Days for which a customer is watched.
    pub(crate) horizon_days: u32,
}

/// A group of customers: its position is its number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Group {
    pub(super) frame: usize,
    pub(super) name: String,
}

/// Groups that are compared among each other, and whose deals are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) by: GroupedBy,
    /// The solution areas whose deals count, or their beginnings; none: all deals.
    pub(super) areas: Vec<String>,
}

/// A customer over all periods.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Whether it was linked in any period: else its deals are not known.
    pub(super) is_linked: bool,
    /// Where it stood from each period's first day on, ascending by day.
    pub(super) standings: Vec<(Date, SmallVec<[u32; 8]>)>,
    /// Its deals that may count, by the day on which they were created.
    pub(super) deals: Vec<u32>,
}

/// A deal that may count.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    pub(super) created: Date,
    pub(super) deal: Deal,
}

/// The customers of some periods and their deals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Population {
    pub(super) periods: Vec<(String, Date)>,
    pub(super) lines: Vec<Line>,
    by_id: FxHashMap<Box<str>, u32>,
    /// The customers of each account in the newest period that links it.
    owners: FxHashMap<u64, SmallVec<[u32; 1]>>,
    pub(super) frames: Vec<Frame>,
    frame_numbers: FxHashMap<Frame, usize>,
    pub(super) groups: Vec<Group>,
    group_numbers: FxHashMap<Group, u32>,
    pub(super) deals: Vec<Counting>,
    pub(super) figures: DealFigures,
}

impl Population {
    /// Whether no period was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// Adds a period, later than those before: what its reports said of each customer, from its first
    /// day on.
    pub(crate) fn add_period<'s>(
        &mut self,
        name: &str,
        first_day: Date,
        standings: impl Iterator<Item = Standing<'s>>,
    ) {
        self.periods.push((name.to_owned(), first_day));
        let mut owners: FxHashMap<u64, SmallVec<[u32; 1]>> = FxHashMap::default();
        for standing in standings {
            let customer = self.customer(standing.id);
            for account in &standing.accounts {
                owners.entry(account_hash(account)).or_default().push(customer);
            }
            let groups = self.groups_of(&standing);
            let line = &mut self.lines[customer as usize];
            line.is_linked |= !standing.accounts.is_empty();
            line.standings.push((first_day, groups));
        }
        self.owners.extend(owners);
    }

    fn customer(&mut self, id: &str) -> u32 {
        if let Some(known) = self.by_id.get(id) {
            return *known;
        }
        let number = self.lines.len() as u32;
        self.lines.push(Line::default());
        self.by_id.insert(id.into(), number);
        number
    }

    fn groups_of(&mut self, standing: &Standing<'_>) -> SmallVec<[u32; 8]> {
        let mut groups = SmallVec::new();
        groups.push(self.group(GroupedBy::All, &[], ""));
        for (by, of_areas) in
            [(GroupedBy::Cluster, &standing.clusters), (GroupedBy::Cell, &standing.cells)]
        {
            for (area, name) in of_areas {
                groups.push(self.group(by, &[(*area).to_owned()], name));
            }
        }
        for (cohort, areas) in &standing.cohorts {
            groups.push(self.group(GroupedBy::Cohort, areas, cohort));
        }
        if !standing.segment.is_empty() {
            groups.push(self.group(GroupedBy::Segment, &[], standing.segment));
        }
        groups
    }

    fn group(&mut self, by: GroupedBy, areas: &[String], name: &str) -> u32 {
        let frame = Frame { by, areas: areas.to_vec() };
        let frame = match self.frame_numbers.get(&frame) {
            Some(known) => *known,
            None => {
                self.frames.push(frame.clone());
                self.frame_numbers.insert(frame, self.frames.len() - 1);
                self.frames.len() - 1
            }
        };
        let group = Group { frame, name: name.to_owned() };
        if let Some(known) = self.group_numbers.get(&group) {
            return *known;
        }
        let number = self.groups.len() as u32;
        self.groups.push(group.clone());
        self.group_numbers.insert(group, number);
        number
    }

    /// Gives each deal to its customers; those that cannot count are counted by why.
    pub(crate) fn add_deals(&mut self, deals: &[Deal], names: &AccountNames, as_of: Date) {
        self.figures.read += deals.len() as u64;
        for deal in deals {
            let owner = deal.account.owner(names, |account| self.owners.get(&account).cloned());
            let figures = &mut self.figures;
            let customers = match owner {
                Owner::Of(customers) => customers,
                Owner::Nobody => {
                    figures.no_customer += 1;
                    continue;
                }
                Owner::Unclear => {
                    figures.account_unclear += 1;
                    continue;
                }
            };
            let Some(created) = deal.created else {
                figures.without_day += 1;
                continue;
            };
            let is_before = |(_, first): &(String, Date)| created < *first;
            if self.periods.first().is_none_or(is_before) {
                figures.before_first_period += 1;
            } else if created > as_of {
                figures.after_last_day += 1;
            } else {
                self.give(deal, created, &customers);
            }
        }
        for line in &mut self.lines {
            line.deals.sort_by_key(|deal| self.deals[*deal as usize].created);
        }
    }

    /// Gives a deal to those of its customers that were in the reports when it was created.
    fn give(&mut self, deal: &Deal, created: Date, customers: &[u32]) {
        let number = self.deals.len() as u32;
        let mut is_given = false;
        for customer in customers {
            let line = &mut self.lines[*customer as usize];
            if line.standings.first().is_some_and(|(first, _)| *first <= created) {
                line.deals.push(number);
                is_given = true;
            }
        }
        match is_given {
            true => self.deals.push(Counting { created, deal: deal.clone() }),
            false => self.figures.before_customer += 1,
        }
    }
}
