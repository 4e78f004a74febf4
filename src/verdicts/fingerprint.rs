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
}
