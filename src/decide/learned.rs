//! What places and domains prove in the run's own lists: estimated from pairs that are sure
//! without them.
//!
//! In one CRM towns are billing addresses, in another they are right. Among pairs whose whole names
//! are the same and unique on both sides the levels of each field are counted. Most of these pairs
//! are one company, some are namesakes: expectation maximisation tells how many, and how often each
//! field agrees among the true ones (the `m` of Fellegi and Sunter 1969; Winkler 1988 for the
//! estimation), with a stated number of pseudo-counts at the shipped shares, so that few pairs
//! change little.

use std::collections::BTreeMap;

use super::{Candidate, Level, lists::Wanted};
use crate::{
    compare::{Comparison, parameters::Estimate},
    link::{Candidates, Matcher},
};

/// The fields whose proof depends on the lists, in the order of their arrays. The town is the better
/// of city and postal code, which go together.
const FIELDS: [&str; 3] = ["town", "state", "domain"];

/// Agrees, similar, differs.
const LEVELS: usize = 3;

/// The position of a level that is missing or not usable.
const MISSING: u8 = 3;

/// The level of each field of a pair.
type Pattern = [u8; FIELDS.len()];

/// For each field and level a number.
type Table<T> = [[T; LEVELS]; FIELDS.len()];

/// Pairs from which it is worth a word how often a field differs.
const FEW: u32 = 30;

/// From which change, in hundredths of a bit, it is worth a word.
const NOTABLE: i32 = 50;

/// Rounds of expectation maximisation; it has long converged then.
const ROUNDS: usize = 100;

/// How many random pairs tell how often fields agree by chance.
const RANDOM_PAIRS: usize = 2_000;

/// What fields prove in the run's own lists.
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    /// How many pairs of the same whole name, unique on both sides, have each level.
    counts: Table<u32>,
    /// What each level weighs more than shipped, in hundredths of a bit.
    change: Table<i32>,
    /// By how many bits typing errors are more frequent than shipped.
    pub(super) typos: f64,
    /// Whether names of one company often differ by a word for another unit, such as Holding.
    pub(super) leaves_units_out: bool,
    /// Whether a name of the CRM often has more words than that of the report.
    pub(super) leaves_words_out: bool,
    /// What a name alone weighs more than shipped, in hundredths of a bit.
    name_alone: i32,
    /// What the same unique name weighs by itself, and each level with it, in hundredths of a bit.
    same_name: i32,
    with_same_name: Table<i32>,
}

impl Learned {
    /// Counts and estimates.
    pub(super) fn from(
        matcher: &Matcher<'_>,
        candidates: &Candidates,
        wanted: &Wanted<'_>,
    ) -> Learned {
        let estimate = &matcher.matching.estimate;
        let mut patterns: BTreeMap<Pattern, u32> = BTreeMap::new();
        let mut counts = Table::default();
        for customer in 0..matcher.index.customers.len() as u32 {
            let Some(sure) = wanted.sure(customer, candidates) else { continue };
            let pattern = pattern(&sure.comparison);
            *patterns.entry(pattern).or_default() += 1;
            for (count, level) in counts.iter_mut().zip(pattern) {
                if level != MISSING {
                    count[level as usize] += 1;
                }
            }
        }
        let by_chance = by_chance(matcher, candidates, estimate);
        let (share, among_true) = maximise(&patterns, estimate, &by_chance);
        let typos = typing_errors(candidates, estimate);
        let learned = Learned::new(counts, share, &among_true, &by_chance, estimate);
        Learned {
            typos: if estimate.from_lists { typos } else { 0.0 },
            leaves_units_out: estimate.from_lists && leaves_units_out(candidates),
            leaves_words_out: estimate.from_lists && leaves_words_out(candidates),
            ..learned
        }
    }

    fn new(
        counts: Table<u32>,
        share: f64,
        among_true: &Table<f64>,
        by_chance: &Table<f64>,
        estimate: &Estimate,
    ) -> Learned {
        let hundredths = |ratio: f64| (ratio.log2() * 100.0).round() as i32;
        let (mut change, mut with_same_name) = (Table::default(), Table::default());
        let shipped = estimate.shares();
        for field in 0..FIELDS.len() {
            for level in 0..LEVELS {
                let m = among_true[field][level];
                if estimate.from_lists {
                    change[field][level] = hundredths(m / shipped[field][level]);
                }
                let of = hundredths(m / by_chance[field][level]);
                // agreement under one name is half expected
                with_same_name[field][level] = if of > 0 { of / 2 } else { of };
            }
        }
        let same_name = hundredths(share / (1.0 - share));
        let name_alone = match estimate.from_lists {
            true => same_name - hundredths(estimate.share / (1.0 - estimate.share)),
            false => 0,
        };
        let (leaves_units_out, leaves_words_out) = (false, false);
        Learned {
            counts,
            change,
            typos: 0.0,
            leaves_units_out,
            leaves_words_out,
            name_alone,
            same_name,
            with_same_name,
        }
    }

    /// Whether too few sure pairs were counted to know what an equal name proves in these lists.
    pub(super) fn is_of_few(&self) -> bool {
        self.counts[0].iter().sum::<u32>() < FEW
    }

    /// What the fields of a pair weigh more than shipped, in hundredths of a bit.
    pub(super) fn change(&self, of: &Comparison) -> i32 {
        match pattern(of) == [MISSING; FIELDS.len()] {
            true => self.name_alone,
            false => sum(&self.change, of),
        }
    }

    /// What the places of a pair weigh that something else brings together: town and state.
    pub(super) fn places(&self, of: &Comparison) -> i32 {
        let [town, state, _] = pattern(of);
        let [of_town, of_state, _] = &self.with_same_name;
        let weight = |table: &[i32; LEVELS], level: u8| table.get(level as usize).copied();
        weight(of_town, town).unwrap_or(0) + weight(of_state, state).unwrap_or(0)
    }

    /// What a pair of the same whole name weighs that is unique on both sides.
    pub(super) fn unique_name(&self, of: &Comparison) -> i32 {
        self.same_name + sum(&self.with_same_name, of)
    }
}

impl Learned {
    /// How often the fields of a pair differ among the sure pairs.
    pub(super) fn sentences<'l>(&'l self, of: &Comparison) -> impl Iterator<Item = String> + 'l {
        let levels = pattern(of).into_iter().enumerate();
        levels.filter(|(_, level)| *level != MISSING).filter_map(|(field, _)| self.sentence(field))
    }

    /// How often fields differ among the sure pairs, where it is so often that they count for less.
    pub(super) fn notes(&self) -> Vec<String> {
        let counts_less = |field: &usize| self.change[*field][LEVELS - 1] >= NOTABLE;
        let note = |field: usize| {
            let name = FIELDS[field];
            self.sentence(field)
                .map(|said| format!("{said}: another {name} counts less than usual"))
        };
        (0..FIELDS.len()).filter(counts_less).filter_map(note).collect()
    }

    fn sentence(&self, field: usize) -> Option<String> {
        let [agrees, similar, differs] = self.counts[field];
        let all = agrees + similar + differs;
        let share = 100.0 * f64::from(differs) / f64::from(all);
        (all >= FEW && self.change[field] != [0; LEVELS]).then(|| {
            let field = FIELDS[field];
            format!(
                "in your lists the {field} differs in {share:.0} % of the {all} pairs of one name that \
                 stands once on either side"
            )
        })
    }
}

/// The sum of what a table has for the levels of a pair.
fn sum(table: &Table<i32>, of: &Comparison) -> i32 {
    let levels = table.iter().zip(pattern(of));
    levels.filter_map(|(levels, level)| levels.get(level as usize)).sum()
}

fn pattern(of: &Comparison) -> Pattern {
    let places = &of.places;
    let number = |level| match level {
        Some(Level::Agrees) => 0,
        Some(Level::Similar) => 1,
        Some(Level::Differs) => 2,
        _ => MISSING,
    };
    let domain = if of.other_label { Level::Differs } else { of.domain };
    let [city, postal_code, state, domain] =
        [places.city, places.postal_code, places.state, Some(domain)].map(number);
    [city.min(postal_code), state, domain]
}

/// How often the levels of each field meet by chance: random customers against the accounts of
/// others.
fn by_chance(matcher: &Matcher<'_>, candidates: &Candidates, estimate: &Estimate) -> Table<f64> {
    let best = |customer: u32| candidates.of(customer).0.first().map(|kept| &kept.candidate);
    let count = matcher.index.customers.len();
    let step = (count / RANDOM_PAIRS).max(1);
    let with: Vec<&Candidate> = (0..count).step_by(step).filter_map(|at| best(at as u32)).collect();
    let mut counts: Table<f64> = estimate.chances().map(|chances| chances.map(|of| of * 10.0));
    for (at, one) in with.iter().enumerate() {
        let other = with[(at + with.len() / 2) % with.len()];
        let customer = &matcher.index.customers[one.customer as usize];
        let places = customer.place.compare(&matcher.place(&other.account));
        let of = Comparison { places, ..Comparison::default() };
        for (count, level) in counts.iter_mut().zip(pattern(&of)) {
            if let Some(count) = count.get_mut(level as usize) {
                *count += 1.0;
            }
        }
    }
    counts.map(shares)
}

/// By how many bits typing errors in the only word that identifies are more frequent than shipped,
/// among pairs of one name whose domain or postal code agrees.
fn typing_errors(candidates: &Candidates, estimate: &Estimate) -> f64 {
    let (mut errors, mut all) = (0_u32, 0_u32);
    for of in candidates.all().map(|pair| &pair.comparison) {
        let sure = of.domain == Level::Agrees || of.places.postal_code == Some(Level::Agrees);
        if sure && of.name == Level::Agrees {
            all += 1;
            errors += u32::from(of.vague);
        }
    }
    let share =
        (f64::from(errors) + estimate.typo * estimate.pairs) / (f64::from(all) + estimate.pairs);
    (share / estimate.typo).log2()
}

/// Whether names often differ by a word for another unit where one account has the domain.
fn leaves_units_out(candidates: &Candidates) -> bool {
    let (differ, all) = among_sure(candidates, |of| of.units_differ);
    differ >= SEVERAL && differ * OFTEN > all
}

/// Whether one name often has more words than the other where one account has the domain.
fn leaves_words_out(candidates: &Candidates) -> bool {
    let (differ, all) = among_sure(candidates, |of| of.name == Level::Similar && !of.apart);
    differ >= SOME && differ * SOMETIMES > all
}

/// How many of the pairs of which one account has the domain are so, and how many there are.
fn among_sure(candidates: &Candidates, are_so: impl Fn(&Comparison) -> bool) -> (usize, usize) {
    let is_sure = |pair: &&Candidate| {
        let of = &pair.comparison;
        let has_one_holder = |domain: &str| candidates.holders(domain).len() == 1;
        of.domain == Level::Agrees
            && matches!(of.name, Level::Agrees | Level::Similar)
            && !of.family
            && pair.account.domains().all(has_one_holder)
    };
    let (mut differ, mut all) = (0_usize, 0_usize);
    for pair in candidates.all().filter(is_sure) {
        all += 1;
        differ += usize::from(are_so(&pair.comparison));
    }
    (differ, all)
}

/// One in so many pairs of one domain is often for words of another unit.
const OFTEN: usize = 500;

/// The same for words of any kind, which are much more frequent.
const SOMETIMES: usize = 50;

/// Pairs from which it is so for words of any kind.
const SOME: usize = 3;

/// Pairs from which it is more than chance: a few may be sisters that share a domain.
const SEVERAL: usize = 5;

/// Counts as shares of their sum.
fn shares(counts: [f64; LEVELS]) -> [f64; LEVELS] {
    let all: f64 = counts.iter().sum();
    counts.map(|count| count / all)
}

/// The share of true pairs among some, and how often fields have each level among these.
fn maximise(
    patterns: &BTreeMap<Pattern, u32>,
    estimate: &Estimate,
    by_chance: &Table<f64>,
) -> (f64, Table<f64>) {
    let shipped = estimate.shares();
    let (mut share, mut among_true) = (estimate.share, shipped);
    for _ in 0..ROUNDS {
        let mut right = estimate.share * estimate.share_pairs;
        let mut all = estimate.share_pairs;
        let mut counts: Table<f64> = shipped.map(|levels| levels.map(|of| of * estimate.pairs));
        for (pattern, count) in patterns {
            let likely = |table: &Table<f64>| -> f64 {
                let levels = table.iter().zip(pattern);
                levels.filter_map(|(levels, level)| levels.get(*level as usize)).product()
            };
            let (true_pair, chance) =
                (share * likely(&among_true), (1.0 - share) * likely(by_chance));
            let weight = f64::from(*count) * true_pair / (true_pair + chance);
            right += weight;
            all += f64::from(*count);
            for (count, level) in counts.iter_mut().zip(pattern) {
                if let Some(count) = count.get_mut(*level as usize) {
                    *count += weight;
                }
            }
        }
        (share, among_true) = (right / all, counts.map(shares));
    }
    (share, among_true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Matching;

    /// The shipped parameters.
    fn estimate() -> Estimate {
        Matching::load(None).expect("the built-in parameters").estimate
    }

    /// So many pairs of which a share is true; the town of the true ones differs in another share,
    /// that of strangers in all, and half of all have a domain, equal for the true ones.
    fn patterns(pairs: u32, share: f64, moved: f64) -> BTreeMap<Pattern, u32> {
        let count = |of: f64| (f64::from(pairs) * of / 2.0).round() as u32;
        let town = [(0, share * (1.0 - moved)), (2, share * moved)];
        let mut patterns = BTreeMap::new();
        for (level, of) in town {
            patterns.insert([level, MISSING, 0], count(of));
            patterns.insert([level, MISSING, MISSING], count(of));
        }
        *patterns.entry([2, MISSING, 2]).or_default() += count(1.0 - share);
        *patterns.entry([2, MISSING, MISSING]).or_default() += count(1.0 - share);
        patterns
    }

    #[test]
    fn what_true_pairs_have_in_common_is_told_from_namesakes() {
        let (estimate, chances) = (estimate(), estimate().chances());
        for (share, moved) in [(0.98, 0.02), (0.98, 0.15), (0.9, 0.02), (0.85, 0.2), (0.99, 0.4)] {
            let (found, m) = maximise(&patterns(4_000, share, moved), &estimate, &chances);
            assert!((found - share).abs() < 0.02, "{share} {moved}: {found}");
            assert!((m[0][2] - moved).abs() < 0.02, "{share} {moved}: {:?}", m[0]);
        }
    }

    #[test]
    fn few_pairs_change_little_and_none_nothing() {
        let (estimate, chances) = (estimate(), estimate().chances());
        let learned = |pairs: u32| {
            let (share, m) = maximise(&patterns(pairs, 0.98, 0.3), &estimate, &chances);
            Learned::new(Table::default(), share, &m, &chances, &estimate).change[0][2]
        };
        assert_eq!(learned(0), 0);
        assert!(learned(10) < learned(100) && learned(100) < learned(4_000));
        assert!(learned(10) < 160, "{}", learned(10));
    }

    #[test]
    fn the_switch_leaves_weights_as_shipped() {
        let mut estimate = estimate();
        estimate.from_lists = false;
        let (share, m) = maximise(&patterns(4_000, 0.9, 0.3), &estimate, &estimate.chances());
        let learned = Learned::new(Table::default(), share, &m, &estimate.chances(), &estimate);
        assert_eq!((learned.change, learned.name_alone), (Table::default(), 0));
        assert!(learned.notes().is_empty());
    }
}
