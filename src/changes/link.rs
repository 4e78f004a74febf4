//! Links that are new, lost or others, each with its reason.

use super::{Cause, Change, ChangeKind, Months, Why, customer::Both};
use crate::{history::LINK_SETTINGS, text::id::join_key, verdicts::changed_fields};

/// What has changed of the links of a customer.
pub(super) fn change(months: Months<'_>, both: Both<'_>) -> Option<Change> {
    let (then, now) = (&both.then.accounts, &both.now.accounts);
    let is_same = then.len() == now.len() && now.iter().all(|id| then.contains(id));
    let kind = match (then.is_empty(), now.is_empty()) {
        _ if is_same => return None,
        (true, _) => ChangeKind::LinkNew,
        (_, true) => ChangeKind::LinkLost,
        _ => ChangeKind::LinkChanged,
    };
    Some(Change {
        before: then.join("; "),
        after: now.join("; "),
        why: why(months, both),
        ..both.change(kind)
    })
}

/// Why the links of a customer are others than then. The first that holds is the reason.
pub(super) fn why(months: Months<'_>, both: Both<'_>) -> Why {
    let lost: Vec<&str> = only(&both.then.accounts, &both.now.accounts);
    let gained: Vec<&str> = only(&both.now.accounts, &both.then.accounts);
    by_verdict(both, &lost, &gained)
        .or_else(|| by_crm(months, &lost, &gained))
        .or_else(|| by_report(both))
        .or_else(|| by_unknown_account(months, &gained))
        .or_else(|| by_settings(months))
        .or_else(|| {
            months.has_other_rules().then(|| Why::new(Cause::Rules, "new rules of the program"))
        })
        .unwrap_or_else(|| Why::new(Cause::Others, "other records around it have changed"))
}

fn only<'i>(ids: &'i [String], others: &[String]) -> Vec<&'i str> {
    ids.iter().filter(|id| !others.contains(id)).map(String::as_str).collect()
}

/// A person decided, or has taken a decision back.
fn by_verdict(both: Both<'_>, lost: &[&str], gained: &[&str]) -> Option<Why> {
    let (then, now) = (&both.then.verdicts, &both.now.verdicts);
    let says = |verdicts: &[String], word: &str, id: &str| {
        let is_it = |of: &str| join_key(of.trim_start()) == join_key(id);
        verdicts.iter().any(|of| of.strip_prefix(word).is_some_and(is_it))
    };
    let new =
        |word, ids: &[&str]| ids.iter().any(|id| says(now, word, id) && !says(then, word, id));
    let old =
        |word, ids: &[&str]| ids.iter().any(|id| says(then, word, id) && !says(now, word, id));
    let reason = if new("accept", gained) {
        "you accepted the account"
    } else if new("reject", lost) {
        "you rejected the account"
    } else if !lost.is_empty() && new("none", &[""]) {
        "you decided: no account"
    } else if old("accept", lost)
        || old("reject", gained)
        || (!gained.is_empty() && old("none", &[""]))
    {
        "a decision was taken back"
    } else {
        return None;
    };
    Some(Why::new(Cause::Verdict, reason))
}

/// A record of the CRM is gone or has changed.
fn by_crm(months: Months<'_>, lost: &[&str], gained: &[&str]) -> Option<Why> {
    let (then, now) = (months.then, months.now);
    if lost.iter().any(|id| now.marks_of(id).is_none()) {
        return Some(Why::new(Cause::Crm, "the account is gone from the CRM"));
    }
    let changed = lost.iter().chain(gained).find_map(|id| {
        let fields = changed_fields(then.marks_of(id)?, now.marks_of(id)?);
        (!fields.is_empty()).then(|| fields.join(", "))
    });
    changed.map(|fields| Why::new(Cause::Crm, format!("the CRM's record changed: {fields}")))
}

/// What the report says of the company itself has changed.
fn by_report(both: Both<'_>) -> Option<Why> {
    let fields = changed_fields(&both.then.marks, &both.now.marks).join(", ");
    (!fields.is_empty()).then(|| Why::new(Cause::Report, format!("the report changed: {fields}")))
}

/// An account was not even near then.
fn by_unknown_account(months: Months<'_>, gained: &[&str]) -> Option<Why> {
    let is_unknown = gained.iter().any(|id| months.then.marks_of(id).is_none());
    let reason = "the account is new in the CRM, or its record was not near before";
    is_unknown.then(|| Why::new(Cause::Crm, reason))
}

fn by_settings(months: Months<'_>) -> Option<Why> {
    let flags = months.other_settings(&LINK_SETTINGS);
    (!flags.is_empty()).then(|| Why::new(Cause::Settings, format!("other settings: {flags}")))
}
