//! The files of every target, byte for byte: `golden/`. `UPDATE_GOLDEN=1` writes them anew; the
//! change that does so says why the new rows are right.

use std::{collections::BTreeMap, fs, path::Path};

use crate::campaign::workdir::{TARGETS, Workdir};

#[test]
fn the_files_of_every_target_are_as_they_were() {
    let dir = Workdir::new();
    dir.link("out", &["--target", TARGETS]);
    let mut written = dir.files("out/campaigns");
    written.retain(|name, _| name.ends_with(".csv"));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/campaign/golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&golden);
        for (name, bytes) in &written {
            let path = golden.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).unwrap();
            fs::write(path, bytes).unwrap();
        }
        return;
    }
    let mut wanted = BTreeMap::new();
    for target in TARGETS.split(',') {
        for entry in fs::read_dir(golden.join(target)).into_iter().flatten().flatten() {
            let name = format!("{target}/{}", entry.file_name().to_string_lossy());
            wanted.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    assert_eq!(written.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (name, bytes) in &written {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&wanted[name]), "{name}");
    }
}
