//! Campaign files: what is sent, to the systems that send it.
//!
//! They are made from the files of a finished result folder ([`Run`]), by a run itself and by
//! `reconcile export` alike: the same rows either way, and nothing is linked again. A campaign is
//! a solution area, a cohort and a cluster ([`Campaign`]).

mod audience;
mod file;
mod filter;
mod manifest;
mod phone;
mod rules;
mod run;
mod system;
mod won_before;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

#[cfg(feature = "browser")]
pub(crate) use file::GUIDE;
pub(crate) use filter::{Campaign, Picks, campaigns};
pub(crate) use manifest::{Manifest, fingerprints};
pub(crate) use rules::CampaignRules;
pub(crate) use run::Run;
pub(crate) use won_before::WonBefore;

use self::{
    audience::Audience,
    file::{Named, Sheet},
};
use crate::{
    config::{Config, Split, Target},
    error::Result,
    history::Tagged,
    language::Texts,
    result::{
        folder::CAMPAIGNS,
        summary::{FileSummary, Program, Summary},
    },
    write::publish::cannot_write,
};

/// What to write, and from what.
pub(crate) struct Order<'o> {
    /// The result folder, read.
    pub(crate) run: &'o Run,
    /// What update files clear where it is linked or listed no more.
    pub(crate) tagged: &'o Tagged,
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
    /// How the people are split into files.
    pub(crate) split: Split,
    /// The headings of the workbook.
    pub(crate) texts: &'o Texts,
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
    /// Whether it says how the others are imported.
    pub(crate) fn is_guide(&self) -> bool {
        self.file.ends_with(file::GUIDE)
    }

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
fn notes(files: &[CampaignFile]) -> Vec<String> {
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

/// What was written, and what was not and why.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The files.
    pub(crate) files: Vec<CampaignFile>,
    /// Files that would be of no use: the word of the target, the name, and why.
    unwritten: Vec<(&'static str, String, String)>,
}

impl Written {
    /// What the user should know, as sentences.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = notes(&self.files);
        let mut targets: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (target, name, why) in &self.unwritten {
            targets.entry(target).or_default().push((name, why));
        }
        for (target, files) in targets {
            let shown = files.iter().take(MOST_ALIKE);
            notes.extend(
                shown.map(|(name, why)| format!("{CAMPAIGNS}/{target}/{name}: not written: {why}")),
            );
            if let Some(more @ 1..) = files.len().checked_sub(MOST_ALIKE) {
                let files = if more == 1 { "file was" } else { "files were" };
                notes.push(format!(
                    "{CAMPAIGNS}/{target}: {more} more {files} not written for such a reason"
                ));
            }
        }
        notes
    }

    /// Writes a file that is of use.
    fn add(
        &mut self,
        sheet: Sheet,
        (place, target, safe): (&Path, Target, bool),
        (campaign, name): (&str, &str),
    ) -> Result<()> {
        match sheet.idle() {
            Some(why) => self.unwritten.push((target.word(), name.to_owned(), why)),
            None => self.files.push(sheet.write(place, target, campaign, (name, safe))?),
        }
        Ok(())
    }
}

/// Writes the files of an order into a folder of campaigns: for each target one file with a row per
/// person, or `TARGET/AREA - COHORT - CLUSTER.csv`; and how they are imported. Files of no rows, or
/// of fewer than the target takes, are not written.
///
/// # Errors
///
/// When a file cannot be written.
pub(crate) fn write(folder: &Path, order: &Order<'_>) -> Result<Written> {
    let mut targets = order.targets.to_vec();
    targets.sort_unstable();
    targets.dedup();
    let mut written = Written::default();
    for target in targets {
        let place = folder.join(target.word());
        fs::create_dir_all(&place).map_err(cannot_write(&place))?;
        match order.split {
            _ if target == Target::Workbook => {
                written.files.push(system::workbook::write(&place, order)?);
            }
            Split::Target => {
                if let Some((name, sheet)) = system::sheet(target, order, &Audience::of_all(order))
                {
                    written.add(sheet, (&place, target, order.safe_csv), ("", name))?;
                }
            }
            Split::Campaign => write_each(&mut written, &place, target, order)?,
        }
        for (name, sheet) in system::whole(target, order) {
            written.add(sheet, (&place, target, order.safe_csv), ("", name))?;
        }
        written.files.push(file::write_guide(&place, target)?);
    }
    Ok(written)
}

/// Writes a file for each campaign.
fn write_each(
    written: &mut Written,
    place: &Path,
    target: Target,
    order: &Order<'_>,
) -> Result<()> {
    let mut taken = Named::default();
    for campaign in order.campaigns {
        let title = campaign.title();
        let Some((_, sheet)) = system::sheet(target, order, &Audience::of_one(campaign)) else {
            break;
        };
        let name = taken.csv(&title);
        written.add(sheet, (place, target, order.safe_csv), (&title, &name))?;
    }
    Ok(())
}

/// Adds the campaign files of the targets of a run to its folder, made from what it has put there, and
/// the manifest of all its files. The summary says what was added.
///
/// # Errors
///
/// When a file of the folder or of the run before cannot be read, or one cannot be written.
pub(crate) fn add_to_run(
    folder: &Path,
    config: &Config,
    tagged: &Tagged,
    summary: &mut Summary,
) -> Result<()> {
    let written = of_run(folder, config, tagged)?;
    summary.files.extend(written.files.iter().map(CampaignFile::summary));
    summary.notes.extend(written.notes());
    let in_run = |of: CampaignFile| CampaignFile { file: format!("{CAMPAIGNS}/{}", of.file), ..of };
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    let Program { name, version } = &summary.program;
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
        campaigns: written.files.into_iter().map(in_run).collect(),
    };
    manifest.write(folder)
}

/// The campaign files of a run.
fn of_run(folder: &Path, config: &Config, tagged: &Tagged) -> Result<Written> {
    if config.targets.is_empty() {
        return Ok(Written::default());
    }
    let run = Run::load(folder)?;
    let rules = CampaignRules::load(config.rules.as_deref())?;
    let picks = Picks::of_lists(&config.lists);
    let campaigns = campaigns(&run, &picks, &rules);
    let order = Order {
        run: &run,
        tagged,
        rules: &rules,
        campaigns: &campaigns,
        picks: &picks,
        targets: &config.targets,
        safe_csv: config.safe_csv,
        split: config.split,
        texts: &Texts::load(config.rules.as_deref(), config.language)?,
    };
    write(&folder.join(CAMPAIGNS), &order)
}

/// The folder that an export of a run goes to by default.
pub(crate) fn folder_of(run: &Path) -> PathBuf {
    run.join(CAMPAIGNS)
}
