//! What a verdict has seen of both sides, in a few characters.

use sha2::{Digest, Sha256};

use crate::{link::AccountRecord, report::Customer};

/// A short mark of a pair's names, domains and ids: `c` and eight hex digits for the customer, a
/// hyphen, `a` and eight for the account.
///
/// It changes when a name, a domain or an id changes, and not for case or blanks around a value.
/// Top parent ids, tenants and places are left out: they come and go with the set of reports read,
/// and a verdict must not turn stale for that.
pub(crate) fn fingerprint(customer: &Customer, account: &AccountRecord) -> String {
    let account = short(&[account.id(), account.name(), account.domain()]);
    format!("{}-a{account}", customer_fingerprint(customer))
}

/// The customer's half of a [`fingerprint`]: what a `none` verdict has seen.
pub(crate) fn customer_fingerprint(customer: &Customer) -> String {
    format!("c{}", short(&[&customer.id, &customer.name, &customer.domain]))
}

/// The fields that marks are of, in their order.
const MARKED: [&str; 4] = ["name", "domain", "place", "ids"];

/// Hexadecimal digits of a mark.
const DIGITS: usize = 6;

/// The marks of a customer: six hexadecimal digits each of its name, its domains, its place and its
/// ids. They tell which field has changed, and nothing of what it holds.
pub(crate) fn customer_marks(customer: &Customer) -> String {
    let Customer { city, state, postal_code, country, .. } = customer;
    let mut ids: Vec<&str> = customer.tpids.iter().map(String::as_str).collect();
    ids.extend([customer.tenant_id.as_str(), &customer.duns]);
    marks([
        &[&customer.name],
        &[&customer.domain, &customer.tenant_domain],
        &[city, state, postal_code, country],
        &ids,
    ])
}

/// The marks of an account, as [`customer_marks`].
pub(crate) fn account_marks(account: &AccountRecord) -> String {
    let domains: Vec<&str> = account.domains().collect();
    let mut ids: Vec<&str> = account.microsoft_ids().collect();
    ids.push(account.duns());
    let place = [account.city(), account.state(), account.postal_code(), account.country()];
    marks([&[account.name()], &domains, &place, &ids])
}

/// The fields in which two marks differ.
#[cfg_attr(not(test), expect(dead_code, reason = "for the comparison of months"))]
pub(crate) fn changed_fields(then: &str, now: &str) -> Vec<&'static str> {
    let part =
        |marks: &str, at: usize| marks.get(at * DIGITS..(at + 1) * DIGITS).map(str::to_owned);
    let differs = |(at, _): &(usize, &'static str)| part(then, *at) != part(now, *at);
    MARKED.into_iter().enumerate().filter(differs).map(|(_, name)| name).collect()
}

fn marks(fields: [&[&str]; MARKED.len()]) -> String {
    let mut text = String::with_capacity(MARKED.len() * DIGITS);
    fields.iter().for_each(|values| text.push_str(&short(values)[..DIGITS]));
    text
}

fn short(values: &[&str]) -> String {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value.trim().to_lowercase());
        hash.update([0x1f]);
    }
    hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;
    use crate::link::AccountFields;

    #[test]
    fn a_fingerprint_changes_with_names_domains_and_ids_only() {
        let customer = Customer {
            id: "1".into(),
            name: "Contoso".into(),
            domain: "contoso.com".into(),
            ..Customer::default()
        };
        let fields = AccountFields {
            id: "a".into(),
            name: "Contoso Ltd".into(),
            domains: smallvec!["contoso.com".into()],
            ..AccountFields::default()
        };
        let account = fields.pack();
        let seen = fingerprint(&customer, &account);
        let renamed = Customer { name: "Contoso Group".into(), ..customer.clone() };
        let moved = AccountFields { city: "Bonn".into(), ..fields.clone() }.pack();
        let rehomed = AccountFields { domains: smallvec!["contoso.de".into()], ..fields }.pack();
        let shouted = Customer { name: " CONTOSO".into(), ..customer.clone() };

        assert!(seen.starts_with(&customer_fingerprint(&customer)), "{seen}");
        assert_eq!(seen.len(), 19, "{seen}");
        assert_ne!(fingerprint(&renamed, &account), seen);
        assert_ne!(fingerprint(&customer, &rehomed), seen);
        assert_eq!(fingerprint(&customer, &moved), seen);
        assert_eq!(fingerprint(&shouted, &account), seen);
    }

    #[test]
    fn marks_tell_which_field_has_changed() {
        let contoso = Customer {
            name: "Contoso".into(),
            domain: "contoso.com".into(),
            city: "Bonn".into(),
            ..Customer::default()
        };
        let [renamed, moved, both] =
            [("Contoso Group", "Bonn"), ("CONTOSO ", "Ulm"), ("Tailspin", "Ulm")].map(
                |(name, city)| Customer { name: name.into(), city: city.into(), ..contoso.clone() },
            );
        for (now, want) in [
            (&contoso, &[][..]),
            (&renamed, &["name"]),
            (&moved, &["place"]),
            (&both, &["name", "place"]),
        ] {
            let changed = changed_fields(&customer_marks(&contoso), &customer_marks(now));
            assert_eq!(changed, want, "{now:?}");
        }
    }
}
