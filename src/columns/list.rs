//! Suppression lists: which columns hold the entries, and whether there is a header at all.
//!
//! A list that is read wrongly mails somebody who must not be written to. So what the header does
//! not tell, the cells do, and a list in which nothing is found is refused.

use super::{
    Field,
    assign::Columns,
    cells::holds_address,
    object::{Column, File},
};
use crate::error::Error;

/// The fields that hold the entries of a suppression list.
pub(crate) const LIST_ENTRIES: [Field; 4] =
    [Field::Email, Field::FurtherEmail, Field::EmailHash, Field::Domain];

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// An e-mail address, a domain after an `@`, or a hash: nothing else looks so.
    Entry,
    /// A domain. A date, a number or an abbreviation may look so too.
    Domain,
}

/// A suppression list as it is understood.
pub(super) struct List {
    /// Its columns.
    pub(super) columns: Columns,
    /// The entries that stand in the place of the header, where there is none.
    pub(super) header_entries: Vec<String>,
    /// Further columns of yes and no: a yes denies, a no spares nobody.
    pub(super) answers: Vec<usize>,
}

/// The columns of a suppression list, as the headers tell or else the cells. Whatever the headers
/// tell, a column of addresses is one of entries.
pub(super) fn columns(file: &File, mut columns: Columns) -> List {
    let is_known =
        |columns: &Columns| LIST_ENTRIES.iter().any(|of| !columns[*of as usize].is_empty());
    let looks = |column: &Column| look(&column.header);
    let headless = file.columns.iter().any(|column| looks(column) == Some(Look::Entry))
        || !is_known(&columns) && file.columns.iter().any(|column| looks(column).is_some());
    if headless {
        columns.iter_mut().for_each(Vec::clear);
    }
    if !is_known(&columns) {
        columns[Field::Email as usize] = by_cells(file, headless);
    }
    let mut more = entries_by_cells(file, headless, &|look| look == Look::Entry);
    more.retain(|at| !columns.iter().any(|of| of.contains(at)));
    columns[Field::FurtherEmail as usize].extend(more);
    let of_header =
        |column: &&Column| headless && columns[Field::Email as usize].contains(&column.at);
    let entries = file.columns.iter().filter(of_header).map(|column| column.header.clone());
    let header_entries = entries.filter(|header| !header.is_empty()).collect();
    let answers = answers(file, &columns);
    List { columns, header_entries, answers }
}

/// The error that a list holds nothing that is understood.
pub(super) fn unusable(name: &str) -> Error {
    Error::Unusable {
        file: name.into(),
        found: "no column of the suppression list holds e-mail addresses, domains or SHA-256 \
                hashes"
            .into(),
        todo: "name the column with `--column email=HEADER`, `--column domain=HEADER` or \
               `--column email-hash=HEADER`"
            .into(),
    }
}

/// The columns that hold entries by the look of their cells: addresses and hashes, else domains.
fn by_cells(file: &File, headless: bool) -> Vec<usize> {
    let entries = entries_by_cells(file, headless, &|look| look == Look::Entry);
    if entries.is_empty() { entries_by_cells(file, headless, &|_| true) } else { entries }
}

/// The columns of which at least half of the filled cells look as wanted.
fn entries_by_cells(file: &File, headless: bool, wanted: &dyn Fn(Look) -> bool) -> Vec<usize> {
    let holds = |column: &&Column| {
        let header = headless.then_some(column.header.as_str());
        let cells = header.into_iter().chain(file.filled(column.at));
        let (mut filled, mut fitting) = (0, 0);
        for cell in cells.filter(|cell| !cell.is_empty()) {
            filled += 1;
            fitting += usize::from(look(cell).is_some_and(wanted));
        }
        fitting > 0 && fitting * 2 >= filled
    };
    file.columns.iter().filter(holds).map(|column| column.at).collect()
}

/// The parts of a cell that are addresses. Only those of a damaged row are searched for in a text.
pub(crate) fn addresses(cell: &str, in_text: bool) -> Vec<&str> {
    let parts = cell.split(|c: char| c.is_whitespace() || ";,|\t\"<>()[]".contains(c));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let is_address = |part: &&str| part.contains('@') && look_of(part) == Some(Look::Entry);
    if in_text {
        return parts.into_iter().filter(is_address).collect();
    }
    if parts.iter().all(is_address) { parts } else { Vec::new() }
}

/// Further columns of yes and no, where a list says of each address whether it may be written to:
/// lists of HubSpot have a column for each kind of mail.
fn answers(file: &File, columns: &Columns) -> Vec<usize> {
    use super::{Meaning, WordUse};
    let has_consent =
        Field::ALL.iter().any(|of| of.is_email_consent() && !columns[*of as usize].is_empty());
    if !has_consent {
        return Vec::new();
    }
    let words = &file.rules.words;
    let is_answer =
        |cell| matches!(words.meaning(WordUse::YesNo, cell), Some(Meaning::Yes | Meaning::No));
    let is_one = |column: &&Column| {
        let is_taken = columns.iter().any(|of| of.contains(&column.at));
        let mut cells = file.filled(column.at).peekable();
        !is_taken && cells.peek().is_some() && cells.all(is_answer)
    };
    file.columns.iter().filter(is_one).map(|column| column.at).collect()
}

/// What a cell looks like, which may hold several entries; `None` for what holds none.
fn look(cell: &str) -> Option<Look> {
    if holds_address(cell) {
        return Some(Look::Entry);
    }
    let looks = cell.split([';', ',', ' ']).filter_map(look_of);
    looks.min_by_key(|look| *look as u8)
}

fn look_of(part: &str) -> Option<Look> {
    let cell = part.trim().trim_matches(['"', '\'', '<', '>']);
    if let Some((_, domain)) = cell.rsplit_once('@') {
        return is_domain(domain.trim_end_matches('>')).then_some(Look::Entry);
    }
    let hex = cell.rsplit_once([':', 'x', 'X']).map_or(cell, |(_, hex)| hex);
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Look::Entry);
    }
    let host = cell.split_once("://").map_or(cell, |(_, host)| host);
    let host = host.split(['/', '?']).next().unwrap_or(host);
    is_domain(host.strip_prefix("*.").unwrap_or(host)).then_some(Look::Domain)
}

/// Whether a text is written as a domain: labels parted by points, the last one of letters.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let Some((_, last)) = text.trim().trim_end_matches('.').rsplit_once('.') else { return false };
    let last_is_word = last.chars().count() >= 2
        && (last.starts_with("xn--") || last.chars().all(char::is_alphabetic));
    last_is_word && text.trim().trim_end_matches('.').split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{
        ColumnRules, Forced, Overrides, Recognised, Side, recognise, tests::file,
    };

    #[test]
    fn cells_look_like_entries_or_do_not() {
        let hash = "e6c7d3c5f9f3e1b3d3f2d4c8a9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718";
        for (cell, want) in [
            ("ada@contoso.com", Some(Look::Entry)),
            ("Ada <ada@contoso.com>", Some(Look::Entry)),
            ("ada (at) contoso.com", Some(Look::Entry)),
            ("@contoso.com", Some(Look::Entry)),
            (hash, Some(Look::Entry)),
            ("contoso.com", Some(Look::Domain)),
            ("*.müller.de", Some(Look::Domain)),
            ("https://www.contoso.com/", Some(Look::Domain)),
            ("2026.11.21", None),
            ("1.5", None),
            ("asked by phone.", None),
            ("Ada", None),
            ("", None),
        ] {
            assert_eq!(look(cell), want, "cell: {cell:?}");
        }
    }

    #[test]
    fn lists_are_understood_by_header_or_by_cells() {
        let rules = ColumnRules::embedded().unwrap();
        let hash = "e6c7d3c5f9f3e1b3d3f2d4c8a9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718";
        for (lines, entries, of_header) in [
            (&["Email", "ada@contoso.com"][..], "Email", ""),
            (&["sha256", hash], "sha256", ""),
            (&["Digest", hash], "Digest", ""),
            (&["Domain", "contoso.com"], "Domain", ""),
            (&["Stop list", "contoso.com"], "Stop list", ""),
            (&["Kontakt,Grund", "ada@contoso.com,asked"], "Kontakt", ""),
            (&["ada@contoso.com"], "ada@contoso.com", "ada@contoso.com"),
            (&["contoso.com", "fabrikam.com"], "contoso.com", "contoso.com"),
            (&[hash], hash, hash),
            (&["Ada,ada@contoso.com", "Kim,kim@contoso.com"], "ada@contoso.com", "ada@contoso.com"),
            (&["Name,Reason", "Ada,asked"], "", ""),
            (&["Work Email,Home Email", "kim@a.com,ada@a.com"], "Work Email,Home Email", ""),
            (&["Email,Alternate", "kim@a.com,Ada <ada@a.com>"], "Email,Alternate", ""),
        ] {
            let (info, batch) = file("list.csv", lines);
            let asked = (Side::Crm, Some(Forced::Suppression));
            let found = recognise(&info, &batch, asked, &Overrides::default(), &rules);
            let Ok(Recognised::Suppression(layout)) = found.map(|found| found.what) else {
                assert_eq!(entries, "", "lines: {lines:?}");
                continue;
            };
            let columns = LIST_ENTRIES.iter().flat_map(|of| layout.layout().columns(*of));
            let headers: Vec<&str> =
                columns.map(|at| layout.layout().headers()[at].as_str()).collect();
            assert_eq!(headers.join(","), entries, "lines: {lines:?}");
            assert_eq!(layout.header_entries().join(","), of_header, "lines: {lines:?}");
        }
    }
}
