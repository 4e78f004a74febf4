//! What is probably not as the user means it: an empty list, a filter that nothing fits, a list that
//! leaves out too many. Each warning says what to do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Rules};
use crate::{
    columns::Recognised,
    config::Config,
    decide::Outcome,
    lists::ContactLists,
    text::{distance::nearest, fold::folded},
};

/// Contacts from which a share of them says something.
const ENOUGH: u64 = 20;

/// What the user should look at, the weightiest first.
pub(super) fn warnings(
    config: &Config,
    rules: &Rules,
    found: &Found,
    contacts: &ContactLists,
) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(nobody(contacts));
    warnings.extend(countries(config, rules, found));
    warnings.extend(conditions(config, found));
    warnings.extend(own_staff(rules, found, contacts));
    warnings.extend(suppressed(contacts));
    warnings.extend(files(found));
    warnings
}

/// Where nobody is listed: why.
fn nobody(contacts: &ContactLists) -> Option<String> {
    let counts = &contacts.counts;
    if counts.listed > 0 {
        return None;
    }
    if counts.total() == 0 {
        return Some(
            "no contacts were found, so there is nobody to write to: give the export of the contacts \
             with `--contacts`, or put it next to the accounts"
                .into(),
        );
    }
    let by_word = counts.by_word().into_iter().filter(|(word, _)| *word != "duplicate");
    let why = by_word.max_by_key(|(_, contacts)| *contacts);
    let (word, many) = why.unwrap_or_default();
    let todo = match word {
        "suppressed" => "suppressed.csv says why",
        "not selected" => "look at the filters: --cluster, --solution-area, --cohort, --country",
        "account not linked" => "look at review.xlsx and unmatched.xlsx",
        _ => "look at the columns with `reconcile inspect`",
    };
    let all = counts.total();
    Some(format!("nobody is on the lists: of {all} contacts {many} are {word}; {todo}"))
}

/// Countries asked for in which no customer is.
fn countries(config: &Config, rules: &Rules, found: &Found) -> Vec<String> {
    let asked = &config.lists.countries;
    if asked.is_empty() {
        return Vec::new();
    }
    let key = |raw: &str| match rules.link.places.country(raw) {
        Some(code) => String::from_utf8_lossy(&code).into_owned(),
        None => folded(raw),
    };
    let of_accounts = found.decisions.outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Linked(links) => links.first().map(|link| link.candidate.account.country()),
        _ => None,
    });
    let customers = found.customers.list.iter().map(|customer| customer.country.as_str());
    let known: BTreeSet<&str> = customers.chain(of_accounts).filter(|of| !of.is_empty()).collect();
    let keys: BTreeSet<String> = known.iter().map(|of| key(of)).collect();
    let unknown = asked.iter().filter(|asked| !keys.contains(&key(asked)));
    unknown.map(|asked| occurs_nowhere("--country", asked, known.iter().copied())).collect()
}

/// Values asked for that no customer has.
fn conditions(config: &Config, found: &Found) -> Vec<String> {
    let customers = &found.customers;
    let mut warnings = Vec::new();
    for (header, values) in &config.lists.columns {
        let Some(attribute) = customers.attribute(header) else { continue };
        let occurs = |value: &String| {
            (0..customers.list.len()).any(|at| customers.has(at, attribute, value))
        };
        // a value with commas is asked for in parts and as a whole: one of them is enough
        let (parts, whole) = match values.as_slice() {
            [parts @ .., whole] if !parts.is_empty() => (parts, Some(whole)),
            one => (one, None),
        };
        if whole.is_some_and(occurs) {
            continue;
        }
        for value in parts.iter().filter(|value| !occurs(value)) {
            let cells = customers.columns.find(header).into_iter().flat_map(|column| {
                (0..customers.list.len()).map(move |at| customers.columns.cell(at, column))
            });
            warnings.push(occurs_nowhere(&format!("--where {header}="), value, cells));
        }
    }
    warnings
}

fn occurs_nowhere<'k>(flag: &str, value: &str, known: impl Iterator<Item = &'k str>) -> String {
    let known: BTreeSet<&str> = known.filter(|of| !of.is_empty()).collect();
    let join = if flag.ends_with('=') { "" } else { " " };
    match nearest(value, known) {
        Some(near) => {
            format!("{flag}{join}{value}: no customer has it; did you mean {near:?}?")
        }
        None => format!("{flag}{join}{value}: no customer has it"),
    }
}

/// People of the partner's own on the lists: at a domain of the users of the CRM, or at one that is
/// called like the partner of the reports.
fn own_staff(rules: &Rules, found: &Found, contacts: &ContactLists) -> Vec<String> {
    let partner = found.customers.columns.find("PartnerName").and_then(|column| {
        let cells = (0..found.customers.list.len())
            .map(|at| letters(found.customers.columns.cell(at, column)));
        cells.into_iter().find(|name| name.len() >= SHORTEST_NAME)
    });
    let mut staff: BTreeMap<String, (u64, &str)> = BTreeMap::new();
    for contact in &contacts.listed {
        let Some((_, domain)) = contact.email.rsplit_once('@') else { continue };
        let domain = domain.to_lowercase();
        let is_own = |domain: &str| {
            let mut buffer = String::new();
            rules.link.domains.read(domain, &mut buffer).is_some_and(|(_, of)| of.is_usable())
        };
        let label = letters(domain.split('.').next().unwrap_or(""));
        let named = || {
            let partner = partner.as_deref()?;
            (label.len() >= SHORTEST_NAME && partner.starts_with(&label))
                .then_some("called like the partner of the reports")
        };
        let of_users = found.staff_domains.contains(&domain);
        let why = of_users.then_some("that of the users of your CRM").or_else(named);
        if let Some(why) = why.filter(|_| is_own(&domain)) {
            staff.entry(domain).or_insert((0, why)).0 += 1;
        }
    }
    let warning = |(domain, (people, why)): (String, (u64, &str))| {
        format!(
            "people on the lists with an address at {domain}, which is {why}: {people}. If it is your \
             own, add `--own-domain {domain}`"
        )
    };
    staff.into_iter().map(warning).collect()
}

/// Letters from which a name is not met by chance.
const SHORTEST_NAME: usize = 6;

/// The letters and digits of a name, small.
fn letters(name: &str) -> String {
    folded(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A suppression list that leaves out more than a tenth.
fn suppressed(contacts: &ContactLists) -> Option<String> {
    let (left_out, all) = (contacts.reasons.suppression_list, contacts.counts.total());
    (all >= ENOUGH && left_out * 10 > all).then(|| {
        format!(
            "the suppression list leaves out {left_out} of {all} contacts, more than a tenth: is it the \
             right file?"
        )
    })
}

/// Files of which `--column` lowers what is recognised, reports, accounts and suppression lists without
/// rows, and exports of several systems side by side.
fn files(found: &Found) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut systems: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, source) in found.inputs.sources.iter().enumerate() {
        let file = source.info.file.as_str();
        let grave = source.warnings.iter().filter(|warning| warning.is_grave);
        warnings.extend(grave.map(|warning| format!("{file}: {}", warning.found)));
        match &source.what {
            Recognised::Report(..) if found.log.rows_of(at) == 0 => {
                warnings.push(format!("{file}: the report has no rows"));
            }
            Recognised::Suppression(_) if found.log.rows_of(at) == 0 => {
                warnings
                    .push(format!("{file}: the suppression list is empty: it leaves nobody out"));
            }
            Recognised::Accounts(_) | Recognised::Both(..) if found.log.rows_of(at) == 0 => {
                warnings.push(format!("{file}: no account stands there"));
            }
            Recognised::Accounts(_) | Recognised::Contacts(_) | Recognised::Both(..) => {
                let name = source.dialect.name();
                if !name.is_empty() {
                    systems.entry(name).or_insert(file);
                }
            }
            _ => {}
        }
    }
    if systems.len() > 1 {
        let each: Vec<String> =
            systems.iter().map(|(name, file)| format!("{name} ({file})")).collect();
        warnings.push(format!(
            "exports of several CRMs are read together: {}; ids of one mean nothing in the other, and \
             people may be there twice",
            each.join(", ")
        ));
    }
    warnings
}
