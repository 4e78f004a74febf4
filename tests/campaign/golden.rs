//! The files of every target, byte for byte. `UPDATE_GOLDEN=1` writes them anew; the change that
//! does so says why the new rows are right.

use super::world::TARGETS;
use crate::support::{Workdir, assert_golden, repository};

#[test]
fn the_files_of_every_target_are_as_they_were() {
    let dir = Workdir::world();
    dir.run_world("whole", &["--target", TARGETS]);
    dir.run_world("split", &["--target", TARGETS, "--split", "campaign"]);
    assert_golden(["whole", "split"].map(|out| {
        let mut written = dir.files(&format!("{out}/campaigns"));
        written.retain(|name, _| name.ends_with(".csv"));
        (repository(&format!("tests/campaign/golden/{out}")), written)
    }));
}
