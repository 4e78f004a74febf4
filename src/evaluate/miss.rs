//! Why true pairs are no links: the run's own files say where a pair ended, linking again says
//! whether it was a candidate at all.

use serde::Serialize;

use super::{Finished, Ids, Measured, Truth};
use crate::{
    decide::{Decider, Lists},
    explain::Explainer,
    link::{Candidate, KEPT_PER_PASS},
    run::Found,
    text::id::join_key,
    verdicts::PairVerdict,
};

/// Why a true pair is no link; the first that holds, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// No report of the run holds the customer.
    NoSuchCustomer,
    /// No file of the CRM holds the account, or it is deleted or merged there.
    NoSuchAccount,
    /// The customer was not tried.
    NotTried,
    /// The pair is shown for review.
    InReview,
    /// A person refused the pair, or said that the customer has no account.
    Refused,
    /// No pass brought the two together: lost in blocking.
    NeverCandidate,
    /// The pair was compared; its score is below the lower limit.
    BelowLimit,
    /// The pair was compared; a better account was linked with the customer.
    OtherAccount,
    /// The pair was compared; so many candidates of its customer are better that it was not kept.
    CutOff,
    /// It is not among the candidates that the run shows; linking again shows more.
    NotShown,
}

impl Why {
    /// As people read it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Why::NoSuchCustomer => "customer in no report",
            Why::NoSuchAccount => "account in no CRM file, deleted or merged",
            Why::NotTried => "customer not tried",
            Why::InReview => "in review",
            Why::NeverCandidate => "never a candidate (lost in blocking)",
            Why::BelowLimit => "below the lower limit",
            Why::OtherAccount => "another account was linked",
            Why::CutOff => "cut off: too many better candidates",
            Why::Refused => "refused by a person",
            Why::NotShown => "not among the candidates shown",
        }
    }
}

/// A true pair that is no link.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Miss {
    /// The customer's id.
    pub(crate) customer_id: Box<str>,
    /// Its name, where it is known.
    pub(crate) customer_name: Box<str>,
    /// The account's id as the truth has it.
    pub(crate) account_id: Box<str>,
    /// Its name, where it is known.
    pub(crate) account_name: Box<str>,
    /// Why it is no link.
    pub(crate) why: Why,
    /// Where it stands in review, its customer's status, or the accounts linked instead.
    pub(crate) detail: String,
    /// The pass and the similarity, where the pair was compared.
    pub(crate) pass: Box<str>,
    /// The similarity as files have it.
    pub(crate) similarity: String,
    /// The pair in one sentence.
    pub(crate) explanation: String,
}

/// A run done again, with its misses as candidates whether or not a pass finds them.
pub(crate) struct Again<'f> {
    found: &'f Found,
    decider: &'f Decider<'f>,
    lists: Lists<'f>,
}

impl<'f> Again<'f> {
    /// What was found again, and what decides about it.
    pub(crate) fn new(found: &'f Found, decider: &'f Decider<'f>) -> Again<'f> {
        Again { found, decider, lists: Lists::new(decider, &found.candidates) }
    }

    /// A pair as it stands among its rivals, if its customer and its account are there.
    fn pair(&self, (customer, account): &Ids) -> Option<Candidate> {
        let at = self.found.customers.position(customer)?;
        let standings = self.decider.standings(at as u32, &self.lists).into_iter();
        let mut pairs = standings.map(|(pair, _)| pair);
        pairs.find(|pair| *join_key(pair.account.id()) == **account)
    }

    /// Where a pair stands among the candidates of its customer and pass, from 1.
    fn rank(&self, pair: &Candidate) -> usize {
        let (kept, _) = self.found.candidates.of(pair.customer);
        let of_pass = kept.iter().map(|kept| &kept.candidate);
        let of_pass = of_pass.filter(|other| other.comparison.pass == pair.comparison.pass);
        1 + of_pass.take_while(|other| other.account.id() != pair.account.id()).count()
    }

    /// Whether some pass brings a pair together.
    fn is_found(&self, pair: &Candidate) -> bool {
        self.decider.matcher.found_by(pair.customer, &pair.account).any()
    }

    /// Whether a person refused a pair, or said that the customer has no account.
    fn is_refused(&self, (customer, account): &Ids) -> bool {
        self.decider.verdicts.of(customer).is_some_and(|said| {
            let refused = |pair: &PairVerdict| *join_key(&pair.account_id) == **account;
            said.none.is_some() || said.rejected.iter().any(refused)
        })
    }

    /// Writes down all that is known of a pair.
    fn explain(&self, pair: &Candidate, miss: &mut Miss) {
        let customer = &self.found.customers.list[pair.customer as usize];
        let explainer = Explainer::new(&self.found.customers, self.decider.matcher);
        miss.customer_name = customer.name.as_str().into();
        miss.account_name = pair.account.name().into();
        miss.pass = pair.comparison.pass.map_or("", |pass| pass.word()).into();
        miss.similarity = pair.comparison.score.to_string();
        miss.explanation = explainer.sentence(pair);
    }
}

/// The misses of a run, each with its reason. Without `again` the run's files are all that is
/// known.
pub(crate) fn misses(
    finished: &Finished,
    measured: &Measured<'_>,
    truth: &Truth,
    again: Option<&Again<'_>>,
) -> Vec<Miss> {
    let miss = |ids: &&Ids| {
        let written = truth.written(ids);
        let pair = again.and_then(|again| again.pair(ids));
        let (why, detail) = why(finished, ids, again, pair.as_ref());
        let mut miss = Miss {
            customer_id: written.0.clone(),
            customer_name: Box::default(),
            account_id: written.1.clone(),
            account_name: Box::default(),
            why,
            detail,
            pass: Box::default(),
            similarity: String::new(),
            explanation: String::new(),
        };
        if let (Some(again), Some(pair)) = (again, &pair) {
            again.explain(pair, &mut miss);
        } else if let Some(offered) = finished.offered.get(*ids) {
            let pair = &offered.pair;
            (miss.customer_name, miss.account_name) =
                (pair.customer_name.clone(), pair.account_name.clone());
            (miss.pass, miss.similarity) = (pair.pass.clone(), pair.similarity.to_string());
            miss.explanation = pair.explanation.to_string();
        }
        miss
    };
    measured.missed.iter().map(miss).collect()
}

fn why(
    finished: &Finished,
    ids: &Ids,
    again: Option<&Again<'_>>,
    pair: Option<&Candidate>,
) -> (Why, String) {
    let Some((status, reason)) = finished.statuses.get(&ids.0) else {
        return (Why::NoSuchCustomer, String::new());
    };
    let standing = match &**reason {
        "" => status.to_string(),
        reason => format!("{status}: {reason}"),
    };
    if let Some(offered) = finished.offered.get(ids) {
        return (Why::InReview, format!("{}, rank {}", offered.reason, offered.rank));
    }
    let linked = finished.linked.get(&ids.0);
    let instead = linked.map(|links| {
        let ids: Vec<&str> = links.iter().map(|(_, account)| &**account).collect();
        format!("linked with {}", ids.join(", "))
    });
    let detail = instead.clone().unwrap_or(standing);
    let Some(again) = again else {
        let why = if instead.is_some() { Why::OtherAccount } else { Why::NotShown };
        return (why, detail);
    };
    let Some(pair) = pair else { return (Why::NoSuchAccount, detail) };
    if &**status == "excluded" {
        return (Why::NotTried, detail);
    }
    if again.is_refused(ids) {
        return (Why::Refused, detail);
    }
    if !again.is_found(pair) {
        return (Why::NeverCandidate, detail);
    }
    let why = match () {
        () if !again.decider.is_near(pair, &again.lists) => Why::BelowLimit,
        () if instead.is_some() => Why::OtherAccount,
        () if again.rank(pair) > KEPT_PER_PASS => Why::CutOff,
        () => Why::NotShown,
    };
    (why, detail)
}
