//! Archives: a .zip is a folder of members.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

use flate2::{Crc, bufread::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive, read::ZipFile};

use super::{
    Input,
    source::{self, Bounded, Bytes, Counted},
};
use crate::error::{Error, Result};

/// A member of an archive.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    /// Its path inside the archive.
    pub(super) name: String,
    /// Why it cannot be read, where it cannot.
    pub(super) unreadable: Option<&'static str>,
    /// Bytes that it takes in the archive.
    pub(super) stored: u64,
}

/// The members of an archive, sorted byte-wise by name.
pub(super) fn members(path: &Path) -> Result<Vec<Member>> {
    let mut archive = open(path)?;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| damaged(path, error))?;
        if member.is_file() {
            let name = member.name().to_owned();
            let (unreadable, stored) = (reason(&member), member.compressed_size());
            members.push(Member { name, unreadable, stored });
        }
    }
    members.sort();
    Ok(members)
}

/// Opens the bytes of a member, decompressed and checked.
pub(super) fn open_member(
    input: &Input,
    name: &str,
    progress: Option<&Arc<AtomicU64>>,
) -> Result<Bytes> {
    let path = &input.path;
    let mut archive = open(path)?;
    let member = archive
        .index_for_name(name)
        .ok_or(zip::result::ZipError::FileNotFound)
        .and_then(|at| archive.by_index_raw(at))
        .map_err(|error| damaged(path, error))?;
    if let Some(reason) = reason(&member) {
        return Err(Error::Unusable {
            file: input.display(),
            found: reason.into(),
            todo: "unpack the archive and name the folder".into(),
        });
    }
    let (start, length) = (member.data_start(), member.compressed_size());
    let (size, sum) = (member.size(), member.crc32());
    let deflated = member.compression() == CompressionMethod::Deflated;
    drop(member);
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start)).map_err(Error::io(path))?;
    let stored = Counted { source: Box::new(file.take(length)), progress: progress.cloned() };
    let counter = Arc::new(AtomicU64::new(0));
    let counted = Counted { source: Box::new(stored), progress: Some(counter.clone()) };
    let source: Bytes = match deflated {
        true => Box::new(DeflateDecoder::new(BufReader::with_capacity(64 << 10, counted))),
        false => Box::new(counted),
    };
    let checked = Checked { source, sum: Crc::new(), stated: (size, sum) };
    let bounded = Bounded { source: Box::new(checked), stored: counter, expanded: 0 };
    source::decompressed(Box::new(bounded)).map_err(|error| source::failure(input, error))
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let file = File::open(path).map_err(Error::io(path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, error))
}

/// Why a member cannot be read, if so.
fn reason<R: Read>(member: &ZipFile<'_, R>) -> Option<&'static str> {
    match member.compression() {
        _ if member.encrypted() => Some("encrypted"),
        CompressionMethod::Stored | CompressionMethod::Deflated => None,
        _ => Some("compressed in a way that is not read"),
    }
}

fn damaged(path: &Path, error: zip::result::ZipError) -> Error {
    Error::Unusable {
        file: path.display().to_string(),
        found: format!("no archive, or a damaged one ({error})"),
        todo: "get it again, or unpack it and name the folder".into(),
    }
}

/// The bytes of a member, compared with what the archive states when they end.
struct Checked {
    source: Bytes,
    sum: Crc,
    /// Size and checksum.
    stated: (u64, u32),
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.sum.update(&buffer[..length]);
        let (size, sum) = self.stated;
        if length == 0 && !buffer.is_empty() {
            // The sum keeps its count of bytes in 32 bits.
            if self.sum.amount() != size as u32 || self.sum.sum() != sum {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum differs"));
            }
        }
        Ok(length)
    }
}
