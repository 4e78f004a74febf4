//! Rows of consent records and suppression lists, gathered into the opt-outs.

use super::{OptOuts, address::are_readable};
use crate::{
    columns::{ContactLayout, Field, Layout, Words},
    crm::{self, ListRow, ListSays, Permission},
    error::{Error, Result},
    problem::Problem,
    read::{Row, TableInfo},
    text::address::addresses,
};

/// What the rows of a suppression list came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ListRows {
    /// They keep somebody out of the lists.
    denying: u64,
    /// Their own consent columns allow mail.
    spared: u64,
}

/// Gathers a record of consent. A status that is not understood might be a denial: it is taken as
/// one, and is a problem.
pub(crate) fn consent_record(
    opt_outs: &mut OptOuts,
    (layout, words): (&ContactLayout, &Words),
    row: Row<'_>,
    info: &TableInfo,
) -> Option<Problem> {
    opt_outs.consent(&layout.preferences(row, words));
    unread_consent((layout, words), row, info)
}

/// The problem that a consent to e-mail is not understood: it counts as a denial of the address.
fn unread_consent(
    (layout, words): (&ContactLayout, &Words),
    row: Row<'_>,
    info: &TableInfo,
) -> Option<Problem> {
    let unread = layout.unread_consent(row, words);
    unread.map(|at| problem(at, row, info, "no word of consent that is known: taken as a denial"))
}

/// The problem that a record which denies does so in words that no table has: they may have another
/// meaning.
pub(crate) fn refused_in_words(
    (layout, words): (&Layout, &Words),
    said: Permission,
    row: Row<'_>,
    info: &TableInfo,
) -> Option<Problem> {
    let denies = || (said == Permission::Denied).then_some(());
    let refused = denies().and_then(|()| crm::refused_in_words(layout, row, words));
    refused.map(|at| problem(at, row, info, "refuses contact in its own words: taken as a denial"))
}

/// What is in doubt of the consent of a person.
pub(crate) fn doubts(
    (layout, words): (&ContactLayout, &Words),
    said: Permission,
    row: Row<'_>,
    info: &TableInfo,
) -> impl Iterator<Item = Problem> {
    let unread = unread_consent((layout, words), row, info);
    unread.into_iter().chain(refused_in_words((layout.layout(), words), said, row, info))
}

fn problem(at: usize, row: Row<'_>, info: &TableInfo, what: &'static str) -> Problem {
    Problem {
        file: info.file.clone(),
        line: row.line,
        column: info.header[at].clone(),
        what: what.into(),
        record_lost: false,
        detail: None,
    }
}

/// A problem for each cell of addresses in which one cannot be read: nobody can be written to there,
/// and whoever denies there is kept out of no other record.
pub(crate) fn unread_addresses<'r>(
    layout: &'r ContactLayout,
    row: Row<'r>,
    info: &'r TableInfo,
) -> impl Iterator<Item = Problem> + 'r {
    let columns = [Field::Email, Field::FurtherEmail].into_iter();
    let columns = columns.flat_map(|field| layout.layout().columns(field));
    let is_unread = move |at: &usize| {
        let cell = row.cell(*at);
        !cell.is_empty() && !are_readable(cell)
    };
    columns
        .filter(is_unread)
        .map(move |at| problem(at, row, info, "no e-mail address that can be read"))
}

/// The addresses in all columns of a row whose meaning nobody has said: where a row denies, these are
/// denied too. Of a row whose own address cannot be read nobody knows where its cells belong: every
/// address in it counts, and where the row denies, what looks like one in its own column as well.
pub(crate) fn addresses_beside(layout: &ContactLayout, row: Row<'_>, denies: bool) -> Vec<String> {
    let layout = layout.layout();
    let own = || [Field::Email, Field::FurtherEmail].into_iter();
    let mut cells = own().flat_map(|field| layout.values(row, field)).peekable();
    let is_shifted = cells.peek().is_some() && !cells.any(are_readable);
    let holds_sign = |cell: &&str| cell.contains('@');
    if is_shifted {
        let is_own = |at: &usize| own().any(|field| layout.columns(field).any(|of| of == *at));
        let counts = (0..row.len()).filter(|at| denies || !is_own(at));
        counts.map(|at| row.cell(at)).filter(holds_sign).flat_map(addresses).collect()
    } else if denies {
        layout.others(row).filter(holds_sign).flat_map(addresses).collect()
    } else {
        Vec::new()
    }
}

impl ListRows {
    /// Gathers a row of a suppression list. What is not understood there is a problem: somebody may
    /// be meant who is written to.
    pub(crate) fn gather(
        &mut self,
        opt_outs: &mut OptOuts,
        (layout, words): (&ContactLayout, &Words),
        row: Row<'_>,
        info: &TableInfo,
    ) -> Vec<Problem> {
        let listed = layout.list_row(row, words);
        let unread = opt_outs.list_row(&listed, &info.file);
        if listed.says == ListSays::Spared {
            self.spared += 1;
            return Vec::new();
        }
        let is_understood = listed.cells.len() > unread.len();
        self.denying += u64::from(is_understood);
        let columns: Vec<&str> = if listed.cells.is_empty() {
            vec![""]
        } else {
            unread.iter().map(|at| info.header.get(*at).map_or("", String::as_str)).collect()
        };
        // where there is no header, somebody's address stands in its place
        let has_header = layout.header_entries().is_empty();
        let problem = |column: &str| Problem {
            file: info.file.clone(),
            line: row.line,
            column: if has_header { column.into() } else { String::new() },
            what: "no e-mail address, domain or SHA-256 hash: it keeps nobody out of the lists"
                .into(),
            record_lost: !is_understood,
            detail: None,
        };
        columns.into_iter().map(problem).collect()
    }

    /// Gathers the first row of a list that has no header; whether the list is such a one.
    pub(crate) fn gather_header(
        &mut self,
        opt_outs: &mut OptOuts,
        layout: &ContactLayout,
        info: &TableInfo,
    ) -> bool {
        let entries = layout.header_entries();
        let cells = entries.iter().map(|entry| (0, entry.as_str())).collect();
        let row = ListRow { cells, says: ListSays::Denied };
        let unread = opt_outs.list_row(&row, &info.file);
        self.denying += u64::from(unread.len() < row.cells.len());
        !entries.is_empty()
    }

    /// Adds what other rows of the list came to.
    pub(crate) fn merge(&mut self, other: ListRows) {
        self.denying += other.denying;
        self.spared += other.spared;
    }

    /// What there is to say of a suppression list that keeps fewer people out of the lists than it
    /// has rows.
    ///
    /// # Errors
    ///
    /// When nothing is understood of the list.
    pub(crate) fn check(
        self,
        layout: &ContactLayout,
        info: &TableInfo,
        read: u64,
    ) -> Result<Option<Problem>> {
        let unusable = |found: String, todo: &str| {
            Err(Error::Unusable { file: info.file.clone(), found, todo: todo.into() })
        };
        if info.title_addresses || (info.title_lines > 0 && !layout.header_entries().is_empty()) {
            return unusable(
                "lines of the suppression list have no header and not as many cells as those \
                 below"
                    .into(),
                "put a header such as `Email` above them",
            );
        }
        if read > 0 && self.denying + self.spared == 0 {
            return unusable(
                format!(
                    "none of the {read} rows of the suppression list holds an e-mail address, a \
                     domain or a SHA-256 hash"
                ),
                "name the right column with `--column email=HEADER`, `--column domain=HEADER` or \
                 `--column email-hash=HEADER`",
            );
        }
        let what = match self.spared {
            0 if read > 0 => return Ok(None),
            0 => "the suppression list is empty".to_owned(),
            spared => format!(
                "{spared} of {read} rows of the suppression list keep nobody out of the lists: \
                 their consent columns allow mail"
            ),
        };
        let (file, column) = (info.file.clone(), String::new());
        Ok(Some(Problem { file, line: 0, column, what, record_lost: false, detail: None }))
    }
}
