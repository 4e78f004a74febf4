//! What was decided about a customer and its candidates, and why.

#[cfg(feature = "browser")]
use super::pair::Points;
use super::{Explainer, pair::account_line};
use crate::{
    compare::{Level, Pass, Score},
    decide::{
        DecidedBy, Decider, Decisions, Link, Lists, Outcome, ReviewReason, Standing,
        UnmatchedReason,
    },
    link::{AccountRecord, Candidate, Candidates},
    text::id::join_key,
};

/// Candidates that are described when no account is given.
const DESCRIBED: usize = 3;

/// What was decided about customers, to be explained.
pub(crate) struct Decided<'r> {
    decider: &'r Decider<'r>,
    explainer: Explainer<'r>,
    lists: Lists<'r>,
    decisions: &'r Decisions,
}

impl<'r> Decided<'r> {
    /// What a decider has decided over some candidates.
    pub(crate) fn new(
        decider: &'r Decider<'r>,
        candidates: &'r Candidates,
        decisions: &'r Decisions,
    ) -> Decided<'r> {
        let explainer = Explainer::new(decider.customers, decider.matcher);
        let lists = Lists::new(decider, candidates);
        Decided { decider, explainer, lists, decisions }
    }

    /// The limits of the run.
    pub(crate) fn limits(&self) -> String {
        let limits = &self.decider.matcher.matching.limits;
        format!(
            "Limits: accepted from {} against all rivals, shown for review from {} or where a domain, \
             an id or the whole name agrees; kept from {}.",
            Score::of(limits.accept),
            Score::of(limits.review),
            limits.keep()
        )
    }

    /// The word of the status in which a customer ends.
    pub(crate) fn word(&self, customer: usize) -> &'static str {
        self.decisions.outcomes[customer].status().word()
    }

    /// The accounts of a linked customer, as `customers.csv` joins them.
    pub(crate) fn linked_ids(&self, customer: usize) -> String {
        let Outcome::Linked(links) = &self.decisions.outcomes[customer] else {
            return String::new();
        };
        let ids: Vec<&str> = links.iter().map(|link| link.candidate.account.id()).collect();
        ids.join("; ")
    }

    /// The answer in one sentence: where a customer ended, and with which accounts.
    pub(crate) fn answer(&self, customer: usize) -> String {
        let (what, word, sentence) = match &self.decisions.outcomes[customer] {
            Outcome::Linked(links) => {
                let by = links.first().map_or(String::new(), accepted_by);
                let runner_up = links.first().and_then(|link| link.runner_up.as_ref());
                let runner_up = runner_up.map_or_else(
                    || "there is no runner-up".to_owned(),
                    |(other, score)| format!("the runner-up is {} with {score}", quoted(other)),
                );
                let accounts = links.iter().map(|link| quoted(&link.candidate.account));
                let accounts: Vec<String> = accounts.collect();
                return format!("Linked to {}, {by}; {runner_up}.", accounts.join(" and "));
            }
            Outcome::Review(reason, shown) => {
                (needs_decision(shown), reason.word(), reason.explanation())
            }
            Outcome::Unmatched(reason, nearest) => {
                let nearest = nearest.as_ref().map_or(String::new(), |pair| {
                    format!(", nearest is {} with {}", quoted(&pair.account), pair.comparison.score)
                });
                (format!("Not in your CRM{nearest}"), reason.word(), reason.explanation())
            }
            Outcome::Excluded(reason) => {
                ("Not tried".to_owned(), reason.word(), reason.explanation())
            }
        };
        format!("{what}: {word} ({sentence}).")
    }

    /// The best candidates of a customer, or what each pass looked for.
    pub(crate) fn best(&self, customer: usize) -> Vec<String> {
        let candidates = self.candidates_of(customer);
        if candidates.is_empty() {
            return indented(self.explainer.looked_for(customer)).collect();
        }
        let mut lines = Vec::new();
        for (pair, standing) in candidates.iter().take(DESCRIBED) {
            lines.extend(self.pair(customer, pair, standing.as_ref()));
            lines.extend(self.rank(pair, &candidates));
        }
        let more = candidates.len().saturating_sub(DESCRIBED);
        if more > 0 {
            lines.push(format!("\n{more} more candidates: see one with --account ID."));
        }
        lines
    }

    /// A customer and an account that is a candidate of it.
    pub(crate) fn with_account(&self, customer: usize, account: &str) -> Option<Vec<String>> {
        let candidates = self.candidates_of(customer);
        let (pair, standing) = of_account(&candidates, account)?;
        let mut lines = self.pair(customer, pair, standing.as_ref());
        lines.extend(self.rank(pair, &candidates));
        Some(lines)
    }

    /// The points of a customer and an account that is a candidate of it.
    #[cfg(feature = "browser")]
    pub(crate) fn points(&self, customer: usize, account: &str) -> Option<Points> {
        let candidates = self.candidates_of(customer);
        let (pair, _) = of_account(&candidates, account)?;
        Some(self.explainer.points(pair))
    }

    /// A customer and an account that is a candidate only because the user named it.
    pub(crate) fn with_pinned_account(
        &self,
        customer: usize,
        account: &str,
    ) -> Option<Vec<String>> {
        let candidates = self.candidates_of(customer);
        let (pair, standing) = of_account(&candidates, account)?;
        let mut lines = self.pair(customer, pair, standing.as_ref());
        lines.extend(indented(self.explainer.lacked(pair)));
        Some(lines)
    }

    /// The candidates of a customer with how they stand, best first; or the nearest miss.
    fn candidates_of(&self, customer: usize) -> Vec<(Candidate, Option<Standing>)> {
        let customer = customer as u32;
        let stand = self.decider.standings(customer, &self.lists).into_iter();
        let stand = stand.map(|(pair, standing)| (pair, Some(standing)));
        let nearest = self.decider.nearest(customer, &self.lists);
        stand.chain(nearest.map(|pair| (pair, None))).collect()
    }

    /// A pair with all that is known of it.
    fn pair(&self, customer: usize, pair: &Candidate, standing: Option<&Standing>) -> Vec<String> {
        let mut lines = vec![self.verdict(customer, pair, standing)];
        lines.extend(self.explainer.describe(pair));
        lines.extend(standing.iter().flat_map(|standing| self.demands(pair, standing)));
        let head = [String::new(), format!("Account {}", account_line(&pair.account))];
        head.into_iter().chain(indented(lines)).collect()
    }

    /// Where a pair stands among the candidates of its customer.
    fn rank(&self, pair: &Candidate, kept: &[(Candidate, Option<Standing>)]) -> Option<String> {
        if kept.iter().any(|(of, standing)| of == pair && standing.is_none()) {
            return Some(
                "  It is the nearest account, but not close enough to be a candidate.".into(),
            );
        }
        let kept: Vec<&Candidate> = kept.iter().map(|(of, _)| of).collect();
        let at = kept.iter().position(|of| of.account.is_same_account(&pair.account))?;
        let ahead = |other: &Candidate, one: &Candidate| {
            f64::from(one.comparison.weight - other.comparison.weight) / 100.0
        };
        let best = kept.first()?;
        Some(match (at, kept.get(1)) {
            (0, None) => "  It is the only candidate: there is no runner-up.".into(),
            (0, Some(second)) => format!(
                "  It is the best of {} candidates; the runner-up is {} with {}, {:.2} behind.",
                kept.len(),
                second.account.id(),
                second.comparison.score,
                ahead(second, pair)
            ),
            _ => format!(
                "  It is candidate {} of {}; the best is {} with {}, {:.2} ahead.",
                at + 1,
                kept.len(),
                best.account.id(),
                best.comparison.score,
                ahead(pair, best)
            ),
        })
    }

    /// Why a pair is or is not a link, in one sentence.
    fn verdict(&self, customer: usize, pair: &Candidate, standing: Option<&Standing>) -> String {
        let is_it = |link: &&Link| link.candidate.account.is_same_account(&pair.account);
        let outcome = &self.decisions.outcomes[customer];
        match outcome {
            Outcome::Linked(links) => {
                if let Some(link) = links.iter().find(is_it) {
                    return format!("Linked: {}.", accepted_by(link));
                }
            }
            _ if self.decider.are_apart(customer as u32, pair) => {}
            Outcome::Unmatched(
                reason @ (UnmatchedReason::Refused | UnmatchedReason::SettledNone),
                _,
            ) => return format!("Not linked: {}.", reason.explanation()),
            Outcome::Excluded(reason) => {
                return format!("Not linked: {}.", reason.explanation());
            }
            Outcome::Review(reason, shown) => {
                let is_shown = shown.iter().any(|of| of.account.is_same_account(&pair.account));
                if *reason != ReviewReason::Stale && self.is_rejected(pair) {
                    return "Not linked: you rejected it.".into();
                }
                let below = Score::of(self.decider.matcher.matching.limits.review);
                if let Some(why) = why_below_the_limit(*reason, pair).filter(|_| is_shown)
                    && pair.comparison.score < below
                {
                    return format!(
                        "Not linked by itself: {why}, so it is shown for review, though {} is \
                         below the lower limit {below}.",
                        pair.comparison.score
                    );
                }
            }
            Outcome::Unmatched(..) => {}
        }
        self.why_not(customer, pair, standing)
    }

    /// Why no rule links a pair about which no person has said anything.
    fn why_not(&self, customer: usize, pair: &Candidate, standing: Option<&Standing>) -> String {
        if self.decider.are_apart(customer as u32, pair) {
            return "Not linked: by your never_match.csv the two names never mean one company."
                .into();
        }
        let limits = &self.decider.matcher.matching.limits;
        let score = pair.comparison.score;
        if !self.decider.is_near(pair, &self.lists) {
            let below = Score::of(limits.review);
            return format!("Not linked: {score} is below the lower limit {below}.");
        }
        if let Some(other) = self.other_holder(customer, pair) {
            return format!("Not linked: the account is linked to customer {other}.");
        }
        match (&self.decisions.outcomes[customer], standing) {
            (Outcome::Linked(_), _) => "Not linked: a closer account is.".into(),
            (_, Some(of)) if !of.is_likely => format!(
                "Not linked by itself: {score} is enough to show it for review, not enough to link \
                 it."
            ),
            (Outcome::Review(ReviewReason::Doubtful, _), Some(of)) => {
                format!("Not linked by itself: {}.", why_doubtful(pair, of))
            }
            (Outcome::Review(reason, _), _) => {
                format!("Not linked by itself: {}.", reason.explanation())
            }
            _ => "Not linked.".into(),
        }
    }

    /// The points that a pair has in these lists, and those of what it is held against.
    fn demands(&self, pair: &Candidate, of: &Standing) -> Vec<String> {
        let limits = &self.decider.matcher.matching.limits;
        let mut lines = Vec::new();
        if (of.in_lists - of.weight).abs() >= 0.005 {
            lines.push(format!(
                "In your lists it has {:+.2} points instead of {:+.2}: {}.",
                of.in_lists,
                of.weight,
                self.lists.why_changed(pair)
            ));
        }
        lines.push(format!(
            "Held against: {}, {}, that no account is this customer {:+.2}.",
            against(of.of_customer, "other accounts of this customer"),
            against(of.of_account, "other customers of this account"),
            of.none
        ));
        lines.push(format!(
            "That makes {:.4}; needed {:.4}: {}.",
            of.probability,
            limits.accept,
            if of.is_likely { "enough" } else { "not enough" }
        ));
        if of.is_longer_namesake {
            lines.push(
                "The account has the customer's name and more, in the same place only: a branch, a \
                 sister or a namesake, which needs your decision."
                    .into(),
            );
        }
        if of.is_second_account {
            lines.push(
                "It is the same company as a closer account of this customer: it is linked where \
                 that one is."
                    .into(),
            );
        }
        lines
    }

    /// Whether a person said that a pair is none.
    fn is_rejected(&self, pair: &Candidate) -> bool {
        let customer = &self.decider.customers.list[pair.customer as usize];
        let account = join_key(pair.account.id());
        let said = self.decider.verdicts.of(&customer.id);
        said.is_some_and(|said| said.rejected.iter().any(|of| join_key(&of.account_id) == account))
    }

    /// Another customer with which the account of a pair is linked.
    fn other_holder(&self, customer: usize, pair: &Candidate) -> Option<String> {
        let holds = |outcome: &Outcome| match outcome {
            Outcome::Linked(links) => {
                links.iter().any(|of| of.candidate.account.is_same_account(&pair.account))
            }
            _ => false,
        };
        let mut others = self.decisions.outcomes.iter().enumerate();
        let (at, _) = others.find(|(at, outcome)| *at != customer && holds(outcome))?;
        let other = &self.decider.customers.list[at];
        Some(format!("{} \"{}\"", other.id, other.name))
    }
}

fn quoted(account: &AccountRecord) -> String {
    format!("{} \"{}\"", account.id(), account.name())
}

fn needs_decision(shown: &[Candidate]) -> String {
    match shown {
        [] => "Needs your decision".into(),
        [one] => format!("Needs your decision on {}", quoted(&one.account)),
        [one, other, more @ ..] => {
            let (one, other) = (quoted(&one.account), quoted(&other.account));
            let more =
                if more.is_empty() { String::new() } else { format!(" ({} more)", more.len()) };
            format!("Needs your decision between {one} and {other}{more}")
        }
    }
}

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

/// Why a pair below the lower limit is shown all the same.
fn why_below_the_limit(reason: ReviewReason, pair: &Candidate) -> Option<&'static str> {
    match (pair.comparison.domain, pair.comparison.id) {
        (Level::Agrees, _) => Some("a domain agrees"),
        (_, Level::Agrees) => Some("an id agrees"),
        _ if reason == ReviewReason::Stale => Some("what you decided about has changed"),
        _ => None,
    }
}

/// The pair with an account among the candidates of a customer.
fn of_account<'c>(
    candidates: &'c [(Candidate, Option<Standing>)],
    account: &str,
) -> Option<&'c (Candidate, Option<Standing>)> {
    let wanted = join_key(account);
    candidates.iter().find(|(of, _)| join_key(of.account.id()) == wanted)
}

/// Why a pair that is likely enough is in doubt.
fn why_doubtful(pair: &Candidate, of: &Standing) -> &'static str {
    let named = matches!(pair.comparison.name, Level::Agrees | Level::Similar);
    if of.is_longer_namesake {
        "the account has a longer name than the customer, and only the place agrees"
    } else if pair.comparison.pass == Some(Pass::Domain) && !named {
        "the domain agrees, the names do not"
    } else {
        "you rejected another candidate, so this one needs your decision"
    }
}

/// What a pair is held against, in points.
fn against(bits: f64, rivals: &str) -> String {
    match bits.is_finite() {
        true => format!("{rivals} {bits:+.2}"),
        false => format!("{rivals} nothing"),
    }
}

fn accepted_by(link: &Link) -> String {
    match (&link.decided_by, link.candidate.comparison.pass) {
        (DecidedBy::Verdict(_), _) => "accepted by you".into(),
        (DecidedBy::Rule, Some(pass)) => format!("accepted by the {} pass", pass.word()),
        (DecidedBy::Rule, None) => "accepted by rule".into(),
    }
}
