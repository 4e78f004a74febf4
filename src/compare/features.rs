//! The features of a pair: one table says what each is, how it may weigh and what `explain` says.

use serde::Deserialize;

/// In what a feature is counted, and so which values it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Bits of words.
    Bits,
    /// How often.
    Count,
    /// 1 when it holds, else 0.
    Flag,
    /// log2 of how many.
    Log2,
}

/// Which way the weight of a feature may point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// 0 or more.
    For,
    /// 0 or less.
    Against,
    /// Any.
    Either,
}

impl Sign {
    /// Whether a weight points this way.
    pub(crate) fn allows(self, weight: f64) -> bool {
        match self {
            Sign::For => weight >= 0.0,
            Sign::Against => weight <= 0.0,
            Sign::Either => true,
        }
    }
}

/// The field of a pair to which a feature belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// The names: what they weigh is summed, and no less than `least`.
    Name,
    /// The domains.
    Domain,
    /// The places.
    Place,
    /// Microsoft ids and D-U-N-S numbers.
    Id,
    /// The pair as a whole.
    Pair,
}

/// A row of the table of features.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature {
    /// Its name in `matching.toml`.
    pub(crate) name: &'static str,
    /// What it is.
    #[cfg_attr(not(test), expect(dead_code, reason = "the docs are made of it"))]
    pub(crate) doc: &'static str,
    /// In what it is counted.
    #[cfg_attr(not(test), expect(dead_code, reason = "the docs are made of it"))]
    pub(crate) unit: Unit,
    /// Which way its weight may point.
    pub(crate) sign: Sign,
    /// What `explain` says where it weighs something.
    pub(crate) sentence: &'static str,
    /// The field to which it belongs.
    pub(crate) field: Field,
}

/// Declares the features: field, name, unit, sign, what it is, what `explain` says. Those of the
/// names stand first.
macro_rules! features {
    ($($field:ident $name:ident $unit:ident $sign:ident $doc:literal $sentence:literal)*) => {
        /// What is known of each feature of a pair: what was found, before it is weighed, or
        /// between which values it is. The same when the sides are swapped.
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub(crate) struct Features<T = f64> {
            $(#[doc = $doc] pub $name: T,)*
        }

        /// What each feature of a pair weighs, in bits per unit of the feature; negative is against.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Weights {
            /// The most that words which both names have can speak for a pair.
            pub(crate) most: f64,
            /// The most that names can speak against a pair; negative.
            pub(crate) least: f64,
            $(#[doc = $doc] pub $name: f64,)*
        }

        /// All features, in the order in which they are summed.
        pub(crate) const TABLE: [Feature; COUNT] = [$(Feature {
            name: stringify!($name),
            doc: $doc,
            unit: Unit::$unit,
            sign: Sign::$sign,
            sentence: $sentence,
            field: Field::$field,
        },)*];

        /// How many features there are.
        pub(crate) const COUNT: usize = [$(stringify!($name)),*].len();

        impl<T> Features<T> {
            /// In the order of [`TABLE`].
            #[inline]
            pub(crate) fn into_array(self) -> [T; COUNT] {
                [$(self.$name,)*]
            }

            /// What two values make, feature by feature.
            #[inline]
            pub(super) fn zip<U, V>(
                self,
                other: Features<U>,
                both: impl Fn(T, U) -> V,
            ) -> Features<V> {
                Features { $($name: both(self.$name, other.$name),)* }
            }
        }

        impl Weights {
            /// The weight of each feature.
            #[inline]
            pub(crate) fn each(&self) -> Features {
                Features { $($name: self.$name,)* }
            }
        }
    };
}

features! {
    Name matched Bits For
        "Bits of the words that both names have."
        "both names have the same words"
    Name typos Count Against
        "Words that agree but for a typing error."
        "words that differ by a typing error"
    Name extra_plain Bits Against
        "Bits of identifying words that only one name has."
        "words that only one name has"
    Name extra_weak Bits Against
        "Bits of weak words that only one name has."
        "common words that only one name has"
    Name instead Bits Against
        "Bits of the words by which both names differ: the smaller side of what only one has."
        "each name has words that the other lacks"
    Name complete Flag For
        "1 when all words that count are on both sides."
        "all words that count are in both names"
    Name beginning Flag For
        "1 when one name is the beginning of the other, and there is more of the other."
        "one name is the beginning of the other"
    Name weak_rest Flag Either
        "1 when one name is the beginning of the other and the rest is weak words."
        "the rest of the longer name is weak words"
    Name acronym Flag Either
        "1 when one name is the initials of the other."
        "one name is the initials of the other"
    Name numerals_differ Flag Against
        "1 when both names have numbers and they differ."
        "the numbers in the names differ"
    Name numerals_missing Flag Against
        "1 when only one name has numbers."
        "only one name has a number"
    Name forms_differ Flag Against
        "1 when the legal forms differ."
        "the legal forms differ"
    Name form_moved Flag Against
        "1 when a legal form stands in front in one name and behind in the other."
        "the legal form stands in front in one name and behind in the other"
    Name remarks_differ Flag Against
        "1 when both names have words in brackets, or each has its own city, and they differ."
        "each name has a remark or a town of its own"
    Domain domain_agrees Flag For
        "1 when registrable domains are equal."
        "the same domain on both sides"
    Domain domain_shared Log2 Against
        "log2 of the customers that share the domain."
        "several customers of the reports share the domain"
    Domain domain_differs Flag Against
        "1 when both have own domains and none is alike."
        "the domains differ"
    Domain domain_similar Flag Either
        "1 when the domains have one label under different suffixes, whatever their hyphens."
        "the same domain with another ending"
    Domain domain_near Flag Either
        "1 when one label holds the other, or both begin alike."
        "the domains are alike"
    Domain label_in_name Flag For
        "1 when a domain's label spells the other side's name and the names are not the same."
        "the domain spells the other side's name"
    Place postal_agrees Flag For
        "1 when postal codes agree."
        "the postal codes agree"
    Place postal_differs Flag Against
        "1 when postal codes differ."
        "the postal codes differ"
    Place city_agrees Flag For
        "1 when cities agree."
        "the cities agree"
    Place city_differs Flag Against
        "1 when cities differ."
        "the cities differ"
    Place state_agrees Flag For
        "1 when states agree."
        "the states agree"
    Place state_differs Flag Against
        "1 when states differ."
        "the states differ"
    Place country_differs Flag Against
        "1 when countries differ."
        "the countries differ"
    Place place_moved Flag For
        "1 when postal codes or cities differ under an equal domain: companies move, and have branches."
        "with the same domain, another place counts less: companies move"
    Id id_agrees Flag For
        "1 when an id or the D-U-N-S number agrees."
        "the same number on both sides"
    Id id_shared Log2 Against
        "log2 of the customers that share the id."
        "several customers of the reports share the number"
    Pair names_only Flag For
        "1 when one side is known by its name only: it has no domain, no postal code and no city, and the states do not differ."
        "one side is known by its name only"
}

/// How many features are of the names: the first of [`TABLE`].
pub(super) const NAMES: usize = {
    let mut count = 0;
    while matches!(TABLE[count].field, Field::Name) {
        count += 1;
    }
    count
};

/// 1 for what holds, else 0.
pub(super) fn flag(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Features {
    /// What each feature weighs, in bits: words on both sides weigh `most` together at most.
    pub(crate) fn terms(&self, weights: &Weights) -> Features {
        let mut terms = self.zip(weights.each(), |found, weight| found * weight);
        terms.matched = terms.matched.min(weights.most);
        terms
    }

    /// What the pair weighs, in bits: names that have nothing in common speak against it only so
    /// much, however many their words.
    pub(super) fn sum(&self, weights: &Weights) -> f64 {
        let terms = self.terms(weights).into_array();
        let (names, others) = terms.split_at(NAMES);
        names.iter().sum::<f64>().max(weights.least) + others.iter().sum::<f64>()
    }

    /// The sum of the terms of a field.
    pub(crate) fn of(&self, field: Field) -> f64 {
        let terms = TABLE.iter().zip(self.into_array());
        terms.filter(|(feature, _)| feature.field == field).map(|(_, bits)| bits).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_stand_first_and_every_feature_has_its_words() {
        for (at, feature) in TABLE.iter().enumerate() {
            assert_eq!(feature.field == Field::Name, at < NAMES, "{}", feature.name);
            assert!(feature.doc.ends_with('.') && !feature.sentence.is_empty(), "{feature:?}");
            assert!(
                feature.unit != Unit::Flag || feature.doc.starts_with("1 when "),
                "{feature:?}"
            );
        }
    }
}
