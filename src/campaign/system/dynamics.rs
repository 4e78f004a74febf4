//! Dynamics 365: contacts of a campaign, for marketing lists and updates.

use crate::campaign::system::{Audience, Campaign, Member, Order, Sheet, full_name, money};

/// Display names, which map by themselves; then columns to be made once.
const HEADER: [&str; 17] = [
    "Contact",
    "Full Name",
    "First Name",
    "Last Name",
    "Email",
    "Business Phone",
    "Job Title",
    "Company Name",
    "Address 1: City",
    "Address 1: ZIP/Postal Code",
    "Address 1: Country/Region",
    "CloudAscent Campaign",
    "CloudAscent Solution Area",
    "CloudAscent Cohort",
    "CloudAscent Cluster",
    "CloudAscent Next Agreement End",
    "CloudAscent Expiring Revenue",
];

/// The bytes of a CSV file that the import takes: 8 MB.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What parts several values of a property.
const MARK: char = ';';

pub(crate) fn contacts(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    // East Asian text is damaged without the mark
    sheet.byte_order_mark = true;
    sheet.most_bytes = MOST_BYTES;
    let mut foreign = 0;
    for member in audience.people(order) {
        let Member { person, customer, .. } = member;
        let id = if person.contact_id.starts_with('~') { "" } else { &person.contact_id };
        foreign += usize::from(crate::text::id::bare_guid(id).is_none());
        sheet.rows.push(vec![
            id.to_owned(),
            full_name(person),
            person.first_name.clone(),
            person.last_name.clone(),
            person.email.clone(),
            person.phone.clone(),
            person.job_title.clone(),
            person.account_name.clone(),
            person.city.clone(),
            person.postal_code.clone(),
            person.country.clone(),
            member.joined(MARK, Campaign::label),
            member.joined(MARK, |campaign| campaign.area.clone()),
            member.joined(MARK, |campaign| campaign.cohort.clone()),
            member.joined(MARK, |campaign| campaign.cluster.clone()),
            customer.next_agreement_end.clone(),
            money(customer.expiring_revenue),
        ]);
    }
    sheet.check_rows(foreign, "have no GUID of a contact: match them by e-mail address");
    sheet
}
