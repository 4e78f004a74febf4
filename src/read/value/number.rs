//! Numbers: decimal commas and points, grouping, currency signs.

use super::folded;

/// The sign between whole and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecimalMark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// A column of numbers: observed first, then read with one decimal mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NumberColumn {
    /// Cells that fit only with a decimal point.
    point: u64,
    /// Cells that fit only with a decimal comma.
    comma: u64,
    /// Cells such as `1.234`, with one point and three digits after it.
    either_point: u64,
    /// Cells such as `1,234`.
    either_comma: u64,
}

impl DecimalMark {
    fn signs(self) -> (char, char) {
        match self {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        }
    }

    /// Reads a cell as hundredths, rounded half away from zero; none for what is no number with
    /// this mark, for exponents and for what 64 bits do not hold.
    pub(crate) fn parse(self, cell: &str) -> Option<i64> {
        let (negative, number) = bare(&folded(cell))?;
        let (mark, grouping) = self.signs();
        let (whole, fraction) = number.split_once(mark).unwrap_or((&number, ""));
        if fraction.contains(['.', ',']) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let mut groups = whole.split(grouping);
        let first = groups.next()?;
        let rest: Vec<&str> = groups.collect();
        // Two digits: lakhs, as India groups (12,34,567).
        let grouped = rest.iter().all(|group| matches!(group.len(), 2 | 3))
            && rest.last().is_none_or(|last| last.len() == 3)
            && (rest.is_empty() || (1..=3).contains(&first.len()));
        if !grouped {
            return None;
        }
        let digits: String = std::iter::once(first).chain(rest).collect();
        let whole: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let hundredths = whole.checked_mul(100)?.checked_add(hundredths(fraction)?)?;
        Some(if negative { -hundredths } else { hundredths })
    }
}

impl NumberColumn {
    /// Takes in what a cell says about the decimal mark.
    pub(crate) fn observe(&mut self, cell: &str) {
        let Some((_, number)) = bare(&folded(cell)) else { return };
        let points = number.matches('.').count();
        let commas = number.matches(',').count();
        let Some(last) = number.rfind(['.', ',']) else { return };
        let last_is_point = number[last..].starts_with('.');
        let three_follow = number.len() - last == 4;
        let counter = match (points, commas) {
            (1.., 1..) if last_is_point => &mut self.point,
            (1.., 1..) => &mut self.comma,
            (2.., _) => &mut self.comma,
            (_, 2..) => &mut self.point,
            _ if three_follow && last > 0 && !number.starts_with('0') && last <= 3 => {
                if last_is_point {
                    &mut self.either_point
                } else {
                    &mut self.either_comma
                }
            }
            _ if last_is_point => &mut self.point,
            _ => &mut self.comma,
        };
        *counter += 1;
    }

    /// The mark for all cells: that of the cells which fit only one way; else a sign before
    /// three digits is grouping, since amounts have two decimals.
    pub(crate) fn decide(&self) -> DecimalMark {
        let comma = match self.comma.cmp(&self.point) {
            std::cmp::Ordering::Equal => self.either_point > self.either_comma,
            order => order.is_gt(),
        };
        if comma { DecimalMark::Comma } else { DecimalMark::Point }
    }

    /// Whether the mark had to be guessed.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.either_point + self.either_comma > 0 && self.point == self.comma
    }

    /// Whether some cells fit only one way and others only the other.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.point > 0 && self.comma > 0
    }

    /// Reads a cell with the decided mark, as hundredths.
    pub(crate) fn parse(&self, cell: &str) -> Option<i64> {
        self.decide().parse(cell)
    }
}

/// Whether a number is negative, and its digits, points and commas.
fn bare(cell: &str) -> Option<(bool, String)> {
    let inside = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let text = inside.unwrap_or(cell);
    let start = text.find(|c: char| c.is_ascii_digit() || ".,".contains(c))?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    if start > end {
        return None;
    }
    let (before, after) = (text[..start].trim(), text[end..].trim());
    let minus = before.contains('-') || after.contains('-');
    let currency = |around: &str| around.trim_matches(['-', '+', ' ', '\'', ',', '.']).to_owned();
    if !is_currency(&currency(before)) || !is_currency(&currency(after)) {
        return None;
    }
    let digits: String =
        text[start..end].chars().filter(|c| !matches!(c, ' ' | '\'' | '\u{2019}')).collect();
    let sound = digits.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    sound.then_some((minus || inside.is_some(), digits))
}

/// Whether text around a number is nothing, a currency sign or a currency's code.
fn is_currency(text: &str) -> bool {
    let code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let sign = text.chars().all(|c| "$€£¥円元₹₽₺₩₴₪฿₫".contains(c));
    // R$, US$, HK$, CA$
    let dollar = text.strip_suffix('$').is_some_and(|front| {
        front.len() <= 2 && front.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    let word = matches!(text, "Fr" | "kr" | "zł" | "Kč" | "Ft" | "lei" | "руб" | "SFr" | "Euro");
    code || sign || dollar || word
}

/// The first two digits of a fraction, rounded by the third.
fn hundredths(fraction: &str) -> Option<i64> {
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |byte| i64::from(byte - b'0'));
    let sound = fraction.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_the_mark_of_their_column() {
        use DecimalMark::{Comma, Point};
        for (cell, mark, want) in [
            ("1234", Point, Some(123_400)),
            ("1,234.50", Point, Some(123_450)),
            ("1.234,50", Comma, Some(123_450)),
            ("1.234", Comma, Some(123_400)),
            ("1.234", Point, Some(123)),
            ("12,34,567.00", Point, Some(123_456_700)),
            ("1'234.5", Point, Some(123_450)),
            ("1 234,5", Comma, Some(123_450)),
            ("1\u{202f}234,56 €", Comma, Some(123_456)),
            ("$1,234.99", Point, Some(123_499)),
            ("USD 12", Point, Some(1_200)),
            ("R$ 1.234,50", Comma, Some(123_450)),
            ("CHF 1\u{2019}234.50", Point, Some(123_450)),
            ("1 234,50 Kč", Comma, Some(123_450)),
            ("-0.5", Point, Some(-50)),
            ("-$5", Point, Some(-500)),
            ("(12.00)", Point, Some(-1_200)),
            (".5", Point, Some(50)),
            ("１２３", Point, Some(12_300)),
            ("0.125", Point, Some(13)),
            ("12,5", Point, None), // five is no group of three
            ("1.23E+05", Point, None),
            ("10K", Point, None),
            ("10 - 20", Point, None),
            ("", Point, None),
            ("n/a", Point, None),
            ("99999999999999999999", Point, None),
        ] {
            assert_eq!(mark.parse(cell), want, "cell: {cell:?} with {mark:?}");
        }
    }

    #[test]
    fn the_decimal_mark_is_decided_for_the_column() {
        use DecimalMark::{Comma, Point};
        for (cells, mark, ambiguous) in [
            (&["1.234", "17,50"][..], Comma, false),
            (&["1,234", "17.50"], Point, false),
            (&["1.234"], Comma, true), // amounts have two decimals: grouping
            (&["1,234"], Point, true),
            (&["1.234.567"], Comma, false),
            (&["0.125"], Point, false),
            (&["12"], Point, false),
        ] {
            let mut column = NumberColumn::default();
            cells.iter().for_each(|cell| column.observe(cell));
            assert_eq!(column.decide(), mark, "cells: {cells:?}");
            assert_eq!(column.is_ambiguous(), ambiguous, "cells: {cells:?}");
        }
    }
}
