//! The customers of this period and those before, held against the deals that followed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::{
    Found, Rules,
    customers::{period_of, reports_read},
    deals::CrmDeals,
};
use crate::{
    columns::fold_header,
    config::{Config, Rank},
    decide::Outcome,
    error::{Error, Result, slashed},
    history::{Entry, EntryArea, History},
    inputs::{Inputs, RunLog},
    lists::Worth,
    outcomes::{Population, Rates, Standing, Window},
    report::{Cluster, CohortAreas, Customer, Customers, Period, Propensity},
    result::outcome::Outcomes,
    status::CustomerStatus,
};

/// Days for which a customer is watched, unless the user says another number.
pub(crate) const HORIZON_DAYS: u32 = 90;

/// What became of the customers of a run and of the periods before it; nothing where no deal was read.
///
/// # Errors
///
/// When the history cannot be read.
pub(super) fn outcomes(
    config: &Config,
    rules: &Rules,
    deals: &CrmDeals,
    found: &Found,
) -> Result<Outcomes> {
    let newest = Period::find(&period_of(&reports_read(config, &found.inputs)));
    let Some(newest) = newest.filter(|_| !deals.deals.list.is_empty()) else {
        return Ok(Outcomes::default());
    };
    let mut population = Population::default();
    let cohorts = CohortAreas::load(config.rules.as_deref())?;
    for entry in History::of(&config.out).entries()? {
        let earlier = Period::find(&entry.run.period).filter(|of| *of < newest);
        earlier.into_iter().for_each(|of| add_entry(&mut population, of, &cohorts, &entry));
    }
    add_run(&mut population, newest, (rules, &cohorts), found);
    population.add_deals(&deals.deals.list, &deals.names, config.as_of);
    Ok(population.outcomes(Window { as_of: config.as_of, horizon_days: HORIZON_DAYS }))
}

/// What is to be held against deals.
pub(crate) struct Order<'o> {
    /// The result folder whose history counts.
    pub(crate) run: &'o Path,
    /// Files of deals, where they are other ones than the run has read.
    pub(crate) deals: &'o [PathBuf],
    /// The first period that counts.
    pub(crate) from: Option<&'o str>,
    /// Days for which a customer is watched.
    pub(crate) horizon_days: u32,
    /// The last day on which a deal may have been created.
    pub(crate) as_of: Date,
}

/// What became of the customers of a history.
///
/// # Errors
///
/// When there is no history or no deal, or a file cannot be read.
pub(crate) fn outcomes_of_history(
    config: &Config,
    rules: &Rules,
    order: &Order<'_>,
    log: &mut RunLog,
) -> Result<Outcomes> {
    let from = order.from.map(first_period).transpose()?;
    let mut entries = History::of(order.run).entries()?;
    if entries.is_empty() {
        entries.push(Entry::of_run(order.run)?);
    }
    let cohorts = CohortAreas::load(config.rules.as_deref())?;
    let mut population = Population::default();
    for entry in &entries {
        let period =
            Period::find(&entry.run.period).filter(|of| from.is_none_or(|from| *of >= from));
        period.into_iter().for_each(|period| add_entry(&mut population, period, &cohorts, entry));
    }
    if population.is_empty() {
        return Err(Error::Setting {
            flag: format!("--from {}", order.from.unwrap_or_default()),
            found: "the history holds no such month".into(),
            todo: "`reconcile history` lists the months that it holds".into(),
        });
    }
    let deals = deals_of(config, rules, order, log)?;
    population.add_deals(&deals.deals.list, &deals.names, order.as_of);
    let window = Window { as_of: order.as_of, horizon_days: order.horizon_days };
    let outcomes = population.outcomes(window);
    match outcomes.deals.closes() {
        true => Ok(outcomes),
        false => Err(Error::Totals { what: format!("deals: {:?}", outcomes.deals) }),
    }
}

fn first_period(word: &str) -> Result<Period> {
    Period::find(word).ok_or_else(|| Error::Usage {
        flag: format!("--from {word}"),
        found: "not a month".into(),
        todo: "write it as YYYY-MM, such as 2026-10".into(),
    })
}

/// The deals of the files that the user names, else of those of the run.
fn deals_of(
    config: &Config,
    rules: &Rules,
    order: &Order<'_>,
    log: &mut RunLog,
) -> Result<CrmDeals> {
    let deals = if order.deals.is_empty() {
        let of_crm = Config { reports: vec![], ..config.clone() };
        let inputs = Inputs::whatever(&of_crm, &rules.columns)?;
        CrmDeals::read(&of_crm, rules, &inputs, log)?
    } else {
        CrmDeals::of_files(config, rules, order.deals, log)?
    };
    if deals.deals.list.is_empty() {
        let paths = if order.deals.is_empty() { &config.crm } else { order.deals };
        let paths: Vec<String> = paths.iter().map(|path| slashed(path)).collect();
        return Err(Error::Unusable {
            file: paths.join(", "),
            found: "no deals found there".into(),
            todo:
                "export the opportunities too, or give their file with `--deals PATH`; `reconcile \
                   inspect PATH` shows how a file is read"
                    .into(),
        });
    }
    Ok(deals)
}

/// Adds the customers of a period as the history keeps them.
fn add_entry(population: &mut Population, period: Period, cohorts: &CohortAreas, entry: &Entry) {
    let mut areas_of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for name in entry.customers.iter().flat_map(|customer| &customer.cohorts) {
        let areas = || cohorts.of(name, entry.run.areas.iter().map(String::as_str));
        areas_of.entry(name).or_insert_with(areas);
    }
    let standings = entry.customers.iter().map(|customer| {
        let cells = customer.areas.iter().filter(|(_, of)| !of.cell.is_empty());
        Standing {
            id: &customer.id,
            accounts: match customer.is(CustomerStatus::Linked) {
                true => customer.accounts.iter().map(String::as_str).collect(),
                false => Vec::new(),
            },
            clusters: customer.areas.iter().filter_map(cluster_in).collect(),
            cells: cells.map(|(area, of)| (&**area, &*of.cell)).collect(),
            cohorts: customer
                .cohorts
                .iter()
                .map(|of| (&**of, &areas_of[of.as_str()][..]))
                .collect(),
            segment: segment(&customer.segment),
        }
    });
    population.add_period(&entry.run.period, period.first_day(), standings);
}

/// A sub-segment, whether the report printed it or the size tells it.
fn segment(printed: &str) -> &str {
    printed.trim_end_matches(" (derived)")
}

/// An area and the cluster there, as files print it.
fn cluster_in<'e>((area, of): (&'e String, &'e EntryArea)) -> Option<(&'e str, &'static str)> {
    Some((area, Cluster::from_name(&of.cluster)?.printed(of.derived)))
}

/// Adds the customers of a run as its reports say them.
fn add_run(
    population: &mut Population,
    period: Period,
    (rules, cohorts): (&Rules, &CohortAreas),
    found: &Found,
) {
    let Customers { list, areas, cohorts: names, .. } = &found.customers;
    let of_cohort = |name: &String| cohorts.of(name, areas.iter().map(String::as_str));
    let areas_of: Vec<Vec<String>> = names.iter().map(of_cohort).collect();
    let standings = list.iter().zip(&found.decisions.outcomes).map(|(customer, outcome)| {
        let of_areas = || areas.iter().map(String::as_str).zip(&customer.propensity);
        let cluster = |(area, of): (_, &Propensity)| Some((area, of.cluster?.printed(of.derived)));
        Standing {
            id: &customer.id,
            accounts: match outcome {
                Outcome::Linked(links) => {
                    links.iter().map(|link| link.candidate.account.id()).collect()
                }
                _ => Vec::new(),
            },
            clusters: of_areas().filter_map(cluster).collect(),
            cells: of_areas()
                .filter_map(|(area, of)| Some((area, rules.report.cell(of.bands?))))
                .collect(),
            cohorts: customer
                .cohorts
                .iter()
                .map(|at| (names[*at as usize].as_str(), &areas_of[*at as usize][..]))
                .collect(),
            segment: segment(&customer.sub_segment),
        }
    });
    population.add_period(&period.to_string(), period.first_day(), standings);
}

/// What each customer is expected to be worth, where the lists are to be ordered by that and rates are
/// known; else nothing, with a note where it was asked for.
pub(super) fn worth(
    config: &Config,
    rules: &Rules,
    outcomes: &Outcomes,
    found: &mut Found,
) -> Vec<Worth> {
    if config.lists.rank != Rank::Outcomes {
        return Vec::new();
    }
    let Some(rates) = Rates::of(outcomes) else {
        found.log.add_notes([NOTHING_TO_RANK_BY.to_owned()]);
        return Vec::new();
    };
    let Customers { list, areas, .. } = &found.customers;
    let asked = &config.lists.solution_areas;
    let is_asked = |area: &str| {
        asked.is_empty() || asked.iter().any(|of| fold_header(of) == fold_header(area))
    };
    let of_customer = |customer: &Customer| {
        let of_areas = areas.iter().map(String::as_str).zip(&customer.propensity);
        let standing: Vec<(&str, &str, &str)> = of_areas
            .filter(|(area, _)| is_asked(area))
            .map(|(area, of)| {
                let cluster = of.cluster.map_or("", |cluster| cluster.printed(of.derived));
                (area, cluster, of.bands.map_or("", |bands| rules.report.cell(bands)))
            })
            .collect();
        rates.worth(&standing, customer.expiring_revenue(config.as_of))
    };
    list.iter().map(of_customer).collect()
}

/// Why the lists are in the default order.
const NOTHING_TO_RANK_BY: &str = "`--rank outcomes`: there are no deals, or too few customers, to say \
                                  how often customers buy: the readiest customers come first";
