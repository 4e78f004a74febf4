//! Telephone numbers in the international form, E.164.

use unicode_normalization::UnicodeNormalization;

use crate::text::id::is_rounded;

/// How numbers of a country begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallingCode {
    /// The country's calling code, without a plus.
    pub(crate) code: String,
    /// What a national number begins with and drops in the international form; empty for nothing.
    pub(crate) trunk: String,
}

/// Countries whose numbers keep a nought behind the country's code: Italy with San Marino, and some
/// of Africa.
const KEEP_NOUGHT: [&str; 6] = ["39", "378", "225", "229", "241", "242"];

/// A number as typed in the international form, `+49301234567`, of several in a cell the first that
/// is one; `None` where the country is not known, or there are too few or too many digits.
pub(crate) fn e164(raw: &str, country: Option<&CallingCode>) -> Option<String> {
    if is_rounded(raw.trim()) {
        return None;
    }
    let plain: String = raw.nfkc().collect();
    parts(&plain).into_iter().find_map(|part| international(part, country))
}

/// The numbers of a cell. A stroke parts two only where both sides are long enough.
fn parts(cell: &str) -> Vec<&str> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut parts = Vec::new();
    for part in cell.split([';', ',', '|', '\n']) {
        match part.split_once('/') {
            Some((one, other)) if digits(one) >= 7 && digits(other) >= 7 => {
                parts.extend([one, other]);
            }
            _ => parts.push(part),
        }
    }
    parts
}

/// One number in the international form.
fn international(raw: &str, country: Option<&CallingCode>) -> Option<String> {
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '+' | '(');
    let number = &raw[raw.find(begins)?..]; // `tel:` in front
    let number = number.split(|c: char| c.is_alphabetic() || c == '#').next()?; // an extension
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let whole = if let Some(behind) = number.strip_prefix('+') {
        behind_plus(behind, country, digits)
    } else if let Some(rest) = digits(number).strip_prefix("00") {
        without_trunk(rest, country)
    } else {
        national(&digits(&number.replace("(0)", "0")), country?)
    };
    let is_possible = (8..=15).contains(&whole.len()) && !whole.starts_with('0');
    is_possible.then(|| format!("+{whole}"))
}

/// The digits behind a plus. A nought in brackets, or one that stands apart behind the country's
/// code, is for calls within the country.
fn behind_plus(
    number: &str,
    country: Option<&CallingCode>,
    digits: impl Fn(&str) -> String,
) -> String {
    let apart = number.trim_start().split_once(|c: char| !c.is_ascii_digit());
    if let Some((code, rest)) = apart.filter(|(code, _)| (1..=3).contains(&code.len())) {
        let rest = digits(rest);
        let keeps = KEEP_NOUGHT.contains(&code);
        return format!("{code}{}", if keeps { &rest } else { rest.trim_start_matches('0') });
    }
    without_trunk(&digits(number), country)
}

/// International digits without the digit for calls within the country, where that is known.
fn without_trunk(digits: &str, country: Option<&CallingCode>) -> String {
    let known = country.filter(|country| !KEEP_NOUGHT.contains(&country.code.as_str()));
    let rest = known.and_then(|country| digits.strip_prefix(country.code.as_str()));
    match (known, rest) {
        (Some(country), Some(rest)) => format!("{}{}", country.code, rest.trim_start_matches('0')),
        _ => digits.to_owned(),
    }
}

/// The digits of a number that is dialled within a country, in the international form. One that
/// begins with the country's code and is long enough has it already.
fn national(digits: &str, country: &CallingCode) -> String {
    /// Digits of a national number, at least; in Italy those of a mobile telephone begin with its code.
    const SHORTEST: usize = 8;
    let longer = match country.code.as_str() {
        "39" => 1,
        "7" => 2, // codes of towns in Kazakhstan begin with a 7 too
        _ => 0,
    };
    let rest = digits.strip_prefix(country.code.as_str());
    if rest.is_some_and(|rest| rest.len() >= SHORTEST + longer && country.trunk != country.code) {
        return without_trunk(digits, Some(country));
    }
    let national = digits.strip_prefix(country.trunk.as_str()).unwrap_or(digits);
    format!("{}{national}", country.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_international() {
        let country =
            |code: &str, trunk: &str| CallingCode { code: code.into(), trunk: trunk.into() };
        let (germany, italy, japan) = (country("49", "0"), country("39", ""), country("81", "0"));
        let russia = country("7", "8");
        for (raw, of, want) in [
            ("+49 (0)30 / 123-456", None, Some("+4930123456")),
            ("0049 30 123456", None, Some("+4930123456")),
            ("030 123456", Some(&germany), Some("+4930123456")),
            ("06 1234 5678", Some(&italy), Some("+390612345678")), // Italy keeps the nought
            ("０３-１２３４-５６７８", Some(&japan), Some("+81312345678")),
            ("'+49 30 123456", None, Some("+4930123456")),
            ("+49 30 123456 ext. 12", None, Some("+4930123456")),
            ("+39 (0)6 1234 5678", Some(&italy), Some("+390612345678")),
            ("+39 06 1234 5678", None, Some("+390612345678")),
            ("393 123 4567", Some(&italy), Some("+393931234567")), // a mobile telephone
            ("390612345678", Some(&italy), Some("+390612345678")),
            ("+49 030 123456", None, Some("+4930123456")),
            ("+49030123456", Some(&germany), Some("+4930123456")),
            ("004930123456", Some(&germany), Some("+4930123456")),
            ("4930123456", Some(&germany), Some("+4930123456")),
            ("tel:+4930123456", None, Some("+4930123456")),
            ("Tel. 030 123456", Some(&germany), Some("+4930123456")),
            ("030 123456 / 0171 1234567", Some(&germany), Some("+4930123456")),
            ("030/123456-12", Some(&germany), Some("+493012345612")),
            ("n/a; 030 123456", Some(&germany), Some("+4930123456")),
            ("8 (495) 123-45-67", Some(&russia), Some("+74951234567")),
            ("+7 495 123 45 67", Some(&russia), Some("+74951234567")),
            ("7 495 123 45 67", Some(&russia), Some("+74951234567")),
            ("7172 12 34 56", Some(&russia), Some("+77172123456")), // Kazakhstan
            ("495 123-45-67", Some(&russia), Some("+74951234567")),
            ("4.97314826E+11", Some(&germany), None),
            ("030 123456", None, None),
            ("12", Some(&germany), None),
            ("n/a", Some(&germany), None),
            ("", Some(&germany), None),
        ] {
            assert_eq!(e164(raw, of).as_deref(), want, "raw: {raw:?}");
        }
    }
}
