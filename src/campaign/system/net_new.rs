//! Accounts to be created: customers that are in the reports and not in the CRM.

use crate::campaign::system::{Order, Sheet, money};

const HEADER: [&str; 13] = [
    "Account Name",
    "Website",
    "City",
    "State",
    "Postal Code",
    "Country",
    "Industry",
    "CloudAscent Customer ID",
    "CloudAscent Best Cluster",
    "CloudAscent Clusters",
    "CloudAscent Cohorts",
    "CloudAscent Next Agreement End",
    "CloudAscent Expiring Revenue",
];

pub(crate) fn accounts(order: &Order<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    for customer in &order.run.customers {
        if customer.status != "unmatched" || !order.picks.takes_customer(order.run, customer) {
            continue;
        }
        if customer.name.is_empty() {
            sheet.leave_out("the customer has no name");
            continue;
        }
        sheet.rows.push(vec![
            customer.name.clone(),
            order.rules.own_domain(&customer.domain),
            customer.city.clone(),
            customer.state.clone(),
            customer.postal_code.clone(),
            customer.country.clone(),
            customer.industry.clone(),
            customer.id.clone(),
            customer.best_cluster.clone(),
            customer.clusters_text.clone(),
            customer.cohorts.join("; "),
            customer.next_agreement_end.clone(),
            money(customer.expiring_revenue),
        ]);
    }
    sheet
}
