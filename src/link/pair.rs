//! Questions about single pairs that a finished run leaves open.

use super::{
    AccountRecord, Candidate, Candidates, Lane, MAX_SHARED, Scratch, TOGETHER, keys::AccountKeys,
};
use crate::{
    compare::{AccountSide, Comparison, Evidence, compare, parameters::Matching},
    index::{Index, LinkRules, signature::Signature},
    normalise::company::CompanyName,
};

/// What comparing needs of a run.
pub type Ground<'r> = (&'r Index, &'r LinkRules, &'r Matching);

/// Compares a customer with what was kept of an account, by the same code as the run's, and hands
/// over what the comparison saw.
pub fn compare_again<T>(
    customer: u32,
    account: &AccountRecord,
    (index, rules, matching): Ground<'_>,
    tell: impl FnOnce(&AccountKeys, &AccountSide<'_>, &Comparison, &Evidence) -> T,
) -> T {
    index.spare.lend(|Scratch { cache, places, keys, .. }| {
        keys.reread(account, cache, index, rules);
        let place = account.place(&rules.places, places);
        let words = keys.name.refs(&place, cache);
        let side = keys.side(&words, &place);
        let prepared = &index.customers[customer as usize];
        let (comparison, evidence) = compare(index, prepared, &side, matching);
        tell(keys, &side, &comparison, &evidence)
    })
}

/// A pair of which the names are to be told.
pub(crate) struct Named<'p> {
    /// The customer.
    pub(crate) customer: u32,
    /// Its name as typed.
    pub(crate) name: &'p str,
    /// The account.
    pub(crate) account: &'p AccountRecord,
}

/// As [`compare_again`], of pairs one after the other, with the names of the customers read too.
pub(crate) fn compare_named(
    pairs: &[Named<'_>],
    ground: Ground<'_>,
    mut tell: impl FnMut([&CompanyName; 2], &AccountSide<'_>, &Comparison, &Evidence),
) {
    let (index, ..) = ground;
    for pairs in pairs.chunks(TOGETHER) {
        index.spare.lend(|scratch| named_together(pairs, ground, scratch, &mut tell));
    }
}

/// Step by step, as accounts are linked: the pairs wait for memory together.
fn named_together(
    pairs: &[Named<'_>],
    (index, rules, matching): Ground<'_>,
    Scratch { cache, places, lanes, .. }: &mut Scratch,
    tell: &mut impl FnMut([&CompanyName; 2], &AccountSide<'_>, &Comparison, &Evidence),
) {
    lanes.resize_with(lanes.len().max(pairs.len()), Lane::default);
    for (pair, lane) in pairs.iter().zip(&mut *lanes) {
        rules.names.read(pair.name, &mut cache.words, &mut lane.customer);
        lane.keys.reread(pair.account, cache, index, rules);
        lane.place = pair.account.place(&rules.places, places);
    }
    for (pair, Lane { keys, place, customer }) in pairs.iter().zip(&*lanes) {
        let words = keys.name.refs(place, cache);
        let side = keys.side(&words, place);
        let prepared = &index.customers[pair.customer as usize];
        let (comparison, evidence) = compare(index, prepared, &side, matching);
        tell([customer, &keys.name.name], &side, &comparison, &evidence);
    }
}

impl Candidates {
    /// The nearest miss of a customer that has no candidate: the account that could weigh most.
    pub fn nearest(&self, customer: u32, ground: Ground<'_>) -> Option<Candidate> {
        let account = self.far(customer)?.clone();
        let comparison = compare_again(customer, &account, ground, |_, _, of, _| *of);
        Some(Candidate { customer, account, comparison, rival: None })
    }
}

/// Which passes bring a customer and an account together, whatever their score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoundBy {
    /// A domain that not too many customers share.
    pub domain: bool,
    /// Words.
    pub name: bool,
    /// A number that not too many customers share.
    pub id: bool,
}

impl FoundBy {
    /// Whether any does.
    pub fn any(self) -> bool {
        self.domain || self.name || self.id
    }

    /// Looks for a customer under all keys of an account.
    pub fn of(
        customer: u32,
        account: &AccountRecord,
        (index, rules): (&Index, &LinkRules),
    ) -> FoundBy {
        index.spare.lend(|scratch| FoundBy::read(customer, account, (index, rules), scratch))
    }

    fn read(
        customer: u32,
        account: &AccountRecord,
        (index, rules): (&Index, &LinkRules),
        Scratch { cache, places, keys, .. }: &mut Scratch,
    ) -> FoundBy {
        keys.reread(account, cache, index, rules);
        let mut name = false;
        let mut look = |list: &[Signature]| name |= list.iter().any(|it| it.customer == customer);
        keys.name.hashes.iter().for_each(|hash| look(index.with_whole_name(*hash)));
        keys.name.rare(cache).for_each(|range| look(index.with_word(range)));
        let place = account.place(&rules.places, places);
        keys.name.each_pair(&place, cache, |pair| look(index.with_pair(pair)));
        let holds = |customers: &[u32]| customers.iter().take(MAX_SHARED).any(|at| *at == customer);
        let mut domains = keys.domains.iter().filter(|(_, class)| class.is_usable());
        FoundBy {
            domain: domains.any(|(domain, _)| holds(index.with_domain(domain))),
            name,
            id: keys.ids.iter().any(|id| holds(index.with_id(id)))
                || keys.duns.is_some_and(|duns| holds(index.with_duns(duns))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{link::AccountFields, report::Customer};

    /// Customers that share a word, each with a further one that at most one other has; the even
    /// ones are in Kiel.
    fn customers(count: usize) -> Vec<Customer> {
        let own = ["Adler", "Birke", "Dorn", "Esche", "Falke", "Hafer", "Igel"];
        let customer = |at: usize| Customer {
            name: format!("Brommelkamp {} {}", own[at % 7], ["Nord", "Ost"][at / 7 % 2]),
            city: ["Kiel", "Bonn"][at % 2].into(),
            postal_code: ["24103", "53111"][at % 2].into(),
            ..Customer::default()
        };
        (0..count).map(customer).collect()
    }

    #[test]
    fn a_word_of_many_customers_asks_for_a_place_or_a_second_word() {
        let rules = LinkRules::load(None, &[]).expect("the built-in tables");
        for (count, name, city, postal_code, want) in [
            (12, "Brommelkamp Pumpen", "Ulm", "", true),
            (13, "Brommelkamp Pumpen", "Ulm", "", false),
            (13, "Brommelkamp Pumpen", "", "", false),
            (13, "Brommelkamp Pumpen", "Bonn", "53111", false),
            (13, "Brommelkamp Pumpen", "KIEL", "", true),
            (13, "Brommelkamp Pumpen", "Ulm", "D-24103", true),
            (13, "Pumpen", "Kiel", "24103", false),
            (13, "Brommelkamp Ost", "Ulm", "", true), // six bear both words
            (26, "Brommelkamp Ost", "Ulm", "", true), // twelve
            (28, "Brommelkamp Ost", "Ulm", "", false), // fourteen
            (28, "Brommelkamp Pumpen", "Kiel", "", false), // so many are there
        ] {
            let index = Index::build(&customers(count), &rules);
            let fields = AccountFields {
                name: name.into(),
                city: city.into(),
                postal_code: postal_code.into(),
                ..AccountFields::default()
            };
            // One that is in Kiel and has `Ost` in its name.
            let found = FoundBy::of(8, &fields.pack(), (&index, &rules));
            let told = format!("{count} customers, {name}, {city} {postal_code}");
            assert_eq!(found.name, want, "{told}");
        }
    }
}
