//! One file per target system: its headers, its limits, what it refuses.

mod dynamics;
mod google;
mod hubspot;
mod linkedin;
mod mailchimp;
mod net_new;
mod salesforce;
mod update;
pub(crate) mod workbook;

use super::{
    Campaign, Order,
    file::Sheet,
    run::{Person, RunCustomer},
};
use crate::config::Target;

/// The file of one campaign; `None` for targets without one.
pub(crate) fn sheet(target: Target, order: &Order<'_>, campaign: &Campaign) -> Option<Sheet> {
    match target {
        Target::Hubspot => Some(hubspot::contacts(order, campaign)),
        Target::Salesforce => Some(salesforce::members(order, campaign)),
        Target::Dynamics => Some(dynamics::contacts(order, campaign)),
        Target::Mailchimp => Some(mailchimp::audience(order, campaign)),
        Target::LinkedinCompanies => Some(linkedin::companies(order, campaign)),
        Target::GoogleCustomerMatch => Some(google::customer_match(order, campaign)),
        Target::Workbook | Target::CrmUpdate | Target::NetNew => None,
    }
}

/// The files of a target that hold all campaigns, by name.
pub(crate) fn whole(target: Target, order: &Order<'_>) -> Vec<(&'static str, Sheet)> {
    use update::{DYNAMICS, GENERAL, SALESFORCE};
    let updates = |fields| {
        vec![
            ("Account update.csv", update::accounts(order, fields)),
            ("Contact update.csv", update::contacts(order, fields)),
        ]
    };
    match target {
        Target::Salesforce => updates(&SALESFORCE),
        Target::Dynamics => updates(&DYNAMICS),
        Target::CrmUpdate => updates(&GENERAL),
        Target::NetNew => vec![("Accounts.csv", net_new::accounts(order))],
        _ => Vec::new(),
    }
}

/// The people of a campaign, each with its customer, in the order of the lists.
fn people<'o>(
    order: &'o Order<'_>,
    campaign: &'o Campaign,
) -> impl Iterator<Item = (&'o Person, &'o RunCustomer)> {
    campaign.people.iter().map(|at| {
        let person = &order.run.people[*at];
        (person, &order.run.customers[person.customer])
    })
}

/// Money as machines read it: a point, no grouping; blank where there is none.
fn money(hundredths: Option<i64>) -> String {
    let mut scratch = String::new();
    crate::write::row::money(hundredths).text(&mut scratch).to_owned()
}

/// First and last name in the order of their script.
fn full_name(person: &Person) -> String {
    let family_first = person
        .last_name
        .chars()
        .any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'));
    let names = if family_first {
        [&person.last_name, &person.first_name]
    } else {
        [&person.first_name, &person.last_name]
    };
    let names: Vec<&str> =
        names.into_iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    names.join(" ")
}
