//! Rows of whole files read as accounts and contacts.

use crate::{
    columns::{AccountLayout, ColumnRules, ContactLayout, Overrides, Recognised, Side, recognise},
    crm::{Account, Contact, Lifecycle, Permission},
    read::{Batch, TableInfo},
};

/// A file of lines whose cells are parted by `|`.
fn file(lines: &[&str]) -> (TableInfo, Batch) {
    let header = lines[0].split('|').map(str::to_owned).collect();
    let mut batch = Batch::new("crm.csv".into());
    for (line, text) in (2..).zip(&lines[1..]) {
        batch.push(line, text.split('|'));
    }
    (TableInfo { file: "crm.csv".into(), header, ..TableInfo::default() }, batch)
}

fn recognised(info: &TableInfo, batch: &Batch, rules: &ColumnRules) -> Recognised {
    let found = recognise(info, batch, (Side::Crm, None), &Overrides::default(), rules);
    found.unwrap_or_else(|error| panic!("{error}")).what
}

/// What a check sees of the accounts of a file.
fn with_accounts<T>(lines: &[&str], see: impl Fn(&[Account<'_>], &AccountLayout) -> T) -> T {
    let (info, batch) = file(lines);
    let rules = ColumnRules::embedded().unwrap();
    let layout = match recognised(&info, &batch, &rules) {
        Recognised::Accounts(layout) | Recognised::Both(layout, _) => layout,
        other => panic!("{}: {}", lines[0], other.kind()),
    };
    let accounts: Vec<Account<'_>> =
        batch.rows().map(|row| layout.account(row, rules.words())).collect();
    see(&accounts, &layout)
}

/// What a check sees of the contacts of a file.
fn with_contacts<T>(lines: &[&str], see: impl Fn(&[Contact<'_>], &ContactLayout) -> T) -> T {
    let (info, batch) = file(lines);
    let rules = ColumnRules::embedded().unwrap();
    let layout = match recognised(&info, &batch, &rules) {
        Recognised::Contacts(layout) | Recognised::Both(_, layout) => layout,
        other => panic!("{}: {}", lines[0], other.kind()),
    };
    let contacts: Vec<Contact<'_>> =
        batch.rows().map(|row| layout.contact(row, rules.words())).collect();
    see(&contacts, &layout)
}

#[test]
fn several_values_in_a_cell_are_split_and_kept_once() {
    let lines = &[
        "Record ID|Company name|Company Domain Name|Additional Domains|Website URL",
        "1|Contoso|contoso.com|contoso.de; contoso.fr,contoso.com|https://contoso.com",
    ];
    with_accounts(lines, |accounts, _| {
        let websites = ["contoso.com", "contoso.de", "contoso.fr", "https://contoso.com"];
        assert_eq!(accounts[0].websites.as_slice(), websites);
    });
}

#[test]
fn of_two_columns_with_one_header_the_filled_one_counts() {
    let lines = &[
        "Organization - ID|Organization - Name|Organization - Website|Organization - Website ",
        "1|Contoso||contoso.com",
        "2|Fabrikam|fabrikam.com|",
    ];
    with_accounts(lines, |accounts, _| {
        assert_eq!(accounts[0].websites.as_slice(), ["contoso.com"]);
        assert_eq!(accounts[1].websites.as_slice(), ["fabrikam.com"]);
    });
}

#[test]
fn microsoft_ids_are_gathered_from_every_column_without_placeholders() {
    for (header, cells, want) in [
        ("TPID", "123456;234567", vec!["123456", "234567"]),
        ("TPID", "123456.0", vec!["123456"]),
        ("TPID", "1,234,567", vec!["1,234,567"]), // one number, grouped
        ("MSFT_All_TPIDs__c", "12345, 999999999, 0", vec!["12345"]),
        ("Microsoft Customer ID", "00000000-0000-0000-0000-000000000000", vec![]),
        ("Account Number", "123456", vec![]), // the partner's own
    ] {
        let lines = &[format!("Id|Name|{header}"), format!("1|Contoso|{cells}")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        with_accounts(&lines, |accounts, _| {
            assert_eq!(accounts[0].microsoft_ids.as_slice(), want, "{header}: {cells}");
        });
    }
}

#[test]
fn a_records_life_is_read_from_flags_ids_and_words() {
    for (header, cell, want) in [
        ("IsDeleted", "1", Lifecycle::Deleted),
        ("IsDeleted", "false", Lifecycle::Active),
        ("MasterRecordId", "001D000000IRFma", Lifecycle::MergedInto("001D000000IRFma".into())),
        ("MasterRecordId", "000000000000000AAA", Lifecycle::Active), // an empty lookup
        ("Merged", "Yes", Lifecycle::Deleted),
        ("statecode", "1", Lifecycle::Inactive),
        ("statecode", "0", Lifecycle::Active),
        ("Status", "Inactive", Lifecycle::Inactive),
        ("Status", "Inaktiv", Lifecycle::Inactive),
        ("Estado", "Inactivo", Lifecycle::Inactive),
        ("Statut", "Inactif", Lifecycle::Inactive),
        ("Status", "Customer", Lifecycle::Active),
        ("Active", "No", Lifecycle::Inactive),
    ] {
        let lines = &[format!("Id|Name|{header}"), format!("1|Contoso|{cell}")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        with_accounts(&lines, |accounts, _| {
            assert_eq!(accounts[0].lifecycle, want, "{header}: {cell}");
        });
    }
}

#[test]
fn rows_without_id_are_known_by_what_they_hold() {
    let ids = |lines: &[&str]| {
        with_accounts(lines, |accounts, _| {
            accounts.iter().map(|account| account.id.to_string()).collect::<Vec<_>>()
        })
    };
    let one = ids(&["Name|Website", "Contoso|contoso.com", "Fabrikam|fabrikam.com"]);
    let turned = ids(&["website|name", "fabrikam.com|Fabrikam", "contoso.com|Contoso"]);
    assert_eq!(one, [turned[1].clone(), turned[0].clone()]);
    assert_ne!(one[0], one[1]);
}

#[test]
fn contacts_in_a_file_of_both_join_the_accounts_of_their_rows() {
    let lines = &[
        "Company|Website|First Name|Last Name|Email",
        "Contoso|contoso.com|Ada|A|ada@contoso.com",
        "Contoso|contoso.com|Bob|B|bob@contoso.com",
    ];
    let accounts = with_accounts(lines, |accounts, _| {
        accounts.iter().map(|account| account.id.to_string()).collect::<Vec<_>>()
    });
    assert_eq!(accounts[0], accounts[1]);
    with_contacts(lines, |contacts, _| {
        assert_eq!(contacts[0].account_id, accounts[0]);
        assert_ne!(contacts[0].id, contacts[1].id);
    });
}

#[test]
fn of_doubled_headers_the_second_is_the_companys() {
    let lines = &[
        "Record ID - Contact|Email|Phone Number|City|Record ID - Company|Company name|Phone Number|City",
        "1|a@contoso.com||Graz|2|Contoso|+43 1|Wien",
    ];
    with_contacts(lines, |contacts, _| {
        assert_eq!((contacts[0].phone, contacts[0].city), ("", "Graz"));
        assert_eq!(contacts[0].account_id, "2");
    });
    with_accounts(lines, |accounts, _| {
        assert_eq!((&*accounts[0].id, accounts[0].city), ("2", "Wien"));
        assert!(accounts[0].emails.is_empty(), "the address is the contact's");
    });
}

#[test]
fn names_with_one_comma_throughout_are_turned() {
    for (names, want) in [
        (["Doe, Jane", "Smith, John"], ("Jane", "Doe", "Doe, Jane")),
        (["García López, Ana", "John Smith"], ("", "García López, Ana", "García López, Ana")), // not every name has one
    ] {
        let rows = names.map(|name| format!("1|{name}|a@contoso.com"));
        let lines = ["Contact ID|Full Name|Email", &rows[0], &rows[1]];
        with_contacts(&lines, |contacts, _| {
            let contact = &contacts[0];
            assert_eq!((contact.first_name, contact.last_name, contact.full_name), want);
        });
    }
}

#[test]
fn addresses_and_phones_are_cleaned_as_far_as_their_files_demand() {
    let lines = &[
        "Person - Name|Person - Organization|Person - Email - Work|Person - Email - Home|Person - Phone - Work",
        "Ada|Contoso|ada@contoso.com, a@contoso.com|ada@home.net|'+49 30 1",
    ];
    with_contacts(lines, |contacts, _| {
        let emails: Vec<&str> = contacts[0].emails().collect();
        assert_eq!(emails, ["ada@contoso.com", "a@contoso.com", "ada@home.net"]);
        assert_eq!(contacts[0].phone, "+49 30 1");
    });
}

/// The e-mail permission of one cell under one header.
fn permission(header: &str, cell: &str) -> Permission {
    let front = if header.starts_with("Person - ") { "Person - ID" } else { "Contact ID" };
    let email = if header.starts_with("Person - ") { "Person - Email" } else { "Email" };
    let lines = &[format!("{front}|{email}|{header}"), format!("1|a@contoso.com|{cell}")];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    with_contacts(&lines, |contacts, _| contacts[0].email_permission)
}

#[test]
fn header_and_word_of_a_consent_are_read_together() {
    use Permission::*;
    for (header, cell, want) in [
        ("Do not allow Bulk Emails", "Allow", NotDenied), // the default, no consent
        ("Do not allow Bulk Emails", "Do Not Allow", Denied),
        ("Do not allow Bulk Emails", "Yes", Denied),
        ("Do not allow Bulk Emails", "No", NotDenied),
        ("Do not allow Bulk Emails", "", NotDenied),
        ("Send Marketing Materials", "Send", NotDenied),
        ("Send Marketing Materials", "Do Not Send", Denied),
        ("Send Marketing Materials", "1", Denied),
        ("Send Marketing Materials", "0", Unclear),
        ("donotbulkemail", "1", Denied),
        ("donotbulkemail", "0", NotDenied),
        ("donotemail", "true", Denied),
        ("donotsendmm", "1", Denied),
        ("donotsendmm", "false", NotDenied),
        ("No permitir correo electrónico", "Permitir", NotDenied),
        ("No permitir correo elec. en masa", "No permitir", Denied),
        ("Enviar materiales de marketing", "No enviar", Denied),
        ("HasOptedOutOfEmail", "1", Denied),
        ("HasOptedOutOfEmail", "0", NotDenied),
        ("Email Opt Out", "TRUE", Denied),
        ("email_opt_out", "no", NotDenied),
        ("Unsubscribed from all email", "", NotDenied),
        ("Unsubscribed from all email", "true", Denied),
        ("Opted out of email: Marketing Information", "Yes", Denied),
        ("Unsubscribed Mode", "Consent form", Denied),
        ("Person - Marketing status", "Subscribed", Allowed),
        ("Person - Marketing status", "No consent", Denied),
        ("Person - Marketing status", "no_consent", Denied),
        ("Person - Marketing status", "Unsubscribed", Denied),
        ("Person - Marketing status", "Pending double opt-in", Denied),
        ("Person - Marketing status", "Bounced", NotDenied), // bounced is another reason
        ("Person - Marketing status", "", NotDenied),
        ("Person - Double opt-in", "Confirmed", Unknown),
        ("opt_in", "yes", Allowed),
        ("opt_in", "no", Denied),
        ("opt_in", "", NotDenied),
        ("Newsletter", "Ja", Allowed),
        ("Einwilligung", "Nein", Denied),
        ("Einwilligung", "widerrufen", Denied),
        ("Consentement", "Oui", Allowed),
        ("Consentimiento", "Sí", Allowed),
        ("Toestemming", "Nee", Denied),
        ("Consenso", "forse", Unclear), // not readable: it might be a denial
        ("メルマガ", "はい", Allowed),
        ("配信停止", "はい", Denied),
        ("Marketing contact status", "Marketing contact", Unknown), // billing, not consent
        ("Status", "Unsubscribed", Denied),
        ("Status", "Active", Unknown),
        ("Job Title", "CEO", Unknown),
    ] {
        assert_eq!(permission(header, cell), want, "{header}: {cell}");
    }
}

#[test]
fn any_denial_wins_and_doubt_stands_beside_a_consent() {
    use Permission::*;
    for (cells, want) in [
        ("yes|no|Zulassen", Allowed), // and in doubt, for the last column
        ("yes|yes|Zulassen", Denied),
        ("|yes|Nicht zulassen", Denied),
    ] {
        let row = format!("1|a@contoso.com|{cells}");
        let lines = ["Contact ID|Email|opt_in|opt_out|Massenmail", &row];
        with_contacts(&lines, |contacts, _| {
            assert_eq!(contacts[0].email_permission, want, "{cells}");
            assert!(contacts[0].in_doubt, "{cells}");
        });
    }
}

#[test]
fn channels_are_kept_apart_and_bounces_are_no_denials() {
    let lines = &[
        "Id|AccountId|LastName|Email|HasOptedOutOfEmail|DoNotCall|EmailBouncedReason",
        "1|2|A|a@contoso.com|0|1|550 unknown user",
    ];
    with_contacts(lines, |contacts, _| {
        let contact = &contacts[0];
        assert_eq!(contact.email_permission, Permission::NotDenied);
        assert_eq!(contact.phone_permission, Permission::Denied);
        assert_eq!(contact.post_permission, Permission::Unknown);
        assert!(contact.bounced);
    });
}
