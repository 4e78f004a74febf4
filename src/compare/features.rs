//! What was found in each field of a pair, and what it weighs.

use crate::compare::parameters::Weights;

/// What was found in each field of a pair, before it is weighed. Counts, or bits of words. The same
/// when the sides are swapped.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Bits of the words that both names have.
    pub matched: f64,
    /// Words that agree but for a typing error.
    pub typos: f64,
    /// Bits of identifying words that only one name has.
    pub extra_plain: f64,
    /// Bits of weak words that only one name has.
    pub extra_weak: f64,
    /// Bits of the words by which both names differ: the smaller side of what only one has.
    pub instead: f64,
    /// 1 when all words that count are on both sides.
    pub complete: f64,
    /// 1 when one name is the beginning of the other, and there is more of the other.
    pub beginning: f64,
    /// 1 when one name is the beginning of the other and the rest is weak words.
    pub weak_rest: f64,
    /// 1 when one name is the initials of the other.
    pub acronym: f64,
    /// 1 when both names have numbers and they differ.
    pub numerals_differ: f64,
    /// 1 when only one name has numbers.
    pub numerals_missing: f64,
    /// 1 when the legal forms differ.
    pub forms_differ: f64,
    /// 1 when a legal form stands in front in one name and behind in the other.
    pub form_moved: f64,
    /// 1 when registrable domains are equal.
    pub domain_agrees: f64,
    /// log2 of the customers that share the domain.
    pub domain_shared: f64,
    /// 1 when both have own domains and none is alike.
    pub domain_differs: f64,
    /// 1 when the domains have one label under different suffixes, hyphens aside.
    pub domain_similar: f64,
    /// 1 when one label holds the other, or both begin alike.
    pub domain_near: f64,
    /// 1 when a domain's label spells the other side's name and the names are not the same.
    pub label_in_name: f64,
    /// 1 when postal codes agree.
    pub postal_agrees: f64,
    /// 1 when postal codes differ.
    pub postal_differs: f64,
    /// 1 when cities agree.
    pub city_agrees: f64,
    /// 1 when cities differ.
    pub city_differs: f64,
    /// 1 when states agree.
    pub state_agrees: f64,
    /// 1 when states differ.
    pub state_differs: f64,
    /// 1 when countries differ.
    pub country_differs: f64,
    /// 1 when postal codes or cities differ under an equal domain: companies move, and have
    /// branches.
    pub place_moved: f64,
    /// 1 when an id or the D-U-N-S number agrees.
    pub id_agrees: f64,
    /// log2 of the customers that share the id.
    pub id_shared: f64,
    /// 1 when one side is known by its name only: it has no domain, no postal code and no city, and
    /// the states do not differ.
    pub names_only: f64,
}

/// How many of the terms speak of names.
const OF_NAMES: usize = 13;

impl Features {
    /// What each feature weighs, in bits, with its name in `matching.toml`; those of names first.
    pub fn terms(&self, weights: &Weights) -> [(&'static str, f64); 30] {
        let matched = (self.matched * weights.matched).min(weights.most);
        [
            ("matched", matched),
            ("typos", self.typos * weights.typos),
            ("extra_plain", self.extra_plain * weights.extra_plain),
            ("extra_weak", self.extra_weak * weights.extra_weak),
            ("instead", self.instead * weights.instead),
            ("complete", self.complete * weights.complete),
            ("beginning", self.beginning * weights.beginning),
            ("weak_rest", self.weak_rest * weights.weak_rest),
            ("acronym", self.acronym * weights.acronym),
            ("numerals_differ", self.numerals_differ * weights.numerals_differ),
            ("numerals_missing", self.numerals_missing * weights.numerals_missing),
            ("forms_differ", self.forms_differ * weights.forms_differ),
            ("form_moved", self.form_moved * weights.form_moved),
            ("domain_agrees", self.domain_agrees * weights.domain_agrees),
            ("domain_shared", self.domain_shared * weights.domain_shared),
            ("domain_differs", self.domain_differs * weights.domain_differs),
            ("domain_similar", self.domain_similar * weights.domain_similar),
            ("domain_near", self.domain_near * weights.domain_near),
            ("label_in_name", self.label_in_name * weights.label_in_name),
            ("postal_agrees", self.postal_agrees * weights.postal_agrees),
            ("postal_differs", self.postal_differs * weights.postal_differs),
            ("city_agrees", self.city_agrees * weights.city_agrees),
            ("city_differs", self.city_differs * weights.city_differs),
            ("state_agrees", self.state_agrees * weights.state_agrees),
            ("state_differs", self.state_differs * weights.state_differs),
            ("country_differs", self.country_differs * weights.country_differs),
            ("place_moved", self.place_moved * weights.place_moved),
            ("id_agrees", self.id_agrees * weights.id_agrees),
            ("id_shared", self.id_shared * weights.id_shared),
            ("names_only", self.names_only * weights.names_only),
        ]
    }

    /// Whether the names share more than the identifying words by which they differ.
    pub(super) fn is_similar(&self) -> bool {
        let differ = self.numerals_differ + self.numerals_missing > 0.0;
        self.acronym > 0.0 || (self.matched > self.extra_plain && !differ)
    }

    /// What the pair weighs, in bits: names that have nothing in common speak against it only so
    /// much, however many their words.
    pub(super) fn sum(&self, weights: &Weights) -> f64 {
        let terms = self.terms(weights);
        let sum = |terms: &[(&str, f64)]| terms.iter().map(|(_, bits)| bits).sum::<f64>();
        sum(&terms[..OF_NAMES]).max(weights.least) + sum(&terms[OF_NAMES..])
    }
}
