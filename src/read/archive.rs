//! Archives: a .zip is a folder of members.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};

use flate2::{Crc, bufread::DeflateDecoder};
use zip::{
    CompressionMethod, ZipArchive,
    read::ZipFile,
    result::{ZipError, ZipResult},
};

use super::{
    Input,
    source::{self, Bounded, Bytes, Counted, Meter},
};
use crate::error::{Error, Result, slashed};

/// A member of an archive.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    /// Its path inside the archive.
    pub(super) name: String,
    /// Why it cannot be read, where it cannot.
    pub(super) unreadable: Option<&'static str>,
    /// Where it stands.
    pub(super) place: Place,
}

impl Member {
    fn of<R: Read>(member: &ZipFile<'_, R>) -> ZipResult<Member> {
        let name = member.name()?.into_owned();
        Ok(Member { name, unreadable: reason(member), place: Place::of(member)? })
    }
}

/// Where a member stands in its archive, and what the archive states of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    start: u64,
    /// Bytes that it takes in the archive.
    pub(super) stored: u64,
    /// Bytes that it has.
    size: u64,
    checksum: u32,
    deflated: bool,
}

impl Place {
    fn of<R: Read>(member: &ZipFile<'_, R>) -> ZipResult<Place> {
        Ok(Place {
            start: member.data_start().ok_or(ZipError::FileNotFound)?,
            stored: member.compressed_size(),
            size: member.size(),
            checksum: member.crc32(),
            deflated: member.compression() == CompressionMethod::Deflated,
        })
    }
}

/// The members of an archive, sorted byte-wise by name.
pub(super) fn members(path: &Path) -> Result<Vec<Member>> {
    let mut archive = open(path)?;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| damaged(path, error))?;
        if member.is_file() {
            members.push(Member::of(&member).map_err(|error| damaged(path, error))?);
        }
    }
    members.sort();
    Ok(members)
}

/// Opens the bytes of a member, decompressed and checked.
pub(super) fn open_member(
    input: &Input,
    name: &str,
    progress: Option<&Arc<Meter>>,
) -> Result<Bytes> {
    let path = &input.path;
    let Place { start, stored, size, checksum, deflated } = place(input, name)?;
    let mut file = BufReader::new(File::open(path).map_err(Error::io(path))?);
    file.seek(SeekFrom::Start(start)).map_err(Error::io(path))?;
    let stored = Counted { source: Box::new(file.take(stored)), progress: progress.cloned() };
    let counter = Arc::new(Meter::default());
    let counted = Counted { source: Box::new(stored), progress: Some(counter.clone()) };
    let source: Bytes = match deflated {
        true => Box::new(DeflateDecoder::new(BufReader::with_capacity(64 << 10, counted))),
        false => Box::new(counted),
    };
    let checked = Checked { source, sum: Crc::new(), stated: (size, checksum) };
    let bounded = Bounded { source: Box::new(checked), stored: counter, expanded: 0 };
    source::decompressed(Box::new(bounded)).map_err(|error| source::failure(input, error))
}

/// Where a member stands: as it was found when the archive was listed, else by its name.
pub(super) fn place(input: &Input, name: &str) -> Result<Place> {
    if let Some(place) = input.place {
        return Ok(place);
    }
    let path = &input.path;
    let mut archive = open(path)?;
    let member = archive
        .index_for_name(name)
        .ok_or(ZipError::FileNotFound)
        .and_then(|at| archive.by_index_raw(at))
        .map_err(|error| damaged(path, error))?;
    match reason(&member) {
        None => Place::of(&member).map_err(|error| damaged(path, error)),
        Some(reason) => Err(Error::Unusable {
            file: input.display(),
            found: reason.into(),
            todo: "unpack the archive and give the folder".into(),
        }),
    }
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
        _ => Some("compressed in a way that cannot be read"),
    }
}

fn damaged(path: &Path, error: ZipError) -> Error {
    Error::Damaged {
        file: slashed(path),
        found: format!("damaged, or no archive ({error})"),
        todo: "download it again, or unpack it and give the folder".into(),
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
