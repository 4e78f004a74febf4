//! The figures of each group of customers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    interval::Share,
    population::{Frame, Line, Population, Window},
};
use crate::{
    deals::{Deal, DealState},
    report::{Cluster, begins},
    result::outcome::{GroupedBy, LEAST_CUSTOMERS, LEAST_WON, OutcomeRow, Outcomes},
};

/// What became of one customer in some time.
#[derive(Debug, Clone, Copy, Default)]
struct Fate {
    has_deal: bool,
    has_won: bool,
}

/// Sums over customers.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    customers: u64,
    with_deal: u64,
    with_won: u64,
}

impl Sums {
    fn add(&mut self, fate: Fate) {
        self.customers += 1;
        self.with_deal += u64::from(fate.has_deal);
        self.with_won += u64::from(fate.has_won);
    }
}

/// What is summed up of the customers of a group.
#[derive(Debug, Default)]
struct Tally {
    sums: Sums,
    /// The same customers, watched as all others are.
    as_others: Sums,
    won: u64,
    lost: u64,
    open: u64,
    /// In hundredths.
    revenue: BTreeMap<String, i64>,
    /// From when each came to stand there to its first deal.
    days: Vec<i64>,
}

impl Population {
    /// The figures of all groups.
    pub(crate) fn outcomes(mut self, window: Window) -> Outcomes {
        let frames = (0..self.frames.len()).into_par_iter();
        let counted: Vec<(Vec<OutcomeRow>, Vec<bool>)> =
            frames.map(|frame| self.rows_of(frame, window)).collect();
        let is_used = |at: usize| counted.iter().any(|(_, used)| used[at]);
        let used: Vec<bool> = (0..self.deals.len()).map(is_used).collect();
        let mut rows: Vec<OutcomeRow> = counted.into_iter().flat_map(|(rows, _)| rows).collect();
        rows.sort_by_cached_key(key);
        let linked = || self.lines.iter().filter(|line| line.is_linked);
        let is_watched = |line: &&Line| {
            line.standings.first().is_some_and(|(first, _)| {
                days(*first, window.as_of) >= i64::from(window.horizon_days)
            })
        };
        let (customers, watched) = (linked().count(), linked().filter(is_watched).count());
        let customers_not_linked = (self.lines.len() - customers) as u64;
        let areas = self.areas();
        let figures = &mut self.figures;
        for (counting, used) in self.deals.iter().zip(&used) {
            let deal = &counting.deal;
            if !used {
                figures.after_horizon += 1;
                continue;
            }
            figures.counted += 1;
            figures.without_area += u64::from(deal.areas.is_empty());
            let is_scored = deal.areas.is_empty() || !deal.areas_among(&areas).is_empty();
            figures.area_unscored += u64::from(!is_scored);
            figures.state_unknown += u64::from(deal.state.is_none());
        }
        Outcomes {
            periods: self.periods.into_iter().map(|(name, _)| name).collect(),
            as_of: window.as_of.to_string(),
            horizon_days: window.horizon_days,
            least_customers: LEAST_CUSTOMERS,
            customers: customers as u64,
            customers_not_linked,
            customers_watched_shorter: (customers - watched) as u64,
            deals: self.figures,
            rows,
        }
    }

    /// The solution areas in which a customer ever had a cluster or a cell.
    fn areas(&self) -> Vec<String> {
        let of_areas = |frame: &&Frame| matches!(frame.by, GroupedBy::Cluster | GroupedBy::Cell);
        let areas = self.frames.iter().filter(of_areas).flat_map(|frame| frame.areas.clone());
        let mut areas: Vec<String> = areas.collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// The rows of groups that are compared among each other, and by deal whether it counts there.
    fn rows_of(&self, frame: usize, window: Window) -> (Vec<OutcomeRow>, Vec<bool>) {
        let mut used = vec![false; self.deals.len()];
        let counts: Vec<bool> =
            self.deals.iter().map(|of| self.frames[frame].takes(&of.deal)).collect();
        let mut all = Sums::default();
        let mut tallies: FxHashMap<u32, Tally> = FxHashMap::default();
        for line in self.lines.iter().filter(|line| line.is_linked) {
            let mut mark = Marks { population: self, counts: &counts, window, used: &mut used };
            let Some(first) = self.first_day(line, frame) else { continue };
            let spell = Spell { from: first, until: None };
            let as_others = mark.fate(line, &[spell], &mut Tally::default());
            all.add(as_others);
            for (group, spells) in self.spells(line, frame) {
                let tally = tallies.entry(group).or_default();
                let fate = mark.fate(line, &spells, tally);
                tally.sums.add(fate);
                tally.as_others.add(as_others);
            }
        }
        let rows = tallies.into_iter().map(|(group, tally)| self.row(group, tally, all));
        (rows.collect(), used)
    }

    /// From when on a customer is compared with others: since it stands in any group of the frame; of
    /// cohorts, in which most customers are not, since it is in the reports.
    fn first_day(&self, line: &Line, frame: usize) -> Option<Date> {
        let is_of_frame = |group: &u32| self.groups[*group as usize].frame == frame;
        let counts = |groups: &[u32]| {
            self.frames[frame].by == GroupedBy::Cohort || groups.iter().any(is_of_frame)
        };
        line.standings.iter().find(|(_, groups)| counts(groups)).map(|(day, _)| *day)
    }

    /// The stretches of time in which a customer stood in each group of a frame.
    fn spells(&self, line: &Line, frame: usize) -> BTreeMap<u32, Vec<Spell>> {
        let mut spells: BTreeMap<u32, Vec<Spell>> = BTreeMap::new();
        for (day, groups) in &line.standings {
            for (group, known) in &mut spells {
                if let Some(last) = known.last_mut().filter(|last| last.until.is_none())
                    && !groups.contains(group)
                {
                    last.until = Some(*day);
                }
            }
            for group in groups.iter().filter(|group| self.groups[**group as usize].frame == frame)
            {
                let known = spells.entry(*group).or_default();
                if known.last().is_none_or(|last| last.until.is_some()) {
                    known.push(Spell { from: *day, until: None });
                }
            }
        }
        spells
    }

    fn row(&self, group: u32, tally: Tally, all: Sums) -> OutcomeRow {
        let Tally { sums, as_others, won, lost, open, revenue, days } = tally;
        let others = Share {
            of: all.with_won - as_others.with_won,
            all: all.customers - as_others.customers,
        };
        let own = Share { of: sums.with_won, all: sums.customers };
        let is_enough = own.all >= LEAST_CUSTOMERS;
        let can_compare =
            is_enough && others.all >= LEAST_CUSTOMERS && own.of + others.of >= LEAST_WON;
        let group = &self.groups[group as usize];
        let frame = &self.frames[group.frame];
        let deals = Share { of: sums.with_deal, all: sums.customers };
        OutcomeRow {
            by: frame.by,
            area: frame.areas.join(", "),
            group: group.name.clone(),
            customers: sums.customers,
            with_deal: sums.with_deal,
            with_won: sums.with_won,
            deals_won: won,
            deals_lost: lost,
            deals_open: open,
            revenue_won: revenue.into_iter().map(|(code, of)| (code, of as f64 / 100.0)).collect(),
            median_days: median(days),
            deal_rate: deals.rate().filter(|_| is_enough),
            won_rate: own.rate().filter(|_| is_enough),
            others: others.all,
            others_with_won: others.of,
            lift: own.times(others).filter(|_| can_compare),
        }
    }
}

impl Frame {
    /// Whether a deal counts here. One that does not say what it is about counts everywhere.
    fn takes(&self, deal: &Deal) -> bool {
        let is_about =
            |area: &String| deal.areas.iter().any(|of| begins(area, of) || begins(of, area));
        self.areas.is_empty() || deal.areas.is_empty() || self.areas.iter().any(is_about)
    }
}

/// A stretch of time: from a day on, until before another.
#[derive(Debug, Clone, Copy)]
struct Spell {
    from: Date,
    until: Option<Date>,
}

/// The deals of customers in stretches of time, and which of them count.
struct Marks<'m> {
    population: &'m Population,
    /// By deal: whether it counts for the groups that are compared.
    counts: &'m [bool],
    window: Window,
    used: &'m mut [bool],
}

impl Marks<'_> {
    /// What became of a customer in some stretches, which its group sums up.
    fn fate(&mut self, line: &Line, spells: &[Spell], tally: &mut Tally) -> Fate {
        let mut fate = Fate::default();
        for number in &line.deals {
            let at = *number as usize;
            let counting = &self.population.deals[at];
            let within = |spell: &&Spell| {
                let passed = days(spell.from, counting.created);
                (0..=i64::from(self.window.horizon_days)).contains(&passed)
                    && spell.until.is_none_or(|until| counting.created < until)
            };
            let Some(spell) = spells.iter().find(within).filter(|_| self.counts[at]) else {
                continue;
            };
            self.used[at] = true;
            if !fate.has_deal {
                tally.days.push(days(spell.from, counting.created));
            }
            fate.has_deal = true;
            match counting.deal.state {
                Some(DealState::Won) => {
                    fate.has_won = true;
                    tally.won += 1;
                    if let Some(amount) = counting.deal.amount {
                        let sum =
                            tally.revenue.entry(counting.deal.currency.to_string()).or_default();
                        *sum = sum.saturating_add(amount);
                    }
                }
                Some(DealState::Lost) => tally.lost += 1,
                Some(DealState::Open) => tally.open += 1,
                None => {}
            }
        }
        fate
    }
}

/// Whole days from one day to another.
fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn median(mut days: Vec<i64>) -> Option<f64> {
    days.sort_unstable();
    let (low, high) = (days.get((days.len().max(1) - 1) / 2)?, days.get(days.len() / 2)?);
    Some((low + high) as f64 / 2.0)
}

/// The order of rows: by what they have in common, those first of which something can be said, then by
/// area, the readiest cluster first, and by name.
fn key(row: &OutcomeRow) -> impl Ord + use<> {
    let ready = Cluster::of_cell(&row.group).map_or(usize::MAX, |cluster| cluster as usize);
    let is_silent = (row.lift.is_none(), row.is_too_few());
    (row.by, is_silent, row.area.clone(), ready, row.group.clone())
}
