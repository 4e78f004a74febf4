//! HubSpot: import of contacts, keyed by e-mail address.

use crate::campaign::system::{Audience, Campaign, Member, Order, Sheet, money};

/// HubSpot's own labels, then properties to be made once.
const HEADER: [&str; 18] = [
    "Email",
    "First Name",
    "Last Name",
    "Salutation",
    "Phone Number",
    "Job Title",
    "Company Name",
    "City",
    "Postal Code",
    "Country/Region",
    "Contact owner",
    "CloudAscent Campaign",
    "CloudAscent Solution Area",
    "CloudAscent Cohort",
    "CloudAscent Cluster",
    "CloudAscent Customer ID",
    "CloudAscent Next Agreement End",
    "CloudAscent Expiring Revenue",
];

/// Rows that a file may have.
const MOST: usize = 1_048_576;

/// What parts several values of a property.
const MARK: char = ';';

pub(crate) fn contacts(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    for member in audience.people(order) {
        let Member { person, customer, .. } = member;
        // an owner cell holds the address of a user
        let owner = Some(&person.account_owner).filter(|owner| owner.contains('@'));
        sheet.rows.push(vec![
            person.email.clone(),
            person.first_name.clone(),
            person.last_name.clone(),
            person.salutation.clone(),
            person.phone.clone(),
            person.job_title.clone(),
            person.account_name.clone(),
            person.city.clone(),
            person.postal_code.clone(),
            person.country.clone(),
            owner.cloned().unwrap_or_default(),
            member.joined(MARK, Campaign::label),
            member.joined(MARK, |campaign| campaign.area.clone()),
            member.joined(MARK, |campaign| campaign.cohort.clone()),
            member.joined(MARK, |campaign| campaign.cluster.clone()),
            customer.id.clone(),
            customer.next_agreement_end.clone(),
            money(customer.expiring_revenue),
        ]);
    }
    sheet.check_count(MOST, "HubSpot");
    sheet
}
