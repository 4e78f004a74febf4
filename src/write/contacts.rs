//! `contacts.csv` and its workbook: the people to write to.

use std::borrow::Cow;

use super::{
    Findings,
    customers::{account_status, cell_names, cells},
    profile::{Profile, cluster_word},
    row::{Cell, Rows, figure, money},
};
use crate::lists::permission_word;

/// The columns before those of the solution areas, in order.
const HEADER: [&str; 24] = [
    "contact_id",
    "account_id",
    "customer_id",
    "first_name",
    "last_name",
    "email",
    "email_permission",
    "phone",
    "job_title",
    "account_name",
    "customer_name",
    "best_cluster",
    "clusters",
    "cohorts",
    "next_agreement_end",
    "expiring_revenue",
    "org_size",
    "sub_segment",
    "industry",
    "vertical",
    "city",
    "country",
    "pass",
    "similarity",
];

/// The columns behind those of the solution areas, in order. The cells of fit and intent come last.
const BEHIND: [&str; 11] = [
    "account_status",
    "salutation",
    "postal_code",
    "phone_permission",
    "post_permission",
    "ad_permission",
    "account_owner",
    "role",
    "address_kind",
    "merged_contact_ids",
    "values_from",
];

/// One row per listed contact: the readiest customers first, then by contact id.
pub(super) struct ContactRows<'f> {
    pub(super) findings: &'f Findings<'f>,
    pub(super) profiles: &'f [Profile],
}

impl Rows for ContactRows<'_> {
    fn header(&self) -> Vec<Cow<'_, str>> {
        let areas = &self.findings.customers.areas;
        let of_areas = ["cluster", "fit", "intent"]
            .into_iter()
            .flat_map(|what| areas.iter().map(move |area| format!("{what}_{area}")));
        HEADER
            .iter()
            .map(|&name| Cow::Borrowed(name))
            .chain(of_areas.map(Cow::Owned))
            .chain(BEHIND.map(Cow::Borrowed))
            .chain(cell_names(self.findings))
            .collect()
    }

    fn len(&self) -> usize {
        self.findings.contacts.listed.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let Findings { customers, contacts, .. } = self.findings;
        let contact = &contacts.listed[at];
        let customer = &customers.list[contact.customer as usize];
        let profile = &self.profiles[contact.customer as usize];
        row.extend([
            (&*contact.contact_id).into(),
            (&*contact.account_id).into(),
            customer.id.as_str().into(),
            (&*contact.first_name).into(),
            (&*contact.last_name).into(),
            (&*contact.email).into(),
            permission_word(contact.email_permission).into(),
            (&*contact.phone).into(),
            (&*contact.job_title).into(),
            (&*contact.account_name).into(),
            customer.name.as_str().into(),
            profile.best_cluster.into(),
            customer.clusters_text(&customers.areas).into(),
            customer.cohorts_text(&customers.cohorts).into(),
            profile.next_agreement_end.into(),
            money(profile.expiring_revenue),
            figure(&customer.org_size),
            customer.sub_segment.as_str().into(),
            customer.industry.as_str().into(),
            customer.vertical.as_str().into(),
            (&*contact.city).into(),
            (&*contact.country).into(),
            contact.pass.map_or("", |pass| pass.word()).into(),
            Cell::Score(contact.score),
        ]);
        let areas = 0..customers.areas.len();
        let of = |area: usize| customer.propensity.get(area);
        row.extend(areas.clone().map(|area| of(area).map_or("", cluster_word).into()));
        row.extend(areas.clone().map(|area| figure(of(area).map_or("", |of| &*of.fit))));
        row.extend(areas.map(|area| figure(of(area).map_or("", |of| &*of.intent))));
        row.extend([
            account_status(contact.account_inactive).into(),
            (&*contact.salutation).into(),
            (&*contact.postal_code).into(),
            permission_word(contact.phone_permission).into(),
            permission_word(contact.post_permission).into(),
            permission_word(contact.ad_permission).into(),
            (&*contact.account_owner).into(),
            (&*contact.role).into(),
            if contact.role_address { "role" } else { "person" }.into(),
            contact.merged_contact_ids.join("; ").into(),
            (&*contact.values_from).into(),
        ]);
        row.extend(cells(self.findings, customer));
    }
}
