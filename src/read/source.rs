//! Where bytes come from: a file, a member of an archive, standard input, each perhaps compressed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder, errors::FrameDecoderError};

use super::{Input, archive, limit};
use crate::error::{Error, Result};

/// Bytes of an input, decompressed.
pub(super) type Bytes = Box<dyn Read + Send>;

/// Opens the bytes of an input; `progress` counts those that are read from the disk.
pub(super) fn open(input: &Input, progress: Option<&Arc<Meter>>) -> Result<Bytes> {
    let stored: Bytes = match &input.member {
        None if input.is_stdin() => Box::new(io::stdin()),
        None => Box::new(File::open(&input.path).map_err(Error::io(&input.path))?),
        Some(member) => return archive::open_member(input, member, progress),
    };
    let counted = Counted { source: stored, progress: progress.cloned() };
    decompressed(Box::new(counted)).map_err(|error| failure(input, error))
}

/// Counts the bytes that are read, and stops the reading where somebody asks for it.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    bytes: AtomicU64,
    stopped: AtomicBool,
}

impl Meter {
    /// The bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Lets all that is read with this meter end in an error.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the pages can stop a run"))]
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// Somebody has asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopped;

/// What a failed read means.
pub(super) fn failure(input: &Input, error: io::Error) -> Error {
    if let Some(limit) = error.get_ref().and_then(|inner| inner.downcast_ref::<Expanded>()) {
        return Error::Limit {
            file: input.display(),
            what: limit.to_string(),
            limit: format!("256 MiB at more than {} times its size", limit::EXPANSION_RATIO),
        };
    }
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error.kind() {
        InvalidData | InvalidInput | UnexpectedEof => Error::Damaged {
            file: input.display(),
            found: format!("damaged or cut off ({error})"),
            todo: "download or export the file again".into(),
        },
        _ => Error::Io { path: input.path.clone(), source: error },
    }
}

/// The bytes of a source, decompressed if they begin as .gz or .zst do.
pub(super) fn decompressed(mut source: Bytes) -> io::Result<Bytes> {
    let mut start = Vec::new();
    source.by_ref().take(4).read_to_end(&mut start)?;
    let decompress: Option<fn(Bytes) -> Bytes> = match start[..] {
        [0x1f, 0x8b, ..] => {
            Some(|source| Box::new(MultiGzDecoder::new(BufReader::with_capacity(64 << 10, source))))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => Some(|source| Box::new(ZstFrames::new(source))),
        _ => None,
    };
    let source: Bytes = Box::new(io::Cursor::new(start).chain(source));
    let Some(decompress) = decompress else { return Ok(source) };
    let stored = Arc::new(Meter::default());
    let counted = Counted { source, progress: Some(stored.clone()) };
    Ok(Box::new(Bounded { source: decompress(Box::new(counted)), stored, expanded: 0 }))
}

/// Bytes that are counted as they are read.
pub(super) struct Counted {
    pub(super) source: Bytes,
    pub(super) progress: Option<Arc<Meter>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        if let Some(progress) = &self.progress {
            if progress.is_stopped() {
                return Err(io::Error::other(Stopped));
            }
            progress.add(length as u64);
        }
        Ok(length)
    }
}

/// Decompressed bytes that end in an error when they are too many for what was stored.
pub(super) struct Bounded {
    pub(super) source: Bytes,
    pub(super) stored: Arc<Meter>,
    pub(super) expanded: u64,
}

/// An archive that expands beyond the limit.
#[derive(Debug, thiserror::Error)]
#[error("the expansion of {stored} stored bytes")]
struct Expanded {
    stored: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.expanded += length as u64;
        if self.expanded > limit::EXPANSION {
            let stored = self.stored.bytes();
            if self.expanded / limit::EXPANSION_RATIO > stored {
                return Err(io::Error::other(Expanded { stored }));
            }
        }
        Ok(length)
    }
}

/// A .zst file: one frame after the other, of which some may hold no data.
struct ZstFrames {
    source: BufReader<Bytes>,
    frame: FrameDecoder,
    /// Whether a frame was begun and is not yet used up.
    open: bool,
}

impl ZstFrames {
    fn new(source: Bytes) -> ZstFrames {
        let source = BufReader::with_capacity(64 << 10, source);
        ZstFrames { source, frame: FrameDecoder::new(), open: false }
    }

    /// Begins the next frame that holds data, if there is one.
    fn begin(&mut self) -> io::Result<()> {
        use ruzstd::decoding::errors::ReadFrameHeaderError::SkipFrame;
        while !self.open && !self.source.fill_buf()?.is_empty() {
            match self.frame.init(&mut self.source) {
                Ok(()) => self.open = true,
                Err(FrameDecoderError::ReadFrameHeaderError(SkipFrame { length, .. })) => {
                    let skipped = &mut self.source.by_ref().take(u64::from(length));
                    io::copy(skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        Ok(())
    }

    fn checked(&self) -> io::Result<()> {
        match (self.frame.get_checksum_from_data(), self.frame.get_calculated_checksum()) {
            (Some(stated), Some(found)) if stated != found => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum differs"))
            }
            _ => Ok(()),
        }
    }
}

impl Read for ZstFrames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.begin()?;
            if !self.open || buffer.is_empty() {
                return Ok(0);
            }
            while self.frame.can_collect() < buffer.len() && !self.frame.is_finished() {
                let wanted = buffer.len() - self.frame.can_collect();
                let strategy = BlockDecodingStrategy::UptoBytes(wanted);
                self.frame
                    .decode_blocks(&mut self.source, strategy)
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            let length = self.frame.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            self.checked()?;
            self.open = false;
        }
    }
}
