//! Values of reports: amounts, sizes.

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
