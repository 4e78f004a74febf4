//! One workbook for people: the campaigns, then a sheet for each. Act Now is a call list for
//! sellers, with owner and telephone; the others are lists for marketing.

use std::path::Path;

use crate::{
    campaign::{
        CampaignFile,
        file::Named,
        manifest::sha256,
        run::{Person, RunCustomer},
        system::{Campaign, Order},
    },
    config::Target,
    error::Result,
    language::Texts,
    result::{
        column::{ByColumn as _, Heading},
        file::{campaigns, contacts},
    },
    write::{
        publish::cannot_write,
        row::{Cell, Rows, money},
        workbook::{Sheet, rows_that_fit, write_sheets},
    },
};

const FILE: &str = "Campaigns.xlsx";

/// Writes `Campaigns.xlsx`.
pub(crate) fn write(folder: &Path, order: &Order<'_>) -> Result<CampaignFile> {
    let mut named = Named::default();
    let index_name = named.sheet("Campaigns");
    let lists: Vec<List<'_>> =
        order.campaigns.iter().map(|campaign| List::new(order, campaign)).collect();
    let names: Vec<String> =
        order.campaigns.iter().map(|campaign| named.sheet(&campaign.label())).collect();
    let index = Index { campaigns: order.campaigns, sheets: &names, texts: order.texts };
    let mut sheets = vec![Sheet::Rows(&index_name, &index, rows_that_fit(&index))];
    for (name, list) in names.iter().zip(&lists) {
        sheets.push(Sheet::Rows(name, list, rows_that_fit(list)));
    }
    let path = folder.join(FILE);
    let part = folder.join(format!("{FILE}.part"));
    write_sheets(&part, &sheets)?;
    std::fs::rename(&part, &path).map_err(cannot_write(&path))?;
    let beyond = lists.iter().zip(&names).filter(|(list, _)| rows_that_fit(*list) < list.len());
    let checks = beyond.map(|(list, name)| {
        format!("sheet {name:?} holds the first {} of {} rows", rows_that_fit(list), list.len())
    });
    Ok(CampaignFile {
        file: format!("{}/{FILE}", Target::Workbook.word()),
        target: Target::Workbook.word().into(),
        rows: lists.iter().map(|list| list.rows.len() as u64).sum(),
        checks: checks.collect(),
        fingerprint: sha256(&std::fs::read(&path).map_err(cannot_write(&path))?),
        ..CampaignFile::default()
    })
}

/// The first sheet: what there is.
struct Index<'i> {
    campaigns: &'i [Campaign],
    sheets: &'i [String],
    texts: &'i Texts,
}

impl Rows for Index<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        readable(campaigns::FILE.headings([], []), self.texts)
    }

    fn len(&self) -> usize {
        self.campaigns.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let campaign = &self.campaigns[at];
        let cells = campaigns::Row {
            sheet: self.sheets[at].as_str().into(),
            campaign_name: campaign.name.as_str().into(),
            solution_area: campaign.area.as_str().into(),
            cohort: campaign.cohort.as_str().into(),
            cluster: campaign.cluster.as_str().into(),
            kind: if campaign.is_for_sellers() { "call list" } else { "marketing list" }.into(),
            campaign_owner: campaign.owner.as_str().into(),
            link: campaign.link.as_str().into(),
            crm_campaign_id: campaign.crm_campaign_id.as_str().into(),
            customers: Cell::Count(campaign.customer_count() as u64),
            customers_reachable: Cell::Count(campaign.reachable_count() as u64),
            contacts: Cell::Count(campaign.contact_count() as u64),
            expiring_revenue: money(Some(campaign.revenue())),
        };
        cells.put(row, []);
    }
}

/// The headings as people read them.
fn readable<'h>(mut headings: Vec<Heading<'h>>, texts: &'h Texts) -> Vec<Heading<'h>> {
    for heading in &mut headings {
        if let Some(text) = texts.heading(&heading.name) {
            heading.name = text.into();
        }
    }
    headings
}

/// The sheet of a campaign.
struct List<'l> {
    texts: &'l Texts,
    for_sellers: bool,
    rows: Vec<(&'l RunCustomer, Option<&'l Person>)>,
}

impl<'l> List<'l> {
    /// The people in the order of their customers. A seller also sees the customers without
    /// anybody to write to: their accounts have an owner.
    fn new(order: &'l Order<'_>, campaign: &'l Campaign) -> List<'l> {
        let run = order.run;
        let mut people = campaign.people.iter().map(|at| &run.people[*at]).peekable();
        let mut rows = Vec::new();
        for &at in &campaign.customers {
            let customer = &run.customers[at];
            let before = rows.len();
            while let Some(person) = people.next_if(|person| person.customer == at) {
                rows.push((customer, Some(person)));
            }
            if campaign.is_for_sellers() && rows.len() == before {
                rows.push((customer, None));
            }
        }
        List { texts: order.texts, for_sellers: campaign.is_for_sellers(), rows }
    }
}

impl Rows for List<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        let of = contacts::Row::by_column(Heading::from);
        let front = if self.for_sellers {
            [of.account_owner, of.customer_name, of.phone, of.first_name, of.last_name, of.email]
        } else {
            [of.email, of.first_name, of.last_name, of.customer_name, of.phone, of.account_owner]
        };
        let behind = [
            of.salutation,
            of.job_title,
            of.role,
            of.email_permission,
            of.clusters,
            of.cohorts,
            of.next_agreement_end,
            of.expiring_revenue,
            of.city,
            of.country,
            of.contact_id,
            of.account_id,
            of.customer_id,
        ];
        readable(front.into_iter().chain(behind).collect(), self.texts)
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let (customer, person) = self.rows[at];
        let of = |field: fn(&Person) -> &String| -> Cell<'a> {
            person.map_or(Cell::BLANK, |person| field(person).as_str().into())
        };
        let owner: Cell<'_> = match person {
            Some(person) if !person.account_owner.is_empty() => of(|person| &person.account_owner),
            _ => customer.account_owner.as_str().into(),
        };
        let name: Cell<'_> = customer.name.as_str().into();
        let (phone, email) = (of(|person| &person.phone), of(|person| &person.email));
        let (first, last) = (of(|person| &person.first_name), of(|person| &person.last_name));
        row.extend(if self.for_sellers {
            [owner, name, phone, first, last, email]
        } else {
            [email, first, last, name, phone, owner]
        });
        row.extend([
            of(|person| &person.salutation),
            of(|person| &person.job_title),
            of(|person| &person.role),
            of(|person| &person.email_permission),
            customer.clusters_text.as_str().into(),
            customer.cohorts.join("; ").into(),
            customer.next_agreement_end.as_str().into(),
            money(customer.expiring_revenue),
            person.map_or(customer.city.as_str(), |person| &person.city).into(),
            person.map_or(customer.country.as_str(), |person| &person.country).into(),
            of(|person| &person.contact_id),
            of(|person| &person.account_id),
            customer.id.as_str().into(),
        ]);
    }
}
