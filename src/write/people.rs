//! The rows of a file as people read them: the columns that they need, under readable headings, with
//! the phrases of this program in the language of the reader.

use std::borrow::Cow;

use super::row::{Cell, Rows};
use crate::{
    language::Texts,
    result::column::{Book, File, Heading},
};

/// Some columns of the rows of a file.
pub(super) struct ForPeople<'p> {
    rows: &'p dyn Rows,
    book: &'static Book,
    texts: &'p Texts,
    /// The place of each column among those of the file, and its heading.
    columns: Vec<(usize, Heading<'p>)>,
}

impl<'p> ForPeople<'p> {
    /// The columns of the workbook of a file.
    pub(super) fn new(
        file: &'static File,
        book: &'static Book,
        rows: &'p dyn Rows,
        texts: &'p Texts,
    ) -> ForPeople<'p> {
        let headings = rows.headings();
        let chosen = |name: &&'static str| {
            let is_it = |heading: &Heading<'_>| heading.name == *name;
            // a report may have a column with the name of one of ours: those behind it are the last
            let is_behind = file.behind.iter().any(|column| column.name == *name);
            let at = if is_behind {
                headings.iter().rposition(is_it)
            } else {
                headings.iter().position(is_it)
            }?;
            let label = texts.heading(name).unwrap_or(name).to_owned();
            Some((at, Heading { name: label.into(), kind: headings[at].kind }))
        };
        let columns = book.columns.iter().filter_map(chosen).collect();
        ForPeople { rows, book, texts, columns }
    }
}

impl Rows for ForPeople<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        self.columns.iter().map(|(_, heading)| heading.clone()).collect()
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let mut all = Vec::new();
        self.rows.fill(at, &mut all);
        row.extend(self.columns.iter().map(|(at, heading)| {
            match std::mem::replace(&mut all[*at], Cell::BLANK) {
                Cell::Text(text) if heading.kind.is_ours() => {
                    Cell::Text(self.texts.say(&text).map_or(text, Cow::Owned))
                }
                cell => cell,
            }
        }));
    }

    fn frozen(&self) -> usize {
        self.book.frozen
    }
}

/// Rows in another order.
pub(super) struct Ordered<'o> {
    pub(super) rows: &'o dyn Rows,
    pub(super) order: Vec<usize>,
}

impl Rows for Ordered<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        self.rows.headings()
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        self.rows.fill(self.order[at], row);
    }
}
