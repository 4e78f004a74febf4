//! Mailchimp: an audience with tags.

use crate::campaign::system::{Campaign, Order, Sheet, people};

const HEADER: [&str; 8] = [
    "Email Address",
    "First Name",
    "Last Name",
    "Phone Number",
    "Company",
    "Job Title",
    "Country",
    "Tags",
];

/// The bytes of a text field.
const TEXT_BYTES: usize = 255;
/// The characters of a tag.
const TAG_CHARACTERS: usize = 100;

pub(crate) fn audience(order: &Order<'_>, campaign: &Campaign) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    let tags = tags(&[&campaign.label(), &campaign.area, &campaign.cohort, &campaign.cluster]);
    let mut cut = 0;
    for (person, _) in people(order, campaign) {
        let (local, _) = person.email.rsplit_once('@').unwrap_or((&person.email, ""));
        if !local.is_ascii() {
            sheet.leave_out("the address has other letters than ASCII before the @");
            continue;
        }
        let texts = [
            &person.first_name,
            &person.last_name,
            &person.phone,
            &person.account_name,
            &person.job_title,
        ];
        cut += usize::from(texts.iter().any(|text| text.len() > TEXT_BYTES));
        let mut row = vec![person.email.clone()];
        row.extend(texts.into_iter().map(|text| to_bytes(text, TEXT_BYTES).to_owned()));
        row.push(order.rules.country(&person.country));
        row.push(tags.clone());
        sheet.rows.push(row);
    }
    sheet.check_rows(cut, "had a text cut to 255 bytes");
    sheet
}

/// A text cut to so many bytes, between characters.
fn to_bytes(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

/// Tags as one cell holds them: parted by commas, quoted where they hold one, each once.
fn tags(tags: &[&str]) -> String {
    let mut cells: Vec<String> = Vec::new();
    for tag in tags {
        let tag: String = tag.replace('"', "'").chars().take(TAG_CHARACTERS).collect();
        let tag = tag.trim();
        let cell = if tag.contains(',') { format!("\"{tag}\"") } else { tag.to_owned() };
        if !tag.is_empty() && !cells.contains(&cell) {
            cells.push(cell);
        }
    }
    cells.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_commas_are_quoted() {
        assert_eq!(
            tags(&["D365 - AX Customer, No BC - Act Now", "D365", "D365", ""]),
            "\"D365 - AX Customer, No BC - Act Now\",D365"
        );
        assert_eq!(tags(&[&"x".repeat(120)]).len(), 100);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        let name = "山".repeat(100);
        assert_eq!(to_bytes(&name, 255), "山".repeat(85));
        assert_eq!(to_bytes(&format!("x{name}"), 255).len(), 253);
        assert_eq!(to_bytes("Müller", 255), "Müller");
    }
}
