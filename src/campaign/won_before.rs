//! How often customers like those of a campaign had a won deal: `outcomes.csv` of a run, read back.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::Campaign;
use crate::{
    error::Result,
    result::{file::outcomes, folder::Folder, outcome::GroupedBy, table::Place},
};

/// Customers with a won deal, of 100, by cohort and by area and cluster.
#[derive(Debug, Default)]
pub(crate) struct WonBefore {
    cohorts: FxHashMap<String, f64>,
    clusters: FxHashMap<(String, String), f64>,
}

impl WonBefore {
    /// What the results of a run say; nothing where they are older than the file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub(crate) fn load(run: &Path) -> Result<WonBefore> {
        let mut won = WonBefore::default();
        let folder = Folder::new(run);
        if !folder.path(outcomes::FILE.name).is_file() {
            return Ok(won);
        }
        let table = folder.open(&outcomes::FILE)?;
        let at: outcomes::Row<Place> = table.places();
        table.each(|row| {
            let Ok(rate) = at.won_per_100.of(row).parse() else { return Ok(()) };
            let (by, group) = (at.by.of(row), at.group.text(row));
            if by == GroupedBy::Cohort.word() {
                won.cohorts.insert(group, rate);
            } else if by == GroupedBy::Cluster.word() {
                won.clusters.insert((at.area.text(row), group), rate);
            }
            Ok(())
        })?;
        Ok(won)
    }

    /// Of 100 customers of the cohort of a campaign, else of its area and cluster; `None`: too few to
    /// say.
    pub(crate) fn of(&self, campaign: &Campaign) -> Option<f64> {
        let Campaign { area, cohort, cluster, .. } = campaign;
        match self.cohorts.get(cohort) {
            Some(rate) => Some(*rate),
            None if campaign.is_of_no_cohort() => {
                self.clusters.get(&(area.clone(), cluster.clone())).copied()
            }
            None => None,
        }
    }
}
