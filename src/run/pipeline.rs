//! The whole run, from the paths to the published folder.

#[cfg(feature = "browser")]
use super::again;
use super::{
    Found, Rules,
    accounts::{AccountContext, read_accounts},
    contact_lists::{is_contacts, list_contacts},
    contacts::gather_people,
    customers::{period_of, read_customers, reports_read},
    deals::{CrmDeals, current_deals},
    duplicate_ids,
    outcomes::{outcomes, worth},
    progress, provenance,
    sift::RestOfCrm,
    users::read_users,
    warnings,
};
use crate::{
    campaign,
    changes::Changes,
    config::Config,
    decide::Decider,
    error::Result,
    explain::Explainer,
    history::{self, Entry, History, Past, Tagged},
    index::Index,
    inputs::{Inputs, RunLog},
    language::Texts,
    link::{Candidate, Matcher, PinnedPairs},
    lists::ContactLists,
    report::Customers,
    text::{bloom_filter::BloomFilter, id::join_key},
    verdicts::{Unclear, Verdicts},
    write::{self, Findings, Prepared, Summary},
};

/// Runs one reconciliation from the input files to the published folder. What was found is handed
/// back with the summary: to free it takes a while, which a program that ends anyway can save.
///
/// # Errors
///
/// Fails before the results of the run before are touched.
pub fn reconcile(config: &Config, clock: &(dyn Fn() -> String + Sync)) -> Result<(Found, Summary)> {
    let started = clock();
    let prepared = write::prepare(config, &started)?;
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let mut found = find(config, &rules)?;
    let summary = publish(config, &rules, &mut found, (&prepared, (started, clock)))?;
    Ok((found, summary))
}

/// As [`reconcile`], from what a run has found before: the CRM is read from the start only where
/// something other than decisions has changed since. What was found is kept for the next time.
///
/// # Errors
///
/// Fails before the results of the run before are touched.
#[cfg(feature = "browser")]
pub(crate) fn reconcile_from(
    known: Option<(Rules, Found)>,
    config: &Config,
    clock: &(dyn Fn() -> String + Sync),
) -> Result<(Rules, Found)> {
    let started = clock();
    let prepared = write::prepare(config, &started)?;
    let (rules, mut found) = match again::decided(known, config)? {
        Some(known) => known,
        None => {
            let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
            let found = find(config, &rules)?;
            (rules, found)
        }
    };
    let log = found.log.clone();
    publish(config, &rules, &mut found, (&prepared, (started, clock)))?;
    found.log = log;
    Ok((rules, found))
}

/// When a run began, and what tells the time.
type Times<'c> = (String, &'c (dyn Fn() -> String + Sync));

/// Writes what was found into the output folder.
fn publish(
    config: &Config,
    rules: &Rules,
    found: &mut Found,
    (prepared, times): (&Prepared, Times<'_>),
) -> Result<Summary> {
    let read = found.inputs.sources.iter().map(|source| source.input.path.as_path());
    write::refuse_inputs(read, &config.out)?;
    found.log.add_problems(prepared.harvest.problems.iter().cloned());
    found.log.add_notes(prepared.harvest.notes.iter().cloned());
    found.log.add_notes(provenance::decisions(&prepared.harvest, &found.decisions));
    let publish = |findings: &Findings<'_>| {
        write::publish(findings, prepared, |folder, summary| {
            campaign::add_to_run(folder, config, findings.tagged, summary)
        })
    };
    let summary = finish(config, rules, found, (&prepared.harvest.unclear, times), publish)?;
    config.stages.ended("results published");
    Ok(summary)
}

/// Does all of [`reconcile`] but writing; also leaves filled-in review sheets where they are.
///
/// # Errors
///
/// When an input cannot be used.
pub(crate) fn rehearse(
    config: &Config,
    rules: &Rules,
    clock: &(dyn Fn() -> String + Sync),
) -> Result<(Found, Summary)> {
    let mut found = find(config, rules)?;
    let times = (clock(), clock);
    let summary = finish(config, rules, &mut found, (&[], times), write::rehearse)?;
    Ok((found, summary))
}

/// Reads reports and accounts, compares and decides; reads no contact for the lists yet.
///
/// # Errors
///
/// When an input cannot be used.
pub fn find(config: &Config, rules: &Rules) -> Result<Found> {
    find_with(config, rules, &[])
}

/// As [`find`], with more pairs compared whether or not a pass finds them: customer id, account
/// id.
///
/// # Errors
///
/// When an input cannot be used.
pub(crate) fn find_with(config: &Config, rules: &Rules, pairs: &[(&str, &str)]) -> Result<Found> {
    let mut log = RunLog::default();
    let history = History::of(&config.out);
    let named = history::named(&config.previous, &history)?;
    let inputs = Inputs::of(config, &rules.columns)?;
    let past = Past::of(&history, named, &period_of(&reports_read(config, &inputs)))?;
    config.stages.ended("inputs recognised");
    progress::announce(config, &inputs, pairs.is_empty());
    let customers = read_customers(config, rules, &inputs, &mut log)?;
    let index = Index::build(&customers.list, &rules.link);
    config.stages.ended("reports read");
    let (verdicts, unread_verdicts) = Verdicts::load(&config.verdicts)?;

    let mut rest = RestOfCrm::load(&config.elsewhere)?;
    log.add_problems(rest.problems());
    let known = (&index, rest.contact_domains.take());
    let mut people = gather_people(config, rules, &inputs, known, &mut log)?;
    config.stages.ended("contacts read for denials and domains");
    let users = read_users(config, rules, &inputs, &mut log)?;
    let staff_domains = users.domains().clone();
    let asks_for_accounts = !pairs.is_empty() || inputs.which(is_contacts).next().is_some();
    let context = AccountContext {
        known: asks_for_accounts
            .then(|| rest.accounts.take().unwrap_or_else(BloomFilter::for_accounts)),
        users,
        preferences: &people.opt_outs,
        rows: None,
    };
    let (pinned, watched) = (pinned(&customers, &verdicts, pairs), past.accounts());
    let matcher = Matcher::new(&index, &rules.link, &rules.matching)
        .with_contact_domains(&people.domains)
        .with_pinned(&pinned)
        .with_watched(&watched);
    let mut read = read_accounts(config, rules, &inputs, &matcher, &context, &mut log)?;
    rest.counts().iter().for_each(|of| read.add_seen(&of.accounts.seen()));

    config.stages.ended("accounts compared");
    let decider = Decider::of_run(config, &matcher, &customers, &verdicts);
    let decisions = decider.decide_all(&read.candidates);
    config.stages.ended("links decided");
    log.add_problems(duplicate_ids::problems(&read.candidates, customers.list.len(), &inputs));
    let (accounts, candidates, opt_outs) = read.finish(context.known);
    people.opt_outs.merge(opt_outs);
    Ok(Found {
        inputs,
        customers,
        index,
        verdicts,
        unread_verdicts,
        candidates,
        decisions,
        accounts,
        staff_domains,
        past,
        people,
        rest,
        log,
    })
}

/// Gives each contact its status and hands over all that was found.
fn finish(
    config: &Config,
    rules: &Rules,
    found: &mut Found,
    (unclear, (started, clock)): (&[Unclear], Times<'_>),
    take: impl FnOnce(&Findings<'_>) -> Result<Summary>,
) -> Result<Summary> {
    let mut log = RunLog::default();
    let deals = CrmDeals::read(config, rules, &found.inputs, &mut log)?;
    found.log.merge(log);
    found.log.add_problems(found.unread_verdicts.iter().cloned());
    let current_deals = current_deals(config, &deals, found);
    let outcomes = outcomes(config, rules, &deals, found)?;
    let worth = worth(config, rules, &outcomes, found);
    let contacts = list_contacts(config, rules, found, (&current_deals, &worth))?;
    config.stages.ended("contacts listed");
    found.log.sort();
    let inputs = provenance::inputs(config, found)?;
    found.inputs.unchanged()?;
    config.stages.ended("inputs fingerprinted");
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
    let explainer = Explainer::new(&found.customers, &matcher);
    let texts = Texts::load(config.rules.as_deref(), config.language)?;
    let entry = entry(config, rules, found, (&contacts.lists, &started))?;
    take(&Findings {
        config,
        customers: &found.customers,
        report_rules: &rules.report,
        decisions: &found.decisions,
        verdicts: &found.verdicts,
        unclear,
        limits: &rules.matching.limits,
        texts: &texts,
        contacts: &contacts.lists,
        entry: &entry,
        changes: &Changes::between(found.past.previous.as_ref(), &entry),
        tagged: &Tagged::of(found.past.previous.as_ref(), &entry),
        deals: &current_deals,
        outcomes: &outcomes,
        explain: &|candidates: &[&Candidate]| explainer.sentences(candidates),
        accounts: found.accounts.counts(&found.decisions, &found.candidates),
        accounts_read: found.accounts.read(),
        contacts_read: contacts.read,
        contacts_unreadable: contacts.unreadable,
        problems: found.log.problems(),
        inputs,
        warnings: warnings::warnings(config, rules, found, &contacts.lists),
        notes: provenance::notes(found),
        started,
        now: clock,
    })
}

/// What is kept of the run for the months after it.
fn entry(
    config: &Config,
    rules: &Rules,
    found: &Found,
    (contacts, started): (&ContactLists, &str),
) -> Result<Entry> {
    let reports = reports_read(config, &found.inputs);
    let sources = history::Sources {
        config,
        period: period_of(&reports),
        reports,
        started,
        has_contacts: found.inputs.which(is_contacts).next().is_some(),
        customers: &found.customers,
        cells: &rules.report,
        decisions: &found.decisions,
        verdicts: &found.verdicts,
        accounts_then: found.candidates.watched(),
        contacts,
    };
    sources.entry(&found.past)
}

/// Pairs that are candidates whether or not a pass finds them, by account: those that a person
/// judged, and those asked for.
pub(super) fn pinned(
    customers: &Customers,
    verdicts: &Verdicts,
    asked: &[(&str, &str)],
) -> PinnedPairs {
    let judged = verdicts.iter().flat_map(|(id, said)| {
        let pairs = said.accepted.iter().chain(&said.rejected);
        pairs.map(move |pair| (id, &*pair.account_id))
    });
    let mut pinned = PinnedPairs::default();
    for (customer, account) in judged.chain(asked.iter().copied()) {
        if let Some(at) = customers.position(customer) {
            pinned.entry(join_key(account).as_ref().into()).or_default().push(at as u32);
        }
    }
    pinned
}
