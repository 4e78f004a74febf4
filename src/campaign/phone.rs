//! Telephone numbers in the international form, E.164.

/// How numbers of a country begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallingCode {
    /// The country's calling code, without a plus.
    pub(crate) code: String,
    /// What a national number begins with and drops in the international form; empty for nothing.
    pub(crate) trunk: String,
}

/// A number as typed in the international form, `+49301234567`; `None` where the country is not
/// known, or there are too few or too many digits.
pub(crate) fn e164(raw: &str, country: Option<&CallingCode>) -> Option<String> {
    let plain: String = raw
        .chars()
        .map(|c| match c {
            '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + '0' as u32).unwrap_or(c),
            '＋' => '+',
            c => c,
        })
        .collect();
    let plain = plain.trim().trim_start_matches('\'');
    let number = plain.split(|c: char| c.is_alphabetic() || c == '#').next()?; // an extension
    let number = number.replace("(0)", "");
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let international = if number.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        let country = country?;
        let national = digits.strip_prefix(country.trunk.as_str()).unwrap_or(&digits);
        format!("{}{national}", country.code)
    };
    let is_possible = (8..=15).contains(&international.len()) && !international.starts_with('0');
    is_possible.then(|| format!("+{international}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_international() {
        let country =
            |code: &str, trunk: &str| CallingCode { code: code.into(), trunk: trunk.into() };
        let (germany, italy, japan) = (country("49", "0"), country("39", ""), country("81", "0"));
        for (raw, of, want) in [
            ("+49 (0)30 / 123-456", None, Some("+4930123456")),
            ("0049 30 123456", None, Some("+4930123456")),
            ("030 123456", Some(&germany), Some("+4930123456")),
            ("06 1234 5678", Some(&italy), Some("+390612345678")), // Italy keeps the nought
            ("０３-１２３４-５６７８", Some(&japan), Some("+81312345678")),
            ("'+49 30 123456", None, Some("+4930123456")),
            ("+49 30 123456 ext. 12", None, Some("+4930123456")),
            ("030 123456", None, None),
            ("12", Some(&germany), None),
            ("n/a", Some(&germany), None),
            ("", Some(&germany), None),
        ] {
            assert_eq!(e164(raw, of).as_deref(), want, "raw: {raw:?}");
        }
    }
}
