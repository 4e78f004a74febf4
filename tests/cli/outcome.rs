//! `reconcile outcomes`: clusters, cohorts and segments held against won and lost deals.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use crate::support::{Row, Workdir};

const OWN: &str = "--own-domain varnholt-cloudpartner.de";

/// A month, its first day, and its reports: clusters move by one for some customers each month.
const MONTHS: [(&str, &str); 3] =
    [("2026-08", "2026-08-01"), ("2026-09", "2026-09-01"), ("2026-10", "2026-10-01")];

/// The samples, with three months of history in `out.history`, and what each month's run said of
/// its customers.
fn three_months() -> (Workdir, Vec<(Date, Vec<Row>)>) {
    let dir = Workdir::samples();
    let mut said = Vec::new();
    for (at, (month, first)) in MONTHS.iter().enumerate() {
        for (name, bytes) in dir.files("reports") {
            let text = String::from_utf8(bytes).expect("reports are UTF-8");
            let name = name.replace("2026-10", month);
            dir.write(&format!("{month}/{name}"), moved(&text, 2 - at));
        }
        let line = format!("--reports {month} --crm crm/salesforce --out out {OWN}");
        dir.run_match(&line, &[]).ended(0);
        said.push((first.parse().expect("a day"), dir.table("out/customers.csv").rows));
    }
    (dir, said)
}

/// A report of some months before: of every third customer `Act Now` was still something else.
fn moved(text: &str, months_before: usize) -> String {
    let line = |(at, line): (usize, &str)| match (at + months_before) % 3 {
        0 if months_before > 0 && at > 0 => line.replace(",Act Now,", ",Nurture,"),
        _ => line.to_owned(),
    };
    text.split('\n').enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// A deal as the export has it.
struct Deal {
    account: String,
    created: Date,
    state: String,
    amount: f64,
    currency: String,
    area: &'static str,
}

/// The solution areas of the products of the samples, or their beginnings.
fn area_of(product: &str) -> &'static str {
    match product {
        "Azure" | "Azure VMware Solution" => "Azure",
        "Microsoft 365 E5" | "Microsoft 365 Copilot" => "M365",
        "Dynamics 365 Business Central" => "D365BC",
        "Surface Laptop" => "Surface",
        "Defender for Business" => "Security",
        "" => "",
        other => panic!("{other}"),
    }
}

fn deals(dir: &Workdir) -> Vec<Deal> {
    let kept = dir.table("crm/salesforce/Opportunity.csv").rows.into_iter();
    kept.filter(|row| row["IsDeleted"] == "0")
        .map(|row| Deal {
            account: row["AccountId"].clone(),
            created: row["CreatedDate"][..10].parse().expect("a day"),
            state: match (row["IsWon"].as_str(), row["IsClosed"].as_str()) {
                ("1", _) => "won".into(),
                (_, "1") => "lost".into(),
                _ => "open".into(),
            },
            amount: row["Amount"].parse().expect("a number"),
            currency: row["CurrencyIsoCode"].clone(),
            area: area_of(&row["Product_Line__c"]),
        })
        .collect()
}

/// What customers have in common: kind, area, name.
type Group = (String, String, String);

/// The groups of a customer by month.
type Months = Vec<(Date, Vec<Group>)>;

/// The groups of a customer in one month.
fn groups(row: &Row, areas: &BTreeSet<String>) -> Vec<Group> {
    let mut groups = vec![("all".into(), String::new(), String::new())];
    for part in row["clusters"].split("; ").filter(|part| !part.is_empty()) {
        let (area, cluster) = part.split_once(": ").expect("area and cluster");
        groups.push(("cluster".into(), area.into(), cluster.into()));
    }
    for area in areas {
        let cell = &row[&format!("cell_{area}")];
        if !cell.is_empty() {
            groups.push(("cell".into(), area.clone(), cell.clone()));
        }
    }
    for cohort in row["cohorts"].split("; ").filter(|cohort| !cohort.is_empty()) {
        groups.push(("cohort".into(), areas_of_cohort(cohort).into(), cohort.into()));
    }
    if !row["sub_segment"].is_empty() {
        let segment = row["sub_segment"].replace(" (derived)", "");
        groups.push(("segment".into(), String::new(), segment));
    }
    groups
}

/// As `rules/campaigns.toml` says it, for the cohorts of the samples.
fn areas_of_cohort(cohort: &str) -> &'static str {
    match cohort.split('_').next() {
        Some("Azure") => "Azure",
        Some("D365") => "D365, PowerApps",
        Some("MW") => "M365, O365, Surface, Security",
        other => panic!("{other:?}"),
    }
}

/// Whether deals of one area count in the groups of others, joined by commas.
fn counts(deal: &str, areas: &str) -> bool {
    let begins = |area: &str| area.starts_with(deal) || deal.starts_with(area);
    deal.is_empty() || areas.is_empty() || areas.split(", ").any(begins)
}

/// The figures of a row, counted by plain loops.
#[derive(Debug, Default, PartialEq)]
struct Counted {
    customers: u64,
    with_deal: u64,
    with_won: u64,
    won: u64,
    lost: u64,
    open: u64,
    revenue: BTreeMap<String, f64>,
    days: Vec<i64>,
    others: u64,
    others_with_won: u64,
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

const HORIZON: i64 = 60;

fn count(
    by: &Group,
    customers: &BTreeMap<String, Months>,
    deals_of: &BTreeMap<String, Vec<&Deal>>,
) -> Counted {
    let mut counted = Counted::default();
    for (customer, months) in customers {
        let none = Vec::new();
        let deals = deals_of.get(customer).unwrap_or(&none);
        let eligible = deals.iter().filter(|deal| counts(deal.area, &by.1));
        if !months.iter().any(|(_, groups)| groups.contains(by)) {
            // one of all others: from when it was first in any group that this one is compared with
            let is_rival = |group: &Group| (&group.0, &group.1) == (&by.0, &by.1);
            let rival = |groups: &Vec<_>| by.0 == "cohort" || groups.iter().any(is_rival);
            let Some((first, _)) = months.iter().find(|(_, groups)| rival(groups)) else {
                continue;
            };
            counted.others += 1;
            let mut won = eligible.filter(|deal| deal.state == "won");
            let within =
                |deal: &&&Deal| (0..=HORIZON).contains(&days_between(*first, deal.created));
            counted.others_with_won += u64::from(won.any(|deal| within(&deal)));
            continue;
        }
        counted.customers += 1;
        let (mut has_won, mut first_deal) = (false, None);
        for deal in eligible {
            // the month before the deal, and since when the customer stood in the group
            let before: Vec<_> = months.iter().filter(|(day, _)| *day <= deal.created).collect();
            let here = before.iter().rev().take_while(|(_, groups)| groups.contains(by));
            let Some((since, _)) = here.last() else { continue };
            let days = days_between(*since, deal.created);
            if days > HORIZON {
                continue;
            }
            if first_deal.is_none_or(|(created, _)| deal.created < created) {
                first_deal = Some((deal.created, days));
            }
            match deal.state.as_str() {
                "won" => {
                    has_won = true;
                    counted.won += 1;
                    *counted.revenue.entry(deal.currency.clone()).or_default() += deal.amount;
                }
                "lost" => counted.lost += 1,
                _ => counted.open += 1,
            }
        }
        counted.with_deal += u64::from(first_deal.is_some());
        counted.with_won += u64::from(has_won);
        counted.days.extend(first_deal.map(|(_, days)| days));
    }
    counted.days.sort_unstable();
    counted
}

/// The ends of Wilson's interval, as the textbook solves it: the roots of (p - r)² = z² r (1 - r) / n.
fn wilson(of: u64, all: u64) -> (f64, f64) {
    let (n, z2) = (all as f64, 3.841_458_820_694_124);
    let p = of as f64 / n;
    let (a, b, c) = (1.0 + z2 / n, -(2.0 * p + z2 / n), p * p);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    ((-b - root) / (2.0 * a), (-b + root) / (2.0 * a))
}

fn near(json: &Value, want: f64) -> bool {
    json.as_f64().is_some_and(|found| (found - want).abs() < 1e-9)
}

#[test]
fn every_figure_is_that_of_plain_loops_over_the_rows() {
    let (dir, said) = three_months();
    let horizon = format!("{HORIZON}d");
    let ran = dir.run(&[
        "outcomes",
        "--run",
        "out",
        "--horizon",
        &horizon,
        "--as-of",
        "2026-11-21",
        "--json",
    ]);
    let found = ran.ended(0).json();
    let all = deals(&dir);

    // which customer each account serves: the newest month that links it
    let mut served: BTreeMap<String, String> = BTreeMap::new();
    let mut customers: BTreeMap<String, Months> = BTreeMap::new();
    let mut ever_linked = BTreeSet::new();
    for (first, rows) in &said {
        let areas: BTreeSet<String> =
            rows[0].keys().filter_map(|key| key.strip_prefix("cell_").map(str::to_owned)).collect();
        for row in rows {
            customers
                .entry(row["customer_id"].clone())
                .or_default()
                .push((*first, groups(row, &areas)));
            for account in row["account_ids"].split("; ").filter(|id| !id.is_empty()) {
                served.insert(account.to_owned(), row["customer_id"].clone());
                ever_linked.insert(row["customer_id"].clone());
            }
        }
    }
    let not_linked = customers.len() - ever_linked.len();
    customers.retain(|id, _| ever_linked.contains(id));
    let mut deals_of: BTreeMap<String, Vec<&Deal>> = BTreeMap::new();
    let (mut nobodys, mut too_early) = (0, 0);
    for deal in &all {
        match served.get(&deal.account) {
            None => nobodys += 1,
            Some(_) if deal.created < said[0].0 => too_early += 1,
            Some(customer) => deals_of.entry(customer.clone()).or_default().push(deal),
        }
    }
    assert_eq!(found["deals"]["read"], all.len());
    assert_eq!(found["deals"]["no_customer"], nobodys);
    assert_eq!(found["deals"]["before_first_period"], too_early);
    assert!(nobodys > 0 && too_early > 0);
    assert_eq!(found["customers"], customers.len());
    assert_eq!(found["customers_not_linked"], not_linked);

    let groups: BTreeSet<_> =
        customers.values().flatten().flat_map(|(_, groups)| groups.iter().cloned()).collect();
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), groups.len());
    let (mut rates, mut lifts) = (0, 0);
    for row in rows {
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        let by = (text("by"), text("area"), text("group"));
        let want = count(&by, &customers, &deals_of);
        let figure = |key: &str| row[key].as_u64().expect("a number");
        let got = Counted {
            customers: figure("customers"),
            with_deal: figure("with_deal"),
            with_won: figure("with_won"),
            won: figure("deals_won"),
            lost: figure("deals_lost"),
            open: figure("deals_open"),
            revenue: serde_json::from_value(row["revenue_won"].clone()).expect("amounts"),
            days: want.days.clone(),
            others: figure("others"),
            others_with_won: figure("others_with_won"),
        };
        assert_eq!(got, want, "{by:?}");
        match want.days.as_slice() {
            [] => assert!(row["median_days"].is_null(), "{row}"),
            days => {
                let middle = days[(days.len() - 1) / 2] + days[days.len() / 2];
                assert!(near(&row["median_days"], middle as f64 / 2.0), "{row}");
            }
        }
        if want.customers < 20 {
            assert!(row["won_rate"].is_null() && row["lift"].is_null(), "{row}");
            continue;
        }
        rates += 1;
        for (key, of) in [("won_rate", want.with_won), ("deal_rate", want.with_deal)] {
            let (low, high) = wilson(of, want.customers);
            assert!(near(&row[key]["value"], of as f64 / want.customers as f64), "{row}");
            assert!(
                near(&row[key]["low"], low) && near(&row[key]["high"], high),
                "{row}: {low} {high}"
            );
        }
        let (a, n, c, m) = (
            want.with_won as f64,
            want.customers as f64,
            want.others_with_won as f64,
            want.others as f64,
        );
        if want.others < 20 || a == 0.0 || c == 0.0 || a + c < 5.0 {
            assert!(row["lift"].is_null(), "{row}");
            continue;
        }
        lifts += 1;
        let log = ((a / n) / (c / m)).ln();
        let error = 1.959_963_984_540_054 * (1.0 / a - 1.0 / n + 1.0 / c - 1.0 / m).sqrt();
        assert!(near(&row["lift"]["value"], log.exp()), "{row}");
        assert!(near(&row["lift"]["low"], (log - error).exp()), "{row}");
        assert!(near(&row["lift"]["high"], (log + error).exp()), "{row}");
    }
    assert!(rates > 10 && lifts > 3, "the samples say something: {rates} {lifts}");
}

#[test]
fn a_run_shows_what_the_command_shows() {
    let (dir, _) = three_months();
    let command =
        dir.run(&["outcomes", "--run", "out", "--as-of", "2026-11-21", "--json"]).ended(0).json();
    let summary = dir.summary("out");
    assert_eq!(summary["results"]["outcomes"], command);
    let page = dir.read("out/summary.html");
    assert!(page.contains("Who bought: clusters held against deals"));
    let rows = command["rows"].as_array().expect("rows").len();
    assert_eq!(dir.table("out/outcomes.csv").rows.len(), rows);
    assert_eq!(dir.sheet("out/outcomes.xlsx").height(), rows + 1);
}

#[test]
fn the_exports_of_all_crms_tell_the_same() {
    let told = |crm: &str| {
        let dir = Workdir::samples();
        dir.run_samples(&format!("crm/{crm}"), "out", &[]);
        let found = dir.summary("out")["results"]["outcomes"].clone();
        assert!(found["deals"]["counted"].as_u64() > Some(20), "{crm}: {found}");
        let read = &found["deals"]["read"];
        assert_eq!(read, 200, "{crm}");
        found["rows"].as_array().expect("rows")[0].clone()
    };
    let salesforce = told("salesforce");
    let hubspot = told("hubspot");
    for key in ["customers", "with_deal", "with_won", "deals_won", "deals_lost", "deals_open"] {
        assert_eq!(salesforce[key], hubspot[key], "{key}");
    }
    // joined by name: what several accounts bear is nobody's
    let dynamics = told("dynamics");
    assert!(dynamics["with_won"].as_u64() <= salesforce["with_won"].as_u64(), "{dynamics}");
}

#[test]
fn the_command_needs_a_history_and_deals_and_says_what_is_missing() {
    let dir = Workdir::small();
    dir.run_small(&["--period", "2026-11"]).ended(0);
    let ran = dir.run(&["outcomes", "--run", "out"]).ended(1);
    assert!(ran.stderr.contains("no deals found there"), "{ran:?}");
    assert!(ran.stderr.contains("--deals PATH"), "{ran:?}");
    let ran = dir.run(&["outcomes", "--run", "nowhere"]).ended(1);
    assert!(ran.stderr.contains("nowhere"), "{ran:?}");
    dir.write(
        "won.csv",
        "deal,account id,created,closed,status,amount\n1,001A,2026-11-01,2026-11-09,won,5\n",
    );
    let ran =
        dir.run(&["outcomes", "--run", "out", "--deals", "won.csv", "--from", "2031-01"]).ended(1);
    assert!(ran.stderr.contains("the history holds no such month"), "{ran:?}");
    dir.run(&["outcomes", "--run", "out", "--deals", "won.csv", "--horizon", "3m"]).ended(2);
    let ran = dir.run(&["outcomes", "--run", "out", "--deals", "won.csv"]).ended(0);
    assert!(ran.stdout.contains("1 deals read, 1 count"), "{ran:?}");
    assert!(ran.stdout.contains("too few to say"), "{ran:?}");
    for word in ["because", "cause", "leads to", "thanks to"] {
        assert!(!ran.stdout.contains(word), "{word}: {ran:?}");
    }
}

#[test]
fn lists_may_be_ordered_by_expected_value_and_show_the_formula() {
    let (dir, _) = three_months();
    let line = format!("--reports 2026-10 --crm crm/salesforce --out out {OWN}");
    let order = |dir: &Workdir| -> Vec<(String, String)> {
        let table = dir.table("out/contacts.csv");
        let pairs = table.pairs("customer_id", "expected_value");
        pairs.into_iter().map(|(id, value)| (id.to_owned(), value.to_owned())).collect()
    };
    let before = order(&dir);
    assert!(before.iter().all(|(_, value)| value.is_empty()), "only if asked");
    dir.run_match(&line, &["--rank", "outcomes"]).ended(0);
    let ranked = order(&dir);
    let values: Vec<f64> =
        ranked.iter().map(|(_, value)| value.parse().expect("a number")).collect();
    assert!(values.is_sorted_by(|one, other| one >= other), "{values:?}");
    assert!(values[0] > 0.0);
    assert_ne!(
        ranked.iter().map(|of| &of.0).collect::<Vec<_>>(),
        before.iter().map(|of| &of.0).collect::<Vec<_>>()
    );
    for row in dir.table("out/contacts.csv").rows {
        let formula = &row["expected_value_formula"];
        let (rate, rest) = formula.split_once(" of 100 (").expect("a rate");
        let (_, revenue) = rest.split_once(") x ").expect("a revenue");
        let product = rate.parse::<f64>().expect("a rate") / 100.0
            * revenue.parse::<f64>().expect("a revenue");
        let value: f64 = row["expected_value"].parse().expect("a value");
        assert!(
            (product - value).abs() <= revenue.parse::<f64>().unwrap() * 0.0005 + 0.01,
            "{row:?}"
        );
    }
}

#[test]
fn campaigns_show_how_many_like_their_customers_had_won() {
    let (dir, _) = three_months();
    let outcomes = dir.table("out/outcomes.csv");
    let told = |by: &str, area: &str, group: &str| {
        let is_it = |row: &&Row| {
            row["by"] == by && (area.is_empty() || row["area"] == area) && row["group"] == group
        };
        let row = outcomes.rows.iter().find(is_it);
        row.and_then(|row| row["won_per_100"].parse::<f64>().ok())
    };
    let campaigns = dir.run(&["campaigns", "--run", "out", "--json"]).ended(0).json();
    let (mut known, mut few) = (0, 0);
    for campaign in campaigns.as_array().expect("campaigns") {
        let text = |key: &str| campaign[key].as_str().expect("text").to_owned();
        let want = match text("cohort").as_str() {
            "No cohort" => told("cluster", &text("solution_area"), &text("cluster")),
            cohort => told("cohort", "", cohort),
        };
        assert_eq!(campaign["won_before_per_100"].as_f64(), want, "{campaign}");
        known += usize::from(want.is_some());
        few += usize::from(want.is_none());
    }
    assert!(known > 0 && few > 0, "{known} told, {few} too few to say");
    let shown = dir.run(&["campaigns", "--run", "out"]).ended(0).stdout;
    assert!(shown.lines().next().is_some_and(|heads| heads.contains("won before")), "{shown}");
}
