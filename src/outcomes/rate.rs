//! What a customer is expected to be worth, by what became of customers like it.

use rustc_hash::FxHashMap;

use crate::{
    lists::Worth,
    result::outcome::{GroupedBy, OutcomeRow, Outcomes, per_100},
};

/// How often customers had a won deal, by what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Rates<'o>(FxHashMap<(GroupedBy, &'o str, &'o str), f64>);

impl<'o> Rates<'o> {
    /// The rates that are told; `None` where none is.
    pub(crate) fn of(outcomes: &'o Outcomes) -> Option<Rates<'o>> {
        let rate = |row: &'o OutcomeRow| {
            Some(((row.by, row.area.as_str(), row.group.as_str()), row.won_rate?.value))
        };
        let rates: FxHashMap<_, _> = outcomes.rows.iter().filter_map(rate).collect();
        (!rates.is_empty()).then_some(Rates(rates))
    }

    /// What a customer is worth that stands in these areas, each with its cluster and its cell, and
    /// has this revenue, in hundredths: the highest over the areas. Where the cell has too few
    /// customers the cluster counts, where that has too few all customers do.
    pub(crate) fn worth(&self, areas: &[(&str, &str, &str)], revenue: Option<i64>) -> Worth {
        let told = |by, area: &str, group: &str| self.0.get(&(by, area, group)).copied();
        let like = |(area, cluster, cell): &(&str, &str, &str)| {
            let by_cell = told(GroupedBy::Cell, area, cell).map(|rate| (rate, *cell));
            let by_cluster =
                || told(GroupedBy::Cluster, area, cluster).map(|rate| (rate, *cluster));
            let (rate, name) = by_cell.or_else(by_cluster)?;
            Some((rate, format!("{name} in {area}")))
        };
        let all = || told(GroupedBy::All, "", "").map(|rate| (rate, "all customers".to_owned()));
        let best = areas.iter().filter_map(like).max_by(|one, other| one.0.total_cmp(&other.0));
        let Some((rate, name)) = best.or_else(all) else { return Worth::default() };
        let revenue = revenue.unwrap_or(0);
        let amount = format!("{}.{:02}", revenue / 100, revenue % 100);
        let amount = amount.strip_suffix(".00").unwrap_or(&amount);
        Worth {
            value: Some((rate * revenue as f64).round() as i64),
            formula: format!("{} of 100 ({name}) x {amount}", per_100(rate)).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cell_counts_then_the_cluster_then_all() {
        let rates = [
            ((GroupedBy::Cell, "Azure", "A1"), 0.125),
            ((GroupedBy::Cluster, "Azure", "Act Now"), 0.1),
            ((GroupedBy::Cluster, "M365", "Act Now"), 0.2),
            ((GroupedBy::All, "", ""), 0.05),
        ];
        let rates = Rates(rates.into_iter().collect());
        let revenue = Some(7_835_000);
        for (areas, want, formula) in [
            (&[("Azure", "Act Now", "A1")][..], 979_375, "12.5 of 100 (A1 in Azure) x 78350"),
            (&[("Azure", "Act Now", "B2")], 783_500, "10.0 of 100 (Act Now in Azure) x 78350"),
            (
                &[("Azure", "Act Now", "A1"), ("M365", "Act Now", "")],
                1_567_000,
                "20.0 of 100 (Act Now in M365) x 78350",
            ),
            (&[("Surface", "Nurture", "D4")], 391_750, "5.0 of 100 (all customers) x 78350"),
            (&[], 391_750, "5.0 of 100 (all customers) x 78350"),
        ] {
            let worth = rates.worth(areas, revenue);
            assert_eq!((worth.value, &*worth.formula), (Some(want), formula), "{areas:?}");
        }
        assert_eq!(rates.worth(&[], None).value, Some(0), "nothing expires");
        assert_eq!(Rates::default().worth(&[], revenue), Worth::default());
    }
}
