//! The sections of the page, from top to bottom.

use maud::{Markup, PreEscaped, html};

use super::{
    chart::{self, Part},
    money,
    part::{LINKED, OTHER, REVIEW, door, figure_door, head, inline_door, number, picture, records},
};
use crate::write::summary::{
    AreaFigures, ClusterFigures, DashboardFigures, GroupFigures, ListedCounts, Results, Summary,
};

const CLUSTERS: [&str; 4] = ["#1f5f99", "#3f8fcf", "#9cc4e8", "#98a5b3"];

/// How a cluster is marked that was derived from fit and intent.
const DERIVED: &str = " (derived)";

/// Cohorts that the picture shows; a table has them all.
const COHORTS_DRAWN: usize = 15;

/// What happened and what is to be done, in three sentences.
pub(super) fn message(summary: &Summary) -> Markup {
    let results = &summary.results;
    let waiting = results.customers.review;
    let unknown = results.suppressed.consent_unknown;
    html! {
        section.message {
            p { (inline_door(results.customers.linked, "customers", &[("status", "linked")])) " of "
                (inline_door(results.dashboard.customers, "customers", &[]))
                " customers are linked to an account of your CRM. "
                @if waiting > 0 {
                    (inline_door(waiting, "review", &[])) (of(waiting, " needs", " need")) " your decision: fill in "
                    b { "review.xlsx" } " and run again."
                } }
            p { @if results.contacts.listed == 0 { "Nobody is on the contact lists. " } @else {
                    "The contact lists hold " (inline_door(results.contacts.listed, "contacts", &[]))
                    (of(results.contacts.listed, " person", " people")) ": "
                    b { "contacts.xlsx" } ". " (consent(&results.listed))
                }
                @if unknown > 0 {
                    strong.alarm { (inline_door(unknown, "suppressed", &[("reason", "consent unknown")])) " people are left out because no column says \
                        whether they may get e-mail; " a href="#problems" { "the notes" }
                        " say what to do." }
                } }
            @if summary.problems > 0 {
                p { (inline_door(summary.problems, "problems", &[]))
                    (of(summary.problems, " row or value", " rows or values"))
                    " could not be used: see "
                    a href="#problems" { "problems and notes" } "." }
            }
        }
    }
}

/// What the people on the lists have said of e-mail; of what nobody has said, there is no word.
fn consent(listed: &ListedCounts) -> Markup {
    let said = [
        (listed.allowed, "allowed", "agreed to e-mail"),
        (listed.not_denied, "not denied", "merely not said no"),
        (listed.unknown, "unknown", "no column that says whether they may get it"),
    ];
    let some = said.into_iter().filter(|(count, ..)| *count > 0);
    html! {
        "Of them "
        @for (at, (count, word, what)) in some.enumerate() {
            @if at > 0 { "; " }
            (inline_door(count, "contacts", &[("email_permission", word)]))
            (of(count, " has ", " have ")) (what)
        } ". "
    }
}

/// A word for one or for several.
fn of<'w>(count: u64, one: &'w str, several: &'w str) -> &'w str {
    if count == 1 { one } else { several }
}

/// The three headline figures of Microsoft's own dashboard, as of a day.
pub(super) fn headline(figures: &DashboardFigures, as_of: &str) -> Markup {
    let days = |from: &str| format!("{from}..{}", figures.to);
    let (of_year, open) = (days(&figures.from), days(as_of));
    let open = [("end_date", open.as_str())];
    html! {
        section.tiles {
            div.tile.main { (figure_door(figures.customers, "customers", &[]))
                span { "customers in the reports" } }
            div.tile.main {
                (figure_door(figures.agreements, "agreements",
                    &[("end_date", &of_year)]))
                span { "agreements expiring in " b translate="no" { (figures.fiscal_year) } ", "
                    time { (figures.from) } " to " time { (figures.to) } "; "
                    (inline_door(figures.agreements_open, "agreements", &open)) " still to come" }
            }
            div.tile.main {
                (money(figures.revenue_open, &records("agreements", &open)))
                span { "revenue of agreements still to expire, in the report's currency" }
            }
        }
    }
}

/// Solution areas by cluster.
pub(super) fn areas(results: &Results) -> Markup {
    let names: Vec<&str> = results.areas.iter().map(|area| area.area.as_str()).collect();
    let clusters = results.areas.first().map_or(&[][..], |area| &area.clusters);
    let parts: Vec<Part<'_>> = clusters
        .iter()
        .enumerate()
        .map(|(at, of)| Part {
            name: &of.cluster,
            colour: CLUSTERS[at % CLUSTERS.len()],
            lengths: results.areas.iter().map(|area| area.clusters[at].customers as f64).collect(),
        })
        .collect();
    html! {
        section {
            h2 { "Solution areas: how ready to buy" }
            @if names.is_empty() { p { "The reports score no solution area." } } @else {
                div.pair {
                    (picture(chart::lying_bars(&names, &parts), "customers by area and cluster"))
                    table {
                        tr { th { "customers" } @for of in clusters { th.number { (of.cluster) } } }
                        @for area in &results.areas {
                            tr { td { (area.area) }
                                @for of in &area.clusters {
                                    (door(of.customers, "customers",
                                        &[("clusters", &in_area(&area.area, &of.cluster))])) } }
                        }
                    }
                }
                details.paper { summary { "How many are linked, and their contacts" }
                    table {
                        tr { th { "area" } th { "cluster" } th.number { "customers" }
                            th.number { "derived" } th.number { "linked" }
                            th.number { "contacts listed" } }
                        @for area in &results.areas {
                            @for (at, of) in area.clusters.iter().enumerate() {
                                tr { td { @if at == 0 { (area.area) } } td { (of.cluster) }
                                    (of_cluster(&area.area, of)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// An area and a cluster, as the column `clusters` has them.
fn in_area(area: &str, cluster: &str) -> String {
    format!("{area}: {cluster}")
}

fn of_cluster(area: &str, of: &ClusterFigures) -> Markup {
    let cluster = in_area(area, &of.cluster);
    let cluster = ("clusters", cluster.as_str());
    html! {
        (door(of.customers, "customers", &[cluster]))
        (door(of.derived, "customers", &[("clusters", &format!("{}{DERIVED}", cluster.1))]))
        (door(of.linked, "customers", &[("status", "linked"), cluster]))
        (door(of.contacts_listed, "contacts", &[cluster]))
    }
}

/// Fit and intent of each area, as a picture.
pub(super) fn matrices(results: &Results) -> Markup {
    let scored: Vec<&AreaFigures> =
        results.areas.iter().filter(|area| !area.cells.is_empty()).collect();
    html! {
        @if !scored.is_empty() {
            section {
                h2 { "Fit and intent" }
                p { "Customers by band of fit (down) and of intent (across); darker: more customers." }
                div.small { @for area in &scored {
                    figure.matrix { h3 { (area.area) } (matrix(area, &results.bands)) }
                } }
                details.paper { summary { "Figures of all bands" }
                    @for area in &scored { h3 { (area.area) } (cells(area, &results.bands)) } }
            }
        }
    }
}

/// The same as a table, with the way to the customers of each pair of bands.
fn cells(area: &AreaFigures, bands: &[String]) -> Markup {
    let column = format!("cell_{}", area.area);
    html! { table {
        tr { th { "fit" } th { "intent" } th.number { "customers" } th.number { "linked" } }
        @for of in area.cells.iter().filter(|of| of.customers > 0) {
            tr { td { (shown(&of.fit)) } td { (shown(&of.intent)) }
                @match cell_name(bands, &of.fit, &of.intent) {
                    Some(name) => {
                        (door(of.customers, "customers", &[(&column, &name)]))
                        (door(of.linked, "customers", &[("status", "linked"), (&column, &name)]))
                    }
                    None => { (number(of.customers)) (number(of.linked)) }
                } }
        }
    } }
}

/// A cell as the files name it: the letter is the band of the fit, the number that of the intent.
/// `None` where one lies in no band.
fn cell_name(bands: &[String], fit: &str, intent: &str) -> Option<String> {
    let place = |name: &str| bands.iter().position(|band| band == name);
    let letter = char::from(b'A'.checked_add(u8::try_from(place(fit)?).ok()?)?);
    Some(format!("{letter}{}", place(intent)? + 1))
}

fn matrix(area: &AreaFigures, known: &[String]) -> Markup {
    let bands = |of: fn(&crate::write::FitIntentFigures) -> &str| -> Vec<&str> {
        let mut bands: Vec<&str> = known.iter().map(String::as_str).collect();
        for cell in &area.cells {
            if !bands.contains(&of(cell)) {
                bands.push(of(cell));
            }
        }
        bands
    };
    let (fits, intents) = (bands(|cell| &cell.fit), bands(|cell| &cell.intent));
    let at = |fit: &str, intent: &str| {
        area.cells.iter().find(|cell| cell.fit == fit && cell.intent == intent)
    };
    let row = |fit: &&str| -> Vec<u64> {
        intents.iter().map(|intent| at(fit, intent).map_or(0, |cell| cell.customers)).collect()
    };
    let names =
        |bands: &[&'_ str]| bands.iter().map(|band| shown(band).to_owned()).collect::<Vec<_>>();
    let counts: Vec<Vec<u64>> = fits.iter().map(row).collect();
    html! { @if let Some(svg) = chart::matrix(&names(&intents), &names(&fits), &counts) { (PreEscaped(svg)) } }
}

/// Cohorts by size.
pub(super) fn cohorts(results: &Results) -> Markup {
    let all: Vec<&GroupFigures> = results.cohorts.iter().filter(|of| of.customers > 0).collect();
    let drawn = &all[..all.len().min(COHORTS_DRAWN)];
    html! {
        @if !all.is_empty() {
            section {
                h2 { "Cohorts, the largest first" }
                (groups(drawn, "customers by cohort"))
                details.paper { summary { "Figures of all cohorts" }
                    (group_table(&results.cohorts, "cohort")) }
            }
        }
    }
}

/// Customers by sub-segment.
pub(super) fn sub_segments(results: &Results) -> Markup {
    let all: Vec<&GroupFigures> = results.sub_segments.iter().collect();
    html! {
        section {
            h2 { "Sub-segments" }
            div.pair {
                (groups(&all, "customers by sub-segment"))
                (group_table(&results.sub_segments, "sub-segment"))
            }
        }
    }
}

fn groups(all: &[&GroupFigures], what: &str) -> Markup {
    let names: Vec<&str> = all.iter().map(|of| shown(&of.name)).collect();
    let lengths = |of: fn(&GroupFigures) -> u64| all.iter().map(|group| of(group) as f64).collect();
    let parts = [
        Part { name: "linked", colour: LINKED, lengths: lengths(|of| of.linked) },
        Part {
            name: "not linked",
            colour: OTHER,
            lengths: lengths(|of| of.customers.saturating_sub(of.linked)),
        },
    ];
    picture(chart::lying_bars(&names, &parts), what)
}

fn group_table(groups: &[GroupFigures], what: &str) -> Markup {
    html! {
        table {
            (head(&[what, "customers", "linked", "contacts listed"]))
            @for of in groups {
                @let group = (if what == "cohort" { "cohorts" } else { "sub_segment" }, &*of.name);
                tr.none[of.customers == 0] { td { (shown(&of.name)) }
                    (door(of.customers, "customers", &[group]))
                    (door(of.linked, "customers", &[("status", "linked"), group]))
                    (door(of.contacts_listed, "contacts", &[group])) }
            }
        }
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "(none)" } else { name }
}

/// The days of a month that lie on or after a day.
fn days_of(month: &str, as_of: &str) -> String {
    if as_of.starts_with(month) { format!("{as_of}..{month}-31") } else { month.to_owned() }
}

/// Agreements by month of expiry, as of a day.
pub(super) fn agreements(results: &Results, as_of: &str) -> Markup {
    let months = &results.agreements;
    let names: Vec<&str> = months.iter().map(|of| of.month.as_str()).collect();
    let linked = months.iter().map(|of| of.linked as f64).collect();
    let rest = months.iter().map(|of| of.agreements.saturating_sub(of.linked) as f64).collect();
    let parts = [
        Part { name: "of linked customers", colour: LINKED, lengths: linked },
        Part { name: "of others", colour: OTHER, lengths: rest },
    ];
    let revenue = months.iter().map(|of| of.expiring_revenue).collect();
    let revenue = [Part { name: "expiring revenue", colour: REVIEW, lengths: revenue }];
    html! {
        section {
            h2 { "Agreements that end on or after the day of the run, by month" }
            @if months.is_empty() { p { "None." } } @else {
                div.pair {
                    div {
                        h3 { "Agreements" }
                        (picture(chart::standing_bars(&names, &parts), "agreements by month"))
                        h3 { "Expiring revenue" }
                        (picture(chart::standing_bars(&names, &revenue), "revenue by month"))
                    }
                    table {
                        (head(&["month", "agreements", "linked", "revenue"]))
                        @for of in months {
                            @let days = days_of(&of.month, as_of);
                            @let ending = [("end_date", days.as_str())];
                            tr { td { time { (of.month) } }
                                (door(of.agreements, "agreements", &ending))
                                (door(of.linked, "agreements", &[ending[0], ("account_ids", "*")]))
                                td.number { (money(of.expiring_revenue, &records("agreements", &ending))) } }
                        }
                    }
                }
            }
        }
    }
}
