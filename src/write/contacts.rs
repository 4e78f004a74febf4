//! `contacts.csv` and its workbook: the people to write to.

use super::{
    Findings,
    customers::{account_status, cells},
    profile::{Profile, cluster_word},
    row::{Cell, Rows, figure, money},
};
use crate::{
    lists::permission_word,
    result::{
        column::Heading,
        file::contacts::{FILE, Row},
    },
};

/// One row per listed contact: the readiest customers first, then by contact id.
pub(super) struct ContactRows<'f> {
    pub(super) findings: &'f Findings<'f>,
    pub(super) profiles: &'f [Profile],
}

impl Rows for ContactRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        let of_areas = |patterns| Heading::of_areas(patterns, &self.findings.customers.areas);
        FILE.headings(of_areas(FILE.varying), of_areas(FILE.last))
    }

    fn len(&self) -> usize {
        self.findings.contacts.listed.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, contacts, .. } = self.findings;
        let contact = &contacts.listed[at];
        let customer = &customers.list[contact.customer as usize];
        let profile = &self.profiles[contact.customer as usize];
        let areas = 0..customers.areas.len();
        let of = |area: usize| customer.propensity.get(area);
        let clusters = areas.clone().map(|area| of(area).map_or("", cluster_word).into());
        let fits = areas.clone().map(|area| figure(of(area).map_or("", |of| &*of.fit)));
        let intents = areas.map(|area| figure(of(area).map_or("", |of| &*of.intent)));
        let cells_of_contact = Row {
            contact_id: (&*contact.contact_id).into(),
            account_id: (&*contact.account_id).into(),
            customer_id: customer.id.as_str().into(),
            first_name: (&*contact.first_name).into(),
            last_name: (&*contact.last_name).into(),
            email: (&*contact.email).into(),
            email_permission: permission_word(contact.email_permission).into(),
            phone: (&*contact.phone).into(),
            job_title: (&*contact.job_title).into(),
            account_name: (&*contact.account_name).into(),
            customer_name: customer.name.as_str().into(),
            best_cluster: profile.best_cluster.into(),
            clusters: customer.clusters_text(&customers.areas).into(),
            cohorts: customer.cohorts_text(&customers.cohorts).into(),
            next_agreement_end: profile.next_agreement_end.into(),
            expiring_revenue: money(profile.expiring_revenue),
            org_size: figure(&customer.org_size),
            sub_segment: customer.sub_segment.as_str().into(),
            industry: customer.industry.as_str().into(),
            vertical: customer.vertical.as_str().into(),
            city: (&*contact.city).into(),
            country: (&*contact.country).into(),
            pass: contact.pass.map_or("", |pass| pass.word()).into(),
            similarity: Cell::Score(contact.score),
            account_status: account_status(contact.account_inactive).into(),
            salutation: (&*contact.salutation).into(),
            postal_code: (&*contact.postal_code).into(),
            phone_permission: permission_word(contact.phone_permission).into(),
            post_permission: permission_word(contact.post_permission).into(),
            ad_permission: permission_word(contact.ad_permission).into(),
            account_owner: (&*contact.account_owner).into(),
            role: (&*contact.role).into(),
            address_kind: if contact.role_address { "role" } else { "person" }.into(),
            merged_contact_ids: contact.merged_contact_ids.join("; ").into(),
            values_from: (&*contact.values_from).into(),
            deal: (&*contact.deal).into(),
            expected_value: money(contact.worth.value),
            expected_value_formula: (&*contact.worth.formula).into(),
        };
        cells_of_contact.put(row, clusters.chain(fits).chain(intents));
        row.extend(cells(self.findings, customer));
    }
}
