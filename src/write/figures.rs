//! From what was decided to the figures of the summary.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::date;
use rustc_hash::FxHashMap;

use super::{
    Findings,
    summary::{
        AreaFigures, ClusterFigures, ContactCounts, DashboardFigures, FitIntentFigures,
        GroupFigures, ListedCounts, MonthFigures, PassCounts, Results, SimilarityBand,
        VerdictCounts,
    },
};
use crate::{
    compare::{Comparison, Level, Pass, Score},
    crm::Permission,
    decide::Outcome,
    error::{Error, Result},
    report::{Agreement, Cluster, Customer, Propensity, ReportRules},
};

/// All figures of a run.
pub(super) fn results(findings: &Findings<'_>) -> Results {
    let mut results = Results {
        dashboard: dashboard(findings),
        accounts: findings.accounts.clone(),
        contacts: ContactCounts {
            unreadable: findings.contacts_unreadable,
            ..findings.contacts.counts.clone()
        },
        listed: listed(findings),
        suppressed: findings.contacts.reasons.clone(),
        verdicts: VerdictCounts {
            applied: findings.decisions.verdicts_applied as u64,
            stale: findings.decisions.verdicts_stale as u64,
            orphaned: findings.decisions.verdicts_orphaned as u64,
        },
        similarities: similarities(findings),
        bands: findings.report_rules.band_names().to_vec(),
        areas: areas(findings),
        cohorts: cohorts(findings),
        sub_segments: sub_segments(findings),
        agreements: agreements(findings),
        outcomes: findings.outcomes.clone(),
        ..Results::default()
    };
    for outcome in &findings.decisions.outcomes {
        count(&mut results, outcome);
    }
    results
}

/// The people to write to, by their permission.
fn listed(findings: &Findings<'_>) -> ListedCounts {
    let mut counts = ListedCounts::default();
    for contact in &findings.contacts.listed {
        let slot = match contact.email_permission {
            Permission::Allowed => &mut counts.allowed,
            Permission::NotDenied => &mut counts.not_denied,
            _ => &mut counts.unknown,
        };
        *slot += 1;
    }
    counts
}

/// Checks that each record read is in exactly one status.
pub(super) fn check(results: &Results, findings: &Findings<'_>) -> Result<()> {
    if !results.outcomes.deals.closes() {
        return Err(Error::Totals { what: format!("deals: {:?}", results.outcomes.deals) });
    }
    for (what, sum, read) in [
        ("customers", results.customers.total(), findings.customers.list.len() as u64),
        ("accounts", results.accounts.total(), findings.accounts_read),
        ("contacts", results.contacts.total(), findings.contacts_read),
    ] {
        if sum != read {
            return Err(Error::Totals { what: format!("{read} {what} read, {sum} in a status") });
        }
    }
    Ok(())
}

fn count(results: &mut Results, outcome: &Outcome) {
    results.customers.add(outcome.status());
    match outcome {
        Outcome::Linked(links) => {
            results.links += links.len() as u64;
            let first = links.first().map(|link| &link.candidate.comparison);
            let pass = first.and_then(|comparison| comparison.pass);
            *pass_slot(&mut results.passes, pass) += 1;
            if links.iter().all(|link| agreeing_keys(&link.candidate.comparison) <= 1) {
                *pass_slot(&mut results.passes_only, pass) += 1;
            }
        }
        Outcome::Review(reason, _) => results.review.add(*reason),
        Outcome::Unmatched(reason, _) => results.unmatched.add(*reason),
        Outcome::Excluded(reason) => results.excluded.add(*reason),
    }
}

fn pass_slot(counts: &mut PassCounts, pass: Option<Pass>) -> &mut u64 {
    match pass {
        Some(Pass::Domain) => &mut counts.domain,
        Some(Pass::Name) => &mut counts.name,
        Some(Pass::Id) => &mut counts.id,
        None => &mut counts.verdict,
    }
}

/// How many passes could have brought the pair together.
fn agreeing_keys(comparison: &Comparison) -> usize {
    let name = matches!(comparison.name, Level::Agrees | Level::Similar);
    let keys = [comparison.domain == Level::Agrees, name, comparison.id == Level::Agrees];
    keys.into_iter().filter(|agrees| *agrees).count()
}

/// The headline figures of Microsoft's own dashboard. Its fiscal year runs from July to June and
/// has the number of the year in which it ends.
fn dashboard(findings: &Findings<'_>) -> DashboardFigures {
    let as_of = findings.config.as_of;
    let ends_in = as_of.year() + i16::from(as_of.month() >= 7);
    let (from, to) = (date(ends_in - 1, 7, 1), date(ends_in, 6, 30));
    let all = findings.customers.list.iter().flat_map(|customer| &customer.agreements);
    let in_year =
        |agreement: &&Agreement| agreement.end_date.is_some_and(|end| end >= from && end <= to);
    let mut figures = DashboardFigures {
        customers: findings.customers.list.len() as u64,
        fiscal_year: format!("FY{:02}", ends_in % 100),
        from: from.to_string(),
        to: to.to_string(),
        ..DashboardFigures::default()
    };
    let mut revenue: i64 = 0;
    for agreement in all.filter(in_year) {
        figures.agreements += 1;
        if agreement.end_date >= Some(as_of) {
            figures.agreements_open += 1;
            revenue = revenue.saturating_add(agreement.expiring_revenue.unwrap_or(0));
        }
    }
    figures.revenue_open = revenue as f64 / 100.0;
    figures
}

fn similarities(findings: &Findings<'_>) -> Vec<SimilarityBand> {
    let mut bands: Vec<SimilarityBand> = (0..20)
        .map(|band| SimilarityBand { from: f64::from(band * 5) / 100.0, ..Default::default() })
        .collect();
    let band = |score: Score| usize::from(score.ten_thousandths() / 500).min(19);
    for outcome in &findings.decisions.outcomes {
        match outcome {
            Outcome::Linked(links) => {
                for link in links {
                    bands[band(link.candidate.comparison.score)].linked += 1;
                }
            }
            Outcome::Review(_, candidates) => {
                let best = candidates.iter().map(|candidate| candidate.comparison.score).max();
                if let Some(best) = best {
                    bands[band(best)].review += 1;
                }
            }
            Outcome::Unmatched(..) | Outcome::Excluded(_) => {}
        }
    }
    bands
}

/// Each customer, whether it is linked, and how many contacts are listed for it.
fn customers<'f>(findings: &'f Findings<'f>) -> impl Iterator<Item = (&'f Customer, bool, u64)> {
    let outcomes = &findings.decisions.outcomes;
    let contacts = &findings.contacts.of_customer;
    findings.customers.list.iter().enumerate().map(|(at, customer)| {
        let linked = matches!(outcomes[at], Outcome::Linked(_));
        (customer, linked, contacts.get(at).map_or(0, |&(listed, _)| u64::from(listed)))
    })
}

/// A band of fit or intent by place and name; what lies in none comes last, as it stands.
type Band<'c> = (usize, &'c str);

fn band<'c>(cell: &'c str, rules: &'c ReportRules) -> Band<'c> {
    let names = rules.band_names();
    let name = rules.band_name(cell);
    let at = name.and_then(|name| names.iter().position(|known| known == name));
    (at.unwrap_or(names.len()), name.unwrap_or(cell))
}

/// What one solution area comes to, as far as it was counted.
#[derive(Default)]
struct AreaCounts<'f> {
    /// By cluster.
    clusters: [ClusterFigures; CLUSTERS.len()],
    /// Customers, and those that are linked, by fit and intent as they stand, so that each pair is
    /// understood once.
    pairs: FxHashMap<(&'f str, &'f str), (u64, u64)>,
}

const CLUSTERS: [Cluster; 4] =
    [Cluster::ActNow, Cluster::Evaluate, Cluster::Nurture, Cluster::Educate];

impl<'f> AreaCounts<'f> {
    fn add(&mut self, of: &'f Propensity, linked: bool, contacts: u64) {
        if let Some(cluster) = of.cluster {
            let figures = &mut self.clusters[cluster as usize];
            figures.customers += 1;
            figures.derived += u64::from(of.derived);
            figures.linked += u64::from(linked);
            figures.contacts_listed += contacts;
        }
        if !of.fit.is_empty() || !of.intent.is_empty() {
            let pair = self.pairs.entry((&of.fit, &of.intent)).or_default();
            pair.0 += 1;
            pair.1 += u64::from(linked);
        }
    }

    fn figures(mut self, area: &str, rules: &ReportRules) -> AreaFigures {
        for (figures, cluster) in self.clusters.iter_mut().zip(CLUSTERS) {
            figures.cluster = cluster.name().to_owned();
        }
        let mut cells: BTreeMap<(Band<'_>, Band<'_>), (u64, u64)> = BTreeMap::new();
        for ((fit, intent), (customers, linked)) in self.pairs {
            let cell = cells.entry((band(fit, rules), band(intent, rules))).or_default();
            *cell = (cell.0 + customers, cell.1 + linked);
        }
        let cells = matrix(&cells, rules);
        AreaFigures { area: area.to_owned(), clusters: self.clusters.into(), cells }
    }
}

fn areas(findings: &Findings<'_>) -> Vec<AreaFigures> {
    let areas = &findings.customers.areas;
    let mut counts: Vec<AreaCounts<'_>> = areas.iter().map(|_| AreaCounts::default()).collect();
    for (customer, linked, contacts) in customers(findings) {
        for (counts, of) in counts.iter_mut().zip(&customer.propensity) {
            counts.add(of, linked, contacts);
        }
    }
    let counts = areas.iter().zip(counts);
    counts.map(|(area, counts)| counts.figures(area, findings.report_rules)).collect()
}

/// All cells of a matrix, those without customers too; none where no customer has a score.
fn matrix(
    cells: &BTreeMap<(Band<'_>, Band<'_>), (u64, u64)>,
    rules: &ReportRules,
) -> Vec<FitIntentFigures> {
    if cells.is_empty() {
        return Vec::new();
    }
    let bands = rules.band_names().iter().map(String::as_str).enumerate();
    let fits: BTreeSet<Band<'_>> = bands.clone().chain(cells.keys().map(|key| key.0)).collect();
    let intents: BTreeSet<Band<'_>> = bands.chain(cells.keys().map(|key| key.1)).collect();
    let cell = |fit: Band<'_>, intent: Band<'_>| {
        let (customers, linked) = cells.get(&(fit, intent)).copied().unwrap_or_default();
        FitIntentFigures { fit: fit.1.into(), intent: intent.1.into(), customers, linked }
    };
    fits.iter().flat_map(|fit| intents.iter().map(|intent| cell(*fit, *intent))).collect()
}

fn cohorts(findings: &Findings<'_>) -> Vec<GroupFigures> {
    let names = &findings.customers.cohorts;
    let mut groups: Vec<GroupFigures> = names.iter().map(|name| named(name)).collect();
    for (customer, linked, contacts) in customers(findings) {
        for &cohort in &customer.cohorts {
            if let Some(group) = groups.get_mut(cohort as usize) {
                add(group, linked, contacts);
            }
        }
    }
    largest_first(groups)
}

fn sub_segments(findings: &Findings<'_>) -> Vec<GroupFigures> {
    // `Upper Medium` and `Upper medium` are one; the spelling that sorts first is shown.
    let mut groups: BTreeMap<String, GroupFigures> = BTreeMap::new();
    for (customer, linked, contacts) in customers(findings) {
        let name = &customer.sub_segment;
        let group = groups.entry(name.to_lowercase()).or_insert_with(|| named(name));
        if *name < group.name {
            group.name.clone_from(name);
        }
        add(group, linked, contacts);
    }
    largest_first(groups.into_values().collect())
}

fn named(name: &str) -> GroupFigures {
    GroupFigures { name: name.to_owned(), ..GroupFigures::default() }
}

fn add(group: &mut GroupFigures, linked: bool, contacts: u64) {
    group.customers += 1;
    group.linked += u64::from(linked);
    group.contacts_listed += contacts;
}

/// The largest first, equals by name.
fn largest_first(mut groups: Vec<GroupFigures>) -> Vec<GroupFigures> {
    groups.sort_by(|a, b| (Reverse(a.customers), &a.name).cmp(&(Reverse(b.customers), &b.name)));
    groups
}

fn agreements(findings: &Findings<'_>) -> Vec<MonthFigures> {
    let mut months: BTreeMap<String, (u64, u64, i64)> = BTreeMap::new();
    for (customer, linked, _) in customers(findings) {
        for agreement in &customer.agreements {
            let Some(end) = agreement.end_date.filter(|&end| end >= findings.config.as_of) else {
                continue;
            };
            let month = format!("{:04}-{:02}", end.year(), end.month());
            let (agreements, of_linked, revenue) = months.entry(month).or_default();
            *agreements += 1;
            *of_linked += u64::from(linked);
            *revenue = revenue.saturating_add(agreement.expiring_revenue.unwrap_or(0));
        }
    }
    let figures = |(month, (agreements, linked, revenue))| MonthFigures {
        month,
        agreements,
        linked,
        expiring_revenue: revenue as f64 / 100.0,
    };
    months.into_iter().map(figures).collect()
}
