//! Whether an old workbook is built as its format says.
//!
//! The reader of `.xls` files believes them: a chain of sectors that bites its own tail, or a
//! sheet that claims four billion rows, would take all memory. So the claims are checked first.

/// The end of a chain of sectors, and every other mark that is no sector.
const MARKS: u32 = 0xffff_fffa;
/// The most rows and columns of a sheet.
const SHEET: (u32, u16) = (65_536, 256);
/// Streams shorter than this stand in the stream of small sectors.
const SMALL: usize = 4096;

/// Whether the chains of a workbook end and its sheets keep to the size of the format.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    let Some(file) = Compound::of(bytes) else { return false };
    let mut streams = file.directory.iter().enumerate();
    streams.all(|(at, entry)| entry.size <= bytes.len() && file.chain_ends(entry, at == 0))
        && file.workbook().is_none_or(|stream| sheets_are_bounded(&stream))
}

/// Whether the file is a wrapping around a workbook that a password or a label of confidentiality
/// encrypts, as Excel writes it whatever the ending.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    Compound::of(bytes)
        .is_some_and(|file| file.directory.iter().any(|entry| entry.name == "EncryptedPackage"))
}

/// The parts of a compound file.
struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// The sector after each sector.
    next: Vec<u32>,
    /// The same for the small sectors.
    next_small: Vec<u32>,
    directory: Vec<Entry>,
}

/// A stream of a compound file.
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'b> Compound<'b> {
    /// Reads the tables of a file; none where they make no sense.
    fn of(bytes: &'b [u8]) -> Option<Compound<'b>> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let (next, next_small, directory) = (Vec::new(), Vec::new(), Vec::new());
        let mut file = Compound { bytes, sector, next, next_small, directory };
        for id in file.table_sectors()? {
            file.next.extend(words(file.sector_at(id)?));
        }
        file.next_small = words(&file.chain(u32_at(bytes, 60)?)?).collect();
        let directory = file.chain(u32_at(bytes, 48)?)?;
        file.directory = directory.chunks_exact(128).filter_map(Entry::of).collect();
        (usize_at(bytes, 64)? * sector <= bytes.len()).then_some(file)
    }

    /// The sectors that hold the table of sectors.
    fn table_sectors(&self) -> Option<Vec<u32>> {
        let mut table: Vec<u32> = words(self.bytes.get(76..512)?).collect();
        let mut more = u32_at(self.bytes, 68)?;
        for _ in 0..=self.bytes.len() / self.sector {
            if more >= MARKS {
                break;
            }
            table.extend(words(self.sector_at(more)?));
            more = table.pop()?;
        }
        if more < MARKS {
            return None;
        }
        table.retain(|&id| id < MARKS);
        Some(table)
    }

    fn sector_at(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize + 1).checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The bytes of a chain of sectors; none where it does not end.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut id = start;
        while id < MARKS {
            bytes.extend_from_slice(self.sector_at(id)?);
            id = *self.next.get(id as usize)?;
            if bytes.len() > self.bytes.len() {
                return None;
            }
        }
        Some(bytes)
    }

    /// Whether the chain of a stream ends before it must have come round. The stream of the first
    /// entry holds the small sectors and is never small itself.
    fn chain_ends(&self, entry: &Entry, is_first: bool) -> bool {
        let small = entry.size < SMALL && !is_first;
        let next = if small { &self.next_small } else { &self.next };
        let mut id = entry.start;
        for _ in 0..=next.len() {
            match next.get(id as usize) {
                _ if id >= MARKS || entry.size == 0 => return true,
                Some(&after) => id = after,
                None => return false,
            }
        }
        false
    }

    /// The stream of the sheets.
    fn workbook(&self) -> Option<Vec<u8>> {
        let named =
            |name: &str| self.directory.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = named("Workbook").or_else(|| named("Book"))?;
        if entry.size >= SMALL {
            return self.chain(entry.start);
        }
        let small = self.chain(self.directory.first()?.start)?;
        let mut bytes = Vec::new();
        let mut id = entry.start;
        while id < MARKS && bytes.len() < entry.size {
            let start = id as usize * 64;
            let sector = small.get(start..(start + 64).min(small.len()))?;
            if sector.is_empty() {
                return None;
            }
            bytes.extend_from_slice(sector);
            id = *self.next_small.get(id as usize)?;
        }
        Some(bytes)
    }
}

impl Entry {
    fn of(bytes: &[u8]) -> Option<Entry> {
        let units =
            bytes.get(..64)?.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
        let name = String::from_utf16_lossy(&units);
        Some(Entry { name, start: u32_at(bytes, 116)?, size: usize_at(bytes, 120)? })
    }
}

/// Whether the records of all sheets keep to the rows and columns of the format.
fn sheets_are_bounded(stream: &[u8]) -> bool {
    let mut rest = stream;
    while let Some((kind, size)) = u16_at(rest, 0).zip(u16_at(rest, 2)) {
        let end = (4 + usize::from(size)).min(rest.len());
        let data = &rest[4..end];
        rest = &rest[end..];
        let sound = match (kind, size) {
            // Encrypted from here on; the reader says so.
            (0x002f, _) => return true,
            (0x0200, 10) => u16_at(data, 6).is_none_or(|columns| columns <= SHEET.1),
            (0x0200, _) => {
                u32_at(data, 4).is_none_or(|rows| rows <= SHEET.0)
                    && u16_at(data, 10).is_none_or(|columns| columns <= SHEET.1)
            }
            (0x0006 | 0x00bd | 0x00be | 0x00d6 | 0x00fd | 0x0201..=0x0205 | 0x027e, _) => {
                u16_at(data, 2).is_none_or(|column| column < SHEET.1)
            }
            _ => true,
        };
        if !sound {
            return false;
        }
    }
    true
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    words(bytes.get(at..at + 4)?).next()
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &[u8] = include_bytes!("tests/accounts.xls");

    /// The place of the first sector of the table of sectors.
    fn table() -> usize {
        (u32_at(BOOK, 76).unwrap() as usize + 1) * 512
    }

    #[test]
    fn a_workbook_as_it_is_written_is_sound() {
        assert!(is_sound(BOOK));
    }

    #[test]
    fn a_chain_that_never_ends_is_not_sound() {
        let directory = u32_at(BOOK, 48).unwrap();
        let mut book = BOOK.to_vec();
        let place = table() + directory as usize * 4;
        book[place..place + 4].copy_from_slice(&directory.to_le_bytes());
        assert!(!is_sound(&book));
    }

    #[test]
    fn a_sheet_that_claims_too_much_is_not_sound() {
        let at = BOOK.windows(4).position(|record| record == [0, 2, 14, 0]).unwrap();
        let mut book = BOOK.to_vec();
        book[at + 11] = 0xff; // rows, the highest byte
        assert!(!is_sound(&book));
    }
}
