//! Salesforce: members of campaigns.

use rustc_hash::FxHashSet;

use crate::{
    campaign::system::{Audience, Campaign, Order, Sheet},
    config::Split,
};

/// API names.
const HEADER: [&str; 3] = ["CampaignId", "ContactId", "Status"];

/// API names of a campaign, and the title by which `campaigns.toml` knows it.
const CAMPAIGN: [&str; 5] = ["Name", "IsActive", "Status", "Type", "Description"];

/// The characters of a campaign's name.
const NAME_CHARACTERS: usize = 80;

/// Rows that the import wizard takes.
const MOST: usize = 50_000;

/// The status of members where `campaigns.toml` names none; every new campaign has it.
const STATUS: &str = "Sent";

/// A row for each member of each campaign. Where the file is for all campaigns, only for those
/// that have an id: a member without one cannot be imported.
pub(crate) fn members(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    let mut foreign = 0;
    let mut unnamed = false;
    for campaign in &audience.campaigns {
        if campaign.crm_campaign_id.is_empty() && order.split == Split::Target {
            unnamed = true;
            continue;
        }
        add_members(&mut sheet, order, campaign, &mut foreign);
    }
    if unnamed {
        sheet.checks.push(
            "campaigns without a crm_campaign_id in campaigns.toml are left out: see \
             Campaigns to create.csv"
                .into(),
        );
    }
    let ids = || audience.campaigns.iter().map(|campaign| campaign.crm_campaign_id.as_str());
    if order.split == Split::Campaign && ids().any(str::is_empty) && !sheet.rows.is_empty() {
        sheet.checks.push(
            "CampaignId is blank: give the campaign its crm_campaign_id in campaigns.toml, or \
             import from within the campaign"
                .into(),
        );
    }
    if ids().any(|id| !id.is_empty() && !is_salesforce_id(id, "701")) {
        sheet.checks.push("CampaignId is no id of a Salesforce campaign (701...)".into());
    }
    sheet.check_rows(foreign, "have no id of a Salesforce contact (003...)");
    sheet.check_count(MOST, "Salesforce's wizard");
    sheet
}

/// Adds the members of a campaign, each contact once.
fn add_members(sheet: &mut Sheet, order: &Order<'_>, campaign: &Campaign, foreign: &mut usize) {
    let status =
        if campaign.member_status.is_empty() { STATUS } else { campaign.member_status.as_str() };
    let mut seen = FxHashSet::default();
    for at in &campaign.people {
        let id = order.run.people[*at].contact_id.as_str();
        if id.starts_with('~') {
            sheet.leave_out("the CRM export has no contact ids");
        } else if !seen.insert(id) {
            sheet.leave_out("the contact is a member already");
        } else {
            *foreign += usize::from(!is_salesforce_id(id, "003"));
            let cells = [campaign.crm_campaign_id.as_str(), id, status];
            sheet.rows.push(cells.map(str::to_owned).to_vec());
        }
    }
}

/// The campaigns that have no id yet and somebody to write to.
pub(crate) fn campaigns(order: &Order<'_>) -> Sheet {
    let mut sheet = Sheet::new(&CAMPAIGN);
    let missing = |campaign: &&Campaign| campaign.crm_campaign_id.is_empty();
    let mut names = FxHashSet::default();
    for campaign in order.campaigns.iter().filter(missing) {
        if campaign.people.is_empty() {
            continue;
        }
        let (label, title) = (campaign.label(), campaign.title());
        let mut name: String = label.chars().take(NAME_CHARACTERS).collect();
        for number in 2.. {
            if names.insert(name.to_lowercase()) {
                break;
            }
            let number = format!(" ({number})");
            let room = NAME_CHARACTERS - number.len();
            name = label.chars().take(room).collect::<String>() + &number;
        }
        sheet.rows.push(vec![name, "TRUE".into(), "Planned".into(), "Email".into(), title]);
    }
    sheet
}

/// Whether an id has the form of Salesforce's, with the prefix of its object.
fn is_salesforce_id(id: &str, prefix: &str) -> bool {
    matches!(id.len(), 15 | 18)
        && id.starts_with(prefix)
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
