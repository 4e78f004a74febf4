//! Updates of accounts and contacts: what the reports say now, in explicit values.
//!
//! What is gone is said in the way of the system: Salesforce clears a field by `#N/A`, Dynamics by
//! a blank cell. Of other systems only is known that blank cells mostly change nothing: there a
//! text that is gone is `None`. An account or contact that an earlier run had and this one has not is `not linked` or `not listed`.

use std::collections::BTreeMap;

use crate::{
    campaign::{
        run::RunCustomer,
        system::{Order, Sheet, dynamics::MOST_BYTES, money},
    },
    history::person_id,
    report::Cluster,
};

/// What is updated, and what is said of it while the run has it, and when no more.
struct Kind {
    what: &'static str,
    there: &'static str,
    gone: &'static str,
}

const ACCOUNT: Kind = Kind { what: "account", there: "linked", gone: "not linked" };
const CONTACT: Kind = Kind { what: "contact", there: "listed", gone: "not listed" };

/// What the columns of a CRM are called.
pub(crate) struct Fields {
    account: &'static str,
    contact: &'static str,
    tags: [&'static str; 7],
    /// What stands for a text that is gone.
    none: &'static str,
    /// What stands for a day that is gone.
    no_day: &'static str,
    byte_order_mark: bool,
    most_bytes: usize,
}

/// Salesforce: API names; `#N/A` clears a value in Data Loader's bulk mode.
pub(crate) const SALESFORCE: Fields = Fields {
    account: "Id",
    contact: "Id",
    tags: [
        "CloudAscent_Status__c",
        "CloudAscent_Customer_ID__c",
        "CloudAscent_Best_Cluster__c",
        "CloudAscent_Clusters__c",
        "CloudAscent_Cohorts__c",
        "CloudAscent_Next_Agreement_End__c",
        "CloudAscent_Expiring_Revenue__c",
    ],
    none: "#N/A",
    no_day: "#N/A",
    byte_order_mark: false,
    most_bytes: 0,
};

/// Dynamics 365: display names.
pub(crate) const DYNAMICS: Fields = Fields {
    account: "Account",
    contact: "Contact",
    tags: DISPLAY,
    none: "",
    no_day: "",
    byte_order_mark: true,
    most_bytes: MOST_BYTES,
};

/// Any CRM.
pub(crate) const GENERAL: Fields = Fields {
    account: "Account ID",
    contact: "Contact ID",
    tags: DISPLAY,
    none: "None",
    no_day: "",
    byte_order_mark: false,
    most_bytes: 0,
};

const DISPLAY: [&str; 7] = [
    "CloudAscent Status",
    "CloudAscent Customer ID",
    "CloudAscent Best Cluster",
    "CloudAscent Clusters",
    "CloudAscent Cohorts",
    "CloudAscent Next Agreement End",
    "CloudAscent Expiring Revenue",
];

impl Fields {
    fn sheet(&self, id: &'static str) -> Sheet {
        let mut header = vec![id];
        header.extend(self.tags);
        let mut sheet = Sheet::new(&header);
        sheet.byte_order_mark = self.byte_order_mark;
        sheet.most_bytes = self.most_bytes;
        sheet
    }
}

/// Every linked account; with a run before, also those linked then and not now, cleared.
pub(crate) fn accounts(order: &Order<'_>, fields: &Fields) -> Sheet {
    let linked = of(order.run.links.iter().map(|link| (link.account_id.clone(), link.customer)));
    update(order, fields, fields.account, (&ACCOUNT, &order.tagged.accounts, linked))
}

/// Every listed contact; with a run before, also those listed then and not now, cleared.
pub(crate) fn contacts(order: &Order<'_>, fields: &Fields) -> Sheet {
    let people = order.run.people.iter();
    let listed = of(people.map(|person| (person.contact_id.clone(), person.customer)));
    update(order, fields, fields.contact, (&CONTACT, &order.tagged.contacts, listed))
}

/// The customers of each record; several where accounts are shared.
type Customers = BTreeMap<String, Vec<usize>>;

fn of(pairs: impl Iterator<Item = (String, usize)>) -> Customers {
    let mut customers = Customers::new();
    for (id, customer) in pairs {
        customers.entry(id).or_default().push(customer);
    }
    customers
}

fn update(
    order: &Order<'_>,
    fields: &Fields,
    id: &'static str,
    (kind, tagged, now): (&Kind, &BTreeMap<String, bool>, Customers),
) -> Sheet {
    let mut sheet = fields.sheet(id);
    let mut rows: BTreeMap<String, Vec<String>> =
        tagged.keys().map(|id| (id.clone(), cleared(kind, fields))).collect();
    for (id, customers) in now {
        rows.remove(&*person_id(&id));
        let customers = customers.iter().map(|at| &order.run.customers[*at]).collect();
        rows.insert(id, values(kind, customers, fields));
    }
    let had_value = |id: &String| tagged.get(id).is_some_and(|day| *day || fields.none.is_empty());
    let mut stale = 0;
    for (id, values) in rows {
        if id.starts_with('~') {
            sheet.leave_out(&format!("the CRM export has no {} ids", kind.what));
            continue;
        }
        if id.starts_with('#') {
            sheet.leave_out(
                "to be cleared by hand: the CRM uses an address as id, which is not kept",
            );
            continue;
        }
        stale += usize::from(had_value(&id) && values.iter().any(String::is_empty));
        let mut row = vec![id];
        row.extend(values);
        sheet.rows.push(row);
    }
    sheet.check_rows(
        stale,
        "have no value any more where a cell is blank: when importing, allow blanks to overwrite",
    );
    sheet
}

fn cleared(kind: &Kind, fields: &Fields) -> Vec<String> {
    let [status, none, day, nothing] =
        [kind.gone, fields.none, fields.no_day, "0"].map(str::to_owned);
    vec![status, none.clone(), none.clone(), none.clone(), none, day, nothing]
}

/// What is said of a record: of several customers, the readiest cluster, all clusters and cohorts,
/// the first end, all revenue.
fn values(kind: &Kind, customers: Vec<&RunCustomer>, fields: &Fields) -> Vec<String> {
    let each = |text: &dyn Fn(&RunCustomer) -> Vec<String>| {
        let mut texts: Vec<String> = Vec::new();
        for text in customers.iter().flat_map(|customer| text(customer)) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.is_empty() { fields.none.to_owned() } else { texts.join("; ") }
    };
    let readiness = |text: &str| Cluster::of_cell(text).map_or(u8::MAX, |of| of as u8);
    let best = customers.iter().map(|customer| customer.best_cluster.as_str());
    let best = best.min_by_key(|text| readiness(text)).filter(|text| !text.is_empty());
    let ends = customers.iter().map(|customer| customer.next_agreement_end.as_str());
    let end = ends.filter(|end| !end.is_empty()).min().unwrap_or(fields.no_day);
    let revenues = customers.iter().filter_map(|customer| customer.expiring_revenue);
    let revenue = revenues.fold(0_i64, i64::saturating_add);
    vec![
        kind.there.to_owned(),
        each(&|customer| vec![customer.id.clone()]),
        best.unwrap_or(fields.none).to_owned(),
        each(&|customer| vec![customer.clusters_text.clone()]),
        each(&|customer| customer.cohorts.clone()),
        end.to_owned(),
        money(Some(revenue)),
    ]
}
