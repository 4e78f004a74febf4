//! Who saved a workbook last, as spreadsheets write it into the file.

use std::{fs::File, io::Read as _, path::Path};

use quick_xml::{Reader, events::Event};

/// The part of a workbook that says so.
const PROPERTIES: &str = "docProps/core.xml";

/// Characters of a part that are read: a name is short.
const MOST: u64 = 64 << 10;

/// The name of the person who saved a workbook last; `None` where the file is no workbook, or does
/// not say.
pub(crate) fn last_author(path: &Path) -> Option<String> {
    let mut archive = zip::ZipArchive::new(File::open(path).ok()?).ok()?;
    let mut xml = String::new();
    archive.by_name(PROPERTIES).ok()?.take(MOST).read_to_string(&mut xml).ok()?;
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == "lastModifiedBy" => {
                let end = tag.to_end().into_owned();
                let text = reader.read_text(end.name()).ok()?;
                let name = quick_xml::escape::unescape(&text).ok()?.trim().to_owned();
                return Some(name).filter(|name| !name.is_empty());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{DocProperties, Workbook};

    use super::*;

    #[test]
    fn the_last_author_is_read_from_the_properties() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.xlsx");
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_author("Petra & Kim"));
        book.add_worksheet();
        book.save(&path).unwrap();
        assert_eq!(last_author(&path).as_deref(), Some("Petra & Kim"));

        std::fs::write(&path, "no workbook").unwrap();
        assert_eq!(last_author(&path), None);
    }
}
