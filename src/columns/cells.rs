//! What the cells of a column hold, where its header does not tell.

use rustc_hash::FxHashSet;

use super::object::{Column, File};
use crate::text::address::addresses;

/// The e-mail addresses in a column of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Addresses {
    /// Filled cells.
    filled: usize,
    /// Cells that hold an address.
    holding: usize,
    /// Different cells among these.
    distinct: usize,
}

impl Addresses {
    fn of(file: &File, at: usize) -> Addresses {
        let mut different = FxHashSet::default();
        let (mut filled, mut holding) = (0, 0);
        for cell in file.filled(at) {
            filled += 1;
            if holds_address(cell) {
                holding += 1;
                different.insert(cell.to_lowercase());
            }
        }
        Addresses { filled, holding, distinct: different.len() }
    }

    /// Whether most cells are addresses, and of many people: a colleague's address, the owner's,
    /// stands on many rows.
    fn are_of_people(self) -> bool {
        self.holding * 2 > self.filled && (self.holding < 4 || self.distinct * 2 > self.holding)
    }
}

/// Whether a cell holds an e-mail address, in whatever way it is written.
pub(super) fn holds_address(cell: &str) -> bool {
    addresses(cell).iter().any(|of| of.split_once('@').is_some_and(|(_, host)| host.contains('.')))
}

/// The column that holds the e-mail addresses of the people of a file: the one with the most
/// different addresses, the first among equals. Those in `taken` stand for something else.
pub(super) fn email_column(file: &File, taken: &[usize]) -> Option<usize> {
    let free = |column: &&Column| {
        !taken.contains(&column.at)
            && !column.related
            && !column.reserved
            && column.object.is_none()
    };
    let with_count = file.columns.iter().filter(free).filter_map(|column| {
        let addresses = Addresses::of(file, column.at);
        addresses.are_of_people().then_some((addresses.distinct, column.at))
    });
    with_count.max_by_key(|(distinct, at)| (*distinct, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

/// Whether a column names the companies of people: one company stands on several rows, each with
/// an address of its own.
pub(super) fn repeats_next_to_addresses(file: &File, company: usize, email: usize) -> bool {
    let (mut companies, mut addresses) = (FxHashSet::default(), FxHashSet::default());
    let mut rows = 0;
    for row in file.sample.rows() {
        let (company, address) = (row.cell(company), row.cell(email));
        if !company.is_empty() && holds_address(address) {
            rows += 1;
            companies.insert(company.to_lowercase());
            addresses.insert(address.to_lowercase());
        }
    }
    companies.len() * 10 <= rows * 8 && addresses.len() * 10 > rows * 8
}

/// Whether the cells of a column repeat: one on several rows, in a fifth of them or more.
pub(super) fn repeats(file: &File, at: usize) -> bool {
    let mut different = FxHashSet::default();
    let cells = file.filled(at).inspect(|cell| {
        different.insert(cell.to_lowercase());
    });
    let filled = cells.count();
    different.len() * 10 <= filled * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_addresses_in_the_ways_that_exports_write_them() {
        for (cell, want) in [
            ("ada@contoso.com", true),
            ("Ada Lund <ada@contoso.com>", true),
            ("mailto:ada@contoso.com", true),
            ("[\"ada@contoso.com\"]", true),
            ("ada@contoso.com; kim@contoso.com", true),
            ("ada (at) contoso.com", true),
            ("@contoso", false),
            ("contoso.com", false),
            ("asked @ the fair.", false),
            ("", false),
        ] {
            assert_eq!(holds_address(cell), want, "cell: {cell:?}");
        }
    }
}
