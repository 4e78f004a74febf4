//! The points that a pair needs and has: to explain it.

use super::{
    Decider, Duplicates, Field,
    lists::{Lists, Rivals},
};
use crate::link::Candidate;

/// The points that a pair has, and those of what it is held against, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    /// What all fields weigh.
    pub(crate) weight: f64,
    /// What the run's own lists change: what fields prove there, a name or a domain that stands once
    /// on either side.
    pub(crate) in_lists: f64,
    /// The other accounts of its customer that are no duplicates; negative infinity for none.
    pub(crate) of_customer: f64,
    /// The other customers of its account; negative infinity for none.
    pub(crate) of_account: f64,
    /// That no account is the customer's.
    pub(crate) none: f64,
    /// The probability, 0 to 1.
    pub(crate) probability: f64,
    /// Whether the pair is held against rivals and is still likely enough.
    pub(crate) is_likely: bool,
    /// Whether no other customer and no other account holds a domain that both sides have.
    pub(crate) has_unique_domain: bool,
    /// Whether the account has the customer's name and more, in the same place only.
    pub(crate) is_longer_namesake: bool,
    /// Whether it is the same company as a better account of the customer.
    pub(crate) is_second_account: bool,
}

impl Decider<'_> {
    /// How the candidates of a customer stand, best first, by the same code that decides.
    pub(crate) fn standings(&self, customer: u32, lists: &Lists<'_>) -> Vec<(Candidate, Standing)> {
        let (found, _) = lists.of(customer);
        let (found, far): (Vec<Candidate>, Vec<Candidate>) =
            found.into_iter().partition(|pair| self.is_near(pair, lists));
        let duplicates = Duplicates::new(self, &found, lists);
        let field = Field { found: &found, duplicates: &duplicates, lists };
        let near = found.iter().enumerate().map(|(at, pair)| {
            let second = (0..at).any(|one| duplicates.are(one, at));
            (pair, self.rivals(pair, &field), second)
        });
        let far = far.iter().map(|pair| (pair, self.rivals(pair, &field), false));
        let standing = |(pair, rivals, is_second_account): (&Candidate, Rivals, bool)| {
            let mut pair = pair.clone();
            self.score(&mut pair, rivals);
            let kept = lists.candidates.near(customer).iter();
            let mut kept = kept.filter(|of| of.candidate.account == pair.account);
            let alone = kept.next().map_or(0, |of| of.candidate.comparison.weight);
            let probability = self.probability(&pair.comparison, rivals);
            let standing = Standing {
                weight: f64::from(alone) / 100.0,
                in_lists: f64::from(pair.comparison.weight) / 100.0,
                of_customer: rivals.of_customer.log2(),
                of_account: rivals.of_account.log2(),
                none: self.none(&pair.comparison).log2(),
                probability,
                is_likely: probability >= self.matcher.matching.limits.accept,
                has_unique_domain: self.has_unique_domain(&pair, lists.candidates),
                is_longer_namesake: self.is_longer_namesake(&pair, lists),
                is_second_account,
            };
            (pair, standing)
        };
        near.chain(far).map(standing).collect()
    }
}
