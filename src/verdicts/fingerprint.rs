//! What a verdict has seen of both sides, in a few characters.

use sha2::{Digest, Sha256};

use crate::{link::AccountRecord, report::Customer};

/// A short mark of a pair's names and domains: `c` and six hexadecimal digits each of the customer's
/// name and domain, a hyphen, `a` and the same of the account.
///
/// It changes when a name or a domain changes, and not for case or blanks around a value. Top parent
/// ids, tenants and places are left out: they come and go with the set of reports read, and a verdict
/// must not turn stale for that.
pub(crate) fn fingerprint(customer: &Customer, account: &AccountRecord) -> String {
    format!("{}-{}", customer_fingerprint(customer), account_half(account))
}

/// The customer's half of a [`fingerprint`]: what a `none` verdict has seen.
pub(crate) fn customer_fingerprint(customer: &Customer) -> String {
    half('c', &customer.name, &customer.domain)
}

fn account_half(account: &AccountRecord) -> String {
    half('a', account.name(), account.domain())
}

fn half(side: char, name: &str, domain: &str) -> String {
    format!("{side}{}{}", &short(&[name])[..DIGITS], &short(&[domain])[..DIGITS])
}

/// What has changed since a verdict was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SeenField {
    /// The customer's name.
    CustomerName,
    /// The customer's domain.
    CustomerDomain,
    /// One of these or the id, by a mark that does not tell which.
    Customer,
    /// The account's name.
    AccountName,
    /// The account's domain.
    AccountDomain,
    /// One of these or the id, by a mark that does not tell which.
    Account,
}

impl SeenField {
    /// All of them.
    #[cfg(feature = "browser")]
    pub(crate) const ALL: [SeenField; 6] = [
        SeenField::CustomerName,
        SeenField::CustomerDomain,
        SeenField::Customer,
        SeenField::AccountName,
        SeenField::AccountDomain,
        SeenField::Account,
    ];
}

/// What has changed since a verdict saw a pair, or a customer alone; nothing where it is not known
/// what it saw.
pub(crate) fn changed_since(
    seen: &str,
    customer: &Customer,
    account: Option<&AccountRecord>,
) -> Vec<SeenField> {
    use SeenField::{Account, AccountDomain, AccountName, CustomerDomain, CustomerName};
    if seen.is_empty() {
        return Vec::new();
    }
    let (of_customer, of_account) = seen.split_once('-').unwrap_or((seen, ""));
    let whole = ["c", &short(&[&customer.id, &customer.name, &customer.domain])].concat();
    let fields = [CustomerName, CustomerDomain, SeenField::Customer];
    let mut changed = changed_half(of_customer, &customer_fingerprint(customer), &whole, fields);
    if let Some(account) = account {
        let whole = ["a", &short(&[account.id(), account.name(), account.domain()])].concat();
        let fields = [AccountName, AccountDomain, Account];
        changed.extend(changed_half(of_account, &account_half(account), &whole, fields));
    }
    changed
}

/// What has changed of one side: its name, its domain; or, by the `whole` mark of earlier versions,
/// nobody knows which.
fn changed_half(
    seen: &str,
    now: &str,
    whole: &str,
    [name, domain, either]: [SeenField; 3],
) -> Vec<SeenField> {
    if seen.len() != now.len() {
        return if seen == whole { Vec::new() } else { vec![either] };
    }
    let parts = |mark: &str| [1, 1 + DIGITS].map(|at| mark.get(at..at + DIGITS).map(str::to_owned));
    let pairs = parts(seen).into_iter().zip(parts(now)).zip([name, domain]);
    pairs.filter(|((seen, now), _)| seen != now).map(|(_, field)| field).collect()
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
    fn a_fingerprint_changes_with_names_and_domains_only() {
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
        assert_eq!(seen.len(), 27, "{seen}");
        assert_ne!(fingerprint(&renamed, &account), seen);
        assert_ne!(fingerprint(&customer, &rehomed), seen);
        assert_eq!(fingerprint(&customer, &moved), seen);
        assert_eq!(fingerprint(&shouted, &account), seen);
    }

    #[test]
    fn what_has_changed_since_a_verdict_is_told_by_its_field() {
        use SeenField::{Account, AccountDomain, AccountName, Customer as Either, CustomerName};
        let customer = Customer {
            id: "1".into(),
            name: "Contoso".into(),
            domain: "contoso.com".into(),
            ..Customer::default()
        };
        let record = |name: &'static str, domain: &'static str| {
            let domains = smallvec![domain.into()];
            AccountFields { id: "a".into(), name: name.into(), domains, ..AccountFields::default() }
                .pack()
        };
        let account = record("Contoso Ltd", "contoso.com");
        let seen = fingerprint(&customer, &account);
        let renamed = Customer { name: "Contoso Group".into(), ..customer.clone() };
        // the mark of version 0.1.0
        let whole = format!(
            "c{}-a{}",
            short(&["1", "Contoso", "contoso.com"]),
            short(&["a", "Contoso Ltd", "contoso.com"])
        );
        for (seen, customer, account, want) in [
            (&*seen, &customer, &account, &[][..]),
            (&*seen, &renamed, &account, &[CustomerName]),
            (&*seen, &renamed, &record("Tailspin", "contoso.com"), &[CustomerName, AccountName]),
            (&*seen, &customer, &record("Contoso Ltd", "contoso.de"), &[AccountDomain]),
            (&*whole, &customer, &account, &[]),
            (&*whole, &renamed, &record("Tailspin", "contoso.com"), &[Either, Account]),
            ("", &renamed, &account, &[]),
        ] {
            assert_eq!(changed_since(seen, customer, Some(account)), want, "{seen} {account:?}");
        }
        let half = seen.split('-').next().unwrap();
        assert_eq!(changed_since(half, &renamed, None), [CustomerName], "a verdict of none");
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
