//! Dates and numbers as they stand in cells.
//!
//! `03/04/2026` and `1.234` mean different things in different files, but one thing in one column:
//! a column is observed first, decided once, and then every cell is read the same way.

mod date;
mod number;
mod written;

pub(crate) use date::{DateColumn, DateOrder};
pub(crate) use number::{DecimalMark, NumberColumn};
pub(crate) use written::Written;

/// A cell with full-width digits and signs as plain ones, without blanks around it.
fn folded(cell: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2212}' => '-',
        c => c,
    };
    cell.trim().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_decides_how_its_column_is_read() {
        let mut ends = DateColumn::default();
        let mut revenues = NumberColumn::default();
        for (end, revenue) in [("03/04/2026", "1.234"), ("25/04/2026", "17,50")] {
            ends.observe(end);
            revenues.observe(revenue);
        }
        assert_eq!(ends.parse("03/04/2026").unwrap().to_string(), "2026-04-03");
        assert_eq!(revenues.parse("1.234"), Some(123_400)); // hundredths
    }
}
