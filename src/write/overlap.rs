//! Inputs, verdicts and outputs never lie in one another: what is replaced must not be read, and
//! what must be kept must not be replaced.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use super::publish::Folders;
use crate::{
    config::Config,
    error::{Error, Result, slashed},
};

/// Refuses inputs and verdicts that lie in a folder that a run replaces.
///
/// # Errors
///
/// Names the first that does.
pub(super) fn refuse(config: &Config) -> Result<()> {
    if let Some(folder) = replaced(&config.verdicts, &config.out) {
        return Err(Error::Setting {
            flag: "--verdicts".into(),
            found: format!(
                "{} lies in {}, which is replaced",
                slashed(&config.verdicts),
                slashed(&folder)
            ),
            todo: "keep it next to the output folder".into(),
        });
    }
    let reports = config.reports.iter().map(|(_, path)| path);
    let others = [&config.crm, &config.accounts, &config.contacts, &config.suppress, &config.deals];
    refuse_inputs(reports.chain(others.into_iter().flatten()).map(PathBuf::as_path), &config.out)
}

/// Refuses inputs that lie in a folder that a run replaces.
///
/// # Errors
///
/// Names the first that does.
pub(crate) fn refuse_inputs<'p>(inputs: impl Iterator<Item = &'p Path>, out: &Path) -> Result<()> {
    let files = inputs.filter(|path| path.as_os_str() != "-");
    let mut found = files.filter_map(|path| Some((path, replaced(path, out)?)));
    match found.next() {
        None => Ok(()),
        Some((path, folder)) => Err(Error::Unusable {
            file: slashed(path),
            found: format!(
                "lies in {}, the place of results, which are replaced",
                slashed(&folder)
            ),
            todo: "keep inputs elsewhere, or give another folder with `--out`".into(),
        }),
    }
}

/// The folder of an output in which a path lies, if it does.
fn replaced(path: &Path, out: &Path) -> Option<PathBuf> {
    let folders = Folders::of(out);
    let path = resolved(path);
    let all = folders.all().into_iter().chain([folders.history.as_path()]);
    let mut all = all.filter(|folder| path.starts_with(resolved(folder)));
    all.next().map(Path::to_owned).or_else(|| {
        let place = resolved(folders.draft.parent()?);
        let first = path.strip_prefix(place).ok()?.iter().next()?.to_string_lossy().into_owned();
        let new = as_compared(&folders.new).file_name()?.to_string_lossy().into_owned();
        let is_draft = first.strip_prefix(&new).is_some_and(|rest| rest.starts_with('.'));
        is_draft.then(|| folders.new.with_file_name(first))
    })
}

/// A path without links and `..`, whether or not it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut known = PathBuf::new();
    for part in path.components() {
        step(&mut known, part);
        if let Ok(whole) = fs::canonicalize(&known) {
            known = whole;
        } else if let Ok(to) = fs::read_link(&known) {
            // a link to nowhere leads to what it names
            known.pop();
            to.components().for_each(|part| step(&mut known, part));
        }
    }
    as_compared(&known)
}

/// A path in small letters where the system takes no notice of them: of a folder that is yet to be
/// made, nobody knows how it will be written.
fn as_compared(path: &Path) -> PathBuf {
    if cfg!(any(windows, target_os = "macos")) {
        PathBuf::from(path.to_string_lossy().to_lowercase())
    } else {
        path.to_owned()
    }
}

fn step(path: &mut PathBuf, part: Component<'_>) {
    match part {
        Component::ParentDir => drop(path.pop()),
        Component::CurDir => {}
        part => path.push(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_folder_of_the_output_is_found_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["crm", "lists", "lists.previous"] {
            fs::create_dir(at(name)).unwrap();
        }
        for (path, want) in [
            ("crm/accounts.csv", false),
            ("lists.csv", false),
            ("lists-of-others/x.csv", false),
            ("lists.verdicts.csv", false),
            ("lists.newest/x.csv", false),
            ("lists/x.csv", true),
            ("lists", true),
            ("crm/../lists/x.csv", true),
            ("lists/../crm/x.csv", false),
            ("lists.previous/x.csv", true),
            ("lists.new/x.csv", true),
            ("lists.new.4711/x.csv", true),
            ("nowhere/../lists/x.csv", true),
        ] {
            assert_eq!(replaced(&at(path), &at("lists")).is_some(), want, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_what_they_name() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["crm", "lists"] {
            fs::create_dir(at(name)).unwrap();
        }
        symlink(at("lists"), at("link")).unwrap();
        symlink("../lists/not-yet.csv", at("crm/nowhere.csv")).unwrap();
        for (path, out) in [
            ("link/x.csv", "lists"),
            ("lists/x.csv", "link"),
            ("crm/nowhere.csv", "lists"),
            ("crm/../link/x.csv", "crm/../lists"),
        ] {
            assert!(replaced(&at(path), &at(out)).is_some(), "{path} in {out}");
        }
        assert!(replaced(&at("crm/x.csv"), &at("link")).is_none());
    }
}
