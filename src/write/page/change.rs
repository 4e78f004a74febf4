//! What has changed since the month before.

use maud::{Markup, html};

use super::part::{door, inline_door};
use crate::{
    status::{CauseCounts, ChangeKind},
    write::summary::ChangeFigures,
};

/// The changes by kind, the most welcome first; that there is nothing to compare with yet.
/// `counts_derived`: whether a derived cluster counts as one.
pub(super) fn changes(figures: &ChangeFigures, counts_derived: bool) -> Markup {
    let new = if counts_derived { "~~Act Now" } else { "~Act Now" };
    let ChangeFigures { since, act_now, kinds, causes, not_compared } = figures;
    html! {
        section id="changes" {
            @if since.is_empty() {
                h2 { "What has changed" }
                p { "Nothing to compare with yet: this is the first month that is kept. What is \
                    new stands here next month." }
            } @else {
                h2 { "What has changed since " time { (since) } }
                p { (inline_door(*act_now, "changes", &[("after", new), ("cause", "!settings"),
                        ("once", "customer_id")]))
                    @match *act_now {
                        0 => { " customers have become Act Now." }
                        1 => { " customer has become Act Now: it comes first in " b { "calls.xlsx" } "." }
                        _ => { " customers have become Act Now: they come first in " b { "calls.xlsx" } "." }
                    }
                    " Each change stands in " b { "changes.xlsx" } ", with its reason." }
                @if kinds.total() == 0 { p { "Nothing has changed." } } @else {
                    table {
                        tr { th { "change" } th.number { "how many" } th { "what it means" } }
                        @for kind in ChangeKind::ALL.iter().filter(|kind| kinds.of(**kind) > 0) {
                            tr { td { (kind.label()) } (door(kinds.of(*kind), "changes",
                                    &[("kind", kind.word()), ("cause", "!settings")]))
                                td { (kind.explanation()) } }
                        }
                    }
                    (by_cause(causes))
                }
                @if causes.settings > 0 {
                    p { (inline_door(causes.settings, "changes", &[("cause", "settings")])) " more by other flags or other inputs alone: they are \
                        the last in " b { "changes.xlsx" } "." }
                }
                @for what in not_compared { p { b { "Not compared:" } " " (what) } }
            }
        }
    }
}

/// Who or what has caused the changes.
fn by_cause(causes: &CauseCounts) -> Markup {
    let named = [
        ("the reports", "report", causes.report),
        ("the CRM", "crm", causes.crm),
        ("your decisions", "verdict", causes.verdict),
        ("new rules of the program", "rules", causes.rules),
        ("other customers, accounts or people", "others", causes.others),
    ];
    let some = named.into_iter().filter(|(.., count)| *count > 0);
    html! {
        p { "Because of" }
        ul { @for (what, word, number) in some {
            li { (what) ": " (inline_door(number, "changes", &[("cause", word)])) }
        } }
    }
}
