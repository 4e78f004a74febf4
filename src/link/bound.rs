//! The law of [`UpperBound`], on customers and accounts of all kinds with any weights.

use proptest::prelude::*;

use super::{keys::AccountKeys, word_cache::WordCache};
use crate::{
    compare::{
        AtMost, UpperBound, compare,
        drawn::{Drawn, company, matching, rules},
        features::{Field, TABLE},
    },
    index::{Index, WordRef, signature::Signature},
};

/// The words of a name that are not in brackets, written as one.
fn written_as_one<'w>(words: impl Iterator<Item = WordRef<'w>>) -> String {
    words.filter(|word| !word.word.optional).map(|word| word.text).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_feature_leaves_its_range_and_no_pair_weighs_more_than_its_bound(
        left in prop::collection::vec(company(), 1..6),
        right in prop::collection::vec(company(), 1..6),
        matching in matching(),
    ) {
        let customers: Vec<_> = left.iter().map(Drawn::customer).collect();
        let index = Index::build(&customers, rules());
        let (mut cache, mut keys) = (WordCache::default(), AccountKeys::default());
        let (mut bound, most) = (UpperBound::default(), AtMost::of(&matching));
        for drawn in &right {
            let account = drawn.account();
            keys.read(&account, &[], &mut cache, &index, rules());
            let place = &rules().places;
            let place = place.read(account.country, account.state, account.postal_code, account.city);
            let words = keys.name.refs(&place, &cache);
            let side = keys.side(&words, &place);
            bound.read(&side, &index.words);
            for (at, prepared) in index.customers.iter().enumerate() {
                let signature = Signature::of(at as u32, prepared);
                let (of, evidence) = compare(&index, prepared, &side, &matching);
                let mut same = keys.name.hashes.iter().flat_map(|hash| index.with_whole_name(*hash));
                let same = same.any(|same| same.customer == signature.customer)
                    || written_as_one(index.refs(prepared)) == written_as_one(words.iter().copied());
                let ranges = bound.ranges(&signature, same).into_array();
                let found = evidence.features.into_array();
                for ((feature, range), found) in TABLE.iter().zip(ranges).zip(found) {
                    prop_assert!(
                        feature.field == Field::Id || (range.lo - 1e-6..=range.hi + 1e-6).contains(&found),
                        "{}: {found} in {range:?}: {:?}, {drawn:?}", feature.name, left[at]
                    );
                }
                // A number that both have comes on top.
                let ids = evidence.features.terms(&matching.weights).of(Field::Id);
                let weight = f64::from(of.weight) / 100.0 - ids;
                // The same whole name is compared without a bound.
                let is_bounded = same || bound.at_most(&signature, weight - 0.01, &most).is_some();
                prop_assert!(is_bounded, "{:?} and {drawn:?}: {of:?}", left[at]);
            }
        }
    }
}
