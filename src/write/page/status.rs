//! The sections that say in which status customers and contacts ended.

use maud::{Markup, html};

use super::{
    chart::{self, Part},
    part::{LINKED, OTHER, REVIEW, door, doors, head, names, number, picture, rows},
};
use crate::{status::ContactStatus, write::summary::Results};

/// Customers by status, and what each pass brought.
pub(super) fn statuses(results: &Results) -> Markup {
    let (passes, only) = (&results.passes, &results.passes_only);
    let mut bars = vec![
        ("by domain", passes.domain),
        ("by name", passes.name),
        ("by id", passes.id),
        ("by verdict", passes.verdict),
    ];
    bars.extend(results.customers.by_label().into_iter().skip(1));
    let lengths = |wanted: std::ops::Range<usize>| -> Vec<f64> {
        let one = |(at, bar): (usize, &(&str, u64))| {
            if wanted.contains(&at) { bar.1 as f64 } else { 0.0 }
        };
        bars.iter().enumerate().map(one).collect()
    };
    let parts = [
        Part { name: "linked", colour: LINKED, lengths: lengths(0..4) },
        Part { name: "for review", colour: REVIEW, lengths: lengths(4..5) },
        Part { name: "without a link", colour: OTHER, lengths: lengths(5..7) },
    ];
    let verdicts = &results.verdicts;
    html! {
        section {
            h2 { "Customers: linked to an account?" }
            div.pair {
                (picture(chart::lying_bars(&names(&bars), &parts), "customers by status"))
                div {
                    table {
                        (head(&["status", "customers"]))
                        (doors(&results.customers.by_label(), "customers", "status",
                            &results.customers.by_word()))
                    }
                    table {
                        (head(&["linked by", "customers", "found by no other pass"]))
                        @for (name, all, only) in [("domain", passes.domain, only.domain),
                            ("name", passes.name, only.name), ("id", passes.id, only.id),
                            ("verdict", passes.verdict, only.verdict)] {
                            tr { td { (name) } (linked_by(all, name)) (linked_only_by(only, name)) }
                        }
                    }
                }
            }
            details.paper { summary { "Reasons, accounts and verdicts" }
                div.small {
                    (reasons(results))
                    div { h3 { "Accounts" } table {
                        (doors(&results.accounts.by_label(), "crm/accounts", "status",
                            &results.accounts.by_word())) } }
                    div { h3 { "Links and verdicts" } table {
                        tr { td { "links" } (door(results.links, "links", &[])) }
                        (rows(&[("verdicts applied", verdicts.applied)]))
                        tr { td { "verdicts stale" } (door(verdicts.stale, "review", &[("reason", "stale")])) }
                        (rows(&[("verdicts orphaned", verdicts.orphaned)])) } }
                }
            }
        }
    }
}

/// Why customers are in review, unmatched or excluded.
fn reasons(results: &Results) -> Markup {
    html! {
        div { h3 { "In review" } table {
            (by_reason(&results.review.by_label(), &results.review.by_word())) } }
        div { h3 { "Unmatched and excluded" } table {
            (by_reason(&results.unmatched.by_label(), &results.unmatched.by_word()))
            (by_reason(&results.excluded.by_label(), &results.excluded.by_word())) } }
    }
}

/// The customers that a pass has linked, or people.
fn linked_by(customers: u64, pass: &str) -> Markup {
    match pass {
        "verdict" => door(customers, "links", &[("decided_by", pass)]),
        pass => {
            door(customers, "customers", &[("reason", &format!("accepted by the {pass} pass"))])
        }
    }
}

/// The customers that a pass alone has brought together with their accounts.
fn linked_only_by(customers: u64, pass: &str) -> Markup {
    let by_pass = [
        ("domain", ("domain_level", "!agrees")),
        ("name", ("name_level", "!agrees")),
        ("name", ("name_level", "!similar")),
        ("id", ("id_level", "!agrees")),
    ];
    let others = by_pass.into_iter().filter(|(of, _)| *of != pass).map(|(_, level)| level);
    let wanted: Vec<_> =
        [("pass", pass), ("once", "customer_id")].into_iter().chain(others).collect();
    match pass {
        "verdict" => number(customers),
        _ => door(customers, "links", &wanted),
    }
}

fn by_reason(labels: &[(&str, u64)], words: &[(&str, u64)]) -> Markup {
    doors(labels, "customers", "reason", words)
}

/// Contacts listed and left out.
pub(super) fn contacts(results: &Results) -> Markup {
    let bars = results.contacts.by_label();
    let lengths = |listed: bool| -> Vec<f64> {
        let one = |status: &ContactStatus| {
            let count = results.contacts.of(*status) as f64;
            if (*status == ContactStatus::Listed) == listed { count } else { 0.0 }
        };
        ContactStatus::ALL.iter().map(one).collect()
    };
    let parts = [
        Part { name: "may get e-mail", colour: LINKED, lengths: lengths(true) },
        Part { name: "left out", colour: OTHER, lengths: lengths(false) },
    ];
    html! {
        section {
            h2 { "Contacts: who is on the lists, who is not" }
            div.pair {
                div {
                    (picture(chart::lying_bars(&names(&bars), &parts),
                        "contacts by status"))
                    table { (head(&["status", "contacts"]))
                        @for (status, (label, of)) in ContactStatus::ALL.iter().zip(&bars) {
                            tr.none[*of == 0] { td { (label) } (contacts_door(*status, *of)) }
                        } }
                }
                div {
                    h3 { "Suppressed, by reason" }
                    table { (doors(&results.suppressed.by_label(), "suppressed", "reason",
                        &results.suppressed.by_word())) }
                    h3 { "What the words mean" }
                    (words())
                }
            }
        }
    }
}

/// The contacts of a status: no file of the run has those that were left aside.
fn contacts_door(status: ContactStatus, of: u64) -> Markup {
    match status {
        ContactStatus::Listed => door(of, "contacts", &[]),
        ContactStatus::Suppressed => door(of, "suppressed", &[]),
        // a row that cannot be read is a problem
        ContactStatus::Unreadable => door(of, "problems", &[("kind", "record left out")]),
        _ => door(of, "crm/contacts", &[("status", status.word())]),
    }
}

/// What the statuses of contacts mean that do not speak for themselves.
fn words() -> Markup {
    use ContactStatus::{AccountNotLinked, AccountUnclear, Duplicate, NotSelected, Suppressed};
    html! {
        ul.soft { @for of in [Suppressed, Duplicate, NotSelected, AccountNotLinked, AccountUnclear] {
            li { b { (of.label()) } ": " (of.explanation()) }
        } }
    }
}
