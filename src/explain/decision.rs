//! What was decided about a customer and its candidates, and why.

use super::{Explainer, pair::account_line};
use crate::{
    compare::{Level, Pass, parameters::Limits},
    decide::{
        DecidedBy, Decider, Decisions, Link, Outcome, ReviewReason, Standing, UnmatchedReason,
    },
    link::{Candidate, Candidates},
    text::id::join_key,
};

/// Candidates that are described when no account is named.
const DESCRIBED: usize = 3;

/// What was decided about customers, to be explained.
pub(crate) struct Decided<'r> {
    decider: &'r Decider<'r>,
    explainer: Explainer<'r>,
    candidates: &'r Candidates,
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
        Decided { decider, explainer, candidates, decisions }
    }

    /// The limits of the run.
    pub(crate) fn limits(&self) -> String {
        let limits = &self.decider.matcher.matching.limits;
        format!(
            "Limits: accepted from {} (domain), {} (name), {} (name that the place confirms), {} (id), \
             or below with a lead over the next best; shown for review from {}, or where a domain or \
             an id agrees; kept from {}.",
            limits.accept(Pass::Domain),
            limits.accept(Pass::Name),
            limits.accept_confirmed(),
            limits.accept(Pass::Id),
            limits.review(),
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

    /// Where a customer ended.
    pub(crate) fn status(&self, customer: usize) -> String {
        let (what, word, sentence) = match &self.decisions.outcomes[customer] {
            Outcome::Linked(links) => {
                let by = links.first().map_or(String::new(), accepted_by);
                let runner_up = links.first().and_then(|link| link.runner_up.as_ref());
                let runner_up = runner_up.map_or_else(
                    || "there is no runner-up".to_owned(),
                    |(other, score)| {
                        format!("the runner-up is {} \"{}\" with {score}", other.id(), other.name())
                    },
                );
                return format!("Linked with {}, {by}; {runner_up}.", self.linked_ids(customer));
            }
            Outcome::Review(reason, _) => ("In review", reason.word(), reason.explanation()),
            Outcome::Unmatched(reason, _) => ("Unmatched", reason.word(), reason.explanation()),
            Outcome::Excluded(reason) => ("Not tried", reason.word(), reason.explanation()),
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
        for pair in candidates.iter().take(DESCRIBED) {
            lines.extend(self.pair(customer, pair));
            lines.extend(self.rank(customer, pair));
        }
        let more = candidates.len().saturating_sub(DESCRIBED);
        if more > 0 {
            lines.push(format!("\n{more} more candidates; name one with --account ID."));
        }
        lines
    }

    /// A customer and an account that is a candidate of it.
    pub(crate) fn with_account(&self, customer: usize, account: &str) -> Option<Vec<String>> {
        let pair = self.candidate(customer, account)?;
        let mut lines = self.pair(customer, &pair);
        lines.extend(self.rank(customer, &pair));
        Some(lines)
    }

    /// A customer and an account that is a candidate only because it was asked for.
    pub(crate) fn with_pinned_account(
        &self,
        customer: usize,
        account: &str,
    ) -> Option<Vec<String>> {
        let pair = self.candidate(customer, account)?;
        let mut lines = self.pair(customer, &pair);
        lines.extend(indented(self.explainer.lacked(&pair)));
        Some(lines)
    }

    fn candidate(&self, customer: usize, account: &str) -> Option<Candidate> {
        let wanted = join_key(account);
        let mut candidates = self.candidates_of(customer).into_iter();
        candidates.find(|of| join_key(of.account.id()) == wanted)
    }

    /// The candidates of a customer, best first, or the nearest miss.
    fn candidates_of(&self, customer: usize) -> Vec<Candidate> {
        let (kept, _) = self.candidates.of(customer as u32);
        let kept = kept.into_iter().map(|kept| kept.candidate.clone());
        kept.chain(self.nearest(customer)).collect()
    }

    fn nearest(&self, customer: usize) -> Option<Candidate> {
        self.decider.matcher.nearest(customer as u32, self.candidates)
    }

    /// A pair with all that is known of it.
    fn pair(&self, customer: usize, pair: &Candidate) -> Vec<String> {
        let standing = self.decider.standing(pair, self.candidates);
        let limits = &self.decider.matcher.matching.limits;
        let mut lines = self.explainer.describe(pair);
        lines.push(self.verdict(customer, pair, standing.as_ref()));
        lines.extend(standing.iter().flat_map(|standing| demands(limits, pair, standing)));
        let head = [String::new(), format!("Account {}", account_line(&pair.account))];
        head.into_iter().chain(indented(lines)).collect()
    }

    /// Where a pair stands among the candidates of its customer.
    fn rank(&self, customer: usize, pair: &Candidate) -> Option<String> {
        if self.nearest(customer).is_some_and(|of| of == *pair) {
            return Some(
                "  It is the nearest miss: no account reaches what candidates must.".into(),
            );
        }
        let kept = self.candidates_of(customer);
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
                    return "Not linked: a person rejected it.".into();
                }
                let below = self.decider.matcher.matching.limits.review();
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
        let limits = &self.decider.matcher.matching.limits;
        let score = pair.comparison.score;
        if !pair.comparison.reaches(limits.review()) {
            return format!("Not linked: {score} is below the lower limit {}.", limits.review());
        }
        if let Some(other) = self.other_holder(customer, pair) {
            return format!("Not linked: the account serves customer {other}.");
        }
        match (&self.decisions.outcomes[customer], standing) {
            (Outcome::Linked(_), _) => "Not linked: a better account was.".into(),
            (_, Some(of)) if of.weight + of.counted < of.asked => format!(
                "Not linked by itself: {score} is enough to be shown, and with its lead not enough \
                 to be accepted."
            ),
            (Outcome::Review(ReviewReason::Doubtful, _), Some(of)) => {
                format!("Not linked by itself: {}.", why_doubtful(limits, pair, of))
            }
            (Outcome::Review(reason, _), _) => {
                format!("Not linked by itself: {}.", reason.explanation())
            }
            _ => "Not linked.".into(),
        }
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

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

/// Why a pair below the lower limit is shown all the same.
fn why_below_the_limit(reason: ReviewReason, pair: &Candidate) -> Option<&'static str> {
    match (pair.comparison.domain, pair.comparison.id) {
        (Level::Agrees, _) => Some("a domain agrees"),
        (_, Level::Agrees) => Some("an id agrees"),
        _ if reason == ReviewReason::Stale => Some("what a verdict saw has changed"),
        _ => None,
    }
}

/// Why a pair that has what its pass asks for is in doubt.
fn why_doubtful(limits: &Limits, pair: &Candidate, of: &Standing) -> &'static str {
    let named = matches!(pair.comparison.name, Level::Agrees | Level::Similar);
    if of.lead_of_account < limits.rival_margin {
        "another customer comes as near to the account"
    } else if of.is_longer_namesake {
        "the account's name says more than the customer's, and only the city agrees"
    } else if pair.comparison.pass == Some(Pass::Domain) && !named {
        "the domain agrees, the names do not"
    } else {
        "a person rejected another candidate, and none takes its place without being asked for"
    }
}

/// What else holds for a pair than its weight and its lead.
fn peculiar(pair: &Candidate, of: &Standing) -> Vec<&'static str> {
    let has_less = f64::from(pair.comparison.weight) / 100.0 > of.weight + 0.005;
    let all = [
        (
            has_less,
            "It counts less than its match weight: an account known by its name only gets no \
             allowance among accounts that have places or domains.",
        ),
        (
            of.is_longer_namesake,
            "The account has the customer's name and more, in the same city only: a branch, a \
             sister or a namesake, which a person must judge.",
        ),
        (
            of.is_second_account,
            "With what a better account says of the customer, it is the same company: it is linked \
             where that one is.",
        ),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).collect()
}

/// How far a pair is ahead of another.
fn lead(bits: f64, next: &str, whose: &str) -> String {
    if bits.is_finite() {
        return format!("it is {bits:+.2} ahead of the next {next} of this {whose}");
    }
    format!("no other {next} of this {whose} counts against it")
}

/// What the pass of a pair asks for, and what the pair has.
fn demands(limits: &Limits, pair: &Candidate, of: &Standing) -> Vec<String> {
    let enough = |holds: bool| if holds { "enough" } else { "not enough" };
    let has = of.weight + of.counted;
    let mut lines = vec![
        format!(
            "Its lead: {}, and {}; that counts {:+.2}.",
            lead(of.lead_of_customer, "account", "customer"),
            lead(of.lead_of_account, "customer", "account"),
            of.counted
        ),
        format!(
            "Its pass asks for {:+.2}; it has {:+.2} and {:+.2}: {}.",
            of.asked,
            of.weight,
            of.counted,
            enough(has >= of.asked)
        ),
    ];
    lines.extend(peculiar(pair, of).into_iter().map(str::to_owned));
    let margin = limits.rival_margin;
    if of.lead_of_account < margin {
        lines.push(format!(
            "Another customer comes as near to this account: a lead of {margin:+.2} is asked for."
        ));
    }
    let comparison = &pair.comparison;
    let named = matches!(comparison.name, Level::Agrees | Level::Similar);
    let by_limit = named && has >= of.asked;
    if comparison.pass == Some(Pass::Domain) && !by_limit {
        lines.push(format!(
            "That a domain links them all the same, no other customer and no other \
             account may have it ({}), and place, id, a rare word or the domain's own words must \
             support it ({}).",
            if of.has_unique_domain { "none has" } else { "another has" },
            if comparison.supported { "they do" } else { "they do not" }
        ));
    }
    lines
}

fn accepted_by(link: &Link) -> String {
    match (&link.decided_by, link.candidate.comparison.pass) {
        (DecidedBy::Verdict(_), _) => "accepted by a person".into(),
        (DecidedBy::Rule, Some(pass)) => format!("accepted by the {} pass", pass.word()),
        (DecidedBy::Rule, None) => "accepted by rule".into(),
    }
}
