//! `reconcile export`: campaign files of a finished run, without linking again.

use std::{
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use clap::Args;
use jiff::{Timestamp, Unit};
use serde_json::Value;

use super::{
    match_::{MatchArgs, cluster, previous},
    say::say,
};
use crate::{
    campaign::{
        self, Campaign, CampaignFile, CampaignRules, Manifest, Order, Picks, Run, campaigns,
        fingerprints,
    },
    config::{Split, Target},
    error::{Error, Result, slashed},
    history::{self, Entry, History, Tagged},
    inputs::fingerprint,
    language::{Language, Texts},
    problem::Outcome,
    result::folder::{CAMPAIGNS, Folder, MANIFEST, Recorded, SUMMARY},
    write::{Lock, access, ledger, publish},
};

pub(super) const EXAMPLES: &str = "\
Examples:
  What could be sent:
    reconcile campaigns --run result

  One campaign, for HubSpot and for sellers:
    reconcile export --run result --target hubspot workbook \\
      --solution-area Azure --cluster \"Act Now\" \\
      --cohort \"Azure_Migrate Oracle DBs to Oracle on Azure\"

  Updates for the CRM, cleared where an account is no longer linked:
    reconcile export --run result --target crm-update

Nothing is linked again: the files are made from those in the result folder, for the people on its
lists.";

/// Which campaigns of which run.
#[derive(Debug, Args)]
pub(crate) struct Picked {
    /// The result folder of a finished run.
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// Solution areas, as the headers have them.
    #[arg(long, value_name = "AREA", num_args = 1.., value_delimiter = ',')]
    solution_area: Vec<String>,
    /// Cohorts, as the headers have them.
    #[arg(long, value_name = "COHORT", num_args = 1..)]
    cohort: Vec<String>,
    /// Clusters.
    #[arg(long, value_name = "CLUSTER", num_args = 1.., value_delimiter = ',')]
    cluster: Vec<String>,
    /// At most this many customers of each campaign that have somebody to write to, the first in order.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    /// A folder with rule tables; by default that of the run.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// The flags of `export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    picked: Picked,
    /// The systems to write files for.
    #[arg(long, value_name = "TARGET", num_args = 1.., value_delimiter = ',', required = true)]
    target: Vec<Target>,
    /// The folder for the files; by default the folder `campaigns` of the run.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Whether there is one file per target, with one row per person, or one per campaign; by default
    /// as in the run.
    #[arg(long, value_name = "BY")]
    split: Option<Split>,
    /// What update files clear, where it is linked no more: that of a period of the history, such as
    /// 2026-10, or of the result folder of a run; by default of the newest earlier period.
    #[arg(long, value_name = "PERIOD|DIR", num_args = 0..=1, default_missing_value = "")]
    previous: Option<String>,
    /// Let the group of the user read the files (on Unix); by default only the user may.
    #[arg(long)]
    group_readable: bool,
    /// Put a `'` before cells that a spreadsheet might run as a formula. The target may take it for a
    /// part of the value.
    #[arg(long)]
    safe_csv: bool,
}

/// A finished run, opened to pick from.
pub(crate) struct Opened {
    pub(crate) run: Run,
    pub(crate) picks: Picks,
    pub(crate) rules: CampaignRules,
    rules_dir: Option<PathBuf>,
    /// How the run split its campaigns into files.
    split: Split,
    /// The language of its workbooks.
    language: Language,
    recorded: Recorded,
}

impl Picked {
    /// The result folder.
    pub(super) fn run(&self) -> &Path {
        &self.run
    }

    /// All campaigns of a run.
    #[cfg(feature = "browser")]
    pub(crate) fn of_run(run: &Path) -> Picked {
        let (solution_area, cohort, cluster) = (Vec::new(), Vec::new(), Vec::new());
        Picked { run: run.to_owned(), solution_area, cohort, cluster, top: None, rules: None }
    }

    /// Reads the run and its settings.
    pub(crate) fn open(&self) -> Result<Opened> {
        let recorded = Folder::new(&self.run).recorded()?;
        let settings: MatchArgs =
            serde_json::from_value(recorded.settings.clone()).map_err(|error| Error::Setting {
                flag: format!("--run {}", slashed(&self.run)),
                found: format!("{SUMMARY}: settings: {error}"),
                todo: "give the result folder of a finished `reconcile match`".into(),
            })?;
        let clusters = self.cluster.iter().map(|word| cluster(word)).collect::<Result<Vec<_>>>()?;
        let mut picks = Picks::of_lists(&settings.lists()?).narrowed(
            &self.solution_area,
            &self.cohort,
            &clusters,
        )?;
        picks.top = self.top.map(|top| top as usize);
        let rules_dir = self.rules.clone().or_else(|| settings.rules_dir());
        let run = Run::load(&self.run)?;
        run.holds(&self.solution_area, &self.cohort)?;
        Ok(Opened {
            run,
            picks,
            rules: CampaignRules::load(rules_dir.as_deref())?,
            rules_dir,
            split: settings.split(),
            language: settings.language(),
            recorded,
        })
    }
}

/// Writes the picked campaigns.
pub(super) fn run(args: ExportArgs) -> Result<Outcome> {
    export(&args, &|_| true)?.iter().try_for_each(|line| say(line))?;
    Ok(Outcome::Complete)
}

impl ExportArgs {
    /// The file of a run for one system, into the folder of its campaigns.
    #[cfg(feature = "browser")]
    pub(crate) fn of_run(run: &Path, target: Target) -> ExportArgs {
        ExportArgs {
            picked: Picked::of_run(run),
            target: vec![target],
            out: None,
            split: None,
            previous: None,
            group_readable: false,
            safe_csv: false,
        }
    }
}

/// Writes the files of the campaigns that are taken; what there is to say of them.
///
/// # Errors
///
/// When the run cannot be read, or a file cannot be written.
pub(crate) fn export(args: &ExportArgs, takes: &dyn Fn(&Campaign) -> bool) -> Result<Vec<String>> {
    let opened = args.picked.open()?;
    let tagged = tagged(&args.picked.run, args.previous.as_deref())?;
    let out = args.out.clone().unwrap_or_else(|| campaign::folder_of(&args.picked.run));
    let mut campaigns = campaigns(&opened.run, &opened.picks, &opened.rules);
    campaigns.retain(takes);
    publish::must_be_a_name("--out", &out)?;
    // within a run's results, or in a folder of their own
    let (root, below) = match &args.out {
        Some(out) => (out.as_path(), Path::new("")),
        None => (args.picked.run.as_path(), Path::new(CAMPAIGNS)),
    };
    let _lock = Lock::of(root, &now())?;
    refuse_held(&out, &args.target)?;
    let mut said = keep_edited(root, below)?;
    clear(&out, &opened.recorded.started)?;
    let order = Order {
        run: &opened.run,
        tagged: &tagged,
        rules: &opened.rules,
        campaigns: &campaigns,
        picks: &opened.picks,
        targets: &args.target,
        safe_csv: args.safe_csv,
        split: args.split.unwrap_or(opened.split),
        texts: &Texts::load(opened.rules_dir.as_deref(), opened.language)?,
    };
    let written = campaign::write(&out, &order)?;
    for file in written.files.iter().filter(|file| !file.is_guide()) {
        let rows = if file.rows == 1 { "row" } else { "rows" };
        said.push(format!("{}: {} {rows}", slashed(&out.join(&file.file)), file.rows));
    }
    said.extend(written.notes().iter().map(|note| format!("note: {note}")));
    let mut paths: Vec<PathBuf> = written.files.iter().map(|file| below.join(&file.file)).collect();
    paths.push(below.join(MANIFEST));
    manifest(&opened, written.files)?.write(&out)?;
    for path in paths.iter().map(|path| root.join(path)) {
        access::restrict(&path, args.group_readable).map_err(Error::io(&path))?;
    }
    ledger::record(root, &paths)?;
    Ok(said)
}

/// What the CRM may still show of runs before this one.
fn tagged(run: &Path, word: Option<&str>) -> Result<Tagged> {
    let (now, history) = (Entry::of_run(run)?, History::of(run));
    let previous = match history::named(&previous(word)?, &history)? {
        Some(entry) => Some(entry),
        None => history.before(&now.run.period)?,
    };
    Ok(Tagged::of(previous.as_ref(), &now))
}

/// Refuses to begin where another program holds a file that may be replaced.
fn refuse_held(out: &Path, targets: &[Target]) -> Result<()> {
    let folders = targets.iter().map(|target| out.join(target.word()));
    for folder in folders.filter(|folder| folder.is_dir()) {
        if let Some(path) = ledger::files(&folder)?.into_iter().find(|path| publish::is_held(path))
        {
            return Err(publish::cannot_write(&path)(ErrorKind::ResourceBusy.into()));
        }
    }
    Ok(())
}

/// Keeps campaign files that were edited since they were written, under a name that says so.
fn keep_edited(root: &Path, below: &Path) -> Result<Vec<String>> {
    let mut edited = ledger::strangers(root)?.edited;
    edited.retain(|path| path.starts_with(below));
    let folder = root.join(below);
    for file in Manifest::read(&folder).into_iter().flat_map(|manifest| manifest.campaigns) {
        let (path, now) = (below.join(&file.file), fingerprint(&folder.join(&file.file)));
        if !edited.contains(&path) && now.is_ok_and(|now| now != file.fingerprint) {
            edited.push(path);
        }
    }
    ledger::keep_edited(root, root, &edited)?;
    let said = |path: &PathBuf| {
        let path = slashed(&root.join(path));
        format!("{path}: edited since it was written; kept with `(edited)` in its name")
    };
    Ok(edited.iter().map(said).collect())
}

/// Takes the campaign files of another run out of a folder: an old list must not lie next to new
/// ones. Only files that a manifest of ours names, and that nobody edited, are touched.
fn clear(out: &Path, run_started: &str) -> Result<()> {
    let Some(before) = Manifest::read(out).filter(|before| before.run_started != run_started)
    else {
        return Ok(());
    };
    for file in before.campaigns {
        let inside =
            Path::new(&file.file).components().all(|part| matches!(part, Component::Normal(_)));
        let path = out.join(&file.file);
        if inside && fingerprint(&path).is_ok_and(|now| now == file.fingerprint) {
            fs::remove_file(&path).map_err(Error::io(&path))?;
        }
    }
    Ok(())
}

/// The time now, to the second.
fn now() -> String {
    Timestamp::now().round(Unit::Second).unwrap_or_else(|_| Timestamp::now()).to_string()
}

fn manifest(opened: &Opened, campaigns: Vec<CampaignFile>) -> Result<Manifest> {
    let Recorded { started, as_of, settings, inputs, files, .. } = &opened.recorded;
    let json = |value: serde_json::Result<Value>| value.unwrap_or_default();
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    Ok(Manifest {
        program: format!("{name} {version}"),
        run_started: started.clone(),
        written: now(),
        as_of: as_of.clone(),
        settings: settings.clone(),
        picks: (&opened.picks).into(),
        inputs: json(serde_json::to_value(inputs)),
        rules: fingerprints(opened.rules_dir.as_deref())?,
        files: json(serde_json::to_value(files)),
        campaigns,
    })
}
