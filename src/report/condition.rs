//! Conditions on what the reports say of a customer: `--where COLUMN=VALUE`.

use super::{Customers, value};
use crate::columns::{Field, fold_header};

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attribute {
    /// A column of the reports.
    Column(usize),
    /// The column of the size; numbers and bands are compared as such.
    Size(usize),
    /// The sub-segment, printed or derived.
    SubSegment,
}

impl Customers {
    /// What a name stands for: a header of the reports in any spelling, or the word of a field,
    /// such as `size`, `industry` or `sub-segment`.
    pub(crate) fn attribute(&self, name: &str) -> Option<Attribute> {
        let folded = fold_header(name);
        let field = Field::ALL.iter().copied().find(|field| fold_header(field.word()) == folded);
        let field = if folded == "size" { Some(Field::OrgSize) } else { field };
        let of_field = || field.and_then(|field| self.columns.of_field(field));
        let column = self.columns.find(name).or_else(of_field);
        let field = column.map_or(field, |column| self.columns.field(column));
        match (field, column) {
            (Some(Field::SubSegment), _) => Some(Attribute::SubSegment),
            (Some(Field::OrgSize), Some(column)) => Some(Attribute::Size(column)),
            (_, column) => column.map(Attribute::Column),
        }
    }

    /// Whether a customer, by its position in the list, has a value, be it one of several; case
    /// does not count.
    pub(crate) fn has(&self, customer: usize, attribute: Attribute, asked: &str) -> bool {
        match attribute {
            Attribute::Column(column) => {
                let cell = self.columns.cell(customer, column);
                fold(cell) == fold(asked) || cell.split("; ").any(|one| fold(one) == fold(asked))
            }
            Attribute::Size(column) => {
                let cell = self.columns.cell(customer, column);
                let lies_within = |(least, most)| {
                    value::size(asked).is_some_and(|(from, to)| from <= least && most <= to)
                };
                fold(cell) == fold(asked) || value::size(cell).is_some_and(lies_within)
            }
            Attribute::SubSegment => {
                let held = &self.list[customer].sub_segment;
                let plain = held.strip_suffix(super::DERIVED).unwrap_or(held);
                fold(held) == fold(asked) || fold(plain) == fold(asked)
            }
        }
    }
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}
