//! Headers as typed to headers that can be compared.

use unicode_normalization::UnicodeNormalization;

/// A header reduced to what two spellings of it share: compatibility forms unified, small letters,
/// without blanks, underscores and punctuation (so also without a final `*` and with full-width
/// brackets equal to plain ones). `<`, `>` and `+` stay, because cohorts differ by them alone.
pub(crate) fn fold_header(header: &str) -> String {
    let stays = |letter: &char| letter.is_alphanumeric() || matches!(letter, '<' | '>' | '+');
    match header.is_ascii() {
        // has one form only, and is by far the most common
        true => header.chars().filter(stays).map(|letter| letter.to_ascii_lowercase()).collect(),
        false => header.nfkc().flat_map(char::to_lowercase).filter(stays).collect(),
    }
}

/// Whether the header names a column of a related record, `Field (Lookup) (Table)`.
pub(crate) fn is_related(header: &str) -> bool {
    let mut rest = header.trim();
    for _ in 0..2 {
        let Some(inner) = rest.strip_suffix([')', '）']) else { return false };
        let Some(open) = inner.rfind(['(', '（']) else { return false };
        rest = inner[..open].trim_end();
    }
    !rest.is_empty()
}

/// Whether the logical name is that of a related record's column, `<guid>.<field>`.
pub(crate) fn is_related_logical(name: &str) -> bool {
    name.contains('.')
}

/// Whether the header is one of the three that an export keeps to itself,
/// `(Do Not Modify) Account` in any language.
pub(crate) fn is_reserved(header: &str) -> bool {
    let header = header.trim();
    header.starts_with(['(', '（'])
        && header.find([')', '）']).is_some_and(|end| header[end..].chars().count() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_header_fold_to_the_same() {
        for (one, other) in [
            ("MPN ID", "MPNId"),
            ("\u{feff}Id", "ID"),
            ("Organization - Name*", "organization - name"),
            ("Organization - Website ", "Organization - Website"),
            ("Account_Name.id", "Account Name.id"),
            ("Billing Address - State / Province", "Billing Address State/Province"),
            ("Ｗｅｂ サイト", "Web サイト"),
            ("Under-penetrated", "Underpenetrated"),
        ] {
            assert_eq!(fold_header(one), fold_header(other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn related_columns_are_recognised_by_two_brackets_at_the_end() {
        for (header, want) in [
            ("Email (Primary Contact) (Contact)", true),
            ("E-Mail (Primärer Kontakt) (Kontakt)", true),
            ("(Do Not Modify) Account", false),
            ("MS Top Parent ID (TPID)", false),
            ("国(請求先)", false),
            ("(a) (b)", false),
        ] {
            assert_eq!(is_related(header), want, "header: {header:?}");
        }
    }

    #[test]
    fn headers_are_equal_but_for_case_blanks_and_width() {
        assert_eq!(fold_header("\u{feff}Sub Segment"), fold_header("SubSegment"));
        assert_eq!(fold_header("国（請求先）"), fold_header("国(請求先)"));
        assert_ne!(fold_header("D365_>300 Employees"), fold_header("D365_<300 Employees"));
    }
}
