//! Hands the commit, the target and the features to `reconcile --version`.

use std::{path::Path, process::Command};

/// What git says; nothing where there is no git, or no repository, as in a package.
fn git(args: &[&str]) -> Option<String> {
    let said = Command::new("git").args(args).output().ok().filter(|said| said.status.success())?;
    Some(String::from_utf8(said.stdout).ok()?.trim().to_owned()).filter(|said| !said.is_empty())
}

fn main() {
    // a package that is unpacked within another repository has none of its own
    let is_own = Path::new(".git").exists();
    let commit = is_own.then(|| git(&["rev-parse", "--short=12", "HEAD"])).flatten();
    println!("cargo::rustc-env=RECONCILE_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=RECONCILE_TARGET={target}");
    let columnar = std::env::var("CARGO_FEATURE_COLUMNAR").map_or("", |_| ", columnar");
    println!("cargo::rustc-env=RECONCILE_FEATURES={columnar}");
    println!("cargo::rerun-if-changed=build.rs");
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|_| is_own) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}
