//! What other limits would do to a run, by the similarities that its files have. Nothing is changed:
//! the person gets the text that sets them.

use super::{case::Case, desk::Desk, standing::Said};
use crate::{
    compare::{Score, parameters::LEAST_ACCEPT},
    status::{CustomerStatus, ReviewReason},
};

/// From where on a pair is accepted, and from where on a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) accept: Score,
    pub(super) review: Score,
}

/// What limits make of the customers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) accepted: u64,
    pub(super) shown: u64,
    pub(super) refused: u64,
    /// Customers of whom a person has said otherwise.
    pub(super) contradicted: u64,
    /// The revenue that expires of the accepted ones, in whole units.
    pub(super) value: i64,
}

/// What the limits make of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Accepted,
    Shown,
    Refused,
}

impl Limits {
    /// Those of the run.
    pub(super) fn now(desk: &Desk) -> Limits {
        Limits { accept: desk.accept(), review: Score::of(desk.limits.review) }
    }

    /// Those that a person tries, as a run takes them: the lower one is never above the other.
    pub(super) fn tried(desk: &Desk, accept: Option<f64>, review: Option<f64>) -> Limits {
        let now = Limits::now(desk);
        let score = |tried: Option<f64>, now: Score| tried.map_or(now, Score::of);
        let accept = score(accept, now.accept).max(Score::of(LEAST_ACCEPT));
        let lowest = Score::of(desk.limits.keep);
        Limits { accept, review: score(review, now.review).min(accept).max(lowest) }
    }

    /// What they make of the customers.
    pub(super) fn effect(self, desk: &Desk) -> Effect {
        let mut effect = Effect::default();
        for (at, case) in desk.cases.list.iter().enumerate() {
            let Some(place) = self.place(case) else { continue };
            match place {
                Place::Accepted => {
                    effect.accepted += 1;
                    effect.value += case.revenue.unwrap_or(0);
                }
                Place::Shown => effect.shown += 1,
                Place::Refused => effect.refused += 1,
            }
            effect.contradicted += u64::from(self.contradicts(desk, at));
        }
        effect.value /= 100;
        effect
    }

    /// Where a customer comes to lie; `None` for one that was not tried.
    fn place(self, case: &Case) -> Option<Place> {
        let best = case.accounts.first();
        match (case.status?, case.review) {
            (CustomerStatus::Excluded, _) => None,
            (CustomerStatus::Linked, _) if best.is_some_and(|link| link.is_decided) => {
                Some(Place::Accepted)
            }
            // it is not the similarity that speaks against these
            (CustomerStatus::Review, reason) if reason != Some(ReviewReason::Doubtful) => {
                Some(Place::Shown)
            }
            _ => Some(best.map_or(Place::Refused, |best| self.of_score(best.score()))),
        }
    }

    fn of_score(self, score: Score) -> Place {
        match score {
            score if score >= self.accept => Place::Accepted,
            score if score >= self.review => Place::Shown,
            _ => Place::Refused,
        }
    }

    /// Whether a person has said something else than these limits would.
    fn contradicts(self, desk: &Desk, at: usize) -> bool {
        let case = &desk.cases.list[at];
        let Some(best) = case.accounts.first() else { return false };
        let alone = self.of_score(best.score());
        match &desk.standing(at).said {
            Some(Said::Accepted(accounts)) => {
                let is_best = accounts.contains(&best.id);
                (is_best && alone == Place::Refused) || (!is_best && alone == Place::Accepted)
            }
            Some(Said::None | Said::Refused) => alone == Place::Accepted,
            Some(Said::Unsure(_)) => false,
            None => best.is_decided && alone == Place::Refused,
        }
    }

    /// The lines of `matching.toml` that set them.
    pub(super) fn rule_text(self) -> String {
        let number = |score: Score| f64::from(score.ten_thousandths()) / 10_000.0;
        format!("[limits]\naccept = {}\nreview = {}\n", number(self.accept), number(self.review))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::case::Card, *};

    fn case(status: CustomerStatus, review: Option<ReviewReason>, similarity: &str) -> Case {
        let best = Card { id: "A".into(), similarity: similarity.into(), ..Card::default() };
        Case { status: Some(status), review, accounts: vec![best], ..Case::default() }
    }

    #[test]
    fn only_those_move_whose_similarity_decides() {
        let limits = Limits { accept: Score::of(0.6), review: Score::of(0.2) };
        let decided = |mut of: Case| {
            of.accounts[0].is_decided = true;
            of
        };
        use CustomerStatus::{Excluded, Linked, Review, Unmatched};
        for (case, want) in [
            (case(Linked, None, "0.7000"), Some(Place::Accepted)),
            (case(Linked, None, "0.5900"), Some(Place::Shown)),
            (decided(case(Linked, None, "0.1000")), Some(Place::Accepted)),
            (case(Review, Some(ReviewReason::Doubtful), "0.6000"), Some(Place::Accepted)),
            (case(Review, Some(ReviewReason::Doubtful), "0.1900"), Some(Place::Refused)),
            (case(Review, Some(ReviewReason::Conflict), "0.9900"), Some(Place::Shown)),
            (case(Unmatched, None, "0.2000"), Some(Place::Shown)),
            (case(Excluded, None, ""), None),
        ] {
            assert_eq!(limits.place(&case), want, "{case:?}");
        }
        assert_eq!(limits.rule_text(), "[limits]\naccept = 0.6\nreview = 0.2\n");
    }
}
