//! Google Ads: Customer Match. Hashed; explicit consent only; no cluster, cohort or revenue.

use crate::campaign::{
    manifest::sha256,
    phone::e164,
    run::Person,
    system::{Audience, Order, Sheet},
};

const HEADER: [&str; 6] = ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"];

/// Rows below which Google does not use a list.
const LEAST: usize = 100;

/// Forms of address and suffixes that are no part of a name.
const NOT_NAMES: [&str; 14] = [
    "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "prof", "prof.", "jr", "jr.", "sr", "sr.",
];

pub(crate) fn customer_match(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    let mut nowhere = 0;
    for member in audience.people(order) {
        let person = member.person;
        if !has_agreed(person) {
            sheet.leave_out("no explicit consent to advertising");
            continue;
        }
        let country = order.rules.country(&person.country);
        nowhere += usize::from(country.is_empty());
        let phone = e164(&person.phone, order.rules.calling_code(&country));
        // an address matches only with all four of names, country and postal code
        let zip = zip(&person.postal_code, &country);
        let (first, last) = (name(&person.first_name), name(&person.last_name));
        let whole = ![&first, &last, &country, &zip].into_iter().any(String::is_empty);
        let only_whole = |cell: String| if whole { cell } else { String::new() };
        sheet.rows.push(vec![
            hashed(&email(&person.email)),
            hashed(phone.as_deref().unwrap_or("")),
            only_whole(hashed(&first)),
            only_whole(hashed(&last)),
            country,
            only_whole(zip),
        ]);
    }
    sheet.check_rows(nowhere, "have no country that is known");
    sheet.needs(LEAST, "Google shows ads to no list of fewer than 100");
    sheet
}

/// Explicit consent: to advertising where the CRM asks for it, else to marketing e-mail.
fn has_agreed(person: &Person) -> bool {
    match person.ad_permission.as_str() {
        "allowed" => true,
        "unknown" | "" => person.email_permission == "allowed",
        _ => false,
    }
}

/// An address as Google hashes it.
fn email(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// A name as Google hashes it: small letters, no form of address.
fn name(raw: &str) -> String {
    let raw = raw.to_lowercase();
    let words = raw.split_whitespace().filter(|word| !NOT_NAMES.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// A postal code as Google takes it: no extension outside the United States.
fn zip(raw: &str, country: &str) -> String {
    let raw = raw.trim();
    match country {
        "US" => raw.to_owned(),
        "DE" | "FR" | "AT" | "CH" => raw.rsplit('-').next().unwrap_or(raw).trim().to_owned(),
        _ => raw.to_owned(),
    }
}

/// The SHA-256 in small hexadecimal letters; blank stays blank.
fn hashed(text: &str) -> String {
    if text.is_empty() { String::new() } else { sha256(text.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_address_has_the_known_hash() {
        // as published with Google's examples: SHA-256 of "test@example.com"
        assert_eq!(
            hashed(&email(" Test@Example.com ")),
            "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
        );
        assert_eq!(hashed(""), "");
    }

    #[test]
    fn names_and_postal_codes_are_bare() {
        assert_eq!(name("Dr. Ada"), "ada");
        assert_eq!(name("Jürgen"), "jürgen");
        assert_eq!(zip("D-10115", "DE"), "10115");
        assert_eq!(zip("10001-1234", "US"), "10001-1234");
        assert_eq!(zip("100-0001", "JP"), "100-0001");
    }

    #[test]
    fn only_explicit_consent_counts() {
        for (ad, email, want) in [
            ("unknown", "allowed", true),
            ("unknown", "not denied", false),
            ("unknown", "unknown", false),
            ("not denied", "allowed", false), // the CRM asks, and nothing was answered
            ("denied", "allowed", false),
            ("allowed", "not denied", true),
        ] {
            let person = Person {
                ad_permission: ad.into(),
                email_permission: email.into(),
                ..Person::default()
            };
            assert_eq!(has_agreed(&person), want, "{ad}, {email}");
        }
    }
}
