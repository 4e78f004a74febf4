//! What the page says after an act: what was done, what it means for others, what speaks against it.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{View, review::said_shortly};
use crate::serve::{
    act::{Ask, Objection},
    desk::Desk,
    queue::Queue,
};

/// What was done, in a sentence.
pub(in crate::serve) fn sentence(view: &View<'_>, desk: &Desk, ask: &Ask, at: usize) -> String {
    let name = desk.cases.list.get(at).map_or("", |case| &case.name);
    view.texts.with(&format!("page.done.{}", ask.act), &[("name", name), ("account", &ask.account)])
}

/// What a decision means for others that are open: those with this account, and those of this name.
pub(in crate::serve) fn elsewhere(view: &View<'_>, desk: &Desk, ask: &Ask, at: usize) -> Markup {
    let decides = matches!(ask.act.as_str(), "accept" | "family" | "also" | "none");
    let Some(case) = desk.cases.list.get(at).filter(|_| decides) else { return html! {} };
    let is_open = |other: &usize| {
        *other != at && matches!(desk.place(*other), Queue::Review(_) | Queue::Unsure)
    };
    let open = || (0..desk.cases.list.len()).filter(is_open);
    let of_name = open().filter(|other| desk.cases.list[*other].has_name_of(case)).count();
    let is_best = |other: &usize| {
        let best = desk.cases.list[*other].accounts.first();
        best.is_some_and(|best| !ask.account.is_empty() && best.id == ask.account)
    };
    let of_account = open().filter(is_best).count();
    html! {
        @if of_account > 0 && ask.act != "none" {
            " " (view.texts.with("page.elsewhere.account", &[("count", &of_account.to_string())])) }
        @if of_name > 0 {
            " " a href={ "/review?queue=open&same=" (case.id) } {
                (view.texts.with("page.elsewhere.name", &[("count", &of_name.to_string())])) } }
    }
}

/// That others were settled which the page still shows, with what takes that back.
pub(in crate::serve) fn settled(
    view: &View<'_>,
    desk: &Desk,
    customers: &BTreeSet<usize>,
    acts: &[usize],
) -> Markup {
    let who: BTreeSet<&str> = customers.iter().map(|at| desk.reviewer_of(*at)).collect();
    let who: Vec<&str> = who.into_iter().filter(|name| !name.is_empty()).collect();
    let acts: Vec<String> = acts.iter().map(ToString::to_string).collect();
    let words = [("count", &*customers.len().to_string()), ("who", &*who.join(", "))];
    html! {
        " " (view.texts.with("page.elsewhere.settled", &words)) " "
        button type="button" data-revert=(acts.join(" ")) { (view.t("page.history.revert")) }
    }
}

/// All that speaks against an act about a customer.
pub(in crate::serve) fn objections(
    view: &View<'_>,
    desk: &Desk,
    at: usize,
    found: &[Objection],
) -> String {
    let said: Vec<String> = found.iter().map(|of| objection(view, desk, at, of)).collect();
    said.join(" ")
}

fn objection(view: &View<'_>, desk: &Desk, at: usize, objection: &Objection) -> String {
    let name = |at: &usize| {
        let case = &desk.cases.list[*at];
        format!("{} ({})", case.name, case.id)
    };
    match objection {
        Objection::Held(holders) => {
            let names: Vec<String> = holders.iter().map(name).collect();
            view.texts.with("page.objection", &[("customers", &names.join("; "))])
        }
        Objection::Accepted(accounts) => {
            view.texts.with("page.objection.accepted", &[("accounts", &accounts.join("; "))])
        }
        Objection::Meanwhile => {
            let standing = desk.standing(at);
            let said = standing.said.as_ref().map(|said| said_shortly(view, said));
            let said = said.unwrap_or_else(|| view.t("page.queue.open").to_owned());
            let who = format!("{said} {}", standing.reviewer);
            view.texts.with("page.objection.meanwhile", &[("said", who.trim_end())])
        }
    }
}
