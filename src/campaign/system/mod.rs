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

use super::{Audience, Campaign, Order, audience::Member, file::Sheet, run::Person};
use crate::config::{Split, Target};

/// The file for an audience, and its name where the audience is that of all campaigns; `None` for
/// targets without one.
pub(crate) fn sheet(
    target: Target,
    order: &Order<'_>,
    audience: &Audience<'_>,
) -> Option<(&'static str, Sheet)> {
    match target {
        Target::Hubspot => Some(("Contacts.csv", hubspot::contacts(order, audience))),
        Target::Salesforce => Some(("Campaign members.csv", salesforce::members(order, audience))),
        Target::Dynamics => Some(("Contacts.csv", dynamics::contacts(order, audience))),
        Target::Mailchimp => Some(("Contacts.csv", mailchimp::contacts(order, audience))),
        Target::LinkedinCompanies => Some(("Companies.csv", linkedin::companies(order, audience))),
        Target::GoogleCustomerMatch => {
            Some(("Contacts.csv", google::customer_match(order, audience)))
        }
        Target::Workbook | Target::CrmUpdate | Target::NetNew => None,
    }
}

/// How the files of a target are imported.
pub(crate) fn guide(target: Target) -> &'static str {
    match target {
        Target::Hubspot => include_str!("../guide/hubspot.md"),
        Target::Salesforce => include_str!("../guide/salesforce.md"),
        Target::Dynamics => include_str!("../guide/dynamics.md"),
        Target::Mailchimp => include_str!("../guide/mailchimp.md"),
        Target::LinkedinCompanies => include_str!("../guide/linkedin-companies.md"),
        Target::GoogleCustomerMatch => include_str!("../guide/google-customer-match.md"),
        Target::Workbook => include_str!("../guide/workbook.md"),
        Target::CrmUpdate => include_str!("../guide/crm-update.md"),
        Target::NetNew => include_str!("../guide/net-new.md"),
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
        Target::Salesforce => {
            let mut files = updates(&SALESFORCE);
            if order.split == Split::Target {
                files.push(("Campaigns to create.csv", salesforce::campaigns(order)));
            }
            files
        }
        Target::Dynamics => updates(&DYNAMICS),
        Target::CrmUpdate => updates(&GENERAL),
        Target::NetNew => vec![("Accounts.csv", net_new::accounts(order))],
        _ => Vec::new(),
    }
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
