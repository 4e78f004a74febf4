//! One comparison, one score per candidate pair, from all fields.

mod at_best;
mod domains;
#[cfg(test)]
pub(crate) mod drawn;
pub(crate) mod features;
mod level;
mod meanings;
pub(crate) mod names;
pub(crate) mod parameters;
pub(crate) mod place;
mod range;
#[cfg(test)]
mod tests;
mod upper_bound;

pub(crate) use self::{at_best::AtMost, features::Features, upper_bound::UpperBound};
pub use self::{
    level::{Level, Pass, Score},
    parameters::Matching,
};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::{
    domains::{domains, label_in_name},
    features::flag,
    names::{Alignment, names},
    place::PlaceLevels,
};
use crate::{
    index::{CustomerRecord, Index, WordRef},
    normalise::{company::FormId, domain::DomainClass, place::Place},
    text::id::MicrosoftId,
};

/// The levels of all fields of a candidate pair, and its score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// From all fields together.
    pub score: Score,
    /// The match weight (log2 odds) behind the score, in hundredths of a bit.
    pub weight: i32,
    /// The strongest agreeing key in the order of passes; `None` for a pair that only a verdict
    /// brought together.
    pub pass: Option<Pass>,
    /// Registrable domains.
    pub domain: Level,
    /// Company names.
    pub name: Level,
    /// Microsoft ids and D-U-N-S.
    pub id: Level,
    /// Country, postal code, city.
    pub place: Level,
    /// Country, state, postal code and city, one by one.
    pub(crate) places: PlaceLevels,
    /// Whether the whole names are the same, and not common.
    pub(crate) same_name: bool,
    /// Whether each name has words that identify a company and that the other lacks.
    pub(crate) apart: bool,
    /// Whether no word that both have, without a typing error, identifies a company, and the names
    /// are not the same.
    pub(crate) vague: bool,
    /// Whether the domains that are similar have other labels.
    pub(crate) other_label: bool,
    /// Whether one name only has a word for another unit of a family of companies: holding,
    /// foundation, pension fund.
    pub(crate) units_differ: bool,
    /// Whether anything but the domain supports the pair: place, id, a shared rare word, the
    /// domain's label in the name. A stray address makes a stranger hold a domain, so that its label
    /// says nothing under another place.
    pub supported: bool,
    /// Whether the only key that agrees is one that several customers hold: a group's domain, a
    /// top parent's number.
    pub family: bool,
}

impl Comparison {
    /// Whether the pair is at or above a limit, or has an equal domain or id, whatever else differs.
    pub(crate) fn reaches(&self, limit: Score) -> bool {
        self.domain == Level::Agrees || self.id == Level::Agrees || self.score >= limit
    }
}

/// An account as it is compared; the customer's side is [`CustomerRecord`].
#[derive(Debug)]
pub(crate) struct AccountSide<'a> {
    /// The words of its name.
    pub(crate) words: &'a [WordRef<'a>],
    /// The legal forms of its name.
    pub(crate) forms: &'a [FormId],
    /// Whether a legal form stood in front.
    pub(crate) form_in_front: bool,
    /// Its registrable domains.
    pub(crate) domains: &'a [(CompactString, DomainClass)],
    /// Its place.
    pub(crate) place: &'a Place,
    /// Its Microsoft ids.
    pub(crate) ids: &'a [MicrosoftId],
    /// Its D-U-N-S number.
    pub(crate) duns: Option<u32>,
}

/// What a comparison saw: the features, and the words behind them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// Which words belong together.
    pub(crate) alignment: Alignment,
    /// What was found in each field.
    pub(crate) features: Features,
    /// Whether all words that count are on both sides.
    pub(crate) complete: bool,
    /// Whether the names are the same but for articles and what stands in brackets.
    pub(crate) same: bool,
    /// Whether each name has words that identify a company and that the other lacks.
    pub(crate) apart: bool,
    /// Whether a word that both have, without a typing error, identifies a company.
    pub(crate) telling: bool,
    /// Whether one name only has a word for another unit of a family of companies.
    pub(crate) units_differ: bool,
}

/// Compares a customer with an account.
pub(crate) fn compare(
    index: &Index,
    customer: &CustomerRecord,
    account: &AccountSide<'_>,
    rules: &Matching,
) -> (Comparison, Evidence) {
    let mut left: SmallVec<[WordRef<'_>; 8]> = SmallVec::new();
    left.extend(index.refs(customer));
    let mut evidence = names(&left, customer, account, rules.limits.rare_word);
    let domains = domains(index, customer, account);
    let (id, id_shared) = ids(index, customer, account);
    let places = customer.place.compare(account.place);
    let no_typo = evidence.complete && evidence.features.typos == 0.0;
    let label = !no_typo && label_in_name(customer, account, &left);
    let Evidence { telling, same, apart, units_differ, .. } = evidence;
    let features = &mut evidence.features;
    domains.note(features);
    places.note(features);
    features.label_in_name = flag(label);
    features.place_moved = flag(domains.level == Level::Agrees && places.has_moved());
    features.id_agrees = flag(id == Level::Agrees);
    features.id_shared = f64::from(id_shared.max(1)).log2();
    let elsewhere = places.state == Some(Level::Differs);
    features.names_only = flag(!elsewhere && is_names_only(customer, account));
    let sum = features.sum(&rules.weights) + rules.score.prior;
    let rare_word = features.matched >= rules.limits.rare_word;
    let rare_name = if telling { rules.limits.rare_word } else { rules.limits.rare_name };
    let same_name = same && !apart && features.matched >= rare_name;
    let (domain, name, place) = (domains.level, names::level(&evidence), places.level());
    let agrees = [domain, id].contains(&Level::Agrees);
    let comparison = Comparison {
        score: Score::of(rules.similarity(sum)),
        weight: (sum * 100.0).round() as i32,
        pass: pass(domain, name, id),
        domain,
        name,
        id,
        place,
        places,
        same_name,
        apart,
        vague: !telling && !same,
        other_label: domain == Level::Similar && !domains.same_label,
        units_differ,
        supported: [place, id].contains(&Level::Agrees)
            || rare_word
            || (label && place != Level::Differs),
        family: name != Level::Agrees
            && agrees
            && (domain != Level::Agrees || domains.shared > 1)
            && (id != Level::Agrees || id_shared > 1),
    };
    (comparison, evidence)
}

/// The first pass whose key agrees.
fn pass(domain: Level, name: Level, id: Level) -> Option<Pass> {
    if domain == Level::Agrees {
        Some(Pass::Domain)
    } else if matches!(name, Level::Agrees | Level::Similar) {
        Some(Pass::Name)
    } else {
        (id == Level::Agrees).then_some(Pass::Id)
    }
}

/// Whether one side has no domain, no postal code and no city.
fn is_names_only(customer: &CustomerRecord, account: &AccountSide<'_>) -> bool {
    let bare = |place: &Place, domains: &[(CompactString, DomainClass)]| {
        place.postal_code.is_empty() && place.city.is_empty() && domains.is_empty()
    };
    bare(&customer.place, &customer.domains) || bare(account.place, account.domains)
}

/// The level of the ids, and how many customers share the one that agrees.
fn ids(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> (Level, u32) {
    if let Some(duns) = customer.duns.filter(|_| customer.duns == account.duns) {
        return (Level::Agrees, index.with_duns(duns).len() as u32);
    }
    let agreeing = customer.ids.iter().filter(|id| account.ids.contains(id));
    if let Some(shared) = agreeing.map(|id| index.with_id(id).len() as u32).min() {
        return (Level::Agrees, shared);
    }
    let left = !customer.ids.is_empty() || customer.duns.is_some();
    let right = !account.ids.is_empty() || account.duns.is_some();
    let comparable = (customer.duns.is_some() && account.duns.is_some())
        || customer.ids.iter().any(|left| account.ids.iter().any(|right| left.same_shape(right)));
    match (left, right) {
        (false, _) => (Level::MissingLeft, 0),
        (_, false) => (Level::MissingRight, 0),
        _ if comparable => (Level::Differs, 0),
        _ => (Level::NotUsable, 0),
    }
}
