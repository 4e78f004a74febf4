//! Which solution areas a cohort belongs to.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use crate::{error::Result, rule_file};

/// How cohorts begin that belong to solution areas of another name, and how those areas begin: a part
/// of `campaigns.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct CohortAreas(BTreeMap<String, Vec<String>>);

impl CohortAreas {
    /// The table that comes with the program, or that of the same name in `dir`.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    pub(crate) fn load(dir: Option<&Path>) -> Result<CohortAreas> {
        #[derive(Deserialize)]
        struct Part {
            #[serde(default)]
            cohort_areas: CohortAreas,
        }
        let part: Part = rule_file!("campaigns.toml").toml(dir)?;
        Ok(part.cohort_areas)
    }

    /// How the areas begin that a cohort belongs to, of those there are; none where its beginning
    /// names no such area: it belongs to all.
    pub(crate) fn of<'a>(&self, cohort: &str, areas: impl Iterator<Item = &'a str>) -> Vec<String> {
        let Some((start, _)) = cohort.split_once('_') else { return Vec::new() };
        let starts = self.0.get(start).cloned().unwrap_or_else(|| vec![start.to_owned()]);
        let mut areas = areas;
        let is_known = areas.any(|area| starts.iter().any(|start| begins(area, start)));
        if is_known { starts } else { Vec::new() }
    }
}

/// Whether the name of an area begins in some way, whatever the case.
pub(crate) fn begins(area: &str, start: &str) -> bool {
    area.to_lowercase().starts_with(&start.to_lowercase())
}
