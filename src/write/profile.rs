//! What several files say of a customer, worked out once: best cluster, agreements. Long texts,
//! those of clusters and cohorts, are made where they are written: held, they would be the largest
//! thing in memory.

use jiff::civil::Date;
use rayon::prelude::*;

use crate::{
    config::Config,
    report::{Customer, Customers, Propensity},
};

/// What several files say of one customer.
pub(super) struct Profile {
    /// The readiest cluster over all areas; empty when there is none.
    pub(super) best_cluster: &'static str,
    /// The first end date of an agreement on or after the day of the run.
    pub(super) next_agreement_end: Option<Date>,
    /// The revenue of the agreements that end on or after that day, in hundredths.
    pub(super) expiring_revenue: Option<i64>,
}

/// The profiles of all customers, in their order.
pub(super) fn profiles(customers: &Customers, config: &Config) -> Vec<Profile> {
    let profile = |customer: &Customer| Profile {
        best_cluster: best_cluster(customer, config.lists.derived),
        next_agreement_end: customer.next_agreement_end(config.as_of),
        expiring_revenue: customer.expiring_revenue(config.as_of),
    };
    customers.list.par_iter().map(profile).collect()
}

/// The cluster of one solution area, marked where it was derived.
pub(super) fn cluster_word(of: &Propensity) -> &'static str {
    of.cluster.map_or("", |cluster| cluster.printed(of.derived))
}

/// The readiest cluster over all areas. Derived ones count only with `derived`, and are marked
/// when no printed one is as ready.
pub(super) fn best_cluster(customer: &Customer, derived: bool) -> &'static str {
    let counted = customer.propensity.iter().filter(|of| derived || !of.derived);
    let best = counted.filter(|of| of.cluster.is_some()).min_by_key(|of| (of.cluster, of.derived));
    best.map_or("", cluster_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Cluster;

    #[test]
    fn derived_clusters_are_marked_and_count_on_demand() {
        use Cluster::{ActNow, Evaluate};
        let of = |cluster, derived| Propensity { cluster, derived, ..Propensity::default() };
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
    fn the_words_of_derived_clusters_are_those_of_the_reports() {
        for cluster in [Cluster::ActNow, Cluster::Evaluate, Cluster::Nurture, Cluster::Educate] {
            for derived in [false, true] {
                let of = Propensity { cluster: Some(cluster), derived, ..Propensity::default() };
                let mark = if derived { " (derived)" } else { "" };
                assert_eq!(cluster_word(&of), format!("{cluster}{mark}"));
            }
        }
    }
}
