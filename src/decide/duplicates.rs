//! Which accounts of a customer are the same company twice.

use super::{
    Decider,
    extra::has_more,
    lists::{Lists, odds},
};
use crate::{
    compare::{AccountSide, Level, compare},
    index::CustomerRecord,
    link::{Candidate, Scratch, keys::AccountKeys},
    normalise::place::{Place, State},
};

/// Which of the near accounts of a customer are each other's duplicates.
///
/// What an account knows, its customer knows as well: a domain, a postal code, a city. With the
/// keys of the better of two accounts added to its own the customer is compared with the other
/// one. That is a duplicate where this pair reaches the limit of its pass, and where a key is
/// shared: a name alone says nothing of two accounts.
pub(super) struct Duplicates {
    /// For each candidate and each one before it.
    are: Vec<bool>,
}

impl Duplicates {
    /// Compares the candidates of a customer, best first, with each other.
    pub(super) fn new(decider: &Decider<'_>, found: &[Candidate], lists: &Lists<'_>) -> Duplicates {
        let among = |scratch: &mut Scratch| Duplicates::among(decider, found, lists, scratch);
        match found {
            [] | [_] => Duplicates { are: Vec::new() },
            _ => decider.matcher.with_scratch(among),
        }
    }

    fn among(
        decider: &Decider<'_>,
        found: &[Candidate],
        lists: &Lists<'_>,
        scratch: &mut Scratch,
    ) -> Duplicates {
        let Scratch { cache, places, .. } = scratch;
        let mut are = Vec::new();
        let customer = &decider.matcher.index.customers[found[0].customer as usize];
        let read = |candidate: &Candidate| {
            let mut keys = AccountKeys::default();
            keys.reread(&candidate.account, cache, decider.matcher.index, decider.matcher.rules);
            (keys, candidate.account.place(&decider.matcher.rules.places, places))
        };
        let known: Vec<(AccountKeys, Place)> = found.iter().map(read).collect();
        for (at, (keys, place)) in known.iter().enumerate() {
            let words = keys.name.refs(place, cache);
            let side = keys.side(&words, place);
            for (better, place) in &known[..at] {
                let taught = taught(customer, better, place);
                are.push(decider.is_duplicate(&taught, &side, &found[at], lists));
            }
        }
        Duplicates { are }
    }

    /// Whether two candidates, by their positions, are one account or duplicates.
    pub(super) fn are(&self, one: usize, other: usize) -> bool {
        let (low, high) = (one.min(other), one.max(other));
        low == high || self.are[high * (high - 1) / 2 + low]
    }
}

/// What is known of a customer together with one of its accounts: all domains, and the place of
/// either, filled up by the other. Numbers are left out: one number on several accounts says
/// nothing of which is meant.
fn taught(customer: &CustomerRecord, keys: &AccountKeys, place: &Place) -> [CustomerRecord; 2] {
    let filled = |place: &Place, other: &Place| {
        let mut place = place.clone();
        if place.country.is_none() {
            place.country = other.country;
        }
        if place.state == State::Missing {
            place.state = other.state.clone();
        }
        if place.postal_code.is_empty() {
            place.postal_code = other.postal_code.clone();
        }
        if place.city.is_empty() {
            place.city = other.city.clone();
            place.shape = other.shape;
        }
        place
    };
    let known = |place: Place| {
        let mut domains = customer.domains.clone();
        let new = keys.domains.iter().filter(|(_, class)| class.is_usable());
        for (domain, class) in new {
            if domains.iter().all(|(known, _)| known != domain) {
                domains.push((domain.clone(), *class));
            }
        }
        CustomerRecord {
            words: customer.words.clone(),
            forms: customer.forms.clone(),
            form_in_front: customer.form_in_front,
            domains,
            place,
            ..CustomerRecord::default()
        }
    };
    [known(filled(&customer.place, place)), known(filled(place, &customer.place))]
}

impl Decider<'_> {
    /// Whether an account is that of a customer of whom a better account has taught more, and no
    /// other customer weighs as much for it. Customers that weigh the same are one company twice,
    /// if the accounts have one name.
    fn is_duplicate(
        &self,
        taught: &[CustomerRecord; 2],
        account: &AccountSide<'_>,
        candidate: &Candidate,
        lists: &Lists<'_>,
    ) -> bool {
        let wanted = lists.rivals_of_account(candidate) > odds(candidate.comparison.weight);
        let reaches = |known: &CustomerRecord| {
            let (comparison, evidence) =
                compare(self.matcher.index, known, account, self.matcher.matching);
            let domain = comparison.domain == Level::Agrees;
            let parts = known.place.compare(account.place);
            let postal_code = parts.postal_code == Some(Level::Agrees);
            let shared = domain || postal_code || parts.city == Some(Level::Agrees);
            let named = !evidence.apart
                && (evidence.telling || evidence.same || (domain && evidence.complete))
                && (!has_more(account, &evidence, &known.place) || (domain && postal_code));
            let enough = self.matcher.matching.limits.duplicate * 100.0;
            let one_name = domain && evidence.same && evidence.features.forms_differ == 0.0;
            let weight = match one_name {
                true => comparison.weight.max(self.carried(&comparison, lists)),
                false => comparison.weight,
            };
            shared && named && f64::from(weight) >= enough
        };
        !wanted && taught.iter().any(reaches)
    }
}
