//! Whole files recognised by header and first rows.

use std::sync::Arc;

use super::*;

/// A file of comma-separated lines without quotes.
pub(crate) fn file(name: &str, lines: &[&str]) -> (TableInfo, Batch) {
    let header = lines[0].split(',').map(str::to_owned).collect();
    let mut batch = Batch::new(Arc::from(name));
    for (line, text) in (2..).zip(&lines[1..]) {
        batch.push(line, text.split(','));
    }
    (TableInfo { file: name.into(), header, ..TableInfo::default() }, batch)
}

fn recognised(side: Side, lines: &[&str]) -> Recognition {
    let (info, batch) = file("data.csv", lines);
    let rules = ColumnRules::embedded().unwrap();
    let overrides = Overrides::default();
    recognise(&info, &batch, (side, None), &overrides, &rules).expect(lines[0])
}

fn kind(side: Side, lines: &[&str]) -> String {
    match recognised(side, lines).what {
        Recognised::LeftAlone(reason) => reason,
        what => what.kind().to_owned(),
    }
}

#[test]
fn plain_tables_need_no_flags() {
    for (side, header, want) in [
        (Side::Report, "id,name,domain,city,country", "generic"),
        (Side::Crm, "id,name,website,city,country", "accounts"),
        (Side::Report, "CustomerID,AccountName,Domain,City,State,PostalCode,Country", "generic"),
        (Side::Crm, "account_id,name,website,city,state,postal_code,country", "accounts"),
        (
            Side::Crm,
            "contact_id,account_id,first_name,last_name,email,title,email_opt_out",
            "contacts",
        ),
        (Side::Crm, "id,name,email,account_id", "contacts"),
        (Side::Crm, "Email", "suppression list"),
        (Side::Crm, "Company,Website,First Name,Last Name,Email", "accounts and contacts"),
    ] {
        assert_eq!(kind(side, &[header]), want, "header: {header}");
    }
}
