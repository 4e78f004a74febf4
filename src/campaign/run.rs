//! A finished result folder, read back: what campaigns are made of.

use std::{collections::BTreeSet, fs::File, path::Path};

use rustc_hash::FxHashMap;

use crate::{
    error::{Error, Result},
    read::value::DecimalMark,
    report::Cluster,
};

/// The customers, people and links of a finished run.
#[derive(Debug, Clone, Default)]
pub struct Run {
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
    pub fn load(folder: &Path) -> Result<Run> {
        let mut run = Run::default();
        each(&folder.join("customers.csv"), |row| {
            run.customers.push(customer(row));
            Ok(())
        })?;
        run.has_clusters = run.customers.iter().any(|customer| !customer.clusters.is_empty());
        let places: FxHashMap<&str, usize> =
            run.customers.iter().enumerate().map(|(at, of)| (of.id.as_str(), at)).collect();
        let place = |row: &Row<'_>| {
            places.get(row.get("customer_id")).copied().ok_or_else(|| Error::Unusable {
                file: row.file.display().to_string(),
                found: format!("line {}: its customer is not in customers.csv", row.line()),
                todo: "use a result folder as it was written".into(),
            })
        };
        let (mut people, mut links) = (Vec::new(), Vec::new());
        each(&folder.join("contacts.csv"), |row| {
            people.push(person(row, place(row)?));
            Ok(())
        })?;
        each(&folder.join("links.csv"), |row| {
            links.push(RunLink { account_id: row.text("account_id"), customer: place(row)? });
            Ok(())
        })?;
        run.people = people;
        run.links = links;
        Ok(run)
    }

    /// Refuses solution areas and cohorts that no customer of the run has: a typing error must not
    /// end as an empty list.
    ///
    /// # Errors
    ///
    /// On the first that is unknown.
    pub fn holds(&self, areas: &[String], cohorts: &[String]) -> Result<()> {
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

fn customer(row: &Row<'_>) -> RunCustomer {
    let clusters_text = row.text("clusters");
    RunCustomer {
        id: row.text("customer_id"),
        name: row.text("customer_name"),
        domain: row.text("domain"),
        status: row.text("status"),
        account_owner: row.text("account_owner"),
        best_cluster: row.text("best_cluster"),
        clusters: clusters(&clusters_text),
        clusters_text,
        cohorts: list(row.get("cohorts")),
        next_agreement_end: row.text("next_agreement_end"),
        expiring_revenue: DecimalMark::Point.parse(row.get("expiring_revenue")),
        city: row.text("customer_city"),
        state: row.text("customer_state"),
        postal_code: row.text("customer_postal_code"),
        country: row.text("customer_country"),
        industry: row.text("customer_industry"),
    }
}

fn person(row: &Row<'_>, customer: usize) -> Person {
    Person {
        contact_id: row.text("contact_id"),
        account_id: row.text("account_id"),
        customer,
        salutation: row.text("salutation"),
        first_name: row.text("first_name"),
        last_name: row.text("last_name"),
        email: row.text("email"),
        email_permission: row.text("email_permission"),
        ad_permission: row.text("ad_permission"),
        phone: row.text("phone"),
        job_title: row.text("job_title"),
        role: row.text("role"),
        account_name: row.text("account_name"),
        account_owner: row.text("account_owner"),
        city: row.text("city"),
        postal_code: row.text("postal_code"),
        country: row.text("country"),
    }
}

/// The values of a cell that holds several.
fn list(cell: &str) -> Vec<String> {
    cell.split("; ").filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// `Azure: Act Now; M365: Nurture (derived)`.
fn clusters(cell: &str) -> Vec<AreaCluster> {
    let of = |text: &str| {
        let (area, cluster) = text.rsplit_once(": ")?;
        let (cluster, derived) = match cluster.strip_suffix(" (derived)") {
            Some(cluster) => (cluster, true),
            None => (cluster, false),
        };
        Some(AreaCluster { area: area.into(), cluster: Cluster::from_name(cluster)?, derived })
    };
    cell.split("; ").filter_map(of).collect()
}

/// A row of one of our own files, its cells by the names of their columns.
struct Row<'r> {
    file: &'r Path,
    columns: &'r FxHashMap<String, usize>,
    cells: &'r csv::StringRecord,
}

impl Row<'_> {
    /// The cell of a column; empty where an older run has no such column.
    fn get(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|at| self.cells.get(*at)).unwrap_or("")
    }

    fn text(&self, column: &str) -> String {
        self.get(column).to_owned()
    }

    fn line(&self) -> u64 {
        self.cells.position().map_or(0, csv::Position::line)
    }
}

fn each(file: &Path, mut take: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
    let unusable = |error: csv::Error| Error::Unusable {
        file: file.display().to_string(),
        found: error.to_string(),
        todo: "name the result folder of a finished run".into(),
    };
    let mut reader = csv::Reader::from_reader(File::open(file).map_err(Error::io(file))?);
    let header = reader.headers().map_err(unusable)?;
    // a report may have a column that is called as one of ours: ours come first or are our own
    let mut columns = FxHashMap::default();
    for (at, name) in header.iter().enumerate() {
        let first = columns.entry(name.to_owned()).or_insert(at);
        if name.starts_with("customer_") && *first > 1 {
            *first = at;
        }
    }
    let mut cells = csv::StringRecord::new();
    while reader.read_record(&mut cells).map_err(unusable)? {
        take(&Row { file, columns: &columns, cells: &cells })?;
    }
    Ok(())
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
