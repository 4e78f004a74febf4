//! What a customer is expected to be worth, where the lists are ordered by that.

use std::cmp::Reverse;

/// What a customer is expected to be worth, and how that was worked out.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Worth {
    /// The expected value, in hundredths of the report's currency; `None` where no rate is known.
    pub(crate) value: Option<i64>,
    /// The formula, `12.5 of 100 (A1 in Azure) x 78350`; empty where no rate is known.
    pub(crate) formula: Box<str>,
}

/// The place of each customer by its worth, the highest first; of equal worth by the places given.
pub(super) fn places(worth: &[Worth], before: &[u32]) -> Vec<u32> {
    let mut at: Vec<usize> = (0..before.len()).collect();
    at.sort_by_key(|at| (Reverse(worth.get(*at).and_then(|of| of.value)), before[*at]));
    let mut places = vec![0; before.len()];
    for (place, at) in (0..).zip(at) {
        places[at] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_worth_comes_first_and_equal_ones_stay_in_order() {
        let worth = [Some(5), None, Some(9), Some(5), None]
            .map(|value| Worth { value, ..Worth::default() });
        assert_eq!(places(&worth, &[3, 1, 4, 0, 2]), [2, 3, 0, 1, 4]);
    }
}
