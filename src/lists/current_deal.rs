//! Customers in the middle of a deal: nothing embarrasses a partner more than a cold mail to one.

use jiff::{ToSpan, civil::Date};

use crate::deals::{Deal, DealState};

/// Days for which a deal counts after it was won.
pub(crate) const RECENT_DAYS: i64 = 90;

/// A deal of a customer that is open, or was won not long ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrentDeal {
    /// How it stands; `None` where nobody knows that it is over.
    state: Option<DealState>,
    /// The day on which it was won, else created.
    day: Option<Date>,
    /// The solution areas that it is about, in words; empty where it does not say.
    about: Vec<String>,
    /// Those of them that the reports have, by position.
    areas: Vec<usize>,
}

impl CurrentDeal {
    /// A deal as it stands on a day, unless it is over: lost, or won long ago. `areas` are the
    /// solution areas of the reports.
    pub(crate) fn of(deal: &Deal, areas: &[String], as_of: Date) -> Option<CurrentDeal> {
        let since = as_of.saturating_sub(RECENT_DAYS.days());
        let day = match deal.state {
            Some(DealState::Lost) => return None,
            Some(DealState::Won) => {
                Some(deal.closed.or(deal.created).filter(|day| (since..=as_of).contains(day))?)
            }
            Some(DealState::Open) | None => deal.created,
        };
        let (about, areas) = (deal.areas.clone(), deal.areas_among(areas));
        Some(CurrentDeal { state: deal.state, day, about, areas })
    }

    /// Whether it is about one of some areas. One that does not say what it is about may be.
    fn is_in(&self, areas: &[usize]) -> bool {
        self.about.is_empty() || self.areas.iter().any(|area| areas.contains(area))
    }

    /// What it is compared by with others of its customer, whatever their order.
    fn weight(&self) -> (bool, Option<Date>, Option<DealState>, &[String]) {
        (self.state != Some(DealState::Won), self.day, self.state, self.about.as_slice())
    }

    /// The deal in a few words.
    fn words(&self) -> String {
        let (what, when) = match self.state {
            Some(DealState::Won) => ("deal won", "on"),
            Some(_) => ("open deal", "created"),
            None => ("deal that may be open", "created"),
        };
        let areas = match self.about.as_slice() {
            [] => String::new(),
            about => format!(" ({})", about.join(", ")),
        };
        let day = self.day.map_or_else(String::new, |day| format!(", {when} {day}"));
        format!("{what}{areas}{day}")
    }
}

/// The current deals of each customer.
#[derive(Debug, Clone, Default)]
pub(crate) struct CurrentDeals {
    /// By position of the customer.
    of_customer: Vec<Vec<CurrentDeal>>,
}

impl CurrentDeals {
    /// No deal yet, of so many customers.
    pub(crate) fn of_nobody(customers: usize) -> CurrentDeals {
        CurrentDeals { of_customer: vec![Vec::new(); customers] }
    }

    /// Adds a deal of a customer.
    pub(crate) fn add(&mut self, customer: usize, deal: CurrentDeal) {
        self.of_customer[customer].push(deal);
    }

    /// The deal of a customer that matters most, in some areas or in any, in a few words; empty where
    /// there is none. An open one matters more than one that was won, a later one more than an earlier one.
    pub(crate) fn words(&self, customer: usize, areas: Option<&[usize]>) -> String {
        let deals = self.of_customer.get(customer).map_or(&[][..], Vec::as_slice);
        let is_in = |deal: &&CurrentDeal| areas.is_none_or(|areas| deal.is_in(areas));
        let among = || deals.iter().filter(is_in);
        let by_weight =
            |one: &&CurrentDeal, other: &&CurrentDeal| one.weight().cmp(&other.weight());
        let Some(first) = among().max_by(by_weight) else { return String::new() };
        match among().count() {
            1 => first.words(),
            all => format!("{}; {} more", first.words(), all - 1),
        }
    }

    /// Whether a customer has a deal in one of some areas.
    pub(crate) fn any(&self, customer: usize, areas: &[usize]) -> bool {
        self.of_customer.get(customer).is_some_and(|of| of.iter().any(|deal| deal.is_in(areas)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::deals::DealAccount;

    fn deal(state: Option<DealState>, created: Date, closed: Option<Date>, area: &str) -> Deal {
        Deal {
            account: DealAccount::None,
            created: Some(created),
            closed,
            state,
            amount: None,
            currency: "".into(),
            areas: if area.is_empty() { vec![] } else { vec![area.into()] },
        }
    }

    #[test]
    fn a_deal_matters_while_it_is_open_and_for_some_weeks_after_it_was_won() {
        use DealState::{Lost, Open, Won};
        let names = ["Azure".to_owned(), "D365BC".into(), "D365CE".into()];
        let (as_of, old) = (date(2026, 11, 21), date(2024, 1, 15));
        for (deal, areas, want) in [
            (
                deal(Some(Open), old, None, "Azure"),
                &[0][..],
                "open deal (Azure), created 2024-01-15",
            ),
            (deal(Some(Open), old, None, "Azure"), &[1, 2], ""), // of another area
            (deal(Some(Open), old, None, ""), &[1], "open deal, created 2024-01-15"), // of any area
            (
                deal(None, old, None, "Azure"),
                &[0],
                "deal that may be open (Azure), created 2024-01-15",
            ),
            (deal(Some(Lost), old, Some(as_of), "Azure"), &[0], ""),
            (
                deal(Some(Won), old, Some(date(2026, 11, 1)), "D365"),
                &[2],
                "deal won (D365), on 2026-11-01",
            ),
            (deal(Some(Won), old, Some(date(2026, 8, 22)), "Azure"), &[0], ""), // 91 days ago
            (deal(Some(Open), old, None, "Surface"), &[0, 1, 2], ""),           // no report has it
        ] {
            let mut deals = CurrentDeals::of_nobody(1);
            CurrentDeal::of(&deal, &names, as_of).into_iter().for_each(|of| deals.add(0, of));
            assert_eq!(deals.words(0, Some(areas)), want, "{deal:?} in {areas:?}");
            assert_eq!(deals.any(0, areas), !want.is_empty(), "{deal:?} in {areas:?}");
        }
    }

    #[test]
    fn of_several_deals_the_open_one_is_named_and_the_others_are_counted() {
        let as_of = date(2026, 11, 21);
        let names = ["Azure".to_owned()];
        let mut deals = CurrentDeals::of_nobody(1);
        for (state, day) in [(DealState::Won, 20), (DealState::Open, 2), (DealState::Open, 9)] {
            let deal = deal(Some(state), date(2026, 11, day), Some(date(2026, 11, day)), "Azure");
            deals.add(0, CurrentDeal::of(&deal, &names, as_of).unwrap());
        }
        let want = "open deal (Azure), created 2026-11-09; 2 more";
        assert_eq!(deals.words(0, Some(&[0])), want);
    }
}
