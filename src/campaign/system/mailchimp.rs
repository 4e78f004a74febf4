//! Mailchimp: an audience with tags.

use crate::campaign::system::{Audience, Campaign, Member, Order, Sheet};

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

pub(crate) fn contacts(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    let mut cut = 0;
    for member in audience.people(order) {
        let person = member.person;
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
        row.push(tags(&tags_of(&member)));
        sheet.rows.push(row);
    }
    sheet.check_rows(cut, "had a text cut to 255 bytes");
    sheet
}

/// The campaigns of a person, then their solution areas, cohorts and clusters.
fn tags_of(member: &Member<'_, '_>) -> Vec<String> {
    let mut tags = member.values(Campaign::label);
    tags.extend(member.values(|campaign| campaign.area.clone()));
    tags.extend(member.values(|campaign| campaign.cohort.clone()));
    tags.extend(member.values(|campaign| campaign.cluster.clone()));
    tags
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
fn tags(tags: &[impl AsRef<str>]) -> String {
    let mut cells: Vec<String> = Vec::new();
    for tag in tags {
        let tag: String = tag.as_ref().replace('"', "'").chars().take(TAG_CHARACTERS).collect();
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
