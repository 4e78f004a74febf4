//! The whole run, from the paths to the published folder.

use crate::{
    columns::{Field, Recognised, Words},
    config::Config,
    crm::AccountNames,
    decide::Decider,
    error::{Error, Result},
    explain::Explainer,
    index::Index,
    inputs::{Inputs, Source, each_batch},
    link::{Candidate, Matcher, PinnedPairs},
    lists::{ContactLists, ContactStatus, Gathered, StatusInputs},
    problem::Problem,
    read::Batch,
    report::{Customers, CustomersBuilder, Period, ReportSource},
    run::{
        Found, Rules,
        accounts::{AccountContext, accounts},
        contacts, duplicate_ids, provenance,
        users::owners,
    },
    text::{bloom_filter::BloomFilter, id::join_key},
    verdicts::Verdicts,
    write::{self, Findings, Summary},
};

/// The ids of a contact, and its other numbers.
const CONTACT_IDS: [Field; 5] =
    [Field::Id, Field::AccountId, Field::MasterId, Field::Phone, Field::Mobile];

/// Runs one reconciliation from the input files to the published folder. What was found is handed
/// back with the summary: to free it takes a while, which a program that ends anyway can save.
///
/// # Errors
///
/// Fails before the results of the run before are touched.
pub fn reconcile(config: &Config, clock: &(dyn Fn() -> String + Sync)) -> Result<(Found, Summary)> {
    let started = clock();
    let taken = write::prepare(config, &started)?;
    let rules = Rules::load(config.rules.as_deref(), &config.own_domains)?;
    let mut found = find(config, &rules)?;
    found.problems.extend(taken.problems.iter().cloned());
    let publish = |findings: &Findings<'_>| write::publish(findings, &taken);
    let summary = gather(config, &rules, &mut found, started, clock, publish)?;
    Ok((found, summary))
}

/// Does all of [`reconcile`] but writing; also leaves filled-in review sheets where they are.
///
/// # Errors
///
/// When an input cannot be used.
pub fn rehearse(
    config: &Config,
    rules: &Rules,
    clock: &(dyn Fn() -> String + Sync),
) -> Result<(Found, Summary)> {
    let mut found = find(config, rules)?;
    let summary = gather(config, rules, &mut found, clock(), clock, write::rehearse)?;
    Ok((found, summary))
}

/// Gives each contact its status and hands over all that was found.
fn gather(
    config: &Config,
    rules: &Rules,
    found: &mut Found,
    started: String,
    clock: &(dyn Fn() -> String + Sync),
    take: impl FnOnce(&Findings<'_>) -> Result<Summary>,
) -> Result<Summary> {
    let (contacts, contacts_read, contacts_unreadable) = sieve(config, rules, found)?;
    found.problems.sort_unstable();
    found.problems.dedup();
    let explainer = Explainer::new(&found.index, &rules.link, &rules.matching);
    let explain = |candidates: &[&Candidate]| {
        let customer = |of: &Candidate| &found.customers.list[of.customer as usize];
        let pairs: Vec<_> = candidates.iter().map(|of| (customer(of), *of)).collect();
        explainer.sentences(&pairs)
    };
    let findings = Findings {
        config,
        customers: &found.customers,
        report_rules: &rules.report,
        decisions: &found.decisions,
        contacts: &contacts,
        explain: &explain,
        accounts: found.accounts.clone(),
        accounts_read: found.accounts_read,
        contacts_read,
        contacts_unreadable,
        problems: &found.problems,
        inputs: provenance::inputs(config, found)?,
        notes: provenance::notes(found),
        started,
        now: clock,
    };
    take(&findings)
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
pub fn find_with(config: &Config, rules: &Rules, pairs: &[(&str, &str)]) -> Result<Found> {
    let intake = Inputs::of(config, &rules.columns)?;
    expect(config, &intake, pairs.is_empty());
    let mut rows = vec![0; intake.sources.len()];
    let mut notes = Vec::new();
    let (customers, mut problems) = customers(config, rules, &intake, &mut rows, &mut notes)?;
    let index = Index::build(&customers.list, &rules.link);
    let (verdicts, verdict_problems) = Verdicts::load(&config.verdicts)?;
    problems.extend(verdict_problems);

    let words = rules.columns.words();
    let mut names = match names_are_needed(&intake) {
        true if accounts_are_piped(&intake) => return Err(names_unknown()),
        true => bearers_of_names(config, words, &intake)?,
        false => AccountNames::default(),
    };
    let mut people = contacts::hear(config, rules, &intake, &index, &names)?;
    if people.join_by_name && !names_are_needed(&intake) {
        // ids are there, but not for every contact
        if accounts_are_piped(&intake) {
            notes.push(NAMES_PIPED.into());
        }
        names = bearers_of_names(config, words, &intake)?;
        people = contacts::hear(config, rules, &intake, &index, &names)?;
    }
    problems.extend(people.problems);
    rows.iter_mut().zip(&people.rows).for_each(|(sum, more)| *sum += more);
    notes.extend(people.notes.iter().cloned());
    let mut pinned = pinned(&customers, &verdicts);
    for (customer, account) in pairs {
        if let Some(at) = customers.position(customer) {
            pinned.entry(join_key(account).as_ref().into()).or_default().push(at as u32);
        }
    }
    let matcher = Matcher::new(&index, &rules.link, &rules.matching);
    let matcher = matcher.with_contact_domains(&people.domains).with_pinned(&pinned);
    let is_asked = !pairs.is_empty() || intake.which(is_contacts).next().is_some();
    let known = is_asked.then(BloomFilter::for_accounts);
    let users = owners(&config.read_options(), words, &intake)?;
    rows.iter_mut().zip(&users.rows).for_each(|(sum, more)| *sum += more);
    problems.extend(users.problems);
    let aside =
        AccountContext { known: known.as_ref(), owners: &users.value, wishes: &people.denials };
    let part = accounts(config, words, &intake, &matcher, &aside)?;
    let mut streamed = part.value;
    notes.extend(streamed.notes_of_people(&intake, &part.rows));
    problems.extend(part.problems);
    problems.append(&mut streamed.problems);
    notes.extend(part.notes);
    rows.iter_mut().zip(&part.rows).for_each(|(sum, more)| *sum += more);
    streamed.denials.absorb(people.denials);
    streamed.names = names;

    let decider = Decider {
        matcher: &matcher,
        customers: &customers,
        verdicts: &verdicts,
        unlike_names: config.unlike_names,
        share_accounts: config.share_accounts,
    };
    let candidates = std::mem::take(&mut streamed.candidates);
    let decisions = decider.decide_all(&candidates);
    problems.extend(duplicate_ids::problems(&candidates, customers.list.len(), &intake));
    let accounts = streamed.counts(&candidates, &decisions);
    let accounts_read = streamed.seen.iter().sum::<u64>() + streamed.mixed.len() as u64;
    Ok(Found {
        intake,
        customers,
        index,
        candidates,
        decisions,
        accounts,
        accounts_read,
        rows,
        problems,
        notes,
        streamed,
        known,
    })
}

/// Sets how many bytes the run is going to read, where somebody asks; `lists` tells whether people
/// are gathered after linking.
fn expect(config: &Config, intake: &Inputs, lists: bool) {
    let Some(progress) = &config.progress else { return };
    let bytes = |source: &Source| {
        let passes = match &source.what {
            Recognised::Report(..) | Recognised::Accounts(_) => 1,
            // For denials and domains, and for the lists; and as accounts.
            Recognised::Contacts(_) => 1 + u64::from(lists),
            Recognised::Both(..) => 2 + u64::from(lists),
            _ => 1,
        };
        source.input.bytes().unwrap_or(0) * passes
    };
    let total = intake.sources.iter().map(bytes).sum();
    progress.total.store(total, std::sync::atomic::Ordering::Relaxed);
}

/// Reads all reports and merges their rows per customer.
fn customers(
    config: &Config,
    rules: &Rules,
    intake: &Inputs,
    rows: &mut [u64],
    notes: &mut Vec<String>,
) -> Result<(Customers, Vec<Problem>)> {
    let reports: Vec<(usize, &Source)> =
        intake.which(|what| matches!(what, Recognised::Report(..))).collect();
    let sources = reports.iter().filter_map(|(_, source)| match &source.what {
        Recognised::Report(kind, layout) => Some(ReportSource {
            kind: *kind,
            period: period(config, source),
            file: source.info.file.as_str().into(),
            layout: layout.clone(),
        }),
        _ => None,
    });
    let mut builder = CustomersBuilder::new(
        sources.collect(),
        config.latest,
        &rules.report,
        rules.columns.words(),
    );
    let options = config.read_options();
    let mut problems = Vec::new();
    for at in builder.reading_order() {
        let (position, source) = reports[at];
        for batch in source.batches(&options)? {
            let batch: Batch = batch?;
            rows[position] += batch.len() as u64;
            builder.add(at, &batch);
            notes.extend(batch.notes_of_file());
            problems.extend(batch.problems);
        }
    }
    let (customers, more) = builder.finish()?;
    problems.extend(more);
    Ok((customers, problems))
}

/// The period of a report: the user's word, else a date in the file's name, else its month.
pub(crate) fn period(config: &Config, source: &Source) -> Period {
    let said = config.period.as_deref().and_then(Period::find);
    let named = || {
        let name = source.input.member.clone().or_else(|| {
            source.input.path.file_name().map(|name| name.to_string_lossy().into_owned())
        });
        name.and_then(|name| Period::find(&name))
    };
    let modified = || {
        let time = std::fs::metadata(&source.input.path).and_then(|meta| meta.modified()).ok()?;
        let time = jiff::Timestamp::try_from(time).ok()?;
        Period::of(time.to_zoned(jiff::tz::TimeZone::UTC).date())
    };
    let today = || Period::of(config.as_of);
    let fallback = || Period::new(2000, 1).expect("a month of the range");
    said.or_else(named).or_else(modified).or_else(today).unwrap_or_else(fallback)
}

/// Whether a file of contacts has no ids of accounts.
fn names_are_needed(intake: &Inputs) -> bool {
    let by_name = |what: &Recognised| match what {
        Recognised::Contacts(layout) => !layout.layout().has(Field::AccountId),
        _ => false,
    };
    intake.which(by_name).next().is_some()
}

/// What is told where some contacts lack the id of their account and the accounts are piped.
const NAMES_PIPED: &str = "standard input: accounts can be read only once there, so contacts \
                           without the id of their account are joined to none by its name";

/// Whether accounts come from standard input, which can be read only once.
fn accounts_are_piped(intake: &Inputs) -> bool {
    let is_account = |what: &Recognised| matches!(what, Recognised::Accounts(_));
    intake.which(is_account).any(|(_, source)| source.input.is_stdin())
}

/// The error that contacts are joined by names which only a second look at the accounts gives.
fn names_unknown() -> Error {
    Error::Unusable {
        file: "standard input".into(),
        found: "the contacts name their account without its id; to join them the accounts must be \
                read twice, and standard input can be read only once"
            .into(),
        todo: "write the accounts to a file, or export the contacts with the id of their account"
            .into(),
    }
}

/// Who bears which name: read only where contacts name their account without its id.
fn bearers_of_names(config: &Config, words: &Words, intake: &Inputs) -> Result<AccountNames> {
    let accounts: Vec<(usize, &Source)> = intake
        .which(|what| matches!(what, Recognised::Accounts(_)))
        .filter(|(_, source)| !source.input.is_stdin())
        .collect();
    let options = crate::read::ReadOptions { progress: None, ..config.read_options() };
    let part = each_batch(
        &accounts,
        &options,
        |names: &mut AccountNames, _: &mut (), _, source, batch| {
            if let Recognised::Accounts(layout) = &source.what {
                batch.rows().for_each(|row| names.account(&layout.account(row, words)));
            }
        },
        |mut one, other| {
            one.absorb(other);
            one
        },
    )?;
    Ok(part.value)
}

/// Pairs that a person judged, by account.
fn pinned(customers: &Customers, verdicts: &Verdicts) -> PinnedPairs {
    let mut pinned = PinnedPairs::default();
    for (id, said) in verdicts.iter() {
        let Some(at) = customers.position(id) else { continue };
        for pair in said.accepted.iter().chain(&said.rejected) {
            let key = join_key(&pair.account_id).as_ref().into();
            pinned.entry(key).or_default().push(at as u32);
        }
    }
    pinned
}

/// Whether a source holds contacts that may be listed.
fn is_contacts(what: &Recognised) -> bool {
    matches!(what, Recognised::Contacts(_) | Recognised::Both(..))
}

/// Reads the contacts again and gives each its status.
fn sieve(config: &Config, rules: &Rules, found: &mut Found) -> Result<(ContactLists, u64, u64)> {
    let country = |raw: &str| match rules.link.places.country(raw) {
        Some(code) => String::from_utf8_lossy(&code).into_owned(),
        None => crate::text::fold::folded(raw),
    };
    let streamed = &found.streamed;
    let sieve = ContactStatus::new(StatusInputs {
        config,
        customers: &found.customers,
        decisions: &found.decisions,
        denials: &streamed.denials,
        names: &streamed.names,
        merged: &streamed.merged,
        country: &country,
        accounts_in_doubt: found.intake.which(is_in_doubt).next().is_some(),
        people: &rules.people,
        bands: &rules.report,
    })?
    .knowing(found.known.as_ref());
    let sources: Vec<(usize, &Source)> = found.intake.which(is_contacts).collect();
    let words = rules.columns.words();
    let part = each_batch(
        &sources,
        &config.read_options(),
        |(gathered, damaged): &mut (Gathered, Vec<Problem>), _: &mut (), at, source, batch| {
            if let Recognised::Contacts(layout) | Recognised::Both(_, layout) = &source.what {
                for row in batch.rows() {
                    layout.layout().tell_rounded_ids(row, &CONTACT_IDS, damaged);
                    if !sieve.passes_by(&layout.place(row), gathered) {
                        sieve.contact(&layout.contact(row, words), at, gathered);
                    }
                }
            }
        },
        |(mut one, mut damaged), (other, more)| {
            one.absorb(other);
            damaged.extend(more);
            (one, damaged)
        },
    )?;
    let (gathered, damaged) = part.value;
    let lists = sieve.finish(gathered);
    let read: u64 = part.rows.iter().sum();
    let unreadable = part.problems.iter().filter(|problem| problem.record_lost).count() as u64;
    found.rows.iter_mut().zip(&part.rows).for_each(|(sum, more)| *sum = (*sum).max(*more));
    found.problems.extend(part.problems);
    found.problems.extend(damaged);
    found.notes.extend(part.notes);
    Ok((lists, read + unreadable, unreadable))
}

/// Whether a column of the accounts may hold a consent that nobody has told the meaning of.
fn is_in_doubt(what: &Recognised) -> bool {
    match what {
        Recognised::Accounts(layout) | Recognised::Both(layout, _) => {
            !layout.doubtful_consent().is_empty()
        }
        _ => false,
    }
}
