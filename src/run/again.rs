//! Decides again about what an earlier run has found: where nothing but what people say has changed,
//! the accounts need not be read and compared once more.

use std::collections::BTreeSet;

use super::{
    Found, Rules,
    contact_lists::is_contacts,
    customers::{period_of, reports_read},
    pipeline::pinned,
    progress,
};
use crate::{
    config::Config,
    decide::Decider,
    error::Result,
    history::{self, History, Past},
    inputs::Inputs,
    link::Matcher,
    report::Customers,
    verdicts::Verdicts,
};

/// What an earlier run has found, decided with the verdicts of now; `None` where the files must be
/// read from the start.
///
/// # Errors
///
/// When an input or the file of verdicts cannot be read.
pub(super) fn decided(
    known: Option<(Rules, Found)>,
    config: &Config,
) -> Result<Option<(Rules, Found)>> {
    let Some((rules, mut found)) = known else { return Ok(None) };
    // the user's own tables may have changed too, and nobody has looked at them
    let inputs = config.rules.is_none().then(|| Inputs::of(config, &rules.columns)).transpose()?;
    let Some(now) = inputs.filter(|now| found.inputs.are(now)) else { return Ok(None) };
    let history = History::of(&config.out);
    let named = history::named(&config.previous, &history)?;
    let past = Past::of(&history, named, &period_of(&reports_read(config, &now)))?;
    let (verdicts, unread_verdicts) = Verdicts::load(&config.verdicts)?;
    let Some(new) = found.newly_named(&verdicts) else { return Ok(None) };
    if past.accounts() != found.past.accounts() {
        return Ok(None);
    }
    new.iter().for_each(|(customer, account)| found.candidates.pin(*customer, account));
    progress::announce_only(config, &found.inputs.which(is_contacts).collect::<Vec<_>>());
    let judged = pinned(&found.customers, &verdicts, &[]);
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching)
        .with_contact_domains(&found.people.domains)
        .with_pinned(&judged);
    let decider = Decider::of_run(config, &matcher, &found.customers, &verdicts);
    found.decisions = decider.decide_all(&found.candidates);
    config.stages.ended("links decided");
    (found.verdicts, found.unread_verdicts, found.past) = (verdicts, unread_verdicts, past);
    Ok(Some((rules, found)))
}

/// The pairs that verdicts name: position of the customer, join key of the account.
fn named(customers: &Customers, verdicts: &Verdicts) -> BTreeSet<(u32, Box<str>)> {
    let mut named = BTreeSet::new();
    for (account, of) in pinned(customers, verdicts, &[]) {
        named.extend(of.into_iter().map(|customer| (customer, account.clone())));
    }
    named
}

impl Found {
    /// The pairs that verdicts name for the first time, where what was found is all that is needed to
    /// decide with them: each is a candidate, and none that is named no more. `None` where it is not.
    fn newly_named(&self, verdicts: &Verdicts) -> Option<Vec<(u32, Box<str>)>> {
        let named = |verdicts| named(&self.customers, verdicts);
        let (before, now) = (named(&self.verdicts), named(verdicts));
        let is_candidate =
            |(customer, account): &(u32, Box<str>)| self.candidates.has(*customer, account);
        let new: Vec<_> = now.difference(&before).cloned().collect();
        (new.iter().all(is_candidate) && !before.difference(&now).any(is_candidate)).then_some(new)
    }

    /// Whether what was found can be decided about with these verdicts, as far as is seen without
    /// looking for new files.
    pub(crate) fn can_take(&self, verdicts: &Verdicts) -> bool {
        self.inputs.unchanged().is_ok() && self.newly_named(verdicts).is_some()
    }
}
