//! What the lists take: clusters in solution areas, cohorts, countries, further columns. Filters
//! never change links or statuses of customers.

use crate::{
    config::Lists,
    decide::{Decisions, Outcome},
    error::{Error, Result},
    report::{Cluster, Customer, Customers, Propensity},
};

/// Turns a country, name or code, into what two spellings of one country share.
pub type CountryKey<'k> = &'k (dyn Fn(&str) -> String + Sync);

/// Which customers the lists take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    /// By position of the customer.
    pub(super) takes: Vec<bool>,
    /// What the run has to say about it.
    pub(super) notes: Vec<String>,
}

/// The choices of the user, found in the reports.
struct Filter<'f> {
    clusters: Vec<Cluster>,
    /// Whether clusters and areas are looked at: not where no report has them.
    by_cluster: bool,
    areas: Vec<usize>,
    cohorts: Vec<u32>,
    countries: Vec<String>,
    columns: Vec<(usize, &'f [String])>,
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
    pub(super) fn new(
        customers: &Customers,
        decisions: &Decisions,
        lists: &Lists,
        country: CountryKey<'_>,
    ) -> Result<Selection> {
        let filter = Filter::new(customers, lists, country)?;
        let country_of = |at: usize, customer: &Customer| {
            if !customer.country.trim().is_empty() {
                return country(&customer.country);
            }
            match decisions.outcomes.get(at) {
                Some(Outcome::Linked(links)) => links
                    .first()
                    .map_or_else(String::new, |link| country(&link.candidate.account.country)),
                _ => String::new(),
            }
        };
        let takes = customers.list.iter().enumerate().map(|(at, customer)| {
            filter.takes_propensity(customer)
                && (filter.cohorts.is_empty()
                    || filter.cohorts.iter().any(|cohort| customer.cohorts.contains(cohort)))
                && (filter.countries.is_empty()
                    || filter.countries.contains(&country_of(at, customer)))
                && filter.takes_columns(customers, at)
        });
        let takes = takes.collect();
        let mut notes = Vec::new();
        if !filter.by_cluster && !customers.list.is_empty() {
            notes.push(
                "No report has a cluster column: the lists take the customers of every cluster."
                    .to_owned(),
            );
        }
        Ok(Selection { takes, notes })
    }
}

impl<'f> Filter<'f> {
    fn new(customers: &Customers, lists: &'f Lists, country: CountryKey<'_>) -> Result<Filter<'f>> {
        let clusters = match lists.clusters.as_slice() {
            [] => vec![Cluster::ActNow, Cluster::Evaluate],
            asked => asked.to_vec(),
        };
        let areas = positions("--solution-area", &lists.solution_areas, &customers.areas)?;
        let cohorts = positions("--cohort", &lists.cohorts, &customers.cohorts)?;
        let column = |(header, values): &'f (String, Vec<String>)| {
            let at = customers.columns.find(header).ok_or_else(|| Error::Setting {
                flag: "--where".into(),
                found: format!("no report has a column {header:?}"),
                todo: "`reconcile inspect` shows the columns of each report".into(),
            })?;
            Ok((at, values.as_slice()))
        };
        Ok(Filter {
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
        let takes = |of: &Propensity| {
            (self.derived || !of.derived)
                && of.cluster.is_some_and(|cluster| self.clusters.contains(&cluster))
        };
        let asked = |at: usize| self.areas.is_empty() || self.areas.contains(&at);
        !self.by_cluster
            || customer.propensity.iter().enumerate().any(|(at, of)| asked(at) && takes(of))
    }

    fn takes_columns(&self, customers: &Customers, customer: usize) -> bool {
        self.columns.iter().all(|(column, values)| {
            let cell = fold(customers.columns.cell(customer, *column));
            values.iter().any(|value| fold(value) == cell)
        })
    }
}

/// The positions of the names asked for, whatever their case.
fn positions(flag: &str, asked: &[String], known: &[String]) -> Result<Vec<usize>> {
    let position = |name: &String| {
        known.iter().position(|other| fold(other) == fold(name)).ok_or_else(|| Error::Setting {
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

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
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
        let country = |name: &str| name.to_lowercase().replace("de", "germany");
        Selection::new(&customers, &Decisions::default(), lists, &country).unwrap().takes[0]
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
        let error =
            Selection::new(&customers, &Decisions::default(), &lists, &str::to_owned).unwrap_err();
        assert_eq!(error.to_string(), "--solution-area: no report has \"Azur\"");
        assert_eq!(error.hint().as_deref(), Some("one of: Azure"));
    }

    #[test]
    fn without_any_cluster_column_all_are_taken_and_the_run_says_so() {
        let customers = Customers { list: vec![Customer::default()], ..Customers::default() };
        let lists = Lists::default();
        let selection =
            Selection::new(&customers, &Decisions::default(), &lists, &str::to_owned).unwrap();
        assert!(selection.takes[0]);
        assert_eq!(selection.notes.len(), 1);
    }
}
