//! The month of a report.

use std::fmt;

/// A month. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Period {
    year: i16,
    month: i8,
}

/// English, German and French month names by their first three letters.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb", "fev", "fév"],
    &["mar", "mär", "mrz"],
    &["apr", "avr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aou", "aoû"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "déc"],
];

impl Period {
    /// The period of a year and month; `None` outside 2000 to 2099 and January to December.
    pub(crate) fn new(year: i16, month: i8) -> Option<Period> {
        let is_possible = (2000..2100).contains(&year) && (1..=12).contains(&month);
        is_possible.then_some(Period { year, month })
    }

    /// The period of a day, such as the time of a file.
    pub(crate) fn of(date: jiff::civil::Date) -> Option<Period> {
        Period::new(date.year(), date.month())
    }

    /// Its first day.
    pub(crate) fn first_day(self) -> jiff::civil::Date {
        jiff::civil::date(self.year, self.month, 1)
    }

    /// The period that a text holds: `2026-10`, `2026-10-25`, `202610`, `20261025`, `10-2026`,
    /// `Oct2026`, `2026 October`. The first that fits counts.
    pub(crate) fn find(text: &str) -> Option<Period> {
        let text = text.to_lowercase();
        let parts = parts(&text);
        for at in 0..parts.len() {
            let next = parts.get(at + 1).copied().unwrap_or("");
            let found = joined(parts[at]).or_else(|| apart(parts[at], next));
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Runs of digits and runs of letters.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |letter: char| {
            if first.is_ascii_digit() { letter.is_ascii_digit() } else { letter.is_alphabetic() }
        };
        let end = rest.find(|letter| !same(letter)).unwrap_or(rest.len());
        if end == 0 {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        parts.push(&rest[..end]);
        rest = &rest[end..];
    }
    parts
}

/// `202610` or `20261025`.
fn joined(part: &str) -> Option<Period> {
    if !matches!(part.len(), 6 | 8) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Period::new(part[..4].parse().ok()?, part[4..6].parse().ok()?)
}

/// A year and a month in either order, the month as digits or as a name.
fn apart(one: &str, other: &str) -> Option<Period> {
    let year = |part: &str| if part.len() == 4 { part.parse::<i16>().ok() } else { None };
    if let (Some(year), Some(month)) = (year(one), month(other)) {
        return Period::new(year, month);
    }
    Period::new(year(other)?, month(one)?)
}

fn month(part: &str) -> Option<i8> {
    if matches!(part.len(), 1 | 2)
        && let Ok(number) = part.parse::<i8>()
    {
        return Some(number);
    }
    let named = |names: &[&str]| names.iter().any(|name| part.starts_with(name));
    let at = MONTHS.iter().position(|names| part.len() >= 3 && named(names))?;
    Some(at as i8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_found_in_file_names() {
        for (name, want) in [
            ("M365Propensity_2026-10.csv", Some("2026-10")),
            ("CLASAzurePropensity_20261025.csv", Some("2026-10")),
            ("azure-202610.csv", Some("2026-10")),
            ("Azure Oct2026.xlsx", Some("2026-10")),
            ("Bericht Oktober 2026.csv", Some("2026-10")),
            ("2026_Dec_surface.csv", Some("2026-12")),
            ("renewals 10.2026.csv", Some("2026-10")),
            ("hubspot-2025-01-31.csv", Some("2025-01")),
            ("M365.csv", None),
            ("report1234567890123.csv", None),
            ("Azure_1999-12.csv", None),
        ] {
            let found = Period::find(name).map(|period| period.to_string());
            assert_eq!(found.as_deref(), want, "name: {name:?}");
        }
    }

    #[test]
    fn the_period_of_a_file_is_in_its_name() {
        let period = Period::find("Azure propensity_Oct2026.csv").expect("a month and a year");
        assert_eq!(period.to_string(), "2026-10");
        assert!(Period::find("AzurePropensity.csv").is_none());
    }
}
