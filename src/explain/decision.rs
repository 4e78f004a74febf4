//! What was decided about a customer and its candidates, and why.

use super::{Explainer, pair::account_line};
use crate::{
    compare::{Level, Pass, parameters::Limits},
    decide::{
        DecidedBy, Decider, Decisions, Link, Outcome, ReviewReason, Standing, UnmatchedReason,
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
        for pair in candidates.iter().take(DESCRIBED) {
            lines.extend(self.pair(customer, pair));
            lines.extend(self.rank(customer, pair));
        }
        let more = candidates.len().saturating_sub(DESCRIBED);
        if more > 0 {
            lines.push(format!("\n{more} more candidates: see one with --account ID."));
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

    /// A customer and an account that is a candidate only because the user named it.
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
        let mut lines = vec![self.verdict(customer, pair, standing.as_ref())];
        lines.extend(self.explainer.describe(pair));
        lines.extend(standing.iter().flat_map(|standing| demands(limits, pair, standing)));
        let head = [String::new(), format!("Account {}", account_line(&pair.account))];
        head.into_iter().chain(indented(lines)).collect()
    }

    /// Where a pair stands among the candidates of its customer.
    fn rank(&self, customer: usize, pair: &Candidate) -> Option<String> {
        if self.nearest(customer).is_some_and(|of| of == *pair) {
            return Some(
                "  It is the nearest account, but not close enough to be a candidate.".into(),
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
                    return "Not linked: you rejected it.".into();
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
            return format!("Not linked: the account is linked to customer {other}.");
        }
        match (&self.decisions.outcomes[customer], standing) {
            (Outcome::Linked(_), _) => "Not linked: a closer account is.".into(),
            (_, Some(of)) if of.weight + of.counted < of.asked => format!(
                "Not linked by itself: {score} is enough to show it for review, not enough to link \
                 it, even with its lead."
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

/// Why a pair with enough points is in doubt.
fn why_doubtful(limits: &Limits, pair: &Candidate, of: &Standing) -> &'static str {
    let named = matches!(pair.comparison.name, Level::Agrees | Level::Similar);
    if of.lead_of_account < limits.rival_margin {
        "another customer is as close to the account"
    } else if of.is_longer_namesake {
        "the account has a longer name than the customer, and only the city agrees"
    } else if pair.comparison.pass == Some(Pass::Domain) && !named {
        "the domain agrees, the names do not"
    } else {
        "you rejected another candidate, so this one needs your decision"
    }
}

/// What else holds for a pair than its weight and its lead.
fn peculiar(pair: &Candidate, of: &Standing) -> Vec<&'static str> {
    let has_less = f64::from(pair.comparison.weight) / 100.0 > of.weight + 0.005;
    let all = [
        (
            has_less,
            "It has fewer points than the sum: where other accounts have places or domains, an \
             account with a name only gets no allowance.",
        ),
        (
            of.is_longer_namesake,
            "The account has the customer's name and more, in the same city only: a branch, a \
             sister or a namesake, which needs your decision.",
        ),
        (
            of.is_second_account,
            "It is the same company as a closer account of this customer: it is linked where that \
             one is.",
        ),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).collect()
}

/// How far a pair is ahead of another.
fn lead(bits: f64, next: &str, whose: &str) -> String {
    if bits.is_finite() {
        let how = if bits < 0.0 { "behind" } else { "ahead of" };
        return format!("it is {:.2} {how} the next {next} of this {whose}", bits.abs());
    }
    format!("no other {next} of this {whose} comes near")
}

/// The points that a pair needs and has.
fn demands(limits: &Limits, pair: &Candidate, of: &Standing) -> Vec<String> {
    let enough = |holds: bool| if holds { "enough" } else { "not enough" };
    let has = of.weight + of.counted;
    let mut lines = vec![
        format!(
            "It has {:+.2} points by itself; {}, and {}: that adds {:+.2}.",
            of.weight,
            lead(of.lead_of_customer, "account", "customer"),
            lead(of.lead_of_account, "customer", "account"),
            of.counted
        ),
        format!("Needed {:.2} points, has {has:.2}: {}.", of.asked, enough(has >= of.asked)),
    ];
    lines.extend(peculiar(pair, of).into_iter().map(str::to_owned));
    let margin = limits.rival_margin;
    if of.lead_of_account < margin {
        lines.push(format!(
            "Another customer is as close to this account, or closer: a lead of {margin:.2} is needed."
        ));
    }
    let comparison = &pair.comparison;
    let named = matches!(comparison.name, Level::Agrees | Level::Similar);
    let by_limit = named && has >= of.asked;
    if comparison.pass == Some(Pass::Domain) && !by_limit {
        lines.push(format!(
            "The domain alone links them only if no other customer and no other account has it \
             ({}), and if the place, an id, a rare word or the words of the domain agree too ({}).",
            if of.has_unique_domain { "none has" } else { "another has" },
            if comparison.supported { "they do" } else { "they do not" }
        ));
    }
    lines
}

fn accepted_by(link: &Link) -> String {
    match (&link.decided_by, link.candidate.comparison.pass) {
        (DecidedBy::Verdict(_), _) => "accepted by you".into(),
        (DecidedBy::Rule, Some(pass)) => format!("accepted by the {} pass", pass.word()),
        (DecidedBy::Rule, None) => "accepted by rule".into(),
    }
}
