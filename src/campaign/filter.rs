//! Which campaigns there are, and whom each reaches.

use std::{cmp::Reverse, collections::BTreeMap};

use rustc_hash::FxHashSet;

use super::{
    rules::CampaignRules,
    run::{AreaCluster, Run, RunCustomer},
};
use crate::{
    config::Lists,
    consent::AddressKey,
    error::{Error, Result},
    report::Cluster,
};

/// What stands for the cohort of customers in none.
const NO_COHORT: &str = "No cohort";
/// What stands for area and cluster where no report has clusters.
const ALL: &str = "All";

/// Which campaigns are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picks {
    /// Solution areas; empty: all.
    pub(crate) areas: Vec<String>,
    /// Cohorts; empty: all, and customers in none.
    pub(crate) cohorts: Vec<String>,
    /// Clusters, at least one.
    pub(crate) clusters: Vec<Cluster>,
    /// Count derived clusters.
    pub(crate) derived: bool,
    /// Only so many customers of each campaign, the first in order.
    pub(crate) top: Option<usize>,
}

impl Picks {
    /// What the lists of a run take.
    pub(crate) fn of_lists(lists: &Lists) -> Picks {
        let clusters = match lists.clusters.as_slice() {
            [] => vec![Cluster::ActNow, Cluster::Evaluate],
            asked => asked.to_vec(),
        };
        Picks {
            areas: lists.solution_areas.clone(),
            cohorts: lists.cohorts.clone(),
            clusters,
            derived: lists.derived,
            top: None,
        }
    }

    /// These picks, narrowed to what the user picked.
    ///
    /// # Errors
    ///
    /// When the user picks something that the run has not listed: its people are in no file.
    pub(crate) fn narrowed(
        mut self,
        areas: &[String],
        cohorts: &[String],
        clusters: &[Cluster],
    ) -> Result<Picks> {
        let outside = |flag: &str, word: &str| Error::Setting {
            flag: format!("{flag} {word}"),
            found: "not in the lists of the run".into(),
            todo: format!("run `reconcile match` with `{flag} \"{word}\"`, then export"),
        };
        for (flag, asked, known) in
            [("--solution-area", areas, &mut self.areas), ("--cohort", cohorts, &mut self.cohorts)]
        {
            let is_known =
                |name: &String| known.is_empty() || known.iter().any(|of| same(of, name));
            if let Some(unknown) = asked.iter().find(|name| !is_known(name)) {
                return Err(outside(flag, unknown));
            }
            if !asked.is_empty() {
                *known = asked.to_vec();
            }
        }
        if let Some(unknown) = clusters.iter().find(|cluster| !self.clusters.contains(cluster)) {
            return Err(outside("--cluster", unknown.name()));
        }
        if !clusters.is_empty() {
            self.clusters = clusters.to_vec();
        }
        Ok(self)
    }

    fn takes(&self, of: &AreaCluster) -> bool {
        self.takes_area(&of.area)
            && self.clusters.contains(&of.cluster)
            && (self.derived || !of.derived)
    }

    fn takes_area(&self, area: &str) -> bool {
        self.areas.is_empty() || self.areas.iter().any(|asked| same(asked, area))
    }

    fn takes_cohort(&self, cohort: &str) -> bool {
        self.cohorts.is_empty() || self.cohorts.iter().any(|asked| same(asked, cohort))
    }

    /// Whether a customer qualifies for any campaign.
    pub(crate) fn takes_customer(&self, run: &Run, customer: &RunCustomer) -> bool {
        (!run.has_clusters || customer.clusters.iter().any(|of| self.takes(of)))
            && (self.cohorts.is_empty()
                || customer.cohorts.iter().any(|cohort| self.takes_cohort(cohort)))
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// A solution area, a cohort and a cluster, with those it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Campaign {
    /// The solution area.
    pub(crate) area: String,
    /// The cohort.
    pub(crate) cohort: String,
    /// The cluster as Microsoft names it.
    pub(crate) cluster: String,
    /// What the partner calls it; empty when it has no name.
    pub(crate) name: String,
    /// Who runs it.
    pub(crate) owner: String,
    /// Its marketing material.
    pub(crate) link: String,
    /// Its id in the CRM.
    pub(crate) crm_campaign_id: String,
    /// The status of its members in the CRM.
    pub(crate) member_status: String,
    /// The places of its linked customers, in the order of the lists.
    pub(crate) customers: Vec<usize>,
    /// The places of its people, in the order of their customers.
    pub(crate) people: Vec<usize>,
    /// The expiring revenue of its customers, in hundredths.
    pub(crate) revenue: i64,
    /// How many of its customers have somebody to write to.
    pub(crate) reachable: usize,
}

impl Campaign {
    /// Whether its customers are in no cohort.
    pub(crate) fn is_of_no_cohort(&self) -> bool {
        self.cohort == NO_COHORT
    }

    /// `AREA - COHORT - CLUSTER`.
    pub(crate) fn title(&self) -> String {
        format!("{} - {} - {}", self.area, self.cohort, self.cluster)
    }

    /// What the partner calls it, else its title.
    pub(crate) fn label(&self) -> String {
        if self.name.is_empty() { self.title() } else { self.name.clone() }
    }

    /// Its linked customers.
    pub(crate) fn customer_count(&self) -> usize {
        self.customers.len()
    }

    /// Its linked customers that have somebody to write to.
    pub(crate) fn reachable_count(&self) -> usize {
        self.reachable
    }

    /// The people to write to.
    pub(crate) fn contact_count(&self) -> usize {
        self.people.len()
    }

    /// The expiring revenue of its customers, in hundredths.
    pub(crate) fn revenue(&self) -> i64 {
        self.revenue
    }

    /// Whether it is for sellers, who call; else it is for marketing, who write.
    pub(crate) fn is_for_sellers(&self) -> bool {
        self.cluster == Cluster::ActNow.name()
    }
}

/// Solution area, cohort, cluster.
type Key = (String, String, Option<Cluster>);

/// The campaigns of a run that are wanted: by area, cohort, readiness. Each person is once in a
/// campaign.
pub(crate) fn campaigns(run: &Run, picks: &Picks, rules: &CampaignRules) -> Vec<Campaign> {
    let mut groups: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, customer) in run.customers.iter().enumerate() {
        if customer.status != "linked" {
            continue;
        }
        for key in keys(run, customer, picks, rules) {
            groups.entry(key).or_default().push(at);
        }
    }
    let mut people_of: Vec<Vec<usize>> = vec![Vec::new(); run.customers.len()];
    for (at, person) in run.people.iter().enumerate() {
        people_of[person.customer].push(at);
    }
    let campaign = |((area, cohort, cluster), customers): (Key, Vec<usize>)| {
        let cluster = cluster.map_or(ALL, Cluster::name);
        let named = rules.named(&area, &cohort, cluster);
        let mut campaign = Campaign {
            name: named.name.clone(),
            owner: named.owner.clone(),
            link: named.link.clone(),
            crm_campaign_id: named.crm_campaign_id.clone(),
            member_status: named.status.clone(),
            area,
            cohort,
            cluster: cluster.to_owned(),
            customers,
            people: Vec::new(),
            revenue: 0,
            reachable: 0,
        };
        campaign.fill(run, &people_of, picks.top);
        campaign
    };
    groups.into_iter().map(campaign).collect()
}

/// The campaigns that a customer belongs to.
fn keys(run: &Run, customer: &RunCustomer, picks: &Picks, rules: &CampaignRules) -> Vec<Key> {
    let areas: Vec<(String, Option<Cluster>)> = if run.has_clusters {
        let taken = customer.clusters.iter().filter(|of| picks.takes(of));
        taken.map(|of| (of.area.clone(), Some(of.cluster))).collect()
    } else {
        vec![(ALL.to_owned(), None)]
    };
    // who names both an area and a cohort means the two together
    let both_named = !picks.areas.is_empty() && !picks.cohorts.is_empty();
    let mut keys = Vec::new();
    for (area, cluster) in areas {
        let belongs = |cohort: &&String| {
            picks.takes_cohort(cohort)
                && (both_named || area == ALL || rules.belongs(cohort, &area, run))
        };
        let cohorts: Vec<&String> = customer.cohorts.iter().filter(belongs).collect();
        if cohorts.is_empty() && picks.cohorts.is_empty() {
            keys.push((area.clone(), NO_COHORT.to_owned(), cluster));
        }
        keys.extend(cohorts.into_iter().map(|cohort| (area.clone(), cohort.clone(), cluster)));
    }
    keys
}

impl Campaign {
    /// Orders the customers and takes in their people, each address once.
    fn fill(&mut self, run: &Run, people_of: &[Vec<usize>], top: Option<usize>) {
        self.customers.sort_by_key(|at| {
            let customer = &run.customers[*at];
            let end = &customer.next_agreement_end;
            (Reverse(customer.expiring_revenue), end.is_empty(), end, *at)
        });
        let mut seen = FxHashSet::default();
        let mut customers = Vec::with_capacity(self.customers.len());
        for &at in &self.customers {
            if top.is_some_and(|top| self.reachable >= top) {
                break;
            }
            let before = self.people.len();
            for &person in &people_of[at] {
                if AddressKey::from_raw(&run.people[person].email)
                    .is_some_and(|key| seen.insert(key))
                {
                    self.people.push(person);
                }
            }
            let reaches = self.people.len() > before;
            if top.is_some() && !reaches {
                continue;
            }
            self.reachable += usize::from(reaches);
            let revenue = run.customers[at].expiring_revenue.unwrap_or(0);
            self.revenue = self.revenue.saturating_add(revenue);
            customers.push(at);
        }
        self.customers = customers;
    }
}
