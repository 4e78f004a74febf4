//! A finished result folder, read back: what campaigns are made of.

use std::{collections::BTreeSet, path::Path};

use rustc_hash::FxHashMap;

use crate::{
    error::{Error, Result},
    read::{Row, value::DecimalMark},
    report::{Cluster, DERIVED},
    result::{
        file::{contacts, customers, links},
        folder::Folder,
        table::Place,
    },
};

/// The customers, people and links of a finished run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    /// By customer id.
    pub(crate) customers: Vec<RunCustomer>,
    /// By customer, then contact id.
    pub(crate) people: Vec<Person>,
    /// Linked pairs: account id and name, and the place of the customer.
    pub(crate) links: Vec<RunLink>,
    /// Whether any customer has a cluster.
    pub(crate) has_clusters: bool,
}

/// A customer as `customers.csv` has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunCustomer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) status: String,
    pub(crate) account_owner: String,
    /// The readiest cluster as printed; empty for none.
    pub(crate) best_cluster: String,
    /// As printed, `Azure: Act Now; M365: Nurture`.
    pub(crate) clusters_text: String,
    pub(crate) clusters: Vec<AreaCluster>,
    pub(crate) cohorts: Vec<String>,
    /// ISO; empty for none.
    pub(crate) next_agreement_end: String,
    /// In hundredths.
    pub(crate) expiring_revenue: Option<i64>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
    pub(crate) industry: String,
}

/// The cluster of a customer in a solution area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AreaCluster {
    pub(crate) area: String,
    pub(crate) cluster: Cluster,
    pub(crate) derived: bool,
}

/// A person as `contacts.csv` has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) contact_id: String,
    pub(crate) account_id: String,
    /// The place of the customer.
    pub(crate) customer: usize,
    pub(crate) salutation: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) email_permission: String,
    pub(crate) ad_permission: String,
    pub(crate) phone: String,
    pub(crate) job_title: String,
    pub(crate) role: String,
    pub(crate) account_name: String,
    pub(crate) account_owner: String,
    pub(crate) city: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// A line of `links.csv`.
#[derive(Debug, Clone)]
pub(crate) struct RunLink {
    pub(crate) account_id: String,
    pub(crate) customer: usize,
}

impl Run {
    /// Reads the files of a result folder.
    ///
    /// # Errors
    ///
    /// When one of them is missing or cannot be read.
    pub(crate) fn load(folder: &Path) -> Result<Run> {
        let folder = Folder::new(folder);
        let customers = customers(&folder)?;
        let places: FxHashMap<&str, usize> =
            customers.iter().enumerate().map(|(at, of)| (of.id.as_str(), at)).collect();
        let people = people(&folder, &places)?;
        let links = links(&folder, &places)?;
        let has_clusters = customers.iter().any(|customer| !customer.clusters.is_empty());
        Ok(Run { customers, people, links, has_clusters })
    }

    /// Refuses solution areas and cohorts that no customer of the run has: a typing error must not
    /// end as an empty list.
    ///
    /// # Errors
    ///
    /// On the first that is unknown.
    pub(crate) fn holds(&self, areas: &[String], cohorts: &[String]) -> Result<()> {
        let clusters = self.customers.iter().flat_map(|customer| &customer.clusters);
        let known_areas: BTreeSet<&str> = clusters.map(|of| of.area.as_str()).collect();
        let all = self.customers.iter().flat_map(|customer| &customer.cohorts);
        let known_cohorts: BTreeSet<&str> = all.map(String::as_str).collect();
        for (flag, asked, known) in
            [("--solution-area", areas, known_areas), ("--cohort", cohorts, known_cohorts)]
        {
            let is_unknown = |name: &&String| {
                !known.iter().any(|of| of.to_lowercase() == name.trim().to_lowercase())
            };
            if let Some(unknown) = asked.iter().find(is_unknown) {
                return Err(Error::Setting {
                    flag: format!("{flag} {unknown}"),
                    found: "no customer of the run has it".into(),
                    todo: match known.is_empty() {
                        true => "the run has none".into(),
                        false => {
                            format!("one of: {}", known.into_iter().collect::<Vec<_>>().join(", "))
                        }
                    },
                });
            }
        }
        Ok(())
    }
}

fn customers(folder: &Folder) -> Result<Vec<RunCustomer>> {
    let mut customers = Vec::new();
    let table = folder.open(&customers::FILE)?;
    let at: customers::Row<Place> = table.places();
    table.each(|row| {
        let clusters_text = at.clusters.text(row);
        customers.push(RunCustomer {
            id: at.customer_id.text(row),
            name: at.customer_name.text(row),
            domain: at.domain.text(row),
            status: at.status.text(row),
            account_owner: at.account_owner.text(row),
            best_cluster: at.best_cluster.text(row),
            clusters: clusters(&clusters_text),
            clusters_text,
            cohorts: list(at.cohorts.of(row)),
            next_agreement_end: at.next_agreement_end.text(row),
            expiring_revenue: DecimalMark::Point.parse(at.expiring_revenue.of(row)),
            city: at.customer_city.text(row),
            state: at.customer_state.text(row),
            postal_code: at.customer_postal_code.text(row),
            country: at.customer_country.text(row),
            industry: at.customer_industry.text(row),
        });
        Ok(())
    })?;
    Ok(customers)
}

fn people(folder: &Folder, places: &FxHashMap<&str, usize>) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    let table = folder.open(&contacts::FILE)?;
    let at: contacts::Row<Place> = table.places();
    table.each(|row| {
        people.push(Person {
            contact_id: at.contact_id.text(row),
            account_id: at.account_id.text(row),
            customer: place(at.customer_id, row, places)?,
            salutation: at.salutation.text(row),
            first_name: at.first_name.text(row),
            last_name: at.last_name.text(row),
            email: at.email.text(row),
            email_permission: at.email_permission.text(row),
            ad_permission: at.ad_permission.text(row),
            phone: at.phone.text(row),
            job_title: at.job_title.text(row),
            role: at.role.text(row),
            account_name: at.account_name.text(row),
            account_owner: at.account_owner.text(row),
            city: at.city.text(row),
            postal_code: at.postal_code.text(row),
            country: at.country.text(row),
        });
        Ok(())
    })?;
    Ok(people)
}

fn links(folder: &Folder, places: &FxHashMap<&str, usize>) -> Result<Vec<RunLink>> {
    let mut links = Vec::new();
    let table = folder.open(&links::FILE)?;
    let at: links::Row<Place> = table.places();
    table.each(|row| {
        let customer = place(at.customer_id, row, places)?;
        links.push(RunLink { account_id: at.account_id.text(row), customer });
        Ok(())
    })?;
    Ok(links)
}

/// The place of the customer of a row.
fn place(customer_id: Place, row: Row<'_>, places: &FxHashMap<&str, usize>) -> Result<usize> {
    places.get(customer_id.of(row)).copied().ok_or_else(|| Error::Unusable {
        file: row.file().to_string(),
        found: format!("line {}: its customer is not in {}", row.line, customers::FILE.name),
        todo: "use a result folder that nobody has edited, or run `reconcile match` again".into(),
    })
}

/// The values of a cell that holds several.
fn list(cell: &str) -> Vec<String> {
    cell.split("; ").filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// `Azure: Act Now; M365: Nurture (derived)`.
fn clusters(cell: &str) -> Vec<AreaCluster> {
    let of = |text: &str| {
        let (area, cluster) = text.rsplit_once(": ")?;
        let (cluster, derived) = match cluster.strip_suffix(DERIVED) {
            Some(cluster) => (cluster, true),
            None => (cluster, false),
        };
        Some(AreaCluster { area: area.into(), cluster: Cluster::from_name(cluster)?, derived })
    };
    cell.split("; ").filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_read_as_they_are_printed() {
        let read = clusters("Azure: Act Now; D365BC: Nurture (derived)");
        let shown: Vec<_> =
            read.iter().map(|of| (of.area.as_str(), of.cluster.name(), of.derived)).collect();
        assert_eq!(shown, [("Azure", "Act Now", false), ("D365BC", "Nurture", true)]);
        assert!(clusters("").is_empty());
    }
}
