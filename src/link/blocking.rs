//! Blocking: the customers that share a domain, a number, a word or a place with an account.

use super::{
    AccountRecord, AccountRow, Candidates, Matcher, Scratch, Thresholds,
    batch::{BATCH_SIZE, Batch, Pair, Pairs},
    keys::AccountKeys,
    word_cache::WordCache,
};
use crate::{
    compare::{AccountSide, Level, UpperBound, compare},
    index::signature::Signature,
    normalise::place::Place,
};

/// Customers beyond this number under one domain or id are not compared with each account that
/// holds it; the summary says where there are such keys.
pub(crate) const MAX_SHARED: usize = 16;

/// Bits by which a bound may fall short of what it bounds, for rounding.
const ROUNDING: f64 = 0.01;

/// Which passes bring a customer and an account together, whatever their score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FoundBy {
    /// A domain that not too many customers share.
    pub(crate) domain: bool,
    /// Words.
    pub(crate) name: bool,
    /// A number that not too many customers share.
    pub(crate) id: bool,
}

impl FoundBy {
    /// Whether any does.
    pub(crate) fn any(self) -> bool {
        self.domain || self.name || self.id
    }
}

/// Lists of customers that share something with accounts, each with the position of the account; in
/// the order of the accounts.
type Lists<'i> = [(u32, &'i [Signature])];

impl Matcher<'_> {
    /// Which passes bring a customer and an account together.
    pub(crate) fn found_by(&self, customer: u32, account: &AccountRecord) -> FoundBy {
        self.with_scratch(|Scratch { cache, places, keys, .. }| {
            keys.reread(account, cache, self.index, self.rules);
            let place = account.place(&self.rules.places, places);
            let is_it = |signature: &Signature| signature.customer == customer;
            let lists = self.lists(std::iter::once((&*keys, &place)), cache);
            let holds = |customers: &[u32]| few(customers).contains(&customer);
            FoundBy {
                domain: usable_domains(keys).any(|domain| holds(self.index.with_domain(domain))),
                name: lists.iter().flatten().flat_map(|(_, list)| *list).any(is_it),
                id: self.with_numbers(keys).any(holds),
            }
        })
    }

    /// Adds the customers that hold a domain or a number of an account, or that a person judged, and
    /// notes who holds domains of the report.
    pub(super) fn pair_by_key(
        &self,
        rows: &[AccountRow<'_>],
        batch: &Batch,
        pairs: &mut Pairs,
        candidates: &mut Candidates,
    ) {
        for (at, (row, (keys, _))) in rows.iter().zip(batch.accounts()).enumerate() {
            for domain in usable_domains(keys) {
                let customers = self.index.with_domain(domain);
                if !customers.is_empty() && candidates.hold(domain, &row.account.id) {
                    pairs.holders.push(at as u32);
                }
                pairs.add(at, few(customers));
            }
            self.with_numbers(keys).for_each(|customers| pairs.add(at, few(customers)));
            pairs.add(at, self.pinned(row));
        }
    }

    /// Adds the customers that share words with an account: those that may be near, and with what
    /// they weigh at most those that may be the nearest.
    pub(super) fn pair_by_name(
        &self,
        batch: &Batch,
        sides: &[AccountSide<'_>],
        (cache, bound): (&WordCache, &mut UpperBound),
        thresholds: &Thresholds,
        pairs: &mut Pairs,
    ) {
        let keep = self.matching.keep_weight() - ROUNDING;
        let lists = self.lists(batch.accounts(), cache);
        let mut rest = lists.each_ref().map(|lists| &lists[..]);
        for (at, side) in (0..).zip(sides) {
            let [names, words, pairs_of_words] = rest.each_mut().map(|rest| take_of(at, rest));
            let by_name = || names.iter().flat_map(|(_, list)| *list);
            let by_word = || words.iter().chain(pairs_of_words).flat_map(|(_, list)| *list);
            if by_name().chain(by_word()).next().is_none() {
                continue;
            }
            bound.read(side, &self.index.words);
            let pair = |signature: &Signature| Pair { account: at, customer: signature.customer };
            // The same whole name is looked at whatever speaks against it.
            pairs.near.extend(by_name().map(pair));
            for signature in by_word() {
                let threshold = thresholds.bits(signature.customer);
                match bound.at_most(signature, threshold, &self.most) {
                    Some(sum) if sum >= keep => pairs.near.push(pair(signature)),
                    Some(sum) => {
                        pairs.misses.push((pair(signature), (sum * 100.0).floor() as i32));
                    }
                    None => {}
                }
                debug_assert!(
                    by_name().any(|it| it.customer == signature.customer)
                        || pairs.near.contains(&pair(signature))
                        || self.is_bounded(signature, side, bound),
                    "{:?}: {signature:?}",
                    side.words
                );
            }
        }
    }

    /// Whether a pair weighs no more than it is said to weigh at most; pairs by key are not bounded.
    fn is_bounded(
        &self,
        signature: &Signature,
        side: &AccountSide<'_>,
        bound: &UpperBound,
    ) -> bool {
        let customer = &self.index.customers[signature.customer as usize];
        let (of, _) = compare(self.index, customer, side, self.matching);
        let most = bound.at_most(signature, f64::NEG_INFINITY, &self.most).unwrap_or(f64::INFINITY);
        [of.domain, of.id].contains(&Level::Agrees)
            || f64::from(of.weight) / 100.0 <= most + ROUNDING
    }

    /// The customers that share the whole name with each account; those that share a rare word; and
    /// those that share two common words, or one and the place.
    fn lists<'k>(
        &self,
        accounts: impl Iterator<Item = (&'k AccountKeys, &'k Place)> + Clone,
        cache: &WordCache,
    ) -> [Vec<(u32, &[Signature])>; 3] {
        let all = || (0..).zip(accounts.clone());
        let names =
            all().flat_map(|(at, (keys, _))| keys.name.hashes.iter().map(move |hash| (at, *hash)));
        let words = all().flat_map(|(at, (keys, _))| keys.name.rare(cache).map(move |it| (at, it)));
        let mut pairs = Vec::with_capacity(BATCH_SIZE * 8);
        for (at, (keys, place)) in all() {
            keys.name.each_pair(place, cache, |pair| pairs.push((at, pair)));
        }
        [
            self.index.with_whole_names(names),
            self.index.with_words(words),
            self.index.with_pairs(pairs.into_iter()),
        ]
    }

    /// The customers that hold each number of an account.
    fn with_numbers(&self, keys: &AccountKeys) -> impl Iterator<Item = &[u32]> {
        let by_id = keys.ids.iter().map(|id| self.index.with_id(id));
        by_id.chain(keys.duns.map(|duns| self.index.with_duns(duns)))
    }
}

/// Takes the lists of an account off the front.
fn take_of<'l, 'i>(account: u32, rest: &mut &'l Lists<'i>) -> &'l Lists<'i> {
    let (own, others) = rest.split_at(rest.iter().take_while(|(at, _)| *at == account).count());
    *rest = others;
    own
}

fn usable_domains(keys: &AccountKeys) -> impl Iterator<Item = &str> {
    let usable = keys.domains.iter().filter(|(_, class)| class.is_usable());
    usable.map(|(domain, _)| domain.as_str())
}

/// The customers under a key with whom an account that holds it is compared.
fn few(customers: &[u32]) -> &[u32] {
    &customers[..customers.len().min(MAX_SHARED)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compare::Matching,
        index::{Index, LinkRules},
        link::AccountFields,
        report::Customer,
    };

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
    fn a_word_of_many_customers_needs_a_place_or_a_second_word() {
        let rules = LinkRules::load(None, &[]).expect("the built-in tables");
        let matching = Matching::load(None).expect("the built-in parameters");
        for (count, name, city, postal_code, want) in [
            (12, "Brommelkamp Pumpen", "Ulm", "", true),
            (13, "Brommelkamp Pumpen", "Ulm", "", false),
            (13, "Brommelkamp Pumpen", "", "", false),
            (13, "Brommelkamp Pumpen", "Bonn", "53111", false),
            (13, "Brommelkamp Pumpen", "KIEL", "", true),
            (13, "Brommelkamp Pumpen", "Ulm", "D-24103", true),
            (13, "Pumpen", "Kiel", "24103", false),
            (13, "Brommelkamp Ost", "Ulm", "", true), // six have both words
            (26, "Brommelkamp Ost", "Ulm", "", true), // twelve
            (28, "Brommelkamp Ost", "Ulm", "", false), // fourteen
            (28, "Brommelkamp Pumpen", "Kiel", "", false), // so many are there
        ] {
            let index = Index::build(&customers(count), &rules);
            let matcher = Matcher::new(&index, &rules, &matching);
            let fields = AccountFields {
                name: name.into(),
                city: city.into(),
                postal_code: postal_code.into(),
                ..AccountFields::default()
            };
            // One that is in Kiel and has `Ost` in its name.
            let found = matcher.found_by(8, &fields.pack());
            assert_eq!(found.name, want, "{count} customers, {name}, {city} {postal_code}");
        }
    }
}
