//! Contacts that are newly listed, and those that are listed no more, each with its reason.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{
    Cause, Change, ChangeKind, Months, Why,
    customer::{Both, change_of, is_up},
    link,
};
use crate::{
    history::{EntryContact, EntryCustomer, LIST_SETTINGS},
    report::Cluster,
    status::{ContactStatus, Suppression},
    text::id::join_key,
};

/// All changes of contacts; none where one of the runs had no contacts. Contacts without an id of the
/// CRM cannot be followed.
pub(super) fn changes(months: Months<'_>) -> Vec<Change> {
    let mut list = Vec::new();
    if !months.both_have_contacts() {
        return list;
    }
    let has_id = |of: &&EntryContact| !of.id.starts_with('~');
    let customers = by_account(months);
    for now in months.now.listed().filter(has_id) {
        let then = months.then.contact(&now.id);
        if !then.is_some_and(EntryContact::is_listed) {
            let status = then.map_or_else(String::new, status);
            let why = listed(months, now, then);
            list.push(change(months, ChangeKind::ContactListed, now, (status, why)));
        }
    }
    for then in months.then.listed().filter(has_id) {
        let now = months.now.contact(&then.id);
        if !now.is_some_and(EntryContact::is_listed) {
            let status = now.map_or_else(|| "gone".to_owned(), status);
            let why = no_longer_listed((months, &customers), then, now);
            list.push(change(months, ChangeKind::ContactNoLongerListed, then, (status, why)));
        }
    }
    list
}

/// A change of a contact; `other` is its status in the entry in which it is not listed.
fn change(
    months: Months<'_>,
    kind: ChangeKind,
    contact: &EntryContact,
    (other, why): (String, Why),
) -> Change {
    let entries = [months.now, months.then];
    let customer = entries.iter().find_map(|entry| entry.customer(&contact.customer));
    let listed = ContactStatus::Listed.word().to_owned();
    let is_new = kind == ChangeKind::ContactListed;
    let (before, after) = if is_new { (other, listed) } else { (listed, other) };
    let of_customer = customer.map_or_else(Change::default, |of| change_of(kind, of));
    Change {
        kind,
        before,
        after,
        account_ids: vec![contact.account.clone()],
        contact_id: contact.id.clone(),
        why,
        ..of_customer
    }
}

/// A status with its reason.
fn status(of: &EntryContact) -> String {
    match of.reason.as_str() {
        "" => of.status.clone(),
        reason => format!("{}: {reason}", of.status),
    }
}

/// Why a contact is listed that was not.
fn listed(months: Months<'_>, now: &EntryContact, then: Option<&EntryContact>) -> Why {
    let Some(customer) = months.now.customer(&now.customer) else {
        return Why::new(Cause::Others, "its customer has changed");
    };
    let Some(before) = months.then.customer(&customer.id) else {
        return Why::new(Cause::Report, "its company is new in the reports");
    };
    let both = Both { then: before, now: customer };
    if let Some(then) = then.filter(|of| of.status == ContactStatus::Suppressed.word()) {
        return Why::new(cause_of(months, then), format!("no longer {}", then.reason));
    }
    if !before.accounts.contains(&now.account) && before.accounts != customer.accounts {
        let Why { cause, reason } = link::why(months, both);
        return Why::new(cause, format!("its account is linked now: {reason}"));
    }
    if !before.selected {
        return filtered(months, both, true);
    }
    let flags = months.other_settings(&OF_PEOPLE);
    if !flags.is_empty() {
        return Why::new(Cause::Settings, format!("other settings: {flags}"));
    }
    match then {
        Some(_) => Why::new(Cause::Crm, "the CRM's record changed"),
        None => Why::new(Cause::Crm, "new in the CRM, or new at its account"),
    }
}

/// Why a contact is not listed that was.
fn no_longer_listed(
    (months, customers): (Months<'_>, &ByAccount<'_>),
    then: &EntryContact,
    now: Option<&EntryContact>,
) -> Why {
    let Some(now) = now else { return Why::new(Cause::Crm, "gone from the CRM") };
    let is = |status: ContactStatus| now.status == status.word();
    if is(ContactStatus::Suppressed) {
        return Why::new(cause_of(months, now), now.reason.clone());
    }
    if has_moved(customers, then, now) {
        return Why::new(Cause::Crm, "left the account");
    }
    if is(ContactStatus::NoAccount) || is(ContactStatus::AccountUnclear) {
        return Why::new(Cause::Crm, "left the account: it names none that is known");
    }
    let months_of = (months.then.customer(&then.customer), months.now.customer(&then.customer));
    let (Some(before), Some(after)) = months_of else {
        return Why::new(Cause::Report, "its company is no longer in the reports");
    };
    let both = Both { then: before, now: after };
    if is(ContactStatus::AccountNotLinked) {
        let Why { cause, reason } = link::why(months, both);
        return Why::new(cause, format!("its account is no longer linked: {reason}"));
    }
    if is(ContactStatus::NotSelected) {
        return if after.selected { not_chosen(months) } else { filtered(months, both, false) };
    }
    Why::new(Cause::Crm, now.status.clone())
}

/// The customers of now, by the join key of each linked account.
type ByAccount<'m> = FxHashMap<Cow<'m, str>, &'m EntryCustomer>;

fn by_account<'m>(months: Months<'m>) -> ByAccount<'m> {
    let linked = |of: &'m EntryCustomer| of.accounts.iter().map(move |id| (join_key(id), of));
    months.now.customers.iter().flat_map(linked).collect()
}

/// Whether a contact is at another company than then. (An account may have become another record of
/// the same customer.)
fn has_moved(customers: &ByAccount<'_>, then: &EntryContact, now: &EntryContact) -> bool {
    let (account_then, account) = (join_key(&then.account), join_key(&now.account));
    let is_elsewhere = || customers.get(&account).is_none_or(|of| of.id != then.customer);
    !now.account.is_empty() && account != account_then && is_elsewhere()
}

/// The settings by which people of a customer are chosen.
const OF_PEOPLE: [&str; 5] =
    ["decision-makers", "fold-addresses", "one-contact", "require-consent", "top"];

/// Another person of the customer, or another customer, is chosen.
fn not_chosen(months: Months<'_>) -> Why {
    match months.other_settings(&OF_PEOPLE).as_str() {
        "" => Why::new(Cause::Others, "others come before it"),
        flags => Why::new(Cause::Settings, format!("other settings: {flags}")),
    }
}

/// Whether a record of the CRM or a setting keeps a contact off the lists, or kept it.
fn cause_of(months: Months<'_>, suppressed: &EntryContact) -> Cause {
    let flag = match &suppressed.reason {
        reason if reason == Suppression::ConsentUnknown.word() => "consent-unknown",
        reason if reason == Suppression::OwnStaff.word() => "own-domain",
        _ => return Cause::Crm,
    };
    if months.other_settings(&[flag]).is_empty() { Cause::Crm } else { Cause::Settings }
}

/// Why the filters take a customer that they did not take, or the other way round: what the reports
/// say of it, else the filters.
fn filtered(months: Months<'_>, both: Both<'_>, is_taken: bool) -> Why {
    let name = |of: Option<Cluster>| of.map_or("none", Cluster::name);
    let moved: Vec<String> = both
        .clusters(months)
        .filter(|(_, then, now)| is_up(*then, *now) == is_taken)
        .map(|(area, then, now)| format!("{area} from {} to {}", name(then), name(now)))
        .collect();
    if !moved.is_empty() {
        let word = if is_taken { "rose" } else { "fell" };
        return Why::new(Cause::Report, format!("its cluster {word}: {}", moved.join(", ")));
    }
    let flags = months.other_settings(&LIST_SETTINGS);
    if !flags.is_empty() && same_facts(months, both) {
        return Why::new(Cause::Settings, format!("other filters: {flags}"));
    }
    let takes = if is_taken { "take it now" } else { "no longer take it" };
    Why::new(Cause::Report, format!("the filters {takes}: the reports say something else of it"))
}

/// Whether the reports say the same of a customer as then, as far as the filters of either run look.
fn same_facts(months: Months<'_>, both: Both<'_>) -> bool {
    let Both { then, now } = both;
    let is_asked = |flag: &str| {
        [months.then, months.now].iter().any(|entry| entry.run.settings.contains_key(flag))
    };
    then.areas == now.areas
        && (then.cohorts == now.cohorts || !is_asked("cohort"))
        && (then.agreements == now.agreements
            || !(is_asked("ends-within") || is_asked("revenue-at-least")))
}
