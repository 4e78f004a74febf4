//! The section that holds clusters, cohorts and segments against deals.

use maud::{Markup, html};

use super::{
    chart::{self, Part},
    part::{door, inline, picture},
};
use crate::result::outcome::{Estimate, GroupedBy, OutcomeRow, Outcomes, per_100};

/// Rows that the picture shows; `outcomes.xlsx` has them all.
const DRAWN: usize = 16;

/// The length of the dot of a bar, of 100 customers.
const DOT: f64 = 0.4;

/// Whether the customers that the reports recommend are those that buy.
pub(super) fn outcomes(outcomes: &Outcomes) -> Markup {
    let told = |row: &&OutcomeRow| !row.is_too_few() && row.by != GroupedBy::Cell;
    let told: Vec<&OutcomeRow> = outcomes.rows.iter().filter(told).collect();
    html! {
        @if !outcomes.periods.is_empty() {
            section id="outcomes" {
                h2 { "Who bought: clusters held against deals" }
                (scope(outcomes))
                (picture(drawn(&told), "customers with a won deal, of 100, with 95 % intervals"))
                (table(&told))
                p.soft { "Of 100 customers so many had a won deal; the dot is the figure, the bar its 95 % \
                    interval. Who was called more buys more: the figures say what was, not why. Groups of \
                    fewer than " (inline(outcomes.least_customers)) " customers are too few to say. All groups: "
                    b { "outcomes.xlsx" } "." }
            }
        }
    }
}

/// What was counted, and what was not.
fn scope(outcomes: &Outcomes) -> Markup {
    let deals = &outcomes.deals;
    let (first, last) = (outcomes.periods.first(), outcomes.periods.last());
    html! {
        p { (inline(outcomes.customers)) " linked customers of the reports of "
            time { (first.map_or("", String::as_str)) }
            @if first != last { " to " time { (last.map_or("", String::as_str)) } }
            ", each watched for " (inline(outcomes.horizon_days.into())) " days at most; "
            (inline(deals.counted)) " of " (inline(deals.read)) " deals count." }
        details { summary { "What does not count, and what is not known" }
            ul {
                @for (reason, number) in deals.left_out() { li { (inline(number)) " deals " (reason) } }
                @for doubt in deals.doubts() { li { "of the deals that count " (doubt) } }
                @if outcomes.customers_not_linked > 0 {
                    li { (inline(outcomes.customers_not_linked))
                        " customers are linked to no account: nobody knows their deals" }
                }
                @if outcomes.customers_watched_shorter > 0 {
                    li { (inline(outcomes.customers_watched_shorter)) " customers could not be watched for "
                        (inline(outcomes.horizon_days.into())) " days yet: their deals may still come" }
                }
            }
        }
    }
}

/// The rates as dots on bars.
fn drawn(rows: &[&OutcomeRow]) -> Option<String> {
    let rows: Vec<(String, Estimate)> =
        rows.iter().take(DRAWN).filter_map(|row| Some((row.name(), row.won_rate?))).collect();
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let lengths = |length: &dyn Fn(f64, f64, f64) -> f64| -> Vec<f64> {
        let of_100 = |of: &Estimate| length(of.low * 100.0, of.value * 100.0, of.high * 100.0);
        rows.iter().map(|(_, of)| of_100(of).max(0.0)).collect()
    };
    let parts = [
        Part { name: "", colour: "#ffffff00", lengths: lengths(&|low, _, _| low) },
        Part {
            name: "interval",
            colour: "#9cc4e8",
            lengths: lengths(&|low, dot, _| dot - low - DOT),
        },
        Part { name: "figure", colour: "#1f5f99", lengths: lengths(&|_, _, _| 2.0 * DOT) },
        Part {
            name: "interval",
            colour: "#9cc4e8",
            lengths: lengths(&|_, dot, high| high - dot - DOT),
        },
    ];
    chart::plain_bars(&names, &parts)
}

fn table(rows: &[&OutcomeRow]) -> Markup {
    let interval = |of: Option<Estimate>, words: &dyn Fn(f64) -> String| match of {
        Some(of) => format!("{} ({} to {})", words(of.value), words(of.low), words(of.high)),
        None => "too few to say".into(),
    };
    let times = |number: f64| format!("{number:.1}");
    html! {
        table {
            tr { th { "group" } th.number { "customers" } th.number { "with a won deal" }
                th { "of 100" } th { "times as often as all others" } th { "revenue won" } }
            @for row in rows {
                @let group = [("by", row.by.word()), ("area", &*row.area), ("group", row.group_text())];
                tr { td { (row.name()) } (door(row.customers, "outcomes", &group))
                    (door(row.with_won, "outcomes", &group))
                    td { (interval(row.won_rate, &per_100)) }
                    td { @if row.by != GroupedBy::All { (interval(row.lift, &times)) } }
                    td { (row.revenue_text()) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::outcome::DealFigures;

    fn row(
        by: GroupedBy,
        group: &str,
        rate: Option<Estimate>,
        lift: Option<Estimate>,
    ) -> OutcomeRow {
        OutcomeRow {
            by,
            area: if by == GroupedBy::Cluster { "Azure" } else { "" }.into(),
            group: group.into(),
            customers: 112,
            with_deal: 31,
            with_won: 14,
            deals_won: 16,
            deals_lost: 11,
            deals_open: 12,
            revenue_won: [("EUR".to_owned(), 118_400.0), ("USD".to_owned(), 9000.0)].into(),
            median_days: Some(38.0),
            deal_rate: rate,
            won_rate: rate,
            others: 240,
            others_with_won: 14,
            lift,
        }
    }

    #[test]
    fn the_section_tells_rates_comparisons_and_what_does_not_count() {
        let rate = Some(Estimate { value: 0.125, low: 0.076, high: 0.1988 });
        let lift = Some(Estimate { value: 2.14, low: 1.06, high: 4.35 });
        let told = Outcomes {
            periods: vec!["2026-09".into(), "2026-11".into()],
            rows: vec![
                row(GroupedBy::All, "", rate, None),
                row(GroupedBy::Cluster, "Act Now", rate, lift),
                row(GroupedBy::Cluster, "Nurture", rate, None),
                row(GroupedBy::Cluster, "Educate", None, None),
                row(GroupedBy::Cell, "A1", rate, lift),
            ],
            deals: DealFigures { read: 9, counted: 6, no_customer: 3, ..DealFigures::default() },
            ..Outcomes::default()
        };
        let page = outcomes(&told).into_string();
        for text in [
            "<svg",
            "all customers",
            "Azure: Act Now",
            "12.5 (7.6 to 19.9)",
            "2.1 (1.1 to 4.3)",
            "EUR 118400; USD 9000",
            "too few to say",
            "deals of accounts that no customer is linked to",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        for text in ["Educate", "A1", "because", "caused"] {
            assert!(!page.contains(text), "{text}: {page}");
        }
        assert_eq!(outcomes(&Outcomes::default()).into_string(), "", "no deal was read");
    }
}
