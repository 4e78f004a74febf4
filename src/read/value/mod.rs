//! Dates and numbers as they stand in cells.
//!
//! `03/04/2026` and `1.234` mean different things in different files, but one thing in one column:
//! a column is observed first, decided once, and then every cell is read the same way.
//!
//! ```
//! use crm_reconcile::read::value::{DateColumn, NumberColumn};
//!
//! let mut ends = DateColumn::default();
//! let mut revenues = NumberColumn::default();
//! for (end, revenue) in [("03/04/2026", "1.234"), ("25/04/2026", "17,50")] {
//!     ends.observe(end);
//!     revenues.observe(revenue);
//! }
//! assert_eq!(ends.parse("03/04/2026").unwrap().to_string(), "2026-04-03");
//! assert_eq!(revenues.parse("1.234"), Some(123_400)); // hundredths
//! ```

mod date;
mod number;

pub use date::{DateColumn, DateOrder};
pub use number::{DecimalMark, NumberColumn};

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

/// Whether a spreadsheet has turned a long number into an exponent (`2.8E+11`): its last digits
/// are lost, so it is no id any more.
///
/// ```
/// use crm_reconcile::read::value::is_rounded;
///
/// assert!(is_rounded("1.23E+15") && is_rounded("1,23E+15"));
/// assert!(!is_rounded("12E4")); // may be a code
/// ```
pub fn is_rounded(id: &str) -> bool {
    // Nearly all ids are told by their ends: this is asked of each record.
    if !id.bytes().next_back().is_some_and(|last| last.is_ascii_digit()) {
        return false;
    }
    let is_of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-');
    let Some(at) = id.bytes().position(|byte| !is_of_number(byte)) else { return false };
    let (number, exponent) = id.split_at(at);
    let Some(exponent) = exponent.strip_prefix(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let signed = exponent.strip_prefix('+');
    digits(whole.trim_start_matches('-'))
        && digits(fraction)
        && (signed.is_some() || number.contains(['.', ',']))
        && digits(signed.unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_ids_are_told_from_codes() {
        for (id, want) in [
            ("2.8E+11", true),
            ("2,8E+11", true),
            ("1E+12", true),
            ("280000000000", false),
            ("12E4", false), // may be a code
            ("C-1E+3", false),
            ("", false),
        ] {
            assert_eq!(is_rounded(id), want, "id: {id:?}");
        }
    }
}
