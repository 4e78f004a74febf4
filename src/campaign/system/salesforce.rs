//! Salesforce: members of a campaign.

use crate::campaign::system::{Campaign, Order, Sheet, people};

/// API names.
const HEADER: [&str; 3] = ["CampaignId", "ContactId", "Status"];

/// Rows that the import wizard takes.
const MOST: usize = 50_000;

/// The status of members where `campaigns.toml` names none; every new campaign has it.
const STATUS: &str = "Sent";

pub(crate) fn members(order: &Order<'_>, campaign: &Campaign) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    let status =
        if campaign.member_status.is_empty() { STATUS } else { campaign.member_status.as_str() };
    let mut foreign = 0;
    let mut seen = rustc_hash::FxHashSet::default();
    for (person, _) in people(order, campaign) {
        if person.contact_id.starts_with('~') {
            sheet.leave_out("the CRM export has no contact ids");
            continue;
        }
        if !seen.insert(person.contact_id.as_str()) {
            sheet.leave_out("the contact is a member already");
            continue;
        }
        foreign += usize::from(!is_salesforce_id(&person.contact_id, "003"));
        sheet.rows.push(vec![
            campaign.crm_campaign_id.clone(),
            person.contact_id.clone(),
            status.to_owned(),
        ]);
    }
    if campaign.crm_campaign_id.is_empty() && !sheet.rows.is_empty() {
        sheet.checks.push(
            "CampaignId is blank: give the campaign its crm_campaign_id in campaigns.toml, or \
             import from within the campaign"
                .into(),
        );
    } else if !sheet.rows.is_empty() && !is_salesforce_id(&campaign.crm_campaign_id, "701") {
        sheet.checks.push("CampaignId is no id of a Salesforce campaign (701...)".into());
    }
    sheet.check_rows(foreign, "have no id of a Salesforce contact (003...)");
    sheet.check_count(0, MOST, "Salesforce's wizard");
    sheet
}

/// Whether an id has the form of Salesforce's, with the prefix of its object.
fn is_salesforce_id(id: &str, prefix: &str) -> bool {
    matches!(id.len(), 15 | 18)
        && id.starts_with(prefix)
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
