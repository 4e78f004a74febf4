//! What became of the customers of the reports: the figures of `outcomes.csv`, the summary and
//! `reconcile outcomes`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Customers below which no rate is told.
pub(crate) const LEAST_CUSTOMERS: u64 = 20;

/// Customers with a won deal, of a row and of all others together, below which these are not compared.
pub(crate) const LEAST_WON: u64 = 5;

/// A figure and the interval around it that holds the truth in 95 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Estimate {
    /// The figure.
    pub(crate) value: f64,
    /// The lower end of the interval.
    pub(crate) low: f64,
    /// Its upper end.
    pub(crate) high: f64,
}

/// What the customers of a row have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupedBy {
    /// Nothing: all linked customers.
    All,
    /// The cluster in a solution area.
    Cluster,
    /// The cell of fit and intent in a solution area.
    Cell,
    /// The cohort.
    Cohort,
    /// The sub-segment.
    Segment,
}

impl GroupedBy {
    /// The word of the files.
    pub(crate) fn word(self) -> &'static str {
        match self {
            GroupedBy::All => "all",
            GroupedBy::Cluster => "cluster",
            GroupedBy::Cell => "cell",
            GroupedBy::Cohort => "cohort",
            GroupedBy::Segment => "segment",
        }
    }
}

/// Customers that have something in common, and what became of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutcomeRow {
    /// What they have in common.
    pub(crate) by: GroupedBy,
    /// The solution area whose deals count, or the beginnings of several; empty: all deals.
    pub(crate) area: String,
    /// The cluster, cell, cohort or sub-segment.
    pub(crate) group: String,
    /// Linked customers that stood there in some period.
    pub(crate) customers: u64,
    /// Those with a deal within the horizon.
    pub(crate) with_deal: u64,
    /// Those with one that was won.
    pub(crate) with_won: u64,
    /// Deals within the horizon that were won.
    pub(crate) deals_won: u64,
    /// Deals that were lost.
    pub(crate) deals_lost: u64,
    /// Deals that are open.
    pub(crate) deals_open: u64,
    /// What the won deals are worth, by currency.
    pub(crate) revenue_won: BTreeMap<String, f64>,
    /// Days from when a customer came to stand there to its first deal, in the middle of all.
    pub(crate) median_days: Option<f64>,
    /// Customers with a deal, of all; `None`: too few to say.
    pub(crate) deal_rate: Option<Estimate>,
    /// Customers with a won deal, of all; `None`: too few to say.
    pub(crate) won_rate: Option<Estimate>,
    /// All other linked customers.
    pub(crate) others: u64,
    /// Those with a won deal within the horizon.
    pub(crate) others_with_won: u64,
    /// How many times as many customers have a won deal as of all others; `None`: too few to say.
    pub(crate) lift: Option<Estimate>,
}

impl OutcomeRow {
    /// What it is called next to rows of other kinds.
    pub(crate) fn name(&self) -> String {
        match self.by {
            GroupedBy::All => "all customers".into(),
            GroupedBy::Cluster | GroupedBy::Cell => format!("{}: {}", self.area, self.group),
            GroupedBy::Cohort | GroupedBy::Segment => self.group.clone(),
        }
    }

    /// The group as `outcomes.csv` names it.
    pub(crate) fn group_text(&self) -> &str {
        if self.group.is_empty() { "all customers" } else { &self.group }
    }

    /// Whether there are too few customers for a rate.
    pub(crate) fn is_too_few(&self) -> bool {
        self.won_rate.is_none()
    }

    /// The comparison with all others as a sentence, without a word on what causes it.
    pub(crate) fn sentence(&self) -> String {
        let area = if self.area.is_empty() { String::new() } else { format!(" in {}", self.area) };
        match (self.by, self.lift, self.won_rate) {
            (GroupedBy::All, _, Some(rate)) => {
                format!(
                    "{} of 100 linked customers had a won deal ({} to {})",
                    per_100(rate.value),
                    per_100(rate.low),
                    per_100(rate.high)
                )
            }
            (_, Some(lift), _) => format!(
                "customers of {}{area} had {:.1} times as many won deals as all others ({:.1} to {:.1})",
                self.group, lift.value, lift.low, lift.high
            ),
            _ => "too few to say".into(),
        }
    }

    /// The revenue of the won deals, each currency for itself: `EUR 42000; USD 1200`.
    pub(crate) fn revenue_text(&self) -> String {
        let each = self.revenue_won.iter().map(|(currency, amount)| {
            let amount = format!("{amount:.2}");
            let amount = amount.strip_suffix(".00").unwrap_or(&amount);
            format!("{currency} {amount}").trim().to_owned()
        });
        each.collect::<Vec<_>>().join("; ")
    }
}

/// A share of 1 as one of 100.
pub(crate) fn per_100(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// The deals that were read, each in exactly one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DealFigures {
    /// All of them.
    pub(crate) read: u64,
    /// They count: created within the horizon by a linked customer of the reports.
    pub(crate) counted: u64,
    /// No customer is linked to their account.
    pub(crate) no_customer: u64,
    /// Several accounts bear the name of their account.
    pub(crate) account_unclear: u64,
    /// It is not known when they were created.
    pub(crate) without_day: u64,
    /// They were created before the first period.
    pub(crate) before_first_period: u64,
    /// They were created after the day against which dates are judged.
    pub(crate) after_last_day: u64,
    /// They were created before any report held their customer.
    pub(crate) before_customer: u64,
    /// They were created later than the horizon.
    pub(crate) after_horizon: u64,
    /// Of those that count: no product or type of theirs names a solution area, so they count for all.
    pub(crate) without_area: u64,
    /// Of those that count: their solution area is in no report.
    pub(crate) area_unscored: u64,
    /// Of those that count: whether they are open, won or lost is unknown.
    pub(crate) state_unknown: u64,
}

impl DealFigures {
    /// Why deals do not count, and how many; each reason that holds for some.
    pub(crate) fn left_out(&self) -> Vec<(&'static str, u64)> {
        let reasons = [
            ("of accounts that no customer is linked to", self.no_customer),
            ("of a company name that several accounts bear", self.account_unclear),
            ("without the day on which they were created", self.without_day),
            ("created before the first period", self.before_first_period),
            ("created after the last day", self.after_last_day),
            ("created before their customer was in a report", self.before_customer),
            ("created later than the horizon", self.after_horizon),
        ];
        reasons.into_iter().filter(|(_, deals)| *deals > 0).collect()
    }

    /// What there is to know of deals that count, as phrases.
    pub(crate) fn doubts(&self) -> Vec<String> {
        let doubts = [
            (
                self.without_area,
                "name no solution area by product or type, and count for all areas",
            ),
            (self.area_unscored, "are of a solution area that no report scores"),
            (self.state_unknown, "have a stage that is in no table: neither won, lost nor open"),
        ];
        let some = doubts.into_iter().filter(|(deals, _)| *deals > 0);
        some.map(|(deals, what)| format!("{deals} {what}")).collect()
    }

    /// Whether each deal is in exactly one place.
    pub(crate) fn closes(&self) -> bool {
        let left: u64 = self.left_out().iter().map(|(_, deals)| deals).sum();
        self.read == self.counted + left
    }
}

/// What became of the customers of some periods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcomes {
    /// The periods, ascending.
    pub(crate) periods: Vec<String>,
    /// The last day on which a deal may have been created.
    pub(crate) as_of: String,
    /// Days for which a customer is watched.
    pub(crate) horizon_days: u32,
    /// Customers below which no rate is told.
    pub(crate) least_customers: u64,
    /// Linked customers of the periods.
    pub(crate) customers: u64,
    /// Customers of the periods that were linked in none: their deals are not known.
    pub(crate) customers_not_linked: u64,
    /// Linked customers that could not be watched for the whole horizon yet.
    pub(crate) customers_watched_shorter: u64,
    /// The deals.
    pub(crate) deals: DealFigures,
    /// The rows: all customers, then by cluster, cell, cohort, sub-segment.
    pub(crate) rows: Vec<OutcomeRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(by: GroupedBy, area: &str, lift: Option<Estimate>) -> OutcomeRow {
        OutcomeRow {
            by,
            area: area.into(),
            group: "Act Now".into(),
            customers: 40,
            with_deal: 9,
            with_won: 4,
            deals_won: 4,
            deals_lost: 1,
            deals_open: 4,
            revenue_won: BTreeMap::new(),
            median_days: None,
            deal_rate: None,
            won_rate: Some(Estimate { value: 0.1, low: 0.04, high: 0.231 }),
            others: 100,
            others_with_won: 5,
            lift,
        }
    }

    #[test]
    fn a_comparison_is_told_without_a_cause() {
        let lift = Some(Estimate { value: 2.06, low: 1.41, high: 3.0 });
        for (row, want) in [
            (
                row(GroupedBy::Cluster, "Azure", lift),
                "customers of Act Now in Azure had 2.1 times as many won deals as all others (1.4 to 3.0)",
            ),
            (
                row(GroupedBy::Segment, "", lift),
                "customers of Act Now had 2.1 times as many won deals as all others (1.4 to 3.0)",
            ),
            (row(GroupedBy::Cluster, "Azure", None), "too few to say"),
            (
                row(GroupedBy::All, "", None),
                "10.0 of 100 linked customers had a won deal (4.0 to 23.1)",
            ),
        ] {
            assert_eq!(row.sentence(), want);
        }
    }

    #[test]
    fn currencies_stand_apart() {
        let mut row = row(GroupedBy::All, "", None);
        assert_eq!(row.revenue_text(), "");
        row.revenue_won = [("USD", 1200.0), ("", 7.5), ("EUR", 42_000.0)]
            .map(|(code, amount)| (code.to_owned(), amount))
            .into();
        assert_eq!(row.revenue_text(), "7.50; EUR 42000; USD 1200");
    }
}
