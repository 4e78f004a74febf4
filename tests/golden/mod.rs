//! Whole runs: each folder of `golden/` is a case with `args`, the inputs, and what is `expected`.
//! `UPDATE_GOLDEN=1` rewrites what is expected.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The files of a run that a case holds. The summary holds times, the workbooks are twins.
const FILES: [&str; 8] = [
    "agreements.csv",
    "contacts.csv",
    "customers.csv",
    "links.csv",
    "problems.csv",
    "review.csv",
    "suppressed.csv",
    "unmatched.csv",
];

/// What a case printed and wrote: name and text.
fn run(case: &Path) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(case).expect("a case") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let name = path.file_name().expect("a name");
            fs::copy(&path, folder.path().join(name)).expect("a copy");
        }
    }
    let args = fs::read_to_string(case.join("args")).expect("args, one per line");
    let mut got = Vec::new();
    // runs are divided by blank lines; the last one counts
    for args in args.split("\n\n") {
        let output = Command::new(env!("CARGO_BIN_EXE_reconcile"))
            .env_clear()
            .current_dir(folder.path())
            .args(["match", "--out", "out", "--as-of", "2026-11-21", "--period", "2026-10"])
            .args(args.lines())
            .output()
            .expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let status = output.status.code().expect("a status");
        got = vec![(
            "printed.txt".to_owned(),
            format!("{}{}exit status {status}\n", text(output.stdout), text(output.stderr)),
        )];
    }
    for file in FILES {
        let text = fs::read_to_string(folder.path().join("out").join(file)).expect(file);
        // a table without rows says nothing that the totals do not say
        if text.lines().count() > 1 {
            got.push((file.to_owned(), text));
        }
    }
    got
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = fs::read_dir(folder).expect("the cases");
    let mut cases: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

#[test]
fn each_case_gives_what_is_expected() {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let mut differing = Vec::new();
    for case in cases() {
        let expected = case.join("expected");
        let got = run(&case);
        if update {
            let _ = fs::remove_dir_all(&expected);
            fs::create_dir_all(&expected).expect("a folder");
            for (name, text) in &got {
                fs::write(expected.join(name), text).expect(name);
            }
            continue;
        }
        let case = case.file_name().expect("a name").to_string_lossy().into_owned();
        let wanted = fs::read_dir(&expected).expect(&case).count();
        if wanted != got.len() {
            let names: Vec<&str> = got.iter().map(|(name, _)| name.as_str()).collect();
            differing.push(format!("{case}: {wanted} files are expected, these came: {names:?}"));
        }
        for (name, text) in got {
            let want = fs::read_to_string(expected.join(&name)).unwrap_or_default();
            if want != text {
                let lines = want.lines().zip(text.lines()).enumerate();
                let first = lines.into_iter().find(|(_, (want, got))| want != got);
                differing.push(format!("{case}: {name}: {first:#?}"));
            }
        }
    }
    assert!(differing.is_empty(), "{}\nUPDATE_GOLDEN=1 rewrites them", differing.join("\n"));
}
