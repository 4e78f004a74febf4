//! Files of verdicts, and review sheets that a person filled in.

use std::{fs, process, thread};

use crm_reconcile::verdicts::{Verdicts, harvest};

/// Reads bytes as `verdicts.csv`, and as a filled-in review sheet whose verdicts are taken over:
/// taking them over again adds none, and what was taken over can be read.
pub fn verdict(bytes: &[u8]) {
    let name = format!("verdict-{}-{:?}", process::id(), thread::current().id());
    let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let file = folder.join("verdicts.csv");
    fs::write(&file, bytes).expect("the temporary folder can be written");
    let _ = Verdicts::load(&file);
    fs::write(folder.join("review.csv"), bytes).expect("the temporary folder can be written");
    let fresh = folder.join("taken.csv");
    if let Ok(first) = harvest(&folder, &fresh, "2026-11-21T08:00:00Z") {
        let second = harvest(&folder, &fresh, "2026-11-21T09:00:00Z").expect("it was read before");
        assert_eq!(second.added, 0, "of {} verdicts some were added twice", first.added);
        let (verdicts, problems) = Verdicts::load(&fresh).expect("what was written can be read");
        assert_eq!(problems, [], "{} verdicts", first.added);
        assert_eq!(verdicts.is_empty(), first.added == 0);
    }
    let _ = fs::remove_dir_all(&folder);
}
