//! Rates and their comparison, each with the interval that holds the truth in 95 of 100 cases.

use crate::result::outcome::Estimate;

/// The standard normal quantile of 97.5 %: of the intervals 95 in 100 hold the truth.
const Z: f64 = 1.959_963_984_540_054;

/// Some of a number of customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    /// Those meant.
    pub(crate) of: u64,
    /// All of them.
    pub(crate) all: u64,
}

impl Share {
    /// The rate with Wilson's score interval; `None` of nobody.
    pub(crate) fn rate(self) -> Option<Estimate> {
        if self.all == 0 {
            return None;
        }
        let (n, value) = (self.all as f64, self.of as f64 / self.all as f64);
        let spread = Z * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
        let (centre, scale) = (value + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
        let end = |end: f64| (end / scale).clamp(0.0, 1.0);
        Some(Estimate { value, low: end(centre - spread), high: end(centre + spread) })
    }

    /// How many times the rate of others this one is, with the interval of the log relative risk;
    /// `None` where one of the two rates is of nobody or 0, of which no multiple can be told.
    pub(crate) fn times(self, others: Share) -> Option<Estimate> {
        if [self.of, self.all, others.of, others.all].contains(&0) {
            return None;
        }
        let rate = |share: Share| share.of as f64 / share.all as f64;
        let variance = |share: Share| 1.0 / share.of as f64 - 1.0 / share.all as f64;
        let value = rate(self) / rate(others);
        let factor = (Z * (variance(self) + variance(others)).sqrt()).exp();
        Some(Estimate { value, low: value / factor, high: value * factor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(of: u64, all: u64) -> Share {
        Share { of, all }
    }

    /// The first four pairs are those of Newcombe, Two-sided confidence intervals for the single
    /// proportion, Statistics in Medicine 17 (1998) 857-872, table I; the intervals are what
    /// `proportion_confint(count, nobs, method="wilson")` of statsmodels 0.15.0 gives for them. The last
    /// two stand in the tests of the R package cards (insightsengineering/cards,
    /// `tests/testthat/_snaps/proportion_ci.md`).
    #[test]
    fn rates_have_the_intervals_of_wilson_that_others_compute() {
        for (of, all, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (32, 32, 0.8928, 1.0000),
            (0, 32, 0.0000, 0.1072),
        ] {
            let found = share(of, all).rate().unwrap();
            let digits = |number: f64| (number * 10_000.0).round() / 10_000.0;
            assert_eq!((digits(found.low), digits(found.high)), (low, high), "{of} of {all}");
        }
        assert_eq!(share(0, 0).rate(), None);
    }

    /// Vaccinated and not vaccinated with tuberculosis in the first trials of BCG (Colditz 1994; the
    /// numbers are those of `dat.colditz1994` of the R package metadat), with the intervals that
    /// `scipy.stats.contingency.relative_risk` of SciPy 1.17.1 gives; the last pair with the one that the
    /// function `epi.2by2` of the R package epiR prints as *Wald RR*: 2.142857, 0.9309039, 4.932664.
    #[test]
    fn multiples_have_the_intervals_of_relative_risks_that_others_compute() {
        for (one, other, want) in [
            ((4, 123), (11, 139), (0.41, 0.13, 1.26)),
            ((6, 306), (29, 303), (0.20, 0.09, 0.49)),
            ((3, 231), (11, 220), (0.26, 0.07, 0.92)),
            ((62, 13_598), (248, 12_867), (0.24, 0.18, 0.31)),
            ((33, 5069), (47, 5808), (0.80, 0.52, 1.25)),
            ((180, 1541), (372, 1451), (0.46, 0.39, 0.54)),
            ((15, 28), (5, 20), (2.14, 0.93, 4.93)),
        ] {
            let found = share(one.0, one.1).times(share(other.0, other.1)).unwrap();
            let digits = |number: f64| (number * 100.0).round() / 100.0;
            let found = (digits(found.value), digits(found.low), digits(found.high));
            assert_eq!(found, want, "{one:?} and {other:?}");
        }
        for (one, other) in [((0, 9), (1, 9)), ((1, 9), (0, 9)), ((0, 0), (1, 9))] {
            assert_eq!(
                share(one.0, one.1).times(share(other.0, other.1)),
                None,
                "no multiple of 0"
            );
        }
    }
}
