//! Deflates the tables of `rules/`, which would else be a tenth of the program. Hands the commit, the target and the features to `reconcile --version`, and what Explorer shows
//! to the Windows program: its icon, its name and its version.

use std::{fs, io::Read as _, path::Path, process::Command};

use flate2::{Compression, bufread::ZlibEncoder};

/// What git says; nothing where there is no git, or no repository, as in a package.
fn git(args: &[&str]) -> Option<String> {
    let said = Command::new("git").args(args).output().ok().filter(|said| said.status.success())?;
    Some(String::from_utf8(said.stdout).ok()?.trim().to_owned()).filter(|said| !said.is_empty())
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    tables(Path::new("rules"), &Path::new(&out).join("rules"));
    version();
    windows();
}

/// Writes the files of a folder, and of those in it, deflated into another.
fn tables(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("cargo lets it write there");
    for entry in fs::read_dir(from).expect("the folder is part of the sources") {
        let from = entry.expect("an entry").path();
        let to = to.join(from.file_name().expect("a name"));
        if from.is_dir() {
            tables(&from, &to);
            continue;
        }
        let text = fs::read(&from).expect("a table");
        let mut deflated = Vec::new();
        let mut encoder = ZlibEncoder::new(&*text, Compression::best());
        encoder.read_to_end(&mut deflated).expect("memory");
        fs::write(&to, deflated).expect("cargo lets it write there");
    }
}

fn version() {
    // a package that is unpacked within another repository has none of its own
    let is_own = Path::new(".git").exists();
    let commit = is_own.then(|| git(&["rev-parse", "--short=12", "HEAD"])).flatten();
    println!("cargo::rustc-env=BUILT_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=BUILT_TARGET={target}");
    let columnar = std::env::var("CARGO_FEATURE_COLUMNAR").map_or("", |_| ", columnar");
    println!("cargo::rustc-env=BUILT_FEATURES={columnar}");
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|_| is_own) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

fn windows() {
    println!("cargo::rerun-if-changed=packaging/windows");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "windows") {
        let mut resource = winresource::WindowsResource::new();
        resource
            .set_icon("packaging/windows/reconcile.ico")
            .set_manifest_file("packaging/windows/reconcile.manifest")
            .set("ProductName", "reconcile")
            .set("FileDescription", "reconcile - CloudAscent reports and your CRM")
            .set("OriginalFilename", "reconcile.exe")
            .set("LegalCopyright", "MIT or Apache-2.0");
        resource.compile().expect("the resource compiler of the target is installed");
    }
}
