//! Values of reports: dates, amounts, sizes.

use jiff::civil::Date;

use crate::read::value::{DateColumn, DateOrder, DecimalMark, NumberColumn};

/// How the dates and amounts of one file are written: the order of day and month, and the decimal
/// mark, are decided once for a whole column.
pub(super) struct Written {
    dates: DateColumn,
    amounts: NumberColumn,
    order: DateOrder,
}

impl Written {
    /// Decides by all cells. Where the dates leave it open, a decimal comma speaks for the day
    /// first: nobody who writes it puts the month first.
    pub(super) fn of<'a>(
        dates: impl Iterator<Item = &'a str>,
        amounts: impl Iterator<Item = &'a str>,
    ) -> Written {
        let (mut of_dates, mut of_amounts) = (DateColumn::default(), NumberColumn::default());
        dates.for_each(|cell| of_dates.observe(cell));
        amounts.for_each(|cell| of_amounts.observe(cell));
        let has_comma = of_amounts.decide() == DecimalMark::Comma && !of_amounts.is_ambiguous();
        let order = match of_dates.is_ambiguous() && has_comma {
            true => DateOrder::DayFirst,
            false => of_dates.decide(),
        };
        Written { dates: of_dates, amounts: of_amounts, order }
    }

    /// A date.
    pub(super) fn date(&self, cell: &str) -> Option<Date> {
        self.order.parse(cell)
    }

    /// An amount, in hundredths.
    pub(super) fn amount(&self, cell: &str) -> Option<i64> {
        self.amounts.parse(cell)
    }

    /// What is doubtful about the dates, as a lower-case phrase.
    pub(super) fn doubt_of_dates(&self) -> Option<String> {
        let read = match self.order {
            DateOrder::DayFirst => "read with the day first",
            DateOrder::MonthFirst => "read with the month first",
        };
        doubt(self.dates.is_contradictory(), self.dates.is_ambiguous(), read)
    }

    /// What is doubtful about the amounts, as a lower-case phrase.
    pub(super) fn doubt_of_amounts(&self) -> Option<String> {
        let read = match self.amounts.decide() {
            DecimalMark::Point => "read with a decimal point",
            DecimalMark::Comma => "read with a decimal comma",
        };
        doubt(self.amounts.is_contradictory(), self.amounts.is_ambiguous(), read)
    }
}

fn doubt(contradictory: bool, ambiguous: bool, read: &str) -> Option<String> {
    match (contradictory, ambiguous) {
        (true, _) => Some(format!("the cells of the column contradict each other: {read}")),
        (_, true) => Some(format!("the column can be read in two ways: {read}")),
        _ => None,
    }
}

/// An amount in hundredths as it is written: with a point, without grouping.
pub(super) fn amount_text(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match part {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

/// The least and the most employees that a cell gives: `1,200`, `25-299`, `300+`, `<25`.
pub(super) fn size(cell: &str) -> Option<(u64, u64)> {
    let cell = cell.trim();
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let letters: Vec<char> = cell.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        if letter.is_ascii_digit() {
            digits.push(*letter);
        } else if matches!(letter, ',' | '.' | '\u{a0}' | '\'') && groups_thousands(&letters, at) {
            continue;
        } else if !digits.is_empty() {
            numbers.push(digits.parse::<u64>().ok()?);
            digits.clear();
        }
    }
    if !digits.is_empty() {
        numbers.push(digits.parse().ok()?);
    }
    let has = |words: &[&str]| words.iter().any(|word| cell.to_lowercase().contains(word));
    match numbers.as_slice() {
        [least, most] if least <= most && !has(&["jan", "feb", "mar", "apr"]) => {
            Some((*least, *most))
        }
        [one] if has(&["+", ">=", "≥", "or more", "and more", "und mehr", "oder mehr", "以上"]) => {
            Some((*one, u64::MAX))
        }
        [one] if cell.starts_with('>') || has(&["more than", "über", "over"]) => {
            Some((one + 1, u64::MAX))
        }
        [one] if has(&["<=", "≤", "up to", "bis"]) => Some((1, *one)),
        [one] if cell.starts_with('<') || has(&["less than", "unter", "under"]) => {
            Some((1, one.saturating_sub(1)))
        }
        [one] if cell.chars().all(|letter| !letter.is_alphabetic()) => Some((*one, *one)),
        _ => None,
    }
}

/// Whether a mark stands between a digit and exactly three digits.
fn groups_thousands(letters: &[char], at: usize) -> bool {
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    at > 0 && is_digit(at - 1) && (1..=3).all(|next| is_digit(at + next)) && !is_digit(at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_can_be_read_in_two_ways_are_decided_as_a_whole_and_reported() {
        for (dates, amounts, want, doubts) in [
            (["03/04/2027", "25/04/2027"], ["1.5", "2.25"], "2027-04-03", [false, false]),
            (["03/04/2027", "04/25/2027"], ["1,5", "2,25"], "2027-03-04", [false, false]),
            (["03/04/2027", "05/04/2027"], ["1.50", "2.25"], "2027-03-04", [true, false]),
            (["03/04/2027", "05/04/2027"], ["1,50", "2,25"], "2027-04-03", [true, false]),
            (["03/04/2027", "05/04/2027"], ["1.234", "2.500"], "2027-03-04", [true, true]),
            (["03.04.2027", "05.04.2027"], ["1", "2"], "2027-04-03", [false, false]),
        ] {
            let written = Written::of(dates.into_iter(), amounts.into_iter());
            let date = written.date(dates[0]).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(want), "{dates:?}, {amounts:?}");
            let found = [written.doubt_of_dates().is_some(), written.doubt_of_amounts().is_some()];
            assert_eq!(found, doubts, "{dates:?}, {amounts:?}");
        }
    }

    #[test]
    fn sizes_are_numbers_and_bands() {
        for (cell, want) in [
            ("1200", Some((1200, 1200))),
            ("1,200", Some((1200, 1200))),
            ("25-299", Some((25, 299))),
            ("25 – 299 employees", Some((25, 299))),
            ("300+", Some((300, u64::MAX))),
            ("300 or more", Some((300, u64::MAX))),
            (">300", Some((301, u64::MAX))),
            ("<25", Some((1, 24))),
            ("1,000-4,999", Some((1000, 4999))),
            ("Jan 24", None), // 1-24, turned into a date by Excel
            ("Small", None),
            ("", None),
        ] {
            assert_eq!(size(cell), want, "cell: {cell:?}");
        }
    }
}
