//! Small populations counted by hand, and many drawn ones whose truth is known.

use jiff::civil::{Date, date};

use super::{Population, Standing, Window};
use crate::{
    crm::AccountNames,
    deals::{Deal, DealAccount, DealState},
    result::outcome::{Estimate, GroupedBy, OutcomeRow, Outcomes},
    text::id::account_hash,
};

const AS_OF: Date = date(2026, 12, 31);

fn deal(account: &str, created: Option<Date>, state: DealState, areas: &[&str]) -> Deal {
    Deal {
        account: DealAccount::Id(account_hash(account)),
        created,
        closed: None,
        state: Some(state),
        amount: Some(10_000),
        currency: "EUR".into(),
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
    }
}

/// What a period says of customers: id, linked account, cluster in Azure, cohort.
type Said = (&'static str, &'static str, &'static str, &'static str);

fn population(periods: &[(Date, &[Said])]) -> Population {
    let azure = ["Azure".to_owned()];
    let mut population = Population::default();
    for (first, said) in periods {
        let standings = said.iter().map(|(id, account, cluster, cohort)| Standing {
            id,
            accounts: Some(*account).filter(|of| !of.is_empty()).into_iter().collect(),
            clusters: Some(("Azure", *cluster)).filter(|of| !of.1.is_empty()).into_iter().collect(),
            cohorts: Some((*cohort, &azure[..]))
                .filter(|of| !of.0.is_empty())
                .into_iter()
                .collect(),
            ..Standing::default()
        });
        population.add_period(&first.to_string()[..7], *first, standings);
    }
    population
}

fn outcomes(mut population: Population, deals: &[Deal], horizon_days: u32) -> Outcomes {
    population.add_deals(deals, &AccountNames::default(), AS_OF);
    let outcomes = population.outcomes(Window { as_of: AS_OF, horizon_days });
    assert!(outcomes.deals.closes(), "{:?}", outcomes.deals);
    outcomes
}

fn row<'o>(outcomes: &'o Outcomes, by: GroupedBy, group: &str) -> &'o OutcomeRow {
    let is_it = |row: &&OutcomeRow| row.by == by && row.group == group;
    outcomes.rows.iter().find(is_it).unwrap_or_else(|| panic!("{group}: {outcomes:#?}"))
}

/// Customers, those with a deal, with a won one, all others, those of them with a won one.
fn counts(row: &OutcomeRow) -> [u64; 5] {
    [row.customers, row.with_deal, row.with_won, row.others, row.others_with_won]
}

const SEPTEMBER: Date = date(2026, 9, 1);
const OCTOBER: Date = date(2026, 10, 1);

#[test]
fn a_deal_counts_where_its_customer_stood_before_it_was_created() {
    use DealState::{Lost, Open, Won};
    let moved: [(Date, &[Said]); 2] = [
        (
            SEPTEMBER,
            &[("1", "a", "Nurture", ""), ("2", "b", "Act Now", ""), ("3", "", "Act Now", "")],
        ),
        (OCTOBER, &[("1", "a", "Act Now", ""), ("2", "b", "Act Now", "")]),
    ];
    let day = |month, day| Some(date(2026, month, day));
    for (name, deals, horizon, act_now, nurture) in [
        (
            "before the move",
            vec![deal("a", day(9, 30), Won, &["Azure"])],
            90,
            [2, 0, 0, 0, 0],
            [1, 1, 1, 1, 0],
        ),
        (
            "on the day of the move",
            vec![deal("a", day(10, 1), Won, &["Azure"])],
            90,
            [2, 1, 1, 0, 0],
            [1, 0, 0, 1, 0],
        ),
        (
            "of who never moved",
            vec![deal("b", day(10, 9), Won, &["Azure"])],
            90,
            [2, 1, 1, 0, 0],
            [1, 0, 0, 1, 1],
        ),
        (
            "of another area",
            vec![deal("b", day(10, 9), Won, &["Surface"])],
            90,
            [2, 0, 0, 0, 0],
            [1, 0, 0, 1, 0],
        ),
        ("of no area", vec![deal("b", day(10, 9), Won, &[])], 90, [2, 1, 1, 0, 0], [1, 0, 0, 1, 1]),
        ("lost", vec![deal("b", day(10, 9), Lost, &[])], 90, [2, 1, 0, 0, 0], [1, 0, 0, 1, 0]),
        (
            "two of one customer",
            vec![deal("b", day(10, 9), Won, &[]), deal("b", day(9, 9), Open, &[])],
            90,
            [2, 1, 1, 0, 0],
            [1, 0, 0, 1, 1],
        ),
        // on the 30th day of standing there, and on the 31st
        ("last day", vec![deal("b", day(10, 1), Won, &[])], 30, [2, 1, 1, 0, 0], [1, 0, 0, 1, 1]),
        (
            "a day too late",
            vec![deal("b", day(10, 2), Won, &[])],
            30,
            [2, 0, 0, 0, 0],
            [1, 0, 0, 1, 0],
        ),
        (
            "since the move",
            vec![deal("a", day(10, 31), Won, &[])],
            30,
            [2, 1, 1, 0, 0],
            [1, 0, 0, 1, 0],
        ),
    ] {
        let found = outcomes(population(&moved), &deals, horizon);
        assert_eq!(counts(row(&found, GroupedBy::Cluster, "Act Now")), act_now, "{name}");
        assert_eq!(counts(row(&found, GroupedBy::Cluster, "Nurture")), nurture, "{name}");
        assert_eq!((found.customers, found.customers_not_linked), (2, 1));
    }
}

#[test]
fn who_comes_back_is_watched_anew_and_who_was_absent_stays_where_it_was() {
    let said = |cluster: &'static str| -> Vec<Said> { vec![("1", "a", cluster, "")] };
    let (act_now, nurture) = (said("Act Now"), said("Nurture"));
    let back: [(Date, &[Said]); 4] = [
        (date(2026, 6, 1), &act_now),
        (date(2026, 7, 1), &nurture),
        (date(2026, 8, 1), &act_now),
        (SEPTEMBER, &[]), // in no report
    ];
    let deals = [deal("a", Some(date(2026, 9, 20)), DealState::Won, &[])];
    let found = outcomes(population(&back), &deals, 60);
    let act_now = row(&found, GroupedBy::Cluster, "Act Now");
    assert_eq!(counts(act_now), [1, 1, 1, 0, 0]);
    assert_eq!(act_now.median_days, Some(50.0));
    assert_eq!(counts(row(&found, GroupedBy::Cluster, "Nurture")), [1, 0, 0, 0, 0]);
}

#[test]
fn every_deal_is_in_one_place_and_the_reason_is_told() {
    let periods: [(Date, &[Said]); 2] = [
        (SEPTEMBER, &[("1", "a", "Act Now", "")]),
        (OCTOBER, &[("1", "a", "Act Now", ""), ("2", "b", "Nurture", "")]),
    ];
    let day = |month, day| Some(date(2026, month, day));
    use DealState::Won;
    let deals = [
        deal("x", day(10, 9), Won, &[]),
        deal("a", None, Won, &[]),
        deal("a", day(8, 31), Won, &[]),
        deal("b", day(9, 30), Won, &[]),
        deal("a", Some(date(2027, 1, 1)), Won, &[]),
        deal("a", day(12, 30), Won, &[]), // 120 days
        deal("a", day(10, 9), Won, &["Azure"]),
        deal("a", day(10, 9), Won, &["Surface"]),
        Deal { state: None, ..deal("b", day(10, 9), Won, &[]) },
    ];
    let found = outcomes(population(&periods), &deals, 90);
    let want = [
        ("of accounts that no customer is linked to", 1),
        ("without the day on which they were created", 1),
        ("created before the first period", 1),
        ("created after the last day", 1),
        ("created before their customer was in a report", 1),
        ("created later than the horizon", 1),
    ];
    assert_eq!(found.deals.left_out(), want);
    assert_eq!((found.deals.read, found.deals.counted), (9, 3));
    let doubts = [found.deals.without_area, found.deals.area_unscored, found.deals.state_unknown];
    assert_eq!(doubts, [1, 1, 1]);
    assert_eq!(found.customers_watched_shorter, 0);
}

#[test]
fn a_cohort_is_held_against_all_customers_outside_of_it_by_the_deals_of_its_area() {
    let periods: [(Date, &[Said]); 1] =
        [(SEPTEMBER, &[("1", "a", "", "C"), ("2", "b", "", ""), ("3", "c", "Act Now", "D")])];
    let day = Some(date(2026, 10, 9));
    let deals = [
        deal("a", day, DealState::Won, &["Azure"]),
        deal("b", day, DealState::Won, &["Azure"]),
        deal("c", day, DealState::Won, &["Surface"]), // not what the cohort is about
    ];
    let found = outcomes(population(&periods), &deals, 90);
    assert_eq!(counts(row(&found, GroupedBy::Cohort, "C")), [1, 1, 1, 2, 1]);
    assert_eq!(counts(row(&found, GroupedBy::All, "")), [3, 3, 3, 0, 0]);
}

#[test]
fn an_account_serves_the_customer_that_the_newest_period_links() {
    let periods: [(Date, &[Said]); 2] = [
        (SEPTEMBER, &[("1", "a", "Act Now", ""), ("2", "", "Nurture", "")]),
        (OCTOBER, &[("1", "", "Act Now", ""), ("2", "a", "Nurture", "")]),
    ];
    let deals = [deal("a", Some(date(2026, 9, 9)), DealState::Won, &[])];
    let found = outcomes(population(&periods), &deals, 90);
    assert_eq!(counts(row(&found, GroupedBy::Cluster, "Nurture")), [1, 1, 1, 1, 0]);
}

#[test]
fn currencies_are_never_summed_and_small_groups_have_no_rate() {
    let ids: Vec<String> = (0..40).map(|at| format!("{at:02}")).collect();
    let mut population = Population::default();
    let standings = ids.iter().enumerate().map(|(at, id)| Standing {
        id,
        accounts: vec![id],
        clusters: vec![("Azure", if at < 21 { "Act Now" } else { "Nurture" })],
        ..Standing::default()
    });
    population.add_period("2026-09", SEPTEMBER, standings);
    let day = Some(date(2026, 10, 11));
    let deals: Vec<Deal> = (0..8)
        .map(|at| Deal {
            currency: if at % 2 == 0 { "EUR" } else { "USD" }.into(),
            ..deal(&ids[at * 4], day, DealState::Won, &[])
        })
        .collect();
    let found = outcomes(population, &deals, 90);
    let act_now = row(&found, GroupedBy::Cluster, "Act Now");
    assert_eq!(act_now.revenue_text(), "EUR 300; USD 300");
    assert!(act_now.won_rate.is_some());
    assert_eq!((act_now.others, act_now.lift), (19, None), "too few others");
    assert!(row(&found, GroupedBy::Cluster, "Nurture").is_too_few());
    assert_eq!(row(&found, GroupedBy::All, "").lift, None, "there are no others");
}

/// Numbers that look random (splitmix64), the same in each run of the test.
struct Draws(u64);

impl Draws {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// How many of the customers of each cluster there are, and how likely one of them is to buy.
const CLUSTERS: [(&str, u32, f64); 4] = [
    ("Act Now", 1000, 0.08),
    ("Evaluate", 2000, 0.05),
    ("Nurture", 3000, 0.03),
    ("Educate", 4000, 0.02),
];

const RUNS: usize = 400;

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let of_cluster = |at: usize| (0..CLUSTERS[at].1).map(move |_| at);
    let cluster_of: Vec<usize> = (0..CLUSTERS.len()).flat_map(of_cluster).collect();
    let ids: Vec<String> = (0..cluster_of.len()).map(|at| format!("c{at}")).collect();
    let mut population = Population::default();
    let standings = ids.iter().zip(&cluster_of).map(|(id, cluster)| Standing {
        id,
        accounts: vec![id],
        clusters: vec![("Azure", CLUSTERS[*cluster].0)],
        ..Standing::default()
    });
    population.add_period("2026-09", SEPTEMBER, standings);

    let mut draws = Draws(25);
    let (mut rates, mut lifts) = ([0; 4], [0; 4]);
    for _ in 0..RUNS {
        let buys = |(_, cluster): &(&String, &usize)| draws.unit() < CLUSTERS[**cluster].2;
        let buyers = ids.iter().zip(&cluster_of).filter(buys);
        let day = Some(date(2026, 10, 9));
        let deals: Vec<Deal> =
            buyers.map(|(id, _)| deal(id, day, DealState::Won, &["Azure"])).collect();
        let found = outcomes(population.clone(), &deals, 90);
        for (at, (name, customers, truth)) in CLUSTERS.iter().enumerate() {
            let others = CLUSTERS.iter().filter(|of| of.0 != *name);
            let bought: f64 = others.map(|of| f64::from(of.1) * of.2).sum();
            let of_others = bought / f64::from(10_000 - customers);
            let row = row(&found, GroupedBy::Cluster, name);
            let holds = |of: Option<Estimate>, truth: f64| {
                of.is_some_and(|of| (of.low..=of.high).contains(&truth))
            };
            rates[at] += usize::from(holds(row.won_rate, *truth));
            lifts[at] += usize::from(holds(row.lift, truth / of_others));
        }
    }
    for (at, (name, ..)) in CLUSTERS.iter().enumerate() {
        for (what, held) in [("rate", rates[at]), ("lift", lifts[at])] {
            assert!((372..=388).contains(&held), "{what} of {name}: {held} of {RUNS}");
        }
    }
}
