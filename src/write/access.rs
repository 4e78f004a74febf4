//! Who may read results: their owner, and the group where the user says so. (Windows: whoever may
//! read the folder in which they lie.)

use std::{fs, io, path::Path};

/// Makes a folder that only its owner may enter.
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700)
        .create(folder);
    #[cfg(not(unix))]
    fs::create_dir(folder)
}

/// Lets only the owner read and write a file or enter a folder, or its group read it too.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path, group_readable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = match (fs::metadata(path)?.is_dir(), group_readable) {
        (true, false) => 0o700,
        (true, true) => 0o750,
        (false, false) => 0o600,
        (false, true) => 0o640,
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Leaves a file or folder as its place makes it.
#[cfg(not(unix))]
pub(crate) fn restrict(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}
