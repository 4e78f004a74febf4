//! What the lists say of a customer: clusters, cohorts, agreements, each as files print it.

use jiff::civil::Date;

use crate::report::{Cluster, Customer, Customers, Propensity};

/// The cluster as Microsoft names it, whatever the language of the report.
pub fn cluster_word(cluster: Cluster) -> &'static str {
    match cluster {
        Cluster::ActNow => "Act Now",
        Cluster::Evaluate => "Evaluate",
        Cluster::Nurture => "Nurture",
        Cluster::Educate => "Educate",
    }
}

/// The cluster of one solution area as files print it, `Act Now (derived)` when it was derived;
/// empty when there is none.
pub fn cluster_text(propensity: &Propensity) -> String {
    match propensity.cluster {
        None => String::new(),
        Some(cluster) if propensity.derived => format!("{} (derived)", cluster_word(cluster)),
        Some(cluster) => cluster_word(cluster).to_owned(),
    }
}

/// The readiest cluster over all areas. Derived ones count only with `derived`, and are marked
/// when no printed one is as ready.
pub fn best_cluster(customer: &Customer, derived: bool) -> String {
    let counted = customer.propensity.iter().filter(|of| derived || !of.derived);
    let best = counted.filter(|of| of.cluster.is_some()).min_by_key(|of| (of.cluster, of.derived));
    best.map_or_else(String::new, cluster_text)
}

/// The clusters of all areas: `Azure: Act Now; M365: Nurture`.
pub fn clusters(customer: &Customer, customers: &Customers) -> String {
    let areas = customers.areas.iter().zip(&customer.propensity);
    let known = areas.filter(|(_, of)| of.cluster.is_some());
    known.map(|(area, of)| format!("{area}: {}", cluster_text(of))).collect::<Vec<_>>().join("; ")
}

/// The cohorts, joined.
pub fn cohorts(customer: &Customer, customers: &Customers) -> String {
    let names = customer.cohorts.iter().filter_map(|&at| customers.cohorts.get(at as usize));
    names.map(String::as_str).collect::<Vec<_>>().join("; ")
}

/// The first end date on or after a day.
pub fn next_agreement_end(customer: &Customer, as_of: Date) -> Option<Date> {
    customer.agreements.iter().filter_map(|of| of.end_date).filter(|&end| end >= as_of).min()
}

/// The revenue, in hundredths, of the agreements that end on or after a day; `None` when none of
/// them states one.
pub fn expiring_revenue(customer: &Customer, as_of: Date) -> Option<i64> {
    let ahead = customer.agreements.iter().filter(|of| of.end_date.is_some_and(|end| end >= as_of));
    ahead.filter_map(|of| of.expiring_revenue).reduce(i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::report::Agreement;

    fn of(cluster: Option<Cluster>, derived: bool) -> Propensity {
        Propensity { cluster, derived, ..Propensity::default() }
    }

    #[test]
    fn derived_clusters_are_marked_and_count_on_demand() {
        use Cluster::{ActNow, Evaluate};
        for (propensity, printed_only, with_derived) in [
            (vec![], "", ""),
            (vec![of(None, false)], "", ""),
            (
                vec![of(Some(ActNow), true), of(Some(Evaluate), false)],
                "Evaluate",
                "Act Now (derived)",
            ),
            (vec![of(Some(ActNow), true), of(Some(ActNow), false)], "Act Now", "Act Now"),
        ] {
            let customer = Customer { propensity, ..Customer::default() };
            assert_eq!(best_cluster(&customer, false), printed_only, "{customer:?}");
            assert_eq!(best_cluster(&customer, true), with_derived, "{customer:?}");
        }
    }

    #[test]
    fn agreements_count_from_the_day_on() {
        let agreement = |end_date, expiring_revenue| Agreement {
            end_date,
            expiring_revenue,
            ..Agreement::default()
        };
        let customer = Customer {
            agreements: vec![
                agreement(None, Some(1)),
                agreement(Some(date(2026, 11, 20)), Some(10)),
                agreement(Some(date(2026, 11, 21)), Some(100)),
                agreement(Some(date(2027, 1, 1)), Some(1000)),
                agreement(Some(date(2027, 2, 1)), None),
            ],
            ..Customer::default()
        };
        let day = date(2026, 11, 21);
        assert_eq!(next_agreement_end(&customer, day), Some(day));
        assert_eq!(expiring_revenue(&customer, day), Some(1100));
        assert_eq!(expiring_revenue(&customer, date(2027, 1, 2)), None);
    }
}
