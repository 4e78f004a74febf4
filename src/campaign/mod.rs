//! Campaign files: what is sent, to the systems that send it.
//!
//! They are made from the files of a finished result folder ([`Run`]), by a run itself and by
//! `reconcile export` alike: the same rows either way, and nothing is linked again. A campaign is
//! a solution area, a cohort and a cluster ([`Campaign`]).

mod file;
mod filter;
mod manifest;
mod phone;
mod rules;
mod run;
mod system;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub(crate) use filter::{Campaign, Picks, campaigns};
pub(crate) use manifest::{Manifest, fingerprints};
pub(crate) use rules::CampaignRules;
pub(crate) use run::Run;

use self::file::Named;
use crate::{
    config::{Config, Target},
    error::{Error, Result},
    result::{
        file::links,
        folder::CAMPAIGNS,
        summary::{FileSummary, Program, Summary},
    },
    write::publish::cannot_write,
};

/// What to write, and from what.
pub(crate) struct Order<'o> {
    /// The result folder, read.
    pub(crate) run: &'o Run,
    /// An earlier run, whose accounts are cleared where they are linked no more.
    pub(crate) previous: Option<&'o Run>,
    /// Names of campaigns, countries, calling codes.
    pub(crate) rules: &'o CampaignRules,
    /// The campaigns.
    pub(crate) campaigns: &'o [Campaign],
    /// What the campaigns were picked by.
    pub(crate) picks: &'o Picks,
    /// The systems.
    pub(crate) targets: &'o [Target],
    /// Whether cells that a spreadsheet might run as a formula are written as text.
    pub(crate) safe_csv: bool,
}

/// A campaign file that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CampaignFile {
    /// Its name in the folder of campaigns, parts joined by `/`.
    pub(crate) file: String,
    /// The word of the target.
    pub(crate) target: String,
    /// Solution area, cohort and cluster; empty where the file holds several campaigns.
    pub(crate) campaign: String,
    /// Its rows, without the header.
    pub(crate) rows: u64,
    /// Rows that the target would refuse, by reason.
    pub(crate) left_out: Vec<(String, u64)>,
    /// What the user must see to before the file is sent.
    pub(crate) checks: Vec<String>,
    /// Cells that a spreadsheet would take for a formula. They are written as they are.
    pub(crate) formula_like_cells: u64,
    /// The line of the first of them, from 1; 0 for none.
    #[serde(default)]
    pub(crate) first_formula_line: u64,
    /// The SHA-256 of the file, as hex.
    pub(crate) fingerprint: String,
}

impl CampaignFile {
    /// The same as a line of the summary.
    pub(crate) fn summary(&self) -> FileSummary {
        FileSummary {
            file: format!("{CAMPAIGNS}/{}", self.file),
            rows: self.rows,
            formula_like_cells: self.formula_like_cells,
            first_formula_line: self.first_formula_line,
        }
    }

    /// What the user should know of the file, as phrases.
    fn remarks(&self) -> impl Iterator<Item = String> + '_ {
        let left = self.left_out.iter().map(|(reason, rows)| match rows {
            1 => format!("1 row left out: {reason}"),
            rows => format!("{rows} rows left out: {reason}"),
        });
        left.chain(self.checks.iter().cloned())
    }
}

/// Remarks of one kind that are shown for the files of a target, one by one.
const MOST_ALIKE: usize = 3;

/// What the user should know of some files, as sentences. Of remarks that differ in numbers only a
/// few are shown; the manifest holds them all.
pub(crate) fn notes(files: &[CampaignFile]) -> Vec<String> {
    let mut notes = Vec::new();
    let mut alike: BTreeMap<(&str, String), (usize, String)> = BTreeMap::new();
    for file in files {
        for remark in file.remarks() {
            let kind: String = remark.chars().filter(|c| !c.is_ascii_digit()).collect();
            let key = (file.target.as_str(), kind.replace("rows", "row"));
            let (known, _) = alike.entry(key).or_insert_with(|| (0, remark.clone()));
            *known += 1;
            if *known <= MOST_ALIKE {
                notes.push(format!("{CAMPAIGNS}/{}: {remark}", file.file));
            }
        }
    }
    for ((target, _), (files, first)) in alike {
        if let Some(more @ 1..) = files.checked_sub(MOST_ALIKE) {
            let files = if more == 1 { "file" } else { "files" };
            notes.push(format!(
                "{CAMPAIGNS}/{target}: {more} more {files} with such a remark, all in manifest.json \
                 ({first})"
            ));
        }
    }
    notes
}

/// Writes the files of an order into a folder of campaigns: `TARGET/AREA - COHORT - CLUSTER.csv`.
///
/// # Errors
///
/// When a file cannot be written.
pub(crate) fn write(folder: &Path, order: &Order<'_>) -> Result<Vec<CampaignFile>> {
    let mut targets = order.targets.to_vec();
    targets.sort_unstable();
    targets.dedup();
    let mut written = Vec::new();
    for target in targets {
        let place = folder.join(target.word());
        fs::create_dir_all(&place).map_err(cannot_write(&place))?;
        if target == Target::Workbook {
            written.push(system::workbook::write(&place, order)?);
            continue;
        }
        let mut taken = Named::default();
        for campaign in order.campaigns {
            let Some(sheet) = system::sheet(target, order, campaign) else { break };
            let name = taken.csv(&campaign.title());
            let name = (name.as_str(), order.safe_csv);
            written.push(sheet.write(&place, target, &campaign.title(), name)?);
        }
        for (name, sheet) in system::whole(target, order) {
            written.push(sheet.write(&place, target, "", (name, order.safe_csv))?);
        }
    }
    Ok(written)
}

/// Adds the campaign files of the targets of a run to its folder, made from what it has put there, and
/// the manifest of all its files. The summary says what was added.
///
/// # Errors
///
/// When a file of the folder or of the run before cannot be read, or one cannot be written.
pub(crate) fn add_to_run(folder: &Path, config: &Config, summary: &mut Summary) -> Result<()> {
    let campaigns = of_run(folder, config)?;
    summary.files.extend(campaigns.iter().map(CampaignFile::summary));
    summary.notes.extend(notes(&campaigns));
    let in_run = |of: CampaignFile| CampaignFile { file: format!("{CAMPAIGNS}/{}", of.file), ..of };
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    let Program { name, version } = summary.program;
    let manifest = Manifest {
        program: format!("{name} {version}"),
        run_started: summary.started.clone(),
        written: summary.finished.clone(),
        as_of: summary.as_of.clone(),
        settings: summary.settings.clone(),
        picks: (&Picks::of_lists(&config.lists)).into(),
        inputs: json(serde_json::to_value(&summary.inputs)),
        rules: fingerprints(config.rules.as_deref())?,
        files: json(serde_json::to_value(&summary.files)),
        campaigns: campaigns.into_iter().map(in_run).collect(),
    };
    manifest.write(folder)
}

/// The campaign files of a run.
fn of_run(folder: &Path, config: &Config) -> Result<Vec<CampaignFile>> {
    if config.targets.is_empty() {
        return Ok(Vec::new());
    }
    let run = Run::load(folder)?;
    let previous = config.previous.as_deref().map(previous).transpose()?;
    let rules = CampaignRules::load(config.rules.as_deref())?;
    let picks = Picks::of_lists(&config.lists);
    let campaigns = campaigns(&run, &picks, &rules);
    let order = Order {
        run: &run,
        previous: previous.as_ref(),
        rules: &rules,
        campaigns: &campaigns,
        picks: &picks,
        targets: &config.targets,
        safe_csv: config.safe_csv,
    };
    write(&folder.join(CAMPAIGNS), &order)
}

/// An earlier run, by its folder.
///
/// # Errors
///
/// When the folder is no result of ours.
pub(crate) fn previous(folder: &Path) -> Result<Run> {
    let mark = links::FILE.name;
    if !folder.join(mark).is_file() {
        return Err(Error::Setting {
            flag: format!("--previous {}", folder.display()),
            found: format!("the folder holds no {mark}"),
            todo: "give the result folder of an earlier run".into(),
        });
    }
    Run::load(folder)
}

/// The folder that an export of a run goes to by default.
pub(crate) fn folder_of(run: &Path) -> PathBuf {
    run.join(CAMPAIGNS)
}
