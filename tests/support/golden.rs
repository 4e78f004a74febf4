//! Files as they are expected, kept in the repository.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use super::workdir::{Files, files_in, write_in};

/// Checks that each folder holds these files and no others. Where `UPDATE_GOLDEN` is set, writes
/// them there.
pub(crate) fn assert_golden(cases: impl IntoIterator<Item = (PathBuf, Files)>) {
    let mut differing = Vec::new();
    for (folder, got) in cases {
        if env::var_os("UPDATE_GOLDEN").is_some() {
            let _ = fs::remove_dir_all(&folder);
            got.iter().for_each(|(name, bytes)| write_in(&folder, name, bytes));
            continue;
        }
        let wanted = files_in(&folder);
        let names: BTreeSet<&String> = wanted.keys().chain(got.keys()).collect();
        for name in names.into_iter().filter(|name| wanted.get(*name) != got.get(*name)) {
            let (want, got) = (lines(&wanted, name), lines(&got, name));
            let first = (0..want.len().max(got.len())).find(|at| want.get(*at) != got.get(*at));
            let at = first.unwrap_or_default();
            let file = folder.join(name);
            differing.push(format!(
                "{}:{}: {:?}, expected {:?}",
                file.to_string_lossy(),
                at + 1,
                got.get(at),
                want.get(at)
            ));
        }
    }
    assert!(differing.is_empty(), "{}\nUPDATE_GOLDEN=1 rewrites them", differing.join("\n"));
}

fn lines(files: &Files, name: &str) -> Vec<String> {
    let text = files.get(name).map(|bytes| String::from_utf8_lossy(bytes));
    text.unwrap_or_default().split_inclusive('\n').map(str::to_owned).collect()
}
