//! LinkedIn: the company list of Matched Audiences. It carries no cluster, cohort or revenue.

use crate::campaign::system::{Audience, Order, Sheet};

/// LinkedIn's template; headers must stay as they are.
const HEADER: [&str; 10] = [
    "companyname",
    "companywebsite",
    "companyemaildomain",
    "linkedincompanypageurl",
    "stocksymbol",
    "industry",
    "city",
    "state",
    "companycountry",
    "zipcode",
];

/// Rows that a list must have, and may have.
const LEAST: usize = 300;
const MOST: usize = 300_000;
/// The bytes of a file: 20 MB.
const MOST_BYTES: usize = 20 * 1024 * 1024;

pub(crate) fn companies(order: &Order<'_>, audience: &Audience<'_>) -> Sheet {
    let mut sheet = Sheet::new(&HEADER);
    sheet.most_bytes = MOST_BYTES;
    for at in &audience.customers {
        let customer = &order.run.customers[*at];
        if customer.name.is_empty() {
            sheet.leave_out("the customer has no name");
            continue;
        }
        let domain = order.rules.own_domain(&customer.domain);
        sheet.rows.push(vec![
            customer.name.clone(),
            domain.clone(),
            domain,
            String::new(),
            String::new(),
            customer.industry.clone(),
            customer.city.clone(),
            customer.state.clone(),
            order.rules.country(&customer.country),
            customer.postal_code.clone(),
        ]);
    }
    sheet.check_count(MOST, "LinkedIn");
    sheet.needs(LEAST, "LinkedIn takes no fewer than 300");
    sheet
}
