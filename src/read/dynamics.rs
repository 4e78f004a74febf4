//! The hidden sheet of a Dynamics workbook, which names the fields behind the column titles.

/// The sheet's name.
pub(super) const HIDDEN_SHEET: &str = "hiddenSheet";

/// What the hidden sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HiddenSheet {
    /// The object: `account`, `contact`.
    pub(super) object: String,
    /// Logical name and title of each column.
    columns: Vec<(String, String)>,
}

impl HiddenSheet {
    /// Reads the text of the sheet's first cell:
    /// `account:<checksum>:accountid=<title>&name=<title>&...`, the titles percent-encoded.
    pub(super) fn parse(text: &str) -> Option<HiddenSheet> {
        let (object, rest) = text.trim().split_once(':')?;
        let (checksum, columns) = rest.split_once(':')?;
        let sound = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if object.is_empty() || !object.chars().all(sound) || checksum.contains(' ') {
            return None;
        }
        let columns = columns
            .split('&')
            .filter_map(|column| column.split_once('='))
            .map(|(name, title)| (decode(name), decode(title)))
            .collect();
        Some(HiddenSheet { object: object.to_owned(), columns })
    }

    /// The logical names behind headers, by position; none for a column that the sheet does not
    /// name, and none for the column of a related record (`<guid>.<field>`).
    pub(super) fn logical_names(&self, header: &[String]) -> Vec<Option<String>> {
        let mut free: Vec<Option<&(String, String)>> = self.columns.iter().map(Some).collect();
        let mut names = Vec::with_capacity(header.len());
        for (at, title) in header.iter().enumerate() {
            let has_header = |column: &Option<&(String, String)>| {
                column.is_some_and(|(_, known)| known.trim() == title.trim())
            };
            // Of two columns with one title, the one in the same position is meant.
            let place = match free.get(at) {
                Some(column) if has_header(column) => Some(at),
                _ => free.iter().position(has_header),
            };
            let column = place.and_then(|place| free[place].take());
            names.push(column.map(|(name, _)| name.clone()).filter(|name| !name.contains('.')));
        }
        names
    }
}

/// Decodes `%28Do%20Not%20Modify%29`.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_replaced_by_logical_names() {
        let text = "contact:AbC+/x==:contactid=%28Nicht%20%C3%A4ndern%29%20Kontakt\
                    &checksumLogicalName=%28x%29&emailaddress1=E-Mail\
                    &a1b2.emailaddress1=E-Mail%20%28Firma%29&fullname=Name&new_x=Name";
        let sheet = HiddenSheet::parse(text).unwrap();
        assert_eq!(sheet.object, "contact");
        let header = ["(Nicht ändern) Kontakt", "E-Mail", "E-Mail (Firma)", "Name", "Name", "Own"];
        let names = sheet.logical_names(&header.map(str::to_owned));
        let names: Vec<&str> = names.iter().map(|name| name.as_deref().unwrap_or("-")).collect();
        assert_eq!(names, ["contactid", "emailaddress1", "-", "fullname", "new_x", "-"]);
    }

    #[test]
    fn other_texts_are_no_hidden_sheet() {
        for text in ["", "Contoso", "see: page 3: a=b", "a:b"] {
            assert_eq!(HiddenSheet::parse(text), None, "text: {text:?}");
        }
    }
}
