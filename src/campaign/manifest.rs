//! `manifest.json`: what was written, from what and for whom, so that a list can be traced.

use std::{fmt::Write as _, fs, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CampaignFile, Picks};
use crate::{
    error::Result, result::folder::MANIFEST, rules::in_force, write::publish::cannot_write,
};

/// What was written, from what and for whom.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The name and the version of the program.
    pub(crate) program: String,
    /// When the run began that linked the customers, ISO to the second.
    pub(crate) run_started: String,
    /// When these files were written, ISO to the second.
    pub(crate) written: String,
    /// The day against which dates were judged.
    pub(crate) as_of: String,
    /// By what the lists were chosen: the settings of the run, in the words of the flags.
    pub(crate) settings: serde_json::Value,
    /// By what the campaigns were picked.
    pub(crate) picks: Filters,
    /// The files read, with their rows, fingerprints and the periods of reports.
    pub(crate) inputs: serde_json::Value,
    /// The rule tables in force.
    pub(crate) rules: Vec<RuleSummary>,
    /// The files of the run.
    pub(crate) files: serde_json::Value,
    /// The campaign files.
    pub(crate) campaigns: Vec<CampaignFile>,
}

/// What campaigns were picked by; empty: all of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Filters {
    /// Solution areas.
    pub(crate) solution_areas: Vec<String>,
    /// Cohorts.
    pub(crate) cohorts: Vec<String>,
    /// Clusters as Microsoft names them.
    pub(crate) clusters: Vec<String>,
    /// Whether derived clusters count.
    pub(crate) derived: bool,
    /// Only so many customers of each campaign.
    pub(crate) top: Option<usize>,
}

impl From<&Picks> for Filters {
    fn from(picks: &Picks) -> Filters {
        Filters {
            solution_areas: picks.areas.clone(),
            cohorts: picks.cohorts.clone(),
            clusters: picks.clusters.iter().map(|of| of.name().to_owned()).collect(),
            derived: picks.derived,
            top: picks.top,
        }
    }
}

/// A table of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuleSummary {
    /// Its name in the folder of rules.
    pub(crate) file: String,
    /// Its SHA-256, as hex.
    pub(crate) fingerprint: String,
    /// Whether the user's own table stands in place of the one that comes with the program.
    #[serde(default)]
    pub(crate) replaced: bool,
}

/// The rule tables in force with their fingerprints, by name.
///
/// # Errors
///
/// When one of them cannot be read.
pub(crate) fn fingerprints(rules: Option<&Path>) -> Result<Vec<RuleSummary>> {
    let summary = |(file, text, replaced): (&str, String, bool)| RuleSummary {
        file: file.to_owned(),
        fingerprint: sha256(text.as_bytes()),
        replaced,
    };
    Ok(in_force(rules)?.into_iter().map(summary).collect())
}

impl Manifest {
    /// Writes the manifest into a folder. Campaign files of the same run that are named in the
    /// manifest there and were not written again stay named.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn write(mut self, folder: &Path) -> Result<()> {
        let path = folder.join(MANIFEST);
        if let Some(before) = Manifest::read(folder).filter(|of| of.run_started == self.run_started)
        {
            let anew = |file: &CampaignFile| self.campaigns.iter().any(|of| of.file == file.file);
            let kept: Vec<_> = before.campaigns.into_iter().filter(|of| !anew(of)).collect();
            self.campaigns.extend(kept);
            self.campaigns.sort_by(|one, other| one.file.cmp(&other.file));
        }
        let text = serde_json::to_vec_pretty(&self)
            .map_err(|error| cannot_write(&path)(std::io::Error::other(error)))?;
        fs::write(&path, text).map_err(cannot_write(&path))
    }

    /// The manifest of a folder; `None` where there is none that can be read.
    pub(crate) fn read(folder: &Path) -> Option<Manifest> {
        serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()
    }
}

/// The SHA-256 of some bytes, as small hexadecimal letters.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
