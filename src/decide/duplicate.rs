//! Which accounts are each other's duplicates.

use compact_str::CompactString;
use smallvec::SmallVec;

use crate::{
    compare::Level,
    index::words::{canonical, is_typo},
    link::Candidate,
    normalise::{company::CompanyName, place::Place},
};

use super::Decider;

/// The keys by which accounts of one customer are found to be the same company twice.
pub(super) struct Duplicates {
    keys: Vec<Key>,
}

struct Key {
    id: CompactString,
    name: Vec<String>,
    domains: SmallVec<[CompactString; 1]>,
    place: Place,
    /// Whether its name has no word that the customer's has not, typing errors aside.
    within: bool,
}

impl Duplicates {
    /// Prepares the candidates of a customer.
    pub(super) fn new(decider: &Decider<'_>, found: &[Candidate]) -> Duplicates {
        if found.len() < 2 {
            return Duplicates { keys: Vec::new() };
        }
        let customer = found.first().map(|first| first.customer as usize);
        let customer = customer.map(|at| decider.index.refs(&decider.index.customers[at]));
        let same = |word: &String| {
            let mut words = customer.iter().flatten().map(|word| word.text);
            words.any(|other| other == word || is_typo(other, word))
        };
        let key = |candidate: &Candidate| {
            let account = &candidate.account;
            let mut name = CompanyName::default();
            decider.rules.names.read(&account.name, &mut name);
            let words = name.words().filter(|(_, word)| !word.optional);
            let mut words: Vec<String> = words.map(|(text, _)| canonical(text)).collect();
            words.sort_unstable();
            let places = &decider.rules.places;
            Key {
                id: account.id.clone(),
                within: words
                    .iter()
                    .all(|word| decider.rules.names.is_particle(word) || same(word)),
                name: words,
                domains: account.domains.clone(),
                place: account.place(places),
            }
        };
        Duplicates { keys: found.iter().map(key).collect() }
    }

    /// Whether two candidates are the same account or duplicates: the same name core (the
    /// customer's, or each other's), the same domain, postal code or city, and nothing against it;
    /// where one name is only similar, the same domain or two of these, and no word that the
    /// customer has not unless domain and postal code are the same.
    pub(super) fn are(&self, left: &Candidate, right: &Candidate) -> bool {
        if left.account.id == right.account.id {
            return true;
        }
        let alike = |candidate: &Candidate| candidate.comparison.name == Level::Agrees;
        let both_alike = alike(left) && alike(right);
        let similar = |candidate: &Candidate| candidate.comparison.name == Level::Similar;
        let akin = (alike(left) || similar(left)) && (alike(right) || similar(right));
        let of =
            |candidate: &Candidate| self.keys.iter().find(|key| key.id == candidate.account.id);
        let (Some(left), Some(right)) = (of(left), of(right)) else { return false };
        let names = both_alike || (left.name == right.name && !left.name.is_empty());
        let place = left.place.compare(&right.place);
        let domain = left.domains.iter().any(|domain| right.domains.contains(domain));
        let others = !domain && !left.domains.is_empty() && !right.domains.is_empty();
        let same = |level: Option<Level>| level == Some(Level::Agrees);
        let against = place.country == Some(Level::Differs)
            || (place.city == Some(Level::Differs) && !same(place.postal_code))
            || (others && !same(place.postal_code));
        let within = left.within && right.within;
        let akin = akin && (within || (domain && same(place.postal_code)));
        let shared = [domain, same(place.postal_code), same(place.city)];
        let shared = shared.into_iter().filter(|same| *same).count();
        (akin && (shared >= 2 || domain) || shared >= 1 && names) && !against
    }
}
