//! Archives: a .zip is a folder of members.

use std::{fs::File, io::BufReader, path::Path};

use zip::ZipArchive;

use crate::error::{Error, Result};

/// The members of an archive, sorted byte-wise by name; with a reason where one cannot be read.
pub(super) fn members(path: &Path) -> Result<Vec<(String, Option<&'static str>)>> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, error))?;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| damaged(path, error))?;
        if member.is_file() {
            let reason = member.encrypted().then_some("encrypted; unpack it with its password");
            members.push((member.name().to_owned(), reason));
        }
    }
    members.sort();
    Ok(members)
}

fn damaged(path: &Path, error: zip::result::ZipError) -> Error {
    Error::Unusable {
        file: path.display().to_string(),
        found: format!("a damaged archive ({error})"),
        todo: "download it again, or unpack it and name the folder".into(),
    }
}
