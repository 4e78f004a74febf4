//! Dates: ISO, American, German and Japanese forms, date-times, serial numbers of spreadsheets.

use jiff::civil::Date;

use super::folded;

/// Days of a spreadsheet's serial number that are taken for dates: 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// What comes first where day and month are both written as numbers before the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// `25/12/2026`
    DayFirst,
    /// `12/25/2026`
    MonthFirst,
}

/// A column of dates: observed first, then read in one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DateColumn {
    /// Cells that fit only with the day first.
    day_first: u64,
    /// Cells that fit only with the month first.
    month_first: u64,
    /// Cells that fit both ways and mean two different days.
    either: u64,
    /// Of those, cells with hyphens, which America does not write.
    hyphens: u64,
}

/// The parts of a date before its order is decided.
enum Parts {
    /// Year, month and day are clear.
    Clear(Date),
    /// Two numbers before a year.
    Open { first: i8, second: i8, year: i16, separator: char },
}

impl DateOrder {
    /// Reads a cell in this order; none for what is no date in it.
    pub(crate) fn parse(self, cell: &str) -> Option<Date> {
        match parts(&folded(cell))? {
            Parts::Clear(date) => Some(date),
            Parts::Open { first, second, year, .. } => match self {
                DateOrder::DayFirst => Date::new(year, second, first).ok(),
                DateOrder::MonthFirst => Date::new(year, first, second).ok(),
            },
        }
    }
}

impl DateColumn {
    /// Whether a cell holds a date, in whatever order.
    pub(crate) fn is_date(cell: &str) -> bool {
        parts(&folded(cell)).is_some()
    }

    /// Takes in what a cell says about the order.
    pub(crate) fn observe(&mut self, cell: &str) {
        let Some(Parts::Open { first, second, separator, .. }) = parts(&folded(cell)) else {
            return;
        };
        match (first > 12, second > 12) {
            (true, false) => self.day_first += 1,
            (false, true) => self.month_first += 1,
            (false, false) if first != second => {
                self.either += 1;
                self.hyphens += u64::from(separator == '-');
            }
            _ => {}
        }
    }

    /// The order for all cells: that of the cells which fit only one way, where there are such;
    /// else the month first, except with hyphens.
    pub(crate) fn decide(&self) -> DateOrder {
        let day_first = match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Equal => self.hyphens * 2 > self.either,
            order => order.is_gt(),
        };
        if day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst }
    }

    /// Whether the order had to be guessed: cells fit both ways and no cell fits only one.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.either > 0 && self.day_first == self.month_first
    }

    /// Whether some cells fit only one way and others only the other.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }

    /// Reads a cell in the decided order.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn parse(&self, cell: &str) -> Option<Date> {
        self.decide().parse(cell)
    }
}

fn parts(cell: &str) -> Option<Parts> {
    if let Some(date) = serial(cell) {
        return Some(Parts::Clear(date));
    }
    if cell.chars().any(char::is_alphabetic)
        && let Some(date) = with_month_name(cell)
    {
        return Some(Parts::Clear(date));
    }
    let (first, separator, rest) = number(cell)?;
    let (second, same, rest) = number(rest)?;
    let (third, after, _) = number(rest)?;
    if after.is_some_and(|after| !" T日,".contains(after)) {
        return None;
    }
    match (separator?, same?) {
        ('年', '月') => clear(first, second, third),
        ('-' | '/' | '.', same) if Some(same) != separator => None,
        ('-' | '/' | '.', _) if first.1 == 4 => clear(first, second, third),
        ('.', _) => clear((year(third)?.into(), 4), second, first),
        ('-' | '/', _) if first.1 <= 2 && second.1 <= 2 => Some(Parts::Open {
            first: day_or_month(first)?,
            second: day_or_month(second)?,
            year: year(third)?,
            separator: separator?,
        }),
        _ => None,
    }
}

/// A number with its count of digits.
type Digits = (i64, usize);

/// The number at the start, the sign after it and what follows the sign.
fn number(text: &str) -> Option<(Digits, Option<char>, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let value = text[..end].parse().ok()?;
    let after = text[end..].chars().next();
    Some(((value, end), after, &text[end + after.map_or(0, char::len_utf8)..]))
}

fn clear(year: Digits, month: Digits, day: Digits) -> Option<Parts> {
    let (year, month) = (i16::try_from(year.0).ok()?, i8::try_from(month.0).ok()?);
    Date::new(year, month, i8::try_from(day.0).ok()?).ok().map(Parts::Clear)
}

fn day_or_month((value, _): Digits) -> Option<i8> {
    i8::try_from(value).ok().filter(|value| (1..=31).contains(value))
}

/// A year of four digits, or of two: 69 is 1969, 68 is 2068.
fn year((value, digits): Digits) -> Option<i16> {
    match digits {
        4 => i16::try_from(value).ok(),
        2 if value < 69 => i16::try_from(2000 + value).ok(),
        2 => i16::try_from(1900 + value).ok(),
        _ => None,
    }
}

/// `45943`, `45943.5`, `20261121`.
fn serial(cell: &str) -> Option<Date> {
    let (whole, fraction) = cell.split_once(['.', ',']).unwrap_or((cell, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = whole.len();
    let value: i64 =
        whole.bytes().all(|byte| byte.is_ascii_digit()).then_some(whole)?.parse().ok()?;
    if digits == 8 && fraction == "0" {
        let parts = clear((value / 10_000, 4), (value / 100 % 100, 2), (value % 100, 2))?;
        return if let Parts::Clear(date) = parts { Some(date) } else { None };
    }
    let days = jiff::Span::new().try_days(SERIALS.contains(&value).then_some(value)?).ok()?;
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

/// `21 Nov 2026`, `Nov 21, 2026`, `21. Dezember 2026`, `21-Nov-26`, `21 de noviembre de 2026`.
fn with_month_name(cell: &str) -> Option<Date> {
    let of = ["", "de", "del", "di"];
    let words = cell.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !of.contains(&word.to_lowercase().as_str()));
    let (first, second, third) = (words.next()?, words.next()?, words.next()?);
    let (day, month) = match month_named(first) {
        Some(month) => (second, month),
        None => (first, month_named(second)?),
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    let year = year((third.parse().ok()?, third.len()))?;
    Date::new(year, month, day).ok()
}

/// The month whose name a word begins, in English, German, French, Spanish, Italian, Portuguese or
/// Dutch.
fn month_named(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let start: String = word.chars().take(3).collect();
    let names = "jan feb mar apr may jun jul aug sep oct nov dec";
    let start = match start.as_str() {
        "jui" if word.starts_with("juil") => "jul",
        "jui" | "giu" => "jun",
        "ene" | "gen" => "jan",
        "fév" | "fev" => "feb",
        "mär" | "mrz" | "mrt" | "maa" => "mar",
        "avr" | "abr" => "apr",
        "mai" | "mag" | "mei" => "may",
        "lug" => "jul",
        "aoû" | "aou" | "ago" => "aug",
        "set" => "sep",
        "okt" | "ott" | "out" => "oct",
        "dez" | "déc" | "dic" => "dec",
        other => other,
    };
    let at = names.split(' ').position(|name| name == start)?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_clear_by_themselves_are_read_in_any_column() {
        for (cell, want) in [
            ("2026-11-21", "2026-11-21"),
            ("2026-11-21T15:23:15.000Z", "2026-11-21"),
            ("2023-05-29 00:00:00", "2023-05-29"),
            ("2026/11/21", "2026-11-21"),
            ("2026/1/2 14:05", "2026-01-02"),
            ("2026年11月21日", "2026-11-21"),
            ("２０２６年１１月２１日", "2026-11-21"), // full-width digits
            ("2026年1月2日 10:00", "2026-01-02"),
            ("21.11.2026", "2026-11-21"),
            ("3.4.26", "2026-04-03"),
            ("21.11.2026 14:05", "2026-11-21"),
            ("20261121", "2026-11-21"),
            ("45943", "2025-10-13"),
            ("45943.5", "2025-10-13"),
            ("45943,5", "2025-10-13"),
            ("21 Nov 2026", "2026-11-21"),
            ("Nov 21, 2026", "2026-11-21"),
            ("21-Nov-26", "2026-11-21"),
            ("21. Dezember 2026", "2026-12-21"),
            ("1er août 2026", "2026-08-01"),
            ("21 juin 2026", "2026-06-21"),
            ("21 juillet 2026", "2026-07-21"),
            ("21 déc. 2026", "2026-12-21"),
            ("21 de noviembre de 2026", "2026-11-21"),
            ("21-ene-2026", "2026-01-21"),
            ("21 settembre 2026", "2026-09-21"),
            ("21 luglio 2026", "2026-07-21"),
            ("21 mrt 2026", "2026-03-21"),
        ] {
            let date = DateColumn::default().parse(cell).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(want), "cell: {cell:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for cell in [
            "",
            "-",
            "soon",
            "2026-13-01",
            "31.02.2026",
            "12",
            "4711",
            "1/2",
            "1/2/3",
            "99/99/2026",
            "10-12-14-16",
            "1.5",
        ] {
            assert_eq!(DateColumn::default().parse(cell), None, "cell: {cell:?}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_decided_for_the_column() {
        use DateOrder::{DayFirst, MonthFirst};
        for (cells, order, ambiguous, contradictory) in [
            (&["03/04/2026", "25/04/2026"][..], DayFirst, false, false),
            (&["03/04/2026", "04/25/2026"], MonthFirst, false, false),
            (&["02/23/26"], MonthFirst, false, false),
            (&["09-06-2026 16:14", "10-07-2026"], DayFirst, true, false),
            (&["03/04/2026"], MonthFirst, true, false),
            (&["03/03/2026"], MonthFirst, false, false), // the same day both ways
            (&["25/04/2026", "26/04/2026", "04/25/2026"], DayFirst, false, true),
        ] {
            let mut column = DateColumn::default();
            cells.iter().for_each(|cell| column.observe(cell));
            assert_eq!(column.decide(), order, "cells: {cells:?}");
            assert_eq!(column.is_ambiguous(), ambiguous, "cells: {cells:?}");
            assert_eq!(column.is_contradictory(), contradictory, "cells: {cells:?}");
        }
    }

    #[test]
    fn a_cell_is_never_read_against_the_order_of_its_column() {
        assert_eq!(DateOrder::DayFirst.parse("04/25/2026"), None);
        let date = DateOrder::DayFirst.parse("03/04/2026").map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some("2026-04-03"));
    }
}
