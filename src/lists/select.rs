//! What the lists take: clusters in solution areas, cohorts, countries, further columns. Filters
//! never change links or statuses of customers.

use std::cmp::Reverse;

use jiff::{ToSpan, civil::Date};
use smallvec::SmallVec;

use super::current_deal::{CurrentDeals, RECENT_DAYS};
use crate::{
    columns::fold_header,
    config::{Lists, OpenDeals},
    decide::{Decisions, Outcome},
    error::{Error, Result},
    report::{Attribute, Cluster, Customer, Customers, Propensity},
};

/// Turns a country, name or code, into what two spellings of one country share.
pub(crate) type CountryKey<'k> = &'k (dyn Fn(&str) -> String + Sync);

/// What the user asks for, and how to read it.
#[derive(Clone, Copy)]
pub(crate) struct Choices<'c> {
    /// The filters.
    pub(crate) lists: &'c Lists,
    /// The day against which dates are judged.
    pub(crate) as_of: Date,
    /// What two spellings of one country share.
    pub(crate) country: CountryKey<'c>,
    /// The band of a fit or an intent, word or score.
    pub(crate) band: &'c dyn Fn(&str) -> Option<u8>,
}

/// Which customers the lists take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// By position of the customer.
    pub(crate) takes: Vec<bool>,
    /// By position of the customer: the place in the order of cluster, revenue, end of agreement.
    pub(crate) order: Vec<u32>,
    /// The solution areas asked for, by name; all where none was.
    pub(crate) areas: Vec<usize>,
    /// By position of the customer: those of them for which the lists take it.
    pub(crate) takes_in: Vec<SmallVec<[usize; 2]>>,
    /// What the run has to say about it.
    pub(crate) notes: Vec<String>,
}

/// The choices of the user, found in the reports.
struct Filter<'f> {
    lists: &'f Lists,
    as_of: Date,
    fits: Vec<u8>,
    intents: Vec<u8>,
    band: &'f dyn Fn(&str) -> Option<u8>,
    clusters: Vec<Cluster>,
    /// Whether clusters and areas are looked at: not where no report has them.
    by_cluster: bool,
    areas: Vec<usize>,
    cohorts: Vec<u32>,
    countries: Vec<String>,
    columns: Vec<(Attribute, &'f [String])>,
    derived: bool,
}

impl Selection {
    /// Finds out which customers the lists take. A customer without a country takes that of its
    /// best account.
    ///
    /// # Errors
    ///
    /// Fails when an area, a cohort or a column is asked for that no report has: a typing error
    /// must not end as an empty list.
    pub(crate) fn new(
        customers: &Customers,
        decisions: &Decisions,
        choices: Choices<'_>,
    ) -> Result<Selection> {
        let filter = Filter::new(customers, choices)?;
        let country = choices.country;
        let country_of = |at: usize, customer: &Customer| {
            if !customer.country.trim().is_empty() {
                return country(&customer.country);
            }
            match decisions.outcomes.get(at) {
                Some(Outcome::Linked(links)) => links
                    .first()
                    .map_or_else(String::new, |link| country(link.candidate.account.country())),
                _ => String::new(),
            }
        };
        let takes = customers.list.iter().enumerate().map(|(at, customer)| {
            filter.takes_propensity(customer)
                && (filter.cohorts.is_empty()
                    || filter.cohorts.iter().any(|cohort| customer.cohorts.contains(cohort)))
                && (filter.countries.is_empty()
                    || filter.countries.contains(&country_of(at, customer)))
                && filter.takes_agreements(customer)
                && filter.takes_columns(customers, at)
        });
        let takes = takes.collect();
        let mut notes = Vec::new();
        if !filter.by_cluster && !customers.list.is_empty() {
            notes.push(
                "No report has a cluster column: the lists take the customers of every cluster. \
                 If you did not expect that, check that `--reports` are propensity reports."
                    .to_owned(),
            );
        }
        let areas: Vec<usize> = match filter.areas.as_slice() {
            [] => (0..customers.areas.len()).collect(),
            asked => asked.to_vec(),
        };
        let takes_in = customers.list.iter().map(|customer| {
            let takes = |at: &usize| filter.takes_area(customer.propensity.get(*at));
            areas.iter().copied().filter(takes).collect()
        });
        let takes_in = takes_in.collect();
        Ok(Selection { takes, order: filter.order(customers), areas, takes_in, notes })
    }
}

impl Selection {
    /// Leaves out customers in the middle of a deal in an area for which they are taken, or says how
    /// many of them there are.
    pub(crate) fn mind(&mut self, deals: &CurrentDeals, what: OpenDeals) {
        let is_busy = |at: &usize| self.takes[*at] && deals.any(*at, &self.takes_in[*at]);
        let busy: Vec<usize> = (0..self.takes.len()).filter(is_busy).collect();
        if busy.is_empty() {
            return;
        }
        let customers = if busy.len() == 1 { "customer has" } else { "customers have" };
        let what_becomes = match what {
            OpenDeals::Tag => {
                "the column `deal` says which, and `--open-deals leave-out` leaves them out of the \
                 lists"
            }
            OpenDeals::LeaveOut => "left out of the lists (`--open-deals leave-out`)",
        };
        self.notes.push(format!(
            "{} {customers} an open deal in an area of the lists, or one that was won in the last \
             {RECENT_DAYS} days: {what_becomes}.",
            busy.len()
        ));
        if what == OpenDeals::LeaveOut {
            busy.into_iter().for_each(|at| self.takes[at] = false);
        }
    }
}

impl<'f> Filter<'f> {
    fn new(customers: &Customers, choices: Choices<'f>) -> Result<Filter<'f>> {
        let Choices { lists, as_of, country, band } = choices;
        let clusters = match lists.clusters.as_slice() {
            [] => vec![Cluster::ActNow, Cluster::Evaluate],
            asked => asked.to_vec(),
        };
        let areas = positions("--solution-area", &lists.solution_areas, &customers.areas)?;
        let cohorts = positions("--cohort", &lists.cohorts, &customers.cohorts)?;
        let column = |(header, values): &'f (String, Vec<String>)| {
            let at = customers.attribute(header).ok_or_else(|| Error::Setting {
                flag: "--where".into(),
                found: format!("no report has a column {header:?}"),
                todo: "`reconcile inspect` shows the columns of each report".into(),
            })?;
            Ok((at, values.as_slice()))
        };
        Ok(Filter {
            lists,
            as_of,
            fits: bands("--fit", &lists.fits, band)?,
            intents: bands("--intent", &lists.intents, band)?,
            band,
            clusters,
            by_cluster: customers.has_clusters,
            areas,
            cohorts: cohorts.into_iter().map(|at| at as u32).collect(),
            countries: lists.countries.iter().map(|asked| country(asked)).collect(),
            columns: lists.columns.iter().map(column).collect::<Result<_>>()?,
            derived: lists.derived,
        })
    }

    /// Cluster and area, when both are asked for, must hold in the same area.
    fn takes_propensity(&self, customer: &Customer) -> bool {
        (!self.by_cluster && !self.by_band())
            || self.asked(customer).any(|of| self.takes_area(Some(of)))
    }

    /// Whether a customer is taken for what the reports say of it in an area.
    fn takes_area(&self, of: Option<&Propensity>) -> bool {
        let Some(of) = of else { return !self.by_cluster && !self.by_band() };
        let holds = |asked: &[u8], cell: &str| {
            asked.is_empty() || (self.band)(cell).is_some_and(|band| asked.contains(&band))
        };
        let of_cluster = self.counts(of).is_some_and(|cluster| self.clusters.contains(&cluster));
        (of_cluster || !self.by_cluster)
            && holds(&self.fits, &of.fit)
            && holds(&self.intents, &of.intent)
    }

    /// Whether bands of fit or intent are asked for.
    fn by_band(&self) -> bool {
        !(self.fits.is_empty() && self.intents.is_empty())
    }

    /// The cluster of an area, where it counts.
    fn counts(&self, of: &Propensity) -> Option<Cluster> {
        of.cluster.filter(|_| self.derived || !of.derived)
    }

    /// What the reports say of the customer in the areas asked for.
    fn asked<'a>(&'a self, customer: &'a Customer) -> impl Iterator<Item = &'a Propensity> {
        let asked = |at: usize| self.areas.is_empty() || self.areas.contains(&at);
        customer.propensity.iter().enumerate().filter(move |(at, _)| asked(*at)).map(|(_, of)| of)
    }

    /// Whether an agreement ends soon enough, and enough revenue expires.
    fn takes_agreements(&self, customer: &Customer) -> bool {
        let soon_enough = self.lists.ends_within.is_none_or(|days| {
            let last = self.as_of.saturating_add(i64::from(days).days());
            customer.next_agreement_end(self.as_of).is_some_and(|end| end <= last)
        });
        let enough = self.lists.revenue_at_least.is_none_or(|least| {
            customer.expiring_revenue(self.as_of).is_some_and(|revenue| revenue >= least)
        });
        soon_enough && enough
    }

    /// The place of each customer: the readiest cluster of the areas asked for, then the most
    /// expiring revenue, then the next end of an agreement, then the customer's id.
    fn order(&self, customers: &Customers) -> Vec<u32> {
        let list = &customers.list;
        let mut at: Vec<u32> = (0..list.len() as u32).collect();
        at.sort_by_cached_key(|at| {
            let customer = &list[*at as usize];
            let cluster = self.asked(customer).filter_map(|of| self.counts(of)).min();
            let end = customer.next_agreement_end(self.as_of);
            (
                cluster.map_or(u8::MAX, |cluster| cluster as u8),
                Reverse(customer.expiring_revenue(self.as_of)),
                end.is_none(),
                end,
                *at,
            )
        });
        let mut order = vec![0; list.len()];
        for (place, at) in (0..).zip(at) {
            order[at as usize] = place;
        }
        order
    }

    fn takes_columns(&self, customers: &Customers, customer: usize) -> bool {
        self.columns.iter().all(|(attribute, values)| {
            values.iter().any(|value| customers.has(customer, *attribute, value))
        })
    }
}

/// The bands asked for, words or scores.
fn bands(flag: &str, asked: &[String], band: &dyn Fn(&str) -> Option<u8>) -> Result<Vec<u8>> {
    let of = |cell: &String| {
        band(cell).ok_or_else(|| Error::Setting {
            flag: flag.into(),
            found: format!("{cell:?} is not a band"),
            todo: "use High, Medium, Low or \"Very low\"".into(),
        })
    };
    asked.iter().map(of).collect()
}

/// The positions of the names asked for, whatever their case and punctuation.
fn positions(flag: &str, asked: &[String], known: &[String]) -> Result<Vec<usize>> {
    let position = |name: &String| {
        let same = |other: &String| fold_header(other) == fold_header(name);
        known.iter().position(same).ok_or_else(|| Error::Setting {
            flag: flag.into(),
            found: format!("no report has {name:?}"),
            todo: match known {
                [] => "no report has any".into(),
                known => format!("one of: {}", known.join(", ")),
            },
        })
    };
    asked.iter().map(position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two areas, Azure and M365; the clusters of one customer, printed or derived.
    fn takes(lists: &Lists, clusters: [(Option<Cluster>, bool); 2]) -> bool {
        let of = |(cluster, derived)| Propensity { cluster, derived, ..Propensity::default() };
        let customer = Customer {
            propensity: clusters.map(of).into(),
            cohorts: vec![1],
            country: "Germany".into(),
            ..Customer::default()
        };
        let customers = Customers {
            list: vec![customer],
            areas: vec!["Azure".into(), "M365".into()],
            cohorts: vec!["A".into(), "B".into()],
            has_clusters: true,
            ..Customers::default()
        };
        select(&customers, lists).unwrap().takes[0]
    }

    fn select(customers: &Customers, lists: &Lists) -> Result<Selection> {
        let country = |name: &str| name.to_lowercase().replace("de", "germany");
        let band = |cell: &str| ["high", "low"].iter().position(|of| *of == cell.to_lowercase());
        let choices = Choices {
            lists,
            as_of: jiff::civil::date(2026, 11, 21),
            country: &country,
            band: &|cell| band(cell).map(|at| at as u8),
        };
        Selection::new(customers, &Decisions::default(), choices)
    }

    #[test]
    fn cluster_and_area_hold_in_the_same_area() {
        use Cluster::{ActNow, Evaluate, Nurture};
        let azure_act_now = [(Some(ActNow), false), (Some(Nurture), false)];
        let area = |name: &str| vec![name.to_owned()];
        for (areas, clusters, want) in [
            (vec![], vec![], true), // Act Now or Evaluate somewhere
            (area("azure"), vec![], true),
            (area("M365"), vec![], false), // there it is Nurture
            (area("M365"), vec![Nurture], true),
            (vec![], vec![Nurture], true),
            (area("Azure"), vec![Nurture], false), // Nurture, but elsewhere
            (vec![], vec![Evaluate], false),
        ] {
            let lists = Lists { solution_areas: areas, clusters, ..Lists::default() };
            assert_eq!(takes(&lists, azure_act_now), want, "{lists:?}");
        }
    }

    #[test]
    fn derived_clusters_are_taken_on_demand() {
        let derived = [(Some(Cluster::ActNow), true), (None, false)];
        assert!(!takes(&Lists::default(), derived));
        assert!(takes(&Lists { derived: true, ..Lists::default() }, derived));
    }

    #[test]
    fn cohorts_and_countries_narrow_the_lists() {
        let act_now = [(Some(Cluster::ActNow), false), (None, false)];
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        for (cohorts, countries, want) in [
            (vec![], vec![], true),
            (names(&["b"]), vec![], true),
            (names(&["A"]), vec![], false),
            (names(&["A", "B"]), vec![], true),
            (vec![], names(&["DE"]), true),
            (vec![], names(&["France"]), false),
        ] {
            let lists = Lists { cohorts, countries, ..Lists::default() };
            assert_eq!(takes(&lists, act_now), want, "{lists:?}");
        }
    }

    #[test]
    fn a_name_that_no_report_has_is_an_error() {
        let lists = Lists { solution_areas: vec!["Azur".into()], ..Lists::default() };
        let customers = Customers { areas: vec!["Azure".into()], ..Customers::default() };
        let error = select(&customers, &lists).unwrap_err();
        assert_eq!(error.to_string(), "--solution-area: no report has \"Azur\"");
        assert_eq!(error.hint().as_deref(), Some("one of: Azure"));
    }

    #[test]
    fn without_any_cluster_column_all_are_taken_and_the_run_says_so() {
        let customers = Customers { list: vec![Customer::default()], ..Customers::default() };
        let lists = Lists::default();
        let selection = select(&customers, &lists).unwrap();
        assert!(selection.takes[0]);
        assert_eq!(selection.notes.len(), 1);
    }

    #[test]
    fn bands_hold_in_the_area_of_the_cluster() {
        let of = |cluster, fit: &str| Propensity {
            cluster: Some(cluster),
            fit: fit.into(),
            ..Propensity::default()
        };
        let propensity = vec![of(Cluster::ActNow, "Low"), of(Cluster::Nurture, "High")];
        let customers = Customers {
            list: vec![Customer { propensity, ..Customer::default() }],
            areas: vec!["Azure".into(), "M365".into()],
            has_clusters: true,
            ..Customers::default()
        };
        for (fit, want) in [("low", true), ("High", false)] {
            let lists = Lists { fits: vec![fit.into()], ..Lists::default() };
            assert_eq!(select(&customers, &lists).unwrap().takes[0], want, "fit: {fit}");
        }
        let lists = Lists { fits: vec!["Highest".into()], ..Lists::default() };
        assert_eq!(
            select(&customers, &lists).unwrap_err().to_string(),
            "--fit: \"Highest\" is not a band"
        );
    }

    #[test]
    fn customers_are_ordered_by_cluster_then_revenue_then_end() {
        let customer = |cluster, revenue, month| Customer {
            propensity: vec![Propensity { cluster: Some(cluster), ..Propensity::default() }],
            agreements: vec![crate::report::Agreement {
                end_date: Some(jiff::civil::date(2027, month, 1)),
                expiring_revenue: revenue,
                ..Default::default()
            }],
            ..Customer::default()
        };
        use Cluster::{ActNow, Evaluate};
        let customers = Customers {
            list: vec![
                customer(Evaluate, Some(900), 1),
                customer(ActNow, None, 1),
                customer(ActNow, Some(500), 3),
                customer(ActNow, Some(500), 2),
            ],
            areas: vec!["Azure".into()],
            has_clusters: true,
            ..Customers::default()
        };
        assert_eq!(select(&customers, &Lists::default()).unwrap().order, [3, 2, 1, 0]);
        let soon = Lists { ends_within: Some(75), ..Lists::default() };
        assert_eq!(select(&customers, &soon).unwrap().takes, [true, true, false, true]);
        let worth = Lists { revenue_at_least: Some(501), ..Lists::default() };
        assert_eq!(select(&customers, &worth).unwrap().takes, [true, false, false, false]);
    }
}
